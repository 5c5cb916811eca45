"""A reconnect storm: 2,000 sockets are cut, miss events, and all come back at once, each with its cursor.

The clock runs from the first new connection until the last socket has signed in, opened its feed, heard everything that it
had missed, in order, and been told that it is up to date. npm graphql-ws is the measure for the same machine: its sockets
connect and subscribe again, know nobody, and what happened meanwhile is lost.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import sys
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any, Final

from domain.events import log
from subscriptions.cursor import CursorCodec
from tests.performance.contestants import Contestant, daftari, graphql_ws
from tests.performance.daftari import COUNTING
from tests.performance.profiling import HEAD, profiled
from tests.performance.programs import PROJECT
from tests.performance.report import Chapter, Figure, Table
from tests.performance.rounds import ONLY_TRYING, ROUNDS
from tests.performance.stage import DOCUMENT, PLAIN_DOCUMENT, Stage, a_stage

SOCKETS: Final = 200 if ONLY_TRYING else 2_000
MISSED: Final = 20
WITHIN_S: Final = 2.0
QUERIES: Final = 19
"""Fewer than twenty."""
MAY_COMPUTE_US: Final = 1_000
PATIENCE_S: Final = 60.0


REMARKS: Final = (
    "Sockets are let in by groups, four a second, so that each group asks the database and Redis once: the last one waits "
    "up to a quarter of a second for its group, which is part of the time.",
    "A sampling profile, which weighs calls truly, finds a third of a socket's cost in opening the feed (price, permission, "
    "arguments, its place in the log, what it missed), a third in the connection (request, handshake, reading), a tenth in "
    "signing in, a seventh in Python's collector, which goes through what thousands of new sockets keep, and the rest in "
    "the system. npm graphql-ws signs nobody in and tells nothing of what was missed.",
)


async def measure() -> Chapter:
    async with a_stage() as stage:
        ours, other = await daftari(stage, COUNTING), await graphql_ws(stage)
        took: dict[str, list[float]] = {ours.name: [], other.name: []}
        queries: list[int] = []
        costs: dict[str, list[float]] = {ours.name: [], other.name: []}
        for number in range(ROUNDS + 1):
            order = {**await _cut_before(stage, ours), "tokens": stage.tokens}
            before = (await ours.server.counts())["statements"]
            cpu = ours.server.cpu_s()
            storm = await _storm(ours, order)
            computed = (ours.server.cpu_s() - cpu) * 1e6 / SOCKETS
            _check(storm)
            asked = (await ours.server.counts())["statements"] - before
            cpu = other.server.cpu_s()
            peers = await _storm(other, {"document": PLAIN_DOCUMENT, "arrived": '"pong"', "delivery": ""})
            if number > 0:
                queries.append(asked)
                costs[ours.name].append(computed)
                costs[other.name].append((other.server.cpu_s() - cpu) * 1e6 / SOCKETS)
                took[ours.name].append(max(storm["arrived_s"]))
                took[other.name].append(max(peers["arrived_s"]))
                print(f"round {number}: {took[ours.name][-1]:.2f} s, {other.name} {took[other.name][-1]:.2f} s", flush=True)
        order = {**await _cut_before(stage, ours), "tokens": stage.tokens}
        async with profiled(ours.server) as profile:
            await _storm(ours, order)
        return _chapter(took, max(queries), costs, profile)


async def _cut_before(stage: Stage, ours: Contestant) -> Mapping[str, Any]:
    """The order of a crowd whose last cursor is from before these events."""
    codec = CursorCodec(stage.settings.cursor_secret)
    cursor = codec.encode(await log.head())
    await ours.publisher.stock(MISSED)
    heard = (await ours.server.counts())["events"]
    await ours.publish(MISSED)
    async with asyncio.timeout(PATIENCE_S):
        # What the server has not heard itself would be told behind the end of the replay.
        while (await ours.server.counts())["events"] < heard + MISSED:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    return {"document": DOCUMENT, "cursors": [cursor], "arrived": '"CaughtUp"', "delivery": '"next"'}


def _check(storm: Mapping[str, Any]) -> None:
    """Everybody has heard the same, without a hole and without a repeat."""
    assert storm["least"] == storm["most"] == MISSED + 2, f"Ready, {MISSED} events and CaughtUp, not {storm}"
    (told,) = storm["told"]
    assert told == list(range(told[0], told[0] + MISSED)), f"not in order: {told}"


async def _storm(contestant: Contestant, order: Mapping[str, Any]) -> dict[str, Any]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.performance.storming"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=PROJECT,
    )
    said = json.dumps({"port": contestant.server.port, "sockets": SOCKETS, **order}).encode() + b"\n"
    async with asyncio.timeout(PATIENCE_S):
        found, _ = await process.communicate(said)
    result: dict[str, Any] = json.loads(found)
    return result


def _chapter(
    took: Mapping[str, list[float]], queries: int, costs: Mapping[str, list[float]], profile: Sequence[tuple[str, str]]
) -> Chapter:
    ours, other = took
    mine, theirs = median(took[ours]), median(took[other])
    name = f"s until {SOCKETS:,} sockets that resume are up to date"
    figures = [
        Figure.at_most(name, mine, WITHIN_S, "s"),
        Figure.at_most(f"database queries for {SOCKETS:,} sockets that resume", queries, QUERIES, "queries"),
        Figure.at_least(f"{name}, against {other} that has lost {MISSED} events", mine, theirs),
        Figure.at_most("us of the server for a socket that comes back", median(costs[ours]), MAY_COMPUTE_US, "us"),
    ]
    rows = [[each, median(times), min(times), max(times), median(costs[each])] for each, times in took.items()]
    return Chapter(
        "Reconnect storm",
        inspect.getdoc(sys.modules[__name__]) or "",
        figures,
        tables=[
            Table(
                "Seconds until the last socket was there",
                ["", "median", "best", "worst", "us of the server for a socket"],
                rows,
            ),
            Table("Where Daftari's time goes", HEAD, profile),
        ],
        remarks=REMARKS,
    )
