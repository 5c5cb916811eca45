"""Everything at once: writers that dawdle and roll back, subscribers that are cut off, and every part killed in turn.

Whatever the schedule, each client's log equals the committed order: contiguous, nothing missing, nothing twice.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

import pytest

from domain.events import log
from domain.identity.actor import Actor
from domain.kit.database import fetchval
from domain.kit.unit_of_work import unit_of_work
from subscriptions.hints import Hints
from subscriptions.hub import Hub
from subscriptions.limits import ConnectionLimits, HubLimits
from subscriptions.relay import Relay
from subscriptions.stepping import end_task
from tests.subscriptions.listening import (
    CODEC,
    Listener,
    Noted,
    PlainShape,
    a_hub,
    broadcasting,
    kill_connections,
    notes,
    somebody,
    until,
)
from tests.subscriptions.outages import MortalRedis, mortal_redis

pytestmark = pytest.mark.usefixtures("database")

TOPICS = ["red", "green", "blue"]
WRITERS = 6
SUBSCRIBERS = 12
FIRE_S = 4.0
SMALL = HubLimits(
    ring_events=60, page_events=20, window_positions=40, group_backlog_events=10, poll_s=0.1, poll_without_doorbell_s=0.05
)


class Client:
    """A client as a good one behaves: keeps the last cursor, and after a cut goes on from it, wherever it lands."""

    def __init__(self, rng: random.Random, topics: list[str], actor: Actor) -> None:
        self.rng = rng
        self.topics = topics
        self.actor = actor
        self.cursor: str | None = None
        self.heard: list[int] = []
        self.cuts = 0
        self.session: Listener | None = None

    async def live(self, hubs: list[Hub]) -> None:
        while True:
            hub = self.rng.choice([hub for hub in hubs if not hub.draining])
            limits = ConnectionLimits(waiting_messages=self.rng.choice([2, 20]), stalled_s=60)
            self.session = listener = Listener(hub, self.actor, limits)
            pause = self._sometimes_slow if self.rng.random() < 0.3 else None
            shape = PlainShape((tuple(self.topics), pause is None), pause=pause)
            opening = asyncio.create_task(hub.open(listener, "1", notes(*self.topics, after=self.cursor, shape=shape)))
            try:
                await self._take_for_a_while(listener)
            finally:
                await end_task(opening)
                listener.end()
                listener.taking.set()
                self._remember(listener)
                self.cuts += 1

    async def _sometimes_slow(self, item: object) -> None:
        if self.rng.random() < 0.1:
            await asyncio.sleep(0.01)

    async def _take_for_a_while(self, listener: Listener) -> None:
        for _ in range(self.rng.randrange(1, 8)):
            await asyncio.sleep(self.rng.random() * 0.1)
            if self.rng.random() < 0.3:
                listener.taking.clear()
            elif not listener.taking.is_set():
                listener.taking.set()
            if listener.closed:
                return

    def _remember(self, listener: Listener) -> None:
        """Everything that came in this session; the cursor is that of the last message."""
        self.heard += listener.numbers
        if listener.messages:
            self.cursor = listener.last_cursor
        assert "ResyncRequired" not in listener.kinds
        positions = [CODEC.decode(message["cursor"]).position for message in listener.messages]
        assert positions == sorted(positions), "cursors never go back"


async def write(rng: random.Random, numbers: Callable[[], int], stop: asyncio.Event) -> None:
    """Units of work of one to four events that take their time, a quarter of them in vain."""
    while not stop.is_set():
        try:
            async with unit_of_work() as work:
                for _ in range(rng.randrange(1, 5)):
                    work.record(Noted(topic=rng.choice(TOPICS), number=numbers()))
                await work.fetchval("select 1")
                await asyncio.sleep(rng.random() * 0.05)
                if rng.random() < 0.25:
                    raise ZeroDivisionError
        except ZeroDivisionError:
            pass
        await asyncio.sleep(rng.random() * 0.02)


class Fortress:
    """Two hubs and two relays, to be shot at."""

    def __init__(self, database_url: str, redis: MortalRedis) -> None:
        self.database_url = database_url
        self.redis = redis
        self.hubs: list[Hub] = []
        self._hub_stacks: list[AsyncExitStack] = []
        self._relays: list[asyncio.Task[None]] = []

    async def add_hub(self) -> None:
        stack = AsyncExitStack()
        hub = await stack.enter_async_context(a_hub(self.database_url, self.redis.url, SMALL))
        self.hubs.append(hub)
        self._hub_stacks.append(stack)

    async def kill_hub(self) -> None:
        """As a killed process: its connections are gone, without a word."""
        hub, stack = self.hubs.pop(0), self._hub_stacks.pop(0)
        for connection in hub.connections:
            connection.end()
        await stack.aclose()

    async def add_relay(self) -> None:
        async def run() -> None:
            async with broadcasting(self.redis.url) as broadcast:
                await Relay(self.database_url, broadcast, poll_s=0.02).run()

        self._relays.append(asyncio.create_task(run()))

    async def kill_relay(self) -> None:
        await end_task(self._relays.pop(0))

    async def tear_down(self) -> None:
        while self._relays:
            await self.kill_relay()
        while self.hubs:
            await self.kill_hub()


async def shoot(rng: random.Random, fortress: Fortress, stop: asyncio.Event) -> None:
    async def replace_hub() -> None:
        await fortress.add_hub()
        await fortress.kill_hub()

    async def replace_relay() -> None:
        await fortress.kill_relay()
        await asyncio.sleep(rng.random() * 0.2)
        await fortress.add_relay()

    async def restart_redis() -> None:
        fortress.redis.kill()
        await asyncio.sleep(rng.random() * 0.5)
        fortress.redis.start()

    async def cut_hubs_from_the_database() -> None:
        await kill_connections("hub")

    async def cut_relays_from_the_database() -> None:
        await kill_connections("relay")

    shots: list[Callable[[], Awaitable[None]]] = [
        replace_hub,
        replace_relay,
        restart_redis,
        cut_hubs_from_the_database,
        cut_relays_from_the_database,
    ]
    rng.shuffle(shots)
    while not stop.is_set():
        for shot in shots:
            await asyncio.sleep(rng.random() * 0.3)
            await shot()


@pytest.mark.fault("hubs, relays, Redis and database connections are killed in turn under writers that roll back")
@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_every_client_hears_the_committed_order_whatever_is_killed(database_url: str, seed: int) -> None:
    rng = random.Random(seed)
    stop = asyncio.Event()
    count = iter(range(1, 1_000_000))
    with mortal_redis() as redis:
        fortress = Fortress(database_url, redis)
        for _ in range(2):
            await fortress.add_hub()
            await fortress.add_relay()
        async with broadcasting(redis.url) as broadcast:
            hints = Hints(broadcast)
            hints.start()
            clients = [
                Client(random.Random(rng.random()), rng.sample(TOPICS, rng.randrange(1, 4)), somebody())
                for _ in range(SUBSCRIBERS)
            ]
            for client in clients:
                client.cursor = fortress.hubs[0].cursor()
            lives = [asyncio.create_task(client.live(fortress.hubs)) for client in clients]
            work = [
                asyncio.create_task(write(random.Random(rng.random()), lambda: next(count), stop)) for _ in range(WRITERS)
            ]
            work.append(asyncio.create_task(shoot(rng, fortress, stop)))
            await asyncio.sleep(FIRE_S)
            stop.set()
            await asyncio.gather(*work)
            await hints.stop()
            await _everything_is_numbered()
            committed = await log.read_after(0, limit=1_000_000)
            assert [logged.position for logged in committed] == list(range(1, len(committed) + 1))
            for client, life in zip(clients, lives, strict=True):
                expected = [logged.fact.number for logged in committed if set(logged.topics) & set(client.topics)]
                await until(lambda: client.cuts and _so_far(client)[-1:] == expected[-1:])  # noqa: B023
                assert not life.done()
                if life.done():
                    life.result()
                await end_task(life)
                assert client.heard == expected
        await fortress.tear_down()
        assert len(committed) > 100
        assert sum(client.cuts for client in clients) > SUBSCRIBERS


def _so_far(client: Client) -> list[int]:
    return client.heard + (client.session.numbers if client.session is not None else [])


async def _everything_is_numbered() -> None:
    async with asyncio.timeout(30):
        while await fetchval("select count(*) from outbox"):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
