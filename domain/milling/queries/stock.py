"""Reading stock: what moved, what is there and can be had, and the documents that moved it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from tortoise.expressions import Q, RawSQL

from domain.identity.actor import Actor
from domain.kit.database import Record, fetch
from domain.kit.decimals import plain
from domain.kit.errors import InvalidInput
from domain.kit.money import Money, decimals_of
from domain.kit.paging import Page, PageRequest, page_of
from domain.kit.reading import RowsWith, read, read_one
from domain.milling import settings
from domain.milling.access import READ, visible_warehouses, warehouse_of
from domain.milling.errors import ItemNotFound
from domain.milling.models import (
    Item,
    StockBin,
    StockMovement,
)
from domain.milling.rules.costing import cost_per_unit
from domain.milling.rules.quantities import to_thousandths
from domain.milling.states import (
    DocumentKind,
    ItemCategory,
    MovementKind,
    StockLevel,
)
from domain.milling.units import in_base_unit, units_of

MAX_SEARCH: Final = 100

WAREHOUSE: Final = ("warehouseId",)
IN_FILTER: Final = ("filter", "warehouseId")

# What movements ($1) are worth now, and who took back those that are not any more.
WORTH: Final = """
select m.id, p.quantity, p.value_minor, p.variance_minor, c.cancelled_at, c.reason
from stock_movement m left join stock_posting p on p.movement_id = m.id
     left join stock_cancellation c on c.movement_id = m.id
where m.id = any($1::uuid[])
"""

# The numbers of documents ($1), whatever they are.
NUMBERS: Final = """
select id, number from mill_purchase where id = any($1::uuid[])
union all select id, number from mill_purchase_return where id = any($1::uuid[])
union all select id, number from mill_landed_cost where id = any($1::uuid[])
union all select id, number from mill_production where id = any($1::uuid[])
union all select id, number from mill_sale where id = any($1::uuid[])
union all select id, number from mill_sale_return where id = any($1::uuid[])
union all select id, number from stock_document where id = any($1::uuid[])
"""

# Whether what is in a bin is enough, as domain.milling.rules.levels says it.
STATUS: Final = """
case when "stock_bin"."on_hand" <= 0 then 'OUT'
     when "stock_bin"."on_hand" <= coalesce("stock_bin"."reorder_level",
          (select i."reorder_level" from "mill_item" i where i."id" = "stock_bin"."item_id")) then 'LOW'
     else 'OK' end
"""


# Asked of each movement, for a page has few of them.
NOT_CANCELLED: Final = ~Q(
    id__in=RawSQL("""(select c.movement_id from stock_cancellation c where c.movement_id = "stock_movement"."id")""")
)


@dataclass(frozen=True, kw_only=True)
class MovementFilter:
    """Which movements; what is not said does not narrow. ``since`` is in it, ``until`` is not."""

    item_id: UUID | None = None
    warehouse_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    kinds: Sequence[MovementKind] = ()
    document_id: UUID | None = None
    cancelled: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MovementRow:
    """A movement with what it is worth in the books now; one that was taken back is worth nothing."""

    id: UUID
    seq: int
    item_id: UUID
    warehouse_id: UUID
    kind: MovementKind
    quantity: Decimal
    counted: Decimal | None
    value_minor: int
    variance_minor: int
    currency: str
    document_kind: DocumentKind
    document_id: UUID
    line_no: int
    source_id: UUID | None
    effective_at: datetime
    recorded_at: datetime
    actor_id: UUID
    note: str
    cancelled_at: datetime | None
    cancel_reason: str | None

    @property
    def value(self) -> Money:
        return Money(self.value_minor, self.currency)

    @property
    def variance(self) -> Money:
        return Money(self.variance_minor, self.currency)

    @property
    def cancelled(self) -> bool:
        return self.cancelled_at is not None

    @property
    def rate(self) -> Decimal | None:
        """What one base unit was worth, in major units."""
        return rate_of(self.value_minor, self.quantity, self.currency)


@dataclass(frozen=True, kw_only=True)
class LevelFilter:
    """Which bins; what is not said does not narrow. ``search`` is a part of an item's name or the beginning of its code."""

    item_id: UUID | None = None
    warehouse_id: UUID | None = None
    categories: Sequence[ItemCategory] = ()
    statuses: Sequence[StockLevel] = ()
    search: str | None = None


