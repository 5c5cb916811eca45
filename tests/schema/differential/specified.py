"""A small schema in which everything can be shown that the specification says of execution (its section 6)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from functools import cache
from types import SimpleNamespace
from typing import Annotated, Any
from uuid import UUID

import orjson
import strawberry
from graphql import OperationDefinitionNode, parse, validate
from strawberry.schema.config import StrawberryConfig

from domain.identity.actor import SYSTEM
from domain.kit.context import CallContext
from schema.compiled import CompiledPlan, Compiler, Outcome
from schema.kit import ID, argument, attribute, enum_type, input_type, object_type
from schema.kit import field as resolved
from schema.kit.context import Context, Services
from schema.kit.fields import FieldRule
from schema.kit.finish import finish
from schema.kit.scalars import SCALARS
from schema.pipeline.errors import present
from tests.schema.differential.reference import CorePlan

CALL = UUID(int=77)
SHAPES: dict[str, Any] = {
    "maybe": str | None,
    "sure": str,
    "maybeMaybes": list[str | None] | None,
    "sureMaybes": list[str | None],
    "maybeSures": list[str] | None,
    "sureSures": list[str],
    "rows": list[list[str]] | None,
    "gaps": list[list[str | None] | None],
}
"""All ways in which lists and promises meet, by the names of the fields that have them."""


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


enum_type(Colour, "Colours.", {"RED": "Red.", "BLUE": "Blue."})

_leaves: dict[str, Any] = {name: attribute(f"A field of the shape {name}.", name=name) for name in SHAPES}
Leaves: Any = object_type("Leaves in lists of all shapes.")(type("Leaves", (), {"__annotations__": SHAPES, **_leaves}))


@strawberry.interface(description="What has a name.")
class Named:
    name: str | None = attribute("The name.")


@object_type("A cat.")
class Cat(Named):
    lives: int = attribute("How many are left.")
    friends: list[Named] | None = attribute("Who likes it.", rule=FieldRule(size=3, shared=True))


@object_type("A dog.")
class Dog(Named):
    tricks: list[str] = attribute("What it can do.")
    lives: int = attribute("One.")


Pet = Annotated[Cat | Dog, strawberry.union("Pet", description="A pet.")]


@input_type("A point.")
class Point:
    x: int = attribute("Across.")
    y: int | None = attribute("Down.", default=5)
    label: str | None = attribute("A word.", default=None)


def _kept(value: Any) -> Any:
    return value if value is not strawberry.UNSET else "unset"


@strawberry.type
class Query:
    leaves: Leaves | None = attribute("Leaves.")
    sure_leaves: Leaves = attribute("Leaves that are promised.")
    many_leaves: list[Leaves] | None = attribute("Many.", rule=FieldRule(size=3, shared=True))
    a: str | None = attribute("A.")
    b: str | None = attribute("B.")
    pet: Pet | None = attribute("A pet.")
    pets: list[Pet | None] | None = attribute("Pets.", rule=FieldRule(size=3, shared=True))
    named: Named | None = attribute("Something with a name.")

    @resolved(str, "The arguments as they came.")
    def said(
        self,
        text: Annotated[str | None, argument("Text.")] = "nothing",
        number: Annotated[int | None, argument("A number.")] = None,
        sure: Annotated[int, argument("A number that must be.")] = 1,
        numbers: Annotated[list[int] | None, argument("Numbers.")] = None,
        colour: Annotated[Colour | None, argument("A colour.")] = None,
        colours: Annotated[list[Colour | None] | None, argument("Colours.")] = None,
        point: Annotated[Point | None, argument("A point.")] = None,
        points: Annotated[list[Point] | None, argument("Points.")] = None,
        amount: Annotated[Decimal | None, argument("An exact number.")] = None,
        id: Annotated[ID | None, argument("An id.")] = None,
    ) -> str:
        given = (text, number, sure, numbers, colour, colours, point, points, amount, id)
        return " ".join(repr(_kept(each)) for each in given)

    @resolved(str | None, "A number that must be given.")
    def must(self, number: Annotated[int, argument("The number.")]) -> str:
        return repr(number)


@dataclass
class Counter:
    """What mutations did, in their order."""

    number: int = 0
    log: list[str] = field(default_factory=list)


COUNTER = Counter()


@object_type("What a counter stands at.")
class Count:
    number: int = attribute("The number.")
    later: int | None = attribute("The number, some turns of the loop later.")


@strawberry.type
class Mutation:
    @resolved(Count | None, "Set the counter.")
    async def set(self, to: Annotated[int, argument("To what.")]) -> Any:
        return await _changed(to)

    @resolved(Count, "Set the counter; what is promised.")
    async def set_surely(self, to: Annotated[int, argument("To what.")]) -> Any:
        return await _changed(to)


async def _changed(to: int) -> Any:
    COUNTER.log.append(f"begins {to}")
    await asyncio.sleep(0)
    if to < 0:
        raise ValueError("below nothing")
    COUNTER.number = to
    return SimpleNamespace(number=to, later=_stands())


async def _stands() -> int:
    for _ in range(3):
        await asyncio.sleep(0)
    COUNTER.log.append(f"told {COUNTER.number}")
    return COUNTER.number


@cache
def specified() -> tuple[strawberry.Schema, Compiler]:
    config = StrawberryConfig(scalar_map=SCALARS)
    built = strawberry.Schema(query=Query, mutation=Mutation, types=[Leaves, Cat, Dog], config=config)
    finish(built._schema)
    return built, Compiler(built._schema, built, hide_suggestions=False)


async def both(text: str, root: Any = None, variables: dict[str, Any] | None = None, name: str | None = None) -> list[Any]:
    """Data and errors by graphql-core, and as compiled."""
    built, compiler = specified()
    document = parse(text)
    assert not validate(built._schema, document), validate(built._schema, document)
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    chosen = next(each for each in operations if name is None or (each.name and each.name.value == name))
    plans = (CorePlan(built._schema, document, name), CompiledPlan(compiler, document, chosen, name))
    answers = []
    for plan in plans:
        COUNTER.number, COUNTER.log = 0, []
        outcome = await plan.run(Context(SYSTEM, CallContext(CALL), Services()), variables or {}, _made(root))  # type: ignore[attr-defined]
        answers.append((_read(outcome), list(COUNTER.log)))
    assert _is_compiled(plans[1], variables)
    return answers


def _is_compiled(plan: Any, variables: dict[str, Any] | None) -> bool:
    return isinstance(plan._variables.read(variables or {}), list) or plan.source(variables) is not None


def _made(root: Any) -> Any:
    """Roots that hold what can be used but once are made anew for each run."""
    return root() if callable(root) else root


def _read(outcome: Outcome) -> tuple[Any, list[dict[str, Any]]]:
    return orjson.loads(outcome.data_json), present(outcome.errors, CALL)
