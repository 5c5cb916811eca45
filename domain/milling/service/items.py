"""Items: what the mill buys, mills, sells and packs into. Purchases and productions make those that are not known yet."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.errors import CurrencyMismatch, InvalidInput
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.milling import settings, stock, units
from domain.milling.errors import ItemContradiction, ItemInactive, ItemInUse, ItemNotFound, ItemTaken
from domain.milling.events import ItemChanged, ItemFigures, ShelfLevel
from domain.milling.models import Item, ItemUnit
from domain.milling.models.kept import TOUCHED
from domain.milling.queries.catalogue import holds_something
from domain.milling.service.desk import (
    FACTOR_PLACES,
    MAX_NAME,
    change_of,
    changed,
    code,
    line,
    measure,
    prose,
    refusals_of_tables,
    require_version,
    unit,
    whole,
)
from domain.milling.states import ItemCategory, RecordChange, ValuationMethod

MAX_UNITS: Final = 20
MAX_LEAD_TIME_DAYS: Final = 3_650


@dataclass(frozen=True, kw_only=True)
class NewItem:
    """What is said of an item. ``weight_kg`` is of one base unit: of a unit of weight it is known, of a bag it is 0 unless
    said. ``units`` are those that the item is also measured in, each with how many base units it is."""

    code: str
    name: str
    category: ItemCategory
    base_unit: str = "kg"
    description: str = ""
    valuation_method: ValuationMethod = ValuationMethod.MOVING_AVERAGE
    weight_kg: Decimal | None = None
    reorder_level: Decimal = Decimal(0)
    reorder_quantity: Decimal = Decimal(0)
    lead_time_days: int = 0
    sale_price: Money | None = None
    allow_negative: bool = False
    units: Mapping[str, Decimal] = field(default_factory=dict)


_PLAIN: Final = (
    *("name", "category", "description", "valuation_method", "reorder_level", "reorder_quantity", "lead_time_days"),
    *("sale_price", "allow_negative"),
)


@retried
async def create_item(actor: Actor, *, item: NewItem) -> Item:
    """A new item, which can be bought and milled at once. Refuses with ITEM_TAKEN when another has its code."""
    actor.require(Permission.MILL_MANAGE)
    async with unit_of_work() as work:
        made, created = await _made(work, actor, item)
        if not created:
            raise ItemTaken(f"{made.name} has the code {made.code}", field=("input", "code"))
    return made


@retried
async def update_item(
    actor: Actor, *, item_id: UUID, changes: Mapping[str, Any], expected_version: int | None = None
) -> Item:
    """Change what is said of an item; ``changes`` is by the names of :class:`NewItem`, and by ``active``.

    The code stays. Once stock has moved, the category, the base unit and the valuation stay too, and an item of which
    something lies in a warehouse is not laid aside (ITEM_IN_USE). Nothing happens when nothing would be different.
    """
    actor.require(Permission.MILL_MANAGE)
    columns = _read(changes)
    async with unit_of_work() as work:
        item = await locked_item(item_id)
        require_version(item, expected_version)
        wanted = changed(item, columns)
        if wanted:
            if _SETTLED & set(wanted):
                await stock.stand_still(work)
            await _require_free(item, wanted)
            item.update_from_dict(wanted)
            with refusals_of_tables(_KEPT):
                await save_item(work, item, change_of(wanted), wanted)
            if _WATCHED & set(wanted):
                await stock.look_at_item(work, item.id)
    return item


@retried
async def set_item_unit(actor: Actor, *, item_id: UUID, unit_name: str, factor: Decimal | None) -> Item:
    """Measure an item in one more unit, of ``factor`` base units; without a factor, in that unit no more.

    Quantities of documents that there are were turned into base units when they were written, and stay.
    """
    actor.require(Permission.MILL_MANAGE)
    name = unit(unit_name)
    kept = None if factor is None else measure(factor, "factor", places=FACTOR_PLACES, positive=True)
    async with unit_of_work() as work:
        item = await locked_item(item_id)
        if name == item.base_unit:
            raise InvalidInput("this is the item's base unit", field=("input", "unit"))
        known = (await units.units_of([item.id]))[item.id]
        if known.get(name) == kept:
            return item
        if kept is None:
            await ItemUnit.filter(item_id=item.id, unit=name).delete()
        elif name in known:
            await ItemUnit.filter(item_id=item.id, unit=name).update(factor=kept)
        elif len(known) >= MAX_UNITS:
            raise InvalidInput(f"an item is measured in at most {MAX_UNITS} other units", field=("input", "unit"))
        else:
            await ItemUnit.create(id=new_id(), item_id=item.id, unit=name, factor=kept)
        await save_item(work, item, RecordChange.EDITED)
    return item


async def item_for(work: Work, actor: Actor, *, item_id: UUID | None = None, new_item: NewItem | None = None) -> Item:
    """The item that a line of a document is about: one that is known, or one that the line makes.

    A new one whose code is known is that item if what is said of it agrees; else it is refused with ITEM_CONTRADICTION.
    Refusals point at ``itemId`` or the fields of ``newItem`` as if those were the input; the caller says where they are.
    """
    if (item_id is None) == (new_item is None):
        raise InvalidInput("name an item, or say what the new one is", field=("input", "itemId"))
    if new_item is not None:
        item, created = await _made(work, actor, new_item)
        if not created:
            _require_agreement(item, new_item)
    else:
        found = await Item.get_or_none(id=item_id)
        if found is None:
            raise ItemNotFound(field=("input", "itemId"))
        item = found
    if not item.active:
        raise ItemInactive(f"{item.name} is not used any more", field=("input", "itemId"))
    return item


async def locked_item(item_id: UUID) -> Item:
    """The item, locked until the unit of work ends."""
    item = await Item.filter(id=item_id).select_for_update(no_key=True).get_or_none()
    if item is None:
        raise ItemNotFound(field=("input", "itemId"))
    return item


async def _made(work: Work, actor: Actor, new: NewItem) -> tuple[Item, bool]:
    """The item with this code, and whether it was made now: two documents may bring the same new item at the same time."""
    columns = _columns(new)
    others = _units(columns["base_unit"], new.units)
    moment = clock.now()
    item = Item(id=new_id(), created_by_id=actor.id, created_at=moment, updated_at=moment, **columns)
    await Item.bulk_create([item], ignore_conflicts=True)
    found = await Item.get(code=item.code)
    if found.id != item.id:
        return found, False
    await ItemUnit.bulk_create(
        [ItemUnit(id=new_id(), item_id=item.id, unit=name, factor=factor) for name, factor in others.items()]
    )
    _tell(work, found, RecordChange.CREATED)
    return found, True


def _columns(new: NewItem) -> dict[str, Any]:
    base_unit = unit(new.base_unit, "baseUnit")
    weight = units.KILOGRAMS.get(base_unit, Decimal(0)) if new.weight_kg is None else new.weight_kg
    said = {name: getattr(new, name) for name in _PLAIN} | {"weight_kg": weight}
    return _read(said) | {"code": code(new.code), "base_unit": base_unit, "currency": settings.current().currency}


def _read(said: Mapping[str, Any]) -> dict[str, Any]:
    """What is said of an item, as its columns keep it."""
    columns = {name: _READERS[name](value) if name in _READERS else value for name, value in said.items()}
    if "sale_price" in columns:
        price: Money | None = columns.pop("sale_price")
        currency = settings.current().currency
        if price is not None and price.currency != currency:
            raise CurrencyMismatch(f"the mill's books are in {currency}", field=("input", "salePrice", "currency"))
        columns["sale_price_minor"] = None if price is None else price.amount_minor
    return columns


_READERS: Final[Mapping[str, Any]] = {
    "name": lambda value: line(value, MAX_NAME, "name"),
    "description": lambda value: prose(value, "description"),
    "base_unit": lambda value: unit(value, "baseUnit"),
    "weight_kg": lambda value: measure(value, "weightKg", places=FACTOR_PLACES),
    "reorder_level": lambda value: measure(value, "reorderLevel"),
    "reorder_quantity": lambda value: measure(value, "reorderQuantity"),
    "lead_time_days": lambda value: whole(value, "leadTimeDays", most=MAX_LEAD_TIME_DAYS),
}
"""How each column reads what is said of it."""


def _units(base_unit: str, said: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """The usual units of a base unit, and those that were said."""
    found = units.usual_units(base_unit)
    for text, factor in said.items():
        name = unit(text, "units")
        if name == base_unit:
            raise InvalidInput("the base unit is no other unit", field=("input", "units"))
        found[name] = measure(factor, "units", places=FACTOR_PLACES, positive=True)
    if len(found) > MAX_UNITS:
        raise InvalidInput(f"an item is measured in at most {MAX_UNITS} other units", field=("input", "units"))
    return found


def _require_agreement(item: Item, new: NewItem) -> None:
    """What a line says of a new item is true of the one that has its code already."""
    said = _columns(new)
    for column, name in (("name", "name"), ("category", "category"), ("base_unit", "baseUnit")):
        if getattr(item, column).casefold() != said[column].casefold():
            raise ItemContradiction(
                f"{item.code} is known as {item.name}: {item.category.value}, in {item.base_unit}", field=("input", name)
            )


async def _require_free(item: Item, wanted: Mapping[str, Any]) -> None:
    """What lies somewhere is still in use, and other units are so many of the base unit that there is."""
    if wanted.get("active") is False and await holds_something(item_id=item.id):
        raise ItemInUse("some of it is in a warehouse", field=("input", "active"))
    if "base_unit" in wanted and await ItemUnit.exists(item_id=item.id):
        raise ItemInUse("its other units are so many of this base unit", field=("input", "baseUnit"))


_SETTLED: Final = frozenset({"active", "category", "base_unit", "valuation_method", "allow_negative"})
"""What changes only while nothing moves: whether it may change follows from what has moved."""

_WATCHED: Final = frozenset({"active", "weight_kg"})
"""What changes how much an item warns of, or how full the warehouses are in which it lies."""

_KEPT: Final = {
    "mill_item_keeps_its_nature": lambda: ItemInUse("stock of it has moved, so its category, base unit and valuation stay"),
    "mill_item_is_nowhere_under_zero": lambda: ItemInUse("it is under zero somewhere", field=("input", "allowNegative")),
}
"""What the table refuses of changes to an item."""


async def save_item(
    work: Work, item: Item, change: RecordChange, columns: Collection[str] = (), *, shelf: ShelfLevel | None = None
) -> None:
    """Keep the next version of a locked item with what these columns say now, and tell of it.

    Nothing else is written: whoever writes a code, be it the same one, waits for every document that names the item just
    now, and some of those wait for us.
    """
    item.touch()
    await item.save(update_fields=[*columns, *TOUCHED])
    _tell(work, item, change, shelf)


def _tell(work: Work, item: Item, change: RecordChange, shelf: ShelfLevel | None = None) -> None:
    work.record(ItemChanged(item=ItemFigures.of(item), change=change, shelf=shelf))
