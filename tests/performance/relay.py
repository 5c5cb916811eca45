"""Events through one relay: how many it numbers into the log and publishes in a second, however long the log is.

The relay runs as a worker runs it, in a program of its own on the first core; PostgreSQL and Redis share the others. Many
events are committed at once; the clock runs from then until Redis has told the last of them. Between the measurements the
log is lengthened in SQL, into weekly partitions of the past, by events as small as an event may be.
"""

from __future__ import annotations

import asyncio
import inspect
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any, Final

import orjson

from domain.events import log
from domain.invoice_finance.events import InvoiceListed
from domain.invoice_finance.states import InvoiceStatus
from domain.kit.database import execute
from domain.kit.unit_of_work import unit_of_work
from subscriptions.transport import HINT_CHANNEL, LOG_CHANNEL
from tests.performance.pictures import Chart
from tests.performance.programs import Server
from tests.performance.report import Chapter, Figure, Table
from tests.performance.rounds import ONLY_TRYING, ROUNDS
from tests.performance.stage import Stage, a_stage

SIZES: Final = (10_000, 50_000) if ONLY_TRYING else (10_000, 100_000, 1_000_000, 10_000_000)
EVENTS: Final = 5_000 if ONLY_TRYING else 20_000
ROWS_A_WEEK: Final = 500_000
PATIENCE_S: Final = 120.0
LEADING_S: Final = 1.0
"""Until the relay leads: the one before it has gone, or this is the first."""

MUST_PER_S: Final = 5_000.0
GOAL_PER_S: Final = 15_000.0
FLAT: Final = 1.3
"""So many times its cost with the shortest log an event may cost; what this measurement is not sure of is included."""

# Events $1 to $2 of the log, a millisecond apart from the moment $3 on.
_LENGTHEN: Final = """
insert into event_log (position, epoch, name, version, topics, audience, correlation_id, occurred_at, recorded_at, payload)
select place, epoch, 'benchmark.past', 1, '{}', '{}', '00000000-0000-0000-0000-000000000001', at, at, '{}'
from event_log_head, generate_series($1::bigint, $2::bigint) place,
     lateral (select $3::timestamptz + (place - $1::bigint) * interval '1 ms') moment (at)
"""
# The event at position $1 again, $2 times.
_FILL_OUTBOX: Final = """
insert into outbox (name, version, topics, audience, actor_id, correlation_id, occurred_at, payload)
select name, version, topics, audience, actor_id, correlation_id, clock_timestamp(), payload
from event_log, generate_series(1, $2::int) where position = $1
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """How long an event took on average, in microseconds, and how long of that the relay itself computed."""

    per_event: float
    computed: float


async def measure() -> Chapter:
    async with a_stage() as stage:
        taken: dict[int, Taken] = {}
        weeks = -(-max(SIZES) // ROWS_A_WEEK) + len(SIZES)
        week = datetime.now(UTC) - timedelta(weeks=weeks + 1)
        for size in SIZES:
            week = await _lengthen(size, week)
            taken[size] = await _measured(stage)
            print(f"{size:,} rows: {taken[size].per_event:.0f} us an event", flush=True)
        return _chapter(taken)


async def _lengthen(size: int, week: datetime) -> datetime:
    """To this many rows; returns the first week that holds none of them."""
    at = (await log.head()).position
    while at < size:
        upto = min(size, at + ROWS_A_WEEK)
        await execute("select ensure_event_log_partition($1)", week)
        await execute(_LENGTHEN, at + 1, upto, week)
        await execute("update event_log_head set position = $1", upto)
        at, week = upto, week + timedelta(weeks=1)
    await execute("vacuum analyze event_log")
    return week


async def _measured(stage: Stage) -> Taken:
    example = await _an_example(stage)
    relay = await stage.start(sys.executable, "-m", "tests.performance.relaying")
    async with stage.redis.pubsub() as listening:
        await listening.subscribe(LOG_CHANNEL)
        await asyncio.sleep(LEADING_S)
        rounds = [await _round(stage, relay, listening, example) for _ in range(ROUNDS + 1)][1:]
    relay.process.terminate()
    await relay.process.wait()
    return Taken(median(each.per_event for each in rounds), median(each.computed for each in rounds))


async def _an_example(stage: Stage) -> int:
    """The position of an event as the business writes it."""
    async with unit_of_work() as work:
        work.record(InvoiceListed(invoice=stage.invoice, previous_status=InvoiceStatus.DRAFT))
    await stage.number_everything()
    return (await log.head()).position


async def _round(stage: Stage, relay: Server, listening: Any, example: int) -> Taken:
    last = (await log.head()).position + EVENTS
    await execute(_FILL_OUTBOX, example, EVENTS)
    started, cpu = time.perf_counter(), relay.cpu_s()
    await stage.redis.publish(HINT_CHANNEL, "")
    async with asyncio.timeout(PATIENCE_S):
        async for message in listening.listen():
            if message["type"] == "message" and orjson.loads(message["data"])[-1][0] == last:
                break
    return Taken((time.perf_counter() - started) * 1e6 / EVENTS, (relay.cpu_s() - cpu) * 1e6 / EVENTS)


def _chapter(taken: Mapping[int, Taken]) -> Chapter:
    shortest, longest = taken[min(SIZES)], taken[max(SIZES)]
    slowest = max(each.per_event for each in taken.values())
    name = f"events/s through one relay, {max(SIZES):,} rows in the log"
    flat = f"us for an event through one relay, {min(SIZES):,} to {max(SIZES):,} rows in the log"
    figures = [
        Figure.at_least(name, 1e6 / longest.per_event, MUST_PER_S, 1, goal=GOAL_PER_S / MUST_PER_S),
        Figure.no_more_than(flat, slowest, shortest.per_event, FLAT),
    ]
    rows = [[f"{size:,}", 1e6 / each.per_event, each.per_event, each.computed] for size, each in taken.items()]
    head = ["rows in the log", "events/s", "us for an event", "of these computed by the relay"]
    lines = {
        "an event": [(float(size), each.per_event) for size, each in taken.items()],
        "of that the relay itself": [(float(size), each.computed) for size, each in taken.items()],
    }
    return Chapter(
        "Events through one relay",
        inspect.getdoc(sys.modules[__name__]) or "",
        figures,
        tables=[Table("By the length of the log", head, rows)],
        charts=[Chart("relay", "An event through the relay", "rows in the log", "us", lines)],
    )
