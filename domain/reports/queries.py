"""Reading reports: one's own, or everybody's for administrators."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.paging import Page, PageRequest, page_of
from domain.reports.access import may_see
from domain.reports.models import Report, ReportState
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
    """Reports, the newest first."""
    actor.require(Permission.JOBS_READ if wanted.everybodys else Permission.SIGNED_IN)
    found = Report.all() if wanted.everybodys else Report.filter(requested_by=actor.id)
    if wanted.kind is not None:
        found = found.filter(kind=wanted.kind)
    if wanted.states is not None:
        found = found.filter(state__in=[state.value for state in wanted.states])
    return await page_of(found, page, "-created_at", "-id")


async def reports_by_id(actor: Actor, report_ids: Collection[UUID]) -> dict[UUID, Report]:
    """Those of several reports that the actor may see."""
    actor.require(Permission.SIGNED_IN)
    return {report.id: report for report in await Report.filter(id__in=report_ids) if may_see(actor, report)}
