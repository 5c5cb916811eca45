"""Following the approvals centre live."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry

from domain.approvals import events
from domain.approvals.kinds import kind_named
from domain.approvals.models import ApprovalStatus
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from schema.kit import ID, LiveEvent, Money, Parent, argument, attribute, event_feed, event_type, field, global_id
from schema.kit.nodes import global_id_of


@event_type("A request for approval came into the queue, or left it: it is told as it stands now.")
class ApprovalQueueUpdated(LiveEvent):
    approval_id: ID = global_id("Approval", "The request.")
    kind: str = attribute("What kind of decision it is, such as `LOAN` or `EXPENSE`.")
    title: str = attribute("What it is about, in a few words.")
    amount: Money | None = attribute("How much it is about; null when it is about no amount.")
    branch_id: ID | None = global_id("Branch", "The branch whose staff decide; null when those do who see every branch.")
    requested_by: ID = global_id("User", "Who asked.", name="requestedById")
    requested_at: datetime = attribute("Since when it waits, or did.")
    status: ApprovalStatus = attribute("Where it stands: PENDING when it has just come.")
    decided_by: ID | None = global_id("User", "Who decided, or withdrew it; null while it waits.", name="decidedById")
    comment: str | None = attribute("What was said to the decision.")

    @field(ID | None, "The id of what it is about, for `node`; null when that cannot be fetched.", shared=True)
    def subject_id(self, told: Parent[events.ApprovalRequested]) -> ID | None:
        return global_id_of(told.subject_kind, told.subject_id)


@strawberry.type
class Subscription:
    @event_feed(
        "Requests on which one may decide in the branches one sees, and one's own, as they come and are decided.",
        requires=Permission.APPROVALS_READ,
        shows={events.ApprovalRequested: ApprovalQueueUpdated, events.ApprovalDecided: ApprovalQueueUpdated},
    )
    async def approval_queue_updated(
        actor: Actor, kind: Annotated[str | None, argument("Only those of this kind.")] = None
    ) -> list[str]:
        return ["approvals" if kind is None else f"approvals:{kind_named(kind).name}"]
