"""What of lending waits in the approvals centre, and how it is decided there: by the same acts as beside the loan."""

from __future__ import annotations

from uuid import UUID

from domain.approvals.kinds import ApprovalKind, register_kind
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.lending.models import Loan
from domain.lending.service.applications import KIND
from domain.lending.service.deciding import approve_loan, reject_loan


async def _approve(actor: Actor, loan_id: UUID, comment: str | None) -> Loan:
    return await approve_loan(actor, loan_id=loan_id, comment=comment or "")


async def _reject(actor: Actor, loan_id: UUID, comment: str | None) -> Loan:
    return await reject_loan(actor, loan_id=loan_id, reason=comment or "")


register_kind(ApprovalKind(KIND, requires=Permission.LOAN_APPROVE, approve=_approve, reject=_reject, subject="loan"))
