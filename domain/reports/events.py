"""What reports announce, each to whoever asked for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from domain.events.event import Event, event
from domain.reports.models import ReportFormat, ReportPeriod, ReportState


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
    """A report is done, and its file can be fetched; by those, too, whom a schedule has it mailed to."""

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
    mailed_to: list[UUID] = field(default_factory=list)

    def topics(self) -> Iterable[str]:
        readers = (topic for reader in self.mailed_to for topic in (f"reports:{reader}", f"user:{reader}"))
        return dict.fromkeys((*super().topics(), *readers))

    def audience(self) -> Iterable[str]:
        return dict.fromkeys((*super().audience(), *(f"user:{reader}" for reader in self.mailed_to)))


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


class _ToOwner(Event):
    schedule_id: UUID
    owner_id: UUID

    def topics(self) -> Iterable[str]:
        return (f"report_schedule:{self.schedule_id}", f"reports:{self.owner_id}", f"user:{self.owner_id}")

    def audience(self) -> Iterable[str]:
        return (f"user:{self.owner_id}",)


@event("reports.schedule_changed")
@dataclass(frozen=True, kw_only=True)
class ReportScheduleChanged(_ToOwner):
    """A report is to be made again and again, or not any more: then ``next_at`` is None."""

    schedule_id: UUID
    owner_id: UUID
    kind: str
    title: str
    format: ReportFormat
    period: ReportPeriod | None
    cron: str
    mailed_to: list[UUID]
    next_at: datetime | None


@event("reports.scheduled_report_refused")
@dataclass(frozen=True, kw_only=True)
class ScheduledReportRefused(_ToOwner):
    """A report was due by a schedule, and its owner may not have it made any more; the next time it is tried again."""

    schedule_id: UUID
    owner_id: UUID
    kind: str
    title: str
    due_at: datetime
    next_at: datetime
    error_code: str
    error: str
