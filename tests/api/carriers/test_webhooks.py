"""Messages are posted as they are, to addresses that were looked at, and what is answered is understood."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from api.carriers import WebhookCarrier
from domain.webhooks.transports import NoReply, Reply


@asynccontextmanager
async def a_server(answer: str, *, heard: list[str]) -> AsyncIterator[int]:
    """Answers every request alike, and keeps what it was sent."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next(int(line.split(":")[1]) for line in head.splitlines() if line.lower().startswith("content-length"))
        heard.append(head + (await reader.readexactly(length)).decode())
        writer.write(f"HTTP/1.1 {answer}\r\ncontent-length: 0\r\n\r\n".encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def test_a_message_is_posted_as_it_is() -> None:
    heard: list[str] = []
    async with a_server("204 No Content", heard=heard) as port:
        url = f"http://localhost:{port}/hook?of=us"
        assert await WebhookCarrier(public_only=False).post(url, b'{"a":1}', {"webhook-id": "evt_1_2"}) == Reply(204)
    head, _, body = heard[0].partition("\r\n\r\n")
    assert body == '{"a":1}' and head.startswith("POST /hook?of=us HTTP/1.1")
    lines = {line.lower() for line in head.splitlines()}
    assert {f"host: localhost:{port}", "webhook-id: evt_1_2", "user-agent: daftari-webhooks/1"} <= lines


@pytest.mark.parametrize(
    ("answer", "reply"),
    [
        ("302 Found\r\nlocation: http://127.0.0.1:1/", Reply(302)),
        ("503 Later\r\nretry-after: 120", Reply(503, after_s=120)),
        ("429 Slowly\r\nretry-after: soon", Reply(429)),
        ("410 Gone", Reply(410)),
    ],
)
async def test_what_is_answered(answer: str, reply: Reply) -> None:
    heard: list[str] = []
    async with a_server(answer, heard=heard) as port:
        assert await WebhookCarrier(public_only=False).post(f"http://127.0.0.1:{port}/", b"{}", {}) == reply
    assert len(heard) == 1, "redirects are not followed"


async def test_a_server_that_is_away_or_speaks_something_else() -> None:
    carrier = WebhookCarrier(public_only=False)
    with pytest.raises(NoReply, match="cannot be reached"):
        await carrier.post("http://127.0.0.1:1/", b"{}", {})
    with pytest.raises(NoReply, match="nobody knows"):
        await carrier.post("http://no-such-host.invalid/", b"{}", {})


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.7", "169.254.169.254", "::1", "fd00::7", "::ffff:10.0.0.7"])
async def test_a_name_that_leads_into_our_own_network_is_not_followed(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The name was fine when the endpoint was made; where it leads to is its owner's to change."""
    asked: list[str] = []

    async def leads_to(host: str, port: int, **_: Any) -> Sequence[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", leads_to, raising=False)
    with pytest.raises(NoReply, match="only this network knows"):
        await WebhookCarrier(public_only=True).post("https://example.org/hook", b"{}", {})
    assert asked == ["example.org"]
