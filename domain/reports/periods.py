"""When a schedule is due, and which days its report is about then."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from croniter import CroniterError, croniter

from domain.kit.errors import InvalidInput
from domain.reports.errors import BadReportSchedule
from domain.reports.models import ReportPeriod
from domain.reports.parameters import Parameters

LONGEST_CRON: Final = 100

# Minute, hour, day of the month, month, day of the week. One minute, so that nothing is due more often than every hour; no
# letters but names of months and days, for some mean chance.
_FIVE: Final = re.compile(r"[0-5]?[0-9]( ([0-9*/,-]|[A-Z]{3})+){4}")


def require_cron(said: str) -> str:
    """A cron expression as it is kept; refused with BAD_REPORT_SCHEDULE."""
    cron = " ".join(said.upper().split())
    if len(cron) > LONGEST_CRON or not _FIVE.fullmatch(cron) or not croniter.is_valid(cron):
        raise BadReportSchedule(
            "say five fields: one minute, then hour, day, month and day of the week, such as 30 6 * * MON"
        )
    return cron


def next_time(cron: str, after: datetime) -> datetime:
    """The first moment after another that an expression means, in UTC; BAD_REPORT_SCHEDULE when it means none."""
    try:
        due: datetime = croniter(cron, after).get_next(datetime)
    except CroniterError:
        raise BadReportSchedule("there is no such day, so that nothing would ever be due") from None
    return due


def days_of(period: ReportPeriod, on: date) -> tuple[date, date]:
    """The first and the last day of a period, both included, for a report that is made on a day."""
    match period:
        case ReportPeriod.PREVIOUS_DAY:
            return on - timedelta(days=1), on - timedelta(days=1)
        case ReportPeriod.PREVIOUS_WEEK:
            monday = on - timedelta(days=on.weekday())
            return monday - timedelta(days=7), monday - timedelta(days=1)
        case ReportPeriod.PREVIOUS_MONTH:
            last = on.replace(day=1) - timedelta(days=1)
            return last.replace(day=1), last
        case ReportPeriod.MONTH_TO_DATE:
            return on.replace(day=1), on
        case ReportPeriod.YEAR_TO_DATE:
            return on.replace(month=1, day=1), on


def with_period(
    takes: type[Parameters], parameters: Mapping[str, Any], period: ReportPeriod | None, on: date
) -> dict[str, Any]:
    """Parameters with the days of a period: from and to for a kind that takes these, or else the day at whose end it is."""
    given = {name: value for name, value in parameters.items() if value is not None}
    if period is None:
        return given
    since, until = days_of(period, on)
    fields = takes.model_fields
    days = {"from_date": since, "to_date": until} if "from_date" in fields else {"as_of": until}
    if not days.keys() <= fields.keys():
        raise InvalidInput("this report is about no days", field=("input", "period"))
    if days.keys() & given.keys():
        raise InvalidInput("say days or a period, not both", field=("input", "period"))
    return given | days
