"""Reading the calendar, programmes and subjects, which are the whole school's, and classes as far as they are seen."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeVar
from uuid import UUID

from tortoise.expressions import Q
from tortoise.models import Model

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.database import fetch
from domain.kit.paging import Page, PageRequest, page_of
from domain.kit.reading import read, rows_by_id, rows_of
from domain.school import access
from domain.school.models import AcademicYear, Program, SchoolClass, SchoolHoliday, Student, Subject, Term

M = TypeVar("M", bound=Model)

READ: Final = Permission.SCHOOL_READ
MAX_SEARCH: Final = 100

ENROLLED: Final = """
select class_id, count(*)::int as students from enrolment
where class_id = any($1) and status = 'ENROLLED' group by class_id
"""

# Who is in each class on each day, in the order of their names.
ON_THE_ROLL: Final = """
select asked.class_id, asked.day, s.student_id
from unnest($1::uuid[], $2::date[]) as asked (class_id, day)
join enrolment_stay s on s.class_id = asked.class_id and asked.day between s.from_on and s.until_on
join student on student.id = s.student_id
order by student.full_name, student.id
"""


@dataclass(frozen=True, kw_only=True)
class ClassFilter:
    """Which classes; what is not said does not narrow. ``search`` is a part of a title, or the beginning of a code."""

    active: bool | None = True
    program_id: UUID | None = None
    branch_id: UUID | None = None
    search: str | None = None

    @property
    def condition(self) -> Q:
        said: dict[str, Any] = {"active": self.active, "program_id": self.program_id, "branch_id": self.branch_id}
        narrowed = Q(**{column: value for column, value in said.items() if value is not None})
        return narrowed & searched(self.search, "title", "code")


def searched(search: str | None, part_of: str, *beginning_of: str) -> Q:
    """A part of one column, or the beginning of others, whatever its capitals."""
    wanted = " ".join((search or "").split())[:MAX_SEARCH]
    if not wanted:
        return Q(id__isnull=False)
    if not wanted.isprintable():
        return access.NOBODY
    found = Q(**{f"{part_of}__icontains": wanted})
    for column in beginning_of:
        found |= Q(**{f"{column}__istartswith": wanted})
    return found


async def academic_years(actor: Actor, page: PageRequest) -> Page[AcademicYear]:
    """The years, the latest first."""
    actor.require(READ)
    return await page_of(AcademicYear.all(), page, "-starts_on", "id")


async def programs(actor: Actor, page: PageRequest) -> Page[Program]:
    actor.require(READ)
    return await page_of(Program.all(), page, "title", "id")


async def subjects(actor: Actor, page: PageRequest) -> Page[Subject]:
    actor.require(READ)
    return await page_of(Subject.all(), page, "title", "id")


async def classes(actor: Actor, page: PageRequest, wanted: ClassFilter | None = None) -> Page[SchoolClass]:
    """The classes that the actor sees, the youngest first."""
    actor.require(READ)
    found = access.visible_classes(actor).filter((wanted or ClassFilter()).condition)
    return await page_of(found, page, "level", "code", "id")


def _reads_calendar(actor: Actor) -> Q | None:
    return Q() if access.reads_calendar(actor) else None


years_by_id = rows_by_id(AcademicYear, _reads_calendar)

terms_by_id = rows_by_id(Term, _reads_calendar)

holidays_by_id = rows_by_id(SchoolHoliday, _reads_calendar)

programs_by_id = rows_by_id(Program, _reads_calendar)

subjects_by_id = rows_by_id(Subject, _reads_calendar)

classes_by_id = rows_by_id(SchoolClass, access.known_classes)

terms_of = rows_of(Term, "year_id", _reads_calendar, order=("position",))
"""The terms of several years, in their order."""

holidays_of = rows_of(SchoolHoliday, "year_id", _reads_calendar, order=("starts_on", "id"))
"""The holidays of several years, in the order of their days."""


async def enrolled_in(class_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many enrolments of several classes stand, of each that is asked for."""
    found = {row["class_id"]: row["students"] for row in await fetch(ENROLLED, list(class_ids))}
    return {class_id: found.get(class_id, 0) for class_id in class_ids}


async def rolls(actor: Actor, keys: Sequence[tuple[UUID, date]]) -> dict[tuple[UUID, date], list[Student]]:
    """Who is in several classes on days, by name: for who sees the class."""
    asked = access.visible_classes(actor).filter(id__in=[class_id for class_id, _ in keys])
    seen = {row.id for row in await read(asked, frozenset({"id"}))}
    allowed = [key for key in keys if key[0] in seen]
    rows = await fetch(ON_THE_ROLL, [class_id for class_id, _ in allowed], [day for _, day in allowed])
    students = {row.id: row for row in await read(Student.filter(id__in=list({row["student_id"] for row in rows})))}
    found: dict[tuple[UUID, date], list[Student]] = {}
    for row in rows:
        found.setdefault((row["class_id"], row["day"]), []).append(students[row["student_id"]])
    return found
