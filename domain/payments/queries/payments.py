"""Reading payments: one's own, and for staff those of their branch or of all; with the telephones that were asked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tortoise.expressions import Q

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.paging import Page, PageRequest, page_of
from domain.payments.access import RECONCILE, own_payments, visible_payments
from domain.payments.models import MpesaCommand, Payment, PaymentPrompt
from domain.payments.provider import MAX_REFERENCE
from domain.payments.queries.narrowing import grouped, one_of, within
from domain.payments.rules.references import bare
from domain.payments.states import PaymentStatus, Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentFilter:
    """Which payments; what is not said does not narrow. ``since`` is included, ``until`` is not; both are about when it
    began. ``reference`` is ours, or the receipt that paid it."""

    statuses: Sequence[PaymentStatus] = ()
    purposes: Sequence[Purpose] = ()
    client_id: UUID | None = None
    target_id: UUID | None = None
    reference: str | None = None
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
        if self.in_suspense:
            found &= Q(suspense_minor__gt=0)
        return found & within("created_at", self.since, self.until)


async def payments(actor: Actor, page: PageRequest, wanted: PaymentFilter | None = None) -> Page[Payment]:
    """What the actor may see, the newest first."""
    actor.require(Permission.SIGNED_IN)
    return await page_of(visible_payments(actor).filter((wanted or PaymentFilter()).condition), page, "-created_at", "-id")


async def my_payments(actor: Actor, page: PageRequest, wanted: PaymentFilter | None = None) -> Page[Payment]:
    """What the actor pays, the newest first."""
    actor.require(Permission.SIGNED_IN)
    return await page_of(own_payments(actor).filter((wanted or PaymentFilter()).condition), page, "-created_at", "-id")


async def payments_by_id(actor: Actor, ids: Collection[UUID]) -> dict[UUID, Payment]:
    """Several payments, as far as the actor may see them."""
    return {payment.id: payment for payment in await visible_payments(actor).filter(id__in=list(ids))}


async def prompts_of_payments(actor: Actor, payment_ids: Collection[UUID]) -> dict[UUID, list[PaymentPrompt]]:
    """The telephones that were asked for several payments, in the order in which they were."""
    seen = await visible_payments(actor).filter(id__in=list(payment_ids)).values_list("id", flat=True)
    prompts = await PaymentPrompt.filter(payment_id__in=list(seen)).order_by("payment_id", "attempt_no")
    return grouped((prompt.payment_id, prompt) for prompt in prompts)


async def commands_by_id(actor: Actor, ids: Collection[UUID]) -> dict[UUID, MpesaCommand]:
    """Requests to the provider, none for whoever may not reconcile."""
    if not actor.may(RECONCILE):
        return {}
    return {command.id: command for command in await MpesaCommand.filter(id__in=list(ids))}


async def commands_of_payments(actor: Actor, payment_ids: Collection[UUID]) -> dict[UUID, list[MpesaCommand]]:
    """What the provider was asked to do about several payments, the newest first."""
    if not actor.may(RECONCILE):
        return {}
    commands = await MpesaCommand.filter(payment_id__in=list(payment_ids)).order_by("-created_at", "-id")
    return grouped((command.payment_id, command) for command in commands)
