"""Programmes, subjects and classes: what is taught, and to whom together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeVar
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.kit.wording import counted
from domain.school import access
from domain.school.activities import note_activity
from domain.school.errors import CodeTaken, ProgramNotFound, SchoolClassInUse, SubjectNotFound
from domain.school.errors.people import NoSuch
from domain.school.events import (
    ClassChanged,
    ProgramChanged,
    ProgramFigures,
    SchoolClassFigures,
    SubjectChanged,
    SubjectFigures,
)
from domain.school.models import Program, SchoolClass, Subject
from domain.school.rules import people
from domain.school.rules.attendance import MAX_LESSON
from domain.school.rules.promotion import MAX_STUDENTS
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
    require_version,
    whole,
)
from domain.school.states import SchoolChange

MAX_LEVEL: Final = 30

# How many students of a class stand at most, of those of one year.
ENROLLED: Final = """
select coalesce(max(many), 0)::int from (
    select count(distinct student_id) as many from enrolment
    where class_id = $1 and status = 'ENROLLED' group by year_id) years
"""

# Whether somebody is in a class today or later.
ATTENDED: Final = """
select exists (select from enrolment_stay s join enrolment e on e.id = s.enrolment_id
               where s.class_id = $1 and s.until_on >= $2 and e.status = 'ENROLLED')
"""

R = TypeVar("R", Program, Subject)

_CODED: Final[Readers] = {"code": people.code, "title": people.title}

_CLASS: Final[Readers] = {
    **_CODED,
    "level": whole(0, MAX_LEVEL),
    "capacity": whole(1, MAX_STUDENTS),
    "lessons": whole(0, MAX_LESSON),
}


@retried
async def upsert_program(
    actor: Actor, *, said: Mapping[str, Any], program_id: UUID | None = None, expected_version: int | None = None
) -> Program:
    """Add a programme, or change one; ``said`` is by its columns, and what is not said stays."""
    actor.require(Permission.SCHOOL_MANAGE)
    async with unit_of_work() as work:
        row, change = await _upserted(Program, ProgramNotFound, actor, program_id, said, expected_version)
        if change is not None:
            work.record(ProgramChanged(program=ProgramFigures.of(row), change=change))
    return row


@retried
async def upsert_subject(
    actor: Actor, *, said: Mapping[str, Any], subject_id: UUID | None = None, expected_version: int | None = None
) -> Subject:
    """Add a subject, or change one; ``said`` is by its columns, and what is not said stays."""
    actor.require(Permission.SCHOOL_MANAGE)
    async with unit_of_work() as work:
        row, change = await _upserted(Subject, SubjectNotFound, actor, subject_id, said, expected_version)
        if change is not None:
            work.record(SubjectChanged(subject=SubjectFigures.of(row), change=change))
    return row


async def _upserted(
    kind: type[R],
    missing: type[NoSuch],
    actor: Actor,
    row_id: UUID | None,
    said: Mapping[str, Any],
    expected_version: int | None,
) -> tuple[R, SchoolChange | None]:
    """The row as it is now, and what happened to it; None for nothing."""
    columns = read(said, _CODED)
    refuse_nothing(columns, *_CODED)
    if row_id is None:
        require_said(columns, "code", "title")
        row = kind(**new_row(actor), **columns)
        with _code_taken():
            await row.save(force_create=True)
        return row, SchoolChange.CREATED
    found = await kind.filter(id=row_id).select_for_update(no_key=True).get_or_none()
    if found is None:
        raise missing
    require_version(found, expected_version)
    if not (wanted := changed(found, columns)):
        return found, None
    found.update_from_dict(wanted)
    found.touch()
    with _code_taken():
        await found.save()
    return found, SchoolChange.EDITED


@retried
async def open_class(actor: Actor, *, said: Mapping[str, Any]) -> SchoolClass:
    """Open a class of a programme on the campus that is said, or the actor's own; ``said`` is by its columns."""
    actor.require(Permission.SCHOOL_MANAGE)
    columns = read(said, _CLASS)
    refuse_nothing(columns, "level", "lessons", "active")
    require_said(columns, "code", "title", "program_id", "level")
    async with unit_of_work() as work:
        columns["branch_id"] = await campus_of(work, actor, columns.get("branch_id"))
        await _require_parts(actor, columns)
        row = SchoolClass(**new_row(actor), **columns)
        with _refused(row):
            await row.save(force_create=True)
        await _tell(work, actor, row, SchoolChange.CREATED)
    return row


