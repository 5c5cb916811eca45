"""Fiscal years and periods: set up, closed, reopened; and what closing a year does to the books.

Closing a year carries what it earned and spent into retained earnings, by one entry in each currency, dated on its last
day. Its kind is a business of its own, which statements of the year leave out; the balance sheet counts it.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Final
from uuid import UUID

import asyncpg
from tortoise.exceptions import IntegrityError

from domain.accounting.accounts import CLOSING, REOPENING, RETAINED_EARNINGS
from domain.accounting.errors import (
    PeriodAlreadyClosed,
    PeriodAlreadyOpen,
    PeriodNotFound,
    YearIsClosed,
    YearNotFound,
    YearNotOver,
    YearOverlaps,
)
from domain.accounting.events import FiscalPeriodChanged, FiscalYearChanged
from domain.accounting.models import FiscalPeriod, FiscalYear, FiscalYearClosing
from domain.accounting.service.checking import EARLIEST
from domain.accounting.states import PeriodState
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.database import fetch
from domain.kit.errors import InvalidInput
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.ledger.chart import house_account
from domain.ledger.service import Line, Reference, post_entry, reverse_entry

MAX_MONTHS: Final = 24

# What each income and expense account moved in a stretch of days, by currency; debits positive. Closings that were taken
# back cancel out.
RESULT: Final = """
select d.currency, a.id as account_id, sum(d.amount_minor) as amount
from ledger_daily d
join ledger_account a on a.code = d.code and a.currency = d.currency and a.owner_id is null
where d.kind in ('INCOME', 'EXPENSE') and not d.guarded and d.effective_on between $1 and $2
group by d.currency, a.id, a.code
having sum(d.amount_minor) <> 0
order by d.currency, a.code
"""


@retried
async def create_fiscal_year(actor: Actor, *, starts_on: date, months: int = 12, name: str | None = None) -> FiscalYear:
    """Set up a fiscal year of whole months, each a period. Refuses with YEAR_OVERLAPS."""
    actor.require(Permission.FISCAL_PERIODS_MANAGE)
    if not 1 <= months <= MAX_MONTHS:
        raise InvalidInput(f"a fiscal year has 1 to {MAX_MONTHS} months", field=("input", "months"))
    if starts_on < EARLIEST or starts_on.day != 1 or starts_on.year > 9_000:
        raise InvalidInput("a fiscal year starts on the first day of a month, after 1969", field=("input", "startsOn"))
    starts = [_first_of_month(starts_on, count) for count in range(months + 1)]
    ends_on = starts[-1] - timedelta(days=1)
    year = FiscalYear(
        id=new_id(),
        name=_named(name, starts_on, ends_on),
        starts_on=starts_on,
        ends_on=ends_on,
        state=PeriodState.OPEN,
        created_at=clock.now(),
    )
    async with unit_of_work() as work:
        await _hold_postings(work)
        try:
            await year.save(force_create=True)
        except IntegrityError as error:
            if isinstance(error.__cause__, asyncpg.UniqueViolationError | asyncpg.ExclusionViolationError):
                raise YearOverlaps("another fiscal year covers some of these days, or has this name") from None
            raise
        for begin, after in pairwise(starts):
            period = FiscalPeriod(
                id=new_id(),
                year_id=year.id,
                name=begin.strftime("%Y-%m"),
                starts_on=begin,
                ends_on=after - timedelta(days=1),
                state=PeriodState.OPEN,
            )
            await period.save(force_create=True)
        _tell_year(work, year, [])
    return year


@retried
async def close_fiscal_period(actor: Actor, *, period_id: UUID) -> FiscalPeriod:
    """From now on nothing is dated into the period; waits for entries that are being posted."""
    actor.require(Permission.FISCAL_PERIODS_MANAGE)
    async with unit_of_work() as work:
        await _hold_postings(work)
        period = await _locked_period(period_id)
        if period.state is PeriodState.CLOSED:
            raise PeriodAlreadyClosed("this period is closed already", field=PeriodNotFound.field)
        period.close(actor.id)
        await period.save()
        _tell_period(work, period)
    return period


@retried
async def reopen_fiscal_period(actor: Actor, *, period_id: UUID) -> FiscalPeriod:
    """Let entries be dated into the period again. Refuses with YEAR_IS_CLOSED."""
    actor.require(Permission.FISCAL_PERIODS_MANAGE)
    async with unit_of_work() as work:
        await _hold_postings(work)
        period = await _locked_period(period_id)
        if period.state is PeriodState.OPEN:
            raise PeriodAlreadyOpen("this period is open", field=PeriodNotFound.field)
        year = await FiscalYear.get(id=period.year_id)
        if year.state is PeriodState.CLOSED:
            raise YearIsClosed(f"the fiscal year {year.name} is closed; reopen it first")
        period.reopen()
        await period.save()
        _tell_period(work, period)
    return period


@retried
async def close_fiscal_year(actor: Actor, *, year_id: UUID) -> FiscalYear:
    """Carry the year's result into retained earnings and close all of its periods. Refuses with YEAR_NOT_OVER."""
    actor.require(Permission.FISCAL_PERIODS_MANAGE)
    async with unit_of_work() as work:
        await _hold_postings(work)
        year = await _locked_year(year_id)
        if year.state is PeriodState.CLOSED:
            raise PeriodAlreadyClosed("this fiscal year is closed already", field=YearNotFound.field)
        if year.ends_on >= clock.today():
            raise YearNotOver(f"the fiscal year {year.name} ends on {year.ends_on}")
        await _open_last_period(year)
        entry_ids = await _carry_result(year)
        for period in await FiscalPeriod.filter(year_id=year.id, state=PeriodState.OPEN):
            period.close(actor.id)
            await period.save()
        year.close(actor.id)
        await year.save()
        _tell_year(work, year, entry_ids)
    return year


