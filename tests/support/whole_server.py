"""A server made as ``daftari serve`` makes it, inside the test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from api.processes.foundation import transport_of
from api.processes.serve import site_of
from api.settings import Settings
from api.sockets.lean import socket_protocol
from tests.support.servers import served


@asynccontextmanager
async def a_server(settings: Settings) -> AsyncIterator[str]:
    """The address of a whole server, over the database that the test has opened."""
    async with (
        transport_of(settings) as broadcast,
        site_of(settings, broadcast) as site,
        served(site.app, ws=socket_protocol(), ws_per_message_deflate=False, ws_ping_interval=None) as address,
    ):
        yield address
        await site.sockets.drain(flush_s=0.1, part_within_s=0.1)
