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

    def unpaid_until(self, day: date) -> Money:
        """What was due by the end of a day and is not paid: overdue the day after."""
        return total((row.unpaid for row in self.rows if row.line.due_on <= day), self.excess.currency)

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


@dataclass(frozen=True, slots=True)
class Allocation:
    """How much of the money each fee gets, and what is left when all are paid: an advance."""

    by_fee: dict[str, Money]
    advance: Money


def over_fees(amount: Money, fees: Sequence[OpenFee], *, first: str | None = None, due_by: date | None = None) -> Allocation:
    """Money of a student over the fees, line by line from the oldest of all; equally old ones in the order of the fees.

    ``first`` is a fee that is paid up before the others. With ``due_by`` nothing goes to lines that are due later, which is
    how an advance waits for them.
    """
    if first is not None and all(fee.fee_id != first for fee in fees):
        raise BadAllocation("the fee to be paid first is none of these")
    if len({fee.fee_id for fee in fees}) < len(fees):
        raise BadAllocation("each fee is among them once")
    left = not_negative(amount, "what is paid")
    by_fee: dict[str, Money] = {}
    for fee_id, row in _open_rows(fees, first):
        share = min(left, row.unpaid)
        if share and (due_by is None or row.line.due_on <= due_by):
            by_fee[fee_id] = by_fee.get(fee_id, Money.zero(amount.currency)) + share
            left -= share
    return Allocation(by_fee, left)


def _open_rows(fees: Sequence[OpenFee], first: str | None) -> list[tuple[str, PaidLine]]:
    rows = [(fee.fee_id, row) for fee in fees for row in spread(fee.lines, fee.paid).rows if row.unpaid]
    return sorted(rows, key=lambda each: (each[0] != first, each[1].line.due_on))
