"""Frames that no honest client sends: malformed, endless, packed, or questions for signs of life that nobody takes."""

from __future__ import annotations

import asyncio
import base64
import os
import struct
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import orjson
import pytest
import pytest_asyncio

from api.sockets import SUBPROTOCOL
from subscriptions.limits import SocketLimits
from tests.api.sockets.talking import ACTORS, Talk
from tests.security.transports import Place, a_place, heard_to_the_end, raw_connection
from tests.subscriptions.listening import until

TEXT, BINARY, CLOSE, PING, CONTINUED = 0x1, 0x2, 0x8, 0x9, 0x0
FIN, RSV1 = 0x80, 0x40


@pytest_asyncio.fixture(scope="module")
async def place(open_pool: None, database_url: str, redis_url: str) -> AsyncIterator[Place]:
    async with a_place(database_url, redis_url, actors=ACTORS) as place:
        yield place


def frame(first: int, payload: bytes = b"", *, masked: bool = True, length: int | None = None) -> bytes:
    """One frame with any first byte; ``length`` is what it claims to hold."""
    size = len(payload) if length is None else length
    mask_bit = 0x80 if masked else 0
    if size < 126:
        head = bytes((first, mask_bit | size))
    elif size < 65_536:
        head = struct.pack("!BBH", first, mask_bit | 126, size)
    else:
        head = struct.pack("!BBQ", first, mask_bit | 127, size)
    # A mask of zeros leaves the payload as it is.
    return head + (bytes(4) if masked else b"") + payload


async def shaken_hands(place: Place, *more: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter, bytes]:
    """An open socket as bytes, and the head with which it was opened."""
    reader, writer = await raw_connection(place)
    key = base64.b64encode(os.urandom(16)).decode()
    lines = [
        "GET /graphql HTTP/1.1",
        "Host: localhost",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {key}",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Protocol: {SUBPROTOCOL}",
        *more,
    ]
    writer.write("\r\n".join([*lines, "", ""]).encode())
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 101 ")
    return reader, writer, head


def close_code(said: bytes) -> int | None:
    """The code of the close frame with which what was said ends."""
    place = said.rfind(bytes((FIN | CLOSE,)))
    return struct.unpack("!H", said[place + 2 : place + 4])[0] if place >= 0 else None


INVALID = {
    "an unknown opcode": (frame(FIN | 0x3), 1002),
    "an unknown control": (frame(FIN | 0xB), 1002),
    "no mask": (frame(FIN | TEXT, b"{}", masked=False), 1002),
    "a reserved bit": (frame(FIN | 0x10 | TEXT, b"{}"), 1002),
    "packed, as nobody agreed": (frame(FIN | RSV1 | TEXT, b"\xaaV*\xa9,HU\xb2R*(\xcdKW\xaa\x05\x00"), 1002),
    "a control in parts": (frame(PING, b"x"), 1002),
    "a long control": (frame(FIN | PING, b"x" * 126), 1002),
    "a part of nothing": (frame(FIN | CONTINUED, b"x"), 1002),
    "a message within another": (frame(TEXT, b"{") + frame(FIN | TEXT, b"{"), 1002),
    "no UTF-8": (frame(FIN | TEXT, b"\xff\xfe"), 1007),
    "a close of one byte": (frame(FIN | CLOSE, b"x"), 1002),
    "a forbidden close code": (frame(FIN | CLOSE, struct.pack("!H", 1005)), 1002),
    "binary": (frame(FIN | BINARY, orjson.dumps({"type": "connection_init"})), 4400),
    "binary in parts": (frame(BINARY, b"{") + frame(FIN | CONTINUED, b"}"), 4400),
}
TOO_LARGE = {
    "larger than memory": frame(FIN | TEXT, b"x", length=2**62),
    "larger than a message may be": frame(FIN | TEXT, b"x", length=65_537),
    "in many parts": frame(TEXT, b"x" * 30_000) + frame(CONTINUED, b"x" * 30_000) * 40,
}


