"""What a payer is given for a payment, and how the books call it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from domain.kit.money import Money
from domain.school.rules.allocation import paid_by
from domain.school.rules.fees import Figures
from domain.school.rules.figures import total
from domain.school.rules.plans import Line
from domain.school.rules.refusals import BadFigure

MAX_DESCRIPTION: Final = 200
_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """How much of a payment went to one category of one instalment."""

    number: int
    due_on: date
    category: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One payment of one fee: its lines and what is beyond the fee are the amount, and what the fee stands at with it."""

    number: str
    paid_on: date
    amount: Money
    lines: tuple[ReceiptLine, ...]
    beyond: Money
    paid_in_all: Money
    outstanding: Money
    credit: Money

    def __post_init__(self) -> None:
        there = total((line.amount for line in self.lines), self.amount.currency) + self.beyond
        assert there == self.amount, "the lines of a receipt are its amount"


def receipt(*, number: str, paid_on: date, amount: Money, lines: Sequence[Line], before: Money) -> Receipt:
    """For a payment of a fee that asks for ``lines`` and had ``before``."""
    if amount.amount_minor <= 0:
        raise BadFigure("a receipt is for more than nothing")
    after = before + amount
    found = paid_by(lines, before, after)
    figures = Figures.of(total((line.amount for line in lines), amount.currency), after)
    return Receipt(
        number=number,
        paid_on=paid_on,
        amount=amount,
        lines=tuple(ReceiptLine(row.line.number, row.line.due_on, row.line.category, row.paid) for row in found.rows),
        beyond=found.excess,
        paid_in_all=after,
        outstanding=figures.outstanding,
        credit=figures.credit,
    )


def receipt_number(year: int, sequence: int) -> str:
    """Such as RCT-2025-000042; in one year each sequence is given once, from 1, and there is room beyond six digits."""
    if sequence < 1:
        raise BadFigure("receipts are numbered from 1")
    return f"RCT-{year}-{sequence:0{_DIGITS}d}"


def description(student: str, details: str) -> str:
    """How a row in the books tells of a fee. It stays as it was written when the student is renamed."""
    text = f"School fees of {' '.join(student.split())}: {' '.join(details.split())}"
    return text if len(text) <= MAX_DESCRIPTION else f"{text[: MAX_DESCRIPTION - 1]}…"
