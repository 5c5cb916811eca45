"""Looking at an application: who looks after it, what the officer recommends, and whether the borrower is who they say.

An application waits for a decision once a review recommends it and, where the product asks for it, the identity is verified:
whichever of the two comes last opens the request for approval. Events, in this order: LoanReviewed or LoanKycVerified,
LoanUpdated, LoanStatusChanged if the status is another one, then ApprovalRequested or ApprovalDecided.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from domain.approvals.models import ApprovalStatus
from domain.approvals.service import close_approval, open_approval
from domain.identity.actor import Actor
from domain.identity.models import User
from domain.identity.permissions import Permission, permissions_of
from domain.kit import clock
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.lending.errors import (
    DocumentsMissing,
    KycAlreadyVerified,
    LoanDecided,
    LoanReviewedAlready,
    OfficerNotFound,
)
from domain.lending.events import LoanFigures, LoanKycVerified, LoanReviewed
from domain.lending.models import Loan, LoanDocument, LoanProduct
from domain.lending.service.applications import KIND
from domain.lending.service.desk import locked_for_staff, prose, save, tell
from domain.lending.service.documents import missing_documents
from domain.lending.states import IDENTITY_DOCUMENTS, UNDECIDED, LoanChange, LoanStatus, Recommendation

MAX_COMMENT: Final = 1_000
MAX_NOTE: Final = 500


@retried
async def assign_officer(actor: Actor, *, loan_id: UUID, officer_id: UUID) -> Loan:
    """Say who looks after a loan: an officer takes it, or a branch manager gives it to one. One just submitted is then
    UNDER_REVIEW."""
    permission = Permission.LOAN_REVIEW if officer_id == actor.id else Permission.LOAN_APPROVE
    async with unit_of_work() as work:
        loan = await locked_for_staff(actor, loan_id, permission)
        if loan.officer_id == officer_id:
            return loan
        if loan.status in (LoanStatus.REJECTED, LoanStatus.WITHDRAWN):
            raise LoanDecided("this application is over")
        if officer_id != actor.id:
            await _require_officer(loan, officer_id)
        loan.officer_id = officer_id
        before = loan.become(LoanStatus.UNDER_REVIEW if loan.status is LoanStatus.SUBMITTED else loan.status)
        await save(loan)
        tell(work, loan, LoanChange.OFFICER_ASSIGNED, before)
    return loan


@retried
async def review_loan(actor: Actor, *, loan_id: UUID, recommendation: Recommendation, comment: str = "") -> Loan:
    """Recommend to approve or reject an application, or ask for more; the last two say why.

    Whoever reviews looks after the loan from then on, if nobody does yet. A review against it takes back one in favour.
    Refuses with LOAN_DOCUMENTS_MISSING, LOAN_REVIEWED_ALREADY and LOAN_NOT_UNDECIDED.
    """
    favours = recommendation is Recommendation.APPROVE
    comment = prose(comment, MAX_COMMENT, "comment", least=0 if favours else 1)
    async with unit_of_work() as work:
        loan = await _undecided(actor, loan_id)
        if favours:
            await _require_reviewable(loan)
        loan.recommendation, loan.review_comment = recommendation, comment
        loan.reviewed_by_id, loan.reviewed_at = actor.id, clock.now()
        loan.officer_id = loan.officer_id or actor.id
        before = loan.become(_status_after(loan))
        await save(loan)
        reviewed = LoanReviewed(
            loan=LoanFigures.of(loan), recommendation=recommendation, reviewed_by_id=actor.id, comment=comment
        )
        tell(work, loan, LoanChange.REVIEWED, before, reviewed)
        if before is LoanStatus.KYC_VERIFIED:
            await _withdraw_request(work, actor, loan, comment)
        await _ask_for_decision(work, loan, before)
    return loan


@retried
async def verify_kyc(actor: Actor, *, loan_id: UUID, note: str = "") -> Loan:
    """Say that the borrower is who the application says; identity papers on file count as verified. Before or after the
    review."""
    note = prose(note, MAX_NOTE, "note")
    async with unit_of_work() as work:
        loan = await _undecided(actor, loan_id)
        if loan.kyc_verified_at is not None:
            raise KycAlreadyVerified("the identity is verified already")
        moment = clock.now()
        loan.kyc_verified_by_id, loan.kyc_verified_at, loan.kyc_note = actor.id, moment, note
        papers = LoanDocument.filter(loan_id=loan.id, kind__in=IDENTITY_DOCUMENTS, verified_at__isnull=True)
        await papers.update(verified_by_id=actor.id, verified_at=moment)
        before = loan.become(_status_after(loan))
        await save(loan)
        verified = LoanKycVerified(loan=LoanFigures.of(loan), verified_by_id=actor.id)
        tell(work, loan, LoanChange.KYC_VERIFIED, before, verified)
        await _ask_for_decision(work, loan, before)
    return loan


async def _undecided(actor: Actor, loan_id: UUID) -> Loan:
    loan = await locked_for_staff(actor, loan_id, Permission.LOAN_REVIEW)
    if loan.status not in UNDECIDED:
        raise LoanDecided(f"this application is {loan.status.value.lower()}")
    return loan


async def _require_reviewable(loan: Loan) -> None:
    """All papers are there that the product asks for, and nobody else has reviewed it in favour."""
    if loan.recommendation is Recommendation.APPROVE:
        raise LoanReviewedAlready("this application is reviewed in favour already")
    product = await LoanProduct.get(id=loan.product_id)
    missing = await missing_documents(loan, product.required_documents)
    if missing:
        raise DocumentsMissing(f"this application lacks {', '.join(kind.value for kind in missing)}")


def _status_after(loan: Loan) -> LoanStatus:
    """Where review and identity leave an application that is not decided."""
    if loan.reviewed_at is None:
        return loan.status
    if loan.recommendation is not Recommendation.APPROVE:
        return LoanStatus.UNDER_REVIEW
    known = loan.kyc_verified_at is not None or not loan.kyc_required
    return LoanStatus.KYC_VERIFIED if known else LoanStatus.KYC_PENDING


async def _ask_for_decision(work: Work, loan: Loan, before: LoanStatus) -> None:
    """Put it into the queue when nothing is missing any more. The reviewer asks, whoever verified the identity."""
    if loan.status is not LoanStatus.KYC_VERIFIED or before is LoanStatus.KYC_VERIFIED:
        return
    assert loan.reviewed_by_id is not None, "a loan is reviewed before it is decided"
    await open_approval(
        work,
        KIND,
        subject_id=loan.id,
        title=f"{loan.number}: {loan.product_name} for {loan.borrower_name}",
        requested_by=loan.reviewed_by_id,
        amount=loan.requested_principal,
        branch_id=loan.branch_id,
    )


async def _withdraw_request(work: Work, actor: Actor, loan: Loan, comment: str) -> None:
    await close_approval(work, KIND, loan.id, outcome=ApprovalStatus.WITHDRAWN, decided_by=actor.id, comment=comment)


async def _require_officer(loan: Loan, officer_id: UUID) -> None:
    """Somebody active who reviews loans, at the loan's branch or at all."""
    user = await User.get_or_none(id=officer_id, active=True)
    if user is None or user.id == loan.borrower_id:
        raise OfficerNotFound
    granted = permissions_of(frozenset(user.roles))
    if Permission.LOAN_REVIEW not in granted or (
        user.branch_id != loan.branch_id and Permission.ALL_BRANCHES not in granted
    ):
        raise OfficerNotFound