@dataclass(frozen=True, slots=True)
class PlaceAvailability:
    """What can be had of an item in one warehouse. ``enough`` is None when nobody asked for a quantity."""

    warehouse_id: UUID
    on_hand: Decimal
    reserved: Decimal
    available: Decimal
    enough: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """What can be had of an item: in one warehouse, or in all that the actor sees."""

    item_id: UUID
    requested: Decimal | None
    on_hand: Decimal
    reserved: Decimal
    available: Decimal
    enough: bool | None
    warehouses: Sequence[PlaceAvailability]


def rate_of(value_minor: int, quantity: Decimal, currency: str) -> Decimal | None:
    """What one base unit is worth in major units, four decimals finer than the currency; None for no quantity."""
    found = cost_per_unit(abs(value_minor), abs(to_thousandths(quantity)))
    return None if found is None else found.scaleb(-decimals_of(currency))


async def stock_movements(
    actor: Actor, page: PageRequest, wanted: MovementFilter | None = None, *, oldest_first: bool = False
) -> Page[MovementRow]:
    """Movements in the warehouses that the actor sees, the latest first; those that were taken back too, unless said so."""
    actor.require(READ)
    wanted = wanted or MovementFilter()
    require_order(wanted.since, wanted.until)
    found = StockMovement.filter(await _condition(actor, wanted))
    order = ("effective_at", "seq") if oldest_first else ("-effective_at", "-seq")
    answered = await page_of(found, page.of_whole_rows, *order)
    return answered.showing(await with_worth(answered.rows))


async def _condition(actor: Actor, wanted: MovementFilter) -> Q:
    found = Q()
    if wanted.warehouse_id is not None:
        found &= Q(warehouse_id=(await warehouse_of(actor, wanted.warehouse_id, field=WAREHOUSE, closed=True)).id)
    elif actor.branch_scope is not None:
        found &= Q(warehouse_id__in=await places_of(actor))
    if wanted.item_id is not None:
        found &= Q(item_id=wanted.item_id)
    if wanted.since is not None:
        found &= Q(effective_at__gte=wanted.since)
    if wanted.until is not None:
        found &= Q(effective_at__lt=wanted.until)
    if wanted.kinds:
        found &= Q(kind__in=list(wanted.kinds))
    if wanted.document_id is not None:
        found &= Q(document_id=wanted.document_id)
    if wanted.cancelled is not None:
        found &= ~NOT_CANCELLED if wanted.cancelled else NOT_CANCELLED
    return found


async def movements_by_id(actor: Actor, ids: Collection[UUID]) -> dict[UUID, MovementRow]:
    """Those of some movements that are in warehouses that the actor sees; for loaders."""
    if not actor.may(READ):
        return {}
    found = StockMovement.filter(id__in=list(ids))
    if actor.branch_scope is not None:
        found = found.filter(warehouse_id__in=await places_of(actor))
    return {row.id: row for row in await with_worth(await read(found))}


async def movements_of_documents(actor: Actor, document_ids: Collection[UUID]) -> dict[UUID, list[MovementRow]]:
    """What some documents moved, as far as the actor sees it, in the order of booking; for loaders."""
    if not actor.may(READ):
        return {}
    found = StockMovement.filter(document_id__in=list(document_ids))
    if actor.branch_scope is not None:
        found = found.filter(warehouse_id__in=await places_of(actor))
    groups: dict[UUID, list[MovementRow]] = {}
    for row in await with_worth(await read(found.order_by("seq"))):
        groups.setdefault(row.document_id, []).append(row)
    return groups


async def with_worth(movements: Sequence[StockMovement]) -> list[MovementRow]:
    """Movements with what they are worth now."""
    if not movements:
        return []
    currency = settings.current().currency
    worth = {row["id"]: row for row in await fetch(WORTH, [movement.id for movement in movements])}
    return [_movement(movement, worth[movement.id], currency) for movement in movements]


def _movement(movement: StockMovement, worth: Record, currency: str) -> MovementRow:
    stands = worth["quantity"] is not None
    return MovementRow(
        id=movement.id,
        seq=movement.seq,
        item_id=movement.item_id,
        warehouse_id=movement.warehouse_id,
        kind=movement.kind,
        quantity=plain(worth["quantity"]) if stands else movement.quantity or Decimal(0),
        counted=movement.counted,
        value_minor=worth["value_minor"] if stands else 0,
        variance_minor=worth["variance_minor"] if stands else 0,
        currency=currency,
        document_kind=movement.document_kind,
        document_id=movement.document_id,
        line_no=movement.line_no,
        source_id=movement.source_id,
        effective_at=movement.effective_at,
        recorded_at=movement.recorded_at,
        actor_id=movement.actor_id,
        note=movement.note,
        cancelled_at=worth["cancelled_at"],
        cancel_reason=worth["reason"],
    )


