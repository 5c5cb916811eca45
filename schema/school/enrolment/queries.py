"""Reading enrolments."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.kit.paging import Page, PageRequest
from domain.school import models
from domain.school.queries import enrolments as queries
from schema.kit import ID, Info, argument, listing, query, read_id
from schema.school.enrolment.inputs import EnrolmentFilter
from schema.school.enrolment.types import Enrolment


@strawberry.type
class Query:
    @query(Enrolment | None, "One enrolment; null when there is none, or none for you.", requires=Permission.SIGNED_IN)
    async def enrolment(self, info: Info, id: Annotated[ID, argument("Its id.")]) -> object:
        return await info.context.load(queries.enrolments_by_id, read_id("Enrolment", id, "id"))

    @listing(
        Enrolment,
        "Enrolments on the viewer's campus, of a teacher's own classes, or of a guardian's wards, the newest first.",
        requires=Permission.SIGNED_IN,
    )
    async def enrolments(
        self, info: Info, page: PageRequest, filter: Annotated[EnrolmentFilter | None, argument("Only some.")] = None
    ) -> Page[models.Enrolment]:
        return await queries.enrolments(info.context.actor, page, filter.parse() if filter else None)
