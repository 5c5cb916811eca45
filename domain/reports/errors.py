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


class TooManyReports(DomainError):
    """Too many reports of the caller are being made; wait for one of them."""

    code = "TOO_MANY_REPORTS"


class ReportTooLarge(DomainError):
    """The report has more rows than its format bears; narrow it down or take another format."""

    code = "REPORT_TOO_LARGE"
