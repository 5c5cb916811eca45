"""Relations: declared by a load and a key, they read like attributes and are fetched together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass

import pytest
import strawberry
from graphql import GraphQLField, GraphQLObjectType, GraphQLSchema
from strawberry.schema.config import StrawberryConfig
from tortoise import Model

from domain.identity.actor import SYSTEM, Actor
from domain.identity.permissions import Permission
from domain.kit.context import CallContext
from schema.kit import Parent, attribute, field, object_type, query, relation, relations
from schema.kit.context import Context
from schema.kit.fields import Relation
from schema.kit.finish import finish, rule_of
from schema.kit.nodes import every_node_kind
from schema.kit.scalars import SCALARS
from tests.support.graphql import pipeline


@dataclass
class Ship:
    number: int
    captain_id: int | None


asked: list[tuple[str, list[int]]] = []
CAPTAINS = {7: Ship(7, None), 8: Ship(8, 7)}


async def captains(actor: Actor, ids: Sequence[int]) -> Mapping[int, Ship]:
    asked.append((actor.name, sorted(ids)))
    return {each: CAPTAINS[each] for each in ids if each in CAPTAINS}


async def boats(numbers: Sequence[int]) -> Mapping[int, Sequence[Ship]]:
    asked.append(("anybody", sorted(numbers)))
    return {number: [Ship(10 * number, None), Ship(10 * number + 1, None)] for number in numbers if number != 2}


@object_type("A ship.")
class ShipType:
    @field(int, "Twice the number.", shared=True)
    def twice(self, ship: Parent[Ship]) -> int:
        return 2 * ship.number

    captain: ShipType | None = relation(captains, "captain_id", "Its captain's first ship.")
    boats: list[ShipType] = relations(
        boats, "number", "What hangs on it.", size=2, cost=3, requires=Permission.PUBLIC, shared=True, name="lifeboats"
    )
    number: int = attribute("Its number.")
    old_captain: ShipType | None = relation(captains, "captain_id", "The same.", deprecated="Ask for the captain.")


@strawberry.type
class Fleet:
    @query(list[ShipType], "All ships.", requires=Permission.PUBLIC)
    def ships(self) -> list[Ship]:
        return [Ship(1, 7), Ship(2, 8), Ship(3, 9), Ship(4, None)]


def fields_of(schema: GraphQLSchema, type_name: str) -> dict[str, GraphQLField]:
    type_ = schema.type_map[type_name]
    assert isinstance(type_, GraphQLObjectType)
    shown: dict[str, GraphQLField] = type_.fields
    return shown


@pytest.fixture(scope="module")
def built() -> strawberry.Schema:
    made = strawberry.Schema(Fleet, config=StrawberryConfig(scalar_map=SCALARS))
    finish(made._schema)
    return made


def test_they_stand_among_the_resolvers_in_the_order_of_the_text(built: strawberry.Schema) -> None:
    shown = fields_of(built._schema, "ShipType")
    assert {name: str(found.type) for name, found in shown.items()} == {
        "number": "Int!",
        "twice": "Int!",
        "captain": "ShipType",
        "lifeboats": "[ShipType!]!",
        "oldCaptain": "ShipType",
    }
    assert shown["oldCaptain"].deprecation_reason == "Ask for the captain."
    assert shown["captain"].description == "Its captain's first ship."


def test_they_tell_the_pipeline_what_they_are(built: strawberry.Schema) -> None:
    shown = fields_of(built._schema, "ShipType")
    rule = rule_of(shown["lifeboats"])
    assert rule.relation == Relation(boats, "number", many=True)
    assert (rule.size, rule.cost, rule.requires, rule.shared) == (2, 3, Permission.PUBLIC, True)
    assert rule_of(shown["captain"]).relation == Relation(captains, "captain_id", many=False)
    assert not rule_of(shown["captain"]).shared
    assert rule_of(shown["twice"]).relation is rule_of(shown["number"]).relation is None


async def test_those_of_all_rows_are_fetched_together(built: strawberry.Schema) -> None:
    asked.clear()
    answer = await built.execute(
        "{ ships { captain { number captain { number } } lifeboats { number } } }",
        context_value=Context(SYSTEM, CallContext()),
    )
    assert answer.errors is None
    assert answer.data == {
        "ships": [
            {"captain": {"number": 7, "captain": None}, "lifeboats": [{"number": 10}, {"number": 11}]},
            {"captain": {"number": 8, "captain": {"number": 7}}, "lifeboats": []},
            {"captain": None, "lifeboats": [{"number": 30}, {"number": 31}]},
            {"captain": None, "lifeboats": [{"number": 40}, {"number": 41}]},
        ]
    }
    assert sorted(asked) == [(SYSTEM.name, [7, 8, 9]), ("anybody", [1, 2, 3, 4])]


def _has(rows: type, name: str) -> bool:
    if issubclass(rows, Model) and name in rows._meta.fields_map:
        return True
    return hasattr(rows, name) or (is_dataclass(rows) and name in {each.name for each in fields(rows)})


def test_every_key_is_an_attribute_of_the_rows() -> None:
    wrong = []
    for kind in every_node_kind():
        for name, shown in fields_of(pipeline()._schema, kind.name).items():
            found = rule_of(shown).relation
            if found is not None and not _has(kind.rows, found.key):
                wrong.append(f"{kind.name}.{name}: {kind.rows.__name__} has no {found.key}")
    assert wrong == []
