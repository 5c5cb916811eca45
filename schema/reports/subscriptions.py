"""Reports, live: how far they have come, and when they are there."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.errors import NotFound
from domain.reports import events
from domain.reports.models import ReportFormat, ReportState
from domain.reports.queries import reports_by_id
from schema.kit import ID, LiveEvent, Parent, argument, attribute, event_feed, event_type, field, global_id, read_id


@event_type("A report is done.")
class ReportReady(LiveEvent):
    report_id: ID = global_id("Report", "The report.")
    kind: str = attribute("Its kind, such as `trial_balance`.")
    title: str = attribute("Its title.")
    format: ReportFormat = attribute("As what it was made.")
    file_id: ID = global_id("File", "Its file.")
    file_name: str = attribute("The name of its file.")
    size_bytes: int = attribute("How many bytes it has.")
    rows: int = attribute("How many rows it has.")
    ready_at: datetime = attribute("When it was done.")

    @field(str, "The path on this server to GET it from, with the same bearer token as here.", shared=True)
    def download_path(self, ready: Parent[events.ReportReady]) -> str:
        return f"/files/{ready.file_id}"


@event_type("A report could not be made.")
class ReportFailed(LiveEvent):
    report_id: ID = global_id("Report", "The report.")
    kind: str = attribute("Its kind, such as `trial_balance`.")
    title: str = attribute("Its title.")
    format: ReportFormat = attribute("As what it was to be made.")
    error_code: str = attribute("Why, as a code such as `REPORT_TOO_LARGE`.")
    error: str = attribute("Why, in a sentence.")
    failed_at: datetime = attribute("When.")


@event_type("A report is under way.")
class ReportProgressed(LiveEvent):
    report_id: ID = global_id("Report", "The report.")
    kind: str = attribute("Its kind, such as `trial_balance`.")
    state: ReportState = attribute("Where it stands.")
    progress_percent: int = attribute("How much of it is done, from 0 to 99; then it is ready.")
    rows_done: int = attribute("How many rows are written.")
    rows_total: int | None = attribute("How many rows there will be; null while nobody knows.")


OnlyReport = Annotated[ID | None, argument("Only this report.")]


async def _topics(actor: Actor, report_id: ID | None) -> list[str]:
    """One's own reports, all or one of them."""
    if report_id is None:
        return [f"reports:{actor.id}"]
    key = read_id("Report", report_id, "reportId")
    report = (await reports_by_id(actor, [key])).get(key)
    if report is None or report.requested_by != actor.id:
        raise NotFound("there is no such report of yours", field=("reportId",))
    return [f"report:{key}"]


@strawberry.type
class Subscription:
    @event_feed(
        "The viewer's reports, as they are done or fail.",
        requires=Permission.SIGNED_IN,
        shows={events.ReportReady: ReportReady, events.ReportFailed: ReportFailed},
    )
    async def report_ready(actor: Actor, report_id: OnlyReport = None) -> list[str]:
        return await _topics(actor, report_id)

    @event_feed(
        "How far the viewer's reports have come, every few per cent, until they are done or fail.",
        requires=Permission.SIGNED_IN,
        shows={
            events.ReportProgressed: ReportProgressed,
            events.ReportReady: ReportReady,
            events.ReportFailed: ReportFailed,
        },
    )
    async def report_progress(actor: Actor, report_id: OnlyReport = None) -> list[str]:
        return await _topics(actor, report_id)
