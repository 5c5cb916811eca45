"""Imports of statements, their rows, and the rules by which they are matched, as clients see them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from domain.files.queries import files_by_id
from domain.identity.queries import people
from domain.kit.paging import Page, PageRequest
from domain.payments import models
from domain.payments.events import ImportFigures
from domain.payments.queries import statements as queries
from domain.payments.rules.rule_book import criteria_of
from domain.payments.rules.rule_matching import Criterion, MatchField, Operator, Strategy
from domain.payments.rules.statements import RowKind, RowProblem
from domain.payments.states import ImportStatus, Outcome, RowState
from schema.files.types import File
from schema.identity.types import User
from schema.kit import (
    ID,
    Info,
    Money,
    Node,
    Parent,
    argument,
    attribute,
    enum_type,
    field,
    global_id,
    input_type,
    listing,
    node_type,
    object_type,
)
from schema.kit.relations import relation
from schema.payments import enums  # noqa: F401  describes the enums that are used here

ABOUT_SO_MANY_CRITERIA = 3

enum_type(
    ImportStatus,
    "Where the import of a statement stands.",
    {
        "QUEUED": "It waits for its turn.",
        "RUNNING": "Its rows are being worked through.",
        "DONE": "All of it was worked through.",
        "FAILED": "It is no statement, or broke off; see the problem.",
        "CANCELLED": "Somebody called it off. What had been worked through stays.",
    },
    name="StatementImportStatus",
)
enum_type(
    RowKind,
    "What a row of a statement is.",
    {
        "PAYMENT_IN": "Money that came.",
        "PAYMENT_OUT": "Money that was sent.",
        "REVERSAL": "A payment was taken back.",
        "CHARGE": "What M-Pesa takes for a payment, whose receipt it has.",
    },
    name="MpesaStatementRowKind",
)
enum_type(
    RowState,
    "What a row of a statement turned out to be.",
    {
        "KNOWN": "A statement has told it before, so it changes nothing.",
        "MATCHED": "It is new, and about a payment of ours.",
        "ORPHAN": "Nobody knows what it is for. Its money waits in suspense.",
        "IGNORED": "It is about no payment to us: a charge, money that was sent, a payment that failed.",
    },
    name="MpesaStatementRowState",
)
enum_type(
    RowProblem,
    "Why a row of a statement, or the whole file, cannot be read.",
    {
        "NO_HEADINGS": "There is no line with the headings of a statement.",
        "NOT_CSV": "It is not CSV, or has more or longer cells than any row has.",
        "MISSING_CELL": "A cell that is needed is empty.",
        "BAD_RECEIPT": "The receipt number is none.",
        "BAD_DATE": "The time is none.",
        "BAD_AMOUNT": "The amount is none, or can be read in two ways.",
        "NO_AMOUNT": "Nothing came and nothing went.",
        "TWO_AMOUNTS": "Something came and went in one row.",
        "UNKNOWN_STATUS": "The status is none that M-Pesa has.",
        "UNKNOWN_ORIGINAL": "It takes a payment back and does not say which.",
    },
    name="MpesaStatementRowProblem",
)
enum_type(
    MatchField,
    "What of a row and a payment is compared.",
    {
        "AMOUNT": "The amounts; they are always compared, and exactly where no criterion allows a drift.",
        "DATE": "When the money moved, and when the payment was opened.",
        "REFERENCE": "What the payer typed, and the payment's reference; only letters and digits count.",
        "DESCRIPTION": "The details, and the payment's title; only letters and digits count.",
        "CURRENCY": "The currencies.",
    },
)
enum_type(
    Operator,
    "How it is compared.",
    {
        "EQUALS": "It is the same, but for the drift.",
        "CONTAINS": "The text of one side is in that of the other.",
    },
    name="MatchOperator",
)
enum_type(
    Strategy,
    "How many rows of a statement go with how many payments.",
    {
        "ONE_TO_ONE": "One row with one payment.",
        "ONE_TO_MANY": "One row with several payments that add up to it. A person has to say which one has the receipt.",
        "MANY_TO_ONE": "Several rows that add up to one payment.",
    },
    name="MatchStrategy",
)


@node_type(models.StatementRow, queries.rows_by_id, "A movement of a statement. Numbers of telephones are masked.")
class MpesaStatementRow(Node):
    import_id: ID = global_id("StatementImport", "The import that it is of.")
    number: int = attribute("Its number, as a spreadsheet counts: the first row of the file is 1.")
    kind: RowKind = attribute("What it is.")
    outcome: Outcome = attribute("What it says became of the payment.")
    receipt: str = attribute("Its receipt number.")
    reverses: str | None = attribute("The receipt of the payment that it takes back.")
    completed_at: datetime = attribute("When the money moved.")
    amount: Money = attribute("How much, without a sign.")
    details: str = attribute("What the provider calls it.")
    reference: str | None = attribute("The account number that the payer typed.")
    payment_id: ID | None = global_id("Payment", "The payment that it is about, where one is known.")
    state: RowState = attribute("What it turned out to be.")


@input_type("Which rows; those that fit all that is said.")
class MpesaStatementRowFilter:
    states: list[RowState] | None = attribute("Only rows that turned out to be one of these.", default=None)
    kinds: list[RowKind] | None = attribute("Only rows of these kinds.", default=None)
    receipt: str | None = attribute("Only rows with this receipt number.", default=None)

    def parse(self) -> queries.RowFilter:
        return queries.RowFilter(states=self.states or (), kinds=self.kinds or (), receipt=self.receipt)


@object_type("A row of a statement that could not be read.")
class MpesaStatementRowError:
    number: int = attribute("Its number, as a spreadsheet counts.")
    problem: RowProblem = attribute("What is wrong.")
    column: str = attribute("Which cell it is about, such as `paid_in`; empty where it is the whole row.")


@node_type(
    models.StatementImport,
    queries.imports_by_id,
    "A statement of our account at M-Pesa that was handed in, and how far it was worked through. Each row counts once, "
    "however often it is handed in.",
)
class StatementImport(Node):
    number: str = attribute("Its number.")
    file_id: ID = global_id("File", "The file.")
    file_name: str = attribute("The name of the file.")
    status: ImportStatus = attribute("Where it stands.")
    rows_total: int | None = attribute("How many rows it has; null before it is begun.")
    rows_done: int = attribute("How many of them were worked through.")
    payments_in: int = attribute("How many rows are money that came.")
    reversals: int = attribute("How many rows take a payment back.")
    others: int = attribute("How many rows are charges, or money that was sent.")
    known: int = attribute("How many rows a statement had told before.")
    matched: int = attribute("How many rows were about payments of ours, and new.")
    orphans: int = attribute("How many rows were nobody's.")
    bad_rows: int = attribute("How many rows cannot be read.")
    from_at: datetime | None = attribute(
        "From when on it tells all that moved. Null before it is done, and where rows in its midst cannot be read."
    )
    until_at: datetime | None = attribute("Until when it tells all that moved.")
    problem: str | None = attribute("What is wrong with it.")
    requested_by: ID | None = global_id("User", "Who handed it in.", name="requestedById")
    created_at: datetime = attribute("When it was handed in.")
    started_at: datetime | None = attribute("When it was begun.")
    finished_at: datetime | None = attribute("When it came to an end.")
    version: int = attribute("Grows with each change.")

    @field(int, "How much of it is worked through, in percent.", shared=True)
    def progress_percent(self, found: Parent[models.StatementImport | ImportFigures]) -> int:
        if found.status is ImportStatus.DONE:
            return 100
        return min(99, 100 * found.rows_done // found.rows_total) if found.rows_total else 0

    requester: User | None = relation(people, "requested_by", "Who handed it in.", name="requestedBy")
    file: File | None = relation(files_by_id, "file_id", "The file.")

    @listing(MpesaStatementRow, "Its rows that can be read, in their order.")
    async def rows(
        self,
        found: Parent[models.StatementImport | ImportFigures],
        info: Info,
        page: PageRequest,
        filter: Annotated[MpesaStatementRowFilter | None, argument("Only some of them.")] = None,
    ) -> Page[models.StatementRow]:
        wanted = (filter or MpesaStatementRowFilter()).parse()
        return await queries.statement_rows(info.context.actor, found.id, page, wanted)

    @listing(MpesaStatementRowError, "Its rows that cannot be read, in their order.", name="rowErrors")
    async def errors(
        self, found: Parent[models.StatementImport | ImportFigures], info: Info, page: PageRequest
    ) -> Page[models.StatementRowError]:
        return await queries.statement_errors(info.context.actor, found.id, page)


@object_type("One comparison of a rule.")
class MatchCriterion:
    field: MatchField = attribute("What is compared.")
    operator: Operator = attribute("How.")
    drift: Decimal = attribute(
        "How far the two may differ: an amount by this part of the payment's (0 to 1), a time by so many seconds, a text by "
        "this percentage of its characters."
    )


@node_type(
    models.MatchRule,
    queries.rules_by_id,
    "A rule for matching rows of statements with payments. Rules are tried in their order, each on what those before left.",
)
class MatchRule(Node):
    title: str = attribute("What it is called.")
    position: int = attribute("Rules are tried from the lowest position on.")
    strategy: Strategy = attribute("How many rows go with how many payments.")
    is_active: bool = attribute("Whether it is tried.")
    created_at: datetime = attribute("When it was made.")
    updated_at: datetime = attribute("When it was changed last.")
    version: int = attribute("Grows with each change.")

    @field(list[MatchCriterion], "What is compared; all of it must hold.", size=ABOUT_SO_MANY_CRITERIA, shared=True)
    def criteria(self, rule: Parent[models.MatchRule]) -> list[Criterion]:
        return list(criteria_of(rule.criteria))
