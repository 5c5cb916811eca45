"""Posting: balanced or refused, never overdrawn, never rewritten, reversed once."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import asyncpg
import pytest

from domain.identity.actor import SYSTEM
from domain.kit import clock
from domain.kit.context import CallContext, call_context
from domain.kit.database import execute, fetch, fetchval, pool
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.unit_of_work import unit_of_work
from domain.ledger import queries
from domain.ledger.chart import BANK, CAPITAL, WALLETS, house_account
from domain.ledger.errors import (
    AccountNotFound,
    AlreadyReversed,
    HoldExceeded,
    HoldNotPending,
    InsufficientFunds,
    UnbalancedEntry,
)
from domain.ledger.service import (
    NewEntry,
    credit,
    debit,
    end_holds,
    open_account,
    place_hold,
    post_entries,
    post_entry,
    reverse_entry,
    spend_hold,
)
from tests.support.happenings import assert_integrity, events_so_far, names_of_events, nothing_happens

pytestmark = pytest.mark.usefixtures("database")


def inr(amount: int | str) -> Money:
    return Money.of(amount, "INR")


async def guarded_account(opening: int | str = 0) -> UUID:
    account_id = await open_account(WALLETS, name="Wallet", currency="INR", owner_id=new_id())
    if opening:
        await post_entry(
            kind="test.opening",
            description="opening",
            lines=[debit(await house_account(BANK, "INR"), inr(opening)), credit(account_id, inr(opening))],
        )
    return account_id


async def balance_of(account_id: UUID) -> queries.Balance:
    return await queries.account_balance(SYSTEM, account_id=account_id)


async def pay(source: UUID, target: UUID, amount: int | str) -> UUID:
    posted = await post_entry(
        kind="test.payment", description="payment", lines=[debit(source, inr(amount)), credit(target, inr(amount))]
    )
    return posted.entry_id


async def test_an_entry_moves_both_balances_and_is_announced() -> None:
    a, b = await guarded_account(100), await guarded_account()
    await pay(a, b, "30.25")
    assert (await balance_of(a)).posted == inr("69.75")
    assert (await balance_of(b)).posted == inr("30.25")
    assert await names_of_events() == ["ledger.entry_posted"] * 2
    await assert_integrity("events", "ledger")


async def test_an_overdraft_is_refused_with_what_is_available() -> None:
    a, b = await guarded_account(100), await guarded_account()
    async with nothing_happens():
        with pytest.raises(InsufficientFunds, match=r"INR 100\.01 is needed, but only INR 100\.00 is available"):
            await pay(a, b, "100.01")


@pytest.mark.parametrize(
    "amounts",
    [[("debit", 10), ("credit", 9)], [("debit", 10)], [], [("debit", 10), ("debit", 10)], [("debit", 0), ("credit", 0)]],
)
async def test_an_unbalanced_entry_is_refused(amounts: list[tuple[str, int]]) -> None:
    a, b = await guarded_account(100), await guarded_account(100)
    sides = {"debit": debit, "credit": credit}
    lines = [sides[side](account, inr(amount)) for (side, amount), account in zip(amounts, [a, b], strict=False)]
    async with nothing_happens():
        with pytest.raises(UnbalancedEntry):
            await post_entry(kind="test.wrong", description="wrong", lines=lines)


async def test_currencies_balance_one_by_one() -> None:
    a, b = await guarded_account(100), await guarded_account(100)
    async with nothing_happens():
        with pytest.raises(UnbalancedEntry):
            await post_entry(
                kind="test.wrong", description="wrong", lines=[debit(a, inr(10)), credit(b, Money.of(10, "KES"))]
            )


async def test_an_account_of_another_currency_or_none_is_refused() -> None:
    a = await guarded_account(100)
    kes = Money.of(10, "KES")
    async with nothing_happens():
        with pytest.raises(AccountNotFound):
            await post_entry(kind="t", description="t", lines=[debit(a, kes), credit(new_id(), kes)])


async def test_many_entries_are_posted_in_their_order_and_announced() -> None:
    bank, capital = await house_account(BANK, "INR"), await house_account(CAPITAL, "INR")
    days = [date(2026, 3, day) for day in range(1, 21)]
    posted = await post_entries(
        [
            NewEntry(
                "test.many",
                f"of {day}",
                [debit(bank, inr(day.day)), credit(capital, inr(day.day)), debit(bank, inr(0))],
                day,
            )
            for day in days
        ]
    )
    assert [each.number for each in posted] == sorted(each.number for each in posted)
    assert (await balance_of(bank)).posted == inr(210)
    assert await fetchval("select sum(amount_minor)::bigint from journal_line where amount_minor > 0") == 21_000
    assert (await names_of_events()) == ["ledger.entry_posted"] * 20
    await assert_integrity("events", "ledger")


async def test_each_of_many_entries_belongs_to_what_it_says() -> None:
    bank, capital = await house_account(BANK, "INR"), await house_account(CAPITAL, "INR")
    lines, day = [debit(bank, inr(1)), credit(capital, inr(1))], date(2026, 3, 1)
    call, other = CallContext(actor_id=new_id()), new_id()
    with call_context(call):
        await post_entries(
            [
                NewEntry("test.many", "of the call", lines, day),
                NewEntry("test.many", "of another", lines, day, correlation_id=other),
            ]
        )
    written = await fetch("select description, correlation_id, actor_id from journal_entry order by number")
    assert [tuple(row) for row in written] == [
        ("of the call", call.correlation_id, call.actor_id),
        ("of another", other, call.actor_id),
    ]
    assert [logged.correlation_id for logged in await events_so_far()] == [call.correlation_id, other]


async def test_of_many_entries_one_that_is_refused_stops_all() -> None:
    bank, capital, wallet = await house_account(BANK, "INR"), await house_account(CAPITAL, "INR"), await guarded_account()
    good = NewEntry("test.many", "good", [debit(bank, inr(5)), credit(capital, inr(5))], date(2026, 3, 1))
    uneven = NewEntry("test.many", "uneven", [debit(bank, inr(5)), credit(capital, inr(4))], date(2026, 3, 1))
    guarded = NewEntry("test.many", "of a person", [debit(bank, inr(5)), credit(wallet, inr(5))], date(2026, 3, 1))
    async with nothing_happens():
        with pytest.raises(UnbalancedEntry):
            await post_entries([good, uneven])
        with pytest.raises(AccountNotFound):
            await post_entries([good, guarded])
        assert await post_entries([]) == []


async def test_a_reversal_undoes_an_entry_once() -> None:
    a, b = await guarded_account(100), await guarded_account()
    entry = await pay(a, b, 40)
    await reverse_entry(entry, kind="test.reversal", description="mistake")
    assert (await balance_of(a)).posted == inr(100)
    async with nothing_happens():
        with pytest.raises(AlreadyReversed):
            await reverse_entry(entry, kind="test.reversal", description="again")
    await assert_integrity("events", "ledger")


async def test_a_reversal_that_would_overdraw_is_refused() -> None:
    a, b, c = await guarded_account(100), await guarded_account(), await guarded_account()
    entry = await pay(a, b, 40)
    await pay(b, c, 40)
    async with nothing_happens():
        with pytest.raises(InsufficientFunds):
            await reverse_entry(entry, kind="test.reversal", description="too late")


async def test_the_published_two_phase_figure() -> None:
    """Credits posted 100, debits posted 70: a reserve of 50 must fail, one of 30 passes (TigerBeetle, two-phase)."""
    a, b = await guarded_account(100), await guarded_account()
    await pay(a, b, 70)
    async with nothing_happens():
        with pytest.raises(InsufficientFunds):
            await place_hold(account_id=a, amount=inr(50), description="reserve")
    await place_hold(account_id=a, amount=inr(30), description="reserve")
    assert (await balance_of(a)).available == inr(0)
    await assert_integrity("events", "ledger")


async def test_a_hold_counts_at_once_and_what_is_not_posted_is_free_again() -> None:
    a, b = await guarded_account(100), await guarded_account()
    hold = await place_hold(account_id=a, amount=inr(80), description="reserve")
    async with nothing_happens():
        with pytest.raises(InsufficientFunds):
            await pay(a, b, 21)
        with pytest.raises(HoldExceeded):
            await spend_hold(hold.id, inr(81), kind="t", description="t", lines=[debit(a, inr(81)), credit(b, inr(81))])
    await spend_hold(hold.id, inr(50), kind="t", description="t", lines=[debit(a, inr(50)), credit(b, inr(50))])
    balance = await balance_of(a)
    assert (balance.posted, balance.held) == (inr(50), inr(0))
    async with nothing_happens():
        with pytest.raises(HoldNotPending):
            await spend_hold(hold.id, inr(1), kind="t", description="t", lines=[debit(a, inr(1)), credit(b, inr(1))])
        with pytest.raises(HoldNotPending):
            await end_holds([hold.id])
    await assert_integrity("events", "ledger")


async def test_balances_are_asked_by_effective_date_and_by_moment_of_recording() -> None:
    a, b = await guarded_account(100), await guarded_account()
    before = clock.now()
    await post_entry(
        kind="test.backdated",
        description="back-dated",
        lines=[debit(a, inr(10)), credit(b, inr(10))],
        effective_on=date(2026, 1, 31),
    )
    assert (await queries.account_balance(SYSTEM, account_id=b, as_of=date(2026, 1, 31))).posted == inr(10)
    assert (await queries.account_balance(SYSTEM, account_id=b, as_of=date(2026, 1, 30))).posted == inr(0)
    assert (await queries.account_balance(SYSTEM, account_id=b, recorded_by=before)).posted == inr(0)


async def test_a_house_balance_is_its_snapshot_and_the_tail_since() -> None:
    bank, capital = await house_account(BANK, "INR"), await house_account(CAPITAL, "INR")
    for _ in range(3):
        await post_entry(kind="t", description="t", lines=[debit(bank, inr(5)), credit(capital, inr(5))])
        await fetchval("select take_account_snapshots(now())")
    await post_entry(kind="t", description="t", lines=[debit(bank, inr(1)), credit(capital, inr(1))])
    assert (await balance_of(bank)).posted == inr(16)
    assert (await balance_of(capital)).posted == inr(16)
    trial = await queries.trial_balance(SYSTEM)
    assert [(row.code, row.debit, row.credit) for row in trial.rows] == [
        ("1200", inr(16), inr(0)),
        ("3100", inr(0), inr(16)),
    ]
    assert trial.totals[0].balanced
    await assert_integrity("events", "ledger")


async def test_a_snapshot_taken_while_an_entry_is_in_flight_does_not_lose_it() -> None:
    bank, capital = await house_account(BANK, "INR"), await house_account(CAPITAL, "INR")
    async with unit_of_work():
        await post_entry(kind="t", description="slow", lines=[debit(bank, inr(7)), credit(capital, inr(7))])
        other = await pool().acquire()
        try:
            await other.execute("select take_account_snapshots(now())")
        finally:
            await pool().release(other)
    await fetchval("select take_account_snapshots(now())")
    assert (await balance_of(bank)).posted == inr(7)
    await assert_integrity("events", "ledger")


@pytest.mark.parametrize(
    "statement",
    [
        "update journal_line set amount_minor = amount_minor * 2",
        "delete from journal_line",
        "delete from journal_entry",
        "truncate journal_line cascade",
        "update journal_entry set description = 'nicer'",
        "update ledger_account set balance_minor = -1 where guarded",
        "update ledger_account set held_minor = balance_minor + 1 where guarded",
        "delete from ledger_account",
        "insert into journal_entry (id, kind, description, effective_on, recorded_at, correlation_id) "
        "values (gen_random_uuid(), 't', 't', now(), now(), gen_random_uuid())",
        "insert into journal_line (entry_id, line_no, account_id, amount_minor, currency, effective_on, recorded_at) "
        "select entry_id, 9, account_id, 5, currency, effective_on, recorded_at from journal_line limit 1",
    ],
)
async def test_the_database_itself_refuses_to_rewrite_the_books(statement: str) -> None:
    await guarded_account(100)
    async with nothing_happens():
        with pytest.raises(asyncpg.PostgresError):
            await execute(statement)
