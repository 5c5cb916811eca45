"""Movements, documents about stock, availability, statements and valuations as clients see them.

Quantities are in an item's base unit unless a field says otherwise. A rate is what one base unit is worth, in major units
with four decimals more than the currency has, halves up; it is for reading, and nothing is calculated from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from domain.identity.queries import people
from domain.kit.money import Money as Amount
from domain.kit.paging import Page, PageRequest
from domain.milling import models, settings
from domain.milling.queries import catalogue
from domain.milling.queries import statement as statements
from domain.milling.queries import stock as queries
from domain.milling.queries import stock_documents as documents
from domain.milling.queries import valuation as valuations
from domain.milling.states import (
    DocumentKind,
    ItemCategory,
    LineRole,
    MovementKind,
    PostedStatus,
    StockCause,
    StockDocumentKind,
)
from schema.identity.types import User
from schema.kit import ID, CurrencyCode, Money, Node, Parent, attribute, field, global_id, listing, node_type, object_type
from schema.kit.nodes import global_id_of
from schema.kit.relations import relation, relations
from schema.milling import enums  # noqa: F401  describes the enums that are used here
from schema.milling.catalogue.types import Item, Warehouse

ABOUT_SO_MANY_LINES = 5
ABOUT_SO_MANY_WAREHOUSES = 5

RATE = "What one base unit is worth, in major units; null for no quantity."


@node_type(
    queries.MovementRow,
    queries.movements_by_id,
    "Something that happened to an item in a warehouse. It is never edited; what it is worth is as history is known today.",
)
class StockMovement(Node):
    kind: MovementKind = attribute("What it was.")
    quantity: Decimal = attribute(
        "How much: above 0 what came in, below 0 what went out; when taken back, what it had said."
    )
    counted: Decimal | None = attribute("What a count found; null for anything else.")
    value: Money = attribute("What it is worth in the books, signed as the quantity is; nothing when it was taken back.")
    variance: Money = attribute("What of its cost found no stock to be in.")
    rate: Decimal | None = attribute(RATE)
    item_id: ID = global_id("Item", "The item.")
    warehouse_id: ID = global_id("Warehouse", "The warehouse.")
    source_id: ID | None = global_id("StockMovement", "The movement whose cost it takes or corrects.")
    document_kind: DocumentKind = attribute("What kind of document made it.")
    line_no: int = attribute("The line of the document.")
    note: str = attribute("What was said of the line; empty when nothing.")
    effective_at: datetime = attribute("When it took effect.")
    recorded_at: datetime = attribute("When it came into the books: later, when it was dated back.")
    actor_id: ID = global_id("User", "Who made the document.")
    cancelled: bool = attribute("Whether it was taken back, as if it had never been.")
    cancelled_at: datetime | None = attribute("When that was.")
    cancel_reason: str | None = attribute("And why.")

    @field(ID | None, "The document that made it, for `node`; null when that cannot be fetched.", shared=True)
    def document_id(self, movement: Parent[queries.MovementRow]) -> ID | None:
        return global_id_of(movement.document_kind.value.lower(), movement.document_id)

    document_number: str = relation(queries.numbers_of_documents, "document_id", "The number of that document.", shared=True)
    item: Item = relation(catalogue.items_by_id, "item_id", "The item.")
    warehouse: Warehouse = relation(catalogue.warehouses_by_id, "warehouse_id", "The warehouse.")


@object_type("A line of a document about stock.")
class StockDocumentLine:
    line_no: int = attribute("Its number, from 1.")
    role: LineRole | None = attribute("Of a repack: whether it goes in or comes out; null for anything else.")
    item_id: ID = global_id("Item", "The item.")
    item_name: str = attribute("What the item was called then.")
    unit: str = attribute("The unit that `quantity` is in.")
    quantity: Decimal = attribute("What was said: how much moved, what was found, or the difference of an adjustment.")
    base_quantity: Decimal = attribute("The same in the item's base unit.")
    moved_quantity: Decimal = attribute(
        "How much moved as it was posted then, in the base unit: below 0 what went out. Of a transfer, what came in."
    )
    movement_id: ID | None = global_id("StockMovement", "What it made; of a transfer, what went out.")
    to_movement_id: ID | None = global_id("StockMovement", "Of a transfer, what came in.")

    @field(Money | None, "What the line said that it was worth; null when it said nothing.", shared=True)
    def stated_value(self, line: Parent[models.StockDocumentLine]) -> Amount | None:
        return None if line.amount_minor is None else Amount(line.amount_minor, settings.current().currency)

    @field(Money, "What it was worth as it was posted then, signed as `movedQuantity` is.", shared=True)
    def value(self, line: Parent[models.StockDocumentLine]) -> Amount:
        return Amount(line.value_minor, settings.current().currency)

    item: Item = relation(catalogue.items_by_id, "item_id", "The item.")


@node_type(
    models.StockDocument,
    documents.stock_documents_by_id,
    "A document about stock alone, without a partner and a price. It takes effect as it is made.",
)
class StockDocument(Node):
    number: str = attribute("Its number, such as `SD-000001`.")
    kind: StockDocumentKind = attribute("What it does.")
    status: PostedStatus = attribute("Where it stands.")
    warehouse_id: ID = global_id("Warehouse", "The warehouse; of a transfer, the one that goods leave.")
    to_warehouse_id: ID | None = global_id("Warehouse", "Of a transfer, where goods go.")
    branch_id: ID | None = global_id("Branch", "The branch of the warehouse.")
    cause: StockCause | None = attribute("Of an adjustment: why the books were wrong.")
    reason: str = attribute("What was said about it; empty when nothing.")
    reference: str = attribute("A number or name that people know it by; empty when there is none.")
    value: Money = attribute(
        "What stock gained by it as it was posted then, below 0 what it lost; of a transfer, what moved."
    )
    overhead: Money = attribute("What a repack added to the cost of what was repacked.", name="addedCost")
    occurred_at: datetime = attribute("When it took effect.")
    entry_id: ID | None = global_id("JournalEntry", "Its entry in the books; null where nothing moved between accounts.")
    created_at: datetime = attribute("When it was made.")
    created_by_id: ID = global_id("User", "Who made it.")
    cancelled_at: datetime | None = attribute("When it was taken back.")
    cancelled_by_id: ID | None = global_id("User", "Who took it back.")
    cancel_reason: str = attribute("Why it was taken back; empty when it was not.")
    version: int = attribute("How often it has changed, from 1.")

    lines: list[StockDocumentLine] = relations(
        documents.lines_of_stock_documents, "id", "Its lines in their order.", size=ABOUT_SO_MANY_LINES, shared=True
    )
    movements: list[StockMovement] = relations(
        queries.movements_of_documents,
        "id",
        "What it moved, as far as the viewer may see, as worth now.",
        size=ABOUT_SO_MANY_LINES,
    )
    warehouse: Warehouse | None = relation(
        catalogue.warehouses_by_id, "warehouse_id", "The warehouse; null when the viewer may not see it."
    )
    to_warehouse: Warehouse | None = relation(
        catalogue.warehouses_by_id, "to_warehouse_id", "Of a transfer, where goods go; null when the viewer may not see it."
    )
    created_by: User | None = relation(people, "created_by_id", "Who made it.")


@object_type("What can be had of an item in one warehouse.")
class WarehouseAvailability:
    warehouse_id: ID = global_id("Warehouse", "The warehouse.")
    on_hand: Decimal = attribute("How much is there.")
    reserved: Decimal = attribute("How much of it is held back for confirmed sales.")
    available: Decimal = attribute("How much of it can go out.")
    enough: bool | None = attribute("Whether that is as much as was asked for; null when nothing was.")

    warehouse: Warehouse = relation(catalogue.warehouses_by_id, "warehouse_id", "The warehouse.")


@object_type("What can be had of an item: in one warehouse, or in all that the viewer may see.")
class StockAvailability:
    item_id: ID = global_id("Item", "The item.")
    requested: Decimal | None = attribute("How much was asked for, in the base unit; null when nothing was.")
    on_hand: Decimal = attribute("How much is there.")
    reserved: Decimal = attribute("How much of it is held back for confirmed sales.")
    available: Decimal = attribute("How much of it can go out.")
    enough: bool | None = attribute(
        "Whether all of it together is as much as was asked for; null when nothing was. A sale takes from one warehouse."
    )

    @field(
        list[WarehouseAvailability],
        "Where it is kept; empty when it never was in the warehouse that was named.",
        size=ABOUT_SO_MANY_WAREHOUSES,
    )
    def warehouses(self, found: Parent[queries.Availability]) -> Sequence[queries.PlaceAvailability]:
        return found.warehouses

    item: Item = relation(catalogue.items_by_id, "item_id", "The item.")


@object_type("How much there is of an item, and what it is worth.")
class StockStanding:
    quantity: Decimal = attribute("How much.")
    value: Money = attribute("What it is worth in the books.")
    rate: Decimal | None = attribute(RATE)


@object_type("A movement of a statement, and how things stood after it.")
class StockStatementLine:
    movement: StockMovement = attribute("The movement.")
    after: StockStanding = attribute("What there was after it.")


@object_type("An item over a stretch of time: what there was, what came and went, and what there is.")
class StockStatement:
    item_id: ID = global_id("Item", "The item.")
    warehouse_id: ID | None = global_id("Warehouse", "The warehouse; null for all that the viewer may see.")
    since: datetime = attribute("The first moment that is in it.", name="from")
    until: datetime = attribute("The first moment that is not in it any more.", name="to")
    opening: StockStanding = attribute("What there was before.")
    received: StockStanding = attribute("What came in; over several warehouses, transfers between them too.")
    issued: StockStanding = attribute("What went out, likewise; above 0.")
    closing: StockStanding = attribute("What there was at the end.")

    item: Item = relation(catalogue.items_by_id, "item_id", "The item.")

    @listing(StockStatementLine, "Its movements in the order in which they took effect, without those that were taken back.")
    async def lines(self, statement: Parent[statements.Statement], page: PageRequest) -> Page[statements.StatementLine]:
        return await statements.statement_lines(statement, page)


@object_type("What an item in a warehouse is worth.")
class StockValuationLine:
    item_id: ID = global_id("Item", "The item.")
    warehouse_id: ID = global_id("Warehouse", "The warehouse.")
    category: ItemCategory = attribute("What the item is to the mill.")
    quantity: Decimal = attribute("How much is there.")
    value: Money = attribute("What it is worth in the books.")
    rate: Decimal | None = attribute(RATE)

    item: Item = relation(catalogue.items_by_id, "item_id", "The item.")
    warehouse: Warehouse = relation(catalogue.warehouses_by_id, "warehouse_id", "The warehouse.")


@object_type("What all items of a category are worth.")
class StockCategoryValue:
    category: ItemCategory = attribute("The category.")
    account_code: str = attribute("The account of the ledger whose balance this is, over all warehouses.")
    value: Money = attribute("What they are worth.")


@object_type("What lies in a warehouse is worth.")
class StockWarehouseValue:
    warehouse_id: ID = global_id("Warehouse", "The warehouse.")
    value: Money = attribute("What lies there is worth.")

    warehouse: Warehouse = relation(catalogue.warehouses_by_id, "warehouse_id", "The warehouse.")


@object_type("What stock is worth at a moment, in all warehouses that the viewer may see or in one of them.")
class StockValuation:
    as_of: datetime = attribute("The moment: everything that took effect by then is in it.")
    warehouse_id: ID | None = global_id("Warehouse", "The warehouse; null for all that the viewer may see.")
    currency: CurrencyCode = attribute("The currency that stock is valued in.")
    total: Money = attribute("What all of it is worth.")

    @field(list[StockCategoryValue], "By category, each with the account that has it.", size=4)
    def by_category(self, valuation: Parent[valuations.Valuation]) -> list[valuations.CategoryValue]:
        return valuation.by_category

    @field(list[StockWarehouseValue], "By warehouse, those in which something lies.", size=ABOUT_SO_MANY_WAREHOUSES)
    def by_warehouse(self, valuation: Parent[valuations.Valuation]) -> list[valuations.WarehouseValue]:
        return valuation.by_warehouse

    @listing(StockValuationLine, "Item by item in the order in which they were made known, warehouse by warehouse.")
    async def lines(self, valuation: Parent[valuations.Valuation], page: PageRequest) -> Page[valuations.ValuedBin]:
        return valuations.valued_bins(valuation, page)
