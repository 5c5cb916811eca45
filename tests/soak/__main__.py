"""`python -m tests.soak --minutes 30`: run the load, print what was seen, keep it with `--keep`. Exits with 1 when
something was not flat, not heard or not in order."""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import math
import random
import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack
from typing import Any, Final

import asyncpg
import redis.asyncio as redis

from api.embedded import EmbeddedServers
from subscriptions.limits import HubLimits
from tests.api.processes.installation import Installation, position_of, positions_for_admin, stop, tell_demo_story
from tests.soak.figures import FIGURES, keep
from tests.soak.load import FOLLOWED, Ear, Load, at_a_pace, cut, renew
from tests.soak.samples import Watch
from tests.support.homes import open_home
from tests.support.operations import operation
from tests.support.wires import a_wire_to

EVERY_S: Final = 5.0
TRANSFERS_A_SECOND: Final = 4.0
READS_A_SECOND: Final = 6.0
COPIES: Final = 3
"""So many subscribers follow each feed."""
SILENCE_S: Final = 60.0
CROWD: Final = "tests.soak.crowd"
EVENTS: Final = operation("core/Events")
FILLED: Final = 1.25
SENDERS: Final = 8
HEAD: Final = "select position from event_log_head"
BEHIND: Final = """
select exists (select from outbox)
    or exists (select from event_checkpoint, event_log_head as head where event_checkpoint.position < head.position)
"""
"""Something is not numbered yet, or a listener has not heard it, who may have something to tell in turn."""


async def soak(minutes: float) -> dict[str, Any]:
    async with AsyncExitStack() as stack:
        home = stack.enter_context(open_home())
        await tell_demo_story(home)
        servers = stack.enter_context(EmbeddedServers.start(home))
        # The budget of points is for people, and those here stand for many.
        chosen = {"DAFTARI_POINTS_PER_MINUTE": "0", "DAFTARI_DEMO_TRAFFIC": "false"}
        place = Installation(home, servers, cold=True, chosen=chosen)
        try:
            return await _at(place, minutes, random.Random(2026))
        finally:
            for name in list(place.processes):
                await place.kill(name)


async def _at(place: Installation, minutes: float, rng: random.Random) -> dict[str, Any]:
    database = await asyncpg.connect(place.servers.database_url)
    address = await place.start_server("server")
    await place.start_worker()
    valkey = redis.from_url(place.servers.redis_url)
    load = Load(address, rng)
    await load.begin()
    async with a_wire_to(address) as wire:
        ears = []
        for person, document in FOLLOWED * COPIES:
            token = await load.token_of(person)
            ear = Ear(wire.address, token, document, counts=load.counts)
            ears.append((person, ear))
        following = [asyncio.create_task(ear.run()) for _, ear in ears]
        numbers = itertools.count(1)
        _say("Filling what the server keeps of the recent past, and of what it has told, so that it grows no more")
        await _fill(load, database, numbers, [ear for _, ear in ears])
        await place.start_module("crowd", CROWD, until_it_says="Acting")
        acting = [
            asyncio.create_task(at_a_pace(TRANSFERS_A_SECOND, lambda: load.transfer(next(numbers)))),
            asyncio.create_task(at_a_pace(READS_A_SECOND, load.read)),
            asyncio.create_task(renew(ears, load)),
            asyncio.create_task(cut(wire, rng, load.counts)),
        ]
        watch = Watch({name: process.pid for name, process in place.processes.items()}, place.servers.postgres.pid)
        await _watch(watch, minutes * 60, database, valkey, acting)
        await stop(acting)
        await place.kill("crowd")
        heard = await _heard(database, [ear for _, ear in ears])
        await stop(following)
    await load.end()
    report = await _integrity(place)
    await database.close()
    await valkey.aclose()
    exits = [await place.stop(name) for name in ("worker", "server")]
    counts = load.counts
    return {
        "minutes": minutes,
        "transfers": counts.transfers,
        "repeats": counts.repeats,
        "reads": counts.reads,
        "subscribers": len(ears),
        "deliveries": counts.deliveries,
        "cuts": counts.cuts,
        "retries": counts.retries,
        "heard": heard,
        "integrity": report,
        "stoppedCleanly": exits == [0, 0],
        "series": [series.verdict() for series in watch.series],
    }


