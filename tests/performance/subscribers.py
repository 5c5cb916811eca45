"""Many subscribers in one lean program: ``python -m tests.performance.subscribers`` with its order as JSON on stdin.

It writes "ready" when all are subscribed, then one dot for each event that all of them together have heard (so many
deliveries as there are subscribers), and when stdin ends, how many deliveries the luckiest and the unluckiest had.
Sockets are read raw and frames are walked without being parsed: what measures must cost less than what is measured.
"""

from __future__ import annotations

import base64
import json
import os
import select
import socket
import sys
from typing import Any, Final

_READ_BYTES: Final = 262_144
_KIND_WITHIN: Final = 120
"""The kind of a message is named so early in it."""

_TEXT_FRAME: Final = 0x81
_PING_FRAME: Final = 0x89
_PONG_FRAME: Final = 0x8A
_PONG: Final = b'{"type":"pong"}'


class Subscriber:
    """One socket."""

    __slots__ = ("_rest", "_socket", "heard")

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._rest = b""
        self.heard = 0

    def fileno(self) -> int:
        return self._socket.fileno()

    def begin(self, port: int, init: dict[str, Any], subscribe: dict[str, Any], *, greeted: bool) -> None:
        """From the handshake to the open feed, one step after the other."""
        key = base64.b64encode(os.urandom(16)).decode()
        self._socket.sendall(
            f"GET /graphql HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n".encode()
        )
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self._received()
        head, _, self._rest = answer.partition(b"\r\n\r\n")
        assert b" 101 " in head.split(b"\r\n")[0], head
        self._say({"type": "connection_init", "payload": init})
        self._await("connection_ack")
        self._say({"type": "subscribe", **subscribe})
        if greeted:
            self._await("next")

    def take(self) -> int:
        """How many deliveries have come."""
        data = self._rest + self._received() if self._rest else self._received()
        count = at = 0
        end = len(data)
        while end - at >= 2:
            size, start = data[at + 1], at + 2
            if size == 126:
                if end - at < 4:
                    break
                size, start = data[at + 2] << 8 | data[at + 3], at + 4
            if start + size > end:
                break
            if data[at] == _PING_FRAME:
                self._send(data[start : start + size], _PONG_FRAME)
                at = start + size
                continue
            assert data[at] == _TEXT_FRAME, f"an unexpected frame: {data[at : at + 80]!r}"
            named_before = start + min(size, _KIND_WITHIN)
            if data.find(b'"next"', start, named_before) >= 0:
                count += 1
            elif data.find(b'"ping"', start, named_before) >= 0:
                self._send(_PONG)
            at = start + size
        self._rest = data[at:]
        self.heard += count
        return count

    def _received(self) -> bytes:
        data = self._socket.recv(_READ_BYTES)
        assert data, "the server has closed the connection"
        return data

    def _say(self, message: dict[str, Any]) -> None:
        self._send(json.dumps(message).encode())

    def _send(self, text: bytes, kind: int = _TEXT_FRAME) -> None:
        """Masked with zeros, which leaves the text as it is."""
        size = len(text)
        length = bytes((0x80 | size,)) if size < 126 else bytes((0xFE, size >> 8, size & 255))
        self._socket.sendall(bytes((kind,)) + length + b"\0\0\0\0" + text)

    def _await(self, kind: str) -> None:
        while True:
            while len(self._rest) < 4:
                self._rest += self._received()
            size, start = self._rest[1], 2
            if size == 126:
                size, start = int.from_bytes(self._rest[2:4]), 4
            while len(self._rest) < start + size:
                self._rest += self._received()
            message = json.loads(self._rest[start : start + size])
            self._rest = self._rest[start + size :]
            if message["type"] == kind:
                assert "errors" not in (message.get("payload") or {}), message
                return
            assert message["type"] == "ping", message


def _subscribed(order: dict[str, Any]) -> list[Subscriber]:
    port, tokens = order["port"], order["tokens"]
    subscribers = []
    for number in range(order["sockets"]):
        init = {"authorization": f"Bearer {tokens[number % len(tokens)]}"} if tokens else {}
        subscribe = {"id": f"subscriber-{number}", "payload": {"query": order["document"]}}
        subscriber = Subscriber(port)
        subscriber.begin(port, init, subscribe, greeted=order["greeted"])
        subscribers.append(subscriber)
    return subscribers


def _follow(subscribers: list[Subscriber]) -> None:
    """Until stdin ends."""
    poll = select.epoll()
    by_number = {subscriber.fileno(): subscriber for subscriber in subscribers}
    for number in (0, *by_number):
        poll.register(number, select.EPOLLIN)
    everybody, deliveries = len(subscribers), 0
    while True:
        for number, _ in poll.poll():
            if number == 0:
                return
            deliveries += by_number[number].take()
        if deliveries >= everybody:
            events, deliveries = divmod(deliveries, everybody)
            os.write(1, b"." * events)


def main() -> None:
    subscribers = _subscribed(json.loads(sys.stdin.buffer.readline()))
    print("ready", flush=True)
    _follow(subscribers)
    heard = [subscriber.heard for subscriber in subscribers]
    print(json.dumps({"least": min(heard), "most": max(heard)}), flush=True)


if __name__ == "__main__":
    main()
