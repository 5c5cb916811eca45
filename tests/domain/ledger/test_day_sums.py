"""Sums by day: what was summed and the lines since then are the same books, whoever posts meanwhile."""

from __future__ import annotations

import asyncio
import contextvars
from datetime import date
from uuid import UUID

import pytest

from domain.identity.actor import SYSTEM
from domain.kit import clock
from domain.kit.database import execute, fetch, fetchval
from domain.kit.money import Money
from domain.kit.unit_of_work import unit_of_work
from domain.ledger import queries
from domain.ledger.chart import BANK, CAPITAL, WALLETS, house_account
from domain.ledger.jobs import take_snapshots
from domain.ledger.models import JournalEntry
from domain.ledger.service import Line, credit, debit, open_account, post_entry, reverse_entry
from tests.support.happenings import assert_integrity
from tests.support.people import a_user

pytestmark = pytest.mark.usefixtures("database")

MONDAY, TUESDAY = date(2030, 3, 4), date(2030, 3, 5)


def inr(amount: int) -> Money:
    return Money.of(amount, "INR")


async def invest(amount: int, on: date, *, kind: str = "test.capital", branch_id: UUID | None = None) -> UUID:
    posted = await post_entry(
        kind=kind,
        description="Capital",
        lines=[
            debit(await house_account(BANK, "INR"), inr(amount)),
            credit(await house_account(CAPITAL, "INR"), inr(amount)),
        ],
        effective_on=on,
        branch_id=branch_id,
    )
    return posted.entry_id


async def days_of_the_bank() -> list[tuple[date, str, int]]:
    rows = await fetch(
        """select effective_on, business, sum(amount_minor)::bigint as amount from ledger_daily where code = $1
           group by effective_on, business order by effective_on, business""",
        BANK.code,
    )
    return [(row["effective_on"], row["business"], row["amount"]) for row in rows]


async def test_days_are_the_same_before_and_after_they_are_summed() -> None:
    await invest(100, MONDAY)
    await invest(20, TUESDAY, kind="other.capital")
    expected = [(MONDAY, "test", 100_00), (TUESDAY, "other", 20_00)]
    assert await days_of_the_bank() == expected
    await take_snapshots.run()
    assert await fetchval("select count(*) from ledger_day") == 4
    assert await days_of_the_bank() == expected
    await invest(3, MONDAY)
    assert await days_of_the_bank() == [(MONDAY, "test", 103_00), (TUESDAY, "other", 20_00)]
    await take_snapshots.run()
    assert await fetchval("select count(*) from ledger_day") == 4
    assert await days_of_the_bank() == [(MONDAY, "test", 103_00), (TUESDAY, "other", 20_00)]
    await assert_integrity("events", "ledger")


async def test_what_commits_after_the_sums_were_taken_is_in_the_tail() -> None:
    await invest(100, MONDAY)
    async with unit_of_work():
        await invest(1, MONDAY)
        # Another connection sums meanwhile; this transaction is older than its horizon allows.

        await asyncio.get_running_loop().create_task(take_snapshots.run(), context=contextvars.Context())  # type: ignore[arg-type]
    assert await days_of_the_bank() == [(MONDAY, "test", 101_00)]
    await take_snapshots.run()
    assert await days_of_the_bank() == [(MONDAY, "test", 101_00)]
    await assert_integrity("events", "ledger")


async def test_an_entry_keeps_its_branch_and_so_does_its_reversal() -> None:
    branch_id = (await a_user()).id
    entry_id = await invest(5, MONDAY, branch_id=branch_id)
    reversal = await reverse_entry(entry_id, kind="test.reversal", description="no", effective_on=TUESDAY)
    opposite = await JournalEntry.get(id=reversal.entry_id)
    assert (opposite.branch_id, opposite.effective_on) == (branch_id, TUESDAY)
    rows = await fetch("select distinct branch_id from ledger_daily")
    assert [row["branch_id"] for row in rows] == [branch_id]


async def test_the_trial_balance_of_a_day_sums_persons_under_their_code() -> None:
    owner = (await a_user()).id
    first = await open_account(WALLETS, name="Wallet", currency="INR", owner_id=owner)
    second = await open_account(WALLETS, name="Wallet", currency="INR", owner_id=(await a_user()).id)
    bank = await house_account(BANK, "INR")

    async def pay_in(account_id: UUID, amount: int) -> None:
        lines: list[Line] = [debit(bank, inr(amount)), credit(account_id, inr(amount))]
        await post_entry(kind="test.pay_in", description="In", lines=lines, effective_on=MONDAY)

    await pay_in(first, 30)
    await take_snapshots.run()
    await pay_in(second, 12)
    by_day = await queries.trial_balance(SYSTEM, as_of=TUESDAY)
    by_line = await queries.trial_balance(SYSTEM, as_of=TUESDAY, recorded_by=clock.now())
    assert [(row.code, row.name, row.debit, row.credit) for row in by_day.rows] == [
        ("1200", "Bank", inr(42), inr(0)),
        ("2310", "Accounts of persons under 2310", inr(0), inr(42)),
    ]
    assert [(row.code, row.debit) for row in by_line.rows] == [(row.code, row.debit) for row in by_day.rows]
    assert by_day.rows[1].account_id in (first, second)
    assert (await queries.trial_balance(SYSTEM, as_of=date(2030, 3, 3))).rows == []


async def test_sums_of_another_cluster_count_for_nothing() -> None:
    """After a restore elsewhere transaction ids begin anew: the lines speak for themselves until they are summed again."""
    await invest(100, MONDAY)
    await take_snapshots.run()
    await execute("update ledger_day_horizon set cluster_id = 1, horizon = '9000000000'")
    await execute("update ledger_day set amount_minor = amount_minor + 7")
    assert await days_of_the_bank() == [(MONDAY, "test", 100_00)]
    await take_snapshots.run()
    assert await days_of_the_bank() == [(MONDAY, "test", 100_00)]
    assert await fetchval("select count(*) from ledger_day") == 2
    await assert_integrity("events", "ledger")
