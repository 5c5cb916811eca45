"""What a sale comes to: discounts are exact to the minor unit, and what comes back is credited as it was sold."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.milling.rules.pricing import BadDiscount, Discount, PricedLine, credited, priced, with_discount

AMOUNTS = st.integers(0, 10**12)
LINES = st.lists(AMOUNTS.map(lambda gross: PricedLine(gross, 0)), min_size=1, max_size=20)


def test_a_line_is_quantity_times_price_rounded_half_up() -> None:
    assert priced(Decimal("1.5"), 4_500_000) == PricedLine(6_750_000, 0)
    assert priced(Decimal("0.333"), 50) == PricedLine(17, 0)
    assert priced(Decimal("0.001"), 500) == PricedLine(1, 0)


def test_a_discount_is_a_percentage_or_an_amount() -> None:
    assert priced(Decimal(3), 3335, Discount(percent=Decimal(10))) == PricedLine(10_005, 1_001)
    assert priced(Decimal(3), 3335, Discount(amount_minor=5)).net == 10_000
    assert priced(Decimal(1), 100, Discount(percent=Decimal(100))).net == 0


@pytest.mark.parametrize(
    "wrong",
    [
        Discount(percent=Decimal(-1)),
        Discount(percent=Decimal("100.01")),
        Discount(percent=Decimal("NaN")),
        Discount(percent=Decimal("Infinity")),
        Discount(amount_minor=-1),
        Discount(amount_minor=101),
        Discount(percent=Decimal(1), amount_minor=1),
    ],
)
def test_what_is_no_discount(wrong: Discount) -> None:
    with pytest.raises(BadDiscount):
        priced(Decimal(1), 100, wrong)


def test_a_discount_of_the_whole_is_shared_by_largest_remainders() -> None:
    lines = [PricedLine(3_333, 0), PricedLine(3_333, 0), PricedLine(3_334, 0)]
    assert [line.discount for line in with_discount(lines, Discount(amount_minor=100))] == [33, 33, 34]
    assert [line.net for line in with_discount([PricedLine(1, 0)] * 3, Discount(amount_minor=2))] == [0, 0, 1]


@given(LINES, st.decimals(0, 100, places=2))
def test_shares_are_the_discount_and_no_line_goes_under_nothing(lines: list[PricedLine], percent: Decimal) -> None:
    total = sum(line.net for line in lines)
    off = Discount(percent=percent)
    shared = with_discount(lines, off)
    assert sum(line.discount for line in shared) == off.of(total)
    assert all(0 <= line.discount <= line.gross for line in shared)


@given(AMOUNTS, st.lists(st.decimals("0.001", 10**6, places=3), min_size=1, max_size=8))
def test_returning_all_in_parts_credits_exactly_all(net: int, parts: list[Decimal]) -> None:
    sold, before, credits = sum(parts, Decimal(0)), Decimal(0), []
    for part in parts:
        credits.append(credited(net, sold, before, part))
        before += part
    assert sum(credits) == net
    assert all(each >= 0 for each in credits)
