"""Refunds, prorated tuition and late fees as schools publish them, out of configuration alone."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from domain.kit.money import Money
from domain.school.rules.calendar import Span
from domain.school.rules.discounts import Charge
from domain.school.rules.figures import part, share_of
from domain.school.rules.late_fees import LateFeeRule, Paid, late_fee
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
from domain.school.rules.refunds import (
    RefundLadder,
    RefundStep,
    share_back,
    share_back_on,
    taught_day_of,
    week_of,
    withdraw,
)
from domain.school.rules.terms import FeeTerms, kept, terms_of
from domain.school.states import LateFeeKind, ProrationUnit, RefundUnit
from tests.domain.school.rules.money import ghs

TERM = Span(date(2025, 9, 1), date(2025, 12, 19))
FIRST = TERM.starts_on


def usd(amount: str | int) -> Money:
    return Money.of(amount, "USD")


def ladder(*steps: tuple[int, int], unit: RefundUnit = RefundUnit.CALENDAR_DAYS) -> RefundLadder:
    """As it comes out of where it is kept."""
    made = RefundLadder(steps=tuple(RefundStep(until, Decimal(percent)) for until, percent in steps), unit=unit)
    found = terms_of(json.loads(json.dumps(kept(FeeTerms(refunds=made)))), "USD").refunds
    assert found == made
    return made if found is None else found


def percents(found: RefundLadder, days: list[int]) -> list[Fraction]:
    return [share_back(found, day) * 100 for day in days]


def test_college_of_saint_benedict_by_days_of_classes() -> None:
    """Before the first day 100 %, through the 5th day of classes 90 %, 6th to 10th 80 % ... 26th to 30th 40 %."""
    found = ladder((5, 90), (10, 80), (15, 70), (20, 60), (25, 50), (30, 40))
    assert percents(found, [0, 1, 5, 6, 10, 11, 15, 16, 20, 21, 25, 26, 30, 31]) == [
        100, 90, 90, 80, 80, 70, 70, 60, 60, 50, 50, 40, 40, 0,
    ]  # fmt: skip
    taught = [FIRST + timedelta(days=day) for day in range(60) if (FIRST + timedelta(days=day)).isoweekday() <= 5]
    by_class_days = ladder((5, 90), (10, 80), unit=RefundUnit.TAUGHT_DAYS)
    sunday, monday = date(2025, 9, 7), date(2025, 9, 8)
    assert share_back_on(by_class_days, TERM, sunday, taught) == Fraction(9, 10)
    assert share_back_on(by_class_days, TERM, monday, taught) == Fraction(8, 10)
    friday = date(2025, 9, 5)
    days = [taught_day_of(taught, day) for day in (FIRST - timedelta(days=1), FIRST, friday, friday + timedelta(days=2))]
    assert days == [0, 1, 5, 5]
    assert taught_day_of(taught, monday) == 6


def test_tufts_school_of_medicine_by_calendar_days() -> None:
    """1st to 12th calendar day 80 %, 13th to 19th 60 %, 20th to 26th 40 %, 27th to 33rd 20 %, thereafter none."""
    found = ladder((12, 80), (19, 60), (26, 40), (33, 20))
    for day, percent in ((1, 80), (12, 80), (13, 60), (19, 60), (20, 40), (26, 40), (27, 20), (33, 20), (34, 0)):
        assert share_back_on(found, TERM, FIRST + timedelta(days=day - 1)) == Fraction(percent, 100)
    assert share_back_on(found, TERM, FIRST - timedelta(days=1)) == 1


def test_huntington_university_by_weeks() -> None:
    """First week 90 %, second 80 %, third 60 %, fourth 40 %, fifth 20 %, remainder of the semester none."""
    found = ladder((1, 90), (2, 80), (3, 60), (4, 40), (5, 20), unit=RefundUnit.WEEKS)
    assert share_back_on(found, TERM, FIRST + timedelta(days=34)) == Fraction(1, 5)
    weeks = [week_of(TERM, FIRST + timedelta(days=days)) for days in (-1, 0, 6, 7, 34, 35)]
    assert weeks == [0, 1, 1, 2, 5, 6]
    assert percents(found, weeks) == [100, 90, 90, 80, 20, 0]


def test_buffalo_state_by_liability() -> None:
    """Liable for 0 % in the first week, 30 % in the second, 50 %, 70 %, and 100 % after the fourth."""
    found = ladder((1, 100), (2, 70), (3, 50), (4, 30))
    assert [100 - percent for percent in percents(found, [1, 2, 3, 4, 5])] == [0, 30, 50, 70, 100]


def test_del_mar_college_by_class_days() -> None:
    """Prior to the first class day 100 %, first 15 class days 70 %, 16th to 20th 25 %, after the 20th none."""
    assert percents(ladder((15, 70), (20, 25)), [0, 1, 15, 16, 20, 21]) == [100, 70, 70, 25, 25, 0]


CANTON_DAYS = [77, 74, 71, 69, 66, 63, 60, 57, 54, 51, 49, 46, 43, 40, 0]


def test_canton_military_assistance_of_a_five_week_course() -> None:
    """Days 1 to 7 100 %, then by days in whole percent: day 8 77 % ... day 21 40 %, when 60 % are completed, day 22 none."""
    course = Span(FIRST, FIRST + timedelta(days=34))
    daily = ProrationRule(leaving_full_after=Decimal(60), percent_decimals=0)
    found = RefundLadder(steps=(RefundStep(7, Decimal(100)),), then=daily)
    back = [share_back_on(found, course, FIRST + timedelta(days=day - 1)) * 100 for day in range(1, 36)]
    assert back == [100] * 7 + CANTON_DAYS + [0] * 13


def test_canton_military_assistance_of_an_eight_week_course() -> None:
    """Week 1 100 %, week 2 75 %, weeks 3 and 4 50 %, week 5 40 %, weeks 6 to 8 none."""
    assert percents(ladder((1, 100), (2, 75), (4, 50), (5, 40)), list(range(1, 9))) == [100, 75, 50, 50, 40, 0, 0, 0]


def test_university_of_virginia_by_daily_proration() -> None:
    """Days 1 to 7 are adjusted by 100 %; from day 8 until 60 % of the term by calendar days; then not at all."""
    term = Span(FIRST, FIRST + timedelta(days=109))
    found = RefundLadder(steps=(RefundStep(7, Decimal(100)),), then=ProrationRule(leaving_full_after=Decimal(60)))
    days = {day: share_back_on(found, term, FIRST + timedelta(days=day - 1)) for day in (1, 7, 8, 55, 66, 67)}
    assert days == {1: 1, 7: 1, 8: Fraction(102, 110), 55: Fraction(1, 2), 66: Fraction(2, 5), 67: 0}


def test_federal_return_of_title_iv_funds_at_the_60_percent_point() -> None:
    """Up through the 60 percent point what is earned is the percentage of days completed; after it, all is."""
    rule = ProrationRule(leaving_full_after=Decimal(60), percent_decimals=1)
    assert share_of_leaver(rule, Presence(47, 110)) == share_of(Decimal("42.7"))
    assert share_of_leaver(rule, Presence(66, 110)) == share_of(Decimal(60))
    assert share_of_leaver(rule, Presence(67, 110)) == 1


@pytest.mark.parametrize(
    ("week", "back", "kept"),
    [(1, "173.25", "24.75"), (2, "148.50", "49.50"), (3, "123.75", "74.25"), (4, "99.00", "99.00"),
     (5, "74.25", "123.75"), (6, "49.50", "148.50"), (7, "24.75", "173.25"), (8, "0.00", "198.00")],
)  # fmt: skip
def test_zoni_of_a_course_of_eight_weeks_for_198(week: int, back: str, kept: str) -> None:
    """87.5 % back in the first week, 12.5 % less in each after it: a week that has begun is charged."""
    course = Span(FIRST, FIRST + timedelta(days=55))
    last_day = FIRST + timedelta(days=7 * week - 1)
    charged = share_of_leaver(ProrationRule(unit=ProrationUnit.WEEKS), attended(ProrationUnit.WEEKS, course, last_day))
    found = withdraw([Charge("TUITION", usd(198), usd(0))], usd(198), 1 - charged)
    assert (found.refund, found.due) == (usd(back), usd(kept))


def test_university_of_houston_downtown_keeps_15() -> None:
    """100 % credit less a fee of 15 dollars."""
    found = withdraw([Charge("TUITION", usd(2000), usd(0))], usd(2000), Fraction(1), usd(15))
    assert (found.due, found.refund) == (usd(15), usd(1985))


@pytest.mark.parametrize(("day", "percent"), [(1, 100), (21, 100), (22, 75), (49, 75), (50, 50), (110, 50)])
def test_lindsey_hopkins_by_day_of_registration(day: int, percent: int) -> None:
    """Registering on the 1st to 21st day full fees, from 22 to 49 days 75 percent, 50 or more days 50 percent."""
    rule = ProrationRule(steps=(ChargeStep(21, Decimal(100)), ChargeStep(49, Decimal(75))), percent_after_steps=Decimal(50))
    gone = missed(ProrationUnit.DAYS, TERM, FIRST + timedelta(days=day - 1))
    assert share_of_joiner(rule, gone) == Fraction(percent, 100)


def test_chiang_mai_international_school_by_days_enrolled() -> None:
    """2 % of the semester's fee per day for the first 49 days; full fees for 50 days or more."""
    rule = ProrationRule(full_at=50)
    assert [share_of_leaver(rule, Presence(days, 90)) * 100 for days in (1, 49, 50, 90)] == [2, 98, 100, 100]
    assert share_of_joiner(rule, Presence(80, 90)) == Fraction(20, 100)


