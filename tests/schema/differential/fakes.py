"""The real schema over fabricated worlds: its fields, arguments and declarations are real, and what lies below is made up.

Every resolver is replaced by one with the same parameters that answers what the world has at its place; every load by one
that answers fabricated rows; in mutations and listings only the function that was decorated, so that what the kit puts
around it takes part. Nothing that the real schema shares with other schemas of this process is touched.
"""

from __future__ import annotations

import asyncio
import copy
import dataclasses
import inspect
import types
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any, Final, TypeVar

from graphql import GraphQLField, GraphQLNonNull, GraphQLObjectType
from strawberry import Schema
from strawberry.types.field import StrawberryField
from strawberry.types.fields.resolver import StrawberryResolver

from domain.identity.actor import Actor
from domain.kit.paging import Page, PageRequest
from domain.kit.reading import Source, Wanted, attributes_in
from schema.build import build
from schema.kit.errors import Refusal
from schema.kit.fields import RULE, FieldRule
from schema.kit.finish import DEFINITION, rule_of
from schema.kit.loaders import MAX_BATCH
from schema.kit.mutations import Answer
from schema.kit.relations import _resolver
from tests.schema.differential.numbers import Die, mixed, number_of
from tests.schema.differential.world import Book, Row, World, to_share

F = TypeVar("F", bound=Callable[..., Any])

AROUND_MUTATIONS: Final = "act"
AROUND_LISTINGS: Final = "resolver"


class Stage:
    """Where a world is put before an operation runs in it."""

    def __init__(self) -> None:
        self._world: World | None = None
        self._loads: dict[str, FabricatedLoad] = {}

    @property
    def world(self) -> World:
        assert self._world is not None, "no world is on the stage"
        return self._world

    def put(self, world: World) -> None:
        self._world = world

    def load(self, name: str, type_: Any) -> FabricatedLoad:
        found = self._loads.get(name)
        if found is None:
            found = self._loads[name] = FabricatedLoad(self, name, type_)
        return found


class FabricatedLoad(Source[Any, Any]):
    """A load of rows of one type."""

    def __init__(self, stage: Stage, name: str, type_: Any) -> None:
        self._stage = stage
        self._name = name
        self._type = type_

    async def read(self, actor: Actor, keys: Collection[Any], wanted: Wanted) -> Mapping[Any, Any]:
        """No database writes texts here: their attributes are read instead."""
        world = self._stage.world
        world.loads += 1
        world.waits_below_roots += 1
        if len(set(keys)) != len(keys) or not 0 < len(keys) <= MAX_BATCH:
            world.mistakes.append(f"{self._name} was asked for {keys}")
        attributes = None if wanted is None else attributes_in(wanted)
        place = mixed(world.seed, number_of(self._name))
        die = Die(place)
        for _ in range(die.below(3)):
            await asyncio.sleep(0)
        if die.in_a_thousand(world.mood.accidents):
            raise RuntimeError("the database is away")
        found = {key: self._rows_for(world, mixed(place, key.int), attributes) for key in keys if key is not None}
        return {key: value for key, value in found.items() if value is not _LEFT_OUT}

    def _rows_for(self, world: World, place: int, wanted: frozenset[str] | None) -> Any:
        if Die(mixed(place, 11)).below(8) == 0:
            return _LEFT_OUT
        return to_share(world.value(self._type, place, wanted))


def _plainly(load: FabricatedLoad) -> Callable[[Actor, Collection[Any]], Awaitable[Mapping[Any, Any]]]:
    """The same as a function, of which nobody can want a part."""

    async def read(actor: Actor, keys: Collection[Any]) -> Mapping[Any, Any]:
        return await load.read(actor, keys, None)

    return read


_LEFT_OUT: Final = object()


def fabricated_schema(stage: Stage) -> tuple[Schema, Book]:
    """The whole schema over whatever world is on the stage, and what its types are."""
    built = build()
    fakes = Fakes(built, stage)
    roots = (built._schema.query_type, built._schema.mutation_type)
    for type_ in built._schema.type_map.values():
        if isinstance(type_, GraphQLObjectType) and type_ is not built._schema.subscription_type:
            for name, field in type_.fields.items():
                fakes.replace(type_, name, field, is_root=type_ in roots)
    return built, Book(built._schema)


