"""Payments for tests that go the whole way: asked for, settled by what the provider says, and brought to their purpose."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from uuid import UUID

from domain.events import log
from domain.events.listeners import catch_up
from domain.identity.actor import Actor
from domain.kit import clock, database
from domain.kit.money import Money
from domain.kit.unit_of_work import unit_of_work
from domain.payments.handlers import purposes
from domain.payments.models import Discrepancy, Payment, PaymentApplication, PaymentEvidence
from domain.payments.opening import open_payment
from domain.payments.purposes import Due, purpose_kind
from domain.payments.settling import Wanted, settle_payments
from domain.payments.states import Channel, DiscrepancyType, Outcome, Purpose, ReconTrigger

_numbers = count(1)


def kes(amount: int | str) -> Money:
    return Money.of(amount, "KES")


def a_receipt() -> str:
    return f"TC{next(_numbers):07}K"


async def due_of(actor: Actor, purpose: Purpose, target_id: UUID) -> Due:
    return await purpose_kind(purpose).due(actor, target_id)


async def asked_for(actor: Actor, purpose: Purpose, target_id: UUID, amount: int | str | None = None) -> Payment:
    """A payment of what is owed, or of another amount in shillings."""
    due = await due_of(actor, purpose, target_id)
    asked = due.amount if amount is None else kes(amount)
    assert asked is not None, "say how much"
    return await opened(due, asked, by=actor)


async def opened(due: Due, amount: Money, *, by: Actor | None = None) -> Payment:
    async with unit_of_work() as work:
        return await open_payment(work, due, amount, created_by=by and by.id)


async def came(
    payment: Payment,
    amount: Money | None = None,
    *,
    receipt: str | None = None,
    at: datetime | None = None,
    accept: bool = False,
) -> str:
    """The provider says that the payment was made; its receipt. With ``accept`` a person lets it through as it is."""
    receipt = receipt or a_receipt()
    if accept:
        await Payment.filter(id=payment.id).update(accepted=[*(await Payment.get(id=payment.id)).accepted, receipt])
    await _told(payment, Outcome.PAID, amount or payment.amount, receipt=receipt, at=at)
    return receipt


async def taken_back(payment: Payment, receipt: str, amount: Money | None = None) -> None:
    """The provider says that it gave the money of a receipt back to the payer, or a part of it."""
    await _told(payment, Outcome.REVERSED, amount or payment.amount, receipt=a_receipt(), reverses=receipt)


async def _told(
    payment: Payment,
    outcome: Outcome,
    amount: Money,
    *,
    receipt: str,
    reverses: str | None = None,
    at: datetime | None = None,
) -> None:
    now = clock.now()
    async with unit_of_work() as work:
        await PaymentEvidence.create(
            payment_id=payment.id,
            channel=Channel.C2B if outcome is Outcome.PAID else Channel.QUERY,
            outcome=outcome,
            received_at=now,
            receipt=receipt,
            reverses=reverses,
            amount_minor=amount.amount_minor,
            currency=amount.currency,
            transacted_at=at or now,
            reference=payment.reference,
        )
        wanted = Wanted(payment_id=payment.id, trigger=ReconTrigger.PAYMENT_CALLBACK, started_at=now)
        await settle_payments(work, [wanted])


async def delivered() -> None:
    """The listener has heard everything so far."""
    while await log.sequence(database):
        pass
    await catch_up(purposes)


async def application_of(payment: Payment) -> PaymentApplication:
    return await PaymentApplication.get(payment_id=payment.id)


async def refusal_of(payment: Payment) -> Discrepancy | None:
    return await Discrepancy.get_or_none(payment_id=payment.id, type=DiscrepancyType.PURPOSE_REFUSED)


async def in_transit() -> Money:
    """What is on the account of payments in transit: our debt, so that a credit is positive."""
    minor = await database.fetchval(
        """select coalesce(-sum(l.amount_minor), 0)::bigint from journal_line l
           join ledger_account a on a.id = l.account_id where a.code = '2910' and a.currency = 'KES'"""
    )
    return Money(minor, "KES")
