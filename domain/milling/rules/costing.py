"""What milling yields, what it costs, and how a cost is shared among lines.

Yield, which millers call extraction, is flour out of wheat in: straight flour is about 72 % of the wheat, the rest is bran
and shorts. What is neither output nor by-product is process loss. Weights are thousandths of a kilogram.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from domain.milling.rules.rounding import half_up


def yield_percent(output: int, inputs: int) -> Decimal | None:
    """Output in percent of the inputs by weight, two decimals, halves to even. None where nothing went in."""
    return Decimal(round(Fraction(output * 10_000, inputs))).scaleb(-2) if inputs > 0 else None


def process_loss(inputs: int, outputs: Sequence[int]) -> int:
    """The weight that went in and did not come out, neither as output nor as by-product. Water added makes it negative."""
    return inputs - sum(outputs)


def cost_per_unit(cost: int, quantity: int) -> Decimal | None:
    """Minor units for one base unit of ``quantity`` thousandths, four decimals, halves up. None for no quantity."""
    return Decimal(half_up(cost * 1000 * 10_000, quantity)).scaleb(-4) if quantity > 0 else None


def shares(amount: int, weights: Sequence[int]) -> list[int]:
    """``amount`` divided in proportion to weights (values or quantities of lines), by largest remainder.

    Every share is its exact part rounded down or up, and together they are exactly the amount. Of equal remainders the
    earlier line's goes first. Where all weights are zero no line is better than another: all are the same. A negative
    amount is divided as the positive one.
    """
    if not weights or min(weights) < 0:
        raise ValueError("shares need weights that are not negative")
    if amount < 0:
        return [-share for share in shares(-amount, weights)]
    total = sum(weights)
    if total == 0:
        return shares(amount, [1] * len(weights))
    divided = [divmod(amount * weight, total) for weight in weights]
    parts = [part for part, _ in divided]
    by_remainder = sorted(range(len(weights)), key=lambda line: -divided[line][1])
    for line in by_remainder[: amount - sum(parts)]:
        parts[line] += 1
    return parts
