"""What reports announce, each to whoever asked for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.events.event import Event, event
from domain.reports.models import ReportFormat, ReportState


class _ToRequester(Event):
    report_id: UUID
    requested_by: UUID

    def topics(self) -> Iterable[str]:
        return (f"report:{self.report_id}", f"reports:{self.requested_by}", f"user:{self.requested_by}")

    def audience(self) -> Iterable[str]:
        return (f"user:{self.requested_by}",)


@event("reports.report_requested")
@dataclass(frozen=True, kw_only=True)
class ReportRequested(_ToRequester):
    """Somebody has asked for a report; it is made in the background."""

    report_id: UUID
    requested_by: UUID
    kind: str
    title: str
    format: ReportFormat
    requested_at: datetime


@event("reports.report_progressed")
@dataclass(frozen=True, kw_only=True)
class ReportProgressed(_ToRequester):
    """A report is under way: so much of it is done."""

    report_id: UUID
    requested_by: UUID
    kind: str
    state: ReportState
    progress_percent: int
    rows_done: int
    rows_total: int | None


@event("reports.report_ready")
@dataclass(frozen=True, kw_only=True)
class ReportReady(_ToRequester):
    """A report is done, and its file can be fetched."""

    report_id: UUID
    requested_by: UUID
    kind: str
    title: str
    format: ReportFormat
    file_id: UUID
    file_name: str
    size_bytes: int
    rows: int
    ready_at: datetime


@event("reports.report_failed")
@dataclass(frozen=True, kw_only=True)
class ReportFailed(_ToRequester):
    """A report could not be made."""

    report_id: UUID
    requested_by: UUID
    kind: str
    title: str
    format: ReportFormat
    error_code: str
    error: str
    failed_at: datetime
