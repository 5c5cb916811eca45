"""What lending comes to by day: portfolio, arrears, what is due and what came in, for branches and for loan officers.

The database adds rows up by day as they change (see ``migrations/0002_days.sql``), so that these figures cost days and not
loans. They are in one currency and as of a day, which is today for whoever asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from domain.kit.database import Record, fetch
from domain.kit.decimals import percent
from domain.kit.money import Money, decimals_of
from domain.lending import settings
from domain.lending.models import LoanInstalment
from domain.lending.rules import BUCKETS, Exposure, bucket_of, par
from domain.lending.states import DelinquencyBucket

Row = Record | Mapping[str, Any]

HORIZON_DAYS: Final = 30
"""How far ahead an instalment is upcoming, unless somebody says otherwise."""

AGES: Final = [bucket.least for bucket in BUCKETS[1:]]
"""The first day of each bucket of arrears."""

_DUE_TODAY, _UPCOMING = -1, -2
_TODAY: Final = 1


@dataclass(frozen=True, slots=True)
class Tally:
    """How many, and how much in all."""

    count: int
    amount: Money

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.count + other.count, self.amount + other.amount)


@dataclass(frozen=True, slots=True)
class Aged:
    """What is in one bucket of arrears."""

    bucket: DelinquencyBucket
    count: int
    amount: Money


@dataclass(frozen=True, slots=True)
class CollectionStats:
    """The unpaid instalments due until ``horizon_on``: overdue, due today and upcoming are disjoint and together all."""

    currency: str
    as_of: date
    horizon_on: date
    due_today: Tally
    overdue: Tally
    upcoming: Tally
    overdue_by_age: list[Aged]


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Active loans by how late they are; amounts are principal. Loans that are charged off are beside it, and not in it."""

    loans: int
    outstanding: Money
    by_bucket: list[Aged]
    charged_off: Tally

    def par(self, days: int) -> Decimal:
        """Portfolio at risk: percent of the principal that is with loans more than so many days late."""
        least = {bucket.code: bucket.least for bucket in BUCKETS}
        return par((Exposure(aged.amount.amount_minor, least[aged.bucket]) for aged in self.by_bucket), days)

    @property
    def par1(self) -> Decimal:
        """Of loans with anything late at all."""
        return self.par(0)

    @property
    def par30(self) -> Decimal:
        return self.par(30)

    @property
    def par60(self) -> Decimal:
        return self.par(60)

    @property
    def par90(self) -> Decimal:
        return self.par(90)


@dataclass(frozen=True, slots=True)
class LendingFigures:
    """All of it for a branch, an officer or the house. The month is the calendar month, up to today."""

    currency: str
    as_of: date
    portfolio: Portfolio
    collections: CollectionStats
    collected_today: Tally
    collected_this_month: Tally
    due_this_month: Tally
    disbursed_today: Tally
    disbursed_this_month: Tally
    completed_on_time: Tally
    completed_late: Tally

    @property
    def collection_rate(self) -> Decimal | None:
        """What came in this month, in percent of what fell due in it so far; early and overdue payments count too."""
        return percent(self.collected_this_month.amount.amount_minor, self.due_this_month.amount.amount_minor)


