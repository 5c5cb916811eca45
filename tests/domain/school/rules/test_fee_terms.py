"""A student's fee by the terms of its structure, as the school keeps them."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from domain.kit.money import Money
from domain.school.rules.discounts import Discount
from domain.school.rules.late_fees import LateFeeRule
from domain.school.rules.plans import CustomPart, Plan
from domain.school.rules.proration import ChargeStep, Presence, ProrationRule
from domain.school.rules.refunds import RefundLadder, RefundStep
from domain.school.rules.refusals import BadLateFee, FeeRefusal
from domain.school.rules.terms import FeeTerms, assess, discounts_of, kept, kept_discounts, terms_of
from domain.school.states import DiscountBase, DiscountKind, LateFeeKind, PlanKind, ProrationUnit, RefundUnit
from tests.domain.school.rules.money import STRUCTURE, YEAR, ghs

PARTS = (CustomPart(date(2025, 9, 1), Decimal("33.3333")), CustomPart(date(2026, 1, 1), Decimal("66.6667")))

EVERYTHING = FeeTerms(
    plan=Plan(PlanKind.CUSTOM, parts=PARTS),
    discount_base=DiscountBase.LISTED_PRICE,
    late_fees=(
        LateFeeRule(kind=LateFeeKind.FIXED, amount=ghs("25.50"), grace_days=2),
        LateFeeRule(
            kind=LateFeeKind.PERCENTAGE_PER_DAY, percent=Decimal("0.05"), minimum=ghs(1), cap=ghs(90), from_balance=ghs(10)
        ),
    ),
    proration=ProrationRule(
        unit=ProrationUnit.WEEKS,
        joining_full_until=Decimal("12.5"),
        leaving_full_after=Decimal(60),
        percent_decimals=0,
        steps=(ChargeStep(3, Decimal(100)), ChargeStep(7, Decimal(75))),
        percent_after_steps=Decimal(50),
    ),
    refunds=RefundLadder(
        steps=(RefundStep(7, Decimal(90)),),
        unit=RefundUnit.TAUGHT_DAYS,
        then=ProrationRule(full_at=50),
        handling_fee=ghs(15),
    ),
)


@pytest.mark.parametrize("terms", [FeeTerms(), EVERYTHING])
def test_terms_come_back_as_they_were(terms: FeeTerms) -> None:
    stored = json.loads(json.dumps(kept(terms)))
    assert terms_of(stored, "GHS") == terms
    assert kept(terms_of(stored, "GHS")) == stored


def test_there_is_an_end_of_late_fees() -> None:
    assert len(FeeTerms(late_fees=EVERYTHING.late_fees * 5).late_fees) == 10
    with pytest.raises(BadLateFee):
        FeeTerms(late_fees=EVERYTHING.late_fees * 6)


def test_discounts_of_everybody_come_back_as_they_were() -> None:
    both = (HALF, Discount(name="Early", kind=DiscountKind.FIXED, amount=ghs("12.50")))
    stored = json.loads(json.dumps(kept_discounts(both)))
    assert discounts_of(stored, "GHS") == both
    with pytest.raises(FeeRefusal) as refused:
        discounts_of([stored[0], {"title": "Early", "kind": "FIXED", "amount": "-1"}], "GHS")
    assert refused.value.path == ("discounts", "1")


def due(terms: FeeTerms, joined_on: date | None = None, gone: Presence | None = None) -> list[Money]:
    found = assess(STRUCTURE, terms, YEAR, [HALF], joined_on=joined_on, gone=gone)
    assert sum(each.amount.amount_minor for each in found.lines) == sum(row.net.amount_minor for row in found.charges)
    return [row.net for row in found.charges]


HALF = Discount(name="Staff", kind=DiscountKind.PERCENTAGE, percent=Decimal(50), category="TUITION")


def test_discounts_come_before_proration() -> None:
    """The terms have 110, 89 and 96 days; who joins with the second one missed 110 of 295."""
    by_days = FeeTerms(plan=Plan(PlanKind.TERM), proration=ProrationRule(joining_full_until=Decimal(10)))
    assert due(by_days) == [ghs(600), ghs(300)]
    assert due(by_days, YEAR.terms[0].starts_on) == [ghs(600), ghs(300)]
    assert due(by_days, YEAR.terms[1].starts_on) == [ghs("376.27"), ghs(300)]
    assert due(by_days, date(2025, 12, 31)) == [ghs("376.27"), ghs(300)]
    assert due(FeeTerms(), YEAR.terms[1].starts_on) == [ghs(600), ghs(300)]


def test_lessons_are_counted_by_somebody() -> None:
    by_lessons = FeeTerms(proration=ProrationRule(unit=ProrationUnit.LESSONS))
    assert due(by_lessons, date(2025, 11, 3), Presence(7, 28)) == [ghs(450), ghs(300)]


def test_the_instalments_are_those_that_are_left() -> None:
    found = assess(STRUCTURE, FeeTerms(plan=Plan(PlanKind.TERM)), YEAR, joined_on=date(2026, 2, 2))
    assert [(each.due_on, each.category, each.amount) for each in found.lines] == [
        (date(2026, 2, 2), "TUITION", ghs(600)),
        (date(2026, 2, 2), "REGISTRATION", ghs(150)),
        (date(2026, 5, 4), "TUITION", ghs(600)),
        (date(2026, 5, 4), "REGISTRATION", ghs(150)),
    ]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("plan", "kind"), "FORTNIGHTLY"),
        (("plan", "due_after_days"), True),
        (("plan", "due_after_days"), -1),
        (("plan", "parts"), None),
        (("plan", "parts", "1"), {"due_on": "2026-02-30", "percent": "66.6667"}),
        (("discount_base",), None),
        (("late_fees", "0", "amount"), "NaN"),
        (("late_fees", "0", "amount"), "25.505"),
        (("late_fees", "1", "percent"), "a tenth"),
        (("proration", "joining_full_until"), {}),
        (("proration", "steps", "0"), {"until": "3", "percent": "100"}),
        (("refunds", "steps", "0"), {"until": 0, "percent": "90"}),
        (("refunds", "then", "unit"), "HOURS"),
        (("refunds", "handling_fee"), "9" * 19),
    ],
)
def test_a_refusal_says_where_it_is(path: tuple[str, ...], value: object) -> None:
    stored = json.loads(json.dumps(kept(EVERYTHING)))
    part = stored
    for name in path[:-1]:
        part = part[int(name) if isinstance(part, list) else name]
    part[int(path[-1]) if isinstance(part, list) else path[-1]] = value
    with pytest.raises(FeeRefusal) as refused:
        terms_of(stored, "GHS")
    assert refused.value.path[: len(path)] in {path, path[:-1]}
