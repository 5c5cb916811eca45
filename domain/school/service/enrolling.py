"""Enrolling: somebody asks for a place, gets one in a class, changes the class, and leaves.

A class has as many places as it has capacity, in each period: they are counted under its lock, so that of any number who
enrol at the same moment no more get in than there are places. Who is enrolled for a new period while an older one of the
programme is over, and was left standing, is promoted by that, or repeats the class.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.errors import DomainError, InvalidInput
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.school import access
from domain.school.activities import note_activity
from domain.school.errors import EnrolmentNotFound, EnrolmentRefused, StudentNotFound
from domain.school.events import EnrolmentChanged, StudentEnrolled
from domain.school.models import Enrolment, SchoolClass, SchoolFee, Student
from domain.school.quotes import RefundQuote, refund_quote
from domain.school.rules import enrolment as rules
from domain.school.rules.enrolment import Period
from domain.school.service import people
from domain.school.service.billing import charge_structure
from domain.school.service.enrolment_desk import (
    CLASS,
    Desk,
    Kept,
    days_of,
    desk_of,
    locked_classes,
    refusals,
    require_a_place,
    usual_day,
)
from domain.school.states import LEFT_EARLY, EnrolmentStatus
from domain.school.words import reason_of, require_version

LAST_ON: Final = ("input", "lastOn")

_E = EnrolmentStatus


@dataclass(frozen=True, kw_only=True)
class Enrolled:
    """A student with a place, or an application for one, and the fee that was charged with it."""

    enrolment: Enrolment
    student: Student
    fee: SchoolFee | None = None


@dataclass(frozen=True, kw_only=True)
class Ended:
    """An enrolment that is over, and what would go back of each of its fees; told to who reads fees."""

    enrolment: Enrolment
    refunds: Sequence[RefundQuote] = ()


@retried
async def enroll_student(
    actor: Actor,
    *,
    student_id: UUID | None = None,
    new_student: Mapping[str, Any] | None = None,
    class_id: UUID,
    year_id: UUID,
    term_id: UUID | None = None,
    on: date | None = None,
    up_to: EnrolmentStatus = _E.ENROLLED,
    structure_id: UUID | None = None,
) -> Enrolled:
    """A place in a class for a year, or one of its terms, from a day on: today, or the first day of what is to come.

    ``new_student`` registers the student by the same act, by the columns. An application for the same programme and period
    is taken up. With APPLIED the student only asks for a place, and has no class yet. With a fee structure the student is
    charged by it from that day on. Refuses with ENROLLED_TWICE, CLASS_FULL, ENROLMENT_DAY, and what charging is refused for.
    """
    actor.require(Permission.ENROLMENTS_MANAGE)
    if up_to not in (_E.APPLIED, _E.ENROLLED):
        raise InvalidInput("a student applies, or is enrolled", field=("input", "upTo"))
    if up_to is _E.APPLIED and structure_id is not None:
        raise InvalidInput("who only applies is charged nothing", field=("input", "structureId"))
    async with unit_of_work() as work:
        period = Period(year_id, term_id)
        days = await days_of(period)
        desk = await _desk_for(work, actor, student_id, new_student, class_id)
        await locked_classes(work, [class_id, *(each.class_id for each in _standing(desk))])
        school_class = await access.locked_class(actor, class_id)
        wanted = rules.Enrolment(id=new_id(), student_id=desk.student.id, program_id=school_class.program_id, period=period)
        if up_to is _E.APPLIED:
            return Enrolled(enrolment=await _apply(desk, wanted, school_class), student=desk.student)
        wanted = next((each for each in desk.others() if _is_application(each, wanted)), wanted)
        with refusals():
            placed = rules.placed(wanted, class_id, on or usual_day(days), days)
            rules.require_once(placed, desk.others())
        await require_a_place(school_class, period)
        enrolment = await _place(desk, placed, school_class)
        await desk.student.refresh_from_db(fields=["enrolled_count"])
        fee = None
        if structure_id is not None:
            fee = await charge_structure(work, actor, enrolment=enrolment, structure_id=structure_id)
        return Enrolled(enrolment=enrolment, student=desk.student, fee=fee)


async def _desk_for(
    work: Work, actor: Actor, student_id: UUID | None, new_student: Mapping[str, Any] | None, class_id: UUID
) -> Desk:
    """The student who is meant, or one who is registered now: of the campus of the class."""
    if (student_id is None) == (new_student is None):
        raise InvalidInput("name a student, or say who the new one is", field=("input", "studentId"))
    if new_student is not None:
        actor.require(Permission.SCHOOL_MANAGE)
        school_class = await access.class_of(actor, class_id)
        with _about_the_new_student():
            student = await people.new_student(work, actor, {"branch_id": school_class.branch_id, **new_student})
        student_id = student.id
    assert student_id is not None, "one of the two is said"
    return await desk_of(work, actor, student_id)


@contextmanager
def _about_the_new_student() -> Iterator[None]:
    """What is refused of a student is said of that part of the input."""
    try:
        yield
    except DomainError as refused:
        if refused.field is not None:
            refused.field = ("input", "newStudent", *refused.field[1:])
        raise


def _standing(desk: Desk) -> Sequence[rules.Enrolment]:
    return [each for each in desk.others() if each.status is _E.ENROLLED]


def _is_application(known: rules.Enrolment, wanted: rules.Enrolment) -> bool:
    return known.status is _E.APPLIED and (known.program_id, known.period) == (wanted.program_id, wanted.period)


async def _apply(desk: Desk, wanted: rules.Enrolment, school_class: SchoolClass) -> Enrolment:
    with refusals():
        rules.require_once(wanted, desk.others())
    kept = await desk.add(wanted, school_class.branch_id)
    await _tell_change(desk, kept, None, None, "place_asked_for", f"{desk.student.full_name} asks for a place")
    return kept.row


async def _place(desk: Desk, placed: rules.Enrolment, school_class: SchoolClass) -> Enrolment:
    before = await _end_left_over(desk, placed)
    applied = placed.id in desk.known
    if applied:
        kept = await desk.keep(placed, school_class.branch_id)
    else:
        kept = await desk.add(placed, school_class.branch_id, before=before)
    await desk.bring_to_campus(school_class)
    told = await desk.told_with(kept, [school_class.id])
    desk.work.record(StudentEnrolled(status_before=_E.APPLIED if applied else None, **told))
    await _note(desk, kept, "student_enrolled", f"{desk.student.full_name} is enrolled in {school_class.title}")
    return kept.row


async def _end_left_over(desk: Desk, placed: rules.Enrolment) -> UUID | None:
    """What stands of an earlier time of the programme, although it is over, ends; the last of it leads to the new one."""
    begins = min(placed.stays[0].from_on, clock.today())
    over = [each for each in _standing(desk) if each.program_id == placed.program_id and each.stays[-1].until_on < begins]
    over.sort(key=lambda each: each.stays[-1].until_on)
    for each in over:
        became = _E.REPEATED if each.class_id == placed.class_id else _E.PROMOTED
        kept = await desk.keep(rules.ended(each, became))
        words = "repeats the class" if became is _E.REPEATED else "has moved on"
        await _tell_change(desk, kept, _E.ENROLLED, each.class_id, "enrolment_ended", f"{desk.student.full_name} {words}")
    return over[-1].id if over else None


@retried
async def move_student(
    actor: Actor, *, enrolment_id: UUID, class_id: UUID, on: date | None = None, expected_version: int | None = None
) -> Enrolment:
    """Into another class of the programme from a day on, today unless it is said. What was marked and charged in the class
    before stays there. Refuses with CLASS_FULL, ENROLMENT_STATUS, ENROLMENT_DAY, ATTENDANCE_IN_THE_WAY."""
    actor.require(Permission.ENROLMENTS_MANAGE)
    async with unit_of_work() as work:
        desk, row = await _opened(work, actor, enrolment_id)
        known = desk.known[enrolment_id]
        await locked_classes(work, [class_id, known.class_id])
        school_class = await access.locked_class(actor, class_id)
        require_version(row, expected_version)
        if school_class.program_id != row.program_id:
            raise EnrolmentRefused(f"{school_class.title} is of another programme", field=CLASS)
        campus = row.branch_id
        with refusals():
            after = rules.moved(known, class_id, on or _usual_move(known))
        await require_a_place(school_class, known.period)
        kept = await desk.keep(after, school_class.branch_id)
        await desk.bring_to_campus(school_class)
        title = f"{desk.student.full_name} moves to {school_class.title}"
        await _tell_change(desk, kept, known.status, known.class_id, "student_moved", title, campus=campus)
    return kept.row


def _usual_move(known: rules.Enrolment) -> date:
    """Today; of who has not come yet, the first day."""
    return max([clock.today(), *(stay.from_on for stay in known.stays[-1:])])


@retried
async def end_enrolment(
    actor: Actor,
    *,
    enrolment_id: UUID,
    status: EnrolmentStatus,
    last_on: date | None = None,
    reason: str = "",
    expected_version: int | None = None,
) -> Ended:
    """The student leaves early: TRANSFERRED to another school, or WITHDRAWN, with the last day, today unless it is said.

    Who withdraws before the first day was never in the class. Refuses with ENROLMENT_STATUS, ENROLMENT_DAY,
    ATTENDANCE_IN_THE_WAY.
    """
    actor.require(Permission.ENROLMENTS_MANAGE)
    if status not in LEFT_EARLY:
        raise InvalidInput("who leaves early is transferred or withdrawn", field=("input", "status"))
    said = reason_of(reason)
    async with unit_of_work() as work:
        desk, row = await _opened(work, actor, enrolment_id)
        known = desk.known[enrolment_id]
        await locked_classes(work, [known.class_id])
        require_version(row, expected_version)
        with refusals(day=LAST_ON):
            after = rules.ended(known, status, (last_on or clock.today()) if known.stays else None)
        kept = await desk.keep(after)
        title = f"{desk.student.full_name} leaves"
        await _tell_change(desk, kept, known.status, known.class_id, "enrolment_ended", title, said)
        refunds = await _refunds(actor, kept.row, after.stays[-1].until_on) if after.stays else []
    return Ended(enrolment=kept.row, refunds=refunds)


async def _refunds(actor: Actor, enrolment: Enrolment, left_on: date) -> list[RefundQuote]:
    """A proposal: nothing goes back before somebody who manages fees says so."""
    if not actor.may_at(Permission.FEES_READ, enrolment.branch_id):
        return []
    charged = {
        "enrolment_id": enrolment.id,
        "structure_id__isnull": False,
        "voided_at__isnull": True,
        "left_on__isnull": True,
    }
    fees = await SchoolFee.filter(**charged).order_by("serial")
    return [await refund_quote(actor, fee_id=fee.id, left_on=left_on) for fee in fees]


async def _opened(work: Work, actor: Actor, enrolment_id: UUID) -> tuple[Desk, Enrolment]:
    """An enrolment that the actor sees, locked with the student; what cannot be seen is not there."""
    found = await access.visible_enrolments(actor).get_or_none(id=enrolment_id)
    if found is None:
        raise EnrolmentNotFound
    try:
        desk = await desk_of(work, actor, found.student_id)
    except StudentNotFound:
        raise EnrolmentNotFound from None
    return desk, desk.rows[enrolment_id]


async def _tell_change(
    desk: Desk,
    kept: Kept,
    status: EnrolmentStatus | None,
    class_id: UUID | None,
    activity: str,
    title: str,
    reason: str = "",
    *,
    campus: UUID | None = None,
) -> None:
    """``status``, ``class_id`` and ``campus`` are those before."""
    told = await desk.told_with(kept, [class_id, kept.row.class_id])
    desk.work.record(EnrolmentChanged(status_before=status, class_before=class_id, branch_before=campus, **told))
    await _note(desk, kept, activity, title, reason)


async def _note(desk: Desk, kept: Kept, activity: str, title: str, reason: str = "") -> None:
    row = kept.row
    data = {"status": row.status, "class_id": row.class_id, "year_id": row.year_id, "term_id": row.term_id}
    await note_activity(
        desk.work,
        desk.actor,
        activity,
        subject_kind="enrolment",
        subject_id=row.id,
        title=title,
        student_id=row.student_id,
        branch_id=row.branch_id,
        data=data | ({"reason": reason} if reason else {}),
    )
