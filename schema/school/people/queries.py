"""Reading students and teachers."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.kit.paging import Page, PageRequest
from domain.school import models
from domain.school.queries import people as queries
from schema.kit import ID, Info, argument, listing, query, read_id
from schema.school.people.inputs import StudentFilter, TeacherFilter
from schema.school.people.types import Student, Teacher

READ = Permission.SCHOOL_READ


@strawberry.type
class Query:
    @listing(
        Student,
        "The students whom the viewer sees, by name: of the campus, or of the own classes of a teacher.",
        requires=READ,
    )
    async def students(
        self, info: Info, page: PageRequest, filter: Annotated[StudentFilter | None, argument("Only some of them.")] = None
    ) -> Page[models.Student]:
        return await queries.students(info.context.actor, page, filter.parse() if filter else None)

    @query(
        Student | None,
        "One student; null when there is none, or none for you. Guardians see their wards.",
        requires=Permission.SIGNED_IN,
    )
    async def student(self, info: Info, id: Annotated[ID, argument("Their id.")]) -> object:
        return await info.context.load(queries.students_by_id, read_id("Student", id, "id"))

    @listing(Teacher, "The teachers whom the viewer sees, by name; teachers see themselves.", requires=READ)
    async def teachers(
        self, info: Info, page: PageRequest, filter: Annotated[TeacherFilter | None, argument("Only some of them.")] = None
    ) -> Page[models.Teacher]:
        return await queries.teachers(info.context.actor, page, filter.parse() if filter else None)

    @query(Teacher | None, "One teacher; null when there is none, or none for you.", requires=READ)
    async def teacher(self, info: Info, id: Annotated[ID, argument("Their id.")]) -> object:
        return await info.context.load(queries.teachers_by_id, read_id("Teacher", id, "id"))