# A slot is a bucket of arrears (0 for none), or for what is unpaid -1 (due today) or -2 (later); for what happens on days
# it is 1 for today and 0 for the month before. What cancels out is nothing, whether it is folded or not. Each part of what
# is folded is a range of an index, and the lines that are not folded yet are read once. $1 currency, $2 branch, all
# branches or an officer, $3 today, $4 horizon, $5 ages.
_DAYS: Final = """
select whose, measure,
       case when measure in ('PORTFOLIO', 'CHARGED_OFF') then width_bucket($3::date - happens_on, $5::int[])
            when measure <> 'UNPAID' then (happens_on = $3)::int
            when happens_on = $3 then -1 when happens_on > $3 then -2
            else width_bucket($3::date - happens_on, $5::int[]) end as slot,
       sum(count)::bigint as count, sum(amount_minor) as amount
from (
    select {whose} as whose, measure, happens_on, count, amount_minor from {days}
    where currency = $1 and {narrowed} and measure in ('PORTFOLIO', 'CHARGED_OFF')
    union all
    select {whose}, measure, happens_on, count, amount_minor from {days}
    where currency = $1 and {narrowed} and measure = 'UNPAID' and happens_on <= $4
    union all
    select {whose}, measure, happens_on, count, amount_minor from {days}
    where currency = $1 and {narrowed} and measure in ('RECEIVED', 'DISBURSED', 'SCHEDULED', 'ON_TIME', 'LATE')
      and happens_on between date_trunc('month', $3::date)::date and $3
    union all
    select {whose}, measure, happens_on, count, amount_minor from loan_day_change
    where currency = $1 and {narrowed} and {counted}
      and (measure in ('PORTFOLIO', 'CHARGED_OFF') or (measure = 'UNPAID' and happens_on <= $4)
           or (measure <> 'UNPAID' and happens_on between date_trunc('month', $3::date)::date and $3))
) day
group by 1, 2, 3 having sum(count) <> 0 or sum(amount_minor) <> 0
"""
_OF_OFFICERS: Final = "officer_id is not null and measure in ('PORTFOLIO', 'SCHEDULED', 'UNPAID', 'RECEIVED')"
DAYS_BY_BRANCH: Final = _DAYS.format(
    whose="branch_id", days="loan_day", narrowed="($2::uuid is null or branch_id = $2)", counted="true"
)
DAYS_OF_OFFICERS: Final = _DAYS.format(
    whose="officer_id", days="loan_officer_day", narrowed="branch_id = $2", counted=_OF_OFFICERS
)
DAYS_OF_OFFICER: Final = _DAYS.format(
    whose="officer_id",
    days="loan_officer_day",
    narrowed="officer_id = $2 and ($6::uuid is null or branch_id = $6)",
    counted=_OF_OFFICERS,
)

# What is unpaid of a branch ($2), or of one officer ($3) there; in slots as above. $1 currency, $4 today, $5 horizon,
# $6 ages.
_UNPAID: Final = """
select case when happens_on = $4 then -1 when happens_on > $4 then -2
            else width_bucket($4::date - happens_on, $6::int[]) end as slot,
       'UNPAID' as measure, sum(count)::bigint as count, sum(amount_minor) as amount
from {days} where currency = $1 and ($2::uuid is null or branch_id = $2) and {narrowed} and measure = 'UNPAID'
                  and happens_on <= $5
group by 1
"""
UNPAID: Final = _UNPAID.format(days="loan_daily", narrowed="$3::uuid is null")
UNPAID_OF_OFFICER: Final = _UNPAID.format(days="loan_officer_daily", narrowed="officer_id = $3")


async def figures_by_branch(currency: str, today: date, branch_id: UUID | None) -> dict[UUID, list[Record]]:
    """The sums of one branch or of each; :func:`figures_of` reads them, those of several branches together too."""
    rows = await fetch(DAYS_BY_BRANCH, currency, branch_id, today, horizon(today), AGES)
    return _grouped(rows)


async def figures_of_officers(currency: str, today: date, branch_id: UUID) -> dict[UUID, list[Record]]:
    """The sums of each loan officer with loans in a branch."""
    return _grouped(await fetch(DAYS_OF_OFFICERS, currency, branch_id, today, horizon(today), AGES))


async def figures_of_officer(currency: str, today: date, officer_id: UUID, branch_id: UUID | None = None) -> list[Record]:
    """The sums of one loan officer, at every branch or at one."""
    return await fetch(DAYS_OF_OFFICER, currency, officer_id, today, horizon(today), AGES, branch_id)


async def unpaid(
    currency: str, today: date, until: date, *, branch_id: UUID | None, officer_id: UUID | None
) -> CollectionStats:
    """What is unpaid and due by a day, of a branch or of all, of an officer or of all."""
    statement = UNPAID if officer_id is None else UNPAID_OF_OFFICER
    rows = await fetch(statement, currency, branch_id, officer_id, today, until, AGES)
    return _collections(_Sums(rows, currency), currency, today, until)


