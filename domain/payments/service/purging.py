"""Purging: old results go. Tallies, the audit trail, and results by which a discrepancy was found stay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from domain.identity.actor import SYSTEM, Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.errors import InvalidInput
from domain.kit.unit_of_work import retried, unit_of_work
from domain.payments import settings
from domain.payments.events import ReconciliationsPurged

YOUNGEST: Final = timedelta(days=1)
BATCH: Final = 5_000
MAX_BATCHES: Final = 20

_PURGE: Final = """
with old as (
    select result.id from reconciliation result
    where result.finished_at < $1
      and not exists (select from discrepancy where discrepancy.reconciliation_id = result.id)
    order by result.finished_at limit $2 for update skip locked
), gone as (
    delete from reconciliation using old where reconciliation.id = old.id returning 1
)
select count(*)::int from gone
"""


@dataclass(frozen=True, slots=True)
class Purged:
    """How many results went; ``more`` are old enough when a purge ends at its limit."""

    purged: int
    more: bool


async def purge_reconciliation_results(actor: Actor, *, older_than: datetime) -> Purged:
    """Forget results that came to an end before ``older_than``, which is at least a day ago. In batches, so that nobody
    waits for it."""
    actor.require(Permission.PAYMENTS_RECONCILE)
    if older_than > clock.now() - YOUNGEST:
        raise InvalidInput("results of the last 24 hours are kept", field=("input", "olderThan"))
    purged = 0
    for _ in range(MAX_BATCHES):
        batch = await _purge_batch(older_than, actor.id)
        purged += batch
        if batch < BATCH:
            return Purged(purged, more=False)
    return Purged(purged, more=True)


async def purge_what_is_old() -> int:
    """As the house chose how long results are kept."""
    purged = await purge_reconciliation_results(SYSTEM, older_than=clock.now() - settings.current().keep_results)
    return purged.purged


@retried
async def _purge_batch(older_than: datetime, purged_by: UUID) -> int:
    async with unit_of_work() as work:
        purged: int = await work.fetchval(_PURGE, older_than, BATCH)
        if purged:
            work.record(ReconciliationsPurged(older_than=older_than, purged=purged, purged_by=purged_by))
    return purged
