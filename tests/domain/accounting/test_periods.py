"""Fiscal years and periods: what is closed takes no entry, whoever posts and however close the race."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import asyncpg
import pytest

from domain.accounting import accounts, queries, statements
from domain.accounting.errors import (
    PeriodAlreadyClosed,
    PeriodAlreadyOpen,
    PeriodNotFound,
    YearIsClosed,
    YearNotFound,
    YearNotOver,
    YearOverlaps,
)
from domain.accounting.models import FiscalPeriod, FiscalYear
from domain.accounting.service import (
    close_fiscal_period,
    close_fiscal_year,
    create_fiscal_year,
    post_expense,
    reopen_fiscal_period,
    reopen_fiscal_year,
)
from domain.accounting.states import PeriodState
from domain.kit.clock import clock_set_to
from domain.kit.database import execute
from domain.kit.errors import Forbidden, InvalidInput
from domain.kit.ids import new_id
from domain.kit.paging import PageRequest
from domain.kit.unit_of_work import unit_of_work
from domain.ledger.chart import BANK, CAPITAL, house_account
from domain.ledger.errors import PeriodClosed
from domain.ledger.models import JournalEntry
from domain.ledger.service import credit, debit, post_entry, reverse_entry
from tests.support.accounting import (
    a_drafted_expense,
    a_posted_expense,
    a_posted_revenue,
    an_accountant,
    capital,
    in_account,
    inr,
)
from tests.support.happenings import assert_integrity, names_of_events, nothing_happens
from tests.support.invoices import an_investor
from tests.support.races import outcomes_of

pytestmark = pytest.mark.usefixtures("database")

ACCOUNTANT = an_accountant()
MARCH_31 = date(2030, 3, 31)


@pytest.fixture(autouse=True)
def in_april() -> Iterator[None]:
    """It is the second of April, 2030; a fiscal year ended two days ago."""
    moment = datetime(2030, 4, 2, 9, tzinfo=UTC)
    with clock_set_to(moment):
        yield


async def the_year() -> FiscalYear:
    return await create_fiscal_year(ACCOUNTANT, starts_on=date(2029, 4, 1))


async def period_of(day: date) -> FiscalPeriod:
    return await FiscalPeriod.get(starts_on__lte=day, ends_on__gte=day)


async def test_a_year_has_its_months() -> None:
    year = await the_year()
    assert (year.name, year.ends_on) == ("2029/2030", MARCH_31)
    page = await queries.fiscal_periods(ACCOUNTANT, PageRequest(), year_id=year.id)
    assert [period.name for period in page.rows][:2] == ["2029-04", "2029-05"]
    assert len(page.rows) == 12
    assert page.rows[10].ends_on == date(2030, 2, 28)
    with pytest.raises(YearOverlaps):
        await create_fiscal_year(ACCOUNTANT, starts_on=date(2030, 3, 1), months=1, name="Another")
    with pytest.raises(YearOverlaps):
        await create_fiscal_year(ACCOUNTANT, starts_on=date(2040, 3, 1), name=" 2029/2030 ")
    assert await names_of_events() == ["accounting.fiscal_year_changed"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"starts_on": date(2030, 4, 2)},
        {"starts_on": date(1969, 4, 1)},
        {"starts_on": date(9999, 4, 1)},
        {"months": 0},
        {"months": 25},
        {"name": "x" * 41},
        {"name": "a\nb"},
    ],
)
async def test_what_is_no_fiscal_year(wrong: dict[str, Any]) -> None:
    async with nothing_happens():
        with pytest.raises(InvalidInput):
            await create_fiscal_year(ACCOUNTANT, **({"starts_on": date(2030, 4, 1)} | wrong))


async def test_nothing_is_dated_into_a_closed_period_whoever_posts() -> None:
    await the_year()
    earlier = await capital(100, on=date(2030, 3, 5))
    drafted = await a_drafted_expense(ACCOUNTANT, dated_on=date(2030, 3, 10))
    period = await period_of(MARCH_31)
    closed = await close_fiscal_period(ACCOUNTANT, period_id=period.id)
    assert closed.state is PeriodState.CLOSED
    async with nothing_happens():
        with pytest.raises(PeriodClosed, match="2030-03 is closed"):
            await capital(1, on=date(2030, 3, 31))
        with pytest.raises(PeriodClosed):
            await reverse_entry(earlier, kind="test.reversal", description="No", effective_on=date(2030, 3, 5))
        with pytest.raises(PeriodClosed) as refused:
            await post_expense(ACCOUNTANT, expense_id=drafted.id)
        assert refused.value.field == ("input", "expenseId")
        with pytest.raises(PeriodClosed):
            await a_drafted_expense(ACCOUNTANT, dated_on=date(2030, 3, 1))
        with pytest.raises(PeriodAlreadyClosed):
            await close_fiscal_period(ACCOUNTANT, period_id=period.id)
    await capital(1, on=date(2030, 2, 28))
    await capital(1, on=date(2030, 4, 1))
    await reverse_entry(earlier, kind="test.reversal", description="Today")
    await reopen_fiscal_period(ACCOUNTANT, period_id=period.id)
    await post_expense(ACCOUNTANT, expense_id=drafted.id)
    with pytest.raises(PeriodAlreadyOpen):
        await reopen_fiscal_period(ACCOUNTANT, period_id=period.id)
    await assert_integrity()


async def test_a_closing_waits_for_what_is_being_posted() -> None:
    await the_year()
    period = await period_of(MARCH_31)
    posted, may_commit = asyncio.Event(), asyncio.Event()

    async def post_slowly() -> None:
        async with unit_of_work():
            await capital(100, on=MARCH_31)
            posted.set()
            await may_commit.wait()

    posting = asyncio.create_task(post_slowly())
    await posted.wait()
    closing = asyncio.ensure_future(close_fiscal_period(ACCOUNTANT, period_id=period.id))
    done, _ = await asyncio.wait([closing], timeout=0.2)
    assert not done
    may_commit.set()
    await posting
    await closing
    assert await in_account(BANK) == inr(100)
    with pytest.raises(PeriodClosed):
        await capital(1, on=MARCH_31)
    await assert_integrity()


async def test_postings_and_a_closing_at_once_leave_nothing_behind_the_door() -> None:
    await the_year()
    period = await period_of(MARCH_31)
    now = datetime(2030, 4, 2, 9, tzinfo=UTC)
    await house_account(BANK, "INR")
    ticks = iter(range(1, 1_000_000))
    with clock_set_to(lambda: now.replace(microsecond=next(ticks))):
        acts: list[Any] = [capital(10, on=MARCH_31) for _ in range(24)]
        acts.insert(12, close_fiscal_period(ACCOUNTANT, period_id=period.id))
        outcomes = await outcomes_of(acts)
    refused = sum(isinstance(outcome, PeriodClosed) for outcome in outcomes)
    assert await in_account(BANK) == inr(10 * (24 - refused))
    assert not any(isinstance(each, Exception) and not isinstance(each, PeriodClosed) for each in outcomes)
    await assert_integrity()


async def test_closing_a_year_carries_its_result() -> None:
    year = await the_year()
    await capital(10_000, on=date(2029, 5, 1))
    await a_posted_revenue(ACCOUNTANT, dated_on=date(2029, 6, 1))
    await a_posted_expense(ACCOUNTANT, dated_on=MARCH_31)
    await a_posted_expense(ACCOUNTANT, amount=inr(7), dated_on=date(2030, 4, 1))
    before = await statements.balance_sheet(ACCOUNTANT, as_of=MARCH_31, currency="INR")
    assert (before.current_result, before.total_equity) == (inr(3_800), inr(13_800))
    closed = await close_fiscal_year(ACCOUNTANT, year_id=year.id)
    assert (closed.state, closed.closed_by) == (PeriodState.CLOSED, ACCOUNTANT.id)
    assert await FiscalPeriod.filter(state=PeriodState.OPEN).count() == 0
    assert await in_account(accounts.RETAINED_EARNINGS) == inr(3_800)
    assert await in_account(accounts.RENT) == inr(7)
    after = await statements.balance_sheet(ACCOUNTANT, as_of=MARCH_31, currency="INR")
    assert (after.current_result, after.total_equity, after.balanced) == (inr(0), inr(13_800), True)
    of_the_year = await statements.profit_and_loss(ACCOUNTANT, since=year.starts_on, until=year.ends_on, currency="INR")
    assert (of_the_year.total_income, of_the_year.total_expenses) == (inr(5_000), inr(1_200))
    entry = await JournalEntry.get(kind="year_end.closing")
    assert (entry.effective_on, entry.reference_id) == (MARCH_31, year.id)
    assert (await queries.results_of([year.id]))[year.id] == [inr(3_800)]
    async with nothing_happens():
        with pytest.raises(PeriodAlreadyClosed):
            await close_fiscal_year(ACCOUNTANT, year_id=year.id)
        with pytest.raises(YearIsClosed):
            await reopen_fiscal_period(ACCOUNTANT, period_id=(await period_of(MARCH_31)).id)
        with pytest.raises(PeriodClosed):
            await capital(1, on=date(2029, 4, 1))
    await assert_integrity()


async def test_a_year_is_reopened_and_closed_again() -> None:
    year = await the_year()
    await a_posted_revenue(ACCOUNTANT, dated_on=date(2029, 6, 1))
    await close_fiscal_period(ACCOUNTANT, period_id=(await period_of(MARCH_31)).id)
    await close_fiscal_year(ACCOUNTANT, year_id=year.id)
    reopened = await reopen_fiscal_year(ACCOUNTANT, year_id=year.id)
    assert reopened.state is PeriodState.OPEN
    assert await in_account(accounts.RETAINED_EARNINGS) == inr(0)
    assert await FiscalPeriod.filter(state=PeriodState.CLOSED).count() == 12
    result = await statements.profit_and_loss(ACCOUNTANT, since=year.starts_on, until=year.ends_on, currency="INR")
    assert result.net == inr(5_000)
    with pytest.raises(PeriodAlreadyOpen):
        await reopen_fiscal_year(ACCOUNTANT, year_id=year.id)
    await reopen_fiscal_period(ACCOUNTANT, period_id=(await period_of(date(2029, 6, 1))).id)
    await a_posted_expense(ACCOUNTANT, dated_on=date(2029, 6, 2))
    await close_fiscal_year(ACCOUNTANT, year_id=year.id)
    assert await in_account(accounts.RETAINED_EARNINGS) == inr(3_800)
    assert await JournalEntry.filter(kind__startswith="year_end.").count() == 3
    await assert_integrity()


async def test_a_year_without_entries_and_one_that_is_not_over() -> None:
    year = await the_year()
    await close_fiscal_year(ACCOUNTANT, year_id=year.id)
    assert await JournalEntry.all().count() == 0
    running = await create_fiscal_year(ACCOUNTANT, starts_on=date(2030, 4, 1))
    async with nothing_happens():
        with pytest.raises(YearNotOver):
            await close_fiscal_year(ACCOUNTANT, year_id=running.id)
        with pytest.raises(YearNotFound):
            await close_fiscal_year(ACCOUNTANT, year_id=new_id())
        with pytest.raises(PeriodNotFound):
            await close_fiscal_period(ACCOUNTANT, period_id=new_id())
        for act in (close_fiscal_year(an_investor(), year_id=running.id), the_year_of(an_investor())):
            with pytest.raises(Forbidden):
                await act
    await assert_integrity()


async def the_year_of(person: Any) -> FiscalYear:
    return await create_fiscal_year(person, starts_on=date(2031, 4, 1))


async def test_closing_at_once_closes_once() -> None:
    year = await the_year()
    await a_posted_revenue(ACCOUNTANT, dated_on=date(2029, 6, 1))
    outcomes = await outcomes_of(close_fiscal_year(ACCOUNTANT, year_id=year.id) for _ in range(5))
    assert sum(isinstance(outcome, PeriodAlreadyClosed) for outcome in outcomes) == 4
    assert await JournalEntry.filter(kind="year_end.closing").count() == 1
    await assert_integrity()


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("update fiscal_period set ends_on = ends_on + 1", "fiscal_period_moves"),
        ("update fiscal_year set state = 'CLOSED', closed_by = id, closed_at = now()", "fiscal_year_moves"),
        ("update fiscal_year set starts_on = starts_on - 1", "fiscal_year_moves"),
        ("update fiscal_period set state = 'CLOSED'", "fiscal_period_closed_says_by_whom"),
        ("delete from fiscal_period", "fiscal_period_is_kept"),
        ("delete from fiscal_year", "fiscal_year_is_kept"),
    ],
)
async def test_the_database_guards_periods(statement: str, constraint: str) -> None:
    await the_year()
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
        await execute(statement)
    assert refused.value.constraint_name == constraint


async def test_the_database_itself_refuses_what_goes_around_the_services() -> None:
    await the_year()
    await close_fiscal_period(ACCOUNTANT, period_id=(await period_of(MARCH_31)).id)
    bank, equity = await house_account(BANK, "INR"), await house_account(CAPITAL, "INR")
    with pytest.raises(PeriodClosed):
        await post_entry(
            kind="lending.repayment",
            description="A payment of March",
            lines=[debit(bank, inr(1)), credit(equity, inr(1))],
            effective_on=MARCH_31,
        )
    with pytest.raises(asyncpg.PostgresError) as refused:
        await execute(
            "insert into journal_entry (id, kind, description, effective_on, recorded_at, correlation_id) "
            "values ($1, 'x', 'x', $2, now(), $1)",
            new_id(),
            MARCH_31,
        )
    assert refused.value.sqlstate == "DL006"
