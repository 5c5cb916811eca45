"""Wallets: opened once with one opening credit, never below zero, transfers exact under any load."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable
from typing import Any
from uuid import UUID

import pytest

from domain.events.listeners import catch_up
from domain.identity.actor import ANONYMOUS, Actor
from domain.identity.errors import EmailTaken
from domain.identity.models import User
from domain.identity.permissions import Role
from domain.kit.database import fetchval
from domain.kit.errors import CurrencyMismatch, Forbidden, InvalidAmount, InvalidInput, Unauthenticated
from domain.kit.idempotency import once
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.paging import PageRequest
from domain.kit.unit_of_work import unit_of_work
from domain.ledger.chart import BANK, house_account
from domain.ledger.errors import InsufficientFunds
from domain.ledger.service import credit, debit
from domain.wallets import handlers, queries
from domain.wallets.errors import SameWallet, WalletNotFound
from domain.wallets.models import Wallet
from domain.wallets.service import (
    Transfer,
    hold_funds,
    post_to_wallets,
    register_user,
    release_hold,
    transfer_funds,
    wallet_of,
)
from tests.support.happenings import assert_integrity, events_so_far, names_of_events, nothing_happens
from tests.support.people import a_user, configure_identity
from tests.support.races import outcomes_of

pytestmark = pytest.mark.usefixtures("database")

OPENING = Money.of("1000000.00", "INR")


def inr(amount: int | str) -> Money:
    return Money.of(amount, "INR")


def somebody(role: Role = Role.INVESTOR) -> Actor:
    return Actor(id=new_id(), name="Asha", roles=frozenset({role}))


async def balance_of(wallet: Wallet) -> Money:
    return (await queries.balances_of([wallet.id]))[wallet.id].balance


async def test_a_new_wallet_has_the_opening_credit_once_although_opened_twenty_times_at_once() -> None:
    user_id = new_id()
    wallets = await asyncio.gather(*(wallet_of(user_id, "INR") for _ in range(20)))
    assert len({wallet.id for wallet in wallets}) == 1
    assert await balance_of(wallets[0]) == OPENING
    assert await names_of_events() == ["wallets.wallet_opened", "ledger.entry_posted", "wallets.balance_changed"]
    await assert_integrity()


async def test_a_wallet_in_another_currency_starts_empty() -> None:
    assert await balance_of(await wallet_of(new_id(), "KES")) == Money.zero("KES")


async def test_a_transfer_moves_money_and_tells_both() -> None:
    asha, brian = somebody(), somebody()
    mine, theirs = await wallet_of(asha.id, "INR"), await wallet_of(brian.id, "INR")
    before = len(await events_so_far())
    await transfer_funds(asha, from_wallet_id=mine.id, to_wallet_id=theirs.id, amount=inr("250.50"), description="rent")
    assert await balance_of(mine) == OPENING - inr("250.50")
    assert await balance_of(theirs) == OPENING + inr("250.50")
    told = (await events_so_far())[before:]
    assert [logged.name for logged in told] == ["ledger.entry_posted", "wallets.balance_changed", "wallets.balance_changed"]
    changes = {logged.fact.wallet_id: (logged.fact.change, logged.fact.balance) for logged in told[1:]}
    assert changes[mine.id] == (-inr("250.50"), OPENING - inr("250.50"))
    statement = await queries.wallet_transactions(brian, PageRequest(first=1), wallet_id=theirs.id)
    (line,) = statement.rows
    assert (line.type.value, line.amount, line.description, line.balance_after) == (
        "CREDIT", inr("250.50"), "rent", OPENING + inr("250.50"),
    )  # fmt: skip
    assert statement.has_next
    assert await statement.count() == 2


ONE = inr(1)


async def test_refusals_leave_nothing() -> None:
    asha, brian = somebody(), somebody()
    mine, theirs = await wallet_of(asha.id, "INR"), await wallet_of(brian.id, "INR")
    shillings = await wallet_of(brian.id, "KES")

    def move(
        actor: Actor = asha, source: UUID = mine.id, to: UUID = theirs.id, amount: Money = ONE, text: str = "x"
    ) -> Awaitable[Transfer]:
        return transfer_funds(actor, from_wallet_id=source, to_wallet_id=to, amount=amount, description=text)

    attempts = [
        (Unauthenticated, move(actor=ANONYMOUS)),
        (Forbidden, move(actor=somebody(Role.ACCOUNTANT))),
        (WalletNotFound, move(source=theirs.id)),
        (WalletNotFound, move(to=new_id())),
        (SameWallet, move(to=mine.id)),
        (CurrencyMismatch, move(to=shillings.id)),
        (CurrencyMismatch, move(amount=Money.of(1, "KES"))),
        (InvalidAmount, move(amount=inr(0))),
        (InvalidAmount, move(amount=inr(-5))),
        (InsufficientFunds, move(amount=inr("1000000.01"))),
        (InvalidInput, move(text=" ")),
        (InvalidInput, move(text="a\x00b")),
    ]
    for refusal, attempt in attempts:
        async with nothing_happens():
            with pytest.raises(refusal):
                await attempt


async def test_held_money_cannot_be_sent_until_it_is_given_back() -> None:
    asha = somebody()
    mine, theirs = await wallet_of(asha.id, "INR"), await wallet_of(new_id(), "INR")
    hold = await hold_funds(wallet=mine, amount=OPENING, description="bid")
    async with nothing_happens():
        with pytest.raises(InsufficientFunds, match=r"only INR 0\.00 is available"):
            await transfer_funds(asha, from_wallet_id=mine.id, to_wallet_id=theirs.id, amount=inr(1))
    await release_hold(hold.id)
    await transfer_funds(asha, from_wallet_id=mine.id, to_wallet_id=theirs.id, amount=OPENING)
    await assert_integrity()


async def test_two_locks_of_twenty_on_twenty_five_give_one_success_and_five_left() -> None:
    """The published time-of-check race: a balance of 25 and two concurrent locks of 20 (Rustchain issue 6642)."""
    asha = somebody()
    mine = await wallet_of(asha.id, "KES")
    await give(mine, Money.of(25, "KES"))
    results = await asyncio.gather(
        *(hold_funds(wallet=mine, amount=Money.of(20, "KES"), description="lock") for _ in range(2)), return_exceptions=True
    )
    assert sorted(type(result).__name__ for result in results) == ["Hold", "InsufficientFunds"]
    assert (await queries.balances_of([mine.id]))[mine.id].available == Money.of(5, "KES")


async def give(wallet: Wallet, amount: Money) -> None:
    bank = await house_account(BANK, amount.currency)
    lines = [debit(bank, amount), credit(wallet.account_id, amount)]
    await post_to_wallets(kind="test.gift", description="gift", lines=lines)


async def test_a_thousand_random_transfers_among_twenty_wallets_conserve_money() -> None:
    rng = random.Random(2026)
    people = [somebody() for _ in range(20)]
    wallets = [await wallet_of(person.id, "INR") for person in people]
    gate = asyncio.Semaphore(40)

    async def one() -> str:
        source, target = rng.sample(range(20), 2)
        async with gate:
            try:
                await transfer_funds(
                    people[source],
                    from_wallet_id=wallets[source].id,
                    to_wallet_id=wallets[target].id,
                    amount=inr(rng.randint(1, 900_000)),
                )
            except InsufficientFunds:
                return "refused"
        return "done"

    outcomes = await asyncio.gather(*(one() for _ in range(1000)))
    assert set(outcomes) == {"done", "refused"}
    total = await fetchval("select sum(balance_minor)::bigint from ledger_account where guarded")
    assert total == 20 * OPENING.amount_minor
    assert await fetchval("select min(balance_minor) from ledger_account where guarded") >= 0
    await assert_integrity()


async def test_sixteen_who_send_at_once_lock_no_account_of_the_house() -> None:
    """What everybody's entries touch must make nobody wait: the rows of house accounts are only read."""
    bank = await house_account(BANK, "INR")
    wallets = [await wallet_of(new_id(), "INR") for _ in range(16)]
    everybody_has_posted, everybody_may_go = asyncio.Barrier(17), asyncio.Event()

    async def give_and_linger(wallet: Wallet) -> None:
        async with unit_of_work():
            await give(wallet, inr(1))
            await everybody_has_posted.wait()
            await everybody_may_go.wait()

    givers = [asyncio.create_task(give_and_linger(wallet)) for wallet in wallets]
    async with asyncio.timeout(10):
        await everybody_has_posted.wait()
    try:
        assert await fetchval("select count(*) from pg_locks where not granted") == 0
        # Whoever holds a lock on the row, be it a shared one, is passed over here.
        free = await fetchval(
            "select count(*) from (select from ledger_account where id = $1 for update skip locked) row", bank
        )
        lent = await fetchval("select count(*) from (select from ledger_account where guarded for update skip locked) row")
        assert (free, lent) == (1, 0)
    finally:
        everybody_may_go.set()
        await asyncio.gather(*givers)
    await assert_integrity()


