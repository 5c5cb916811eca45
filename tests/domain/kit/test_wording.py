"""Numbers and days inside sentences."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from domain.kit.wording import counted, day, measured


@pytest.mark.parametrize(("number", "said"), [(0, "0 entries"), (1, "1 entry"), (2, "2 entries"), (1_200, "1,200 entries")])
def test_one_and_many_are_told_apart(number: int, said: str) -> None:
    assert counted(number, "entry", "entries") == said


@pytest.mark.parametrize(
    ("quantity", "unit", "said"),
    [
        ("1.000", "bag", "1 bag"),
        ("10.000", "piece", "10 pieces"),
        ("0.500", "tonne", "0.5 tonnes"),
        ("1200.000", "kg", "1200 kg"),
        ("3", "l", "3 l"),
        ("2", "bale", "2 bales"),
    ],
)
def test_a_quantity_is_said_with_its_unit(quantity: str, unit: str, said: str) -> None:
    assert measured(Decimal(quantity), unit) == said


def test_a_day_is_said_with_the_name_of_its_month() -> None:
    assert [day(date(2026, 11, 4)), day(date(2027, 5, 31))] == ["4 Nov 2026", "31 May 2027"]
