"""Deciding on an application: by somebody who had no part in making it.

Events, in this order: LoanApproved or LoanRejected, LoanUpdated, LoanStatusChanged, ApprovalDecided. The approvals centre
decides through these same functions.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from domain.approvals.models import ApprovalStatus
from domain.approvals.service import close_approval
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.money import Money
from domain.kit.unit_of_work import retried, unit_of_work
from domain.lending.application import faults_of_terms, quote_for
from domain.lending.errors import (
    ApprovalExceedsRequest,
    KycNotVerified,
    LoanDecided,
    LoanNotReviewed,
)
from domain.lending.events import LoanApproved, LoanFigures, LoanRejected
from domain.lending.models import Loan, LoanProduct
from domain.lending.service.applications import KIND
from domain.lending.service.desk import locked_for_staff, prose, require_checker, save, tell
from domain.lending.states import UNDECIDED, LoanChange, LoanStatus

MAX_COMMENT: Final = 1_000


@retried
async def approve_loan(
    actor: Actor,
    *,
    loan_id: UUID,
    principal: Money | None = None,
    instalments: int | None = None,
    annual_rate: Decimal | None = None,
    first_due_on: date | None = None,
    comment: str = "",
) -> Loan:
    """Agree to lend, for what was asked or less, and fix the terms; what is None stays as asked.

    Refuses with MAKER_IS_CHECKER, LOAN_NOT_REVIEWED, KYC_NOT_VERIFIED, LOAN_NOT_UNDECIDED, APPROVAL_EXCEEDS_REQUEST, and
    with what an application is refused with.
    """
    comment = prose(comment, MAX_COMMENT, "comment")
    async with unit_of_work() as work:
        loan = await locked_for_staff(actor, loan_id, Permission.LOAN_APPROVE)
        require_checker(actor, loan)
        _require_ready(loan)
        await _agree(loan, principal, instalments, annual_rate, first_due_on)
        before = loan.become(LoanStatus.APPROVED)
        loan.approved_by_id, loan.approved_at, loan.decision_comment = actor.id, clock.now(), comment
        await save(loan)
        assert loan.approved_principal is not None, "just agreed"
        approved = LoanApproved(
            loan=LoanFigures.of(loan), principal=loan.approved_principal, approved_by_id=actor.id, comment=comment
        )
        tell(work, loan, LoanChange.APPROVED, before, approved)
        await close_approval(
            work, KIND, loan.id, outcome=ApprovalStatus.APPROVED, decided_by=actor.id, comment=comment or None
        )
    return loan


@retried
async def reject_loan(actor: Actor, *, loan_id: UUID, reason: str) -> Loan:
    """Turn an application down, at any time before it is decided, and say why.

    Refuses with MAKER_IS_CHECKER and LOAN_NOT_UNDECIDED.
    """
    reason = prose(reason, MAX_COMMENT, "reason", least=1)
    async with unit_of_work() as work:
        loan = await locked_for_staff(actor, loan_id, Permission.LOAN_APPROVE)
        require_checker(actor, loan)
        if loan.status not in UNDECIDED:
            raise LoanDecided(f"this application is {loan.status.value.lower()}")
        before = loan.become(LoanStatus.REJECTED)
        loan.rejected_by_id, loan.rejected_at, loan.decision_comment = actor.id, clock.now(), reason
        await save(loan)
        rejected = LoanRejected(loan=LoanFigures.of(loan), rejected_by_id=actor.id, reason=reason)
        tell(work, loan, LoanChange.REJECTED, before, rejected)
        await close_approval(work, KIND, loan.id, outcome=ApprovalStatus.REJECTED, decided_by=actor.id, comment=reason)
    return loan


def _require_ready(loan: Loan) -> None:
    if loan.status not in UNDECIDED:
        raise LoanDecided(f"this application is {loan.status.value.lower()}")
    if loan.status is LoanStatus.KYC_PENDING:
        raise KycNotVerified("the borrower's identity is not verified yet")
    if loan.status is not LoanStatus.KYC_VERIFIED:
        raise LoanNotReviewed("no review recommends this application")


async def _agree(
    loan: Loan, principal: Money | None, instalments: int | None, annual_rate: Decimal | None, first_due_on: date | None
) -> None:
    """Fix principal and terms, within the bounds that the product has today."""
    asked = loan.agreed_terms
    principal = principal or asked.principal
    product = await LoanProduct.get(id=loan.product_id)
    changed = faults_of_terms(
        product,
        principal=principal,
        instalments=instalments,
        annual_rate=annual_rate,
        first_due_on=first_due_on or asked.first_due_on,
        today=clock.today(),
    )
    for fault in changed:
        raise fault
    if principal > loan.requested_principal:
        raise ApprovalExceedsRequest(loan.requested_principal)
    terms = replace(
        asked,
        principal=principal,
        instalments=asked.instalments if instalments is None else instalments,
        annual_rate=asked.annual_rate if annual_rate is None else annual_rate,
        first_due_on=first_due_on or asked.first_due_on,
    )
    quote_for(terms, clock.today())
    loan.take_terms(terms)
    loan.approved_minor = principal.amount_minor
