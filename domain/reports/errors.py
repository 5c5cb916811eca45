"""Refusals of reports."""

from __future__ import annotations

from domain.kit.errors import DomainError, InvalidInput, NotFound


class ReportNotFound(NotFound):
    """There is no such report, or it is somebody else's."""

    code = "REPORT_NOT_FOUND"


class ReportKindUnknown(InvalidInput):
    """There is no such kind of report."""

    code = "REPORT_KIND_UNKNOWN"
    field = ("input", "kind")


class ReportFormatNotOffered(InvalidInput):
    """This kind of report is not made in this format."""

    code = "REPORT_FORMAT_NOT_OFFERED"
    field = ("input", "format")


class ScheduledReportNotFound(NotFound):
    """There is no such schedule of a report, or it is somebody else's."""

    code = "SCHEDULED_REPORT_NOT_FOUND"
    field = ("input", "scheduleId")


class BadReportSchedule(InvalidInput):
    """This says no times: five fields are needed (minute, hour, day, month, day of the week), at most one time an hour."""

    code = "BAD_REPORT_SCHEDULE"
    field = ("input", "cron")


class ReportReaderNotAllowed(DomainError):
    """Somebody whom the report is to be mailed to may not read what is in it."""

    code = "REPORT_READER_NOT_ALLOWED"
    field = ("input", "mailedTo")


class TooManyScheduledReports(DomainError):
    """The caller has too many schedules; cancel one of them."""

    code = "TOO_MANY_SCHEDULED_REPORTS"


class TooManyReports(DomainError):
    """Too many reports of the caller are being made; wait for one of them."""

    code = "TOO_MANY_REPORTS"


class ReportTooLarge(DomainError):
    """The report has more rows than its format bears; narrow it down or take another format."""

    code = "REPORT_TOO_LARGE"
