"""The statements as reports: result, balance sheet, cash, revenue, and the list of expenses, to be kept or printed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from domain.accounting import queries, statements
from domain.accounting.models import Expense
from domain.accounting.scope import branch_to_read, currency_to_read
from domain.accounting.statements import ProfitAndLoss, StatementRow
from domain.accounting.states import BreakdownBy, VoucherState
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.money import Money
from domain.reports.parameters import AsOf, CurrencyCode, Period
from domain.reports.registry import Expecting, report
from domain.reports.sheets import Column, ColumnKind, Row, Sheet

BATCH: Final = 500


class StretchParameters(Period):
    """A stretch of days, in the house's default currency and of all branches unless said otherwise."""

    currency: CurrencyCode | None = None
    branch_id: UUID | None = None


class DayParameters(AsOf):
    """The end of a day, in the house's default currency unless said otherwise."""

    currency: CurrencyCode | None = None


class CashParameters(DayParameters):
    """The end of a day, of all branches unless one is said."""

    branch_id: UUID | None = None


@report(
    "profit_and_loss",
    title="Profit and loss",
    purpose="What was earned and spent in a period, account by account, beside the period before.",
    requires=Permission.ACCOUNTING_READ,
    parameters=StretchParameters,
)
async def profit_and_loss(actor: Actor, parameters: StretchParameters, progress: Expecting) -> Sheet:
    found = await statements.profit_and_loss(
        actor,
        since=parameters.from_date,
        until=parameters.to_date,
        currency=parameters.currency,
        branch_id=parameters.branch_id,
        compare=True,
    )
    rows = [*_of_group("Income", found.income), *_of_group("Expenses", found.expenses)]
    await progress.expect(len(rows))
    return Sheet(
        title="Profit and loss",
        subtitle=f"{_stretch(found.since, found.until)}, {found.currency}",
        columns=[
            Column("Group"),
            Column("Code"),
            Column("Account"),
            Column("Amount", ColumnKind.MONEY),
            Column(_heading_before(found), ColumnKind.MONEY),
        ],
        rows=rows,
        totals=[
            (title, None, None, now, before)
            for title, now, before in zip(_TOTALS, _totals(found), _totals(found.before), strict=True)
        ],
    )


@report(
    "balance_sheet",
    title="Balance sheet",
    purpose="What the house has, what it owes, and what is its owners', at the end of a day.",
    requires=Permission.ACCOUNTING_READ,
    parameters=DayParameters,
)
async def balance_sheet(actor: Actor, parameters: DayParameters, progress: Expecting) -> Sheet:
    found = await statements.balance_sheet(actor, as_of=parameters.as_of, currency=parameters.currency)
    rows: list[Row] = [
        *_of_group("Assets", found.assets),
        *_of_group("Liabilities", found.liabilities),
        *_of_group("Equity", found.equity),
        ("Equity", None, "Result not in retained earnings yet", found.current_result),
    ]
    await progress.expect(len(rows))
    return Sheet(
        title="Balance sheet",
        subtitle=f"As of {found.as_of.isoformat()}, {found.currency}",
        columns=[Column("Group"), Column("Code"), Column("Account"), Column("Amount", ColumnKind.MONEY)],
        rows=[row[:4] for row in rows],
        totals=[
            ("Total assets", None, None, found.total_assets),
            ("Total liabilities", None, None, found.total_liabilities),
            ("Total equity", None, None, found.total_equity),
        ],
    )


@report(
    "cash_position",
    title="Cash position",
    purpose="The money at hand at the end of a day, and how much of it belongs to the owners of wallets.",
    requires=Permission.ACCOUNTING_READ,
    parameters=CashParameters,
)
async def cash_position(actor: Actor, parameters: CashParameters, progress: Expecting) -> Sheet:
    found = await statements.cash_position(
        actor, as_of=parameters.as_of, currency=parameters.currency, branch_id=parameters.branch_id
    )
    await progress.expect(len(found.accounts))
    return Sheet(
        title="Cash position",
        subtitle=f"As of {found.as_of.isoformat()}, {found.currency}",
        columns=[Column("Code"), Column("Account"), Column("Amount", ColumnKind.MONEY)],
        rows=[(row.code, row.name, row.amount) for row in found.accounts],
        totals=[
            ("Total", None, found.total),
            ("Owed to wallets", None, found.owed_to_wallets),
            ("Own", None, found.own),
        ],
    )


