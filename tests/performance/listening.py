"""Where a server under measurement listens: a free port of this machine."""

from __future__ import annotations

import socket


def listening_socket() -> socket.socket:
    bound = socket.socket()
    bound.bind(("127.0.0.1", 0))
    return bound
