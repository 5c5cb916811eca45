"""The general ledger: one account line by line, with the balance that it had after each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from tortoise.expressions import Q

from domain.accounting.rules import running
from domain.accounting.scope import days_to_read, require_whole_house
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.database import fetchval
from domain.kit.errors import NotFound
from domain.kit.money import Money
from domain.kit.paging import Page, PageRequest, page_of
from domain.kit.reading import read_one
from domain.ledger.models import Account, JournalLine


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A line of the account; ``balance`` is what the account had after it, on the side on which it grows."""

    id: int
    entry_id: UUID
    effective_on: date
    recorded_at: Any
    debit: Money | None
    credit: Money | None
    balance: Money


@dataclass(frozen=True, slots=True)
class GeneralLedger:
    """An account over a stretch of days: what it had before, what moved, what it has after."""

    account_id: UUID
    since: date
    until: date
    currency: str
    opening: Money
    debits: Money
    credits: Money
    closing: Money


# What an account of the house moved up to a day ($4, not included) from another ($3, or the beginning), from the sums by
# day of its code ($1) and currency ($2).
MOVED_BY_DAY: Final = """
select coalesce(sum(amount_minor), 0) from ledger_daily
where code = $1 and currency = $2 and not guarded and effective_on < $4 and ($3::date is null or effective_on >= $3)
"""

# The same of a person's account ($1), from its lines.
MOVED_BY_LINE: Final = """
select coalesce(sum(amount_minor), 0) from journal_line
where account_id = $1 and effective_on < $3 and ($2::date is null or effective_on >= $2)
"""

# What the account moved on a day ($2) before a line ($3) of that day.
MOVED_THAT_DAY: Final = """
select coalesce(sum(amount_minor), 0) from journal_line where account_id = $1 and effective_on = $2 and id < $3
"""

# Debits of the account ($1) between two days, both included.
DEBITS: Final = """
select coalesce(sum(amount_minor) filter (where amount_minor > 0), 0) from journal_line
where account_id = $1 and effective_on between $2 and $3
"""


async def general_ledger(actor: Actor, *, account_id: UUID, since: date, until: date) -> GeneralLedger:
    """The account's balance before and after a stretch of days, and both sides' sums in it."""
    account, days = await _readable(actor, account_id), days_to_read(since, until)
    sign = 1 if account.kind.grows_by_debit else -1
    opening = await _moved(account, None, days.since)
    closing = opening + await _moved(account, days.since, date.fromordinal(min(days.until.toordinal() + 1, _LAST)))
    debits = int(await fetchval(DEBITS, account.id, days.since, days.until))
    return GeneralLedger(
        account_id=account.id,
        since=days.since,
        until=days.until,
        currency=account.currency,
        opening=Money(sign * opening, account.currency),
        debits=Money(debits, account.currency),
        credits=Money(debits - (closing - opening), account.currency),
        closing=Money(sign * closing, account.currency),
    )


async def general_ledger_lines(
    actor: Actor, page: PageRequest, *, account_id: UUID, since: date, until: date
) -> Page[LedgerLine]:
    """The account's lines in the order of their dates, each with the balance after it."""
    account, days = await _readable(actor, account_id), days_to_read(since, until)
    query = JournalLine.filter(Q(account_id=account.id, effective_on__gte=days.since, effective_on__lte=days.until))
    found = await page_of(query, page.of_whole_rows, "effective_on", "id")
    return Page(await _with_balances(account, found.rows), found.cursors, found.has_next, found.has_previous, found.count)


async def _with_balances(account: Account, lines: Sequence[JournalLine]) -> list[LedgerLine]:
    if not lines:
        return []
    first, sign = lines[0], 1 if account.kind.grows_by_debit else -1
    opening = await _moved(account, None, first.effective_on)
    opening += int(await fetchval(MOVED_THAT_DAY, account.id, first.effective_on, first.id))
    balances = running(opening, [line.amount_minor for line in lines])
    return [
        LedgerLine(
            line.id,
            line.entry_id,
            line.effective_on,
            line.recorded_at,
            line.debit,
            line.credit,
            Money(sign * balance, account.currency),
        )
        for line, balance in zip(lines, balances, strict=True)
    ]


async def _readable(actor: Actor, account_id: UUID) -> Account:
    require_whole_house(actor)
    actor.require(Permission.LEDGER_READ)
    account = await read_one(Account.filter(id=account_id))
    if account is None:
        raise NotFound("there is no such account, or nothing was posted to it yet", field=("accountId",))
    return account


async def _moved(account: Account, since: date | None, before: date) -> int:
    """What the account moved in the days before one, debits positive."""
    if account.guarded or account.owner_id is not None:
        return int(await fetchval(MOVED_BY_LINE, account.id, since, before))
    return int(await fetchval(MOVED_BY_DAY, account.code, account.currency, since, before))


_LAST: Final = date.max.toordinal()
