"""Reading items, warehouses, partners, levels and alerts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, TypeVar
from uuid import UUID

from tortoise.expressions import Q
from tortoise.models import Model
from tortoise.queryset import QuerySet

from domain.identity.actor import Actor
from domain.kit.database import fetch
from domain.kit.decimals import plain
from domain.kit.paging import Page, PageRequest, page_of
from domain.kit.reading import RowsWith, read_one, rows_by_id, rows_of
from domain.milling import access
from domain.milling.models import Customer, Item, ItemUnit, StockAlert, StockBin, Supplier, Warehouse
from domain.milling.states import AlertKind, AlertPriority, AlertState, ItemCategory

M = TypeVar("M", bound=Model)

READ: Final = access.READ
MAX_SEARCH: Final = 100
MAX_CODE: Final = 30

# How many kilograms lie in each warehouse.
USED_KG: Final = "select id, stock_kg_in(id) as used from unnest($1::uuid[]) as w (id)"


@dataclass(frozen=True, kw_only=True)
class ItemFilter:
    """Which items; what is not said does not narrow. ``search`` is a part of a name, or the beginning of a code."""

    categories: Sequence[ItemCategory] = ()
    active: bool | None = True
    search: str | None = None
    warehouse_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class AlertFilter:
    """Which alerts; what is not said does not narrow."""

    states: Sequence[AlertState] = ()
    kinds: Sequence[AlertKind] = ()
    priorities: Sequence[AlertPriority] = ()
    warehouse_id: UUID | None = None
    item_id: UUID | None = None

    @property
    def condition(self) -> Q:
        said: dict[str, Any] = {
            "warehouse_id": self.warehouse_id,
            "item_id": self.item_id,
            "state__in": list(self.states) or None,
            "kind__in": list(self.kinds) or None,
            "priority__in": list(self.priorities) or None,
        }
        return Q(**{column: value for column, value in said.items() if value is not None})


async def items(actor: Actor, page: PageRequest, wanted: ItemFilter | None = None) -> Page[Item]:
    """The items by their names; with a warehouse, those that have been there."""
    actor.require(READ)
    wanted = wanted or ItemFilter()
    found = _active(Item.filter(_searched(wanted.search, "code")), wanted.active)
    if wanted.categories:
        found = found.filter(category__in=list(wanted.categories))
    if wanted.warehouse_id is not None:
        field = ("filter", "warehouseId")
        place = await access.warehouse_of(actor, wanted.warehouse_id, field=field, closed=True)
        found = found.filter(id__in=RowsWith(StockBin, Q(warehouse_id=place.id), column="item_id"))
    return await page_of(found, page, "name", "id")


async def item_of_code(actor: Actor, code: str) -> Item | None:
    """The item with a code, whatever its capitals; None for what no code can be."""
    actor.require(READ)
    wanted = code.strip().upper()
    return await read_one(Item.filter(code=wanted)) if wanted.isprintable() and len(wanted) <= MAX_CODE else None


async def warehouses(actor: Actor, page: PageRequest, *, active: bool | None = True) -> Page[Warehouse]:
    """The warehouses that the actor may see, by their names."""
    actor.require(READ)
    return await page_of(_active(access.visible_warehouses(actor), active), page, "name", "id")


async def suppliers(
    actor: Actor, page: PageRequest, *, search: str | None = None, active: bool | None = True
) -> Page[Supplier]:
    """The suppliers by their names."""
    actor.require(READ)
    return await page_of(_active(Supplier.filter(_searched(search)), active), page, "name", "id")


async def customers(
    actor: Actor, page: PageRequest, *, search: str | None = None, active: bool | None = True
) -> Page[Customer]:
    """The customers by their names."""
    actor.require(READ)
    return await page_of(_active(Customer.filter(_searched(search)), active), page, "name", "id")


async def stock_alerts(actor: Actor, page: PageRequest, wanted: AlertFilter | None = None) -> Page[StockAlert]:
    """The alerts of the warehouses that the actor may see, the newest first."""
    actor.require(READ)
    wanted = wanted or AlertFilter()
    found = access.visible_alerts(actor).filter(wanted.condition)
    return await page_of(found, page, "-raised_at", "-id")


def bins_seen_by(actor: Actor) -> Q:
    """The condition on what lies in warehouses: that the actor may see them."""
    if actor.branch_scope is None:
        return Q()
    return Q(warehouse_id__in=RowsWith(Warehouse, access.seen_by(actor)))


items_by_id = rows_by_id(Item, permission=READ)

units_by_id = rows_by_id(ItemUnit, permission=READ)

warehouses_by_id = rows_by_id(Warehouse, access.shown_to, permission=READ)

suppliers_by_id = rows_by_id(Supplier, permission=READ)

customers_by_id = rows_by_id(Customer, permission=READ)

alerts_by_id = rows_by_id(StockAlert, access.shown_to, permission=READ)

bins_by_id = rows_by_id(StockBin, bins_seen_by, permission=READ)

units_of = rows_of(ItemUnit, "item_id", order=("factor", "unit"), permission=READ)
"""The units of several items besides their base units, the smallest first."""

bins_of_items = rows_of(StockBin, "item_id", bins_seen_by, order=("warehouse_id",), permission=READ)
"""Where several items lie, as far as the actor may see."""


def _open_alerts(actor: Actor) -> Q | None:
    seen = access.shown_to(actor)
    return None if seen is None else seen & ~Q(state=AlertState.RESOLVED)


open_alerts_of = rows_of(StockAlert, "warehouse_id", _open_alerts, order=("-raised_at", "-id"), permission=READ)
"""What warehouses warn of now, the newest first."""


async def used_kg(warehouse_ids: Collection[UUID]) -> dict[UUID, Decimal]:
    """The kilograms that lie in several warehouses."""
    return {row["id"]: plain(row["used"]) for row in await fetch(USED_KG, list(warehouse_ids))}


async def holds_something(**which: UUID) -> bool:
    """Whether anything lies, or is held back, in bins that are named by item or warehouse."""
    return await StockBin.filter(~Q(on_hand=0) | ~Q(reserved=0), **which).exists()


def _active(found: QuerySet[M], active: bool | None) -> QuerySet[M]:
    return found if active is None else found.filter(active=active)


def _searched(search: str | None, code: str | None = None) -> Q:
    """A part of the name, whatever its capitals; or the beginning of the code where there is one."""
    wanted = " ".join((search or "").split())[:MAX_SEARCH]
    if not wanted:
        return Q()
    if not wanted.isprintable():
        return Q(pk__in=[])
    named = Q(name__icontains=wanted)
    return named | Q(**{f"{code}__istartswith": wanted}) if code else named
