"""How something is made: what goes in, what else comes out, and what a quantity needs by a bill of materials."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from domain.milling.models import Bom, BomLine, Item
from domain.milling.rules.quantities import to_decimal, to_thousandths
from domain.milling.rules.recipes import needed
from domain.milling.rules.rounding import half_up
from domain.milling.states import CostRule, LineRole


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


async def scaled(bom: Bom, item: Item, quantity: Decimal) -> Recipe:
    """What a bill of materials needs and brings for a quantity of its item, to a thousandth of each base unit."""
    rows = await BomLine.filter(bom_id=bom.id).order_by("line_no")
    items = {each.id: each for each in await Item.filter(id__in=[row.item_id for row in rows])}
    wanted, makes = to_thousandths(quantity), to_thousandths(bom.output_quantity)
    lines = [_scaled(row, items[row.item_id], makes, wanted) for row in rows]
    return Recipe(
        bom=bom,
        item=item,
        inputs=[line for line in lines if line.role is LineRole.INPUT],
        by_products=[line for line in lines if line.role is LineRole.BY_PRODUCT],
        overhead_minor=half_up(bom.overhead_minor * wanted, makes),
        per_batch={row.item_id: row.base_quantity for row in rows if row.role is LineRole.INPUT},
    )


def _scaled(row: BomLine, item: Item, makes: int, wanted: int) -> RecipeLine:
    base = to_decimal(needed(to_thousandths(row.base_quantity), makes, wanted))
    return RecipeLine(
        role=row.role,
        item=item,
        unit=item.base_unit,
        quantity=base,
        base=base,
        cost_rule=row.cost_rule,
        cost_value=row.cost_value,
    )
