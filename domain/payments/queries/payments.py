"""Reading payments: one's own, and for staff those of their branch or of all; with the telephones that were asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from tortoise.expressions import Q

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.errors import InvalidInput
from domain.kit.paging import Page, PageRequest, page_of
from domain.kit.reading import RowsWith, rows_by_id, rows_of
from domain.payments.access import RECONCILE, own_payments, seen_payments, visible_payments
from domain.payments.models import MpesaCommand, Payment, PaymentPrompt
from domain.payments.provider import MAX_REFERENCE
from domain.payments.queries.narrowing import one_of, within
from domain.payments.rules.phones import BadPhone, mask, normalise
from domain.payments.rules.references import bare
from domain.payments.states import PaymentStatus, Purpose

MAX_SEARCH: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentFilter:
    """Which payments; what is not said does not narrow. ``since`` is included, ``until`` is not; both are about when it
    began. ``reference`` is ours, or the receipt that paid it; ``search`` is whatever somebody knows of a payment."""

    statuses: Sequence[PaymentStatus] = ()
    purposes: Sequence[Purpose] = ()
    client_id: UUID | None = None
    target_id: UUID | None = None
    reference: str | None = None
    search: str | None = None
    in_suspense: bool = False
    since: datetime | None = None
    until: datetime | None = None

    @property
    def condition(self) -> Q:
        found = one_of(status=self.statuses, purpose=self.purposes)
        if self.client_id is not None:
            found &= Q(client_id=self.client_id)
        if self.target_id is not None:
            found &= Q(target_id=self.target_id)
        if self.reference is not None:
            said = bare(self.reference)[:MAX_REFERENCE]
            found &= Q(Q(reference=said), Q(transaction_id=said), join_type=Q.OR)
        if self.search is not None:
            found &= _searched(self.search)
        if self.in_suspense:
            found &= Q(suspense_minor__gt=0)
        return found & within("created_at", self.since, self.until)


def _searched(text: str) -> Q:
    """A part of what a payment is called by: its number, title, reference or receipt, who pays, or the telephone's end.

    Telephones are compared as they are shown, masked: of a whole number no more is found than who looks may see.
    """
    text = " ".join(text.split())
    if not 0 < len(text) <= MAX_SEARCH or not text.isprintable():
        raise InvalidInput(f"look for 1 to {MAX_SEARCH} characters", field=("filter", "search"))
    said = {f"{column}__icontains": text for column in ("number", "title", "client_name")}
    said |= {f"{column}__istartswith": bare(text) for column in ("reference", "transaction_id") if bare(text)}
    return Q(**said, phone_masked__endswith=_as_shown(text), join_type=Q.OR)


def _as_shown(text: str) -> str:
    try:
        return mask(normalise(text))
    except BadPhone:
        return text


async def payments(actor: Actor, page: PageRequest, wanted: PaymentFilter | None = None) -> Page[Payment]:
    """What the actor may see, the newest first."""
    actor.require(Permission.SIGNED_IN)
    return await page_of(visible_payments(actor).filter((wanted or PaymentFilter()).condition), page, "-created_at", "-id")


async def my_payments(actor: Actor, page: PageRequest, wanted: PaymentFilter | None = None) -> Page[Payment]:
    """What the actor pays, the newest first."""
    actor.require(Permission.SIGNED_IN)
    return await page_of(own_payments(actor).filter((wanted or PaymentFilter()).condition), page, "-created_at", "-id")


payments_by_id = rows_by_id(Payment, seen_payments)
"""Several payments, as far as the actor may see them."""


def _of_seen_payments(actor: Actor) -> Q:
    return Q(payment_id__in=RowsWith(Payment, seen_payments(actor)))


prompts_of_payments = rows_of(PaymentPrompt, "payment_id", _of_seen_payments, order=("payment_id", "attempt_no"))
"""The telephones that were asked for several payments, in the order in which they were."""

commands_by_id = rows_by_id(MpesaCommand, permission=RECONCILE)
"""Requests to the provider, none for whoever may not reconcile."""

commands_of_payments = rows_of(MpesaCommand, "payment_id", order=("-created_at", "-id"), permission=RECONCILE)
"""What the provider was asked to do about several payments, the newest first."""
