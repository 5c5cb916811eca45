"""Penal interest through the day's work: income day by day, made anew by what is back-dated or undone, let go by waivers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.kit import clock
from domain.kit.errors import InvalidInput
from domain.lending import jobs
from domain.lending.models import Loan, LoanCharge, LoanTransaction
from domain.lending.rules.terms import ChargeBasis, ChargeRule, ChargeTime
from domain.lending.service import (
    add_loan_charge,
    bring_up_to_date,
    charge_off_loan,
    payoff_quote,
    reverse_loan_repayment,
    undo_charge_waiver,
    waive_loan_charge,
)
from domain.lending.states import TransactionKind
from domain.lending.verification import verify_loans
from tests.support.happenings import assert_integrity, nothing_happens
from tests.support.loans import Office, a_running_loan, an_office, books_of, kes, repaid

pytestmark = pytest.mark.usefixtures("database")

START = datetime(2030, 1, 1, 12, tzinfo=UTC)
PENAL = ChargeRule(
    code="PENAL",
    title="Penal interest",
    time=ChargeTime.OVERDUE_INSTALMENT,
    basis=ChargeBasis.PERCENT_PER_YEAR_OF_OVERDUE_PRINCIPAL,
    value=Decimal(36),
    penalty=True,
    grace_days=2,
)
ONE_ROW: dict[str, Any] = {"principal": kes(1_000), "annual_rate": Decimal(0), "instalments": 1, "charges": (PENAL,)}
"""1,000 due on the first of February; 36 % by 30/360 are 1.00 a day, from the fourth on after two days of grace."""

RECEIVABLE, INCOME = "1540", "4230"


def february(of: int) -> datetime:
    return START.replace(month=2, day=of)


async def a_late_loan(office: Office) -> Loan:
    with clock.clock_set_to(START):
        return await a_running_loan(office, **ONE_ROW)


async def accrued_on(loan: Loan) -> dict[date, int]:
    """By day, what became income and stands."""
    lines = await LoanTransaction.filter(loan_id=loan.id, kind=TransactionKind.ACCRUAL, reversed_at__isnull=True)
    return {line.happened_on: line.penalty_minor for line in lines}


async def assert_sound() -> None:
    assert await verify_loans() == []
    await assert_integrity()


def days(first: int, last: int, amount: int) -> dict[date, int]:
    return {date(2030, 2, of): amount for of in range(first, last + 1)}


async def test_the_day_s_work_books_the_growth_once_a_day() -> None:
    office = await an_office()
    loan = await a_late_loan(office)
    for of in range(1, 11):
        with clock.clock_set_to(february(of)):
            await jobs.new_day.run()
            await jobs.new_day.run()
            assert (await books_of(loan)).get(RECEIVABLE, 0) == 100 * max(0, of - 3)
            assert await verify_loans() == []
    assert await accrued_on(loan) == days(4, 10, 100)
    assert await LoanTransaction.filter(loan_id=loan.id, reversed_at__isnull=False).count() == 0
    assert (await books_of(loan))[INCOME] == -700
    charge = await LoanCharge.get(loan_id=loan.id)
    assert (charge.amount_minor, charge.charged_on, charge.instalment_number) == (700, date(2030, 2, 4), 1)
    assert (await Loan.get(id=loan.id)).penalty_outstanding == kes(7)
    await assert_integrity()


async def test_days_that_nobody_looked_at_are_booked_on_their_own_days() -> None:
    office = await an_office()
    loan = await a_late_loan(office)
    with clock.clock_set_to(february(10)):
        assert await bring_up_to_date(loan.id)
    assert await accrued_on(loan) == days(4, 10, 100)
    await assert_sound()


async def test_payments_that_are_back_dated_and_undone_make_it_anew() -> None:
    office = await an_office()
    loan = await a_late_loan(office)
    with clock.clock_set_to(february(10)):
        await jobs.new_day.run()
        # 3.00 are owed of it by the sixth, and 500.00 of principal are left.
        movement = await repaid(office, loan, 503, received_on=date(2030, 2, 6))
        assert await accrued_on(loan) == days(4, 6, 100) | days(7, 10, 50)
        assert (await books_of(loan))[RECEIVABLE] == 200
        await assert_sound()
    with clock.clock_set_to(february(12)):
        await jobs.new_day.run()
        assert (await Loan.get(id=loan.id)).penalty_outstanding == kes(3)
        await reverse_loan_repayment(office.manager, transaction_id=movement.transaction.id, reason="bounced")
        assert await accrued_on(loan) == days(4, 12, 100)
        await assert_sound()


async def test_a_pay_off_of_a_day_to_come_closes_the_loan_on_that_day() -> None:
    office = await an_office()
    loan = await a_late_loan(office)
    with clock.clock_set_to(february(5)):
        quoted = await payoff_quote(office.manager, loan_id=loan.id, on=date(2030, 2, 20))
        assert (quoted.penalties, quoted.total) == (kes(17), kes(1_017))
    with clock.clock_set_to(february(20)):
        assert (await repaid(office, loan, 1_017)).loan.closed_on == date(2030, 2, 20)
    with clock.clock_set_to(february(28)):
        assert await jobs.new_day.run() == 0
        assert RECEIVABLE not in await books_of(loan)
        await assert_sound()


async def test_what_is_let_go_stays_let_go_and_the_rest_goes_on() -> None:
    office = await an_office()
    loan = await a_late_loan(office)
    with clock.clock_set_to(february(10)):
        await jobs.new_day.run()
        charge = await LoanCharge.get(loan_id=loan.id)
        charge = await waive_loan_charge(office.manager, charge_id=charge.id, reason="hardship")
        assert (charge.waived_minor, charge.unpaid_minor) == (700, 0)
        assert RECEIVABLE not in await books_of(loan)
    with clock.clock_set_to(february(12)):
        await jobs.new_day.run()
        assert (await Loan.get(id=loan.id)).penalty_outstanding == kes(2)
        await assert_sound()
        await undo_charge_waiver(office.manager, charge_id=charge.id, reason="it was not")
        assert (await Loan.get(id=loan.id)).penalty_outstanding == kes(9)
        await assert_sound()


async def test_what_is_charged_off_grows_no_more() -> None:
    office = await an_office()
    loan = await a_late_loan(office)
    with clock.clock_set_to(february(10)):
        await charge_off_loan(office.manager, loan_id=loan.id, reason="fled")
    with clock.clock_set_to(february(10) + timedelta(days=60)):
        await jobs.new_day.run()
        assert (await Loan.get(id=loan.id)).penalty_outstanding == kes(7)
        assert RECEIVABLE not in await books_of(loan)
        await assert_sound()


async def test_staff_cannot_charge_it_by_hand() -> None:
    office = await an_office()
    loan = await a_late_loan(office)
    with clock.clock_set_to(february(5)):
        async with nothing_happens():
            with pytest.raises(InvalidInput) as refusal:
                await add_loan_charge(
                    office.manager, loan_id=loan.id, title="Penal", value=Decimal(36), basis=PENAL.basis, penalty=True
                )
    assert refusal.value.field == ("input", "basis")
