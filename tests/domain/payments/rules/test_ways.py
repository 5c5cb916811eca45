"""Which status may follow which, and what there is to go through on the way."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.payments.rules.issues import SEVERITY
from domain.payments.states import (
    TAKEN,
    TRANSITIONS,
    UNDECIDED,
    UNPAID,
    DiscrepancyType,
    PaymentStatus,
    ReconTrigger,
    way,
)


def test_every_status_is_of_one_kind() -> None:
    kinds = (UNDECIDED, UNPAID, TAKEN)
    assert set.union(*map(set, kinds)) == set(PaymentStatus) == set(TRANSITIONS)
    assert sum(map(len, kinds)) == len(PaymentStatus)


@pytest.mark.parametrize("taken", sorted(TAKEN))
def test_money_that_came_is_never_undone_by_a_failure(taken: PaymentStatus) -> None:
    assert TRANSITIONS[taken] <= TAKEN
    assert all(way(taken, failure) is None for failure in UNPAID | UNDECIDED)


@pytest.mark.parametrize("unpaid", sorted(UNPAID))
def test_a_failure_gives_way_to_a_genuine_success_alone(unpaid: PaymentStatus) -> None:
    assert TRANSITIONS[unpaid] == {PaymentStatus.PAID}
    assert way(unpaid, PaymentStatus.REVERSED) == (PaymentStatus.PAID, PaymentStatus.REVERSED)


def test_the_life_of_a_prompt() -> None:
    steps = (PaymentStatus.CREATED, PaymentStatus.STK_SENT, PaymentStatus.PROCESSING, PaymentStatus.PAID)
    assert all(way(before, after) == (after,) for before, after in pairwise(steps))
    assert way(PaymentStatus.PAID, PaymentStatus.PAID) == ()


@given(st.sampled_from(PaymentStatus), st.sampled_from(PaymentStatus))
def test_a_way_goes_along_arrows(before: PaymentStatus, after: PaymentStatus) -> None:
    steps = way(before, after)
    for step in steps or ():
        assert step in TRANSITIONS[before]
        before = step
    assert steps is None or before is after


def test_the_words_of_the_page() -> None:
    assert len(ReconTrigger) == 9 and len(DiscrepancyType) == 12
    assert set(SEVERITY) == set(DiscrepancyType)
