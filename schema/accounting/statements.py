"""The statements as clients see them. Each is of one currency."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from domain.accounting import dashboard
from domain.accounting.states import BreakdownBy, DashboardPeriod, VoucherKind, VoucherState
from domain.ledger import queries as books
from domain.ledger.chart import AccountKind
from schema.accounting import enums  # noqa: F401  describes the enums that are used here
from schema.core.books import Account, JournalEntry
from schema.kit import ID, CurrencyCode, Money, attribute, global_id, object_type, relation
from schema.kit.fields import FieldRule

_ROWS = FieldRule(size=20, shared=True)


@object_type("An account in a statement, on the side on which it grows: below zero, it leans to the other.")
class StatementRow:
    account_id: ID | None = global_id("Account", "The account; null where accounts of persons are summed.")
    code: str = attribute("Its code in the chart.")
    name: str = attribute("What it is for.")
    kind: AccountKind = attribute("Its group.")
    amount: Money = attribute("How much.")
    before: Money | None = attribute("How much it was in the stretch before; null when that was not asked for.")


@object_type("What was earned and spent in a stretch of days, and what is left of it.")
class ProfitAndLoss:
    since: date = attribute("The first day.", name="from")
    until: date = attribute("The last day.", name="to")
    currency: CurrencyCode = attribute("The currency of all amounts in it.")
    branch_id: ID | None = global_id("Branch", "The branch that it is of; null for the whole house.")
    income: list[StatementRow] = attribute("What was earned, by account.", rule=_ROWS)
    expenses: list[StatementRow] = attribute("What was spent, by account.", rule=_ROWS)
    total_income: Money = attribute("All income.")
    total_expenses: Money = attribute("All expenses.")
    net: Money = attribute("Income without expenses; below zero is a loss.")
    before: ProfitAndLoss | None = attribute(
        "The stretch just before: as many calendar months when it is of whole months, else as many days. Null when it was "
        "not asked for."
    )


@object_type("The money at hand at the end of a day.")
class CashPosition:
    as_of: date = attribute("The day.")
    currency: CurrencyCode = attribute("The currency of all amounts in it.")
    branch_id: ID | None = global_id("Branch", "The branch that it is of; null for the whole house.")
    accounts: list[StatementRow] = attribute("Every account of cash, bank and mobile money; empty ones too.", rule=_ROWS)
    total: Money = attribute("All of them.")
    owed_to_wallets: Money = attribute("How much belongs to the owners of wallets.")
    own: Money = attribute("What is left when every wallet is paid out.")


@object_type("A part of the revenue.")
class RevenueSlice:
    key: str = attribute(
        "Which part: a code, a day, a month as `2026-01`, a business, the plain id of a branch; empty for none."
    )
    label: str = attribute("What people call it.")
    amount: Money = attribute("How much.")
    share: Decimal | None = attribute("Percent of the whole, two decimals, rounded half-even; null when the whole is zero.")


@object_type("The revenue of a stretch of days, taken apart in one way.")
class RevenueBreakdown:
    since: date = attribute("The first day.", name="from")
    until: date = attribute("The last day.", name="to")
    by: BreakdownBy = attribute("In which way.")
    currency: CurrencyCode = attribute("The currency of all amounts in it.")
    branch_id: ID | None = global_id("Branch", "The branch that it is of; null for the whole house.")
    total: Money = attribute("The whole.")
    slices: list[RevenueSlice] = attribute("The parts: the largest first, days and months in their order.", rule=_ROWS)


@object_type("What the house has, what it owes, and what is its owners', at the end of a day.")
class BalanceSheet:
    as_of: date = attribute("The day.")
    currency: CurrencyCode = attribute("The currency of all amounts in it.")
    assets: list[StatementRow] = attribute("What the house has, by account.", rule=_ROWS)
    liabilities: list[StatementRow] = attribute("What it owes, by account.", rule=_ROWS)
    equity: list[StatementRow] = attribute("What its owners put in and left in, by account.", rule=_ROWS)
    total_assets: Money = attribute("All assets.")
    total_liabilities: Money = attribute("All liabilities.")
    current_result: Money = attribute("What was earned and spent and is not in retained earnings yet.")
    total_equity: Money = attribute("All equity, the current result included.")
    balanced: bool = attribute("Whether assets equal liabilities and equity, as they must.")


@object_type("An account over a stretch of days: what it had before, what moved, what it had after.")
class GeneralLedger:
    account_id: ID = global_id("Account", "The account.")
    since: date = attribute("The first day.", name="from")
    until: date = attribute("The last day.", name="to")
    currency: CurrencyCode = attribute("The currency of the account.")
    opening: Money = attribute("The balance before the first day, on the side on which the account grows.")
    debits: Money = attribute("The sum of all debits.")
    credits: Money = attribute("The sum of all credits.")
    closing: Money = attribute("The balance after the last day.")

    account: Account | None = relation(books.accounts_read, "account_id", "The account.")


@object_type("A line of an account, with the balance after it.")
class GeneralLedgerLine:
    effective_on: date = attribute("The date on which it counts.")
    recorded_at: datetime = attribute("When it was written down.")
    entry_id: ID = global_id("JournalEntry", "The entry that it is of.")
    debit: Money | None = attribute("How much was debited; null for a credit.")
    credit: Money | None = attribute("How much was credited; null for a debit.")
    balance: Money = attribute("What the account had after it, on the side on which it grows.")

    entry: JournalEntry | None = relation(books.entries_by_id, "entry_id", "The entry that it is of.")


@object_type("How many vouchers of a kind wait in a state.")
class WaitingVouchers:
    kind: VoucherKind = attribute("Which kind.")
    state: VoucherState = attribute("In which state: DRAFT, PENDING_APPROVAL or REJECTED.")
    count: int = attribute("How many, in all currencies.")


@object_type("What accountants see at a glance: a period that ends today, in one currency.")
class AccountingDashboard:
    period: DashboardPeriod = attribute("The period.")
    currency: CurrencyCode = attribute("The currency of all amounts in it.")
    branch_id: ID | None = global_id("Branch", "The branch that it is of; null for the whole house.")
    profit_and_loss: ProfitAndLoss = attribute("The result of the period, beside that of the stretch before.")
    cash_position: CashPosition = attribute("The money at hand now.")
    revenue_breakdown: RevenueBreakdown = attribute("The revenue of the period, by business.")
    waiting: list[WaitingVouchers] = attribute("What waits for somebody.", rule=FieldRule(size=6, shared=True))
    draft_count: int = attribute("How many vouchers are drafts.")
    pending_approval_count: int = attribute("How many wait for approval.")
    recent_entries: list[JournalEntry] = attribute(
        "The latest entries of the journal; empty for those who may not read the books.",
        rule=FieldRule(size=dashboard.RECENT, shared=True),
    )