@retried
async def reopen_fiscal_year(actor: Actor, *, year_id: UUID) -> FiscalYear:
    """Take the closing entries back. Its periods stay closed until each is reopened."""
    actor.require(Permission.FISCAL_PERIODS_MANAGE)
    async with unit_of_work() as work:
        await _hold_postings(work)
        year = await _locked_year(year_id)
        if year.state is PeriodState.OPEN:
            raise PeriodAlreadyOpen("this fiscal year is open", field=YearNotFound.field)
        year.reopen()
        await year.save()
        last = await _open_last_period(year)
        entry_ids = []
        for closing in await FiscalYearClosing.filter(year_id=year.id, reversal_id=None).order_by("currency"):
            posted = await reverse_entry(
                closing.entry_id,
                kind=REOPENING,
                description=f"Fiscal year {year.name} reopened",
                effective_on=year.ends_on,
            )
            closing.reversal_id = posted.entry_id
            await closing.save()
            entry_ids.append(posted.entry_id)
        last.close(actor.id)
        await last.save()
        _tell_year(work, year, entry_ids)
    return year


async def _carry_result(year: FiscalYear) -> list[UUID]:
    """Post the closing entry of each currency that moved: every income and expense account back to zero."""
    moved: dict[str, list[tuple[UUID, int]]] = {}
    for row in await fetch(RESULT, year.starts_on, year.ends_on):
        moved.setdefault(row["currency"], []).append((row["account_id"], int(row["amount"])))
    entry_ids = []
    for currency, accounts in moved.items():
        result = -sum(amount for _, amount in accounts)
        lines = [_line(account_id, -amount, currency) for account_id, amount in accounts]
        lines.append(_line(await house_account(RETAINED_EARNINGS, currency), -result, currency))
        posted = await post_entry(
            kind=CLOSING,
            description=f"Result of the fiscal year {year.name}",
            lines=lines,
            reference=Reference("fiscal_year", year.id),
            effective_on=year.ends_on,
        )
        closing = FiscalYearClosing(
            id=new_id(), year_id=year.id, currency=currency, result_minor=result, entry_id=posted.entry_id
        )
        await closing.save(force_create=True)
        entry_ids.append(posted.entry_id)
    return entry_ids


def _line(account_id: UUID, signed_minor: int, currency: str) -> Line:
    return Line(account_id, Money(abs(signed_minor), currency), signed_minor > 0)


async def _open_last_period(year: FiscalYear) -> FiscalPeriod:
    """Open the period of the year's last day for the one entry that is dated on it; nobody else posts meanwhile."""
    last = await FiscalPeriod.filter(year_id=year.id).order_by("-ends_on").first()
    assert last is not None, "a fiscal year has periods"
    if last.state is PeriodState.CLOSED:
        last.reopen()
        await last.save()
    return last


async def _hold_postings(work: Work) -> None:
    """Wait until no entry is being posted, and let none begin before this unit of work ends."""
    await work.execute("select pg_advisory_xact_lock(hashtextextended('fiscal_period', 0))")


async def _locked_period(period_id: UUID) -> FiscalPeriod:
    period = await FiscalPeriod.filter(id=period_id).select_for_update().get_or_none()
    if period is None:
        raise PeriodNotFound("there is no such fiscal period")
    return period


async def _locked_year(year_id: UUID) -> FiscalYear:
    year = await FiscalYear.filter(id=year_id).select_for_update().get_or_none()
    if year is None:
        raise YearNotFound("there is no such fiscal year")
    return year


def _first_of_month(day: date, months_later: int) -> date:
    years, month = divmod(day.month - 1 + months_later, 12)
    return date(day.year + years, month + 1, 1)


def _named(name: str | None, starts_on: date, ends_on: date) -> str:
    name = (name or "").strip() or "/".join(dict.fromkeys([str(starts_on.year), str(ends_on.year)]))
    if len(name) > 40 or not name.isprintable():
        raise InvalidInput("a fiscal year's name has at most 40 characters, all of them printable", field=("input", "name"))
    return name


def _tell_year(work: Work, year: FiscalYear, entry_ids: list[UUID]) -> None:
    work.record(
        FiscalYearChanged(
            year_id=year.id,
            year_name=year.name,
            starts_on=year.starts_on,
            ends_on=year.ends_on,
            state=year.state,
            entry_ids=entry_ids,
        )
    )


def _tell_period(work: Work, period: FiscalPeriod) -> None:
    work.record(
        FiscalPeriodChanged(
            period_id=period.id,
            year_id=period.year_id,
            period_name=period.name,
            starts_on=period.starts_on,
            ends_on=period.ends_on,
            state=period.state,
        )
    )
