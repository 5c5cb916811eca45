"""What the log tells of requests that wait for a second person."""

from __future__ import annotations

from domain.approvals.events import ApprovalDecided, ApprovalRequested
from domain.kit.projections import Facts, Heard, Projection, register_projection


def _approval(facts: Facts, heard: Heard) -> None:
    told: ApprovalRequested | ApprovalDecided = heard.fact
    facts.put(
        "approval",
        told.approval_id,
        id=told.approval_id,
        kind=told.kind,
        branch_id=told.branch_id,
        requested_by=told.requested_by,
        requested_at=told.requested_at,
        status=told.status,
    )


register_projection(
    Projection(
        name="approvals",
        tables=("approval",),
        applies={ApprovalRequested: _approval, ApprovalDecided: _approval},
    )
)
