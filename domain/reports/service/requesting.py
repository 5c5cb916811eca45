"""Asking for a report: it is looked at now and made later, by a task that is left in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.jobs.queue import enqueue
from domain.kit import clock
from domain.kit.context import CallContext, call_context, current_call
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.reports.errors import ReportFormatNotOffered, TooManyReports
from domain.reports.events import ReportRequested
from domain.reports.models import Report, ReportFormat, ReportState
from domain.reports.parameters import read_parameters
from domain.reports.registry import ReportKind, kind_named

MAKE: Final = "reports.generate"
MAX_OPEN: Final = 10
"""So many reports of one person are in the making at once."""


@dataclass(frozen=True, slots=True)
class Due:
    """The schedule that asks for a report, at the time when it was due, and who reads it besides."""

    schedule_id: UUID
    at: datetime
    readers: Sequence[UUID]


def askable(actor: Actor, kind: str, format: ReportFormat) -> ReportKind:
    """The kind, if the actor may ask for such a report in this format."""
    actor.require(Permission.REPORTS_GENERATE)
    wanted = kind_named(kind)
    actor.require(wanted.requires)
    if format not in wanted.formats:
        raise ReportFormatNotOffered(f"{wanted.title} is made as {', '.join(each.value for each in wanted.format_list)}")
    return wanted


@retried
async def generate_report(
    actor: Actor, *, kind: str, format: ReportFormat, parameters: Mapping[str, Any], due: Due | None = None
) -> Report:
    """Have a report made. It is announced when it is ready, and its file is fetched from there.

    ``parameters`` are by the names of :data:`domain.reports.parameters.VOCABULARY`; None is as good as absent.
    """
    wanted = askable(actor, kind, format)
    given = read_parameters(wanted.parameters, parameters)
    async with unit_of_work() as work:
        await _require_patience(work, actor)
        report = Report(
            id=new_id(),
            kind=wanted.name,
            title=wanted.title,
            parameters=given.model_dump(mode="json", exclude_none=True),
            format=format,
            state=ReportState.QUEUED,
            requested_by=actor.id,
            created_at=clock.now(),
        )
        if due is not None:
            report.schedule_id, report.due_at, report.shared_with = due.schedule_id, due.at, list(due.readers)
        with call_context(CallContext(correlation_id=current_call().correlation_id, actor_id=actor.id)):
            report.task_id = await enqueue(work, MAKE, {"report_id": str(report.id)}, dedupe_key=str(report.id))
        await report.save()
        work.record(
            ReportRequested(
                report_id=report.id,
                requested_by=actor.id,
                kind=report.kind,
                title=report.title,
                format=format,
                requested_at=report.created_at,
            )
        )
    return report


async def _require_patience(work: Work, actor: Actor) -> None:
    """Count what is in the making for the actor, one request at a time."""
    await work.execute("select pg_advisory_xact_lock(hashtextextended('reports of ' || $1::text, 0))", str(actor.id))
    in_the_making = await Report.filter(requested_by=actor.id, state__in=["QUEUED", "RUNNING"]).count()
    if in_the_making >= MAX_OPEN:
        raise TooManyReports(f"{in_the_making} reports are being made for you; wait for one of them")
