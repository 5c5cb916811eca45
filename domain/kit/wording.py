"""Numbers and days inside sentences that people read: one bid and three bids, 1 bag and 10 bags, 4 Nov 2026."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Final

from domain.kit.decimals import plain

_ABBREVIATED: Final = re.compile(r"k?g|m?l|t")


_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(on: date) -> str:
    """``4 Nov 2026``, whatever the language of the machine."""
    return f"{on.day} {_MONTHS[on.month - 1]} {on.year}"


def counted(number: int, one: str, many: str | None = None) -> str:
    """``1 day``, ``3 days``; a plural that is not made by an s is given."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def measured(quantity: Decimal, unit: str) -> str:
    """``0.5 kg``, ``1 bag``, ``10 bags``: without the zeros that the column has room for; abbreviations have no plural."""
    plural = quantity != 1 and not _ABBREVIATED.fullmatch(unit)
    return f"{plain(quantity):f} {unit}{'s' if plural else ''}"
