"""Reading enrolments: those of the campus, of a teacher's own classes, or of wards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from tortoise.expressions import Q

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.errors import Forbidden
from domain.kit.paging import Page, PageRequest, page_of
from domain.kit.reading import read, read_one, rows_by_id, rows_of
from domain.school import access
from domain.school.errors import EnrolmentNotFound
from domain.school.events import SCHOOL, class_topic, school_topic, student_topic
from domain.school.models import Enrolment, EnrolmentStay
from domain.school.states import EnrolmentStatus


@dataclass(frozen=True, kw_only=True)
class EnrolmentFilter:
    """Which enrolments; what is not said does not narrow."""

    student_id: UUID | None = None
    class_id: UUID | None = None
    program_id: UUID | None = None
    year_id: UUID | None = None
    term_id: UUID | None = None
    statuses: Sequence[EnrolmentStatus] = ()

    @property
    def condition(self) -> Q:
        found = Q(status__in=list(self.statuses)) if self.statuses else Q()
        for column in ("student_id", "class_id", "program_id", "year_id", "term_id"):
            if getattr(self, column) is not None:
                found &= Q(**{column: getattr(self, column)})
        return found


async def enrolments(actor: Actor, page: PageRequest, wanted: EnrolmentFilter | None = None) -> Page[Enrolment]:
    """Enrolments that the actor may see, the newest first."""
    found = access.visible_enrolments(actor).filter((wanted or EnrolmentFilter()).condition)
    return await page_of(found, page, "-created_at", "-id")


async def enrolment(actor: Actor, enrolment_id: UUID) -> Enrolment:
    """An enrolment that the actor may see."""
    found = await read_one(access.visible_enrolments(actor).filter(id=enrolment_id))
    if found is None:
        raise EnrolmentNotFound(field=("enrolmentId",))
    return found


enrolments_by_id = rows_by_id(Enrolment, access.seen_enrolments)

enrolments_of_students = rows_of(Enrolment, "student_id", access.seen_enrolments, order=("-created_at", "-id"))
"""The enrolments of several students that the actor sees, the newest first."""

stays_of_enrolments = rows_of(EnrolmentStay, "enrolment_id", order=("from_on",))
"""The stays of enrolments that the caller has seen, in their order."""


async def topics_of_classes(actor: Actor, class_id: UUID | None, *, student_id: UUID | None = None) -> list[str]:
    """What somebody follows who asks for the facts of a class, of a student, or of all that there is to see: of the campus,
    or of the own classes."""
    if student_id is not None:
        return [student_topic((await access.student_of(actor, student_id, field=("studentId",), deleted=True)).id)]
    if class_id is not None:
        return [class_topic((await access.class_of(actor, class_id, field=("classId",), closed=True)).id)]
    if access.reads_all_classes(actor):
        scope = actor.branch_scope
        return [SCHOOL if scope is None else school_topic(scope)]
    if Permission.SCHOOL_READ not in actor.staff_permissions:
        raise Forbidden(f"this needs the permission {Permission.SCHOOL_READ.value}")
    return [class_topic(row.id) for row in await read(access.visible_classes(actor), frozenset({"id"}))]
