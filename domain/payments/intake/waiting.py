"""Reconciliations that wait for their turn and ask nobody: they are settled in batches, like messages.

The rows are the queue, so one that waits is not lost with a worker, and a batch that a worker dies in has not happened. One
that fails alone comes to its turn again a minute later, and holds up no other.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog

from domain.kit import clock
from domain.kit.database import execute, fetch
from domain.kit.unit_of_work import retried, unit_of_work
from domain.payments.settling import Wanted, settle_payments
from domain.payments.states import ReconTrigger

BATCH: Final = 200
PUT_OFF_FOR: Final = timedelta(minutes=1)

# Those that ask have tasks of their own; and so has whoever was begun, because nobody could say how the payment ended.
_WAITING: Final = "status = 'QUEUED' and not asks and attempts = 0 and coalesce(next_attempt_at, due_at) <= $1"

DUE: Final = f"""
select id, payment_id, trigger, requested_by from reconciliation
where {_WAITING} and ($3::uuid[] is null or id = any($3))
order by coalesce(next_attempt_at, due_at), id limit $2 for no key update skip locked
"""

NEXT: Final = f"select id from reconciliation where {_WAITING} order by coalesce(next_attempt_at, due_at), id limit $2"

PUT_OFF: Final = "update reconciliation set next_attempt_at = $2, error = $3 where id = $1 and status = 'QUEUED'"

logger = structlog.get_logger(__name__)


async def settle_waiting(limit: int = BATCH) -> int:
    """Settle up to ``limit`` payments whose turn has come; returns how many reconciliations those were."""
    try:
        return await _settle(limit, None)
    except Exception as error:
        logger.warning("reconciliation_batch_failed", error=type(error).__name__)
    rows = await fetch(NEXT, clock.now(), limit)
    for row in rows:
        try:
            await _settle(1, [row["id"]])
        except Exception as error:
            problem = type(error).__name__
            logger.error("reconciliation_failed", reconciliation_id=str(row["id"]), error=problem)
            await execute(PUT_OFF, row["id"], clock.now() + PUT_OFF_FOR, problem)
    return len(rows)


@retried
async def _settle(limit: int, only: Sequence[UUID] | None) -> int:
    async with unit_of_work() as work:
        now = clock.now()
        rows = await work.fetch(DUE, now, limit, only)
        wanted = [
            Wanted(
                payment_id=row["payment_id"],
                trigger=ReconTrigger(row["trigger"]),
                reconciliation_id=row["id"],
                requested_by=row["requested_by"],
                started_at=now,
            )
            for row in rows
        ]
        await settle_payments(work, wanted)
    return len(rows)
