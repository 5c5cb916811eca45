"""Lending: an application from desk to desk, and the borrower's money until the loan is paid.

What a borrower should know of also comes as a text message, because many have no other way to hear of it. Who has to decide
on an application is told by the approvals centre (:mod:`~domain.notifications.policy.approvals`), as ``LOAN_APPROVAL``.
"""

from __future__ import annotations

from typing import Any, Final

from domain.events.event import LoggedEvent
from domain.kit.wording import counted, day
from domain.lending.events import (
    LoanApplicationSubmitted,
    LoanApproved,
    LoanClosed,
    LoanDisbursed,
    LoanDisbursementReversed,
    LoanDocumentsAdded,
    LoanKycVerified,
    LoanRejected,
    LoanRepaymentReversed,
    LoanRescheduled,
    LoanWithdrawn,
    PaymentProcessed,
)
from domain.notifications.recipients import Recipients, borrower, branch_managers, loan_officer, persons
from domain.notifications.rule import EVERY_WAY, HIGH, LOW, MEDIUM, MONTH, QUARTER, Rule, a_loan, a_sum_of_a_loan


def somebody_else_who_paid(fact: PaymentProcessed, logged: LoggedEvent) -> Recipients:
    return persons(fact.payer_id, but=(fact.loan.borrower_id,))


