"""What the books have of a fee: one live row under its reference, of what is paid; none when that is nothing.

A row is never changed. When it is not what it should be it is reversed, and a new one takes its place; so the sum of the
rows that are not reversed is what is paid, after whatever sequence of changes. Asking twice changes nothing the second time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from domain.kit.money import Money
from domain.school.rules.allocation import Spread
from domain.school.rules.figures import total
from domain.school.rules.refusals import BadAllocation


@dataclass(frozen=True, slots=True)
class Share:
    """What one income account has of a row."""

    account: str
    amount: Money


@dataclass(frozen=True, slots=True)
class LiveRow:
    """An entry in the books that is not reversed."""

    entry_id: UUID
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Reverse:
    """Take a live row off the books, by a reversing entry."""

    entry_id: UUID


@dataclass(frozen=True, slots=True)
class Post:
    """Post a new row: money received, and whose income it is."""

    shares: tuple[Share, ...]

    @property
    def amount(self) -> Money:
        return total((share.amount for share in self.shares), self.shares[0].amount.currency)


Step = Reverse | Post


def shares(paid: Spread, account_of: Mapping[str, str], excess_account: str) -> tuple[Share, ...]:
    """What is paid of a fee by account: each category's to its own, and what is beyond the fee to ``excess_account``.

    They are in the order of their accounts, sum to what is paid, and are none when nothing is.
    """
    sums: dict[str, Money] = {}
    for category, amount in paid.by_category().items():
        if category not in account_of:
            raise BadAllocation(f"{category} has no income account")
        _add(sums, account_of[category], amount)
    if paid.excess:
        _add(sums, excess_account, paid.excess)
    return tuple(Share(account, amount) for account, amount in sorted(sums.items()))


def _add(sums: dict[str, Money], account: str, amount: Money) -> None:
    sums[account] = sums.get(account, Money.zero(amount.currency)) + amount


def steps(live: Sequence[LiveRow], wanted: Sequence[Share]) -> tuple[Step, ...]:
    """From the live rows of a fee, normally none or one, to the wanted one.

    The first row that is as wanted stays, every other is reversed: a repair that finds two rows needs nothing else, and a
    row whose fee is gone is one for which nothing is wanted.
    """
    asked = _plain(wanted)
    kept = next((row.entry_id for row in live if asked and _plain(row.shares) == asked), None)
    reversals = tuple(Reverse(row.entry_id) for row in live if row.entry_id != kept)
    return reversals if kept is not None or not asked else (*reversals, Post(asked))


def _plain(row: Sequence[Share]) -> tuple[Share, ...]:
    """By account, each once, without those of nothing: what it says, not how it was written."""
    sums: dict[str, Money] = {}
    for share in row:
        if share.amount.amount_minor < 0:
            raise BadAllocation("a row of a fee has no negative share")
        if share.amount:
            _add(sums, share.account, share.amount)
    return tuple(Share(account, amount) for account, amount in sorted(sums.items()))
