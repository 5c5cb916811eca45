"""What clients send about income and expenses."""

from __future__ import annotations

from datetime import date

from domain.school.queries import transactions as queries
from domain.school.service.books import TransactionEdits, TransactionTerms
from domain.school.states import FeePaymentMethod, TransactionKind
from schema.kit import ID, CurrencyCode, MoneyInput, attribute, idempotency_key, input_type, read_id, read_optional_id
from schema.school import enums  # noqa: F401  describes the enums that are used here

_ACCOUNT = "The code of an income account (of an expense: an expense account) of the chart that takes entries by hand"


@input_type("Other income of the school, or an expense.")
class AddFinancialTransactionInput:
    category: str = attribute(
        "What it is for, in a word of the school's, of up to 80 characters. `School Fees` is for fees alone: see `addFee`."
    )
    description: str = attribute("What it is for, in a sentence of up to 300 characters.")
    amount: MoneyInput = attribute("How much, above zero.")
    on: date | None = attribute("On which day it was, not one to come; today when left out.", default=None, name="date")
    method: FeePaymentMethod = attribute("How the money went: `CASH` or `BANK`.", default=FeePaymentMethod.CASH)
    account_code: str | None = attribute(f"{_ACCOUNT}; `4529` (of an expense `5290`) when left out.", default=None)
    reference: str | None = attribute(
        "What it is found by, such as the number of a bill, in up to 60 characters; one is given when left out.",
        default=None,
    )
    branch_id: ID | None = attribute("The campus that it is of; the viewer's own when left out.", default=None)
    idempotency_key: str | None = idempotency_key()

    def terms(self) -> TransactionTerms:
        return TransactionTerms(
            category=self.category,
            description=self.description,
            amount=self.amount.parse("input", "amount"),
            on=self.on,
            method=self.method,
            account_code=self.account_code,
            reference=self.reference,
            branch_id=read_optional_id("Branch", self.branch_id, "input", "branchId"),
        )


@input_type("What is said anew about other income or an expense. What is left out stays.")
class UpdateFinancialTransactionInput:
    transaction_id: ID = attribute("The transaction, which stands.")
    category: str | None = attribute("What it is for, in a word.", default=None)
    description: str | None = attribute("What it is for, in a sentence.", default=None)
    amount: MoneyInput | None = attribute("How much.", default=None)
    on: date | None = attribute("On which day it was.", default=None, name="date")
    method: FeePaymentMethod | None = attribute("How the money went: `CASH` or `BANK`.", default=None)
    account_code: str | None = attribute(f"{_ACCOUNT}.", default=None)
    idempotency_key: str | None = idempotency_key()

    def edits(self) -> TransactionEdits:
        return TransactionEdits(
            category=self.category,
            description=self.description,
            amount=None if self.amount is None else self.amount.parse("input", "amount"),
            on=self.on,
            method=self.method,
            account_code=self.account_code,
        )


@input_type("A transaction to be taken off the books.")
class DeleteFinancialTransactionInput:
    transaction_id: ID = attribute("The transaction, which stands and is no fee's.")
    idempotency_key: str | None = idempotency_key()


@input_type("How fees and the books are compared.")
class ResyncFinancialsInput:
    dry_run: bool = attribute("Only find, and put nothing right.", default=False)


@input_type("Which transactions. What is left out does not narrow.")
class FinancialTransactionFilter:
    kind: TransactionKind | None = attribute("Income, or expenses.", default=None)
    category: str | None = attribute("In this category, whatever its capitals.", default=None)
    reference: str | None = attribute("With this reference, such as `FEE-42`.", default=None)
    currency: CurrencyCode | None = attribute("In this currency.", default=None)
    fee_id: ID | None = attribute("Of this fee.", default=None)
    branch_id: ID | None = attribute("Of this campus.", default=None)
    of_fees: bool | None = attribute("True: money of fees alone. False: all else.", default=None)
    since: date | None = attribute("In the books on this day or later.", default=None, name="from")
    until: date | None = attribute("In the books on this day or earlier.", default=None, name="to")

    def parse(self) -> queries.TransactionFilter:
        return queries.TransactionFilter(
            kind=self.kind,
            category=self.category,
            reference=self.reference,
            currency=self.currency,
            fee_id=None if self.fee_id is None else read_id("SchoolFee", self.fee_id, "filter", "feeId"),
            branch_id=read_optional_id("Branch", self.branch_id, "filter", "branchId"),
            of_fees=self.of_fees,
            since=self.since,
            until=self.until,
        )
