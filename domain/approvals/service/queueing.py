"""How a business puts a request into the queue, and takes it out again with the decision.

Both are called inside the business's own unit of work, after it has locked the thing that the request is about: the
request is never decided without the thing, nor the thing without the request.
"""

from __future__ import annotations

from uuid import UUID

from domain.approvals.errors import ApprovalPending, CommentRequired, MakerIsChecker
from domain.approvals.events import ApprovalDecided, ApprovalRequested, state_of
from domain.approvals.kinds import kind_named
from domain.approvals.models import Approval, ApprovalStatus
from domain.approvals.rules import MAX_TITLE_LENGTH, clean_comment
from domain.kit import clock
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.unit_of_work import Work

# Whoever comes second finds the first one's request, be it committed or still in the making.
_OPEN = """
insert into approval (id, kind, subject_id, title, amount_minor, currency, branch_id, requested_by, requested_at, status)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'PENDING')
on conflict (kind, subject_id) where status = 'PENDING' do nothing
returning id
"""


async def open_approval(
    work: Work,
    kind: str,
    *,
    subject_id: UUID,
    title: str,
    requested_by: UUID,
    amount: Money | None = None,
    branch_id: UUID | None = None,
) -> Approval:
    """Ask for a second person's agreement. A subject waits for one decision of a kind at a time."""
    kind_named(kind)
    opened = await work.fetchval(
        _OPEN,
        new_id(),
        kind,
        subject_id,
        title.strip()[:MAX_TITLE_LENGTH].strip(),
        amount and amount.amount_minor,
        amount and amount.currency,
        branch_id,
        requested_by,
        clock.now(),
    )
    if opened is None:
        raise ApprovalPending("this waits for approval already")
    approval = await Approval.get(id=opened)
    work.record(ApprovalRequested(**state_of(approval)))  # type: ignore[arg-type]
    return approval


async def close_approval(
    work: Work, kind: str, subject_id: UUID, *, outcome: ApprovalStatus, decided_by: UUID, comment: str | None = None
) -> Approval | None:
    """Take the pending request out of the queue; None when there is none. Its maker can only withdraw it."""
    assert outcome is not ApprovalStatus.PENDING, "closing is a decision"
    pending = Approval.filter(kind=kind, subject_id=subject_id, status=ApprovalStatus.PENDING)
    approval = await pending.select_for_update().get_or_none()
    if approval is None:
        return None
    comment = clean_comment(comment)
    if outcome is not ApprovalStatus.WITHDRAWN and approval.requested_by == decided_by:
        raise MakerIsChecker("nobody decides on what they asked for themselves")
    if outcome is ApprovalStatus.REJECTED and comment is None:
        raise CommentRequired("a rejection says why")
    approval.status, approval.decided_by, approval.comment = outcome, decided_by, comment
    approval.decided_at = max(clock.now(), approval.requested_at)
    await approval.save(update_fields=["status", "decided_by", "decided_at", "comment"])
    work.record(ApprovalDecided(**state_of(approval)))  # type: ignore[arg-type]
    return approval
