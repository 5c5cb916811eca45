"""Loans that are not repaid: charge-off, write-off by two persons, recoveries; and closed fiscal periods."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from domain.accounting.models import FiscalPeriod
from domain.accounting.service.periods import close_fiscal_period, create_fiscal_year
from domain.approvals import service as approvals
from domain.approvals.models import Approval, ApprovalStatus
from domain.identity.actor import SYSTEM
from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.database import fetch
from domain.kit.errors import Forbidden
from domain.ledger.errors import PeriodClosed
from domain.lending.errors import (
    InvalidActDate,
    LoanChargedOffAlready,
    LoanNotChargedOff,
    LoanNotFound,
    LoanNotPaidOut,
    LoanNotWrittenOff,
    LoanWrittenOffAlready,
    MakerIsChecker,
    NothingToChargeOff,
    RequestNotFound,
    RequestPending,
)
from domain.lending.models import Loan, LoanRequest, LoanTransaction
from domain.lending.service import (
    add_loan_charge,
    bring_up_to_date,
    charge_off_loan,
    record_loan_repayment,
    record_recovery,
    reject_request,
    request_write_off,
    reverse_loan_repayment,
    undo_charge_off,
    waive_interest,
    withdraw_request,
    write_off_loan,
)
from domain.lending.states import LoanRequestKind, LoanRequestStatus, LoanStatus, TransactionKind
from tests.support.happenings import assert_integrity, events_so_far, nothing_happens
from tests.support.loans import Office, a_running_loan, an_office, books_of, kes, repaid
from tests.support.people import somebody

pytestmark = pytest.mark.usefixtures("database")

START = datetime(2030, 1, 1, 12, tzinfo=UTC)
PLAIN: dict[str, Any] = {"principal": kes(300), "annual_rate": Decimal(12), "instalments": 3}


async def told_since(before: int) -> list[str]:
    return [each.name for each in (await events_so_far())[before:] if each.domain in ("lending", "approvals")]


async def a_late_loan(office: Office) -> Loan:
    """Paid out on New Year; it is the second of February, and nothing was paid."""
    with clock.clock_set_to(START):
        loan = await a_running_loan(office, **PLAIN)
    with clock.clock_set_to(START.replace(month=2, day=2)):
        await bring_up_to_date(loan.id)
    return await Loan.get(id=loan.id)


async def test_a_charge_off_takes_the_loan_off_the_books_and_leaves_it_active() -> None:
    office = await an_office()
    loan = await a_late_loan(office)
    before = len(await events_so_far())
    with clock.clock_set_to(START.replace(month=2, day=3)):
        off = await charge_off_loan(office.manager, loan_id=loan.id, reason="nobody answers")
        assert (off.loan.status, off.loan.charged_off_on, off.transaction.amount) == (
            LoanStatus.ACTIVE, date(2030, 2, 3), kes(303),
        )  # fmt: skip
        assert await told_since(before) == ["lending.loan_charged_off", "lending.loan_updated"]
        assert await books_of(loan) == {"1110": -30_000, "4210": -300, "5310": 30_300}
        async with nothing_happens():
            with pytest.raises(LoanChargedOffAlready):
                await charge_off_loan(office.manager, loan_id=loan.id, reason="again")
        later = await repaid(office, loan, 50)
        assert (later.transaction.interest, later.transaction.principal) == (kes(3), kes(47))
        assert (await books_of(loan))["4240"] == -5_000
    with clock.clock_set_to(START.replace(month=4)):
        await bring_up_to_date(loan.id)
        assert (await books_of(loan))["4210"] == -300
        await assert_integrity()
        await undo_charge_off(office.manager, loan_id=loan.id, reason="they came back")
        books = await books_of(loan)
        assert "5310" not in books and "4240" not in books
        assert books["4210"] == -602
        async with nothing_happens():
            with pytest.raises(LoanNotChargedOff):
                await undo_charge_off(office.manager, loan_id=loan.id, reason="again")
    await assert_integrity()


async def test_a_write_off_needs_a_second_person_and_ends_the_loan() -> None:
    office = await an_office()
    loan = await a_late_loan(office)
    with clock.clock_set_to(START.replace(month=2, day=3)):
        before = len(await events_so_far())
        asked = await request_write_off(office.manager, loan_id=loan.id, reason="the shop burnt down")
        assert await told_since(before) == ["approvals.requested"]
        async with nothing_happens():
            with pytest.raises(RequestPending):
                await request_write_off(office.admin, loan_id=loan.id, reason="me too")
            with pytest.raises(MakerIsChecker):
                await write_off_loan(office.manager, loan_id=loan.id)
            with pytest.raises(Forbidden):
                await write_off_loan(office.officer, loan_id=loan.id)
        before = len(await events_so_far())
        approval = await Approval.get(kind="LOAN_WRITE_OFF", subject_id=loan.id)
        assert approval.amount_minor == loan.outstanding_amount.amount_minor
        await approvals.approve(office.admin, approval_id=approval.id, comment="sad")
        assert await told_since(before) == [
            "lending.loan_written_off", "lending.loan_delinquency_changed", "lending.loan_updated",
            "lending.loan_status_changed", "approvals.decided",
        ]  # fmt: skip
        loan = await Loan.get(id=loan.id)
        assert (loan.status, loan.outstanding_amount, loan.written_off_on) == (
            LoanStatus.WRITTEN_OFF, kes(0), date(2030, 2, 3),
        )  # fmt: skip
        asked = await LoanRequest.get(id=asked.id)
        assert (asked.status, asked.decided_by_id) == (LoanRequestStatus.APPROVED, office.admin.id)
        assert await books_of(loan) == {"1110": -30_000, "4210": -300, "5310": 30_300}
        await _refuses_everything(office, loan)
        before = len(await events_so_far())
        got = await record_recovery(office.officer, loan_id=loan.id, amount=kes(20), reference="letter")
        assert await told_since(before) == ["lending.payment_processed", "lending.loan_updated"]
        assert (got.transaction.kind, got.loan.recovered_amount) == (TransactionKind.RECOVERY, kes(20))
        assert (await books_of(loan))["4240"] == -2_000
    await assert_integrity()


async def _refuses_everything(office: Office, loan: Loan) -> None:
    async with nothing_happens():
        for act in (
            record_loan_repayment(office.officer, loan_id=loan.id, amount=kes(1)),
            add_loan_charge(office.manager, loan_id=loan.id, title="Late", value=Decimal(1)),
            waive_interest(office.manager, loan_id=loan.id, amount=kes(1), reason="x"),
            charge_off_loan(office.manager, loan_id=loan.id, reason="x"),
            undo_charge_off(office.manager, loan_id=loan.id, reason="x"),
            request_write_off(office.manager, loan_id=loan.id, reason="x"),
        ):
            with pytest.raises(LoanWrittenOffAlready):
                await act
        with pytest.raises(InvalidActDate):
            await record_recovery(office.officer, loan_id=loan.id, amount=kes(1), received_on=date(2030, 2, 2))


async def test_a_request_can_be_turned_down_or_taken_back() -> None:
    office = await an_office()
    loan = await a_running_loan(office, **PLAIN)
    kind = LoanRequestKind.WRITE_OFF
    await request_write_off(office.manager, loan_id=loan.id, reason="x")
    turned_down = await reject_request(office.admin, loan_id=loan.id, kind=kind, comment="they will pay")
    assert (turned_down.status, turned_down.comment) == (LoanRequestStatus.REJECTED, "they will pay")
    await request_write_off(office.manager, loan_id=loan.id, reason="x")
    async with nothing_happens():
        with pytest.raises(RequestNotFound):
            await withdraw_request(office.admin, loan_id=loan.id, kind=kind, reason="not mine")
    await withdraw_request(office.manager, loan_id=loan.id, kind=kind, reason="they called")
    await request_write_off(office.manager, loan_id=loan.id, reason="x")
    await repaid(office, loan, 310)
    statuses = [(await Approval.filter(subject_id=loan.id, kind="LOAN_WRITE_OFF").order_by("requested_at"))[-1].status]
    assert statuses == [ApprovalStatus.WITHDRAWN]
    async with nothing_happens():
        with pytest.raises(RequestNotFound):
            await write_off_loan(office.admin, loan_id=loan.id)
        with pytest.raises(LoanNotPaidOut):
            await request_write_off(office.manager, loan_id=loan.id, reason="x")
        with pytest.raises(LoanNotWrittenOff):
            await record_recovery(office.officer, loan_id=loan.id, amount=kes(1))
        elsewhere = somebody(Role.BRANCH_MANAGER, name="Else")
        with pytest.raises(LoanNotFound):
            await charge_off_loan(elsewhere, loan_id=loan.id, reason="x")
    await assert_integrity()


async def close_month(of: int) -> None:
    await close_fiscal_period(SYSTEM, period_id=await _period(of))


async def _period(of: int) -> UUID:
    if not await FiscalPeriod.exists():
        await create_fiscal_year(SYSTEM, starts_on=date(2030, 1, 1))
    return (await FiscalPeriod.get(starts_on=date(2030, of, 1))).id


async def test_no_act_is_dated_into_a_closed_period_and_what_follows_is_dated_after_it() -> None:
    office = await an_office()
    loan = await a_late_loan(office)
    with clock.clock_set_to(START.replace(month=2, day=5)):
        january = await repaid(office, loan, 10, received_on=date(2030, 1, 20))
        february = await repaid(office, loan, 10, received_on=date(2030, 2, 4))
    with clock.clock_set_to(START.replace(month=3, day=5)):
        await close_month(1)
        async with nothing_happens():
            with pytest.raises(PeriodClosed) as refused:
                await repaid(office, loan, 10, received_on=date(2030, 1, 25))
            assert refused.value.field == ("input", "receivedOn")
        await reverse_loan_repayment(office.manager, transaction_id=january.transaction.id, reason="bounced")
    rows = await fetch(
        """select kind, effective_on from journal_entry where reference_id = $1
           and kind like '%reversal' order by number""",
        loan.id,
    )
    dated = {(row["kind"], row["effective_on"].isoformat()) for row in rows}
    assert ("lending.receipt_reversal", "2030-02-01") in dated
    assert ("lending.allocation_reversal", "2030-02-01") in dated
    assert ("lending.allocation_reversal", "2030-02-04") in dated
    assert (await LoanTransaction.get(id=february.transaction.id)).reversed
    assert all(day >= "2030-02-01" for _, day in dated)
    await assert_integrity()


async def test_an_act_on_the_first_open_day_is_as_always() -> None:
    office = await an_office()
    loan = await a_late_loan(office)
    with clock.clock_set_to(START.replace(month=3, day=5)):
        await close_month(1)
        paid = await repaid(office, loan, 10, received_on=date(2030, 2, 1))
    assert paid.transaction.happened_on == date(2030, 2, 1)
    await assert_integrity()


async def test_a_fee_that_is_not_due_is_nothing_to_charge_off() -> None:
    office = await an_office()
    with clock.clock_set_to(START):
        loan = await a_running_loan(office, **PLAIN | {"annual_rate": Decimal(0)})
        await repaid(office, loan, 300)
        due_on = START.date().replace(day=20)
        await add_loan_charge(office.manager, loan_id=loan.id, title="Archive", value=Decimal(5), due_on=due_on)
        assert (await Loan.get(id=loan.id)).status is LoanStatus.ACTIVE
        async with nothing_happens():
            with pytest.raises(NothingToChargeOff):
                await charge_off_loan(office.manager, loan_id=loan.id, reason="gone")
    await assert_integrity()


async def test_what_fell_due_in_a_closed_period_is_income_of_the_first_open_day() -> None:
    office = await an_office()
    with clock.clock_set_to(START):
        loan = await a_running_loan(office, **PLAIN)
    with clock.clock_set_to(START.replace(month=3, day=5)):
        await close_month(1)
        await close_month(2)
        await bring_up_to_date(loan.id)
        rows = await fetch(
            "select effective_on from journal_entry where reference_id = $1 and kind = 'lending.accrual'", loan.id
        )
    assert [row["effective_on"] for row in rows] == [date(2030, 3, 1), date(2030, 3, 1)]
    accruals = await LoanTransaction.filter(loan_id=loan.id, kind=TransactionKind.ACCRUAL).order_by("happened_on")
    assert [each.happened_on for each in accruals] == [date(2030, 2, 1), date(2030, 3, 1)]
    await assert_integrity()
