"""Units of measure: every quantity is kept in its item's base unit, and said in any unit that the item knows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Final
from uuid import UUID

from domain.kit.decimals import plain
from domain.kit.reading import read
from domain.milling.errors import InvalidQuantity, UnknownUnit
from domain.milling.models import Item, ItemUnit
from domain.milling.rules.quantities import BadQuantity, to_base, to_decimal

KILOGRAMS: Final[Mapping[str, Decimal]] = {
    "g": Decimal("0.001"),
    "kg": Decimal(1),
    "quintal": Decimal(100),
    "tonne": Decimal(1000),
}
"""What units of weight weigh. An item whose base unit is one of them knows the heavier ones without being told."""

Units = Mapping[str, Decimal]
"""The units of an item besides its base unit, each with how many base units one of it is."""


def unit_name(text: str) -> str:
    """A unit as it is kept: spaces put in order; capitals make no difference."""
    return " ".join(text.split()).lower()


def usual_units(base_unit: str) -> dict[str, Decimal]:
    """The units that an item with this base unit knows by itself."""
    base = KILOGRAMS.get(base_unit)
    if base is None:
        return {}
    return {unit: weight / base for unit, weight in KILOGRAMS.items() if weight > base}


async def units_of(item_ids: Collection[UUID]) -> dict[UUID, Units]:
    """The units of several items."""
    found: dict[UUID, dict[str, Decimal]] = {item_id: {} for item_id in item_ids}
    for row in await read(ItemUnit.filter(item_id__in=list(item_ids)), frozenset({"item_id", "unit", "factor"})):
        found[row.item_id][row.unit] = row.factor
    return dict(found)


def in_base_unit(
    item: Item, units: Units, quantity: Decimal, unit: str | None, *, field: tuple[str, ...] = ("input",)
) -> Decimal:
    """A quantity above 0, said in ``unit`` (the base unit when None), in the item's base unit.

    Refuses with UNKNOWN_UNIT what the item is not measured in, and with INVALID_QUANTITY what is not above 0, too much, or
    does not come out at three decimals of the base unit. ``field`` is the line of the input that both are in.
    """
    factor = factor_of(item, units, unit, field=field)
    try:
        milli = to_base(quantity, factor)
    except BadQuantity as bad:
        raise InvalidQuantity(str(bad), field=(*field, "quantity")) from None
    if milli <= 0:
        raise InvalidQuantity("a quantity is above 0", field=(*field, "quantity"))
    return plain(to_decimal(milli))


def factor_of(item: Item, units: Units, unit: str | None, *, field: tuple[str, ...] = ("input",)) -> Decimal:
    """How many base units one ``unit`` of an item is."""
    wanted = item.base_unit if unit is None else unit_name(unit)
    if wanted == item.base_unit:
        return Decimal(1)
    factor = units.get(wanted)
    if factor is None:
        known = ", ".join([item.base_unit, *sorted(units)])
        raise UnknownUnit(f"{item.name} is measured in {known}", field=(*field, "unit"))
    return factor
