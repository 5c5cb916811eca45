"""A wire between a client and a server that a test can cut, as a network does: without a word to either side.

Or it lets a server take its time about leaving: its last words arrive, and only later the news that it has gone.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit


class Wire:
    """Passes bytes on to a server. While it is cut, everything on it is lost and nobody gets through."""

    def __init__(self, host: str, port: int) -> None:
        self._to = (host, port)
        self._ends: set[asyncio.StreamWriter] = set()
        self._whole = asyncio.Event()
        self._whole.set()
        self._may_end = asyncio.Event()
        self._may_end.set()
        self.connections = 0
        self.address = ""

    def cut(self) -> None:
        self._whole.clear()
        self._may_end.set()
        for end in list(self._ends):
            end.transport.abort()

    def mend(self) -> None:
        self._whole.set()

    def hold_open(self) -> None:
        """From now on, when the server closes a connection, the client does not hear of it until the wire is cut."""
        self._may_end.clear()

    async def carry(self, from_client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        if not self._whole.is_set():
            to_client.transport.abort()
            return
        from_server, to_server = await asyncio.open_connection(*self._to)
        self.connections += 1
        ends = {to_client, to_server}
        self._ends |= ends
        try:
            await asyncio.gather(self._pass_on(from_client, to_server), self._pass_on(from_server, to_client))
        finally:
            self._ends -= ends
            for end in ends:
                end.transport.abort()

    async def _pass_on(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while part := await source.read(65_536):
                target.write(part)
                await target.drain()
        await self._may_end.wait()
        target.transport.abort()


@asynccontextmanager
async def a_wire_to(address: str) -> AsyncIterator[Wire]:
    """A wire to the server at this address; ``wire.address`` is where clients connect instead."""
    to = urlsplit(address)
    assert to.hostname is not None and to.port is not None
    wire = Wire(to.hostname, to.port)
    listening = await asyncio.start_server(wire.carry, "127.0.0.1", 0)
    wire.address = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    try:
        yield wire
    finally:
        listening.close()
        wire.cut()
        await listening.wait_closed()
