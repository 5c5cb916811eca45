"""Changing the plan of a production of which nothing has moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.money import Money
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.milling.access import warehouse_of
from domain.milling.models import Item, Production, ProductionLine
from domain.milling.recipes import RecipeLine, scaled_overhead, scaled_quantity
from domain.milling.rules.quantities import to_thousandths
from domain.milling.service.desk import changed, prose, require_version
from domain.milling.service.production_desk import Milling, locked
from domain.milling.service.production_plans import rows_of
from domain.milling.service.recipes import (
    ByProduct,
    Ingredient,
    read_by_products,
    read_inputs,
    read_overhead,
    require_recipe,
)
from domain.milling.states import LineRole, ProductionChange, ProductionStatus
from domain.milling.units import in_base_unit, units_of


@dataclass(frozen=True, kw_only=True)
class PlanChanges:
    """What is to be different; None stays as it is. With another quantity, what is not said anew is scaled with it."""

    quantity: Decimal | None = None
    unit: str | None = None
    inputs: Sequence[Ingredient] | None = None
    by_products: Sequence[ByProduct] | None = None
    overhead: Money | None = None
    output_warehouse_id: UUID | None = None
    planned_on: date | None = None
    note: str | None = None


@retried
async def update_production(
    actor: Actor, *, production_id: UUID, changes: PlanChanges, expected_version: int | None = None
) -> Production:
    """Change what is planned. What is made, and from which warehouse, stays. No change at all makes no version.

    Refuses with PRODUCTION_NOT_OPEN once materials were taken, and with RECORD_CHANGED when somebody else was faster.
    """
    actor.require(Permission.MILL_PRODUCE)
    async with unit_of_work() as work:
        milling = await locked(work, actor, production_id)
        milling.require_status(ProductionStatus.PLANNED)
        production = milling.production
        require_version(production, expected_version)
        await milling.learn_items(line.item_id for line in milling.lines)
        item = milling.items[production.item_id]
        quantity = await _quantity(item, production, changes)
        standing = [_as_read(line, milling) for line in milling.lines if line.role is not LineRole.OUTPUT]
        lines = await _lines(work, actor, standing, changes, production.planned_quantity, quantity)
        require_recipe(item, lines)
        wanted = changed(production, await _columns(actor, production, changes, quantity))
        if not wanted and lines == standing:
            return production
        production.update_from_dict(wanted)
        await ProductionLine.filter(production_id=production.id).delete()
        milling.lines = rows_of(production, item, quantity, lines)
        await ProductionLine.bulk_create(milling.lines)
        await milling.keep(ProductionChange.EDITED, production.status)
    return production


async def _quantity(item: Item, production: Production, changes: PlanChanges) -> Decimal:
    if changes.quantity is None:
        return Decimal(production.planned_quantity)
    return in_base_unit(item, (await units_of([item.id]))[item.id], changes.quantity, changes.unit)


async def _columns(actor: Actor, production: Production, changes: PlanChanges, quantity: Decimal) -> dict[str, Any]:
    makes, wanted = to_thousandths(production.planned_quantity), to_thousandths(quantity)
    overhead = scaled_overhead(production.overhead_minor, makes, wanted)
    columns: dict[str, Any] = {"planned_quantity": quantity, "overhead_minor": overhead}
    if changes.overhead is not None:
        columns["overhead_minor"] = read_overhead(changes.overhead, "input", "overhead")
    if changes.output_warehouse_id is not None:
        field = ("input", "outputWarehouseId")
        columns["output_warehouse_id"] = (await warehouse_of(actor, changes.output_warehouse_id, field=field)).id
    if changes.planned_on is not None:
        columns["planned_on"] = changes.planned_on
    if changes.note is not None:
        columns["note"] = prose(changes.note, "note")
    return columns


async def _lines(
    work: Work, actor: Actor, standing: Sequence[RecipeLine], changes: PlanChanges, before: Decimal, now: Decimal
) -> list[RecipeLine]:
    """Inputs and by-products as they are to be."""
    makes, wanted = to_thousandths(before), to_thousandths(now)
    scaled = list(standing) if makes == wanted else [_scaled(line, makes, wanted) for line in standing]
    inputs = [line for line in scaled if line.role is LineRole.INPUT]
    by_products = [line for line in scaled if line.role is LineRole.BY_PRODUCT]
    if changes.inputs is not None:
        inputs = await read_inputs(changes.inputs)
    if changes.by_products is not None:
        by_products = await read_by_products(work, actor, changes.by_products)
    return inputs + by_products


def _scaled(line: RecipeLine, makes: int, wanted: int) -> RecipeLine:
    base = scaled_quantity(line.base, makes, wanted)
    return replace(line, quantity=base, base=base)


def _as_read(line: ProductionLine, milling: Milling) -> RecipeLine:
    item = milling.items[line.item_id]
    return RecipeLine(
        role=line.role,
        item=item,
        unit=item.base_unit,
        quantity=line.planned_quantity,
        base=line.planned_quantity,
        cost_rule=line.cost_rule,
        cost_value=line.cost_value,
    )
