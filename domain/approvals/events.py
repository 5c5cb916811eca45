"""What the approvals centre announces: to the maker, and to those who may decide in the branch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.approvals.kinds import kind_named
from domain.approvals.models import Approval, ApprovalStatus
from domain.events.event import Event, event
from domain.identity.actor import staff_of
from domain.kit.money import Money


@dataclass(frozen=True, kw_only=True)
class _AboutApproval(Event):
    """A request as it stood when something happened to it."""

    approval_id: UUID
    kind: str
    subject_id: UUID
    title: str
    amount: Money | None
    branch_id: UUID | None
    requested_by: UUID
    requested_at: datetime
    status: ApprovalStatus
    decided_by: UUID | None
    decided_at: datetime | None
    comment: str | None

    @property
    def subject_kind(self) -> str:
        return kind_named(self.kind).subject_kind

    def topics(self) -> Iterable[str]:
        branch = () if self.branch_id is None else (f"branch:{self.branch_id}",)
        queues = ("approvals", f"approvals:{self.kind}")
        return (*queues, f"approval:{self.approval_id}", f"user:{self.requested_by}", *branch)

    def audience(self) -> Iterable[str]:
        return (f"user:{self.requested_by}", *staff_of(kind_named(self.kind).requires, self.branch_id))


@event("approvals.requested")
@dataclass(frozen=True, kw_only=True)
class ApprovalRequested(_AboutApproval):
    """Something waits for a second person."""


@event("approvals.decided")
@dataclass(frozen=True, kw_only=True)
class ApprovalDecided(_AboutApproval):
    """A request was approved, rejected or withdrawn."""


def state_of(approval: Approval) -> dict[str, object]:
    """A request as both events tell it."""
    return {
        "approval_id": approval.id,
        "kind": approval.kind,
        "subject_id": approval.subject_id,
        "title": approval.title,
        "amount": approval.amount,
        "branch_id": approval.branch_id,
        "requested_by": approval.requested_by,
        "requested_at": approval.requested_at,
        "status": approval.status,
        "decided_by": approval.decided_by,
        "decided_at": approval.decided_at,
        "comment": approval.comment,
    }
