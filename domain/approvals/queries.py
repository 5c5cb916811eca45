"""Reading the queue: what one may decide in the branches one sees, and what one asked for oneself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from domain.approvals.errors import ApprovalNotFound
from domain.approvals.kinds import kind_named, kinds_decided_by
from domain.approvals.models import Approval, ApprovalStatus
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.database import fetch
from domain.kit.paging import Page, PageRequest, page_of
from domain.kit.reading import rows_by_id

_COUNTS: Final = """
select kind, count(*) as pending, min(requested_at) as oldest_at from approval
where status = 'PENDING' and kind = any ($1::text[]) and ($2::uuid is null or branch_id = $2)
  and requested_by <> $3
group by kind
"""


@dataclass(frozen=True, slots=True)
class QueueLength:
    """How many requests of a kind wait for somebody, and since when; what they asked for themselves waits for others."""

    kind: str
    pending: int
    oldest_at: datetime | None


def _visible(actor: Actor) -> QuerySet[Approval]:
    actor.require(Permission.SIGNED_IN)
    return Approval.filter(_seen(actor))


def _seen(actor: Actor) -> Q:
    decided = Q(kind__in=[kind.name for kind in kinds_decided_by(actor)])
    scope = actor.branch_scope
    if scope is not None:
        decided &= Q(branch_id=scope)
    return decided | Q(requested_by=actor.id)


async def approvals(
    actor: Actor, page: PageRequest, *, status: ApprovalStatus | None = None, kind: str | None = None
) -> Page[Approval]:
    """The requests that the actor sees, the newest first."""
    found = _visible(actor)
    if status is not None:
        found = found.filter(status=status)
    if kind is not None:
        found = found.filter(kind=kind_named(kind).name)
    return await page_of(found, page, "-requested_at", "-id")


approvals_by_id = rows_by_id(Approval, _seen, permission=Permission.SIGNED_IN)
"""Those of several requests that the actor sees."""


async def require_visible(actor: Actor, approval_id: UUID) -> Approval:
    approval = await _visible(actor).get_or_none(id=approval_id)
    if approval is None:
        raise ApprovalNotFound("there is no such request for approval")
    return approval


def may_decide(actor: Actor, approval: Approval) -> bool:
    """Whether the request waits for this actor, among others."""
    return (
        approval.pending
        and approval.requested_by != actor.id
        and actor.may_at(kind_named(approval.kind).requires, approval.branch_id)
    )


async def queue_lengths(actor: Actor) -> list[QueueLength]:
    """What waits for the actor: each kind on which they may decide, also those of which nothing waits."""
    actor.require(Permission.APPROVALS_READ)
    kinds = [kind.name for kind in kinds_decided_by(actor)]
    found = {row["kind"]: row for row in await fetch(_COUNTS, kinds, actor.branch_scope, actor.id)}
    return [
        QueueLength(name, found[name]["pending"], found[name]["oldest_at"]) if name in found else QueueLength(name, 0, None)
        for name in kinds
    ]
