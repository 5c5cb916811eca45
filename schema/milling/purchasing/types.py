"""Purchases, returns to suppliers and landed costs as clients see them.

Received and returned quantities are in an item's base unit; what was ordered is in the unit that it was ordered in.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from domain.identity.queries import branches_by_id, people
from domain.kit.money import Money as Amount
from domain.milling import models, settings
from domain.milling.events import PurchaseFigures, PurchaseLineFigures
from domain.milling.queries import catalogue
from domain.milling.queries import purchases as queries
from domain.milling.queries.payments import payments_of_purchases
from domain.milling.states import AllocateBy, PostedStatus, PurchaseStatus
from schema.identity.types import Branch, User
from schema.kit import ID, CurrencyCode, Info, Money, Node, Parent, attribute, field, global_id, node_type, object_type
from schema.kit.relations import relation, relations
from schema.milling import enums  # noqa: F401  describes the enums that are used here
from schema.milling.catalogue.types import Item, Supplier, Warehouse
from schema.milling.payments import MillPayment

ABOUT_SO_MANY_LINES = 5

AnyPurchase = models.Purchase | PurchaseFigures
AnyLine = models.PurchaseLine | PurchaseLineFigures


def _amount(minor: int | None) -> Amount | None:
    return None if minor is None else Amount(minor, settings.current().currency)


@object_type("Goods of a purchase: what was ordered, what came, what went back, and what it cost.")
class PurchaseLine:
    line_no: int = attribute("Its place in the purchase, from 1.")
    item_id: ID = global_id("Item", "The item.")
    item_name: str = attribute("What the item was called when it was ordered.")
    unit: str = attribute("The unit that it was ordered in.")
    quantity: Decimal = attribute("How much was ordered, in that unit.")
    base_quantity: Decimal = attribute("How much was ordered, in the item's base unit.")
    received_quantity: Decimal = attribute("How much came, in the base unit.")
    returned_quantity: Decimal = attribute("How much of it went back, in the base unit.")

    item: Item = relation(catalogue.items_by_id, "item_id", "The item.")

    @field(Money | None, "The price of one unit; null where the amount alone was said.", shared=True)
    def unit_price(self, line: Parent[AnyLine]) -> Amount | None:
        return _amount(line.unit_price_minor)

    @field(Money, "What the goods cost by the order: those ordered, and from the receipt on those that came.", shared=True)
    def amount(self, line: Parent[AnyLine]) -> Amount | None:
        return _amount(line.amount_minor)

    @field(Money | None, "What the supplier billed for what was not sent back before; null without a bill.", shared=True)
    def billed_amount(self, line: Parent[AnyLine]) -> Amount | None:
        return _amount(line.billed_minor)

    @field(Money, "Its share of freight, duty and the like.", shared=True)
    def landed_cost(self, line: Parent[AnyLine]) -> Amount | None:
        return _amount(line.landed_minor)

    @field(Money, "What the supplier gave for what went back.", shared=True)
    def returned_amount(self, line: Parent[AnyLine]) -> Amount | None:
        return _amount(line.returned_minor)


@node_type(
    models.Purchase, queries.purchases_by_id, "An order to a supplier, the goods that came of it, and the bill for them."
)
class Purchase(Node):
    number: str = attribute("Its number, such as `PO-000001`.")
    status: PurchaseStatus = attribute("Where it stands. With returns, its bill says whether it is billed.")
    supplier_id: ID = global_id("Supplier", "The supplier.")
    supplier_name: str = attribute("What the supplier was called when it was ordered.")
    warehouse_id: ID = global_id("Warehouse", "The warehouse that the goods come into.")
    branch_id: ID | None = global_id("Branch", "The branch of the warehouse; null for the whole mill.")
    currency: CurrencyCode = attribute("The currency: the mill's.")
    amount: Money = attribute("What the goods cost by the order: those ordered, and from the receipt on those that came.")
    billed_amount: Money | None = attribute("What the supplier's bill comes to; null without a bill.")
    landed_cost: Money = attribute("Freight, duty and the like that were added.")
    returned_amount: Money = attribute("What the supplier gave for what went back, whether it was billed or not.")
    credited_amount: Money = attribute("What of that was taken off the bill.")
    paid_amount: Money = attribute("What was paid to the supplier.")
    refunded_amount: Money = attribute("What the supplier paid back.")
    due_amount: Money = attribute("What is owed to the supplier; under zero when the supplier owes.")
    reference: str = attribute("The number of an offer or a delivery note; empty when there is none.")
    note: str = attribute("What there is to say about it; empty when nothing.")
    expected_on: date | None = attribute("When the goods are expected.")
    received_at: datetime | None = attribute("When they came; null while they have not.")
    received_by_id: ID | None = global_id("User", "Who received them.")
    bill_number: str | None = attribute("The supplier's own number of the bill.")
    billed_on: date | None = attribute("The day of the bill; null without one.")
    billed_at: datetime | None = attribute("When the bill was entered.")
    billed_by_id: ID | None = global_id("User", "Who entered it.")
    due_on: date | None = attribute("When the bill is due.")
    cancelled_at: datetime | None = attribute("When the purchase was called off or taken back.")
    cancelled_by_id: ID | None = global_id("User", "Who did that.")
    cancel_reason: str = attribute("Why; empty while it stands.")
    created_by_id: ID = global_id("User", "Who ordered it.")
    created_at: datetime = attribute("When it was ordered.")
    updated_at: datetime = attribute("When it last changed.")
    version: int = attribute("How often it has changed, from 1.")

    supplier: Supplier = relation(catalogue.suppliers_by_id, "supplier_id", "The supplier.")
    warehouse: Warehouse = relation(catalogue.warehouses_by_id, "warehouse_id", "The warehouse that the goods come into.")
    branch: Branch | None = relation(branches_by_id, "branch_id", "The branch of the warehouse; null for the whole mill.")
    created_by: User | None = relation(people, "created_by_id", "Who ordered it.")
    lines: list[PurchaseLine] = relations(queries.lines_of, "id", "Its lines in their order.", size=ABOUT_SO_MANY_LINES)
    returns: list[PurchaseReturn] = relations(
        queries.returns_of, "id", "What of it went back, in the order of time; cancelled returns too.", size=2
    )
    landed_costs: list[LandedCost] = relations(
        queries.landed_costs_of, "id", "What else it cost, in the order of time; cancelled costs too.", size=2
    )
    payments: list[MillPayment] = relations(
        payments_of_purchases, "id", "What was paid and paid back, in the order of time; what was reversed too.", size=2
    )


@object_type("Goods of one line of a purchase that went back.")
class PurchaseReturnLine:
    line_no: int = attribute("Its place in the return, from 1.")
    item_id: ID = global_id("Item", "The item.")
    unit: str = attribute("The unit that was said.")
    quantity: Decimal = attribute("How much, in that unit.")
    base_quantity: Decimal = attribute("How much, in the item's base unit.")

    item: Item = relation(catalogue.items_by_id, "item_id", "The item.")

    @field(int, "The line of the purchase.", shared=True)
    async def purchase_line_no(self, line: Parent[models.PurchaseReturnLine], info: Info) -> int:
        found: models.PurchaseLine = await info.context.load(queries.purchase_lines_by_id, line.purchase_line_id)
        return found.line_no

    @field(Money, "What the supplier gives for it.", shared=True)
    def amount(self, line: Parent[models.PurchaseReturnLine]) -> Amount | None:
        return _amount(line.amount_minor)


@node_type(models.PurchaseReturn, queries.purchase_returns_by_id, "Goods of a purchase that went back to the supplier.")
class PurchaseReturn(Node):
    number: str = attribute("Its number, such as `DN-000001`.")
    purchase_id: ID = global_id("Purchase", "The purchase.")
    warehouse_id: ID = global_id("Warehouse", "The warehouse that they left.")
    branch_id: ID | None = global_id("Branch", "The branch of the warehouse; null for the whole mill.")
    status: PostedStatus = attribute("Whether it stands.")
    amount: Money = attribute("What the supplier gives for them.")
    credited_amount: Money = attribute("What of that was taken off the bill; nothing where they had not been billed.")
    reason: str = attribute("Why they went back.")
    returned_at: datetime = attribute("When they left.")
    entry_id: ID | None = global_id("JournalEntry", "Its entry in the books.")
    cancelled_at: datetime | None = attribute("When it was taken out of history.")
    cancelled_by_id: ID | None = global_id("User", "Who did that.")
    cancel_reason: str = attribute("Why; empty while it stands.")
    created_by_id: ID = global_id("User", "Who recorded it.")
    created_at: datetime = attribute("When it was recorded.")

    purchase: Purchase | None = relation(queries.purchases_by_id, "purchase_id", "The purchase.")
    lines: list[PurchaseReturnLine] = relations(
        queries.lines_of_returns, "id", "Its lines in their order.", size=ABOUT_SO_MANY_LINES
    )


@object_type("What of a landed cost belongs to one line of the purchase.")
class LandedCostShare:
    @field(int, "The line of the purchase.", shared=True)
    async def purchase_line_no(self, share: Parent[models.LandedCostShare], info: Info) -> int:
        found: models.PurchaseLine = await info.context.load(queries.purchase_lines_by_id, share.purchase_line_id)
        return found.line_no

    @field(Money, "How much.", shared=True)
    def amount(self, share: Parent[models.LandedCostShare]) -> Amount | None:
        return _amount(share.amount_minor)


@node_type(
    models.LandedCost, queries.landed_costs_by_id, "Freight, duty and the like that a purchase cost besides its goods."
)
class LandedCost(Node):
    number: str = attribute("Its number, such as `LC-000001`.")
    purchase_id: ID = global_id("Purchase", "The purchase.")
    branch_id: ID | None = global_id("Branch", "The branch of the purchase; null for the whole mill.")
    status: PostedStatus = attribute("Whether it stands.")
    description: str = attribute("What it is for.")
    amount: Money = attribute("How much altogether.")
    allocate_by: AllocateBy = attribute("How it is shared among the lines, by largest remainder.")
    entry_id: ID | None = global_id("JournalEntry", "Its entry in the books.")
    cancelled_at: datetime | None = attribute("When it was taken off the purchase again.")
    cancelled_by_id: ID | None = global_id("User", "Who did that.")
    cancel_reason: str = attribute("Why; empty while it stands.")
    created_by_id: ID = global_id("User", "Who added it.")
    created_at: datetime = attribute("When it was added.")

    shares: list[LandedCostShare] = relations(
        queries.shares_of, "id", "What of it belongs to each line that was received.", size=ABOUT_SO_MANY_LINES
    )


@object_type("What one supplier is owed for bills that are not settled.")
class SupplierBalance:
    supplier_id: ID = global_id("Supplier", "The supplier.")
    due: Money = attribute("What is owed; under zero when the supplier owes.")
    overdue: Money = attribute("What of it ought to be paid by now.")
    bills: int = attribute("How many bills are not settled.")
    next_due_on: date | None = attribute("When the first of them is due, or was.")

    supplier: Supplier = relation(catalogue.suppliers_by_id, "supplier_id", "The supplier.")
