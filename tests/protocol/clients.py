"""Clients that others wrote, which come back after a cut: npm graphql-ws, npm graphql-sse, Python's gql."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager, suppress
from typing import Any, Protocol

from gql import Client, GraphQLRequest
from gql.transport.exceptions import TransportError
from gql.transport.websockets import WebsocketsTransport

from tests.subscriptions.listening import PATIENCE_S
from tests.support.servers import NODE, NODE_TESTS


class Following(Protocol):
    """A client at work."""

    async def next(self) -> tuple[str, dict[str, Any]]:
        """The next item, waiting for it: the feed's name, and the item."""
        ...


class NodeClient:
    """``follow.mjs`` in a process of its own."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def next(self) -> tuple[str, dict[str, Any]]:
        assert self._process.stdout is not None
        async with asyncio.timeout(PATIENCE_S):
            line = await self._process.stdout.readline()
        said = json.loads(line)
        assert "item" in said, said
        return said["feed"], said["item"]


@asynccontextmanager
async def _node_client(transport: str, url: str, token: str, *queries: str) -> AsyncIterator[Following]:
    process = await asyncio.create_subprocess_exec(
        NODE,
        NODE_TESTS / "follow.mjs",
        transport,
        url,
        token,
        *queries,
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


def graphql_ws(address: str, token: str, *queries: str) -> AbstractAsyncContextManager[Following]:
    """All feeds on one socket."""
    return _node_client("ws", f"{address.replace('http', 'ws')}/graphql", token, *queries)


def graphql_sse(address: str, token: str, *queries: str) -> AbstractAsyncContextManager[Following]:
    """A request for each feed."""
    return _node_client("sse", f"{address}/graphql", token, *queries)


class PythonClient:
    """``gql``, which does not come back by itself: whoever uses it does so with the last cursor."""

    def __init__(self, address: str, token: str, query: str) -> None:
        self._url = f"{address.replace('http', 'ws')}/graphql"
        self._token = token
        self._query = query
        self._cursor: str | None = None
        self.items = self._follow()

    async def next(self) -> tuple[str, dict[str, Any]]:
        async with asyncio.timeout(PATIENCE_S):
            return await anext(self.items)

    async def _follow(self) -> Any:
        while True:
            with suppress(TransportError, OSError):
                async for feed, item in self._follow_until_cut():
                    self._cursor = item["cursor"]
                    yield feed, item
            await asyncio.sleep(0.02)

    async def _follow_until_cut(self) -> AsyncIterator[tuple[str, dict[str, Any]]]:
        transport = WebsocketsTransport(
            url=self._url,
            init_payload={"authorization": f"Bearer {self._token}"},
            subprotocols=[WebsocketsTransport.GRAPHQLWS_SUBPROTOCOL],
        )
        async with Client(transport=transport) as session:
            request = GraphQLRequest(self._query, variable_values={"after": self._cursor})
            async with aclosing(session.subscribe(request)) as answers:
                async for answer in answers:
                    for told in answer.items():
                        yield told


@asynccontextmanager
async def python_gql(address: str, token: str, query: str) -> AsyncIterator[Following]:
    client = PythonClient(address, token, query)
    async with aclosing(client.items):
        yield client
