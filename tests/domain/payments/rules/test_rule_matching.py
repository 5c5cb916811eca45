"""Rows and payments brought together by rules, never by chance."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.kit.money import Money
from domain.payments.rules.rule_matching import (
    MAX_TOGETHER,
    BadRule,
    Criterion,
    Item,
    MatchField,
    Matching,
    MatchRule,
    Operator,
    Strategy,
    match,
)

NOON = datetime(2025, 3, 5, 12, tzinfo=UTC)
F = MatchField


def item(key: str, amount: str = "2500", *, at_s: int = 0, reference: str = "", description: str = "") -> Item:
    return Item(
        key=key,
        amount=Money.of(amount, "KES"),
        at=NOON + timedelta(seconds=at_s),
        reference=reference,
        description=description,
    )


def rule(*criteria: Criterion, title: str = "rule") -> MatchRule:
    return MatchRule(title, criteria)


def equals(field: MatchField, drift: str = "0") -> Criterion:
    return Criterion(field, Operator.EQUALS, Decimal(drift))


REFERENCE = rule(equals(F.REFERENCE), title="reference")
WITHIN_A_DAY = rule(equals(F.DATE, "86400"), title="day")


def one_to_one(rows: list[Item], payments: list[Item], *rules: MatchRule) -> Matching:
    return match(rows, payments, rules, Strategy.ONE_TO_ONE)


def pairs(found: Matching) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    return [(each.rows, each.payments) for each in found.matches]


def test_a_reference_and_the_amount() -> None:
    found = one_to_one(
        [item("r1", reference="fee 42"), item("r2", reference="FEE-43"), item("r3", "1", reference="FEE-44")],
        [item("p1", reference="FEE-42"), item("p2", "2499", reference="FEE-43")],
        REFERENCE,
    )
    assert pairs(found) == [(("r1",), ("p1",))]
    assert (found.unmatched_rows, found.unmatched_payments, found.ambiguous_rows) == (["r2", "r3"], ["p2"], [])


@pytest.mark.parametrize(("drift", "matched"), [("0", False), ("0.0003", False), ("0.0004", True), ("1", True)])
def test_an_amount_may_drift_by_a_fraction_of_ours(drift: str, matched: bool) -> None:
    rows, payments = [item("r", "2499", reference="A1")], [item("p", "2500", reference="A1")]
    found = one_to_one(rows, payments, rule(equals(F.REFERENCE), equals(F.AMOUNT, drift)))
    assert bool(found.matches) is matched


@pytest.mark.parametrize(("apart_s", "matched"), [(0, True), (60, True), (-60, True), (61, False)])
def test_a_date_may_drift_by_seconds(apart_s: int, matched: bool) -> None:
    found = one_to_one([item("r", at_s=apart_s)], [item("p")], rule(equals(F.DATE, "60")))
    assert bool(found.matches) is matched


@pytest.mark.parametrize(("drift", "matched"), [("0", False), ("19", False), ("20", True)])
def test_a_text_may_drift_by_percent_of_its_characters(drift: str, matched: bool) -> None:
    found = one_to_one([item("r", reference="FEE-43")], [item("p", reference="FEE-42")], rule(equals(F.REFERENCE, drift)))
    assert bool(found.matches) is matched


def test_a_text_may_be_in_another() -> None:
    contains = rule(Criterion(F.DESCRIPTION, Operator.CONTAINS))
    found = one_to_one([item("r", description="Pay Bill FEE-42")], [item("p", description="fee42")], contains)
    assert pairs(found) == [(("r",), ("p",))]
    assert not one_to_one([item("r", description="Pay Bill")], [item("p", description="")], contains).matches


def test_another_currency_never_matches() -> None:
    row = Item(key="r", amount=Money(250_000, "TZS"), at=NOON, reference="A1")
    for rules in ([REFERENCE], [rule(equals(F.REFERENCE), equals(F.CURRENCY))]):
        for strategy in Strategy:
            assert not match([row], [item("p", reference="A1")], rules, strategy).matches


def test_what_fits_two_equally_is_ambiguous() -> None:
    found = one_to_one([item("r")], [item("p1"), item("p2")], WITHIN_A_DAY)
    assert (found.matches, found.ambiguous_rows) == ([], ["r"])
    found = one_to_one([item("r1"), item("r2")], [item("p")], WITHIN_A_DAY)
    assert (found.matches, found.ambiguous_rows) == ([], ["r1", "r2"])


def test_the_nearer_one_is_taken() -> None:
    found = one_to_one([item("r", at_s=10)], [item("p1"), item("p2", at_s=9)], WITHIN_A_DAY)
    assert pairs(found) == [(("r",), ("p2",))]


def test_rules_are_tried_in_their_order() -> None:
    rows = [item("r1", reference="A1"), item("r2")]
    payments = [item("p1", reference="A1"), item("p2", at_s=100)]
    found = one_to_one(rows, payments, REFERENCE, WITHIN_A_DAY)
    assert [(each.rows, each.payments, each.rule) for each in found.matches] == [
        (("r1",), ("p1",), "reference"),
        (("r2",), ("p2",), "day"),
    ]
    assert found.ambiguous_rows == []


def test_one_row_pays_several() -> None:
    rows = [item("r", "600", reference="A1"), item("s", "5", reference="B2")]
    payments = [item("p1", "100", reference="A1"), item("p2", "500", reference="A1"), item("p3", "7", reference="A1")]
    found = match(rows, payments, [REFERENCE], Strategy.ONE_TO_MANY)
    assert pairs(found) == [(("r",), ("p1", "p2"))]
    assert (found.unmatched_rows, found.unmatched_payments) == (["s"], ["p3"])


def test_several_rows_pay_one() -> None:
    rows = [item("1", "1000", reference="A1"), item("2", "1500", reference="A1")]
    found = match(rows, [item("1", reference="A1")], [REFERENCE], Strategy.MANY_TO_ONE)
    assert pairs(found) == [(("1", "2"), ("1",))]


def test_two_ways_to_make_up_an_amount_are_ambiguous() -> None:
    payments = [item(f"p{number}", "100", reference="A1") for number in range(3)]
    found = match([item("r", "200", reference="A1")], payments, [REFERENCE], Strategy.ONE_TO_MANY)
    assert (found.matches, found.ambiguous_rows) == ([], ["r"])
    found = match(payments, [item("p", "200", reference="A1")], [REFERENCE], Strategy.MANY_TO_ONE)
    assert (found.matches, found.ambiguous_rows) == ([], ["p0", "p1", "p2"])


def test_what_two_rows_want_is_nobodys() -> None:
    payments = [item("p1", "100", reference="A1"), item("p2", "100", reference="A1")]
    rows = [item("r1", "200", reference="A1"), item("r2", "200", reference="A1")]
    found = match(rows, payments, [REFERENCE], Strategy.ONE_TO_MANY)
    assert (found.matches, found.ambiguous_rows) == ([], ["r1", "r2"])


def test_of_very_many_only_all_together_are_tried() -> None:
    payments = [item(f"p{number:03}", "10", reference="A1") for number in range(MAX_TOGETHER * 20)]
    whole = match([item("r", str(10 * len(payments)), reference="A1")], payments, [REFERENCE], Strategy.ONE_TO_MANY)
    assert len(whole.matches[0].payments) == len(payments)
    part = match([item("r", "20", reference="A1")], payments, [REFERENCE], Strategy.ONE_TO_MANY)
    assert part.unmatched_rows == ["r"]


def test_a_thousand_of_each_are_matched_by_their_amounts() -> None:
    rows = [item(f"r{number}", str(number + 1), at_s=number) for number in range(1_000)]
    payments = [item(f"p{number}", str(number + 1), at_s=-number) for number in range(1_000)]
    Random(1).shuffle(rows)
    assert len(one_to_one(rows, payments, WITHIN_A_DAY).matches) == 1_000


items = st.builds(
    item,
    st.uuids().map(str),
    st.sampled_from(["1", "2", "3", "4"]),
    at_s=st.integers(0, 3),
    reference=st.sampled_from(["", "A1", "A2", "B22"]),
)
rules = st.lists(
    st.sampled_from(
        [REFERENCE, WITHIN_A_DAY, rule(equals(F.REFERENCE, "50"), equals(F.AMOUNT, "0.5")), rule(equals(F.DATE, "1"))]
    ),
    max_size=3,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(items, max_size=7), st.lists(items, max_size=7), rules, st.sampled_from(Strategy), st.randoms())
def test_everything_is_in_one_place_and_order_means_nothing(
    rows: list[Item], payments: list[Item], tried: list[MatchRule], strategy: Strategy, chance: Random
) -> None:
    found = match(rows, payments, tried, strategy)
    of_rows = [key for each in found.matches for key in each.rows] + found.ambiguous_rows + found.unmatched_rows
    of_payments = [key for each in found.matches for key in each.payments] + found.unmatched_payments
    assert sorted(of_rows) == sorted(row.key for row in rows)
    assert sorted(of_payments) == sorted(payment.key for payment in payments)
    for each in found.matches:
        assert len(each.rows) == 1 or strategy is Strategy.MANY_TO_ONE
        assert len(each.payments) == 1 or strategy is Strategy.ONE_TO_MANY
    shuffled_rows, shuffled_payments = chance.sample(rows, len(rows)), chance.sample(payments, len(payments))
    assert match(shuffled_rows, shuffled_payments, tried, strategy) == found


@settings(max_examples=100, deadline=None)
@given(st.lists(items, max_size=7), st.lists(items, max_size=7), st.sampled_from(Strategy))
def test_without_drift_the_money_is_the_same_on_both_sides(
    rows: list[Item], payments: list[Item], strategy: Strategy
) -> None:
    money = {each.key: each.amount.amount_minor for each in rows + payments}
    for each in match(rows, payments, [REFERENCE, WITHIN_A_DAY], strategy).matches:
        assert sum(money[key] for key in each.rows) == sum(money[key] for key in each.payments)


@pytest.mark.parametrize(
    ("field", "operator", "drift"),
    [
        (F.AMOUNT, Operator.EQUALS, "1.01"),
        (F.AMOUNT, Operator.EQUALS, "-0.1"),
        (F.AMOUNT, Operator.EQUALS, "NaN"),
        (F.REFERENCE, Operator.EQUALS, "101"),
        (F.CURRENCY, Operator.EQUALS, "1"),
        (F.DATE, Operator.EQUALS, "1e12"),
        (F.AMOUNT, Operator.CONTAINS, "0"),
        (F.REFERENCE, Operator.CONTAINS, "1"),
    ],
)
def test_criteria_that_mean_nothing_are_refused(field: MatchField, operator: Operator, drift: str) -> None:
    with pytest.raises(BadRule):
        Criterion(field, operator, Decimal(drift))


@pytest.mark.parametrize(
    "criteria", [(), (equals(F.AMOUNT),), (equals(F.AMOUNT), equals(F.CURRENCY)), (equals(F.DATE), equals(F.DATE, "1"))]
)
def test_rules_that_would_match_anything_are_refused(criteria: tuple[Criterion, ...]) -> None:
    with pytest.raises(BadRule):
        rule(*criteria)
