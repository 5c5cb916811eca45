"""Sales, their lines and what came back of them, and what customers owe.

A sale inside a live event is shown by the same type as one that is read: it is as it stood at the event, and what needs a
look into the database is of now.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from domain.identity.queries import branches_by_id, people
from domain.kit import clock
from domain.kit.money import Money as Amount
from domain.milling import models, settings
from domain.milling.queries import catalogue
from domain.milling.queries import sales as queries
from domain.milling.states import FinanceStatus, PaymentMethod, PostedStatus, SaleStatus
from schema.identity.types import Branch, User
from schema.kit import ID, CurrencyCode, Info, Money, Node, Parent, attribute, field, global_id, node_type, object_type
from schema.kit.fields import FieldRule
from schema.kit.relations import relation, relations
from schema.milling import enums  # noqa: F401  describes the enums that are used here
from schema.milling.catalogue.types import Customer, Item, Warehouse
from schema.milling.payments import MillPayment


def _amount(minor: int) -> Amount:
    return Amount(minor, settings.current().currency)


@node_type(models.SaleLine, queries.sale_lines_by_id, "Goods of a sale.")
class SaleLine(Node):
    line_no: int = attribute("Its place in the sale, from 1.")
    item_id: ID = global_id("Item", "The item.")
    item_name: str = attribute("What it was called then.")
    unit: str = attribute("The unit that the quantity is in.")
    quantity: Decimal = attribute("How much, in that unit.")
    base_quantity: Decimal = attribute("The same in the item's base unit.")
    returned_quantity: Decimal = attribute("How much of it came back, in the item's base unit.")

    @field(Money | None, "The price of one unit before any discount.", shared=True)
    def unit_price(self, line: Parent[models.SaleLine]) -> Amount | None:
        return None if line.unit_price_minor is None else _amount(line.unit_price_minor)

    @field(Money, "What the line comes to after all discounts.", shared=True)
    def amount(self, line: Parent[models.SaleLine]) -> Amount:
        return _amount(line.amount_minor)

    @field(Money, "What was taken off: its own discount and its share of the sale's.", shared=True)
    def discount(self, line: Parent[models.SaleLine]) -> Amount:
        return _amount(line.discount_minor)

    @field(Money, "What was credited for what came back.", shared=True)
    def returned_amount(self, line: Parent[models.SaleLine]) -> Amount:
        return _amount(line.returned_minor)

    item: Item = relation(catalogue.items_by_id, "item_id", "The item.")


@object_type("Goods of one line of a sale that came back.")
class SaleReturnLine:
    line_no: int = attribute("Its place in the return, from 1.")
    sale_line_id: ID = global_id("SaleLine", "The line of the sale.")
    item_id: ID = global_id("Item", "The item.")
    unit: str = attribute("The unit that the quantity is in.")
    quantity: Decimal = attribute("How much came back, in that unit.")
    base_quantity: Decimal = attribute("The same in the item's base unit.")

    @field(Money, "What was credited for it.", shared=True)
    def amount(self, line: Parent[models.SaleReturnLine]) -> Amount:
        return _amount(line.amount_minor)

    item: Item = relation(catalogue.items_by_id, "item_id", "The item.")


@node_type(
    models.SaleReturn, queries.sale_returns_by_id, "Goods that a customer brought back, and what became of their price."
)
class SaleReturn(Node):
    number: str = attribute("Its number, such as `CN-000001`.")
    sale_id: ID = global_id("Sale", "The sale.")
    warehouse_id: ID = global_id("Warehouse", "The warehouse that the goods went into.")
    status: PostedStatus = attribute("Whether it stands.")
    amount: Money = attribute("What the goods had been sold for: it is taken off what the customer owes.")
    refund_method: PaymentMethod | None = attribute("How it was given back; null where it was set off.")
    refunded_amount: Money = attribute("What of it was given back at once.")
    reason: str = attribute("Why they came back.")
    returned_at: datetime = attribute("When they came back.")
    cancelled_at: datetime | None = attribute("When the return was taken out of history.")
    cancel_reason: str = attribute("Why; empty while it stands.")
    created_by_id: ID = global_id("User", "Who took them back.")
    created_at: datetime = attribute("When that was written down.")

    lines: list[SaleReturnLine] = relations(queries.lines_of_returns, "id", "What came back, in order.", size=3)
    sale: Sale = relation(queries.sales_by_id, "sale_id", "The sale.")
    created_by: User | None = relation(people, "created_by_id", "Who took them back.")


@node_type(models.Sale, queries.sales_by_id, "Goods sold to a customer, or over the counter.")
class Sale(Node):
    number: str = attribute("Its number, such as `SO-000001`.")
    status: SaleStatus = attribute("Where it stands.")
    customer_id: ID | None = global_id("Customer", "The customer; null for somebody at the counter.")
    customer_name: str = attribute("Who bought, by name.")
    warehouse_id: ID = global_id("Warehouse", "The warehouse that the goods come from.")
    branch_id: ID | None = global_id("Branch", "The branch of that warehouse; null for the whole mill.")
    currency: CurrencyCode = attribute("The mill's currency.")
    amount: Money = attribute("What it comes to after all discounts.")
    discount: Money = attribute("What was taken off.")
    returned_amount: Money = attribute("What was credited for goods that came back.")
    paid_amount: Money = attribute("What was paid for it.")
    refunded_amount: Money = attribute("What was given back.")
    due_amount: Money = attribute(
        "What the customer owes for it; nothing before it is delivered. Under zero it is owed to the customer."
    )
    note: str = attribute("What there is to say about it; empty when nothing.")
    confirmed_at: datetime | None = attribute("Since when the goods were held back; null when they never were.")
    delivered_at: datetime | None = attribute("When the goods went out.")
    invoice_number: str | None = attribute("The number of its invoice, such as `SI-000001`.")
    invoiced_at: datetime | None = attribute("When that was written.")
    due_on: date | None = attribute("By when the invoice is to be paid.")
    offered_at: datetime | None = attribute("When its invoice was last offered to investors.")
    finance_invoice_id: ID | None = global_id("Invoice", "The invoice that investors finance, or were offered last.")
    finance_status: FinanceStatus | None = attribute("What became of that offer; null when it was never offered.")
    finance_note: str = attribute("What the market said, where it refused; else empty.")
    cancelled_at: datetime | None = attribute("When it was called off.")
    cancel_reason: str = attribute("Why; empty while it stands.")
    created_by_id: ID = global_id("User", "Who sold it.")
    created_at: datetime = attribute("When it was written down.")
    updated_at: datetime = attribute("When it last changed.")
    version: int = attribute("How often it has changed, from 1.")

    @field(bool, "Whether something is owed for it past the day on which its invoice was due.", shared=True)
    def overdue(self, sale: Parent[models.Sale]) -> bool:
        return sale.due_on is not None and sale.due_on < clock.today() and sale.due_amount.amount_minor > 0

    lines: list[SaleLine] = relations(queries.lines_of, "id", "The goods, in order.", size=5)
    returns: list[SaleReturn] = relations(queries.returns_of, "id", "What came back of it, in the order of time.", size=2)
    payments: list[MillPayment] = relations(
        queries.payments_of_sales,
        "id",
        "What was paid for it and back, in the order of time; reversed payments among it.",
        size=3,
    )
    cost: Money | None = relation(
        queries.costs_of,
        "id",
        "What its goods cost by the books of now, less those that came back; null before they went out.",
    )

    @field(Money | None, "What it brings: its amount less returns less cost; null before the goods went out.")
    async def gross_profit(self, sale: Parent[models.Sale], info: Info) -> Amount | None:
        cost: Amount | None = await info.context.load(queries.costs_of, sale.id)
        return None if cost is None else sale.amount - sale.returned_amount - cost

    customer: Customer | None = relation(
        catalogue.customers_by_id, "customer_id", "The customer; null for somebody at the counter."
    )
    warehouse: Warehouse = relation(catalogue.warehouses_by_id, "warehouse_id", "The warehouse that the goods come from.")
    branch: Branch | None = relation(branches_by_id, "branch_id", "The branch of that warehouse; null for the whole mill.")
    created_by: User | None = relation(people, "created_by_id", "Who sold it.")


@object_type(
    "What a customer owes, by how late it is. Late is what is past the due day, or the delivery without an invoice."
)
class CustomerReceivable:
    customer_id: ID | None = global_id("Customer", "The customer; null for all who bought over the counter.")
    customer_name: str = attribute("The name.")
    sales: int = attribute("How many sales are open.")
    due: Money = attribute("What is owed in all, less what is owed to the customer.")
    credit: Money = attribute("What is owed to the customer for goods that came back, under zero.")
    not_yet_due: Money = attribute("What is not due before today.")
    late_to_30_days: Money = attribute("What is 1 to 30 days late.", name="lateTo30Days")
    late_to_60_days: Money = attribute("What is 31 to 60 days late.", name="lateTo60Days")
    late_to_90_days: Money = attribute("What is 61 to 90 days late.", name="lateTo90Days")
    late_beyond_90_days: Money = attribute("What is later than that.", name="lateBeyond90Days")
    most_days_late: int | None = attribute("How late the oldest of it is, in days; null when nothing is late.")

    customer: Customer | None = relation(
        catalogue.customers_by_id, "customer_id", "The customer; null for all who bought over the counter."
    )


@object_type("Money of the mill that came into a seller's wallet because investors financed its invoices.")
class FinanceProceeds:
    received: Money = attribute("All that investors ever paid.")
    collected: Money = attribute("What the mill took of it.")
    spent: Money = attribute("What suppliers were paid with it.")
    available: Money = attribute("What is left with the seller.")


@object_type("What customers owe for the sales that the viewer may see.")
class Receivables:
    on: date = attribute("The day that it is as of: today, in UTC.")
    due: Money = attribute("What is owed in all, less what is owed to customers.")
    overdue: Money = attribute("What of it is late.")
    customer_count: int = attribute("How many customers owe something or are owed something.")
    customers: list[CustomerReceivable] = attribute(
        "Those who owe the most first, as many as were asked for.", rule=FieldRule(size="first", shared=True)
    )
