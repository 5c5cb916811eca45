"""Quantities are exact at three decimals, in whatever unit they were given."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.milling.rules.quantities import (
    MAX_QUANTITY,
    BadQuantity,
    in_unit,
    price,
    to_base,
    to_decimal,
    to_thousandths,
)

TONNE, BAG, SACK = Decimal(1000), Decimal(90), Decimal("0.5")


def test_thousandths_of_the_base_unit() -> None:
    assert to_thousandths(Decimal("1.5")) == 1500
    assert to_thousandths(Decimal("-0.001")) == -1
    assert to_thousandths(Decimal("2.50000")) == 2500
    assert to_thousandths(Decimal(0)) == 0
    assert to_thousandths(Decimal("1E+3")) == 1_000_000
    assert str(to_decimal(1500)) == "1.500"
    assert str(to_decimal(-1)) == "-0.001"


@pytest.mark.parametrize(
    "number",
    ["NaN", "sNaN", "Infinity", "-Infinity", "0.0001", "1.0005", "1E-999999", "1E+999999", "1234567890123456789", "1E+13"],
)
def test_what_is_no_quantity(number: str) -> None:
    with pytest.raises(BadQuantity):
        to_thousandths(Decimal(number))


def test_the_largest_quantity() -> None:
    assert to_thousandths(Decimal(MAX_QUANTITY)) == MAX_QUANTITY * 1000
    with pytest.raises(BadQuantity):
        to_thousandths(MAX_QUANTITY + Decimal("0.001"))


def test_a_tonne_a_bag_and_half_a_kilogram() -> None:
    assert to_base(Decimal("1.728"), TONNE) == 1_728_000
    assert to_base(Decimal(3), BAG) == 270_000
    assert to_base(Decimal("0.001"), SACK * 2) == 1
    assert to_base(Decimal("1.728123"), TONNE) == 1_728_123


def test_a_conversion_that_does_not_come_out_is_refused() -> None:
    with pytest.raises(BadQuantity, match="three decimals"):
        to_base(Decimal("0.001"), SACK)
    with pytest.raises(BadQuantity, match="three decimals"):
        to_base(Decimal("1.0000001"), TONNE)
    for factor in ("0", "-1"):
        with pytest.raises(BadQuantity):
            to_base(Decimal(1), Decimal(factor))


def test_factors_with_many_digits_are_not_rounded_on_the_way() -> None:
    """28 digits, the usual precision of decimals, would not be enough for the product."""
    assert to_base(Decimal("999999999.999"), Decimal("1.000000000000000000")) == 999_999_999_999
    with pytest.raises(BadQuantity):
        to_base(Decimal("999999999.999"), Decimal("1.000000000000000001"))


def test_a_quantity_in_another_unit_is_rounded_for_reading() -> None:
    assert in_unit(1_728_000, TONNE) == Decimal("1.728")
    assert in_unit(100_000, BAG) == Decimal("1.111")
    assert str(in_unit(270_000, BAG)) == "3.000"


def test_prices_are_rounded_half_up() -> None:
    assert price(Decimal("1.728"), Decimal(15_652_600)) == 27_047_693
    assert price(Decimal("0.5"), Decimal(1)) == 1
    assert price(Decimal("0.001"), Decimal(499)) == 0
    assert price(Decimal("0.333"), Decimal("1.5")) == 0
    with pytest.raises(BadQuantity):
        price(Decimal(1), Decimal("NaN"))


@given(st.integers(-(10**15), 10**15))
def test_thousandths_and_decimals_are_the_same(thousandths: int) -> None:
    assert to_thousandths(to_decimal(thousandths)) == thousandths


@given(st.integers(0, 10**9), st.decimals(Decimal("0.001"), 10**6, places=3))
def test_there_and_back_through_a_unit(thousandths: int, factor: Decimal) -> None:
    """What can be converted without loss comes back as it was."""
    try:
        base = to_base(to_decimal(thousandths), factor)
    except BadQuantity:
        return
    assert in_unit(base, factor) == to_decimal(thousandths)
