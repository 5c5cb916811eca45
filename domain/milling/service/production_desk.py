"""What every process does with a production: take it under its lock, move its goods, and write down what they came to.

A production is a pool of cost: what it takes goes in, with its overhead, and what it brings carries all of it out again.
While it is in progress, the pool is what work in progress is worth in the books.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.kit.decimals import plain
from domain.kit.money import MAX_AMOUNT_MINOR
from domain.kit.unit_of_work import Work
from domain.milling.access import visible_productions
from domain.milling.errors import InvalidQuantity, ProductionNotFound, ProductionNotOpen
from domain.milling.events import ProductionChanged
from domain.milling.models import Item, Production, ProductionLine
from domain.milling.rules.costing import yield_percent
from domain.milling.rules.quantities import price, to_thousandths
from domain.milling.service.desk import dated_by
from domain.milling.states import (
    CostRule,
    DocumentKind,
    ItemCategory,
    LineRole,
    MovementKind,
    ProductionChange,
    ProductionStatus,
)
from domain.milling.stock import Booked, Document, Leg, book, stand_still, step_in
from domain.milling.stock.production_costs import take_over_costs

PRODUCTION: Final = ("input", "productionId")
MOST_KG: Final = Decimal(10) ** 15
MOST_YIELD: Final = Decimal(10) ** 7
"""More than this no column holds, and no mill makes."""

Field = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Amount:
    """So much of a line moves now. ``field`` is the input that a refusal points at."""

    line: ProductionLine
    quantity: Decimal
    field: Field


@dataclass(slots=True)
class Milling:
    """A production under its lock, its lines in their order, and their items."""

    work: Work
    production: Production
    lines: list[ProductionLine]
    items: dict[UUID, Item] = field(default_factory=dict)

    @property
    def document(self) -> Document:
        """What the stock keeper and the books know the production as."""
        production = self.production
        return Document(
            kind=DocumentKind.PRODUCTION,
            id=production.id,
            number=production.number,
            branch_id=production.branch_id,
            description=f"Production {production.number}: {production.item_name}",
        )

    def of_role(self, role: LineRole) -> list[ProductionLine]:
        return [line for line in self.lines if line.role is role]

    def line_of(self, role: LineRole, item_id: UUID) -> ProductionLine | None:
        return next((line for line in self.of_role(role) if line.item_id == item_id), None)

    @property
    def output(self) -> ProductionLine:
        [line] = self.of_role(LineRole.OUTPUT)
        return line

    def require_status(self, *statuses: ProductionStatus) -> None:
        if self.production.status not in statuses:
            raise ProductionNotOpen(f"this production is {self.production.status.value.lower().replace('_', ' ')}")

    def takes(self, amounts: Collection[Amount]) -> list[Leg]:
        """Inputs leave the warehouse, and their cost goes into the pool."""
        place, pool = self.production.warehouse_id, self.production.id
        return [
            Leg(
                item_id=each.line.item_id,
                warehouse_id=place,
                kind=MovementKind.PRODUCTION_CONSUME,
                quantity=-each.quantity,
                pool_id=pool,
                line_no=each.line.line_no,
                field=each.field,
            )
            for each in amounts
        ]

    def brings(self, by_products: Collection[Amount], output: Amount) -> list[Leg]:
        """By-products come in with their parts of the pool, then the output with the rest."""
        legs = [self._brought(each, MovementKind.PRODUCTION_BY_PRODUCT) for each in by_products]
        return [*legs, self._brought(output, MovementKind.PRODUCTION_OUTPUT)]

    def _brought(self, amount: Amount, kind: MovementKind) -> Leg:
        line, rule, value = amount.line, amount.line.cost_rule or CostRule.REST, amount.line.cost_value
        if rule is CostRule.FIXED:
            # What a pool holds no by-product can exceed, whatever its rate says.
            value = Decimal(min(price(amount.quantity, value or Decimal(0)), MAX_AMOUNT_MINOR))
        return Leg(
            item_id=line.item_id,
            warehouse_id=self.production.output_warehouse_id,
            kind=kind,
            quantity=amount.quantity,
            pool_id=self.production.id,
            cost_rule=rule,
            cost_value=value,
            line_no=line.line_no,
            field=amount.field,
        )

    async def move(self, legs: Sequence[Leg], *, at: datetime | None, overhead: int = 0) -> Booked:
        """Move goods, all or none of them, and take over what they came to."""
        pools = {self.production.id: overhead} if overhead else {}
        with dated_by("at"):
            booked = await book(self.work, self.document, legs, at=at, overhead=pools)
        await self.settle()
        return booked

    async def settle(self) -> None:
        """Costs, quantities and weights become those of the movements as they are posted now."""
        production = self.production
        self.lines = await take_over_costs(self.work, production.id)
        await self.learn_items(line.item_id for line in self.lines)
        for role, column in (
            (LineRole.INPUT, "input_cost_minor"),
            (LineRole.BY_PRODUCT, "by_product_cost_minor"),
            (LineRole.OUTPUT, "output_cost_minor"),
        ):
            setattr(production, column, sum(line.cost_minor for line in self.of_role(role)))
        production.output_quantity = self.output.actual_quantity
        production.input_kg = self._kilograms(LineRole.INPUT)
        production.output_kg = self._kilograms(LineRole.OUTPUT)
        production.by_product_kg = self._kilograms(LineRole.BY_PRODUCT)
        production.yield_percent = self._yield()

    async def learn_items(self, item_ids: Iterable[UUID]) -> None:
        unknown = set(item_ids) - self.items.keys()
        if unknown:
            self.items |= {item.id: item for item in await Item.filter(id__in=unknown)}

    def _kilograms(self, role: LineRole) -> Decimal:
        """The weight of what moved. Packaging is not milled: a yield is of what is."""
        packed = {item.id for item in self.items.values() if item.category is ItemCategory.PACKAGING}
        lines = [line for line in self.of_role(role) if role is not LineRole.INPUT or line.item_id not in packed]
        weight = sum((line.actual_quantity * self.items[line.item_id].weight_kg for line in lines), Decimal(0))
        if weight >= MOST_KG:
            raise InvalidQuantity("this weighs more than any mill holds", field=("input", "quantity"))
        return plain(weight.quantize(Decimal("0.001"), rounding=ROUND_HALF_UP))

    def _yield(self) -> Decimal | None:
        production = self.production
        if not production.output_quantity:
            return None
        found = yield_percent(to_thousandths(production.output_kg), to_thousandths(production.input_kg))
        if found is not None and found >= MOST_YIELD:
            raise InvalidQuantity("so much cannot come of so little", field=("input", "quantity"))
        return found

    async def keep(self, change: ProductionChange, before: ProductionStatus, *, new: bool = False) -> None:
        """Save the production and tell of it; what is new stays at its first version."""
        if not new:
            self.production.touch()
        await self.production.save()
        self.work.record(ProductionChanged.of(self.production, self.lines, change=change, status_before=before))


async def locked(work: Work, actor: Actor, production_id: UUID, *, past: bool = False) -> Milling:
    """A production that the actor may see, locked until the unit of work ends; another one does not exist for them.

    Stock is locked before it, for a document of the past holds all of stock when it comes to the productions whose costs it
    changes. Who will write of the ``past`` takes stock alone at once.
    """
    await (stand_still if past else step_in)(work)
    production = await visible_productions(actor).select_for_update(no_key=True).get_or_none(id=production_id)
    if production is None:
        raise ProductionNotFound
    return Milling(work, production, await ProductionLine.filter(production_id=production.id).order_by("line_no"))
