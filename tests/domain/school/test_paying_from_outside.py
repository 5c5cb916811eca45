"""Fees that are paid from outside: by whom, how they are found, once and never lost, taken back whole and in part."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.errors import CurrencyMismatch, Forbidden, InvalidAmount
from domain.kit.ids import new_id
from domain.payments.models import Payment
from domain.payments.purposes import candidates, due_by_reference, purpose_kind
from domain.payments.purposes.applying import _paid, bring_to_purpose
from domain.payments.states import Purpose
from domain.school.errors import FeeDeleted, FeeMoneyFromElsewhere, FeeMoneyUndone, FeeNotFound
from domain.school.models import FeePayment, SchoolFee, SchoolTransaction, Student
from domain.school.rules.plans import Line
from domain.school.service.changing_fees import delete_fee
from domain.school.service.charging import FeeTerms, add_fee
from domain.school.states import FeePaymentKind, FeePaymentMethod, FeeStatus
from tests.support.collected import (
    application_of,
    asked_for,
    came,
    delivered,
    due_of,
    in_transit,
    kes,
    opened,
    refusal_of,
    taken_back,
)
from tests.support.happenings import assert_integrity, names_of_events, nothing_happens
from tests.support.people import a_branch, somebody
from tests.support.school import School, a_guardian, a_pupil, a_school, known
from tests.support.school_fees import charged, ghs

pytestmark = pytest.mark.usefixtures("database")

FEE = Purpose.SCHOOL_FEE


async def owed(school: School, amount: int = 1500) -> tuple[SchoolFee, Actor]:
    """A fee in shillings, and the guardian who answers for the student."""
    student = await a_pupil(school, "Ama Mensah")
    guardian = await a_guardian(student)
    return await charged(school.bursar, student, kes(amount)), guardian


async def status_of(fee: SchoolFee) -> tuple[FeeStatus, int]:
    now = await SchoolFee.get(id=fee.id)
    return now.status, now.paid_minor // 100


async def test_a_guardian_pays_in_parts_and_once() -> None:
    school = await a_school()
    fee, guardian = await owed(school)
    first = await asked_for(guardian, FEE, fee.id, 600)
    assert (first.client_id, first.payee_name, first.branch_id) == (guardian.id, school.branch.name, school.branch.id)
    assert first.title == f"School fee {fee.number}, Ama Mensah"
    receipt = await came(first)
    await delivered()
    assert await status_of(fee) == (FeeStatus.PARTIALLY_PAID, 600)
    row = await FeePayment.get(id=(await application_of(first)).record_id)
    assert (row.method, row.kind, row.reference, row.payment_id, row.payer_id) == (
        FeePaymentMethod.MPESA, FeePaymentKind.PAYMENT, receipt, first.id, guardian.id,
    )  # fmt: skip
    rest = await asked_for(guardian, FEE, fee.id)
    assert rest.amount == kes(900)
    await came(rest)
    await delivered()
    await bring_to_purpose(rest.id)
    assert (await status_of(fee), await in_transit()) == ((FeeStatus.PAID, 1500), kes(0))
    [live] = await SchoolTransaction.filter(fee_id=fee.id, reversed_at__isnull=True)
    assert (live.reference, live.amount) == (fee.number, kes(1500))
    assert (await names_of_events()).count("school.fee_receipt_given") == 2
    assert (await names_of_events()).count("school.arrears_alert_cleared") == 1
    # More than the fee is the family's, and is not lost.
    due = await due_of(guardian, FEE, fee.id)
    assert due.amount is None
    await came(await opened(due, kes(100)))
    await delivered()
    assert (await SchoolFee.get(id=fee.id)).credit == kes(100)
    await assert_integrity()


async def test_taken_back_whole_and_in_part() -> None:
    fee, guardian = await owed(await a_school())
    payment = await asked_for(guardian, FEE, fee.id)
    receipt = await came(payment)
    await delivered()
    record_id = (await application_of(payment)).record_id
    assert record_id is not None
    async with nothing_happens():
        with pytest.raises(FeeMoneyFromElsewhere):
            await delete_fee(somebody(Role.ADMIN), fee_id=fee.id)
    await taken_back(payment, receipt, kes(500))
    await delivered()
    assert await status_of(fee) == (FeeStatus.PARTIALLY_PAID, 1000)
    kinds = [row.kind for row in await FeePayment.filter(fee_id=fee.id).order_by("serial")]
    assert kinds == [FeePaymentKind.PAYMENT, FeePaymentKind.CORRECTION, FeePaymentKind.PAYMENT]
    await assert_integrity()
    await taken_back(payment, receipt, kes(1000))
    await delivered()
    assert (await status_of(fee), await in_transit()) == ((FeeStatus.UNPAID, 0), kes(0))
    assert not await SchoolTransaction.filter(fee_id=fee.id, reversed_at__isnull=True).exists()
    async with nothing_happens():
        with pytest.raises(FeeMoneyUndone):
            await purpose_kind(FEE).undo(_paid(await Payment.get(id=payment.id), payment.amount), record_id)
    await assert_integrity()


async def test_what_came_for_a_fee_that_was_deleted_is_looked_at() -> None:
    school = await a_school()
    fee, guardian = await owed(school)
    payment = await asked_for(guardian, FEE, fee.id)
    await delete_fee(somebody(Role.ADMIN), fee_id=fee.id)
    receipt = await came(payment)
    await delivered()
    assert (await application_of(payment)).refused_code == "FEE_DELETED"
    assert (await refusal_of(payment), await in_transit()) != (None, kes(0))
    async with nothing_happens():
        with pytest.raises(FeeDeleted):
            await due_of(guardian, FEE, fee.id)
    assert await due_by_reference(fee.number) is None
    await taken_back(payment, receipt)
    await delivered()
    assert await in_transit() == kes(0)
    await assert_integrity()


async def test_who_may_pay_and_how_a_fee_is_found() -> None:
    school = await a_school()
    fee, guardian = await owed(school)
    due = await due_of(guardian, FEE, fee.id)
    assert (due.amount, due.most, due.account_reference) == (kes(1500), None, fee.number)
    assert due.most_by_loan == kes(1500), "a guardian may pay more, a loan does not"
    other = await a_guardian(await Student.get(id=fee.student_id), primary=False, name="Kojo Mensah")
    assert (await due_of(other, FEE, fee.id)).client_id == other.id
    cashier = await known(Role.CASHIER, branch=school.branch)
    for collector in (cashier, school.bursar, somebody(Role.ADMIN)):
        assert await due_of(collector, FEE, fee.id) == due, "the primary guardian is asked to pay"
    elsewhere = somebody(Role.CASHIER, branch=await a_branch())
    strangers = (await known(Role.GUARDIAN), elsewhere, somebody(Role.TEACHER), school.registrar)
    async with nothing_happens():
        for stranger in strangers:
            with pytest.raises((FeeNotFound, Forbidden)):
                await due_of(stranger, FEE, fee.id)
        with pytest.raises(FeeNotFound):
            await due_of(guardian, FEE, new_id())
    for typed in (fee.number, fee.number.lower(), fee.number.replace("-", " ")):
        assert await due_by_reference(typed) == due
    for typed in (fee.number + "0", "FEE", "FEE-", "FEES-1", "FEE-999999999999999999"):
        assert await due_by_reference(typed) is None
    assert await candidates(kes(1495), limit=2) == [due]
    assert await candidates(kes(1000), limit=2) == []


async def test_what_is_due_by_now_is_asked_for_first_and_in_its_currency() -> None:
    school = await a_school()
    student = await a_pupil(school)
    guardian, today = await a_guardian(student), clock.today()
    lines = [Line(number, today + timedelta(days=30 * (number - 1)), "SCHOOL_FEE", kes(500)) for number in (1, 2, 3)]
    terms = FeeTerms(title="Three parts", amount_due=kes(1500), lines=lines)
    fee = (await add_fee(school.bursar, student_id=student.id, terms=terms)).fee
    assert (await due_of(guardian, FEE, fee.id)).amount == kes(500)
    await came(await asked_for(guardian, FEE, fee.id))
    await delivered()
    assert (await due_of(guardian, FEE, fee.id)).amount == kes(1000), "nothing ought to be paid by now, so all is"
    # A loan pays what is owed, for what is beyond it is money in the hands of the family.
    payout = _paid(await Payment.get(target_id=fee.id), kes(1001))
    async with nothing_happens():
        with pytest.raises(InvalidAmount, match="what is owed"):
            await purpose_kind(FEE).apply(replace(payout, payment_id=new_id(), by_loan=True))
    # Another currency is not paid in shillings.
    other = await charged(school.bursar, student, ghs(800))
    due = await due_of(guardian, FEE, other.id)
    assert (due.amount, due.currency) == (ghs(800), "GHS")
    with pytest.raises(CurrencyMismatch):
        due.require(kes(800))
    with pytest.raises(InvalidAmount):
        due.require(ghs(0))
