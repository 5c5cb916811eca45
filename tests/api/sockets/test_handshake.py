"""The opening handshake: the usual one is answered as websockets would; any other is left to uvicorn, which refuses what is
wrong."""

from __future__ import annotations

import asyncio
import base64
import os

import pytest
from websockets.client import ClientProtocol
from websockets.http11 import Response
from websockets.typing import Subprotocol
from websockets.uri import parse_uri

from api.sockets.handshake import read_handshake
from api.sockets.lean import LeanProtocol
from tests.api.sockets.talking import NOTED, Place

USUAL = {
    "Host": "localhost",
    "Upgrade": "websocket",
    "Connection": "keep-alive, Upgrade",
    "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Protocol": "graphql-transport-ws, other",
}


def port_of(place: Place) -> int:
    return int(place.address.rpartition(":")[2])


def request(first: str = "GET /graphql?token=a%20b HTTP/1.1", *more: str, **changed: str | None) -> bytes:
    headers = {**USUAL, **{name.replace("_", "-"): value for name, value in changed.items()}}
    lines = [f"{name}: {value}" for name, value in headers.items() if value is not None]
    return "\r\n".join([first, *lines, *more, "", ""]).encode()


def test_the_usual_request_is_read() -> None:
    found = read_handshake(request())
    assert found is not None
    assert (found.path, found.query) == (b"/graphql", b"token=a%20b")
    assert found.subprotocols == ["graphql-transport-ws", "other"]
    assert dict(found.headers)[b"host"] == b"localhost"
    without = read_handshake(request("GET / HTTP/1.1", Sec_WebSocket_Protocol=None))
    assert without is not None and without.subprotocols == [] and without.query == b""


def test_a_client_accepts_the_answer() -> None:
    client = ClientProtocol(parse_uri("ws://localhost/graphql"), subprotocols=[Subprotocol("graphql-transport-ws")])
    asked = client.connect()
    client.send_request(asked)
    found = read_handshake(b"".join(client.data_to_send()))
    assert found is not None
    client.receive_data(found.accepted("graphql-transport-ws", [(b"date", b"today")]))
    (answer,) = client.events_received()
    assert isinstance(answer, Response) and client.handshake_exc is None
    assert client.subprotocol == "graphql-transport-ws" and answer.headers["date"] == "today"


@pytest.mark.parametrize(
    "unusual",
    [
        request("POST /graphql HTTP/1.1"),
        request("GET /graphql HTTP/1.0"),
        request("GET /%2e HTTP/1.1"),
        request("GET http://localhost/graphql HTTP/1.1"),
        request(Upgrade="h2c"),
        request(Connection="close"),
        request(Sec_WebSocket_Version="12"),
        request(Sec_WebSocket_Key=None),
        request(Sec_WebSocket_Key="dGhlIHNhbXBsZSBub25jZR=="),
        request(Sec_WebSocket_Key="too short"),
        request("GET / HTTP/1.1", "Sec-WebSocket-Version: 13"),
        request("GET / HTTP/1.1", "X-Name : value"),
        request("GET / HTTP/1.1", "X-Name: välue"),
        request("GET / HTTP/1.1", "X-Long: " + "x" * 5_000),
        request()[:-2],
        request() + b"\x81\x00",
        b"",
    ],
)
def test_anything_else_is_left_to_uvicorn(unusual: bytes) -> None:
    assert read_handshake(unusual) is None


async def test_what_is_wrong_is_refused(place: Place) -> None:
    for wrong, status in (
        (request("GET /graphql HTTP/1.1", Sec_WebSocket_Version="12"), b"400"),
        (request("GET /graphql HTTP/1.1", Sec_WebSocket_Key="too short"), b"400"),
        (request("GET /elsewhere HTTP/1.1"), b"403"),
    ):
        reader, writer = await asyncio.open_connection("127.0.0.1", port_of(place))
        writer.write(wrong)
        head = await reader.readuntil(b"\r\n")
        assert head.split()[1] == status
        writer.close()


async def test_an_unusual_request_that_is_right_opens_a_socket_too(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """The two ways from the same code: the path is written in an unusual manner."""
    begun: list[LeanProtocol] = []
    monkeypatch.setattr(LeanProtocol, "_begin", begun.append)
    reader, writer = await asyncio.open_connection("127.0.0.1", port_of(place))
    writer.write(request("GET /%67raphql HTTP/1.1"))
    assert (await reader.readuntil(b"\r\n")).split()[1] == b"101"
    assert begun == []
    writer.close()


async def test_one_who_says_much_at_once_is_heard_to_the_end(place: Place) -> None:
    """More than the server keeps before it stops reading."""
    async with place.talk("asha") as talk:
        for _ in range(100):
            await talk.say({"type": "ping"})
        await talk.subscribe("1", NOTED)
        for _ in range(100):
            await talk.hear("pong")
        assert (await talk.item())["__typename"] == "Ready"
