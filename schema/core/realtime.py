"""How live the house is, read off the schema itself: which of the things that can be read are also told by a feed.

A query is told live when some feed's items show the type that the query answers, or name one such object by its id. Nothing
is declared for this, so the audit cannot praise what does not exist. Queries that only reckon with what they are given, such
as a quote, cannot change behind the client's back and are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import lru_cache
from typing import Any, Final

from graphql import (
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
)

from domain.events.queries import last_occurrences
from domain.identity.permissions import Permission
from schema.kit import Info, Parent, attribute, enum_type, field, object_type
from schema.kit.context import RealtimeStatus as RealtimeStatusRow
from schema.kit.finish import rule_of
from subscriptions.feed import EVERYTHING

PLUMBING: Final = frozenset({"node", "nodes", "asOf", "realtimeStatus"})
"""Queries that are about the API and no part of any business."""

WHO: Final = "User"
"""An event that names a person says who did it, and nothing new of the person."""

ABOUT_SO_MANY_FEATURES: Final = 60
FEATURES_COST: Final = 50


class DeliveryMode(str, Enum):
    """How a client gets to know that something has changed."""

    PUSH = "PUSH"
    POLL = "POLL"
    ON_DEMAND = "ON_DEMAND"


enum_type(
    DeliveryMode,
    "How a client gets to know that something has changed.",
    {
        "PUSH": "A feed tells it within a second.",
        "POLL": "There is a feed, but live delivery is switched off here: ask again now and then.",
        "ON_DEMAND": "There is no feed: ask when you want to know.",
    },
)


@dataclass(frozen=True, slots=True)
class Feature:
    """Something that can be read, and the feeds that tell of it."""

    name: str
    mode: DeliveryMode
    feeds: tuple[str, ...]
    last_event_at: datetime | None


@object_type("Something that can be read, and how a client gets to know that it has changed.")
class RealtimeFeature:
    name: str = attribute("The query.")
    mode: DeliveryMode = attribute("How changes reach clients.")
    feeds: list[str] = attribute("The feeds that show the same type.")
    last_event_at: datetime | None = attribute("When one of these feeds last had something to tell, to anybody.")


@object_type("How live delivery stands on the server that answers.")
class RealtimeStatus:
    connected: bool = attribute("The server hears of events as they happen. When it does not, they come a little later.")
    connected_clients: int = attribute("How many clients have a socket or an event stream open to this server.")
    uptime_seconds: int = attribute("For how many seconds this server has been delivering.")
    server_time: datetime = attribute("The server's clock.")

    @field(
        list[RealtimeFeature],
        "Everything that can be read, and whether a feed tells of it: an audit of the schema by itself.",
        requires=Permission.SIGNED_IN,
        cost=FEATURES_COST,
        size=ABOUT_SO_MANY_FEATURES,
    )
    async def features(self, status: Parent[RealtimeStatusRow], info: Info) -> list[Feature]:
        told = _feeds_of_queries(info.schema._schema)
        last = await last_occurrences({kind for feeds in told.values() for kinds in feeds.values() for kind in kinds})
        return [_feature(name, feeds, last, status.enabled) for name, feeds in told.items()]

    @field(
        int,
        "The share of all that can be read that feeds tell of, in percent, rounded down; 0 while live delivery is off.",
        shared=True,
    )
    def score(self, status: Parent[RealtimeStatusRow], info: Info) -> int:
        told = _feeds_of_queries(info.schema._schema)
        return 100 * sum(map(bool, told.values())) // len(told) if status.enabled else 0


def _feature(name: str, feeds: Mapping[str, frozenset[str]], last: Mapping[str, datetime], enabled: bool) -> Feature:
    mode = DeliveryMode.ON_DEMAND if not feeds else DeliveryMode.PUSH if enabled else DeliveryMode.POLL
    moments = [last[kind] for kinds in feeds.values() for kind in kinds if kind in last]
    return Feature(name, mode, tuple(sorted(feeds)), max(moments, default=None))


@lru_cache(maxsize=4)
def _feeds_of_queries(schema: GraphQLSchema) -> dict[str, dict[str, frozenset[str]]]:
    """For every query of a business: the feeds that show its type, each with the events it tells of."""
    assert schema.query_type is not None and schema.subscription_type is not None
    showing: dict[str, dict[str, frozenset[str]]] = {}
    for name, declared in schema.subscription_type.fields.items():
        kinds = frozenset(rule_of(declared).stream.feed.shows) - {EVERYTHING}
        for shown in _types_shown(get_named_type(declared.type)):
            showing.setdefault(shown, {})[name] = kinds
    return {
        name: showing.get(_answered(get_named_type(declared.type)), {})
        for name, declared in schema.query_type.fields.items()
        if name not in PLUMBING and not _reckons(declared)
    }


def _reckons(query: GraphQLField) -> bool:
    """Whether a query is given what it answers about, and reads nothing that changes by itself."""
    given = (
        name for name, argument in query.args.items() if isinstance(get_named_type(argument.type), GraphQLInputObjectType)
    )
    return any(name != "filter" for name in given)


def _types_shown(union: Any) -> Iterator[str]:
    assert isinstance(union, GraphQLUnionType)
    for member in union.types:
        for name, declared in member.fields.items():
            shown, named = get_named_type(declared.type), rule_of(declared).id_of
            if isinstance(shown, GraphQLObjectType):
                yield shown.name
                if name == "state":
                    # A state is told as a whole, so all that it is made of is told.
                    parts = (get_named_type(part.type) for part in shown.fields.values())
                    yield from (part.name for part in parts if isinstance(part, GraphQLObjectType))
            elif named not in (None, WHO) and named.lower().endswith(name.removesuffix("Id").lower()):
                yield named


def _answered(type_: Any) -> str:
    """The type that a query is about: of a connection, its nodes'."""
    if isinstance(type_, GraphQLObjectType) and "nodes" in type_.fields:
        return str(get_named_type(type_.fields["nodes"].type).name)
    return str(type_.name)
