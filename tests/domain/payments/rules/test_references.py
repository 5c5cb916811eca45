"""References that people mistype."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.payments.rules.references import (
    edits,
    find,
    is_same,
    likeness,
)

short = st.text("ABC12", max_size=8)


@pytest.mark.parametrize("typed", ["FEE-42", "fee-42", "FEE 42", " fee42 ", "F.E.E/42", "ＦＥＥ－４２"])
def test_case_and_dashes_are_no_mistake(typed: str) -> None:
    found = find(typed, ["FEE-41", "FEE-42", "FEE-43"])
    assert found is not None and found.exact == "FEE-42"
    assert is_same(typed, "FEE-42")


def test_a_slip_of_the_finger_is_a_suggestion() -> None:
    found = find("INV-20025", ["INV-20024", "LOAN-7", "FEE-42"])
    assert found is not None and found.exact is None
    assert (found.nearest, found.distance) == ("INV-20024", 1)
    both = find("FEE-44", ["FEE-42", "FEE-43"])
    assert both is not None and both.references == ("FEE-42", "FEE-43") and both.nearest is None


@pytest.mark.parametrize("typed", ["", "---", "0712345678", "X", "FEE", "A" * 100_000])
def test_what_is_like_nothing_finds_nothing(typed: str) -> None:
    assert find(typed, ["FEE-42", "LOAN-000123", ""]) is None


def test_more_tolerance_finds_more() -> None:
    assert find("LAON-123", ["LOAN-123"], Decimal("0.2")) is None
    found = find("LAON-123", ["LOAN-123"], Decimal("0.3"))
    assert found is not None and found.distance == 2


def _slowly(one: str, other: str) -> int:
    if not one or not other:
        return len(one) + len(other)
    table = {(i, 0): i for i in range(len(one) + 1)} | {(0, j): j for j in range(len(other) + 1)}
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            changed = table[i - 1, j - 1] + (one[i - 1] != other[j - 1])
            table[i, j] = min(table[i - 1, j] + 1, table[i, j - 1] + 1, changed)
    return table[len(one), len(other)]


@given(short, short, st.integers(0, 8))
def test_the_distance_is_the_distance(one: str, other: str, at_most: int) -> None:
    distance = _slowly(one, other)
    assert edits(one, other, at_most=at_most) == (distance if distance <= at_most else None)


@given(short, short)
def test_likeness_is_a_share(one: str, other: str) -> None:
    assert 0 <= likeness(one, other) == likeness(other, one) <= 1
    assert (likeness(one, other) == 1) is (one == other != "")


def test_known_distances() -> None:
    assert edits("KITTEN", "SITTING", at_most=9) == 3
    assert edits("", "ABC", at_most=3) == 3
    assert likeness("FEE-42", "FEE-43") == Decimal("0.8")
