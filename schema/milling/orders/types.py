"""An order as its customer sees it: a sale without what it cost, where its goods lay and what staff wrote down of it.

An order inside a live event is shown by the same type as one that is read: it is as it stood at the event.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from domain.milling.events import OrderFigures
from domain.milling.queries import orders as queries
from domain.milling.states import SaleStatus
from schema.kit import CurrencyCode, Money, Node, attribute, node_type, object_type
from schema.kit.fields import FieldRule
from schema.milling import enums  # noqa: F401  describes the enums that are used here

ABOUT_SO_MANY_LINES = 5


@object_type("Goods of an order.")
class MillOrderLine:
    line_no: int = attribute("Its place in the order, from 1.")
    item_name: str = attribute("What was ordered.")
    unit: str = attribute("The unit that the quantity is in.")
    quantity: Decimal = attribute("How much, in that unit.")
    unit_price: Money | None = attribute("The price of one unit before any discount.")
    discount: Money = attribute("What was taken off: its own discount and its share of the order's.")
    amount: Money = attribute("What the line comes to after all discounts.")
    returned_amount: Money = attribute("What was credited for what came back.")


@node_type(OrderFigures, queries.orders_by_id, "Goods that the viewer ordered from the mill, or got there.")
class MillOrder(Node):
    number: str = attribute("The number of the sale, such as `SO-000001`.")
    status: SaleStatus = attribute("Where it stands.")
    currency: CurrencyCode = attribute("The mill's currency.")
    amount: Money = attribute("What it comes to after all discounts.")
    discount: Money = attribute("What was taken off.")
    returned_amount: Money = attribute("What was credited for goods that came back.")
    paid_amount: Money = attribute("What was paid for it.")
    refunded_amount: Money = attribute("What was given back.")
    due_amount: Money = attribute(
        "What is owed for it; nothing before it is delivered. Under zero it is owed to the customer."
    )
    with_investors: bool = attribute(
        "Whether investors have its invoice, or are offered it: meanwhile it is not paid here, but as an invoice."
    )
    confirmed_at: datetime | None = attribute("When it was confirmed; null where it was delivered at once.")
    delivered_at: datetime | None = attribute("When the goods went out.")
    invoice_number: str | None = attribute("The number of its invoice, such as `SI-000001`.")
    invoiced_at: datetime | None = attribute("When that was written.")
    due_on: date | None = attribute("By when the invoice is to be paid.")
    cancelled_at: datetime | None = attribute("When it was called off.")
    created_at: datetime = attribute("When it was written down.")
    updated_at: datetime = attribute("When it last changed.")
    version: int = attribute("How often it has changed, from 1.")
    lines: list[MillOrderLine] = attribute("The goods, in order.", rule=FieldRule(size=ABOUT_SO_MANY_LINES, shared=True))
