"""Placing money that nobody knows: somebody says what was paid for with it, although nobody was asked to pay."""

from __future__ import annotations

from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.unit_of_work import retried, unit_of_work
from domain.payments.errors import ReceiptNotFound, ReceiptTaken
from domain.payments.models import MpesaReceipt, Payment, PaymentCredit
from domain.payments.opening import open_payment
from domain.payments.purposes import purpose_kind
from domain.payments.rules.wire import receipt_of
from domain.payments.settling import assign_receipt
from domain.payments.states import Purpose, ReconTrigger


@retried
async def place_orphan(actor: Actor, *, receipt: str, purpose: Purpose, target_id: UUID) -> Payment:
    """A payment for what was paid for, and the receipt's money is its. More than is taken for it waits in suspense.

    Refuses with RECEIPT_NOT_FOUND, RECEIPT_TAKEN, PURPOSE_NOT_POSSIBLE, and whatever the business refuses of what is due.
    """
    actor.require(Permission.PAYMENTS_RECONCILE)
    written = receipt_of(receipt[:20]) or ""
    async with unit_of_work() as work:
        # Locked before the payment is opened, so that of two who place it at once only one opens one.
        registered = await MpesaReceipt.select_for_update(no_key=True).get_or_none(receipt=written)
        if registered is None:
            raise ReceiptNotFound
        if registered.payment_id is not None:
            raise ReceiptTaken("the receipt is a payment's already")
        due = await purpose_kind(purpose).due(actor, target_id)
        credit = await PaymentCredit.get(receipt=written)
        if not credit.net_minor:
            raise ReceiptTaken("the money of the receipt was taken back")
        payment = await open_payment(work, due, due.expected(credit.amount), created_by=actor.id)
        settled = await assign_receipt(
            work, written, payment.id, trigger=ReconTrigger.MANUAL, requested_by=actor.id, accept=False
        )
    return settled.payment