async def _fill(load: Load, database: asyncpg.Connection, numbers: Iterator[int], ears: list[Ear]) -> None:
    """Transfers as fast as they go, until a hub has forgotten everything but such: its lists by topic keep an eighth more
    than it does, and events of other sizes would leave holes that only fill up in time."""
    until = FILLED * HubLimits().ring_events + await database.fetchval(HEAD)
    sending = [asyncio.create_task(at_a_pace(math.inf, lambda: load.transfer(next(numbers)))) for _ in range(SENDERS)]
    while await database.fetchval(HEAD) < until:
        ended, _ = await asyncio.wait(sending, timeout=1.0, return_when=asyncio.FIRST_COMPLETED)
        for task in ended:
            task.result()
    await stop(sending)
    await _all_told(database, ears)


async def _watch(
    watch: Watch, seconds: float, database: asyncpg.Connection, valkey: redis.Redis, acting: list[asyncio.Task[None]]
) -> None:
    loop = asyncio.get_running_loop()
    began = loop.time()
    told = 0
    while (now := loop.time() - began) < seconds:
        await watch.look(now, database, valkey)
        ended, _ = await asyncio.wait(acting, timeout=EVERY_S, return_when=asyncio.FIRST_COMPLETED)
        for task in ended:
            task.result()
        if now // 60 > told:
            told = int(now // 60)
            figures = ", ".join(
                f"{each.name} {each.values[-1]:.0f} {each.unit}" for each in watch.series if each.unit == "MB"
            )
            _say(f"{told} min: {figures}")


async def _heard(database: asyncpg.Connection, ears: list[Ear]) -> bool:
    """Whether all who follow every event have heard each that they may see, once and in order; the others in order."""
    positions = await _all_told(database, ears)
    for ear in _followers(ears):
        began = position_of(str(ear.started_at))
        if list(ear.positions) != [position for position in positions if position > began]:
            return False
    return all(ear.in_order for ear in ears)


async def _all_told(database: asyncpg.Connection, ears: list[Ear]) -> list[int]:
    """Wait until those who follow every event have heard the last that they may see; the positions of all of these."""
    async with asyncio.timeout(SILENCE_S):
        while await database.fetchval(BEHIND):  # noqa: ASYNC110  the worker does it
            await asyncio.sleep(0.2)
    positions = await positions_for_admin(database)
    async with asyncio.timeout(SILENCE_S):
        while any(ear.positions[-1:].tolist() != positions[-1:] for ear in _followers(ears)):  # noqa: ASYNC110
            await asyncio.sleep(0.2)
    return positions


def _followers(ears: list[Ear]) -> list[Ear]:
    return [ear for ear in ears if ear.document == EVENTS]


async def _integrity(place: Installation) -> bool:
    """Every invariant, those included that take a command of their own."""
    code, said = await place.daftari("verify-ledger")
    if code:
        _say(said)
    return code == 0


def _say(text: str) -> None:
    print(text, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--keep", action="store_true", help=f"keep the figures in {FIGURES.name}")
    asked = parser.parse_args()
    found = asyncio.run(soak(asked.minutes))
    for series in found["series"]:
        verdict = "flat" if series["flat"] else "GROWS"
        _say(f"{series['name']:45} {series['from']:8} -> {series['to']:8} {series['unit']:12} {verdict}")
    rest = {name: value for name, value in found.items() if name != "series"}
    _say(json.dumps(rest, indent=2))
    if asked.keep:
        keep(found)
    good = found["heard"] and found["integrity"] and found["stoppedCleanly"] and all(s["flat"] for s in found["series"])
    sys.exit(not good)


if __name__ == "__main__":
    main()