@pytest.mark.attack("malformed messages", on="WebSocket")
@pytest.mark.parametrize(("sent", "code"), INVALID.values(), ids=INVALID.keys())
async def test_a_frame_that_is_none_ends_the_socket(place: Place, sent: bytes, code: int) -> None:
    reader, writer, _ = await shaken_hands(place)
    writer.write(sent)
    assert close_code(await ended(reader, writer)) == code
    await until(lambda: len(place.sockets) == 0)


@pytest.mark.attack("oversized messages", on="WebSocket")
@pytest.mark.parametrize("sent", TOO_LARGE.values(), ids=TOO_LARGE.keys())
async def test_a_frame_is_not_waited_for_that_is_too_large(place: Place, sent: bytes) -> None:
    reader, writer, _ = await shaken_hands(place)
    writer.write(sent)
    assert close_code(await ended(reader, writer)) == 1009
    await until(lambda: len(place.sockets) == 0)


async def ended(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    """What the server says, up to its close frame, which is answered as a client does."""
    said = await reader.read(1_000)
    with suppress(ConnectionError):
        writer.write(frame(FIN | CLOSE, said[-2:] if len(said) < 4 else said[2:4]))
        said += await heard_to_the_end(reader)
    writer.close()
    return said


@pytest.mark.attack("compression bombs", on="WebSocket")
@pytest.mark.parametrize(
    "offered", ["permessage-deflate", "permessage-deflate; client_max_window_bits, x-webkit-deflate-frame"]
)
async def test_nothing_packed_is_agreed_on(place: Place, offered: str) -> None:
    reader, writer, head = await shaken_hands(place, f"Sec-WebSocket-Extensions: {offered}")
    assert b"sec-websocket-extensions" not in head.lower()
    writer.close()
    assert await heard_to_the_end(reader) == b""


@pytest.mark.attack("ping floods", on="WebSocket")
async def test_answers_to_pings_do_not_pile_up(place: Place) -> None:
    """Two megabytes of them by somebody who reads nothing; what the network keeps for him is little."""
    reader, writer, _ = await shaken_hands(place)
    (caller,) = place.sockets.shared.open
    socket: Any = caller
    transport = socket._transport
    transport.get_extra_info("socket").setsockopt(1, 7, 4_096)  # SOL_SOCKET, SO_SNDBUF
    writer.transport.pause_reading()  # type: ignore[attr-defined]
    for _ in range(20):
        writer.write(frame(FIN | PING, b"x" * 125) * 800)
        await writer.drain()
    writer.write(frame(FIN | TEXT, orjson.dumps({"type": "connection_init"})))
    await until(lambda: place.hub.status().connections == 1)
    assert transport.get_write_buffer_size() < 1_000_000
    writer.transport.abort()
    await until(lambda: len(place.sockets) == 0)
    assert reader.exception() is None


@pytest.mark.attack("ping floods", on="WebSocket")
async def test_pings_within_reason_are_answered(place: Place) -> None:
    async with place.socket() as connection:
        for number in range(50):
            await (await connection.ping(str(number)))


@pytest.mark.attack("connection floods", on="WebSocket")
async def test_those_who_say_nothing_make_room_again(open_pool: None, database_url: str, redis_url: str) -> None:
    """All places are taken by sockets that never say who they are. Newcomers are told to come back, and may soon."""
    limits = SocketLimits(sockets_per_process=20, initialisation_s=0.3)
    async with a_place(database_url, redis_url, actors=ACTORS, limits=limits) as place:
        silent = [await place.socket().__aenter__() for _ in range(20)]
        async with place.socket() as late:
            assert (await Talk(late).ends())[0] in (1013, 4408)
        assert {(await Talk(each).ends())[0] for each in silent} == {4408}
        await until(lambda: len(place.sockets) == 0)
        async with place.talk("asha") as talk:
            assert talk.ack["payload"]["name"] == "Asha"
