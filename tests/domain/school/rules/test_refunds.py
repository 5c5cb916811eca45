"""A part of a term, and what goes back to who leaves."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.school.rules.calendar import Span
from domain.school.rules.discounts import Charge, Discount, charge
from domain.school.rules.proration import (
    ChargeStep,
    Presence,
    ProrationRule,
    attended,
    missed,
    prorate,
    settle_lessons,
    share_of_joiner,
    share_of_leaver,
)
from domain.school.rules.refunds import RefundLadder, RefundStep, share_back, share_back_on, withdraw
from domain.school.rules.refusals import BadLadder, BadProration, FeeRefusal
from domain.school.states import DiscountKind, ProrationUnit, RefundUnit
from tests.domain.school.rules.factory import FEW
from tests.domain.school.rules.money import NOTHING, STRUCTURE, ghs, minor

TERM = Span(date(2025, 9, 1), date(2025, 12, 19))
DAYS, WEEKS = ProrationUnit.DAYS, ProrationUnit.WEEKS
FEE = charge(
    STRUCTURE, [Discount(name="Sibling", kind=DiscountKind.PERCENTAGE, percent=Decimal(10), category="TUITION")]
).rows


def test_who_leaves_is_given_back_what_was_paid_beyond_what_is_due_now() -> None:
    """Tuition of 1,080 after a discount; half goes back, registration does not."""
    found = withdraw(FEE, ghs(1380), Fraction(1, 2))
    assert (found.due, found.given_back, found.refund) == (ghs(840), ghs(540), ghs(540))
    assert [(row.listed, row.discount) for row in found.charges] == [(ghs(600), ghs(60)), (ghs(300), NOTHING)]


def test_who_paid_little_still_owes() -> None:
    found = withdraw(FEE, ghs(300), Fraction(1, 2))
    assert (found.due, found.refund) == (ghs(840), NOTHING)


def test_a_handling_fee_is_never_more_than_what_goes_back() -> None:
    assert withdraw(FEE, ghs(1380), Fraction(1, 2), ghs(40)).refund == ghs(500)
    assert withdraw(FEE, ghs(1380), Fraction(0), ghs(40)).due == ghs(1380)


@FEW
@given(
    st.lists(st.tuples(st.integers(1, 10**9), st.integers(0, 10**9), st.booleans()), min_size=1, max_size=4),
    st.integers(0, 10**10).map(minor),
    st.fractions(0, 1),
    st.integers(0, 10**6).map(minor),
)
def test_what_was_paid_stays_or_goes_back(rows: Any, paid: Any, back: Fraction, handling: Any) -> None:
    fee = [
        Charge(f"C{at}", minor(listed), minor(min(listed, off)), refundable=refundable)
        for at, (listed, off, refundable) in enumerate(rows)
    ]
    before = minor(sum(row.net.amount_minor for row in fee))
    found = withdraw(fee, paid, back, handling)
    assert NOTHING <= found.due <= before
    assert NOTHING <= found.refund <= paid
    assert found.due == before - found.given_back + found.handling_fee
    assert paid - found.refund == min(paid, found.due)
    assert all(NOTHING <= row.discount <= row.listed for row in found.charges)
    assert withdraw(fee, paid, Fraction(0), handling).due == before


@FEW
@given(st.lists(st.tuples(st.integers(1, 200), st.integers(0, 100)), max_size=6), st.integers(-5, 250), st.integers(0, 50))
def test_who_leaves_later_gets_back_no_more(steps: list[tuple[int, int]], day: int, later: int) -> None:
    ends = sorted({until for until, _ in steps})
    falling = sorted((percent for _, percent in steps), reverse=True)
    found = RefundLadder(
        steps=tuple(RefundStep(until, Decimal(percent)) for until, percent in zip(ends, falling, strict=False))
    )
    assert share_back(found, day) >= share_back(found, day + later)


@pytest.mark.parametrize(
    "wrong",
    [
        {"steps": (RefundStep(10, Decimal(50)), RefundStep(10, Decimal(40)))},
        {"steps": (RefundStep(10, Decimal(50)), RefundStep(20, Decimal(60)))},
        {"steps": (RefundStep(10, Decimal(50)),), "after": Decimal(60)},
        {"steps": (RefundStep(10, Decimal(50)),), "before_start": Decimal(40)},
        {"steps": (), "after": Decimal(10), "then": ProrationRule()},
        {"steps": (), "then": ProrationRule(unit=ProrationUnit.LESSONS)},
        {"steps": (), "handling_fee": ghs(-1)},
        {"steps": (), "after": Decimal(101)},
    ],
)
def test_what_is_no_ladder(wrong: dict[str, Any]) -> None:
    with pytest.raises(FeeRefusal):
        RefundLadder(**wrong)


def test_a_ladder_that_goes_on_by_days_needs_to_know_them() -> None:
    with pytest.raises(BadLadder, match="how much of the term"):
        share_back(RefundLadder(steps=(), then=ProrationRule()), 1)
    with pytest.raises(BadLadder, match="taught days"):
        share_back_on(RefundLadder(steps=(), unit=RefundUnit.TAUGHT_DAYS), TERM, TERM.starts_on)
    for bad in (0, 1001):
        with pytest.raises(BadLadder):
            RefundStep(bad, Decimal(1))


def test_days_and_weeks_of_a_term_of_110_days() -> None:
    days = {-3: 0, 0: 0, 1: 1, 7: 7, 200: 110}
    assert {at: missed(DAYS, TERM, TERM.starts_on + timedelta(days=at)).units for at in days} == days
    assert [missed(WEEKS, TERM, TERM.starts_on + timedelta(days=at)).units for at in (0, 6, 7, 109, 200)] == [
        0,
        0,
        1,
        15,
        15,
    ]
    assert [attended(DAYS, TERM, TERM.starts_on + timedelta(days=at)).units for at in (-1, 0, 109, 200)] == [0, 1, 110, 110]
    assert [attended(WEEKS, TERM, TERM.starts_on + timedelta(days=at)).units for at in (-1, 0, 6, 7, 109)] == [
        0,
        1,
        1,
        2,
        16,
    ]
    with pytest.raises(BadProration, match="lessons"):
        missed(ProrationUnit.LESSONS, TERM, TERM.starts_on)


def test_the_discount_is_prorated_with_the_price() -> None:
    assert [(row.listed, row.discount, row.net) for row in prorate(FEE, Fraction(1, 2))] == [
        (ghs(600), ghs(60), ghs(540)),
        (ghs(300), NOTHING, ghs(300)),
    ]


@FEW
@given(st.integers(0, 200), st.integers(0, 50), st.integers(0, 100), st.sampled_from([DAYS, WEEKS]))
def test_who_joins_later_and_who_leaves_sooner_pays_no_more(at: int, more: int, cut_off: int, unit: ProrationUnit) -> None:
    rule = ProrationRule(unit=unit, joining_full_until=Decimal(cut_off), leaving_full_after=Decimal(cut_off))
    day, later = (TERM.starts_on + timedelta(days=count) for count in (at, at + more))
    assert share_of_joiner(rule, missed(unit, TERM, day)) >= share_of_joiner(rule, missed(unit, TERM, later))
    assert share_of_leaver(rule, attended(unit, TERM, day)) <= share_of_leaver(rule, attended(unit, TERM, later))
    assert 0 <= share_of_joiner(rule, missed(unit, TERM, later)) <= 1


@FEW
@given(st.integers(1, 120))
def test_without_a_cut_off_two_students_share_one_term(at: int) -> None:
    """Who leaves in the evening and who takes the place the next morning are charged one term together."""
    left_on = TERM.starts_on + timedelta(days=at - 1)
    there = share_of_leaver(ProrationRule(), attended(DAYS, TERM, left_on))
    assert there + share_of_joiner(ProrationRule(), missed(DAYS, TERM, left_on + timedelta(days=1))) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"joining_full_until": Decimal(101)},
        {"full_at": 0},
        {"full_at": 1001},
        {"steps": (ChargeStep(0, Decimal(50)),)},
        {"steps": tuple(ChargeStep(until, Decimal(50)) for until in range(1, 62))},
        {"percent_decimals": 5},
        {"steps": (ChargeStep(5, Decimal(50)), ChargeStep(5, Decimal(40)))},
        {"steps": (ChargeStep(5, Decimal(50)), ChargeStep(9, Decimal(60)))},
        {"steps": (ChargeStep(5, Decimal(50)),), "percent_after_steps": Decimal(60)},
    ],
)
def test_what_is_no_rule_of_proration(wrong: dict[str, Any]) -> None:
    with pytest.raises(FeeRefusal):
        ProrationRule(**wrong)


def test_the_widest_rules_of_proration() -> None:
    steps = tuple(ChargeStep(until, Decimal(50)) for until in range(1, 61))
    for full_at in (1, 1000):
        assert ProrationRule(full_at=full_at, percent_decimals=4, steps=steps).percent_after_steps == 0
    assert share_of_leaver(ProrationRule(percent_decimals=4), Presence(1, 3)) == Fraction(333333, 1_000_000)


def test_what_is_no_part_of_a_term() -> None:
    for units, of in ((-1, 5), (6, 5), (0, 0), (0, 1001)):
        with pytest.raises(BadProration):
            Presence(units, of)
    with pytest.raises(BadProration):
        prorate(FEE, Fraction(2))
    with pytest.raises(BadLadder):
        withdraw(FEE, NOTHING, Fraction(11, 10))
    assert Presence(1000, 1000).units == 1000


def test_lessons_are_not_fewer_than_none() -> None:
    figures: dict[str, Any] = {"missed": 0, "lesson": NOTHING, "months_uncharged": 0, "month": NOTHING}
    assert settle_lessons(**figures).further_off == NOTHING
    for name, wrong in (("missed", -1), ("lesson", minor(-1)), ("months_uncharged", -1), ("month", minor(-1))):
        with pytest.raises(BadProration):
            settle_lessons(**{**figures, name: wrong})
