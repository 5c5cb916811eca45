"""Clients of others against a running server: they follow, are cut off, and come back having lost nothing."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager, suppress
from typing import Any, Protocol

import pytest
import pytest_asyncio
from gql import Client, GraphQLRequest
from gql.transport.exceptions import TransportError
from gql.transport.websockets import WebsocketsTransport

from subscriptions.relay import Relay
from tests.api.sockets.talking import Place, a_place
from tests.subscriptions.listening import PATIENCE_S, note
from tests.support.people import a_user, signed_in
from tests.support.servers import NODE, NODE_TESTS
from tests.support.wires import Wire, a_wire_to

FOLLOW = """subscription Follow($after: Cursor) {
  noted(topic: "notes", after: $after) {
    __typename ... on FeedItem { cursor } ... on Ready { recovered } ... on Noted { number }
  }
}"""


class Following(Protocol):
    """A client at work: its next item, waiting for it."""

    async def next(self) -> dict[str, Any]: ...


class NodeClient:
    """``follow.mjs`` in a process of its own."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def next(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        async with asyncio.timeout(PATIENCE_S):
            line = await self._process.stdout.readline()
        said = json.loads(line)
        assert "item" in said, said
        item: dict[str, Any] = said["item"]
        return item


@asynccontextmanager
async def node_client(transport: str, url: str, token: str) -> AsyncIterator[Following]:
    process = await asyncio.create_subprocess_exec(
        NODE,
        NODE_TESTS / "follow.mjs",
        transport,
        url,
        token,
        FOLLOW,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={"PATH": os.environ.get("PATH", "")},
    )
    try:
        yield NodeClient(process)
        assert process.stdin is not None
        process.stdin.close()
        async with asyncio.timeout(PATIENCE_S):
            assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def graphql_ws(address: str, token: str) -> AbstractAsyncContextManager[Following]:
    return node_client("ws", f"{address.replace('http', 'ws')}/graphql", token)


def graphql_sse(address: str, token: str) -> AbstractAsyncContextManager[Following]:
    return node_client("sse", f"{address}/graphql", token)


class PythonClient:
    """``gql``, which does not come back by itself: whoever uses it does so with the last cursor."""

    def __init__(self, address: str, token: str) -> None:
        self._url = f"{address.replace('http', 'ws')}/graphql"
        self._token = token
        self._cursor: str | None = None
        self.items = self._follow()

    async def next(self) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE_S):
            return await anext(self.items)

    async def _follow(self) -> Any:
        while True:
            with suppress(TransportError, OSError):
                async for item in self._follow_until_cut():
                    self._cursor = item["cursor"]
                    yield item
            await asyncio.sleep(0.02)

    async def _follow_until_cut(self) -> AsyncIterator[dict[str, Any]]:
        transport = WebsocketsTransport(
            url=self._url,
            init_payload={"authorization": f"Bearer {self._token}"},
            subprotocols=[WebsocketsTransport.GRAPHQLWS_SUBPROTOCOL],
        )
        async with Client(transport=transport) as session:
            request = GraphQLRequest(FOLLOW, variable_values={"after": self._cursor})
            async with aclosing(session.subscribe(request)) as answers:
                async for answer in answers:
                    yield answer["noted"]


@asynccontextmanager
async def python_gql(address: str, token: str) -> AsyncIterator[Following]:
    client = PythonClient(address, token)
    async with aclosing(client.items):
        yield client


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
    place: Place, wire: Wire, connect: Callable[[str, str], AbstractAsyncContextManager[Following]]
) -> None:
    token = (await signed_in(await a_user())).access_token
    async with connect(wire.address, token) as client:
        assert (await client.next())["__typename"] == "Ready"
        await note(1, 2)
        heard = [(await client.next())["number"], (await client.next())["number"]]
        for beginning in (3, 7):
            before = wire.connections
            wire.cut()
            await note(beginning, beginning + 1)
            wire.mend()
            await note(beginning + 2, beginning + 3)
            kinds = []
            while heard[-1] < beginning + 3:
                item = await client.next()
                kinds.append(item["__typename"])
                if item["__typename"] == "Ready":
                    assert item["recovered"] is True
                elif item["__typename"] == "Noted":
                    heard.append(item["number"])
            assert kinds.count("Ready") >= 1, "it came back"
            assert wire.connections > before
    assert heard == list(range(1, 11))
