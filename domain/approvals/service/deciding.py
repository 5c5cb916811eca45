"""Deciding in the approvals centre: the business that asked carries it out."""

from __future__ import annotations

from uuid import UUID

from domain.approvals.errors import AlreadyDecided, CommentRequired, MakerIsChecker
from domain.approvals.kinds import Decide, kind_named
from domain.approvals.models import Approval, ApprovalStatus
from domain.approvals.queries import require_visible
from domain.approvals.rules import clean_comment
from domain.identity.actor import Actor
from domain.kit.errors import DomainError, Forbidden
from domain.kit.unit_of_work import retried, unit_of_work


async def approve(actor: Actor, *, approval_id: UUID, comment: str | None = None) -> Approval:
    """Agree, so that what was asked for happens now."""
    approval = await _decidable(actor, approval_id)
    how = kind_named(approval.kind).approve
    return await _decide(actor, approval, how, ApprovalStatus.APPROVED, clean_comment(comment))


async def reject(actor: Actor, *, approval_id: UUID, comment: str) -> Approval:
    """Refuse, and say why."""
    approval = await _decidable(actor, approval_id)
    why = clean_comment(comment)
    if why is None:
        raise CommentRequired("a rejection says why")
    return await _decide(actor, approval, kind_named(approval.kind).reject, ApprovalStatus.REJECTED, why)


async def _decidable(actor: Actor, approval_id: UUID) -> Approval:
    """The request, if it is for the actor to decide. What follows asks again, with locks held."""
    approval = await require_visible(actor, approval_id)
    permission = kind_named(approval.kind).requires
    if not actor.may_at(permission, approval.branch_id):
        raise Forbidden(f"this needs the permission {permission.value} in the branch of the request")
    if approval.requested_by == actor.id:
        raise MakerIsChecker("nobody decides on what they asked for themselves")
    if not approval.pending:
        raise AlreadyDecided(f"the request is {approval.status.value.lower()} already")
    return approval


async def _decide(actor: Actor, approval: Approval, how: Decide, outcome: ApprovalStatus, comment: str | None) -> Approval:
    try:
        return await _carry_out(actor, approval, how, outcome, comment)
    except DomainError:
        # Two who decide at once: the business refuses the second in words of its own, and this says what it comes from.
        now = await Approval.get(id=approval.id)
        if not now.pending:
            raise AlreadyDecided(f"the request is {now.status.value.lower()} already") from None
        raise


@retried
async def _carry_out(
    actor: Actor, approval: Approval, how: Decide, outcome: ApprovalStatus, comment: str | None
) -> Approval:
    async with unit_of_work():
        await how(actor, approval.subject_id, comment)
        decided = await Approval.get(id=approval.id)
        assert not decided.pending, f"deciding on {approval.kind} must close its request"
        if decided.decided_by != actor.id or decided.status is not outcome:
            raise AlreadyDecided(f"the request is {decided.status.value.lower()} already")
    return decided
