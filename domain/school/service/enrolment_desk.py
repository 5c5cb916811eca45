"""What every act on an enrolment does: takes what it touches under locks, reads it as the rules know it, writes down what a
rule has made of it, and says so.

Locks are taken in one order, so that nobody waits in a circle: the years, the student, the student's enrolments by id, the
classes by id. Under the lock of a class its places are counted; the roll of a class is called while it is locked for share.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.kit import clock
from domain.kit.database import fetch
from domain.kit.errors import DomainError
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work, work_in_progress
from domain.school import access, figures
from domain.school.errors import AcademicYearNotFound as NoSuchYear
from domain.school.errors import (
    AttendanceInTheWay,
    ClassFull,
    EnrolledTwice,
    EnrolmentDayRefused,
    EnrolmentRefused,
    EnrolmentStatusRefused,
    TermNotFound,
)
from domain.school.events import ClassCount, EnrolmentFigures, StayFigures
from domain.school.models import AcademicYear, Enrolment, EnrolmentStay, SchoolClass, Student, Term
from domain.school.models.kept import TOUCHED
from domain.school.rules import enrolment as rules
from domain.school.rules.calendar import Span
from domain.school.rules.enrolment import Period, Stay
from domain.school.rules.statistics import Key, Metric
from domain.school.service import people
from domain.school.states import EnrolmentStatus

ON: Final = ("input", "on")
CLASS: Final = ("input", "classId")

# How many enrolments stand in each of some classes ($1), and how many of those are for a time that overlaps a period: a
# whole year overlaps each of its terms.
STANDING: Final = """
select class_id, count(*) as students,
       count(*) filter (where year_id = $2 and ($3::uuid is null or term_id is null or term_id = $3)) as taken
from enrolment where class_id = any($1::uuid[]) and status = 'ENROLLED' group by class_id
"""

# Days from $3 to $4 on which the student ($1) was marked in one of some classes ($2) without being in it any more.
MARKED_OUTSIDE: Final = """
select count(distinct a.on_date) from attendance a
where a.student_id = $1 and a.class_id = any($2::uuid[]) and a.on_date between $3 and $4
  and not exists (select from enrolment_stay s where s.student_id = a.student_id and s.class_id = a.class_id
                                                 and a.on_date between s.from_on and s.until_on)
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """An enrolment as it was written down."""

    row: Enrolment
    as_known: rules.Enrolment


