"""Each act tells exactly its events, once and in order; active, closed and overpaid are reached from each other."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.kit import clock
from domain.lending.models import Loan, LoanCharge, LoanTransaction
from domain.lending.rules.terms import ChargeBasis
from domain.lending.service import (
    NewPlan,
    add_loan_charge,
    change_rate,
    charge_back,
    charge_off_loan,
    disburse_loan,
    pause_delinquency,
    pay_loan,
    record_loan_repayment,
    refund_overpayment,
    request_reschedule,
    request_write_off,
    reschedule_loan,
    resume_delinquency,
    reverse_loan_repayment,
    undo_charge_off,
    undo_charge_waiver,
    waive_interest,
    waive_loan_charge,
    write_off_loan,
)
from domain.lending.states import LoanChange, LoanStatus, PaymentChannel, RescheduleKind
from tests.support.happenings import assert_integrity, events_so_far
from tests.support.loans import Office, a_running_loan, an_office, kes, repaid

pytestmark = pytest.mark.usefixtures("database")

START = datetime(2030, 1, 1, 12, tzinfo=UTC)
PLAIN: dict[str, Any] = {"principal": kes(300), "annual_rate": Decimal(12), "instalments": 3}
FREE: dict[str, Any] = PLAIN | {"annual_rate": Decimal(0)}


async def told_by(act: Awaitable[Any]) -> list[tuple[str, str]]:
    """What lending told of an act, with what LoanUpdated says that it was."""
    before = len(await events_so_far())
    await act
    told = [each for each in (await events_so_far())[before:] if each.domain == "lending"]
    return [(each.name.removeprefix("lending."), getattr(each.fact, "change", "")) for each in told]


def updated(change: LoanChange) -> tuple[str, str]:
    return "loan_updated", change.value


async def test_every_act_tells_what_it_is() -> None:
    office = await an_office()
    manager = office.manager
    with clock.clock_set_to(START):
        loan = await a_running_loan(office, channel=PaymentChannel.WALLET, paid_out=kes(200), **PLAIN)
        one = {"loan_id": loan.id}
        processed = ("payment_processed", "")
        assert await told_by(disburse_loan(office.admin, **one)) == [("loan_disbursed", ""), updated(LoanChange.DISBURSED)]
        assert await told_by(repaid(office, loan, 20)) == [processed, updated(LoanChange.REPAID)]
        assert await told_by(pay_loan(office.borrower, amount=kes(10), **one)) == [processed, updated(LoanChange.REPAID)]
        first, second = await LoanTransaction.filter(kind="REPAYMENT", reversed_at__isnull=True).order_by("id")
        assert await told_by(reverse_loan_repayment(manager, transaction_id=first.id, reason="bounced")) == [
            ("loan_repayment_reversed", ""),
            updated(LoanChange.REPAYMENT_REVERSED),
        ]
        assert await told_by(charge_back(manager, transaction_id=second.id)) == [updated(LoanChange.CHARGED_BACK)]
        fee = add_loan_charge(manager, title="Visit", value=Decimal(2), basis=ChargeBasis.PERCENT_OF_PRINCIPAL, **one)
        assert await told_by(fee) == [updated(LoanChange.CHARGE_ADDED)]
        charge = (await LoanCharge.get(loan_id=loan.id)).id
        waived = waive_loan_charge(manager, charge_id=charge, reason="goodwill")
        assert await told_by(waived) == [updated(LoanChange.CHARGE_WAIVED)]
        owed = undo_charge_waiver(manager, charge_id=charge, reason="no")
        assert await told_by(owed) == [updated(LoanChange.ADJUSTED)]
        let_go = waive_interest(manager, amount=kes(1), reason="goodwill", **one)
        assert await told_by(let_go) == [updated(LoanChange.INTEREST_WAIVED)]
        dearer = change_rate(manager, annual_rate=Decimal(24), effective_on=START.date(), reason="the bank", **one)
        assert await told_by(dearer) == [updated(LoanChange.RATE_CHANGED)]
        days = {"starts_on": START.date(), "ends_on": START.date() + timedelta(days=5)}
        paused = pause_delinquency(manager, reason="flood", **days, **one)
        assert await told_by(paused) == [updated(LoanChange.DELINQUENCY_PAUSED)]
        resumed = resume_delinquency(manager, reason="dry", **one)
        assert await told_by(resumed) == [updated(LoanChange.ADJUSTED)]
        plan = NewPlan(kind=RescheduleKind.NEW_TERMS, from_on=START.date(), extra_instalments=2)
        assert await told_by(request_reschedule(manager, plan=plan, reason="drought", **one)) == []
        assert await told_by(reschedule_loan(office.admin, **one)) == [
            ("loan_rescheduled", ""),
            updated(LoanChange.RESCHEDULED),
        ]
        off = charge_off_loan(manager, reason="gone", **one)
        assert await told_by(off) == [("loan_charged_off", ""), updated(LoanChange.CHARGED_OFF)]
        assert await told_by(undo_charge_off(manager, reason="back", **one)) == [updated(LoanChange.ADJUSTED)]
        assert await told_by(request_write_off(manager, reason="gone", **one)) == []
        assert await told_by(write_off_loan(office.admin, **one)) == [
            ("loan_written_off", ""),
            updated(LoanChange.WRITTEN_OFF),
            ("loan_status_changed", ""),
        ]
    await assert_integrity()


async def test_the_end_of_a_loan_is_told_and_so_is_its_return() -> None:
    office = await an_office()
    loan = await a_running_loan(office, **FREE)
    assert await told_by(repaid(office, loan, 300)) == [
        ("payment_processed", ""),
        ("loan_closed", ""),
        updated(LoanChange.REPAID),
        ("loan_status_changed", ""),
    ]
    assert await told_by(repaid(office, loan, 50)) == [
        ("payment_processed", ""),
        updated(LoanChange.REPAID),
        ("loan_status_changed", ""),
    ]
    assert await told_by(refund_overpayment(office.manager, loan_id=loan.id, channel=PaymentChannel.CASH)) == [
        ("loan_closed", ""),
        updated(LoanChange.CREDIT_REFUNDED),
        ("loan_status_changed", ""),
    ]
    line = await LoanTransaction.get(kind="REPAYMENT", amount_minor=30_000)
    assert await told_by(reverse_loan_repayment(office.manager, transaction_id=line.id, reason="bounced")) == [
        ("loan_repayment_reversed", ""),
        updated(LoanChange.REPAYMENT_REVERSED),
        ("loan_status_changed", ""),
    ]


async def _pay(office: Office, loan: Loan, amount: int) -> LoanTransaction:
    return (await record_loan_repayment(office.officer, loan_id=loan.id, amount=kes(amount))).transaction


async def _undo(office: Office, line: LoanTransaction) -> None:
    await reverse_loan_repayment(office.manager, transaction_id=line.id, reason="bounced")


@pytest.mark.parametrize(
    ("paid", "then", "expected"),
    [
        ([300], "pay 10", LoanStatus.OVERPAID),
        ([300], "undo", LoanStatus.ACTIVE),
        ([300], "charge back 5", LoanStatus.ACTIVE),
        ([300], "pay 10 back-dated", LoanStatus.OVERPAID),
        ([300, 20], "undo", LoanStatus.CLOSED),
        ([20, 300], "undo", LoanStatus.ACTIVE),
        ([300, 20], "charge back 20", LoanStatus.CLOSED),
        ([330], "charge back 300", LoanStatus.ACTIVE),
        ([330], "charge back 10", LoanStatus.OVERPAID),
        ([330], "undo", LoanStatus.ACTIVE),
        ([290], "pay 10 back-dated", LoanStatus.CLOSED),
        ([295], "pay 10 back-dated", LoanStatus.OVERPAID),
    ],
)
async def test_the_status_follows_from_what_is_paid(paid: list[int], then: str, expected: LoanStatus) -> None:
    """``then`` is about the last of the payments."""
    office = await an_office()
    with clock.clock_set_to(START):
        loan = await a_running_loan(office, **FREE)
    with clock.clock_set_to(START + timedelta(days=40)):
        lines = [await _pay(office, loan, amount) for amount in paid]
        last = lines[-1]
        match then.split():
            case ["undo"]:
                await _undo(office, last)
            case ["pay", amount]:
                await _pay(office, loan, int(amount))
            case ["pay", amount, "back-dated"]:
                await repaid(office, loan, amount, received_on=START.date() + timedelta(days=5))
            case ["charge", "back", amount]:
                await charge_back(office.manager, transaction_id=last.id, amount=kes(amount))
    assert (await Loan.get(id=loan.id)).status is expected
    await assert_integrity("lending", "ledger")
