"""Dealing with what does not agree."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.kit.idempotency import once
from domain.payments.service import discrepancies as service
from schema.kit import (
    Answer,
    Info,
    Payload,
    ReplayablePayload,
    argument,
    attribute,
    mutation,
    payload_type,
    read_id,
    read_optional_id,
)
from schema.payments.discrepancies.inputs import AssignDiscrepancyInput, ReopenDiscrepancyInput, ResolveDiscrepancyInput
from schema.payments.discrepancies.types import Discrepancy

RECONCILE = Permission.PAYMENTS_RECONCILE
PATH = ("input", "discrepancyId")


@payload_type("The discrepancy as it stands now.")
class DiscrepancyPayload(Payload):
    discrepancy: Discrepancy | None = attribute("The discrepancy.")


@payload_type("The discrepancy, dealt with.")
class ResolveDiscrepancyPayload(ReplayablePayload):
    discrepancy: Discrepancy | None = attribute("The discrepancy.")


@strawberry.type
class Mutation:
    @mutation(DiscrepancyPayload, "Have somebody who reconciles look at a discrepancy.", requires=RECONCILE)
    async def assign_discrepancy(
        self, info: Info, input: Annotated[AssignDiscrepancyInput, argument("Which, and who.")]
    ) -> Answer:
        assigned = await service.assign_discrepancy(
            info.context.actor,
            discrepancy_id=read_id("Discrepancy", input.discrepancy_id, *PATH),
            assignee_id=read_optional_id("User", input.assignee_id, "input", "assigneeId"),
        )
        return Answer(discrepancy=assigned)

    @mutation(
        ResolveDiscrepancyPayload,
        "Deal with a discrepancy, and with its money. ACCEPTED lets the money through to what it was paid for, or offers "
        "it again. MATCHED_BY_HAND brings it to the payment that is named. REFUNDED has M-Pesa give it back; if that "
        "fails, the discrepancy is open again. CORRECTED and WRITTEN_OFF take it out of suspense for good; what a "
        "statement lacks CORRECTED takes off the books, because it never came. NO_ACTION is for what has no money that "
        "waits.",
        requires=RECONCILE,
    )
    async def resolve_discrepancy(
        self, info: Info, input: Annotated[ResolveDiscrepancyInput, argument("Which, and how.")]
    ) -> Answer:
        outcome = await once(
            input.idempotency_key,
            service.resolve_discrepancy,
            info.context.actor,
            discrepancy_id=read_id("Discrepancy", input.discrepancy_id, *PATH),
            resolution=input.resolution,
            note=input.note,
            payment_id=read_optional_id("Payment", input.payment_id, "input", "paymentId"),
        )
        return Answer(discrepancy=outcome.result, replayed=outcome.replayed)

    @mutation(
        DiscrepancyPayload,
        "Look at a discrepancy again that was dealt with. What was done with its money stays done.",
        requires=RECONCILE,
    )
    async def reopen_discrepancy(
        self, info: Info, input: Annotated[ReopenDiscrepancyInput, argument("Which, and why.")]
    ) -> Answer:
        reopened = await service.reopen_discrepancy(
            info.context.actor, discrepancy_id=read_id("Discrepancy", input.discrepancy_id, *PATH), note=input.note
        )
        return Answer(discrepancy=reopened)
