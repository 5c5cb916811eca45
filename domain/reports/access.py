"""Whose reports are whose: one's own, as long as one may still read what they are made of; those who look after the work
in the background see that everybody's are there and how they fare, and not what is in them.
"""

from __future__ import annotations

from uuid import UUID

from domain.files.access import readable
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.reports.errors import ReportKindUnknown
from domain.reports.models import Report
from domain.reports.registry import kind_named

SUBJECT = "report"


def may_see(actor: Actor, report: Report) -> bool:
    return report.requested_by == actor.id or actor.may(Permission.JOBS_READ)


async def may_fetch(actor: Actor, report_id: UUID) -> bool:
    """The file of a report: for whoever asked for it (or administers) and may read what is in it, now."""
    report = await Report.get_or_none(id=report_id)
    if report is None or not may_see(actor, report):
        return False
    try:
        return actor.may(kind_named(report.kind).requires)
    except ReportKindUnknown:
        return False


readable(SUBJECT, may_fetch)
