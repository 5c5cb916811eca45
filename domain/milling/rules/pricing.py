"""What a sale comes to: prices, discounts of lines, and a discount of the whole that is shared among them to the minor unit.

Amounts are whole minor units. Every line says what it comes to after all discounts, so that returning a part of it credits a
part of that, and returning all of it credits exactly all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from domain.milling.rules.quantities import BadQuantity, exact, price
from domain.milling.rules.rounding import half_up

WHOLE_PERCENT: Final = 100


class BadDiscount(ValueError):
    """A discount under nothing or beyond everything, or said in two ways."""


@dataclass(frozen=True, slots=True)
class Discount:
    """What is taken off: a percentage, an amount, or nothing."""

    percent: Decimal | None = None
    amount_minor: int | None = None

    def of(self, amount: int) -> int:
        """What it takes off an amount; a percentage is rounded half up."""
        if self.percent is not None and self.amount_minor is not None:
            raise BadDiscount("a discount is a percentage or an amount, not both")
        if self.amount_minor is not None:
            if not 0 <= self.amount_minor <= amount:
                raise BadDiscount("a discount is not more than what it is taken off")
            return self.amount_minor
        if self.percent is None:
            return 0
        if not self.percent.is_finite() or not 0 <= self.percent <= WHOLE_PERCENT:
            raise BadDiscount("a discount is from 0 to 100 percent")
        try:
            share = exact(self.percent) * amount / WHOLE_PERCENT
        except BadQuantity:
            raise BadDiscount("a percentage has not so many digits") from None
        return half_up(share.numerator, share.denominator)


NO_DISCOUNT: Final = Discount()


@dataclass(frozen=True, slots=True)
class PricedLine:
    """What a line comes to. ``discount`` is its own and its share of the sale's."""

    gross: int
    discount: int

    @property
    def net(self) -> int:
        return self.gross - self.discount


def priced(quantity: Decimal, unit_price_minor: int, discount: Discount = NO_DISCOUNT) -> PricedLine:
    """A line by itself: quantity times price rounded half up, less its own discount."""
    gross = price(quantity, Decimal(unit_price_minor))
    return PricedLine(gross, discount.of(gross))


def with_discount(lines: Sequence[PricedLine], discount: Discount) -> list[PricedLine]:
    """The lines with a discount of the whole shared among them in proportion to what they come to.

    Each gets the whole minor units of its exact share; those left over go one each to the largest remainders, earlier lines
    first.
    """
    total = sum(line.net for line in lines)
    off = discount.of(total)
    if off == 0:
        return list(lines)
    shares = [Fraction(off * line.net, total) for line in lines]
    parts = [int(share) for share in shares]
    by_remainder = sorted(range(len(lines)), key=lambda i: parts[i] - shares[i])
    for i in by_remainder[: off - sum(parts)]:
        parts[i] += 1
    return [PricedLine(line.gross, line.discount + part) for line, part in zip(lines, parts, strict=True)]


def credited(net: int, sold: Decimal, returned_before: Decimal, returned_now: Decimal) -> int:
    """What a return credits of a line that came to ``net``: its part, rounded over all returns so far together."""
    return _part(net, sold, returned_before + returned_now) - _part(net, sold, returned_before)


def _part(net: int, sold: Decimal, returned: Decimal) -> int:
    share = exact(returned) * net / exact(sold)
    return half_up(share.numerator, share.denominator)
