"""What the files of reports are: made by the house, of the formats of reports, larger than what people hand in."""

from __future__ import annotations

from typing import Final

from domain.files.purposes import Purpose, declare_purpose
from domain.reports.writers import CONTENT_TYPES

REPORT: Final = declare_purpose(
    Purpose("report", frozenset(CONTENT_TYPES.values()), max_bytes=64 * 1024 * 1024, handed_in=False)
)
