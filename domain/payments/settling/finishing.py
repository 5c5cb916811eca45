"""Reconciliations come to an end, or are to be tried again; how many did, and how, is counted."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import orjson

from domain.jobs.queue import NewTask, enqueue_many
from domain.kit.database import Record
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work
from domain.payments.rules import backoff
from domain.payments.rules.issues import Issue, worst
from domain.payments.settling.cases import Decided, Wanted, belonging
from domain.payments.settling.columns import columns
from domain.payments.states import ReconStatus

_R = ReconStatus

ASK: Final = "payments.ask"
"""The queue of those that ask the provider: its tasks name a ``reconciliation_id``."""

MAX_ATTEMPTS: Final = 10
"""After which nobody will say how a payment ended; the pauses between them add up to more than a prompt lives."""

LONGEST_MS: Final = 2**31 - 1
"""What a column of times holds: 24 days."""

NOBODY_KNOWS: Final = "nobody could say how the payment ended"

OPEN: Final = """
select * from reconciliation where id = any($1::uuid[]) order by id for no key update
"""

INSERT: Final = """
insert into reconciliation (id, payment_id, trigger, status, due_at, queued_at, started_at, finished_at, attempts,
                            next_attempt_at, processing_ms, transaction_id, severity, issues, requested_by, error,
                            correlation_id, asks)
select id, payment_id, trigger, status, started_at, started_at, started_at, finished_at, attempts, next_attempt_at,
       processing_ms, transaction_id, severity, issues, requested_by, error, correlation_id,
       status = 'UNVERIFIED'
from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::timestamptz[], $7::timestamptz[], $8::int[],
            $9::timestamptz[], $10::int[], $11::text[], $12::text[], $13::jsonb[], $14::text[], $15::uuid[])
     as r (id, payment_id, trigger, requested_by, status, started_at, finished_at, attempts, next_attempt_at,
           processing_ms, transaction_id, severity, issues, error, correlation_id)
returning *
"""

UPDATE: Final = """
update reconciliation r
set status = n.status, started_at = n.started_at, finished_at = n.finished_at, attempts = n.attempts,
    next_attempt_at = n.next_attempt_at, processing_ms = n.processing_ms, transaction_id = n.transaction_id,
    severity = n.severity, issues = n.issues, error = n.error, asks = r.asks or n.status = 'UNVERIFIED'
from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::int[], $6::timestamptz[], $7::int[],
            $8::text[], $9::text[], $10::jsonb[], $11::text[])
     as n (id, status, started_at, finished_at, attempts, next_attempt_at, processing_ms, transaction_id, severity, issues,
           error)
where r.id = n.id
returning r.*
"""

# A connection counts in one slot: two that do at once seldom wait, and a unit of work that counts twice never in a circle.
TALLY: Final = """
insert into reconciliation_tally as t (hour, slot, matched, failed, discrepancies, unverified, processing_ms)
values (date_trunc('hour', $1::timestamptz, 'UTC'), pg_backend_pid() % 16, $2, $3, $4, $5, $6)
on conflict (hour, slot) do update
set matched = t.matched + excluded.matched, failed = t.failed + excluded.failed,
    discrepancies = t.discrepancies + excluded.discrepancies, unverified = t.unverified + excluded.unverified,
    processing_ms = t.processing_ms + excluded.processing_ms
"""


async def open_reconciliations(work: Work, wanted: Iterable[Wanted]) -> dict[UUID, Record]:
    """The reconciliations that this brings on, locked."""
    ids = sorted({each.reconciliation_id for each in wanted if each.reconciliation_id is not None})
    return {row["id"]: row for row in await work.fetch(OPEN, ids)} if ids else {}


async def finish(
    work: Work, wanted: Sequence[Wanted], known: Mapping[UUID, Record], decided: Mapping[UUID, Decided], now: datetime
) -> tuple[list[Record], set[UUID]]:
    """Write how each came out: its row for each that was wanted, and which rows are news. One that had come to an end before
    stays as it was."""
    new: list[tuple[Any, ...]] = []
    changed: dict[UUID, tuple[Any, ...]] = {}
    ids: list[UUID] = []
    for each in wanted:
        row = known[each.reconciliation_id] if each.reconciliation_id is not None else None
        ids.append(new_id() if row is None else row["id"])
        if row is None:
            asked = (ids[-1], each.payment_id, each.trigger.value, each.requested_by)
            outcome = decided[each.payment_id]
            new.append((*asked, *_result(each, row, outcome, now), belonging(outcome.dossier.payment)))
        elif row["finished_at"] is None:
            changed[row["id"]] = (row["id"], *_result(each, row, decided[each.payment_id], now))
    written = await _write(work, new, list(changed.values()))
    await _count(work, written, now)
    await _ask_again(work, written)
    rows = dict(known) | {row["id"]: row for row in written}
    return [rows[each] for each in ids], {row["id"] for row in written}


async def _write(work: Work, new: list[tuple[Any, ...]], changed: list[tuple[Any, ...]]) -> list[Record]:
    written: list[Record] = []
    if new:
        written += await work.fetch(INSERT, *columns(new))
    if changed:
        written += await work.fetch(UPDATE, *columns(changed))
    return written


def _result(wanted: Wanted, row: Record | None, decided: Decided, now: datetime) -> tuple[Any, ...]:
    """How a reconciliation came out. Whoever made it ACTIVE has counted the attempt."""
    is_counted = row is not None and row["status"] == _R.ACTIVE
    attempts = max(1, (0 if row is None else row["attempts"]) + (not is_counted))
    status = decided.recon
    gives_up = status is _R.UNVERIFIED and attempts >= MAX_ATTEMPTS
    if gives_up:
        status = _R.FAILED
    severity = worst(decided.issues)
    return (
        status.value,
        wanted.started_at,
        None if status is _R.UNVERIFIED else now,
        attempts,
        backoff.next_attempt_at(now, attempts, random.random) if status is _R.UNVERIFIED else None,
        min(max(0, (now - wanted.started_at) // timedelta(milliseconds=1)), LONGEST_MS),
        decided.transaction_id,
        severity and severity.value,
        orjson.dumps([_issue(each) for each in decided.issues]).decode(),
        NOBODY_KNOWS if gives_up else None,
    )


def _issue(each: Issue) -> dict[str, str | None]:
    return {
        "type": each.type.value,
        "severity": each.severity.value,
        "message": each.message,
        "receipt": each.receipt,
        "expected": each.expected,
        "received": each.received,
    }


async def _count(work: Work, written: Sequence[Record], now: datetime) -> None:
    counts = Counter(row["status"] for row in written)
    took = sum(row["processing_ms"] for row in written if row["finished_at"] is not None)
    if written:
        await work.execute(
            TALLY, now, counts[_R.MATCHED], counts[_R.FAILED], counts[_R.DISCREPANCY], counts[_R.UNVERIFIED], took
        )


async def _ask_again(work: Work, written: Sequence[Record]) -> None:
    """Each attempt has a task of its own: the one that makes this attempt may be running still."""
    tasks = [
        NewTask(
            {"reconciliation_id": str(row["id"])},
            dedupe_key=f"{row['id']}:{row['attempts']}",
            run_after=row["next_attempt_at"],
            correlation_id=row["correlation_id"],
        )
        for row in written
        if row["status"] == _R.UNVERIFIED
    ]
    if tasks:
        await enqueue_many(work, ASK, tasks)
