"""Eight weeks of the demo school: a class moves on, places are given, fees are charged and paid in every way there is, the
roll is called every school day, and the school has other income and expenses.

What waits for whoever tries the demo: high arrears of two families, an application for a place, a fee in Nairobi that can be
paid by M-Pesa, and a roll that was not called today. The worker tells people of whatever happened in the last days, so that
what sends letters happened earlier.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from api.demo.people import BURSAR, CASHIER, REGISTRAR, SECOND_BURSAR, SECOND_REGISTRAR, TEACHER
from api.demo.school_things import (
    ADWOA,
    AKUA,
    AMA,
    BRIAN,
    ESI,
    FIIFI,
    G5,
    HOLIDAY_DAYS_AGO,
    KOJO,
    KWAKU,
    NANA,
    P3,
    P4,
    YAA,
    School,
    ghs,
    kes,
)
from api.demo.stage import Script, Stage
from domain.kit.money import Money
from domain.school.models import Attendance, Enrolment, SchoolFee
from domain.school.queries.promotion import PromotionWanted
from domain.school.service.advances import move_fee_credit, record_advance, use_advance
from domain.school.service.billing import add_fees
from domain.school.service.books import TransactionTerms, add_expense, add_income
from domain.school.service.changing_fees import FeeEdits, delete_fee, update_fee
from domain.school.service.charging import FeeTerms, add_fee
from domain.school.service.collecting import pay_fee
from domain.school.service.counter import IN_CASH, Way
from domain.school.service.discounts import give_discount
from domain.school.service.enrolling import end_enrolment, enroll_student
from domain.school.service.late_fees import add_late_fees
from domain.school.service.marking import Said, correct_attendance, record_attendance
from domain.school.service.people import register_student
from domain.school.service.promoting import promote_students
from domain.school.service.refunding import refund_fee
from domain.school.states import AttendanceStatus, EnrolmentStatus, FeePaymentMethod, PromotionDecision

BEGAN_DAYS_AGO: Final = 56
ROLLS_BEGAN_DAYS_AGO: Final = 21
QUIET_DAYS: Final = 4
"""So long nobody was absent: guardians get letters of it."""


def scripts(stage: Stage) -> list[Script]:
    school = School()
    return [_opening(stage, school), _money(stage, school), _rolls(stage, school), _books(stage, school)]


async def _opening(stage: Stage, school: School) -> Script:
    """A class moves on, and one repeats it; one comes in the middle of the term and is charged for the rest of it."""
    yield stage.morning(BEGAN_DAYS_AGO)
    await school.set_up(stage)
    wanted = PromotionWanted(
        from_class_id=school.classes[P3],
        repeat_class_id=school.classes[P3],
        from_year_id=school.last_year.id,
        to_year_id=school.year.id,
        decisions={school.students[FIIFI]: PromotionDecision.REPEAT},
    )
    await stage.does(REGISTRAR, promote_students, wanted=wanted)
    yield stage.morning(54)
    sibling = {"student_id": school.students[KOJO], "title": "Second child", "percent": Decimal(10)}
    await stage.does(BURSAR, give_discount, **sibling, category="TUITION", structure_id=school.structures[P4])
    for code, bursar in ((P4, BURSAR), (P3, BURSAR), (G5, SECOND_BURSAR)):
        await stage.does(bursar, add_fees, structure_id=school.structures[code], class_id=school.classes[code])
    yield stage.morning(50)
    await school.enrol(stage, REGISTRAR, NANA, P4, school.year, on=stage.day(50), structure=P4)
    yield stage.morning(6)
    ama = await stage.does(REGISTRAR, register_student, said={"full_name": AMA})
    place = {"class_id": school.classes[P4], "year_id": school.year.id, "up_to": EnrolmentStatus.APPLIED}
    await stage.does(REGISTRAR, enroll_student, student_id=ama.id, **place)


async def _money(stage: Stage, school: School) -> Script:
    """Paid in time, in parts, too much, from a wallet, in advance, by mistake; refunded; not at all."""
    yield stage.morning(53)
    await _paid(stage, school, AKUA, ghs(1_680))
    await _paid(stage, school, YAA, ghs(2_520), _by_bank("GCB 40118"))
    yield stage.morning(47)
    mistaken = await _paid(stage, school, KWAKU, ghs(8_400))
    put_right = {"edits": FeeEdits(amount_paid=ghs(840)), "reason": "One nought too many"}
    await stage.does(BURSAR, update_fee, fee_id=mistaken.id, expected_version=mistaken.version, **put_right)
    await _paid(stage, school, ADWOA, ghs(2_600))
    yield stage.morning(41)
    blazer = FeeTerms(title="School blazer", amount_due=ghs(180))
    trip = FeeTerms(title="Excursion to Cape Coast", amount_due=ghs(80))
    await stage.does(BURSAR, add_fee, student_id=school.students[AKUA], terms=blazer, amount_paid=ghs(180))
    excursion = await stage.does(BURSAR, add_fee, student_id=school.students[ADWOA], terms=trip)
    credit = {"from_fee_id": (await _fee_of(school, ADWOA)).id, "to_fee_id": excursion.fee.id}
    await stage.does(BURSAR, move_fee_credit, **credit)
    wrong = await stage.does(BURSAR, add_fee, student_id=school.students[YAA], terms=blazer, amount_paid=ghs(180))
    await stage.does(BURSAR, delete_fee, fee_id=wrong.fee.id, reason="It was for Akua, and she has paid")
    called_off = await stage.does(BURSAR, add_fee, student_id=school.students[YAA], terms=trip, amount_paid=ghs(80))
    yield stage.morning(33)
    free = {"edits": FeeEdits(amount_due=ghs(0)), "reason": "The bus broke down"}
    await stage.does(BURSAR, update_fee, fee_id=called_off.fee.id, **free)
    await stage.does(BURSAR, refund_fee, fee_id=called_off.fee.id, way=IN_CASH, reason="The bus broke down")
    advance = {"student_id": school.students[FIIFI], "amount": ghs(500), "way": _by_bank("GCB 40377")}
    await stage.does(BURSAR, record_advance, **advance)
    await stage.does(BURSAR, use_advance, fee_id=(await _fee_of(school, FIIFI)).id, amount=ghs(300))
    yield stage.morning(26)
    await _paid(stage, school, ESI, ghs(300))
    await _withdraw(stage, school, NANA)
    yield stage.morning(12)
    await stage.does(BURSAR, add_late_fees, class_id=school.classes[P4])
    yield stage.morning(8)
    await _paid(stage, school, AKUA, ghs(900))
    owed = await _fee_of(school, BRIAN)
    await stage.does(CASHIER, pay_fee, fee_id=owed.id, amount=kes(2_000))
    yield stage.morning(2)
    await _paid(stage, school, KWAKU, ghs(500))


async def _withdraw(stage: Stage, school: School, name: str) -> None:
    """Paid, and gone in the same month: what the ladder says goes back, from the bank."""
    fee = await _paid(stage, school, name, ghs(900), _by_bank("GCB 40512"))
    enrolment = await Enrolment.get(student_id=school.students[name], year_id=school.year.id)
    left = {"status": EnrolmentStatus.WITHDRAWN, "last_on": stage.day(26), "reason": "The family moved to Kumasi"}
    await stage.does(REGISTRAR, end_enrolment, enrolment_id=enrolment.id, **left)
    back = {"way": _by_bank("GCB 9001"), "reason": "They left in the first half of the year"}
    await stage.does(BURSAR, refund_fee, fee_id=fee.id, left_on=stage.day(26), **back)


async def _paid(stage: Stage, school: School, name: str, amount: Money, way: Way = IN_CASH) -> SchoolFee:
    """Money for the fee of the year; what a family pays is written down by the bursar."""
    fee = await _fee_of(school, name)
    return (await stage.does(BURSAR, pay_fee, fee_id=fee.id, amount=amount, way=way)).fee


def _by_bank(slip: str) -> Way:
    return Way(method=FeePaymentMethod.BANK, reference=slip)


async def _fee_of(school: School, name: str) -> SchoolFee:
    return await SchoolFee.get(student_id=school.students[name], structure_id__isnull=False, voided_at=None)


async def _rolls(stage: Stage, school: School) -> Script:
    """The roll of two classes on every school day. Today's is still to be called."""
    yield stage.morning(ROLLS_BEGAN_DAYS_AGO + 1)
    funeral = [Said(student_id=school.students[YAA], status=AttendanceStatus.LEAVE, note="A funeral in Ho")]
    for days_ago in range(ROLLS_BEGAN_DAYS_AGO, 0, -1):
        day = stage.day(days_ago)
        if day.isoweekday() > 5 or days_ago == HOLIDAY_DAYS_AGO:
            continue
        yield stage.morning(days_ago)
        away, funeral = [*funeral, *(_away(school, days_ago) if days_ago > QUIET_DAYS else ())], []
        roll = {"on": day, "default": AttendanceStatus.PRESENT}
        await stage.does(TEACHER, record_attendance, class_id=school.classes[P4], marks=away, **roll)
        await stage.does(SECOND_REGISTRAR, record_attendance, class_id=school.classes[G5], **roll)
        await _correct(stage, day)


