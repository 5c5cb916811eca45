"""Repaying invoices: the debtor's money goes to the platform's fee after a default, to investors, and back to the seller.

A payment may be in part and may cover several invoices of one seller; whatever comes in goes out to the minor unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from domain.identity.actor import SYSTEM_ID, Actor
from domain.identity.permissions import Permission
from domain.invoice_finance import access
from domain.invoice_finance.errors import (
    DifferentSellers,
    InvalidReceiptDate,
    InvoiceNotFound,
    InvoiceNotPayable,
    NotThePayer,
    OverRepayment,
)
from domain.invoice_finance.models import Invoice, InvoicePayment
from domain.invoice_finance.service.default import bring_up_to_date
from domain.invoice_finance.service.desk import locked, locked_together
from domain.invoice_finance.service.sharing import Intake, recorded_once, share_out
from domain.invoice_finance.states import OUTSTANDING, InvoiceStatus, Party, PaymentSource
from domain.kit import clock
from domain.kit.errors import CurrencyMismatch, InvalidAmount, InvalidInput
from domain.kit.money import Money
from domain.kit.unit_of_work import Work, retried, unit_of_work

MAX_INVOICES: Final = 20
MAX_REFERENCE: Final = 120


@dataclass(frozen=True, slots=True)
class Settlement:
    """Invoices as they stand after a payment, and how each one's part was passed on."""

    invoices: list[Invoice]
    payments: list[InvoicePayment]


async def settle_invoice(actor: Actor, *, invoice_id: UUID, amount: Money | None = None) -> Settlement:
    """Pay an invoice from one's wallet, all that is owed unless an amount says otherwise.

    The debtor pays; the seller does when the invoice was sold with recourse and is overdue or in default. Refuses with
    INVOICE_NOT_FOUND, NOT_THE_PAYER, INVOICE_NOT_PAYABLE, CURRENCY_MISMATCH, OVER_REPAYMENT and INSUFFICIENT_FUNDS.
    """
    return await settle_invoices(actor, invoice_ids=[invoice_id], amount=amount)


@retried
async def settle_invoices(actor: Actor, *, invoice_ids: Sequence[UUID], amount: Money | None = None) -> Settlement:
    """Pay several invoices of one seller at once: all of each, or an amount that goes to the earliest due first.

    It is one journal entry, in which everybody's parts are netted: a wallet that gives and receives needs the difference.
    """
    if not (actor.may(Permission.INVOICE_SETTLE) or actor.may(Permission.INVOICE_SELL)):
        actor.require(Permission.INVOICE_SETTLE)
    if not 1 <= len(set(invoice_ids)) <= MAX_INVOICES or len(set(invoice_ids)) != len(invoice_ids):
        raise InvalidInput(f"name 1 to {MAX_INVOICES} different invoices", field=("input", "invoiceIds"))
    if amount is not None:
        _require_positive(amount)
    async with unit_of_work() as work:
        invoices = await locked_together(invoice_ids)
        today = clock.today()
        for invoice in invoices:
            await _require_known_to(actor, invoice)
        if len({invoice.seller_id for invoice in invoices}) > 1:
            raise DifferentSellers("invoices that are settled together are of one seller")
        _require_one_currency(invoices, amount)
        for invoice in invoices:
            _require_payable(invoice)
            await bring_up_to_date(work, invoice, today)
            _require_payer(actor, invoice)
        parts = _allocate(invoices, amount)
        payments = await share_out(
            work,
            [Intake(invoice, part, today) for invoice, part in parts],
            PaymentSource.WALLET,
            payer_id=actor.id,
            recorded_by=actor.id,
        )
    return Settlement([invoice for invoice, _ in parts], payments)


@retried
async def record_invoice_payment(
    actor: Actor, *, invoice_id: UUID, amount: Money, received_on: date | None = None, reference: str = ""
) -> Settlement:
    """Record what the debtor paid to the bank, and pass it on. A receipt inside the grace counts as such, however late it
    is recorded.

    Refuses with INVOICE_NOT_PAYABLE, CURRENCY_MISMATCH, OVER_REPAYMENT, INVALID_RECEIPT_DATE, PAYMENT_ALREADY_RECORDED.
    """
    actor.require(Permission.INVOICES_MANAGE)
    _require_positive(amount)
    reference = " ".join(reference.split())
    if len(reference) > MAX_REFERENCE or not reference.isprintable():
        raise InvalidInput(f"a reference has up to {MAX_REFERENCE} printable characters", field=("input", "reference"))
    received_on = received_on or clock.today()
    async with unit_of_work() as work, recorded_once():
        invoice = await locked(invoice_id)
        _require_one_currency([invoice], amount)
        _require_payable(invoice)
        _require_receipt_date(invoice, received_on)
        await bring_up_to_date(work, invoice, received_on)
        _allocate([invoice], amount)
        intake = Intake(invoice, amount, received_on, reference)
        payments = await share_out(work, [intake], PaymentSource.BANK, payer_id=None, recorded_by=actor.id)
    return Settlement([invoice], payments)


