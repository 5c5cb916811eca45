"""What is refused about fees and their money: nothing happens then, and the answer says where."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.errors import CurrencyMismatch, DomainError, Forbidden, InvalidAmount, InvalidInput
from domain.kit.ids import new_id
from domain.kit.money import MAX_AMOUNT_MINOR, Money
from domain.school.errors import (
    BadFee,
    EnrolmentNotFound,
    FeeCategoryNotFound,
    FeeChannelNotPossible,
    FeeDayInvalid,
    FeeNotFound,
    FeeStudentDeleted,
    StudentNotFound,
)
from domain.school.models import Student
from domain.school.rules.plans import Line
from domain.school.service.changing_fees import FeeEdits, delete_fee, update_fee
from domain.school.service.charging import FeeTerms, add_fee
from domain.school.service.collecting import pay_fee
from domain.school.service.counter import Way
from domain.school.states import FeePaymentMethod
from tests.support.happenings import nothing_happens
from tests.support.school import a_branch_row, a_guardian, a_pupil, a_school, a_student, known
from tests.support.school_fees import charged, ghs, kes, paid

pytestmark = pytest.mark.usefixtures("database")

Refusal = type[DomainError]
TOO_MUCH = Money(MAX_AMOUNT_MINOR + 1, "GHS")


async def refused(acts: list[tuple[Refusal, Awaitable[Any]]]) -> list[tuple[str, ...] | None]:
    """Each is refused so and leaves nothing; the fields that are blamed."""
    fields = []
    async with nothing_happens():
        for refusal, act in acts:
            with pytest.raises(refusal) as error:
                await act
            assert type(error.value) is refusal
            fields.append(error.value.field)
    return fields


async def test_what_cannot_be_charged() -> None:
    school = await a_school()
    student, bursar = await a_pupil(school), school.bursar
    gone = await a_student(branch=school.branch)
    await Student.filter(id=gone.id).update(deleted_at=clock.now())
    stranger = await a_student(branch=await a_branch_row())
    await charged(bursar, student, ghs(1))

    def add(whom: Student = student, paid_now: Money | None = None, **said: Any) -> Awaitable[Any]:
        terms = FeeTerms(**({"title": "Tuition", "amount_due": ghs(10)} | said))
        return add_fee(bursar, student_id=whom.id, terms=terms, amount_paid=paid_now)

    lines = (Line(1, date(2030, 1, 1), "SCHOOL_FEE", ghs(4)),)
    fields = await refused(
        [
            (StudentNotFound, add(stranger)),
            (FeeStudentDeleted, add(gone)),
            (EnrolmentNotFound, add(enrolment_id=new_id())),
            (InvalidInput, add(title="  ")),
            (InvalidInput, add(title="x" * 121)),
            (InvalidAmount, add(amount_due=ghs(-1))),
            (InvalidAmount, add(amount_due=TOO_MUCH)),
            (InvalidAmount, add(paid_now=ghs(-1))),
            (CurrencyMismatch, add(paid_now=kes(5))),
            (BadFee, add(due_on=date(1999, 12, 31))),
            (BadFee, add(lines=lines)),
            (BadFee, add(lines=(Line(0, date(2030, 1, 1), "SCHOOL_FEE", ghs(10)),))),
            (FeeCategoryNotFound, add(category="YACHT")),
            (InvalidInput, add(category="no code")),
            (CurrencyMismatch, add(lines=(Line(1, date(2030, 1, 1), "SCHOOL_FEE", kes(10)),))),
        ]
    )
    assert fields[0] == ("input", "studentId") and fields[7] == ("input", "amountPaid")
    assert fields[8] == ("input", "amountPaid", "currency")
    for bad in ("NaN", "Infinity", "1.234", "9" * 19):
        with pytest.raises(InvalidAmount):
            Money.of(Decimal(bad), "GHS")


async def test_what_cannot_be_paid() -> None:
    school = await a_school()
    student, bursar = await a_pupil(school), school.bursar
    fee = await charged(bursar, student, ghs(10), ghs(10))
    tomorrow = clock.today() + timedelta(days=1)
    by = {method: Way(method=method) for method in FeePaymentMethod}
    stranger = await a_guardian(await a_student(branch=school.branch))
    guardian = await a_guardian(student)
    fields = await refused(
        [
            (FeeNotFound, pay_fee(bursar, fee_id=new_id(), amount=ghs(1))),
            (InvalidAmount, pay_fee(bursar, fee_id=fee.id)),
            (InvalidAmount, paid(bursar, fee, ghs(0))),
            (InvalidAmount, paid(bursar, fee, TOO_MUCH)),
            (InvalidAmount, paid(bursar, fee, Money(MAX_AMOUNT_MINOR, "GHS"))),
            (CurrencyMismatch, paid(bursar, fee, kes(1))),
            (FeeDayInvalid, paid(bursar, fee, ghs(1), paid_on=tomorrow)),
            (FeeDayInvalid, paid(bursar, fee, ghs(1), paid_on=date(1999, 12, 31))),
            (FeeChannelNotPossible, paid(bursar, fee, ghs(1), way=by[FeePaymentMethod.MPESA])),
            (FeeChannelNotPossible, paid(bursar, fee, ghs(1), way=by[FeePaymentMethod.LOAN])),
            (InvalidInput, paid(bursar, fee, ghs(1), way=Way(reference="x" * 61))),
            (Forbidden, paid(bursar, fee, ghs(1), way=by[FeePaymentMethod.WALLET])),
            (Forbidden, paid(guardian, fee, ghs(1))),
            (FeeNotFound, paid(stranger, fee, ghs(1), way=by[FeePaymentMethod.WALLET])),
        ]
    )
    assert fields[6] == ("input", "paidOn") and fields[0] == ("input", "feeId")


async def test_who_may_do_what() -> None:
    school = await a_school()
    student, bursar, elsewhere = await a_pupil(school), school.bursar, await a_branch_row()
    fee = await charged(bursar, student, ghs(10))
    cashier = await known(Role.CASHIER, branch=school.branch)
    other = await known(Role.BURSAR, branch=elsewhere)
    registrar = school.registrar
    more, money = FeeEdits(amount_due=ghs(20)), FeeEdits(amount_paid=ghs(3))
    terms = FeeTerms(title="Tuition", amount_due=ghs(10))
    await refused(
        [
            (Forbidden, add_fee(cashier, student_id=student.id, terms=terms)),
            (Forbidden, update_fee(cashier, fee_id=fee.id, edits=more)),
            (Forbidden, delete_fee(cashier, fee_id=fee.id)),
            (Forbidden, paid(registrar, fee, ghs(1))),
            (StudentNotFound, add_fee(other, student_id=student.id, terms=terms)),
            (FeeNotFound, paid(other, fee, ghs(1))),
            (FeeNotFound, update_fee(other, fee_id=fee.id, edits=more)),
            (FeeNotFound, delete_fee(other, fee_id=fee.id)),
        ]
    )
    assert (await update_fee(cashier, fee_id=fee.id, edits=money)).fee.paid == ghs(3)
