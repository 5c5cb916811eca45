"""The statements: profit and loss, revenue by what it came of, cash position, balance sheet; each of one currency.

They read the sums by day that the ledger keeps, so a statement costs the days that it covers and not the lines behind
them. Income and expenses leave out the closing of a year; the balance sheet counts it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from domain.accounting.accounts import YEAR_END
from domain.accounting.rules import Days, share_of
from domain.accounting.scope import (
    MAX_DAYS,
    MAX_DAYS_ONE_BY_ONE,
    branch_to_read,
    currency_to_read,
    days_to_read,
    require_whole_house,
)
from domain.accounting.states import BreakdownBy
from domain.identity.actor import Actor
from domain.identity.queries import branches_by_id
from domain.kit import clock
from domain.kit.database import fetch
from domain.kit.money import Money
from domain.ledger.chart import WALLETS, AccountKind, every_house_account, id_of_house_account


@dataclass(frozen=True, slots=True)
class StatementRow:
    """An account in a statement, on the side on which it grows; without ``account_id`` it sums accounts of persons."""

    account_id: UUID | None
    code: str
    name: str
    kind: AccountKind
    amount: Money
    before: Money | None = None


@dataclass(frozen=True, slots=True)
class ProfitAndLoss:
    """What was earned and spent in a stretch of days, and what is left of it. ``before`` is the stretch just before."""

    since: date
    until: date
    currency: str
    branch_id: UUID | None
    income: Sequence[StatementRow]
    expenses: Sequence[StatementRow]
    total_income: Money
    total_expenses: Money
    before: ProfitAndLoss | None = None

    @property
    def net(self) -> Money:
        return self.total_income - self.total_expenses


@dataclass(frozen=True, slots=True)
class CashPosition:
    """The money at hand, account by account, and how much of it belongs to the owners of wallets."""

    as_of: date
    currency: str
    branch_id: UUID | None
    accounts: Sequence[StatementRow]
    total: Money
    owed_to_wallets: Money

    @property
    def own(self) -> Money:
        """What is left when every wallet is paid out."""
        return self.total - self.owed_to_wallets


@dataclass(frozen=True, slots=True)
class RevenueSlice:
    """A part of the revenue: of an account, a day, a month, a business or a branch."""

    key: str
    label: str
    amount: Money
    share: Decimal | None


@dataclass(frozen=True, slots=True)
class RevenueBreakdown:
    """The revenue of a stretch of days, taken apart in one way."""

    since: date
    until: date
    by: BreakdownBy
    currency: str
    branch_id: UUID | None
    total: Money
    slices: Sequence[RevenueSlice]


@dataclass(frozen=True, slots=True)
class BalanceSheet:
    """What the house has, what it owes, and what is its owners': the two sides are equal."""

    as_of: date
    currency: str
    assets: Sequence[StatementRow]
    liabilities: Sequence[StatementRow]
    equity: Sequence[StatementRow]
    total_assets: Money
    total_liabilities: Money
    # What was earned and spent, and not carried into retained earnings by the closing of a year.
    current_result: Money
    total_equity: Money

    @property
    def balanced(self) -> bool:
        return self.total_assets == self.total_liabilities + self.total_equity


# What moved under each income and expense code between two days ($2, $3), debits positive, without closings of years ($5);
# of one branch ($4) or of all.
PROFIT_AND_LOSS: Final = """
select d.code, d.kind, sum(d.amount_minor) as amount
from ledger_daily d
where d.currency = $1 and d.kind in ('INCOME', 'EXPENSE') and d.effective_on between $2 and $3
  and ($4::uuid is null or d.branch_id = $4) and d.business <> $5
group by d.code, d.kind
order by d.code
"""

# The balance of each code up to a day ($2), debits positive: of some codes ($3) or all, of one branch ($4) or all.
BALANCES: Final = """
select d.code, d.kind, d.guarded, sum(d.amount_minor) as amount
from ledger_daily d
where d.currency = $1 and d.effective_on <= $2 and ($3::text[] is null or d.code = any($3))
  and ($4::uuid is null or d.branch_id = $4)
group by d.code, d.kind, d.guarded
order by d.code, d.guarded
"""