@pytest.mark.parametrize(("gone", "to_pay"), [(0, "100.00"), (1, "87.50"), (4, "50.00"), (7, "12.50")])
def test_studio_pro_asks_for_the_lessons_that_are_left(gone: int, to_pay: str) -> None:
    """A class meets 8 times for 100 dollars; one has happened, so that 7/8 are asked for: 87.50."""
    share = share_of_joiner(ProrationRule(unit=ProrationUnit.LESSONS), Presence(gone, 8))
    assert part(usd(100), share) == usd(to_pay)


def test_mini_sport_enrols_for_the_three_sessions_that_are_left_of_five() -> None:
    assert share_of_joiner(ProrationRule(unit=ProrationUnit.LESSONS), Presence(2, 5)) == Fraction(3, 5)


def test_qeeebo_takes_a_further_23_off() -> None:
    """7 lessons missed at 35 are 245; September and October at 111 are 222 of it; 23 more come off November."""
    found = settle_lessons(missed=7, lesson=usd(35), months_uncharged=2, month=usd(111))
    assert (found.worth, found.uncharged, found.further_off, found.still_due) == (usd(245), usd(222), usd(23), usd(0))
    other = settle_lessons(missed=6, lesson=usd(35), months_uncharged=2, month=usd(111))
    assert (other.further_off, other.still_due) == (usd(0), usd(12))


