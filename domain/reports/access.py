"""Whose reports are whose: one's own and those that a colleague's schedule sends one, as long as one may still read what
they are made of; those who look after the work in the background see that everybody's are there and how they fare, and not
what is in them.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from domain.files.access import readable
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.reports.errors import ReportKindUnknown
from domain.reports.models import Report
from domain.reports.registry import kind_named

SUBJECT = "report"


def may_see(actor: Actor, report: Report) -> bool:
    return report.requested_by == actor.id or actor.id in report.shared_with or actor.may(Permission.JOBS_READ)


def may_be_told(reader: Actor, owner: Actor, requires: Permission) -> bool:
    """Whether somebody may read what another's report of a kind shows: it is filled with what the owner sees."""
    return reader.may(requires) and reader.branch_scope in (None, owner.branch_scope)


def may_fetch(actor: Actor, report: Report) -> bool:
    """The file of a report: for whoever asked for it, was sent it or administers, and may read what is in it, now."""
    try:
        return may_see(actor, report) and actor.may(kind_named(report.kind).requires)
    except ReportKindUnknown:
        return False


async def _fetched(actor: Actor, report_ids: Sequence[UUID]) -> set[UUID]:
    return {report.id for report in await Report.filter(id__in=report_ids) if may_fetch(actor, report)}


readable(SUBJECT, _fetched)