_KEYS: Final = {
    BreakdownBy.ACCOUNT: "d.code",
    BreakdownBy.DAY: "d.effective_on::text",
    BreakdownBy.MONTH: "to_char(d.effective_on, 'YYYY-MM')",
    BreakdownBy.BUSINESS: "d.business",
    BreakdownBy.BRANCH: "coalesce(d.branch_id::text, '')",
}

# Revenue between two days, taken apart by the key that stands in the braces.
REVENUE: Final = """
select {key} as key, -sum(d.amount_minor) as amount
from ledger_daily d
where d.currency = $1 and d.kind = 'INCOME' and d.effective_on between $2 and $3
  and ($4::uuid is null or d.branch_id = $4) and d.business <> $5
group by 1
having sum(d.amount_minor) <> 0
order by {order}
"""


async def profit_and_loss(
    actor: Actor,
    *,
    since: date,
    until: date,
    currency: str | None = None,
    branch_id: UUID | None = None,
    compare: bool = False,
) -> ProfitAndLoss:
    """Of the whole house, or of a branch; with the stretch before when ``compare`` is set."""
    branch_id, currency = branch_to_read(actor, branch_id), currency_to_read(currency)
    days = days_to_read(since, until)
    moved = await _result_of(days, currency, branch_id)
    earlier = days.before if compare else None
    moved_before = None if earlier is None else await _result_of(earlier, currency, branch_id)
    before = None if earlier is None or moved_before is None else _profit(earlier, currency, branch_id, moved_before)
    return _profit(days, currency, branch_id, moved, moved_before, before)


async def revenue_breakdown(
    actor: Actor,
    *,
    since: date,
    until: date,
    by: BreakdownBy,
    currency: str | None = None,
    branch_id: UUID | None = None,
) -> RevenueBreakdown:
    """What was earned, by what it came of: the largest first, days and months in their order."""
    branch_id, currency = branch_to_read(actor, branch_id), currency_to_read(currency)
    days = days_to_read(since, until, at_most=MAX_DAYS_ONE_BY_ONE if by is BreakdownBy.DAY else MAX_DAYS)
    in_time = by in (BreakdownBy.DAY, BreakdownBy.MONTH)
    sql = REVENUE.format(key=_KEYS[by], order="1" if in_time else "2 desc, 1")
    rows = await fetch(sql, currency, days.since, days.until, branch_id, YEAR_END)
    labels = await _labels(actor, by, [row["key"] for row in rows])
    total = Money(int(sum(row["amount"] for row in rows)), currency)
    slices = [
        RevenueSlice(
            row["key"],
            labels.get(row["key"], row["key"]),
            Money(int(row["amount"]), currency),
            share_of(Money(int(row["amount"]), currency), total),
        )
        for row in rows
    ]
    return RevenueBreakdown(days.since, days.until, by, currency, branch_id, total, slices)


async def cash_position(
    actor: Actor, *, as_of: date | None = None, currency: str | None = None, branch_id: UUID | None = None
) -> CashPosition:
    """The money at hand at the end of a day, today unless said otherwise; every cash account, empty ones too."""
    branch_id, currency = branch_to_read(actor, branch_id), currency_to_read(currency)
    as_of = as_of or clock.today()
    at_hand = [account for account in every_house_account() if account.is_cash]
    codes = [account.code for account in at_hand] + [WALLETS.code]
    rows = await fetch(BALANCES, currency, as_of, codes, branch_id)
    amounts = {(row["code"], row["guarded"]): int(row["amount"]) for row in rows}
    accounts = [
        StatementRow(
            id_of_house_account(account, currency),
            account.code,
            account.name,
            account.kind,
            Money(amounts.get((account.code, False), 0), currency),
        )
        for account in at_hand
    ]
    total = _sum(accounts, currency)
    wallets = Money(-amounts.get((WALLETS.code, True), 0), currency)
    return CashPosition(as_of, currency, branch_id, accounts, total, wallets)


