"""What clients see of loans and of what belongs to them.

A loan inside a live event is shown by the same type as one that is read: its figures are those of the moment of the event,
and what needs a look into the database (schedule, papers) is of now.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from domain.files.queries import files_by_id
from domain.identity.permissions import Permission
from domain.identity.queries import branches_by_id, people
from domain.ledger.queries import entries_by_id
from domain.lending import models, queries, statement
from domain.lending.events import LoanFigures
from domain.lending.rules.state import InstalmentKind
from domain.lending.rules.terms import ChargeTime
from domain.lending.states import (
    DelinquencyBucket,
    DocumentKind,
    LoanRequestKind,
    LoanRequestStatus,
    LoanStatus,
    PaymentChannel,
    Recommendation,
    TransactionKind,
)
from domain.payments.states import Purpose
from schema.core.books import JournalEntry
from schema.files.types import File
from schema.identity.types import Branch, User
from schema.kit import ID, CurrencyCode, Info, Money, Node, Parent, attribute, field, global_id, node_type, object_type
from schema.kit.ids import encode_id
from schema.kit.relations import relation, relations
from schema.lending import enums  # noqa: F401  describes the enums that are used here
from schema.lending.terms import LoanProduct, LoanTerms
from schema.payments import enums as payment_enums  # noqa: F401  describes the purposes
from schema.payments.paying.targets import TARGETS

ABOUT_SO_MANY_INSTALMENTS = 24
ABOUT_SO_MANY_CHARGES = 6
ABOUT_SO_MANY_DOCUMENTS = 5
ABOUT_SO_MANY_PARTS = 3

AnyLoan = models.Loan | LoanFigures


@node_type(
    models.LoanInstalment,
    queries.instalments_by_id,
    "An instalment as it stands. Due is what was asked for; unpaid is what is left of it after payments, waivers and "
    "write-offs.",
)
class LoanInstalment(Node):
    loan_id: ID = global_id("Loan", "The loan.")
    number: int = attribute("Its place in the schedule, from 1.")
    kind: InstalmentKind = attribute("What it is.")
    from_on: date = attribute("The first day of its period.")
    due_on: date = attribute("The day by which it is to be paid, that day included.")
    principal: Money = attribute("The principal in it.")
    interest: Money = attribute("The interest in it, rounded half-up to the minor unit.")
    fee: Money = attribute("The fees in it.")
    penalty: Money = attribute("The penalties in it.")
    due_amount: Money = attribute("All of it.", name="due")
    paid_amount: Money = attribute("What was paid of it.", name="paid")
    waived_amount: Money = attribute("What was let go of it.", name="waived")
    written_off_amount: Money = attribute("What was given up of it.", name="writtenOff")
    unpaid_amount: Money = attribute("What is left to pay.", name="unpaid")
    balance_after: Money = attribute("The principal left once all is paid up to here as planned.")
    completed_on: date | None = attribute("The day on which nothing was left to pay of it.")
    past_due_days: int = attribute("Days since the due date while something is unpaid; 0 before.")


@node_type(models.LoanDocument, queries.documents_by_id, "A paper of an application.")
class LoanDocument(Node):
    loan_id: ID = global_id("Loan", "The loan.")
    kind: DocumentKind = attribute("What it shows.")
    file_name: str = attribute("The name of its file.")
    file_id: ID = global_id("File", "Its file.")
    uploaded_at: datetime = attribute("When it was added.")
    verified_at: datetime | None = attribute("When staff verified it.")

    file: File | None = relation(files_by_id, "file_id", "Its file; the bytes are at the file's `downloadPath`.")
    uploaded_by: User | None = relation(people, "uploaded_by_id", "Who added it.")


@node_type(models.LoanCharge, statement.charges_by_id, "A fee or a penalty as it stands.")
class LoanCharge(Node):
    loan_id: ID = global_id("Loan", "The loan.")
    code: str = attribute("What kind of charge it is, in the words of the product or of whoever charged it.")
    title: str = attribute("What it is for.")
    time: ChargeTime = attribute("When it fell due.")
    penalty: bool = attribute("Whether it is a penalty; otherwise it is a fee.")
    instalment_number: int = attribute("The instalment that it is in.")
    charged_on: date = attribute("The day on which it was charged.")
    due_on: date = attribute("The day by which it is to be paid.")
    amount: Money = attribute("How much.")
    paid: Money = attribute("What was paid of it.")
    waived: Money = attribute("What was let go of it.")
    written_off: Money = attribute("What was given up of it.")
    unpaid: Money = attribute("What is left to pay.")


@object_type("What a movement paid of one instalment.")
class LoanAllocation:
    instalment_number: int = attribute("The instalment.")
    principal: Money = attribute("Of its principal.")
    interest: Money = attribute("Of its interest.")
    fee: Money = attribute("Of its fees.")
    penalty: Money = attribute("Of its penalties.")


@node_type(
    models.LoanTransaction,
    queries.transactions_by_id,
    "A movement on a loan's statement. It never changes: when an earlier payment is undone or back-dated, the movement is "
    "reversed, and another one says the new split.",
)
class LoanTransaction(Node):
    loan_id: ID = global_id("Loan", "The loan.")
    kind: TransactionKind = attribute("What it was.")
    happened_on: date = attribute("The day that it counts from.")
    amount: Money = attribute("How much.")
    principal: Money = attribute("The principal in it.")
    interest: Money = attribute("The interest in it.")
    fee: Money = attribute("The fees in it.")
    penalty: Money = attribute("The penalties in it.")
    overpaid: Money = attribute("What was more than all that was owed.")
    channel: PaymentChannel | None = attribute("How the money came or went; null where none moved.")
    reference: str = attribute("The number of a receipt, or what else it is known by.")
    note: str = attribute("What was said about it.")
    recorded_at: datetime = attribute("When it was recorded.")
    reversed: bool = attribute("Whether it was undone, or said anew with another split.")
    reversed_at: datetime | None = attribute("When.")
    replaced_by_id: ID | None = global_id("LoanTransaction", "The movement that says it with another split.")

    allocations: list[LoanAllocation] = relations(
        statement.allocations_of, "id", "What it paid of each instalment.", size=ABOUT_SO_MANY_PARTS
    )
    recorded_by: User | None = relation(people, "recorded_by_id", "Who recorded it.")
    journal_entry: JournalEntry | None = relation(
        entries_by_id, "entry_id", "The entry that books it; for those who read the books."
    )


@object_type("A write-off or a new plan that one person asked for and another decides.")
class LoanRequest:
    loan_id: ID = global_id("Loan", "The loan.")
    kind: LoanRequestKind = attribute("What is asked for.")
    status: LoanRequestStatus = attribute("How far it is.")
    reason: str = attribute("Why.")
    comment: str = attribute("What was said with the decision.")
    requested_at: datetime = attribute("When it was asked for.")
    decided_at: datetime | None = attribute("When it was decided.")

    requested_by: User | None = relation(people, "requested_by_id", "Who asked for it.")
    decided_by: User | None = relation(people, "decided_by_id", "Who decided it.")


async def _as_it_is(loan: AnyLoan, info: Info) -> models.Loan | None:
    """The row of a loan, which live items have to look up."""
    if isinstance(loan, models.Loan):
        return loan
    found: models.Loan | None = await info.context.load(queries.loans_by_id, loan.id)
    return found


@node_type(
    models.Loan,
    queries.loans_by_id,
    "A loan from its draft to its end. All its amounts are in one currency; rates are nominal, in percent a year.",
)
class Loan(Node):
    number: str = attribute("Its number, such as `LN-000123`.")
    borrower_id: ID = global_id("User", "Who borrows.")
    borrower_name: str = attribute("The borrower's name.")
    branch_id: ID = global_id("Branch", "The branch that lends.")
    officer_id: ID | None = global_id("User", "Who looks after it.")
    product_id: ID = global_id("LoanProduct", "What it is a loan of.")
    product_name: str = attribute("The product's name when it was applied for.")
    currency: CurrencyCode = attribute("The currency of all its amounts.")
    purpose: str = attribute("What it is for, in the borrower's words.")
    pays_purpose: Purpose | None = attribute("What it is paid out straight for; null when the borrower gets the money.")
    pays_title: str = attribute("What that is in words; empty when there is none.")
    status: LoanStatus = attribute("Where it stands.")
    requested_principal: Money = attribute("What was asked for.")
    approved_principal: Money | None = attribute("What was agreed to; null before.")
    instalment_count: int = attribute("In how many instalments it is to be repaid.")
    annual_rate: Decimal = attribute("The nominal rate, in percent a year.")
    disbursed_amount: Money = attribute("What was paid out.")
    undisbursed_amount: Money = attribute("What is agreed to and not paid out.")
    outstanding_amount: Money = attribute("All that is unpaid of the schedule, interest to come included.")
    principal_outstanding: Money = attribute("The principal in that: the balance of the loan.")
    interest_outstanding: Money = attribute("The interest in that.")
    fee_outstanding: Money = attribute("The fees in that.")
    penalty_outstanding: Money = attribute("The penalties in that.")
    paid_amount: Money = attribute("What payments have settled.")
    waived_amount: Money = attribute("What was let go.")
    written_off_amount: Money = attribute("What was given up.")
    overpaid_amount: Money = attribute("What was paid too much and can be had back.")
    recovered_amount: Money = attribute("What came in after the write-off.")
    past_due_amount: Money = attribute("What was unpaid past its due date when the loan was last brought up to date.")
    next_due_on: date | None = attribute("The due date of the oldest instalment that is not complete.")
    next_due_amount: Money = attribute("What is unpaid of it.")
    maturity_on: date | None = attribute("The last due date.")
    past_due_days: int = attribute("Days since the due date of the oldest unpaid instalment; 0 when nothing is late.")
    overdue: bool = attribute("Whether something is past its due date.")
    bucket: DelinquencyBucket = attribute("How late it was when it was last brought up to date.")
    delinquent_since_on: date | None = attribute("The first delinquent day: the due date and the days of grace.")
    delinquency_paused: bool = attribute("Whether the days of now count as delinquent.")
    recommendation: Recommendation | None = attribute("What the review came to.")
    kyc_required: bool = attribute("Whether the borrower's identity must be verified.")
    submitted_at: datetime | None = attribute("When it was handed in.")
    reviewed_at: datetime | None = attribute("When it was reviewed.")
    kyc_verified_at: datetime | None = attribute("When the borrower's identity was verified.")
    approved_at: datetime | None = attribute("When it was agreed to.")
    disbursed_on: date | None = attribute("The day of the first disbursement.")
    charged_off_on: date | None = attribute("The day on which it was taken off the books; it is owed all the same.")
    written_off_on: date | None = attribute("The day on which it was given up.")
    closed_on: date | None = attribute("The day on which it was over.")
    revision: int = attribute("How often it has changed.")
    created_at: datetime = attribute("When it was begun.")
    updated_at: datetime = attribute("When it last changed.")

    @field(ID | None, "What it pays straight, such as a school fee.", name="paysTargetId", shared=True)
    def pays_target(self, loan: Parent[AnyLoan]) -> str | None:
        target_id, purpose = loan.pays_target_id, loan.pays_purpose
        return None if target_id is None or purpose is None else encode_id(TARGETS[purpose], target_id)

    borrower: User | None = relation(people, "borrower_id", "Who borrows.")
    officer: User | None = relation(people, "officer_id", "Who looks after it.")
    branch: Branch | None = relation(branches_by_id, "branch_id", "The branch that lends.")
    product: LoanProduct | None = relation(queries.products_by_id, "product_id", "The product as it is now.")

    @field(LoanTerms | None, "What is asked for until the approval, and what was agreed from then on.")
    async def terms(self, loan: Parent[AnyLoan], info: Info) -> object:
        found = await _as_it_is(loan, info)
        return None if found is None else found.agreed_terms

    @field(str | None, "What was said with the decision, or when it was withdrawn.")
    async def decision_comment(self, loan: Parent[AnyLoan], info: Info) -> object:
        found = await _as_it_is(loan, info)
        return None if found is None else found.decision_comment

    @field(str | None, "What the review said; null to those who do not review loans.")
    async def review_comment(self, loan: Parent[AnyLoan], info: Info) -> object:
        if Permission.LOAN_REVIEW not in info.context.actor.permissions:
            return None
        found = await _as_it_is(loan, info)
        return None if found is None else found.review_comment

    schedule: list[LoanInstalment] = relations(
        queries.instalments_of,
        "id",
        "The schedule as it stands; empty before money was paid out.",
        size=ABOUT_SO_MANY_INSTALMENTS,
    )
    charges: list[LoanCharge] = relations(
        queries.charges_of, "id", "Its fees and penalties, by due date.", size=ABOUT_SO_MANY_CHARGES
    )
    documents: list[LoanDocument] = relations(
        queries.documents_of, "id", "Its papers, the earliest first.", size=ABOUT_SO_MANY_DOCUMENTS
    )
    requests: list[LoanRequest] = relations(
        statement.requests_of,
        "id",
        "Write-offs and new plans that were asked for, the latest first; for those who read loans as staff.",
        size=ABOUT_SO_MANY_PARTS,
    )
