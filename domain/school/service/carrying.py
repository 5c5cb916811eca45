"""Arrears that go along: what a student owes from before a year or a term moves to a fee of it, in a run in which each can
fail alone. The old fees ask for no more than they have, so that nothing is asked for twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.unit_of_work import retried, unit_of_work
from domain.school.access import seen_money
from domain.school.calendars import year_of
from domain.school.errors import AcademicYearNotFound, NotEnrolled, SchoolClassNotFound, TermNotFound
from domain.school.fee_access import locked_payer
from domain.school.fees import Desk, NewFee, locked_fee, open_fee, settle
from domain.school.models import Enrolment, SchoolClass, SchoolFee, SchoolRun
from domain.school.rules.allocation import OpenFee
from domain.school.rules.calendar import BadCalendar, Span
from domain.school.rules.carry_over import moved_over
from domain.school.rules.plans import Line
from domain.school.service.billing import in_order, require_some
from domain.school.service.runs import Done, Part, run_type, start_run
from domain.school.states import OWING, EnrolmentStatus, FeeChange, SchoolRunKind
from domain.school.tariffs import INPUT

CARRIED: Final = "CARRIED"
LEFT_OUT: Final = "LEFT_OUT"
NO_ARREARS: Final = "NO_ARREARS"


@retried
async def carry_over_arrears(
    actor: Actor,
    *,
    year_id: UUID,
    term_id: UUID | None = None,
    class_id: UUID | None = None,
    student_ids: Sequence[UUID] | None = None,
) -> SchoolRun:
    """Move what was due before the first day of a year, or of one of its terms, and is not paid, to a fee of that time: of
    the students of a class in it, of some, or of all who are enrolled for it and owe something.

    Each has a result: CARRIED, LEFT_OUT with NO_ARREARS, or FAILED with the reason. Refuses with ACADEMIC_YEAR_NOT_FOUND,
    TERM_NOT_FOUND, SCHOOL_CLASS_NOT_FOUND, and NOT_ENROLLED when there is nobody.
    """
    actor.require(Permission.FEES_MANAGE)
    async with unit_of_work() as work:
        await _period(year_id, term_id)
        if class_id is not None:
            found = await SchoolClass.get_or_none(id=class_id)
            if found is None or not actor.sees_branch(found.branch_id):
                raise SchoolClassNotFound
        if student_ids is None:
            student_ids = await _owing(actor, year_id, class_id)
        require_some(student_ids)
        student_ids = await in_order(student_ids)
        return await start_run(
            work,
            actor,
            SchoolRunKind.CARRY_OVER,
            subjects=student_ids,
            parameters={"year_id": str(year_id), "term_id": None if term_id is None else str(term_id)},
            branch_id=actor.branch_scope,
        )


async def _carry_one(part: Part) -> Done:
    """Carry over the arrears of one student of a run."""
    said = part.run.parameters
    year_id, term_id = UUID(said["year_id"]), None if said["term_id"] is None else UUID(said["term_id"])
    title, period = await _period(year_id, term_id)
    student = await locked_payer(part.actor, part.subject_id, Permission.FEES_MANAGE)
    enrolment = (
        await Enrolment.filter(student_id=student.id, year_id=year_id, status=EnrolmentStatus.ENROLLED)
        .order_by("applied_on", "id")
        .first()
    )
    if enrolment is None:
        raise NotEnrolled(f"{student.full_name} is not enrolled for {title}")
    fees = await SchoolFee.filter(student_id=student.id, status__in=list(OWING)).order_by("id")
    desks = [await locked_fee(part.work, part.actor, fee.id, Permission.FEES_MANAGE) for fee in fees]
    made = [
        fee
        for currency in sorted({desk.fee.currency for desk in desks})
        if (fee := await _carry(part, enrolment, [desk for desk in desks if desk.fee.currency == currency], title, period))
    ]
    if not made:
        return Done(LEFT_OUT, NO_ARREARS)
    return Done(CARRIED, record_id=made[0].id, message=", ".join(fee.number for fee in made))


run_type(SchoolRunKind.CARRY_OVER, act=_carry_one)


async def _carry(part: Part, enrolment: Enrolment, desks: Sequence[Desk], title: str, period: Span) -> SchoolFee | None:
    """Move the arrears of fees in one currency; None where there are none. Each stays the income that it was to be."""
    moved = moved_over([OpenFee(str(desk.fee.id), desk.rule_lines, desk.fee.paid) for desk in desks], period.starts_on)
    if not moved.lines:
        return None
    for desk in desks:
        lines: Sequence[Line] | None = moved.kept.get(str(desk.fee.id))
        if lines is not None:
            why = f"arrears are carried over to {title}"
            await settle(part.work, desk, FeeChange.EDITED, lines=lines, on=clock.today(), why=why)
    new = NewFee(
        student_id=enrolment.student_id,
        currency=desks[0].fee.currency,
        title=f"Arrears brought forward to {title}",
        enrolment_id=enrolment.id,
    )
    opened = await open_fee(part.work, part.actor, new, Permission.FEES_MANAGE)
    opened.lines = tuple(each for desk in reversed(desks) for each in desk.lines)
    settled = await settle(part.work, opened, FeeChange.CHARGED, lines=moved.lines, on=clock.today(), why=_from(desks))
    return settled.fee


def _from(desks: Sequence[Desk]) -> str:
    return f"arrears of {', '.join(desk.fee.number for desk in desks)}"


async def _period(year_id: UUID, term_id: UUID | None) -> tuple[str, Span]:
    """What a time is called, and its days."""
    year = await year_of(year_id)
    if year is None:
        raise AcademicYearNotFound(field=(*INPUT, "yearId"))
    try:
        span = year.period(term_id)
    except BadCalendar:
        raise TermNotFound(field=(*INPUT, "termId")) from None
    term = None if term_id is None else year.term(term_id)
    return year.title if term is None else f"{term.title} {year.title}", span


async def _owing(actor: Actor, year_id: UUID, class_id: UUID | None) -> list[UUID]:
    """Who is enrolled for a year and owes something, as far as the actor sees."""
    of_class = {} if class_id is None else {"class_id": class_id}
    enrolled = await Enrolment.filter(year_id=year_id, status=EnrolmentStatus.ENROLLED, **of_class)
    ids = [each.student_id for each in enrolled]
    fees = await SchoolFee.filter(seen_money(actor), student_id__in=ids, status__in=list(OWING)).order_by("student_id")
    return list(dict.fromkeys(fee.student_id for fee in fees))
