"""Worlds: rows, lists, refusals and accidents, fabricated from a seed where an operation looks.

What is found at a place depends on the seed and on how one came there: through which field of which row and with which
arguments, or by which load and key. It does not depend on what was looked at before, so that two executors that go through
the same world in different orders see the same.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Generator, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final
from uuid import UUID

from graphql import (
    GraphQLEnumType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLSchema,
    is_abstract_type,
)
from graphql.pyutils import is_awaitable

from domain.kit.money import Money
from domain.kit.paging import Page
from schema.kit.connections import Connection, ConnectionRow
from schema.kit.fields import FieldRule
from schema.kit.finish import DEFINITION, rule_of
from tests.schema.differential.numbers import Die, mixed, number_of
from tests.schema.differential.oddities import ACCIDENTS, NO_LISTS, ODD, RIGHT

SO_MANY_KEYS: Final = 7
"""Rows refer to so few others that they have many in common."""


@dataclass(frozen=True)
class Mood:
    """How often a place is not as one would wish, in a thousand."""

    name: str
    nulls: int = 120
    missing: int = 0
    """Null where the schema promises a value."""
    wrong: int = 0
    accidents: int = 0
    later: int = 0
    """Awaitables where others have values."""


MOODS: Final = (
    Mood("calm"),
    Mood("slow", later=60),
    Mood("careless", missing=12, wrong=12, accidents=12),
    Mood("broken", nulls=60, missing=60, wrong=60, accidents=60),
    Mood("slow and careless", missing=10, wrong=10, accidents=10, later=40),
    Mood("plentiful", nulls=0),
)


class Book:
    """What a schema says of its object types, by the names that rows know: the attributes of each."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.schema = schema
        self.attributes: dict[str, dict[str, tuple[GraphQLOutputType, FieldRule]]] = {}
        self.keys: dict[str, set[str]] = {}
        self.nodes_of: dict[str, GraphQLOutputType] = {}
        objects = [
            each
            for each in schema.type_map.values()
            if isinstance(each, GraphQLObjectType) and DEFINITION in each.extensions
        ]
        for type_ in objects:
            self._enter(type_)
        self.names = [each.name for each in objects]

    def _enter(self, type_: GraphQLObjectType) -> None:
        definition = type_.extensions[DEFINITION]
        if (definition.concrete_of or definition).origin is Connection:
            self.nodes_of[type_.name] = type_.fields["nodes"].type
        attributes = self.attributes[type_.name] = {}
        keys = self.keys[type_.name] = set()
        for name, each in type_.fields.items():
            declared, rule = each.extensions[DEFINITION], rule_of(each)
            if declared.is_basic_field:
                attributes[declared.python_name or name] = (each.type, rule)
            if rule.relation is not None:
                keys.add(rule.relation.key)


class Row:
    """A row of any type: what it holds is made when somebody looks.

    ``wanted`` are the attributes that it was read for; to look at another one is a mistake that the world remembers.
    """

    __slots__ = ("graphql_type_name", "identity", "kind", "wanted", "world")

    def __init__(self, world: World, identity: int, kind: str, wanted: frozenset[str] | None, called: object = None) -> None:
        self.world = world
        self.identity = identity
        self.kind = kind
        self.wanted = wanted
        self.graphql_type_name = kind if called is None else called

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self.world.attribute(self, name)

    def __repr__(self) -> str:
        return f"<{self.kind} {self.identity}>"


class Later(Awaitable[Any]):
    """A value that is there after some turns of the loop."""

    __slots__ = ("_outcome", "_turns")

    def __init__(self, outcome: Any, turns: int) -> None:
        self._outcome = outcome
        self._turns = turns

    def __await__(self) -> Generator[Any, Any, Any]:
        for _ in range(self._turns):
            yield
        if isinstance(self._outcome, Exception):
            raise self._outcome
        return self._outcome


class Unreadable(AssertionError):
    """Somebody looks at an attribute that the row was not read for."""


