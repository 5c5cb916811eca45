"""Instalments sum to the fee, and are due when the calendar says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kit.money import Money
from domain.school.rules.calendar import Span
from domain.school.rules.plans import CustomPart, Instalment, Line, Periods, Plan, instalments, lines, refit
from domain.school.rules.refusals import BadPlan
from domain.school.states import PlanKind
from tests.domain.school.rules.factory import FEW
from tests.domain.school.rules.money import NOTHING, YEAR, charges, ghs, minor


def parts(due: Money, kind: PlanKind, periods: Periods = YEAR) -> list[Instalment]:
    return list(instalments(due, Plan(kind), periods))


def amounts(due: Money, kind: PlanKind) -> list[Money]:
    return [part.amount for part in parts(due, kind)]


def test_1000_over_three_terms() -> None:
    assert amounts(ghs(1000), PlanKind.TERM) == [ghs("333.34"), ghs("333.33"), ghs("333.33")]


def test_1000_over_twelve_months() -> None:
    assert amounts(ghs(1000), PlanKind.MONTHLY) == [ghs("83.34")] * 4 + [ghs("83.33")] * 8


def test_quarters_halves_and_the_year() -> None:
    assert amounts(ghs("1000.01"), PlanKind.QUARTERLY) == [ghs("250.01")] + [ghs(250)] * 3
    assert amounts(ghs("1000.01"), PlanKind.SEMI_ANNUAL) == [ghs("500.01"), ghs(500)]
    assert amounts(ghs("1000.01"), PlanKind.ANNUAL) == [ghs("1000.01")]


def test_they_are_due_when_their_period_begins_or_so_many_days_after() -> None:
    starts = [term.starts_on for term in YEAR.terms]
    assert [part.due_on for part in parts(ghs(9), PlanKind.TERM)] == starts
    later = instalments(ghs(9), Plan(PlanKind.QUARTERLY, due_after_days=9), YEAR)
    assert [part.due_on for part in later] == [date(2025, 9, 10), date(2025, 12, 10), date(2026, 3, 10), date(2026, 6, 10)]


def test_halves_of_a_year_begin_six_months_apart() -> None:
    assert [part.due_on for part in parts(ghs(9), PlanKind.SEMI_ANNUAL)] == [date(2025, 9, 1), date(2026, 3, 1)]


def test_there_are_at_most_sixty_instalments() -> None:
    five_years = Periods(Span(date(2020, 1, 1), date(2024, 12, 31)))
    assert len(parts(ghs(60), PlanKind.MONTHLY, five_years)) == 60


def test_months_keep_the_day_of_the_first_one() -> None:
    year = Periods(Span(date(2026, 1, 31), date(2026, 5, 30)))
    assert [part.due_on for part in parts(ghs(100), PlanKind.MONTHLY, year)] == [
        date(2026, 1, 31),
        date(2026, 2, 28),
        date(2026, 3, 31),
        date(2026, 4, 30),
    ]


def test_a_year_of_ten_months_has_ten_instalments() -> None:
    year = Periods(Span(date(2025, 9, 1), date(2026, 6, 30)))
    assert len(parts(ghs(1000), PlanKind.MONTHLY, year)) == 10
    assert len(parts(ghs(1000), PlanKind.QUARTERLY, year)) == 4


def test_a_plan_of_the_school_itself() -> None:
    plan = Plan(
        PlanKind.CUSTOM,
        parts=(CustomPart(date(2025, 9, 1), Decimal(50)), CustomPart(date(2025, 10, 15), Decimal("33.3333")),
               CustomPart(date(2025, 11, 15), Decimal("16.6667"))),
    )  # fmt: skip
    assert [part.amount for part in instalments(ghs(1000), plan, YEAR)] == [ghs(500), ghs("333.33"), ghs("166.67")]


def test_percentages_of_parts_are_exact() -> None:
    plan = Plan(PlanKind.CUSTOM, parts=tuple(
        CustomPart(date(2025, month, 1), Decimal(each)) for month, each in ((9, "50"), (10, "33.3333"), (11, "16.6667"))
    ))  # fmt: skip
    found = instalments(ghs(1_000_000), plan, YEAR)
    assert [part.amount for part in found] == [ghs(500_000), ghs(333_333), ghs(166_667)]


def test_no_instalment_is_of_nothing() -> None:
    assert amounts(ghs("0.02"), PlanKind.MONTHLY) == [ghs("0.01")] * 2
    assert amounts(NOTHING, PlanKind.TERM) == []


def test_what_is_no_plan() -> None:
    half = CustomPart(date(2025, 9, 1), Decimal(50))
    bad: list[tuple[PlanKind, int, tuple[CustomPart, ...]]] = [
        (PlanKind.CUSTOM, 0, ()),
        (PlanKind.TERM, 0, (half,)),
        (PlanKind.CUSTOM, 0, (half,)),
        (PlanKind.CUSTOM, 0, (half, half)),
        (PlanKind.TERM, -1, ()),
    ]
    for kind, after, own in bad:
        with pytest.raises(BadPlan):
            Plan(kind, after, own)
    with pytest.raises(BadPlan, match="a year with terms"):
        parts(ghs(1), PlanKind.TERM, Periods(YEAR.year))
    with pytest.raises(BadPlan, match="at most 60"):
        parts(ghs(1), PlanKind.MONTHLY, Periods(Span(date(2020, 1, 1), date(2029, 12, 31))))
    with pytest.raises(BadPlan, match="inside its year"):
        Periods(YEAR.terms[0], YEAR.terms)
    with pytest.raises(BadPlan, match="follow one another"):
        Periods(YEAR.year, (YEAR.terms[1], YEAR.terms[0]))


def test_who_joins_later_pays_over_what_is_left_of_the_year() -> None:
    second = YEAR.terms[1]
    joined_on = date(2026, 2, 2)
    found = instalments(ghs(800), Plan(PlanKind.TERM, due_after_days=7), YEAR, joined_on=joined_on)
    assert [(part.due_on, part.amount) for part in found] == [
        (date(2026, 2, 9), ghs(400)),
        (date(2026, 5, 11), ghs(400)),
    ]
    months = instalments(ghs(700), Plan(PlanKind.MONTHLY), YEAR, joined_on=joined_on)
    assert [part.due_on for part in months][:2] == [joined_on, date(2026, 3, 1)] and len(months) == 7
    end_of_february = instalments(ghs(700), Plan(PlanKind.MONTHLY), YEAR, joined_on=date(2026, 2, 28))
    assert [part.due_on for part in end_of_february][:2] == [date(2026, 2, 28), date(2026, 3, 1)]
    ragged = Periods(Span(date(2025, 9, 1), date(2025, 12, 19)))
    assert len(instalments(ghs(9), Plan(PlanKind.MONTHLY), ragged, joined_on=date(2025, 12, 19))) == 1
    with pytest.raises(BadPlan, match="nothing is left"):
        instalments(ghs(9), Plan(PlanKind.MONTHLY), ragged, joined_on=date(2025, 12, 20))
    last_day = instalments(ghs(800), Plan(PlanKind.TERM), YEAR, joined_on=second.ends_on)
    assert [part.due_on for part in last_day] == [second.ends_on, YEAR.terms[2].starts_on]
    with pytest.raises(BadPlan, match="nothing is left"):
        instalments(ghs(1), Plan(PlanKind.TERM), YEAR, joined_on=date(2026, 8, 8))


def test_custom_parts_of_before_are_due_on_joining() -> None:
    days = (date(2025, 9, 1), date(2025, 11, 1), date(2026, 2, 1))
    plan = Plan(
        PlanKind.CUSTOM, parts=tuple(CustomPart(day, Decimal(each)) for day, each in zip(days, (50, 30, 20), strict=True))
    )
    found = instalments(ghs(1000), plan, YEAR, joined_on=date(2025, 12, 1))
    assert [(part.due_on, part.amount) for part in found] == [(date(2025, 12, 1), ghs(800)), (date(2026, 2, 1), ghs(200))]


def summed(found: Iterable[Line], category: str) -> Money:
    return minor(sum(each.amount.amount_minor for each in found if each.category == category))


def test_what_is_due_less_comes_off_the_latest_lines() -> None:
    before = lines(parts(ghs(900), PlanKind.TERM), charges(ghs(900)))
    found = refit(before, charges(ghs(400)), on=date(2025, 10, 1))
    assert [(each.number, each.amount) for each in found] == [(1, ghs(300)), (2, ghs(100))]


def test_what_is_due_more_is_a_new_instalment() -> None:
    before = lines(parts(ghs(900), PlanKind.TERM), charges(ghs(900)))
    found = refit(before, charges(ghs(900), ghs(25)), on=date(2025, 10, 1))
    assert [(each.number, each.category, each.amount) for each in found] == [
        (1, "C1", ghs(300)),
        (4, "C2", ghs(25)),
        (2, "C1", ghs(300)),
        (3, "C1", ghs(300)),
    ]


NETS = st.lists(st.integers(0, 10**6), min_size=3, max_size=3)


@FEW
@given(NETS, NETS, st.sampled_from([PlanKind.TERM, PlanKind.MONTHLY]))
def test_refitted_lines_are_the_new_charges(before: list[int], after: list[int], kind: PlanKind) -> None:
    asked = lines(parts(minor(sum(before)), kind), charges(*map(minor, before)))
    rows = charges(*map(minor, after))
    found = refit(asked, rows, on=date(2025, 12, 1))
    assert all(summed(found, row.category) == row.net for row in rows)
    assert refit(found, rows, on=date(2026, 1, 1)) == found
    assert all(each.amount.amount_minor > 0 for each in found)


def test_categories_of_an_instalment() -> None:
    found = lines(parts(ghs(1500), PlanKind.TERM), charges(ghs(1000), ghs(500)))
    assert [(each.number, each.category, each.amount) for each in found[:2]] == [
        (1, "C1", ghs("333.33")),
        (1, "C2", ghs("166.67")),
    ]
    with pytest.raises(BadPlan, match="not the total"):
        lines(parts(ghs(1499), PlanKind.TERM), charges(ghs(1500)))


@FEW
@given(
    st.lists(st.integers(0, 10**9), min_size=1, max_size=6),
    st.sampled_from([kind for kind in PlanKind if kind is not PlanKind.CUSTOM]),
)
def test_lines_sum_to_the_instalments_and_to_the_categories(nets: list[int], kind: PlanKind) -> None:
    due, rows = minor(sum(nets)), charges(*map(minor, nets))
    asked = parts(due, kind)
    found = lines(asked, rows)
    assert sum(part.amount.amount_minor for part in asked) == due.amount_minor
    assert [part.number for part in asked] == list(range(1, len(asked) + 1))
    for part in asked:
        assert minor(sum(each.amount.amount_minor for each in found if each.number == part.number)) == part.amount
    for row in rows:
        assert minor(sum(each.amount.amount_minor for each in found if each.category == row.category)) == row.net
    assert all(each.amount.amount_minor > 0 for each in found)
    largest = max((part.amount.amount_minor for part in asked), default=0)
    assert all(part.amount.amount_minor >= largest - 1 for part in asked)
