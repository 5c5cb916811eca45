"""One question by every way in: the same request by POST, by GET, as an event stream and on a socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import httpx
import orjson
from websockets.asyncio.client import connect

from api.processes.address import bound_at
from api.processes.answering import answered
from api.sockets import SUBPROTOCOL
from schema.kit.context import Services
from schema.pipeline import Budget, Limits, Pipeline, TrustedDocuments
from tests.api.sockets import talking
from tests.api.sockets.talking import Place, Talk, live_schema
from tests.subscriptions.listening import CODEC, PATIENCE_S
from tests.support.servers import settings_for_tests

RESPONSE_JSON = "application/graphql-response+json"
EVENT_STREAM = "text/event-stream"


class Transport(StrEnum):
    """By the names that the table of attacks uses."""

    POST = "POST"
    GET = "GET"
    SSE = "SSE"
    WEBSOCKET = "WebSocket"


@dataclass(frozen=True)
class Told:
    """What came back: a GraphQL result, whatever brought it; ``raw`` is all of it as text, ``under`` the correlation id of
    the response, where it is one."""

    raw: str
    result: dict[str, Any] = field(default_factory=dict)
    under: str | None = None

    @property
    def code(self) -> str | None:
        errors = self.result.get("errors")
        return errors[0]["extensions"]["code"] if errors else None

    @property
    def data(self) -> Any:
        return self.result.get("data")


async def ask(place: Place, transport: Transport, request: Mapping[str, Any], *, token: str | None = None) -> Told:
    """The answer to a request, which may be a mutation or a feed only where the transport takes such."""
    if transport is Transport.WEBSOCKET:
        return await _by_socket(place, request, token)
    headers = {"accept": EVENT_STREAM if transport is Transport.SSE else RESPONSE_JSON}
    if token is not None:
        headers["authorization"] = f"Bearer {token}"
    async with a_client(place) as client:
        if transport is Transport.GET:
            response = await client.get("/graphql", params=_as_parameters(request), headers=headers)
        else:
            response = await client.post("/graphql", content=orjson.dumps(request), headers=_json(headers))
    return told_by(response)


def told_by(response: httpx.Response) -> Told:
    if not response.headers["content-type"].startswith(EVENT_STREAM):
        return Told(response.text, response.json(), response.headers["x-correlation-id"])
    lines = response.text.splitlines()
    first = next(line.removeprefix("data: ") for line in lines if line.startswith("data: {"))
    return Told(response.text, orjson.loads(first), response.headers["x-correlation-id"])


def a_client(place: Place) -> httpx.AsyncClient:
    # Reading the certificates of the world takes longer than all the rest.
    return httpx.AsyncClient(base_url=place.address, timeout=PATIENCE_S, verify=False)


def _json(headers: Mapping[str, str]) -> dict[str, str]:
    return {**headers, "content-type": "application/json"}


def _as_parameters(request: Mapping[str, Any]) -> dict[str, str]:
    return {name: value if isinstance(value, str) else orjson.dumps(value).decode() for name, value in request.items()}


async def _by_socket(place: Place, request: Mapping[str, Any], token: str | None) -> Told:
    async with place.talk(token) as talk:
        await talk.say({"id": "1", "type": "subscribe", "payload": request})
        message = await talk.hear("next", "error")
        result = message["payload"] if message["type"] == "next" else {"errors": message["payload"]}
        return Told(orjson.dumps(message).decode(), result)


def a_place(
    database_url: str, redis_url: str, *, pipeline: Pipeline | None = None, **more: Any
) -> AbstractAsyncContextManager[Place]:
    """A server over the small live schema, answering as ``daftari serve`` does, whose schema nobody may look at; ``more``
    goes to :func:`tests.api.sockets.talking.a_place`."""
    return talking.a_place(
        database_url,
        redis_url,
        pipeline=pipeline or a_pipeline(),
        max_body_bytes=settings_for_tests().max_body_bytes,
        serve=_answered,
        **more,
    )


@asynccontextmanager
async def _answered(app: Any) -> AsyncIterator[str]:
    with bound_at("127.0.0.1", 0) as bound:
        async with answered(app, bound):
            yield f"http://127.0.0.1:{bound.getsockname()[1]}"


def a_pipeline(
    *, limits: Limits | None = None, budget: Budget | None = None, trusted: TrustedDocuments | None = None
) -> Pipeline:
    """As production has it: nobody may look at the schema."""
    return Pipeline(
        live_schema(),
        limits=limits,
        budget=budget,
        trusted=trusted,
        services=Services(cursors=CODEC),
        introspection=False,
    )


async def is_nobody_on_a_socket(place: Place, path: str, headers: Mapping[str, str]) -> bool:
    """Whether a socket that is opened so is a stranger's."""
    address = place.address.replace("http", "ws") + path
    async with connect(address, subprotocols=[SUBPROTOCOL], additional_headers=headers) as connection:
        talk = Talk(connection)
        await talk.say({"type": "connection_init"})
        assert (await talk.hear("connection_ack"))["payload"]["userId"] is None
        await talk.subscribe("1", "{ vault }")
        refused = await talk.hear("error")
        return bool(refused["payload"][0]["extensions"]["code"] == "UNAUTHENTICATED")


def port_of(place: Place) -> int:
    return int(place.address.rpartition(":")[2])


async def raw_connection(place: Place) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection on which a test says any bytes it likes."""
    return await asyncio.open_connection("127.0.0.1", port_of(place))


async def heard_to_the_end(reader: asyncio.StreamReader) -> bytes:
    """All that the server says until it closes the connection."""
    async with asyncio.timeout(PATIENCE_S):
        try:
            return await reader.read()
        except ConnectionResetError:
            return b""
