"""Following payments live: one, or all that concern the viewer."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.payments import events as facts
from domain.payments.access import payment_of
from domain.payments.events import PAYMENTS, payment_topic, payments_of_branch, payments_of_client
from schema.kit import ID, argument, event_feed, read_id
from schema.payments.paying.events import (
    PaymentApplied,
    PaymentChanged,
    PaymentCredited,
    PaymentPaidAfterFailure,
    PaymentPromptChanged,
)


@strawberry.type
class Subscription:
    @event_feed(
        "Payments as they begin, are prompted for, paid, taken back, or end: the viewer's own, and for staff who collect "
        "those of their branch.",
        requires=Permission.SIGNED_IN,
        shows={
            facts.PaymentChanged: PaymentChanged,
            facts.PaymentCredited: PaymentCredited,
            facts.PaymentApplied: PaymentApplied,
            facts.PaidAfterFailure: PaymentPaidAfterFailure,
            facts.PromptChanged: PaymentPromptChanged,
        },
    )
    async def payment_updated(
        actor: Actor, payment_id: Annotated[ID | None, argument("Only this payment, which the viewer may see.")] = None
    ) -> list[str]:
        if payment_id is not None:
            found = await payment_of(actor, read_id("Payment", payment_id, "paymentId"), field=("paymentId",))
            return [payment_topic(found.id)]
        return [payments_of_client(actor.id), *_as_staff(actor)]


def _as_staff(actor: Actor) -> list[str]:
    """All payments for who reconciles, or sees every branch; those of the branch for who collects there."""
    if Permission.PAYMENTS_RECONCILE in actor.staff_permissions:
        return [PAYMENTS]
    if Permission.PAYMENTS_COLLECT not in actor.staff_permissions:
        return []
    return [PAYMENTS if actor.branch_scope is None else payments_of_branch(actor.branch_scope)]
