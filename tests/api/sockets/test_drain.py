"""How a server takes leave: it asks for no more traffic first, ends what has begun, and sends everybody away in batches."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
import pytest_asyncio

from api.processes.serve import Site
from subscriptions import hub
from subscriptions.hub import PARTING_BATCHES
from subscriptions.relay import Relay
from tests.api.sockets.talking import ACTORS, NOTED, Place, Talk, a_place
from tests.api.test_sse import streaming
from tests.subscriptions.listening import note, until

SOCKETS = 2 * PARTING_BATCHES


@pytest_asyncio.fixture
async def place(relay: Relay, database_url: str, redis_url: str) -> AsyncIterator[Place]:
    async with a_place(database_url, redis_url, actors=ACTORS) as place:
        yield place


@pytest_asyncio.fixture
async def talks(place: Place) -> AsyncIterator[list[Talk]]:
    async with AsyncExitStack() as stack:
        talks = [await stack.enter_async_context(place.talk("asha")) for _ in range(SOCKETS)]
        for talk in talks:
            await talk.subscribe("1", NOTED)
            await talk.item()
        yield talks


class Pauses:
    """In place of chance: between two batches nobody waits, and it is noted how many sockets are left."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self.left: list[int] = []
        self.bounds: set[tuple[float, float]] = set()
        self.shuffled: list[int] = []

    def shuffle(self, connections: list[Any]) -> None:
        self.shuffled.append(len(connections))
        random.shuffle(connections)

    def uniform(self, low: float, high: float) -> float:
        self.left.append(len(self._place.sockets))
        self.bounds.add((low, high))
        return 0.0

    def put_in_place(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(hub, "random", SimpleNamespace(shuffle=self.shuffle, uniform=self.uniform))


async def test_it_is_not_ready_any_more_while_sockets_and_answers_are_still_open(
    place: Place, talks: list[Talk], monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, execute = asyncio.Event(), place.pipeline.execute

    async def slowly(*arguments: Any) -> Any:
        await gate.wait()
        return await execute(*arguments)

    monkeypatch.setattr(place.pipeline, "execute", slowly)
    Pauses(place).put_in_place(monkeypatch)
    async with httpx.AsyncClient(base_url=place.address) as client, streaming(place, NOTED) as stream:
        await stream.item()
        assert (await client.get("/health/ready")).status_code == 200
        await talks[0].subscribe("2", 'mutation { relabel(input: {label: "begun"}) { label } }')
        await until(lambda: place.sockets.shared.operations)
        site = Site(place.sockets, place.health, place.sockets, place.hub)
        leaving = asyncio.create_task(site.drain())
        await until(lambda: place.hub.draining)
        ready = await client.get("/health/ready")
        assert (ready.status_code, ready.json()["status"]) == (503, "draining")
        assert (await client.get("/health/live")).status_code == 200, "to be killed now would cut everybody off"
        assert len(place.sockets) == SOCKETS and not leaving.done()
        await note(1)
        assert (await talks[1].item())["number"] == (await stream.item())["number"] == 1, "feeds go on meanwhile"
        gate.set()
        assert (await talks[0].item())["number"] == 1
        assert (await talks[0].hear("next"))["payload"]["data"] == {"relabel": {"label": "begun"}}
        await leaving
        assert await stream.next() is None
        assert {code for code, _ in await asyncio.gather(*(talk.ends() for talk in talks))} == {1012}
        assert (await client.get("/health/ready")).status_code == 503


async def test_sockets_are_sent_away_in_shuffled_batches_with_pauses_by_chance(
    place: Place, talks: list[Talk], monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that those who come back do so over the whole time, and not at once."""
    pauses = Pauses(place)
    pauses.put_in_place(monkeypatch)
    await place.sockets.drain()
    batch = SOCKETS // PARTING_BATCHES
    assert pauses.left == list(range(SOCKETS - batch, -1, -batch))
    assert pauses.bounds == {(0.5, 1.0)}, "parts of an equal share of the time"
    assert pauses.shuffled == [SOCKETS]
    ends = await asyncio.gather(*(talk.ends() for talk in talks))
    assert set(ends) == {(1012, "this server restarts; connect again")}