@retried
async def change_class(
    actor: Actor, *, class_id: UUID, said: Mapping[str, Any], expected_version: int | None = None
) -> SchoolClass:
    """Change, close or reopen a class; ``said`` is by its columns, and what is not said stays.

    Refuses with SCHOOL_CLASS_IN_USE to take places from students who have them, to close a class that is attended, and to
    move one with students to another programme or campus.
    """
    actor.require(Permission.SCHOOL_MANAGE)
    columns = read(said, _CLASS)
    refuse_nothing(columns, "code", "title", "program_id", "level", "lessons", "active")
    async with unit_of_work() as work:
        row = await access.locked_class(actor, class_id, closed=True)
        require_version(row, expected_version)
        wanted = changed(row, columns)
        if not wanted:
            return row
        if "branch_id" in wanted:
            wanted["branch_id"] = await campus_of(work, actor, wanted["branch_id"])
        await _require_parts(actor, wanted)
        await _require_possible(work, row, wanted)
        before = row.branch_id
        row.update_from_dict(wanted)
        row.touch()
        with _refused(row):
            await row.save()
        await _tell(work, actor, row, change_of(wanted), branch_before=before)
    return row


async def _require_parts(actor: Actor, columns: Mapping[str, Any]) -> None:
    """The programme and the class that follows are there for the actor."""
    if "program_id" in columns and not await Program.exists(id=columns["program_id"]):
        raise ProgramNotFound
    if columns.get("next_class_id") is not None:
        await access.class_of(actor, columns["next_class_id"], field=("input", "nextClassId"))


async def _require_possible(work: Work, row: SchoolClass, wanted: Mapping[str, Any]) -> None:
    """Under the lock of the class, by which its places are counted."""
    if wanted.get("capacity") is not None:
        taken = await work.fetchval(ENROLLED, row.id)
        if taken > wanted["capacity"]:
            raise SchoolClassInUse(f"{row.title} has {counted(taken, 'student')}", field=("input", "capacity"))
    if wanted.get("active") is False and await work.fetchval(ATTENDED, row.id, clock.today()):
        raise SchoolClassInUse(f"{row.title} has students", field=("input", "active"))


async def _tell(
    work: Work, actor: Actor, row: SchoolClass, change: SchoolChange, *, branch_before: UUID | None = None
) -> None:
    teachers, told = await access.teachers_of([row.id]), SchoolClassFigures.of(row)
    work.record(ClassChanged(school_class=told, change=change, branch_before=branch_before, teacher_user_ids=teachers))
    await note_activity(
        work,
        actor,
        "class_changed",
        subject_kind="school_class",
        subject_id=row.id,
        branch_id=row.branch_id,
        title=f"Class {row.code} {_DONE[change]}",
        data={"code": row.code, "title": row.title, "capacity": row.capacity, "change": change},
    )


_DONE: Final = {
    SchoolChange.CREATED: "opened",
    SchoolChange.EDITED: "changed",
    SchoolChange.DEACTIVATED: "closed",
    SchoolChange.REACTIVATED: "opened again",
}


def _code_taken() -> Any:
    taken = CodeTaken("this code is taken")
    return refusals_of_tables({name: lambda: taken for name in ("program_code_is_unique", "subject_code_is_unique")})


def _refused(row: SchoolClass) -> Any:
    in_use = f"{row.title} has students, or had some"
    return refusals_of_tables(
        {
            "school_class_code_is_unique": lambda: CodeTaken("another class has this code"),
            "school_class_stays_of_its_branch": lambda: SchoolClassInUse(in_use, field=("input", "branchId")),
            "enrolment_class_is_of_its_program": lambda: SchoolClassInUse(in_use, field=("input", "programId")),
            "enrolment_stay_class_is_of_its_program": lambda: SchoolClassInUse(in_use, field=("input", "programId")),
            "school_class_is_not_after_itself": lambda: SchoolClassInUse(
                "no class comes after itself", field=("input", "nextClassId")
            ),
        }
    )
