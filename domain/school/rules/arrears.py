"""When high arrears are told of: once on rising above the threshold, and again only after they were at it or below."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from domain.kit.money import Money
from domain.school.rules.refusals import BadFigure
from domain.school.states import ArrearsMove

THRESHOLD: Final = Decimal("1000.00")
"""In the currency of the fee. Exactly this much is not high."""


def threshold_in(currency: str, amount: Decimal = THRESHOLD) -> Money:
    found = Money.of(amount, currency)
    if found.amount_minor < 0:
        raise BadFigure("a threshold of arrears is not negative")
    return found


def is_high(arrears: Money, threshold: Money) -> bool:
    return arrears > threshold


def move(arrears: Money, threshold: Money, *, raised: bool) -> ArrearsMove | None:
    """What becomes of an alert that is raised or not, when arrears are what they are now.

    It asks for no figure of before, so nothing is lost when several changes, or another threshold, come in one.
    """
    if is_high(arrears, threshold) is raised:
        return None
    return ArrearsMove.CLEARED if raised else ArrearsMove.RAISED
