"""Following the accounts live. Staff of a branch hear of its vouchers alone."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.accounting import events as facts
from domain.accounting.dashboard import accounting_dashboard
from domain.accounting.events import ACCOUNTING, FISCAL_PERIODS
from domain.accounting.scope import branch_to_read
from domain.accounting.states import DashboardPeriod
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.ledger.events import JournalEntryPosted as EntryPosted
from schema.accounting.events import (
    ExpenseCreated,
    ExpensePosted,
    FiscalPeriodChanged,
    FiscalYearChanged,
    JournalDraftPosted,
    JournalEntryDrafted,
    JournalEntryPosted,
    RevenueCreated,
    RevenuePosted,
    TransferCreated,
    TransferProcessed,
    VoucherChanged,
)
from schema.accounting.statements import AccountingDashboard
from schema.kit import ID, CurrencyCode, argument, event_feed, read_id, state_feed

READ = Permission.ACCOUNTING_READ

InCurrency = Annotated[CurrencyCode | None, argument("In which currency; the house's default when left out.")]
OfBranch = Annotated[ID | None, argument("Of which branch; all when left out. Staff of a branch always read their own.")]
Period = Annotated[DashboardPeriod, argument("Which stretch of days.")]

_OF_THE_ACCOUNTS = [
    EntryPosted,
    facts.ExpenseCreated,
    facts.ExpensePosted,
    facts.RevenueCreated,
    facts.RevenuePosted,
    facts.TransferCreated,
    facts.TransferProcessed,
    facts.JournalEntryDrafted,
    facts.JournalDraftPosted,
    facts.VoucherChanged,
]


async def _dashboard(
    actor: Actor, period: DashboardPeriod = DashboardPeriod.MONTH, currency: str | None = None, branch_id: str | None = None
) -> object:
    found = None if branch_id is None else read_id("Branch", branch_id, "branchId")
    return await accounting_dashboard(actor, period=period, currency=currency, branch_id=found)


@strawberry.type
class Subscription:
    @event_feed("Expenses as they are written down.", requires=READ, shows={facts.ExpenseCreated: ExpenseCreated})
    async def expense_created(actor: Actor) -> list[str]:
        return [ACCOUNTING]

    @event_feed("Expenses as they come into the books.", requires=READ, shows={facts.ExpensePosted: ExpensePosted})
    async def expense_posted(actor: Actor) -> list[str]:
        return [ACCOUNTING]

    @event_feed("Revenues as they are written down.", requires=READ, shows={facts.RevenueCreated: RevenueCreated})
    async def revenue_created(actor: Actor) -> list[str]:
        return [ACCOUNTING]

    @event_feed("Revenues as they come into the books.", requires=READ, shows={facts.RevenuePosted: RevenuePosted})
    async def revenue_posted(actor: Actor) -> list[str]:
        return [ACCOUNTING]

    @event_feed(
        "Transfers between accounts of the house as they happen.",
        requires=READ,
        shows={facts.TransferProcessed: TransferProcessed},
    )
    async def transfer_processed(actor: Actor) -> list[str]:
        return [ACCOUNTING]

    @event_feed(
        "Everything that happens to vouchers of all kinds: written down, changed, submitted, sent back, posted, taken back.",
        requires=READ,
        shows={
            facts.ExpenseCreated: ExpenseCreated,
            facts.ExpensePosted: ExpensePosted,
            facts.RevenueCreated: RevenueCreated,
            facts.RevenuePosted: RevenuePosted,
            facts.TransferCreated: TransferCreated,
            facts.TransferProcessed: TransferProcessed,
            facts.JournalEntryDrafted: JournalEntryDrafted,
            facts.JournalDraftPosted: JournalDraftPosted,
            facts.VoucherChanged: VoucherChanged,
        },
    )
    async def voucher_updated(actor: Actor) -> list[str]:
        return [ACCOUNTING]

    @event_feed(
        "Entries of the journal as they come into the books, whoever makes them; all, or those of one account.",
        requires=Permission.LEDGER_READ,
        shows={EntryPosted: JournalEntryPosted},
    )
    async def journal_entry_posted(
        actor: Actor, account_id: Annotated[ID | None, argument("Only entries with a line of this account.")] = None
    ) -> list[str]:
        return ["ledger"] if account_id is None else [f"account:{read_id('Account', account_id, 'accountId')}"]

    @event_feed(
        "Fiscal years and periods as they are set up, closed and reopened.",
        requires=READ,
        shows={facts.FiscalPeriodChanged: FiscalPeriodChanged, facts.FiscalYearChanged: FiscalYearChanged},
    )
    async def fiscal_period_changed(actor: Actor) -> list[str]:
        return [FISCAL_PERIODS]

    @state_feed(
        "The accounts at a glance, anew whenever something is posted or written down.",
        requires=READ,
        state=_dashboard,
        shows=AccountingDashboard,
        on=_OF_THE_ACCOUNTS,
    )
    async def accounting_dashboard_updated(
        actor: Actor,
        period: Period = DashboardPeriod.MONTH,
        currency: InCurrency = None,
        branch_id: OfBranch = None,
    ) -> list[str]:
        branch_to_read(actor, None if branch_id is None else read_id("Branch", branch_id, "branchId"))
        return [ACCOUNTING, "ledger"]
