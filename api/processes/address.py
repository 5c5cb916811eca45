"""Where a server listens."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.settings import Settings


def bound_to(settings: Settings, *, shared: bool = False) -> socket.socket:
    """The address at which the settings have a server listen."""
    return bound_at(settings.host, settings.port, shared=shared)


def bound_at(host: str, port: int, *, shared: bool = False) -> socket.socket:
    """An address of this machine. A ``shared`` one may be listened on by others of the same user too, among whom the
    system shares out who connects; otherwise a second server that is started by mistake is told that it is taken."""
    # Of a socket that does not call itself TCP, asyncio's own loop leaves Nagle's algorithm on.
    bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, proto=socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shared:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        bound.bind((host, port))
    except OSError:
        bound.close()
        raise
    return bound
