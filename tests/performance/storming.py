"""A crowd that comes back at once: ``python -m tests.performance.storming`` with its order as JSON on stdin.

All sockets are opened together and go from the handshake to the open feed side by side, each as fast as its server answers.
A socket has arrived when it has heard the sign of the order, such as the end of a replay. Written is how long it took from
the first connection until each socket had arrived, in seconds, how many deliveries all heard before, and of which events.
"""

from __future__ import annotations

import json
import re
import select
import socket
import sys
import time
from typing import Any, Final

from tests.performance.dialects import frame

_NUMBER: Final = re.compile(rb'"INV-(\d{8})"')
_READ_BYTES: Final = 262_144
_HEAD_ENDS: Final = b"\r\n\r\n"
_ACKNOWLEDGED: Final = b"connection_ack"


class Returning:
    """One socket on its way."""

    __slots__ = ("_awaited", "_delivery", "_heard", "_socket", "_steps", "deliveries", "told")

    def __init__(self, order: dict[str, Any], number: int) -> None:
        self._delivery = order["delivery"].encode()
        self._steps = _steps_of(order, number)
        self._heard = b""
        self.deliveries = 0
        self.told: tuple[int, ...] = ()
        self._socket = socket.socket()
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.connect_ex(("127.0.0.1", order["port"]))
        self._awaited = b""

    def fileno(self) -> int:
        return self._socket.fileno()

    def begin(self) -> None:
        """The connection stands."""
        said, self._awaited = self._steps.pop(0)
        self._socket.send(said)

    def go_on(self) -> bool:
        """Whether it has arrived."""
        data = self._socket.recv(_READ_BYTES)
        assert data, f"the server has closed the connection after {self._heard[-300:]!r}"
        self._heard += data
        while (found := self._heard.find(self._awaited)) >= 0:
            if not self._steps:
                self.deliveries = self._heard.count(self._delivery) if self._delivery else 0
                self.told = tuple(int(number) for number in _NUMBER.findall(self._heard))
                return True
            self._heard = self._heard[found + len(self._awaited) :]
            said, self._awaited = self._steps.pop(0)
            self._socket.send(said)
        return False


def _steps_of(order: dict[str, Any], number: int) -> list[tuple[bytes, bytes]]:
    """What is said, and what is waited for before the next is said."""
    tokens, cursors = order.get("tokens"), order.get("cursors")
    handshake = (
        f"GET /graphql HTTP/1.1\r\nHost: 127.0.0.1:{order['port']}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
    )
    init = {"authorization": f"Bearer {tokens[number % len(tokens)]}"} if tokens else {}
    payload: dict[str, Any] = {"query": order["document"]}
    if cursors:
        payload["variables"] = {"after": cursors[number % len(cursors)]}
    subscribe = _said({"type": "subscribe", "id": f"returning-{number}", "payload": payload})
    # Who is not told when a feed is open asks something after it.
    asked = b"" if cursors else _said({"type": "ping"})
    return [
        (handshake.encode(), _HEAD_ENDS),
        (_said({"type": "connection_init", "payload": init}), _ACKNOWLEDGED),
        (subscribe + asked, order["arrived"].encode()),
    ]


def _said(message: dict[str, Any]) -> bytes:
    return frame(json.dumps(message).encode())


def _storm(order: dict[str, Any]) -> tuple[list[float], list[Returning]]:
    poll = select.epoll()
    started = time.perf_counter()
    crowd: dict[int, Returning] = {}
    for number in range(order["sockets"]):
        each = Returning(order, number)
        crowd[each.fileno()] = each
        poll.register(each.fileno(), select.EPOLLOUT)
    arrived: list[float] = []
    while len(arrived) < len(crowd):
        for descriptor, event in poll.poll():
            if event & select.EPOLLOUT:
                crowd[descriptor].begin()
                poll.modify(descriptor, select.EPOLLIN)
            elif crowd[descriptor].go_on():
                arrived.append(time.perf_counter() - started)
                poll.unregister(descriptor)
    return arrived, list(crowd.values())


def main() -> None:
    arrived, crowd = _storm(json.loads(sys.stdin.buffer.readline()))
    deliveries = [each.deliveries for each in crowd]
    told = sorted({each.told for each in crowd})
    found = {"arrived_s": arrived, "least": min(deliveries), "most": max(deliveries), "told": told}
    print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
