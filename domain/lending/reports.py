"""Lending on paper: the portfolio, what is to be collected, how old the arrears are, what came in and what was paid out.

Each is for staff who collect, of the branches that they see. The first three are as things stand today; their rows are read
in one snapshot, so that what happens meanwhile is not half in them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.database import Record, connection
from domain.kit.decimals import percent
from domain.kit.money import Money
from domain.lending import days
from domain.lending.access import branch_condition
from domain.lending.collections import require_collector
from domain.lending.days import in_currency
from domain.lending.rules import BUCKETS, bucket_of
from domain.reports.parameters import CurrencyCode, Parameters, Period
from domain.reports.registry import Expecting, report
from domain.reports.sheets import Column, ColumnKind, Row, Sheet

PREFETCH: Final = 1_000

_MONEY, _NUMBER, _DATE = ColumnKind.MONEY, ColumnKind.NUMBER, ColumnKind.DATE


class BookParameters(Parameters):
    """How things stand today, of the branches that one sees and in the house's currency unless said otherwise."""

    branch_id: UUID | None = None
    currency: CurrencyCode | None = None


class OfficersBookParameters(BookParameters):
    """The same, of one loan officer if one is said."""

    user_id: UUID | None = None


class CollectionParameters(OfficersBookParameters):
    """The same, due until a day: in 30 days unless said otherwise."""

    to_date: date | None = None


class StretchParameters(Period):
    """What happened from a day to a day, of the branches that one sees and in the house's currency unless said otherwise."""

    branch_id: UUID | None = None
    currency: CurrencyCode | None = None


# Loans that are paid out and not over. $1 currency, $2 branch or all, $3 officer or all.
PORTFOLIO: Final = """
select l.number, l.borrower_name, b.name as branch, coalesce(o.name, '') as officer, l.product_name, l.disbursed_on,
       l.maturity_on, l.disbursed_minor, l.principal_outstanding_minor, l.outstanding_minor, l.next_due_on,
       l.charged_off_on
from loan l join branch b on b.id = l.branch_id left join app_user o on o.id = l.officer_id
where l.status = 'ACTIVE' and l.currency = $1 and ($2::uuid is null or l.branch_id = $2)
  and ($3::uuid is null or l.officer_id = $3)
order by b.name, l.number
"""


@report(
    "loan_portfolio",
    title="Loan portfolio",
    purpose="Every active loan with its balance and how late it is, and the portfolio at risk.",
    requires=Permission.LOAN_COLLECT,
    parameters=OfficersBookParameters,
)
async def loan_portfolio(actor: Actor, parameters: OfficersBookParameters, progress: Expecting) -> list[Sheet]:
    branch, currency = _scope(actor, parameters)
    today = clock.today()
    summary = await _at_risk(currency, today, branch, parameters.user_id)

    def row(each: Record) -> Row:
        late = max(0, (today - each["next_due_on"]).days) if each["next_due_on"] else 0
        return (
            each["number"],
            each["borrower_name"],
            each["branch"],
            each["officer"],
            each["product_name"],
            each["disbursed_on"],
            each["maturity_on"],
            Money(each["disbursed_minor"], currency),
            Money(each["principal_outstanding_minor"], currency),
            Money(each["outstanding_minor"], currency),
            each["next_due_on"],
            late,
            "CHARGED_OFF" if each["charged_off_on"] else bucket_of(late).code,
        )

    loans = Sheet(
        title="Loans",
        subtitle=f"As of {today.isoformat()}, {currency}",
        columns=[
            Column("Number"),
            Column("Borrower"),
            Column("Branch"),
            Column("Officer"),
            Column("Product"),
            Column("Disbursed on", _DATE),
            Column("Maturity", _DATE),
            Column("Disbursed", _MONEY, summed=True),
            Column("Principal outstanding", _MONEY, summed=True),
            Column("Outstanding", _MONEY, summed=True),
            Column("Next due", _DATE),
            Column("Days past due", _NUMBER),
            Column("Bucket"),
        ],
        rows=_rows(progress, PORTFOLIO, row, currency, branch, parameters.user_id),
    )
    return [loans, summary]