RULES: Final[tuple[Rule[Any], ...]] = (
    Rule(
        on=LoanApplicationSubmitted,
        to=borrower,
        priority=MEDIUM,
        channels=EVERY_WAY,
        title="Your application has arrived",
        body=lambda fact: (
            f"You applied for {fact.loan.requested_principal} ({fact.loan.product_name}). The number is {fact.loan.number}."
        ),
        kept_for=QUARTER,
        about=a_loan,
    ),
    Rule(
        on=LoanApplicationSubmitted,
        to=loan_officer,
        type="LOAN_TO_REVIEW",
        priority=HIGH,
        title="A loan application to review",
        body=lambda fact: (
            f"{fact.loan.borrower_name} applies for {fact.loan.requested_principal}, loan {fact.loan.number}: "
            f"{fact.loan.purpose[:300]}"
        ),
        kept_for=MONTH,
        about=a_loan,
    ),
    Rule(
        on=LoanDocumentsAdded,
        to=borrower,
        priority=MEDIUM,
        title="Your papers have arrived",
        body=lambda fact: f"{_count(fact.kinds)} came in for your application {fact.loan.number}.",
        kept_for=MONTH,
        about=a_loan,
    ),
    Rule(
        on=LoanDocumentsAdded,
        to=loan_officer,
        priority=MEDIUM,
        title="Papers for an application",
        body=lambda fact: f"{_count(fact.kinds)} came in for application {fact.loan.number} of {fact.loan.borrower_name}.",
        kept_for=MONTH,
        about=a_loan,
    ),
    Rule(
        on=LoanKycVerified,
        to=borrower,
        priority=MEDIUM,
        channels=EVERY_WAY,
        title="Your identity is verified",
        body=lambda fact: f"Your papers for application {fact.loan.number} are in order.",
        kept_for=MONTH,
        about=a_loan,
    ),
    Rule(
        on=LoanKycVerified,
        to=loan_officer,
        priority=MEDIUM,
        title="An identity is verified",
        body=lambda fact: f"The papers of {fact.loan.borrower_name} for application {fact.loan.number} are in order.",
        kept_for=MONTH,
        about=a_loan,
    ),
    Rule(
        on=LoanApproved,
        to=borrower,
        priority=HIGH,
        channels=EVERY_WAY,
        title="Your loan is approved",
        body=lambda fact: (
            f"Loan {fact.loan.number} over {fact.principal} is approved, in "
            f"{counted(fact.loan.instalment_count, 'instalment')}. "
            "We tell you when it is paid out."
        ),
        kept_for=QUARTER,
        about=a_loan,
    ),
    Rule(
        on=LoanApproved,
        to=loan_officer,
        priority=MEDIUM,
        title="A loan is approved",
        body=lambda fact: f"Loan {fact.loan.number} of {fact.loan.borrower_name} is approved over {fact.principal}.",
        kept_for=MONTH,
        about=a_loan,
    ),
    Rule(
        on=LoanRejected,
        to=borrower,
        priority=HIGH,
        channels=EVERY_WAY,
        title="Your application was turned down",
        body=lambda fact: (
            f"We cannot give you loan {fact.loan.number} over {fact.loan.requested_principal}. "
            "Your branch can tell you why, and what would help."
        ),
        kept_for=QUARTER,
        about=a_loan,
    ),
    Rule(
        on=LoanRejected,
        to=loan_officer,
        priority=MEDIUM,
        title="An application was turned down",
        body=lambda fact: f"Loan {fact.loan.number} of {fact.loan.borrower_name}: {fact.reason[:300]}",
        kept_for=MONTH,
        about=a_loan,
    ),
    Rule(
        on=LoanWithdrawn,
        to=loan_officer,
        priority=MEDIUM,
        title="An application was taken back",
        body=lambda fact: f"Loan {fact.loan.number} of {fact.loan.borrower_name}: {fact.reason[:300]}",
        kept_for=MONTH,
        about=a_loan,
    ),
    Rule(
        on=LoanDisbursed,
        to=borrower,
        priority=HIGH,
        channels=EVERY_WAY,
        title="Your loan is paid out",
        body=lambda fact: (
            f"{fact.amount} of loan {fact.loan.number} were paid out on {day(fact.happened_on)}. "
            f"The first payment of {fact.loan.next_due_amount} is due on {day(fact.loan.next_due_on)}."
            if fact.loan.next_due_on
            else f"{fact.amount} of loan {fact.loan.number} were paid out on {day(fact.happened_on)}."
        ),
        kept_for=QUARTER,
        about=a_sum_of_a_loan,
    ),
    Rule(
        on=LoanDisbursed,
        to=loan_officer,
        priority=MEDIUM,
        title="A loan is paid out",
        body=lambda fact: f"{fact.amount} of loan {fact.loan.number} were paid out to {fact.loan.borrower_name}.",
        kept_for=MONTH,
        about=a_sum_of_a_loan,
    ),
    Rule(
        on=LoanDisbursed,
        to=branch_managers,
        priority=LOW,
        title="A loan of your branch is paid out",
        body=lambda fact: f"{fact.amount} of loan {fact.loan.number} were paid out to {fact.loan.borrower_name}.",
        kept_for=MONTH,
        about=a_sum_of_a_loan,
    ),
    Rule(
        on=PaymentProcessed,
        to=borrower,
        priority=MEDIUM,
        channels=EVERY_WAY,
        title="Your payment has arrived",
        body=lambda fact: (
            f"{fact.amount} came in on {day(fact.happened_on)} for loan {fact.loan.number}. "
            f"{fact.loan.outstanding_amount} remain to be paid."
        ),
        kept_for=QUARTER,
        about=a_sum_of_a_loan,
    ),
    Rule(
        on=PaymentProcessed,
        to=somebody_else_who_paid,
        type="PAYMENT_FOR_SOMEBODY_ELSE",
        priority=MEDIUM,
        title="Your payment has arrived",
        body=lambda fact: f"{fact.amount} came in on {day(fact.happened_on)} for loan {fact.loan.number}. Thank you.",
        kept_for=MONTH,
        about=a_sum_of_a_loan,
    ),
    Rule(
        on=LoanDisbursementReversed,
        to=borrower,
        priority=HIGH,
        channels=EVERY_WAY,
        title="A payout was taken back",
        body=lambda fact: f"The payout of {fact.amount} of loan {fact.loan.number} was taken back.",
        kept_for=QUARTER,
        about=a_sum_of_a_loan,
    ),
    Rule(
        on=LoanRepaymentReversed,
        to=borrower,
        priority=HIGH,
        channels=EVERY_WAY,
        title="A payment was undone",
        body=lambda fact: (
            f"The payment of {fact.amount} for loan {fact.loan.number} does not count any more. "
            f"{fact.loan.outstanding_amount} remain to be paid."
        ),
        kept_for=QUARTER,
        about=a_sum_of_a_loan,
    ),
    Rule(
        on=LoanRepaymentReversed,
        to=loan_officer,
        priority=HIGH,
        title="A payment was undone",
        body=lambda fact: (
            f"The payment of {fact.amount} by {fact.loan.borrower_name} for loan {fact.loan.number} was undone: "
            f"{fact.reason[:300]}"
        ),
        kept_for=MONTH,
        about=a_sum_of_a_loan,
    ),
    Rule(
        on=LoanRescheduled,
        to=borrower,
        priority=HIGH,
        channels=EVERY_WAY,
        title="Your loan has a new plan",
        body=lambda fact: (
            f"From {day(fact.from_on)} on, loan {fact.loan.number} is paid by a new plan. "
            f"{fact.loan.outstanding_amount} remain to be paid."
        ),
        kept_for=QUARTER,
        about=a_loan,
    ),
    Rule(
        on=LoanClosed,
        to=borrower,
        priority=HIGH,
        channels=EVERY_WAY,
        title="Your loan is paid",
        body=lambda fact: f"Everything of loan {fact.loan.number} is paid since {day(fact.happened_on)}. Thank you.",
        kept_for=QUARTER,
        about=a_loan,
    ),
    Rule(
        on=LoanClosed,
        to=loan_officer,
        priority=LOW,
        title="A loan is paid",
        body=lambda fact: f"Everything of loan {fact.loan.number} of {fact.loan.borrower_name} is paid.",
        kept_for=MONTH,
        about=a_loan,
    ),
)


def _count(papers: list[Any]) -> str:
    return "One paper" if len(papers) == 1 else f"{len(papers)} papers"
