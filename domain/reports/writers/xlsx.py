"""Workbooks: real numbers and dates, a heading that stays in sight, widths that fit; text is never a formula or a link."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from domain.kit.money import Money, decimals_of
from domain.reports.sheets import Cell, ColumnKind, Row
from domain.reports.writers.writer import Writer

HEADING_ROW: Final = 3
MAX_TEXT: Final = 32_000
MAX_SHEET_NAME: Final = 31
NARROWEST, WIDEST = 9, 60

_FORMATS: Final = {
    ColumnKind.NUMBER: "#,##0.####",
    ColumnKind.PERCENT: "0.00%",
    ColumnKind.DATE: "yyyy-mm-dd",
    ColumnKind.INSTANT: 'yyyy-mm-dd hh:mm:ss" UTC"',
}
_ASSUMED_WIDTHS: Final = {ColumnKind.MONEY: 16, ColumnKind.DATE: 12, ColumnKind.INSTANT: 24}


class XlsxWriter(Writer):
    """Rows go to the disk as they come (``constant_memory``), so they must come in order, and they do."""

    max_rows = 1_000_000

    def __init__(self, path: Path, *, sheets: int) -> None:
        super().__init__(path, sheets=sheets)
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(str(path), {**options, "tmpdir": str(path.parent)})
        self._title = self._book.add_format({"bold": True, "font_size": 14})
        self._faint = self._book.add_format({"font_color": "#555555"})
        self._heading: dict[bool, Any] = {
            right: self._book.add_format(
                {"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter", "align": "right" if right else "left"}
            )
            for right in (False, True)
        }
        self._formats: dict[tuple[str, bool], Any] = {}
        self._names: set[str] = set()
        self._row = 0

    def _begin(self, sample: Sequence[Row]) -> None:
        sheet = self.sheet
        self._page = self._book.add_worksheet(self._free_name(sheet.title))
        for index, width in enumerate(_widths(self)):
            self._page.set_column(index, index, _wide_enough(width, index, sample))
        self._page.write_string(0, 0, sheet.title[:MAX_TEXT], self._title)
        self._page.write_string(1, 0, sheet.subtitle[:MAX_TEXT], self._faint)
        for index, column in enumerate(sheet.columns):
            self._page.write_string(HEADING_ROW, index, column.title, self._heading[column.kind.leans_right])
        self._page.freeze_panes(HEADING_ROW + 1, 0)
        self._page.repeat_rows(HEADING_ROW)
        self._page.set_landscape()
        self._page.fit_to_pages(1, 0)
        self._row = HEADING_ROW + 1

    def _write(self, rows: Sequence[Row]) -> None:
        for row in rows:
            self._write_row(row, total=False)

    def _end(self, totals: Sequence[Row]) -> None:
        last_row = max(self._row - 1, HEADING_ROW)
        for row in totals:
            self._write_row(row, total=True)
        self._page.autofilter(HEADING_ROW, 0, last_row, max(len(self.sheet.columns) - 1, 0))

    def finish(self) -> None:
        self._book.set_properties({"title": self.sheet.title, "company": "Daftari"})
        self._book.close()

    def close(self) -> None:
        if not self._book.fileclosed:
            self._book.close()

    def _write_row(self, row: Row, *, total: bool) -> None:
        for index, (column, cell) in enumerate(zip(self.sheet.columns, row, strict=True)):
            self._write_cell(index, column.kind, cell, total=total)
        self._row += 1

    def _write_cell(self, index: int, kind: ColumnKind, cell: Cell, *, total: bool) -> None:
        page, row = self._page, self._row
        if cell is None:
            if total:
                page.write_blank(row, index, None, self._format("", total=True))
        elif isinstance(cell, str):
            page.write_string(row, index, cell.replace("\x00", "")[:MAX_TEXT], self._format("", total=total))
        elif isinstance(cell, Money):
            decimals = decimals_of(cell.currency)
            pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
            page.write_number(row, index, float(cell.amount), self._format(pattern, total=total))
        elif isinstance(cell, datetime):
            instant = cell.astimezone(UTC).replace(tzinfo=None)
            page.write_datetime(row, index, instant, self._format(_FORMATS[ColumnKind.INSTANT], total=total))
        elif isinstance(cell, date):
            page.write_datetime(row, index, cell, self._format(_FORMATS[ColumnKind.DATE], total=total))
        else:
            percent = kind is ColumnKind.PERCENT
            number = float(Decimal(cell) / 100) if percent else float(cell)
            pattern = _FORMATS[ColumnKind.PERCENT if percent else ColumnKind.NUMBER]
            page.write_number(row, index, number, self._format(pattern, total=total))

    def _format(self, pattern: str, *, total: bool) -> Any:
        key = (pattern, total)
        if key not in self._formats:
            said: dict[str, Any] = {"num_format": pattern} if pattern else {}
            self._formats[key] = self._book.add_format(said | ({"bold": True, "top": 1} if total else {}))
        return self._formats[key]

    def _free_name(self, title: str) -> str:
        """A name that workbooks allow, and that no sheet before this one has."""
        plain = "".join(" " if each in "[]:*?/\\'" or unicodedata.category(each)[0] == "C" else each for each in title)
        plain = " ".join(plain.split())[:MAX_SHEET_NAME] or "Sheet"
        name, count = plain, 1
        while name.lower() in self._names:
            count += 1
            name = f"{plain[: MAX_SHEET_NAME - len(str(count)) - 1]} {count}"
        self._names.add(name.lower())
        return name


def _widths(writer: XlsxWriter) -> list[int]:
    """What the headings and kinds of columns want, in characters."""
    return [max(len(column.title) + 3, _ASSUMED_WIDTHS.get(column.kind, 0)) for column in writer.sheet.columns]


def _wide_enough(width: int, index: int, sample: Sequence[Row]) -> int:
    longest = max((len(cell) + 1 for row in sample if isinstance(cell := row[index], str)), default=0)
    return min(max(width, longest, NARROWEST), WIDEST)
