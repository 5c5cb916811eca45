"""How late a loan is, which bucket that is, and what share of a portfolio is at risk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final


@dataclass(frozen=True, slots=True)
class Bucket:
    """A range of past-due days, both ends included; the last one has no end."""

    code: str
    least: int
    most: int | None


BUCKETS: Final = (
    Bucket("CURRENT", 0, 0),
    Bucket("DAYS_1_30", 1, 30),
    Bucket("DAYS_31_60", 31, 60),
    Bucket("DAYS_61_90", 61, 90),
    Bucket("DAYS_91_180", 91, 180),
    Bucket("OVER_180", 181, None),
)
"""Disjoint, and together all days."""


def bucket_of(days: int) -> Bucket:
    """The bucket that so many past-due days fall into."""
    return next(bucket for bucket in BUCKETS if days >= bucket.least and (bucket.most is None or days <= bucket.most))


@dataclass(frozen=True, slots=True)
class Exposure:
    """One loan of a portfolio: its whole outstanding principal and the past-due days of its oldest unpaid row."""

    outstanding: int
    past_due_days: int


def par(portfolio: Iterable[Exposure], days: int) -> Decimal:
    """Portfolio at risk in percent, two decimals.

    The outstanding balance (not the overdue amount) of loans with any instalment more than ``days`` days late, over the
    gross portfolio. Rescheduled loans stay in both. An empty portfolio has none.
    """
    at_risk = gross = 0
    for loan in portfolio:
        gross += loan.outstanding
        if loan.past_due_days > days:
            at_risk += loan.outstanding
    if gross == 0:
        return Decimal("0.00")
    return (Decimal(100 * at_risk) / gross).quantize(Decimal("0.01"))
