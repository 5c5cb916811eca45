"""Callbacks as M-Pesa sends them: a steady number a second over connections that stay open.

On each connection one is acknowledged before the next is sent. How long one took counts from when it was due, so that
waiting behind another counts too.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from api.mpesa.account import DEFAULT_PATH, STK_CALLBACK

CONNECTIONS: Final = 16
PATIENCE_S: Final = 30.0


class Caller:
    """A connection to the webhook."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str) -> None:
        self._reader, self._writer = reader, writer
        self._head = f"POST {DEFAULT_PATH}{STK_CALLBACK} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\n"

    async def call(self, body: bytes) -> None:
        self._writer.write(f"{self._head}content-length: {len(body)}\r\n\r\n".encode() + body)
        async with asyncio.timeout(PATIENCE_S):
            head = (await self._reader.readuntil(b"\r\n\r\n")).decode().lower()
            assert " 200 " in head.partition("\r\n")[0], f"not acknowledged: {head}"
            length = next(line for line in head.splitlines() if line.startswith("content-length:"))
            await self._reader.readexactly(int(length.partition(":")[2]))

    async def hang_up(self) -> None:
        self._writer.close()
        await self._writer.wait_closed()


async def call_steadily(address: str, bodies: Sequence[bytes], per_second: float) -> list[float]:
    """Milliseconds until each was acknowledged."""
    host = urlsplit(address).netloc
    loop = asyncio.get_running_loop()
    callers = [Caller(*await asyncio.open_connection(*host.split(":")), host) for _ in range(CONNECTIONS)]
    began = loop.time() + 0.1
    due = iter([(began + number / per_second, body) for number, body in enumerate(bodies)])
    took: list[float] = []

    async def go_on(caller: Caller) -> None:
        for moment, body in due:
            await asyncio.sleep(max(0.0, moment - loop.time()))
            await caller.call(body)
            took.append((loop.time() - moment) * 1000)

    await asyncio.gather(*(go_on(caller) for caller in callers))
    for caller in callers:
        await caller.hang_up()
    return took
