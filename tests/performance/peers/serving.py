"""How the peers in Python are served: by uvicorn with its fast loop and parser, as Daftari is."""

from __future__ import annotations

import socket
from typing import Any

import uvicorn

from tests.performance.listening import listening_socket


class _Server(uvicorn.Server):
    """Says on which port it listens as soon as it does."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        assert sockets is not None
        print(sockets[0].getsockname()[1], flush=True)


def serve(app: Any) -> None:
    """Until it is told to stop."""
    config = uvicorn.Config(
        app, loop="uvloop", http="httptools", ws="none", log_config=None, access_log=False, proxy_headers=False
    )
    with listening_socket() as bound:
        _Server(config).run([bound])
