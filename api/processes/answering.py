"""uvicorn as we run it: its settings, and the moment from which it answers."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.types import ASGIApp

from api.processes.shortcut import http_protocol
from api.sockets.lean import socket_protocol


async def answering(app: ASGIApp, bound: socket.socket) -> tuple[uvicorn.Server, asyncio.Task[None]]:
    """A server that answers on ``bound``, and the task that ends when it has stopped. Signals are left to the caller."""
    server = uvicorn.Server(_config(app))
    running = asyncio.create_task(server._serve([bound]))
    while not server.started:
        if running.done():
            running.result()
            raise RuntimeError("the server ended before it began to listen")
        await asyncio.sleep(0.01)
    return server, running


@asynccontextmanager
async def answered(app: ASGIApp, bound: socket.socket) -> AsyncIterator[None]:
    """While the block runs, the application answers on ``bound``."""
    server, running = await answering(app, bound)
    try:
        yield
    finally:
        server.should_exit = True
        await running


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=http_protocol(),
        ws=socket_protocol(),
        ws_per_message_deflate=False,
        ws_max_size=64 * 1024,
        ws_ping_interval=None,
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=10,
    )
