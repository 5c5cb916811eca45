"""Feeds: what can be subscribed to, and the items that a feed is made of.

An *event feed* shows events of the log that touch its topics, each once and in order. A *state feed* shows one state
(a dashboard) anew whenever an event touches its topics. An event feed may show a state *beside* its events, and may greet
whoever comes with words of its own. How an item is written for a client is a *shape*: a selection
with its variables. Everybody who asks for the same shape gets the same bytes, so nothing in a shape depends on the viewer.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, Final, Protocol
from uuid import UUID

from domain.events.event import LoggedEvent
from domain.identity.actor import Actor
from domain.identity.permissions import Permission

EVERYTHING: Final = "*"
"""The topic that every event touches; as a key of :attr:`Feed.shows`, every event not named there."""


def domain_topic(domain: str) -> str:
    """The topic that all events of one business touch."""
    return f"domain:{domain}"


def kind_topic(event_name: str) -> str:
    """The topic that all events of one name touch."""
    return f"event:{event_name}"


class ResyncReason(str, Enum):
    """Why what happened since a cursor cannot be told again."""

    EPOCH_CHANGED = "EPOCH_CHANGED"
    TOO_OLD = "TOO_OLD"


@dataclass(frozen=True, slots=True)
class Ready:
    """The first item: the feed is open. ``recovered`` says that all that happened since ``after`` follows."""

    cursor: str
    recovered: bool


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """The replay has ended: what follows happens now."""

    cursor: str


@dataclass(frozen=True, slots=True)
class ResyncRequired:
    """There is a hole: read the data anew. What happens after ``cursor`` follows."""

    reason: ResyncReason
    cursor: str


@dataclass(frozen=True, slots=True)
class EventItem:
    """One event as a feed shows it: ``shown`` is what :attr:`Feed.shows` made of it."""

    shown: Any
    cursor: str
    event: LoggedEvent


@dataclass(frozen=True, slots=True)
class StateItem:
    """The state of a state feed, which includes everything up to ``cursor``."""

    state: Any
    cursor: str


@dataclass(frozen=True, slots=True)
class Greeting:
    """What a feed says of its own before everything else, to one who has just come: what :attr:`Feed.greets` made."""

    said: Any
    cursor: str


Notice = Ready | CaughtUp | ResyncRequired
Item = Notice | EventItem | StateItem | Greeting


class Shape(Protocol):
    """One way of writing items. ``key`` is equal exactly when the bytes are, whoever asks: it is made of the document,
    the operation and the variables other than ``after``, and of the viewer only if the selection is personal."""

    @property
    def key(self) -> Hashable: ...

    async def render(self, item: Item) -> bytes:
        """The item as one line of JSON, such as ``{"data": ...}``."""
        ...


Topics = Callable[[Actor, Mapping[str, Any]], Awaitable[Sequence[str]]]
State = Callable[[Actor, Mapping[str, Any]], Awaitable[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Somebody has opened a feed: ``id`` is of this opening alone."""

    id: UUID
    at: datetime


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class StateBeside:
    """A state that an event feed shows between its events, the same for all who may see the feed: to whoever comes, after
    the events ``on``, and every ``every_seconds``. It is of the present, so it is no part of what is replayed."""

    state: State
    on: frozenset[str]
    every_seconds: int | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
class Feed:
    """Something to subscribe to.

    ``topics`` finds the topics for a viewer's arguments and refuses (a DomainError) what is not the viewer's to see.
    ``shows`` gives for an event's name the item to show, or None to pass over that event. A feed with ``state`` shows
    that state instead; ``shows`` then names the events that may have changed it, all on its topics when it is empty.
    The state is computed for each viewer, unless ``same_for_all``: then once for all who may see it.

    With ``changes`` the state is also given ``changed``: what events since the state before have changed, as ``changes``
    tells it of each; None for anything, which a newcomer is told, and whoever asks for a fresh state after a while.
    ``every_seconds`` says how often a state is shown to those who do not say it themselves; None for when it changes.

    A feed of events may have a state ``beside`` them, and may say something to each who comes: what ``greets`` makes.
    """

    name: str
    requires: Permission
    topics: Topics
    shows: Mapping[str, Callable[[LoggedEvent], Any]] = field(default_factory=dict)
    state: State | None = None
    same_for_all: bool = False
    changes: Callable[[LoggedEvent], Collection[Any]] | None = None
    every_seconds: Callable[[], int | None] = lambda: None
    beside: StateBeside | None = None
    greets: Callable[[Visit], Any] | None = None

    def cares_about(self, event_name: str) -> bool:
        if event_name in self.shows or EVERYTHING in self.shows:
            return True
        if self.beside is not None and event_name in self.beside.on:
            return True
        return self.state is not None and not self.shows

    def show(self, logged: LoggedEvent) -> Any:
        """The item for this event, None when the feed passes over it."""
        shows = self.shows.get(logged.name) or self.shows.get(EVERYTHING)
        return None if shows is None else shows(logged)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A wish to follow a feed, priced and permitted by the schema: what the hub opens.

    ``requires`` are all permissions that the selection needs, the feed's own included: losing one ends the feed.
    ``every_seconds`` asks a state feed for a fresh state at least that often.
    """

    feed: Feed
    arguments: Mapping[str, Any]
    shape: Shape
    after: str | None = None
    every_seconds: int | None = None
    requires: frozenset[Permission] = frozenset()
