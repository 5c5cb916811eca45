"""The books as clients see them: accounts, balances, the journal, the trial balance."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from domain.identity.queries import people
from domain.ledger import models, queries
from domain.ledger.chart import AccountKind
from schema.identity.types import User
from schema.kit import (
    ID,
    CurrencyCode,
    Info,
    Money,
    Node,
    Parent,
    attribute,
    encode_id,
    enum_type,
    field,
    global_id,
    node_type,
    object_type,
)
from schema.kit.fields import FieldRule
from schema.kit.nodes import global_id_of
from schema.kit.relations import relation, relations

ABOUT_SO_MANY_LINES = 4
ABOUT_SO_MANY_ROWS = 50

enum_type(
    AccountKind,
    "Which of the five groups an account belongs to. Assets and expenses grow by debits, the others by credits.",
    {
        "ASSET": "What the organisation has, or is owed. Codes from 1000.",
        "LIABILITY": "What it owes. Codes from 2000.",
        "EQUITY": "What belongs to its owners. Codes from 3000.",
        "INCOME": "What it earned. Codes from 4000.",
        "EXPENSE": "What it spent. Codes from 5000.",
    },
)


@node_type(models.Account, queries.accounts_read, "An account of the ledger, in one currency.")
class Account(Node):
    code: str = attribute("Its code in the chart; accounts of persons share one.")
    name: str = attribute("What it is for.")
    kind: AccountKind = attribute("Its group.")
    currency: CurrencyCode = attribute("The one currency of the account.")
    owner_id: ID | None = global_id("User", "Whose account it is; null for accounts of the house.")
    guarded: bool = attribute("Whether it can never be overdrawn. Such accounts take no entries by hand.")
    opened_at: datetime = attribute("When it was opened.")

    owner: User | None = relation(people, "owner_id", "Whose account it is; null for accounts of the house.")


@object_type("A house account of the chart in one currency. It is opened by its first entry.")
class ChartAccount:
    account_id: ID = global_id("Account", "The id that the account has, whether it is open already or not.")
    code: str = attribute("Its code.")
    name: str = attribute("What it is for.")
    kind: AccountKind = attribute("Its group.")
    currency: CurrencyCode = attribute("The currency.")

    account: Account | None = relation(queries.accounts_read, "account_id", "The account; null before its first entry.")


@object_type("An account's balance on the side on which the account grows; negative when it leans to the other.")
class AccountBalance:
    account_id: ID = global_id("Account", "The account.")
    posted: Money = attribute("The sum of all its lines.")
    held: Money = attribute("What is set aside for something undecided. Zero for balances of the past.")
    available: Money = attribute("What was posted, without what is held.")
    as_of: date | None = attribute("The effective date up to which lines count; null for all.")

    account: Account | None = relation(queries.accounts_read, "account_id", "The account.")


@object_type("One line of an entry: a debit or a credit of one account.")
class JournalLine:
    line_no: int = attribute("Its place in the entry, from 1.")
    account_id: ID = global_id("Account", "The account.")
    debit: Money | None = attribute("How much is debited; null for a credit.")
    credit: Money | None = attribute("How much is credited; null for a debit.")

    account: Account | None = relation(queries.accounts_read, "account_id", "The account.")


@node_type(
    models.JournalEntry,
    queries.entries_by_id,
    "An entry of the journal: lines whose debits equal their credits in each currency. It never changes; a mistake is "
    "corrected by the opposite entry.",
)
class JournalEntry(Node):
    number: int = attribute("Counts the entries, from 1, without order in time between entries made at once.")
    kind: str = attribute("What made it, such as `ledger.manual` or `invoice_finance.investment`.")
    description: str = attribute("What it is for.")
    effective_on: date = attribute("The date on which it counts.")
    recorded_at: datetime = attribute("When it was written down.")
    actor_id: ID | None = global_id("User", "Who made it; null when nobody who is signed in did.")
    correlation_id: UUID = attribute("What all that came of one request, job or event has in common.")
    reverses_id: ID | None = global_id("JournalEntry", "The entry that this one takes back.")
    branch_id: ID | None = global_id("Branch", "The branch that it is of; null for the whole house.")
    reference_kind: str | None = attribute("What kind of thing it is about, such as `invoice`.")

    @field(ID | None, "The id of what it is about, for `node`; null when that cannot be fetched.", shared=True)
    def reference_id(self, entry: Parent[models.JournalEntry]) -> ID | None:
        return global_id_of(entry.reference_kind, entry.reference_id)

    actor: User | None = relation(people, "actor_id", "Who made it; null when nobody who is signed in did.")

    @field(ID | None, "The entry that took this one back; null while it stands.")
    async def reversed_by_id(self, entry: Parent[models.JournalEntry], info: Info) -> ID | None:
        reversal = await info.context.load(queries.reversals_of, entry.id)
        return ID(encode_id("JournalEntry", reversal)) if reversal else None

    lines: list[JournalLine] = relations(queries.lines_of, "id", "Its lines in their order.", size=ABOUT_SO_MANY_LINES)


@object_type("One account of the trial balance, with its net balance in the column of its side.")
class TrialBalanceRow:
    account_id: ID = global_id("Account", "The account; one of several where persons' accounts are summed.")
    code: str = attribute("Its code in the chart.")
    name: str = attribute("What it is for.")
    kind: AccountKind = attribute("Its group.")
    currency: CurrencyCode = attribute("The currency.")
    debit: Money = attribute("The net balance when it is a debit; zero otherwise.")
    credit: Money = attribute("The net balance when it is a credit; zero otherwise.")


@object_type("The foot of the trial balance in one currency.")
class TrialBalanceTotal:
    currency: CurrencyCode = attribute("The currency.")
    debit: Money = attribute("The sum of all debit balances.")
    credit: Money = attribute("The sum of all credit balances.")
    balanced: bool = attribute("Whether both are equal, as they must be.")


@object_type("Every account with a balance, house accounts one by one and persons' accounts summed under their code.")
class TrialBalance:
    as_of: date | None = attribute("The effective date up to which lines count; null for all.")
    rows: list[TrialBalanceRow] = attribute(
        "The accounts, by currency and code.", rule=FieldRule(size=ABOUT_SO_MANY_ROWS, shared=True)
    )
    totals: list[TrialBalanceTotal] = attribute("Both sides' totals, by currency.")
