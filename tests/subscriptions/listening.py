"""A client of the hub for tests: a connection that keeps what it is told, and may stop taking for a while."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from domain.events import log
from domain.events.event import Event, event
from domain.identity.actor import EVERYONE, Actor
from domain.identity.permissions import Permission, Role
from domain.kit.database import fetch
from domain.kit.errors import DomainError, NotFound
from domain.kit.ids import new_id
from domain.kit.unit_of_work import unit_of_work
from subscriptions.attendance import Attendance
from subscriptions.connection import Connection, Farewell
from subscriptions.cursor import CursorCodec
from subscriptions.feed import EventItem, Feed, Greeting, Item, StateItem, Subscription
from subscriptions.hub import Hub
from subscriptions.limits import ConnectionLimits, HubLimits
from subscriptions.member import Member
from subscriptions.shapes import Rendered
from subscriptions.transport import RedisBackend, ResilientBroadcast

SECRET = "a secret for cursors in tests"
CODEC = CursorCodec(SECRET)
PATIENCE_S = 30.0


@event("tests.noted")
@dataclass(frozen=True, kw_only=True)
class Noted(Event):
    """Something was written under a topic, for some eyes."""

    topic: str
    number: int
    eyes: str = EVERYONE
    text: str = ""

    def topics(self) -> Iterable[str]:
        return [self.topic]

    def audience(self) -> Iterable[str]:
        return [self.eyes]


async def note(*numbers: int, topic: str = "notes", eyes: str = EVERYONE, text: str = "") -> None:
    async with unit_of_work() as work:
        work.record(*(Noted(topic=topic, number=number, eyes=eyes, text=text) for number in numbers))


class PlainShape:
    """Writes an item as JSON without any GraphQL, and counts how often."""

    def __init__(self, key: Hashable = "plain", *, pause: Callable[[Item], Awaitable[None]] | None = None) -> None:
        self.key = key
        self.executions: list[Item] = []
        self._pause = pause

    async def render(self, item: Item) -> bytes:
        self.executions.append(item)
        if self._pause is not None:
            await self._pause(item)
        shown: dict[str, Any] = {"kind": type(item).__name__, "cursor": item.cursor}
        if isinstance(item, EventItem):
            shown |= {"number": item.shown.number, "text": item.shown.text}
        elif isinstance(item, StateItem):
            shown["state"] = item.state
        elif isinstance(item, Greeting):
            shown["said"] = item.said
        else:
            shown |= {name: getattr(item, name) for name in ("recovered", "reason") if hasattr(item, name)}
        return json.dumps(shown).encode()


async def topic_of_arguments(actor: Actor, arguments: Mapping[str, Any]) -> list[str]:
    topics: list[str] = arguments["topics"]
    if "secret" in topics and Role.ADMIN not in actor.roles:
        raise NotFound("there is no such topic")
    return topics


NOTES = Feed(
    name="notes", requires=Permission.SIGNED_IN, topics=topic_of_arguments, shows={Noted.name: lambda logged: logged.fact}
)


def notes(
    *topics: str, after: str | None = None, shape: PlainShape | None = None, feed: Feed = NOTES, **more: Any
) -> Subscription:
    arguments = {"topics": list(topics) or ["notes"]}
    return Subscription(feed=feed, arguments=arguments, shape=shape or PlainShape(tuple(topics)), after=after, **more)


def somebody(*roles: Role, **more: Any) -> Actor:
    return Actor(id=new_id(), name="Somebody", roles=frozenset(roles or (Role.INVESTOR,)), **more)


class Listener(Connection):
    """Takes messages at once, or only while ``taking`` is set."""

    def __init__(self, hub: Hub, actor: Actor | None = None, limits: ConnectionLimits | None = None) -> None:
        self.messages: list[dict[str, Any]] = []
        self.errors: list[DomainError] = []
        self.farewell: Farewell | None = None
        self.aborted = False
        self.taking = asyncio.Event()
        self.taking.set()
        super().__init__(hub, self._take, actor or somebody(), limits or ConnectionLimits())
        hub.welcome(self)

    async def _take(self, message: Any) -> None:
        await self.taking.wait()
        if isinstance(message, Farewell):
            self.farewell = message
        else:
            self.messages.append(json.loads(message))

    def next_message(self, member: Member, rendered: Rendered) -> Any:
        return rendered.body

    def fail(self, member: Member, error: DomainError) -> None:
        self.errors.append(error)

    def farewell_message(self, reason: Farewell) -> Any:
        return reason

    def abort(self) -> None:
        self.aborted = True

    @property
    def kinds(self) -> list[str]:
        return [message["kind"] for message in self.messages]

    @property
    def numbers(self) -> list[int]:
        return [message["number"] for message in self.messages if message["kind"] == "EventItem"]

    @property
    def last_cursor(self) -> str:
        cursor: str = self.messages[-1]["cursor"]
        return cursor

    async def hears(self, numbers: Iterable[int]) -> None:
        """Waits until exactly these have come, in this order."""
        wanted = list(numbers)
        await until(lambda: len(self.numbers) >= len(wanted))
        assert self.numbers == wanted


async def until(condition: Callable[[], Any], *, within_s: float = PATIENCE_S) -> None:
    async with asyncio.timeout(within_s):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


async def numbered(position: int) -> None:
    """Waits until the log is so long."""
    async with asyncio.timeout(PATIENCE_S):
        while (await log.head()).position < position:  # noqa: ASYNC110
            await asyncio.sleep(0.005)


@asynccontextmanager
async def broadcasting(redis_url: str) -> AsyncIterator[ResilientBroadcast]:
    async with ResilientBroadcast(RedisBackend(redis_url)) as broadcast:
        yield broadcast


@asynccontextmanager
async def a_hub(
    database_url: str, redis_url: str, limits: HubLimits | None = None, *, attendance: Attendance | None = None
) -> AsyncIterator[Hub]:
    async with broadcasting(redis_url) as broadcast:
        hub = Hub(database_url, broadcast, CODEC, limits, attendance=attendance)
        await hub.start()
        try:
            yield hub
        finally:
            await hub.stop()


async def kill_connections(application_name: str) -> int:
    """Cut the database connections of one part of the system, as a failing network would."""
    rows = await fetch(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1", application_name
    )
    return len(rows)
