"""Cedis, and a fee of two categories, so that a test says only what matters to it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from domain.kit.money import Money
from domain.school.rules.calendar import Span
from domain.school.rules.discounts import Charge
from domain.school.rules.plans import Line, Periods
from domain.school.rules.structure import Component, FeeStructure


def ghs(amount: str | int | Decimal) -> Money:
    return Money.of(amount, "GHS")


def minor(amount: int) -> Money:
    return Money(amount, "GHS")


NOTHING: Final = ghs(0)

YEAR: Final = Periods(
    Span(date(2025, 9, 1), date(2026, 8, 31)),
    (
        Span(date(2025, 9, 1), date(2025, 12, 19)),
        Span(date(2026, 1, 12), date(2026, 4, 10)),
        Span(date(2026, 5, 4), date(2026, 8, 7)),
    ),
)

STRUCTURE: Final = FeeStructure(
    (
        Component("TUITION", ghs(1_200)),
        Component("REGISTRATION", ghs(300), prorated=False, refundable=False),
    )
)


def charges(*amounts: Money) -> list[Charge]:
    return [Charge(f"C{number}", amount, Money.zero(amount.currency)) for number, amount in enumerate(amounts, 1)]


def line(number: int, due_on: date, category: str, amount: Money) -> Line:
    return Line(number, due_on, category, amount)
