"""How something is made: what goes in, what else comes out, and what a quantity needs by a bill of materials."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from domain.kit.money import MAX_AMOUNT_MINOR
from domain.milling.errors import InvalidQuantity
from domain.milling.models import Bom, BomLine, Item
from domain.milling.rules.quantities import to_decimal, to_thousandths
from domain.milling.rules.recipes import needed
from domain.milling.rules.rounding import half_up
from domain.milling.states import CostRule, LineRole

Field = tuple[str, ...]

QUANTITY: Final = ("input", "quantity")
MOST: Final = Decimal(10) ** 12
"""No quantity is as large as this."""


@dataclass(frozen=True, kw_only=True)
class RecipeLine:
    """An input or a by-product: ``quantity`` in ``unit``, ``base`` in base units. A by-product has a rule for its cost:
    FIXED is minor units for one base unit, SHARE basis points of the whole cost."""

    role: LineRole
    item: Item
    unit: str
    quantity: Decimal
    base: Decimal
    cost_rule: CostRule | None = None
    cost_value: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Recipe:
    """A bill of materials for a quantity of its item. ``per_batch`` is what the bill itself says of each input."""

    bom: Bom
    item: Item
    inputs: list[RecipeLine]
    by_products: list[RecipeLine]
    overhead_minor: int
    per_batch: Mapping[UUID, Decimal]


async def scaled(bom: Bom, item: Item, quantity: Decimal, *, field: Field = QUANTITY) -> Recipe:
    """What a bill of materials needs and brings for a quantity of its item, to a thousandth of each base unit.

    Refuses with INVALID_QUANTITY what would need more than a warehouse or the books can hold; ``field`` is the quantity's.
    """
    rows = await BomLine.filter(bom_id=bom.id).order_by("line_no")
    items = {each.id: each for each in await Item.filter(id__in=[row.item_id for row in rows])}
    wanted, makes = to_thousandths(quantity), to_thousandths(bom.output_quantity)
    lines = [_line_of(row, items[row.item_id], scaled_quantity(row.base_quantity, makes, wanted, field)) for row in rows]
    return Recipe(
        bom=bom,
        item=item,
        inputs=[line for line in lines if line.role is LineRole.INPUT],
        by_products=[line for line in lines if line.role is LineRole.BY_PRODUCT],
        overhead_minor=scaled_overhead(bom.overhead_minor, makes, wanted, field),
        per_batch={row.item_id: row.base_quantity for row in rows if row.role is LineRole.INPUT},
    )


def scaled_quantity(quantity: Decimal, makes: int, wanted: int, field: Field = QUANTITY) -> Decimal:
    """What of a line that is for ``makes`` is needed for ``wanted``."""
    base = to_decimal(needed(to_thousandths(quantity), makes, wanted))
    if base >= MOST:
        raise InvalidQuantity("this needs more of something than there can be", field=field)
    return base


def scaled_overhead(overhead_minor: int, makes: int, wanted: int, field: Field = QUANTITY) -> int:
    """The overhead for ``wanted``, where so much of it is for ``makes``."""
    overhead = half_up(overhead_minor * wanted, makes)
    if overhead > MAX_AMOUNT_MINOR:
        raise InvalidQuantity("the overhead of so much is more than the books can hold", field=field)
    return overhead


def _line_of(row: BomLine, item: Item, base: Decimal) -> RecipeLine:
    return RecipeLine(
        role=row.role,
        item=item,
        unit=item.base_unit,
        quantity=base,
        base=base,
        cost_rule=row.cost_rule,
        cost_value=row.cost_value,
    )
