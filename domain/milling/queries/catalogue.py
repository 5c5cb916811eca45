"""Reading items, warehouses, partners, levels and alerts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, TypeVar
from uuid import UUID

from tortoise.expressions import Q, Subquery
from tortoise.models import Model
from tortoise.queryset import QuerySet

from domain.identity.actor import Actor
from domain.kit.database import fetch
from domain.kit.decimals import plain
from domain.kit.paging import Page, PageRequest, page_of
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
        found = found.filter(id__in=Subquery(StockBin.filter(warehouse_id=place.id).values("item_id")))
    return await page_of(found, page, "name", "id")


async def item_of_code(actor: Actor, code: str) -> Item | None:
    """The item with a code, whatever its capitals; None for what no code can be."""
    actor.require(READ)
    wanted = code.strip().upper()
    return await Item.get_or_none(code=wanted) if wanted.isprintable() and len(wanted) <= MAX_CODE else None


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


async def items_by_id(actor: Actor, ids: Collection[UUID]) -> dict[UUID, Item]:
    return await _by_id(actor, Item.all(), ids)


async def units_by_id(actor: Actor, ids: Collection[UUID]) -> dict[UUID, ItemUnit]:
    return await _by_id(actor, ItemUnit.all(), ids)


async def warehouses_by_id(actor: Actor, ids: Collection[UUID]) -> dict[UUID, Warehouse]:
    return await _by_id(actor, access.visible_warehouses(actor), ids)


async def suppliers_by_id(actor: Actor, ids: Collection[UUID]) -> dict[UUID, Supplier]:
    return await _by_id(actor, Supplier.all(), ids)


async def customers_by_id(actor: Actor, ids: Collection[UUID]) -> dict[UUID, Customer]:
    return await _by_id(actor, Customer.all(), ids)


async def alerts_by_id(actor: Actor, ids: Collection[UUID]) -> dict[UUID, StockAlert]:
    return await _by_id(actor, access.visible_alerts(actor), ids)


async def bins_by_id(actor: Actor, ids: Collection[UUID]) -> dict[UUID, StockBin]:
    return await _by_id(actor, visible_bins(actor), ids)


def visible_bins(actor: Actor) -> QuerySet[StockBin]:
    """What lies in the warehouses that the actor may see."""
    if actor.branch_scope is None:
        return StockBin.all()
    return StockBin.filter(warehouse_id__in=Subquery(access.visible_warehouses(actor).values("id")))


async def units_of(actor: Actor, item_ids: Collection[UUID]) -> dict[UUID, list[ItemUnit]]:
    """The units of several items besides their base units, the smallest first."""
    if not actor.may(READ):
        return {}
    rows = await ItemUnit.filter(item_id__in=list(item_ids)).order_by("factor", "unit")
    return _grouped(rows, "item_id")


async def bins_of_items(actor: Actor, item_ids: Collection[UUID]) -> dict[UUID, list[StockBin]]:
    """Where several items lie, as far as the actor may see."""
    if not actor.may(READ):
        return {}
    rows = await visible_bins(actor).filter(item_id__in=list(item_ids)).order_by("warehouse_id")
    return _grouped(rows, "item_id")


async def open_alerts_of(actor: Actor, warehouse_ids: Collection[UUID]) -> dict[UUID, list[StockAlert]]:
    """What warehouses warn of now, the newest first."""
    if not actor.may(READ):
        return {}
    found = access.visible_alerts(actor).filter(warehouse_id__in=list(warehouse_ids))
    return _grouped(await found.exclude(state=AlertState.RESOLVED).order_by("-raised_at", "-id"), "warehouse_id")


async def used_kg(warehouse_ids: Collection[UUID]) -> dict[UUID, Decimal]:
    """The kilograms that lie in several warehouses."""
    return {row["id"]: plain(row["used"]) for row in await fetch(USED_KG, list(warehouse_ids))}


async def _by_id(actor: Actor, visible: QuerySet[M], ids: Collection[UUID]) -> dict[UUID, M]:
    return {row.pk: row for row in await visible.filter(id__in=list(ids))} if actor.may(READ) else {}


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


def _grouped(rows: Sequence[M], column: str) -> dict[Any, list[M]]:
    groups: dict[Any, list[M]] = {}
    for row in rows:
        groups.setdefault(getattr(row, column), []).append(row)
    return groups
