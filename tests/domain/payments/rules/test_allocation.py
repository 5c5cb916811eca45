"""Payments against receivables, to the cent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kit.money import Money
from domain.payments.rules.allocation import OverAllocation, allocate


def kes(amount: int) -> Money:
    return Money(amount * 100, "KES")


def test_the_published_figures() -> None:
    first = allocate(kes(100), outstanding=kes(5_000), free=kes(200))
    assert first.outstanding == kes(4_900)
    second = allocate(kes(100), outstanding=first.outstanding, free=first.free)
    assert second.outstanding == kes(4_800) and second.free == kes(0)
    with pytest.raises(OverAllocation, match=r"only KES 100\.00 of the payment is free"):
        allocate(kes(200), outstanding=first.outstanding, free=first.free)


@pytest.mark.parametrize(("amount", "outstanding", "free"), [(0, 1, 1), (-1, 1, 1), (2, 1, 2), (2, 2, 1)])
def test_what_does_not_fit_is_refused(amount: int, outstanding: int, free: int) -> None:
    with pytest.raises(OverAllocation):
        allocate(kes(amount), outstanding=kes(outstanding), free=kes(free))


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.lists(st.integers(1, 10**8), max_size=20))
def test_whatever_is_allocated_both_sides_lose_the_same(owed: int, paid: int, steps: list[int]) -> None:
    outstanding, free, allocated = Money(owed, "KES"), Money(paid, "KES"), 0
    for step in steps:
        try:
            left = allocate(Money(step, "KES"), outstanding=outstanding, free=free)
        except OverAllocation:
            assert step > min(outstanding.amount_minor, free.amount_minor)
            continue
        outstanding, free, allocated = left.outstanding, left.free, allocated + step
    assert outstanding.amount_minor == owed - allocated >= 0
    assert free.amount_minor == paid - allocated >= 0
