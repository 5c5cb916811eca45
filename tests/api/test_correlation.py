"""Every error says under which id it is to be looked for: that of the call, which its log lines and its response have too.

That all refusals have one on every transport is proved beside what they refuse, in ``tests/security/test_parity.py``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from subscriptions.errors import DeliveryFailed
from subscriptions.limits import SocketLimits
from subscriptions.member import Member
from subscriptions.relay import Relay
from tests.api.sockets.talking import ACTORS, NOTED, Place, a_place
from tests.api.test_sse import streaming


@pytest_asyncio.fixture
async def place(relay: Relay, database_url: str, redis_url: str) -> AsyncIterator[Place]:
    async with a_place(database_url, redis_url, actors=ACTORS, limits=SocketLimits(operations=1)) as place:
        yield place


def id_of(error: dict[str, Any]) -> str:
    found: str = error["extensions"]["correlationId"]
    assert str(UUID(found)) == found
    return found


def only_member(place: Place) -> Member:
    ((member,),) = [connection.members.values() for connection in place.hub.connections]
    return member


async def test_each_operation_of_a_socket_has_an_id_of_its_own_in_its_work_its_error_and_its_log(place: Place) -> None:
    async with place.talk("asha") as talk:
        told = []
        with capture_logs() as lines:
            for number in ("1", "2"):
                await talk.subscribe(number, "{ whence broken }")
                payload = (await talk.hear("next"))["payload"]
                await talk.hear("complete")
                told.append(id_of(payload["errors"][0]))
                assert payload["data"]["whence"].split()[0] == told[-1]
        assert [line["correlation_id"] for line in lines if line["event"] == "operation_failed"] == told
        assert told[0] != told[1]


async def test_an_outage_on_a_socket_is_logged_under_the_id_that_is_told(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lost(*asked: object) -> object:
        raise asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation")

    monkeypatch.setattr(place.hub, "_permitted_topics", lost)
    async with place.talk("asha") as talk:
        with capture_logs() as lines:
            await talk.subscribe("1", NOTED)
            (error,) = (await talk.hear("error"))["payload"]
        assert error["extensions"]["code"] == "UNAVAILABLE"
        assert [line["correlation_id"] for line in lines if line["event"] == "operation_unavailable"] == [id_of(error)]


async def test_a_feed_that_ends_later_says_an_id_too(place: Place) -> None:
    async with place.talk("asha") as talk:
        await talk.subscribe("1", NOTED)
        await talk.item()
        await talk.subscribe("2", NOTED)
        (crowded,) = (await talk.hear("error"))["payload"]
        with capture_logs() as lines:
            place.hub.fail(only_member(place), DeliveryFailed("subscribe again"))
            (error,) = (await talk.hear("error"))["payload"]
        assert (crowded["extensions"]["code"], error["extensions"]["code"]) == ("TOO_MANY_FEEDS", "DELIVERY_FAILED")
        assert id_of(crowded) != id_of(error)
        assert [line["correlation_id"] for line in lines if line["event"] == "feed_ended"] == [id_of(error)]


async def test_a_token_that_cannot_be_renewed_is_refused_under_an_id(place: Place) -> None:
    async with place.talk("asha") as talk:
        await talk.say({"type": "ping", "payload": {"authorization": "Bearer unknown"}})
        assert id_of((await talk.hear("pong"))["payload"]["error"])


async def test_what_a_stream_ends_with_has_the_id_of_its_response(place: Place) -> None:
    async with streaming(place, NOTED) as stream:
        await stream.item()
        place.hub.fail(only_member(place), DeliveryFailed("subscribe again"))
        told = await stream.next()
        assert told is not None
        assert id_of(told.data["errors"][0]) == stream.response.headers["x-correlation-id"]
    async with streaming(place, NOTED, topic="secret") as stream:
        told = await stream.next()
        assert told is not None
        assert id_of(told.data["errors"][0]) == stream.response.headers["x-correlation-id"]
