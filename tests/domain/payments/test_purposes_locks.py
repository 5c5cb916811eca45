"""Money that is brought to several purposes at once locks what it needs in the order in which others do."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import copy_context
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from domain.identity.permissions import Role
from domain.invoice_finance.models import Invoice
from domain.invoice_finance.service import settle_invoice
from domain.kit import clock, unit_of_work
from domain.kit.context import CallContext, current_call
from domain.kit.database import fetchval
from domain.kit.ids import new_id
from domain.payments.models import Payment
from domain.payments.purposes import applying
from domain.payments.purposes.applying import bring_all_to_purpose
from domain.payments.purposes.registry import PaidFor, every_purpose, purpose_kind
from domain.payments.settling import Wanted, settle_payments
from domain.payments.states import Purpose, ReconTrigger
from domain.wallets.errors import WalletNotFound
from domain.wallets.service import transfer_funds, wallet_of
from tests.support.collected import asked_for, came, delivered, kes, refusal_of
from tests.support.happenings import assert_integrity
from tests.support.invoices import a_funded_invoice, balance, flat
from tests.support.people import an_actor

pytestmark = pytest.mark.usefixtures("database")

TOP_UP, SETTLE = Purpose.WALLET_TOP_UP, Purpose.INVOICE_SETTLEMENT
WAITS = "select exists (select from pg_locks where not granted)"
Apply = Callable[[PaidFor], Awaitable[UUID]]


async def refuse(paid: PaidFor) -> UUID:
    raise WalletNotFound("there is no such wallet")


def applied_by(patch: pytest.MonkeyPatch, apply: Apply, purpose: Purpose = TOP_UP) -> None:
    kind = replace(purpose_kind(purpose), apply=apply)
    patch.setattr(applying, "purpose_kind", lambda purpose: kind)


async def brought_while(
    payments: list[Payment], other: Callable[[], Awaitable[Any]], patch: pytest.MonkeyPatch, apply: Apply
) -> list[BaseException]:
    """Bring them, with another act that comes in and waits for something before the second one moves; the races lost."""
    outside, tasks, calls, lost = copy_context(), list[asyncio.Task[Any]](), list[UUID](), list[BaseException]()
    is_lost = unit_of_work._lost_a_race

    async def act() -> None:
        await other()

    async def apply_meanwhile(paid: PaidFor) -> UUID:
        calls.append(paid.payment_id)
        if len(calls) == 2:
            tasks.append(asyncio.create_task(act(), context=outside))
            while not (tasks[0].done() or await fetchval(WAITS)):
                await asyncio.wait(tasks, timeout=0.01)
        return await apply(paid)

    def notice(error: BaseException) -> bool:
        lost.extend([error] if is_lost(error) else [])
        return is_lost(error)

    with patch.context() as patched:
        patched.setattr(unit_of_work, "_lost_a_race", notice)
        applied_by(patched, apply_meanwhile, payments[0].purpose)
        call: CallContext = current_call()
        await bring_all_to_purpose({payment.id: call for payment in payments})
        await asyncio.gather(*tasks)
    assert set(calls) == {payment.id for payment in payments}
    return lost


async def test_wallets_are_locked_as_a_transfer_between_them_does(monkeypatch: pytest.MonkeyPatch) -> None:
    people = [await an_actor(Role.BORROWER) for _ in range(2)]
    wallets = sorted([(await wallet_of(each.id, "KES"), each) for each in people], key=lambda each: each[0].account_id)
    (low, sender), (high, recipient) = wallets
    await came(await asked_for(sender, TOP_UP, low.id, 500))
    await delivered()
    payments = [await asked_for(recipient, TOP_UP, high.id, 100), await asked_for(sender, TOP_UP, low.id, 200)]
    for payment in payments:
        await came(payment)

    async def transfer() -> None:
        await transfer_funds(sender, from_wallet_id=low.id, to_wallet_id=high.id, amount=kes(50))

    assert await brought_while(payments, transfer, monkeypatch, purpose_kind(TOP_UP).apply) == []
    assert (await balance(sender, "KES"), await balance(recipient, "KES")) == (kes(650), kes(150))
    await assert_integrity()


async def test_invoices_are_locked_before_the_wallets_of_those_who_share_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two invoices of the same people are paid from outside, and the debtor settles the second from the wallet meanwhile."""
    people = seller, investor, debtor = [await an_actor(role) for role in (Role.SELLER, Role.INVESTOR, Role.DEBTOR)]
    for person, amount in ((investor, 200_000), (debtor, 50_000)):
        await came(await asked_for(person, TOP_UP, (await wallet_of(person.id, "KES")).id, amount))
    await delivered()
    said: dict[str, Any] = {"debtor_id": debtor.id, "face": kes(100_000), "advance_rate": Decimal(80), "fee": flat("3")}
    invoices = [await a_funded_invoice(seller, investor, **said) for _ in range(2)]
    payments = [await asked_for(debtor, SETTLE, invoice.id, 30_000) for invoice in invoices]
    for payment in payments:
        await came(payment)
    _, second = sorted(invoices, key=lambda invoice: invoice.id)

    async def settle() -> None:
        await settle_invoice(debtor, invoice_id=second.id, amount=kes(50_000))

    assert await brought_while(payments, settle, monkeypatch, purpose_kind(SETTLE).apply) == []
    assert (await Invoice.get(id=second.id)).outstanding_amount == kes(20_000)
    left = [(await balance(person, "KES")).amount_minor for person in people]
    assert sum(left) == (250_000 + 60_000) * 100, "all of it reached somebody"
    await assert_integrity()


async def test_every_purpose_locks_what_it_would_touch_before_the_first_payment_moves() -> None:
    """What is not there is not locked and stops nobody; whatever is paid for is asked."""
    for kind in every_purpose():
        async with unit_of_work.unit_of_work() as work:
            assert list(await kind.lock(work, [new_id(), new_id()])) == []


async def test_refusals_are_locked_as_settling_does(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = await an_actor(Role.BORROWER)
    wallet = await wallet_of(owner.id, "KES")
    payments = [await asked_for(owner, TOP_UP, wallet.id, amount) for amount in (100, 200)]
    with monkeypatch.context() as patch:
        applied_by(patch, refuse)
        for payment in payments:
            await came(payment)
            await delivered()
    refusals = [await refusal_of(payment) for payment in payments]
    assert all(refusals)

    async def settle() -> None:
        wanted = [Wanted(payment_id=each.id, trigger=ReconTrigger.MANUAL, started_at=clock.now()) for each in payments]
        async with unit_of_work.unit_of_work() as work:
            await settle_payments(work, wanted)

    assert await brought_while(payments[::-1], settle, monkeypatch, refuse) == []
    await assert_integrity()
