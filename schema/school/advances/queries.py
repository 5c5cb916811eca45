"""Reading what students have in advance."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.kit.paging import Page, PageRequest
from domain.school import models
from domain.school.queries import terms as queries
from schema.kit import ID, Info, Money, argument, listing, query, read_id
from schema.school.advances.types import StudentAdvance

READ = Permission.FEES_READ


@strawberry.type
class Query:
    @listing(
        StudentAdvance,
        "What came of a student in advance and what was used of it, the newest first.",
        requires=READ,
    )
    async def student_advances(
        self, info: Info, page: PageRequest, student_id: Annotated[ID, argument("The student.")]
    ) -> Page[models.StudentAdvance]:
        found = read_id("Student", student_id, "studentId")
        return await queries.advances_of_student(info.context.actor, page, student_id=found)

    @query(
        list[Money],
        "What is unused of a student's advances, in each currency in which there is something.",
        requires=READ,
        size=2,
    )
    async def unused_advances(self, info: Info, student_id: Annotated[ID, argument("The student.")]) -> object:
        found = read_id("Student", student_id, "studentId")
        return (await queries.unused_advances(info.context.actor, [found]))[found]
