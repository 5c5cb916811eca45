"""What clients send about sales."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from domain.milling.queries import sales as queries
from domain.milling.service.financing import FinanceTerms
from domain.milling.service.sale_payments import PaidNow
from domain.milling.service.sale_returns import NewSaleReturn, ReturnedLine
from domain.milling.service.sale_terms import NewSale, SoldLine, TakenOff
from domain.milling.service.sales import Doing
from domain.milling.states import PaymentMethod, SaleStatus
from schema.kit import ID, MoneyInput, attribute, idempotency_key, input_type, read_id, read_optional_id
from schema.milling import enums  # noqa: F401  describes the enums that are used here

_VERSION = "The version that you read; refused with RECORD_CHANGED when somebody has changed it since."
_MOMENT = "now when left out. An earlier moment needs the permission MILL_BACKDATE."


@input_type("A discount: a percentage or an amount, not both.")
class DiscountInput:
    percent: Decimal | None = attribute("From 0 to 100, of what it is taken off; rounded half up.", default=None)
    amount: MoneyInput | None = attribute("An amount, at most what it is taken off.", default=None)

    def parse(self, *path: str) -> TakenOff:
        amount = None if self.amount is None else self.amount.parse(*path, "amount")
        return TakenOff(percent=self.percent, amount=amount)


@input_type("Goods to be sold.")
class SaleLineInput:
    item_id: ID = attribute("The item. It must be one that the warehouse keeps.")
    quantity: Decimal = attribute("How much, above 0, with at most three decimals.")
    unit: str | None = attribute("The unit of the quantity and the price; the item's base unit when left out.", default=None)
    unit_price: MoneyInput | None = attribute("The price of one unit; that of the item when left out.", default=None)
    discount: DiscountInput | None = attribute("What is taken off this line.", default=None)

    def parse(self, *path: str) -> SoldLine:
        return SoldLine(
            item_id=read_id("Item", self.item_id, *path, "itemId"),
            quantity=self.quantity,
            unit=self.unit,
            unit_price=None if self.unit_price is None else self.unit_price.parse(*path, "unitPrice"),
            discount=None if self.discount is None else self.discount.parse(*path, "discount"),
        )


@input_type("How a customer pays, or is paid back.")
class SalePaymentInput:
    method: PaymentMethod = attribute(
        "How. Money may go back into the wallet of a customer who is a registered user; out of it that customer alone pays."
    )
    amount: MoneyInput | None = attribute("How much; all that there is when left out.", default=None)
    reference: str = attribute("The code of mobile money, which must be there, or the number of a cheque.", default="")
    note: str = attribute("What there is to say about it, in up to 300 characters.", default="")

    def parse(self, *path: str) -> PaidNow:
        amount = None if self.amount is None else self.amount.parse(*path, "amount")
        return PaidNow(method=self.method, amount=amount, reference=self.reference, note=self.note)


@input_type("What a sale is about.")
class SaleTermsInput:
    warehouse_id: ID = attribute("Where the goods come from.")
    lines: list[SaleLineInput] = attribute("The goods, 1 to 200 lines. Lines of one item count together.")
    customer_id: ID | None = attribute("The customer; left out for somebody at the counter.", default=None)
    customer_name: str | None = attribute("The name of somebody at the counter, who need not have one.", default=None)
    discount: DiscountInput | None = attribute(
        "What is taken off the whole, shared among the lines in proportion to the cent.", default=None
    )
    note: str = attribute("What there is to say about it, in up to 500 characters.", default="")

    def terms(self) -> NewSale:
        return NewSale(
            warehouse_id=read_id("Warehouse", self.warehouse_id, "input", "warehouseId"),
            lines=[line.parse("input", "lines", str(place)) for place, line in enumerate(self.lines)],
            customer_id=read_optional_id("Customer", self.customer_id, "input", "customerId"),
            customer_name=self.customer_name,
            discount=None if self.discount is None else self.discount.parse("input", "discount"),
            note=self.note,
        )


@input_type("A sale to be made.")
class CreateSaleInput(SaleTermsInput):
    up_to: SaleStatus = attribute(
        "How far it goes at once: an offer (DRAFT), an order that holds the goods back (CONFIRMED), or DELIVERED.",
        default=SaleStatus.DELIVERED,
    )
    delivered_at: datetime | None = attribute(f"When the goods went out; {_MOMENT}", default=None)
    payment: SalePaymentInput | None = attribute(
        "What is paid on delivery, which needs the permission MILL_BILL.", default=None
    )
    idempotency_key: str | None = idempotency_key()

    def doing(self) -> Doing:
        payment = None if self.payment is None else self.payment.parse("input", "payment")
        return Doing(up_to=self.up_to, delivered_at=self.delivered_at, payment=payment)


@input_type("An offer said anew.")
class UpdateSaleInput(SaleTermsInput):
    sale_id: ID = attribute("The sale, which is a draft.")
    expected_version: int | None = attribute(_VERSION, default=None)
    idempotency_key: str | None = idempotency_key()


@input_type("A sale that something is done with.")
class SaleActInput:
    sale_id: ID = attribute("The sale.")
    idempotency_key: str | None = idempotency_key()


@input_type("A sale to be delivered.")
class DeliverSaleInput(SaleActInput):
    delivered_at: datetime | None = attribute(f"When the goods went out; {_MOMENT}", default=None)
    payment: SalePaymentInput | None = attribute(
        "What is paid on delivery, which needs the permission MILL_BILL.", default=None
    )


@input_type("A sale to be called off.")
class CancelSaleInput(SaleActInput):
    reason: str = attribute("Why, in 1 to 500 characters.")


@input_type("A sale that is to have an invoice.")
class InvoiceSaleInput(SaleActInput):
    due_on: date | None = attribute("By when it is to be paid; by the customer's terms when left out.", default=None)


@input_type("Money that a customer paid for a delivered sale, or gets back.")
class RecordSalePaymentInput(SaleActInput):
    payment: SalePaymentInput = attribute("How and how much.")
    paid_at: datetime | None = attribute(f"When the money moved; {_MOMENT}", default=None)


@input_type("How much of what investors paid is brought into the mill.")
class CollectFinanceProceedsInput:
    amount: MoneyInput | None = attribute("How much; all that is left in the wallet when left out.", default=None)
    idempotency_key: str | None = idempotency_key()


@input_type("A record of a payment that was wrong.")
class ReverseSalePaymentInput:
    payment_id: ID = attribute("The payment or refund.")
    reason: str = attribute("Why, in 1 to 500 characters.")
    idempotency_key: str | None = idempotency_key()


@input_type("Goods of one line of a sale that come back.")
class SaleReturnLineInput:
    line_id: ID = attribute("The line of the sale.")
    quantity: Decimal = attribute("How much comes back, above 0.")
    unit: str | None = attribute("The unit of that; the line's when left out.", default=None)

    def parse(self, *path: str) -> ReturnedLine:
        line_id = read_id("SaleLine", self.line_id, *path, "lineId")
        return ReturnedLine(line_id=line_id, quantity=self.quantity, unit=self.unit)


@input_type("Goods of a sale that come back.")
class CreateSaleReturnInput(SaleActInput):
    lines: list[SaleReturnLineInput] = attribute("What comes back; each line of the sale once at most.")
    reason: str = attribute("Why, in 1 to 500 characters.")
    refund_method: PaymentMethod | None = attribute(
        "How what was paid for it is given back at once, which needs the permission MILL_BILL. When left out it is set off "
        "against what the customer owes.",
        default=None,
    )
    refund_reference: str = attribute("The code of mobile money, or the number of a cheque, of the refund.", default="")
    returned_at: datetime | None = attribute(f"When the goods came back; {_MOMENT}", default=None)

    def back(self) -> NewSaleReturn:
        return NewSaleReturn(
            lines=[line.parse("input", "lines", str(place)) for place, line in enumerate(self.lines)],
            reason=self.reason,
            refund_method=self.refund_method,
            refund_reference=self.refund_reference,
            returned_at=self.returned_at,
        )


@input_type("A return that was written down wrongly.")
class CancelSaleReturnInput:
    sale_return_id: ID = attribute("The return.")
    reason: str = attribute("Why, in 1 to 500 characters.")
    idempotency_key: str | None = idempotency_key()


@input_type("What investors are offered for the invoice of a sale.")
class OfferSaleForFinanceInput(SaleActInput):
    advance_rate: Decimal = attribute(
        "How much of what is owed they advance, in percent with at most two decimals, above 0.", default=Decimal(100)
    )
    fee_rate: Decimal = attribute(
        "What that costs, in percent of what is owed with at most two decimals, up to 50.", default=Decimal(0)
    )
    recourse: bool = attribute("Whether the seller pays them back if the customer does not.", default=False)

    def terms(self) -> FinanceTerms:
        return FinanceTerms(advance_rate=self.advance_rate, fee_rate=self.fee_rate, recourse=self.recourse)


@input_type("Which sales. What is left out does not narrow.")
class SaleFilter:
    statuses: list[SaleStatus] | None = attribute("That stand there.", default=None)
    customer_id: ID | None = attribute("To this customer.", default=None)
    warehouse_id: ID | None = attribute("Out of this warehouse.", default=None)
    item_id: ID | None = attribute("Of this item.", default=None)
    branch_id: ID | None = attribute("Of this branch.", default=None)
    since: date | None = attribute("Made on this day or later, in UTC.", default=None, name="from")
    until: date | None = attribute("Made on this day or earlier, in UTC.", default=None, name="to")
    unpaid: bool = attribute("Only deliveries for which something is owed.", default=False)
    overdue: bool = attribute("Only those that ought to be paid by now.", default=False)
    search: str | None = attribute("The number of a sale or an invoice, or a part of the customer's name.", default=None)

    def parse(self) -> queries.SaleFilter:
        return queries.SaleFilter(
            statuses=self.statuses or (),
            customer_id=read_optional_id("Customer", self.customer_id, "filter", "customerId"),
            warehouse_id=read_optional_id("Warehouse", self.warehouse_id, "filter", "warehouseId"),
            item_id=read_optional_id("Item", self.item_id, "filter", "itemId"),
            branch_id=read_optional_id("Branch", self.branch_id, "filter", "branchId"),
            since=self.since,
            until=self.until,
            unpaid=self.unpaid,
            overdue=self.overdue,
            search=self.search,
        )
