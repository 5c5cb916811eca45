"""Penal interest: a yearly rate on what is overdue of a row, which grows by the day and follows what is unpaid."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.kit.errors import InvalidInput
from domain.lending.booking import Booking, BookingKind, bookings
from domain.lending.history import Dated, MoneyWay
from domain.lending.rules import payoff, quote, replay
from domain.lending.rules.calendar import year_share
from domain.lending.rules.facts import AnyFact
from domain.lending.rules.state import InstalmentKind, LoanState
from domain.lending.rules.terms import (
    PENAL_INTEREST,
    ChargeBasis,
    ChargeRule,
    ChargeTime,
    DayCount,
    InterestPeriod,
    LoanTerms,
    PeriodUnit,
    Recalculation,
)
from domain.lending.states import PaymentChannel
from tests.domain.lending.rules.factory import (
    charge_waived,
    charged_back,
    charged_off,
    column,
    disbursed,
    interest_waived,
    minor,
    paused,
    reaged,
    reamortised,
    repaid,
    rescheduled,
    terms,
    written_off,
)

START = date(2023, 1, 1)
FEB, MAR, APR, MAY = (date(2023, month, 1) for month in (2, 3, 4, 5))
PRINCIPAL = ChargeBasis.PERCENT_PER_YEAR_OF_OVERDUE_PRINCIPAL
BOTH = ChargeBasis.PERCENT_PER_YEAR_OF_OVERDUE_PRINCIPAL_AND_INTEREST
CASH = MoneyWay(channel=PaymentChannel.CASH, account="1110")


def penal(rate: str = "36.5", basis: ChargeBasis = PRINCIPAL, grace_days: int = 3) -> ChargeRule:
    return ChargeRule(
        code="PENAL",
        title="Penal interest",
        time=ChargeTime.OVERDUE_INSTALMENT,
        basis=basis,
        value=Decimal(rate),
        penalty=True,
        grace_days=grace_days,
    )


def one_row(rule: ChargeRule | None = None, rate: str = "0", **others: Any) -> LoanTerms:
    """1,000 due in one sum on the first of February."""
    return terms(1_000, rate, 1, charges=(rule or penal(),), **others)


PAYOUT = disbursed(START, 1_000)


def day(start: date, days: int) -> date:
    return start + timedelta(days=days)


def penalty_after(days: int, *facts: AnyFact, loan: LoanTerms | None = None) -> str:
    """What the first row has been charged so many days after its due date."""
    return column(replay(loan or one_row(), [PAYOUT, *facts], day(FEB, days)).instalments, "penalty")[0]


# How it grows


@pytest.mark.parametrize(("days", "amount"), [(0, "0.00"), (3, "0.00"), (4, "1.00"), (5, "2.00"), (10, "7.00")])
def test_it_grows_by_the_day_from_the_first_day_after_the_grace(days: int, amount: str) -> None:
    """1,000 at 36.5 % are 1.00 a day; the third day is the last one of grace."""
    assert penalty_after(days) == amount


def test_it_is_one_charge_of_the_row_that_tells_how_it_grew() -> None:
    state = replay(one_row(), [PAYOUT], day(FEB, 6))
    [charge] = state.charges
    assert (charge.code, charge.penalty, charge.instalment, charge.amount) == ("PENAL", True, 1, 300)
    assert (charge.charged_on, charge.time) == (day(FEB, 4), ChargeTime.OVERDUE_INSTALMENT)
    assert charge.growth == ((day(FEB, 4), 100), (day(FEB, 5), 100), (day(FEB, 6), 100))
    assert state.delinquency.past_due.penalty == minor(3)


def test_it_is_rounded_as_a_whole_and_not_by_the_day() -> None:
    """10.00 at 12 % are a third of a cent a day: 0.33, 0.66 (rounded 1), 0.99, 1.32, 1.64 (rounded 2) after five days."""
    loan = terms(10, "0", 1, charges=(penal("12", grace_days=0),))
    amounts = [replay(loan, [disbursed(START, 10)], day(FEB, days)).due.penalty for days in range(6)]
    assert amounts == [0, 0, 1, 1, 1, 2]


@pytest.mark.parametrize(
    ("day_count", "amount"),
    [
        # 29 February and 1 March 2024 are two days after the 28th: of 366 and of 365, 360 and 364 days; as 30/360 three.
        (DayCount.ACTUAL_ACTUAL, "2.00"),
        (DayCount.ACTUAL_365, "2.01"),
        (DayCount.ACTUAL_360, "2.03"),
        (DayCount.FIXED_364, "2.01"),
        (DayCount.THIRTY_360, "3.05"),
    ],
)
def test_days_are_counted_as_the_terms_do(day_count: DayCount, amount: str) -> None:
    loan = terms(1_000, "0", 1, charges=(penal("36.6", grace_days=0),), day_count=day_count)
    state = replay(loan, [disbursed(date(2024, 1, 28), 1_000)], date(2024, 3, 1))
    assert column(state.instalments, "penalty") == [amount]


def test_a_year_that_turns_into_a_leap_year() -> None:
    """Due on 30 December 2023: two days of 365 and eight of 366, of 1,000 at 100 %."""
    loan = terms(1_000, "0", 1, charges=(penal("100", grace_days=0),), day_count=DayCount.ACTUAL_ACTUAL)
    state = replay(loan, [disbursed(date(2023, 11, 30), 1_000)], date(2024, 1, 9))
    # 1,000 x (2/365 + 8/366) = 5.479... + 21.857... = 27.337
    assert column(state.instalments, "penalty") == ["27.34"]


def test_rows_bear_it_each_from_their_own_day() -> None:
    loan = terms(2_000, "0", 2, charges=(penal(),))
    state = replay(loan, [disbursed(START, 2_000)], day(MAR, 10))
    # The first bears it for the days from 5 February to 11 March, the second from 5 to 11 March.
    assert column(state.instalments, "penalty") == ["35.00", "7.00"]
    assert [charge.key for charge in state.charges] == ["PENAL:1", "PENAL:2"]


def test_interest_bears_it_only_where_the_terms_say_so() -> None:
    """12 % a year are 10.00 in the month."""
    assert penalty_after(13, loan=one_row(rate="12")) == "10.00"
    assert penalty_after(13, loan=one_row(penal(basis=BOTH), rate="12")) == "10.10"


def test_it_does_not_bear_itself() -> None:
    assert penalty_after(3 + 365) == "365.00"


def test_a_quote_knows_nothing_of_it() -> None:
    offer = quote(one_row(), START)
    assert (offer.total_fees, offer.total_payable) == (0, minor(1_000))


# Payments


def test_a_partial_payment_lowers_it_from_its_day() -> None:
    """On the sixth day 3.00 are owed of it; 503.00 pay them and half of the principal, and 0.50 a day remain."""
    paid = repaid(day(FEB, 6), 503)
    assert penalty_after(6, paid) == "3.00"
    assert penalty_after(10, paid) == "5.00"
    state = replay(one_row(), [PAYOUT, paid], day(FEB, 10))
    assert (state.outstanding.principal, state.outstanding.penalty) == (minor(500), minor(2))


def test_it_stops_when_its_base_is_paid() -> None:
    assert penalty_after(300, repaid(day(FEB, 10), 1_007)) == "7.00"
    state = replay(one_row(), [PAYOUT, repaid(day(FEB, 10), 1_007)], day(FEB, 300))
    assert state.instalments[0].completed_on == day(FEB, 10)
    only_principal = replay(one_row(rate="12"), [PAYOUT, interest_waived(FEB, 4), repaid(day(FEB, 10), 1_012)], MAY)
    # Its interest of 6.00 and the 7.00 came first; 1.00 of principal goes on bearing 0.001 a day, 79 days.
    assert (only_principal.outstanding.principal, only_principal.outstanding.penalty) == (minor(1), 8)


def test_paid_within_the_grace_it_is_not_made() -> None:
    assert penalty_after(20, repaid(day(FEB, 3), 1_000)) == "0.00"
    # Paid on the day after: that day had begun with the row unpaid.
    assert penalty_after(20, repaid(day(FEB, 4), 1_001)) == "1.00"


def test_a_back_dated_payment_makes_it_anew() -> None:
    late, earlier = repaid(day(FEB, 20), 100), repaid(day(FEB, 5), 602)
    # 17.00 by the 20th day, of which 100.00 pay them and 83.00 of principal: 0.917 a day, ten days.
    assert penalty_after(30, late) == "26.17"
    # 2.00 by the fifth day and 600.00 of principal; then 0.40 a day: 6.00 by the 20th, 94.00 of principal, 0.306 a day.
    assert penalty_after(30, late, earlier) == "11.06"
    assert penalty_after(30, earlier, late) == "11.06"


def test_an_undone_payment_makes_it_anew() -> None:
    paid = repaid(day(FEB, 2), 1_000)
    assert penalty_after(30, paid) == "0.00"
    assert penalty_after(30) == "27.00"


def test_a_pay_off_has_it_until_its_day() -> None:
    for recalculation in Recalculation:
        loan = one_row(recalculation=recalculation)
        quoted = payoff(loan, [PAYOUT], day(FEB, 33))
        assert (quoted.amounts.principal, quoted.amounts.penalty) == (minor(1_000), minor(30))
        assert not replay(loan, [PAYOUT, repaid(day(FEB, 33), 1_030)], day(FEB, 400)).outstanding


# Waivers


def test_what_is_waived_stays_waived_and_what_stays_overdue_goes_on() -> None:
    waiver = charge_waived(day(FEB, 10), "PENAL:1")
    state = replay(one_row(), [PAYOUT, waiver], day(FEB, 15))
    [charge] = state.charges
    assert (charge.amount, charge.waived, charge.unpaid) == (minor(12), minor(7), minor(5))
    twice = replay(one_row(), [PAYOUT, waiver, charge_waived(day(FEB, 14), "PENAL:1")], day(FEB, 15))
    assert (twice.charges[0].waived, twice.outstanding.penalty) == (minor(11), minor(1))
    assert [each.parts[0].amounts.penalty for each in twice.waivers] == [minor(7), minor(4)]
    assert replay(one_row(), [PAYOUT], day(FEB, 15)).outstanding.penalty == minor(12)


def test_a_waiver_lets_go_of_what_a_back_dated_payment_left() -> None:
    waiver, earlier = charge_waived(day(FEB, 10), "PENAL:1"), repaid(day(FEB, 4), 501)
    state = replay(one_row(), [PAYOUT, waiver, earlier], day(FEB, 12))
    assert (state.charges[0].paid, state.charges[0].waived, state.outstanding.penalty) == (minor(1), minor(3), minor(1))


# After maturity, and the ends


def test_after_maturity_it_is_reckoned_once() -> None:
    loan = terms(1_000, "0", 2, charges=(penal(),))
    state = replay(loan, [PAYOUT], day(MAR, 365))
    # 0.50 a day for each row: 390 and 362 days.
    assert column(state.instalments, "penalty") == ["195.00", "181.00"]
    assert len(state.charges) == 2


def test_interest_after_maturity_bears_it_from_the_day_after_it_fell_due() -> None:
    """36.5 % bring 1.00 a day on top of the 31.00 of January: of 1,031 the first day, 1,032 the second, 1,033 the third."""
    loan = one_row(
        penal(basis=BOTH, grace_days=0), "36.5", recalculation=Recalculation.DAILY, interest_period=InterestPeriod.DAILY
    )
    state = replay(loan, [PAYOUT], day(FEB, 3))
    assert (state.due.interest, state.due.penalty) == (minor(34), round((1_031 + 1_032 + 1_033) * 0.1))
    told_of_each_day = [paused(day(FEB, days), day(FEB, days)) for days in range(1, 60)]
    later = replay(loan, [PAYOUT], day(FEB, 60))
    assert replay(loan, [PAYOUT, *told_of_each_day], day(FEB, 60)).instalments == later.instalments


def test_once_charged_off_or_written_off_it_grows_no_more() -> None:
    assert penalty_after(90, charged_off(day(FEB, 10))) == "7.00"
    assert penalty_after(90, charged_off(day(FEB, 2))) == "0.00"
    gone = replay(one_row(), [PAYOUT, written_off(day(FEB, 10))], day(FEB, 90))
    assert (gone.due.penalty, gone.written_off.penalty) == (minor(7), minor(7))


def test_days_of_a_pause_count() -> None:
    assert penalty_after(10, paused(FEB, day(FEB, 30))) == "7.00"


# Rows that are not of the plan, or move


def test_a_down_payment_and_what_comes_back_after_maturity_bear_it_too() -> None:
    down = terms(1_000, "0", 1, charges=(penal(),), down_payment_percent=Decimal(50))
    state = replay(down, [PAYOUT], day(START, 10))
    first = state.instalments[0]
    assert (first.kind, first.due.penalty) == (InstalmentKind.DOWN_PAYMENT, minor("3.50"))
    payment = repaid(FEB, 1_000)
    back = replay(one_row(), [PAYOUT, payment, charged_back(MAR, payment, 1_000)], day(MAR, 10))
    assert column(back.instalments, "penalty") == ["0.00", "7.00"]


def test_a_row_that_is_moved_keeps_what_it_bore_and_bears_on_when_it_is_late_again() -> None:
    move = rescheduled(day(FEB, 10), FEB, new_due_on=APR)
    assert penalty_after(30, move) == "7.00"
    state = replay(one_row(), [PAYOUT, move], day(APR, 5))
    assert column(state.instalments, "penalty") == ["9.00"]
    [charge] = state.charges
    assert (charge.amount, charge.growth[-1]) == (minor(9), (day(APR, 5), 100))


@pytest.mark.parametrize("fact", [reaged(day(FEB, 20), MAY, 2), reamortised(day(FEB, 20))])
def test_rows_taken_apart_hand_over_what_is_unpaid_with_its_days(fact: AnyFact) -> None:
    loan = terms(2_000, "0", 2, charges=(penal(),))
    facts: list[AnyFact] = [disbursed(START, 2_000), repaid(day(FEB, 6), 2)]
    before = replay(loan, facts, day(FEB, 20))
    after = replay(loan, [*facts, fact], day(FEB, 20))
    assert after.outstanding.penalty == before.outstanding.penalty == minor(15)
    met, rest = after.charges
    assert (met.growth, met.amount) == (((day(FEB, 4), 100), (day(FEB, 5), 100)), minor(2))
    assert rest.growth == before.charges[0].growth[2:]
    assert replay(loan, [*facts, fact], day(FEB, 27)).outstanding.penalty == minor(15)


def test_a_flat_penalty_is_made_again_for_a_row_that_is_late_again() -> None:
    late = ChargeRule(
        code="LATE", title="Late", time=ChargeTime.OVERDUE_INSTALMENT, basis=ChargeBasis.FLAT, value=Decimal(5), penalty=True
    )
    move = rescheduled(day(FEB, 10), FEB, new_due_on=APR)
    state = replay(terms(1_000, "0", 1, charges=(late,)), [PAYOUT, move], day(APR, 5))
    assert state.due.penalty == sum(charge.amount for charge in state.charges) == minor(10)


# Terms


@pytest.mark.parametrize("basis", sorted(PENAL_INTEREST))
def test_it_is_charged_on_overdue_instalments_alone(basis: ChargeBasis) -> None:
    for time in set(ChargeTime) - {ChargeTime.OVERDUE_INSTALMENT}:
        with pytest.raises(InvalidInput) as refusal:
            ChargeRule(code="A", title="A", time=time, basis=basis, value=Decimal(12), penalty=True)
        assert refusal.value.field == ("input", "charges", "basis")
    assert penal("1000", basis).value == 1_000
    for rate in ("1000.01", "-1", "NaN"):
        with pytest.raises(InvalidInput):
            penal(rate, basis)


# Whatever happens


@st.composite
def late_lives(draw: st.DrawFn) -> tuple[LoanTerms, list[AnyFact], date]:
    """A short loan of which some is paid, late or not, and some waived."""
    rate, basis = draw(st.sampled_from(["0", "7.3", "36", "400"])), draw(st.sampled_from([PRINCIPAL, BOTH]))
    rule = penal(rate, basis, draw(st.integers(0, 5)))
    loan = terms(
        draw(st.integers(1, 3_000)),
        draw(st.sampled_from(["0", "24"])),
        draw(st.integers(1, 3)),
        every=draw(st.sampled_from([7, 15])),
        unit=PeriodUnit.DAYS,
        day_count=draw(st.sampled_from(DayCount)),
        recalculation=draw(st.sampled_from(Recalculation)),
        charges=(rule,),
    )
    start = draw(st.dates(date(2023, 12, 10), date(2024, 2, 20)))
    facts: list[AnyFact] = [disbursed(start, loan.principal.amount_minor // 100)]
    on = start
    for _ in range(draw(st.integers(0, 4))):
        on = day(on, draw(st.integers(0, 20)))
        share = draw(st.sampled_from([None, 1, 3, 10]))
        if share is None:
            others: list[AnyFact] = [charge_waived(on, "PENAL:1"), interest_waived(on, 2), charged_off(on)]
            facts.append(draw(st.sampled_from(others)))
        else:
            facts.append(repaid(on, max(1, loan.principal.amount_minor // 100 // share)))
    return loan, facts, day(on, draw(st.integers(0, 30)))


@given(late_lives())
@settings(max_examples=40, deadline=None)
def test_it_is_the_sum_over_the_days_of_what_was_unpaid(life: tuple[LoanTerms, list[AnyFact], date]) -> None:
    """Reckoned from the states at the end of each day, with fractions: nothing of how the engine does it."""
    loan, facts, as_of = life
    [rule] = loan.charges
    days = (as_of - facts[0].on).days
    states = [replay(loan, facts, day(facts[0].on, place)) for place in range(days + 1)]
    last = states[-1]
    for row in last.instalments:
        since = day(row.due_on, rule.grace_days)
        exact = Fraction(0)
        for state, following in pairwise(states):
            if state.as_of < since or state.charged_off_on is not None:
                continue
            unpaid = next(each for each in state.instalments if each.number == row.number).unpaid
            base = unpaid.principal + (unpaid.interest if rule.basis is BOTH else 0)
            shares = [Fraction(*year_share(loan.day_count, since, on)) for on in (state.as_of, following.as_of)]
            exact += base * Fraction(rule.value) / 100 * (shares[1] - shares[0])
        assert row.due.penalty == int(exact + Fraction(1, 2))
        assert row.due.penalty >= row.paid.penalty + row.waived.penalty >= 0
    for state, following in pairwise(states):
        assert following.due.penalty >= state.due.penalty
        if not any(row.unpaid for row in state.instalments if row.due_on <= state.as_of):
            assert following.due.penalty == state.due.penalty


@given(late_lives())
@settings(max_examples=40, deadline=None)
def test_a_day_that_passes_only_adds_to_the_books(life: tuple[LoanTerms, list[AnyFact], date]) -> None:
    """With interest as scheduled, so that all that grows is penal interest."""
    loan, facts, as_of = replace(life[0], recalculation=Recalculation.NONE), life[1], life[2]
    history = [Dated(fact=fact, recorded_by_id=UUID(int=0), way=CASH) for fact in facts]

    def books(state: LoanState) -> list[Booking]:
        return bookings([each for each in history if each.fact.on <= state.as_of], state)

    today, tomorrow = replay(loan, facts, as_of), replay(loan, facts, day(as_of, 1))
    booked, later = books(today), books(tomorrow)
    assert [each for each in booked if each not in later] == []
    added = [each for each in later if each not in booked]
    assert all((each.kind, each.on) == (BookingKind.ACCRUAL, tomorrow.as_of) for each in added)
    grown = sum(each.statement.split.penalty for each in added if each.statement is not None)
    assert grown == (0 if today.charged_off_on else tomorrow.due.penalty - today.due.penalty)
    assert not today.charged_off_on or tomorrow.due.penalty == today.due.penalty