def _away(school: School, days_ago: int) -> list[Said]:
    """Somebody is late every third day, and somebody ill every fifth."""
    marks = []
    if days_ago % 3 == 0:
        late = Said(student_id=school.students[KWAKU], status=AttendanceStatus.LATE, note="The bus from Tema")
        marks.append(late)
    if days_ago % 5 == 0:
        marks.append(Said(student_id=school.students[ESI], status=AttendanceStatus.ABSENT))
    return marks


async def _correct(stage: Stage, day: date) -> None:
    """Whoever was marked absent and had only come late is marked so, once."""
    absent = await Attendance.get_or_none(on_date=day, status=AttendanceStatus.ABSENT)
    if absent is not None and not await Attendance.exists(version__gt=1):
        said = {"status": AttendanceStatus.LATE, "reason": "She came at ten", "expected_version": absent.version}
        await stage.does(TEACHER, correct_attendance, attendance_id=absent.id, **said)


async def _books(stage: Stage, school: School) -> Script:
    """What comes in and goes out besides fees."""
    yield stage.morning(45)
    gift = TransactionTerms(
        category="Donations", description="Old pupils' association", amount=ghs(5_000), account_code="4520"
    )
    await stage.does(BURSAR, add_income, terms=gift)
    for days_ago, description, amount in (
        (38, "Exercise books and chalk", 640),
        (24, "Repair of the school bus", 1_150),
        (10, "Electricity", 410),
    ):
        yield stage.morning(days_ago)
        spent = TransactionTerms(category=description.split()[0], description=description, amount=ghs(amount))
        await stage.does(BURSAR, add_expense, terms=spent)