class Fakes:
    """Puts the fakes into a schema, field by field."""

    def __init__(self, built: Schema, stage: Stage) -> None:
        self._built = built
        self._stage = stage

    def replace(self, type_: GraphQLObjectType, name: str, field: GraphQLField, *, is_root: bool) -> None:
        declared = field.extensions.get(DEFINITION)
        if not isinstance(declared, StrawberryField) or declared.base_resolver is None:
            return
        place = f"{type_.name}.{name}"
        rule = rule_of(field)
        mine = copy.copy(declared)
        if rule.relation is not None:
            load: Any = self._stage.load(f"{place} {rule.relation.key}", field.type)
            if not isinstance(rule.relation.load, Source):
                load = _plainly(load)
            rule = dataclasses.replace(rule, relation=dataclasses.replace(rule.relation, load=load))
            field.extensions[RULE] = rule
            mine.metadata = {**mine.metadata, RULE: rule}
            resolver = _resolver(rule.relation)  # type: ignore[arg-type]
        else:
            resolver = self._fake_of(declared.base_resolver.wrapped_func, field, place, rule, is_root)
        mine.base_resolver = StrawberryResolver(resolver, type_override=declared.base_resolver._type_override)
        field.extensions[DEFINITION] = mine
        field.resolve = self._built.schema_converter.from_resolver(mine)

    def _fake_of(self, real: Any, field: GraphQLField, place: str, rule: FieldRule, is_root: bool) -> Callable[..., Any]:
        answers = Answers(self._stage, field, place, is_root)
        around = real.__code__.co_freevars if hasattr(real, "__wrapped__") else ()
        if around == (AROUND_LISTINGS,):
            return _with(real, AROUND_LISTINGS, _speaking(real.__wrapped__, answers.page))
        if around == (AROUND_MUTATIONS,):
            return _with(real, AROUND_MUTATIONS, _speaking(real.__wrapped__, answers.payload))
        assert not around, f"{place} is decorated in a way that its fake is not"
        return _speaking(real, answers.later if inspect.iscoroutinefunction(real) else answers.now)


class Answers:
    """What one field answers in whatever world is on the stage."""

    def __init__(self, stage: Stage, field: GraphQLField, place: str, is_root: bool) -> None:
        self._stage = stage
        self._type = field.type
        self._name = place
        self._number = number_of(place)
        self._is_root = is_root

    def _begin(self, row: Any, arguments: dict[str, Any]) -> tuple[World, int]:
        world = self._stage.world
        said = repr(arguments)
        if self._is_root:
            world.calls.append((self._name, said))
            world.overlaps += world.running
        parent = world.seed if row is None else getattr(row, "identity", 0)
        return world, mixed(mixed(parent, self._number), number_of(said) if arguments else 0)

    def now(self, row: Any, info: Any, arguments: dict[str, Any]) -> Any:
        assert info is None or info.context is not None
        world, place = self._begin(row, arguments)
        die = Die(mixed(place, 13))
        value = world.value(self._type, place)
        if die.in_a_thousand(world.mood.later):
            world.waits_below_roots += not self._is_root
            return world.awaitable(value, die)
        return world.given(value, place)

    async def later(self, row: Any, info: Any, arguments: dict[str, Any]) -> Any:
        world, place = self._begin(row, arguments)
        await self._wait(world, place, info)
        return world.given(world.value(self._type, place), place)

    async def page(self, row: Any, info: Any, arguments: dict[str, Any]) -> Page[Any]:
        asked: PageRequest = arguments.pop("page")
        part = (asked.first, asked.after, asked.last, asked.before)
        world, place = self._begin(row, {**arguments, "page": part})
        await self._wait(world, place, info)
        nodes: Any = world.book.nodes_of[_named(self._type)]
        given = world.given(world.value(GraphQLNonNull(world.book.schema.type_map["Boolean"]), place), place)  # type: ignore[type-var]
        wanted = None if asked.wanted is None else attributes_in(asked.wanted)
        return world.page(nodes, place, wanted) if isinstance(given, bool) else given

    async def payload(self, row: Any, info: Any, arguments: dict[str, Any]) -> Any:
        world, place = self._begin(row, arguments)
        await self._wait(world, place, info)
        row = world.given(world.value(self._type, place), place)
        if not isinstance(row, Row) or Die(mixed(place, 17)).below(3):
            return row
        names = [name for name in world.book.attributes[row.kind] if Die(mixed(place, number_of(name))).below(2)]
        return Answer(**{"errors": [Refusal("NOT_FOUND", "none", ("input",), None)], **_read(row, names)})

    async def _wait(self, world: World, place: int, info: Any) -> None:
        """Nothing, some turns of the loop, or a row for which others ask at the same time."""
        world.waits_below_roots += not self._is_root
        world.running += 1
        try:
            await self._some_time(world, place, info)
        finally:
            world.running -= 1

    async def _some_time(self, world: World, place: int, info: Any) -> None:
        die = Die(mixed(place, 19))
        how = die.below(4)
        if how == 1:
            for _ in range(1 + die.below(3)):
                await asyncio.sleep(0)
        elif how == 2 and info is not None:
            load = self._stage.load(f"load {die.below(3)}", world.book.schema.type_map["User"])
            await info.context.load(load, world.key(mixed(place, 23), may_be_null=True))
        elif how == 3:
            await world.awaitable(None, die)