async def balance_sheet(actor: Actor, *, as_of: date | None = None, currency: str | None = None) -> BalanceSheet:
    """At the end of a day, today unless said otherwise; of the whole house, because a branch has no equity of its own."""
    require_whole_house(actor)
    currency, as_of = currency_to_read(currency), as_of or clock.today()
    names = await names_of_codes(currency)
    rows = [
        _row(row, currency, names, persons=row["guarded"])
        for row in await fetch(BALANCES, currency, as_of, None, None)
        if row["amount"]
    ]
    sides = {kind: [row for row in rows if row.kind is kind] for kind in AccountKind}
    totals = {kind: _sum(sides[kind], currency) for kind in AccountKind}
    result = totals[AccountKind.INCOME] - totals[AccountKind.EXPENSE]
    return BalanceSheet(
        as_of=as_of,
        currency=currency,
        assets=sides[AccountKind.ASSET],
        liabilities=sides[AccountKind.LIABILITY],
        equity=sides[AccountKind.EQUITY],
        total_assets=totals[AccountKind.ASSET],
        total_liabilities=totals[AccountKind.LIABILITY],
        current_result=result,
        total_equity=totals[AccountKind.EQUITY] + result,
    )


async def names_of_codes(currency: str) -> dict[str, str]:
    """What each code of the chart is called; of codes that the chart has forgotten, what their account is called."""
    rows = await fetch(
        "select code, name from ledger_account where currency = $1 and owner_id is null and not guarded", currency
    )
    return {row["code"]: row["name"] for row in rows} | {each.code: each.name for each in every_house_account()}


async def names_of_accounts(currency: str) -> dict[UUID, str]:
    """What each account of the house in a currency is called."""
    rows = await fetch("select id, name from ledger_account where currency = $1 and owner_id is null", currency)
    return {row["id"]: row["name"] for row in rows}


Moved = dict[str, tuple[AccountKind, int]]


async def _result_of(days: Days, currency: str, branch_id: UUID | None) -> Moved:
    rows = await fetch(PROFIT_AND_LOSS, currency, days.since, days.until, branch_id, YEAR_END)
    return {row["code"]: (AccountKind(row["kind"]), int(row["amount"])) for row in rows}


def _profit(
    days: Days,
    currency: str,
    branch_id: UUID | None,
    moved: Moved,
    moved_before: Moved | None = None,
    before: ProfitAndLoss | None = None,
) -> ProfitAndLoss:
    names = {each.code: each.name for each in every_house_account()}
    ids = {each.code: id_of_house_account(each, currency) for each in every_house_account()}
    rows = []
    for code in sorted(moved | (moved_before or {})):
        kind, amount = moved.get(code) or (_kind_in(moved_before, code), 0)
        sign = 1 if kind.grows_by_debit else -1
        earlier = None if moved_before is None else Money(sign * moved_before.get(code, (kind, 0))[1], currency)
        if amount or earlier:
            rows.append(
                StatementRow(ids.get(code), code, names.get(code, code), kind, Money(sign * amount, currency), earlier)
            )
    income = [row for row in rows if row.kind is AccountKind.INCOME]
    expenses = [row for row in rows if row.kind is AccountKind.EXPENSE]
    return ProfitAndLoss(
        since=days.since,
        until=days.until,
        currency=currency,
        branch_id=branch_id,
        income=income,
        expenses=expenses,
        total_income=_sum(income, currency),
        total_expenses=_sum(expenses, currency),
        before=before,
    )


def _kind_in(moved: Moved | None, code: str) -> AccountKind:
    assert moved is not None, "the code came from somewhere"
    return moved[code][0]


def _row(row: Any, currency: str, names: dict[str, str], *, persons: bool) -> StatementRow:
    kind = AccountKind(row["kind"])
    house = next((each for each in every_house_account() if each.code == row["code"]), None)
    amount = int(row["amount"]) if kind.grows_by_debit else -int(row["amount"])
    return StatementRow(
        None if persons or house is None else id_of_house_account(house, currency),
        row["code"],
        names.get(row["code"], row["code"]),
        kind,
        Money(amount, currency),
    )


def _sum(rows: Sequence[StatementRow], currency: str) -> Money:
    return sum((row.amount for row in rows), Money.zero(currency))


async def _labels(actor: Actor, by: BreakdownBy, keys: Sequence[str]) -> dict[str, str]:
    match by:
        case BreakdownBy.ACCOUNT:
            return {each.code: each.name for each in every_house_account()}
        case BreakdownBy.BUSINESS:
            return {key: key.replace("_", " ").capitalize() for key in keys}
        case BreakdownBy.BRANCH:
            found = await branches_by_id(actor, [UUID(key) for key in keys if key])
            return {str(branch.id): branch.name for branch in found.values()} | {"": "No branch"}
        case _:
            return {}
