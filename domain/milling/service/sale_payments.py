"""Money for sales: what customers pay, in parts or at once, what goes back to them, and taking a wrong record back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.context import current_call
from domain.kit.errors import InvalidAmount, InvalidInput
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.ledger.service import Reference
from domain.milling import access
from domain.milling.accounts import financed_and_repaid
from domain.milling.errors import (
    ChannelNotPossible,
    ExceedsDue,
    ExceedsRefundable,
    MillPaymentNotFound,
    PaymentReversedAlready,
    ReceiptAlreadyRecorded,
)
from domain.milling.models import Payment, Sale, SaleReturn
from domain.milling.service.desk import MAX_REASON, dated_by, moment_of, refusals_at, refusals_of_tables
from domain.milling.service.desk import line as one_line
from domain.milling.service.money import Way, minor_of, post_receipt, way_back, way_in
from domain.milling.service.sale_desk import (
    Sold,
    after_money,
    keep,
    locked,
    post_about_sale,
    require_not_with_investors,
    require_status,
)
from domain.milling.states import AT_THE_CUSTOMER, DocumentKind, PaymentKind, PaymentMethod, SaleChange

RECEIPT: Final = "milling.sale_paid"
REFUND: Final = "milling.sale_refunded"
REVERSAL: Final = "milling.payment_reversed"
MAX_NOTE: Final = 300

PAYMENT: Final = ("input", "payment")

_RECORDED_ONCE: Final = "mill_payment_reference_once"


@dataclass(frozen=True, kw_only=True)
class PaidNow:
    """What a customer pays: an amount, or all that is owed, by which way."""

    method: PaymentMethod
    amount: Money | None = None
    reference: str = ""
    note: str = ""

    def of(self, sale: Sale) -> int:
        """How much of what a sale comes to is paid by this."""
        return sale.balance_minor if self.amount is None else self.amount.amount_minor


@dataclass(frozen=True, slots=True)
class SalePayment:
    """A sale as a payment left it, and the payment."""

    sale: Sale
    payment: Payment


@retried
async def record_sale_payment(
    actor: Actor, *, sale_id: UUID, payment: PaidNow, paid_at: datetime | None = None
) -> SalePayment:
    """Record what a customer paid for a delivered sale, in part or in full, by any way but a wallet.

    Refuses with SALE_NOT_FOUND, SALE_NOT_OPEN, SALE_WITH_INVESTORS, INVALID_AMOUNT, CURRENCY_MISMATCH, AMOUNT_EXCEEDS_DUE,
    CHANNEL_NOT_POSSIBLE (wallets), REFERENCE_MISSING, PAYMENT_ALREADY_RECORDED, FUTURE_DATE, BACKDATING_NOT_ALLOWED,
    PERIOD_CLOSED.
    """
    actor.require(Permission.MILL_BILL)
    at = moment_of(actor, paid_at, "paidAt")
    async with unit_of_work() as work:
        sold = await locked(actor, sale_id)
        made = await take_payment(work, actor, sold, payment, at)
    return SalePayment(sold.sale, made)


@retried
async def refund_sale(actor: Actor, *, sale_id: UUID, payment: PaidNow, paid_at: datetime | None = None) -> SalePayment:
    """Give back what is owed to a customer because goods came back that were paid for. It may go into the wallet.

    Refuses as :func:`record_sale_payment` does, but with CUSTOMER_NOT_REGISTERED where there is no wallet, and with
    AMOUNT_EXCEEDS_REFUNDABLE.
    """
    actor.require(Permission.MILL_BILL)
    at = moment_of(actor, paid_at, "paidAt")
    async with unit_of_work() as work:
        sold = await locked(actor, sale_id)
        require_status(sold.sale, *AT_THE_CUSTOMER)
        refundable = max(0, -sold.sale.balance_minor)
        _require_after_delivery(sold.sale, at)
        with dated_by("paidAt"), refusals_at(PAYMENT):
            amount = refundable if payment.amount is None else minor_of(payment.amount, "input", "amount")
            if amount == 0 or amount > refundable:
                raise ExceedsRefundable(Money(refundable, sold.sale.currency))
            made = await give_back(actor, sold.sale, payment, amount, at=at)
        before = sold.sale.become(after_money(sold.sale))
        await keep(work, sold, SaleChange.REFUNDED, before)
    return SalePayment(sold.sale, made)


@retried
async def reverse_sale_payment(actor: Actor, *, payment_id: UUID, reason: str) -> SalePayment:
    """Take back the record of a payment or a refund that was wrong: the money goes the other way again.

    It needs MILL_BACKDATE besides MILL_BILL. Refuses with MILL_PAYMENT_NOT_FOUND, PAYMENT_ALREADY_REVERSED,
    SALE_WITH_INVESTORS, AMOUNT_EXCEEDS_REFUNDABLE where it was given back meanwhile, CHANNEL_NOT_POSSIBLE for a refund into
    a wallet, out of which its owner alone takes money, and for a payment from outside, and PERIOD_CLOSED.
    """
    actor.require(Permission.MILL_BILL)
    actor.require(Permission.MILL_BACKDATE)
    reason = one_line(reason, MAX_REASON, "reason")
    async with unit_of_work() as work:
        seen = await access.visible_payments(actor).get_or_none(id=payment_id)
        if seen is None or seen.sale_id is None:
            raise MillPaymentNotFound
        sold = await locked(actor, seen.sale_id)
        payment = await Payment.get(id=payment_id)
        if payment.collected_payment_id is not None:
            raise ChannelNotPossible(
                "this came as a payment from outside, and is reversed there", field=("input", "paymentId")
            )
        await take_payment_back(work, actor, sold, payment, reason)
    return SalePayment(sold.sale, payment)


async def take_payment_back(work: Work, actor: Actor, sold: Sold, payment: Payment, reason: str) -> None:
    """Reverse a payment or a refund of a sale that is locked, and tell of it."""
    _require_reversible(sold.sale, payment)
    await _reverse(actor, sold.sale, payment, reason)
    before = sold.sale.become(after_money(sold.sale))
    await keep(work, sold, SaleChange.PAYMENT_REVERSED, before)


async def take_payment(work: Work, actor: Actor, sold: Sold, paid: PaidNow, at: datetime | None = None) -> Payment:
    """Book a payment for a sale that is locked, or was made in this unit of work."""
    actor.require(Permission.MILL_BILL)
    require_payable(sold.sale)
    _require_after_delivery(sold.sale, at)
    with dated_by("paidAt"), refusals_at(PAYMENT):
        way = way_in(paid.method, paid.reference)
        made = await receive(actor, sold.sale, way, paid.amount, at=at, note=paid.note)
    await count_in(work, sold, made.amount_minor)
    return made


def require_payable(sale: Sale) -> None:
    """The goods are at the customer, who owes the mill for them and no investors."""
    require_status(sale, *AT_THE_CUSTOMER)
    require_not_with_investors(sale)


async def receive(
    actor: Actor, sale: Sale, way: Way, amount: Money | None, *, at: datetime | None = None, note: str = ""
) -> Payment:
    """Book an amount that came for a sale, or all that is owed and no more; the caller counts it in."""
    due = max(0, sale.balance_minor)
    minor = due if amount is None else minor_of(amount, "input", "amount")
    if minor == 0:
        raise InvalidAmount("nothing is owed", field=("input", "amount"))
    if minor > due:
        raise ExceedsDue(Money(due, sale.currency))
    return await _record(actor, sale, PaymentKind.SALE_RECEIPT, way, minor, at=at, note=note)


async def count_in(work: Work, sold: Sold, amount: int) -> None:
    """Count what was received into what the sale is paid with, and tell of it."""
    sold.sale.paid_minor += amount
    before = sold.sale.become(after_money(sold.sale))
    await keep(work, sold, SaleChange.PAID, before)


async def take_from_financed_invoice(work: Work, actor: Actor, sold: Sold, amount: int, *, received: int) -> None:
    """Book what a customer paid on the invoice that investors had financed, and for which they had paid so much."""
    sale, moment = sold.sale, clock.now()
    entry_id = await post_about_sale(
        RECEIPT, f"Invoice {sale.invoice_number} was repaid", financed_and_repaid(amount, received), about=sale, at=moment
    )
    payment = _payment(actor, sale, PaymentKind.SALE_FINANCED, amount, moment, entry_id)
    payment.note = f"Invoice {sale.invoice_number} was financed, and is repaid"
    await _keep(payment)
    await count_in(work, sold, amount)


async def give_back(
    actor: Actor, sale: Sale, paid: PaidNow, amount: int, *, at: datetime | None = None, of: SaleReturn | None = None
) -> Payment:
    """Book money that goes to the customer; the sale is saved by the caller. Refusals are about what was said of it."""
    actor.require(Permission.MILL_BILL)
    way = await way_back(paid.method, paid.reference, sale.customer_id)
    made = await _record(actor, sale, PaymentKind.SALE_REFUND, way, amount, at=at, note=paid.note, of=of)
    sale.refunded_minor += amount
    return made


async def _record(
    actor: Actor,
    sale: Sale,
    kind: PaymentKind,
    way: Way,
    amount: int,
    *,
    at: datetime | None = None,
    note: str = "",
    of: SaleReturn | None = None,
) -> Payment:
    refund = kind is PaymentKind.SALE_REFUND
    moment = at or clock.now()
    entry_id = await post_receipt(
        way,
        -amount if refund else amount,
        kind=REFUND if refund else RECEIPT,
        description=f"{'Refund' if refund else 'Payment'} of sale {sale.number}, {sale.customer_name}",
        reference=Reference(DocumentKind.SALE.value.lower(), sale.id),
        branch_id=sale.branch_id,
        at=moment,
    )
    payment = _payment(actor, sale, kind, amount, moment, entry_id)
    payment.method, payment.reference = way.method, way.reference
    payment.wallet_owner_id, payment.collected_payment_id = way.wallet_owner_id, way.collected_payment_id
    payment.sale_return_id = None if of is None else of.id
    payment.note = one_line(note, MAX_NOTE, "note", least=0)
    await _keep(payment)
    return payment


def _payment(actor: Actor, sale: Sale, kind: PaymentKind, amount: int, at: datetime, entry_id: UUID) -> Payment:
    return Payment(
        id=new_id(),
        kind=kind,
        sale_id=sale.id,
        branch_id=sale.branch_id,
        currency=sale.currency,
        amount_minor=amount,
        paid_at=at,
        entry_id=entry_id,
        created_by_id=actor.id,
        created_at=clock.now(),
        correlation_id=current_call().correlation_id,
    )


async def _keep(payment: Payment) -> None:
    with refusals_of_tables({_RECORDED_ONCE: _recorded_before}):
        await payment.save(force_create=True)
    await payment.refresh_from_db(fields=["serial", "number"])


def _recorded_before() -> ReceiptAlreadyRecorded:
    return ReceiptAlreadyRecorded("a payment with this reference was recorded before")


def _require_after_delivery(sale: Sale, at: datetime | None) -> None:
    assert sale.delivered_at is not None, "what is paid was delivered"
    if at is not None and at < sale.delivered_at:
        raise InvalidInput("a sale is paid when it is delivered, or later", field=("input", "paidAt"))


def _require_reversible(sale: Sale, payment: Payment) -> None:
    if payment.reversed:
        raise PaymentReversedAlready(f"payment {payment.number} was reversed before")
    if payment.kind is PaymentKind.SALE_FINANCED:
        raise MillPaymentNotFound("what a financed invoice paid is the investors' concern")
    if payment.kind is PaymentKind.SALE_REFUND and payment.wallet_owner_id is not None:
        raise ChannelNotPossible("what went into a wallet is its owner's", field=("input", "paymentId"))
    require_not_with_investors(sale)
    if payment.kind is PaymentKind.SALE_RECEIPT and sale.paid_minor - payment.amount_minor < sale.refunded_minor:
        left = Money(sale.paid_minor - sale.refunded_minor, sale.currency)
        raise ExceedsRefundable(left, field=("input", "paymentId"))


async def _reverse(actor: Actor, sale: Sale, payment: Payment, reason: str) -> None:
    assert payment.method is not None, "what a financed invoice paid is not reversed"
    refund = payment.kind is PaymentKind.SALE_REFUND
    way = Way(
        method=payment.method,
        reference=payment.reference,
        wallet_owner_id=payment.wallet_owner_id,
        collected_payment_id=payment.collected_payment_id,
    )
    moment = clock.now()
    payment.reversal_entry_id = await post_receipt(
        way,
        payment.amount_minor if refund else -payment.amount_minor,
        kind=REVERSAL,
        description=f"Payment {payment.number} of sale {sale.number} taken back: {reason}",
        reference=Reference(DocumentKind.SALE.value.lower(), sale.id),
        branch_id=sale.branch_id,
        at=moment,
        reverses_id=payment.entry_id,
    )
    payment.reversed_at, payment.reversed_by_id, payment.reversal_reason = moment, actor.id, reason
    await payment.save(update_fields=["reversed_at", "reversed_by_id", "reversal_reason", "reversal_entry_id"])
    if refund:
        sale.refunded_minor -= payment.amount_minor
    else:
        sale.paid_minor -= payment.amount_minor
    if payment.sale_return_id is not None:
        made = await SaleReturn.get(id=payment.sale_return_id)
        made.refunded_minor -= payment.amount_minor
        made.touch()
        await made.save()
