"""What the log tells of reconciliations: how each came out, and when.

What is being worked on, what waits for its turn and who looks on is of the moment and no history: it is left out.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Final

from domain.identity.actor import SYSTEM
from domain.kit import clock
from domain.kit.projections import Board, Facts, Heard, Projection, register_projection
from domain.payments.events import DiscrepancyFound, ReconciliationFinished, ReconciliationsPurged
from domain.payments.figures import TrendBucket, reconciliation_stats, reconciliation_trends
from domain.payments.states import ReconStatus

DAYS: Final = timedelta(days=30)

OF_THE_MOMENT: Final = ("active_reconciliations", "queue_length", "connected_clients", "taken_at")

_COUNTED: Final = {
    ReconStatus.MATCHED: "matched",
    ReconStatus.FAILED: "failed",
    ReconStatus.DISCREPANCY: "discrepancies",
    ReconStatus.UNVERIFIED: "unverified",
}

_WITH_DISCREPANCY: Final = "payments: results by which a discrepancy was found"


def _finished(facts: Facts, heard: Heard) -> None:
    told: ReconciliationFinished = heard.fact
    at, over = told.reconciled_at, told.status is not ReconStatus.UNVERIFIED
    hour = at.replace(minute=0, second=0, microsecond=0)
    counted = _COUNTED[told.status]
    tally = facts.get("reconciliation_tally", hour) or dict.fromkeys((*_COUNTED.values(), "processing_ms"), 0)
    tally[counted] += 1
    tally["processing_ms"] += told.processing_ms if over else 0
    facts.put("reconciliation_tally", hour, **(tally | {"hour": hour, "slot": 0}))
    facts.put(
        "reconciliation",
        told.reconciliation_id,
        id=told.reconciliation_id,
        status=told.status,
        finished_at=at if over else None,
        processing_ms=told.processing_ms,
    )


def _found(facts: Facts, heard: Heard) -> None:
    told: DiscrepancyFound = heard.fact
    if told.reconciliation_id is not None:
        facts.put(_WITH_DISCREPANCY, told.reconciliation_id)


def _purged(facts: Facts, heard: Heard) -> None:
    told: ReconciliationsPurged = heard.fact
    for row in facts.rows("reconciliation"):
        is_old = row["finished_at"] is not None and row["finished_at"] < told.older_than
        if is_old and not facts.has(_WITH_DISCREPANCY, row["id"]):
            facts.drop("reconciliation", row["id"])


async def _boards() -> AsyncIterator[Board]:
    yield Board("reconciliation", await reconciliation_stats(SYSTEM), OF_THE_MOMENT)
    until = clock.now()
    days = await reconciliation_trends(SYSTEM, since=until - DAYS, until=until, bucket=TrendBucket.DAY)
    yield Board("days", {point.starts_at.date(): point for point in days}, ("starts_at", "ends_at"))


register_projection(
    Projection(
        name="payments",
        tables=("reconciliation_tally", "reconciliation", "feed_client"),
        applies={ReconciliationFinished: _finished, DiscrepancyFound: _found, ReconciliationsPurged: _purged},
        boards=_boards,
    )
)