async def _at_risk(currency: str, today: date, branch: UUID | None, officer: UUID | None) -> Sheet:
    """The portfolio by bucket. Charged-off loans are off the books, and so beside it."""
    if officer is None:
        rows = [row for group in (await days.figures_by_branch(currency, today, branch)).values() for row in group]
    else:
        rows = await days.figures_of_officer(currency, today, officer, branch)
    found = days.figures_of(rows, currency, today).portfolio
    return Sheet(
        title="Portfolio at risk",
        subtitle=f"As of {today.isoformat()}, {currency}; loans that are charged off are not in it",
        columns=[
            Column("Bucket"),
            Column("Loans", _NUMBER),
            Column("Principal outstanding", _MONEY),
            Column("Share of the portfolio", ColumnKind.PERCENT),
        ],
        rows=[
            (aged.bucket.value, aged.count, aged.amount, _share(aged.amount, found.outstanding)) for aged in found.by_bucket
        ],
        totals=[
            ("Gross portfolio", found.loans, found.outstanding, None),
            *[(f"PAR{late}", None, None, found.par(late)) for late in (30, 60, 90)],
        ],
    )


def _share(amount: Money, whole: Money) -> Decimal | None:
    return percent(amount.amount_minor, whole.amount_minor)


# Unpaid instalments until $4. $1 currency, $2 branch or all, $3 officer or all.
TO_COLLECT: Final = """
select i.due_on, l.number, l.borrower_name, b.name as branch, coalesce(o.name, '') as officer, i.number as instalment,
       i.due_minor, i.unpaid_minor
from loan_instalment i join loan l on l.id = i.loan_id join branch b on b.id = i.branch_id
     left join app_user o on o.id = i.officer_id
where i.unpaid_minor > 0 and i.currency = $1 and ($2::uuid is null or i.branch_id = $2)
  and ($3::uuid is null or i.officer_id = $3) and i.due_on <= $4
order by i.due_on, i.id
"""


@report(
    "collections",
    title="Collections",
    purpose="Every unpaid instalment that is overdue or falls due soon, the oldest first.",
    requires=Permission.LOAN_COLLECT,
    parameters=CollectionParameters,
)
async def collections(actor: Actor, parameters: CollectionParameters, progress: Expecting) -> Sheet:
    branch, currency = _scope(actor, parameters)
    today = clock.today()
    until = parameters.to_date or days.horizon(today)

    def row(each: Record) -> Row:
        return (
            each["due_on"],
            max(0, (today - each["due_on"]).days),
            each["number"],
            each["borrower_name"],
            each["branch"],
            each["officer"],
            each["instalment"],
            Money(each["due_minor"], currency),
            Money(each["unpaid_minor"], currency),
        )

    return Sheet(
        title="Collections",
        subtitle=f"As of {today.isoformat()}, due until {until.isoformat()}, {currency}",
        columns=[
            Column("Due", _DATE),
            Column("Days past due", _NUMBER),
            Column("Loan"),
            Column("Borrower"),
            Column("Branch"),
            Column("Officer"),
            Column("Instalment", _NUMBER),
            Column("Amount due", _MONEY, summed=True),
            Column("Unpaid", _MONEY, summed=True),
        ],
        rows=_rows(progress, TO_COLLECT, row, currency, branch, parameters.user_id, until),
    )


# What is overdue of each loan, by how many days; ages are the first days of the buckets ($5). $1 currency, $2 branch or all,
# $3 officer or all, $4 today.
ARREARS: Final = """
select l.number, l.borrower_name, b.name as branch, coalesce(o.name, '') as officer, late.oldest_on, late.amounts
from (
    select loan_id, min(due_on) as oldest_on, array_agg(amount order by slot) as amounts
    from (
        select i.loan_id, slot, min(i.due_on) as due_on,
               coalesce(sum(i.unpaid_minor) filter (where width_bucket($4::date - i.due_on, $5::int[]) = slot), 0)::bigint
                   as amount
        from loan_instalment i cross join generate_series(1, cardinality($5::int[])) slot
        where i.unpaid_minor > 0 and i.currency = $1 and i.due_on < $4 and ($2::uuid is null or i.branch_id = $2)
          and ($3::uuid is null or i.officer_id = $3)
        group by i.loan_id, slot
    ) by_slot group by loan_id
) late join loan l on l.id = late.loan_id join branch b on b.id = l.branch_id left join app_user o on o.id = l.officer_id
order by late.oldest_on, l.number
"""


@report(
    "arrears_aging",
    title="Arrears by age",
    purpose="What is overdue of each loan, by how many days, the oldest first.",
    requires=Permission.LOAN_COLLECT,
    parameters=OfficersBookParameters,
)
async def arrears_aging(actor: Actor, parameters: OfficersBookParameters, progress: Expecting) -> Sheet:
    branch, currency = _scope(actor, parameters)
    today = clock.today()

    def row(each: Record) -> Row:
        amounts = [Money(amount, currency) for amount in each["amounts"]]
        whole = sum(amounts, Money.zero(currency))
        late = (today - each["oldest_on"]).days
        return (each["number"], each["borrower_name"], each["branch"], each["officer"], late, *amounts, whole)

    return Sheet(
        title="Arrears by age",
        subtitle=f"As of {today.isoformat()}, {currency}",
        columns=[
            Column("Loan"),
            Column("Borrower"),
            Column("Branch"),
            Column("Officer"),
            Column("Days past due", _NUMBER),
            *[Column(_age(bucket.least, bucket.most), _MONEY, summed=True) for bucket in BUCKETS[1:]],
            Column("Overdue", _MONEY, summed=True),
        ],
        rows=_rows(progress, ARREARS, row, currency, branch, parameters.user_id, today, days.AGES),
    )