def horizon(today: date, days: int = HORIZON_DAYS) -> date:
    return today + timedelta(days=days)


def figures_of(rows: Iterable[Row], currency: str, today: date) -> LendingFigures:
    """What sums by slot come to."""
    sums = _Sums(rows, currency)
    return LendingFigures(
        currency=currency,
        as_of=today,
        portfolio=_portfolio(sums),
        collections=_collections(sums, currency, today, horizon(today)),
        collected_today=sums.at("RECEIVED", _TODAY),
        collected_this_month=sums.of("RECEIVED"),
        due_this_month=sums.of("SCHEDULED"),
        disbursed_today=sums.at("DISBURSED", _TODAY),
        disbursed_this_month=sums.of("DISBURSED"),
        completed_on_time=sums.of("ON_TIME"),
        completed_late=sums.of("LATE"),
    )


class _Sums:
    """Sums by measure and slot; rows of several branches are added up."""

    def __init__(self, rows: Iterable[Row], currency: str) -> None:
        self.nothing = Tally(0, Money.zero(currency))
        self._sums: dict[tuple[str, int], Tally] = {}
        for row in rows:
            key = (row["measure"], row["slot"])
            self._sums[key] = self._sums.get(key, self.nothing) + Tally(row["count"], Money(int(row["amount"]), currency))

    def at(self, measure: str, slot: int) -> Tally:
        return self._sums.get((measure, slot), self.nothing)

    def of(self, measure: str) -> Tally:
        return sum((tally for (of, _), tally in self._sums.items() if of == measure), self.nothing)

    def aged(self, measure: str, *, late_only: bool) -> list[Aged]:
        """By bucket of arrears, all of them."""
        tallies = [(bucket, self.at(measure, slot)) for slot, bucket in enumerate(BUCKETS) if slot or not late_only]
        return [Aged(DelinquencyBucket(bucket.code), tally.count, tally.amount) for bucket, tally in tallies]


def _portfolio(sums: _Sums) -> Portfolio:
    active = sums.of("PORTFOLIO")
    return Portfolio(active.count, active.amount, sums.aged("PORTFOLIO", late_only=False), sums.of("CHARGED_OFF"))


def _collections(sums: _Sums, currency: str, today: date, until: date) -> CollectionStats:
    by_age = sums.aged("UNPAID", late_only=True)
    overdue = sum((Tally(aged.count, aged.amount) for aged in by_age), sums.nothing)
    return CollectionStats(
        currency=currency,
        as_of=today,
        horizon_on=until,
        due_today=sums.at("UNPAID", _DUE_TODAY),
        overdue=overdue,
        upcoming=sums.at("UNPAID", _UPCOMING),
        overdue_by_age=by_age,
    )


def stats_of(instalments: Iterable[LoanInstalment], currency: str, today: date) -> CollectionStats:
    """The same of instalments at hand, such as all that one borrower has to pay."""
    until = horizon(today)
    rows = [
        {"measure": "UNPAID", "slot": _slot(each.due_on, today), "count": 1, "amount": each.unpaid_minor}
        for each in instalments
        if each.due_on <= until
    ]
    return _collections(_Sums(rows, currency), currency, today, until)


def _slot(due_on: date, today: date) -> int:
    """The slot of an unpaid instalment, as the statements have it."""
    if due_on >= today:
        return _DUE_TODAY if due_on == today else _UPCOMING
    return BUCKETS.index(bucket_of((today - due_on).days))


def _grouped(rows: Sequence[Record]) -> dict[UUID, list[Record]]:
    groups: dict[UUID, list[Any]] = {}
    for row in rows:
        groups.setdefault(row["whose"], []).append(row)
    return groups


def in_currency(currency: str | None) -> str:
    """The currency asked for, or the one that the house lends in."""
    if currency is None:
        return settings.current().default_currency
    decimals_of(currency)
    return currency
