"""Paying suppliers what a bill leaves to be paid, and taking back from them what was paid too much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.context import current_call
from domain.kit.errors import InvalidInput
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.unit_of_work import retried, unit_of_work
from domain.ledger.chart import HouseAccount
from domain.ledger.service import reverse_entry
from domain.milling import access, accounts
from domain.milling.accounts import MONEY_AT, Side
from domain.milling.errors import (
    BlockedByLaterDocument,
    ChannelNotPossible,
    ExceedsDue,
    ExceedsRefundable,
    MillPaymentNotFound,
    PaymentReversedAlready,
    PurchaseNotOpen,
    ReceiptAlreadyRecorded,
    ReferenceMissing,
)
from domain.milling.models import Payment, Purchase
from domain.milling.service.desk import MAX_REASON, MAX_REFERENCE, dated_by, moment_of, refusals_of_tables
from domain.milling.service.desk import line as one_line
from domain.milling.service.money import minor_of
from domain.milling.service.proceeds import note_spent, post_spent, require_proceeds
from domain.milling.service.purchase_desk import Bought, keep, locked, post_sides
from domain.milling.states import PaymentKind, PaymentMethod, PurchaseChange

MAX_NOTE: Final = 300
PAID: Final = "milling.supplier_payment"
REFUNDED: Final = "milling.supplier_refund"
REVERSED: Final = "milling.supplier_payment_reversal"

SUPPLIERS: Final = frozenset({PaymentKind.SUPPLIER_PAYMENT, PaymentKind.SUPPLIER_REFUND})


@dataclass(frozen=True, slots=True)
class SupplierMoney:
    """A payment, and the purchase that it is for as it stands after it."""

    payment: Payment
    purchase: Purchase


@retried
async def pay_purchase(
    actor: Actor,
    *,
    purchase_id: UUID,
    method: PaymentMethod,
    amount: Money | None = None,
    reference: str = "",
    note: str = "",
    paid_at: datetime | None = None,
) -> SupplierMoney:
    """Pay the supplier an amount, or all that is due.

    By WALLET it is paid with what investors paid into the actor's own wallet for sales of the mill: the mill takes it from
    there, and it leaves by the bank. Refuses with PURCHASE_NOT_FOUND, PURCHASE_NOT_OPEN (not billed), AMOUNT_EXCEEDS_DUE,
    INVALID_AMOUNT, CURRENCY_MISMATCH, FUTURE_DATE, PAYMENT_ALREADY_RECORDED and PERIOD_CLOSED; by WALLET with
    AMOUNT_EXCEEDS_PROCEEDS and INSUFFICIENT_FUNDS, too.
    """
    actor.require(Permission.MILL_BILL)
    out_of_wallet = method is PaymentMethod.WALLET
    account, reference, note = _way(PaymentMethod.BANK if out_of_wallet else method, reference, note)
    if out_of_wallet and paid_at is not None:
        raise InvalidInput("out of a wallet it is paid now", field=("input", "paidAt"))
    async with unit_of_work() as work:
        bought = await locked(actor, purchase_id)
        purchase = bought.purchase
        due = purchase.due_amount
        minor = due.amount_minor if amount is None else minor_of(amount, "input", "amount")
        if purchase.billed_minor is None:
            raise PurchaseNotOpen(f"purchase {purchase.number} is not billed")
        if not 0 < minor <= due.amount_minor:
            raise ExceedsDue(max(due, Money.zero(purchase.currency)))
        made = _made(actor, purchase, PaymentKind.SUPPLIER_PAYMENT, method, minor, moment_of(actor, paid_at, "paidAt"))
        made.reference, made.note = reference, note
        said = f"Payment to {purchase.supplier_name} for {purchase.number}"
        if out_of_wallet:
            await require_proceeds(work, actor, minor)
            made.wallet_owner_id = actor.id
            made.entry_id = await post_spent(actor, minor, PAID, said, account, about=purchase)
            await _keep(made)
            await note_spent(work, actor, made)
        else:
            await _post(made, purchase, PAID, said, accounts.paid_to_supplier(account, minor))
        purchase.paid_minor += minor
        await keep(work, bought, PurchaseChange.PAID, purchase.status)
    return SupplierMoney(made, purchase)


@retried
async def record_supplier_refund(
    actor: Actor,
    *,
    purchase_id: UUID,
    method: PaymentMethod,
    amount: Money | None = None,
    reference: str = "",
    note: str = "",
    paid_at: datetime | None = None,
) -> SupplierMoney:
    """Record what the supplier paid back of what was paid too much, or all of it.

    Refuses with PURCHASE_NOT_FOUND, AMOUNT_EXCEEDS_REFUNDABLE, INVALID_AMOUNT, CURRENCY_MISMATCH, FUTURE_DATE,
    PAYMENT_ALREADY_RECORDED and PERIOD_CLOSED.
    """
    actor.require(Permission.MILL_BILL)
    account, reference, note = _way(method, reference, note)
    async with unit_of_work() as work:
        bought = await locked(actor, purchase_id)
        purchase = bought.purchase
        owed = -purchase.due_amount
        minor = owed.amount_minor if amount is None else minor_of(amount, "input", "amount")
        if not 0 < minor <= owed.amount_minor:
            raise ExceedsRefundable(max(owed, Money.zero(purchase.currency)))
        made = _made(actor, purchase, PaymentKind.SUPPLIER_REFUND, method, minor, moment_of(actor, paid_at, "paidAt"))
        made.reference, made.note = reference, note
        said = f"Refund by {purchase.supplier_name} for {purchase.number}"
        await _post(made, purchase, REFUNDED, said, accounts.paid_to_supplier(account, -minor))
        purchase.refunded_minor += minor
        await keep(work, bought, PurchaseChange.REFUNDED, purchase.status)
    return SupplierMoney(made, purchase)


@retried
async def reverse_supplier_payment(actor: Actor, *, payment_id: UUID, reason: str) -> SupplierMoney:
    """Take back a payment to a supplier, or a refund by one, that did not happen; by the opposite entry dated today.

    It needs MILL_BACKDATE besides MILL_BILL. Refuses with MILL_PAYMENT_NOT_FOUND, PAYMENT_ALREADY_REVERSED, and with
    BLOCKED_BY_LATER_DOCUMENT where the supplier paid back more than would then have been paid; and with CHANNEL_NOT_POSSIBLE
    what was paid out of a wallet, into which its owner alone puts money.
    """
    actor.require(Permission.MILL_BILL)
    actor.require(Permission.MILL_BACKDATE)
    reason = one_line(reason, MAX_REASON, "reason")
    async with unit_of_work() as work:
        found = await access.visible_payments(actor).get_or_none(id=payment_id, kind__in=list(SUPPLIERS))
        if found is None:
            raise MillPaymentNotFound
        assert found.purchase_id is not None, "the table says so"
        bought = await locked(actor, found.purchase_id)
        await found.refresh_from_db()
        if found.reversed:
            raise PaymentReversedAlready(f"payment {found.number} was reversed before")
        if found.wallet_owner_id is not None:
            raise ChannelNotPossible("what was paid out of a wallet is not put back there", field=("input", "paymentId"))
        _take_off(bought, found)
        posted = await reverse_entry(found.entry_id, kind=REVERSED, description=reason)
        found.reversed_at, found.reversed_by_id, found.reversal_reason = clock.now(), actor.id, reason
        found.reversal_entry_id = posted.entry_id
        await found.save(
            update_fields=["reversed_at", "reversed_by_id", "reversal_reason", "reversal_entry_id"],
        )
        await keep(work, bought, PurchaseChange.PAYMENT_REVERSED, bought.purchase.status)
    return SupplierMoney(found, bought.purchase)


def _way(method: PaymentMethod, reference: str, note: str) -> tuple[HouseAccount, str, str]:
    """The account that the money is in, and what is said of it. No supplier pays back into a wallet."""
    account = MONEY_AT.get(method)
    if account is None:
        raise InvalidInput("suppliers are paid by cash, bank or mobile money", field=("input", "method"))
    reference = one_line(reference, MAX_REFERENCE, "reference", least=0)
    if method is PaymentMethod.MPESA and not reference:
        raise ReferenceMissing("mobile money is recorded with the reference of its receipt")
    return account, reference, one_line(note, MAX_NOTE, "note", least=0)


def _made(
    actor: Actor, purchase: Purchase, kind: PaymentKind, method: PaymentMethod, minor: int, at: datetime | None
) -> Payment:
    moment = clock.now()
    return Payment(
        id=new_id(),
        kind=kind,
        method=method,
        purchase_id=purchase.id,
        branch_id=purchase.branch_id,
        currency=purchase.currency,
        amount_minor=minor,
        paid_at=at or moment,
        created_by_id=actor.id,
        created_at=moment,
        correlation_id=current_call().correlation_id,
    )


async def _post(made: Payment, purchase: Purchase, kind: str, description: str, sides: Sequence[Side]) -> None:
    """Bring a payment into the books and keep it."""
    with dated_by("paidAt"):
        entry_id = await post_sides(kind, description, sides, about=purchase, on=made.paid_at.date())
    assert entry_id is not None, "money moves"
    made.entry_id = entry_id
    await _keep(made)


async def _keep(made: Payment) -> None:
    with refusals_of_tables({"mill_payment_reference_once": _recorded_before}):
        await made.save(force_create=True)
    await made.refresh_from_db(fields=["serial", "number"])


def _recorded_before() -> ReceiptAlreadyRecorded:
    return ReceiptAlreadyRecorded("this receipt of mobile money is recorded already")


def _take_off(bought: Bought, payment: Payment) -> None:
    purchase = bought.purchase
    if payment.kind is PaymentKind.SUPPLIER_REFUND:
        purchase.refunded_minor -= payment.amount_minor
        return
    if purchase.paid_minor - payment.amount_minor < purchase.refunded_minor:
        raise BlockedByLaterDocument(
            f"the supplier paid back for purchase {purchase.number}; reverse the refunds first", field=("input", "paymentId")
        )
    purchase.paid_minor -= payment.amount_minor
