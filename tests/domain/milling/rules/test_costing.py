"""Yield and loss of milling, the cost of a unit, and sharing a cost among lines to the last minor unit."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.milling.rules.costing import cost_per_unit, process_loss, shares, yield_percent
from tests.domain.milling.rules.factory import milli


@pytest.mark.parametrize(("flour", "percent"), [("720", "72.00"), ("700", "70.00"), ("750", "75.00"), ("650", "65.00")])
def test_extraction_of_a_tonne_of_wheat(flour: str, percent: str) -> None:
    """Straight flour 72 %, in the United States 70 to 75 %, first patent flour 65 % (bakingbusiness, Wikipedia)."""
    assert str(yield_percent(milli(flour), milli(1000))) == percent


def test_a_kernel_is_endosperm_bran_and_germ() -> None:
    """83, 14 and 3 per cent of the kernel (vfmvn): nothing is left over."""
    parts = [milli(830), milli(140), milli(30)]
    assert [yield_percent(part, milli(1000)) for part in parts] == [83, 14, 3]
    assert process_loss(milli(1000), parts) == 0


def test_straight_flour_bran_and_shorts_with_loss() -> None:
    assert process_loss(milli(1000), [milli(720), milli("262.5")]) == milli("17.5")


def test_water_that_was_added_is_a_negative_loss() -> None:
    assert process_loss(milli(1000), [milli(1010)]) == milli(-10)


def test_percentages_are_rounded_half_to_even() -> None:
    assert yield_percent(12_345, 100_000_00) == Decimal("0.12")
    assert yield_percent(1, 8_00) == Decimal("0.12")
    assert yield_percent(3, 8_00) == Decimal("0.38")


def test_a_yield_of_nothing_is_unknown() -> None:
    assert yield_percent(milli(1), 0) is None
    assert yield_percent(0, milli(1)) == 0


def test_the_cost_of_a_unit() -> None:
    """37,375.00 for 720 kg of flour."""
    assert cost_per_unit(3_737_500, milli(720)) == Decimal("5190.9722")
    assert cost_per_unit(0, milli(720)) == 0
    assert cost_per_unit(100, 0) is None


def test_landed_cost_by_value_and_by_quantity() -> None:
    """100.00 on lines worth 200, 300, 500 and weighing 1, 1, 1."""
    assert shares(10_000, [200, 300, 500]) == [2000, 3000, 5000]
    assert shares(10_000, [1, 1, 1]) == [3334, 3333, 3333]
    assert shares(-10_000, [1, 1, 1]) == [-3334, -3333, -3333]


def test_the_largest_remainder_is_served_first() -> None:
    assert shares(10, [13, 27, 60]) == [1, 3, 6]
    assert shares(1, [0, 3, 5]) == [0, 0, 1]


def test_where_no_line_has_a_weight_all_are_the_same() -> None:
    assert shares(5, [0, 0]) == [3, 2]
    assert shares(0, [0]) == [0]


@pytest.mark.parametrize("weights", [[], [1, -1]])
def test_shares_need_weights(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        shares(1, weights)


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(0, 10**12), min_size=1, max_size=30))
def test_shares_are_exact(amount: int, weights: list[int]) -> None:
    parts = shares(amount, weights)
    total = sum(weights)
    assert sum(parts) == amount
    if total:
        assert all(abs(part * total - amount * weight) < total for part, weight in zip(parts, weights, strict=True))
        assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if weight == 0)
