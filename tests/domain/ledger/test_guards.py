"""What the database itself refuses to take as an entry, whoever writes it and however."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

import asyncpg
import pytest

from domain.kit.database import execute, fetchval
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.unit_of_work import unit_of_work
from domain.ledger.chart import BANK, CAPITAL, WALLETS, house_account
from domain.ledger.service import credit, debit, open_account, post_entry
from tests.support.happenings import assert_integrity, nothing_happens

pytestmark = pytest.mark.usefixtures("database")

ENTRY: Final = """
insert into journal_entry (id, kind, description, effective_on, recorded_at, correlation_id)
values ($1, 'test.raw', 'raw', current_date, now(), $1)
"""
LINES: Final = """
insert into journal_line (entry_id, line_no, account_id, amount_minor, currency, effective_on, recorded_at,
                          balance_after_minor)
select entry_id, line_no, account_id, amount, currency, current_date, now(), balance_after
from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::text[], $5::bigint[]) with ordinality
     as l (entry_id, account_id, amount, currency, balance_after, line_no)
"""
UNBALANCED, LOST, OVERDRAWN = "DL002", "DL004", "23514"


@dataclass(frozen=True, slots=True)
class Books:
    """An entry that waits for its lines, another one, and accounts that they could name."""

    entry: UUID
    other_entry: UUID
    mine: UUID
    hers: UUID
    bank: UUID
    capital: UUID
    bank_in_dollars: UUID
    nobody: UUID


async def some_books() -> Books:
    mine, hers = [await open_account(WALLETS, name="Wallet", currency="INR", owner_id=new_id()) for _ in range(2)]
    bank, capital, dollars = [
        await house_account(code, currency) for code, currency in ((BANK, "INR"), (CAPITAL, "INR"), (BANK, "USD"))
    ]
    opening = Money(100, "INR")
    await post_entry(kind="test.opening", description="opening", lines=[debit(bank, opening), credit(mine, opening)])
    return Books(new_id(), new_id(), mine, hers, bank, capital, dollars, new_id())


async def write(books: Books, lines: str) -> None:
    """Lines as "entry account amount currency balance-after", by the names of :class:`Books`."""
    told = [line.split() for line in lines.split(",")]
    async with unit_of_work() as work:
        for entry in (books.entry, books.other_entry):
            if any(getattr(books, line[0]) == entry for line in told):
                await work.execute(ENTRY, entry)
        await work.execute(
            LINES,
            [getattr(books, line[0]) for line in told],
            [getattr(books, line[1]) for line in told],
            [int(line[2]) for line in told],
            [line[3] for line in told],
            [int(line[4]) if len(line) > 4 else None for line in told],
        )


async def balance_of(account_id: UUID) -> int:
    return int(await fetchval("select balance_minor from ledger_account where id = $1", account_id))


REFUSED: Final = {
    "an entry that is not there": (UNBALANCED, "nobody bank 5 INR, nobody capital -5 INR"),
    "more debits than credits": (UNBALANCED, "entry bank 5 INR, entry capital -4 INR"),
    "entries that balance only together": (UNBALANCED, "entry bank 5 INR, other_entry capital -5 INR"),
    "currencies that balance only together": (UNBALANCED, "entry bank 5 INR, entry bank_in_dollars -5 USD"),
    "an account that is not there": (LOST, "entry bank 5 INR, entry nobody -5 INR"),
    "one that is not there, with a balance": (LOST, "entry bank 5 INR, entry nobody -5 INR 5"),
    "a house account of another currency": (LOST, "entry bank 5 INR, entry bank_in_dollars -5 INR"),
    "a guarded account of another currency": (LOST, "entry bank_in_dollars 5 USD, entry mine -5 USD 105"),
    "a guarded account in two currencies": (
        LOST,
        "entry bank 5 INR, entry mine -5 INR 105, entry bank_in_dollars 5 USD, entry mine -5 USD 105",
    ),
    "a guarded account without a balance": (LOST, "entry bank 5 INR, entry mine -5 INR"),
    "a guarded account now with and now without": (LOST, "entry mine 5 INR 95, entry mine -5 INR"),
    "a house account with a balance": (LOST, "entry bank 5 INR 5, entry mine -5 INR 105"),
    "more than there is": (OVERDRAWN, "entry mine 101 INR -1, entry hers -101 INR 101"),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_lines_that_make_no_entry_are_refused(case: str) -> None:
    books = await some_books()
    sqlstate, lines = REFUSED[case]
    async with nothing_happens():
        with pytest.raises(asyncpg.PostgresError) as refused:
            await write(books, lines)
        assert refused.value.sqlstate == sqlstate
    assert await balance_of(books.mine) == 100


async def test_lines_of_several_entries_move_what_they_name() -> None:
    books = await some_books()
    await write(
        books,
        "entry mine 30 INR 70, entry hers -30 INR 30, entry bank_in_dollars 7 USD, entry bank_in_dollars -7 USD,"
        "other_entry mine 1 INR 69, other_entry mine 2 INR 67, other_entry bank -3 INR",
    )
    assert (await balance_of(books.mine), await balance_of(books.hers)) == (67, 30)
    await assert_integrity("ledger")


async def test_a_line_cannot_follow_its_entry_into_another_transaction() -> None:
    books = await some_books()
    await write(books, "entry bank 5 INR, entry capital -5 INR")
    entry = await fetchval("select id from journal_entry where kind = 'test.raw'")
    later = LINES.replace("select entry_id, line_no", "select entry_id, line_no + 2")
    async with nothing_happens():
        with pytest.raises(asyncpg.PostgresError, match="only be written together") as refused:
            await execute(later, [entry] * 2, [books.bank, books.capital], [5, -5], ["INR"] * 2, [None] * 2)
        assert refused.value.sqlstate == UNBALANCED
