"""What clients send to buy, receive, bill, pay and send back."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import strawberry

from domain.milling.queries.purchases import PurchaseFilter as PurchaseFilterRow
from domain.milling.service.purchase_bills import Bill, BilledLine
from domain.milling.service.purchase_orders import NewPurchase, OrderedLine
from domain.milling.service.purchase_returns import ReturnedLine
from domain.milling.service.purchases import ReceivedLine
from domain.milling.states import AllocateBy, PaymentMethod, PurchaseStatus
from schema.kit import ID, MoneyInput, attribute, idempotency_key, input_type, optional, read_id, read_optional_id
from schema.milling import enums  # noqa: F401  describes the enums that are used here
from schema.milling.catalogue.inputs import NewItemInput, NewSupplierInput

_PURCHASE = "The purchase."
_REASON = "Why, in 1 to 500 characters."
_UNIT = "The unit; that of the order when left out."
_LINE_NO = "The line of the purchase."
_BILL_NUMBER = "The supplier's own number of the bill, in up to 60 characters; each is entered once."
_BILLED_ON = "The day of the bill, not in the future and not in a closed period; today when left out."
_DUE_ON = "When it is due; by the supplier's terms when left out."
_BILL_LINES = (
    "Lines that are billed at another price than that of the order, at which all others are billed as far as they are here."
)
_METHOD = "How: suppliers are paid by cash, bank or mobile money."
_REFERENCE = "The code of mobile money, the number of a cheque; mobile money needs one. Up to 60 characters."
_PAID_AT = "When the money moved; now when left out. An earlier moment needs the permission MILL_BACKDATE."


def _change(description: str) -> Any:
    return attribute(description, default=strawberry.UNSET)


@input_type("What is ordered: an item that is known, or a new one; and what it costs.")
class PurchaseLineInput:
    item_id: ID | None = optional("The item.")
    new_item: NewItemInput | None = optional(
        "Or what the new item is. When the mill knows its code already, that item is meant, and has to agree."
    )
    quantity: Decimal = attribute("How much: above 0, with at most 3 decimals.")
    unit: str | None = optional("The unit, one of the item's; its base unit when left out.")
    unit_price: MoneyInput | None = optional("The price of one such unit.")
    amount: MoneyInput | None = optional("Or the amount of the whole line.")

    def parse(self, *path: str) -> OrderedLine:
        return OrderedLine(
            quantity=self.quantity,
            item_id=read_optional_id("Item", self.item_id, *path, "itemId"),
            new_item=None if self.new_item is None else self.new_item.parse(*path, "newItem"),
            unit=self.unit,
            unit_price=None if self.unit_price is None else self.unit_price.parse(*path, "unitPrice"),
            amount=None if self.amount is None else self.amount.parse(*path, "amount"),
        )


@input_type("What the supplier bills for a line.")
class BilledLineInput:
    line_no: int = attribute(_LINE_NO)
    amount: MoneyInput = attribute("How much, for all that came and did not go back.")


def _bill(said: Any, *path: str) -> Bill:
    lines = [
        BilledLine(line_no=line.line_no, amount=line.amount.parse(*path, "lines", str(index), "amount"))
        for index, line in enumerate(said.lines or ())
    ]
    return Bill(number=said.bill_number, billed_on=said.billed_on, due_on=said.due_on, lines=lines)


@input_type("The bill of goods that are received and billed at once.")
class PurchaseBillInput:
    bill_number: str | None = optional(_BILL_NUMBER)
    billed_on: date | None = optional(_BILLED_ON)
    due_on: date | None = optional(_DUE_ON)
    lines: list[BilledLineInput] | None = optional(_BILL_LINES)


@input_type("A purchase: of whom, into which warehouse, and what.")
class CreatePurchaseInput:
    supplier_id: ID | None = optional("The supplier.")
    new_supplier: NewSupplierInput | None = optional("Or who the new supplier is.")
    warehouse_id: ID = attribute("The warehouse that the goods come into, which the viewer may see.")
    lines: list[PurchaseLineInput] = attribute("What is bought, 1 to 200 lines.")
    up_to: PurchaseStatus = attribute(
        "DRAFT merely orders. RECEIVED brings all of it into the warehouse at once, BILLED enters the bill as well, which "
        "needs the permission MILL_BILL.",
        default=PurchaseStatus.RECEIVED,
    )
    received_at: datetime | None = optional(
        "When the goods came; now when left out. An earlier moment needs the permission MILL_BACKDATE: what happened to the "
        "stock since is worked out anew."
    )
    bill: PurchaseBillInput | None = optional("The bill, with BILLED; at the prices of the order when left out.")
    reference: str = attribute("The number of an offer or a delivery note, in up to 60 characters.", default="")
    note: str = attribute("What there is to say about it, in up to 500 characters.", default="")
    expected_on: date | None = optional("When the goods are expected.")
    idempotency_key: str | None = idempotency_key()

    def parse(self) -> dict[str, Any]:
        order = NewPurchase(
            supplier_id=read_optional_id("Supplier", self.supplier_id, "input", "supplierId"),
            new_supplier=None if self.new_supplier is None else self.new_supplier.parse(),
            warehouse_id=read_id("Warehouse", self.warehouse_id, "input", "warehouseId"),
            lines=_lines(self.lines),
            reference=self.reference,
            note=self.note,
            expected_on=self.expected_on,
        )
        bill = None if self.bill is None else _bill(self.bill, "input", "bill")
        return {"order": order, "up_to": self.up_to, "received_at": self.received_at, "bill": bill}


def _lines(lines: list[PurchaseLineInput]) -> list[OrderedLine]:
    return [line.parse("input", "lines", str(index)) for index, line in enumerate(lines)]


@input_type("What changes about an order of which nothing has come. What is left out stays.")
class UpdatePurchaseInput:
    purchase_id: ID = attribute(_PURCHASE)
    supplier_id: ID | None = _change("The supplier.")
    lines: list[PurchaseLineInput] | None = _change("What is bought; all lines are replaced.")
    reference: str | None = _change("The number of an offer or a delivery note, in up to 60 characters.")
    note: str | None = _change("What there is to say about it, in up to 500 characters.")
    expected_on: date | None = _change("When the goods are expected; null when nobody knows.")
    expected_version: int | None = optional("The version that you read; refused when somebody has changed it since.")

    def changes(self) -> dict[str, Any]:
        names = ("supplier_id", "lines", "reference", "note")
        said = {name: value for name in names if (value := getattr(self, name)) not in (strawberry.UNSET, None)}
        if self.expected_on is not strawberry.UNSET:
            said["expected_on"] = self.expected_on
        if "supplier_id" in said:
            said["supplier_id"] = read_id("Supplier", said["supplier_id"], "input", "supplierId")
        if "lines" in said:
            said["lines"] = _lines(said["lines"])
        return said


@input_type("How much of a line came.")
class ReceivedLineInput:
    line_no: int = attribute(_LINE_NO)
    quantity: Decimal = attribute("How much came; 0 when nothing did. It may be more than was ordered.")
    unit: str | None = optional(_UNIT)


@input_type("The goods of an order are here.")
class ReceivePurchaseInput:
    purchase_id: ID = attribute(_PURCHASE)
    lines: list[ReceivedLineInput] | None = optional("Lines that came otherwise than they were ordered.")
    received_at: datetime | None = optional(
        "When they came; now when left out. An earlier moment needs the permission MILL_BACKDATE."
    )
    idempotency_key: str | None = idempotency_key()

    def received(self) -> list[ReceivedLine]:
        return [ReceivedLine(line_no=each.line_no, quantity=each.quantity, unit=each.unit) for each in self.lines or ()]


@input_type("The supplier's bill for what was received.")
class BillPurchaseInput:
    purchase_id: ID = attribute(_PURCHASE)
    bill_number: str | None = optional(_BILL_NUMBER)
    billed_on: date | None = optional(_BILLED_ON)
    due_on: date | None = optional(_DUE_ON)
    lines: list[BilledLineInput] | None = optional(_BILL_LINES)
    idempotency_key: str | None = idempotency_key()

    def bill(self) -> Bill:
        return _bill(self, "input")


@input_type("Which purchase, and why.")
class CancelPurchaseInput:
    purchase_id: ID = attribute(_PURCHASE)
    reason: str = attribute(_REASON)
    idempotency_key: str | None = idempotency_key()


@input_type("Which bill to take back, and why.")
class CancelPurchaseBillInput:
    purchase_id: ID = attribute("The purchase that it is for.")
    reason: str = attribute(_REASON)
    idempotency_key: str | None = idempotency_key()


@input_type("Money to a supplier for a bill.")
class PayPurchaseInput:
    purchase_id: ID = attribute(_PURCHASE)
    amount: MoneyInput | None = optional("How much; all that is due when left out.")
    method: PaymentMethod = attribute(_METHOD)
    reference: str = attribute(_REFERENCE, default="")
    note: str = attribute("What there is to say about it, in up to 300 characters.", default="")
    paid_at: datetime | None = optional(_PAID_AT)
    idempotency_key: str | None = idempotency_key()


@input_type("Money that a supplier paid back.")
class RecordSupplierRefundInput:
    purchase_id: ID = attribute(_PURCHASE)
    amount: MoneyInput | None = optional("How much; all that was paid too much when left out.")
    method: PaymentMethod = attribute(_METHOD)
    reference: str = attribute(_REFERENCE, default="")
    note: str = attribute("What there is to say about it, in up to 300 characters.", default="")
    paid_at: datetime | None = optional(_PAID_AT)
    idempotency_key: str | None = idempotency_key()


@input_type("Which payment to a supplier, or refund by one, to take back, and why.")
class ReverseSupplierPaymentInput:
    payment_id: ID = attribute("The payment.")
    reason: str = attribute(_REASON)
    idempotency_key: str | None = idempotency_key()


@input_type("Freight, duty and the like that a purchase cost.")
class AddLandedCostInput:
    purchase_id: ID = attribute(_PURCHASE)
    amount: MoneyInput = attribute("How much altogether.")
    description: str = attribute("What it is for, in 1 to 300 characters.")
    allocate_by: AllocateBy = attribute("How it is shared among the lines.", default=AllocateBy.VALUE)
    idempotency_key: str | None = idempotency_key()


@input_type("Which landed cost to take off its purchase again, and why.")
class CancelLandedCostInput:
    landed_cost_id: ID = attribute("The landed cost.")
    reason: str = attribute(_REASON)
    idempotency_key: str | None = idempotency_key()


@input_type("How much of a line goes back.")
class ReturnedLineInput:
    line_no: int = attribute(_LINE_NO)
    quantity: Decimal = attribute("How much; not more than came and has not gone back yet.")
    unit: str | None = optional(_UNIT)


@input_type("Goods that go back to the supplier.")
class CreatePurchaseReturnInput:
    purchase_id: ID = attribute(_PURCHASE)
    lines: list[ReturnedLineInput] = attribute("What goes back, 1 to 200 lines.")
    reason: str = attribute(_REASON)
    returned_at: datetime | None = optional(
        "When they left; now when left out. An earlier moment needs the permission MILL_BACKDATE."
    )
    idempotency_key: str | None = idempotency_key()

    def returned(self) -> list[ReturnedLine]:
        return [ReturnedLine(line_no=each.line_no, quantity=each.quantity, unit=each.unit) for each in self.lines]


@input_type("Which return to take out of history, and why.")
class CancelPurchaseReturnInput:
    purchase_return_id: ID = attribute("The return.")
    reason: str = attribute(_REASON)
    idempotency_key: str | None = idempotency_key()


@input_type("Which purchases to list. Those that fit all that is said.")
class PurchaseFilter:
    statuses: list[PurchaseStatus] | None = optional("Those that stand at one of these.")
    supplier_id: ID | None = optional("Those of this supplier.")
    warehouse_id: ID | None = optional("Those into this warehouse, which the viewer may see.")
    item_id: ID | None = optional("Those with this item.")
    since: date | None = attribute("Ordered on this day or later, in UTC.", default=None, name="from")
    until: date | None = attribute("Ordered on this day or earlier, in UTC.", default=None, name="to")
    overdue: bool = attribute("Only those with a bill that ought to be paid by now.", default=False)
    search: str | None = optional("The number of a purchase or a bill, or a part of the supplier's name.")

    def parse(self) -> PurchaseFilterRow:
        return PurchaseFilterRow(
            statuses=self.statuses or (),
            supplier_id=read_optional_id("Supplier", self.supplier_id, "filter", "supplierId"),
            warehouse_id=read_optional_id("Warehouse", self.warehouse_id, "filter", "warehouseId"),
            item_id=read_optional_id("Item", self.item_id, "filter", "itemId"),
            since=self.since,
            until=self.until,
            overdue=self.overdue,
            search=self.search,
        )
