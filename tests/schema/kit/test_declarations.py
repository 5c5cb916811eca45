"""Declarations: mistakes that the kit does not let pass, so that they are found when the schema is built."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

import pytest
import strawberry
from strawberry.schema.config import StrawberryConfig

from domain.identity.actor import Actor
from domain.identity.permissions import Permission, Role
from domain.kit.ids import new_id
from schema.kit import attribute, enum_type, event_type, node_type, object_type, payload_type, query
from schema.kit.faces import show_as, type_name_of
from schema.kit.finish import finish
from schema.kit.loaders import Loaders
from schema.kit.scalars import SCALARS

ASHA = Actor(id=new_id(), name="Asha", roles=frozenset({Role.SELLER}))


@strawberry.interface(description="Something with a secret.")
class Guarded:
    secret: str = attribute("A secret.")


@object_type("A safe.")
class Safe(Guarded):
    secret: str = attribute("A secret.", requires=Permission.LEDGER_READ)


@strawberry.type
class GuardedQuery:
    @query(Guarded | None, "Something.", requires=Permission.PUBLIC)
    def something(self) -> object:
        return None


def test_a_demand_cannot_hide_behind_an_interface() -> None:
    built = strawberry.Schema(GuardedQuery, types=[Safe], config=StrawberryConfig(scalar_map=SCALARS))
    with pytest.raises(AssertionError, match=r"Safe\.secret demands a permission"):
        finish(built._schema)


class Colour(Enum):
    RED = "RED"
    BLUE = "BLUE"


@pytest.mark.parametrize("described", [{"RED": "Red."}, {"RED": "Red.", "BLUE": "Blue.", "GREEN": "Green."}])
def test_an_enum_is_described_member_by_member(described: dict[str, str]) -> None:
    with pytest.raises(AssertionError, match="describe exactly its members"):
        enum_type(Colour, "A colour.", described)


@dataclass
class Row:
    number: int


class SpecialRow(Row):
    """A row of a more special kind."""


def test_a_row_has_one_face() -> None:
    show_as(Row, "TestRow")
    show_as(Row, "TestRow")
    assert type_name_of(SpecialRow(1)) == "TestRow"
    assert type_name_of("no row") is None
    with pytest.raises(AssertionError, match="two faces"):
        show_as(Row, "OtherRow")


def test_declarations_are_made_on_what_they_are_for() -> None:
    class Plain:
        """Neither a node, nor a payload, nor an event."""

    async def load(ids: Sequence[int]) -> Mapping[int, Row]:
        return {}

    for declare in (node_type(Plain, load, "A node."), payload_type("A payload."), event_type("An event.")):
        with pytest.raises(AssertionError, match="must be a subclass"):
            declare(Plain)


async def test_loaders_ask_once_for_whoever_asks() -> None:
    asked: list[tuple[str, list[int]]] = []

    async def rows(ids: Sequence[int]) -> Mapping[int, Row]:
        asked.append(("anybody", list(ids)))
        return {each: Row(each) for each in ids if each != 3}

    async def rows_of(actor: Actor, ids: Sequence[int]) -> Mapping[int, Sequence[Row]]:
        asked.append((actor.name, list(ids)))
        return {each: [Row(each)] for each in ids if each != 3}

    loaders = Loaders(ASHA)
    first, again, missing = loaders.one(rows, 1), loaders.one(rows, 1), loaders.one(rows, 3)
    many, none = loaders.many(rows_of, 2), loaders.many(rows_of, 3)
    assert await asyncio.gather(first, again, missing, many, none) == [Row(1), Row(1), None, [Row(2)], ()]
    assert sorted(asked) == [("Asha", [2, 3]), ("anybody", [1, 3])]