@dataclass
class Desk:
    """One student, locked, with all enrolments."""

    work: Work
    actor: Actor
    student: Student
    rows: dict[UUID, Enrolment]
    known: dict[UUID, rules.Enrolment]
    _guardians: Sequence[UUID] | None = field(default=None, repr=False)

    def others(self) -> Collection[rules.Enrolment]:
        """All enrolments of the student: no rule takes one for another of itself."""
        return self.known.values()

    async def add(
        self, wanted: rules.Enrolment, branch_id: UUID | None, *, before: UUID | None = None, run_id: UUID | None = None
    ) -> Kept:
        """A new enrolment with its stays; ``before`` is the one that leads to it."""
        now = clock.now()
        row = Enrolment(
            id=wanted.id,
            student_id=wanted.student_id,
            program_id=wanted.program_id,
            year_id=wanted.period.year_id,
            term_id=wanted.period.term_id,
            class_id=wanted.class_id,
            branch_id=branch_id,
            status=wanted.status,
            applied_on=clock.today(),
            from_enrolment_id=before,
            run_id=run_id,
            created_by_id=self.actor.id,
            created_at=now,
            updated_at=now,
        )
        await row.save(force_create=True)
        await self._write_stays(replace(wanted, stays=()), wanted)
        self.rows[row.id], self.known[row.id] = row, wanted
        return Kept(row, wanted)

    async def keep(self, after: rules.Enrolment, branch_id: UUID | None = None) -> Kept:
        """What became of an enrolment. ATTENDANCE_IN_THE_WAY when the student was marked where they would not have been."""
        row, before = self.rows[after.id], self.known[after.id]
        row.status, row.class_id = after.status, after.class_id
        row.branch_id = branch_id or row.branch_id
        row.touch()
        await row.save(update_fields=["status", "class_id", "branch_id", *TOUCHED])
        if after.stays != before.stays:
            await self._write_stays(before, after)
            await self._require_marks_covered(before)
        self.known[after.id] = after
        return Kept(row, after)

    async def _write_stays(self, before: rules.Enrolment, after: rules.Enrolment) -> None:
        known = {stay.from_on: stay for stay in before.stays}
        wanted = {stay.from_on: stay for stay in after.stays}
        if gone := known.keys() - wanted.keys():
            await EnrolmentStay.filter(enrolment_id=after.id, from_on__in=list(gone)).delete()
        for from_on, stay in wanted.items():
            if from_on in known and stay != known[from_on]:
                changed = {"class_id": stay.class_id, "until_on": stay.until_on}
                await EnrolmentStay.filter(enrolment_id=after.id, from_on=from_on).update(**changed)
        about = {"enrolment_id": after.id, "student_id": after.student_id, "program_id": after.program_id}
        new = [EnrolmentStay(id=new_id(), **about, **_days(stay)) for day, stay in wanted.items() if day not in known]
        for row in new:
            await row.save(force_create=True)

    async def _require_marks_covered(self, before: rules.Enrolment) -> None:
        if not before.stays:
            return
        classes = list({stay.class_id for stay in before.stays})
        first, last = before.stays[0].from_on, before.stays[-1].until_on
        days = await self.work.fetchval(MARKED_OUTSIDE, before.student_id, classes, first, last)
        if days:
            raise AttendanceInTheWay("the student was marked in the class on days after that", days=days, field=ON)

    async def bring_to_campus(self, school_class: SchoolClass) -> None:
        """A student is of the campus of the class, so that whoever sees the class sees who is in it."""
        if school_class.branch_id is not None and self.student.branch_id != school_class.branch_id:
            await people.bring_to_campus(self.work, self.actor, self.student, school_class.branch_id)

    def figures(self, kept: Kept) -> EnrolmentFigures:
        stays = [StayFigures.of(stay) for stay in kept.as_known.stays]
        return EnrolmentFigures.of(kept.row, student=self.student.full_name, stays=stays)

    async def guardians(self) -> Sequence[UUID]:
        if self._guardians is None:
            self._guardians = (await access.guardians_of([self.student.id]))[self.student.id]
        return self._guardians

    async def told_with(self, kept: Kept, classes: Iterable[UUID | None]) -> dict[str, Any]:
        """What all facts about an enrolment tell beside it; ``classes`` are those whose numbers it may have changed."""
        about = sorted({class_id for class_id in classes if class_id is not None})
        standing = {row["class_id"]: row["students"] for row in await self.work.fetch(STANDING, about, None, None)}
        totals = await figures.totals_of([Metric.STUDENTS])
        return {
            "enrolment": self.figures(kept),
            "class_counts": [ClassCount(class_id=each, students=standing.get(each, 0)) for each in about],
            "students_total": totals.get(Key(Metric.STUDENTS), 0),
            "guardian_ids": await self.guardians(),
            "teacher_user_ids": await access.teachers_of(about),
        }


def _days(stay: Stay) -> dict[str, Any]:
    return {"class_id": stay.class_id, "from_on": stay.from_on, "until_on": stay.until_on}


async def desk_of(work: Work, actor: Actor, student_id: UUID) -> Desk:
    """A student whom the actor sees, with the enrolments, locked in their order."""
    student = await access.locked_student(actor, student_id)
    rows = await Enrolment.filter(student_id=student_id).select_for_update(no_key=True).order_by("id")
    stays: dict[UUID, list[Stay]] = {row.id: [] for row in rows}
    for stay in await EnrolmentStay.filter(student_id=student_id).order_by("from_on"):
        stays[stay.enrolment_id].append(Stay(stay.class_id, stay.from_on, stay.until_on))
    known = {row.id: as_known(row, stays[row.id]) for row in rows}
    return Desk(work, actor, student, {row.id: row for row in rows}, known)