def _age(least: int, most: int | None) -> str:
    return f"Over {least - 1} days" if most is None else f"{least} to {most} days"


# Money that moved for loans. $1 currency, $2 branch or all, $3 and $4 the first and the last day, $5 the kinds.
MOVED: Final = """
select t.happened_on, t.kind, l.number, l.borrower_name, b.name as branch, t.channel, t.reference, t.amount_minor,
       t.principal_minor, t.interest_minor, t.fee_minor, t.penalty_minor, t.overpaid_minor
from loan_transaction t join loan l on l.id = t.loan_id join branch b on b.id = t.branch_id
where t.reversed_at is null and t.currency = $1 and ($2::uuid is null or t.branch_id = $2)
  and t.happened_on between $3 and $4 and t.kind = any ($5::text[])
order by t.happened_on, t.id
"""
_MOVED_COLUMNS: Final = [
    Column("Date", _DATE),
    Column("Loan"),
    Column("Borrower"),
    Column("Branch"),
    Column("Channel"),
    Column("Reference"),
    Column("Amount", _MONEY, summed=True),
]
_PARTS: Final = ("principal", "interest", "fee", "penalty", "overpaid")


def _moved(each: Record, currency: str) -> Row:
    told = ("happened_on", "number", "borrower_name", "branch", "channel", "reference")
    return (*[each[name] for name in told], Money(each["amount_minor"], currency))


@report(
    "repayments",
    title="Loan repayments",
    purpose="Every payment received for loans in a period, and what it went to; those that were undone are not in it.",
    requires=Permission.LOAN_COLLECT,
    parameters=StretchParameters,
)
async def repayments(actor: Actor, parameters: StretchParameters, progress: Expecting) -> Sheet:
    branch, currency = _scope(actor, parameters)

    def row(each: Record) -> Row:
        parts = [Money(each[f"{part}_minor"], currency) for part in _PARTS]
        return (*_moved(each, currency), *parts, "Recovery" if each["kind"] == "RECOVERY" else "")

    kinds = ["DOWN_PAYMENT", "REPAYMENT", "RECOVERY"]
    return Sheet(
        title="Loan repayments",
        subtitle=_stretch(parameters, currency),
        columns=[
            *_MOVED_COLUMNS,
            *[Column(part.capitalize(), _MONEY, summed=True) for part in _PARTS],
            Column("Remark"),
        ],
        rows=_rows(progress, MOVED, row, currency, branch, parameters.from_date, parameters.to_date, kinds),
    )


@report(
    "disbursements",
    title="Loan disbursements",
    purpose="Every payout of loans in a period, the first of a loan or a later tranche.",
    requires=Permission.LOAN_COLLECT,
    parameters=StretchParameters,
)
async def disbursements(actor: Actor, parameters: StretchParameters, progress: Expecting) -> Sheet:
    branch, currency = _scope(actor, parameters)
    return Sheet(
        title="Loan disbursements",
        subtitle=_stretch(parameters, currency),
        columns=_MOVED_COLUMNS,
        rows=_rows(
            progress,
            MOVED,
            lambda each: _moved(each, currency),
            currency,
            branch,
            parameters.from_date,
            parameters.to_date,
            ["DISBURSEMENT"],
        ),
    )


def _scope(actor: Actor, parameters: BookParameters | StretchParameters) -> tuple[UUID | None, str]:
    """The branch, or all, and the currency that a report is of."""
    require_collector(actor)
    return branch_condition(actor, parameters.branch_id), in_currency(parameters.currency)


def _stretch(parameters: StretchParameters, currency: str) -> str:
    return f"{parameters.from_date.isoformat()} to {parameters.to_date.isoformat()}, {currency}"


async def _rows(progress: Expecting, sql: str, row: Callable[[Record], Row], *arguments: Any) -> AsyncIterator[Row]:
    """The rows of a statement as they are read."""
    async with connection() as c, c.transaction(isolation="repeatable_read", readonly=True):
        await progress.expect(await c.fetchval(f"select count(*) from ({sql}) counted", *arguments))
        async for each in c.cursor(sql, *arguments, prefetch=PREFETCH):
            yield row(each)
