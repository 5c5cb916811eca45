"""Published schedules, each from configuration alone. The source of every figure is named beside it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from domain.kit.money import Money
from domain.lending.rules import CashFlow, Exposure, apr, par, payoff, quote, replay
from domain.lending.rules.state import LoanCondition
from domain.lending.rules.terms import (
    Amortisation,
    ChargeBasis,
    ChargeRule,
    ChargeTime,
    DayCount,
    Grace,
    InstalmentBasis,
    InterestMethod,
    InterestPeriod,
    InterestRounding,
    PayoffInterest,
    PeriodUnit,
    PrepaymentPolicy,
    Recalculation,
    Rounding,
    RoundingMode,
)
from tests.domain.lending.rules.factory import (
    charge_waived,
    charged,
    column,
    disbursed,
    minor,
    rate_changed,
    repaid,
    terms,
    written_off,
)

START = date(2024, 1, 1)
WHOLE_UNITS = Rounding(Decimal(1))
WHOLE_UNITS_UP = Rounding(Decimal(1), RoundingMode.UP)


def test_early_pay_off_scenario_of_fineract() -> None:
    offer = quote(terms(100, "7", 6, day_count=DayCount.THIRTY_360), START)
    assert column(offer.instalments, "total") == ["17.01"] * 5 + ["17.00"]
    assert column(offer.instalments, "interest") == ["0.58", "0.49", "0.39", "0.29", "0.20", "0.10"]
    assert column(offer.instalments, "balance_after") == ["83.57", "67.05", "50.43", "33.71", "16.90", "0.00"]
    assert (offer.regular_payment, offer.total_interest) == (1701, 205)


def test_progressive_schedule_of_fineract() -> None:
    offer = quote(terms(100, "9.4822", 6, day_count=DayCount.THIRTY_360), START)
    assert column(offer.instalments, "total") == ["17.13"] * 6
    assert column(offer.instalments, "interest") == ["0.79", "0.66", "0.53", "0.40", "0.27", "0.13"]
    assert column(offer.instalments, "balance_after") == ["83.66", "67.19", "50.59", "33.86", "17.00", "0.00"]


def test_instalments_in_whole_units_of_fineract() -> None:
    offer = quote(terms(1_000, "0", 6, rounding=WHOLE_UNITS), START)
    assert column(offer.instalments, "total") == ["167.00"] * 5 + ["165.00"]
    assert offer.total_interest == 0
    assert offer.apr == 0


def test_flat_loan_of_mifos() -> None:
    loan = terms(5_000, "12", 18, interest_method=InterestMethod.FLAT, rounding=WHOLE_UNITS)
    offer = quote(loan, START)
    assert column(offer.instalments, "principal") == ["278.00"] * 17 + ["274.00"]
    assert column(offer.instalments, "interest") == ["50.00"] * 18
    assert column(offer.instalments, "total") == ["328.00"] * 17 + ["324.00"]
    assert (offer.total_interest, offer.total_payable) == (minor(900), minor(5_900))


def test_declining_loan_of_mifos_with_instalments_in_whole_units() -> None:
    offer = quote(terms(5_000, "12", 18, rounding=Rounding(Decimal(5))), START)
    interest = column(offer.instalments, "interest")
    assert (interest[:3], interest[-1]) == (["50.00", "47.45", "44.87"], "3.00")
    assert offer.regular_payment == minor(305)
    assert column(offer.instalments, "total")[-1] == "303.22"
    assert column(offer.instalments, "balance_after")[8] == "2611.02"
    assert offer.total_interest == minor("488.22")


def test_declining_loan_of_mifos_with_instalments_to_the_cent() -> None:
    offer = quote(terms(5_000, "12", 18), START)
    assert offer.regular_payment == minor("304.91")
    assert column(offer.instalments, "total")[-1] == "304.94"
    assert offer.total_interest == minor("488.41")


def test_daily_interest_of_mifos_with_one_unit_too_much_on_the_first_due_date() -> None:
    """Months of 30, 31, 31, 28, 31 and 30 days; the instalment is computed from 30/365 (862.3357)."""
    loan = terms(
        5_000, "12", 6, interest_period=InterestPeriod.DAILY, recalculation=Recalculation.DAILY, rounding=WHOLE_UNITS
    )
    start, first = date(2010, 11, 1), date(2010, 12, 1)
    assert quote(loan, start).regular_payment == minor(862)
    rows = replay(loan, [disbursed(start, 5_000), repaid(first, 863)], first).instalments
    assert column(rows, "interest") == ["49.32", "42.67", "34.32", "23.38", "17.33", "8.44"]
    assert column(rows, "total") == ["863.00", "862.00", "862.00", "862.00", "862.00", "864.46"]
    assert sum(row.due.interest for row in rows) == minor("175.46")


def whole(amount: int) -> int:
    """To whole units half up, as frappe/lending compares its figures."""
    return (amount + 50) // 100


def test_instalment_rounded_up_of_frappe() -> None:
    offer = quote(terms(280_000, "8.4", 20, rounding=WHOLE_UNITS_UP), START)
    assert offer.regular_payment == minor(15_052)
    assert (whole(offer.total_interest), whole(offer.total_payable)) == (21_034, 301_034)
    chosen = [offer.instalments[place] for place in (3, 17, 19)]
    assert [whole(row.due.principal) for row in chosen] == [13_369, 14_740, 14_941]
    assert [whole(row.due.interest) for row in chosen] == [1_683, 312, 105]
    assert [whole(row.balance_after) for row in chosen] == [227_080, 29_785, 0]


def test_fixed_instalment_of_frappe_takes_more_rows() -> None:
    offer = quote(terms(280_000, "8.4", 20, fixed_instalment=Money.of(14_000, "INR")), START)
    assert len(offer.instalments) == 22
    assert (whole(offer.total_interest), whole(offer.total_payable)) == (22_712, 302_712)


def test_first_instalment_of_a_million_of_frappe() -> None:
    offer = quote(terms(1_000_000, "13.5", 12, rounding=WHOLE_UNITS_UP), START)
    first = offer.instalments[0].due
    assert (offer.regular_payment, first.interest, first.principal) == (minor(89_553), minor(11_250), minor(78_303))


IPMT_PRINCIPAL = "200.58 201.96 203.35 204.74 206.15 207.56 208.99 210.42 211.87 213.32 214.79 216.26"
IPMT_INTEREST = "17.17 15.79 14.40 13.01 11.60 10.18 8.76 7.32 5.88 4.42 2.96 1.49"


def test_ipmt_table_of_numpy() -> None:
    """numpy computes without rounding: at a thousand times the loan the books are as exact as its table."""
    offer = quote(terms(2_500_000, "8.24", 12), START)

    def cents(amount: int) -> str:
        return f"{Decimal((amount + 500) // 1000) / 100:.2f}"

    assert abs(offer.regular_payment - minor("217748.60")) <= 1
    assert [cents(row.due.principal) for row in offer.instalments] == IPMT_PRINCIPAL.split()
    assert [cents(row.due.interest) for row in offer.instalments] == IPMT_INTEREST.split()
    assert cents(offer.total_interest) == "112.98"


def test_ipmt_table_of_numpy_at_its_own_size() -> None:
    """Booked to the cent each row is within a cent of the table, and the instalment is its 217.7486."""
    offer = quote(terms(2_500, "8.24", 12), START)
    assert offer.regular_payment == minor("217.75")
    for row, principal, interest in zip(offer.instalments[:-1], IPMT_PRINCIPAL.split(), IPMT_INTEREST.split(), strict=False):
        assert abs(row.due.principal - minor(principal)) <= 1
        assert abs(row.due.interest - minor(interest)) <= 1


def test_write_off_after_a_down_payment_of_fineract() -> None:
    loan = terms(1_000, "0", 3, down_payment_percent=Decimal(25))
    facts: list[Any] = [disbursed(START, 1_000), repaid(START, 250, down=True), repaid(date(2024, 1, 20), 100)]
    state = replay(loan, [*facts, written_off(date(2024, 2, 15))], date(2024, 2, 15))
    assert state.written_off.total == minor(650)
    assert state.condition is LoanCondition.WRITTEN_OFF
    assert not state.outstanding


def test_bounced_payment_and_its_fee_of_fineract() -> None:
    loan = terms(750, "0", 3)
    payments = [repaid(date(2024, month, 1), 250) for month in (2, 3, 4)]
    day = date(2024, 4, 3)
    facts: list[Any] = [disbursed(START, 750), *payments]
    assert replay(loan, facts, day).condition is LoanCondition.CLOSED
    bounced = facts[:-1]
    outstanding = [replay(loan, bounced, day).outstanding.total]
    fee = charged(day, 10)
    outstanding.append(replay(loan, [*bounced, fee], day).outstanding.total)
    waiver = charge_waived(day, str(fee.id))
    outstanding.append(replay(loan, [*bounced, fee, waiver], day).outstanding.total)
    outstanding.append(replay(loan, [*bounced, fee], day).outstanding.total)
    closed = replay(loan, [*bounced, fee, repaid(day, 260)], day)
    outstanding.append(closed.outstanding.total)
    assert outstanding == [minor(250), minor(260), minor(250), minor(260), 0]
    assert closed.condition is LoanCondition.CLOSED


def rule(time: ChargeTime, basis: ChargeBasis, value: str = "1.5", **others: Any) -> ChargeRule:
    return ChargeRule(code="FEE", title="Fee", time=time, basis=basis, value=Decimal(value), **others)


def test_fees_of_mifos() -> None:
    setup = rule(ChargeTime.DISBURSEMENT, ChargeBasis.PERCENT_OF_PRINCIPAL)
    offer = quote(terms(1_000, "0", 3, charges=(setup,)), START)
    assert offer.total_fees == minor(15)

    flat = {"interest_method": InterestMethod.FLAT}
    each = rule(ChargeTime.INSTALMENT, ChargeBasis.PERCENT_OF_PRINCIPAL_AND_INTEREST)
    offer = quote(terms(3_000, "12", 3, charges=(each,), **flat), START)
    assert column(offer.instalments, "fee") == ["15.45"] * 3
    assert column(offer.instalments, "total") == ["1045.45"] * 3
    assert (offer.total_fees, offer.total_payable) == (minor("46.35"), minor("3136.35"))

    late = rule(ChargeTime.OVERDUE_INSTALMENT, ChargeBasis.PERCENT_OF_PRINCIPAL, penalty=True)
    state = replay(terms(3_000, "12", 3, charges=(late,), **flat), [disbursed(START, 3_000)], date(2024, 6, 1))
    assert column(state.instalments, "penalty") == ["15.00"] * 3
    assert state.outstanding.total == minor(3_135)


@pytest.mark.parametrize(
    ("instalments", "rate"),
    [(1, "240.00"), (2, "156.79"), (3, "116.41"), (4, "92.57"), (5, "76.83"), (6, "65.66"), (7, "57.33")],
)
def test_rates_of_the_loan_chart_of_3_508b(instalments: int, rate: str) -> None:
    """An add-on charge of 20 % of the loan, whatever its time."""
    add_on = rule(ChargeTime.INSTALMENT, ChargeBasis.PERCENT_OF_PRINCIPAL, "20")
    loan = terms(8_400_000, "0", instalments, charges=(add_on,))
    assert quote(loan, START).apr == Decimal(rate)


def test_portfolio_at_risk_is_of_balances_not_of_overdue_amounts() -> None:
    loans = [Exposure(700_00, 0), Exposure(200_00, 31), Exposure(100_00, 30)]
    assert par(loans, 30) == Decimal("20.00")
    assert par(loans, 29) == Decimal("30.00")
    assert par([], 30) == Decimal("0.00")


# Further published schedules of other methods.


def test_a_second_tranche_on_a_due_date_of_fineract() -> None:
    """ProgressiveEMICalculatorTest: 100 more on the second due date."""
    loan = terms(200, "9.4822", 6, day_count=DayCount.THIRTY_360)
    rows = replay(loan, [disbursed(START, 100), disbursed(date(2024, 3, 1), 100)], date(2024, 3, 1)).instalments
    assert column(rows, "total") == ["17.13", "17.13", "42.63", "42.63", "42.63", "42.61"]
    assert column(rows, "interest") == ["0.79", "0.66", "1.32", "0.99", "0.67", "0.33"]
    assert column(rows, "balance_after") == ["83.66", "167.19", "125.88", "84.24", "42.28", "0.00"]


def test_a_second_tranche_within_a_period_of_fineract() -> None:
    """ProgressiveEMICalculatorTest: 100 more in the middle of the second period, whose interest runs on both balances."""
    loan = terms(200, "9.4822", 6, day_count=DayCount.THIRTY_360)
    rows = replay(loan, [disbursed(START, 100), disbursed(date(2024, 2, 15), 100)], date(2024, 2, 15)).instalments
    assert column(rows, "total") == ["17.13"] + ["37.53"] * 5
    assert column(rows, "interest") == ["0.79", "1.07", "1.16", "0.88", "0.59", "0.29"]
    assert column(rows, "balance_after") == ["83.66", "147.20", "110.83", "74.18", "37.24", "0.00"]


def test_a_tranche_in_the_first_week_of_fineract() -> None:
    """ProgressiveEMICalculatorTest: 200 more a week after the first 100; interest is rounded for each balance."""
    rounding = InterestRounding.EACH_BALANCE
    loan = terms(300, "9.4822", 6, day_count=DayCount.THIRTY_360, interest_rounding=rounding)
    rows = replay(loan, [disbursed(START, 100), disbursed(date(2024, 1, 8), 200)], date(2024, 1, 8)).instalments
    assert column(rows, "total") == ["51.33"] * 5 + ["51.34"]
    assert column(rows, "interest") == ["2.02", "1.98", "1.59", "1.20", "0.80", "0.40"]


def test_rate_change_in_the_middle_of_a_period_of_fineract() -> None:
    """ProgressiveEMICalculatorTest: 7 % becomes 4 % after 13 of the 29 days from 1 February."""
    loan = terms(100, "7", 6, day_count=DayCount.THIRTY_360)
    rows = replay(loan, [disbursed(START, 100), rate_changed(date(2024, 2, 14), "4")], date(2024, 2, 14)).instalments
    assert column(rows, "interest") == ["0.58", "0.37", "0.22", "0.17", "0.11", "0.06"]
    assert column(rows, "total") == ["17.01"] + ["16.90"] * 5


@pytest.mark.parametrize(
    ("start", "rate", "instalments", "others", "interest", "totals"),
    [
        # ProgressiveEMICalculatorTest: actual days of actual years, across a new year and in a leap year.
        (
            date(2023, 12, 12),
            "9.4822",
            6,
            {
                "day_count": DayCount.ACTUAL_ACTUAL,
                "interest_period": InterestPeriod.DAILY,
                "instalment_basis": InstalmentBasis.ACTUAL_PERIODS,
            },
            "0.80 0.67 0.50 0.41 0.26 0.14",
            "17.13 17.13 17.13 17.13 17.13 17.13",
        ),
        # The same: weekly in a year of 364 days.
        (
            START,
            "9.4822",
            6,
            {"day_count": DayCount.FIXED_364, "unit": PeriodUnit.WEEKS},
            "0.18 0.15 0.12 0.09 0.06 0.03",
            "16.77 16.77 16.77 16.77 16.77 16.78",
        ),
        # The same: every two weeks, with the last row evened out.
        (
            START,
            "9.4822",
            3,
            {"day_count": DayCount.FIXED_364, "unit": PeriodUnit.WEEKS, "every": 2, "even_out_last": True},
            "0.36 0.24 0.12",
            "33.57 33.57 33.58",
        ),
        # The same: every fifteen days of a year of 360.
        (
            START,
            "9.4822",
            6,
            {"day_count": DayCount.THIRTY_360, "unit": PeriodUnit.DAYS, "every": 15},
            "0.40 0.33 0.26 0.20 0.13 0.07",
            "16.90 16.90 16.90 16.90 16.90 16.89",
        ),
    ],
)
def test_day_counts_of_fineract(
    start: date, rate: str, instalments: int, others: dict[str, Any], interest: str, totals: str
) -> None:
    offer = quote(terms(100, rate, instalments, **others), start)
    assert column(offer.instalments, "interest") == interest.split()
    assert column(offer.instalments, "total") == totals.split()


def test_an_instalment_paid_early_bears_interest_only_until_then() -> None:
    """ProgressiveEMICalculatorTest: the second instalment of 17.01 two weeks early, the third one month early."""
    loan = terms(100, "7", 6, **RECALCULATED)
    facts = [disbursed(START, 100), repaid(date(2024, 2, 1), "17.01"), repaid(date(2024, 2, 15), "17.01")]
    rows = replay(loan, facts, date(2024, 2, 15)).instalments
    assert column(rows, "interest") == ["0.58", "0.24", "0.59", "0.29", "0.20", "0.10"]
    assert column(rows, "total") == ["17.01"] * 5 + ["16.95"]


RECALCULATED: dict[str, Any] = {
    "day_count": DayCount.THIRTY_360,
    "recalculation": Recalculation.DAILY,
    "prepayment": PrepaymentPolicy.RESCHEDULE_NEXT_REPAYMENTS,
}


@pytest.mark.parametrize(
    ("rule", "amount", "interest", "last"),
    [
        (PayoffInterest.TILL_PRE_CLOSE_DATE, "83.81", "0.24", "15.77"),
        (PayoffInterest.TILL_REST_FREQUENCY_DATE, "84.06", "0.49", "16.02"),
    ],
)
def test_pay_offs_of_fineract(rule: PayoffInterest, amount: str, interest: str, last: str) -> None:
    """Loan.feature: early pay-off loan with interest, TILL_PRECLOSE and TILL_REST_FREQUENCY_DATE product."""
    loan, on = terms(100, "7", 6, payoff_interest=rule, **RECALCULATED), date(2024, 2, 15)
    facts: list[Any] = [disbursed(START, 100), repaid(date(2024, 2, 1), "17.01")]
    assert payoff(loan, facts, on).amounts.total == minor(amount)
    state = replay(loan, [*facts, repaid(on, amount)], on)
    assert state.condition is LoanCondition.CLOSED
    assert state.payments[-1].total.interest == minor(interest)
    assert column(state.instalments, "total") == ["17.01"] * 5 + [last]
    assert column(state.instalments, "interest") == ["0.58", interest, "0.00", "0.00", "0.00", "0.00"]


@pytest.mark.parametrize(
    ("as_of", "paid", "interest", "last"),
    [
        (date(2024, 7, 15), False, "0.58 0.58 0.58 0.58 0.58 0.58", "18.43"),
        (date(2024, 3, 10), False, "0.58 0.58 0.45 0.30 0.20 0.10", "17.16"),
        (date(2024, 3, 10), True, "0.58 0.49 0.42 0.29 0.20 0.10", "17.03"),
    ],
)
def test_overdue_principal_bears_interest_of_fineract(as_of: date, paid: bool, interest: str, last: str) -> None:
    """Loan.feature: interest recalculation S1, S2 and S3."""
    loan = terms(100, "7", 6, bears_after_maturity=False, **RECALCULATED)
    facts: list[Any] = [disbursed(START, 100)]
    if paid:
        facts.append(repaid(date(2024, 2, 1), "17.01"))
    rows = replay(loan, facts, as_of).instalments
    assert column(rows, "interest") == interest.split()
    assert column(rows, "total") == ["17.01"] * 5 + [last]


def test_equal_principal() -> None:
    """The textbook: 1,200 over 12 months at 12 % repays 100 a month; interest falls by 1.00 from 12.00, 78.00 in all."""
    offer = quote(terms(1_200, "12", 12, amortisation=Amortisation.EQUAL_PRINCIPAL), START)
    assert column(offer.instalments, "principal") == ["100.00"] * 12
    assert column(offer.instalments, "interest") == [f"{amount}.00" for amount in range(12, 0, -1)]
    assert offer.total_interest == minor(78)


def test_pmt_and_cumipmt_of_spreadsheets() -> None:
    """Microsoft: PMT(8%/12, 10, 10000) is 1,037.03; CUMIPMT(9%/12, 360, 125000, 13, 24) is 11,135.23."""
    assert quote(terms(10_000, "8", 10), START).regular_payment == minor("1037.03")
    rows = quote(terms(125_000, "9", 360), START).instalments
    second_year = sum(row.due.interest for row in rows[12:24])
    # The spreadsheet does not round the instalment or the rows.
    assert abs(second_year - minor("11135.23")) <= 6
    assert rows[0].due.interest == minor("937.50")


def test_grace_on_principal_pays_interest_then_the_annuity_of_the_rest() -> None:
    offer = quote(terms(1_000, "12", 6, grace=Grace(principal=2)), START)
    assert column(offer.instalments, "principal")[:2] == ["0.00", "0.00"]
    assert column(offer.instalments, "interest")[:3] == ["10.00", "10.00", "10.00"]
    assert offer.regular_payment == quote(terms(1_000, "12", 4), START).regular_payment == minor("256.28")


@pytest.mark.parametrize(
    ("advance", "payments", "rate"),
    [
        # Regulation Z, Appendix J, example (c)(1)(i): 5,000 for 24 monthly payments of 230.
        ("5000", [("230", 24)], "9.69"),
        # (c)(1)(ii): 6,000 for 36 monthly payments of 200.
        ("6000", [("200", 36)], "12.25"),
        # A loan without charges costs its nominal rate: 36 payments of 166.07 for 5,000 at 12 %.
        ("5000", [("166.07", 36)], "12.00"),
    ],
)
def test_annual_percentage_rate_of_regulation_z(advance: str, payments: list[tuple[str, int]], rate: str) -> None:
    flows, at = [CashFlow(Decimal(0), minor(advance))], 0
    for amount, times in payments:
        for _ in range(times):
            at += 1
            flows.append(CashFlow(Decimal(at), -minor(amount)))
    assert apr(flows, 12) == Decimal(rate)


def test_quarterly_instalments_cost_their_nominal_rate() -> None:
    assert quote(terms(100_000, "8", 8, every=3), START).apr == Decimal("8.00")
