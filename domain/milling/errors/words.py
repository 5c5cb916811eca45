"""Figures in the sentences of refusals."""

from __future__ import annotations

from decimal import Decimal


def plain(number: Decimal) -> str:
    """A number as people write it, without the zeros that its column has room for."""
    return f"{number.normalize():f}"
