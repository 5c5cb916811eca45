"""What of lending waits in the approvals centre, and how it is decided there: by the same acts as beside the loan."""

from __future__ import annotations

from uuid import UUID

from domain.approvals.kinds import ApprovalKind, register_kind
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.lending.models import Loan, LoanRequest
from domain.lending.service.applications import KIND
from domain.lending.service.deciding import approve_loan, reject_loan
from domain.lending.service.request_book import APPROVAL_OF
from domain.lending.service.requests import reject_request
from domain.lending.service.rescheduling import reschedule_loan
from domain.lending.service.writing_off import write_off_loan
from domain.lending.states import LoanRequestKind


async def _approve(actor: Actor, loan_id: UUID, comment: str | None) -> Loan:
    return await approve_loan(actor, loan_id=loan_id, comment=comment or "")


async def _reject(actor: Actor, loan_id: UUID, comment: str | None) -> Loan:
    return await reject_loan(actor, loan_id=loan_id, reason=comment or "")


async def _write_off(actor: Actor, loan_id: UUID, comment: str | None) -> LoanRequest:
    return await write_off_loan(actor, loan_id=loan_id, comment=comment)


async def _keep(actor: Actor, loan_id: UUID, comment: str | None) -> LoanRequest:
    return await reject_request(actor, loan_id=loan_id, kind=LoanRequestKind.WRITE_OFF, comment=comment or "")


async def _reschedule(actor: Actor, loan_id: UUID, comment: str | None) -> LoanRequest:
    return await reschedule_loan(actor, loan_id=loan_id, comment=comment)


async def _keep_plan(actor: Actor, loan_id: UUID, comment: str | None) -> LoanRequest:
    return await reject_request(actor, loan_id=loan_id, kind=LoanRequestKind.RESCHEDULE, comment=comment or "")


for kind, agree, refuse in (
    (LoanRequestKind.WRITE_OFF, _write_off, _keep),
    (LoanRequestKind.RESCHEDULE, _reschedule, _keep_plan),
):
    register_kind(
        ApprovalKind(APPROVAL_OF[kind], requires=Permission.LOAN_APPROVE, approve=agree, reject=refuse, subject="loan")
    )
register_kind(ApprovalKind(KIND, requires=Permission.LOAN_APPROVE, approve=_approve, reject=_reject, subject="loan"))