@report(
    "revenue_breakdown",
    title="Revenue by business and month",
    purpose="What was earned in a period, by the business that earned it, and month by month.",
    requires=Permission.ACCOUNTING_READ,
    parameters=StretchParameters,
)
async def revenue_breakdown(actor: Actor, parameters: StretchParameters, progress: Expecting) -> list[Sheet]:
    sheets = []
    for by, heading in ((BreakdownBy.BUSINESS, "Business"), (BreakdownBy.MONTH, "Month"), (BreakdownBy.ACCOUNT, "Account")):
        found = await statements.revenue_breakdown(
            actor,
            since=parameters.from_date,
            until=parameters.to_date,
            by=by,
            currency=parameters.currency,
            branch_id=parameters.branch_id,
        )
        await progress.expect(len(found.slices))
        sheets.append(
            Sheet(
                title=f"Revenue by {heading.lower()}",
                subtitle=f"{_stretch(found.since, found.until)}, {found.currency}",
                columns=[
                    Column(heading),
                    Column("Amount", ColumnKind.MONEY, summed=True),
                    Column("Share", ColumnKind.PERCENT),
                ],
                rows=[(each.label, each.amount, each.share) for each in found.slices],
            )
        )
    return sheets


@report(
    "expenses",
    title="Expenses",
    purpose="The expenses of a period that are in the books, by date.",
    requires=Permission.ACCOUNTING_READ,
    parameters=StretchParameters,
)
async def expenses(actor: Actor, parameters: StretchParameters, progress: Expecting) -> Sheet:
    branch_id, currency = branch_to_read(actor, parameters.branch_id), currency_to_read(parameters.currency)
    names = await statements.names_of_accounts(currency)
    return Sheet(
        title="Expenses",
        subtitle=f"{_stretch(parameters.from_date, parameters.to_date)}, {currency}",
        columns=[
            Column("Date", ColumnKind.DATE),
            Column("Number", ColumnKind.NUMBER),
            Column("Category"),
            Column("Payee"),
            Column("Description"),
            Column("Reference"),
            Column("Amount", ColumnKind.MONEY, summed=True),
        ],
        rows=_expense_rows(actor, parameters, currency, branch_id, names, progress),
    )


async def _expense_rows(
    actor: Actor,
    parameters: StretchParameters,
    currency: str,
    branch_id: UUID | None,
    names: dict[UUID, str],
    progress: Expecting,
) -> AsyncIterator[Row]:
    """Batch by batch, each starting behind the last row of the one before."""
    chosen = queries.visible_vouchers(actor, Expense).filter(
        state=VoucherState.POSTED,
        currency=currency,
        dated_on__gte=parameters.from_date,
        dated_on__lte=parameters.to_date,
    )
    if branch_id is not None:
        chosen = chosen.filter(branch_id=branch_id)
    await progress.expect(await chosen.count())
    behind: tuple[date, int] | None = None
    while True:
        batch = await queries.in_order_of_date(chosen, behind, BATCH)
        for each in batch:
            category = names.get(each.debit_account_id, "") if each.debit_account_id else ""
            yield each.dated_on, each.number, category, each.payee, each.description, each.reference, each.amount
        if len(batch) < BATCH:
            return
        behind = (batch[-1].dated_on, batch[-1].number)


_TOTALS: Final = ("Total income", "Total expenses", "Net")


def _totals(found: ProfitAndLoss | None) -> tuple[Money | None, Money | None, Money | None]:
    return (None, None, None) if found is None else (found.total_income, found.total_expenses, found.net)


def _of_group(group: str, rows: Sequence[StatementRow]) -> list[Row]:
    return [(group, row.code, row.name, row.amount, row.before) for row in rows]


def _stretch(since: date, until: date) -> str:
    return f"{since.isoformat()} to {until.isoformat()}"


def _heading_before(found: ProfitAndLoss) -> str:
    return "Before" if found.before is None else _stretch(found.before.since, found.before.until)
