"""Teachers, and who teaches what in which class.

Whoever assigns locks the teacher first and the class then, so that two who assign in one class see each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.school import access
from domain.school.activities import note_activity
from domain.school.errors import (
    AssignedTwice,
    AssignmentNotFound,
    BadAssignment,
    ClassHasTeacher,
    SubjectNotFound,
    TeacherInactive,
    TeacherTaken,
)
from domain.school.events import (
    AssignmentFigures,
    TeacherAssigned,
    TeacherAssignmentEnded,
    TeacherChanged,
    TeacherFigures,
)
from domain.school.models import SchoolClass, Subject, Teacher, Teaching
from domain.school.rules import people
from domain.school.rules import teaching as rules
from domain.school.service.desk import (
    Readers,
    campus_of,
    change_of,
    changed,
    new_row,
    read,
    refusals_of_tables,
    refuse_nothing,
    require_said,
    require_user,
    require_version,
)
from domain.school.states import SchoolChange

NEXT_SERIAL: Final = "select nextval('teacher_serial')"

_READERS: Final[Readers] = {"full_name": people.person_name, "number": people.number}


@retried
async def register_teacher(actor: Actor, *, said: Mapping[str, Any]) -> Teacher:
    """Register a teacher on the campus that is said, or the actor's own; ``said`` is by the columns."""
    actor.require(Permission.SCHOOL_MANAGE)
    columns = read({name: value for name, value in said.items() if value is not None}, _READERS)
    require_said(columns, "full_name")
    async with unit_of_work() as work:
        columns["branch_id"] = await campus_of(work, actor, columns.get("branch_id"))
        if "user_id" in columns:
            await require_user(columns["user_id"])
        if "number" not in columns:
            columns["number"] = await _free_number(work)
        teacher = Teacher(**new_row(actor), **columns)
        with _taken():
            await teacher.save(force_create=True)
        await _tell(work, actor, teacher, SchoolChange.CREATED)
    return teacher


async def _free_number(work: Work) -> str:
    """The next number that no contract has."""
    while True:
        number = f"T-{await work.fetchval(NEXT_SERIAL):04}"
        if not await Teacher.exists(number=number):
            return number


@retried
async def change_teacher(
    actor: Actor, *, teacher_id: UUID, said: Mapping[str, Any], expected_version: int | None = None
) -> Teacher:
    """Change what is known of a teacher; ``said`` is by the columns, and what is not said stays.

    Who does not teach here any more (``active`` is no longer true) is relieved of all that is assigned from today on.
    """
    actor.require(Permission.SCHOOL_MANAGE)
    columns = read(said, _READERS)
    refuse_nothing(columns, "full_name", "number", "active")
    async with unit_of_work() as work:
        teacher = await access.locked_teacher(actor, teacher_id)
        require_version(teacher, expected_version)
        wanted = changed(teacher, columns)
        if not wanted:
            return teacher
        if "branch_id" in wanted:
            wanted["branch_id"] = await campus_of(work, actor, wanted["branch_id"])
        if wanted.get("user_id") is not None:
            await require_user(wanted["user_id"])
        if wanted.get("active") is False:
            await _relieve(work, actor, teacher)
        before = teacher.branch_id
        teacher.update_from_dict(wanted)
        teacher.touch()
        with _taken():
            await teacher.save()
        await _tell(work, actor, teacher, change_of(wanted), branch_before=before)
    return teacher


async def _relieve(work: Work, actor: Actor, teacher: Teacher) -> None:
    """All assignments end today; those that were to begin later are taken back, and end on the day before."""
    today = clock.today()
    standing = await Teaching.filter(teacher_id=teacher.id).order_by("class_id", "id")
    for row in standing:
        if row.until_on is not None and row.until_on <= today:
            continue
        school_class = await SchoolClass.filter(id=row.class_id).select_for_update(no_key=True).get()
        if row.from_on > today:
            await row.delete()
            row.until_on = row.from_on - timedelta(days=1)
        else:
            await _end(row, today)
        await _tell_of_end(work, actor, row, teacher, school_class)


@retried
async def assign_teacher(
    actor: Actor,
    *,
    teacher_id: UUID,
    class_id: UUID,
    subject_id: UUID | None = None,
    from_on: date | None = None,
    until_on: date | None = None,
    replacing: bool = False,
) -> Teaching:
    """Make a teacher responsible for a class, or let them teach a subject in it; from today, unless it is said.

    ``replacing`` relieves who is responsible for the class of it on the day before; otherwise that is CLASS_HAS_TEACHER.
    """
    actor.require(Permission.SCHOOL_MANAGE)
    async with unit_of_work() as work:
        teacher = await access.locked_teacher(actor, teacher_id)
        if not teacher.active:
            raise TeacherInactive(f"{teacher.full_name} does not teach here any more")
        school_class = await access.locked_class(actor, class_id)
        if subject_id is not None and not await Subject.exists(id=subject_id):
            raise SubjectNotFound
        known = {row.id: row for row in await Teaching.filter(class_id=class_id)}
        wanted = rules.Assignment(
            id=new_id(),
            teacher_id=teacher_id,
            class_id=class_id,
            subject_id=subject_id,
            from_on=from_on or clock.today(),
            until_on=until_on,
        )
        decided = await _decide(wanted, list(known.values()), replacing)
        if decided.relieved is not None:
            relieved = known[decided.relieved.id]
            assert decided.relieved.until_on is not None, "who is relieved has a last day"
            await _end(relieved, decided.relieved.until_on)
            await _tell_of_end(work, actor, relieved, await Teacher.get(id=relieved.teacher_id), school_class)
        row = Teaching(
            **(new_row(actor) | {"id": wanted.id}),
            teacher_id=teacher_id,
            class_id=class_id,
            subject_id=subject_id,
            from_on=wanted.from_on,
            until_on=wanted.until_on,
        )
        await row.save(force_create=True)
        work.record(TeacherAssigned(**await _about(row, teacher, school_class)))
        await _note(work, actor, "teacher_assigned", row, teacher, school_class)
    return row


