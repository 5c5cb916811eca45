"""Following fees live: staff one or all of their campus, guardians those of their wards with all else that is about them."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import strawberry

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.school import events as facts
from domain.school.access import is_ward
from domain.school.errors import StudentNotFound
from domain.school.events import SCHOOL, fee_topic, school_topic, student_topic, ward_topic
from domain.school.fee_access import fee_of
from domain.school.states import (
    AttendanceStatus,
    EnrolmentStatus,
    FeeChange,
    FeePaymentKind,
    FeePaymentMethod,
    FeeStatus,
)
from schema.kit import (
    ID,
    LiveEvent,
    Money,
    argument,
    attribute,
    event_feed,
    event_type,
    global_id,
    object_type,
    read_id,
)
from schema.kit.fields import FieldRule
from schema.school import enums  # noqa: F401  describes the enums that are used here
from schema.school.fees.types import SchoolFee
from schema.school.structures.types import StudentDiscount


@object_type("Money that came for a fee, or went back, as a live event tells it.")
class FeeMoney:
    id: ID = global_id("FeePayment", "The row that remembers it.")
    kind: FeePaymentKind = attribute("What it is.")
    method: FeePaymentMethod = attribute("By which way it came, or went.")
    amount: Money = attribute("How much came; under zero when it went back.")
    receipt_number: str | None = attribute("The number of its receipt; null for all but payments.")


@event_type("A fee was charged, changed, paid or deleted.")
class SchoolFeeChanged(LiveEvent):
    fee: SchoolFee = attribute("The fee as it was then.")
    change: FeeChange = attribute("What happened.")
    status_before: FeeStatus | None = attribute("Where it stood before; null for a new one.", name="previousStatus")
    payments: list[FeeMoney] = attribute("The money that moved.", rule=FieldRule(size=2, shared=True))


@event_type("Money came for a fee, and there is a receipt for it.")
class FeeReceiptGiven(LiveEvent):
    fee: SchoolFee = attribute("The fee as it was then.")
    receipt_number: str = attribute("The number of the receipt, for `receipt`.")
    payment: FeeMoney = attribute("The money.")


@event_type("Money of a student came in advance, was used for a fee, or went back.")
class StudentAdvanceChanged(LiveEvent):
    student_id: ID = global_id("Student", "The student.")
    amount: Money = attribute("How much came; under zero when it was used, or went back.")
    unused: Money = attribute("What there is of it now.")
    paid_on: date = attribute("The day of it.")
    receipt_number: str | None = attribute("The number of its receipt, where there is one.", name="advanceReceipt")


@event_type("A student was given a discount, or it was withdrawn. Fees that were charged before stay as they are.")
class StudentDiscountChanged(LiveEvent):
    discount: StudentDiscount = attribute("The discount as it was then.")
    student: str = attribute("How the student is called.", name="studentName")


@object_type("The enrolment of a ward, as a live event tells it.")
class WardEnrolment:
    id: ID = global_id("Enrolment", "The enrolment.")
    student_id: ID = global_id("Student", "The student.")
    student: str = attribute("How the student is called.", name="studentName")
    status: EnrolmentStatus = attribute("Where it stands.")
    class_id: ID | None = global_id("SchoolClass", "The class; null while there is no place.")


@event_type("A ward was enrolled, moved to another class, promoted, or left.")
class WardEnrolmentChanged(LiveEvent):
    enrolment: WardEnrolment = attribute("The enrolment as it was then.")
    status_before: EnrolmentStatus | None = attribute("Where it stood before; null for a new one.", name="previousEnrolment")


@event_type("A ward was marked on the roll.")
class WardAttendanceMarked(LiveEvent):
    student_id: ID = global_id("Student", "The student.")
    student: str = attribute("How the student is called.", name="studentName")
    class_id: ID = global_id("SchoolClass", "The class.")
    class_title: str = attribute("What the class is called.")
    on_date: date = attribute("The day.", name="date")
    lesson: int | None = attribute("The lesson; null where the roll is called once a day.")
    before: AttendanceStatus | None = attribute("What had been marked before; null for a first mark.", name="previousMark")
    after: AttendanceStatus = attribute("What is marked.", name="mark")


FEES = {
    facts.FeeChanged: SchoolFeeChanged,
    facts.FeeReceiptGiven: FeeReceiptGiven,
    facts.StudentDiscountChanged: StudentDiscountChanged,
}


@strawberry.type
class Subscription:
    @event_feed(
        "Fees as they are charged, changed, paid and deleted: one, which the viewer may see, or for staff all of theirs, "
        "and discounts of students.",
        requires=Permission.SIGNED_IN,
        shows=FEES,
    )
    async def fee_updated(
        actor: Actor, fee_id: Annotated[ID | None, argument("Only this fee; who is no staff names one.")] = None
    ) -> list[str]:
        if fee_id is not None:
            return [fee_topic((await fee_of(actor, read_id("SchoolFee", fee_id, "feeId"), field=("feeId",))).id)]
        actor.require(Permission.FEES_READ)
        return [SCHOOL if actor.branch_scope is None else school_topic(actor.branch_scope)]

    @event_feed(
        "All that happens to the viewer's wards: fees, receipts and discounts, money in advance, enrolments and marks on "
        "the roll.",
        requires=Permission.WARDS_READ,
        shows={
            **FEES,
            facts.AdvanceChanged: StudentAdvanceChanged,
            facts.StudentEnrolled: WardEnrolmentChanged,
            facts.EnrolmentChanged: WardEnrolmentChanged,
            facts.StudentPromoted: WardEnrolmentChanged,
            facts.WardMarked: WardAttendanceMarked,
        },
    )
    async def ward_updated(actor: Actor, student_id: Annotated[ID | None, argument("Only this ward.")] = None) -> list[str]:
        if student_id is None:
            return [ward_topic(actor.id)]
        found = read_id("Student", student_id, "studentId")
        if not await is_ward(actor, found):
            raise StudentNotFound(field=("studentId",))
        return [student_topic(found)]
