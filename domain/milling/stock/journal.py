"""What movements do to the books: their value moves between stock and what it came from or went to.

A document makes one entry on its day, with its other sides. Where movements of other days turn out to be worth something
else, one entry a day says the difference; nothing is edited. Only the document's own day may refuse because its fiscal
period is closed. What merely follows is then dated on the first open day after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final, TypeAlias
from uuid import UUID

from domain.kit import clock
from domain.kit.money import Money
from domain.kit.unit_of_work import Work
from domain.ledger.chart import HouseAccount, house_account
from domain.ledger.errors import PeriodClosed
from domain.ledger.service import Line, NewEntry, Reference, post_entries
from domain.milling import settings
from domain.milling.accounts import COUNTER_OF, STOCK_OF, STOCK_VARIANCE
from domain.milling.rules import Posting
from domain.milling.states import ItemCategory, MovementKind

REVALUED: Final = "milling.stock_revalued"
MAX_DESCRIPTION: Final = 300

Amount: TypeAlias = tuple[HouseAccount, int]
"""Minor units on an account, debits positive."""

Sums: TypeAlias = dict[HouseAccount, int]

Entries: TypeAlias = dict[tuple[str, UUID | None], UUID]
"""What was posted: the entry by its kind and branch; the last one where there are several."""


def amounts_of(kind: MovementKind, category: ItemCategory, posting: Posting) -> Iterable[Amount]:
    """Dr stock, Dr what found no stock to be in   Cr where the goods came from; the opposite for what goes out."""
    yield STOCK_OF[category], posting.value
    yield STOCK_VARIANCE, posting.variance
    yield COUNTER_OF[kind], -posting.cost


def difference(before: Posting | None, after: Posting | None) -> Posting:
    """What has to be posted so that what stood as ``before`` stands as ``after``."""
    before, after = before or Posting(0, 0), after or Posting(0, 0)
    return Posting(0, after.value - before.value, after.variance - before.variance)


@dataclass(frozen=True, slots=True)
class Key:
    """Which entry an amount belongs to."""

    on: date
    kind: str
    description: str
    branch_id: UUID | None


@dataclass(slots=True)
class Journal:
    """Collects what one act posts: by kind of entry, day and branch, summed per account."""

    work: Work
    reference: Reference
    _entries: dict[Key, Sums] = field(default_factory=dict)

    def add(self, kind: str, description: str, on: date, branch_id: UUID | None, sides: Iterable[Amount]) -> None:
        sums = self._entries.setdefault(Key(on, kind, description, branch_id), {})
        for account, amount in sides:
            sums[account] = sums.get(account, 0) + amount

    async def post(self) -> Entries:
        """Post each entry on its day, or refuse with PERIOD_CLOSED."""
        return await self._write(self._moving())

    async def post_or_move(self) -> Entries:
        """Post each entry on its day, or where that lies in a closed fiscal period, on the first open day after it.

        Fiscal periods end with months, so what one month refuses waits for the first of the next.
        """
        waiting = self._moving()
        entries: Entries = {}
        if not waiting or await self._try(waiting, entries):
            return entries
        today = clock.today()
        for first, end in _months(waiting[0][0].on, today):
            due = _dated([each for each in waiting if each[0].on < end], first)
            if not due or await self._try(due, entries):
                waiting = [each for each in waiting if each[0].on >= end]
        return entries | await self._write(_dated(waiting, today))

    async def _try(self, dated: Sequence[tuple[Key, Sums]], entries: Entries) -> bool:
        """Whether these could be posted; none of them is if one lies in a closed period."""
        await self._open_accounts(dated)
        try:
            async with self.work.savepoint():
                entries |= await self._write(dated)
        except PeriodClosed:
            return False
        return True

    async def _write(self, dated: Sequence[tuple[Key, Sums]]) -> Entries:
        entries = [await self._entry(key, sums) for key, sums in dated]
        await post_entries(entries)
        return {(entry.kind, entry.branch_id): entry.id for entry in entries}

    async def _open_accounts(self, dated: Sequence[tuple[Key, Sums]]) -> None:
        """Before a savepoint, for an account that is opened inside is thought open even when that is undone."""
        for account in {account for _, sums in dated for account in sums}:
            await house_account(account, settings.current().currency)

    def _moving(self) -> list[tuple[Key, Sums]]:
        """The entries that say something, the oldest day first."""
        moving = [(key, sums) for key, sums in self._entries.items() if any(sums.values())]
        return sorted(moving, key=lambda each: each[0].on)

    async def _entry(self, key: Key, sums: Sums) -> NewEntry:
        currency = settings.current().currency
        lines = [
            Line(await house_account(account, currency), Money(abs(amount), currency), amount > 0)
            for account, amount in sums.items()
            if amount
        ]
        return NewEntry(key.kind, key.description[:MAX_DESCRIPTION], lines, key.on, self.reference, key.branch_id)


def _dated(entries: Iterable[tuple[Key, Sums]], least: date) -> list[tuple[Key, Sums]]:
    """The entries with those before a day dated on it, where they become one."""
    dated: dict[Key, Sums] = {}
    for key, sums in entries:
        into = dated.setdefault(replace(key, on=max(key.on, least)), {})
        for account, amount in sums.items():
            into[account] = into.get(account, 0) + amount
    return [(key, sums) for key, sums in dated.items() if any(sums.values())]


def _months(since: date, until: date) -> Iterator[tuple[date, date]]:
    """The first day of each month, and of the one after it."""
    first = since.replace(day=1)
    while first <= until:
        end = (first + timedelta(days=32)).replace(day=1)
        yield first, end
        first = end
