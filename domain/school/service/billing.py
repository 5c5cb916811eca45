"""Charging by a structure: one student who is enrolled, or a whole class in a run in which each can fail alone.

Nobody is charged the same twice, however often and by whomever it is asked for: an enrolment is charged once by a structure,
or once by each of its schedules, and by one or the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.errors import InvalidInput
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.school.errors import (
    ChargedAlready,
    FeeScheduleNotFound,
    FeeStructureInactive,
    FeeStructureNotFound,
    FeeStructureUnfit,
    NotEnrolled,
    SchoolClassNotFound,
    StudentNotFound,
)
from domain.school.fees import NewFee, open_fee, settle
from domain.school.fees.opening import MAX_TITLE
from domain.school.models import (
    Enrolment,
    EnrolmentStay,
    FeeSchedule,
    FeeStructure,
    SchoolClass,
    SchoolFee,
    SchoolRun,
    Student,
)
from domain.school.quotes import assessed_for, tariff_for
from domain.school.rules.proration import Presence
from domain.school.service.runs import Done, Part, run_type, start_run
from domain.school.states import EnrolmentStatus, FeeChange, PlanKind, SchoolRunKind
from domain.school.tariffs import INPUT, bad_structure, visible_structures

MAX_STUDENTS: Final = 5_000

CHARGED: Final = "CHARGED"
LEFT_OUT: Final = "LEFT_OUT"


async def charge_structure(
    work: Work,
    actor: Actor,
    *,
    enrolment: Enrolment,
    structure_id: UUID,
    on: date | None = None,
    schedule_id: UUID | None = None,
    plan: PlanKind | None = None,
    gone: Presence | None = None,
) -> SchoolFee:
    """Charge a student by a structure, or by one of its schedules, from a day on: the first of the enrolment unless said.

    By whom students are enrolled, or fees managed. Who joins late is charged as the structure's proration says; ``gone`` is
    what was missed, as somebody counted it. Refuses with FEE_STRUCTURE_NOT_FOUND, FEE_STRUCTURE_INACTIVE,
    FEE_STRUCTURE_UNFIT, NOT_ENROLLED, CHARGED_ALREADY, and BAD_FEE_STRUCTURE what cannot be charged so.
    """
    await work.execute("select from student where id = $1 for share", enrolment.student_id)
    await work.execute("select from enrolment where id = $1 for no key update", enrolment.id)
    structure = await _structure_to_charge(work, structure_id)
    _require_fit(structure, enrolment)
    await _require_not_charged(enrolment.id, structure_id, schedule_id)
    joined_on = on or await _first_day(enrolment)
    tariff = await tariff_for(structure, schedule_id)
    with bad_structure(*INPUT, "plan"):
        kind = tariff.plan(plan).kind
    found = await assessed_for(
        tariff, structure, enrolment.student_id, joined_on=joined_on, gone=gone, plan=plan, path=INPUT
    )
    new = NewFee(
        student_id=enrolment.student_id,
        currency=structure.currency,
        title=await _title(structure, schedule_id),
        enrolment_id=enrolment.id,
        structure_id=structure_id,
        schedule_id=schedule_id,
        plan_kind=kind,
    )
    desk = await open_fee(work, actor, new, _permission(actor, enrolment))
    settled = await settle(work, desk, FeeChange.CHARGED, lines=found.lines, on=clock.today(), why=structure.title)
    return settled.fee


@retried
async def add_fees(
    actor: Actor,
    *,
    structure_id: UUID,
    class_id: UUID | None = None,
    student_ids: Sequence[UUID] | None = None,
    schedule_id: UUID | None = None,
    plan: PlanKind | None = None,
) -> SchoolRun:
    """Charge a class, or some students, by a structure. Each of them has a result: CHARGED, LEFT_OUT who was charged this
    before, or FAILED with the reason.

    Up to ten are charged at once, more in the background. Refuses with FEE_STRUCTURE_NOT_FOUND, FEE_STRUCTURE_INACTIVE,
    FEE_SCHEDULE_NOT_FOUND, FEE_STRUCTURE_UNFIT, SCHOOL_CLASS_NOT_FOUND, and NOT_ENROLLED when there is nobody to charge.
    """
    actor.require(Permission.FEES_MANAGE)
    if (class_id is None) == (student_ids is None):
        raise InvalidInput("name a class, or students", field=(*INPUT, "classId"))
    async with unit_of_work() as work:
        structure = await visible_structures(actor).get_or_none(id=structure_id)
        if structure is None:
            raise FeeStructureNotFound
        _require_active(structure)
        if schedule_id is not None and not await FeeSchedule.exists(id=schedule_id, structure_id=structure_id):
            raise FeeScheduleNotFound
        if student_ids is None:
            assert class_id is not None, "one of the two is named"
            student_ids = await _students_of(actor, class_id, structure)
        require_some(student_ids)
        student_ids = await in_order(student_ids)
        return await start_run(
            work,
            actor,
            SchoolRunKind.BILLING,
            subjects=student_ids,
            parameters={
                "structure_id": str(structure_id),
                "schedule_id": None if schedule_id is None else str(schedule_id),
                "plan": None if plan is None else plan.value,
            },
            branch_id=structure.branch_id,
        )


async def _bill_one(part: Part) -> Done:
    """Charge one student of a run."""
    said = part.run.parameters
    structure_id = UUID(said["structure_id"])
    schedule_id = None if said["schedule_id"] is None else UUID(said["schedule_id"])
    student = await Student.get_or_none(id=part.subject_id)
    if student is None or not part.actor.may_at(Permission.FEES_READ, student.branch_id):
        raise StudentNotFound
    enrolment = await _enrolment_for(student.id, await FeeStructure.get(id=structure_id))
    try:
        fee = await charge_structure(
            part.work,
            part.actor,
            enrolment=enrolment,
            structure_id=structure_id,
            schedule_id=schedule_id,
            plan=None if said["plan"] is None else PlanKind(said["plan"]),
        )
    except ChargedAlready as before:
        return Done(LEFT_OUT, before.code, message=before.message)
    return Done(CHARGED, record_id=fee.id, message=fee.number)


run_type(SchoolRunKind.BILLING, act=_bill_one)


async def _structure_to_charge(work: Work, structure_id: UUID) -> FeeStructure:
    """The structure, which nobody changes meanwhile."""
    await work.execute("select from fee_structure where id = $1 for share", structure_id)
    structure = await FeeStructure.get_or_none(id=structure_id)
    if structure is None:
        raise FeeStructureNotFound
    _require_active(structure)
    return structure


def _require_active(structure: FeeStructure) -> None:
    if not structure.active:
        raise FeeStructureInactive(f"nobody is charged by {structure.title} any more")


def _fits(structure: FeeStructure, enrolment: Enrolment) -> bool:
    """Whether the structure is for the class or the programme of an enrolment, and for days that it has."""
    place = structure.class_id == enrolment.class_id or structure.program_id == enrolment.program_id
    period = structure.year_id == enrolment.year_id and enrolment.term_id in (None, structure.term_id)
    return place and period


def _require_fit(structure: FeeStructure, enrolment: Enrolment) -> None:
    if enrolment.status is not EnrolmentStatus.ENROLLED:
        raise NotEnrolled(f"an enrolment that is {enrolment.status.lower()} is charged nothing")
    if not _fits(structure, enrolment):
        raise FeeStructureUnfit(f"{structure.title} is for another class, programme or period")


async def _require_not_charged(enrolment_id: UUID, structure_id: UUID, schedule_id: UUID | None) -> None:
    """By the whole structure or by its schedules, each once."""
    fees = await SchoolFee.filter(enrolment_id=enrolment_id, structure_id=structure_id, voided_at__isnull=True)
    for fee in fees:
        if None in (schedule_id, fee.schedule_id) or fee.schedule_id == schedule_id:
            raise ChargedAlready(fee.number)


async def _first_day(enrolment: Enrolment) -> date | None:
    stay = await EnrolmentStay.filter(enrolment_id=enrolment.id).order_by("from_on").first()
    return None if stay is None else stay.from_on


async def _title(structure: FeeStructure, schedule_id: UUID | None) -> str:
    if schedule_id is None:
        return structure.title
    schedule = await FeeSchedule.get(id=schedule_id)
    return f"{structure.title}: {schedule.title}"[:MAX_TITLE]


def _permission(actor: Actor, enrolment: Enrolment) -> Permission:
    enrols = actor.may_at(Permission.ENROLMENTS_MANAGE, enrolment.branch_id)
    return Permission.ENROLMENTS_MANAGE if enrols else Permission.FEES_MANAGE


async def _students_of(actor: Actor, class_id: UUID, structure: FeeStructure) -> list[UUID]:
    """Who is enrolled in a class for the time that a structure is for."""
    found = await SchoolClass.get_or_none(id=class_id)
    if found is None or not actor.sees_branch(found.branch_id):
        raise SchoolClassNotFound
    if structure.class_id not in (None, class_id) or structure.program_id not in (None, found.program_id):
        raise FeeStructureUnfit(f"{structure.title} is for another class or programme")
    enrolments = await Enrolment.filter(class_id=class_id, year_id=structure.year_id, status=EnrolmentStatus.ENROLLED)
    return [each.student_id for each in enrolments if _fits(structure, each)]


async def in_order(student_ids: Sequence[UUID]) -> list[UUID]:
    """Students in the order of their numbers, and those whom nobody knows after them: two runs for the same ones that are
    done at once then wait for one another, and not in a circle."""
    known = [student.id for student in await Student.filter(id__in=list(student_ids)).order_by("serial")]
    return list(dict.fromkeys((*known, *student_ids)))


def require_some(student_ids: Sequence[UUID]) -> None:
    """Refuse a run for nobody, and one for too many."""
    if not student_ids:
        raise NotEnrolled("nobody is enrolled for this", field=(*INPUT, "classId"))
    if len(student_ids) > MAX_STUDENTS:
        raise InvalidInput(f"at most {MAX_STUDENTS} students are charged by one run", field=(*INPUT, "studentIds"))


async def _enrolment_for(student_id: UUID, structure: FeeStructure) -> Enrolment:
    """The enrolment that the structure is for; else one that stands, which says that it is not."""
    standing = await Enrolment.filter(student_id=student_id, status=EnrolmentStatus.ENROLLED).order_by("applied_on", "id")
    if not standing:
        raise NotEnrolled("the student is not enrolled")
    return next((each for each in standing if _fits(structure, each)), standing[-1])
