"""What a loan would cost, asked as people type: the very schedule that is booked later."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.identity.permissions import Role
from domain.kit import clock
from domain.lending.rules.terms import (
    Amortisation,
    ChargeBasis,
    ChargeRule,
    ChargeTime,
    DayCount,
    Grace,
    InterestMethod,
    InterestPeriod,
    PeriodUnit,
    Recalculation,
    Rounding,
    RoundingMode,
)
from tests.support.graphql import ask, ask_refused, do, refused_to_strangers
from tests.support.happenings import nothing_happens
from tests.support.loan_operations import form, kes_shown, op, shillings
from tests.support.loans import Office, a_product, an_office, kes
from tests.support.operations import money
from tests.support.people import somebody
from tests.support.statements import statements

pytestmark = pytest.mark.usefixtures("database")

QUOTE = op("LoanQuote")
PROCESSING = ChargeRule(
    code="PROCESSING", title="Processing", time=ChargeTime.DISBURSEMENT, basis=ChargeBasis.PERCENT_OF_PRINCIPAL,
    value=Decimal("1.5"),
)  # fmt: skip
SERVICE = ChargeRule(
    code="SERVICE", title="Service", time=ChargeTime.INSTALMENT, basis=ChargeBasis.PERCENT_OF_PRINCIPAL_AND_INTEREST,
    value=Decimal("1.5"),
)  # fmt: skip


async def test_a_quote() -> None:
    product = await a_product(principal=kes(100), annual_rate=Decimal(7), instalments=6)
    borrower = somebody(Role.BORROWER, name="Beatrice Wanjiru")
    asked = form(product, principal=shillings("100.00"))
    await refused_to_strangers(QUOTE, input=asked)
    async with nothing_happens():
        quote = await ask(borrower, QUOTE, input=asked)
    assert (quote["monthlyPayment"], quote["regularPayment"]) == (kes_shown("17.01"), kes_shown("17.01"))
    assert (quote["totalInterest"], quote["totalPayable"]) == (kes_shown("2.05"), kes_shown("102.05"))
    assert [row["interest"]["amount"] for row in quote["schedule"]] == ["0.58", "0.49", "0.39", "0.29", "0.20", "0.10"]
    assert (quote["schedule"][-1]["total"], quote["schedule"][-1]["balanceAfter"]) == (kes_shown("17.00"), kes_shown("0.00"))
    assert (quote["instalments"], quote["disbursedOn"]) == (6, clock.today().isoformat())
    assert quote["maturityOn"] == quote["schedule"][-1]["dueOn"]
    assert await ask_refused(somebody(Role.SELLER, name="Sita"), QUOTE, input=asked) == "FORBIDDEN"


async def test_what_cannot_be_lent_has_no_quote() -> None:
    product = await a_product()
    borrower = somebody(Role.BORROWER, name="Beatrice Wanjiru")
    for changes, code in (
        ({"principal": shillings("0")}, "INVALID_AMOUNT"),
        ({"principal": shillings("NaN")}, "INVALID_AMOUNT"),
        ({"principal": shillings("9" * 19)}, "INVALID_AMOUNT"),
        ({"principal": money("1.00", "USD")}, "CURRENCY_MISMATCH"),
        ({"principal": shillings("0.50")}, "PRINCIPAL_OUT_OF_RANGE"),
        ({"instalments": 121}, "INSTALMENTS_OUT_OF_RANGE"),
        ({"instalments": -1}, "INSTALMENTS_OUT_OF_RANGE"),
        ({"firstDueOn": "2020-01-31"}, "INVALID_FIRST_DUE_DATE"),
        ({"productId": "x"}, "NOT_FOUND"),
    ):
        assert await ask_refused(borrower, QUOTE, input=form(product) | changes) == code


async def test_asking_costs_one_statement() -> None:
    product = await a_product()
    borrower = somebody(Role.BORROWER, name="Beatrice Wanjiru")
    with statements() as seen:
        await ask(borrower, QUOTE, input=form(product))
    assert len(seen) == 1, seen


PRODUCTS: dict[str, dict[str, Any]] = {
    "as usual": {},
    "sixty": {"instalments": 60},
    "flat": {"interest_method": InterestMethod.FLAT},
    "equal principal": {"amortisation": Amortisation.EQUAL_PRINCIPAL},
    "daily": {"interest_period": InterestPeriod.DAILY, "day_count": DayCount.ACTUAL_ACTUAL},
    "recalculated": {
        "interest_period": InterestPeriod.DAILY,
        "day_count": DayCount.ACTUAL_365,
        "recalculation": Recalculation.DAILY,
    },
    "weekly": {"unit": PeriodUnit.WEEKS, "every": 2, "day_count": DayCount.FIXED_364},
    "grace": {"grace": Grace(principal=2, interest_payment=1, interest_free=1)},
    "whole shillings upwards": {"rounding": Rounding(Decimal(1), RoundingMode.UP)},
    "fees": {"charges": (PROCESSING, SERVICE)},
    "down payment": {"down_payment_percent": Decimal(25)},
    "fixed instalment": {"fixed_instalment": kes(1_500), "max_principal": kes(13_000)},
    "free": {"annual_rate": Decimal(0), "rounding": Rounding(Decimal(1))},
}


async def lent(office: Office, asked: dict[str, Any]) -> Any:
    """From the form to the money, through the API; the loan's id."""
    loan_id = (await do(office.borrower, op("SubmitLoanApplication"), input={"application": asked}))["loan"]["id"]
    about = {"loanId": loan_id}
    await do(office.officer, op("ReviewLoan"), input=about | {"recommendation": "APPROVE"})
    await do(office.officer, op("VerifyKyc"), input=about)
    await do(office.manager, op("ApproveLoan"), input=about)
    await do(office.admin, op("DisburseLoan"), input=about | {"channel": "CASH"})
    return loan_id


@pytest.mark.parametrize("name", PRODUCTS)
async def test_the_quote_is_what_is_booked(name: str) -> None:
    office = await an_office()
    product = await a_product(**PRODUCTS[name])
    first_due_on = clock.today() + timedelta(days=20)
    for changes in ({}, {"principal": shillings("7777.77"), "instalments": 9, "firstDueOn": first_due_on.isoformat()}):
        asked = form(product, **changes)
        quote = await ask(office.borrower, QUOTE, input=asked)
        loan = await ask(office.borrower, op("Loan"), id=await lent(office, asked))
        compared = ("number", "kind", "fromOn", "dueOn", "principal", "interest", "fee", "balanceAfter")
        booked, quoted = (
            [[row[column] for column in compared] for row in schedule] for schedule in (loan["schedule"], quote["schedule"])
        )
        assert booked == quoted
        assert [row["due"] for row in loan["schedule"]] == [row["total"] for row in quote["schedule"]]
        assert loan["maturityOn"] == quote["maturityOn"]
        assert sum(Decimal(row["principal"]["amount"]) for row in loan["schedule"]) == Decimal(asked["principal"]["amount"])
