"""The opening handshake of a WebSocket (RFC 6455, 4.2) as all usual clients begin it.

Thousands may shake hands in the same second, after a restart. uvicorn takes the request apart a second time for it, and
asks many questions of what it finds; this asks the same ones of the bytes, once. What is not plainly right is not refused
here, but left to uvicorn, which says what is wrong.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha1
from typing import Final

Headers = list[tuple[bytes, bytes]]

_ENDS: Final = b"\r\n\r\n"
_LONGEST: Final = 4_096
_PATH: Final = re.compile(rb"GET (/[\w./~-]*)(?:\?([!-~]*))? HTTP/1\.1\r\n")
_HEADERS: Final = re.compile(rb"(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[ \t]*[ -~]*\r\n)+\r\n")
_HEADER: Final = re.compile(rb"([^:\r\n]+):[ \t]*([ -~]*)\r\n")
_KEY: Final = re.compile(rb"[A-Za-z0-9+/]{21}[AQgw]==")
_GUID: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


@dataclass(frozen=True, slots=True)
class Handshake:
    """What a client asks for. ``key`` is what the answer has to show that it has read."""

    path: bytes
    query: bytes
    headers: Headers
    subprotocols: list[str]
    key: bytes

    def accepted(self, subprotocol: str | None, more: Iterable[tuple[bytes, bytes]] = ()) -> bytes:
        """The answer that opens the socket."""
        proof = b64encode(sha1(self.key + _GUID, usedforsecurity=False).digest())
        lines = [
            b"HTTP/1.1 101 Switching Protocols",
            b"Upgrade: websocket",
            b"Connection: Upgrade",
            b"Sec-WebSocket-Accept: " + proof,
            *[name + b": " + value for name, value in more],
        ]
        if subprotocol is not None:
            lines.append(b"Sec-WebSocket-Protocol: " + subprotocol.encode())
        return b"\r\n".join(lines) + _ENDS


def read_handshake(data: bytes) -> Handshake | None:
    """The handshake in a request that came whole; None for one that somebody else had better look at."""
    asked = _PATH.match(data)
    if asked is None or len(data) > _LONGEST or not _HEADERS.fullmatch(data, asked.end()):
        return None
    headers = [(name.lower(), value.rstrip()) for name, value in _HEADER.findall(data, asked.end())]
    by_name = dict(headers)
    key = by_name.get(b"sec-websocket-key", b"")
    if (
        len(by_name) != len(headers)
        or by_name.get(b"upgrade", b"").lower() != b"websocket"
        or b"upgrade" not in _listed(by_name.get(b"connection", b"").lower())
        or by_name.get(b"sec-websocket-version") != b"13"
        or not _KEY.fullmatch(key)
    ):
        return None
    subprotocols = [each.decode() for each in _listed(by_name.get(b"sec-websocket-protocol", b""))]
    return Handshake(asked[1], asked[2] or b"", headers, subprotocols, key)


def _listed(value: bytes) -> list[bytes]:
    return [each.strip() for each in value.split(b",")] if value else []
