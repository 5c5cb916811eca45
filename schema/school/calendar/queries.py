"""Reading the calendar, programmes, subjects and classes."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.kit.paging import Page, PageRequest
from domain.school import models
from domain.school.queries import calendar as queries
from schema.kit import ID, Info, argument, listing, query, read_id
from schema.school.calendar.inputs import SchoolClassFilter
from schema.school.calendar.types import AcademicYear, Program, Subject
from schema.school.people.types import SchoolClass

READ = Permission.SCHOOL_READ


@strawberry.type
class Query:
    @listing(AcademicYear, "The academic years, the latest first.", requires=READ)
    async def academic_years(self, info: Info, page: PageRequest) -> Page[models.AcademicYear]:
        return await queries.academic_years(info.context.actor, page)

    @query(AcademicYear | None, "One academic year; null when there is none.", requires=READ)
    async def academic_year(self, info: Info, id: Annotated[ID, argument("Its id.")]) -> object:
        return await info.context.load(queries.years_by_id, read_id("AcademicYear", id, "id"))

    @listing(Program, "The programmes of the school by their titles.", requires=READ)
    async def programs(self, info: Info, page: PageRequest) -> Page[models.Program]:
        return await queries.programs(info.context.actor, page)

    @listing(Subject, "The subjects of the school by their titles.", requires=READ)
    async def subjects(self, info: Info, page: PageRequest) -> Page[models.Subject]:
        return await queries.subjects(info.context.actor, page)

    @listing(
        SchoolClass,
        "The classes that the viewer sees, the youngest first: of the campus, or the own ones of a teacher.",
        requires=READ,
    )
    async def school_classes(
        self,
        info: Info,
        page: PageRequest,
        filter: Annotated[SchoolClassFilter | None, argument("Only some of them.")] = None,
    ) -> Page[models.SchoolClass]:
        return await queries.classes(info.context.actor, page, filter.parse() if filter else None)

    @query(SchoolClass | None, "One class; null when there is none, or none for you.", requires=READ)
    async def school_class(self, info: Info, id: Annotated[ID, argument("Its id.")]) -> object:
        return await info.context.load(queries.classes_by_id, read_id("SchoolClass", id, "id"))
