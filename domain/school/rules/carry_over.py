"""Arrears that a student brings into a new term, moved to a fee of it: the old fees then ask for no more than they have, so
that nothing is asked for twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from domain.kit.money import Money
from domain.school.rules.allocation import OpenFee, spread
from domain.school.rules.plans import Line


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
