"""Planning a production: what is to be made of what, by a bill of materials or by what is said of this one alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from domain.identity.actor import Actor
from domain.kit import clock
from domain.kit.context import current_call
from domain.kit.decimals import plain
from domain.kit.errors import InvalidInput
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.unit_of_work import Work
from domain.milling import settings
from domain.milling.access import warehouse_of
from domain.milling.errors import BomInactive, BomNotFound, InvalidBom
from domain.milling.models import Bom, Item, Production, ProductionLine, Warehouse
from domain.milling.recipes import Recipe, RecipeLine, scaled
from domain.milling.service.desk import prose, refusals_at
from domain.milling.service.items import NewItem, item_for
from domain.milling.service.production_desk import Milling
from domain.milling.service.recipes import (
    ByProduct,
    Ingredient,
    read_by_products,
    read_inputs,
    read_overhead,
    require_recipe,
)
from domain.milling.states import LineRole, ProductionStatus
from domain.milling.units import in_base_unit, units_of


@dataclass(frozen=True, kw_only=True)
class NewProduction:
    """What is to be made: by a bill of materials, or of ``inputs``. What is said besides a bill holds instead of its words.

    The output goes into the warehouse of the inputs unless another one is named.
    """

    quantity: Decimal
    warehouse_id: UUID
    unit: str | None = None
    bom_id: UUID | None = None
    item_id: UUID | None = None
    new_item: NewItem | None = None
    inputs: Sequence[Ingredient] | None = None
    by_products: Sequence[ByProduct] | None = None
    overhead: Money | None = None
    output_warehouse_id: UUID | None = None
    planned_on: date | None = None
    note: str = ""


async def plan(work: Work, actor: Actor, wanted: NewProduction) -> Milling:
    """Write a production down as planned; nothing is taken yet."""
    warehouse = await warehouse_of(actor, wanted.warehouse_id)
    into = warehouse
    if wanted.output_warehouse_id is not None:
        into = await warehouse_of(actor, wanted.output_warehouse_id, field=("input", "outputWarehouseId"))
    bom = None if wanted.bom_id is None else await _bom(wanted.bom_id)
    item = await _output(work, actor, wanted, bom)
    quantity = in_base_unit(item, (await units_of([item.id]))[item.id], wanted.quantity, wanted.unit)
    recipe = None if bom is None else await scaled(bom, item, quantity)
    lines, overhead = await _lines(work, actor, wanted, recipe)
    require_recipe(item, lines)
    production = await _written(actor, wanted, item, quantity, overhead, warehouse, into)
    rows = rows_of(production, item, quantity, lines)
    await ProductionLine.bulk_create(rows)
    return Milling(work, production, rows, {each.id: each for each in [item, *(line.item for line in lines)]})


async def _bom(bom_id: UUID) -> Bom:
    bom = await Bom.get_or_none(id=bom_id)
    if bom is None:
        raise BomNotFound
    if not bom.active:
        raise BomInactive(f"{bom.name} is not used any more")
    return bom


async def _output(work: Work, actor: Actor, wanted: NewProduction, bom: Bom | None) -> Item:
    """What is made. An item that is not known yet is made, too; with a bill of materials it is the bill's."""
    if bom is None:
        if wanted.inputs is None:
            raise InvalidInput("name a bill of materials, or say what goes in", field=("input", "bomId"))
        with refusals_at(("input",), new="newItem" if wanted.new_item else None):
            return await item_for(work, actor, item_id=wanted.item_id, new_item=wanted.new_item)
    if wanted.new_item is not None or wanted.item_id not in (None, bom.item_id):
        raise InvalidBom("this bill of materials makes another item", field=("input", "itemId"))
    return await item_for(work, actor, item_id=bom.item_id)


async def _lines(work: Work, actor: Actor, wanted: NewProduction, recipe: Recipe | None) -> tuple[list[RecipeLine], int]:
    """Inputs and by-products, and the overhead in minor units."""
    inputs, by_products, overhead = (
        ([], [], 0) if recipe is None else (recipe.inputs, recipe.by_products, recipe.overhead_minor)
    )
    if wanted.inputs is not None:
        inputs = await read_inputs(wanted.inputs)
    if wanted.by_products is not None:
        by_products = await read_by_products(work, actor, wanted.by_products)
    if wanted.overhead is not None:
        overhead = read_overhead(wanted.overhead, "input", "overhead")
    return inputs + by_products, overhead


async def _written(
    actor: Actor,
    wanted: NewProduction,
    item: Item,
    quantity: Decimal,
    overhead: int,
    warehouse: Warehouse,
    into: Warehouse,
) -> Production:
    moment = clock.now()
    made = await Production.create(
        id=new_id(),
        bom_id=wanted.bom_id,
        item_id=item.id,
        item_name=item.name,
        warehouse_id=warehouse.id,
        output_warehouse_id=into.id,
        branch_id=warehouse.branch_id,
        status=ProductionStatus.PLANNED,
        planned_quantity=quantity,
        currency=settings.current().currency,
        overhead_minor=overhead,
        note=prose(wanted.note, "note"),
        planned_on=wanted.planned_on,
        created_by_id=actor.id,
        created_at=moment,
        updated_at=moment,
        correlation_id=current_call().correlation_id,
    )
    # The database gives the number.
    return await Production.get(id=made.id)


def rows_of(production: Production, item: Item, quantity: Decimal, lines: Sequence[RecipeLine]) -> list[ProductionLine]:
    """The output first, then what goes in, then what else comes out."""
    output = RecipeLine(role=LineRole.OUTPUT, item=item, unit=item.base_unit, quantity=quantity, base=quantity)
    return [row_of(production, number, line, planned=line.base) for number, line in enumerate([output, *lines], start=1)]


def row_of(production: Production, number: int, line: RecipeLine, *, planned: Decimal) -> ProductionLine:
    """A line of a production that is not written yet."""
    return ProductionLine(
        id=new_id(),
        production_id=production.id,
        line_no=number,
        role=line.role,
        item_id=line.item.id,
        item_name=line.item.name,
        planned_quantity=plain(planned),
        cost_rule=line.cost_rule,
        cost_value=line.cost_value,
    )
