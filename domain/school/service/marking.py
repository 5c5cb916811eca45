"""Marking: the roll of a class is called, a day or a lesson at once, and a mark is corrected.

The class is locked for share while its roll is called, so that nobody is moved into it or out of it meanwhile, and the roll
itself by the class, the day and the lesson, so that of two teachers who call it at once the second sees what the first has
marked. What is marked again otherwise is a correction: what it was before is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.kit.wording import day
from domain.school import access
from domain.school.activities import note_activity
from domain.school.calendars import locked_year_on
from domain.school.errors import (
    AttendanceNotFound,
    BadMark,
    DayToCome,
    MarkedTwice,
    NotASchoolDay,
    NotInTheClass,
    NotYourClass,
    SchoolClassNotFound,
)
from domain.school.events import AttendanceCorrected, AttendanceFigures, AttendanceRecorded, RollMark, WardMarked
from domain.school.models import Attendance, AttendanceCorrection, SchoolClass, Student
from domain.school.models.kept import TOUCHED
from domain.school.queries.attendance import RollCounts, counts_of_roll
from domain.school.rules import attendance as rules
from domain.school.rules.attendance import Mark, Marked
from domain.school.states import AttendanceStatus, DayKind
from domain.school.words import reason_of, require_version

ON: Final = ("input", "on")
LESSON: Final = ("input", "lesson")
MARKS: Final = ("input", "marks")

_AS_SAID: Final = {
    AttendanceStatus.PRESENT: "present",
    AttendanceStatus.LATE: "late",
    AttendanceStatus.ABSENT: "absent",
    AttendanceStatus.LEAVE: "on leave",
}

# Who was in a class ($1) on a day ($2), by name.
ROLL: Final = """
select s.id, s.full_name from enrolment_stay stay join student s on s.id = stay.student_id
where stay.class_id = $1 and $2 between stay.from_on and stay.until_on
group by s.id order by s.full_name, s.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody says of one student."""

    student_id: UUID
    status: AttendanceStatus
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class CalledRoll:
    """What calling the roll has done: the marks that are new or another, in the order of the roll, and how it stands."""

    school_class: SchoolClass
    on_date: date
    lesson: int | None
    marks: Sequence[Attendance]
    counts: RollCounts


@dataclass
class _Roll:
    """One roll, locked, with the marks that it has."""

    work: Work
    actor: Actor
    school_class: SchoolClass
    on: date
    lesson: int | None
    names: Mapping[UUID, str]
    rows: dict[UUID, Attendance]

    def known(self) -> dict[UUID, Mark]:
        return {student_id: Mark(row.status, row.note) for student_id, row in self.rows.items()}


@retried
async def record_attendance(
    actor: Actor,
    *,
    class_id: UUID,
    on: date,
    lesson: int | None = None,
    marks: Sequence[Said] = (),
    default: AttendanceStatus | None = None,
) -> CalledRoll:
    """Mark a class on a day, in a lesson where it is marked in lessons. Who is not named gets the default, if nothing is
    known of them yet.

    Refuses with NOT_A_SCHOOL_DAY, DAY_TO_COME, NOT_IN_THE_CLASS, MARKED_TWICE, BAD_MARK, NOT_YOUR_CLASS. What is as it was
    is not written again.
    """
    actor.require(Permission.ATTENDANCE_MARK)
    async with unit_of_work() as work:
        roll = await _opened(work, actor, class_id, on, lesson)
        said = [
            (each.student_id, _mark(each.status, each.note, (*MARKS, str(place), "note")))
            for place, each in enumerate(marks)
        ]
        with _refusals():
            changes = rules.call_the_roll(list(roll.names), said, roll.known(), default)
        written = await _write(roll, changes)
        counts = await counts_of_roll(class_id, on, lesson)
        if changes:
            await _tell_roll(roll, changes, written, counts)
    ordered = [written[change.student_id] for change in changes]
    return CalledRoll(school_class=roll.school_class, on_date=on, lesson=lesson, marks=ordered, counts=counts)


@retried
async def correct_attendance(
    actor: Actor,
    *,
    attendance_id: UUID,
    status: AttendanceStatus,
    note: str | None = None,
    reason: str = "",
    expected_version: int | None = None,
) -> Attendance:
    """Another mark in the place of one. Without a note, the one that there is stays. Refuses with ATTENDANCE_NOT_FOUND,
    RECORD_CHANGED, NOT_YOUR_CLASS."""
    actor.require(Permission.ATTENDANCE_MARK)
    why = reason_of(reason)
    async with unit_of_work() as work:
        found = await access.visible_attendance(actor).get_or_none(id=attendance_id)
        if found is None:
            raise AttendanceNotFound
        school_class = await SchoolClass.get(id=found.class_id)
        await _require_teacher(actor, school_class, found.on_date)
        await work.execute("select id from school_class where id = $1 for share", school_class.id)
        row = await Attendance.filter(id=attendance_id).select_for_update(no_key=True).get()
        require_version(row, expected_version)
        before = Mark(row.status, row.note)
        after = _mark(status, before.note if note is None else note, ("input", "note"))
        change = Marked(row.student_id, before, after)
        if change.is_change:
            await _correct(row, change, actor, why)
            await _tell_correction(work, actor, school_class, row, change, why)
    return row


async def _opened(work: Work, actor: Actor, class_id: UUID, on: date, lesson: int | None) -> _Roll:
    """The roll of a class that the actor may call, locked; only of days and lessons that there are."""
    school_class = await access.visible_classes(actor).get_or_none(id=class_id)
    if school_class is None:
        raise SchoolClassNotFound
    await _require_teacher(actor, school_class, on)
    await work.execute("select id from school_class where id = $1 for share", class_id)
    await work.execute(
        "select pg_advisory_xact_lock(hashtextextended('roll ' || $1::text, 0))", f"{class_id} {on} {lesson or '-'}"
    )
    with _refusals():
        rules.require_lesson(lesson, school_class.lessons)
    await _require_day(on)
    names = {row["id"]: row["full_name"] for row in await work.fetch(ROLL, class_id, on)}
    found = Attendance.filter(class_id=class_id, on_date=on)
    found = found.filter(lesson__isnull=True) if lesson is None else found.filter(lesson=lesson)
    rows = await found.select_for_update(no_key=True).order_by("student_id")
    return _Roll(work, actor, school_class, on, lesson, names, {row.student_id: row for row in rows})


async def _require_teacher(actor: Actor, school_class: SchoolClass, day: date) -> None:
    """Whoever manages the school marks every class of the campus, a teacher those of the assignments of that day."""
    if actor.may_at(Permission.SCHOOL_MANAGE, school_class.branch_id):
        return
    if not await access.teaches(actor, school_class.id, day):
        raise NotYourClass(f"you do not teach {school_class.title} on {day}")


async def _require_day(on: date) -> None:
    """A day of school that has come; the calendar stays as it is until the roll is called."""
    year = await locked_year_on(on)
    if year is None:
        if on > clock.today():
            raise DayToCome(f"{on} has not come yet")
        raise NotASchoolDay(f"{on} is outside every school year", day=on, kind=DayKind.OUTSIDE_YEAR)
    with _refusals():
        rules.require_day(on, clock.today(), year)


def _mark(status: AttendanceStatus, note: str, path: tuple[str, ...]) -> Mark:
    text = " ".join(note.split())
    try:
        if not text.isprintable():
            raise rules.BadMark("a note has characters in it that nobody can see")
        return Mark(status, text)
    except rules.BadMark as refused:
        raise BadMark(str(refused), field=path) from None


async def _write(roll: _Roll, changes: Iterable[Marked]) -> dict[UUID, Attendance]:
    """The marks that changed, in the order of the students; all new ones by one statement."""
    written, new = {}, []
    for change in sorted(changes, key=lambda each: each.student_id):
        row = roll.rows.get(change.student_id)
        if row is None:
            row = _new(roll, change)
            new.append(row)
        else:
            await _correct(row, change, roll.actor, "")
        written[change.student_id] = row
    if new:
        await Attendance.bulk_create(new)
    return written


def _new(roll: _Roll, change: Marked) -> Attendance:
    now = clock.now()
    return Attendance(
        id=new_id(),
        student_id=change.student_id,
        on_date=roll.on,
        class_id=roll.school_class.id,
        lesson=roll.lesson,
        status=change.after.status,
        note=change.after.note,
        marked_by_id=roll.actor.id,
        marked_at=now,
        updated_at=now,
    )


async def _correct(row: Attendance, change: Marked, actor: Actor, reason: str) -> None:
    """The row says what is marked now, and a correction beside it what it was."""
    assert change.before is not None
    row.status, row.note = change.after.status, change.after.note
    row.touch()
    await row.save(update_fields=["status", "note", *TOUCHED])
    await AttendanceCorrection.create(
        id=new_id(),
        attendance_id=row.id,
        before_status=change.before.status,
        after_status=change.after.status,
        before_note=change.before.note,
        after_note=change.after.note,
        reason=reason,
        corrected_by_id=actor.id,
        corrected_at=row.updated_at,
    )


async def _tell_roll(roll: _Roll, changes: Sequence[Marked], written: Mapping[UUID, Attendance], counts: RollCounts) -> None:
    about = await _about(roll.actor, roll.school_class, roll.on, roll.lesson, counts)
    marks = [_roll_mark(written[each.student_id], roll.names[each.student_id], each) for each in changes]
    roll.work.record(AttendanceRecorded(marks=marks, **about))
    await _tell_families(roll.work, roll.school_class, roll.on, roll.lesson, marks)
    await note_activity(
        roll.work,
        roll.actor,
        "attendance_recorded",
        subject_kind="school_class",
        subject_id=roll.school_class.id,
        title=f"The roll of {roll.school_class.title} was called for {day(roll.on)}",
        branch_id=roll.school_class.branch_id,
        data={"on": roll.on, "lesson": roll.lesson, "changed": len(marks), **_numbers(counts)},
    )


async def _tell_correction(
    work: Work, actor: Actor, school_class: SchoolClass, row: Attendance, change: Marked, reason: str
) -> None:
    counts = await counts_of_roll(row.class_id, row.on_date, row.lesson)
    about = await _about(actor, school_class, row.on_date, row.lesson, counts)
    student = await Student.get(id=row.student_id)
    mark = _roll_mark(row, student.full_name, change)
    work.record(AttendanceCorrected(mark=mark, reason=reason, revision=row.version, **about))
    await _tell_families(work, school_class, row.on_date, row.lesson, [mark])
    await note_activity(
        work,
        actor,
        "attendance_corrected",
        subject_kind="attendance",
        subject_id=row.id,
        title=f"{student.full_name} was {_AS_SAID[row.status]} on {day(row.on_date)} in {school_class.title}",
        student_id=row.student_id,
        branch_id=school_class.branch_id,
        data={"before": mark.before, "after": mark.after, "on": row.on_date, "lesson": row.lesson, "reason": reason},
    )


def _roll_mark(row: Attendance, name: str, change: Marked) -> RollMark:
    before = None if change.before is None else change.before.status
    return RollMark(attendance_id=row.id, student_id=row.student_id, student=name, before=before, after=change.after.status)


async def _about(
    actor: Actor, school_class: SchoolClass, on: date, lesson: int | None, counts: RollCounts
) -> dict[str, Any]:
    return {
        "class_id": school_class.id,
        "class_title": school_class.title,
        "branch_id": school_class.branch_id,
        "on_date": on,
        "lesson": lesson,
        "counts": AttendanceFigures(**_numbers(counts)),
        "marked_by_id": actor.id,
        "teacher_user_ids": await access.teachers_of([school_class.id]),
    }


def _numbers(counts: RollCounts) -> dict[str, int]:
    marked = counts.counts
    return {
        "present": marked.present,
        "late": marked.late,
        "absent": marked.absent,
        "leave": marked.leave,
        "on_roll": counts.on_roll,
    }


async def _tell_families(
    work: Work, school_class: SchoolClass, on: date, lesson: int | None, marks: Sequence[RollMark]
) -> None:
    """Each family hears of its own; a note that alone has changed is the staff's."""
    told = [mark for mark in marks if mark.before is not mark.after]
    guardians = await access.guardians_of([mark.student_id for mark in told])
    work.record(
        *(
            WardMarked(
                student_id=mark.student_id,
                student=mark.student,
                class_id=school_class.id,
                class_title=school_class.title,
                on_date=on,
                lesson=lesson,
                before=mark.before,
                after=mark.after,
                guardian_ids=guardians[mark.student_id],
            )
            for mark in told
            if guardians[mark.student_id]
        )
    )


@contextmanager
def _refusals() -> Iterator[None]:
    """Say what the rules of attendance refuse as what the caller did."""
    try:
        yield
    except rules.NotASchoolDay as refused:
        raise NotASchoolDay(str(refused), day=refused.day, kind=refused.kind) from None
    except rules.DayToCome as refused:
        raise DayToCome(str(refused)) from None
    except rules.NotInTheClass as refused:
        raise NotInTheClass(str(refused), student_ids=refused.student_ids) from None
    except rules.MarkedTwice as refused:
        raise MarkedTwice(str(refused)) from None
    except rules.BadMark as refused:
        raise BadMark(str(refused), field=LESSON) from None
