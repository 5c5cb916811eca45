"""Feeds and answers as server-sent events: what is told, how a stream resumes, and how it ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import orjson
import pytest
import pytest_asyncio
from prometheus_client import REGISTRY

from domain.identity.actor import SYSTEM, Actor
from domain.identity.permissions import Role
from domain.identity.service import deactivate_user
from domain.kit import clock
from subscriptions.limits import SocketLimits
from subscriptions.relay import Relay
from tests.api.sockets.talking import ACTORS, ASHA, NOTED, Place, a_place
from tests.subscriptions.listening import PATIENCE_S, note, until
from tests.support.people import a_user, signed_in

STREAM = {"accept": "text/event-stream"}
PUBLIC = "subscription { publicNotes { __typename ... on FeedItem { cursor } } }"


@pytest_asyncio.fixture
async def place(relay: Relay, database_url: str, redis_url: str) -> AsyncIterator[Place]:
    async with a_place(database_url, redis_url, actors=ACTORS) as place:
        yield place


@dataclass
class Told:
    """One event of a stream; ``event`` is empty for what is only a sign of life."""

    event: str = ""
    id: str = ""
    data: Any = None
    comments: list[str] = field(default_factory=list)

    @property
    def item(self) -> dict[str, Any]:
        (shown,) = self.data["data"].values()
        found: dict[str, Any] = shown
        return found


class Streaming:
    """What a client reads from one response."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._lines = response.aiter_lines()

    async def next(self) -> Told | None:
        """The next event; None when the stream has ended."""
        told, lines = Told(), 0
        async with asyncio.timeout(PATIENCE_S):
            async for line in self._lines:
                if not line:
                    return told
                lines += 1
                name, _, value = line.partition(": ")
                if name == "event":
                    told.event = value
                elif name == "id":
                    told.id = value
                elif name == "data":
                    told.data = orjson.loads(value) if value else None
                elif not name:
                    told.comments.append(value)
        assert not lines, "the stream ended within an event"
        return None

    async def item(self) -> dict[str, Any]:
        told = await self.next()
        assert told is not None and told.event == "next", told
        assert told.id == told.item["cursor"]
        return told.item


@asynccontextmanager
async def streaming(
    place: Place, query: str, *, token: str = "asha", headers: dict[str, str] | None = None, **variables: Any
) -> AsyncIterator[Streaming]:
    sent = {**STREAM, "authorization": f"Bearer {token}", **(headers or {})}
    async with (
        # Reading the certificates of the world takes longer than all the rest.
        httpx.AsyncClient(base_url=place.address, timeout=PATIENCE_S, verify=False) as client,
        client.stream("POST", "/graphql", json={"query": query, "variables": variables}, headers=sent) as response,
    ):
        yield Streaming(response)


async def everything(place: Place, query: str, **more: Any) -> list[Told]:
    async with streaming(place, query, **more) as stream:
        assert stream.response.status_code == 200
        assert stream.response.headers["content-type"].startswith("text/event-stream")
        told = []
        while (each := await stream.next()) is not None:
            told.append(each)
        return told


async def test_a_feed_is_told_and_every_item_has_its_cursor_as_id(place: Place) -> None:
    async with streaming(place, NOTED) as stream:
        assert stream.response.headers["cache-control"] == "no-store"
        assert (await stream.item())["__typename"] == "Ready"
        await note(1, text="first line\nsecond line")
        await note(2, topic="elsewhere")
        await note(3)
        items = [await stream.item(), await stream.item()]
        assert [item["number"] for item in items] == [1, 3]
        assert items[0]["text"] == "first line\nsecond line"
    await until(lambda: place.hub.status().connections == 0)
    assert place.hub.status().feeds == 0


async def test_last_event_id_resumes_and_goes_before_after(place: Place) -> None:
    async with streaming(place, NOTED) as stream:
        await stream.item()
        await note(1)
        first = await stream.item()
    await note(2)
    await note(3)
    await until(lambda: place.hub.told == 3)
    for variables in ({}, {"after": place.hub.cursor()}):
        async with streaming(place, NOTED, headers={"last-event-id": first["cursor"]}, **variables) as stream:
            items = [await stream.item() for _ in range(4)]
            assert [item["__typename"] for item in items] == ["Ready", "Noted", "Noted", "CaughtUp"]
            assert items[0]["recovered"] is True
            assert [item["number"] for item in items[1:3]] == [2, 3]


