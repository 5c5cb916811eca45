"""The income and the expenses of the school as clients see them."""

from __future__ import annotations

from datetime import date, datetime

from domain.identity.queries import people
from domain.ledger import queries as books
from domain.school import models
from domain.school.queries import transactions as queries
from domain.school.states import FeePaymentMethod, TransactionKind
from schema.core.books import JournalEntry
from schema.identity.types import User
from schema.kit import ID, Money, Node, attribute, global_id, node_type, object_type, relation, relations
from schema.school import enums  # noqa: F401  describes the enums that are used here


@object_type("How much of a transaction one account of the books has.")
class TransactionShare:
    account_code: str = attribute("The code of the account in the chart, such as `4511`.")
    account_title: str = attribute("What the account is called.")
    amount: Money = attribute("How much.")


@node_type(
    models.SchoolTransaction,
    queries.transactions_by_id,
    "Income of the school or an expense, as an entry of the books. It is never changed: what was wrong is reversed, and "
    "another takes its place under the same reference. What is paid of a fee is one transaction in the category "
    "`School Fees` under the number of the fee, and none when nothing is paid.",
)
class FinancialTransaction(Node):
    reference: str = attribute("What it is found by: the number of its fee, such as `FEE-42`, or what was written down.")
    kind: TransactionKind = attribute("Whether the money came in or was spent.")
    category: str = attribute("What it was for, in a word of the school's; `School Fees` for fees.")
    description: str = attribute("What it was for, in a sentence; with the names of when it was written.")
    amount: Money = attribute("How much, always above zero.")
    on_date: date = attribute("The day on which the books have it.", name="date")
    fee_id: ID | None = global_id("SchoolFee", "The fee whose money it is; null for other income and for expenses.")
    branch_id: ID | None = global_id("Branch", "The campus that it is of; null for the whole school.")
    method: FeePaymentMethod | None = attribute("How the money went; null for fees, whose payments say it.")
    entry_id: ID = global_id("JournalEntry", "Its entry in the books.")
    revises_id: ID | None = global_id("FinancialTransaction", "The transaction in whose place it stands, if there was one.")
    reversed_on: date | None = attribute("The day from which the books have it no more; null while it stands.")
    created_by_id: ID = global_id("User", "Who wrote it down, or changed the fee.")
    created_at: datetime = attribute("When it was written down.")

    entry: JournalEntry | None = relation(
        books.entries_by_id, "entry_id", "Its entry; null to those who may not read the books."
    )
    created_by: User | None = relation(people, "created_by_id", "Who wrote it down, or changed the fee.")
    shares: list[TransactionShare] = relations(
        queries.shares_of, "id", "Which accounts of the books have how much of it, in the order of their codes.", size=3
    )
    history: list[FinancialTransaction] = relations(
        queries.histories,
        "reference",
        "What ever stood under this reference, in the order in which it was written, the latest 100 at most: what stands "
        "now is without `reversedOn`.",
        size=5,
    )
