"""A server with sockets and event streams over a small live schema, and a client that speaks the protocol word by word."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any

import orjson
import strawberry
from starlette.types import ASGIApp
from strawberry.schema.config import StrawberryConfig
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from api.app import create_app
from api.health import Health
from api.sockets import SUBPROTOCOL, SocketQuota, Sockets
from api.sockets.lean import socket_protocol
from api.sse import EventStream
from domain.identity.actor import Actor
from domain.identity.authentication import authenticate
from domain.identity.permissions import Permission, Role
from domain.kit.database import fetchval
from domain.kit.errors import NotFound, Unauthenticated
from domain.kit.ids import new_id
from schema.kit import Info, LiveEvent, Parent, argument, attribute, event_feed, event_type, field, object_type, state_feed
from schema.kit.context import Services
from schema.kit.finish import finish
from schema.kit.scalars import SCALARS
from schema.pipeline import Pipeline
from subscriptions.hub import Hub
from subscriptions.limits import ConnectionLimits, HubLimits, SocketLimits
from tests.subscriptions.listening import CODEC, PATIENCE_S, Noted, broadcasting
from tests.support import small_schema
from tests.support.servers import served, settings_for_tests

NOTED = (
    'subscription($topic: String! = "notes", $after: Cursor) { noted(topic: $topic, after: $after) {'
    " __typename ... on FeedItem { cursor } ... on Ready { recovered } ... on ResyncRequired { reason }"
    " ... on Noted { number text } } }"
)
COUNTED = "subscription { notesCounted { __typename ... on NoteCountState { cursor state { notes } } } }"

ASHA = Actor(id=new_id(), name="Asha", roles=frozenset({Role.INVESTOR}))
AUDITOR = Actor(id=new_id(), name="Bina", roles=frozenset({Role.ADMIN}))
ACTORS = {"asha": ASHA, "auditor": AUDITOR}


@event_type("Something was written.", name="Noted")
class NotedItem(LiveEvent):
    number: int = attribute("Which.")
    text: str = attribute("What.")

    @field(str, "Who reads it.")
    def reader(self, event: Parent[Any], info: Info) -> str:
        return info.context.actor.name


@object_type("How many.")
class NoteCount:
    notes: int = attribute("Notes.")


@dataclass(frozen=True)
class NoteCountRow:
    notes: int


async def count_notes(actor: Actor) -> NoteCountRow:
    return NoteCountRow(await fetchval("select count(*) from event_log where name = $1", Noted.name))


@strawberry.type
class LiveSubscription:
    @event_feed("Notes under a topic.", requires=Permission.SIGNED_IN, shows={Noted: NotedItem})
    async def noted(actor: Actor, topic: Annotated[str, argument("Which.")]) -> list[str]:
        if topic == "secret" and not actor.may(Permission.AUDIT_READ):
            raise NotFound("there is no such topic", field=("topic",))
        return [topic]

    @event_feed("Notes for anybody.", requires=Permission.PUBLIC, shows={Noted: NotedItem})
    async def public_notes(actor: Actor) -> list[str]:
        return ["public"]

    @event_feed("Notes for auditors.", requires=Permission.AUDIT_READ, shows={Noted: NotedItem})
    async def audited(actor: Actor) -> list[str]:
        return ["notes"]

    @state_feed("How many notes.", requires=Permission.SIGNED_IN, state=count_notes, shows=NoteCount, on=[Noted])
    async def notes_counted(actor: Actor) -> list[str]:
        return ["notes"]


@cache
def live_schema() -> strawberry.Schema:
    built = strawberry.Schema(
        query=small_schema.Query,
        mutation=small_schema.Mutation,
        subscription=LiveSubscription,
        config=StrawberryConfig(scalar_map=SCALARS),
    )
    finish(built._schema)
    return built


@dataclass
class Place:
    """A server at work."""

    address: str
    hub: Hub
    sockets: Sockets
    pipeline: Pipeline
    health: Health = dataclasses.field(default_factory=lambda: Health([]))

    def socket(self, **more: Any) -> connect:
        options: dict[str, Any] = {"subprotocols": [SUBPROTOCOL], "compression": None, "ping_interval": None, **more}
        return connect(self.address.replace("http", "ws") + "/graphql", **options)

    @asynccontextmanager
    async def talk(self, token: str | None = None, **more: Any) -> AsyncIterator[Talk]:
        """A client that has said connection_init and heard connection_ack."""
        async with self.socket(**more) as connection:
            talk = Talk(connection)
            await talk.say({"type": "connection_init", "payload": {"authorization": f"Bearer {token}"} if token else {}})
            talk.ack = await talk.hear("connection_ack")
            yield talk


class Talk:
    """One client. Keeps what it hears; pings are answered unless ``is_mute``."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.ack: dict[str, Any] = {}
        self.pings: list[dict[str, Any]] = []
        self.is_mute = False

    async def say(self, message: Mapping[str, Any]) -> None:
        await self.connection.send(orjson.dumps(message).decode())

    async def subscribe(self, operation_id: str, query: str, /, **variables: Any) -> None:
        payload = {"query": query, "variables": variables}
        await self.say({"id": operation_id, "type": "subscribe", "payload": payload})

    async def hear(self, *kinds: str) -> dict[str, Any]:
        """The next message that is no ping, which must be of one of these kinds."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                message: dict[str, Any] = orjson.loads(await self.connection.recv())
                if message["type"] != "ping" or "ping" in kinds:
                    assert not kinds or message["type"] in kinds, message
                    return message
                self.pings.append(message["payload"])
                if not self.is_mute:
                    await self.say({"type": "pong"})

    async def item(self, operation_id: str = "1") -> dict[str, Any]:
        """The next item of a feed."""
        message = await self.hear("next")
        assert message["id"] == operation_id
        assert "errors" not in message["payload"], message
        (shown,) = message["payload"]["data"].values()
        found: dict[str, Any] = shown
        return found

    async def kinds_until(self, last: str) -> list[str]:
        kinds = [(await self.item())["__typename"]]
        while kinds[-1] != last:
            kinds.append((await self.item())["__typename"])
        return kinds

    async def ends(self) -> tuple[int, str]:
        """How the server closes the socket; what comes before that is passed over."""
        try:
            while True:
                await self.hear()
        except ConnectionClosed as closed:
            # A connection that is cut without a close frame has neither.
            return (closed.rcvd.code, closed.rcvd.reason) if closed.rcvd else (1006, "")


def with_sockets(app: ASGIApp) -> AbstractAsyncContextManager[str]:
    return served(app, ws=socket_protocol(), ws_per_message_deflate=False)


@asynccontextmanager
async def a_place(
    database_url: str,
    redis_url: str,
    *,
    actors: dict[str, Actor] | None = None,
    limits: SocketLimits | None = None,
    connection_limits: ConnectionLimits | None = None,
    hub_limits: HubLimits | None = None,
    real_time: bool = True,
    quota: SocketQuota | None = None,
    origins: tuple[str, ...] = (),
    pipeline: Pipeline | None = None,
    max_body_bytes: int = 10_000,
    serve: Callable[[ASGIApp], AbstractAsyncContextManager[str]] = with_sockets,
) -> AsyncIterator[Place]:
    """``actors`` are known by these tokens; without them, tokens are those of identity. ``serve`` gives an application an
    address."""
    async with broadcasting(redis_url) as broadcast:
        hub = Hub(database_url, broadcast, CODEC, hub_limits, real_time=real_time)
        await hub.start()
        pipeline = pipeline or Pipeline(live_schema(), services=Services(cursors=CODEC))
        sockets = Sockets(
            pipeline,
            hub,
            authenticator(actors) if actors is not None else authenticate,
            origins=origins,
            quota=quota,
            limits=limits,
            connection_limits=connection_limits,
        )
        event_stream = EventStream(
            pipeline,
            hub,
            sockets.shared.authenticate,
            max_body_bytes=max_body_bytes,
            quota=sockets.shared.quota,
            limits=limits,
            connection_limits=connection_limits,
        )
        app = create_app(
            settings_for_tests(),
            pipeline=pipeline,
            authenticate=sockets.shared.authenticate,
            health=(health := Health([])),
            sockets=sockets,
            event_stream=event_stream,
        )
        try:
            async with serve(app) as address:
                yield Place(address, hub, sockets, pipeline, health)
        finally:
            await sockets.stop()
            await hub.stop()


def authenticator(actors: dict[str, Actor]) -> Any:
    async def known(bearer: str) -> Actor:
        try:
            return actors[bearer]
        except KeyError:
            raise Unauthenticated("this is not a token of this server") from None

    return known
