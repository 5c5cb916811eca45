"""What making a quantity takes: how much of each material, what of it is missing, and about what it will cost.

The estimate takes materials out of the bins as they are now, by the rules by which a production would. What is not there is
estimated at the last rate that the warehouse knows, else at the average of all warehouses that the actor may see.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.kit.decimals import plain
from domain.kit.money import MAX_AMOUNT_MINOR, Money, decimals_of
from domain.kit.reading import read, read_one
from domain.milling.access import READ, warehouse_of
from domain.milling.errors import BomNotFound
from domain.milling.models import Bom, Item, StockBin
from domain.milling.queries.stock import places_of, the_item
from domain.milling.recipes import Recipe, RecipeLine, scaled
from domain.milling.rules import BinState
from domain.milling.rules.costing import cost_per_unit
from domain.milling.rules.quantities import price, to_decimal, to_thousandths
from domain.milling.rules.recipes import Taking, most_that_can_be_made, shared_out
from domain.milling.rules.rounding import half_up
from domain.milling.states import CostRule
from domain.milling.units import in_base_unit, units_of

WAREHOUSE: Final = ("warehouseId",)


@dataclass(frozen=True, kw_only=True)
class Material:
    """An input. ``cost`` is None where nothing tells a rate of it."""

    item: Item
    needed: Decimal
    available: Decimal
    missing: Decimal
    cost: Money | None


@dataclass(frozen=True, kw_only=True)
class PlannedByProduct:
    item: Item
    quantity: Decimal
    cost: Money | None


@dataclass(frozen=True, kw_only=True)
class ProductionPlan:
    """Costs are estimates, and None as soon as one input's is. ``possible_quantity`` is what the materials at hand allow."""

    bom: Bom
    item: Item
    quantity: Decimal
    materials: list[Material]
    by_products: list[PlannedByProduct]
    overhead: Money
    input_cost: Money | None
    output_cost: Money | None
    possible_quantity: Decimal

    @property
    def cost_per_unit(self) -> Decimal | None:
        """In major units, to a ten-thousandth of the minor unit."""
        if self.output_cost is None:
            return None
        minor = cost_per_unit(self.output_cost.amount_minor, to_thousandths(self.quantity))
        return None if minor is None else minor.scaleb(-decimals_of(self.output_cost.currency))

    @property
    def can_start(self) -> bool:
        return not any(material.missing for material in self.materials)


@dataclass(frozen=True, slots=True)
class _Shelf:
    """Of the materials: their bins in the warehouse, and their rates anywhere as (minor units, thousandths)."""

    bins: Mapping[UUID, StockBin]
    rates: Mapping[UUID, tuple[int, int]]


async def production_plan(
    actor: Actor, *, bom_id: UUID, quantity: Decimal, warehouse_id: UUID, unit: str | None = None
) -> ProductionPlan:
    """What a quantity by a bill of materials needs of a warehouse, and what is missing. Writes nothing."""
    actor.require(READ)
    warehouse = await warehouse_of(actor, warehouse_id, field=WAREHOUSE, closed=True)
    bom = await read_one(Bom.filter(id=bom_id))
    if bom is None:
        raise BomNotFound(field=("bomId",))
    item = await the_item(bom.item_id)
    wanted = in_base_unit(item, (await units_of([item.id]))[item.id], quantity, unit, field=())
    recipe = await scaled(bom, item, wanted, field=("quantity",))
    shelf = await _shelf(actor, [line.item.id for line in recipe.inputs], warehouse.id)
    return _plan(recipe, wanted, shelf)


def _plan(recipe: Recipe, wanted: Decimal, shelf: _Shelf) -> ProductionPlan:
    currency = recipe.bom.currency
    materials = [_material(line, shelf, currency) for line in recipe.inputs]
    costs = [material.cost for material in materials]
    known = [cost.amount_minor for cost in costs if cost is not None]
    total = sum(known) if len(known) == len(costs) else None
    parts, rest = _shared(recipe, total)
    return ProductionPlan(
        bom=recipe.bom,
        item=recipe.item,
        quantity=plain(wanted),
        materials=materials,
        by_products=[
            PlannedByProduct(item=line.item, quantity=plain(line.base), cost=_money(part, currency))
            for line, part in zip(recipe.by_products, parts, strict=True)
        ],
        overhead=Money(recipe.overhead_minor, currency),
        input_cost=_money(total, currency),
        output_cost=_money(rest, currency),
        possible_quantity=_possible(recipe, shelf),
    )


def _material(line: RecipeLine, shelf: _Shelf, currency: str) -> Material:
    here = shelf.bins.get(line.item.id)
    available = Decimal(0) if here is None else max(here.available, Decimal(0))
    return Material(
        item=line.item,
        needed=plain(line.base),
        available=plain(available),
        missing=plain(max(line.base - available, Decimal(0))),
        cost=_money(_cost(line, here, shelf.rates.get(line.item.id)), currency),
    )


def _cost(line: RecipeLine, here: StockBin | None, elsewhere: tuple[int, int] | None) -> int | None:
    """What is here goes out as it would; the rest is worth the last rate."""
    quantity = to_thousandths(line.base)
    state = None if here is None or not here.state else BinState.from_json(here.state)
    taken = 0 if state is None else min(max(state.on_hand, 0), quantity)
    cost = -state.issue(taken).value if state is not None and taken else 0
    missing = quantity - taken
    if not missing:
        return cost
    if state is not None and state.rate is not None:
        return cost + state.worth(missing)
    return None if elsewhere is None else cost + half_up(elsewhere[0] * missing, elsewhere[1])


def _shared(recipe: Recipe, total: int | None) -> tuple[Sequence[int | None], int | None]:
    """How the estimated cost is shared among what comes out."""
    if total is None:
        return [None] * len(recipe.by_products), None
    takings = [_taking(line) for line in recipe.by_products]
    return shared_out(total + recipe.overhead_minor, takings)


def _taking(line: RecipeLine) -> Taking:
    assert line.cost_rule is not None and line.cost_value is not None, "a by-product says what it carries"
    if line.cost_rule is CostRule.FIXED:
        return Taking(line.cost_rule, min(price(line.base, line.cost_value), MAX_AMOUNT_MINOR))
    return Taking(line.cost_rule, int(line.cost_value))


def _possible(recipe: Recipe, shelf: _Shelf) -> Decimal:
    """The scarcest input decides."""
    makes = to_thousandths(recipe.bom.output_quantity)
    return plain(
        to_decimal(
            min(
                most_that_can_be_made(_available(shelf, item_id), to_thousandths(quantity), makes)
                for item_id, quantity in recipe.per_batch.items()
            )
        )
    )


def _available(shelf: _Shelf, item_id: UUID) -> int:
    here = shelf.bins.get(item_id)
    return 0 if here is None else to_thousandths(here.available)


async def _shelf(actor: Actor, item_ids: Sequence[UUID], warehouse_id: UUID) -> _Shelf:
    places = {warehouse_id, *await places_of(actor)}
    rows = await read(StockBin.filter(item_id__in=list(item_ids), warehouse_id__in=list(places)))
    rates: dict[UUID, tuple[int, int]] = {}
    for row in rows:
        if row.on_hand > 0:
            value, quantity = rates.get(row.item_id, (0, 0))
            rates[row.item_id] = value + row.value_minor, quantity + to_thousandths(row.on_hand)
    return _Shelf({row.item_id: row for row in rows if row.warehouse_id == warehouse_id}, rates)


def _money(amount: int | None, currency: str) -> Money | None:
    return None if amount is None else Money(amount, currency)
