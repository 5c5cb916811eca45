"""Reading exports and erasures of personal data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.kit.paging import Page, PageRequest
from domain.privacy import models, queries
from domain.privacy.models import PersonKind
from domain.privacy.obstacles import Obstacle
from schema.kit import ID, Info, argument, listing, query
from schema.privacy.inputs import read_person
from schema.privacy.types import ErasureObstacle, PersonalDataErasure, PersonalDataExport

MOST_OBSTACLES = 10


@strawberry.type
class Query:
    @listing(
        PersonalDataExport,
        "Exports of personal data that one has asked for, and everybody's for officers, the newest first.",
        requires=Permission.SIGNED_IN,
    )
    async def personal_data_exports(self, info: Info, page: PageRequest) -> Page[models.PersonalDataExport]:
        return await queries.exports(info.context.actor, page)

    @listing(
        PersonalDataErasure,
        "Erasures of personal data that one has asked for, and everybody's for officers, the newest first.",
        requires=Permission.SIGNED_IN,
    )
    async def personal_data_erasures(self, info: Info, page: PageRequest) -> Page[models.PersonalDataErasure]:
        return await queries.erasures(info.context.actor, page)

    @query(
        list[ErasureObstacle],
        "What stands against erasing one's own data, or anybody's for officers: money and contracts that are open, and how "
        "long the law wants records kept. Nothing, when it can be done.",
        requires=Permission.SIGNED_IN,
        size=MOST_OBSTACLES,
    )
    async def erasure_obstacles(
        self,
        info: Info,
        person_kind: Annotated[PersonKind, argument("As what the person is known here.")] = PersonKind.USER,
        person_id: Annotated[ID | None, argument("The person; oneself when left out.")] = None,
    ) -> Sequence[Obstacle]:
        actor = info.context.actor
        whose = read_person(person_kind, person_id, "personId") or actor.id
        return await queries.erasure_obstacles(actor, kind=person_kind, person_id=whose)
