"""A schema of things that can answer anything, and one way to ask both executors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from types import SimpleNamespace
from typing import Annotated, Any
from uuid import UUID

import orjson
import strawberry
from graphql import ExecutionResult, GraphQLError, OperationDefinitionNode, execute, parse, validate
from strawberry.schema.config import StrawberryConfig

from domain.identity.actor import SYSTEM, Actor
from domain.identity.permissions import Permission
from domain.kit.context import CallContext
from domain.kit.paging import Page, PageRequest
from schema.compiled import CompiledPlan, Compiler, Outcome
from schema.kit import (
    ID,
    CurrencyCode,
    Cursor,
    Info,
    Money,
    Parent,
    argument,
    attribute,
    enum_type,
    global_id,
    input_type,
    listing,
    mutation,
    object_type,
    query,
)
from schema.kit import (
    field as resolved,
)
from schema.kit.context import Context, Services
from schema.kit.finish import finish
from schema.kit.relations import relation, relations
from schema.kit.scalars import SCALARS, Json


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


enum_type(Colour, "Colours.", {"RED": "Red.", "BLUE": "Blue."})


def thing(**attributes: Any) -> SimpleNamespace:
    """A row: what it has not, it cannot answer."""
    return SimpleNamespace(**{"graphql_type_name": "Thing", **attributes})


def box(**attributes: Any) -> SimpleNamespace:
    return SimpleNamespace(graphql_type_name="Box", **attributes)


@dataclass
class Store:
    """What the loads find, and with which keys they were asked."""

    rows: dict[Any, Any] = field(default_factory=dict)
    asked: list[tuple[str, list[Any]]] = field(default_factory=list)
    failing: Exception | None = None


STORE = Store()


async def load_stored(actor: Actor, keys: Sequence[Any]) -> Mapping[Any, Any]:
    STORE.asked.append(("stored", list(keys)))
    if STORE.failing:
        raise STORE.failing
    return {key: STORE.rows[key] for key in keys if key in STORE.rows}


async def load_lists(keys: Sequence[Any]) -> Mapping[Any, Any]:
    STORE.asked.append(("lists", list(keys)))
    return {key: STORE.rows[key] for key in keys if key in STORE.rows}


@strawberry.interface(description="Whatever has a label.")
class Labelled:
    label: str | None = attribute("The label.")


@object_type("A thing.")
class Thing(Labelled):
    id: ID = global_id("Thing", "The id.")
    text: str = attribute("Text.")
    maybe_text: str | None = attribute("Text or nothing.")
    number: int = attribute("A number.")
    maybe_number: int | None = attribute("A number or nothing.")
    yes: bool | None = attribute("Yes or no.")
    ratio: float | None = attribute("A float.")
    decimal: Decimal | None = attribute("A decimal.")
    at: datetime | None = attribute("An instant.")
    on: date | None = attribute("A day.")
    uuid: UUID | None = attribute("A UUID.")
    colour: Colour | None = attribute("A colour.")
    cursor: Cursor | None = attribute("A cursor.")
    currency: CurrencyCode | None = attribute("A currency.")
    anything: Json | None = attribute("Any JSON.")
    texts: list[str] | None = attribute("Texts.")
    maybe_texts: list[str | None] | None = attribute("Texts or nothing.")
    colours: list[Colour] | None = attribute("Colours.")
    money: Money | None = attribute("Money.")
    worth: Money = attribute("Money, always.")
    one: Thing = attribute("Another, always.")
    perhaps: Thing | None = attribute("Another.")
    things: list[Thing] = attribute("Others, always.")
    perhaps_things: list[Thing | None] | None = attribute("Others.")
    strict_things: list[Thing] | None = attribute("Others, none of them missing.")
    grid: list[list[Thing | None]] | None = attribute("Others in rows.")
    either: Annotated[Thing | Box, strawberry.union("Either", description="One of two.")] | None = attribute("One of two.")
    labelled: list[Labelled] | None = attribute("Whatever has labels.")

    stored: Thing | None = relation(load_stored, "stored_id", "The stored one.")
    stored_too: Thing | None = relation(load_stored, "other_id", "The other stored one.")
    stored_count: int | None = relation(load_stored, "count_id", "A stored number.")
    stored_always: Thing = relation(load_stored, "stored_id", "The stored one, always.")
    stored_things: list[Thing] = relations(load_lists, "list_id", "The stored ones.", size=5)

    @resolved(str | None, "What it answers itself.")
    def answer(self, row: Parent[Any]) -> object:
        return row.answer()

    @resolved(str, "What it answers itself, always.")
    def sure_answer(self, row: Parent[Any]) -> object:
        return row.answer()

    @resolved(str | None, "What it answers later.")
    async def later(self, row: Parent[Any], info: Info) -> object:
        return row.answer()

    @resolved(str, "What it answers later, always.")
    async def sure_later(self, row: Parent[Any]) -> object:
        return row.answer()

    @resolved(list["Thing"], "Many, of whom each is asked for.", size=5)
    async def many(
        self,
        row: Parent[Any],
        info: Info,
        keys: Annotated[list[ID], argument("Which.")] = ("a",),  # type: ignore[assignment]
    ) -> object:
        return [await info.context.load(load_stored, key) for key in keys]


@object_type("A box.")
class Box(Labelled):
    size: int = attribute("Its size.")
    inside: Thing | None = attribute("What is in it.")


@input_type("What is asked for.")
class Wish:
    text: str = attribute("Text.")
    colours: list[Colour] | None = attribute("Colours.", default=None)
    deeper: Wish | None = attribute("More.", default=None)


@strawberry.type
class Query:
    @query(Thing | None, "The thing.", requires=Permission.PUBLIC)
    async def thing(self, info: Info) -> object:
        return info.context.services.others["thing"]

    @query(Thing, "The thing, always and at once.", requires=Permission.PUBLIC)
    def sure_thing(self, info: Info) -> object:
        return info.context.services.others["thing"]

    @query(str, "Tells what it was given.", requires=Permission.PUBLIC)
    def told(
        self,
        text: Annotated[str | None, argument("Text.")] = "nothing",
        number: Annotated[int | None, argument("Number.")] = None,
        decimal: Annotated[Decimal | None, argument("Decimal.")] = None,
        colour: Annotated[Colour | None, argument("Colour.")] = None,
        colours: Annotated[list[Colour] | None, argument("Colours.")] = None,
        wish: Annotated[Wish | None, argument("Wish.")] = None,
        ids: Annotated[list[ID] | None, argument("Ids.")] = None,
    ) -> str:
        return repr((text, number, decimal, colour, colours, wish, ids))

    @listing(Thing, "Things by the page.", requires=Permission.PUBLIC)
    async def pages(self, info: Info, page: PageRequest) -> Page[Any]:
        rows = info.context.services.others["thing"].things[: page.size]

        async def count() -> object:
            return info.context.services.others["thing"].count

        return Page(rows, [str(n) for n, _ in enumerate(rows)], False, False, count)


@strawberry.type
class Mutation:
    @mutation(Thing, "Do something.", requires=Permission.PUBLIC)
    async def act(self, info: Info, name: Annotated[str, argument("Which.")]) -> object:
        done: list[str] = info.context.services.others["done"]
        done.append(name)
        if name == "breaks":
            raise RuntimeError("broken")

        def answer() -> str:
            done.append(f"{name} told")
            return name

        return thing(text=name, answer=answer)


@cache
def schema() -> strawberry.Schema:
    built = strawberry.Schema(query=Query, mutation=Mutation, config=StrawberryConfig(scalar_map=SCALARS))
    finish(built._schema)
    return built


@cache
def compiler() -> Compiler:
    return Compiler(schema()._schema, schema(), hide_suggestions=False)


def context_with(root: Any) -> Context:
    return Context(SYSTEM, CallContext(), Services(others={"thing": root, "done": []}))


def plan_of(document: str, *, name: str | None = None, by: Compiler | None = None) -> CompiledPlan:
    parsed = parse(document)
    assert validate(schema()._schema, parsed) == []
    operations = [each for each in parsed.definitions if isinstance(each, OperationDefinitionNode)]
    chosen = next(each for each in operations if name is None or (each.name and each.name.value == name))
    return CompiledPlan(by or compiler(), parsed, chosen, name)


def told(error: GraphQLError) -> dict[str, Any]:
    cause = type(error.original_error).__name__
    return {**error.formatted, "cause": cause}


async def expected(document: str, root: Any, variables: Mapping[str, Any] | None = None) -> ExecutionResult:
    """What graphql-core answers."""
    found = execute(
        schema()._schema, parse(document), context_value=context_with(root), variable_values=dict(variables or {})
    )
    return found if isinstance(found, ExecutionResult) else await found


async def same(document: str, root: Any | Callable[[], Any], variables: Mapping[str, Any] | None = None) -> Any:
    """Ask both, who must answer the same, byte by byte; gives the data and the errors as JSON."""
    make = root if callable(root) else lambda: root
    plan = plan_of(document)
    outcome: Outcome = await plan.run(context_with(make()), variables or {})
    known = await expected(document, make(), variables)
    assert outcome.data_json == orjson.dumps(known.data)
    found = [told(each) for each in outcome.errors]
    by_path = sorted(found, key=lambda each: orjson.dumps(each.get("path")))
    assert by_path == sorted((told(each) for each in known.errors or ()), key=lambda each: orjson.dumps(each.get("path")))
    if known.data is not None or not known.errors or known.errors[0].path is not None:
        assert plan.source(variables) is not None, "it was compiled"
    return orjson.loads(outcome.data_json), found
