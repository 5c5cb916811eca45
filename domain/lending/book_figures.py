"""What an act did to a loan's schedule and statement, as its events tell it: rows as they stand afterwards, by their keys.

Amounts are minor units of the loan's currency, for a schedule may have hundreds of rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from domain.lending.states import RECEIPTS, PaymentChannel, TransactionKind

if TYPE_CHECKING:
    from domain.lending.models import LoanTransaction
    from domain.lending.rules.state import InstalmentState

MOVES_MONEY = RECEIPTS | {TransactionKind.DISBURSEMENT}


@dataclass(frozen=True, kw_only=True)
class InstalmentFigures:
    """An instalment as it stands: what it asks for, what became of that, and the day on which nothing was left."""

    number: int
    due_on: date
    due_minor: int
    paid_minor: int
    written_off_minor: int
    unpaid_minor: int
    completed_on: date | None

    @classmethod
    def of(cls, row: InstalmentState) -> InstalmentFigures:
        return cls(
            number=row.number,
            due_on=row.due_on,
            due_minor=row.due.total,
            paid_minor=row.paid.total,
            written_off_minor=row.written_off.total,
            unpaid_minor=row.unpaid.total,
            completed_on=row.completed_on,
        )


@dataclass(frozen=True, kw_only=True)
class MovedMoney:
    """A line of the statement that says that money was received or paid out."""

    id: UUID
    kind: TransactionKind
    happened_on: date
    channel: PaymentChannel | None
    amount_minor: int
    fact_id: UUID | None

    @classmethod
    def of_lines(cls, lines: Iterable[LoanTransaction]) -> list[MovedMoney]:
        return [
            cls(
                id=line.id,
                kind=line.kind,
                happened_on=line.happened_on,
                channel=line.channel,
                amount_minor=line.amount_minor,
                fact_id=line.fact_id,
            )
            for line in lines
            if line.kind in MOVES_MONEY
        ]


@dataclass(frozen=True, kw_only=True)
class BookChange:
    """Instalments that are new or different, and the numbers of those that are gone; lines that are new, and the ids of
    those that were taken off."""

    instalments: list[InstalmentFigures] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    lines: list[MovedMoney] = field(default_factory=list)
    taken_off: list[UUID] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.instalments or self.gone or self.lines or self.taken_off)
