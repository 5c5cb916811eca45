"""What bills of materials and productions say: what goes in, what else comes out, and what that carries of the cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.kit.errors import InvalidAmount, InvalidInput
from domain.kit.money import MAX_AMOUNT_MINOR, Money
from domain.kit.unit_of_work import Work
from domain.milling.errors import InvalidBom
from domain.milling.models import Item
from domain.milling.recipes import RecipeLine
from domain.milling.rules.recipes import WHOLE
from domain.milling.service.desk import refusals_at
from domain.milling.service.items import NewItem, item_for
from domain.milling.service.stock_lines import Reading, ReadLine, StockLine, read_lines, require_mill_currency
from domain.milling.states import CostRule, LineRole

MAX_INPUTS: Final = 50
MAX_BY_PRODUCTS: Final = 20
MAX_COST_PER_UNIT: Final = 10**11
"""Minor units for one base unit: what its column holds."""
ONCE: Final = Reading(repeated=False)

Field = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Ingredient:
    """Something that goes in: so much of an item, in ``unit`` (the item's base unit when None)."""

    item_id: UUID
    quantity: Decimal
    unit: str | None = None


@dataclass(frozen=True, kw_only=True)
class ByProduct:
    """Something that comes out beside what is made, of a known item or one that is made by this.

    It carries ``cost_per_unit`` for each base unit, or ``share_percent`` of the whole cost; without either, nothing.
    """

    quantity: Decimal
    item_id: UUID | None = None
    new_item: NewItem | None = None
    unit: str | None = None
    cost_per_unit: Money | None = None
    share_percent: Decimal | None = None


async def read_inputs(inputs: Sequence[Ingredient], *, name: str = "inputs") -> list[RecipeLine]:
    """What goes in, of items that are known; each once. Refusals point below ``name``."""
    if not 1 <= len(inputs) <= MAX_INPUTS:
        raise InvalidInput(f"from 1 to {MAX_INPUTS} items go in", field=("input", name))
    lines = [StockLine(item_id=each.item_id, quantity=each.quantity, unit=each.unit) for each in inputs]
    return [_recipe_line(LineRole.INPUT, line) for line in await read_lines(lines, ONCE, name=name)]


async def read_by_products(
    work: Work, actor: Actor, by_products: Sequence[ByProduct], *, name: str = "byProducts"
) -> list[RecipeLine]:
    """What comes out beside what is made; items that are not known yet are made. Together they carry at most all."""
    if not by_products:
        return []
    if len(by_products) > MAX_BY_PRODUCTS:
        raise InvalidInput(f"at most {MAX_BY_PRODUCTS} by-products come out", field=("input", name))
    lines, rules = [], []
    for place, each in enumerate(by_products):
        field = ("input", name, str(place))
        with refusals_at(field, new="newItem" if each.new_item else None):
            item = await item_for(work, actor, item_id=each.item_id, new_item=each.new_item)
        lines.append(StockLine(item_id=item.id, quantity=each.quantity, unit=each.unit))
        rules.append(_cost_rule(each, field))
    read = await read_lines(lines, ONCE, name=name)
    if sum(value for rule, value in rules if rule is CostRule.SHARE) > WHOLE:
        raise InvalidBom("by-products carry at most all of the cost", field=("input", name))
    return [_recipe_line(LineRole.BY_PRODUCT, line, rule, value) for line, (rule, value) in zip(read, rules, strict=True)]


def require_recipe(output: Item, lines: Sequence[RecipeLine], *, inputs: str = "inputs") -> None:
    """Nothing is made of itself, and nothing comes out twice. What goes in may come out again in part, as a by-product.

    ``inputs`` is where the caller says what goes in.
    """
    for role, name in ((LineRole.INPUT, inputs), (LineRole.BY_PRODUCT, "byProducts")):
        ids = [line.item.id for line in lines if line.role is role]
        if output.id in ids:
            place = str(ids.index(output.id))
            raise InvalidBom(f"{output.name} is what is made", field=("input", name, place, "itemId"))


def read_overhead(amount: Money, *field: str) -> int:
    """Minor units of what labour, power and wear cost; none is an amount too."""
    require_mill_currency(amount, (*field, "currency"))
    if not 0 <= amount.amount_minor <= MAX_AMOUNT_MINOR:
        raise InvalidAmount("an overhead is from zero to what the books can hold", field=field)
    return amount.amount_minor


def _recipe_line(
    role: LineRole, line: ReadLine, cost_rule: CostRule | None = None, cost_value: Decimal | None = None
) -> RecipeLine:
    return RecipeLine(
        role=role,
        item=line.item,
        unit=line.unit,
        quantity=line.quantity,
        base=line.base,
        cost_rule=cost_rule,
        cost_value=cost_value,
    )


def _cost_rule(said: ByProduct, field: Field) -> tuple[CostRule, Decimal]:
    """Minor units for one base unit, or basis points of the whole cost."""
    if said.cost_per_unit is not None:
        if said.share_percent is not None:
            raise InvalidBom("a by-product carries a fixed cost or a share, not both", field=(*field, "sharePercent"))
        require_mill_currency(said.cost_per_unit, (*field, "costPerUnit", "currency"))
        if not 0 <= said.cost_per_unit.amount_minor <= MAX_COST_PER_UNIT:
            raise InvalidAmount("this is no cost of one unit", field=(*field, "costPerUnit"))
        return CostRule.FIXED, Decimal(said.cost_per_unit.amount_minor)
    share = said.share_percent or Decimal(0)
    if not share.is_finite() or not 0 <= share <= 100 or share != share.quantize(Decimal("0.01")):
        raise InvalidInput("a share is from 0 to 100 percent, with at most 2 decimals", field=(*field, "sharePercent"))
    return CostRule.SHARE, share * 100
