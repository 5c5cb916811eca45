"""The annual percentage rate of a loan, as the actuarial method of Regulation Z, Appendix J, defines it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Final

PRECISION: Final = 34
MOST_STEPS: Final = 200
CENTI: Final = Decimal("0.01")
CLOSE_ENOUGH: Final = Decimal("1e-12")
HIGHEST_RATE: Final = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class CashFlow:
    """``amount`` in minor units, to the borrower when positive and from him when negative, at so many unit periods."""

    at: Decimal
    amount: int


def apr(flows: Sequence[CashFlow], periods_per_year: Decimal | int) -> Decimal:
    """The nominal annual rate in percent, two decimals, at which the flows are worth nothing together.

    It is the rate of one unit period times the unit periods of a year. The part of a unit period that is not whole bears
    simple interest: the divisor of a payment is (1 + f i)(1 + i)^t. Without interest, or a loss to the lender, it is zero.
    """
    with localcontext() as context:
        context.prec = PRECISION
        rate = _periodic_rate(flows)
        return (rate * periods_per_year * 100).quantize(CENTI, rounding=ROUND_HALF_UP)


def _periodic_rate(flows: Sequence[CashFlow]) -> Decimal:
    """Newton's method from above the root of a falling convex function of the rate; bisection where it would leave it."""
    timed = [(int(flow.at), flow.at - int(flow.at), flow.amount) for flow in flows if flow.amount]
    if not timed or sum(amount for _, _, amount in timed) >= 0:
        return Decimal(0)
    low, high = Decimal(0), Decimal(1)
    # At rate zero the payments outweigh the advance (the value is negative); at a rate high enough the advance does.
    while _value(timed, high)[0] < 0:
        low, high = high, high * 4
        if high > HIGHEST_RATE:
            return high
    rate = low
    for _ in range(MOST_STEPS):
        value, slope = _value(timed, rate)
        low, high = (rate, high) if value < 0 else (low, rate)
        following = rate - value / slope if slope else (low + high) / 2
        if not low <= following <= high:
            following = (low + high) / 2
        if abs(following - rate) < CLOSE_ENOUGH:
            return following
        rate = following
    return rate


def _value(timed: list[tuple[int, Decimal, int]], rate: Decimal) -> tuple[Decimal, Decimal]:
    """The present value of all flows at the rate, and its derivative."""
    one = Decimal(1)
    discount = one / (one + rate)
    powers = [one]
    for _ in range(max(periods for periods, _, _ in timed)):
        powers.append(powers[-1] * discount)
    value = slope = Decimal(0)
    for periods, part, amount in timed:
        worth = amount * powers[periods]
        change = periods * discount
        if part:
            worth /= one + part * rate
            change += part / (one + part * rate)
        value += worth
        slope -= worth * change
    return value, slope
