"""What clients see of vouchers and fiscal periods.

A voucher inside a live event is shown by the same type as one that is read: it is as it stood at the event, and what needs a
look into the database (accounts, people, lines) is of now.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Final
from uuid import UUID

import strawberry

from domain.accounting import models, queries
from domain.accounting.accounts import REFERENCES
from domain.accounting.states import PeriodState, VoucherState
from domain.files.models import StoredFile
from domain.files.queries import files_of
from domain.identity.actor import Actor
from domain.identity.queries import branches_by_id, people
from domain.ledger import queries as books
from schema.accounting import enums  # noqa: F401  describes the enums that are used here
from schema.core.books import ABOUT_SO_MANY_LINES, Account, JournalEntry
from schema.files.types import File
from schema.identity.types import Branch, User
from schema.kit import ID, Info, Money, Node, Parent, attribute, field, global_id, node_type, object_type
from schema.kit.loaders import Load
from schema.kit.relations import relation, relations


def _papers_of(subject: str) -> Load[UUID, list[StoredFile]]:
    async def load(actor: Actor, ids: Collection[UUID]) -> dict[UUID, list[StoredFile]]:
        return await files_of(actor, subject, ids)

    return load


_PAPERS: Final = {kind: _papers_of(subject) for kind, subject in REFERENCES.items()}


@strawberry.interface(description="What every kind of voucher has: the paper behind an entry, until it is in the books.")
class Voucher(Node):
    number: int = attribute("Counts the vouchers of all kinds, from 1, with gaps.")
    state: VoucherState = attribute("Where it stands.")
    dated_on: date = attribute("The date on which it counts.")
    description: str = attribute("What it is for.")
    reference: str = attribute("The number of the paper behind it, such as an invoice's; empty when there is none.")
    branch_id: ID | None = global_id("Branch", "Which branch it is of; null for the whole house.")
    created_by: ID = global_id("User", "Who wrote it down.", name="createdById")
    created_at: datetime = attribute("When it was written down.")
    changed_by: ID = global_id("User", "Who changed it last, or wrote it down.", name="changedById")
    changed_at: datetime = attribute("When that was.")
    submitted_by: ID | None = global_id("User", "Who asked for its approval.", name="submittedById")
    submitted_at: datetime | None = attribute("When that was.")
    decided_by: ID | None = global_id("User", "Who approved or rejected it; never one of its makers.", name="decidedById")
    decided_at: datetime | None = attribute("When that was.")
    decision_comment: str = attribute("What they said; empty when nothing.")
    posted_by: ID | None = global_id("User", "Who brought it into the books.", name="postedById")
    posted_at: datetime | None = attribute("When that was.")
    entry_id: ID | None = global_id("JournalEntry", "The entry that it became; null while it is not in the books.")
    reversal_id: ID | None = global_id("JournalEntry", "The entry that took it back.")
    reversed_by: ID | None = global_id("User", "Who took it back.", name="reversedById")
    reversed_at: datetime | None = attribute("When that was.")

    branch: Branch | None = relation(branches_by_id, "branch_id", "Which branch it is of; null for the whole house.")
    creator: User | None = relation(people, "created_by", "Who wrote it down.")
    decider: User | None = relation(people, "decided_by", "Who approved or rejected it.")
    entry: JournalEntry | None = relation(
        books.entries_by_id, "entry_id", "The entry that it became; null to those who may not read the books."
    )

    @field(list[File], "Its papers, such as receipts and invoices, the oldest first.", size=3)
    async def papers(self, voucher: Parent[models.Voucher], info: Info) -> object:
        return await info.context.load_many(_PAPERS[voucher.kind], voucher.id)


@node_type(models.Expense, queries.expenses_by_id, "What the house spent: paid at once, or owed to creditors.")
class Expense(Voucher):
    amount: Money = attribute("How much.")
    payee: str = attribute("Who was paid, or is to be.")
    category_account_id: ID = global_id("Account", "The expense account that is debited.")
    paid_from_account_id: ID = global_id("Account", "The account of cash or bank, or the creditors, that is credited.")

    category_account: Account | None = relation(
        books.accounts_read, "category_account_id", "The expense account; null to those who may not read the books."
    )
    paid_from_account: Account | None = relation(
        books.accounts_read, "paid_from_account_id", "What it is paid from; null to those who may not read the books."
    )


@node_type(
    models.Revenue,
    queries.revenues_by_id,
    "What the house earned outside of its businesses: received at once, or owed by debtors.",
)
class Revenue(Voucher):
    amount: Money = attribute("How much.")
    payer: str = attribute("Who paid, or is to pay.")
    category_account_id: ID = global_id("Account", "The income account that is credited.")
    received_into_account_id: ID = global_id("Account", "The account of cash or bank, or the debtors, that is debited.")

    category_account: Account | None = relation(
        books.accounts_read, "category_account_id", "The income account; null to those who may not read the books."
    )
    received_into_account: Account | None = relation(
        books.accounts_read,
        "received_into_account_id",
        "What it is received into; null to those who may not read the books.",
    )


@node_type(models.Transfer, queries.transfers_by_id, "Money of the house that moves between its cash and bank accounts.")
class Transfer(Voucher):
    amount: Money = attribute("How much.")
    from_account_id: ID = global_id("Account", "The account that gives the money.")
    to_account_id: ID = global_id("Account", "The account that gets it.")

    from_account: Account | None = relation(
        books.accounts_read, "from_account_id", "The account that gives the money; null to those who may not read the books."
    )
    to_account: Account | None = relation(
        books.accounts_read, "to_account_id", "The account that gets it; null to those who may not read the books."
    )


@object_type("One line of a draft of an entry: a debit or a credit of one account.")
class JournalDraftLine:
    line_no: int = attribute("Its place in the draft, from 1.")
    account_id: ID = global_id("Account", "The account.")
    debit: Money | None = attribute("How much is to be debited; null for a credit.")
    credit: Money | None = attribute("How much is to be credited; null for a debit.")

    account: Account | None = relation(
        books.accounts_read, "account_id", "The account; null to those who may not read the books."
    )


@node_type(models.JournalDraft, queries.journal_drafts_by_id, "An entry by hand that was written down before it is posted.")
class JournalDraft(Voucher):
    lines: list[JournalDraftLine] = relations(
        queries.lines_of_drafts, "id", "Its lines in their order; they balance in each currency.", size=ABOUT_SO_MANY_LINES
    )


@node_type(models.FiscalYear, queries.fiscal_years_by_id, "A year of the books.")
class FiscalYear(Node):
    name: str = attribute("What it is called.")
    starts_on: date = attribute("Its first day.")
    ends_on: date = attribute("Its last day.")
    state: PeriodState = attribute("Closed, its result is carried into retained earnings.")
    closed_by: ID | None = global_id("User", "Who closed it; null while it is open.", name="closedById")
    closed_at: datetime | None = attribute("When that was.")

    results: list[Money] = relations(
        queries.results_of, "id", "What it carried into retained earnings, by currency; below zero is a loss.", size=2
    )


@node_type(models.FiscalPeriod, queries.fiscal_periods_by_id, "A part of a fiscal year, usually a month.")
class FiscalPeriod(Node):
    name: str = attribute("What it is called, such as `2026-01`.")
    year_id: ID = global_id("FiscalYear", "The fiscal year that it is a part of.")
    starts_on: date = attribute("Its first day.")
    ends_on: date = attribute("Its last day.")
    state: PeriodState = attribute("Whether anything can be dated into it.")
    closed_by: ID | None = global_id("User", "Who closed it; null while it is open.", name="closedById")
    closed_at: datetime | None = attribute("When that was.")

    year: FiscalYear | None = relation(queries.fiscal_years_by_id, "year_id", "The fiscal year that it is a part of.")
