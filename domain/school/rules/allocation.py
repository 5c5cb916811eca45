"""Where the money of a fee goes: the oldest instalment first, in it the categories in their order, and then what is ahead.

It is a function of what is paid of the fee in all, so no payment has an allocation of its own that could disagree: what one
payment paid is the difference that it made.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from domain.kit.money import Money
from domain.school.rules.figures import not_negative, total
from domain.school.rules.plans import Line
from domain.school.rules.refusals import BadAllocation


@dataclass(frozen=True, slots=True)
class PaidLine:
    """A line, and how much of it is paid."""

    line: Line
    paid: Money

    @property
    def unpaid(self) -> Money:
        return self.line.amount - self.paid


@dataclass(frozen=True, slots=True)
class Spread:
    """All lines of a fee, oldest first, and the money that none of them asks for."""

    rows: tuple[PaidLine, ...]
    excess: Money

    def by_category(self) -> dict[str, Money]:
        """What each category has; those without money are left out."""
        found: dict[str, Money] = {}
        for row in self.rows:
            if row.paid:
                found[row.line.category] = found.get(row.line.category, Money.zero(row.paid.currency)) + row.paid
        return found

    def by_instalment(self) -> dict[int, Money]:
        """What each instalment has; those without money are left out."""
        found: dict[int, Money] = {}
        for row in self.rows:
            if row.paid:
                found[row.line.number] = found.get(row.line.number, Money.zero(row.paid.currency)) + row.paid
        return found

    @property
    def unpaid(self) -> Money:
        return total((row.unpaid for row in self.rows), self.excess.currency)

    @property
    def next_due_on(self) -> date | None:
        """The day of the oldest line that is not fully paid."""
        return next((row.line.due_on for row in self.rows if row.unpaid), None)


def spread(lines: Iterable[Line], paid: Money) -> Spread:
    """What is paid of a fee, over its lines."""
    left = not_negative(paid, "what is paid")
    rows: list[PaidLine] = []
    for line in sorted(lines, key=lambda each: (each.due_on, each.number)):
        share = min(left, line.amount)
        left -= share
        rows.append(PaidLine(line, share))
    return Spread(tuple(rows), left)


def paid_by(lines: Sequence[Line], before: Money, after: Money) -> Spread:
    """What one payment paid, of a fee that had ``before`` and has ``after``."""
    if after < before:
        raise BadAllocation("a payment does not make what is paid less")
    had, has = spread(lines, before), spread(lines, after)
    rows = [PaidLine(now.line, now.paid - then.paid) for then, now in zip(had.rows, has.rows, strict=True)]
    return Spread(tuple(row for row in rows if row.paid), has.excess - had.excess)


@dataclass(frozen=True, slots=True)
class OpenFee:
    """A fee of a student that takes money."""

    fee_id: str
    lines: tuple[Line, ...]
    paid: Money
