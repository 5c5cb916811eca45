"""Selling, delivering, taking back, being paid, writing invoices and offering them to investors."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

import strawberry

from domain.identity.permissions import Permission
from domain.kit.idempotency import Outcome, once
from domain.milling.models import Sale as SaleRow
from domain.milling.service import financing, proceeds, sale_invoices, sale_payments, sale_returns, sales
from domain.milling.service.sale_payments import SalePayment
from domain.milling.service.sale_returns import SaleReturned
from schema.kit import Answer, Info, Money, ReplayablePayload, argument, attribute, mutation, payload_type, read_id
from schema.milling.payments import MillPayment
from schema.milling.sales.inputs import (
    CancelSaleInput,
    CancelSaleReturnInput,
    CollectFinanceProceedsInput,
    CreateSaleInput,
    CreateSaleReturnInput,
    DeliverSaleInput,
    InvoiceSaleInput,
    OfferSaleForFinanceInput,
    RecordSalePaymentInput,
    ReverseSalePaymentInput,
    SaleActInput,
    UpdateSaleInput,
)
from schema.milling.sales.types import FinanceProceeds, Sale, SaleReturn

SELL, BILL = Permission.MILL_SELL, Permission.MILL_BILL


@payload_type("The sale as the act left it.")
class SalePayload(ReplayablePayload):
    sale: Sale | None = attribute("The sale.")


@payload_type("What came of moving money for a sale.")
class SalePaymentPayload(ReplayablePayload):
    sale: Sale | None = attribute("The sale as it is now.")
    payment: MillPayment | None = attribute("The payment.")


@payload_type("What came of goods that came back.")
class SaleReturnPayload(ReplayablePayload):
    sale: Sale | None = attribute("The sale as it is now.")
    sale_return: SaleReturn | None = attribute("The return.")


@payload_type("What came of bringing in what investors paid.")
class CollectFinanceProceedsPayload(ReplayablePayload):
    collected: Money | None = attribute("How much was brought in.")
    proceeds: FinanceProceeds | None = attribute("How the viewer stands with the mill now.")


OneSale = Annotated[SaleActInput, argument("Which sale.")]
OnePayment = Annotated[RecordSalePaymentInput, argument("Which sale, how and how much.")]


@strawberry.type
class Mutation:
    @mutation(
        SalePayload,
        "Sell goods of a warehouse. What is wanted is there and goes out, or nothing is done: INSUFFICIENT_STOCK tells in "
        "its figures what was `requested` and what is `available`.",
        requires=SELL,
    )
    async def create_sale(self, info: Info, input: Annotated[CreateSaleInput, argument("The sale.")]) -> Answer:
        return _sale(
            await once(input.idempotency_key, sales.create_sale, info.context.actor, sale=input.terms(), doing=input.doing())
        )

    @mutation(SalePayload, "Say anew what an offer is about, before it is confirmed or delivered.", requires=SELL)
    async def update_sale(self, info: Info, input: Annotated[UpdateSaleInput, argument("The offer.")]) -> Answer:
        return _sale(
            await once(
                input.idempotency_key,
                sales.update_sale,
                info.context.actor,
                sale_id=_id(input.sale_id),
                sale=input.terms(),
                expected_version=input.expected_version,
            )
        )

    @mutation(SalePayload, "Make an order of an offer: its goods are held back from now on.", requires=SELL)
    async def confirm_sale(self, info: Info, input: OneSale) -> Answer:
        return _sale(await _act(info, input, sales.confirm_sale))

    @mutation(SalePayload, "Hand the goods of an offer or an order to the customer.", requires=SELL)
    async def deliver_sale(
        self, info: Info, input: Annotated[DeliverSaleInput, argument("Which sale, and when.")]
    ) -> Answer:
        payment = None if input.payment is None else input.payment.parse("input", "payment")
        said = {"delivered_at": input.delivered_at, "payment": payment}
        return _sale(await _act(info, input, sales.deliver_sale, **said))

    @mutation(
        SalePayload,
        "Call a sale off. A delivery, which takes the permission MILL_BACKDATE, is taken out of history as if it had never "
        "been; payments and returns of it are to be taken back first.",
        requires=SELL,
    )
    async def cancel_sale(self, info: Info, input: Annotated[CancelSaleInput, argument("Which sale, and why.")]) -> Answer:
        return _sale(await _act(info, input, sales.cancel_sale, reason=input.reason))

    @mutation(SalePayload, "Write the invoice of a delivered sale.", requires=SELL)
    async def invoice_sale(
        self, info: Info, input: Annotated[InvoiceSaleInput, argument("Which sale, and by when it is to be paid.")]
    ) -> Answer:
        return _sale(await _act(info, input, sale_invoices.invoice_sale, due_on=input.due_on))

    @mutation(
        SalePayload,
        "Offer what is owed on the invoice of a sale to investors, which takes the permission INVOICE_SELL. The viewer is "
        "its seller there; whether the market took it is told by `salesUpdated` a moment later.",
        requires=SELL,
    )
    async def offer_sale_for_finance(
        self, info: Info, input: Annotated[OfferSaleForFinanceInput, argument("Which sale, and at which terms.")]
    ) -> Answer:
        return _sale(await _act(info, input, financing.offer_sale_for_finance, terms=input.terms()))

    @mutation(
        CollectFinanceProceedsPayload,
        "Bring what investors paid for invoices of the mill from the viewer's own wallet into the mill, in part or all.",
        requires=SELL,
    )
    async def collect_finance_proceeds(
        self, info: Info, input: Annotated[CollectFinanceProceedsInput, argument("How much.")]
    ) -> Answer:
        amount = None if input.amount is None else input.amount.parse("input", "amount")
        actor = info.context.actor
        outcome = await once(input.idempotency_key, proceeds.collect_finance_proceeds, actor, amount=amount)
        collected = outcome.result
        return Answer(collected=collected.amount, proceeds=collected.proceeds, replayed=outcome.replayed)

    @mutation(
        SalePaymentPayload,
        "Record what a customer paid for a delivered sale, in part or in full, by any way but a wallet: out of that the "
        "customer alone pays, by `payMillOrder`.",
        requires=BILL,
    )
    async def record_sale_payment(self, info: Info, input: OnePayment) -> Answer:
        said = {"payment": input.payment.parse("input", "payment"), "paid_at": input.paid_at}
        return _payment(await _act(info, input, sale_payments.record_sale_payment, **said))

    @mutation(
        SalePaymentPayload,
        "Give back what is owed to a customer because goods came back that were paid for.",
        requires=BILL,
    )
    async def refund_sale(self, info: Info, input: OnePayment) -> Answer:
        said = {"payment": input.payment.parse("input", "payment"), "paid_at": input.paid_at}
        return _payment(await _act(info, input, sale_payments.refund_sale, **said))

    @mutation(
        SalePaymentPayload,
        "Take back the record of a payment or a refund that was wrong, which takes the permission MILL_BACKDATE. A refund "
        "into a wallet stays.",
        requires=BILL,
    )
    async def reverse_sale_payment(
        self, info: Info, input: Annotated[ReverseSalePaymentInput, argument("Which payment, and why.")]
    ) -> Answer:
        return _payment(
            await once(
                input.idempotency_key,
                sale_payments.reverse_sale_payment,
                info.context.actor,
                payment_id=read_id("MillPayment", input.payment_id, "input", "paymentId"),
                reason=input.reason,
            )
        )

    @mutation(
        SaleReturnPayload,
        "Take goods of a delivered sale back into its warehouse, no more than were sold and are not back yet: they come in "
        "at what they had cost (FIFO), or at what such goods cost now (MOVING_AVERAGE).",
        requires=SELL,
    )
    async def create_sale_return(
        self, info: Info, input: Annotated[CreateSaleReturnInput, argument("Which sale, and what comes back.")]
    ) -> Answer:
        return _returned(await _act(info, input, sale_returns.create_sale_return, back=input.back()))

    @mutation(
        SaleReturnPayload,
        "Take a return out of history as if nothing had come back, which takes the permission MILL_BACKDATE.",
        requires=SELL,
    )
    async def cancel_sale_return(
        self, info: Info, input: Annotated[CancelSaleReturnInput, argument("Which return, and why.")]
    ) -> Answer:
        return _returned(
            await once(
                input.idempotency_key,
                sale_returns.cancel_sale_return,
                info.context.actor,
                sale_return_id=read_id("SaleReturn", input.sale_return_id, "input", "saleReturnId"),
                reason=input.reason,
            )
        )


async def _act(info: Info, input: SaleActInput, act: Callable[..., Awaitable[Any]], **said: object) -> Outcome[Any]:
    return await once(input.idempotency_key, act, info.context.actor, sale_id=_id(input.sale_id), **said)


def _id(sale_id: str) -> UUID:
    found: UUID = read_id("Sale", strawberry.ID(sale_id), "input", "saleId")
    return found


def _sale(outcome: Outcome[SaleRow]) -> Answer:
    return Answer(sale=outcome.result, replayed=outcome.replayed)


def _payment(outcome: Outcome[SalePayment]) -> Answer:
    return Answer(sale=outcome.result.sale, payment=outcome.result.payment, replayed=outcome.replayed)


def _returned(outcome: Outcome[SaleReturned]) -> Answer:
    return Answer(sale=outcome.result.sale, sale_return=outcome.result.sale_return, replayed=outcome.replayed)
