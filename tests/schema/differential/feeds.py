"""Items of feeds, fabricated as rows are."""

from __future__ import annotations

import re
from typing import Any, Final
from uuid import UUID

from graphql import get_named_type

from domain.events.event import LoggedEvent
from schema.kit.feeds import ShownAs, Stream
from schema.pipeline.selection import Selected
from subscriptions.feed import CaughtUp, EventItem, Item, Ready, ResyncReason, ResyncRequired, StateItem
from tests.schema.differential.numbers import Die, mixed
from tests.schema.differential.oddities import RIGHT
from tests.schema.differential.world import Row, World

CALL: Final = UUID(int=77)
"""The correlation id of all that happens in worlds."""
_CORRELATION: Final = re.compile(rb'"correlationId":"[^"]*"')


def an_item(world: World, root: Selected) -> Item:
    """An item of the live field, of whatever kind the world has it."""
    die = Die(mixed(world.seed, 29))
    stream: Stream = root.rule.stream
    assert root.field is not None
    union: Any = get_named_type(root.field.type)
    members = [each.name for each in union.types]
    kind = die.below(10)
    if kind == 0:
        return die.one_of([Ready("c1", True), CaughtUp("c2"), ResyncRequired(ResyncReason.TOO_OLD, "c3")])
    if kind < 3 and stream.state_type_name is not None:
        shown = world.book.attributes[stream.state_type_name]["state"][0]
        return StateItem(world.value(shown, mixed(world.seed, 31)), "c4")
    name = die.one_of(world.book.names) if die.in_a_thousand(world.mood.wrong) else die.one_of(members)
    fact = Row(world, mixed(world.seed, 37), name, None)
    return EventItem(ShownAs(fact, name), "c5", _logged(die))


def _logged(die: Die) -> LoggedEvent:
    return LoggedEvent(
        position=7,
        epoch=1,
        name="fabricated",
        version=1,
        topics=(),
        audience=frozenset(),
        actor_id=None,
        correlation_id=CALL,
        occurred_at=die.one_of(RIGHT["DateTime"]),
        payload="{}",
    )


def under_one_id(body: bytes, item: Item) -> bytes:
    """A response as if the item had a correlation id of its own, which only those of events have."""
    return body if isinstance(item, EventItem) else _CORRELATION.sub(b'"correlationId":"%b"' % str(CALL).encode(), body)
