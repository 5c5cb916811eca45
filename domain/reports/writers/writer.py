"""What all formats have in common: sheets one after another, rows in batches, sums below them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import ClassVar, Final

from domain.kit.money import Money
from domain.reports.errors import ReportTooLarge
from domain.reports.sheets import Cell, Row, Sheet

TOTAL: Final = "Total"


class Writer(ABC):
    """Writes one report to a file, row by row, so that no more than a batch of rows is in memory.

    Call ``begin``, ``write`` (any number of times) and ``end`` for each sheet, then ``finish``. All of them take their time
    and belong into a thread.
    """

    max_rows: ClassVar[int]

    def __init__(self, path: Path, *, sheets: int) -> None:
        """``sheets`` is how many there will be."""
        self.path = path
        self.sheets = sheets
        self.rows = 0

    def begin(self, sheet: Sheet, sample: Sequence[Row]) -> None:
        """A new sheet; ``sample`` are its first rows, which show how wide the columns want to be."""
        self.sheet = sheet
        self._sums: list[_Sum | None] = [_Sum() if column.summed else None for column in sheet.columns]
        self._begin(sample)

    def write(self, rows: Sequence[Row]) -> None:
        self.rows += len(rows)
        if self.rows > self.max_rows:
            raise ReportTooLarge(f"this format has at most {self.max_rows:,} rows; narrow the report down or take another")
        for row in rows:
            assert len(row) == len(self.sheet.columns), f"{self.sheet.title}: a row has other columns than its sheet"
            for total, cell in zip(self._sums, row, strict=True):
                if total is not None:
                    total.add(cell)
        self._write(rows)

    def end(self) -> None:
        self._end([*self._sum_row(), *self.sheet.totals])

    @abstractmethod
    def _begin(self, sample: Sequence[Row]) -> None: ...

    @abstractmethod
    def _write(self, rows: Sequence[Row]) -> None: ...

    @abstractmethod
    def _end(self, totals: Sequence[Row]) -> None: ...

    @abstractmethod
    def finish(self) -> None:
        """The file is complete."""

    @abstractmethod
    def close(self) -> None:
        """Let go of what is open, whether the report was finished or not; safe to call again."""

    def _sum_row(self) -> list[Row]:
        if not any(self._sums):
            return []
        row: list[Cell] = [None if total is None else total.value for total in self._sums]
        if row[0] is None and self._sums[0] is None:
            row[0] = TOTAL
        return [row]


class _Sum:
    """The sum of a column; None once two currencies have met in it."""

    def __init__(self) -> None:
        self._sum: Money | Decimal | None = None
        self._mixed = False

    def add(self, cell: Cell) -> None:
        if cell is None or self._mixed:
            return
        if isinstance(cell, Money):
            if self._sum is None:
                self._sum = cell
            elif isinstance(self._sum, Money) and self._sum.currency == cell.currency:
                self._sum += cell
            else:
                self._mixed = True
        elif isinstance(cell, int | Decimal) and not isinstance(self._sum, Money):
            self._sum = (self._sum or Decimal(0)) + cell
        else:
            self._mixed = True

    @property
    def value(self) -> Money | Decimal | None:
        return None if self._mixed else self._sum