async def test_the_same_transfer_sent_fifty_times_happens_once() -> None:
    asha, brian = somebody(), somebody()
    mine, theirs = await wallet_of(asha.id, "INR"), await wallet_of(brian.id, "INR")
    for _ in range(50):
        await once(
            "rent-may", transfer_funds, asha, from_wallet_id=mine.id, to_wallet_id=theirs.id, amount=inr(10), description="r"
        )
    assert await balance_of(mine) == OPENING - inr(10)


async def test_a_user_made_by_an_administrator_gets_a_wallet_too() -> None:
    configure_identity()
    user = await a_user(Role.SELLER)
    await events_so_far()
    await catch_up(handlers.welcome)
    wallet = await queries.my_wallet(Actor(id=user.id, name=user.name, roles=frozenset({Role.SELLER})))
    assert wallet is not None
    assert await balance_of(wallet) == OPENING
    await assert_integrity()


async def test_who_registers_twice_at_once_has_one_opening_credit() -> None:
    said: dict[str, Any] = {
        "name": "Asha",
        "email": "asha@daftari.example",
        "password": "correct horse",
        "roles": [Role.INVESTOR],
    }
    results = await outcomes_of(register_user(**said) for _ in range(8))
    [user] = [each for each in results if isinstance(each, User)]
    assert sum(isinstance(each, EmailTaken) for each in results) == 7
    [wallet] = await Wallet.all()
    assert (wallet.user_id, await balance_of(wallet)) == (user.id, OPENING)
    assert await fetchval("select count(*) from journal_entry") == 1
    await assert_integrity()
