"""What clients send about bills of materials and productions. Amounts are in the mill's currency."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from domain.kit.errors import CurrencyMismatch, InvalidAmount, InvalidInput
from domain.kit.money import Money
from domain.milling.queries import production as queries
from domain.milling.service.boms import BomChanges, NewBom
from domain.milling.service.items import NewItem
from domain.milling.service.production_editing import PlanChanges
from domain.milling.service.production_plans import NewProduction
from domain.milling.service.productions import Yielded
from domain.milling.service.recipes import ByProduct, Ingredient
from domain.milling.states import ItemCategory, ProductionStatus
from schema.kit import ID, MoneyInput, attribute, idempotency_key, input_type, optional, read_id, read_optional_id
from schema.milling.catalogue.inputs import NewItemInput

_ITEM = "The item; otherwise say what the new one is."
_UNIT = "The unit of the quantity, such as `tonne`; the item's base unit when left out."
_QUANTITY = "How much: above 0."
_OVERHEAD = "What labour, power and wear cost; zero is an amount too."
_AT = "When it happened; now when left out. An earlier moment takes the permission MILL_BACKDATE."
_PRODUCTION = "The production."


@input_type("An item that is made and that the mill did not know yet.")
class NewProductInput(NewItemInput):
    category: ItemCategory = attribute("What it is to the mill.", default=ItemCategory.FINISHED)


@input_type("An item that comes out beside what is made and that the mill did not know yet.")
class NewByProductItemInput(NewItemInput):
    category: ItemCategory = attribute("What it is to the mill.", default=ItemCategory.BY_PRODUCT)


@input_type("Something that goes in.")
class MaterialInput:
    item_id: ID = attribute("The item.")
    quantity: Decimal = attribute(_QUANTITY)
    unit: str | None = optional(_UNIT)

    def parse(self, *path: str) -> Ingredient:
        item_id = read_id("Item", self.item_id, *path, "itemId")
        return Ingredient(item_id=item_id, quantity=self.quantity, unit=self.unit)


@input_type("Something that comes out beside what is made. It carries a fixed cost or a share; without either, nothing.")
class ByProductInput:
    item_id: ID | None = optional(_ITEM)
    new_item: NewByProductItemInput | None = optional("The item that is new, instead of `itemId`.")
    quantity: Decimal = attribute(_QUANTITY)
    unit: str | None = optional(_UNIT)
    cost_per_unit: MoneyInput | None = optional("What it carries for each base unit, as long as so much is left.")
    share_percent: Decimal | None = optional("What it carries of the whole cost, in percent with at most 2 decimals.")

    def parse(self, *path: str) -> ByProduct:
        return ByProduct(
            item_id=read_optional_id("Item", self.item_id, *path, "itemId"),
            new_item=_new(self.new_item, *path, "newItem"),
            quantity=self.quantity,
            unit=self.unit,
            cost_per_unit=from_zero(self.cost_per_unit, *path, "costPerUnit"),
            share_percent=self.share_percent,
        )


@input_type("A bill of materials to be made: what goes in, and what else comes out, for a quantity of an item.")
class CreateBillOfMaterialsInput:
    code: str = attribute("1 to 30 letters, digits, -, _ and points; unique in the mill. Capitals make no difference.")
    name: str = attribute("What it is called, in 1 to 120 characters.")
    item_id: ID | None = optional(f"What is made. {_ITEM}")
    new_item: NewProductInput | None = optional("What is made and is new, instead of `itemId`.")
    quantity: Decimal = attribute("How much of it the lines are for: above 0.")
    unit: str | None = optional(_UNIT)
    inputs: list[MaterialInput] = attribute("What goes in: 1 to 50 items, each once.")
    by_products: list[ByProductInput] | None = optional("What else comes out: at most 20 items, each once.")
    overhead: MoneyInput | None = optional(_OVERHEAD)
    note: str = attribute("What there is to say about it, in up to 500 characters.", default="")

    def parse(self) -> NewBom:
        return NewBom(
            code=self.code,
            name=self.name,
            item_id=read_optional_id("Item", self.item_id, "input", "itemId"),
            new_item=_new(self.new_item, "input", "newItem"),
            quantity=self.quantity,
            unit=self.unit,
            inputs=_materials(self.inputs, "inputs") or (),
            by_products=_by_products(self.by_products) or (),
            overhead=from_zero(self.overhead, "input", "overhead"),
            note=self.note,
        )


@input_type("What changes about a bill of materials. What is left out or null stays; lists are replaced as a whole.")
class UpdateBillOfMaterialsInput:
    bom_id: ID = attribute("The bill of materials.")
    name: str | None = optional("What it is called, in 1 to 120 characters.")
    quantity: Decimal | None = optional("How much of its item the lines are for: above 0.")
    unit: str | None = optional(_UNIT)
    inputs: list[MaterialInput] | None = optional("What goes in: 1 to 50 items, each once.")
    by_products: list[ByProductInput] | None = optional("What else comes out: at most 20 items, each once.")
    overhead: MoneyInput | None = optional(_OVERHEAD)
    note: str | None = optional("What there is to say about it, in up to 500 characters.")
    active: bool | None = optional("Whether it is used.")
    expected_version: int | None = optional(
        "The version that you read; refused with RECORD_CHANGED when somebody has changed it since."
    )

    def parse(self) -> BomChanges:
        return BomChanges(
            name=self.name,
            quantity=self.quantity,
            unit=self.unit,
            inputs=_materials(self.inputs, "inputs"),
            by_products=_by_products(self.by_products),
            overhead=from_zero(self.overhead, "input", "overhead"),
            note=self.note,
            active=self.active,
        )


@input_type("A production: by a bill of materials, or of `inputs`. What is said besides a bill holds instead of its words.")
class CreateProductionInput:
    bom_id: ID | None = optional("The bill of materials; without one say what is made and of what.")
    item_id: ID | None = optional(f"What is made. {_ITEM}")
    new_item: NewProductInput | None = optional("What is made and is new, instead of `itemId`.")
    quantity: Decimal = attribute("How much is to be made: above 0.")
    unit: str | None = optional(_UNIT)
    warehouse_id: ID = attribute("Where its materials are taken.")
    output_warehouse_id: ID | None = optional("Where what is made comes in; where the materials are when left out.")
    inputs: list[MaterialInput] | None = optional("What goes in: 1 to 50 items, each once.")
    by_products: list[ByProductInput] | None = optional("What else comes out: at most 20 items, each once.")
    overhead: MoneyInput | None = optional(_OVERHEAD)
    planned_on: date | None = optional("The day that it is planned for.")
    note: str = attribute("What there is to say about it, in up to 500 characters.", default="")
    up_to: ProductionStatus = attribute(
        "How far it goes at once: PLANNED takes nothing yet, IN_PROGRESS takes its materials, COMPLETED does it all.",
        default=ProductionStatus.IN_PROGRESS,
    )
    at: datetime | None = optional(_AT)
    idempotency_key: str | None = idempotency_key()

    def parse(self) -> NewProduction:
        return NewProduction(
            bom_id=read_optional_id("BillOfMaterials", self.bom_id, "input", "bomId"),
            item_id=read_optional_id("Item", self.item_id, "input", "itemId"),
            new_item=_new(self.new_item, "input", "newItem"),
            quantity=self.quantity,
            unit=self.unit,
            warehouse_id=read_id("Warehouse", self.warehouse_id, "input", "warehouseId"),
            output_warehouse_id=read_optional_id("Warehouse", self.output_warehouse_id, "input", "outputWarehouseId"),
            inputs=_materials(self.inputs, "inputs"),
            by_products=_by_products(self.by_products),
            overhead=from_zero(self.overhead, "input", "overhead"),
            planned_on=self.planned_on,
            note=self.note,
        )


@input_type(
    "What changes about a plan. What is left out or null stays; with another quantity, what is not said anew is scaled."
)
class UpdateProductionInput:
    production_id: ID = attribute(_PRODUCTION)
    quantity: Decimal | None = optional("How much is to be made: above 0.")
    unit: str | None = optional(_UNIT)
    inputs: list[MaterialInput] | None = optional("All that goes in: 1 to 50 items, each once.")
    by_products: list[ByProductInput] | None = optional("All else that comes out: at most 20 items, each once.")
    overhead: MoneyInput | None = optional(_OVERHEAD)
    output_warehouse_id: ID | None = optional("Where what is made comes in.")
    planned_on: date | None = optional("The day that it is planned for.")
    note: str | None = optional("What there is to say about it, in up to 500 characters.")
    expected_version: int | None = optional(
        "The version that you read; refused with RECORD_CHANGED when somebody has changed it since."
    )
    idempotency_key: str | None = idempotency_key()

    def parse(self) -> PlanChanges:
        return PlanChanges(
            quantity=self.quantity,
            unit=self.unit,
            inputs=_materials(self.inputs, "inputs"),
            by_products=_by_products(self.by_products),
            overhead=from_zero(self.overhead, "input", "overhead"),
            output_warehouse_id=read_optional_id("Warehouse", self.output_warehouse_id, "input", "outputWarehouseId"),
            planned_on=self.planned_on,
            note=self.note,
        )


@input_type("A production to be started.")
class StartProductionInput:
    production_id: ID = attribute(_PRODUCTION)
    at: datetime | None = optional(_AT)
    idempotency_key: str | None = idempotency_key()


@input_type("More materials for a production in progress.")
class ConsumeMaterialsInput:
    production_id: ID = attribute(_PRODUCTION)
    materials: list[MaterialInput] = attribute("What goes in: 1 to 50 items, each once.")
    at: datetime | None = optional(_AT)
    idempotency_key: str | None = idempotency_key()

    def parse(self) -> list[Ingredient]:
        return _materials(self.materials, "materials") or []


@input_type("What came of a production. What is left out came as it was planned.")
class CompleteProductionInput:
    production_id: ID = attribute(_PRODUCTION)
    quantity: Decimal | None = optional("How much was made: above 0.")
    unit: str | None = optional(_UNIT)
    by_products: list[ByProductInput] | None = optional(
        "All that came out beside it; nothing when the list is empty. One that says no cost carries what was planned for it."
    )
    overhead: MoneyInput | None = optional(_OVERHEAD)
    at: datetime | None = optional(_AT)
    idempotency_key: str | None = idempotency_key()

    def parse(self) -> Yielded:
        return Yielded(
            quantity=self.quantity,
            unit=self.unit,
            by_products=_by_products(self.by_products),
            overhead=from_zero(self.overhead, "input", "overhead"),
        )


@input_type("A production to be called off or taken back.")
class CancelProductionInput:
    production_id: ID = attribute(_PRODUCTION)
    reason: str = attribute("Why, in 1 to 500 characters.")
    idempotency_key: str | None = idempotency_key()


@input_type("Which productions. What is left out does not narrow.")
class ProductionFilter:
    statuses: list[ProductionStatus] | None = optional("That stand there.")
    warehouse_id: ID | None = optional("That take from this warehouse, or bring into it.")
    item_id: ID | None = optional("Of this item.")
    bom_id: ID | None = optional("By this bill of materials.")
    number: str | None = optional("With this number.")
    since: datetime | None = attribute("Written down at this moment or later.", default=None, name="from")
    before: datetime | None = attribute("Written down before this moment.", default=None, name="to")

    def parse(self) -> queries.ProductionFilter:
        return queries.ProductionFilter(
            statuses=self.statuses or (),
            warehouse_id=read_optional_id("Warehouse", self.warehouse_id, "filter", "warehouseId"),
            item_id=read_optional_id("Item", self.item_id, "filter", "itemId"),
            bom_id=read_optional_id("BillOfMaterials", self.bom_id, "filter", "bomId"),
            number=self.number,
            since=self.since,
            before=self.before,
        )


def from_zero(amount: MoneyInput | None, *field: str) -> Money | None:
    """An amount that may be zero; one below zero is refused by whoever uses it."""
    if amount is None:
        return None
    try:
        return Money.of(amount.amount, amount.currency)
    except (InvalidAmount, CurrencyMismatch, InvalidInput) as refusal:
        refusal.field = field
        raise


def _new(item: NewItemInput | None, *path: str) -> NewItem | None:
    return None if item is None else item.parse(*path)


def _materials(lines: Sequence[MaterialInput] | None, name: str) -> list[Ingredient] | None:
    return None if lines is None else [line.parse("input", name, str(place)) for place, line in enumerate(lines)]


def _by_products(lines: Sequence[ByProductInput] | None) -> list[ByProduct] | None:
    return None if lines is None else [line.parse("input", "byProducts", str(place)) for place, line in enumerate(lines)]
