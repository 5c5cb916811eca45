"""A wire between a client and a server that a test can cut, as a network does: without a word to either side.

Or one on which a server takes its time about leaving: its last words arrive, and only later the news that it has gone. It
may also stand still, be slow, forget who is connected, lead to another server, or be listened to.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit


class Line:
    """One connection over a wire."""

    def __init__(self, to_client: asyncio.StreamWriter, to_server: asyncio.StreamWriter) -> None:
        self.to_client = to_client
        self.to_server = to_server
        self.is_socket = False
        self.swallows = False
        self.may_end = asyncio.Event()
        self.may_end.set()

    def cut(self) -> None:
        self.may_end.set()
        self.to_client.transport.abort()
        self.to_server.transport.abort()


Overheard = Callable[[Line, bytes], Awaitable[None]]
"""Told of what a client says, before it is passed on."""


class Wire:
    """Passes bytes on to a server. While it is cut, everything on it is lost and nobody gets through."""

    def __init__(self, host: str, port: int) -> None:
        self._to = (host, port)
        self._whole = asyncio.Event()
        self._whole.set()
        self._flowing = asyncio.Event()
        self._flowing.set()
        self.delay_s = 0.0
        self.overheard: Overheard | None = None
        self.lines: set[Line] = set()
        self.connections = 0
        self.address = ""

    @property
    def sockets(self) -> list[Line]:
        """The lines on which WebSockets are open, or are being opened."""
        return [line for line in self.lines if line.is_socket]

    def cut(self) -> None:
        self._whole.clear()
        for line in list(self.lines):
            line.cut()

    def mend(self) -> None:
        """Whole again, and flowing."""
        self._whole.set()
        self._flowing.set()

    def stall(self) -> None:
        """Nothing gets through and nobody is told, until it is mended: then all that was said arrives."""
        self._flowing.clear()

    def forget(self) -> None:
        """As a firewall that has lost its memory: what is said on the lines that are there vanishes, and neither side ever
        hears that the other has gone. Who connects anew gets through."""
        self.hold_open()
        for line in self.lines:
            line.swallows = True

    def lead_to(self, host: str, port: int) -> None:
        """Who connects from here on gets to another server; the others are cut off."""
        self._to = (host, port)
        for line in list(self.lines):
            line.cut()

    def hold_open(self) -> None:
        """Whoever closes a connection that is there now, the other side does not hear of it until the wire is cut."""
        for line in self.lines:
            line.may_end.clear()

    async def carry(self, from_client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        if not self._whole.is_set():
            to_client.transport.abort()
            return
        await self._flowing.wait()
        try:
            from_server, to_server = await asyncio.open_connection(*self._to)
        except OSError:
            to_client.transport.abort()
            return
        self.connections += 1
        line = Line(to_client, to_server)
        self.lines.add(line)
        try:
            await asyncio.gather(self._pass_on(from_client, to_server, line), self._pass_on(from_server, to_client, line))
        finally:
            self.lines.discard(line)
            line.cut()

    async def _pass_on(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, line: Line) -> None:
        """What is swallowed the sender takes for delivered."""
        with suppress(ConnectionError):
            while part := await source.read(65_536):
                line.is_socket = line.is_socket or b"upgrade: websocket" in part[:2_000].lower()
                if self.overheard is not None and target is line.to_server:
                    await self.overheard(line, part)
                if self.delay_s:
                    await asyncio.sleep(self.delay_s)
                await self._flowing.wait()
                if not line.swallows:
                    target.write(part)
                    await target.drain()
        await line.may_end.wait()
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
