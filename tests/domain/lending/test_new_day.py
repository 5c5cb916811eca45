"""The new day: dues, penalties, lateness and reminders, each once, though the job runs twice or dies in the midst."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from domain.kit import clock
from domain.lending import jobs
from domain.lending.models import Loan, LoanTransaction
from domain.lending.rules.terms import ChargeBasis, ChargeRule, ChargeTime, DayCount, InterestPeriod, Recalculation
from domain.lending.service import bring_up_to_date, charge_off_loan
from domain.lending.states import DelinquencyBucket, TransactionKind
from domain.lending.verification import verify_loans
from tests.support.happenings import assert_integrity, events_so_far, nothing_happens
from tests.support.loans import a_running_loan, an_office, books_of, kes, repaid

pytestmark = pytest.mark.usefixtures("database")

START = datetime(2030, 1, 1, 12, tzinfo=UTC)
LATE = ChargeRule(
    code="LATE", title="Late", time=ChargeTime.OVERDUE_INSTALMENT, basis=ChargeBasis.FLAT, value=Decimal(5), penalty=True,
    grace_days=3,
)  # fmt: skip
PLAIN: dict[str, Any] = {"principal": kes(300), "annual_rate": Decimal(12), "instalments": 3, "charges": (LATE,)}


def day(month: int, of: int) -> datetime:
    return START.replace(month=month, day=of)


async def told_since(before: int) -> list[str]:
    return [each.name.split(".")[1] for each in (await events_so_far())[before:] if each.domain == "lending"]


async def test_days_pass() -> None:
    """Due on the first of February: income; late a day after; a penalty on the day after the grace, and not before."""
    office = await an_office()
    with clock.clock_set_to(START):
        loan = await a_running_loan(office, **PLAIN)
        async with nothing_happens():
            assert await jobs.new_day.run() == 0
    before = len(await events_so_far())
    with clock.clock_set_to(day(2, 1)):
        assert await jobs.new_day.run() == 1
        assert await jobs.new_day.run() == 0
        assert (await books_of(loan))["1520"] == 300
        assert await told_since(before) == []
    with clock.clock_set_to(day(2, 2)):
        await jobs.new_day.run()
        await jobs.new_day.run()
        assert await told_since(before) == ["loan_delinquency_changed", "loan_updated"]
        late = await Loan.get(id=loan.id)
        assert (late.bucket, late.past_due_amount, late.past_due_days) == (
            DelinquencyBucket.DAYS_1_30, late.next_due_amount, 1,
        )  # fmt: skip
    for of in (3, 4):
        with clock.clock_set_to(day(2, of)):
            await jobs.new_day.run()
    assert "1540" not in await books_of(loan)
    with clock.clock_set_to(day(2, 5)):
        await jobs.new_day.run()
        assert (await books_of(loan))["1540"] == 500
        assert await told_since(before) == ["loan_delinquency_changed", "loan_updated", "loan_updated"]
    with clock.clock_set_to(day(3, 4)):
        await jobs.new_day.run()
        assert (await Loan.get(id=loan.id)).bucket is DelinquencyBucket.DAYS_31_60
        before = len(await events_so_far())
        await repaid(office, loan, 300)
        told = await told_since(before)
        assert told == ["payment_processed", "loan_delinquency_changed", "loan_updated"]
    assert await verify_loans() == []
    await assert_integrity()


async def test_a_day_that_nobody_looked_at_is_made_up_for() -> None:
    """The worker was away from January to May: dues and penalties are booked on their own days."""
    office = await an_office()
    with clock.clock_set_to(START):
        loan = await a_running_loan(office, **PLAIN)
    with clock.clock_set_to(day(5, 20)):
        assert await jobs.new_day.run() == 1
    loan = await Loan.get(id=loan.id)
    assert (loan.penalty_outstanding, loan.bucket) == (kes(15), DelinquencyBucket.DAYS_91_180)
    rows = await events_so_far()
    accruals = [each.fact.effective_on for each in rows if each.name == "ledger.entry_posted" and "accrual" in each.payload]
    assert accruals == [date(2030, month, of) for month in (2, 3, 4) for of in (1, 5)]
    await assert_integrity()


async def test_it_is_safe_to_run_twice_at_once_and_to_be_cut_off() -> None:
    office = await an_office()
    with clock.clock_set_to(START):
        loans = [await a_running_loan(office, **PLAIN) for _ in range(5)]
    with clock.clock_set_to(day(2, 6)):
        cut = asyncio.create_task(jobs.new_day.run())  # type: ignore[arg-type]
        await asyncio.sleep(0.02)
        cut.cancel()
        await asyncio.gather(cut, return_exceptions=True)
        await assert_integrity("lending", "ledger")
        assert await verify_loans() == []
        await asyncio.gather(jobs.new_day.run(), jobs.new_day.run())
        for loan in loans:
            books = await books_of(loan)
            assert (books["1520"], books["1540"]) == (300, 500)
        changed = [each for each in await events_so_far() if each.name == "lending.loan_delinquency_changed"]
        assert len(changed) == 5
    await assert_integrity()


async def test_a_loan_that_fails_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    office = await an_office()
    with clock.clock_set_to(START):
        loans = [await a_running_loan(office, **PLAIN) for _ in range(3)]

    async def fails_for_one(loan_id: Any) -> bool:
        if loan_id == loans[1].id:
            raise RuntimeError("a defect")
        return await bring_up_to_date(loan_id)

    monkeypatch.setattr(jobs, "bring_up_to_date", fails_for_one)
    with clock.clock_set_to(day(2, 2)):
        assert await jobs.new_day.run() == 2


async def test_reminders_come_once_for_each_due_date() -> None:
    office = await an_office()
    with clock.clock_set_to(START):
        loan = await a_running_loan(office, **PLAIN)
    before = len(await events_so_far())
    with clock.clock_set_to(START.replace(day=28)):
        assert await jobs.remind.run() == 0
    for of in (29, 30, 31):
        with clock.clock_set_to(START.replace(day=of)):
            await jobs.remind.run()
    assert await told_since(before) == ["instalment_due_soon"]
    with clock.clock_set_to(day(2, 2)):
        await jobs.new_day.run()
        await asyncio.gather(jobs.remind.run(), jobs.remind.run())
        told = await told_since(before)
        assert told.count("instalment_overdue") == 1
        fact = next(each.fact for each in await events_so_far() if each.name == "lending.instalment_overdue")
        assert (fact.due_on, fact.amount, fact.loan.borrower_id) == (date(2030, 2, 1), kes("102.01"), office.borrower.id)
        await repaid(office, loan, "102.01")
    with clock.clock_set_to(day(2, 27)):
        await jobs.remind.run()
        assert (await told_since(before)).count("instalment_due_soon") == 2


async def test_what_is_off_the_books_earns_nothing_more() -> None:
    office = await an_office()
    with clock.clock_set_to(START):
        loan = await a_running_loan(office, **PLAIN)
        await charge_off_loan(office.manager, loan_id=loan.id, reason="fled")
    with clock.clock_set_to(day(4, 20)):
        await jobs.new_day.run()
    assert await books_of(loan) == {"1110": -30_000, "5310": 30_000}
    await assert_integrity()


async def test_interest_after_maturity_is_income_day_by_day() -> None:
    """36.5 % of 300 is 0.30 a day. A day's income is posted once and stays; nothing is reversed for the next."""
    office = await an_office()
    by_the_day = {"interest_period": InterestPeriod.DAILY, "recalculation": Recalculation.DAILY, "charges": ()}
    with clock.clock_set_to(START):
        loan = await a_running_loan(
            office, **PLAIN | by_the_day | {"instalments": 1, "annual_rate": Decimal("36.5")}, day_count=DayCount.ACTUAL_365
        )
    with clock.clock_set_to(day(2, 1)):
        await jobs.new_day.run()
        assert (await books_of(loan))["1520"] == 930
    for of in (2, 3, 5):
        with clock.clock_set_to(day(2, of)):
            await jobs.new_day.run()
    accruals = await LoanTransaction.filter(loan_id=loan.id, kind=TransactionKind.ACCRUAL).order_by("happened_on")
    assert [(each.happened_on, each.amount) for each in accruals] == [
        (date(2030, 2, 1), kes("9.30")), *((date(2030, 2, of), kes("0.30")) for of in (2, 3, 4, 5)),
    ]  # fmt: skip
    assert not any(each.reversed for each in accruals)
    with clock.clock_set_to(day(2, 5)):
        early = await repaid(office, loan, 100, received_on=date(2030, 2, 3))
    assert early.loan.interest_outstanding < kes("0.60")
    await assert_integrity()