async def _decide(wanted: rules.Assignment, known: list[Teaching], replacing: bool) -> rules.Assigning:
    try:
        return rules.assign(wanted, [_as_rule(row) for row in known], replacing=replacing)
    except rules.AssignedTwice as refused:
        raise AssignedTwice(str(refused)) from None
    except rules.HasClassTeacher as refused:
        standing = await Teacher.get(id=refused.teacher_id)
        raise ClassHasTeacher(f"{standing.full_name} is responsible for this class", teacher_id=standing.id) from None
    except rules.AssignmentRefused as refused:
        raise BadAssignment(str(refused), field=("input", "untilOn")) from None


@retried
async def end_assignment(
    actor: Actor, *, assignment_id: UUID, last_on: date | None = None, expected_version: int | None = None
) -> Teaching:
    """An assignment is over, and ``last_on`` is its last day: today, unless it is said. Another end can be said later, if it
    is an earlier one."""
    actor.require(Permission.SCHOOL_MANAGE)
    async with unit_of_work() as work:
        found = await access.visible_teaching(actor).get_or_none(id=assignment_id)
        if found is None:
            raise AssignmentNotFound
        teacher = await Teacher.filter(id=found.teacher_id).select_for_update(no_key=True).get()
        school_class = await access.locked_class(actor, found.class_id, closed=True)
        row = await Teaching.filter(id=assignment_id).select_for_update(no_key=True).get_or_none()
        if row is None:
            raise AssignmentNotFound
        require_version(row, expected_version)
        last = last_on or clock.today()
        try:
            ended = rules.end(_as_rule(row), last)
        except rules.AssignmentRefused as refused:
            raise BadAssignment(str(refused), field=("input", "lastOn")) from None
        if ended.until_on == row.until_on:
            return row
        await _end(row, last)
        await _tell_of_end(work, actor, row, teacher, school_class)
    return row


async def _end(row: Teaching, last_on: date) -> None:
    row.until_on = last_on
    row.touch()
    await row.save(update_fields=["until_on", "version", "updated_at"])


def _as_rule(row: Teaching) -> rules.Assignment:
    return rules.Assignment(
        id=row.id,
        teacher_id=row.teacher_id,
        class_id=row.class_id,
        subject_id=row.subject_id,
        from_on=row.from_on,
        until_on=row.until_on,
    )


async def _tell(
    work: Work, actor: Actor, teacher: Teacher, change: SchoolChange, *, branch_before: UUID | None = None
) -> None:
    work.record(
        TeacherChanged(
            teacher=TeacherFigures.of(teacher),
            change=change,
            teachers_total=await _teachers_total(),
            branch_before=branch_before,
        )
    )
    await note_activity(
        work,
        actor,
        "teacher_changed",
        subject_kind="teacher",
        subject_id=teacher.id,
        branch_id=teacher.branch_id,
        title=f"Teacher {teacher.full_name} {_DONE[change]}",
        data={"number": teacher.number, "active": teacher.active, "change": change},
    )


_DONE: Final = {
    SchoolChange.CREATED: "registered",
    SchoolChange.EDITED: "changed",
    SchoolChange.DEACTIVATED: "left",
    SchoolChange.REACTIVATED: "came back",
}


async def _tell_of_end(work: Work, actor: Actor, row: Teaching, teacher: Teacher, school_class: SchoolClass) -> None:
    work.record(TeacherAssignmentEnded(**await _about(row, teacher, school_class)))
    await _note(work, actor, "teacher_assignment_ended", row, teacher, school_class)


async def _about(row: Teaching, teacher: Teacher, school_class: SchoolClass) -> dict[str, Any]:
    standing = await Teaching.filter(class_id=school_class.id, until_on__isnull=True).count()
    later = await Teaching.filter(class_id=school_class.id, until_on__gt=clock.today()).count()
    return {
        "assignment": AssignmentFigures.of(row),
        "teacher": teacher.full_name,
        "teacher_user_id": teacher.user_id,
        "class_code": school_class.code,
        "class_title": school_class.title,
        "branch_id": school_class.branch_id,
        "class_teachers": standing + later,
        "teachers_total": await _teachers_total(),
    }


async def _teachers_total() -> int:
    return await Teacher.filter(active=True).count()


async def _note(work: Work, actor: Actor, activity: str, row: Teaching, teacher: Teacher, school_class: SchoolClass) -> None:
    done = "assigned to" if activity == "teacher_assigned" else "relieved of"
    await note_activity(
        work,
        actor,
        activity,
        subject_kind="teaching",
        subject_id=row.id,
        branch_id=school_class.branch_id,
        title=f"{teacher.full_name} {done} {school_class.title}",
        data={
            "teacher_id": teacher.id,
            "class_id": school_class.id,
            "subject_id": row.subject_id,
            "role": row.role,
            "from_on": row.from_on,
            "until_on": row.until_on,
        },
    )


def _taken() -> Any:
    return refusals_of_tables(
        {
            "teacher_number_is_unique": lambda: TeacherTaken("another teacher has this number", field=("input", "number")),
            "teacher_user_is_unique": lambda: TeacherTaken("this user is another teacher", field=("input", "userId")),
        }
    )
