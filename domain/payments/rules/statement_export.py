"""Statement rows as a CSV file again, for people who look for what does not match."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from domain.payments.rules.phones import scrubbed
from domain.payments.rules.statements import StatementRow
from domain.reports.sheets import Cell
from domain.reports.writers.csv import said

EXPORT_HEADINGS: Final = (
    "Row", "Receipt No.", "Completion Time", "Kind", "Status", "Amount", "Direction", "Reverses", "A/C No.", "Sender",
    "Name", "Details",
)  # fmt: skip


def exported(rows: Iterable[StatementRow]) -> Iterator[str]:
    """Rows as lines of CSV, headings first: numbers masked, and nothing in them that a spreadsheet program would run."""
    yield _line(EXPORT_HEADINGS)
    for row in rows:
        yield _line(
            (
                row.number,
                row.receipt,
                row.completed_at,
                row.kind.value,
                row.outcome.value,
                row.amount,
                "IN" if row.came_in else "OUT",
                row.reverses,
                scrubbed(row.reference or ""),
                row.sender.masked if row.sender else None,
                row.other_party,
                row.details,
            )
        )


def _line(cells: Sequence[Cell]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerow([said(cell) for cell in cells])
    return out.getvalue()
