"""The lines of documents about stock: what is said of an item, read as quantities of its base unit and minor units."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from domain.kit.errors import CurrencyMismatch, InvalidAmount, InvalidInput
from domain.kit.money import MAX_AMOUNT_MINOR, Money
from domain.milling import settings
from domain.milling.errors import DuplicateLine, InvalidQuantity, ItemNotFound
from domain.milling.models import Item
from domain.milling.rules.quantities import price
from domain.milling.units import Units, factor_of, in_base_unit, unit_name, units_of

MAX_LINES: Final = 200
PLACES: Final = 3
MAX_NOTE: Final = 300

Field = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class StockLine:
    """What a line says of an item: how much of it, in ``unit`` (the item's base unit when None).

    ``value`` is what all of it is worth, ``unit_cost`` what one such unit is; not both. Without either the cost follows
    from what is known of the item there.
    """

    item_id: UUID
    quantity: Decimal
    unit: str | None = None
    value: Money | None = None
    unit_cost: Money | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ReadLine:
    """A line that makes sense. ``base`` is the quantity in base units, of the sign that was said."""

    no: int
    item: Item
    unit: str
    quantity: Decimal
    base: Decimal
    amount_minor: int | None
    note: str
    field: Field


@dataclass(frozen=True)
class Reading:
    """What the lines of a document may say: a quantity of nothing, one below zero, a value, an item twice."""

    zero: bool = False
    negative: bool = False
    valued: bool = False
    repeated: bool = True


async def read_lines(lines: Sequence[StockLine], how: Reading, *, name: str = "lines", first_no: int = 1) -> list[ReadLine]:
    """The lines of the input ``name``, numbered from ``first_no``; refuses the first that makes no sense."""
    if not 1 <= len(lines) <= MAX_LINES:
        raise InvalidInput(f"a document has 1 to {MAX_LINES} lines", field=("input", name))
    items = {item.id: item for item in await Item.filter(id__in={line.item_id for line in lines})}
    units = await units_of(items.keys())
    read = [
        _line(line, items, units, how, no=first_no + place, field=("input", name, str(place)))
        for place, line in enumerate(lines)
    ]
    if not how.repeated:
        _require_each_once(read)
    return read


def _line(
    line: StockLine, items: Mapping[UUID, Item], units: Mapping[UUID, Units], how: Reading, *, no: int, field: Field
) -> ReadLine:
    item = items.get(line.item_id)
    if item is None:
        raise ItemNotFound(field=(*field, "itemId"))
    base = read_quantity(item, units[item.id], line.quantity, line.unit, how, field)
    return ReadLine(
        no=no,
        item=item,
        unit=item.base_unit if line.unit is None else unit_name(line.unit),
        quantity=line.quantity,
        base=base,
        amount_minor=_amount(line, how, field),
        note=_note(line.note, field),
        field=field,
    )


def read_quantity(
    item: Item, units: Units, quantity: Decimal, unit: str | None, how: Reading, field: Field, name: str = "quantity"
) -> Decimal:
    """A quantity in the item's base unit; ``field`` is the line and ``name`` what it is called there."""
    where = (*field, name)
    if not quantity.is_finite():
        raise InvalidQuantity("a quantity is a finite number", field=where)
    if quantity and int(quantity.normalize().as_tuple().exponent) < -PLACES:
        raise InvalidQuantity(f"a quantity has at most {PLACES} decimals", field=where)
    if quantity == 0 and how.zero:
        factor_of(item, units, unit, field=field)
        return Decimal(0)
    try:
        if quantity < 0 and how.negative:
            return -in_base_unit(item, units, -quantity, unit, field=field)
        return in_base_unit(item, units, quantity, unit, field=field)
    except InvalidQuantity as refused:
        raise InvalidQuantity(refused.message, field=where) from None


def _amount(line: StockLine, how: Reading, field: Field) -> int | None:
    """What the line says it is worth in total, in minor units."""
    stated, name = (line.value, "value") if line.unit_cost is None else (line.unit_cost, "unitCost")
    if stated is None:
        return None
    where = (*field, name)
    if line.value is not None and line.unit_cost is not None:
        raise InvalidInput("say what all of it is worth or what one unit is, not both", field=where)
    if not how.valued or line.quantity <= 0:
        raise InvalidInput("only what comes in brings a value of its own", field=where)
    require_mill_currency(stated, where)
    total = stated.amount_minor if line.unit_cost is None else price(line.quantity, Decimal(stated.amount_minor))
    if not 0 <= total <= MAX_AMOUNT_MINOR:
        raise InvalidAmount("the amount is too large", field=where)
    return total


def require_mill_currency(amount: Money, field: Field) -> None:
    """The mill keeps its stock in one currency."""
    currency = settings.current().currency
    if amount.currency != currency:
        raise CurrencyMismatch(f"the mill's stock is valued in {currency}", field=field)


def _note(text: str, field: Field) -> str:
    text = " ".join(text.split())
    if len(text) > MAX_NOTE or not text.isprintable():
        raise InvalidInput(f"this takes up to {MAX_NOTE} printable characters", field=(*field, "note"))
    return text


def _require_each_once(lines: Collection[ReadLine]) -> None:
    seen: set[UUID] = set()
    for line in lines:
        if line.item.id in seen:
            raise DuplicateLine(f"{line.item.name} is in two lines", field=(*line.field, "itemId"))
        seen.add(line.item.id)
