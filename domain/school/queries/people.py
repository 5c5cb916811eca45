"""Reading students with their families, and teachers with what they teach; everybody sees whom they may know of."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from tortoise.expressions import Q, Subquery

from domain.identity.actor import Actor
from domain.identity.models import User
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.paging import Page, PageRequest, page_of
from domain.kit.reading import Wanted, read, rows_by_id, rows_of, source
from domain.school import access
from domain.school.models import EnrolmentStay, SchoolClass, Student, StudentGuardian, Teacher, Teaching
from domain.school.queries.calendar import searched
from domain.school.states import GuardianRelation

READ: Final = Permission.SCHOOL_READ


@dataclass(frozen=True, kw_only=True)
class StudentFilter:
    """Which students; what is not said does not narrow.

    ``search`` is a part of a name, or the beginning of a number. ``class_id`` is the class that they are in today. Those who
    were deleted are there only when they are asked for.
    """

    search: str | None = None
    class_id: UUID | None = None
    branch_id: UUID | None = None
    enrolled: bool | None = None
    deleted: bool = False

    @property
    def condition(self) -> Q:
        found = Q(deleted_at__isnull=not self.deleted) & searched(self.search, "full_name", "number", "admission_number")
        if self.branch_id is not None:
            found &= Q(branch_id=self.branch_id)
        if self.enrolled is not None:
            found &= Q(enrolled_count__gt=0) if self.enrolled else Q(enrolled_count=0)
        if self.class_id is not None:
            found &= Q(id__in=Subquery(_stays_today().filter(class_id=self.class_id).values("student_id")))
        return found


@dataclass(frozen=True, kw_only=True)
class TeacherFilter:
    """Which teachers; what is not said does not narrow. ``class_id`` is one that they teach today."""

    search: str | None = None
    class_id: UUID | None = None
    branch_id: UUID | None = None
    active: bool | None = True

    @property
    def condition(self) -> Q:
        said: dict[str, Any] = {"active": self.active, "branch_id": self.branch_id}
        found = searched(self.search, "full_name", "number")
        found &= Q(**{column: value for column, value in said.items() if value is not None})
        if self.class_id is not None:
            found &= Q(id__in=Subquery(_standing().filter(class_id=self.class_id).values("teacher_id")))
        return found


@dataclass(frozen=True, slots=True)
class Guardian:
    """Who answers for a student, and what they are called."""

    id: UUID
    student_id: UUID
    user_id: UUID
    full_name: str
    relation: GuardianRelation
    is_primary: bool


def _stays_today() -> Any:
    today = clock.today()
    return EnrolmentStay.filter(from_on__lte=today, until_on__gte=today)


def _standing() -> Any:
    """Assignments that are not over."""
    return Teaching.filter(Q(until_on__isnull=True) | Q(until_on__gte=clock.today()))


async def students(actor: Actor, page: PageRequest, wanted: StudentFilter | None = None) -> Page[Student]:
    """The students whom the actor sees, by name."""
    actor.require(READ)
    found = access.visible_students(actor).filter((wanted or StudentFilter()).condition)
    return await page_of(found, page, "full_name", "id")


async def teachers(actor: Actor, page: PageRequest, wanted: TeacherFilter | None = None) -> Page[Teacher]:
    """The teachers whom the actor sees, by name."""
    actor.require(READ)
    found = access.visible_teachers(actor).filter((wanted or TeacherFilter()).condition)
    return await page_of(found, page, "full_name", "id")


students_by_id = rows_by_id(Student, access.known_students)

teachers_by_id = rows_by_id(Teacher, access.known_teachers)

assignments_by_id = rows_by_id(Teaching, access.in_seen_classes)


async def guardians_of(actor: Actor, student_ids: Collection[UUID]) -> dict[UUID, list[Guardian]]:
    """The families of several students whom the actor sees, the primary guardian first."""
    seen = await students_by_id.read(actor, student_ids, frozenset({"id"}))
    rows = await read(StudentGuardian.filter(student_id__in=list(seen)).order_by("-is_primary", "since_at", "id"))
    users = await read(User.filter(id__in=list({row.user_id for row in rows})), frozenset({"name"}))
    names = {user.id: user.name for user in users}
    found: dict[UUID, list[Guardian]] = {}
    for row in rows:
        guardian = Guardian(row.id, row.student_id, row.user_id, names[row.user_id], row.relation, row.is_primary)
        found.setdefault(row.student_id, []).append(guardian)
    return found


@source
async def classes_today(actor: Actor, student_ids: Collection[UUID], wanted: Wanted) -> dict[UUID, list[SchoolClass]]:
    """The classes that several students are in today, in the order of levels."""
    stays = await read(_stays_today().filter(student_id__in=list(student_ids)), frozenset({"student_id", "class_id"}))
    known = SchoolClass.filter(access.known_classes(actor), id__in=list({stay.class_id for stay in stays}))
    classes = await read(known.order_by("level", "code"), wanted)
    in_class = {(stay.student_id, stay.class_id) for stay in stays}
    return {student_id: [each for each in classes if (student_id, each.id) in in_class] for student_id in student_ids}


@source
async def assignments_of_classes(actor: Actor, class_ids: Collection[UUID], wanted: Wanted) -> dict[UUID, list[Teaching]]:
    """Who teaches in several classes, as long as it is not over: who is responsible first."""
    of_classes = _standing().filter(class_id__in=list(class_ids)).order_by("from_on", "id")
    found = await read(of_classes, wanted and wanted | {"class_id", "subject_id"})
    known = SchoolClass.filter(access.known_classes(actor), id__in=list(class_ids))
    seen = {row.id for row in await read(known, frozenset({"id"}))}
    groups: dict[UUID, list[Teaching]] = {}
    for row in sorted(found, key=lambda each: each.subject_id is not None):
        if row.class_id in seen:
            groups.setdefault(row.class_id, []).append(row)
    return groups


assignments_of_teachers = rows_of(Teaching, "teacher_id", access.in_seen_classes, order=("-from_on", "-id"))
"""What several teachers teach and taught, in classes that the actor sees: the latest first."""
