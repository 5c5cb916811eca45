"""New plans by two persons, new rates, pauses of delinquency."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from domain.approvals import service as approvals
from domain.approvals.models import Approval
from domain.kit import clock
from domain.kit.errors import Forbidden, InvalidInput
from domain.lending.errors import (
    DelinquencyNotPaused,
    InvalidActDate,
    InvalidReschedule,
    LoanChargedOffAlready,
    LoanNotPaidOut,
    MakerIsChecker,
)
from domain.lending.models import Loan, LoanDelinquencyPause, LoanInstalment
from domain.lending.service import (
    NewPlan,
    bring_up_to_date,
    change_rate,
    charge_off_loan,
    pause_delinquency,
    preview_reschedule,
    request_reschedule,
    reschedule_loan,
    resume_delinquency,
)
from domain.lending.states import DelinquencyBucket, RescheduleKind
from tests.support.happenings import assert_integrity, events_so_far, nothing_happens
from tests.support.loans import Office, a_running_loan, an_approved_loan, an_office, instalments_of, kes, repaid

pytestmark = pytest.mark.usefixtures("database")

START = datetime(2030, 1, 1, 12, tzinfo=UTC)
MID_MARCH = START.replace(month=3, day=15)
PLAIN: dict[str, Any] = {"principal": kes(600), "annual_rate": Decimal(12), "instalments": 6}


async def a_loan_half_paid(office: Office) -> Loan:
    """Two of six instalments are paid by the middle of March."""
    with clock.clock_set_to(START):
        loan = await a_running_loan(office, **PLAIN)
    first, second, *_ = await instalments_of(loan)
    with clock.clock_set_to(START.replace(month=2)):
        await repaid(office, loan, str(first.due_amount.amount))
    with clock.clock_set_to(START.replace(month=3)):
        return (await repaid(office, loan, str(second.due_amount.amount))).loan


def paid_rows(rows: list[LoanInstalment]) -> list[tuple[Any, ...]]:
    return [(row.number, row.due_on, row.due, row.paid) for row in rows if row.completed_on is not None]


async def replan(office: Office, loan: Loan, plan: NewPlan) -> list[LoanInstalment]:
    """Asked for by the manager and agreed to by the administrator in the approvals centre."""
    before = paid_rows(await instalments_of(loan))
    preview = await preview_reschedule(office.manager, loan_id=loan.id, plan=plan)
    await request_reschedule(office.manager, loan_id=loan.id, plan=plan, reason="the rains came late")
    seen = len(await events_so_far())
    approval = await Approval.get(kind="LOAN_RESCHEDULE", subject_id=loan.id, status="PENDING")
    await approvals.approve(office.admin, approval_id=approval.id)
    told = [each.name for each in (await events_so_far())[seen:] if each.domain == "lending"]
    assert told[0] == "lending.loan_rescheduled" and "lending.loan_updated" in told
    rows = await instalments_of(loan)
    assert paid_rows(rows) == before
    assert [row.due for row in rows] == [row.due for row in preview.instalments]
    assert sum(row.principal_minor for row in rows) == kes(600).amount_minor
    await assert_integrity()
    return rows


async def test_rows_to_come_are_moved_lengthened_and_repriced() -> None:
    office = await an_office()
    loan = await a_loan_half_paid(office)
    with clock.clock_set_to(MID_MARCH):
        plan = NewPlan(
            kind=RescheduleKind.NEW_TERMS, from_on=MID_MARCH.date(), new_due_on=date(2030, 5, 1), extra_instalments=2,
            annual_rate=Decimal(6),
        )  # fmt: skip
        rows = await replan(office, loan, plan)
    assert [row.due_on for row in rows[2:]] == [date(2030, month, 1) for month in range(5, 11)]


async def test_a_decision_may_take_some_days() -> None:
    office = await an_office()
    loan = await a_loan_half_paid(office)
    with clock.clock_set_to(MID_MARCH):
        plan = NewPlan(kind=RescheduleKind.NEW_TERMS, from_on=MID_MARCH.date(), extra_instalments=2)
        await request_reschedule(office.manager, loan_id=loan.id, plan=plan, reason="the rains came late")
    with clock.clock_set_to(MID_MARCH.replace(day=19)):
        decided = await reschedule_loan(office.admin, loan_id=loan.id, comment="agreed")
    assert decided.decided_by_id == office.admin.id
    assert len(await instalments_of(loan)) == 8
    await assert_integrity()


async def test_all_that_is_unpaid_is_spread_over_new_rows() -> None:
    office = await an_office()
    loan = await a_loan_half_paid(office)
    with clock.clock_set_to(START.replace(month=5, day=20)):
        await bring_up_to_date(loan.id)
        plan = NewPlan(kind=RescheduleKind.REAGE, first_due_on=date(2030, 6, 15), instalments=5)
        rows = await replan(office, loan, plan)
        assert [row.due_on for row in rows][-5:] == [date(2030, month, 15) for month in range(6, 11)]
        assert (await Loan.get(id=loan.id)).past_due_days == 0


async def test_arrears_are_spread_over_the_rows_to_come() -> None:
    office = await an_office()
    loan = await a_loan_half_paid(office)
    with clock.clock_set_to(START.replace(month=4, day=20)):
        await bring_up_to_date(loan.id)
        rows = await replan(office, loan, NewPlan(kind=RescheduleKind.REAMORTISE))
        assert not [row for row in rows if row.unpaid_minor and row.due_on <= date(2030, 4, 20)]
        assert rows[-1].due_on == date(2030, 7, 1)


async def test_a_new_rate_holds_from_its_day() -> None:
    office = await an_office()
    loan = await a_loan_half_paid(office)
    with clock.clock_set_to(MID_MARCH):
        before = [row.interest_minor for row in await instalments_of(loan)]
        await change_rate(
            office.manager, loan_id=loan.id, annual_rate=Decimal(24), effective_on=date(2030, 4, 1), reason="the bank"
        )
        assert [row.interest_minor for row in await instalments_of(loan)] == before
    with clock.clock_set_to(START.replace(month=4)):
        assert await bring_up_to_date(loan.id)
    after = [row.interest_minor for row in await instalments_of(loan)]
    assert after[:3] == before[:3] and after[3] > before[3]
    await assert_integrity()


async def test_plans_that_cannot_be_are_refused() -> None:
    office = await an_office()
    with clock.clock_set_to(START):
        waiting = await an_approved_loan(office)
        loan, off = await a_running_loan(office, **PLAIN), await a_running_loan(office, **PLAIN)
        await charge_off_loan(office.manager, loan_id=off.id, reason="gone")
        today = START.date()
        async with nothing_happens():
            for plan in (
                NewPlan(kind=RescheduleKind.NEW_TERMS, from_on=today),
                NewPlan(kind=RescheduleKind.NEW_TERMS, from_on=date(2029, 12, 31), extra_instalments=1),
                NewPlan(kind=RescheduleKind.NEW_TERMS, extra_instalments=1),
                NewPlan(kind=RescheduleKind.NEW_TERMS, from_on=today, extra_instalments=-1),
                NewPlan(kind=RescheduleKind.NEW_TERMS, from_on=today, annual_rate=Decimal("NaN")),
                NewPlan(kind=RescheduleKind.NEW_TERMS, from_on=today, instalment=kes(0)),
                NewPlan(kind=RescheduleKind.REAGE, first_due_on=today, instalments=3),
                NewPlan(kind=RescheduleKind.REAGE, first_due_on=date(2030, 6, 1)),
                NewPlan(kind=RescheduleKind.REAGE, first_due_on=date(2030, 6, 1), instalments=10**6),
            ):
                with pytest.raises((InvalidReschedule, InvalidInput)):
                    await request_reschedule(office.manager, loan_id=loan.id, plan=plan, reason="x")
            good = NewPlan(kind=RescheduleKind.REAMORTISE)
            with pytest.raises(LoanNotPaidOut):
                await request_reschedule(office.manager, loan_id=waiting.id, plan=good, reason="x")
            with pytest.raises(LoanChargedOffAlready):
                await request_reschedule(office.manager, loan_id=off.id, plan=good, reason="x")
            with pytest.raises(Forbidden):
                await request_reschedule(office.officer, loan_id=loan.id, plan=good, reason="x")
            for rate in (Decimal(-1), Decimal(1001), Decimal("NaN")):
                with pytest.raises(InvalidInput):
                    await change_rate(office.manager, loan_id=loan.id, annual_rate=rate, effective_on=today, reason="x")
            with pytest.raises(InvalidActDate):
                await change_rate(
                    office.manager, loan_id=loan.id, annual_rate=Decimal(1), effective_on=date(2031, 1, 1), reason="x"
                )
        await request_reschedule(office.manager, loan_id=loan.id, plan=good, reason="x")
        async with nothing_happens():
            with pytest.raises(MakerIsChecker):
                await reschedule_loan(office.manager, loan_id=loan.id)


async def test_days_of_a_pause_are_not_delinquent() -> None:
    office = await an_office()
    with clock.clock_set_to(START):
        loan = await a_running_loan(office, delinquency_grace_days=5, **PLAIN)
    with clock.clock_set_to(START.replace(month=2, day=11)):
        await bring_up_to_date(loan.id)
        loan = await Loan.get(id=loan.id)
        assert (loan.past_due_days, loan.delinquent_days, loan.bucket) == (10, 5, DelinquencyBucket.DAYS_1_30)
        pause = await pause_delinquency(
            office.manager, loan_id=loan.id, starts_on=date(2030, 2, 11), ends_on=date(2030, 2, 28), reason="flood"
        )
        assert (await Loan.get(id=loan.id)).delinquency_paused
    with clock.clock_set_to(START.replace(month=2, day=20)):
        await resume_delinquency(office.manager, loan_id=loan.id, reason="the water is gone")
        assert not (await Loan.get(id=loan.id)).delinquency_paused
        pauses = await LoanDelinquencyPause.filter(loan_id=loan.id, cancelled_at__isnull=True)
        assert [(each.starts_on, each.ends_on) for each in pauses] == [(date(2030, 2, 11), date(2030, 2, 19))]
        assert (await LoanDelinquencyPause.get(id=pause.id)).cancelled_at is not None
        async with nothing_happens():
            with pytest.raises(DelinquencyNotPaused):
                await resume_delinquency(office.manager, loan_id=loan.id, reason="again")
            for starts_on, ends_on in ((date(2030, 3, 2), date(2030, 3, 1)), (date(2029, 12, 31), date(2030, 3, 1))):
                with pytest.raises(InvalidInput):
                    await pause_delinquency(
                        office.manager, loan_id=loan.id, starts_on=starts_on, ends_on=ends_on, reason="x"
                    )
    with clock.clock_set_to(START.replace(month=2, day=22)):
        await bring_up_to_date(loan.id)
    loan = await Loan.get(id=loan.id)
    assert loan.past_due_days_on(date(2030, 2, 22)) == 21
    assert loan.delinquent_days < 16
    await assert_integrity()
