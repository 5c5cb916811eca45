"""What a student brings into a new term: arrears of before, and credit.

It is computed from the old fees as they are now and copied nowhere, so a payment of an old fee shows at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.kit.money import Money
from domain.school.rules.allocation import OpenFee, spread
from domain.school.rules.figures import total


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
