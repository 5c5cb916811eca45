"""Live fields: how a business declares what can be subscribed to.

The function that is declared finds the *topics* for the viewer's arguments and refuses what is not the viewer's to see.
The rest is told by the declaration: which events are shown as which type (:func:`event_feed`), or which state is shown
anew when something happens (:func:`state_feed`). A feed of events may have a state :class:`Beside` them, and a
:class:`Greeting` for whoever comes. Clients see one field with the function's arguments and ``after``; it answers a union
of the types declared and of the three notices that every feed has.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final, Generic, TypeVar, Union

import strawberry
from strawberry.types.field import StrawberryField
from strawberry.utils.str_converters import to_camel_case

from domain.events.event import Event, LoggedEvent
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from schema.kit.annotations import read_annotations
from schema.kit.faces import show_as
from schema.kit.fields import FieldRule, argument, attribute, make_field, with_arguments
from schema.kit.scalars import Cursor
from schema.kit.types import enum_type, object_type
from subscriptions import feed
from subscriptions.feed import EVERYTHING, EventItem, Feed, Item, ResyncReason, StateBeside, StateItem, Visit

for _notice in (feed.Ready, feed.CaughtUp, feed.ResyncRequired):
    show_as(_notice, _notice.__name__)

T = TypeVar("T")
TopicsFunction = Callable[..., Awaitable[Sequence[str]]]
StateFunction = Callable[..., Awaitable[Any]]

FEED_COST: Final = 10
MIN_EVERY_SECONDS: Final = 5
MAX_EVERY_SECONDS: Final = 3600

enum_type(
    ResyncReason,
    "Why what happened since a cursor cannot be told again.",
    {
        "EPOCH_CHANGED": "The history was restored or truncated, so that the cursor is of another past.",
        "TOO_OLD": "The cursor is older than what the log keeps at hand.",
    },
)


@strawberry.interface(description="Anything that a feed says. Keep the last cursor: with it as `after` the feed goes on.")
class FeedItem:
    cursor: Cursor = attribute("The place in the event log up to which this client has heard everything.")


@object_type("The feed is open; the first item of every feed that has no greeting of its own, which comes before it.")
class Ready(FeedItem):
    recovered: bool = attribute("All that happened since `after` follows. False when the feed simply starts now.")


@object_type("The replay of the past has ended; what follows happens now.")
class CaughtUp(FeedItem):
    pass


@object_type("There is a hole that cannot be filled: read the data anew. What happens behind `cursor` follows.")
class ResyncRequired(FeedItem):
    reason: ResyncReason = attribute("Why.")


@object_type("A state, recomputed after something happened that may have changed it.")
class State(FeedItem, Generic[T]):
    state: T = attribute("The state, which includes everything up to `cursor`.")


@strawberry.interface(description="Something that happened, as a feed tells it.")
class LiveEvent(FeedItem):
    occurred_at: datetime = attribute("When it happened.")


def event_type(description: str, *, name: str | None = None) -> Callable[[type[T]], type[T]]:
    """Declare a subclass of :class:`LiveEvent` as the face of an event."""

    def declare(cls: type[T]) -> type[T]:
        assert issubclass(cls, LiveEvent), f"{cls.__name__} must be a subclass of LiveEvent"
        read_annotations(cls)
        return strawberry.type(cls, name=name, description=description)

    return declare


class Shown:
    """The row behind an event's type: the event's attributes, and its place and time."""

    __slots__ = ("cursor", "event", "fact", "graphql_type_name")

    def __init__(self, item: EventItem, graphql_type_name: str) -> None:
        self.cursor = item.cursor
        self.event = item.event
        self.fact = item.shown.fact
        self.graphql_type_name = graphql_type_name

    @property
    def occurred_at(self) -> datetime:
        return self.event.occurred_at

    def __getattr__(self, name: str) -> Any:
        return getattr(self.fact, name)


@dataclass(frozen=True, slots=True)
class ShownAs:
    """What :attr:`Feed.shows` makes of an event: the fact, and the type that it is shown as."""

    fact: Any
    type_name: str


@dataclass(frozen=True, slots=True)
class ShownState:
    cursor: str
    state: Any
    graphql_type_name: str


class ShownGreeting:
    """The row behind a greeting's type: the attributes of what was said, and its place."""

    __slots__ = ("_said", "cursor", "graphql_type_name")

    def __init__(self, item: feed.Greeting, graphql_type_name: str) -> None:
        self._said = item.said
        self.cursor = item.cursor
        self.graphql_type_name = graphql_type_name

    def __getattr__(self, name: str) -> Any:
        return getattr(self._said, name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """A state that a feed of events shows between them: ``state(actor, **own_arguments)``, which does not depend on who
    asks, as ``shows``; to whoever comes, after the events ``on``, and every so often."""

    state: StateFunction
    shows: type
    on: Sequence[type[Event]]
    every_seconds: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Greeting:
    """What a feed says to each who comes, before everything else: ``says(visit)``, as ``shows``, a :class:`FeedItem`."""

    says: Callable[[Visit], Any]
    shows: type


@dataclass(frozen=True, slots=True)
class Stream:
    """All that the pipeline needs of a live field: its feed, and how its items are rows of the schema."""

    feed: Feed
    state_type_name: str | None = None
    greeting_type_name: str | None = None

    def row(self, item: Item) -> Any:
        if isinstance(item, EventItem):
            return Shown(item, item.shown.type_name)
        if isinstance(item, StateItem):
            assert self.state_type_name is not None
            return ShownState(item.cursor, item.state, self.state_type_name)
        if isinstance(item, feed.Greeting):
            assert self.greeting_type_name is not None
            return ShownGreeting(item, self.greeting_type_name)
        return item


After = Annotated[
    Cursor | None,
    argument("The last cursor this client has, from a feed or from `asOf`: what happened since then is told first."),
]
EverySeconds = Annotated[
    int | None,
    argument(
        f"Also show the state this often when nothing happens, from {MIN_EVERY_SECONDS} to {MAX_EVERY_SECONDS} seconds."
    ),
]


def event_feed(
    description: str,
    *,
    requires: Permission,
    shows: Mapping[type[Event], type] | type,
    when: Callable[[LoggedEvent], bool] | None = None,
    beside: Beside | None = None,
    greeting: Greeting | None = None,
    name: str | None = None,
) -> Callable[[TopicsFunction], Any]:
    """Declare a feed of events on ``async def name(actor, **own_arguments) -> topics``.

    ``shows`` maps each kind of event to the type that shows it; a single type shows every event. ``when`` passes over
    events for which it is false; it sees the event alone, because everybody's feed shares the answer.
    """
    own_types = [*([greeting.shows] if greeting else []), *([State[beside.shows]] if beside else [])]  # type: ignore[name-defined]

    def declare(topics: TopicsFunction) -> StrawberryField:
        public_name = name or to_camel_case(topics.__name__)
        kinds = {EVERYTHING: shows} if isinstance(shows, type) else {kind.name: face for kind, face in shows.items()}
        declared = Feed(
            name=public_name,
            requires=requires,
            topics=_called(topics),
            shows={event_name: _shower(face, when) for event_name, face in kinds.items()},
            beside=None if beside is None else _state_beside(beside),
            greets=None if greeting is None else greeting.says,
        )
        stream = Stream(
            declared,
            None if beside is None else _name_of_state(beside.shows),
            None if greeting is None else graphql_name_of(greeting.shows),
        )
        faces = [*own_types, *dict.fromkeys(kinds.values())]
        return _subscription_field(topics, stream, faces, description, requires, {"after": (After, None)})

    return declare


def state_feed(
    description: str,
    *,
    requires: Permission,
    state: StateFunction,
    shows: type,
    on: Sequence[type[Event]] = (),
    same_for_all: bool = False,
    changes: Callable[[LoggedEvent], Collection[Any]] | None = None,
    every_seconds: Callable[[], int | None] = lambda: None,
    name: str | None = None,
) -> Callable[[TopicsFunction], Any]:
    """Declare a feed of one state on ``async def name(actor, **own_arguments) -> topics``.

    ``state(actor, **own_arguments)`` computes it and ``shows`` is its type. It is computed anew when one of the events
    ``on`` touches the topics (any event, when none are named), at most once in 250 ms, and as often as ``everySeconds``
    asks, or ``every_seconds()`` for who does not ask. ``same_for_all`` says that it does not depend on who asks. With
    ``changes``, which tells what an event changes, the state is also given ``changed``; see :class:`Feed`.
    """

    def declare(topics: TopicsFunction) -> StrawberryField:
        public_name = name or to_camel_case(topics.__name__)
        declared = Feed(
            name=public_name,
            requires=requires,
            topics=_called(topics),
            shows={kind.name: lambda logged: logged for kind in on},
            state=_called(state),
            same_for_all=same_for_all,
            changes=changes,
            every_seconds=every_seconds,
        )
        stream = Stream(declared, _name_of_state(shows))
        added: dict[str, tuple[object, object]] = {"after": (After, None), "every_seconds": (EverySeconds, None)}
        return _subscription_field(topics, stream, [State[shows]], description, requires, added)  # type: ignore[valid-type]

    return declare


def graphql_name_of(face: Any) -> str:
    return str(face.__strawberry_definition__.name)


def _name_of_state(shows: type) -> str:
    return f"{graphql_name_of(shows)}State"


def _state_beside(beside: Beside) -> StateBeside:
    names = frozenset(kind.name for kind in beside.on)
    return StateBeside(state=_called(beside.state), on=names, every_seconds=beside.every_seconds)


def _called(function: Callable[..., Awaitable[Any]]) -> Callable[[Actor, Mapping[str, Any]], Awaitable[Any]]:
    def call(actor: Actor, arguments: Mapping[str, Any]) -> Awaitable[Any]:
        return function(actor, **arguments)

    return call


def _shower(face: type, when: Callable[[LoggedEvent], bool] | None) -> Callable[[LoggedEvent], ShownAs | None]:
    type_name = graphql_name_of(face)

    def show(logged: LoggedEvent) -> ShownAs | None:
        return ShownAs(logged.fact, type_name) if when is None or when(logged) else None

    return show


def _subscription_field(
    topics: TopicsFunction,
    stream: Stream,
    faces: Sequence[Any],
    description: str,
    requires: Permission,
    added: dict[str, tuple[object, object]],
) -> StrawberryField:
    """The field clients see. Its resolver never runs: the pipeline hands the feed to the hub, and renders its items."""

    async def never_called(**arguments: Any) -> None:
        raise AssertionError("feeds are opened by the hub")

    never_called.__name__ = topics.__name__
    never_called.__module__ = topics.__module__
    signature = inspect.signature(topics)
    own = [parameter for parameter in signature.parameters.values() if parameter.name != "actor"]
    never_called.__signature__ = signature.replace(parameters=own)  # type: ignore[attr-defined]
    with_arguments(never_called, added)
    feed_name = stream.feed.name
    union_name = f"{feed_name[0].upper()}{feed_name[1:]}Item"
    members: Any = Union[(Ready, CaughtUp, ResyncRequired, *faces)]
    description_of_union = f"What `{feed_name}` says: one of its own items, or a notice."
    union = Annotated[members, strawberry.union(union_name, description=description_of_union)]
    rule = FieldRule(requires=requires, cost=FEED_COST, shared=True, stream=stream)
    return make_field(never_called, union, description, rule, name=feed_name, is_subscription=True)
