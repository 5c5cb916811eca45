"""Topping up wallets: by their owners and for them, once, taken back, and spent meanwhile."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from domain.events import log
from domain.events.listeners import catch_up
from domain.events.models import ParkedEvent
from domain.events.parked import hear_again
from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.kit import database
from domain.kit.context import as_part_of
from domain.kit.errors import CurrencyMismatch, Forbidden, InvalidAmount
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.ledger.models import JournalEntry
from domain.payments.accounts import TOPPED_UP
from domain.payments.handlers import purposes
from domain.payments.models import Payment, PaymentApplication
from domain.payments.purposes import applying, candidates, due_by_reference, registry
from domain.payments.purposes.applying import bring_to_purpose
from domain.payments.purposes.registry import PaidFor, purpose_kind
from domain.payments.states import DiscrepancyStatus, PaymentStatus, Purpose, Resolution
from domain.wallets.errors import WalletNotFound
from domain.wallets.models import Wallet
from domain.wallets.service import transfer_funds, wallet_of
from tests.support.collected import (
    application_of,
    asked_for,
    came,
    delivered,
    due_of,
    in_transit,
    kes,
    opened,
    refusal_of,
    taken_back,
)
from tests.support.happenings import assert_integrity, events_so_far, names_of_events, nothing_happens
from tests.support.invoices import balance
from tests.support.people import an_actor, somebody
from tests.support.races import outcomes_of
from tests.support.statements import statements

pytestmark = pytest.mark.usefixtures("database")

TOP_UP = Purpose.WALLET_TOP_UP


async def an_owner() -> tuple[Actor, Wallet]:
    owner = await an_actor(Role.BORROWER, name="Beatrice Wanjiru")
    return owner, await wallet_of(owner.id, "KES")


async def test_what_is_paid_is_in_the_wallet_once() -> None:
    owner, wallet = await an_owner()
    payment = await asked_for(owner, TOP_UP, wallet.id, 1500)
    receipt = await came(payment)
    assert (await balance(owner, "KES"), await in_transit()) == (kes(0), kes(1500))
    await assert_integrity()
    await delivered()
    assert (await balance(owner, "KES"), await in_transit()) == (kes(1500), kes(0))
    application = await application_of(payment)
    assert (application.amount, application.refused_code) == (kes(1500), None)
    applied = [each.fact for each in await events_so_far() if each.name == "payments.payment_applied"]
    assert [(each.amount, each.record_id, each.payment.id) for each in applied] == [
        (kes(1500), application.record_id, payment.id)
    ]
    changed = [each.fact for each in await events_so_far() if each.name == "wallets.balance_changed"]
    assert (changed[-1].kind, changed[-1].description) == ("payments.wallet_topped_up", f"Top-up by M-Pesa, {receipt}")
    # Told twice by the provider, or asked for again here: nothing more.
    await came(payment, receipt=receipt)
    await delivered()
    await bring_to_purpose(payment.id)
    assert await balance(owner, "KES") == kes(1500)
    await assert_integrity()


async def test_a_wallet_gives_back_what_was_taken_back() -> None:
    owner, wallet = await an_owner()
    payment = await asked_for(owner, TOP_UP, wallet.id, 1500)
    receipt = await came(payment)
    await delivered()
    await taken_back(payment, receipt, kes(400))
    await delivered()
    assert (await balance(owner, "KES"), await in_transit()) == (kes(1100), kes(0))
    await payment.refresh_from_db()
    assert payment.status is PaymentStatus.PARTIALLY_REVERSED
    await taken_back(payment, receipt, kes(1100))
    await delivered()
    assert (await balance(owner, "KES"), await in_transit()) == (kes(0), kes(0))
    application = await application_of(payment)
    assert (application.amount, application.record_id) == (kes(0), None)
    await assert_integrity()


async def test_what_was_spent_cannot_be_taken_back_until_it_is_there_again() -> None:
    owner, wallet = await an_owner()
    other, others = await an_owner()
    payment = await asked_for(owner, TOP_UP, wallet.id, 1500)
    receipt = await came(payment)
    await delivered()
    await transfer_funds(owner, from_wallet_id=wallet.id, to_wallet_id=others.id, amount=kes(1))
    await taken_back(payment, receipt)
    await delivered()
    assert (await balance(owner, "KES"), await in_transit()) == (kes(1499), kes(-1500))
    application = await application_of(payment)
    assert (application.amount, application.refused_code) == (kes(1500), "INSUFFICIENT_FUNDS")
    refusal = await refusal_of(payment)
    assert refusal is not None and refusal.status is DiscrepancyStatus.OPEN
    assert (refusal.expected, refusal.received) == ("KES 0.00", "KES 1,500.00")
    refused = [each for each in await events_so_far() if each.name == "payments.purpose_refused"]
    assert [each.fact.amount for each in refused] == [kes(-1500)]
    assert f"user:{owner.id}" not in refused[0].audience
    assert (await names_of_events()).count("payments.discrepancy_found") >= 1
    await assert_integrity()
    # Tried again by somebody, in vain; then the money is there.
    again = await bring_to_purpose(payment.id)
    assert again is not None and again.refused_code == "INSUFFICIENT_FUNDS"
    await transfer_funds(other, from_wallet_id=others.id, to_wallet_id=wallet.id, amount=kes(1))
    await bring_to_purpose(payment.id, asked_by=other.id, note="it is there now")
    assert (await balance(owner, "KES"), await in_transit()) == (kes(0), kes(0))
    await refusal.refresh_from_db()
    assert (refusal.status, refusal.resolution, refusal.resolved_by, refusal.note) == (
        DiscrepancyStatus.RESOLVED, Resolution.ACCEPTED, other.id, "it is there now",
    )  # fmt: skip
    await assert_integrity()


async def test_a_listener_that_is_killed_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    owner, wallet = await an_owner()
    payment = await asked_for(owner, TOP_UP, wallet.id, 700)
    await came(payment)

    class Killed(BaseException):
        pass

    async def dies(*args: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(applying, "_write", dies)
        async with nothing_happens():
            with pytest.raises(Killed):
                await bring_to_purpose(payment.id)
    assert await in_transit() == kes(700)
    await delivered()
    assert (await balance(owner, "KES"), await in_transit()) == (kes(700), kes(0))
    await assert_integrity()


async def several_that_came(count: int) -> tuple[Actor, list[Payment]]:
    """Each opened by an act of its own, and none of them delivered."""
    owner, wallet = await an_owner()
    payments = []
    for number in range(count):
        with as_part_of(new_id()):
            payments.append(await asked_for(owner, TOP_UP, wallet.id, 100 + number))
        await came(payments[-1])
    return owner, payments


async def entries_of(payments: list[Payment]) -> list[tuple[int, UUID]]:
    """The amounts and correlation ids of what was brought, in the order of the log."""
    told = [each for each in await events_so_far() if each.name == "payments.payment_applied"]
    assert [each.fact.payment.id for each in told] == [payment.id for payment in payments]
    return [(each.fact.amount.amount_minor, each.correlation_id) for each in told]


async def test_several_are_brought_together_each_as_a_part_of_its_own_act() -> None:
    owner, payments = await several_that_came(8)
    while await log.sequence(database):
        pass
    with statements() as asked:
        await catch_up(purposes)
    assert await entries_of(payments) == [(payment.amount_minor, payment.correlation_id) for payment in payments]
    kinds = [TOPPED_UP] * len(payments)
    posted = await JournalEntry.filter(kind=TOPPED_UP).order_by("number")
    assert [each.kind for each in posted] == kinds
    assert [each.correlation_id for each in posted] == [payment.correlation_id for payment in payments]
    assert await balance(owner, "KES") == kes(sum(range(100, 108)))
    # Two statements and a savepoint for each, and a dozen for all of them.
    assert len(asked) <= 2 * len(payments) + 12
    await assert_integrity()


async def test_one_of_several_that_is_refused_or_fails_does_not_hold_up_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("domain.events.listeners.FIRST_PAUSE_S", 0.001)
    owner, payments = await several_that_came(5)
    _, refused, _, broken, _ = payments
    to_wallet = purpose_kind(TOP_UP)

    async def stumble(paid: PaidFor) -> UUID:
        if paid.payment_id == refused.id:
            raise WalletNotFound("there is no such wallet")
        if paid.payment_id == broken.id:
            raise ConnectionError("the line is cut")
        return await to_wallet.apply(paid)

    with monkeypatch.context() as patch:
        patch.setattr(applying, "purpose_kind", lambda purpose: replace(to_wallet, apply=stumble))
        await delivered()
    assert await balance(owner, "KES") == kes(100 + 102 + 104)
    assert (await application_of(refused)).refused_code == "WALLET_NOT_FOUND"
    assert await refusal_of(refused) is not None
    parked = await ParkedEvent.get()
    assert parked.error == "ConnectionError: the line is cut"
    await hear_again(parked.id)
    await bring_to_purpose(refused.id)
    assert await balance(owner, "KES") == kes(sum(range(100, 105)))
    await assert_integrity()


async def test_many_at_once_bring_it_once() -> None:
    owner, wallet = await an_owner()
    payment = await asked_for(owner, TOP_UP, wallet.id, 700)
    receipt = await came(payment)
    await outcomes_of([*(bring_to_purpose(payment.id) for _ in range(5)), delivered()])
    assert (await balance(owner, "KES"), await in_transit()) == (kes(700), kes(0))
    await taken_back(payment, receipt, kes(200))
    await outcomes_of([*(bring_to_purpose(payment.id) for _ in range(5)), delivered()])
    assert (await balance(owner, "KES"), await in_transit()) == (kes(500), kes(0))
    assert (await application_of(payment)).version == 3
    await assert_integrity()


async def test_money_in_suspense_reaches_no_purpose() -> None:
    owner, wallet = await an_owner()
    payment = await asked_for(owner, TOP_UP, wallet.id, 700)
    await came(payment, kes(650))
    await delivered()
    assert await bring_to_purpose(payment.id) is None
    assert not await PaymentApplication.exists()
    assert (await balance(owner, "KES"), await in_transit()) == (kes(0), kes(0))
    await assert_integrity()


async def test_who_may_top_up_which_wallet() -> None:
    owner, wallet = await an_owner()
    stranger, _ = await an_owner()
    accountant = somebody(Role.ACCOUNTANT)
    due = await due_of(owner, TOP_UP, wallet.id)
    assert (due.amount, due.client_id, due.payee_id, due.currency) == (None, owner.id, owner.id, "KES")
    assert await due_of(accountant, TOP_UP, wallet.id) == due
    assert await due_of(owner, TOP_UP, owner.id) == due
    for actor, target_id in ((stranger, wallet.id), (owner, new_id()), (somebody(Role.CASHIER), wallet.id)):
        async with nothing_happens():
            with pytest.raises(WalletNotFound):
                await due_of(actor, TOP_UP, target_id)
    with pytest.raises(Forbidden):
        await due_of(accountant, TOP_UP, accountant.id)


async def test_amounts_that_are_none() -> None:
    owner, wallet = await an_owner()
    due = await due_of(owner, TOP_UP, wallet.id)
    assert due.require(kes(1)) == kes(1)
    for amount in (kes(0), kes(-1)):
        with pytest.raises(InvalidAmount):
            due.require(amount)
    with pytest.raises(CurrencyMismatch):
        due.require(Money.of(1, "USD"))


async def test_a_wallet_is_found_by_its_account_number() -> None:
    owner, wallet = await an_owner()
    number = wallet.number
    assert len(number) == 12
    for typed in (number, number.lower(), f"{number[:6]} {number[6:]}", f" {number[:4]}-{number[4:]} "):
        due = await due_by_reference(typed)
        assert due is not None and due.target_id == wallet.id
    for typed in ("", "W", number[:-1], number + "0", "W0000000000G", owner.name):
        assert await due_by_reference(typed) is None
    assert await candidates(kes(100), limit=5) == []


async def test_a_purpose_that_nobody_has_leaves_its_money_in_transit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(registry._kinds, Purpose.SCHOOL_FEE, raising=False)
    owner, wallet = await an_owner()
    due = await due_of(owner, TOP_UP, wallet.id)
    changed = {name: getattr(due, name) for name in due.__slots__} | {"purpose": Purpose.SCHOOL_FEE}
    payment = await opened(type(due)(**changed), kes(300))
    await came(payment)
    await delivered()
    assert (await in_transit(), (await application_of(payment)).refused_code) == (kes(300), "PURPOSE_NOT_POSSIBLE")
    await assert_integrity()
