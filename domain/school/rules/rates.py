"""Shares in percent, as people read them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction


def percent(part: int, whole: int) -> Decimal | None:
    """``part`` of ``whole`` in percent with two decimals, halves to even; nothing when there is no whole."""
    return Decimal(round(Fraction(10_000 * part, whole))).scaleb(-2) if whole else None
