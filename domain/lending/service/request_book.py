"""Ending a request: the row and the approval that waits for it, in the same unit of work."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from domain.approvals.models import ApprovalStatus
from domain.approvals.service import close_approval
from domain.kit import clock
from domain.kit.unit_of_work import Work
from domain.lending.models import LoanRequest
from domain.lending.states import LoanRequestKind, LoanRequestStatus

APPROVAL_OF: Final = {LoanRequestKind.WRITE_OFF: "LOAN_WRITE_OFF", LoanRequestKind.RESCHEDULE: "LOAN_RESCHEDULE"}


async def end_request(
    work: Work, request: LoanRequest, status: LoanRequestStatus, *, decided_by: UUID, comment: str
) -> LoanRequest:
    request.status, request.comment = status, comment
    request.decided_by_id, request.decided_at = decided_by, clock.now()
    await request.save()
    await close_approval(
        work,
        APPROVAL_OF[request.kind],
        request.loan_id,
        outcome=ApprovalStatus(status.value),
        decided_by=decided_by,
        comment=comment,
    )
    return request


async def drop_requests(work: Work, loan_id: UUID, *, actor_id: UUID, but: UUID | None) -> None:
    """Take back what waits on a loan that has come to its end: there is nothing left to decide."""
    for request in await LoanRequest.filter(loan_id=loan_id, status=LoanRequestStatus.PENDING):
        if request.id != but:
            comment = "the loan has come to its end"
            await end_request(work, request, LoanRequestStatus.WITHDRAWN, decided_by=actor_id, comment=comment)
