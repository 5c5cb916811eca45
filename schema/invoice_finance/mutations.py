"""Offering, funding, bidding, repaying, and talking about invoices."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

import strawberry

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.invoice_finance import models, service
from domain.invoice_finance.service import Settlement
from domain.invoice_finance.states import InvoiceStatus
from domain.kit.idempotency import Outcome, once
from domain.wallets.queries import my_wallet
from schema.invoice_finance.inputs import (
    CreateInvoiceInput,
    FundInvoiceInput,
    InvoiceActInput,
    PlaceBidInput,
    RecordInvoicePaymentInput,
    SendInvoiceMessageInput,
    SettleInvoiceInput,
    SettleInvoicesInput,
    UpdateInvoiceInput,
)
from schema.invoice_finance.types import Bid, Investment, Invoice, InvoiceMessage, InvoicePayment
from schema.kit import (
    Answer,
    Info,
    Money,
    Parent,
    Payload,
    ReplayablePayload,
    argument,
    attribute,
    field,
    mutation,
    payload_type,
    read_id,
)
from schema.wallets.types import Wallet


@payload_type("The invoice that was made, and a word about it for its seller.")
class CreateInvoicePayload(ReplayablePayload):
    invoice: Invoice | None = attribute("The invoice.")
    message: str | None = attribute("What happened, for people.")


@payload_type("The draft as it was changed.")
class UpdateInvoicePayload(Payload):
    invoice: Invoice | None = attribute("The draft.")


@payload_type("The invoice as the act left it.")
class InvoicePayload(ReplayablePayload):
    invoice: Invoice | None = attribute("The invoice.")


@payload_type("What came of funding.")
class FundInvoicePayload(ReplayablePayload):
    invoice: Invoice | None = attribute("The invoice as the investment left it.")
    investment: Investment | None = attribute("The investment.")
    amount: Money | None = attribute("How much was taken.")
    clipped: bool | None = attribute("Less was taken than offered, because less remained.")

    @field(Wallet | None, "The investor's wallet as it stands now.")
    async def wallet(self, answer: Parent[Answer], info: Info) -> object:
        funded: models.Invoice | None = answer.invoice
        return None if funded is None else await my_wallet(info.context.actor, funded.currency)


@payload_type("The bid that stands, and the invoice it is for.")
class PlaceBidPayload(ReplayablePayload):
    invoice: Invoice | None = attribute("The invoice.")
    bid: Bid | None = attribute("The bid.")


@payload_type("The bid that was taken back.")
class WithdrawBidPayload(ReplayablePayload):
    bid: Bid | None = attribute("The bid.")


@payload_type("How the auction ended.")
class CloseAuctionPayload(ReplayablePayload):
    invoice: Invoice | None = attribute("The invoice.")
    winner: Bid | None = attribute("The bid that won; null when nobody had bid, and the offer expired.")


@payload_type("What came of a repayment.")
class SettlementPayload(ReplayablePayload):
    invoices: list[Invoice] | None = attribute(
        "The invoices that were paid, as the payment left them, the earliest due first."
    )
    payments: list[InvoicePayment] | None = attribute("What came in for each of them, and how it was shared out.")


@payload_type("What was said.")
class SendInvoiceMessagePayload(ReplayablePayload):
    message: InvoiceMessage | None = attribute("The message.")


Act = Annotated[InvoiceActInput, argument("Which invoice.")]


@strawberry.type
class Mutation:
    @mutation(
        CreateInvoicePayload,
        "Offer an invoice to all investors, or keep it as a draft.",
        requires=Permission.INVOICE_SELL,
    )
    async def create_invoice(
        self, info: Info, input: Annotated[CreateInvoiceInput, argument("The invoice and its terms.")]
    ) -> Answer:
        outcome = await once(
            input.idempotency_key, service.create_invoice, info.context.actor, terms=input.terms(), draft=input.draft
        )
        return Answer(invoice=outcome.result, message=_word_about(outcome.result), replayed=outcome.replayed)

    @mutation(UpdateInvoicePayload, "Change the terms of a draft.", requires=Permission.INVOICE_SELL)
    async def update_invoice(
        self, info: Info, input: Annotated[UpdateInvoiceInput, argument("Which draft, and what to change.")]
    ) -> Answer:
        invoice_id = read_id("Invoice", input.invoice_id, "input", "invoiceId")
        changed = await service.update_invoice(info.context.actor, invoice_id=invoice_id, changes=input.changes())
        return Answer(invoice=changed)

    @mutation(InvoicePayload, "Put a draft on the marketplace.", requires=Permission.INVOICE_SELL)
    async def list_invoice(self, info: Info, input: Act) -> Answer:
        return await _act(info, input, service.list_invoice)

    @mutation(
        InvoicePayload,
        "Take an invoice back before any money was out; what was held for it is released.",
        requires=Permission.INVOICE_SELL,
    )
    async def withdraw_invoice(self, info: Info, input: Act) -> Answer:
        return await _act(info, input, service.withdraw_invoice)

    @mutation(
        InvoicePayload,
        "Be content with what is funded so far: it becomes the advance, and the invoice leaves the marketplace.",
        requires=Permission.INVOICE_SELL,
    )
    async def close_funding(self, info: Info, input: Act) -> Answer:
        return await _act(info, input, service.close_funding)

    @mutation(FundInvoicePayload, "Fund an invoice in whole or in part from one's wallet.", requires=Permission.INVOICE_FUND)
    async def fund_invoice(
        self, info: Info, input: Annotated[FundInvoiceInput, argument("What to fund, and with how much.")]
    ) -> Answer:
        outcome = await once(
            input.idempotency_key,
            service.fund_invoice,
            info.context.actor,
            invoice_id=read_id("Invoice", input.invoice_id, "input", "invoiceId"),
            amount=input.amount.parse("input", "amount"),
            allow_partial=input.allow_partial,
        )
        funding = outcome.result
        return Answer(
            invoice=funding.invoice,
            investment=funding.investment,
            amount=funding.investment.amount,
            clipped=funding.clipped,
            replayed=outcome.replayed,
        )

    @mutation(
        PlaceBidPayload,
        "Bid for the whole advance of an invoice; the money is held. A lower bid replaces one's own.",
        requires=Permission.INVOICE_FUND,
    )
    async def place_bid(
        self, info: Info, input: Annotated[PlaceBidInput, argument("For which invoice, at which rate.")]
    ) -> Answer:
        invoice_id = read_id("Invoice", input.invoice_id, "input", "invoiceId")
        outcome = await once(
            input.idempotency_key, service.place_bid, info.context.actor, invoice_id=invoice_id, rate=input.rate
        )
        return Answer(invoice=outcome.result.invoice, bid=outcome.result.bid, replayed=outcome.replayed)

    @mutation(
        WithdrawBidPayload,
        "Take one's bid back while the auction runs; its money is free.",
        requires=Permission.INVOICE_FUND,
    )
    async def withdraw_bid(self, info: Info, input: Act) -> Answer:
        outcome = await _once(info, input, service.withdraw_bid)
        return Answer(bid=outcome.result, replayed=outcome.replayed)

    @mutation(
        CloseAuctionPayload,
        "End one's auction now: the lowest rate wins, and of equal ones the earliest.",
        requires=Permission.INVOICE_SELL,
    )
    async def close_auction(self, info: Info, input: Act) -> Answer:
        outcome = await _once(info, input, service.close_auction)
        return Answer(invoice=outcome.result.invoice, winner=outcome.result.winner, replayed=outcome.replayed)

    @mutation(
        SettlementPayload,
        "Repay an invoice from one's wallet, in whole or in part; investors are paid at once. Its debtor does, or its "
        "seller when it was sold with recourse and is late.",
        requires=Permission.INVOICE_READ,
    )
    async def settle_invoice(
        self, info: Info, input: Annotated[SettleInvoiceInput, argument("Which invoice, and how much of it.")]
    ) -> Answer:
        outcome = await once(
            input.idempotency_key,
            service.settle_invoice,
            info.context.actor,
            invoice_id=read_id("Invoice", input.invoice_id, "input", "invoiceId"),
            amount=None if input.amount is None else input.amount.parse("input", "amount"),
        )
        return _settled(outcome)

    @mutation(
        SettlementPayload,
        "Repay several invoices of one seller from one's wallet, netted.",
        requires=Permission.INVOICE_READ,
    )
    async def settle_invoices(
        self, info: Info, input: Annotated[SettleInvoicesInput, argument("Which invoices, and how much in all.")]
    ) -> Answer:
        outcome = await once(
            input.idempotency_key,
            service.settle_invoices,
            info.context.actor,
            invoice_ids=[read_id("Invoice", each, "input", "invoiceIds") for each in input.invoice_ids],
            amount=None if input.amount is None else input.amount.parse("input", "amount"),
        )
        return _settled(outcome)

    @mutation(
        SettlementPayload, "Record what a debtor paid to the bank, and pass it on.", requires=Permission.INVOICES_MANAGE
    )
    async def record_invoice_payment(
        self, info: Info, input: Annotated[RecordInvoicePaymentInput, argument("What came in, for which invoice.")]
    ) -> Answer:
        outcome = await once(
            input.idempotency_key,
            service.record_invoice_payment,
            info.context.actor,
            invoice_id=read_id("Invoice", input.invoice_id, "input", "invoiceId"),
            amount=input.amount.parse("input", "amount"),
            received_on=input.received_on,
            reference=input.reference,
        )
        return _settled(outcome)

    @mutation(
        InvoicePayload,
        "Give up what a defaulted invoice still owes: it is recorded as lost.",
        requires=Permission.INVOICES_MANAGE,
    )
    async def close_recovery(self, info: Info, input: Act) -> Answer:
        return await _act(info, input, service.close_recovery)

    @mutation(
        SendInvoiceMessagePayload,
        "Say something about an invoice one may see; investors appear as Investor 1, 2, ...",
        requires=Permission.INVOICE_READ,
    )
    async def send_invoice_message(
        self, info: Info, input: Annotated[SendInvoiceMessageInput, argument("About which invoice, and what.")]
    ) -> Answer:
        invoice_id = read_id("Invoice", input.invoice_id, "input", "invoiceId")
        outcome = await once(
            input.idempotency_key,
            service.send_invoice_message,
            info.context.actor,
            invoice_id=invoice_id,
            body=input.body,
        )
        return Answer(message=outcome.result, replayed=outcome.replayed)


Service = Callable[..., Awaitable[Any]]


async def _once(info: Info, input: InvoiceActInput, act: Service) -> Outcome[Any]:
    invoice_id: UUID = read_id("Invoice", input.invoice_id, "input", "invoiceId")
    actor: Actor = info.context.actor
    return await once(input.idempotency_key, act, actor, invoice_id=invoice_id)


async def _act(info: Info, input: InvoiceActInput, act: Service) -> Answer:
    """Acts that take an invoice and give it back."""
    outcome = await _once(info, input, act)
    return Answer(invoice=outcome.result, replayed=outcome.replayed)


def _settled(outcome: Outcome[Settlement]) -> Answer:
    return Answer(invoices=outcome.result.invoices, payments=outcome.result.payments, replayed=outcome.replayed)


def _word_about(invoice: models.Invoice) -> str:
    if invoice.status is InvoiceStatus.DRAFT:
        return f"Invoice {invoice.number} is kept as a draft."
    return f"Invoice {invoice.number} is on the marketplace: {invoice.requested_amount} is asked for."
