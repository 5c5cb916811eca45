"""Published figures through the public service: a product so configured, applied for, approved, paid out, booked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from domain.kit import clock
from domain.kit.database import fetchval
from domain.kit.money import Money
from domain.lending.errors import LoanWrittenOffAlready, RepaymentNotFound
from domain.lending.models import Loan, LoanCharge, LoanInstalment, LoanTransaction
from domain.lending.rules.state import InstalmentKind
from domain.lending.rules.terms import (
    ChargeBasis,
    ChargeRule,
    ChargeTime,
    DayCount,
    InterestMethod,
    InterestPeriod,
    Recalculation,
    Rounding,
    RoundingMode,
)
from domain.lending.service import (
    add_loan_charge,
    bring_up_to_date,
    disburse_loan,
    loan_quote,
    request_write_off,
    reverse_loan_repayment,
    undo_charge_waiver,
    waive_loan_charge,
    write_off_loan,
)
from domain.lending.states import LoanStatus, TransactionKind
from tests.support.happenings import assert_integrity, nothing_happens
from tests.support.loans import (
    Office,
    a_product,
    a_running_loan,
    an_approved_loan,
    an_office,
    asking,
    instalments_of,
    kes,
    repaid,
)

pytestmark = pytest.mark.usefixtures("database")

NEW_YEAR_2024 = datetime(2024, 1, 1, 12, tzinfo=UTC)
WHOLE = Rounding(Decimal(1))


def minor(*amounts: str | int) -> list[int]:
    return [kes(amount).amount_minor for amount in amounts]


def column(rows: list[LoanInstalment], name: str) -> list[int]:
    return [getattr(row, f"{name}_minor") for row in rows if row.kind is not InstalmentKind.DISBURSEMENT]


async def booked(
    principal: int | str, rate: str, instalments: int, at: datetime = NEW_YEAR_2024, **terms: Any
) -> list[LoanInstalment]:
    """The schedule of such a loan as it was booked, which is the one that was quoted before."""
    office = await an_office()
    with clock.clock_set_to(at):
        usual = {"principal": kes(principal), "annual_rate": Decimal(rate), "instalments": instalments} | terms
        product = await a_product(requires_kyc=False, **usual)
        quoted = await loan_quote(office.borrower, application=asking(product))
        approved = await an_approved_loan(office, product)
        loan = (await disburse_loan(office.admin, loan_id=approved.id)).loan
    rows = await instalments_of(loan)
    assert [(row.number, row.due_on, row.due_amount, row.balance_after) for row in rows] == [
        (row.number, row.due_on, row.total, row.balance_after) for row in quoted.schedule
    ]
    await assert_integrity("lending", "ledger")
    return rows


async def test_m1_seven_percent_of_a_hundred_in_six_months() -> None:
    rows = await booked(100, "7", 6, day_count=DayCount.THIRTY_360)
    assert column(rows, "due") == minor(*["17.01"] * 5, "17.00")
    assert column(rows, "interest") == minor("0.58", "0.49", "0.39", "0.29", "0.20", "0.10")
    assert column(rows, "balance_after") == minor("83.57", "67.05", "50.43", "33.71", "16.90", 0)


async def test_m2_a_rate_with_four_decimals() -> None:
    rows = await booked(100, "9.4822", 6, day_count=DayCount.THIRTY_360)
    assert column(rows, "due") == minor(*["17.13"] * 6)
    assert column(rows, "interest") == minor("0.79", "0.66", "0.53", "0.40", "0.27", "0.13")
    assert column(rows, "balance_after") == minor("83.66", "67.19", "50.59", "33.86", "17.00", 0)


async def test_m12_no_interest_in_whole_units() -> None:
    rows = await booked(1000, "0", 6, rounding=WHOLE)
    assert column(rows, "due") == minor(*[167] * 5, 165)


async def test_m13_flat_interest() -> None:
    rows = await booked(5000, "12", 18, interest_method=InterestMethod.FLAT, rounding=WHOLE)
    assert column(rows, "principal") == minor(*[278] * 17, 274)
    assert column(rows, "interest") == minor(*[50] * 18)
    assert column(rows, "due") == minor(*[328] * 17, 324)
    assert sum(column(rows, "due")) == minor(5900)[0]


async def test_m14_a_declining_balance_in_whole_units_and_in_cents() -> None:
    rows = await booked(5000, "12", 18, rounding=WHOLE)
    assert column(rows, "due") == minor(*[305] * 17, "303.22")
    assert column(rows, "interest")[:3] == minor("50.00", "47.45", "44.87")
    assert column(rows, "interest")[-1] == minor("3.00")[0]
    assert sum(column(rows, "interest")) == minor("488.22")[0]
    assert column(rows, "balance_after")[8] == minor("2611.02")[0]
    exact = await booked(5000, "12", 18)
    assert column(exact, "due") == minor(*["304.91"] * 17, "304.94")
    assert sum(column(exact, "interest")) == minor("488.41")[0]


async def test_m20_interest_by_days() -> None:
    """862.3357 with months of 30/365, so 862; the first payment is 863 and on time, which lowers what bears interest."""
    office = await an_office()
    with clock.clock_set_to(datetime(2022, 11, 1, 12, tzinfo=UTC)):
        loan = await a_running_loan(
            office, principal=kes(5000), annual_rate=Decimal(12), instalments=6, interest_period=InterestPeriod.DAILY,
            day_count=DayCount.ACTUAL_365, rounding=WHOLE, recalculation=Recalculation.DAILY,
        )  # fmt: skip
    assert {row.due_minor for row in (await instalments_of(loan))[:-1]} == set(minor(862))
    with clock.clock_set_to(datetime(2022, 12, 1, 12, tzinfo=UTC)):
        await repaid(office, loan, 863)
    rows = await instalments_of(loan)
    assert column(rows, "interest") == minor("49.32", "42.67", "34.32", "23.38", "17.33", "8.44")
    assert sum(column(rows, "interest")) == minor("175.46")[0]
    assert column(rows, "due")[1:] == minor(*[862] * 4, "864.46")
    await assert_integrity("lending", "ledger")


async def test_m27_instalments_rounded_up() -> None:
    """The published table shows whole units."""
    rows = await booked(280_000, "8.4", 20, rounding=Rounding(Decimal(1), RoundingMode.UP))
    assert column(rows, "due")[:-1] == minor(*[15052] * 19)
    assert whole(sum(column(rows, "interest"))) == 21034
    assert whole(sum(column(rows, "due"))) == 301_034
    shown = [(row.principal_minor, row.interest_minor, row.balance_after_minor) for row in (rows[3], rows[17], rows[19])]
    assert [tuple(map(whole, row)) for row in shown] == [(13369, 1683, 227_080), (14740, 312, 29785), (14941, 105, 0)]


async def test_m27_a_fixed_instalment_makes_more_rows() -> None:
    bounds = {"max_principal": kes(280_000), "max_annual_rate": Decimal("8.4")}
    rows = await booked(280_000, "8.4", 20, fixed_instalment=kes(14000), **bounds)
    assert len(rows) == 22
    assert whole(sum(column(rows, "interest"))) == 22712
    assert whole(sum(column(rows, "due"))) == 302_712


async def test_m28_the_first_instalment_of_a_million() -> None:
    rows = await booked(1_000_000, "13.5", 12, rounding=Rounding(Decimal(1), RoundingMode.UP))
    assert (rows[0].interest_minor, rows[0].principal_minor, rows[0].due_minor) == tuple(minor(11250, 78303, 89553))


async def test_m30_the_table_of_ipmt() -> None:
    """The published table rounds amounts that are not rounded; ours are booked in cents, so the last can differ by one."""
    rows = await booked(2500, "8.24", 12)
    principal = [200.58, 201.96, 203.35, 204.74, 206.15, 207.56, 208.99, 210.42, 211.87, 213.32, 214.79, 216.26]
    interest = [17.17, 15.79, 14.40, 13.01, 11.60, 10.18, 8.76, 7.32, 5.88, 4.42, 2.96, 1.49]
    assert column(rows, "interest")[:-1] == minor(*map(str, interest))[:-1]
    assert max(map(abs, differences(column(rows, "interest"), minor(*map(str, interest))))) <= 1
    assert max(map(abs, differences(column(rows, "principal"), minor(*map(str, principal))))) <= 2
    assert abs(sum(column(rows, "interest")) - minor("112.98")[0]) <= 1


async def test_m35_a_down_payment_and_a_write_off() -> None:
    office = await an_office()
    with clock.clock_set_to(NEW_YEAR_2024):
        loan = await a_running_loan(
            office, principal=kes(1000), annual_rate=Decimal(0), instalments=3, down_payment_percent=Decimal(25)
        )
    assert loan.outstanding_amount == kes(750)
    with clock.clock_set_to(NEW_YEAR_2024 + timedelta(days=10)):
        earlier = await repaid(office, loan, 100)
    with clock.clock_set_to(NEW_YEAR_2024 + timedelta(days=40)):
        await write_off(office, loan)
        loan = await Loan.get(id=loan.id)
        assert (loan.status, loan.written_off_amount, loan.outstanding_amount) == (LoanStatus.WRITTEN_OFF, kes(650), kes(0))
        lost = await LoanTransaction.get(loan_id=loan.id, kind=TransactionKind.WRITE_OFF)
        assert lost.amount == kes(650)
        async with nothing_happens():
            with pytest.raises(LoanWrittenOffAlready):
                await reverse_loan_repayment(office.manager, transaction_id=earlier.transaction.id, reason="too late")
            with pytest.raises(LoanWrittenOffAlready):
                await repaid(office, loan, 50, received_on=NEW_YEAR_2024.date() + timedelta(days=20))
            with pytest.raises(RepaymentNotFound):
                await reverse_loan_repayment(office.manager, transaction_id=lost.id, reason="undo the write-off")
    await assert_integrity()


async def test_m36_a_bounced_payment_and_its_fee() -> None:
    office = await an_office()
    with clock.clock_set_to(NEW_YEAR_2024):
        loan = await a_running_loan(office, principal=kes(750), annual_rate=Decimal(0), instalments=3)
    for months in (1, 2, 3):
        with clock.clock_set_to(NEW_YEAR_2024.replace(month=1 + months)):
            third = await repaid(office, loan, 250)
    assert third.loan.status is LoanStatus.CLOSED
    with clock.clock_set_to(NEW_YEAR_2024.replace(month=4, day=3)):
        undone = await reverse_loan_repayment(office.manager, transaction_id=third.transaction.id, reason="bounced")
        assert (undone.loan.status, undone.loan.outstanding_amount) == (LoanStatus.ACTIVE, kes(250))
        fee = await add_loan_charge(office.manager, loan_id=loan.id, title="NSF fee", value=Decimal(10))
        assert await owed(loan) == kes(260)
        await waive_loan_charge(office.manager, charge_id=fee.id, reason="goodwill")
        assert await owed(loan) == kes(250)
        await undo_charge_waiver(office.manager, charge_id=fee.id, reason="second thoughts")
        assert await owed(loan) == kes(260)
        paid = await repaid(office, loan, 260)
        assert (paid.loan.status, paid.loan.outstanding_amount) == (LoanStatus.CLOSED, kes(0))
        assert (paid.transaction.principal, paid.transaction.fee) == (kes(250), kes(10))
    await assert_integrity()


async def test_m36_the_fee_comes_with_the_undoing() -> None:
    office = await an_office()
    with clock.clock_set_to(NEW_YEAR_2024):
        loan = await a_running_loan(office, principal=kes(750), annual_rate=Decimal(0), instalments=3)
        paid = await repaid(office, loan, 750)
        undone = await reverse_loan_repayment(
            office.manager, transaction_id=paid.transaction.id, reason="bounced", nsf_fee=kes(10)
        )
    assert undone.loan.outstanding_amount == kes(760)
    await assert_integrity()


async def test_m37_a_fee_at_disbursement() -> None:
    office = await an_office()
    fee = charge("PROCESSING", ChargeTime.DISBURSEMENT, ChargeBasis.PERCENT_OF_PRINCIPAL)
    loan = await a_running_loan(office, principal=kes(1000), annual_rate=Decimal(0), instalments=3, charges=(fee,))
    made = await LoanCharge.get(loan_id=loan.id)
    assert [made.amount_minor, made.paid_minor] == minor(15, 15)
    assert loan.outstanding_amount == kes(1000)
    assert await moved(loan, "1110") == -kes(985).amount_minor
    assert await moved(loan, "4220") == -kes(15).amount_minor
    await assert_integrity()


async def test_m37_a_fee_with_every_instalment() -> None:
    """Three times 1000 of principal and 30 of interest: 1.5 % of both is 15.45."""
    fee = charge("SERVICE", ChargeTime.INSTALMENT, ChargeBasis.PERCENT_OF_PRINCIPAL_AND_INTEREST)
    rows = await booked(3000, "12", 3, interest_method=InterestMethod.FLAT, charges=(fee,))
    assert column(rows, "fee") == minor(*["15.45"] * 3)
    assert column(rows, "due") == minor(*["1045.45"] * 3)
    assert sum(column(rows, "due")) == minor("3136.35")[0]


async def test_m37_a_late_fee() -> None:
    """1.5 % of the principal of each row that is still unpaid on the day after its due date."""
    late = charge("LATE", ChargeTime.OVERDUE_INSTALMENT, ChargeBasis.PERCENT_OF_PRINCIPAL, penalty=True)
    office = await an_office()
    with clock.clock_set_to(NEW_YEAR_2024):
        loan = await a_running_loan(
            office, principal=kes(3000), annual_rate=Decimal(12), instalments=3, interest_method=InterestMethod.FLAT,
            charges=(late,),
        )  # fmt: skip
    with clock.clock_set_to(NEW_YEAR_2024.replace(month=4)):
        await bring_up_to_date(loan.id)
        assert column(await instalments_of(loan), "penalty") == minor(15, 15, 0)
    with clock.clock_set_to(NEW_YEAR_2024.replace(month=4, day=2)):
        await bring_up_to_date(loan.id)
    assert column(await instalments_of(loan), "penalty") == minor(15, 15, 15)
    assert await owed(loan) == kes(3135)
    await assert_integrity()


def charge(code: str, time: ChargeTime, basis: ChargeBasis, *, penalty: bool = False) -> ChargeRule:
    """1.5 % of something."""
    return ChargeRule(code=code, title=code.title(), time=time, basis=basis, value=Decimal("1.5"), penalty=penalty)


def whole(amount_minor: int) -> int:
    return int((Decimal(amount_minor) / 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def differences(got: list[int], said: list[int]) -> list[int]:
    return [a - b for a, b in zip(got, said, strict=True)]


async def owed(loan: Loan) -> Money:
    return (await Loan.get(id=loan.id)).outstanding_amount


async def write_off(office: Office, loan: Loan) -> None:
    await request_write_off(office.manager, loan_id=loan.id, reason="the shop burnt down")
    await write_off_loan(office.admin, loan_id=loan.id)


async def moved(loan: Loan, code: str) -> int:
    """What entries about a loan did to an account of the house, debits positive."""
    amount: int = await fetchval(
        """select coalesce(sum(l.amount_minor), 0)::bigint from journal_line l join journal_entry e on e.id = l.entry_id
           join ledger_account a on a.id = l.account_id where e.reference_id = $1 and a.code = $2""",
        loan.id,
        code,
    )
    return amount