async def test_a_feed_by_get_as_a_browser_asks(place: Place) -> None:
    parameters = {"query": PUBLIC}
    async with (
        httpx.AsyncClient(base_url=place.address) as client,
        client.stream("GET", "/graphql", params=parameters, headers=STREAM) as response,
    ):
        assert (await Streaming(response).item())["__typename"] == "Ready"


async def test_queries_and_mutations_are_answered_once(place: Place) -> None:
    for query, data in (
        ("{ vault }", {"vault": "Asha's gold"}),
        ('mutation { relabel(input: {label: "x"}) { label } }', {"relabel": {"label": "x"}}),
    ):
        answer, end = await everything(place, query)
        assert (answer.event, answer.data["data"]) == ("next", data)
        assert (end.event, end.data) == ("complete", None)


@pytest.mark.attack("function-level authorisation", on="SSE")
@pytest.mark.attack("object-level authorisation", on="SSE")
@pytest.mark.attack("forged cursors", on="SSE")
@pytest.mark.parametrize(
    ("query", "more", "code"),
    [
        ("{", {}, "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", {}, "GRAPHQL_VALIDATION_FAILED"),
        ("{ books }", {}, "FORBIDDEN"),
        ("subscription { audited { __typename } }", {}, "FORBIDDEN"),
        (NOTED, {"token": "unknown"}, "UNAUTHENTICATED"),
        (NOTED, {"topic": "secret"}, "NOT_FOUND"),
        (NOTED, {"after": "AAAA"}, "INVALID_CURSOR"),
        (NOTED, {"headers": {"last-event-id": "AAAA"}}, "INVALID_CURSOR"),
    ],
)
async def test_refusals_are_told_within_the_stream(place: Place, query: str, more: dict[str, Any], code: str) -> None:
    refused, end = await everything(place, query, **more)
    assert refused.data["errors"][0]["extensions"]["code"] == code
    assert "data" not in refused.data
    assert end.event == "complete"
    assert place.hub.status().feeds == 0


@pytest.mark.attack("malformed messages", on="SSE")
@pytest.mark.attack("oversized messages", on="SSE")
@pytest.mark.attack("cross-site requests", on="SSE")
async def test_a_request_that_is_none_is_refused_by_its_status(place: Place) -> None:
    async with httpx.AsyncClient(base_url=place.address, headers=STREAM) as client:
        for response, status in (
            (await client.post("/graphql", content=b"{", headers={"content-type": "application/json"}), 400),
            (await client.post("/graphql", json={"query": "{" + " " * 20_000}), 413),
            (await client.get("/graphql", params={"query": 'mutation { relabel(input: {label: "x"}) { label } }'}), 405),
        ):
            assert response.status_code == status
            assert response.headers["content-type"].startswith("application/json")


async def test_signs_of_life_carry_the_cursor(relay: Relay, database_url: str, redis_url: str) -> None:
    async with (
        a_place(database_url, redis_url, actors=ACTORS, limits=SocketLimits(heartbeat_s=0.05)) as place,
        streaming(place, NOTED) as stream,
    ):
        await stream.item()
        await note(1, topic="elsewhere")
        await until(lambda: place.hub.told == 1)
        while True:
            told = await stream.next()
            assert told is not None and told.event == "" and told.comments == ["heartbeat"]
            if told.id == place.hub.cursor():
                break


@pytest.mark.attack("expired tokens", on="SSE")
async def test_a_stream_ends_without_complete_when_the_token_does(
    relay: Relay,
    database_url: str,
    redis_url: str,
) -> None:
    soon = Actor(id=ASHA.id, name="Asha", roles=ASHA.roles, expires_at=clock.now() + timedelta(seconds=0.5))
    async with a_place(database_url, redis_url, actors={"asha": soon}) as place:
        told = await everything(place, NOTED)
        assert [each.event for each in told] == ["next"]
        assert clock.now() >= soon.expires_at  # type: ignore[operator]


