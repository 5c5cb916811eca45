"""Who may see which payment: whoever is to pay it, the staff who collect at its branch, and reconcilers.

Reconciliation is for administrators alone. What somebody may not see does not exist for them, and is refused in the same
words.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.payments.errors import PaymentNotFound, ServiceSessionNotFound, SessionNotFound
from domain.payments.models import Payment, ServiceSession

RECONCILE: Final = Permission.PAYMENTS_RECONCILE
"""Whoever has it reconciles: sees every payment, what was said of it, and what does not agree."""


def seen_payments(actor: Actor) -> Q:
    """The condition on payments; every read of them starts here."""
    rights, scope = actor.staff_permissions, actor.branch_scope
    if RECONCILE in rights or (Permission.PAYMENTS_COLLECT in rights and scope is None):
        return Q()
    own = Q(client_id=actor.id)
    return own | Q(branch_id=scope) if Permission.PAYMENTS_COLLECT in rights else own


def visible_payments(actor: Actor) -> QuerySet[Payment]:
    return Payment.filter(seen_payments(actor))


def own_payments(actor: Actor) -> QuerySet[Payment]:
    """What the actor pays, whatever else they may see."""
    return Payment.filter(client_id=actor.id)


async def payment_of(actor: Actor, payment_id: UUID, *, field: tuple[str, ...] | None = None) -> Payment:
    """A payment that the actor may see, or PAYMENT_NOT_FOUND."""
    payment = await visible_payments(actor).get_or_none(id=payment_id)
    if payment is None:
        raise PaymentNotFound(field=field)
    return payment


async def locked_payment(actor: Actor, payment_id: UUID, *, field: tuple[str, ...] | None = None) -> Payment:
    """The same, locked until the end of the unit of work."""
    payment = await visible_payments(actor).select_for_update(no_key=True).get_or_none(id=payment_id)
    if payment is None:
        raise PaymentNotFound(field=field)
    return payment


async def session_of(actor: Actor, session_id: UUID, *, field: tuple[str, ...] | None = None) -> Payment:
    """A payment for who reconciles, or SESSION_NOT_FOUND."""
    actor.require(RECONCILE)
    payment = await Payment.get_or_none(id=session_id)
    if payment is None:
        raise SessionNotFound(field=field)
    return payment


def seen_service_sessions(actor: Actor) -> Q:
    """The condition on sessions. They are the whole house's: who collects sees all of them, everybody else those they take
    part in."""
    if {Permission.PAYMENTS_COLLECT, RECONCILE} & actor.staff_permissions:
        return Q()
    return Q(client_id=actor.id) | Q(payee_id=actor.id)


def visible_service_sessions(actor: Actor) -> QuerySet[ServiceSession]:
    return ServiceSession.filter(seen_service_sessions(actor))


async def service_session_of(actor: Actor, session_id: UUID, *, field: tuple[str, ...] | None = None) -> ServiceSession:
    """A booked session that the actor may see, or SERVICE_SESSION_NOT_FOUND."""
    session = await visible_service_sessions(actor).get_or_none(id=session_id)
    if session is None:
        raise ServiceSessionNotFound(field=field)
    return session
