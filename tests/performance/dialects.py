"""How a subscriber speaks with each kind of server, from the handshake to the open feed, over a raw socket."""

from __future__ import annotations

import base64
import json
import os
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

TEXT: Final = 0x81
PONG: Final = 0x8A


class Line:
    """A WebSocket connection. ``rest`` is what came and was not looked at yet."""

    __slots__ = ("rest", "socket")

    def __init__(self, port: int, path: str, *headers: str) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [
            f"GET {path} HTTP/1.1",
            f"Host: 127.0.0.1:{port}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key}",
            "Sec-WebSocket-Version: 13",
            *headers,
        ]
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode())
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self.received()
        head, _, self.rest = answer.partition(b"\r\n\r\n")
        assert b" 101 " in head.split(b"\r\n")[0], head

    def received(self) -> bytes:
        data = self.socket.recv(262_144)
        assert data, "the server has closed the connection"
        return data

    def say(self, text: str) -> None:
        self.socket.sendall(frame(text.encode()))

    def next_text(self) -> str:
        while len(self.rest) < 4:
            self.rest += self.received()
        size, start = self.rest[1], 2
        if size == 126:
            size, start = int.from_bytes(self.rest[2:4]), 4
        while len(self.rest) < start + size:
            self.rest += self.received()
        text = self.rest[start : start + size].decode()
        self.rest = self.rest[start + size :]
        return text


def frame(text: bytes, kind: int = TEXT) -> bytes:
    """Masked with zeros, which leaves the text as it is."""
    size = len(text)
    length = bytes((0x80 | size,)) if size < 126 else bytes((0xFE, size >> 8, size & 255))
    return bytes((kind,)) + length + b"\0\0\0\0" + text


@dataclass(frozen=True, slots=True)
class Dialect:
    """``open`` takes the order and the subscriber's number, and returns when the feed is open, or asked for where the server
    does not say so. ``questions`` are what a server wants to hear an answer to, in bytes that no text contains."""

    open: Callable[[Mapping[str, Any], int], Line]
    questions: tuple[tuple[bytes, bytes], ...]


def _open_graphql(order: Mapping[str, Any], number: int) -> Line:
    """graphql-transport-ws. A server that greets says something as soon as the feed is open."""
    tokens, cursors = order.get("tokens"), order.get("cursors")
    line = Line(order["port"], "/graphql", "Sec-WebSocket-Protocol: graphql-transport-ws")
    init = {"authorization": f"Bearer {tokens[number % len(tokens)]}"} if tokens else {}
    line.say(json.dumps({"type": "connection_init", "payload": init}))
    _await(line, "connection_ack")
    documents = order["documents"]
    payload: dict[str, Any] = {"query": documents[number % len(documents)]}
    if cursors:
        payload["variables"] = {"after": cursors[number % len(cursors)]}
    line.say(json.dumps({"type": "subscribe", "id": f"subscriber-{number}", "payload": payload}))
    if order["greeted"]:
        _await(line, "next")
    return line


def _await(line: Line, kind: str) -> None:
    while (message := json.loads(line.next_text()))["type"] != kind:
        assert message["type"] == "ping", message
    assert "errors" not in (message.get("payload") or {}), message


def _open_socket_io(order: Mapping[str, Any], number: int) -> Line:
    """Engine.IO 4 and Socket.IO 5: open, connect to the namespace, join the room."""
    line = Line(order["port"], "/socket.io/?EIO=4&transport=websocket")
    assert line.next_text().startswith("0{")
    line.say("40")
    assert line.next_text().startswith("40{")
    line.say('42["join","newInvoiceListed"]')
    return line


DIALECTS: Final = {
    "graphql": Dialect(_open_graphql, ((b'"type":"ping"', frame(b'{"type":"pong"}')), (bytes((0x89, 0)), frame(b"", PONG)))),
    "socket.io": Dialect(_open_socket_io, ((bytes((TEXT, 1)) + b"2", frame(b"3")),)),
}
