"""Following what people do about what does not agree; for those who reconcile, and nobody else."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.payments.errors import SessionNotFound
from domain.payments.events import RECONCILIATION, DiscrepancyChanged, payment_topic
from domain.payments.queries.payments import payments_by_id
from schema.kit import ID, LiveEvent, argument, attribute, event_feed, event_type, read_id
from schema.payments.discrepancies.types import Discrepancy


@event_type("A discrepancy was given to somebody, dealt with, or is open again; or its figures are others now.")
class DiscrepancyUpdated(LiveEvent):
    discrepancy: Discrepancy = attribute("The discrepancy as it was then.")


@strawberry.type
class Subscription:
    @event_feed(
        "What becomes of discrepancies; new ones are told by `discrepancyAlert`.",
        requires=Permission.PAYMENTS_RECONCILE,
        shows={DiscrepancyChanged: DiscrepancyUpdated},
    )
    async def discrepancy_updated(
        actor: Actor, session_id: Annotated[ID | None, argument("Only those of this payment.")] = None
    ) -> list[str]:
        if session_id is None:
            return [RECONCILIATION]
        payment_id = read_id("Payment", session_id, "sessionId")
        if payment_id not in await payments_by_id(actor, [payment_id]):
            raise SessionNotFound(field=("sessionId",))
        return [payment_topic(payment_id)]
