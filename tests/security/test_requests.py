"""Requests that mean harm before anybody reads what they ask: forged by pages, packed, endless, or told a drop at a time."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import httpx
import orjson
import pytest
import pytest_asyncio

import api.http
from api.files import UPLOAD_LIMIT_S
from api.processes import shortcut
from api.webhooks import READ_WITHIN_S
from domain.identity.permissions import Role
from domain.payments.models import MpesaMessage
from schema.pipeline.deadlines import Deadlines
from subscriptions.limits import ConnectionLimits
from tests.api.sockets.talking import ACTORS, NOTED
from tests.api.test_webhooks import DEFAULT_PATH, REJECTED, door, refused_ones
from tests.security.transports import (
    EVENT_STREAM,
    RESPONSE_JSON,
    Place,
    a_client,
    a_place,
    heard_to_the_end,
    is_nobody_on_a_socket,
    raw_connection,
)
from tests.subscriptions.listening import PATIENCE_S, note, until
from tests.support import small_schema
from tests.support.happenings import nothing_happens
from tests.support.papers import PDF
from tests.support.people import somebody

RELABEL = {"query": 'mutation { relabel(input: {label: "by another page"}) { label } }'}
BOMB = gzip.compress(b'{"query": "{ greeting }"}' + b" " * 20_000_000)
BORROWER = somebody(Role.BORROWER)


@pytest_asyncio.fixture(scope="module")
async def place(open_pool: None, database_url: str, redis_url: str) -> AsyncIterator[Place]:
    async with a_place(database_url, redis_url, actors={**ACTORS, "borrower": BORROWER}) as place:
        yield place


@pytest_asyncio.fixture
async def client(place: Place) -> AsyncIterator[httpx.AsyncClient]:
    async with a_client(place) as client:
        yield client


FORMS = ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"]
"""What a page of anybody may send without asking first (the safelist of fetch)."""


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "accept",
    [
        pytest.param(RESPONSE_JSON, marks=pytest.mark.attack("cross-site requests", on="POST")),
        pytest.param(EVENT_STREAM, marks=pytest.mark.attack("cross-site requests", on="SSE")),
    ],
)
async def test_what_a_form_sends_is_no_operation(client: httpx.AsyncClient, form: str, accept: str) -> None:
    before = list(small_schema.written)
    headers = {"accept": accept, "content-type": form, "origin": "https://evil.example"}
    for content in (orjson.dumps(RELABEL), f"query={RELABEL['query']}".encode()):
        response = await client.post("/graphql", content=content, headers=headers)
        assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (415, "BAD_REQUEST")
    assert small_schema.written == before


@pytest.mark.attack("batching", on="SSE")
async def test_a_list_of_requests_is_no_stream(client: httpx.AsyncClient) -> None:
    before = list(small_schema.written)
    response = await client.post("/graphql", json=[RELABEL, RELABEL], headers={"accept": EVENT_STREAM})
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (400, "BATCHING_NOT_SUPPORTED")
    assert small_schema.written == before


@pytest.mark.attack("cross-site requests", on="GET, WebSocket")
@pytest.mark.attack("secrets in addresses", on="POST, GET, SSE, WebSocket")
@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/graphql?access_token=asha&token=asha&authorization=Bearer%20asha", {}),
        ("/graphql", {"cookie": "access_token=asha; token=asha; authorization=Bearer asha; session=asha"}),
    ],
    ids=["in the address", "in a cookie"],
)
async def test_a_token_counts_in_the_header_alone(
    place: Place, client: httpx.AsyncClient, path: str, headers: dict[str, str]
) -> None:
    """What browsers send by themselves, and what is written into histories, opens nothing."""
    for accept in (RESPONSE_JSON, EVENT_STREAM):
        sent = {**headers, "accept": accept}
        response = await client.post(path, json={"query": "{ vault }"}, headers=sent)
        assert "UNAUTHENTICATED" in response.text and "gold" not in response.text
        glue = "&" if "?" in path else "?"
        response = await client.get(f"{path}{glue}query=%7Bvault%7D", headers=sent)
        assert "UNAUTHENTICATED" in response.text and "gold" not in response.text
    assert await is_nobody_on_a_socket(place, path, headers)


@pytest.mark.parametrize(
    "accept",
    [
        pytest.param(RESPONSE_JSON, marks=pytest.mark.attack("compression bombs", on="POST")),
        pytest.param(EVENT_STREAM, marks=pytest.mark.attack("compression bombs", on="SSE")),
    ],
)
async def test_a_packed_body_is_never_unpacked(client: httpx.AsyncClient, accept: str) -> None:
    headers = {"accept": accept, "content-type": "application/json", "content-encoding": "gzip"}
    response = await client.post("/graphql", content=BOMB, headers=headers)
    assert (response.status_code, response.json()["errors"][0]["message"]) == (400, "the body must be JSON")


@pytest.mark.attack("compression bombs", on="Files")
@pytest.mark.usefixtures("database")
async def test_a_packed_file_is_never_unpacked(client: httpx.AsyncClient) -> None:
    headers = {"authorization": "Bearer borrower", "x-file-name": "payslip.pdf", "content-encoding": "gzip"}
    async with nothing_happens():
        response = await client.post("/files", content=gzip.compress(PDF + bytes(20_000_000)), headers=headers)
    assert response.status_code == 415


@pytest.mark.attack("compression bombs", on="M-Pesa")
@pytest.mark.usefixtures("database")
async def test_a_packed_message_is_kept_as_it_came() -> None:
    async with door() as client:
        response = await client.post(f"{DEFAULT_PATH}/stk", content=BOMB, headers={"content-encoding": "gzip"})
    assert response.status_code == 200
    assert bytes((await MpesaMessage.get()).body or b"") == BOMB


HOSTILE = "'; drop table mpesa_message; -- {{7*7}} ${jndi:ldap://x} \u202e"


@pytest.mark.attack("SQL injection", on="M-Pesa")
@pytest.mark.usefixtures("database")
async def test_what_a_message_says_is_never_run() -> None:
    said = {"TransID": HOSTILE, "BillRefNumber": HOSTILE, "TransAmount": HOSTILE, "BusinessShortCode": HOSTILE}
    body = json.dumps(said).encode()
    async with door(mpesa_strict_accounts=True) as client:
        for path in ("/stk", "/c2b/validation", "/c2b/confirmation"):
            assert (await client.post(DEFAULT_PATH + path, content=body)).status_code == 200
    assert {bytes(each.body or b"") for each in await MpesaMessage.all()} == {body}


# Whoever sends slowly


HEAD = b"POST /graphql HTTP/1.1\r\nhost: here\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n%b\r\n{"


@pytest.mark.parametrize(
    "more",
    [
        pytest.param(b"", marks=pytest.mark.attack("slow senders", on="POST")),
        pytest.param(b"accept: text/event-stream\r\n", marks=pytest.mark.attack("slow senders", on="SSE")),
    ],
)
async def test_a_body_that_does_not_come_is_not_waited_for(
    place: Place, monkeypatch: pytest.MonkeyPatch, more: bytes
) -> None:
    monkeypatch.setattr(api.http, "_SENDERS", Deadlines(0.05))
    reader, writer = await raw_connection(place)
    writer.write(HEAD % more)
    answer = await heard_to_the_end(reader)
    assert answer.startswith(b"HTTP/1.1 408 ") and b'"TIMEOUT"' in answer
    writer.close()


@pytest.mark.attack("slow senders", on="POST, GET, SSE, WebSocket, Files, M-Pesa")
@pytest.mark.parametrize(
    ("begun", "told"), [(b"", b""), (b"\r\n", b""), (b"GET /graphql HTTP/1.1\r\nhost: here\r\n", shortcut.TOO_SLOW)]
)
async def test_a_request_that_does_not_come_is_not_waited_for(
    place: Place, monkeypatch: pytest.MonkeyPatch, begun: bytes, told: bytes
) -> None:
    monkeypatch.setattr(shortcut, "HEAD_WITHIN_S", 0.05)
    reader, writer = await raw_connection(place)
    writer.write(begun)
    assert await heard_to_the_end(reader) == told
    writer.close()


async def test_nor_is_the_next_one_on_the_same_connection(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = await raw_connection(place)
    writer.write(b"GET /health/live HTTP/1.1\r\nhost: here\r\n\r\n")
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 ")
    monkeypatch.setattr(shortcut, "HEAD_WITHIN_S", 0.05)
    writer.write(b"GET /graphql HTTP/1.1\r\nx-")
    assert (await heard_to_the_end(reader)).endswith(shortcut.TOO_SLOW)
    writer.close()


@pytest.mark.attack("oversized messages", on="POST, GET, SSE, WebSocket, Files, M-Pesa")
@pytest.mark.parametrize(
    "begun",
    [b"GET /graphql?query=", b"POST /graphql HTTP/1.1\r\nx-long: ", b"GET / HTTP/1.1\r\n"],
    ids=["url", "value", "many"],
)
async def test_a_head_without_end_is_not_kept(place: Place, begun: bytes) -> None:
    reader, writer = await raw_connection(place)
    writer.write(begun)
    piece = b"x-a: b\r\n" * 1_000 if begun.endswith(b"\n") else b"x" * 8_000
    sent = 0
    try:
        while sent < 100 * shortcut.HEAD_BYTES and not reader.at_eof():
            writer.write(piece)
            await writer.drain()
            sent += len(piece)
            await asyncio.sleep(0)
    except ConnectionError:
        pass
    assert sent < 100 * shortcut.HEAD_BYTES
    assert (await heard_to_the_end(reader)) in (b"", shortcut.TOO_LARGE)
    writer.close()


async def test_a_head_of_usual_size_is_read_in_as_many_pieces_as_it_comes(place: Place) -> None:
    reader, writer = await raw_connection(place)
    for piece in (b"GET /health/live HT", b"TP/1.1\r\nhost: he", b"re\r\nx-long: " + b"x" * 30_000, b"\r\n", b"\r\n"):
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(0.001)
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 ")
    writer.close()


JSON_HEAD = b"POST /graphql HTTP/1.1\r\nhost: here\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
CHUNKED = b"POST /%b HTTP/1.1\r\nhost: here\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"


@pytest.mark.attack("cross-site requests", on="POST")
async def test_what_follows_a_body_is_no_header(place: Place) -> None:
    """A proxy has looked at the headers, and at nothing that comes behind the body."""
    reader, writer = await raw_connection(place)
    body = orjson.dumps({"query": "{ vault }"})
    writer.write(CHUNKED % b"graphql" + b"%x\r\n%b\r\n0\r\nauthorization: Bearer asha\r\n\r\n" % (len(body), body))
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ")
    assert b"sign in first" in await reader.read(1_000)
    writer.close()


@pytest.mark.attack("oversized messages", on="POST")
@pytest.mark.parametrize("begun", [b"5\r\nhello\r\n0\r\nx-long: ", b"fffffffffffffff\r\n"], ids=["behind the body", "body"])
async def test_whoever_is_answered_does_not_go_on_for_ever(place: Place, begun: bytes) -> None:
    reader, writer = await raw_connection(place)
    writer.write(CHUNKED % b"health/live" + begun)
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 ")
    sent = 0
    try:
        while sent < 10 * shortcut.LEFT_OVER_BYTES:
            writer.write(b"x" * 100_000)
            await writer.drain()
            sent += 100_000
            await asyncio.sleep(0)
    except ConnectionError:
        pass
    assert sent < 10 * shortcut.LEFT_OVER_BYTES
    writer.close()


@pytest.mark.attack("slow senders", on="POST")
async def test_nor_slowly(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shortcut, "HEAD_WITHIN_S", 0.05)
    reader, writer = await raw_connection(place)
    writer.write(CHUNKED % b"health/live" + b"fffffff\r\n")
    hears_out = asyncio.create_task(heard_to_the_end(reader))
    with suppress(ConnectionError):
        while not hears_out.done():
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.005)
    assert b"HTTP/1.1 408" not in await hears_out
    writer.close()


@pytest.mark.attack("slow senders", on="M-Pesa")
@pytest.mark.usefixtures("database")
async def test_a_message_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert READ_WITHIN_S < UPLOAD_LIMIT_S
    monkeypatch.setattr("api.webhooks.READ_WITHIN_S", 0.05)
    async with door() as client:
        reader, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port)
        writer.write(b"POST %b/stk HTTP/1.1\r\nhost: here\r\ncontent-length: 1000\r\n\r\n{" % DEFAULT_PATH.encode())
        answer = await heard_to_the_end(reader)
        assert answer.startswith(b"HTTP/1.1 408 ") and answer.endswith(orjson.dumps(REJECTED))
        writer.close()
    assert [problem for _, problem in await refused_ones()] == ["TOO_SLOW"]


@pytest.mark.attack("slow readers", on="POST")
@pytest.mark.parametrize("takes", [False, True], ids=["who takes nothing", "who takes it slowly"])
async def test_an_answer_is_not_kept_for_ever(place: Place, monkeypatch: pytest.MonkeyPatch, takes: bool) -> None:
    gone = asyncio.Event()
    lose = shortcut.Protocol.connection_lost

    def connection_lost(protocol: shortcut.Protocol, error: Exception | None) -> None:
        lose(protocol, error)
        gone.set()

    monkeypatch.setattr(shortcut, "STALLED_S", 0.2)
    monkeypatch.setattr(shortcut.Protocol, "connection_lost", connection_lost)
    reader, writer = await raw_connection(place)
    # Each of the fields is answered, so that an answer is twenty times its question.
    query = "query ($n: String!) {" + "".join(f" a{number}: greeting(name: $n)" for number in range(20)) + " }"
    body = orjson.dumps({"query": query, "variables": {"n": "x" * 200_000}})
    if not takes:
        writer.transport.pause_reading()  # type: ignore[attr-defined]
    writer.write(JSON_HEAD % len(body) + body)
    if takes:
        left = 20 * 200_000
        while left > 0:
            part = await reader.read(100_000)
            assert part, "it was cut off"
            left -= len(part)
            await asyncio.sleep(0.005)
    else:
        async with asyncio.timeout(PATIENCE_S):
            await gone.wait()
    writer.transport.abort()


@pytest.mark.attack("slow readers", on="SSE")
async def test_a_stream_that_takes_nothing_is_cut(relay: Any, database_url: str, redis_url: str) -> None:
    limits = ConnectionLimits(waiting_messages=10, waiting_bytes=100_000, stalled_s=0.3)
    async with a_place(database_url, redis_url, actors=ACTORS, connection_limits=limits) as place:
        reader, writer = await raw_connection(place)
        body = orjson.dumps({"query": NOTED})
        writer.write(
            b"POST /graphql HTTP/1.1\r\nhost: here\r\naccept: text/event-stream\r\nauthorization: Bearer asha\r\n"
            b"content-type: application/json\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body)
        )
        await reader.readuntil(b"Ready")
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        text = "x" * 20_000
        for start in range(0, 800, 50):
            await note(*range(start, start + 50), text=text)
        await until(lambda: place.hub.status().connections == 0)
        writer.transport.abort()
