"""Reading the roll."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.kit.paging import Page, PageRequest
from domain.school import models
from domain.school.queries import attendance as queries
from schema.kit import ID, Info, argument, listing, query, read_id
from schema.school.attendance.inputs import AttendanceFilter
from schema.school.attendance.types import Attendance, AttendanceStats, Stats


@strawberry.type
class Query:
    @listing(
        Attendance,
        "Marks in the classes that the viewer sees, or of the viewer's wards, the latest day first.",
        requires=Permission.SIGNED_IN,
    )
    async def attendance(
        self, info: Info, page: PageRequest, filter: Annotated[AttendanceFilter | None, argument("Only some.")] = None
    ) -> Page[models.Attendance]:
        return await queries.attendance(info.context.actor, page, filter.parse() if filter else None)

    @query(AttendanceStats, "How a class stands on a day, counted from its marks.", requires=Permission.SCHOOL_READ)
    async def attendance_stats(
        self,
        info: Info,
        date: Annotated[date, argument("The day.")],
        class_id: Annotated[ID, argument("The class.")],
        lesson: Annotated[int | None, argument("One lesson; all of the day when left out.")] = None,
    ) -> object:
        return Stats(
            await queries.attendance_stats(
                info.context.actor, class_id=read_id("SchoolClass", class_id, "classId"), on=date, lesson=lesson
            )
        )
