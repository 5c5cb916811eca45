"""End to end: two servers, writers, and clients on real sockets and event streams that are cut off and come back, to
either server and by either transport. Each client's log equals the committed order."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from domain.events import log
from domain.kit.database import fetchval
from domain.kit.unit_of_work import unit_of_work
from subscriptions.limits import ConnectionLimits, HubLimits
from subscriptions.stepping import end_task
from tests.api.sockets.talking import ACTORS, NOTED, Place, Talk, a_place
from tests.api.test_sse import streaming
from tests.subscriptions.listening import Noted, kill_connections, until

TOPICS = ["red", "green", "blue"]
WRITERS = 4
CLIENTS = 12
FIRE_S = 4.0
SMALL = HubLimits(ring_events=100, page_events=30, poll_s=0.1)
NARROW = ConnectionLimits(waiting_messages=5)


class Client:
    """Follows one topic for ever, keeps the last cursor, and is cut off again and again."""

    def __init__(self, chance: random.Random, topic: str, cursor: str) -> None:
        self.chance = chance
        self.topic = topic
        self.cursor = cursor
        self.heard: list[int] = []
        self.cuts = 0

    async def live(self, places: list[Place]) -> None:
        while True:
            place = self.chance.choice(places)
            transport = self._by_socket if self.chance.random() < 0.7 else self._by_stream
            with suppress(ConnectionClosed, httpx.HTTPError, TimeoutError):
                async with asyncio.timeout(self.chance.uniform(0.05, 0.8)):
                    await transport(place)
            self.cuts += 1

    async def _by_socket(self, place: Place) -> None:
        async with place.socket(close_timeout=0) as connection:
            talk = Talk(connection)
            try:
                await talk.say({"type": "connection_init", "payload": {"authorization": "Bearer asha"}})
                await talk.hear("connection_ack")
                await talk.subscribe("1", NOTED, topic=self.topic, after=self.cursor)
                while True:
                    self._take(await talk.item())
            finally:
                # As when the network goes: no close frame.
                connection.transport.abort()

    async def _by_stream(self, place: Place) -> None:
        async with streaming(place, NOTED, headers={"last-event-id": self.cursor}, topic=self.topic) as stream:
            # While a server sends everybody away, it takes nobody; and a stream that ends was cut.
            while stream.response.status_code == 200 and (told := await stream.next()) is not None:
                if told.event:
                    self._take(told.item)

    def _take(self, item: dict[str, Any]) -> None:
        assert item["__typename"] != "ResyncRequired"
        self.cursor = item["cursor"]
        if item["__typename"] == "Noted":
            self.heard.append(item["number"])


async def write(chance: random.Random, numbers: Any, stop: asyncio.Event) -> None:
    while not stop.is_set():
        with suppress(ZeroDivisionError):
            async with unit_of_work() as work:
                for _ in range(chance.randrange(1, 4)):
                    work.record(Noted(topic=chance.choice(TOPICS), number=next(numbers), text="x" * chance.randrange(2_000)))
                await asyncio.sleep(chance.random() * 0.04)
                if chance.random() < 0.25:
                    raise ZeroDivisionError
        await asyncio.sleep(chance.random() * 0.02)


async def shoot(chance: random.Random, places: list[Place], stop: asyncio.Event) -> None:
    """Servers send everybody away as before a restart; the database drops connections."""
    while not stop.is_set():
        await asyncio.sleep(chance.uniform(0.2, 0.6))
        place = chance.choice(places)
        match chance.randrange(3):
            case 0:
                await place.sockets.drain(flush_s=0.1, part_within_s=0.1)
                place.hub.draining = False
            case 1:
                await kill_connections("hub")
            case 2:
                await kill_connections("relay")


@pytest.mark.fault("servers send everybody away, and clients are cut off, again and again")
@pytest.mark.usefixtures("relay")
@pytest.mark.parametrize("seed", [1, 2])
async def test_every_client_hears_the_committed_order(database_url: str, redis_url: str, seed: int) -> None:
    chance, stop = random.Random(seed), asyncio.Event()
    numbers = iter(range(1, 1_000_000))
    options: dict[str, Any] = {"actors": ACTORS, "hub_limits": SMALL, "connection_limits": NARROW}
    async with a_place(database_url, redis_url, **options) as one, a_place(database_url, redis_url, **options) as two:
        places = [one, two]
        clients = [
            Client(random.Random(chance.random()), chance.choice(TOPICS), chance.choice(places).hub.cursor())
            for _ in range(CLIENTS)
        ]
        lives = [asyncio.create_task(client.live(places)) for client in clients]
        work = [asyncio.create_task(write(random.Random(chance.random()), numbers, stop)) for _ in range(WRITERS)]
        work.append(asyncio.create_task(shoot(chance, places, stop)))
        await asyncio.sleep(FIRE_S)
        stop.set()
        await asyncio.gather(*work)
        while await fetchval("select exists (select from outbox)"):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        committed = await log.read_after(0, limit=1_000_000)
        assert [logged.position for logged in committed] == list(range(1, len(committed) + 1))
        for client, life in zip(clients, lives, strict=True):
            expected = [logged.fact.number for logged in committed if client.topic in logged.topics]
            await until(lambda: life.done() or client.heard[-1:] == expected[-1:])  # noqa: B023
            assert not life.done(), life.exception()
            await end_task(life)
            assert client.heard == expected
        await until(lambda: one.hub.status().feeds == two.hub.status().feeds == 0)
        # A socket is gone a moment after its feeds are.
        await until(lambda: len(one.sockets) == len(two.sockets) == 0)
    assert len(committed) > 30
    assert sum(client.cuts for client in clients) > 2 * CLIENTS
