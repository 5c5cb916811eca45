"""What happens to loans after they are paid out: early, late, wrong and undone payments, new terms, and their ends."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.kit.money import Money
from domain.lending.rules import BUCKETS, bucket_of, payoff, replay
from domain.lending.rules.state import InstalmentKind, LoanCondition, LoanState, PaymentKind
from domain.lending.rules.terms import (
    DUE_THEN_IN_ADVANCE,
    INTEREST_FIRST,
    PRINCIPAL_FIRST,
    SUB_STANDARD,
    AllocationOrder,
    ChargeBasis,
    ChargeRule,
    ChargeTime,
    Component,
    FutureRule,
    Grace,
    PrepaymentPolicy,
    Recalculation,
)
from tests.domain.lending.rules.factory import (
    charge_waived,
    charged,
    charged_back,
    charged_off,
    column,
    disbursed,
    interest_waived,
    minor,
    paused,
    rate_changed,
    reaged,
    reamortised,
    recovered,
    refunded,
    repaid,
    rescheduled,
    terms,
    written_off,
)

START = date(2024, 1, 1)
FEB, MAR, APR, MAY = (date(2024, month, 1) for month in (2, 3, 4, 5))
DAILY: dict[str, Any] = {"recalculation": Recalculation.DAILY}


def late_fee(grace_days: int = 0) -> ChargeRule:
    return ChargeRule(
        code="LATE",
        title="Late fee",
        time=ChargeTime.OVERDUE_INSTALMENT,
        basis=ChargeBasis.FLAT,
        value=Decimal(5),
        penalty=True,
        grace_days=grace_days,
    )


def day(start: date, days: int) -> date:
    return start + timedelta(days=days)


# Late and early


def test_a_late_payment_accrues_more_and_the_last_row_takes_it() -> None:
    loan = terms(1_000, "24", 4, **DAILY)
    on_time = replay(loan, [disbursed(START, 1_000), repaid(FEB, "262.62")], FEB)
    late = replay(loan, [disbursed(START, 1_000), repaid(date(2024, 2, 20), "262.62")], date(2024, 2, 20))
    # 242.62 of principal was owed 19 of the 29 days longer: 242.62 x 2 % x 19/29 = 3.18.
    assert late.instalments[1].due.interest - on_time.instalments[1].due.interest == minor("3.18")
    assert late.instalments[1].due.total == on_time.instalments[1].due.total
    assert late.instalments[-1].due.total > on_time.instalments[-1].due.total


def test_without_recalculation_late_and_early_cost_the_same() -> None:
    loan = terms(1_000, "24", 4)
    early = replay(loan, [disbursed(START, 1_000), repaid(date(2024, 1, 10), "262.62")], MAY)
    late = replay(loan, [disbursed(START, 1_000), repaid(date(2024, 4, 10), "262.62")], MAY)
    assert early.due == late.due


def test_principal_unpaid_after_the_last_due_date_goes_on_bearing_interest() -> None:
    facts = [disbursed(START, 1_000)]
    at_maturity = replay(terms(1_000, "24", 4, **DAILY), facts, MAY).outstanding
    later = replay(terms(1_000, "24", 4, **DAILY), facts, day(MAY, 15)).outstanding
    # April, the last period, has 30 days: half a month of 2 % on the whole loan.
    assert later.interest - at_maturity.interest == minor(10)
    stopped = replay(terms(1_000, "24", 4, bears_after_maturity=False, **DAILY), facts, day(MAY, 15))
    assert stopped.outstanding == at_maturity


@pytest.mark.parametrize(
    ("policy", "rows", "instalment"),
    [
        (PrepaymentPolicy.REDUCE_NUMBER_OF_INSTALLMENTS, 3, "262.62"),
        (PrepaymentPolicy.REDUCE_INSTALLMENT_AMOUNT, 4, "141.83"),
    ],
)
def test_money_beyond_the_running_instalment(policy: PrepaymentPolicy, rows: int, instalment: str) -> None:
    loan = terms(1_000, "24", 4, prepayment=policy, **DAILY)
    state = replay(loan, [disbursed(START, 1_000), repaid(date(2024, 1, 15), 600)], date(2024, 1, 15))
    # 14 of 31 days of 20.00 are 9.03; the rest lowers principal that very day.
    assert state.payments[0].total.interest == minor("9.03")
    assert state.payments[0].total.principal == minor("590.97")
    assert len(state.instalments) == rows
    assert column(state.instalments, "total")[1] == instalment


@pytest.mark.parametrize(
    ("rule", "paid"),
    [
        (FutureRule.NEXT, [250, 50, 0]),
        (FutureRule.LAST, [0, 50, 250]),
        (FutureRule.REAMORTISE, [100, 100, 100]),
    ],
)
@pytest.mark.parametrize("recalculation", Recalculation)
def test_whom_money_in_advance_goes_to(rule: FutureRule, paid: list[int], recalculation: Recalculation) -> None:
    loan = terms(
        750,
        "0",
        3,
        recalculation=recalculation,
        prepayment=PrepaymentPolicy.RESCHEDULE_NEXT_REPAYMENTS,
        allocation=AllocationOrder(future_rule=rule),
    )
    state = replay(loan, [disbursed(START, 750), repaid(START, 300)], START)
    assert [row.paid.principal for row in state.instalments] == [amount * 100 for amount in paid]


# Allocation


def everything_due(allocation: AllocationOrder, amount: str) -> LoanState:
    """Two rows overdue, each with a fee of 3.00 or 4.00 and a penalty of 5.00; then a payment."""
    loan = terms(1_000, "12", 2, allocation=allocation, charges=(late_fee(),))
    facts: list[Any] = [
        disbursed(START, 1_000),
        charged(date(2024, 1, 20), 3),
        charged(date(2024, 2, 20), 4),
        repaid(date(2024, 3, 10), amount),
    ]
    return replay(loan, facts, date(2024, 3, 10))


@pytest.mark.parametrize(
    ("allocation", "amount", "first", "second"),
    [
        (AllocationOrder(), "13", (0, 5, 3, 5), (0, 0, 0, 0)),
        (INTEREST_FIRST, "13", (3, 10, 0, 0), (0, 0, 0, 0)),
        (PRINCIPAL_FIRST, "13", (13, 0, 0, 0), (0, 0, 0, 0)),
        (SUB_STANDARD, "1002", ("497.51", "2.00", 0, 0), ("502.49", 0, 0, 0)),
        (DUE_THEN_IN_ADVANCE, "13", (0, 5, 3, 5), (0, 0, 0, 0)),
    ],
)
def test_orders_of_allocation(allocation: AllocationOrder, amount: str, first: Any, second: Any) -> None:
    rows = everything_due(allocation, amount).instalments
    for row, expected in zip(rows, (first, second), strict=True):
        paid = (row.paid.principal, row.paid.interest, row.paid.fee, row.paid.penalty)
        assert paid == tuple(minor(amount) for amount in expected)


def test_money_in_advance_has_an_order_of_its_own() -> None:
    loan = terms(1_000, "12", 2, allocation=DUE_THEN_IN_ADVANCE)
    state = replay(loan, [disbursed(START, 1_000), repaid(date(2024, 1, 5), 100)], date(2024, 1, 5))
    assert state.payments[0].total.principal == minor(100)


def test_past_due_rows_can_have_an_order_of_their_own() -> None:
    past_due = (Component.PRINCIPAL, Component.INTEREST, Component.FEE, Component.PENALTY)
    rows = everything_due(AllocationOrder(past_due_order=past_due), "13").instalments
    assert rows[0].paid.principal == minor(13)


# Undone and back-dated


def test_undoing_an_older_repayment_allocates_all_later_ones_again() -> None:
    loan = terms(750, "0", 3)
    first, second = repaid(FEB, 250), repaid(MAR, 250)
    payout = disbursed(START, 750)
    kept = replay(loan, [payout, second], MAR)
    assert [row.is_complete for row in kept.instalments] == [True, False, False]
    assert kept.payments[0].parts[0].instalment == 1
    assert replay(loan, [payout, first, second], MAR).outstanding.total == minor(250)


def test_a_penalty_is_made_after_the_last_day_of_grace_and_not_on_it() -> None:
    loan = terms(750, "0", 3, charges=(late_fee(grace_days=3),))
    facts: list[Any] = [disbursed(START, 750)]
    assert replay(loan, facts, day(FEB, 3)).due.penalty == 0
    late = replay(loan, facts, day(FEB, 4))
    assert late.due.penalty == minor(5)
    assert late.charges[0].charged_on == day(FEB, 4)
    in_time = replay(loan, [*facts, repaid(day(FEB, 3), 250)], day(FEB, 9))
    assert in_time.due.penalty == 0


def test_a_back_dated_repayment_takes_the_penalty_back_and_a_late_one_makes_it_again() -> None:
    loan = terms(750, "0", 3, charges=(late_fee(),))
    payout = disbursed(START, 750)
    assert replay(loan, [payout], day(FEB, 9)).due.penalty == minor(5)
    assert replay(loan, [payout, repaid(FEB, 250)], day(FEB, 9)).due.penalty == 0
    assert replay(loan, [payout, repaid(day(FEB, 1), 250)], day(FEB, 9)).due.penalty == minor(5)


def test_penalties_are_not_doubled_after_maturity() -> None:
    loan = terms(750, "0", 3, charges=(late_fee(),))
    payout = disbursed(START, 750)
    assert column(replay(loan, [payout], date(2025, 1, 1)).instalments, "penalty") == ["5.00"] * 3


# Charges


def test_a_fee_after_maturity_makes_a_row_and_reopens_the_loan() -> None:
    loan = terms(750, "0", 3)
    facts: list[Any] = [disbursed(START, 750), *(repaid(on, 250) for on in (FEB, MAR, APR))]
    assert replay(loan, facts, APR).condition is LoanCondition.CLOSED
    facts.append(charged(MAY, 10))
    state = replay(loan, facts, MAY)
    assert state.condition is LoanCondition.ACTIVE
    assert [row.kind for row in state.instalments][-1] is InstalmentKind.ADDITIONAL
    assert state.instalments[-1].due_on == MAY
    assert replay(loan, [*facts, repaid(MAY, 10)], MAY).condition is LoanCondition.CLOSED


def test_a_charge_falls_on_the_row_of_its_due_date_unless_that_is_paid() -> None:
    loan = terms(750, "0", 3)
    facts: list[Any] = [disbursed(START, 750), repaid(date(2024, 1, 10), 250)]
    state = replay(
        loan, [*facts, charged(date(2024, 1, 12), 7), charged(date(2024, 1, 12), 9, due_on=date(2024, 3, 5))], FEB
    )
    assert column(state.instalments, "fee") == ["0.00", "7.00", "9.00"]


def test_a_waived_charge_is_not_owed() -> None:
    loan = terms(750, "0", 3)
    fee = charged(date(2024, 1, 12), 7)
    state = replay(loan, [disbursed(START, 750), fee, charge_waived(FEB, str(fee.id))], FEB)
    assert state.waived.fee == minor(7)
    assert state.outstanding.fee == 0
    assert state.waivers[0].parts[0].amounts.fee == minor(7)


def test_interest_can_be_waived() -> None:
    loan = terms(1_000, "12", 3)
    facts: list[Any] = [disbursed(START, 1_000)]
    assert replay(loan, [*facts, interest_waived(FEB, 12)], FEB).waived.interest == minor(12)
    second = replay(loan, [*facts, interest_waived(FEB, 100, instalment=2)], FEB)
    assert second.instalments[1].waived.interest == second.instalments[1].due.interest


# Overpaid, refunded, charged back


def test_money_beyond_all_dues_is_owed_to_the_borrower() -> None:
    loan = terms(750, "0", 3)
    facts: list[Any] = [disbursed(START, 750), repaid(FEB, 800)]
    state = replay(loan, facts, FEB)
    assert (state.condition, state.overpaid) == (LoanCondition.OVERPAID, minor(50))
    assert state.payments[0].overpaid == minor(50)
    back = replay(loan, [*facts, refunded(FEB, 50)], FEB)
    assert (back.condition, back.overpaid, back.refunded) == (LoanCondition.CLOSED, 0, minor(50))


def test_a_tranche_on_an_overpaid_loan_uses_the_credit_up() -> None:
    loan = terms(750, "0", 3)
    state = replay(loan, [disbursed(START, 750), repaid(FEB, 800), disbursed(day(FEB, 4), 300)], day(FEB, 4))
    assert (state.condition, state.overpaid) == (LoanCondition.ACTIVE, 0)
    assert state.outstanding.total == minor(250)
    assert state.payments[-1].kind is PaymentKind.SET_OFF


def test_a_charge_back_is_owed_again_and_reopens_the_loan() -> None:
    loan = terms(750, "0", 3)
    payments = [repaid(on, 250) for on in (FEB, MAR, APR)]
    facts: list[Any] = [disbursed(START, 750), *payments]
    state = replay(loan, [*facts, charged_back(MAY, payments[1], 100)], MAY)
    assert state.condition is LoanCondition.ACTIVE
    assert (state.outstanding.principal, state.charged_back) == (minor(100), minor(100))
    running = replay(loan, [*facts[:3], charged_back(day(MAR, 4), payments[1], 250)], day(MAR, 4))
    assert column(running.instalments, "principal") == ["250.00", "250.00", "500.00"]


def test_a_small_rest_is_written_off_within_the_tolerance() -> None:
    loan = terms(750, "0", 3, residual_tolerance=Money.of(1, "INR"))
    facts: list[Any] = [disbursed(START, 750), repaid(FEB, 250), repaid(MAR, 250)]
    state = replay(loan, [*facts, repaid(APR, "249.10")], APR)
    assert (state.condition, state.written_off.total) == (LoanCondition.CLOSED, 90)
    assert replay(loan, [*facts, repaid(APR, "248.10")], APR).condition is LoanCondition.ACTIVE


# New terms


def test_moved_due_dates_keep_the_instalment_and_paid_rows() -> None:
    loan = terms(1_000, "12", 4)
    facts: list[Any] = [disbursed(START, 1_000), repaid(FEB, "256.28")]
    move = rescheduled(date(2024, 2, 10), MAR, new_due_on=date(2024, 4, 15))
    rows = replay(loan, [*facts, move], date(2024, 2, 10)).instalments
    assert [row.due_on for row in rows] == [FEB, date(2024, 4, 15), date(2024, 5, 15), date(2024, 6, 15)]
    assert rows[0].is_complete
    assert column(rows, "total")[:3] == ["256.28"] * 3


def test_more_rows_lower_the_instalment() -> None:
    loan = terms(1_000, "12", 4)
    longer = rescheduled(date(2024, 1, 10), FEB, extra_instalments=2)
    state = replay(loan, [disbursed(START, 1_000), longer], date(2024, 1, 10))
    assert len(state.instalments) == 6
    assert column(state.instalments, "total")[0] == "172.55"
    assert state.maturity_on == date(2024, 7, 1)


def test_an_overdue_row_can_be_moved_ahead() -> None:
    loan = terms(1_000, "12", 4)
    move = rescheduled(date(2024, 2, 20), FEB, new_due_on=date(2024, 3, 15))
    state = replay(loan, [disbursed(START, 1_000), move], date(2024, 2, 20))
    assert state.delinquency.past_due_since is None
    assert [row.due_on.day for row in state.instalments] == [15] * 4


def test_a_new_rate_holds_from_its_day() -> None:
    loan = terms(1_000, "12", 4)
    state = replay(loan, [disbursed(START, 1_000), rate_changed(MAR, "24")], MAR)
    assert column(state.instalments, "interest")[:2] == ["10.00", "7.54"]
    # 504.98 at 2 % over two months.
    assert column(state.instalments, "interest")[2:] == ["10.10", "5.10"]


def test_re_ageing_after_maturity_makes_a_new_schedule_of_all_that_is_unpaid() -> None:
    loan = terms(750, "0", 3)
    facts: list[Any] = [disbursed(START, 750), repaid(FEB, 250), reaged(date(2024, 6, 10), date(2024, 7, 1), 5)]
    state = replay(loan, facts, date(2024, 6, 10))
    assert column(state.instalments, "principal") == ["250.00", *["100.00"] * 5]
    assert state.delinquency.past_due_since is None
    assert state.maturity_on == date(2024, 11, 1)


def test_re_amortising_spreads_what_is_overdue_over_the_rows_to_come() -> None:
    loan = terms(750, "0", 3)
    state = replay(loan, [disbursed(START, 750), reamortised(date(2024, 2, 10))], date(2024, 2, 10))
    assert column(state.instalments, "principal") == ["375.00", "375.00"]
    assert [row.due_on for row in state.instalments] == [MAR, APR]


def test_grace_on_interest_is_paid_after_it() -> None:
    state = replay(terms(1_000, "12", 4, grace=Grace(interest_payment=2)), [disbursed(START, 1_000)], START)
    assert column(state.instalments, "interest") == ["0.00", "0.00", "22.59", "2.54"]
    free = replay(terms(1_000, "12", 4, grace=Grace(interest_free=1)), [disbursed(START, 1_000)], START)
    assert column(free.instalments, "interest")[0] == "0.00"
    assert column(free.instalments, "total")[:3] == ["253.74"] * 3


def test_interest_larger_than_the_instalment_adds_no_principal_twice() -> None:
    loan = terms(1_000, "36", 12, fixed_instalment=Money.of(120, "INR"), **DAILY)
    state = replay(loan, [disbursed(START, 1_000)], date(2024, 12, 31))
    assert all(row.due.principal >= 0 for row in state.instalments)
    assert sum(row.due.principal for row in state.instalments) == minor(1_000)


# Delinquency


def test_delinquent_days_leave_grace_and_pauses_out() -> None:
    loan = terms(750, "0", 3, delinquency_grace_days=5)
    facts: list[Any] = [disbursed(START, 750), paused(day(FEB, 10), day(FEB, 19))]
    within_grace = replay(loan, facts, day(FEB, 5)).delinquency
    assert (within_grace.past_due_days, within_grace.delinquent_days, within_grace.delinquent_since) == (5, 0, None)
    during = replay(loan, facts, day(FEB, 15)).delinquency
    assert (during.past_due_days, during.delinquent_days, during.paused) == (15, 4, True)
    after = replay(loan, facts, day(FEB, 28)).delinquency
    assert (after.past_due_days, after.delinquent_days, after.paused) == (28, 13, False)
    assert (after.past_due_since, after.delinquent_since) == (FEB, day(FEB, 5))
    assert after.past_due.total == minor(250)


def test_a_row_is_not_past_due_on_its_due_date() -> None:
    assert replay(terms(750, "0", 3), [disbursed(START, 750)], FEB).delinquency.past_due_since is None


@pytest.mark.parametrize(
    ("days", "code"),
    [(0, "CURRENT"), (1, "DAYS_1_30"), (30, "DAYS_1_30"), (31, "DAYS_31_60"), (90, "DAYS_61_90"), (9_999, "OVER_180")],
)
def test_buckets_hold_every_day_once(days: int, code: str) -> None:
    assert bucket_of(days).code == code
    assert sum(bucket.least <= days and (bucket.most is None or days <= bucket.most) for bucket in BUCKETS) == 1


# Ends


def test_a_charged_off_loan_stays_active_and_can_be_repaid() -> None:
    loan = terms(750, "0", 3)
    facts: list[Any] = [disbursed(START, 750), charged_off(MAY)]
    state = replay(loan, facts, MAY)
    assert (state.condition, state.charged_off_on) == (LoanCondition.ACTIVE, MAY)
    assert state.outstanding.total == minor(750)
    assert replay(loan, [*facts, repaid(MAY, 750)], MAY).condition is LoanCondition.CLOSED


def test_a_write_off_closes_the_loan_and_recoveries_pay_no_row() -> None:
    loan = terms(750, "0", 3)
    facts: list[Any] = [disbursed(START, 750), repaid(FEB, 250), written_off(MAY), recovered(day(MAY, 9), 40)]
    state = replay(loan, facts, day(MAY, 9))
    assert (state.condition, state.closed_on) == (LoanCondition.WRITTEN_OFF, MAY)
    assert (state.written_off.total, state.recovered, state.paid.total) == (minor(500), minor(40), minor(250))


def test_closed_and_active_follow_the_facts_both_ways() -> None:
    loan = terms(750, "0", 3)
    facts: list[Any] = [disbursed(START, 750), repaid(FEB, 750)]
    assert replay(loan, facts, FEB).condition is LoanCondition.CLOSED
    assert replay(loan, facts[:1], FEB).condition is LoanCondition.ACTIVE
    assert replay(loan, [*facts, repaid(date(2024, 1, 20), 10)], FEB).condition is LoanCondition.OVERPAID
    assert replay(loan, [], FEB).condition is LoanCondition.NOT_DISBURSED


def test_a_pay_off_without_recalculation_is_all_that_is_outstanding() -> None:
    loan = terms(1_000, "12", 4)
    facts: list[Any] = [disbursed(START, 1_000)]
    quoted = payoff(loan, facts, day(START, 3))
    assert quoted.amounts == replay(loan, facts, day(START, 3)).outstanding


def test_the_rest_of_interest_saved_by_a_pay_off_is_told() -> None:
    loan = terms(1_000, "12", 4, **DAILY)
    quoted = payoff(loan, [disbursed(START, 1_000)], day(START, 31))
    assert (quoted.amounts.principal, quoted.amounts.interest) == (minor(1_000), minor(10))
    assert quoted.saved_interest == minor("15.13")


# Payouts


def test_fees_of_a_payout_are_kept_back_from_it() -> None:
    setup = ChargeRule(
        code="SETUP",
        title="Setup",
        time=ChargeTime.DISBURSEMENT,
        basis=ChargeBasis.PERCENT_OF_PRINCIPAL,
        value=Decimal("1.5"),
    )
    state = replay(terms(1_000, "0", 2, charges=(setup,)), [disbursed(START, 1_000)], START)
    assert state.payments[0].kind is PaymentKind.DEDUCTION
    assert state.payments[0].amount == minor(15)
    assert state.instalments[0].kind is InstalmentKind.DISBURSEMENT
    assert state.outstanding.total == minor(1_000)


def test_each_tranche_has_a_down_payment_of_its_own() -> None:
    loan = terms(1_000, "0", 3, down_payment_percent=Decimal(25))
    facts: list[Any] = [disbursed(START, 400), repaid(START, 100, down=True), disbursed(day(FEB, 4), 600)]
    state = replay(loan, facts, day(FEB, 4))
    assert [row.kind.value for row in state.instalments] == ["DOWN_PAYMENT", "NORMAL", "DOWN_PAYMENT", "NORMAL", "NORMAL"]
    assert column(state.instalments, "principal") == ["100.00", "100.00", "150.00", "325.00", "325.00"]
    paid = replay(loan, [*facts, repaid(day(FEB, 4), 150, down=True)], day(FEB, 4))
    assert [row.is_complete for row in paid.instalments] == [True, False, True, False, False]
