"""Alerts are about edges: one per crossing, and none while nothing is crossed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.milling.rules.levels import (
    Crossing,
    capacity_priority,
    crossing,
    level_of,
    used_percent,
)
from domain.milling.states import AlertKind, AlertPriority, StockLevel

OK, LOW, OUT = StockLevel.OK, StockLevel.LOW, StockLevel.OUT
HIGH, CRITICAL = AlertPriority.HIGH, AlertPriority.CRITICAL


@pytest.mark.parametrize(
    ("on_hand", "reorder", "level"),
    [(-1, 10, OUT), (0, 10, OUT), (1, 10, LOW), (10, 10, LOW), (11, 10, OK), (1, 0, OK), (1, None, OK), (0, None, OUT)],
)
def test_levels(on_hand: int, reorder: int | None, level: StockLevel) -> None:
    assert level_of(on_hand, reorder) is level


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (OK, LOW, Crossing(AlertKind.LOW_STOCK, None)),
        (OK, OUT, Crossing(AlertKind.OUT_OF_STOCK, None)),
        (LOW, OUT, Crossing(AlertKind.OUT_OF_STOCK, AlertKind.LOW_STOCK)),
        (OUT, LOW, Crossing(AlertKind.LOW_STOCK, AlertKind.OUT_OF_STOCK)),
        (LOW, OK, Crossing(None, AlertKind.LOW_STOCK)),
        (OUT, OK, Crossing(None, AlertKind.OUT_OF_STOCK)),
    ],
)
def test_each_edge_raises_what_begins_and_resolves_what_ends(
    before: StockLevel, after: StockLevel, expected: Crossing
) -> None:
    assert crossing(before, after) == expected


@given(st.lists(st.integers(-5, 30)), st.integers(0, 20))
def test_one_alert_per_crossing(quantities: list[int], reorder: int) -> None:
    """Whatever happens, what is open says where the stock is, and is raised once only."""
    level, open_alert = OK, None
    for quantity in quantities:
        after = level_of(quantity, reorder)
        edge = crossing(level, after)
        assert (edge is None) == (level is after)
        if edge is not None:
            assert edge.resolved is open_alert
            open_alert = edge.raised
        level = after
        assert open_alert is {OK: None, LOW: AlertKind.LOW_STOCK, OUT: AlertKind.OUT_OF_STOCK}[level]


def test_how_full_a_warehouse_is() -> None:
    assert str(used_percent(Decimal("900"), Decimal("1000"))) == "90.00"
    assert str(used_percent(Decimal("333.35"), Decimal("1000"))) == "33.34"
    assert str(used_percent(Decimal(10**12), Decimal(1))) == "9999999.99", "more than a percentage tells"
    assert used_percent(Decimal(1), None) is None
    assert used_percent(Decimal(1), Decimal(0)) is None


@pytest.mark.parametrize(
    ("used", "priority"), [("899.999", None), ("900", HIGH), ("999.999", HIGH), ("1000", CRITICAL), ("1001", CRITICAL)]
)
def test_a_warehouse_that_is_nearly_full(used: str, priority: AlertPriority | None) -> None:
    """899.999 of 1000 is shown as 90.00 %, but is not 90 %."""
    assert capacity_priority(Decimal(used), Decimal(1000), 90) is priority
    assert capacity_priority(Decimal(used), None, 90) is None
