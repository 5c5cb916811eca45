"""What overseers read: the audit trail, the activity log, and whether every promise of the house holds."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.events import activity, queries
from domain.events.activity import ActivityFilter
from domain.events.models import AuditRecord, RowChange
from domain.events.queries import AuditFilter
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.checks import CheckResult, recompute
from domain.kit.paging import Page, PageRequest
from domain.kit.reading import rows_by_id


@dataclass(frozen=True, slots=True)
class IntegrityReport:
    """Every invariant of every room, recomputed from the tables at one moment."""

    recomputed_at: datetime
    checks: Sequence[CheckResult]

    @property
    def holds(self) -> bool:
        return all(result.holds for result in self.checks)

    @property
    def broken(self) -> Sequence[CheckResult]:
        return [result for result in self.checks if not result.holds]


async def audit_log(actor: Actor, page: PageRequest, wanted: AuditFilter) -> Page[AuditRecord]:
    """Who did what, from where, the newest first."""
    actor.require(Permission.AUDIT_READ)
    return await queries.audit_records(page, wanted)


audit_records_at = rows_by_id(AuditRecord, permission=Permission.AUDIT_READ, column="position")
"""Several records of the trail by their positions in the log, none for whoever may not read it."""


async def activity_log(actor: Actor, page: PageRequest, wanted: ActivityFilter) -> Page[RowChange]:
    """What rows were before and after each change, the newest first."""
    actor.require(Permission.AUDIT_READ)
    return await activity.row_changes(page, wanted)


async def row_changes_by_id(actor: Actor, change_ids: Collection[int]) -> dict[int, RowChange]:
    """Several changes of the activity log, none for whoever may not read it."""
    return await activity.row_changes_by_id(change_ids) if actor.may(Permission.AUDIT_READ) else {}


async def row_changes_of(actor: Actor, correlation_ids: Collection[UUID]) -> Mapping[UUID, Sequence[RowChange]]:
    """What several requests, jobs and events changed; nothing for whoever may not read it."""
    return await activity.row_changes_of(correlation_ids) if actor.may(Permission.AUDIT_READ) else {}


async def integrity_report(actor: Actor) -> IntegrityReport:
    """Recompute every invariant in one snapshot of the database. Reads all of the books: for now and then."""
    actor.require(Permission.INTEGRITY_READ)
    recomputed_at = clock.now()
    return IntegrityReport(recomputed_at, await recompute())
