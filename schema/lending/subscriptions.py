"""Following loans live. Without a loan, a feed tells of all that concern the viewer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import strawberry

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.lending import events as facts
from domain.lending import queries
from domain.lending.access import READ
from domain.lending.events import LOANS, PRODUCTS, loan_topic, loans_of_branch
from schema.kit import ID, argument, event_feed, read_id
from schema.lending import events as faces

OneLoan = Annotated[ID | None, argument("Only this loan, which the viewer may see.")]


async def _one_or_all(actor: Actor, loan_id: OneLoan = None) -> list[str]:
    """One loan, or all that concern the viewer: own ones, and for staff those of their branch or of all."""
    if loan_id is not None:
        found = await queries.loan(actor, read_id("Loan", loan_id, "loanId"))
        return [loan_topic(found.id)]
    own = [f"user:{actor.id}"]
    if READ not in actor.staff_permissions:
        return own
    return [*own, LOANS if actor.branch_scope is None else loans_of_branch(actor.branch_scope)]


async def _one(actor: Actor, loan_id: Annotated[ID, argument("The loan, which the viewer may see.")]) -> list[str]:
    return await _one_or_all(actor, loan_id)


def _of_loans(name: str, description: str, shows: Mapping[Any, type], topics: Any = _one_or_all) -> Any:
    return event_feed(description, requires=Permission.LOAN_READ, shows=shows, name=name)(topics)


@strawberry.type
class Subscription:
    loan_updated = _of_loans(
        "loanUpdated",
        "Loans as they change: the viewer's own, and for staff those of their branch.",
        {facts.LoanUpdated: faces.LoanUpdated},
    )
    loan_status_changed = _of_loans(
        "loanStatusChanged",
        "The status of one loan as it changes.",
        {facts.LoanStatusChanged: faces.LoanStatusChanged},
        _one,
    )
    loan_application_submitted = _of_loans(
        "loanApplicationSubmitted",
        "Applications as they are handed in.",
        {facts.LoanApplicationSubmitted: faces.LoanApplicationSubmitted},
    )
    loan_documents_added = _of_loans(
        "loanDocumentsAdded",
        "Papers as they are added to applications.",
        {facts.LoanDocumentsAdded: faces.LoanDocumentsAdded},
    )
    loan_reviewed = _of_loans("loanReviewed", "Reviews of applications.", {facts.LoanReviewed: faces.LoanReviewed})
    loan_kyc_verified = _of_loans(
        "loanKycVerified", "Identities as they are verified.", {facts.LoanKycVerified: faces.LoanKycVerified}
    )
    loan_approved = _of_loans(
        "loanApproved", "Applications as they are agreed to.", {facts.LoanApproved: faces.LoanApproved}
    )
    loan_rejected = _of_loans(
        "loanRejected",
        "Applications as they are turned down or taken back.",
        {facts.LoanRejected: faces.LoanRejected, facts.LoanWithdrawn: faces.LoanWithdrawn},
    )
    loan_disbursed = _of_loans(
        "loanDisbursed",
        "Loans as they are paid out, whole or in tranches, and payouts as they are taken back.",
        {
            facts.LoanDisbursed: faces.LoanDisbursed,
            facts.LoanDisbursementReversed: faces.LoanDisbursementReversed,
        },
    )
    payment_processed = _of_loans(
        "paymentProcessed",
        "Payments for loans as they are applied, and as they are undone.",
        {
            facts.PaymentProcessed: faces.PaymentProcessed,
            facts.LoanRepaymentReversed: faces.LoanRepaymentReversed,
        },
    )
    loan_rescheduled = _of_loans("loanRescheduled", "New plans for loans.", {facts.LoanRescheduled: faces.LoanRescheduled})
    loan_ended = _of_loans(
        "loanEnded",
        "Loans as they are paid, written off, or taken off the books.",
        {
            facts.LoanClosed: faces.LoanClosed,
            facts.LoanChargedOff: faces.LoanChargedOff,
            facts.LoanWrittenOff: faces.LoanWrittenOff,
        },
    )
    loan_delinquency_changed = _of_loans(
        "loanDelinquencyChanged",
        "Loans as they become later or less late.",
        {facts.LoanDelinquencyChanged: faces.LoanDelinquencyChanged},
    )
    instalment_due = _of_loans(
        "instalmentDue",
        "Instalments that fall due in a few days, or were not paid in time.",
        {facts.InstalmentDueSoon: faces.InstalmentDueSoon, facts.InstalmentOverdue: faces.InstalmentOverdue},
    )

    @event_feed(
        "Loan products as they are made, revised, retired and brought back.",
        requires=Permission.LOAN_READ,
        shows={facts.LoanProductChanged: faces.LoanProductChanged},
    )
    async def loan_product_changed(actor: Actor) -> list[str]:
        return [PRODUCTS]
