"""Clients of others against a running server: they follow, are cut off, and come back having lost nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

import pytest
import pytest_asyncio

from subscriptions.relay import Relay
from tests.api.sockets.talking import Place, a_place
from tests.protocol.clients import Following, graphql_sse, graphql_ws, python_gql
from tests.subscriptions.listening import note
from tests.support.people import a_user, signed_in
from tests.support.wires import Wire, a_wire_to

FOLLOW = """subscription Follow($after: Cursor) {
  noted(topic: "notes", after: $after) {
    __typename ... on FeedItem { cursor } ... on Ready { recovered } ... on Noted { number }
  }
}"""


@pytest_asyncio.fixture
async def place(relay: Relay, database_url: str, redis_url: str) -> AsyncIterator[Place]:
    async with a_place(database_url, redis_url) as place:
        yield place


@pytest_asyncio.fixture
async def wire(place: Place) -> AsyncIterator[Wire]:
    async with a_wire_to(place.address) as wire:
        yield wire


@pytest.mark.parametrize("connect", [graphql_ws, graphql_sse, python_gql])
async def test_a_cut_loses_nothing_and_repeats_nothing(
    wire: Wire, connect: Callable[[str, str, str], AbstractAsyncContextManager[Following]]
) -> None:
    token = (await signed_in(await a_user())).access_token
    async with connect(wire.address, token, FOLLOW) as client:
        assert (await client.next())[1]["__typename"] == "Ready"
        await note(1, 2)
        heard = [(await client.next())[1]["number"] for _ in range(2)]
        for beginning in (3, 7):
            before = wire.connections
            wire.cut()
            await note(beginning, beginning + 1)
            wire.mend()
            await note(beginning + 2, beginning + 3)
            comebacks = 0
            while heard[-1] < beginning + 3:
                _, item = await client.next()
                if item["__typename"] == "Ready":
                    assert item["recovered"] is True
                    comebacks += 1
                elif item["__typename"] == "Noted":
                    heard.append(item["number"])
            assert comebacks >= 1
            assert wire.connections > before
    assert heard == list(range(1, 11))