async def take_collected(
    work: Work,
    *,
    invoice_id: UUID,
    amount: Money,
    received_on: date,
    reference: str,
    payer_id: UUID | None,
    payment_id: UUID,
) -> InvoicePayment:
    """Pass on what came by a payment from outside: it counts from its day, but not from before an earlier one.

    Refuses with INVOICE_NOT_FOUND, INVOICE_NOT_PAYABLE, CURRENCY_MISMATCH and OVER_REPAYMENT.
    """
    invoice = await locked(invoice_id)
    _require_one_currency([invoice], amount)
    _require_payable(invoice)
    received_on = min(max(received_on, _first_day(invoice)), clock.today())
    await bring_up_to_date(work, invoice, received_on)
    _allocate([invoice], amount)
    intake = Intake(invoice, amount, received_on, reference, collected_payment_id=payment_id)
    [payment] = await share_out(work, [intake], PaymentSource.MPESA, payer_id=payer_id, recorded_by=SYSTEM_ID)
    return payment


def _require_positive(amount: Money) -> None:
    if amount.amount_minor <= 0:
        raise InvalidAmount("an amount must be greater than zero", field=("input", "amount"))


async def _require_known_to(actor: Actor, invoice: Invoice) -> None:
    """Whoever may not see an invoice learns nothing about it, not even that it is not theirs to pay."""
    if not await access.visible_invoices(actor).filter(id=invoice.id).exists():
        raise InvoiceNotFound


def _require_one_currency(invoices: Sequence[Invoice], amount: Money | None) -> None:
    currencies = {invoice.currency for invoice in invoices}
    if len(currencies) > 1:
        raise CurrencyMismatch("invoices in different currencies cannot be settled together", field=("input", "invoiceIds"))
    if amount is not None and amount.currency not in currencies:
        raise CurrencyMismatch(
            f"{amount.currency} cannot pay an invoice in {currencies.pop()}", field=("input", "amount", "currency")
        )


def _require_payable(invoice: Invoice) -> None:
    if invoice.status not in OUTSTANDING:
        raise InvoiceNotPayable("nothing is owed on this invoice")


def _require_payer(actor: Actor, invoice: Invoice) -> None:
    party = access.party_of(actor, invoice)
    if party is Party.DEBTOR and actor.may(Permission.INVOICE_SETTLE):
        return
    late = invoice.status in (InvoiceStatus.OVERDUE, InvoiceStatus.DEFAULTED)
    if party is Party.SELLER and actor.may(Permission.INVOICE_SELL) and invoice.recourse and late:
        return
    raise NotThePayer("only the debtor pays this invoice, or its seller once it is overdue and was sold with recourse")


def _require_receipt_date(invoice: Invoice, received_on: date) -> None:
    first = _first_day(invoice)
    if not first <= received_on <= clock.today():
        raise InvalidReceiptDate(f"the payment was received between {first.isoformat()} and today")


def _first_day(invoice: Invoice) -> date:
    """The earliest day that a payment counts from: not before the funding, nor before the last payment."""
    assert invoice.funded_at is not None, "what is owed was funded"
    return max(invoice.funded_at.date(), invoice.paid_through_on or date.min)


def _allocate(invoices: Sequence[Invoice], amount: Money | None) -> list[tuple[Invoice, Money]]:
    """Which part of the amount pays which invoice: the earliest due first, each up to what it owes."""
    owed = [(invoice, invoice.outstanding_amount) for invoice in sorted(invoices, key=lambda each: (each.due_on, each.id))]
    if amount is None:
        return owed
    total = Money(sum(part.amount_minor for _, part in owed), amount.currency)
    if amount > total:
        raise OverRepayment(total)
    parts, left = [], amount
    for invoice, part in owed:
        paid = min(part, left)
        left -= paid
        if paid:
            parts.append((invoice, paid))
    return parts