def _read(row: Row, names: list[str]) -> dict[str, Any]:
    found = {}
    for name in names:
        try:
            found[name] = to_share(getattr(row, name))
        except Exception as accident:
            found[name] = accident
    return found


def _named(type_: Any) -> str:
    while hasattr(type_, "of_type"):
        type_ = type_.of_type
    return str(type_.name)


def _speaking(real: Callable[..., Any], answer: Callable[[Any, Any, dict[str, Any]], Any]) -> Callable[..., Any]:
    """A function with the parameters of the real one, also to those who look at its code, that hands on to ``answer`` which
    row it was called for, its ``info`` and its arguments."""
    signature = inspect.signature(real, follow_wrapped=False)
    parameters = list(signature.parameters.values())
    rows = [each.name for each in parameters if "Parent" in str(each.annotation)]
    shown, defaults, given, keyword_only = [], {}, [], False
    for each in parameters:
        if each.kind is inspect.Parameter.KEYWORD_ONLY and not keyword_only:
            keyword_only = True
            shown.append("*")
        default = "" if each.default is inspect.Parameter.empty else f"=default_{each.name}"
        defaults[f"default_{each.name}"] = each.default
        shown.append(f"{each.name}{default}")
        if each.name not in (*rows, "self", "info"):
            given.append(f"{each.name!r}: {each.name}")
    asynchronous = inspect.iscoroutinefunction(real)
    row = rows[0] if rows else "self"
    info = "info" if "info" in signature.parameters else "None"
    source = (
        f"{'async ' if asynchronous else ''}def {real.__name__}({', '.join(shown)}):\n"
        f"    return {'await ' if asynchronous else ''}answer({row}, {info}, {{{', '.join(given)}}})\n"
    )
    names: dict[str, Any] = {"answer": answer, **defaults}
    exec(compile(source, f"<the fake of {real.__qualname__}>", "exec"), names)
    made: Any = names[real.__name__]
    made.__annotations__ = real.__annotations__
    made.__module__ = real.__module__
    made.__qualname__ = real.__qualname__
    return made  # type: ignore[no-any-return]


def _with(around: F, name: str, inner: Callable[..., Any]) -> F:
    """The same function around another one."""
    function: Any = around
    made: Any = types.FunctionType(
        function.__code__, function.__globals__, function.__name__, function.__defaults__, (types.CellType(inner),)
    )
    made.__dict__.update(function.__dict__)
    made.__kwdefaults__ = function.__kwdefaults__
    made.__annotations__ = function.__annotations__
    made.__module__ = function.__module__
    made.__qualname__ = function.__qualname__
    made.__wrapped__ = inner
    assert made.__code__.co_freevars == (name,)
    return made  # type: ignore[no-any-return]
