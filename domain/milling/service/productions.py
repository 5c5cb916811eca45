"""Milling: planned, started, completed. Inputs are taken all or none; outputs carry all that was taken and the overhead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.errors import InvalidInput
from domain.kit.money import Money
from domain.kit.unit_of_work import retried, unit_of_work
from domain.milling.models import Item, Production
from domain.milling.recipes import RecipeLine
from domain.milling.service.desk import moment_of
from domain.milling.service.production_desk import PRODUCTION, Amount, Milling, locked
from domain.milling.service.production_plans import NewProduction, plan, row_of
from domain.milling.service.recipes import (
    ByProduct,
    Ingredient,
    read_by_products,
    read_inputs,
    read_overhead,
    require_recipe,
)
from domain.milling.states import LineRole, ProductionChange, ProductionStatus
from domain.milling.stock import Booked
from domain.milling.units import in_base_unit, units_of

OPEN: Final = (ProductionStatus.PLANNED, ProductionStatus.IN_PROGRESS)

LAST_TAKEN: Final = """
select max(m.effective_at) from stock_movement m
where m.pool_id = $1 and not exists (select from stock_cancellation c where c.movement_id = m.id)
"""


@dataclass(frozen=True, kw_only=True)
class Yielded:
    """What came out. What is None came out as it was planned; by-products replace the planned ones as a whole."""

    quantity: Decimal | None = None
    unit: str | None = None
    by_products: Sequence[ByProduct] | None = None
    overhead: Money | None = None


@retried
async def create_production(
    actor: Actor,
    *,
    production: NewProduction,
    up_to: ProductionStatus = ProductionStatus.IN_PROGRESS,
    at: datetime | None = None,
) -> Production:
    """Plan a production and, unless told otherwise, start it: its inputs leave the warehouse, all or none of them.

    With COMPLETED everything happens at once, as planned. Refuses with INSUFFICIENT_STOCK, ITEM_NOT_IN_WAREHOUSE,
    WAREHOUSE_CAPACITY_EXCEEDED and what the plan itself is refused for.
    """
    actor.require(Permission.MILL_PRODUCE)
    moment_of(actor, at, "at")
    if up_to is ProductionStatus.CANCELLED:
        raise InvalidInput("a production begins as planned, in progress or completed", field=("input", "upTo"))
    if up_to is ProductionStatus.PLANNED and at is not None:
        raise InvalidInput("nothing has happened to what is only planned", field=("input", "at"))
    async with unit_of_work() as work:
        milling = await plan(work, actor, production)
        change = ProductionChange.PLANNED
        if up_to is ProductionStatus.IN_PROGRESS:
            await _start(milling, actor, at, _planned_inputs(milling, said=production.inputs is not None))
            change = ProductionChange.STARTED
        elif up_to is ProductionStatus.COMPLETED:
            inputs = _planned_inputs(milling, said=production.inputs is not None)
            await _complete(milling, actor, at, inputs, Yielded())
            change = ProductionChange.COMPLETED
        await milling.keep(change, ProductionStatus.PLANNED, new=True)
    return milling.production


@retried
async def start_production(actor: Actor, *, production_id: UUID, at: datetime | None = None) -> Production:
    """Take the planned inputs out of the warehouse, all or none of them. PRODUCTION_NOT_OPEN unless it is planned."""
    actor.require(Permission.MILL_PRODUCE)
    moment_of(actor, at, "at")
    async with unit_of_work() as work:
        milling = await locked(work, actor, production_id, past=at is not None)
        milling.require_status(ProductionStatus.PLANNED)
        await _start(milling, actor, at, _planned_inputs(milling))
        await milling.keep(ProductionChange.STARTED, ProductionStatus.PLANNED)
    return milling.production


@retried
async def consume_materials(
    actor: Actor, *, production_id: UUID, materials: Sequence[Ingredient], at: datetime | None = None
) -> Production:
    """Take more than was planned, or something else, while the production is in progress; all or none of it."""
    actor.require(Permission.MILL_PRODUCE)
    moment_of(actor, at, "at")
    async with unit_of_work() as work:
        milling = await locked(work, actor, production_id, past=at is not None)
        milling.require_status(ProductionStatus.IN_PROGRESS)
        read = await read_inputs(materials, name="materials")
        require_recipe(await Item.get(id=milling.production.item_id), read, inputs="materials")
        amounts = await _amounts(milling, read, "materials")
        await _require_begun(milling, at)
        await milling.move(milling.takes(amounts), at=at)
        await milling.keep(ProductionChange.MATERIALS_CONSUMED, milling.production.status)
    return milling.production


@retried
async def complete_production(
    actor: Actor, *, production_id: UUID, yielded: Yielded = Yielded(), at: datetime | None = None
) -> Production:
    """Bring in what was milled: by-products with their parts of the cost, the output with the rest.

    More or less than planned is fine: the cost is what it is. A production that is only planned takes its inputs now.
    """
    actor.require(Permission.MILL_PRODUCE)
    moment_of(actor, at, "at")
    async with unit_of_work() as work:
        milling = await locked(work, actor, production_id, past=at is not None)
        milling.require_status(*OPEN)
        before = milling.production.status
        inputs = _planned_inputs(milling) if before is ProductionStatus.PLANNED else []
        await _complete(milling, actor, at, inputs, yielded)
        await milling.keep(ProductionChange.COMPLETED, before)
    return milling.production


def _planned_inputs(milling: Milling, *, said: bool = False) -> list[Amount]:
    """All planned inputs. A refusal points at the line of the input that said them, if any did."""
    lines = milling.of_role(LineRole.INPUT)
    if not said:
        return [Amount(line, line.planned_quantity, PRODUCTION) for line in lines]
    return [
        Amount(line, line.planned_quantity, ("input", "inputs", str(place), "quantity")) for place, line in enumerate(lines)
    ]


async def _start(milling: Milling, actor: Actor, at: datetime | None, inputs: Sequence[Amount]) -> None:
    booked = await milling.move(milling.takes(inputs), at=at)
    _begun(milling, actor, booked)
    milling.production.become(ProductionStatus.IN_PROGRESS)


def _begun(milling: Milling, actor: Actor, booked: Booked) -> None:
    milling.production.started_at = booked.at
    milling.production.started_by_id = actor.id


async def _complete(milling: Milling, actor: Actor, at: datetime | None, inputs: Sequence[Amount], yielded: Yielded) -> None:
    """Inputs that were not taken yet, by-products and output move together."""
    production = milling.production
    if yielded.overhead is not None:
        production.overhead_minor = read_overhead(yielded.overhead, "input", "overhead")
    output = Amount(milling.output, await _made(milling, yielded), ("input", "quantity"))
    by_products = await _beside(milling, actor, yielded)
    await _require_begun(milling, at)
    legs = [*milling.takes(inputs), *milling.brings(by_products, output)]
    booked = await milling.move(legs, at=at, overhead=production.overhead_minor)
    if production.started_at is None:
        _begun(milling, actor, booked)
    production.completed_at, production.completed_by_id = booked.at, actor.id
    production.become(ProductionStatus.COMPLETED)


async def _made(milling: Milling, yielded: Yielded) -> Decimal:
    """The output in base units: as said, else as planned."""
    if yielded.quantity is None:
        return Decimal(milling.production.planned_quantity)
    item = await Item.get(id=milling.production.item_id)
    return in_base_unit(item, (await units_of([item.id]))[item.id], yielded.quantity, yielded.unit)


async def _beside(milling: Milling, actor: Actor, yielded: Yielded) -> list[Amount]:
    """What came out beside it: as said, else as planned; one that says nothing of its cost carries what was planned."""
    planned = milling.of_role(LineRole.BY_PRODUCT)
    if yielded.by_products is None:
        return [Amount(line, line.planned_quantity, PRODUCTION) for line in planned if line.planned_quantity]
    rules = {line.item_id: (line.cost_rule, line.cost_value) for line in planned}
    read = await read_by_products(milling.work, actor, yielded.by_products)
    for place, (said, line) in enumerate(zip(yielded.by_products, read, strict=True)):
        if said.cost_per_unit is None and said.share_percent is None and line.item.id in rules:
            rule, value = rules[line.item.id]
            read[place] = replace(line, cost_rule=rule, cost_value=value)
    require_recipe(await Item.get(id=milling.production.item_id), read)
    return await _amounts(milling, read, "byProducts")


async def _amounts(milling: Milling, read: Sequence[RecipeLine], name: str) -> list[Amount]:
    """What the input ``name`` says moves now, by the lines of the production; what was not planned gets lines of its own."""
    amounts = []
    for place, said in enumerate(read):
        line = milling.line_of(said.role, said.item.id)
        if line is None:
            line = row_of(milling.production, len(milling.lines) + 1, said, planned=Decimal(0))
            milling.lines.append(line)
            await line.save(force_create=True)
        elif (line.cost_rule, line.cost_value) != (said.cost_rule, said.cost_value):
            line.update_from_dict({"cost_rule": said.cost_rule, "cost_value": said.cost_value})
            await line.save(update_fields=["cost_rule", "cost_value"])
        amounts.append(Amount(line, said.base, ("input", name, str(place), "quantity")))
    return amounts


async def _require_begun(milling: Milling, at: datetime | None) -> None:
    """Nothing comes out of a production, and nothing more goes in, before it has taken its inputs."""
    if at is None or milling.production.started_at is None:
        return
    last = await milling.work.fetchval(LAST_TAKEN, milling.production.id)
    if last is not None and at < last:
        raise InvalidInput("the production has taken materials after that", field=("input", "at"))
