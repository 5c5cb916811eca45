"""The shorter way through uvicorn: whatever is sent, what is answered is byte for byte what uvicorn itself answers."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.processes import shortcut
from tests.support.servers import served


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Tells what it was sent, in the manner that the path names."""
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            break
    heard = {name: scope[name] for name in ("method", "path", "http_version", "scheme")}
    told = [f"{name.decode()}: {value.decode()}" for name, value in scope["headers"]]
    body = json.dumps({**heard, "headers": told, "body": b"".join(parts).decode()}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await answer(scope["path"], body, headers, send)


async def answer(path: str, body: bytes, headers: list[tuple[bytes, bytes]], send: Any) -> None:
    match path:
        case "/breaks":
            raise RuntimeError("before it answered")
        case "/breaks-late":
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            raise RuntimeError("when it had begun to answer")
        case "/closes":
            headers.append((b"connection", b"close"))
        case "/no-length":
            headers.pop()
        case "/wrong-length":
            headers[1] = (b"content-length", b"3")
        case "/two-lines":
            headers.append((b"x-two", b"lines\r\nx-more: of them"))
        case "/none":
            await send({"type": "http.response.start", "status": 204})
            await send({"type": "http.response.body"})
            return
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    if path == "/parts":
        await send({"type": "http.response.body", "body": body[:5], "more_body": True})
        body = body[5:]
    await send({"type": "http.response.body", "body": body})


@pytest_asyncio.fixture(scope="module")
async def ports() -> AsyncIterator[list[int]]:
    """Of uvicorn as it is, and of uvicorn with the shorter way."""
    async with served(echo, http="httptools") as plain, served(echo, http=shortcut.Protocol) as short:
        yield [int(address.rsplit(":", 1)[1]) for address in (plain, short)]


def post(body: str, path: str = "/", *more: str, length: str | None = None) -> bytes:
    told = str(len(body)) if length is None else length
    lines = [f"POST {path} HTTP/1.1", "Host: here", "Accept: text/plain", f"Content-Length: {told}", "X-Last: yes", *more]
    return "\r\n".join([*lines, "", body]).encode()


ENDS = ["/closes", "/breaks", "/breaks-late", "/wrong-length", "/two-lines"]

CONVERSATIONS = {
    "the same head, and other bodies": [post("one"), post("two"), post("six"), post("")],
    "the same head but for the length": [post("one"), post("three"), post("x" * 200_000), post("one")],
    "another head between": [post("one"), post("two", "/other"), post("six"), post("six", "/", "X-More: 1")],
    "a head and its body apart": [post("one"), post("two"), post("six")[:-3], b"six", post("ten")],
    "a head in two parts": [post("one"), post("two")[:30], post("two")[30:], post("six")],
    "two at once": [post("one"), post("two") + post("six"), post("ten")],
    "one and a half at once": [post("one"), post("two") + post("six")[:20], post("six")[20:]],
    "a part of a body": [post("one"), post("twenty")[:-3], b"nty", post("six")],
    "chunks": [
        post("one"),
        b"POST / HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nsix\r\n0\r\n\r\n",
        post("two"),
    ],
    "a length and chunks": [post("one"), post("6\r\nabcdef\r\n0\r\n\r\n", "/", "Transfer-Encoding: chunked", length="3")],
    "asking before it sends": [
        post("one"),
        post("two", "/", "Expect: 100-continue"),
        post("two", "/", "Expect: 100-continue"),
    ],
    "reading only": [b"GET / HTTP/1.1\r\nHost: here\r\n\r\n"] * 2 + [b"HEAD / HTTP/1.1\r\nHost: here\r\n\r\n"] * 2,
    "an older version": [b"POST / HTTP/1.0\r\nContent-Length: 3\r\n\r\none"],
    "leaving": [post("one"), post("two", "/", "Connection: close")],
    "lengths with zeros": [post("one"), post("two", length="03"), post("six", length="003"), post("ten")],
    "a signed length": [post("one"), post("two", length="+3")],
    "two lengths": [post("one", "/", "Content-Length: 3"), post("two", "/", "Content-Length: 3")],
    "a length among the values": [
        post("one", "/", "X-Text: content-length: 3"),
        post("seven", "/", "X-Text: content-length: 3"),
    ],
    "no HTTP": [post("one"), b"nonsense\r\n\r\n"],
    "answers in parts": [post("one", "/parts"), post("two", "/parts"), post("six", "/no-length"), post("one", "/none")] * 2,
    **{f"ends with {path}": [post("one"), post("one", path)] for path in ENDS},
    **{f"ends with {path} again": [post("one", path), post("two", path)] for path in ("/breaks", "/two-lines")},
}


async def test_every_conversation_goes_as_with_uvicorn_itself(ports: list[int]) -> None:
    await asyncio.gather(*(goes_as_with_uvicorn(ports, conversation) for conversation in CONVERSATIONS))


async def goes_as_with_uvicorn(ports: list[int], conversation: str) -> None:
    for patience_s in (0.05, 1.0):
        plain, short = await asyncio.gather(*(heard(port, CONVERSATIONS[conversation], patience_s) for port in ports))
        # A machine with much else to do may have been slower than we were patient.
        if plain and plain == short:
            break
    assert plain == short, conversation
    assert plain, f"{conversation}: something is answered"


async def heard(port: int, packets: list[bytes], patience_s: float = 0.05) -> bytes:
    """What comes back, each packet sent when the one before had its effect."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answers = b""
    for packet in packets:
        writer.write(packet)
        answers += await _until_silent(reader, patience_s)
    writer.close()
    return re.sub(rb"date: [^\r]*\r\n", b"", answers)


async def _until_silent(reader: asyncio.StreamReader, patience_s: float) -> bytes:
    found = b""
    while True:
        try:
            async with asyncio.timeout(patience_s):
                part = await reader.read(1_000_000)
        except (TimeoutError, ConnectionError):
            return found
        if not part:
            return found + b"<end>"
        found += part


async def test_a_head_that_is_sent_again_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = []
    take = shortcut.Protocol._take

    def noting(self: Any, known: Any, body: bytes) -> None:
        taken.append(body)
        take(self, known, body)

    monkeypatch.setattr(shortcut.Protocol, "_take", noting)
    async with served(echo, http=shortcut.http_protocol()) as address:
        await heard(int(address.rsplit(":", 1)[1]), [post("one"), post("two"), post("three"), post("two", "/other")])
    assert taken == [b"two", b"three"]


async def test_who_is_silent_is_cut_and_whoever_comes_back_in_time_is_not() -> None:
    async with served(echo, http=shortcut.Protocol, timeout_keep_alive=0.3) as address:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(address.rsplit(":", 1)[1]))
        answers = b""
        for body in ("one", "two", "six", "ten"):
            writer.write(post(body))
            answers += await _until_silent(reader, 0.15)
        assert answers.count(b"HTTP/1.1 200 OK") == 4, "the timer of the first answer has rung meanwhile"
        async with asyncio.timeout(5):
            assert await reader.read() == b"", "cut"
        writer.close()


async def slow(scope: Any, receive: Any, send: Any) -> None:
    await asyncio.sleep(0.3)
    await echo(scope, receive, send)


async def test_whoever_waits_for_an_answer_is_not_silent() -> None:
    async with served(slow, http=shortcut.Protocol, timeout_keep_alive=0.1) as address:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(address.rsplit(":", 1)[1]))
        writer.write(post("one"))
        await reader.readuntil(b"}")
        writer.write(post("two"))
        await reader.readuntil(b"}")
        async with asyncio.timeout(5):
            assert await reader.read() == b""
        writer.close()


async def as_long_as_asked(scope: Any, receive: Any, send: Any) -> None:
    message = await receive()
    await asyncio.sleep(float(message["body"]))
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1")]})
    await send({"type": "http.response.body", "body": b"}"})


async def test_whoever_has_sent_the_next_request_ahead_is_not_silent_either() -> None:
    async with served(as_long_as_asked, http=shortcut.Protocol, timeout_keep_alive=0.2) as address:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(address.rsplit(":", 1)[1]))
        writer.write(post("0.01"))
        await reader.readuntil(b"}")
        writer.write(post("0.05") + post("0.60"))
        for _ in range(2):
            await reader.readuntil(b"}")
        writer.close()


async def test_a_process_that_could_not_run_reads_before_it_cuts() -> None:
    """The timer rings late, with a request that has come and was not read yet."""
    protocols: list[shortcut.Protocol] = []

    class Noted(shortcut.Protocol):
        def connection_made(self, transport: Any) -> None:
            protocols.append(self)
            super().connection_made(transport)

    async with served(echo, http=Noted, timeout_keep_alive=60) as address:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(address.rsplit(":", 1)[1]))
        for body in ("one", "two"):
            writer.write(post(body))
            await reader.readuntil(b"}")
            (protocol,) = protocols
            assert protocol._idle_since is not None and protocol.timeout_keep_alive_task is not None
            protocol._idle_since -= 100
            protocol.timeout_keep_alive_task.cancel()
            protocol.timeout_keep_alive_handler()
            assert not protocol.transport.is_closing()
        async with asyncio.timeout(5):
            assert await reader.read() == b"", "nothing has come"
        writer.close()


def test_this_uvicorn_is_as_we_know_it() -> None:
    """If not, servers still work, slower; and somebody has to look at the shorter way again."""
    assert shortcut.http_protocol() is shortcut.Protocol


def test_another_uvicorn_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HttpToolsProtocol, "_start_asgi_task", lambda self, cycle: None)
    assert shortcut.http_protocol() == "httptools"
