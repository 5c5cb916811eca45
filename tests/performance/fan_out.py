"""One event to many sockets: Daftari, and the servers that people would take instead, turn and turn about.

All tell the same events in the same fields on the same machine. The loop is closed: so many events are in flight, and the
next is published when all subscribers have heard one; what is counted is deliveries a second at saturation. Daftari's events
go through its outbox, its log and Redis, and its subscribers have signed in; the others are fed from Redis and know nobody.
socket.io knows no GraphQL either: it sends everybody the same text.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from typing import Final

from tests.performance.contestants import (
    GRAPHQL_WS,
    MERCURIUS,
    SOCKET_IO,
    STOCK_STRAWBERRY,
    Contestant,
    Turns,
    all_contestants,
)
from tests.performance.profiling import HEAD, profiled
from tests.performance.raw_sends import sends_per_second
from tests.performance.report import Chapter, Figure, Table
from tests.performance.rounds import ROUNDS, SECONDS
from tests.performance.stage import a_stage

SIZES: Final = (500, 2_000)
IDLE_SOCKETS: Final = 1_000
RAW_BYTES: Final = 900
"""About as long as an event is on the wire."""

_TARGETS: Final[Mapping[tuple[str, int], tuple[float, float]]] = {
    (STOCK_STRAWBERRY, 500): (15.0, 24.0),
    (STOCK_STRAWBERRY, 2_000): (18.0, 21.0),
    (GRAPHQL_WS, 2_000): (3.5, 5.0),
    (SOCKET_IO, 2_000): (0.9, 1.2),
}
"""What must hold, and where we aim."""

Measured = Mapping[str, Turns]


async def measure() -> Chapter:
    async with a_stage() as stage:
        everybody = await all_contestants(stage)
        memory = {each.name: await each.memory_per_subscriber_kb(IDLE_SOCKETS) for each in everybody}
        executions_before, published_before = (await everybody[0].server.counts())["executions"], everybody[0].published
        measured = {size: await _turns(everybody, size) for size in SIZES}
        executions = (await everybody[0].server.counts())["executions"] - executions_before
        executions_per_event = executions / (everybody[0].published - published_before)
        profile = await _profile(everybody[0])
        raw = {size: sends_per_second(size, RAW_BYTES, stage.cores) for size in SIZES}
        return _chapter(everybody, memory, measured, raw, executions_per_event, profile)


async def _profile(ours: Contestant) -> Sequence[tuple[str, str]]:
    async with ours.crowd(max(SIZES)) as crowd, profiled(ours.server) as rows:
        await ours.take_turn(crowd, SECONDS)
    return rows


async def _turns(everybody: Sequence[Contestant], sockets: int) -> Measured:
    found = {each.name: Turns() for each in everybody}
    async with AsyncExitStack() as stack:
        crowds = [await stack.enter_async_context(each.crowd(sockets)) for each in everybody]
        before = [each.published for each in everybody]
        for each, crowd in zip(everybody, crowds, strict=True):
            await each.warm_up(crowd)
        for number in range(ROUNDS):
            for each, crowd in zip(everybody, crowds, strict=True):
                turns = found[each.name]
                await each.take_turn(crowd, SECONDS, turns)
                print(
                    f"{sockets} sockets, round {number + 1}: {each.name} {turns.rates[-1]:,.0f}/s, CPU {turns.cpu[-1]:.0%}"
                )
                sys.stdout.flush()
        for each, crowd, earlier in zip(everybody, crowds, before, strict=True):
            heard = await crowd.leave()
            published = each.published - earlier
            assert heard["least"] == heard["most"] == published, f"{each.name}: {heard} of {published}"
    return found


def _chapter(
    everybody: Sequence[Contestant],
    memory: Mapping[str, float],
    measured: Mapping[int, Measured],
    raw: Mapping[int, float],
    executions_per_event: float,
    profile: Sequence[tuple[str, str]],
) -> Chapter:
    ours, *others = [each.name for each in everybody]
    figures = []
    for size, turns in measured.items():
        for other in others:
            must, goal = _TARGETS.get((other, size), (None, None))
            name = f"deliveries/s to {size:,} sockets, against {other}"
            figures.append(Figure.at_least(name, turns[ours].rate, turns[other].rate, must, goal=goal))
    figures.append(Figure.at_most(f"KB per idle subscriber, {IDLE_SOCKETS:,} sockets", memory[ours], 25.0, "KB", goal=15))
    figures.append(Figure.at_most("executions per event, however many sockets", executions_per_event, 1.0, "execution"))
    head = ["", *[f"deliveries/s, {size:,} sockets" for size in SIZES]]
    head += [f"of a full core, {size:,} sockets" for size in SIZES] + ["KB per idle subscriber"]
    rows = [
        [
            each,
            *[measured[size][each].rate for size in SIZES],
            *[measured[size][each].rate_of_a_full_core for size in SIZES],
            memory[each],
        ]
        for each in (ours, *others)
    ]
    rows.append(["send() of this machine, one for each delivery", *[raw[size] for size in SIZES], "", "", ""])
    return Chapter(
        "Fan-out",
        inspect.getdoc(sys.modules[__name__]) or "",
        figures,
        tables=[
            Table("All contestants", head, rows),
            Table(f"Where Daftari's time goes, {max(SIZES):,} sockets", HEAD, profile),
        ],
        remarks=[
            "A server that calls send() once for each delivery cannot be faster than the last line. Daftari writes events "
            "that wait for the same sockets in one piece, and so calls it less often; Node does so within one tick.",
            f"{MERCURIUS} and socket.io are told as npm graphql-ws is: one reader of Redis in the same process.",
        ],
    )
