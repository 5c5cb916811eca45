"""Writing sheets as CSV, XLSX and PDF."""

from __future__ import annotations

from typing import Final

from domain.files.contents import ContentType
from domain.reports.models import ReportFormat
from domain.reports.writers.writer import Writer

__all__ = ["CONTENT_TYPES", "ENDINGS", "Writer", "writer_of"]

CONTENT_TYPES: Final = {
    ReportFormat.CSV: ContentType.CSV,
    ReportFormat.XLSX: ContentType.XLSX,
    ReportFormat.PDF: ContentType.PDF,
}
ENDINGS: Final = {ReportFormat.CSV: ".csv", ReportFormat.XLSX: ".xlsx", ReportFormat.PDF: ".pdf"}


def writer_of(format: ReportFormat) -> type[Writer]:
    """Who writes a format. Imported when it is needed, because every process knows reports and few ever write one; what
    workbooks and papers lean on takes longer to load than the rest of the room."""
    if format is ReportFormat.XLSX:
        from domain.reports.writers.xlsx import XlsxWriter

        return XlsxWriter
    if format is ReportFormat.PDF:
        from domain.reports.writers.pdf import PdfWriter

        return PdfWriter
    from domain.reports.writers.csv import CsvWriter

    return CsvWriter
