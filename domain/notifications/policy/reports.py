"""Reports: whoever asked for one need not wait beside it."""

from __future__ import annotations

from typing import Any, Final

from domain.events.event import LoggedEvent
from domain.kit.wording import counted
from domain.notifications.recipients import Recipients, persons
from domain.notifications.rule import BY_MAIL, HIGH, MEDIUM, MONTH, Rule, Subject
from domain.reports.events import ReportFailed, ReportReady, ScheduledReportRefused


def who_asked(fact: Any, logged: LoggedEvent) -> Recipients:
    return persons(fact.requested_by)


def who_reads(fact: Any, logged: LoggedEvent) -> Recipients:
    return persons(fact.requested_by, *fact.mailed_to)


def who_scheduled(fact: Any, logged: LoggedEvent) -> Recipients:
    return persons(fact.owner_id)


def the_report(fact: Any) -> Subject:
    return Subject("report", fact.report_id, {"title": fact.title, "format": fact.format.value})


def the_schedule(fact: Any) -> Subject:
    return Subject("scheduled_report", fact.schedule_id, {"title": fact.title})


RULES: Final[tuple[Rule[Any], ...]] = (
    Rule(
        on=ReportReady,
        to=who_reads,
        priority=MEDIUM,
        channels=BY_MAIL,
        title="Your report is ready",
        body=lambda fact: (
            f"{fact.title} ({fact.format.value}, {counted(fact.rows, 'row')}) can be fetched under reports, "
            f"from /files/{fact.file_id}"
        ),
        kept_for=MONTH,
        about=the_report,
    ),
    Rule(
        on=ReportFailed,
        to=who_asked,
        priority=HIGH,
        title="Your report could not be made",
        body=lambda fact: f"{fact.title}: {fact.error[:300]}",
        kept_for=MONTH,
        about=the_report,
    ),
    Rule(
        on=ScheduledReportRefused,
        to=who_scheduled,
        priority=HIGH,
        title="A scheduled report was not made",
        body=lambda fact: f"{fact.title}: {fact.error[:300]}. It is tried again on {fact.next_at:%Y-%m-%d %H:%M} UTC.",
        kept_for=MONTH,
        about=the_schedule,
    ),
)
