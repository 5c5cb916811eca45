"""The short way to the network: frames built once here and handed to uvicorn's transport, past its own framing.

Telling a thousand sockets the same costs mostly the framing of each message by the general machinery. This uses what
uvicorn does not promise to keep, so it is looked at before it is relied on: where anything is not as expected, there is no
short way, and messages go through ASGI like everybody's.
"""

from __future__ import annotations

import asyncio
import struct
from typing import Any, Final

from websockets.http11 import Request, Response
from websockets.protocol import State

from api.sockets.lean import Gate
from subscriptions.parcels import Parcel

_TEXT: Final = 0x81
"""A text frame that is whole."""

_FORMS: Final = 4
"""So many forms of a parcel are kept. Clients choose how long the ids of their operations are, and most choose alike."""

_SHORT: Final = 126
_MEDIUM: Final = 65_536


class Wire:
    """One socket's way to the network."""

    __slots__ = ("_protocol", "_transport", "_writable")

    def __init__(self, protocol: Any) -> None:
        self._protocol = protocol
        self._transport = protocol.transport
        self._writable = protocol.writable

    @classmethod
    def behind(cls, send: Any) -> Wire | None:
        """The wire behind uvicorn's ``send``, if this is uvicorn as we know it."""
        protocol = getattr(send, "__self__", None)
        transport = getattr(protocol, "transport", None)
        # uvloop's transports are asyncio's in all but name.
        known = (
            isinstance(getattr(protocol, "writable", None), asyncio.Event | Gate)
            and callable(getattr(transport, "write", None))
            and callable(getattr(transport, "is_closing", None))
            and isinstance(getattr(protocol, "close_sent", None), bool)
            and getattr(getattr(protocol, "conn", None), "state", None) is State.OPEN
        )
        return cls(protocol) if known else None

    @property
    def is_free(self) -> bool:
        """Whether a frame may be written now; otherwise the long way knows how to wait, or that it is over."""
        return self._writable.is_set() and not self._protocol.close_sent and not self._transport.is_closing()

    def say(self, text: str) -> None:
        """One message."""
        said = text.encode()
        self._transport.write(header(len(said)) + said)

    def write(self, prefix: bytes, parcel: Parcel, suffix: bytes) -> None:
        """All items of the parcel, each in a frame between ``prefix`` and ``suffix``, in one write."""
        length = len(prefix)
        pieces = parcel.forms.get(length)
        if pieces is None:
            if len(parcel.forms) >= _FORMS:
                parcel.forms.clear()
            pieces = parcel.forms[length] = _pieces(parcel, length, suffix)
        self._transport.write(prefix.join(pieces))


def _pieces(parcel: Parcel, prefix_length: int, suffix: bytes) -> list[bytes]:
    """The frames of a parcel, cut where each connection's own prefix belongs: joined by any prefix of that length, they are
    what goes to that connection. So a thousand connections cost one join each, however many items there are."""
    added = prefix_length + len(suffix)
    headers = [header(len(item.body) + added) for item in parcel.items]
    ends = [item.body + suffix for item in parcel.items]
    between = [end + following for end, following in zip(ends, headers[1:], strict=False)]
    return [headers[0], *between, ends[-1]]


def forget_handshake(scope: Any, send: Any) -> None:
    """Let go of what was only needed to open the socket. Nobody looks at it again, and a browser's headers are kilobytes."""
    scope.clear()
    protocol = getattr(send, "__self__", None)
    for name in ("request", "response"):
        message = getattr(protocol, name, None)
        if isinstance(message, Request | Response):
            # The parser of the protocol still holds the message itself.
            message.headers.clear()
            setattr(protocol, name, None)


def header(size: int) -> bytes:
    """Of an unmasked text frame with so many bytes (RFC 6455, 5.2)."""
    if size < _SHORT:
        return bytes((_TEXT, size))
    if size < _MEDIUM:
        return struct.pack("!BBH", _TEXT, 126, size)
    return struct.pack("!BBQ", _TEXT, 127, size)