async def numbers_of_documents(document_ids: Collection[UUID]) -> dict[UUID, str]:
    """What the documents behind movements are called; for loaders."""
    return {row["id"]: row["number"] for row in await fetch(NUMBERS, list(document_ids))}


async def stock_availability(
    actor: Actor,
    *,
    item_id: UUID,
    warehouse_id: UUID | None = None,
    quantity: Decimal | None = None,
    unit: str | None = None,
) -> Availability:
    """What is there of an item, what of it is held back for others, and whether ``quantity`` can be had.

    It is read from the bins, which every movement keeps up to date; no history is looked at.
    """
    actor.require(READ)
    item = await the_item(item_id)
    places = None if warehouse_id is None else [(await warehouse_of(actor, warehouse_id, field=WAREHOUSE, closed=True)).id]
    if places is None and actor.branch_scope is not None:
        places = await places_of(actor)
    wanted = None
    if quantity is not None:
        wanted = in_base_unit(item, (await units_of([item.id]))[item.id], quantity, unit, field=())
    bins = StockBin.filter(item_id=item.id)
    if places is not None:
        bins = bins.filter(warehouse_id__in=places)
    return _availability(item.id, wanted, await read(bins.order_by("warehouse_id")))


def _availability(item_id: UUID, wanted: Decimal | None, bins: Sequence[StockBin]) -> Availability:
    def enough(available: Decimal) -> bool | None:
        return None if wanted is None else available >= wanted

    available = sum((each.available for each in bins), Decimal(0))
    return Availability(
        item_id=item_id,
        requested=wanted,
        on_hand=sum((each.on_hand for each in bins), Decimal(0)),
        reserved=sum((each.reserved for each in bins), Decimal(0)),
        available=available,
        enough=enough(available),
        warehouses=[
            PlaceAvailability(each.warehouse_id, each.on_hand, each.reserved, each.available, enough(each.available))
            for each in bins
        ],
    )


async def stock_levels(actor: Actor, page: PageRequest, wanted: LevelFilter | None = None) -> Page[StockBin]:
    """What lies where, item by item in the order in which they were made known."""
    actor.require(READ)
    wanted = wanted or LevelFilter()
    found = StockBin.all()
    if wanted.warehouse_id is not None:
        found = found.filter(warehouse_id=(await warehouse_of(actor, wanted.warehouse_id, field=IN_FILTER, closed=True)).id)
    elif actor.branch_scope is not None:
        found = found.filter(warehouse_id__in=await places_of(actor))
    if wanted.item_id is not None:
        found = found.filter(item_id=wanted.item_id)
    items = _items(wanted)
    if items is not None:
        found = found.filter(item_id__in=RowsWith(Item, items))
    if wanted.statuses:
        found = found.annotate(status=RawSQL(STATUS)).filter(status__in=[status.value for status in wanted.statuses])
    return await page_of(found, page, "item_id", "warehouse_id")


def _items(wanted: LevelFilter) -> Q | None:
    search = " ".join((wanted.search or "").split())[:MAX_SEARCH]
    if not search and not wanted.categories:
        return None
    found = Q(category__in=list(wanted.categories)) if wanted.categories else Q()
    if search:
        named = Q(name__icontains=search) | Q(code__istartswith=search)
        found &= named if search.isprintable() else Q(pk__in=[])
    return found


async def the_item(item_id: UUID, *field: str) -> Item:
    item = await read_one(Item.filter(id=item_id))
    if item is None:
        raise ItemNotFound(field=field or ("itemId",))
    return item


async def places_of(actor: Actor) -> list[UUID]:
    """The warehouses that the actor sees. There are few, and a list of them lets the tables' indexes be used."""
    return [row.id for row in await read(visible_warehouses(actor), frozenset({"id"}))]


def require_order(since: datetime | None, until: datetime | None) -> None:
    """A stretch of time begins before it ends."""
    if since is not None and until is not None and since > until:
        raise InvalidInput("the stretch begins after it ends", field=("from",))
