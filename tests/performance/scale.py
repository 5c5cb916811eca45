"""How the cost of live feeds grows: with subscribers, with distinct selections, and with processes.

Events come in bursts through the log, as the relay publishes them, and the clock runs until every subscriber has heard all
of a burst. What is told is the servers' own processor time, which does not notice what else the machine is doing, and
beside it how much came through. Several processes listen on ports of their own, take the cores in turn and share the
subscribers.
"""

from __future__ import annotations

import asyncio
import inspect
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from statistics import median
from typing import Final

from tests.performance.contestants import Contestant, daftari, hear_all
from tests.performance.pictures import Chart
from tests.performance.programs import CORES, Subscribers
from tests.performance.report import Chapter, Figure, Table
from tests.performance.rounds import ONLY_TRYING, ROUNDS
from tests.performance.stage import DOCUMENT, Stage, a_stage

SUBSCRIBERS: Final = (10, 100, 500) if ONLY_TRYING else (10, 100, 1_000, 2_000, 5_000, 10_000)
SHAPES: Final = (1, 10, 100) if ONLY_TRYING else (1, 10, 100, 1_000)
PROCESSES: Final = (1, 2, 3, 4)
OF_SHAPES: Final = max(SHAPES)
OF_PROCESSES: Final = 100 if ONLY_TRYING else 2_000
SOCKETS_OF_A_USER: Final = 50

ABOUT_DELIVERIES: Final = 100_000
ABOUT_WRITTEN: Final = 10_000
"""Events are written once for each distinct selection, which costs more than to deliver them."""
PUBLISHED_TOGETHER: Final = 32


@dataclass(frozen=True, slots=True)
class Cost:
    """Of a delivery and of an event in microseconds of the servers, and how many deliveries came through in a second."""

    of_a_delivery: float
    of_an_event: float
    rate: float


async def measure() -> Chapter:
    async with a_stage(users=max(SUBSCRIBERS) // SOCKETS_OF_A_USER + 1) as stage:
        by_subscribers, memory = await _by_subscribers(stage)
        by_shapes = {count: await _of_one(stage, OF_SHAPES, _documents(count)) for count in SHAPES}
        by_processes = {count: await _of_several(stage, count) for count in PROCESSES}
    return _chapter(by_subscribers, memory, by_shapes, by_processes)


async def _by_subscribers(stage: Stage) -> tuple[dict[int, Cost], dict[int, float]]:
    costs, memory = {}, {}
    server = await daftari(stage)
    async with server.crowd(SUBSCRIBERS[0]) as crowd:
        await _burst([server], [crowd], PUBLISHED_TOGETHER)
    for count in SUBSCRIBERS:
        before = server.server.memory_kb()
        async with server.crowd(count) as crowd:
            memory[count] = (server.server.memory_kb() - before) / count
            costs[count] = await _measured([server], [crowd])
        print(f"{count:,} subscribers: {costs[count].of_a_delivery:.1f} us a delivery", flush=True)
    return costs, memory


async def _of_one(stage: Stage, sockets: int, documents: Sequence[str]) -> Cost:
    server = await daftari(stage, documents=documents)
    async with server.crowd(sockets) as crowd:
        cost = await _measured([server], [crowd], shapes=len(documents))
    server.server.process.terminate()
    print(f"{len(documents):,} shapes: {cost.of_an_event:,.0f} us an event", flush=True)
    return cost


async def _of_several(stage: Stage, processes: int) -> Cost:
    servers = [await daftari(stage, cores={CORES[number % len(CORES)]}) for number in range(processes)]
    async with AsyncExitStack() as stack:
        crowds = [await stack.enter_async_context(each.crowd(OF_PROCESSES // processes)) for each in servers]
        cost = await _measured(servers, crowds)
    for each in servers:
        each.server.process.terminate()
    print(f"{processes} processes: {cost.rate:,.0f} deliveries/s", flush=True)
    return cost


def _documents(count: int) -> list[str]:
    """The same selection under different names, which makes different answers of it."""
    return [DOCUMENT.replace("occurredAt", f"at{number}: occurredAt") for number in range(count)]


async def _measured(servers: Sequence[Contestant], crowds: Sequence[Subscribers], shapes: int = 1) -> Cost:
    sockets = sum(crowd.count for crowd in crowds)
    events = min(2_000, max(10, min(ABOUT_DELIVERIES // sockets, ABOUT_WRITTEN // shapes)))
    await servers[0].publisher.stock(events * (ROUNDS + 1))
    await _burst(servers, crowds, min(events, PUBLISHED_TOGETHER))
    rounds = []
    for _ in range(ROUNDS):
        cpu, started = sum(each.server.cpu_s() for each in servers), time.perf_counter()
        await _burst(servers, crowds, events)
        elapsed = time.perf_counter() - started
        used = (sum(each.server.cpu_s() for each in servers) - cpu) * 1e6
        rounds.append((used / (events * sockets), used / events, events * sockets / elapsed))
    return Cost(*(median(values) for values in zip(*rounds, strict=True)))


async def _burst(servers: Sequence[Contestant], crowds: Sequence[Subscribers], events: int) -> None:
    """All servers hear the same log."""
    for start in range(0, events, PUBLISHED_TOGETHER):
        await servers[0].publish(min(PUBLISHED_TOGETHER, events - start))
    await asyncio.gather(*(hear_all(crowd, events) for crowd in crowds))


def _chapter(
    by_subscribers: Mapping[int, Cost],
    memory: Mapping[int, float],
    by_shapes: Mapping[int, Cost],
    by_processes: Mapping[int, Cost],
) -> Chapter:
    subscribers, shapes, processes = by_subscribers, by_shapes, by_processes
    most = max(subscribers)
    figures = [
        Figure.for_the_record(f"us of the server for a delivery, {most:,} subscribers", subscribers[most].of_a_delivery),
        Figure.for_the_record(f"us of the server for an event in {max(shapes):,} shapes", shapes[max(shapes)].of_an_event),
    ]
    head = ["", "us for a delivery", "us for an event", "deliveries/s"]
    of_subscribers = [[*_row(count, cost), memory[count]] for count, cost in subscribers.items()]
    tables = [
        Table("By subscribers", [*head, "KB for a subscriber"], of_subscribers),
        Table(f"By distinct selections among {OF_SHAPES:,} subscribers", head, _rows(shapes)),
        Table(f"By processes, {OF_PROCESSES:,} subscribers on {len(CORES)} cores", head, _rows(processes)),
    ]
    charts = [
        Chart(
            "scale_subscribers",
            "A delivery, by subscribers",
            "subscribers",
            "us of the server",
            {"a delivery": [(float(n), cost.of_a_delivery) for n, cost in subscribers.items()]},
        ),
        Chart(
            "scale_shapes",
            "An event, by distinct selections",
            "selections",
            "us of the server",
            {"an event": [(float(n), cost.of_an_event) for n, cost in shapes.items()]},
            log_y=True,
        ),
        Chart(
            "scale_processes",
            "A delivery, by processes",
            "processes",
            "us of all servers",
            {"a delivery": [(float(n), cost.of_a_delivery) for n, cost in processes.items()]},
            log_x=False,
        ),
    ]
    return Chapter("Live feeds, by size", inspect.getdoc(sys.modules[__name__]) or "", figures, tables, charts)


def _row(count: int, cost: Cost) -> list[object]:
    return [f"{count:,}", cost.of_a_delivery, cost.of_an_event, cost.rate]


def _rows(costs: Mapping[int, Cost]) -> list[list[object]]:
    return [_row(count, cost) for count, cost in costs.items()]
