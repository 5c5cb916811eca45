"""Reading productions and bills of materials."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tortoise.expressions import Q

from domain.identity.actor import Actor
from domain.kit.errors import InvalidInput
from domain.kit.paging import Page, PageRequest, page_of
from domain.kit.reading import read_one, rows_by_id, rows_of
from domain.milling.access import READ, shown_to, visible_productions
from domain.milling.errors import ProductionNotFound
from domain.milling.models import Bom, BomLine, Production, ProductionLine
from domain.milling.states import ProductionStatus


@dataclass(frozen=True, kw_only=True)
class ProductionFilter:
    """Which productions; what is not said does not narrow. The moments are those of creation, ``before`` not included."""

    statuses: Sequence[ProductionStatus] = ()
    warehouse_id: UUID | None = None
    item_id: UUID | None = None
    bom_id: UUID | None = None
    number: str | None = None
    since: datetime | None = None
    before: datetime | None = None

    @property
    def condition(self) -> Q:
        found = Q()
        for column in ("item_id", "bom_id"):
            if getattr(self, column) is not None:
                found &= Q(**{column: getattr(self, column)})
        if self.warehouse_id is not None:
            found &= Q(warehouse_id=self.warehouse_id) | Q(output_warehouse_id=self.warehouse_id)
        if self.statuses:
            found &= Q(status__in=list(self.statuses))
        if self.number is not None:
            found &= Q(number=_number(self.number))
        if self.since is not None:
            found &= Q(created_at__gte=self.since)
        if self.before is not None:
            found &= Q(created_at__lt=self.before)
        return found


async def productions(actor: Actor, page: PageRequest, wanted: ProductionFilter | None = None) -> Page[Production]:
    """The productions of the warehouses that the actor may see, the newest first."""
    actor.require(READ)
    found = visible_productions(actor).filter((wanted or ProductionFilter()).condition)
    return await page_of(found, page, "-created_at", "-id")


async def production(actor: Actor, production_id: UUID) -> Production:
    """A production that the actor may see."""
    actor.require(READ)
    found = await read_one(visible_productions(actor).filter(id=production_id))
    if found is None:
        raise ProductionNotFound(field=("productionId",))
    return found


async def bills_of_materials(
    actor: Actor, page: PageRequest, *, item_id: UUID | None = None, active: bool | None = True
) -> Page[Bom]:
    """The bills of materials by their names."""
    actor.require(READ)
    found = Bom.all() if active is None else Bom.filter(active=active)
    return await page_of(found if item_id is None else found.filter(item_id=item_id), page, "name", "id")


productions_by_id = rows_by_id(Production, shown_to)

boms_by_id = rows_by_id(Bom, permission=READ)

lines_of_productions = rows_of(ProductionLine, "production_id", order=("line_no",), permission=READ)
"""The lines of productions that the caller has seen."""

lines_of_boms = rows_of(BomLine, "bom_id", order=("line_no",), permission=READ)


def _number(text: str) -> str:
    text = text.strip().upper()
    if not 1 <= len(text) <= 20 or not text.isascii() or not text.isprintable():
        raise InvalidInput("a number is such as PR-000001", field=("filter", "number"))
    return text