@dataclass
class World:
    """One world. ``calls`` are those of root fields in their order, ``below`` those of all others that are resolved."""

    book: Book
    seed: int
    mood: Mood
    calls: list[tuple[str, str]] = field(default_factory=list)
    waits_below_roots: int = 0
    loads: int = 0
    running: int = 0
    overlaps: int = 0
    mistakes: list[str] = field(default_factory=list)

    def attribute(self, row: Row, name: str) -> Any:
        if row.wanted is not None and name not in row.wanted:
            self.mistakes.append(f"{row.kind}.{name} was looked at, and only {sorted(row.wanted)} wanted")
            raise Unreadable(name)
        if name in self.book.keys.get(row.kind, ()):
            self.waits_below_roots += 1  # It may be a relation that looks.
        found = self.book.attributes.get(row.kind, {}).get(name)
        place = mixed(row.identity, number_of(name))
        if found is None:
            if name in self.book.keys.get(row.kind, ()):
                return self.key(place, may_be_null=name != "id")
            raise AttributeError(f"a {row.kind} has no {name}")
        type_, rule = found
        if rule.id_of is not None:
            return self.key(place, may_be_null=not isinstance(type_, GraphQLNonNull))
        return self.given(self.value(type_, place), place, attribute=True)

    def key(self, place: int, *, may_be_null: bool) -> Any:
        """The key of another row."""
        die = Die(place)
        if die.in_a_thousand(self.mood.accidents):
            raise die.one_of(ACCIDENTS)()
        if may_be_null and die.in_a_thousand(self.mood.nulls):
            return None
        return UUID(int=1 + die.below(SO_MANY_KEYS))

    def given(self, value: Any, place: int, *, attribute: bool = False) -> Any:
        """A value as an attribute or a resolver gives it: raised, if it is an accident that is not merely answered; or as
        something to wait for."""
        die = Die(mixed(place, 3))
        if attribute and die.in_a_thousand(self.mood.later):
            self.waits_below_roots += 1
            return self.awaitable(value, die)
        if isinstance(value, Exception) and die.below(4):
            raise value
        return value

    def awaitable(self, value: Any, die: Die) -> Any:
        turns, kind = die.below(3), die.below(3)
        if kind == 0:
            return Later(value, turns)
        if kind == 1:
            return _eventually(value, turns)
        future = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_soon(_settle, future, value)
        return future

    def value(self, type_: Any, place: int, wanted: frozenset[str] | None = None) -> Any:
        """What is found at a place where the schema has this type. An accident is answered as an exception."""
        die, mood = Die(place), self.mood
        if die.in_a_thousand(mood.accidents):
            return die.one_of(ACCIDENTS)()
        if isinstance(type_, GraphQLNonNull):
            type_ = type_.of_type
            if die.in_a_thousand(mood.missing):
                return None
        elif die.in_a_thousand(mood.nulls):
            return None
        wrong = die.in_a_thousand(mood.wrong)
        if isinstance(type_, GraphQLList):
            return die.one_of(NO_LISTS) if wrong else self._list(type_.of_type, place, die, wanted)
        if isinstance(type_, GraphQLScalarType):
            return die.one_of(ODD if wrong else RIGHT[type_.name])
        if isinstance(type_, GraphQLEnumType):
            return _odd_member(type_, die) if wrong else _member(type_, die)
        if is_abstract_type(type_):
            return self._row_of_some(type_, place, die, wanted, wrong)
        return self._object(type_, place, die, wanted, wrong)

    def _list(self, item: Any, place: int, die: Die, wanted: frozenset[str] | None) -> Any:
        count = die.one_of((0, 1, 2, 2, 3, 4))
        rows = [self.value(item, mixed(place, index + 1), wanted) for index in range(count)]
        if rows and die.in_a_thousand(self.mood.later):
            self.waits_below_roots += 1
            rows[die.below(count)] = self.awaitable(rows[die.below(count)], die)
        kind = die.below(40)
        if kind == 0:
            return tuple(rows)
        return _one_by_one(rows) if kind == 1 else rows

    def _row_of_some(self, type_: Any, place: int, die: Die, wanted: frozenset[str] | None, wrong: bool) -> Row:
        if wrong:
            called = die.one_of(["Nothing", "Money", type_.name, "Date", 5, *self.book.names[:3]])
            return Row(self, place, str(called), None, called)
        return Row(self, place, die.one_of(self.book.schema.get_possible_types(type_)).name, wanted)

    def _object(self, type_: GraphQLObjectType, place: int, die: Die, wanted: frozenset[str] | None, wrong: bool) -> Any:
        if wrong:
            return die.one_of(ODD)
        nodes = self.book.nodes_of.get(type_.name)
        if nodes is not None and die.below(10):
            return ConnectionRow(self.page(nodes, place, wanted))
        if type_.name == "Money" and die.below(2):
            return Money(die.one_of([0, 125_000, -1, 10**15]), die.one_of(["INR", "KES", "JPY", "BHD"]))
        return Row(self, place, type_.name, wanted)

    def page(self, nodes: Any, place: int, wanted: frozenset[str] | None) -> Page[Any]:
        die = Die(mixed(place, 5))
        item = nodes.of_type.of_type
        rows = [self.value(item, mixed(place, index + 1), wanted) for index in range(die.below(4))]
        cursors = [f"c{mixed(place, index + 1) % 1000}" for index in range(len(rows))]

        def count() -> Any:
            how = Die(mixed(place, 7))
            total = self.value(self.book.attributes["PageInfo"]["has_next_page"][0], mixed(place, 8))
            counted = how.below(500) if isinstance(total, bool) else total
            if how.below(2):
                self.waits_below_roots += 1
                return self.awaitable(counted, how)
            return self.given(counted, mixed(place, 9))

        return Page(rows, cursors, bool(die.below(2)), bool(die.below(2)), count)


def to_share(value: Any) -> Any:
    """What several fields are given, such as that of a load or of an answer: nothing that can be used but once."""
    if inspect.iscoroutine(value):
        value.close()
        return None
    if not isinstance(value, list | tuple) and not inspect.isgenerator(value):
        return value
    return [None if is_awaitable(each) else each for each in value]


def _member(type_: GraphQLEnumType, die: Die) -> Any:
    members: type[Enum] = type_.wrapped_cls  # type: ignore[attr-defined]
    return die.one_of(list(members))


def _odd_member(type_: GraphQLEnumType, die: Die) -> Any:
    """Names and values that are no members, some of which the type takes all the same; and things of other kinds."""
    member = _member(type_, die)
    return die.one_of([member.name, member.value, "NO_SUCH_MEMBER", [], {}, 1, *ODD[:3]])


def _one_by_one(rows: list[Any]) -> Iterator[Any]:
    yield from rows


async def _eventually(value: Any, turns: int) -> Any:
    for _ in range(turns):
        await asyncio.sleep(0)
    if isinstance(value, Exception):
        raise value
    return value


def _settle(future: asyncio.Future[Any], value: Any) -> None:
    if future.cancelled():
        return
    if isinstance(value, Exception):
        future.set_exception(value)
        future.exception()  # It may be that nobody waits for it any more.
    else:
        future.set_result(value)
