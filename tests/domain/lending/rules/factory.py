"""Short words for tests of the loan engine: terms and facts with everything that does not matter filled in."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

from domain.kit.money import Money
from domain.lending.rules.facts import (
    ChargeAdded,
    ChargedBack,
    ChargedOff,
    ChargeWaived,
    CreditRefunded,
    DelinquencyPaused,
    Disbursed,
    InterestWaived,
    RateChanged,
    Reaged,
    Reamortised,
    Recovered,
    Repaid,
    Rescheduled,
    WrittenOff,
)
from domain.lending.rules.state import InstalmentState
from domain.lending.rules.terms import LoanTerms, PeriodUnit

_numbers = count(1)


def terms(principal: str | int, rate: str, instalments: int, currency: str = "INR", **others: Any) -> LoanTerms:
    return LoanTerms(principal=Money.of(principal, currency), annual_rate=Decimal(rate), instalments=instalments, **others)


def minor(amount: str | int) -> int:
    """Major units of a currency with two decimals, in minor ones."""
    return int(Decimal(amount) * 100)


def decimals(amounts: list[int]) -> list[str]:
    """Minor units as they are written in published tables: 1701 is ``17.01``."""
    return [f"{Decimal(amount) / 100:.2f}" for amount in amounts]


def column(rows: tuple[InstalmentState, ...], part: str) -> list[str]:
    """One column of a schedule as published: ``interest``, ``principal``, ``total``, ``fee``, or ``balance_after``."""
    if part == "balance_after":
        return decimals([row.balance_after for row in rows])
    return decimals([getattr(row.due, part) for row in rows])


def _fact(kind: Any, on: date, **others: Any) -> Any:
    number = next(_numbers)
    return kind(id=UUID(int=number), on=on, sequence=number, **others)


def disbursed(on: date, amount: str | int) -> Disbursed:
    return _fact(Disbursed, on, amount_minor=minor(amount))


def repaid(on: date, amount: str | int, *, down: bool = False) -> Repaid:
    return _fact(Repaid, on, amount_minor=minor(amount), is_down_payment=down)


def rate_changed(on: date, rate: str) -> RateChanged:
    return _fact(RateChanged, on, annual_rate=Decimal(rate))


def charged(on: date, amount: str | int, *, due_on: date | None = None, penalty: bool = False) -> ChargeAdded:
    value = Decimal(amount)
    return _fact(ChargeAdded, on, code="NSF", title="Returned payment", due_on=due_on or on, value=value, penalty=penalty)


def charge_waived(on: date, key: str) -> ChargeWaived:
    return _fact(ChargeWaived, on, charge_key=key)


def interest_waived(on: date, amount: str | int, instalment: int | None = None) -> InterestWaived:
    return _fact(InterestWaived, on, amount_minor=minor(amount), instalment=instalment)


def charged_back(on: date, payment: Repaid, amount: str | int) -> ChargedBack:
    return _fact(ChargedBack, on, repayment_id=payment.id, amount_minor=minor(amount))


def refunded(on: date, amount: str | int) -> CreditRefunded:
    return _fact(CreditRefunded, on, amount_minor=minor(amount))


def rescheduled(on: date, from_on: date, **others: Any) -> Rescheduled:
    return _fact(Rescheduled, on, from_on=from_on, **others)


def reaged(on: date, first_due_on: date, instalments: int, unit: PeriodUnit = PeriodUnit.MONTHS) -> Reaged:
    return _fact(Reaged, on, first_due_on=first_due_on, instalments=instalments, every=1, unit=unit)


def reamortised(on: date) -> Reamortised:
    return _fact(Reamortised, on)


def paused(on: date, until: date) -> DelinquencyPaused:
    return _fact(DelinquencyPaused, on, until=until)


def charged_off(on: date) -> ChargedOff:
    return _fact(ChargedOff, on)


def written_off(on: date) -> WrittenOff:
    return _fact(WrittenOff, on)


def recovered(on: date, amount: str | int) -> Recovered:
    return _fact(Recovered, on, amount_minor=minor(amount))
