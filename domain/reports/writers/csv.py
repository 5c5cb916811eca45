"""CSV as RFC 4180 has it: commas, CRLF, quotes where needed; in UTF-8 with a byte order mark, without which spreadsheet
programs take it for something older.

Text that a spreadsheet program would take for a formula gets an apostrophe in front, because whoever wrote it into a name
or a description would be running it on the reader's machine. Numbers are numbers, without separators of thousands.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

from domain.kit.money import Money
from domain.reports.sheets import Cell, Row
from domain.reports.writers.writer import Writer

DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a formula may begin with, in full width, too."""

_CONTROLS: Final = dict.fromkeys({*range(32), *range(127, 160)} - {ord(each) for each in "\t\n\r"})


class CsvWriter(Writer):
    """A report of one sheet is a plain table; of several, each has its title above and an empty line below."""

    max_rows = 2_000_000

    def __init__(self, path: Path, *, sheets: int) -> None:
        super().__init__(path, sheets=sheets)
        self._file = path.open("w", encoding="utf-8", newline="")
        self._file.write(codecs.BOM_UTF8.decode("utf-8"))
        self._out = csv.writer(self._file, lineterminator="\r\n")
        self._first = True

    def _begin(self, sample: Sequence[Row]) -> None:
        if self.sheets > 1:
            if not self._first:
                self._out.writerow([])
            self._out.writerow([harmless(self.sheet.title)])
        self._first = False
        self._out.writerow([harmless(column.title) for column in self.sheet.columns])

    def _write(self, rows: Sequence[Row]) -> None:
        self._out.writerows([said(cell) for cell in row] for row in rows)

    def _end(self, totals: Sequence[Row]) -> None:
        self._write(totals)

    def finish(self) -> None:
        self._file.close()

    def close(self) -> None:
        self._file.close()


def harmless(text: str) -> str:
    """Text as a cell that no program runs, without control characters but those that break lines."""
    clean = text.translate(_CONTROLS)
    return f"'{clean}" if clean.startswith(DANGEROUS) else clean


def said(cell: Cell) -> str | int | Decimal:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return harmless(cell)
    if isinstance(cell, Money):
        return cell.amount
    if isinstance(cell, datetime):
        return cell.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return cell.isoformat() if isinstance(cell, date) else cell
