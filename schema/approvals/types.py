"""Requests for approval, and how long their queues are."""

from __future__ import annotations

from datetime import datetime

from domain.approvals import models, queries
from domain.approvals.kinds import kind_named
from domain.approvals.models import ApprovalStatus
from domain.identity.queries import branches_by_id, people
from schema.identity.types import Branch, User
from schema.kit import ID, Info, Money, Node, Parent, attribute, enum_type, field, global_id, node_type, object_type
from schema.kit.nodes import global_id_of, load_node
from schema.kit.relations import relation

enum_type(
    ApprovalStatus,
    "Where a request for approval stands. All but the first are final.",
    {
        "PENDING": "It waits for somebody else than its maker.",
        "APPROVED": "It was agreed to, and has happened.",
        "REJECTED": "It was refused.",
        "WITHDRAWN": "Its maker, or what it was about, took it back.",
    },
)


@node_type(models.Approval, queries.approvals_by_id, "Something that waits for a second person, or how that person decided.")
class Approval(Node):
    kind: str = attribute("What kind of decision it is, such as `LOAN` or `EXPENSE`.")
    title: str = attribute("What it is about, in a few words.")
    amount: Money | None = attribute("How much it is about; null when it is about no amount.")
    branch_id: ID | None = global_id("Branch", "The branch whose staff decide; null when those do who see every branch.")
    requested_by: ID = global_id("User", "Who asked.", name="requestedById")
    requested_at: datetime = attribute("Since when it waits.")
    status: ApprovalStatus = attribute("Where it stands.")
    pending: bool = attribute("Whether it still waits.")
    decided_by: ID | None = global_id("User", "Who decided, or withdrew it; null while it waits.", name="decidedById")
    decided_at: datetime | None = attribute("When; null while it waits.")
    comment: str | None = attribute("What was said to the decision; always there when it was rejected.")

    @field(ID | None, "The id of what it is about, for `node`; null when that cannot be fetched.", shared=True)
    def subject_id(self, approval: Parent[models.Approval]) -> ID | None:
        return global_id_of(kind_named(approval.kind).subject_kind, approval.subject_id)

    @field(Node | None, "What it is about; null when that cannot be fetched, or not by you.")
    async def subject(self, approval: Parent[models.Approval], info: Info) -> object:
        subject_id = global_id_of(kind_named(approval.kind).subject_kind, approval.subject_id)
        return None if subject_id is None else await load_node(info.context, subject_id)

    branch: Branch | None = relation(
        branches_by_id, "branch_id", "The branch whose staff decide; null when those do who see every branch."
    )
    maker: User = relation(people, "requested_by", "Who asked.", name="requestedBy")
    checker: User | None = relation(
        people, "decided_by", "Who decided, or withdrew it; null while it waits.", name="decidedBy"
    )

    @field(bool, "Whether you may decide on it now.")
    def decidable(self, approval: Parent[models.Approval], info: Info) -> bool:
        return queries.may_decide(info.context.actor, approval)


@object_type("How many requests of a kind wait for you.")
class ApprovalCount:
    kind: str = attribute("The kind.")
    pending: int = attribute("How many wait; those that you made yourself wait for others.")
    oldest_at: datetime | None = attribute("Since when the oldest of them waits; null when none does.")
