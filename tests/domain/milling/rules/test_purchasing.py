"""What the lines of a purchase are worth, whatever the steps in which they come, are billed and go back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.milling.rules.purchasing import Repriced, part_going_back, received_value, reprice

amounts = st.integers(0, 10**12)
quantities = st.integers(1, 10**9)


def test_what_came_is_worth_its_part_of_the_order() -> None:
    assert received_value(100_00, 3_000, 1_000) == 33_33
    assert received_value(100_00, 3_000, 2_000) == 66_67
    assert received_value(100_00, 3_000, 4_500) == 150_00
    assert received_value(100_00, 3_000, 0) == 0


@given(total=amounts, steps=st.lists(st.integers(1, 10**6), min_size=1, max_size=12))
def test_all_that_goes_back_in_steps_is_worth_exactly_the_line(total: int, steps: list[int]) -> None:
    quantity, returned, credited = sum(steps), 0, 0
    for step in steps:
        part = part_going_back(total, quantity, returned, credited, step)
        assert part >= 0
        returned, credited = returned + step, credited + part
    assert credited == total


@given(total=amounts, steps=st.lists(st.integers(1, 10**6), min_size=2, max_size=8), kept=st.data())
def test_a_cancelled_return_does_not_leave_a_cent(total: int, steps: list[int], kept: st.DataObject) -> None:
    """One of the returns is taken back and its goods go back again."""
    quantity = sum(steps)
    parts: list[int] = []
    for number, step in enumerate(steps):
        parts.append(part_going_back(total, quantity, sum(steps[:number]), sum(parts), step))
    taken_back = kept.draw(st.integers(0, len(steps) - 1))
    standing = sum(parts) - parts[taken_back]
    again = part_going_back(total, quantity, quantity - steps[taken_back], standing, steps[taken_back])
    assert standing + again == total


@pytest.mark.parametrize(
    ("returned", "credited", "billed", "expected"),
    [
        (0, 0, 1_000_00, Repriced(0, 0)),
        (0, 0, 1_100_00, Repriced(100_00, 0)),
        (0, 0, 900_00, Repriced(-100_00, 0)),
        (20_000, 200_00, 800_00, Repriced(0, 0)),
        (20_000, 200_00, 880_00, Repriced(100_00, 20_00)),
        (20_000, 200_00, 720_00, Repriced(-100_00, -20_00)),
    ],
)
def test_the_price_of_a_bill_is_the_price_of_all_that_came(
    returned: int, credited: int, billed: int, expected: Repriced
) -> None:
    """100 came for 1,000.00."""
    assert reprice(value=1_000_00, received=100_000, returned=returned, credited=credited, billed=billed) == expected


@given(value=amounts, received=quantities, billed=amounts, data=st.data())
def test_after_the_bill_nothing_is_left_to_be_billed(value: int, received: int, billed: int, data: st.DataObject) -> None:
    """What was received, less what went back, and what the bill says cancel each other to the cent."""
    returned = data.draw(st.integers(0, received - 1))
    credited = part_going_back(value, received, 0, 0, returned) if returned else 0
    priced = reprice(value=value, received=received, returned=returned, credited=credited, billed=billed)
    not_billed = value - credited + priced.difference - (billed + priced.on_returned)
    assert not_billed == 0
