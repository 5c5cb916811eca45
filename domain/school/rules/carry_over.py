"""What a student brings into a new term: arrears of before, and credit.

It is computed from the old fees as they are now and copied nowhere, so a payment of an old fee shows at once. Arrears can be
moved to a fee of the new term instead: the old fee then asks for no more than it has, so nothing is asked for twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from domain.kit.money import Money
from domain.school.rules.allocation import OpenFee, spread
from domain.school.rules.figures import total
from domain.school.rules.plans import Line


@dataclass(frozen=True, slots=True)
class BroughtForward:
    """Arrears of each fee that has any, and credit apart; credit pays nothing until somebody moves it."""

    arrears_by_fee: dict[str, Money]
    credit: Money

    @property
    def arrears(self) -> Money:
        return total(self.arrears_by_fee.values(), self.credit.currency)


def brought_forward(fees: Sequence[OpenFee], term_starts_on: date, currency: str) -> BroughtForward:
    """What was due before the first day of a term and is not paid, and what was paid beyond the fees."""
    arrears: dict[str, Money] = {}
    credit = Money.zero(currency)
    for fee in fees:
        found = spread(fee.lines, fee.paid)
        old = total((row.unpaid for row in found.rows if row.line.due_on < term_starts_on), currency)
        if old:
            arrears[fee.fee_id] = old
        credit += found.excess
    return BroughtForward(arrears, credit)


@dataclass(frozen=True, slots=True)
class MovedOver:
    """``kept`` is what each old fee still asks for; ``lines`` ask for the rest, by category, in the fee of the new term."""

    kept: Mapping[str, tuple[Line, ...]]
    lines: tuple[Line, ...]


def moved_over(fees: Sequence[OpenFee], term_starts_on: date) -> MovedOver:
    """Arrears of before a term, taken out of the fees that they are of: what all of them ask for together stays the same."""
    kept: dict[str, tuple[Line, ...]] = {}
    moved: dict[str, Money] = {}
    for fee in fees:
        rows = spread(fee.lines, fee.paid).rows
        left = []
        for row in rows:
            old = row.line.due_on < term_starts_on
            left.append(replace(row.line, amount=row.paid) if old else row.line)
            if old and row.unpaid:
                category = row.line.category
                moved[category] = moved.get(category, Money.zero(row.unpaid.currency)) + row.unpaid
        if any(after != row.line for after, row in zip(left, rows, strict=True)):
            kept[fee.fee_id] = tuple(line for line in left if line.amount)
    return MovedOver(kept, tuple(Line(1, term_starts_on, category, amount) for category, amount in moved.items()))
