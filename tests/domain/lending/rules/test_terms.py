"""Terms that make no sense are refused, with the field they are about."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from domain.kit.errors import CurrencyMismatch, InvalidInput
from domain.kit.money import Money
from domain.lending.rules import quote
from domain.lending.rules.terms import (
    AllocationOrder,
    ChargeBasis,
    ChargeRule,
    ChargeTime,
    Component,
    Grace,
    InterestMethod,
    Recalculation,
    Rounding,
)
from tests.domain.lending.rules.factory import terms

SOUND: dict[str, Any] = {"principal": 1_000, "rate": "12", "instalments": 6}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"principal": 0}, "principal"),
        ({"principal": -5}, "principal"),
        ({"principal": "9000000000000"}, "principal"),
        ({"rate": "NaN"}, "annualRate"),
        ({"rate": "Infinity"}, "annualRate"),
        ({"rate": "-1"}, "annualRate"),
        ({"rate": "1000.01"}, "annualRate"),
        ({"rate": "1.0000000000001"}, "annualRate"),
        ({"instalments": 0}, "instalments"),
        ({"instalments": 601}, "instalments"),
        ({"instalments": True}, "instalments"),
        ({"every": 0}, "every"),
        ({"every": 400}, "every"),
        ({"grace": Grace(principal=6)}, "grace"),
        ({"grace": Grace(interest_payment=-1)}, "grace"),
        ({"grace": Grace(interest_free=7)}, "grace"),
        ({"down_payment_percent": Decimal(100)}, "downPaymentPercent"),
        ({"delinquency_grace_days": -1}, "delinquencyGraceDays"),
        ({"fixed_instalment": Money(0, "INR")}, "fixedInstalment"),
        ({"residual_tolerance": Money(-1, "INR")}, "residualTolerance"),
        ({"rounding": Rounding(Decimal("1.005"))}, "rounding"),
        ({"interest_method": InterestMethod.FLAT, "recalculation": Recalculation.DAILY}, "recalculation"),
    ],
)
def test_senseless_terms_are_refused(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        terms(**{**SOUND, **changes})
    assert refusal.value.field is not None
    assert refusal.value.field[:2] == ("input", field)


def test_another_currency_is_refused() -> None:
    with pytest.raises(CurrencyMismatch):
        terms(**SOUND, fixed_instalment=Money(100, "KES"))


@pytest.mark.parametrize("multiple", ["0", "-1", "NaN"])
def test_a_multiple_is_more_than_nothing(multiple: str) -> None:
    with pytest.raises(InvalidInput):
        Rounding(Decimal(multiple))


def test_nothing_is_finer_than_the_minor_unit() -> None:
    assert terms(1_000, "12", 6, "UGX").rounding_minor == 1


def test_an_order_names_each_component_once() -> None:
    with pytest.raises(InvalidInput):
        AllocationOrder((Component.PRINCIPAL, Component.PRINCIPAL, Component.FEE, Component.PENALTY))


@pytest.mark.parametrize(
    "changes",
    [{"code": ""}, {"value": Decimal("NaN")}, {"value": Decimal(-1)}, {"value": Decimal(101)}, {"grace_days": -1}],
)
def test_senseless_charges_are_refused(changes: dict[str, Any]) -> None:
    sound: dict[str, Any] = {
        "code": "LATE",
        "title": "Late fee",
        "time": ChargeTime.OVERDUE_INSTALMENT,
        "basis": ChargeBasis.PERCENT_OF_PRINCIPAL,
        "value": Decimal(1),
        "penalty": True,
    }
    ChargeRule(**sound)
    with pytest.raises(InvalidInput):
        ChargeRule(**{**sound, **changes})


def test_charges_have_a_code_of_their_own() -> None:
    fee = ChargeRule(code="A", title="A", time=ChargeTime.INSTALMENT, basis=ChargeBasis.FLAT, value=Decimal(1))
    with pytest.raises(InvalidInput):
        terms(**SOUND, charges=(fee, fee))


def test_a_fixed_instalment_has_to_pay_the_loan_off() -> None:
    with pytest.raises(InvalidInput) as refusal:
        quote(terms(1_000, "12", 6, fixed_instalment=Money.of(10, "INR")), date(2024, 1, 1))
    assert refusal.value.field == ("input", "fixedInstalment")


@pytest.mark.parametrize("first", [date(2024, 1, 1), date(2023, 12, 31)])
def test_the_first_due_date_comes_after_the_disbursement(first: date) -> None:
    with pytest.raises(InvalidInput) as refusal:
        quote(terms(1_000, "12", 6, first_due_on=first), date(2024, 1, 1))
    assert refusal.value.field == ("input", "firstDueOn")


def test_a_loan_cannot_run_past_the_calendar() -> None:
    with pytest.raises(InvalidInput):
        quote(terms(1_000, "12", 600, every=366), date(2024, 1, 1))
