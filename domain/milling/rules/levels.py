"""When stock is low or out, when a warehouse is nearly full, and which changes are worth an alert.

An alert is about an edge: it is raised when a level is crossed, not while it lasts, and what it said before is resolved by
the same crossing. So at any time at most one alert is open for a bin, and one for a warehouse.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from domain.milling.states import AlertKind, AlertPriority, StockLevel

ALERT_OF: Final = {
    StockLevel.OK: None,
    StockLevel.LOW: AlertKind.LOW_STOCK,
    StockLevel.OUT: AlertKind.OUT_OF_STOCK,
}
"""What a level warns of."""

PRIORITY_OF: Final = {AlertKind.LOW_STOCK: AlertPriority.HIGH, AlertKind.OUT_OF_STOCK: AlertPriority.CRITICAL}
"""How soon somebody should look at a bin."""

FULL_PERCENT: Final = 100
MOST_PERCENT: Final = Decimal("9999999.99")
MOST_KG: Final = Decimal("999999999999999.999")
"""What an alert tells at most, of what nobody has in a warehouse but somebody may count."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """Which alert begins and which ends as stock goes from one level to another."""

    raised: AlertKind | None
    resolved: AlertKind | None


def level_of(on_hand: int | Decimal, reorder_level: int | Decimal | None) -> StockLevel:
    """OUT at nothing or less, LOW at the reorder level or less. Without a reorder level, or at level 0, never LOW."""
    if on_hand <= 0:
        return StockLevel.OUT
    if reorder_level is not None and on_hand <= reorder_level:
        return StockLevel.LOW
    return StockLevel.OK


def crossing(before: StockLevel, after: StockLevel) -> Crossing | None:
    """None where no level was crossed. From OK straight to OUT only the latter is raised."""
    return None if before is after else Crossing(ALERT_OF[after], ALERT_OF[before])


def used_percent(used_kg: Decimal, capacity_kg: Decimal | None) -> Decimal | None:
    """How full a warehouse is, two decimals, halves to even. None where no capacity is set.

    Somebody who counts wrongly can find more than a percentage tells; then it is :data:`MOST_PERCENT`.
    """
    if capacity_kg is None or capacity_kg <= 0:
        return None
    return min(used_kg * 100 / capacity_kg, MOST_PERCENT).quantize(Decimal("0.01"), ROUND_HALF_EVEN)


def capacity_priority(used_kg: Decimal, capacity_kg: Decimal | None, alert_percent: Decimal | int) -> AlertPriority | None:
    """HIGH from ``alert_percent`` of the capacity, CRITICAL when it is full. Compared without rounding."""
    if capacity_kg is None or capacity_kg <= 0:
        return None
    if used_kg * 100 >= capacity_kg * FULL_PERCENT:
        return AlertPriority.CRITICAL
    return AlertPriority.HIGH if used_kg * 100 >= capacity_kg * alert_percent else None