def as_known(row: Enrolment, stays: Sequence[Stay]) -> rules.Enrolment:
    return rules.Enrolment(
        id=row.id,
        student_id=row.student_id,
        program_id=row.program_id,
        period=Period(row.year_id, row.term_id),
        status=EnrolmentStatus(row.status),
        stays=tuple(stays),
    )


async def lock_students(work: Work, ids: Iterable[UUID]) -> None:
    """Lock students by id: for who works on several in one unit of work, before any of their classes is locked."""
    await work.fetch("select id from student where id = any($1::uuid[]) order by id for no key update", sorted(ids))


async def locked_classes(work: Work, ids: Iterable[UUID | None]) -> None:
    """Lock classes by id, so that who wants two of them waits for nobody who waits for the other one."""
    wanted = sorted({class_id for class_id in ids if class_id is not None})
    await work.fetch("select id from school_class where id = any($1::uuid[]) order by id for no key update", wanted)


async def free_places(classes: Iterable[SchoolClass], period: Period) -> dict[UUID, int | None]:
    """How many places each class has left in a period, None for no limit; to be counted under the classes' locks."""
    limited = {row.id: row.capacity for row in classes}
    rows = await fetch(STANDING, list(limited), period.year_id, period.term_id)
    taken = {row["class_id"]: row["taken"] for row in rows}
    return {
        class_id: None if capacity is None else max(capacity - taken.get(class_id, 0), 0)
        for class_id, capacity in limited.items()
    }


async def require_a_place(school_class: SchoolClass, period: Period) -> None:
    """CLASS_FULL when there is none; asked under the class's lock."""
    free = (await free_places([school_class], period))[school_class.id]
    if school_class.capacity is not None and free is not None:
        with refusals():
            rules.require_places(school_class.capacity, school_class.capacity - free)


async def days_of(
    period: Period,
    *,
    year: tuple[str, ...] = ("input", "yearId"),
    term: tuple[str, ...] = ("input", "termId"),
) -> Span:
    """The days of a period. In a unit of work they stay as they are until it ends."""
    if work_in_progress() is not None:
        await fetch("select id from academic_year where id = $1 for share", period.year_id)
    found = await AcademicYear.get_or_none(id=period.year_id)
    if found is None:
        raise NoSuchYear(field=year)
    if period.term_id is None:
        return Span(found.starts_on, found.ends_on)
    part = await Term.get_or_none(id=period.term_id, year_id=period.year_id)
    if part is None:
        raise TermNotFound(field=term)
    return Span(part.starts_on, part.ends_on)


@contextmanager
def refusals(*, day: tuple[str, ...] = ON) -> Iterator[None]:
    """Say what the rules of enrolments refuse as what the caller did."""
    try:
        yield
    except rules.EnrolledTwice as refused:
        raise EnrolledTwice(str(refused)) from None
    except rules.ClassFull as refused:
        raise _full(refused) from None
    except rules.StatusRefused as refused:
        raise EnrolmentStatusRefused(str(refused), before=refused.before, after=refused.after) from None
    except rules.DayRefused as refused:
        raise EnrolmentDayRefused(str(refused), field=day) from None
    except rules.EnrolmentRefused as refused:
        raise EnrolmentRefused(str(refused), field=CLASS) from None


def _full(refused: rules.ClassFull) -> DomainError:
    full: DomainError = ClassFull(str(refused), capacity=refused.capacity, free=refused.free)
    full.field = CLASS
    return full


def usual_day(days: Span) -> date:
    """Today, or the first day of a period that is to come. What is over has no usual day: the rules refuse today."""
    return max(clock.today(), days.starts_on)
