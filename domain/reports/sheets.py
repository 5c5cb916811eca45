"""A sheet: what a room fills and a writer writes, whatever the format. Rows may come as they are read."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from domain.kit.money import Money


class ColumnKind(str, Enum):
    """What a column holds. A PERCENT of ``Decimal("12.5")`` is 12.5 %; an INSTANT is UTC."""

    TEXT = "TEXT"
    MONEY = "MONEY"
    NUMBER = "NUMBER"
    PERCENT = "PERCENT"
    DATE = "DATE"
    INSTANT = "INSTANT"

    @property
    def leans_right(self) -> bool:
        return self in (ColumnKind.MONEY, ColumnKind.NUMBER, ColumnKind.PERCENT)


@dataclass(frozen=True, slots=True)
class Column:
    """``summed`` asks for the column's sum below the rows; money is summed while it is of one currency."""

    title: str
    kind: ColumnKind = ColumnKind.TEXT
    summed: bool = False


Cell = str | Money | int | Decimal | date | datetime | None
Row = Sequence[Cell]
Rows = Iterable[Row] | AsyncIterable[Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """``subtitle`` says of what and when. ``totals`` are rows that stand below the others, besides sums of columns."""

    title: str
    subtitle: str
    columns: Sequence[Column]
    rows: Rows
    totals: Sequence[Row] = ()