def test_a_full_charge_until_a_tenth_of_the_term() -> None:
    """A term of 110 days with 10 percent: 11 days missed are charged in full, 12 are not charged."""
    rule = ProrationRule(joining_full_until=Decimal(10))
    fee = [Charge("TUITION", ghs(1100), ghs(0)), Charge("REGISTRATION", ghs(300), ghs(0), prorated=False)]
    for days, due in ((0, 1100), (11, 1100), (12, 980), (109, 10)):
        share = share_of_joiner(rule, missed(ProrationUnit.DAYS, TERM, FIRST + timedelta(days=days)))
        assert [row.net for row in prorate(fee, share)] == [ghs(due), ghs(300)]


DUE_ON = date(2025, 9, 1)


def late_after(days: int, due: Money, *rules: LateFeeRule, paid: tuple[Paid, ...] = ()) -> Money:
    return late_fee(due, DUE_ON, paid, rules, as_of=DUE_ON + timedelta(days=days))


@pytest.mark.parametrize(("balance", "fee"), [(100, "10"), (200, "10"), (1000, "50"), (4000, "200"), (9000, "200")])
def test_umbc_charges_5_percent_from_10_to_200(balance: int, fee: str) -> None:
    rule = LateFeeRule(kind=LateFeeKind.PERCENTAGE, percent=Decimal(5), minimum=usd(10), cap=usd(200))
    assert late_after(1, usd(balance), rule) == usd(fee)


def test_the_college_of_new_jersey_fines_4000() -> None:
    """1.5 % of balances of 1,000.00 or more, at least 25: 4,000.00 is fined 60.00, and with it 60.90."""
    rule = LateFeeRule(
        kind=LateFeeKind.PERCENTAGE, percent=Decimal("1.5"), minimum=usd(25), from_balance=usd(1000), grace_days=5
    )
    first = late_after(6, usd(4000), rule)
    second = late_after(6, usd(4000) + first, rule)
    assert (first, second) == (usd(60), usd("60.90"))
    assert usd(4000) + first + second == usd("4120.90")
    assert late_after(6, usd(1000), rule) == usd(25) and late_after(6, usd("999.99"), rule) == usd(0)
    assert late_after(5, usd(4000), rule) == usd(0)


def test_bright_start_charges_25_and_10_for_each_day_after() -> None:
    """25 if tuition due on the 1st is not received by the 3rd; another 10 for every additional day."""
    rules = (
        LateFeeRule(kind=LateFeeKind.FIXED, amount=usd(25), grace_days=2),
        LateFeeRule(kind=LateFeeKind.FIXED_PER_DAY, amount=usd(10), grace_days=3),
    )
    assert [late_after(days, usd(900), *rules) for days in (2, 3, 4, 6)] == [usd(0), usd(25), usd(35), usd(55)]
    paid = (Paid(DUE_ON + timedelta(days=4), usd(900)),)
    assert late_after(60, usd(900), *rules, paid=paid) == usd(35)


def test_malone_university_has_five_days_of_grace() -> None:
    """Due on the third, 50 from the ninth on."""
    rule = LateFeeRule(kind=LateFeeKind.FIXED, amount=usd(50), grace_days=5)
    assert late_after(5, usd(900), rule) == usd(0) and late_after(6, usd(900), rule) == usd(50)
