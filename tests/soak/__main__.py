"""`python -m tests.soak --minutes 30`: run the load, print what was seen, keep it with `--keep`. Exits with 1 when
something was not flat, not heard or not in order."""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import random
import sys
from contextlib import AsyncExitStack
from typing import Any, Final
from uuid import UUID

import asyncpg
import redis.asyncio as redis

from api.choices import DEVELOPMENT_SECRET
from api.demo import people
from api.embedded import EmbeddedServers
from domain.identity.actor import Actor
from domain.identity.permissions import Role
from subscriptions.cursor import CursorCodec
from subscriptions.limits import HubLimits
from tests.api.processes.installation import Installation, stop, tell_demo_story
from tests.soak.figures import FIGURES, keep
from tests.soak.load import FOLLOWED, Ear, Load, at_a_pace, cut, renew
from tests.soak.samples import Watch
from tests.support.homes import open_home
from tests.support.operations import operation
from tests.support.servers import settings_for_tests
from tests.support.wires import a_wire_to

EVERY_S: Final = 5.0
TRANSFERS_A_SECOND: Final = 4.0
READS_A_SECOND: Final = 6.0
COPIES: Final = 3
"""So many subscribers follow each feed."""
SILENCE_S: Final = 60.0
CROWD: Final = "tests.soak.crowd"
EVENTS: Final = operation("core/Events")
FILLED: Final = 2
FILLED_AT_ONCE: Final = 2_000


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
    codec = CursorCodec(settings_for_tests(secret=DEVELOPMENT_SECRET).cursor_secret)
    async with a_wire_to(address) as wire:
        ears = []
        for person, document in FOLLOWED * COPIES:
            token = await load.token_of(person)
            ear = Ear(wire.address, token, document, position_of=lambda cursor: codec.decode(cursor).position)
            ear.counts = load.counts
            ears.append((person, ear))
        following = [asyncio.create_task(ear.run()) for _, ear in ears]
        numbers = itertools.count(1)
        _say("Filling what the server keeps of the recent past, and of what it has told, so that it grows no more")
        await _fill(database, following=[ear for _, ear in ears])
        load.counts.deliveries = 0
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


BEHIND: Final = """
select exists (select from outbox)
    or exists (select from event_checkpoint, event_log_head as head where event_checkpoint.position < head.position)
"""

# As many changes of an endpoint that nobody has, told to the administrator: facts that change no figure.
FILL: Final = """
insert into outbox (name, version, topics, audience, correlation_id, occurred_at, payload)
select 'webhooks.endpoint_changed', 1, array['user:' || admin.id], array['user:' || admin.id], gen_random_uuid(), now(),
       json_build_object('endpoint_id', gen_random_uuid(), 'owner_id', admin.id, 'endpoint_name', repeat('Elsewhere ', 100),
                         'state', null)::text
from (select id from app_user where email = $1) as admin, generate_series(1, $2::int)
"""


async def _fill(database: asyncpg.Connection, *, following: list[Ear]) -> None:
    """More events than a hub keeps, told to everybody: its lists by topic keep an eighth more."""
    for _ in range(0, FILLED * HubLimits().ring_events, FILLED_AT_ONCE):
        await database.execute(FILL, people.ADMIN.email, FILLED_AT_ONCE)
        await _worked_off(database)
    head = await database.fetchval("select position from event_log_head")
    while any(ear.positions[-1:].tolist() < [head] for ear in following if ear.document == EVENTS):  # noqa: ASYNC110  they listen
        await asyncio.sleep(0.2)


async def _worked_off(database: asyncpg.Connection) -> None:
    """Until everything is numbered, and every listener has heard it."""
    while await database.fetchval(BEHIND):  # noqa: ASYNC110  the worker does it
        await asyncio.sleep(0.2)


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
    async with asyncio.timeout(SILENCE_S):
        while await database.fetchval("select exists (select from outbox)"):  # noqa: ASYNC110
            await asyncio.sleep(0.2)
    admin_id = await database.fetchval("select id from app_user where email = $1", people.ADMIN.email)
    audiences = list(Actor(id=UUID(str(admin_id)), name="", roles=frozenset({Role.ADMIN})).audiences)
    rows = await database.fetch("select position from event_log where audience && $1::text[] order by position", audiences)
    positions = [row["position"] for row in rows]
    followers = [ear for ear in ears if ear.document == EVENTS]
    async with asyncio.timeout(SILENCE_S):
        while any(ear.positions[-1:].tolist() != positions[-1:] for ear in followers):  # noqa: ASYNC110
            await asyncio.sleep(0.2)
    for ear in followers:
        began = ear.position_of(str(ear.started_at))
        if list(ear.positions) != [position for position in positions if position > began]:
            return False
    return all(ear.in_order for ear in ears)


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
