"""What is written is what was filled in, as other programs read it."""

from __future__ import annotations

import codecs
import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.files.contents import ContentType, type_of
from domain.kit.money import Money
from domain.reports.errors import ReportTooLarge
from domain.reports.models import ReportFormat
from domain.reports.sheets import Column, ColumnKind, Row, Sheet
from domain.reports.writers import ENDINGS, writer_of
from domain.reports.writers.csv import harmless

COLUMNS = [
    Column("Who"),
    Column("Paid", ColumnKind.MONEY, summed=True),
    Column("Times", ColumnKind.NUMBER, summed=True),
    Column("Share", ColumnKind.PERCENT),
    Column("On", ColumnKind.DATE),
    Column("At", ColumnKind.INSTANT),
]
DAY, INSTANT = date(2030, 3, 4), datetime(2030, 3, 4, 12, 30, 5, tzinfo=UTC)


def inr(amount: str) -> Money:
    return Money.of(amount, "INR")


def a_row(who: str = "Asha Patel", paid: str = "1234.50", times: int | None = 3) -> Row:
    return who, inr(paid), times, Decimal("12.5"), DAY, INSTANT


def a_sheet(rows: list[Row], **changes: Any) -> Sheet:
    return Sheet(**{"title": "Payments", "subtitle": "4 March 2030", "columns": COLUMNS, "rows": rows, **changes})


def written(folder: Path, format: ReportFormat, *sheets: Sheet) -> Path:
    path = folder / f"report{ENDINGS[format]}"
    writer = writer_of(format)(path, sheets=len(sheets))
    try:
        for sheet in sheets:
            rows = list(sheet.rows)  # type: ignore[arg-type]
            writer.begin(sheet, rows)
            writer.write(rows)
            writer.end()
        writer.finish()
    finally:
        writer.close()
    return path


def test_csv_is_read_back_as_it_was(tmp_path: Path) -> None:
    rows = [a_row(), a_row('Zürich "Süd", Ltd.\nsecond line', "-5.00", None)]
    content = written(tmp_path, ReportFormat.CSV, a_sheet(rows)).read_bytes()
    assert content.startswith(codecs.BOM_UTF8)
    assert content.count(b"\r\n") == 4
    read = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    assert read == [
        ["Who", "Paid", "Times", "Share", "On", "At"],
        ["Asha Patel", "1234.50", "3", "12.5", "2030-03-04", "2030-03-04T12:30:05Z"],
        ['Zürich "Süd", Ltd.\nsecond line', "-5.00", "", "12.5", "2030-03-04", "2030-03-04T12:30:05Z"],
        ["Total", "1229.50", "3", "", "", ""],
    ]


@pytest.mark.attack("formula injection", on="Exports")
@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", '=HYPERLINK("http://x")'])
def test_no_text_of_a_csv_is_a_formula(tmp_path: Path, text: str) -> None:
    assert harmless(text) == f"'{text}"
    content = written(tmp_path, ReportFormat.CSV, a_sheet([a_row(text)])).read_bytes().decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(content, newline="")))[1][0] == f"'{text}"


@given(st.text())
def test_what_is_written_is_taken_for_what_it_is(text: str) -> None:
    """The files of reports go through the same door as all files, whatever people write into names."""
    cell = harmless(text)
    row = io.StringIO(newline="")
    csv.writer(row).writerow(["Who", cell])
    try:
        content = row.getvalue().encode()
    except UnicodeEncodeError:  # Half of a surrogate pair, which the database does not hold.
        return
    assert type_of(content, file_name="report.csv", declared=None) is ContentType.CSV


def test_several_sheets_of_a_csv_stand_below_each_other(tmp_path: Path) -> None:
    sheets = [a_sheet([a_row()], title=title, columns=[*COLUMNS]) for title in ("One", "=Two")]
    lines = written(tmp_path, ReportFormat.CSV, *sheets).read_text("utf-8-sig").splitlines()
    assert (lines[0], lines[4], lines[5]) == ("One", "", "'=Two")


@pytest.mark.attack("formula injection", on="Exports")
def test_a_workbook_has_numbers_and_dates(tmp_path: Path) -> None:
    rows = [a_row(), a_row("=1+1", "-5.00")]
    sheets = [
        a_sheet(rows),
        a_sheet(rows, title="pay[ments]:/\\*?", totals=[("Extra", inr("7.00"), None, None, None, None)]),
    ]
    book = openpyxl.load_workbook(written(tmp_path, ReportFormat.XLSX, *sheets, a_sheet([], title="payments")))
    assert book.sheetnames == ["Payments", "pay ments", "payments 2"]
    page = book["Payments"]
    assert (page["A1"].value, page["A2"].value, page.freeze_panes) == ("Payments", "4 March 2030", "A5")
    assert [cell.value for cell in page[4]] == ["Who", "Paid", "Times", "Share", "On", "At"]
    assert [cell.value for cell in page[5]] == [
        "Asha Patel", 1234.5, 3, 0.125, datetime(2030, 3, 4), INSTANT.replace(tzinfo=None),  # noqa: DTZ001  As Excel has it.
    ]  # fmt: skip
    assert (page["B5"].number_format, page["D5"].number_format) == ("#,##0.00", "0.00%")
    assert (page["A6"].value, page["A6"].data_type) == ("=1+1", "s")
    assert [cell.value for cell in page[7]][:3] == ["Total", 1229.5, 6]
    assert page.column_dimensions["A"].width > 9
    assert [cell.value for cell in book["pay ments"][8]][:2] == ["Extra", 7]


def test_a_paper_has_its_heading_on_each_page(tmp_path: Path) -> None:
    names = [f"नमस्ते Łukasz Ωmega ₹ {number}" for number in range(120)]
    long = "a description that goes on and on " * 12 + "x" * 200
    sheet = a_sheet([a_row(name) for name in names] + [a_row(long), a_row("tab\tand\nline")])
    reader = pypdf.PdfReader(written(tmp_path, ReportFormat.PDF, sheet))
    texts = [page.extract_text() for page in reader.pages]
    assert len(texts) > 2
    assert all("Who" in text and "Share" in text for text in texts)
    assert all(f"Page {number} of {len(texts)}" in text for number, text in enumerate(texts, 1))
    assert "Payments" in texts[0] and "4 March 2030" in texts[0] and "1,234.50" in texts[0]
    assert all(any(f"Łukasz Ωmega ₹ {number}" in text for text in texts) for number in (0, 60, 119))
    assert "Total" in texts[-1] and "tab and line" in texts[-1]
    assert reader.metadata is not None and reader.metadata.title == "Payments"


@pytest.mark.parametrize("format", ReportFormat)
def test_a_report_without_rows_is_a_report(tmp_path: Path, format: ReportFormat) -> None:
    assert written(tmp_path, format, a_sheet([])).stat().st_size > 20


def test_money_of_two_currencies_has_no_sum(tmp_path: Path) -> None:
    rows = [a_row(), ("Ravi", Money.of("5", "KES"), 1, None, None, None)]
    last = written(tmp_path, ReportFormat.CSV, a_sheet(rows)).read_text("utf-8-sig").splitlines()[-1]
    assert last == "Total,,4,,,"


def test_a_format_bears_so_many_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer_of(ReportFormat.PDF), "max_rows", 1)
    with pytest.raises(ReportTooLarge, match="at most 1 rows"):
        written(tmp_path, ReportFormat.PDF, a_sheet([a_row(), a_row()]))
