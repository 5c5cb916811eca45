"""Reading exports and erasures: one's own, and all for officers."""

from __future__ import annotations

from uuid import UUID

from tortoise.expressions import Q

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.paging import Page, PageRequest, page_of
from domain.kit.reading import rows_by_id
from domain.kit.unit_of_work import unit_of_work
from domain.privacy.models import PersonalDataErasure, PersonalDataExport, PersonKind
from domain.privacy.obstacles import Obstacle, obstacles_of
from domain.privacy.people import person_of


def _seen(actor: Actor) -> Q:
    own = Q(requested_by=actor.id)
    return (own | Q(requested_by__not=actor.id)) if actor.may(Permission.PERSONAL_DATA_MANAGE) else own


async def exports(actor: Actor, page: PageRequest) -> Page[PersonalDataExport]:
    """Exports that one asked for, and those of everybody for officers, the newest first."""
    actor.require(Permission.SIGNED_IN)
    return await page_of(PersonalDataExport.filter(_seen(actor)), page, "-requested_at", "-id")


async def erasures(actor: Actor, page: PageRequest) -> Page[PersonalDataErasure]:
    """Erasures that one asked for, and those of everybody for officers, the newest first."""
    actor.require(Permission.SIGNED_IN)
    return await page_of(PersonalDataErasure.filter(_seen(actor)), page, "-requested_at", "-id")


exports_by_id = rows_by_id(PersonalDataExport, _seen, permission=Permission.SIGNED_IN)
erasures_by_id = rows_by_id(PersonalDataErasure, _seen, permission=Permission.SIGNED_IN)


async def erasure_obstacles(actor: Actor, *, kind: PersonKind, person_id: UUID) -> list[Obstacle]:
    """What stands against erasing one's own data, or anybody's for officers."""
    actor.require(Permission.SIGNED_IN)
    if person_id != actor.id:
        actor.require(Permission.PERSONAL_DATA_MANAGE)
    async with unit_of_work() as work:
        return await obstacles_of(work, await person_of(work, kind, person_id))
