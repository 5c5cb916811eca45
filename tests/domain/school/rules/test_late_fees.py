"""Late fees are on what is unpaid, never on what was paid in time."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kit.money import Money
from domain.school.rules.late_fees import LateFeeRule, Paid, further_late_fees, late_fee, payments_by_instalment
from domain.school.rules.plans import Line
from domain.school.rules.refusals import FeeRefusal
from domain.school.states import LateFeeKind
from tests.domain.school.rules.factory import FEW
from tests.domain.school.rules.money import NOTHING, ghs, minor

DUE_ON = date(2025, 9, 1)
DAILY = LateFeeRule(kind=LateFeeKind.PERCENTAGE_PER_DAY, percent=Decimal("0.1"), grace_days=3)
PER_DAY = LateFeeRule(kind=LateFeeKind.FIXED_PER_DAY, amount=ghs(2), grace_days=3, cap=ghs(20))
ONCE = LateFeeRule(kind=LateFeeKind.PERCENTAGE, percent=Decimal(10))


def day(after: int) -> date:
    return DUE_ON + timedelta(days=after)


def fee(rule: LateFeeRule, as_of: int, *paid: tuple[int, int]) -> Money:
    payments = [Paid(day(on), ghs(amount)) for on, amount in paid]
    return late_fee(ghs(500), DUE_ON, payments, [rule], as_of=day(as_of))


def test_paid_in_the_days_of_grace_is_paid_in_time() -> None:
    for rule in (DAILY, PER_DAY):
        assert fee(rule, 400, (3, 500)) == NOTHING
    assert fee(ONCE, 400, (0, 500)) == NOTHING
    assert fee(ONCE, 400, (0, 400)) == ghs(10)


def test_each_day_is_charged_up_to_the_cap() -> None:
    assert [fee(PER_DAY, after) for after in (3, 4, 5, 13, 14, 99)] == [ghs(each) for each in (0, 2, 4, 20, 20, 20)]


def test_money_that_comes_on_a_late_day_ends_it_with_the_next() -> None:
    assert fee(PER_DAY, 99, (4, 500)) == ghs(2)
    assert fee(PER_DAY, 99, (7, 500)) == ghs(8)
    assert fee(PER_DAY, 99, (4, 499)) == ghs(20)


def test_a_share_for_each_day_follows_the_balance() -> None:
    """Two days of 0.1 % of 500, then three of 100: 1.00 and 0.30."""
    assert fee(DAILY, 8, (5, 400)) == ghs("1.30")


def test_money_that_was_taken_back_is_unpaid_again() -> None:
    assert fee(DAILY, 8, (1, 500), (5, -500)) == ghs("1.50")


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": LateFeeKind.FIXED, "percent": Decimal(1)},
        {"kind": LateFeeKind.PERCENTAGE, "amount": ghs(1)},
        {"kind": LateFeeKind.FIXED, "amount": ghs(1), "percent": Decimal(1)},
        {"kind": LateFeeKind.PERCENTAGE, "percent": Decimal("100.1")},
        {"kind": LateFeeKind.FIXED, "amount": NOTHING},
        {"kind": LateFeeKind.FIXED, "amount": ghs(1), "grace_days": -1},
        {"kind": LateFeeKind.FIXED, "amount": ghs(1), "minimum": ghs(2), "cap": ghs(1)},
    ],
)
def test_what_is_no_rule(wrong: dict[str, Any]) -> None:
    with pytest.raises(FeeRefusal):
        LateFeeRule(**wrong)


def test_a_year_of_grace_is_the_longest() -> None:
    assert LateFeeRule(kind=LateFeeKind.FIXED, amount=minor(1), grace_days=366).grace_days == 366
    with pytest.raises(FeeRefusal):
        LateFeeRule(kind=LateFeeKind.FIXED, amount=minor(1), grace_days=367)


PAYMENTS = st.lists(st.builds(Paid, st.integers(-10, 60).map(day), st.integers(1, 40_000).map(minor)), max_size=5)
RULES = st.sampled_from([DAILY, PER_DAY, ONCE])


@FEW
@given(PAYMENTS, RULES, st.integers(-5, 80), st.integers(0, 40))
def test_days_make_it_more_and_money_less(payments: list[Paid], rule: LateFeeRule, until: int, later: int) -> None:
    due = ghs(500)
    found = late_fee(due, DUE_ON, payments, [rule], as_of=day(until))
    assert found >= NOTHING
    assert late_fee(due, DUE_ON, payments, [rule], as_of=day(until + later)) >= found
    assert late_fee(due, DUE_ON, [*payments, Paid(day(0), ghs(1))], [rule], as_of=day(until)) <= found


@FEW
@given(PAYMENTS, st.integers(-5, 80))
def test_it_is_the_sum_of_the_days(payments: list[Paid], until: int) -> None:
    exact = Decimal(0)
    for after in range(4, until + 1):
        unpaid = 50_000 - sum(each.amount.amount_minor for each in payments if each.on < day(after))
        exact += max(0, unpaid) * Decimal("0.001")
    found = late_fee(ghs(500), DUE_ON, payments, [DAILY], as_of=day(until)).amount_minor
    assert Decimal("-0.5") < found - exact <= Decimal("0.5")


TWO_PARTS = [Line(1, day(0), "TUITION", ghs(500)), Line(2, day(60), "TUITION", ghs(500))]
ONCE_25 = LateFeeRule(kind=LateFeeKind.FIXED, amount=ghs(25))


def further(as_of: int, *paid: tuple[int, int], charged: dict[int, Money] | None = None) -> dict[int, Money]:
    payments = [Paid(day(on), ghs(amount)) for on, amount in paid]
    return further_late_fees(TWO_PARTS, payments, [ONCE_25, DAILY], charged or {}, as_of=day(as_of))


def test_each_instalment_is_late_on_its_own() -> None:
    assert further(0) == {}
    assert further(1) == {1: ghs(25)}
    assert further(61, (1, 100)) == {1: ghs(25) + ghs("23.20"), 2: ghs(25)}
    assert further(61, (0, 500)) == {2: ghs(25)}


def test_the_same_day_is_charged_once_and_what_is_paid_by_now_not_at_all() -> None:
    charged = further(10)
    assert charged == {1: ghs(25) + ghs("3.50")}
    assert further(10, charged=charged) == {}
    assert further(11, charged=charged) == {1: ghs("0.50")}
    assert further(12, (11, 500), charged=charged) == {}
    assert further_late_fees([], [], [ONCE_25], {}, as_of=DUE_ON) == {}


@FEW
@given(st.lists(st.tuples(st.integers(0, 90), st.integers(-40_000, 60_000)), max_size=6))
def test_what_instalments_got_is_what_the_fee_has(made: list[tuple[int, int]]) -> None:
    payments = [Paid(day(on), minor(amount)) for on, amount in made]
    found = payments_by_instalment(TWO_PARTS, payments, "GHS")
    has = max(sum(amount for _, amount in made), 0)
    assert sum(each.amount.amount_minor for rows in found.values() for each in rows) == min(has, 1_000_00)
