"""The figures of reconciliation, and when they are bad enough to tell somebody."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from fractions import Fraction

from domain.kit.decimals import percent


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Reconciliations that came to an end, by how. One that is to be tried again is in none of them."""

    successful: int = 0
    failed: int = 0
    discrepancies: int = 0
    processing_ms: int = 0

    @property
    def processed(self) -> int:
        return self.successful + self.failed + self.discrepancies

    @property
    def success_rate(self) -> Decimal | None:
        """Percent: 145 of 150 are 96.67."""
        return percent(self.successful, self.processed)

    @property
    def error_rate(self) -> Decimal | None:
        return percent(self.failed, self.processed)

    @property
    def discrepancy_rate(self) -> Decimal | None:
        return percent(self.discrepancies, self.processed)

    @property
    def average_processing_ms(self) -> int | None:
        """Whole milliseconds, halves to even."""
        return round(Fraction(self.processing_ms, self.processed)) if self.processed else None

    def per_minute(self, window: timedelta) -> Decimal:
        """How many came to an end per minute of the window, with two decimals."""
        assert window > timedelta(0), "a window has a length"
        microseconds = window // timedelta(microseconds=1)
        return Decimal(round(Fraction(self.processed * 6_000_000_000, microseconds))).scaleb(-2)


class Alarm(StrEnum):
    """What went over its threshold."""

    DISCREPANCY_RATE = "DISCREPANCY_RATE"
    ERROR_RATE = "ERROR_RATE"
    PROCESSING_TIME = "PROCESSING_TIME"
    QUEUE_LENGTH = "QUEUE_LENGTH"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Above which figures somebody is told. Rates are in percent, and of too few reconciliations say nothing."""

    discrepancy_rate: Decimal = Decimal("5.00")
    error_rate: Decimal = Decimal("5.00")
    processing_ms: int = 5_000
    queue_length: int = 1_000
    least_processed: int = 20

    def __post_init__(self) -> None:
        for rate in (self.discrepancy_rate, self.error_rate):
            if not rate.is_finite() or not 0 <= rate <= 100 or rate != rate.quantize(Decimal("0.01"), ROUND_HALF_EVEN):
                raise ValueError("a rate is from 0 to 100 percent, with two decimals")
        if self.processing_ms < 0 or self.queue_length < 0 or self.least_processed < 1:
            raise ValueError("a threshold is not negative, and a rate needs at least one reconciliation")


@dataclass(frozen=True, slots=True)
class Change:
    """Which alarms begin, which end, and which stand now."""

    raised: frozenset[Alarm]
    cleared: frozenset[Alarm]
    standing: frozenset[Alarm]


def alarms(totals: Totals, queue_length: int, thresholds: Thresholds) -> frozenset[Alarm]:
    """What is over its threshold now; a figure that equals it is not over."""
    over = set()
    if totals.processed >= thresholds.least_processed:
        if (totals.discrepancy_rate or 0) > thresholds.discrepancy_rate:
            over.add(Alarm.DISCREPANCY_RATE)
        if (totals.error_rate or 0) > thresholds.error_rate:
            over.add(Alarm.ERROR_RATE)
        if (totals.average_processing_ms or 0) > thresholds.processing_ms:
            over.add(Alarm.PROCESSING_TIME)
    if queue_length > thresholds.queue_length:
        over.add(Alarm.QUEUE_LENGTH)
    return frozenset(over)


def change(before: Collection[Alarm], now: frozenset[Alarm]) -> Change:
    """Somebody is told when an alarm begins and when it ends, and not at every look in between."""
    standing = frozenset(before)
    return Change(raised=now - standing, cleared=standing - now, standing=now)
