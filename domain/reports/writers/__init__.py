"""Writing sheets as CSV, XLSX and PDF."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from domain.files.contents import ContentType
from domain.reports.models import ReportFormat
from domain.reports.writers.csv import CsvWriter
from domain.reports.writers.pdf import PdfWriter
from domain.reports.writers.writer import Writer
from domain.reports.writers.xlsx import XlsxWriter

__all__ = ["CONTENT_TYPES", "ENDINGS", "WRITERS", "Writer"]

WRITERS: Final[Mapping[ReportFormat, type[Writer]]] = {
    ReportFormat.CSV: CsvWriter,
    ReportFormat.XLSX: XlsxWriter,
    ReportFormat.PDF: PdfWriter,
}
CONTENT_TYPES: Final = {
    ReportFormat.CSV: ContentType.CSV,
    ReportFormat.XLSX: ContentType.XLSX,
    ReportFormat.PDF: ContentType.PDF,
}
ENDINGS: Final = {ReportFormat.CSV: ".csv", ReportFormat.XLSX: ".xlsx", ReportFormat.PDF: ".pdf"}
