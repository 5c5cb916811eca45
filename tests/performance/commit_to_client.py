"""From commit to client: how old an event is when 2,000 sockets have it, at 10,000 deliveries a second.

Daftari's events go the whole way: a transaction commits them to the outbox, the relay, a program of its own, numbers them
into the log and publishes them in Redis, the server's hub hears them there and tells those who may see them. npm graphql-ws
is fed from Redis directly. The clock of an event begins before its transaction commits, or before it is published, and stops
when a client's socket has been read. Both take turns; the clock is the machine's, the same in all processes.
"""

from __future__ import annotations

import asyncio
import inspect
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from statistics import median
from typing import Final

from api.processes.foundation import transport_of
from domain.invoice_finance.events import InvoiceListed, InvoiceState
from domain.invoice_finance.states import InvoiceStatus
from domain.kit.unit_of_work import unit_of_work
from subscriptions.hints import Hints
from tests.performance.contestants import Contestant, daftari, graphql_ws, hear_all
from tests.performance.events import Publisher
from tests.performance.programs import Subscribers
from tests.performance.report import Chapter, Figure, Table
from tests.performance.rounds import ONLY_TRYING, ROUNDS
from tests.performance.stage import a_stage

SOCKETS: Final = 200 if ONLY_TRYING else 2_000
DELIVERIES_PER_S: Final = 10_000
TURN_S: Final = 2.0 if ONLY_TRYING else 8.0
EVENTS: Final = max(5, round(TURN_S * DELIVERIES_PER_S / SOCKETS))
WARM_EVENTS: Final = 5
SHARES: Final = (0.5, 0.99, 1.0)


class ByCommit(Publisher):
    """Commits each event in a transaction of its own; the relay hears of it as in production."""

    def __init__(self, invoice: InvoiceState) -> None:
        super().__init__(invoice)

    async def stock(self, events: int) -> None:
        """There is nothing to prepare."""

    async def publish(self, events: int) -> None:
        for _ in range(events):
            async with unit_of_work() as work:
                work.record(InvoiceListed(invoice=self._next(), previous_status=InvoiceStatus.DRAFT))


async def measure() -> Chapter:
    async with a_stage() as stage, transport_of(stage.settings) as broadcast, AsyncExitStack() as stack:
        hints = Hints(broadcast)
        hints.start()
        stack.push_async_callback(hints.stop)
        ours = await daftari(stage)
        ours.publisher = ByCommit(stage.invoice)
        await stage.start(sys.executable, "-m", "tests.performance.relaying", cores=stage.other_cores)
        pair = [ours, await graphql_ws(stage)]
        crowds = [await stack.enter_async_context(each.crowd(SOCKETS, timed=True)) for each in pair]
        turns: dict[str, list[dict[int, float]]] = {each.name: [] for each in pair}
        for each, crowd in zip(pair, crowds, strict=True):
            await _tell(each, crowd, WARM_EVENTS)
        for number in range(ROUNDS):
            for each, crowd in zip(pair, crowds, strict=True):
                turns[each.name].append(await _tell(each, crowd, EVENTS))
            print(f"round {number + 1} of {ROUNDS}", flush=True)
        ages = {
            each.name: _ages(turns[each.name], (await crowd.leave())["times"])
            for each, crowd in zip(pair, crowds, strict=True)
        }
    return _chapter(ages)


async def _tell(contestant: Contestant, crowd: Subscribers, events: int) -> dict[int, float]:
    """At an even pace, until all is heard; when each event's clock began, by its number."""
    began: dict[int, float] = {}
    pause = SOCKETS / DELIVERIES_PER_S
    start = time.monotonic()
    for count in range(events):
        await asyncio.sleep(max(0.0, start + count * pause - time.monotonic()))
        began[contestant.published + 1] = time.monotonic()
        await contestant.publish(1)
    await hear_all(crowd, events)
    return began


def _ages(turns: Sequence[Mapping[int, float]], heard: Sequence[tuple[int, float]]) -> list[list[float]]:
    """How old events were when they were heard, in milliseconds and ascending, turn by turn. None may be missing."""
    at: dict[int, list[float]] = {}
    for number, moment in heard:
        at.setdefault(number, []).append(moment)
    found = []
    for turn in turns:
        told = {number: len(at.get(number, ())) for number in turn}
        assert set(told.values()) == {SOCKETS}, f"not every event was heard by everybody once: {told}"
        found.append(sorted((moment - began) * 1000 for number, began in turn.items() for moment in at[number]))
    return found


def _share(turns: Sequence[Sequence[float]], share: float) -> float:
    """The median over the turns of what that share of deliveries took at most."""
    return median(turn[min(int(len(turn) * share), len(turn) - 1)] for turn in turns)


def _chapter(ages: Mapping[str, Sequence[Sequence[float]]]) -> Chapter:
    ours, other = ages
    name = (
        f"p99 ms from commit to client, {SOCKETS:,} sockets, {DELIVERIES_PER_S:,} deliveries/s, against {other} from Redis"
    )
    figure = Figure.no_more_than(name, _share(ages[ours], 0.99), _share(ages[other], 0.99), 1.0)
    rows = [[each, *[_share(turns, share) for share in SHARES]] for each, turns in ages.items()]
    return Chapter(
        "From commit to client",
        inspect.getdoc(sys.modules[__name__]) or "",
        [figure],
        tables=[Table("How old an event is when it is heard", ["", "p50 ms", "p99 ms", "last ms"], rows)],
    )
