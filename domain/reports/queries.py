"""Reading reports: one's own, or everybody's for administrators."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from tortoise.expressions import Q

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.matching import matching
from domain.kit.paging import Page, PageRequest, page_of
from domain.kit.reading import Wanted, read, rows_by_id, source
from domain.reports.access import may_see
from domain.reports.models import Report, ReportSchedule, ReportState
from domain.reports.registry import ReportKind, every_kind


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFilter:
    """Which reports: those that fit all that is said. ``everybodys`` is for administrators, others see their own."""

    kind: str | None = None
    states: Sequence[ReportState] | None = None
    everybodys: bool = False


def report_kinds(actor: Actor) -> list[ReportKind]:
    """The kinds that the actor may ask for."""
    actor.require(Permission.REPORTS_GENERATE)
    return [kind for kind in every_kind() if actor.may(kind.requires)]


async def reports(actor: Actor, page: PageRequest, wanted: ReportFilter) -> Page[Report]:
    """Reports, the newest first: one's own, and those that one is sent."""
    actor.require(Permission.JOBS_READ if wanted.everybodys else Permission.SIGNED_IN)
    own = Q(requested_by=actor.id) | Q(shared_with__contains=[actor.id])
    found = Report.all() if wanted.everybodys else Report.filter(own)
    if wanted.kind is not None:
        found = found.filter(matching(Report, kind=wanted.kind))
    if wanted.states is not None:
        found = found.filter(state__in=[state.value for state in wanted.states])
    return await page_of(found, page, "-created_at", "-id")


@source
async def reports_by_id(actor: Actor, report_ids: Collection[UUID], wanted: Wanted) -> dict[UUID, Report]:
    """Those of several reports that the actor may see."""
    actor.require(Permission.SIGNED_IN)
    found = await read(Report.filter(id__in=list(report_ids)), wanted and wanted | {"id", "requested_by", "shared_with"})
    return {report.id: report for report in found if may_see(actor, report)}


async def scheduled_reports(
    actor: Actor, page: PageRequest, *, cancelled: bool = False, everybodys: bool = False
) -> Page[ReportSchedule]:
    """Schedules of reports, the newest first: those that go on, or with ``cancelled`` those that are over."""
    actor.require(Permission.JOBS_READ if everybodys else Permission.REPORTS_GENERATE)
    found = ReportSchedule.filter(cancelled_at__isnull=not cancelled)
    return await page_of(found if everybodys else found.filter(owner_id=actor.id), page, "-created_at", "-id")


def _seen_schedules(actor: Actor) -> Q:
    actor.require(Permission.SIGNED_IN)
    return Q() if actor.may(Permission.JOBS_READ) else Q(owner_id=actor.id)


scheduled_reports_by_id = rows_by_id(ReportSchedule, _seen_schedules)
"""Those of several schedules that are the actor's, or all for those who look after the work in the background."""
