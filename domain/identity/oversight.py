"""What overseers read: the audit trail, and whether every promise of the house holds."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.events import queries
from domain.events.models import AuditRecord
from domain.events.queries import AuditFilter
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.checks import CheckResult, recompute
from domain.kit.paging import Page, PageRequest


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


async def audit_records_at(actor: Actor, positions: Collection[int]) -> dict[int, AuditRecord]:
    """Several records of the trail, none for whoever may not read it."""
    return await queries.audit_records_at(positions) if actor.may(Permission.AUDIT_READ) else {}


async def integrity_report(actor: Actor) -> IntegrityReport:
    """Recompute every invariant in one snapshot of the database. Reads all of the books: for now and then."""
    actor.require(Permission.INTEGRITY_READ)
    recomputed_at = clock.now()
    return IntegrityReport(recomputed_at, await recompute())
