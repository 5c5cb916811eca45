"""Bills of materials, productions and plans as clients see them.

A production inside a live event is shown by the same type as one that is read: it is as it stood then, and what needs
a look into the database (items, warehouses, lines) is of now. Quantities are in an item's base unit unless said otherwise.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from domain.identity.queries import branches_by_id, people
from domain.kit.money import Money as Amount
from domain.milling import models, settings
from domain.milling.queries import production as queries
from domain.milling.queries.catalogue import items_by_id, warehouses_by_id
from domain.milling.states import CostRule, LineRole, ProductionStatus
from schema.identity.types import Branch, User
from schema.kit import ID, Money, Node, Parent, attribute, field, global_id, node_type, object_type, relation, relations
from schema.kit.fields import FieldRule
from schema.milling import enums  # noqa: F401  describes the enums that are used here
from schema.milling.catalogue.types import Item, Warehouse

ABOUT_SO_MANY_LINES = 5


def per_base_unit(line: object) -> Amount | None:
    """What a by-product with a fixed cost carries for one base unit."""
    if getattr(line, "cost_rule", None) is not CostRule.FIXED:
        return None
    return Amount(int(line.cost_value), settings.current().currency)  # type: ignore[attr-defined]


def share_of(line: object) -> Decimal | None:
    """What a by-product with a share carries of the whole cost, in percent."""
    if getattr(line, "cost_rule", None) is not CostRule.SHARE:
        return None
    share: Decimal = line.cost_value  # type: ignore[attr-defined]
    return share.scaleb(-2)


@object_type("A line of a bill of materials: something that goes in, or comes out beside what is made.")
class BillOfMaterialsLine:
    line_no: int = attribute("Its place in the bill, from 1.")
    role: LineRole = attribute("Whether it goes in or comes out.")
    item_id: ID = global_id("Item", "The item.")
    unit: str = attribute("The unit in which it was said.")
    quantity: Decimal = attribute("How much, in that unit.")
    base_quantity: Decimal = attribute("How much, in the item's base unit.")

    item: Item | None = relation(items_by_id, "item_id", "The item.")

    @field(Money | None, "What a by-product carries of the cost for each base unit; null where it carries a share.")
    def cost_per_unit(self, line: Parent[models.BomLine]) -> Amount | None:
        return per_base_unit(line)

    @field(Decimal | None, "What a by-product carries of the whole cost, in percent; null where it carries a fixed cost.")
    def share_percent(self, line: Parent[models.BomLine]) -> Decimal | None:
        return share_of(line)


@node_type(models.Bom, queries.boms_by_id, "How an item is made: what goes in, and what else comes out.")
class BillOfMaterials(Node):
    code: str = attribute("Its code, unique in the mill.")
    name: str = attribute("What it is called.")
    item_id: ID = global_id("Item", "What is made.")
    output_quantity: Decimal = attribute("How much of it the lines are for.")
    overhead: Money = attribute("What labour, power and wear cost for so much.")
    note: str = attribute("What there is to say about it; empty when nothing.")
    active: bool = attribute("Whether it is used.")
    version: int = attribute("How often it has changed, from 1.")
    created_at: datetime = attribute("When it was made.")
    updated_at: datetime = attribute("When it last changed.")

    item: Item | None = relation(items_by_id, "item_id", "What is made.")
    lines: list[BillOfMaterialsLine] = relations(
        queries.lines_of_boms, "id", "What goes in, then what else comes out.", size=ABOUT_SO_MANY_LINES
    )


@object_type("A line of a production: what is made, something that goes in, or something that comes out beside it.")
class ProductionLine:
    line_no: int = attribute("Its place in the production, from 1; the movements of stock name it.")
    role: LineRole = attribute("What it is in the production.")
    item_id: ID = global_id("Item", "The item.")
    item_name: str = attribute("What it was called.")
    planned_quantity: Decimal = attribute("How much was planned; 0 for what was not.")
    actual_quantity: Decimal = attribute("How much was taken or brought.")

    item: Item | None = relation(items_by_id, "item_id", "The item.")

    @field(Money, "What it took along, or carries of the cost, as it is in the books.", shared=True)
    def cost(self, line: Parent[models.ProductionLine]) -> Amount:
        return Amount(line.cost_minor, settings.current().currency)

    @field(
        Money | None,
        "What a by-product carries of the cost for each base unit; null where it carries a share.",
        shared=True,
    )
    def cost_per_unit(self, line: Parent[models.ProductionLine]) -> Amount | None:
        return per_base_unit(line)

    @field(
        Decimal | None,
        "What a by-product carries of the whole cost, in percent; null where it carries a fixed cost.",
        shared=True,
    )
    def share_percent(self, line: Parent[models.ProductionLine]) -> Decimal | None:
        return share_of(line)


@node_type(models.Production, queries.productions_by_id, "A milling: what it takes and brings, and what that costs.")
class Production(Node):
    number: str = attribute("Its number, such as `PR-000001`.")
    status: ProductionStatus = attribute("Where it stands.")
    bom_id: ID | None = global_id("BillOfMaterials", "The bill of materials that it was planned by; null without one.")
    item_id: ID = global_id("Item", "What is made.")
    item_name: str = attribute("What that was called.")
    warehouse_id: ID = global_id("Warehouse", "Where its materials are taken.")
    output_warehouse_id: ID = global_id("Warehouse", "Where what is made comes in.")
    branch_id: ID | None = global_id("Branch", "The branch of the warehouse of its materials; null for the whole mill.")
    planned_quantity: Decimal = attribute("How much is to be made.")
    output_quantity: Decimal = attribute("How much was made; 0 until it is completed.")
    input_kg: Decimal = attribute("What its materials weighed, in kilograms; packaging is not milled and does not count.")
    output_kg: Decimal = attribute("What was made weighs, in kilograms.")
    by_product_kg: Decimal = attribute("What came out beside it weighs, in kilograms.")
    loss_kg: Decimal = attribute("What of the materials came out as neither, in kilograms; below 0 where water was added.")
    yield_percent: Decimal | None = attribute(
        "The extraction: what was made in percent of the materials by weight, with 2 decimals, half-even; null until then."
    )
    input_cost: Money = attribute("What its materials have cost.")
    overhead_cost: Money = attribute("What labour, power and wear cost: as planned until it is completed.")
    total_cost: Money = attribute("Both together.")
    by_product_cost: Money = attribute("What of that the by-products carry.")
    output_cost: Money = attribute("What of that the output carries: all the rest.")
    output_cost_per_unit: Decimal | None = attribute(
        "What one base unit of the output has cost, in the currency of the costs, to a ten-thousandth of its minor unit, "
        "halves up; null until it is completed."
    )
    note: str = attribute("What there is to say about it; empty when nothing.")
    planned_on: date | None = attribute("The day that it is planned for.")
    started_at: datetime | None = attribute("The moment at which its materials were taken.")
    started_by_id: ID | None = global_id("User", "Who started it.")
    completed_at: datetime | None = attribute("The moment at which its output came in.")
    completed_by_id: ID | None = global_id("User", "Who completed it.")
    cancelled_at: datetime | None = attribute("When it was called off or taken back.")
    cancelled_by_id: ID | None = global_id("User", "Who did that.")
    cancel_reason: str = attribute("Why; empty while it stands.")
    created_by_id: ID = global_id("User", "Who wrote it down.")
    created_at: datetime = attribute("When it was written down.")
    updated_at: datetime = attribute("When it last changed.")
    version: int = attribute("How often it has changed, from 1.")

    bom: BillOfMaterials | None = relation(
        queries.boms_by_id, "bom_id", "The bill of materials that it was planned by; null without one."
    )
    item: Item | None = relation(items_by_id, "item_id", "What is made.")
    warehouse: Warehouse | None = relation(warehouses_by_id, "warehouse_id", "Where its materials are taken.")
    output_warehouse: Warehouse | None = relation(
        warehouses_by_id, "output_warehouse_id", "Where what is made comes in; null to those who do not see that warehouse."
    )
    branch: Branch | None = relation(
        branches_by_id, "branch_id", "The branch of the warehouse of its materials; null for the whole mill."
    )
    created_by: User | None = relation(people, "created_by_id", "Who wrote it down.")
    lines: list[ProductionLine] = relations(
        queries.lines_of_productions,
        "id",
        "What is made, then what goes in, then what comes out beside it.",
        size=ABOUT_SO_MANY_LINES,
    )


@object_type("Something that a planned quantity needs.")
class PlannedMaterial:
    item: Item = attribute("The item.")
    needed: Decimal = attribute("How much is needed.")
    available: Decimal = attribute("How much can go out of the warehouse now.")
    missing: Decimal = attribute("How much more has to come; 0 when there is enough.")
    cost: Money | None = attribute("About what it will cost; null where nothing tells a rate of it.")


@object_type("Something that comes out beside a planned quantity.")
class PlannedByProduct:
    item: Item = attribute("The item.")
    quantity: Decimal = attribute("How much.")
    cost: Money | None = attribute("About what it will carry of the cost; null where a material has none.")


def _planned(description: str) -> Any:
    return attribute(description, rule=FieldRule(size=ABOUT_SO_MANY_LINES, shared=True))


@object_type("What making a quantity takes, what of it is missing, and about what it will cost. Nothing is held back.")
class ProductionPlan:
    bom: BillOfMaterials = attribute("The bill of materials.")
    item: Item = attribute("What would be made.")
    quantity: Decimal = attribute("How much of it.")
    materials: list[PlannedMaterial] = _planned("What goes in.")
    by_products: list[PlannedByProduct] = _planned("What else comes out.")
    overhead: Money = attribute("What labour, power and wear cost.")
    input_cost: Money | None = attribute(
        "About what the materials cost: as they would go out now, what is missing at the last rate; null if one has none."
    )
    output_cost: Money | None = attribute("About what the output carries of all that; null if a material has no rate.")
    cost_per_unit: Decimal | None = attribute(
        "About what one base unit of the output will cost, to a ten-thousandth of the minor unit; null if unknown."
    )
    can_start: bool = attribute("Whether nothing is missing.")
    possible_quantity: Decimal = attribute("How much could be made of what is there now.")
