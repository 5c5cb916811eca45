"""What schools publish of refunds, prorated fees, plans and late fees, out of the configuration of structures alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest

from domain.kit.clock import clock_set_to
from domain.kit.money import Money
from domain.school.models import AcademicYear, FeeLine, FeeStructure, SchoolFee
from domain.school.quotes import fee_quote, lesson_settlement, refund_quote
from domain.school.rules.late_fees import LateFeeRule
from domain.school.rules.plans import Plan
from domain.school.rules.proration import ChargeStep, Presence, ProrationRule
from domain.school.rules.refunds import RefundLadder, RefundStep
from domain.school.rules.structure import Component
from domain.school.rules.terms import FeeTerms
from domain.school.service.fee_terms import settle_lessons
from domain.school.service.late_fees import add_late_fees
from domain.school.states import LateFeeKind, PlanKind, ProrationUnit, RefundUnit
from tests.support.happenings import assert_integrity
from tests.support.school import School, a_school, a_student, a_year, enrol
from tests.support.school_structures import TUITION, a_structure, charged_by

pytestmark = pytest.mark.usefixtures("database")

_years = count(1971)


def usd(amount: str | int) -> Money:
    return Money.of(amount, "USD")


async def a_period(days: int) -> AcademicYear:
    """So many days from a Monday on, in a year in which nothing else is."""
    first = date(next(_years), 9, 1)
    monday = first + timedelta(days=-first.weekday() % 7)
    return await a_year(first.year, terms=False, starts_on=monday, ends_on=monday + timedelta(days=days - 1))


async def priced(school: School, year: AcademicYear, terms: FeeTerms, amount: str | int = 1000) -> FeeStructure:
    return await a_structure(
        school, Component(TUITION, usd(amount)), terms=terms, currency="USD", year_id=year.id, title=f"Fees of {year.title}"
    )


def ladder(*steps: tuple[int, int], **more: Any) -> RefundLadder:
    return RefundLadder(steps=tuple(RefundStep(until, Decimal(percent)) for until, percent in steps), **more)


DAILY = ProrationRule(leaving_full_after=Decimal(60))
WHOLE_PERCENT = ProrationRule(leaving_full_after=Decimal(60), percent_decimals=0)
BY_WEEKS = ProrationRule(unit=ProrationUnit.WEEKS)
WEEKS = RefundUnit.WEEKS

# Who publishes it; how many days the period has; the ladder; what goes back, in percent, to who leaves on which day of it.
TABLES: Sequence[tuple[str, int, RefundLadder, dict[int, str]]] = (
    (
        "Saint Benedict: through the 5th day of classes 90 %, to the 10th 80 % ... to the 30th 40 %",
        110,
        ladder((5, 90), (10, 80), (15, 70), (20, 60), (25, 50), (30, 40), unit=RefundUnit.TAUGHT_DAYS),
        {0: "100", 7: "90", 8: "80", 15: "70", 36: "40", 43: "0"},
    ),
    (
        "Tufts: 1st to 12th calendar day 80 %, to the 19th 60 %, to the 26th 40 %, to the 33rd 20 %",
        110,
        ladder((12, 80), (19, 60), (26, 40), (33, 20)),
        {0: "100", 12: "80", 13: "60", 33: "20", 34: "0"},
    ),
    (
        "Huntington: first week 90 %, 80 %, 60 %, 40 %, fifth week 20 %",
        110,
        ladder((1, 90), (2, 80), (3, 60), (4, 40), (5, 20), unit=WEEKS),
        {1: "90", 8: "80", 22: "40", 35: "20", 36: "0"},
    ),
    (
        "Buffalo State: liable for 0 %, 30 %, 50 %, 70 % by weeks, then for all",
        110,
        ladder((1, 100), (2, 70), (3, 50), (4, 30), unit=WEEKS),
        {1: "100", 8: "70", 15: "50", 22: "30", 29: "0"},
    ),
    (
        "Canton, five weeks: 100 % for a week, then by days in whole percent, until 60 % are completed",
        35,
        ladder((7, 100), then=WHOLE_PERCENT),
        {7: "100", 8: "77", 14: "60", 21: "40", 22: "0"},
    ),
    (
        "Canton, eight weeks: week 1 100 %, week 2 75 %, weeks 3 and 4 50 %, week 5 40 %",
        56,
        ladder((1, 100), (2, 75), (4, 50), (5, 40), unit=WEEKS),
        {7: "100", 8: "75", 28: "50", 29: "40", 36: "0"},
    ),
    (
        "Virginia: 100 % for 7 days, then by days until 60 % of the term",
        110,
        ladder((7, 100), then=DAILY),
        {7: "100", 8: "92.7273", 55: "50", 66: "40", 67: "0"},
    ),
)


async def test_refunds_as_schools_publish_them() -> None:
    school = await a_school(2025)
    for name, days, refunds, percents in TABLES:
        fee, first = await a_fee(school, days, FeeTerms(refunds=refunds))
        for day, percent in percents.items():
            quote = await refund_quote(school.bursar, fee_id=fee.id, left_on=first + timedelta(days=day - 1))
            assert quote.percent_back == Decimal(percent), (name, day)
            assert quote.given_back == quote.fee.due - quote.due


async def a_fee(school: School, days: int, terms: FeeTerms, amount: str | int = 1000) -> tuple[SchoolFee, date]:
    """A fee of a period of so many days, and the first of them."""
    year, student = await a_period(days), await a_student(branch=school.branch)
    await enrol(student, school.school_class, year)
    return await charged_by(school, student, await priced(school, year, terms, amount), year=year), year.starts_on


async def test_zoni_charges_weeks_that_have_begun_and_houston_keeps_15() -> None:
    """198 dollars for 8 weeks: 173.25, 148.50 ... 24.75, nothing go back; 2,000 less a fee of 15 dollars."""
    school = await a_school(2025)
    fee, first = await a_fee(school, 56, FeeTerms(refunds=ladder(then=BY_WEEKS)), 198)
    for week, back in enumerate(("173.25", "148.50", "123.75", "99.00", "74.25", "49.50", "24.75", "0.00"), 1):
        quote = await refund_quote(school.bursar, fee_id=fee.id, left_on=first + timedelta(days=7 * week - 1))
        assert (quote.given_back, quote.due) == (usd(back), usd(198) - usd(back))
    kept, first = await a_fee(school, 110, FeeTerms(refunds=ladder((10, 100), handling_fee=usd(15))), 2000)
    quote = await refund_quote(school.bursar, fee_id=kept.id, left_on=first)
    assert (quote.due, quote.refund, quote.still_due) == (usd(15), usd(0), usd(15))


async def test_prorated_fees_as_schools_publish_them() -> None:
    """By day of registration in steps, by days of which 50 are a full fee, by lessons, and in full until a tenth."""
    school, term, semester = await a_school(2025), await a_period(110), await a_period(90)
    steps = ProrationRule(steps=(ChargeStep(21, Decimal(100)), ChargeStep(49, Decimal(75))), percent_after_steps=Decimal(50))
    tenth = ProrationRule(joining_full_until=Decimal(10))
    lessons = ProrationRule(unit=ProrationUnit.LESSONS)

    async def due(structure: FeeStructure, day: int, year: AcademicYear = term, gone: Presence | None = None) -> Money:
        joined_on = year.starts_on + timedelta(days=day - 1)
        return (await fee_quote(school.bursar, structure_id=structure.id, joined_on=joined_on, gone=gone)).due

    by_steps = await priced(school, term, FeeTerms(proration=steps))
    asked = [await due(by_steps, day) for day in (1, 21, 22, 49, 50, 110)]
    assert asked == [usd(1000), usd(1000), usd(750), usd(750), usd(500), usd(500)]
    by_days = await priced(school, semester, FeeTerms(proration=ProrationRule(full_at=50)))
    assert [await due(by_days, day, semester) for day in (1, 41, 42, 90)] == [usd(1000), usd(1000), usd(980), usd(20)]
    by_lessons = await priced(school, term, FeeTerms(proration=lessons), 100)
    assert [await due(by_lessons, 9, gone=Presence(gone, 8)) for gone in (0, 1, 4, 7)] == [
        usd(100), usd("87.50"), usd(50), usd("12.50"),
    ]  # fmt: skip
    cut_off = await priced(school, term, FeeTerms(proration=tenth), 1100)
    assert [await due(cut_off, day) for day in (1, 12, 13, 110)] == [usd(1100), usd(1100), usd(980), usd(10)]


async def test_e6_a_fee_over_terms_and_over_months() -> None:
    """1000 over 3 terms is 333.34, 333.33, 333.33; over 12 months 83.34 four times and 83.33 eight times."""
    school = await a_school(2025)
    terms = FeeTerms(plan=Plan(PlanKind.TERM))
    structure = await priced(school, school.year, terms)
    structure_id = structure.id
    by_terms = await fee_quote(school.bursar, structure_id=structure_id)
    assert [each.amount for each in by_terms.instalments] == [usd("333.34"), usd("333.33"), usd("333.33")]
    monthly = await priced(school, await a_period(365), FeeTerms(plan=Plan(PlanKind.MONTHLY)))
    by_months = await fee_quote(school.bursar, structure_id=monthly.id)
    assert [each.amount for each in by_months.instalments] == [usd("83.34")] * 4 + [usd("83.33")] * 8


async def test_e4_missed_lessons_take_a_further_23_off() -> None:
    """7 missed lessons of 35 are 245; two months of 111 were not charged, which are 222 of it; 23 come off the rest."""
    school = await a_school(2025)
    figures: dict[str, Any] = {"missed": 7, "lesson": usd(35), "months_uncharged": 2, "month": usd(111)}
    found = lesson_settlement(school.bursar, **figures)
    assert (found.worth, found.uncharged, found.further_off) == (usd(245), usd(222), usd(23))
    fee, _ = await a_fee(school, 304, FeeTerms(plan=Plan(PlanKind.MONTHLY)), 1110)
    settled = await settle_lessons(school.bursar, fee_id=fee.id, category=TUITION, **figures)
    assert settled.fee.due == usd(1087)
    lines = await FeeLine.filter(fee_id=fee.id, edition=settled.fee.edition).order_by("due_on")
    assert [each.amount_minor for each in lines] == [111_00] * 9 + [88_00]
    await assert_integrity("school")


def on(day: date) -> Any:
    return clock_set_to(datetime.combine(day, time(9), UTC))


BRIGHT = (
    LateFeeRule(kind=LateFeeKind.FIXED, amount=usd(25), grace_days=2),
    LateFeeRule(kind=LateFeeKind.FIXED_PER_DAY, amount=usd(10), grace_days=3),
)
UMBC = (LateFeeRule(kind=LateFeeKind.PERCENTAGE, percent=Decimal(5), minimum=usd(10), cap=usd(200)),)
MALONE = (LateFeeRule(kind=LateFeeKind.FIXED, amount=usd(50), grace_days=5),)


@pytest.mark.parametrize(
    ("rules", "amount", "charged_by_day"),
    [
        (BRIGHT, 900, {2: 0, 3: 25, 4: 35, 6: 55}),
        (UMBC, 100, {0: 0, 1: 10, 9: 10}),
        (UMBC, 1000, {1: 50}),
        (UMBC, 9000, {1: 200}),
        (MALONE, 900, {5: 0, 6: 50, 30: 50}),
    ],
)
async def test_late_fees_as_schools_publish_them(
    rules: tuple[LateFeeRule, ...], amount: int, charged_by_day: dict[int, int]
) -> None:
    school = await a_school(2025)
    fee, first = await a_fee(school, 60, FeeTerms(late_fees=rules), amount)
    for day, late in charged_by_day.items():
        with on(first + timedelta(days=day)):
            await add_late_fees(school.bursar)
        found = await SchoolFee.get(id=fee.id)
        assert found.due - usd(amount) == usd(late), day
    await assert_integrity("school")
