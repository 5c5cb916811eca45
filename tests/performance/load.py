"""Load: as many connections as clients, each of which sends its next request when the last one is answered.

The requests are bytes that were made before. One loop over epoll sends them and looks for the end of each answer, which
costs a few microseconds, so that a server has to be quick to notice who asks.
"""

from __future__ import annotations

import gc
import re
import select
import socket
import time
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

CONNECTIONS: Final = 32
_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
_TAKE: Final = 256 * 1024


class WrongAnswer(Exception):
    """The server said something else than what it was asked for."""


@dataclass(frozen=True, slots=True)
class Load:
    """What came of a while of load: answers, the seconds it took, and how long each answer was waited for."""

    answers: int
    elapsed_s: float
    waits_s: array[float]

    @property
    def rate(self) -> float:
        return self.answers / self.elapsed_s

    def wait_ms(self, share: float) -> float:
        """What that share of all answers took at most."""
        waits = sorted(self.waits_s)
        return waits[min(int(len(waits) * share), len(waits) - 1)] * 1000


class _Client(socket.socket):
    """A connection, what is missing of the answer that it waits for, and when it asked."""

    __slots__ = ("asked_at", "missing")

    def __init__(self, port: int) -> None:
        super().__init__()
        self.connect(("127.0.0.1", port))
        self.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.missing = 0
        self.asked_at = 0.0


def bombard(
    port: int, requests: Iterator[bytes], seconds: float, *, connections: int = CONNECTIONS, sign: bytes = b""
) -> Load:
    """Keep all connections asking for a while, then wait for the last answers. ``sign`` must be in the first part of each
    answer."""
    clients = {client.fileno(): client for client in (_Client(port) for _ in range(connections))}
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _asked(clients, requests, seconds, sign)
    finally:
        if collecting:
            gc.enable()
        for client in clients.values():
            client.close()


def _asked(clients: dict[int, _Client], requests: Iterator[bytes], seconds: float, sign: bytes) -> Load:
    poll, clock, waits = select.epoll(), time.perf_counter, array("d")
    started = clock()
    end = started + seconds
    for number, client in clients.items():
        poll.register(number, select.EPOLLIN)
        client.asked_at = clock()
        client.send(next(requests))
    waiting = len(clients)
    while waiting:
        for number, _ in poll.poll():
            client = clients[number]
            part = client.recv(_TAKE)
            if not part:
                raise WrongAnswer("the server hung up")
            missing = client.missing
            client.missing = missing = missing - len(part) if missing else _missing_of(part, client, sign)
            if missing == 0:
                now = clock()
                waits.append(now - client.asked_at)
                if now < end:
                    client.asked_at = now
                    client.send(next(requests))
                else:
                    waiting -= 1
    return Load(len(waits), clock() - started, waits)


def _missing_of(part: bytes, client: _Client, sign: bytes) -> int:
    """How many bytes of an answer are still to come after its first part. Many servers send the head by itself."""
    end = part.find(b"\r\n\r\n") + 4
    if len(part) == end:
        part += client.recv(_TAKE)
    length = _LENGTH.search(part, 0, end)
    if not part.startswith(b"HTTP/1.1 200") or length is None or sign not in part:
        raise WrongAnswer(part[:1000].decode(errors="replace"))
    return end + int(length[1]) - len(part)


def http_request(body: bytes, token: str | None = None, path: str = "/graphql") -> bytes:
    """A POST of JSON as it goes over the wire."""
    authorization = f"authorization: Bearer {token}\r\n" if token else ""
    head = (
        f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\naccept: application/json\r\n"
        f"{authorization}content-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
