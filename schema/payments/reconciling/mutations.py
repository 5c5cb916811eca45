"""Having payments reconciled: now, many at once, or when their turn comes."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import strawberry

from domain.identity.permissions import Permission
from domain.kit.errors import NotFound
from domain.payments.errors import SessionNotFound
from domain.payments.service import reconciling as service
from domain.payments.states import ReconStatus
from schema.kit import (
    ID,
    Answer,
    Info,
    Payload,
    UserError,
    argument,
    attribute,
    mutation,
    object_type,
    payload_type,
    read_id,
)
from schema.kit.errors import Refusal
from schema.kit.fields import FieldRule
from schema.payments.reconciling.inputs import BulkReconcileInput, QueueReconciliationInput, ReconcileSessionInput
from schema.payments.reconciling.types import ReconciliationResult

RECONCILE = Permission.PAYMENTS_RECONCILE
BULK_COST = 100


@payload_type("How a payment was reconciled.")
class ReconcileSessionPayload(Payload):
    result: ReconciliationResult | None = attribute("How it came out.")


@payload_type("The reconciliation that waits.")
class QueueReconciliationPayload(Payload):
    result: ReconciliationResult | None = attribute("The reconciliation, in the queue.")
    place: int | None = attribute("Its place in the queue; 1 is the next.")


@object_type("What came of one payment among many.")
class BulkReconcileItem:
    session_id: ID = attribute("The payment, as it was named.")
    result: ReconciliationResult | None = attribute("How it came out; null when it could not be reconciled.")
    error: UserError | None = attribute("Why it could not be reconciled.")


@payload_type("How many payments were reconciled, each for itself.")
class BulkReconcilePayload(Payload):
    items: list[BulkReconcileItem] | None = attribute(
        "One for each id, in their order.", rule=FieldRule(size=service.MAX_BULK, shared=True)
    )
    matched: int | None = attribute("How many payments agree with all that was said of them.")
    discrepancies: int | None = attribute("Of how many something does not agree.")
    unverified: int | None = attribute("How many nobody can decide yet; the provider is asked.")
    failed: int | None = attribute("How many could not be reconciled.")


class BulkItem:
    """The row behind a :class:`BulkReconcileItem`."""

    def __init__(self, session_id: str, item: service.BulkItem) -> None:
        self.session_id = session_id
        self.result = item.result
        self.error = None if item.refusal is None else Refusal.of(item.refusal)


@strawberry.type
class Mutation:
    @mutation(
        ReconcileSessionPayload,
        "Compare a payment with all that was said of it, at once. When that cannot decide it, the result is UNVERIFIED and "
        "the provider is asked; follow `reconciliationResult` for what it says.",
        requires=RECONCILE,
        without_key="what a payment was credited with is not credited again.",
    )
    async def reconcile_session(self, info: Info, input: Annotated[ReconcileSessionInput, argument("Which.")]) -> Answer:
        session_id = _session(input.session_id)
        result = await service.reconcile_payment(info.context.actor, session_id=session_id, trigger=input.trigger)
        return Answer(result=result)

    @mutation(
        BulkReconcilePayload,
        "Reconcile up to 500 payments at once. What goes wrong with one does not keep the others from it.",
        requires=RECONCILE,
        without_key="what a payment was credited with is not credited again.",
        cost=BULK_COST,
    )
    async def bulk_reconcile(self, info: Info, input: Annotated[BulkReconcileInput, argument("Which.")]) -> Answer:
        meant = [_session_or_none(each) for each in input.session_ids]
        bulk = await service.bulk_reconcile(info.context.actor, session_ids=meant, trigger=input.trigger)
        return Answer(
            items=[BulkItem(said, item) for said, item in zip(input.session_ids, bulk.items, strict=True)],
            matched=bulk.came_out(ReconStatus.MATCHED),
            discrepancies=bulk.came_out(ReconStatus.DISCREPANCY),
            unverified=bulk.came_out(ReconStatus.UNVERIFIED),
            failed=bulk.failed,
        )

    @mutation(
        QueueReconciliationPayload,
        "Have a payment reconciled when its turn comes. While a person's request for it waits, that one is the answer.",
        requires=RECONCILE,
        without_key="what is in the queue already is the answer, and is credited once.",
    )
    async def queue_reconciliation(
        self, info: Info, input: Annotated[QueueReconciliationInput, argument("Which.")]
    ) -> Answer:
        session_id = _session(input.session_id)
        queued = await service.queue_reconciliation(info.context.actor, session_id=session_id, trigger=input.trigger)
        return Answer(result=queued.result, place=queued.place)


def _session(session_id: str) -> UUID:
    """A payment by its id. What is nobody's id is no session's."""
    try:
        return read_id("Payment", session_id)
    except NotFound:
        raise SessionNotFound from None


def _session_or_none(session_id: str) -> UUID | None:
    try:
        return _session(session_id)
    except SessionNotFound:
        return None