@pytest.mark.attack("revoked tokens", on="SSE")
async def test_a_stream_ends_when_its_user_is_deactivated(relay: Relay, database_url: str, redis_url: str) -> None:
    user = await a_user(Role.INVESTOR)
    token = (await signed_in(user)).access_token
    async with a_place(database_url, redis_url) as place, streaming(place, NOTED, token=token) as stream:
        await stream.item()
        await deactivate_user(SYSTEM, user_id=user.id)
        assert await stream.next() is None
        refused, end = await everything(place, NOTED, token=token)
        assert refused.data["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        assert end.event == "complete"


async def test_draining_ends_streams_to_come_back(place: Place) -> None:
    async with streaming(place, NOTED) as stream:
        await stream.item()
        await place.sockets.drain(part_within_s=0.05)
        assert await stream.next() is None
    async with streaming(place, NOTED) as stream:
        assert stream.response.status_code == 503
        assert stream.response.headers["retry-after"]


@pytest.mark.attack("unlimited subscriptions", on="SSE")
@pytest.mark.attack("connection floods", on="SSE")
async def test_streams_count_as_sockets_of_their_user(relay: Relay, database_url: str, redis_url: str) -> None:
    async with (
        a_place(database_url, redis_url, actors=ACTORS, limits=SocketLimits(sockets_per_user=2)) as place,
        streaming(place, NOTED) as first,
        place.talk("asha"),
    ):
        await first.item()
        async with streaming(place, NOTED) as third:
            assert third.response.status_code == 503
        async with streaming(place, NOTED, token="auditor") as other:
            await other.item()


@pytest.mark.attack("connection floods", on="SSE")
async def test_strangers_share_the_places_of_their_address(relay: Relay, database_url: str, redis_url: str) -> None:
    limits = SocketLimits(strangers_per_address=2)
    async with a_place(database_url, redis_url, actors=ACTORS, limits=limits) as place:
        parameters = {"query": PUBLIC}
        async with (
            httpx.AsyncClient(base_url=place.address, verify=False) as client,
            client.stream("GET", "/graphql", params=parameters, headers=STREAM) as first,
            place.talk(),
        ):
            assert (await Streaming(first).item())["__typename"] == "Ready"
            refused = await client.get("/graphql", params=parameters, headers=STREAM)
            assert refused.status_code == 503
            assert refused.json()["errors"][0]["extensions"]["code"] == "BUSY"
            assert place.hub.status().feeds == 1
            async with streaming(place, NOTED) as known:
                await known.item()


def figure(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


@pytest.mark.attack("connection floods", on="SSE")
async def test_a_process_has_so_many_streams_however_many_come_at_once(
    relay: Relay, database_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = SocketLimits(sockets_per_process=2)
    async with a_place(database_url, redis_url, actors=ACTORS, limits=limits) as place, AsyncExitStack() as stack:
        gate, asked, admit = asyncio.Event(), 0, place.sockets.shared.quota.admit_all

        async def slowly(places: Any) -> bool:
            nonlocal asked
            asked += 1
            await gate.wait()
            return await admit(places)

        monkeypatch.setattr(place.sockets.shared.quota, "admit_all", slowly)
        refused = figure("daftari_streams_ended_total", why="too_many")
        coming = [asyncio.ensure_future(stack.enter_async_context(streaming(place, NOTED))) for _ in range(5)]
        await until(lambda: sum(each.done() for each in coming) == 3)
        assert asked == 2, "nobody else has taken a place of anybody"
        gate.set()
        streams = await asyncio.gather(*coming)
        told = sorted(stream.response.status_code for stream in streams)
        assert told == [200, 200, 503, 503, 503]
        assert figure("daftari_streams_ended_total", why="too_many") == refused + 3
        for stream in streams:
            if stream.response.status_code == 200:
                await stream.item()
        assert figure("daftari_streams_open") == place.hub.status().feeds == 2
        restarted = figure("daftari_streams_ended_total", why="restarting")
        await place.sockets.drain(part_within_s=0.01)
        await until(lambda: figure("daftari_streams_open") == 0)
        assert figure("daftari_streams_ended_total", why="restarting") == restarted + 2
        place.hub.draining = False
        async with streaming(place, NOTED) as again:
            assert (await again.item())["__typename"] == "Ready", "places that were left are free"


async def test_without_real_time_feeds_are_refused_and_all_else_works(
    relay: Relay,
    database_url: str,
    redis_url: str,
) -> None:
    async with a_place(database_url, redis_url, actors=ACTORS, real_time=False) as place:
        refused, _ = await everything(place, NOTED)
        assert refused.data["errors"][0]["extensions"]["code"] == "REAL_TIME_DISABLED"
        answer, _ = await everything(place, "{ vault }")
        assert answer.data["data"] == {"vault": "Asha's gold"}
