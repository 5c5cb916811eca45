"""Papers: title and period, a table whose heading is repeated on each page, page numbers.

The font is embedded, so that names and currencies look the same everywhere: Noto Sans for Latin, Greek and Cyrillic
letters, Noto Sans Devanagari where those have none. Bold is the same font with a line around its letters.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Final

from fpdf import FPDF
from fpdf.enums import TextMode

from domain.kit import clock
from domain.kit.money import Money
from domain.reports.sheets import Cell, ColumnKind, Row
from domain.reports.writers.writer import Writer

FONT, FALLBACK = "Noto Sans", "Noto Sans Devanagari"
FONT_FILES: Final = {
    FONT: files("fontpkg_noto_sans") / "files" / "NotoSans[wdth,wght].ttf",
    FALLBACK: files("fontpkg_noto_sans_devanagari") / "files" / "NotoSansDevanagari[wdth,wght].ttf",
}
TEXT_PT, TITLE_PT, SMALL_PT = 8.0, 15.0, 7.0
LINE_MM, MARGIN_MM, GAP_MM = 4.2, 12.0, 1.0
MAX_LINES: Final = 4
UPRIGHT_COLUMNS: Final = 5
"""With more columns than these the paper lies on its side."""

_ASSUMED_CHARACTERS: Final = {
    ColumnKind.MONEY: 16,
    ColumnKind.NUMBER: 10,
    ColumnKind.PERCENT: 8,
    ColumnKind.DATE: 11,
    ColumnKind.INSTANT: 20,
}
_WIDEST_CHARACTERS: Final = 40


class _Paper(FPDF):
    """A page of a report. The footer is on each of them."""

    def footer(self) -> None:
        self.set_y(-MARGIN_MM + 2)
        self.set_font(FONT, size=SMALL_PT)
        self.set_text_color(110)
        half = self.epw / 2
        self.cell(half, 4, f"Daftari, {clock.now().astimezone(UTC):%Y-%m-%d %H:%M} UTC")
        self.cell(half, 4, f"Page {self.page_no()} of {{nb}}", align="R")
        self.set_text_color(0)


class PdfWriter(Writer):
    """Lines are set one by one: the library's own tables keep all rows in memory."""

    max_rows = 20_000

    def __init__(self, path: Path, *, sheets: int) -> None:
        super().__init__(path, sheets=sheets)
        self._paper = _Paper(format="A4")
        for name, file in FONT_FILES.items():
            self._paper.add_font(name, fname=str(file))
        self._paper.set_fallback_fonts([FALLBACK], exact_match=False)
        self._paper.set_margin(MARGIN_MM)
        self._paper.set_auto_page_break(False)
        self._paper.set_creator("Daftari")
        self._widths: list[float] = []
        self._bold = False

    def _begin(self, sample: Sequence[Row]) -> None:
        paper, sheet = self._paper, self.sheet
        paper.set_title(sheet.title)
        paper.add_page(orientation="portrait" if len(sheet.columns) <= UPRIGHT_COLUMNS else "landscape")
        self._widths = self._shares(sample)
        paper.set_font(FONT, size=TITLE_PT)
        paper.cell(paper.epw, 8, _plain(sheet.title), new_x="LMARGIN", new_y="NEXT")
        paper.set_font(FONT, size=TEXT_PT + 1)
        paper.set_text_color(90)
        paper.multi_cell(paper.epw, LINE_MM + 0.5, _plain(sheet.subtitle), new_x="LMARGIN", new_y="NEXT")
        paper.set_text_color(0)
        paper.ln(3)
        self._head()

    def _write(self, rows: Sequence[Row]) -> None:
        for row in rows:
            self._set([said(cell, column.kind) for cell, column in zip(row, self.sheet.columns, strict=True)])

    def _end(self, totals: Sequence[Row]) -> None:
        if not totals:
            return
        self._rule()
        self._bold = True
        self._write(totals)
        self._bold = False

    def finish(self) -> None:
        self._paper.output(str(self.path))

    def close(self) -> None:
        """Nothing is open: the paper is in memory until it is finished."""

    def _shares(self, sample: Sequence[Row]) -> list[float]:
        """The page's width shared out by how long the texts are that a column has."""
        wishes = []
        for index, column in enumerate(self.sheet.columns):
            longest_word = max((len(word) for word in column.title.split()), default=0)
            longest = max((len(cell) for row in sample if isinstance(cell := row[index], str)), default=0)
            wishes.append(max(_ASSUMED_CHARACTERS.get(column.kind, 6), longest_word, min(longest, _WIDEST_CHARACTERS)) + 2)
        return [self._paper.epw * wish / sum(wishes) for wish in wishes]

    def _head(self) -> None:
        self._paper.set_font(FONT, size=TEXT_PT)
        self._bold = True
        self._set([column.title for column in self.sheet.columns], is_head=True)
        self._bold = False
        self._rule()

    def _rule(self) -> None:
        paper = self._paper
        paper.set_draw_color(120)
        paper.set_line_width(0.2)
        paper.line(paper.l_margin, paper.get_y(), paper.l_margin + paper.epw, paper.get_y())
        paper.set_y(paper.get_y() + 0.6)

    def _set(self, texts: Sequence[str], *, is_head: bool = False) -> None:
        """One row, as high as its longest text is when wrapped; a new page first when it does not fit."""
        paper = self._paper
        wrapped = [self._lines(_plain(text), width - 2 * GAP_MM) for text, width in zip(texts, self._widths, strict=True)]
        height = LINE_MM * max((len(lines) for lines in wrapped), default=1)
        if not is_head and paper.get_y() + height > paper.h - MARGIN_MM - 3:
            bold = self._bold
            paper.add_page(same=True)
            self._head()
            self._bold = bold
        top, left = paper.get_y(), paper.l_margin
        with paper.local_context(
            text_mode=TextMode.FILL_STROKE if self._bold else TextMode.FILL, line_width=0.08, draw_color=0
        ):
            for lines, width, column in zip(wrapped, self._widths, self.sheet.columns, strict=True):
                for number, line in enumerate(lines):
                    paper.set_xy(left + GAP_MM, top + number * LINE_MM)
                    paper.cell(width - 2 * GAP_MM, LINE_MM, line, align="R" if column.kind.leans_right else "L")
                left += width
        paper.set_xy(paper.l_margin, top + height)

    def _lines(self, text: str, width: float) -> list[str]:
        """A text in lines that fit, broken between words, within one when it must be."""
        measure = self._paper.get_string_width
        if not text or measure(text) <= width:
            return [text]
        lines, line = [], ""
        for word in text.split(" "):
            tried = f"{line} {word}" if line else word
            if measure(tried) <= width:
                line = tried
                continue
            if line:
                lines.append(line)
            line = word
            while measure(line) > width and len(line) > 1:
                fitting = self._fitting(line, width)
                lines.append(line[:fitting])
                line = line[fitting:]
        lines.append(line)
        if len(lines) > MAX_LINES:
            lines = [*lines[: MAX_LINES - 1], f"{lines[MAX_LINES - 1][:-1]}…"]
        return lines

    def _fitting(self, word: str, width: float) -> int:
        """How many characters of a word fit into a line, one at least."""
        low, high = 1, len(word)
        while low < high:
            middle = (low + high + 1) // 2
            if self._paper.get_string_width(word[:middle]) <= width:
                low = middle
            else:
                high = middle - 1
        return low


def said(cell: Cell, kind: ColumnKind) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, Money):
        return f"{cell.amount:,}"
    if isinstance(cell, datetime):
        return f"{cell.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, date):
        return cell.isoformat()
    return f"{Decimal(cell):,.2f} %" if kind is ColumnKind.PERCENT else f"{cell:,}"


def _plain(text: str) -> str:
    """Text on one line, without what is no character of a paper."""
    return "".join(
        " " if each in "\r\n\t" else each for each in text if each in "\r\n\t" or unicodedata.category(each) != "Cc"
    )
