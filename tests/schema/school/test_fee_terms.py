"""Charging a class, late fees, refunds, arrears that are carried over, and advances in the API."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from domain.identity.permissions import Role
from domain.kit.clock import clock_set_to
from domain.kit.ids import new_id
from domain.school.models import FeePayment, SchoolFee
from domain.school.rules.late_fees import LateFeeRule
from domain.school.rules.plans import Plan
from domain.school.rules.refunds import RefundLadder, RefundStep
from domain.school.rules.terms import FeeTerms
from domain.school.states import LateFeeKind, PlanKind
from tests.support.graphql import ask, ask_refused, do, do_refused, encode_id, refused_to_strangers
from tests.support.happenings import assert_integrity
from tests.support.operations import money, operation, shown
from tests.support.school import a_branch_row, a_pupil, a_school, a_year, enrol, known
from tests.support.school_fees import charged, ghs, paid
from tests.support.school_structures import a_structure, charged_by, registration, tuition

pytestmark = pytest.mark.usefixtures("database")

TERMS = FeeTerms(
    plan=Plan(PlanKind.TERM),
    late_fees=(LateFeeRule(kind=LateFeeKind.FIXED, amount=ghs(25), grace_days=5),),
    refunds=RefundLadder(steps=(RefundStep(60, Decimal(50)),)),
)


def op(name: str) -> str:
    return operation(f"school/{name}")


@pytest.fixture(autouse=True)
def in_february() -> Iterator[None]:
    with clock_set_to(datetime(2025, 2, 10, 9, tzinfo=UTC)):
        yield


def fee_id(fee: SchoolFee) -> str:
    return encode_id("SchoolFee", fee.id)


async def test_a_class_is_charged_and_charged_more_for_being_late() -> None:
    school = await a_school(2025)
    bursar, theirs = school.bursar, await known(Role.BURSAR, branch=await a_branch_row())
    structure = await a_structure(school, tuition(), registration(), terms=TERMS)
    said: dict[str, Any] = {
        "structureId": encode_id("FeeStructure", structure.id),
        "classId": encode_id("SchoolClass", school.school_class.id),
    }
    await refused_to_strangers(op("AddFees"), input=said)
    await refused_to_strangers(op("AddLateFees"), input={})
    assert (await do_refused(bursar, op("AddFees"), input=said))[0] == "NOT_ENROLLED"
    assert (await do(bursar, op("AddLateFees"), input={}))["run"]["total"] == 0
    pupil = await a_pupil(school)
    keyed = said | {"idempotencyKey": "once"}
    first = await do(bursar, op("AddFees"), input=keyed)
    assert (first["run"]["status"], first["run"]["counts"]) == ("DONE", [{"outcome": "CHARGED", "number": 1}])
    assert await do(bursar, op("AddFees"), input=keyed) == first | {"replayed": True}
    stranger = {
        "structureId": said["structureId"],
        "studentIds": [encode_id("Student", each) for each in (pupil.id, new_id())],
    }
    again = (await do(bursar, op("AddFees"), input=stranger))["run"]
    assert again["counts"] == [{"outcome": "FAILED", "number": 1}, {"outcome": "LEFT_OUT", "number": 1}]

    late = (await do(bursar, op("AddLateFees"), input={"classId": said["classId"]}))["run"]
    assert (late["kind"], late["counts"]) == ("LATE_FEES", [{"outcome": "CHARGED", "number": 1}])
    assert (await SchoolFee.get(student_id=pupil.id)).due == ghs(1525)
    assert (await do_refused(bursar, op("AddLateFees"), input={"asOf": "2025-02-11"})) == (
        "INVALID_INPUT",
        ["input", "asOf"],
    )
    assert (await do_refused(theirs, op("AddFees"), input=said))[0] == "FEE_STRUCTURE_NOT_FOUND"
    assert (await do(theirs, op("AddLateFees"), input={}))["run"]["total"] == 0
    for actor in (school.registrar, await known(Role.CASHIER, branch=school.branch)):
        assert await ask_refused(actor, op("AddFees"), input=said) == "FORBIDDEN"
        assert await ask_refused(actor, op("AddLateFees"), input={}) == "FORBIDDEN"


async def test_a_refund_is_quoted_and_paid_out_once() -> None:
    school = await a_school(2025)
    bursar, theirs = school.bursar, await known(Role.BURSAR, branch=await a_branch_row())
    fee = await charged_by(school, await a_pupil(school), await a_structure(school, tuition(), registration(), terms=TERMS))
    await paid(bursar, fee, ghs(1500))
    left: dict[str, Any] = {"feeId": fee_id(fee), "leftOn": "2025-02-07"}
    await refused_to_strangers(op("RefundQuote"), **left)
    await refused_to_strangers(op("RefundFee"), input=left)
    quote = await ask(bursar, op("RefundQuote"), **left)
    assert (quote["percentBack"], quote["due"], quote["refund"]) == (
        "50.0000", shown("900.00", "GHS"), shown("600.00", "GHS"),
    )  # fmt: skip
    said = left | {"expectedVersion": 2, "idempotencyKey": "once", "reason": "Moved"}
    too_much = left | {"amount": money("600.01", "GHS")}
    assert await do_refused(bursar, op("RefundFee"), input=too_much) == ("FEE_REFUND_TOO_LARGE", ["input", "amount"])
    assert (await do_refused(bursar, op("RefundFee"), input=left | {"method": "WALLET"}))[0] == "GUARDIAN_NOT_FOUND"
    given = await do(bursar, op("RefundFee"), input=said)
    assert (given["fee"]["status"], given["fee"]["amountRefunded"]) == ("PAID", shown("600.00", "GHS"))
    assert given["payments"][0]["amount"]["amount"] == "-600.00"
    assert (await do(bursar, op("RefundFee"), input=said))["replayed"]
    assert (await do_refused(bursar, op("RefundFee"), input=said | {"idempotencyKey": "other"}))[
        0
    ] == "FEE_CHANGED_MEANWHILE"
    assert (await do_refused(bursar, op("RefundFee"), input=left))[0] == "FEE_SETTLED"
    assert await ask_refused(bursar, op("RefundQuote"), **left) == "FEE_SETTLED"
    assert await ask_refused(theirs, op("RefundQuote"), **left) == "FEE_NOT_FOUND"
    assert (await do_refused(theirs, op("RefundFee"), input=left))[0] == "FEE_NOT_FOUND"
    assert await ask_refused(school.registrar, op("RefundFee"), input=left) == "FORBIDDEN"
    await assert_integrity("school")


async def test_e4_lessons_come_off_a_fee_and_its_plan_changes() -> None:
    school = await a_school(2025)
    bursar, theirs = school.bursar, await known(Role.BURSAR, branch=await a_branch_row())
    structure = await a_structure(school, tuition(1110), terms=TERMS, plan_kinds=["MONTHLY"])
    fee = await charged_by(school, await a_pupil(school), structure)
    lessons = {"missed": 7, "lesson": money("35", "GHS"), "monthsUncharged": 2, "month": money("111", "GHS")}
    await refused_to_strangers(op("LessonSettlement"), lessons=lessons)
    found = await ask(bursar, op("LessonSettlement"), lessons=lessons)
    assert (found["worth"]["amount"], found["uncharged"]["amount"]) == ("245.00", "222.00")
    assert (found["furtherOff"]["amount"], found["stillDue"]["amount"]) == ("23.00", "0.00")
    said = lessons | {"feeId": fee_id(fee), "category": "tuition", "expectedVersion": 1}
    await refused_to_strangers(op("SettleMissedLessons"), input=said)
    assert (await do_refused(theirs, op("SettleMissedLessons"), input=said))[0] == "FEE_NOT_FOUND"
    assert (await do(bursar, op("SettleMissedLessons"), input=said))["fee"]["amountDue"] == shown("1,087.00", "GHS")
    assert (await do_refused(bursar, op("SettleMissedLessons"), input=said))[0] == "FEE_CHANGED_MEANWHILE"
    many = lessons | {"missed": 10**6}
    assert await ask_refused(bursar, op("LessonSettlement"), lessons=many) == "INVALID_INPUT"
    monthly = {"feeId": fee_id(fee), "planKind": "MONTHLY", "expectedVersion": 2}
    await refused_to_strangers(op("ChangeFeeTerms"), input=monthly)
    changed = (await do(bursar, op("ChangeFeeTerms"), input=monthly))["fee"]
    assert (changed["amountDue"]["amount"], changed["version"]) == ("1087.00", 3)
    assert (await do_refused(theirs, op("ChangeFeeTerms"), input=monthly))[0] == "FEE_NOT_FOUND"
    assert (await do_refused(bursar, op("ChangeFeeTerms"), input={"feeId": fee_id(fee)}))[0] == "INVALID_INPUT"
    anew = {"feeId": fee_id(fee), "chargeAnew": True}
    assert (await do(bursar, op("ChangeFeeTerms"), input=anew))["fee"]["amountDue"]["amount"] == "1110.00"


async def test_arrears_are_carried_over() -> None:
    school = await a_school(2025)
    pupil = await a_pupil(school)
    fee = await charged(school.bursar, pupil, ghs(500), ghs(200))
    coming = await a_year(2026)
    said = {"yearId": encode_id("AcademicYear", coming.id)}
    await refused_to_strangers(op("CarryOverArrears"), input=said)
    assert (await do_refused(school.bursar, op("CarryOverArrears"), input=said))[0] == "NOT_ENROLLED"
    await enrol(pupil, school.next_class, coming)
    run = (await do(school.bursar, op("CarryOverArrears"), input=said))["run"]
    assert (run["kind"], run["counts"]) == ("CARRY_OVER", [{"outcome": "CARRIED", "number": 1}])
    assert (await SchoolFee.get(id=fee.id)).due == ghs(200)
    theirs = await known(Role.BURSAR, branch=await a_branch_row())
    assert (await do_refused(theirs, op("CarryOverArrears"), input=said))[0] == "NOT_ENROLLED"
    assert await ask_refused(school.registrar, op("CarryOverArrears"), input=said) == "FORBIDDEN"
    unknown = {"yearId": encode_id("AcademicYear", new_id())}
    assert (await do_refused(school.bursar, op("CarryOverArrears"), input=unknown))[0] == "ACADEMIC_YEAR_NOT_FOUND"


async def test_an_advance_is_recorded_used_returned_and_given_back_and_credit_moves() -> None:
    school = await a_school(2025)
    pupil = await a_pupil(school)
    bursar, theirs = school.bursar, await known(Role.BURSAR, branch=await a_branch_row())
    cashier = await known(Role.CASHIER, branch=school.branch)
    student = encode_id("Student", pupil.id)
    ahead = {"studentId": student, "amount": money("700", "GHS"), "method": "BANK", "idempotencyKey": "once"}
    await refused_to_strangers(op("RecordAdvance"), input=ahead)
    await refused_to_strangers(op("StudentAdvances"), studentId=student)
    assert (await ask(cashier, op("StudentAdvances"), studentId=student))["nodes"] == []
    assert await ask(cashier, op("UnusedAdvances"), studentId=student) == []
    came = await do(cashier, op("RecordAdvance"), input=ahead)
    assert came["advance"]["receiptNumber"].startswith("RCT-2025-")
    assert await do(cashier, op("RecordAdvance"), input=ahead) == came | {"replayed": True}
    fee, other = await charged(bursar, pupil, ghs(500)), await charged(bursar, pupil, ghs(100), ghs(160))
    used = await do(cashier, op("UseAdvance"), input={"feeId": fee_id(fee)})
    assert (used["fee"]["status"], used["unused"]) == ("PAID", shown("200.00", "GHS"))
    payment = await FeePayment.get(fee_id=fee.id)
    back = {"feePaymentId": encode_id("FeePayment", payment.id)}
    assert (await do(cashier, op("ReturnAdvance"), input=back))["unused"] == shown("700.00", "GHS")
    assert (await do_refused(cashier, op("ReturnAdvance"), input=back))[0] == "FEE_MONEY_UNDONE"

    credit = {"fromFeeId": fee_id(other), "toFeeId": fee_id(fee), "amount": money("50", "GHS")}
    await refused_to_strangers(op("MoveFeeCredit"), input=credit)
    moved = await do(cashier, op("MoveFeeCredit"), input=credit)
    assert (moved["fromFee"]["credit"]["amount"], moved["toFee"]["amountPaid"]["amount"]) == ("10.00", "50.00")
    refusal = await do_refused(cashier, op("MoveFeeCredit"), input=credit)
    assert refusal == ("FEE_CREDIT_TOO_SMALL", ["input", "amount"])
    waits = await do(cashier, op("MoveFeeCredit"), input={"fromFeeId": fee_id(other)})
    assert waits["advance"]["amount"] == shown("10.00", "GHS") and waits["toFee"] is None

    given = {"studentId": student, "amount": money("710", "GHS")}
    assert await ask_refused(cashier, op("GiveBackAdvance"), input=given) == "FORBIDDEN"
    more = given | {"amount": money("710.01", "GHS")}
    assert await do_refused(bursar, op("GiveBackAdvance"), input=more) == ("ADVANCE_TOO_SMALL", ["input", "amount"])
    assert (await do(bursar, op("GiveBackAdvance"), input=given))["advance"]["amount"]["amount"] == "-710.00"
    nodes = (await ask(bursar, op("StudentAdvances"), studentId=student))["nodes"]
    assert [each["amount"]["amount"] for each in nodes] == ["-710.00", "10.00", "500.00", "-500.00", "700.00"]

    assert (await do_refused(theirs, op("RecordAdvance"), input=ahead))[0] == "STUDENT_NOT_FOUND"
    assert (await do_refused(theirs, op("UseAdvance"), input={"feeId": fee_id(fee)}))[0] == "FEE_NOT_FOUND"
    assert (await do_refused(theirs, op("MoveFeeCredit"), input=credit))[0] == "FEE_NOT_FOUND"
    assert (await do_refused(theirs, op("ReturnAdvance"), input=back))[0] == "FEE_PAYMENT_NOT_FOUND"
    assert (await ask(theirs, op("StudentAdvances"), studentId=student))["nodes"] == []
    await assert_integrity("school")
