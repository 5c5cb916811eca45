"""The annual percentage rate of a loan, as the actuarial method of Regulation Z, Appendix J, defines it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class CashFlow:
    """``amount`` in minor units, paid to the borrower when positive and by him when negative, ``at`` unit periods from the start."""

    at: Decimal
    amount: int


def apr(flows: Sequence[CashFlow], periods_per_year: int) -> Decimal:
    """The nominal annual rate in percent, two decimals, at which the flows are worth nothing together.

    It is the rate of one unit period times the unit periods of a year, as Regulation Z, Appendix J, has it.
    """
    raise NotImplementedError
