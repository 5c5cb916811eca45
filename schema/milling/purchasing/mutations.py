"""Buying, receiving, billing, paying, sending back, and taking any of it back."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry

from domain.identity.permissions import Permission
from domain.kit.idempotency import Outcome, once
from domain.milling.service import landed_cost, purchase_bills, purchase_returns, purchases, supplier_payments
from schema.kit import (
    Answer,
    Info,
    Payload,
    ReplayablePayload,
    argument,
    attribute,
    mutation,
    payload_type,
    read_id,
)
from schema.milling.payments import MillPayment
from schema.milling.purchasing import inputs
from schema.milling.purchasing.types import LandedCost, Purchase, PurchaseReturn

BUY, BILL = Permission.MILL_PURCHASE, Permission.MILL_BILL

_WHAT = argument("What.")


@payload_type("The purchase as the act left it.")
class PurchasePayload(ReplayablePayload):
    purchase: Purchase | None = attribute("The purchase.")


@payload_type("The order as it is now.")
class UpdatePurchasePayload(Payload):
    purchase: Purchase | None = attribute("The purchase.")


@payload_type("The payment as the act left it.")
class SupplierPaymentPayload(ReplayablePayload):
    payment: MillPayment | None = attribute("The payment.")
    purchase: Purchase | None = attribute("The purchase that it is for, as it is now.")


@payload_type("The landed cost as the act left it.")
class LandedCostPayload(ReplayablePayload):
    landed_cost: LandedCost | None = attribute("The landed cost.")
    purchase: Purchase | None = attribute("The purchase, as it is now.")


@payload_type("The return as the act left it.")
class PurchaseReturnPayload(ReplayablePayload):
    purchase_return: PurchaseReturn | None = attribute("The return.")
    purchase: Purchase | None = attribute("The purchase, as it is now.")


@strawberry.type
class Mutation:
    @mutation(
        PurchasePayload,
        "Buy goods: order them, or receive them at once, and enter the bill as well. Items and a supplier that are new come "
        "into being with it.",
        requires=BUY,
    )
    async def create_purchase(self, info: Info, input: Annotated[inputs.CreatePurchaseInput, _WHAT]) -> Answer:
        outcome = await once(input.idempotency_key, purchases.create_purchase, info.context.actor, **input.parse())
        return Answer(purchase=outcome.result, replayed=outcome.replayed)

    @mutation(UpdatePurchasePayload, "Change an order of which nothing has come.", requires=BUY)
    async def update_purchase(self, info: Info, input: Annotated[inputs.UpdatePurchaseInput, _WHAT]) -> Answer:
        purchase = await purchases.update_purchase(
            info.context.actor,
            purchase_id=read_id("Purchase", input.purchase_id, "input", "purchaseId"),
            changes=input.changes(),
            expected_version=input.expected_version,
        )
        return Answer(purchase=purchase)

    @mutation(
        PurchasePayload,
        "Bring the goods of an order into its warehouse, at the prices of the order. What did not come is not waited for.",
        requires=BUY,
    )
    async def receive_purchase(self, info: Info, input: Annotated[inputs.ReceivePurchaseInput, _WHAT]) -> Answer:
        outcome = await once(
            input.idempotency_key,
            purchases.receive_purchase,
            info.context.actor,
            purchase_id=read_id("Purchase", input.purchase_id, "input", "purchaseId"),
            received=input.received(),
            received_at=input.received_at,
        )
        return Answer(purchase=outcome.result, replayed=outcome.replayed)

    @mutation(
        PurchasePayload,
        "Enter the supplier's bill. Where it says another price, the goods have cost that from the moment of their receipt "
        "on: what was milled or sold meanwhile is worked out anew.",
        requires=BILL,
    )
    async def bill_purchase(self, info: Info, input: Annotated[inputs.BillPurchaseInput, _WHAT]) -> Answer:
        outcome = await once(
            input.idempotency_key,
            purchase_bills.bill_purchase,
            info.context.actor,
            purchase_id=read_id("Purchase", input.purchase_id, "input", "purchaseId"),
            bill=input.bill(),
        )
        return Answer(purchase=outcome.result, replayed=outcome.replayed)

    @mutation(
        PurchasePayload,
        "Take back a bill that was wrong. The goods stay, at the prices of the order.",
        requires=BILL,
    )
    async def cancel_purchase_bill(self, info: Info, input: Annotated[inputs.CancelPurchaseBillInput, _WHAT]) -> Answer:
        outcome = await once(
            input.idempotency_key,
            purchase_bills.cancel_purchase_bill,
            info.context.actor,
            purchase_id=read_id("Purchase", input.purchase_id, "input", "purchaseId"),
            reason=input.reason,
        )
        return Answer(purchase=outcome.result, replayed=outcome.replayed)

    @mutation(
        PurchasePayload,
        "Call an order off, or take received goods out of history as if they had never come (needs MILL_BACKDATE, too). Not "
        "while a bill, a return or a landed cost of it stands, nor where the goods are gone.",
        requires=BUY,
    )
    async def cancel_purchase(self, info: Info, input: Annotated[inputs.CancelPurchaseInput, _WHAT]) -> Answer:
        outcome = await once(
            input.idempotency_key,
            purchases.cancel_purchase,
            info.context.actor,
            purchase_id=read_id("Purchase", input.purchase_id, "input", "purchaseId"),
            reason=input.reason,
        )
        return Answer(purchase=outcome.result, replayed=outcome.replayed)

    @mutation(
        SupplierPaymentPayload,
        "Pay the supplier, in part or all that is due. By WALLET it is paid with what investors paid into the viewer's own "
        "wallet for invoices of the mill; see `financeProceeds`.",
        requires=BILL,
    )
    async def pay_purchase(self, info: Info, input: Annotated[inputs.PayPurchaseInput, _WHAT]) -> Answer:
        outcome = await once(input.idempotency_key, supplier_payments.pay_purchase, info.context.actor, **_money(input))
        return _told(outcome)

    @mutation(SupplierPaymentPayload, "Record what the supplier paid back of what was paid too much.", requires=BILL)
    async def record_supplier_refund(self, info: Info, input: Annotated[inputs.RecordSupplierRefundInput, _WHAT]) -> Answer:
        actor = info.context.actor
        return _told(await once(input.idempotency_key, supplier_payments.record_supplier_refund, actor, **_money(input)))

    @mutation(
        SupplierPaymentPayload,
        "Take back a payment to a supplier, or a refund by one, that did not happen, by the opposite entry, dated today. "
        "It takes the permission MILL_BACKDATE.",
        requires=BILL,
    )
    async def reverse_supplier_payment(
        self, info: Info, input: Annotated[inputs.ReverseSupplierPaymentInput, _WHAT]
    ) -> Answer:
        outcome = await once(
            input.idempotency_key,
            supplier_payments.reverse_supplier_payment,
            info.context.actor,
            payment_id=read_id("MillPayment", input.payment_id, "input", "paymentId"),
            reason=input.reason,
        )
        return _told(outcome)

    @mutation(
        LandedCostPayload,
        "Add freight, duty and the like to what a purchase cost, shared among its lines to the cent. Goods that are gone by "
        "then have cost more, too.",
        requires=BILL,
    )
    async def add_landed_cost(self, info: Info, input: Annotated[inputs.AddLandedCostInput, _WHAT]) -> Answer:
        outcome = await once(
            input.idempotency_key,
            landed_cost.add_landed_cost,
            info.context.actor,
            purchase_id=read_id("Purchase", input.purchase_id, "input", "purchaseId"),
            amount=input.amount.parse("input", "amount"),
            description=input.description,
            allocate_by=input.allocate_by,
        )
        landed = outcome.result
        return Answer(landed_cost=landed.landed_cost, purchase=landed.purchase, replayed=outcome.replayed)

    @mutation(LandedCostPayload, "Take a landed cost off its purchase again, as if it had never been.", requires=BILL)
    async def cancel_landed_cost(self, info: Info, input: Annotated[inputs.CancelLandedCostInput, _WHAT]) -> Answer:
        outcome = await once(
            input.idempotency_key,
            landed_cost.cancel_landed_cost,
            info.context.actor,
            landed_cost_id=read_id("LandedCost", input.landed_cost_id, "input", "landedCostId"),
            reason=input.reason,
        )
        landed = outcome.result
        return Answer(landed_cost=landed.landed_cost, purchase=landed.purchase, replayed=outcome.replayed)

    @mutation(
        PurchaseReturnPayload,
        "Send goods back to the supplier. They leave at the cost of their receipt under FIFO and at the average under "
        "moving average; what the supplier gives less or more than that is stock variance.",
        requires=BUY,
    )
    async def create_purchase_return(self, info: Info, input: Annotated[inputs.CreatePurchaseReturnInput, _WHAT]) -> Answer:
        outcome = await once(
            input.idempotency_key,
            purchase_returns.create_purchase_return,
            info.context.actor,
            purchase_id=read_id("Purchase", input.purchase_id, "input", "purchaseId"),
            lines=input.returned(),
            reason=input.reason,
            returned_at=input.returned_at,
        )
        sent = outcome.result
        return Answer(purchase_return=sent.purchase_return, purchase=sent.purchase, replayed=outcome.replayed)

    @mutation(
        PurchaseReturnPayload,
        "Take a return out of history, as if the goods had never gone back (needs MILL_BACKDATE, too).",
        requires=BUY,
    )
    async def cancel_purchase_return(self, info: Info, input: Annotated[inputs.CancelPurchaseReturnInput, _WHAT]) -> Answer:
        outcome = await once(
            input.idempotency_key,
            purchase_returns.cancel_purchase_return,
            info.context.actor,
            purchase_return_id=read_id("PurchaseReturn", input.purchase_return_id, "input", "purchaseReturnId"),
            reason=input.reason,
        )
        sent = outcome.result
        return Answer(purchase_return=sent.purchase_return, purchase=sent.purchase, replayed=outcome.replayed)


def _money(input: inputs.PayPurchaseInput | inputs.RecordSupplierRefundInput) -> dict[str, Any]:
    return {
        "purchase_id": read_id("Purchase", input.purchase_id, "input", "purchaseId"),
        "amount": input.amount and input.amount.parse("input", "amount"),
        "method": input.method,
        "reference": input.reference,
        "note": input.note,
        "paid_at": input.paid_at,
    }


def _told(outcome: Outcome[supplier_payments.SupplierMoney]) -> Answer:
    money = outcome.result
    return Answer(payment=money.payment, purchase=money.purchase, replayed=outcome.replayed)
