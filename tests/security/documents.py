"""A small document for every operation of the schema: its required arguments with values of their types, and a selection."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from uuid import UUID

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
)

from schema.kit import encode_id
from schema.kit.nodes import is_node_type
from tests.support.graphql import pipeline

NOBODY: Final = UUID(int=0xD0)
"""The id of no row."""

PLAIN: Final[dict[str, Any]] = {
    "String": "x",
    "Int": 1,
    "Boolean": False,
    "Decimal": "1",
    "Date": "2030-01-01",
    "DateTime": "2030-01-01T00:00:00Z",
    "Cursor": "x",
    "CurrencyCode": "KES",
}


@dataclass(frozen=True)
class Operation:
    """``kind`` is ``Query``, ``Mutation`` or ``Subscription``."""

    kind: str
    name: str
    document: str
    variables: dict[str, Any]

    @property
    def place(self) -> str:
        return f"{self.kind}.{self.name}"


def the_schema() -> GraphQLSchema:
    return pipeline()._schema


@cache
def every_operation() -> tuple[Operation, ...]:
    return tuple(operation_of(root.name, name, field) for root in roots() for name, field in root.fields.items())


def roots() -> list[GraphQLObjectType]:
    schema = the_schema()
    return [root for root in (schema.query_type, schema.mutation_type, schema.subscription_type) if root is not None]


def operation_of(kind: str, name: str, field: GraphQLField, given: dict[str, Any] | None = None) -> Operation:
    """With its required arguments, and those that are given."""
    named = get_named_type(field.type)
    values = {
        key: minimal(each.type, key, named.name) for key, each in field.args.items() if isinstance(each.type, GraphQLNonNull)
    } | (given or {})
    return Operation(kind, name, document_of(kind, name, field, values), values)


def document_of(kind: str, name: str, field: GraphQLField, values: dict[str, Any]) -> str:
    declared = ", ".join(f"${key}: {field.args[key].type}" for key in values)
    passed = ", ".join(f"{key}: ${key}" for key in values)
    shown = _selection(field)
    return f"{kind.lower()}{f'({declared})' if values else ''} {{ {name}{f'({passed})' if values else ''} {shown} }}"


def _selection(field: GraphQLField) -> str:
    named = get_named_type(field.type)
    if is_leaf_type(named):
        return ""
    fields = getattr(named, "fields", {})
    if "pageInfo" in fields:
        return "{ nodes { __typename } }"
    return "{ __typename errors { code message } }" if "errors" in fields and "Payload" in named.name else "{ __typename }"


def minimal(type_: GraphQLInputType, name: str = "", about: str = "") -> Any:
    """A value of the type with nothing in it that may be left out. Ids are of the types that their names tell, or of
    ``about`` where they tell none."""
    inner: Any = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
    if isinstance(inner, GraphQLList):
        return [minimal(inner.of_type, name.removesuffix("s"), about)]
    if isinstance(inner, GraphQLEnumType):
        return next(iter(inner.values))
    if isinstance(inner, GraphQLInputObjectType):
        return {
            key: minimal(each.type, key, about)
            for key, each in inner.fields.items()
            if isinstance(each.type, GraphQLNonNull)
        }
    return encode_id(type_of_id(name, about), NOBODY) if inner.name == "ID" else PLAIN[inner.name]


def type_of_id(name: str, about: str) -> str:
    """The type of which an argument or field such as ``loanId`` names an object."""
    told = name.removesuffix("Ids").removesuffix("Id")
    guess = told[:1].upper() + told[1:]
    return guess if is_node_type(guess) else about


def places_of(field: GraphQLField) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Where in the arguments of a field a leaf may stand, and its type: ``("filter", "search")``, say."""
    for name, argument in field.args.items():
        yield from _places(argument, (name,), frozenset())


def _places(
    value: GraphQLArgument | Any, path: tuple[str, ...], above: frozenset[str]
) -> Iterator[tuple[tuple[str, ...], Any]]:
    inner = get_named_type(value.type)
    if not isinstance(inner, GraphQLInputObjectType):
        yield path, value.type
    elif inner.name not in above:
        for name, each in inner.fields.items():
            yield from _places(each, (*path, name), above | {inner.name})


def with_value(field: GraphQLField, path: tuple[str, ...], leaf: Any, about: str = "") -> dict[str, Any]:
    """The arguments that are required on the way to one place, with a value there."""
    argument = field.args[path[0]]
    return {path[0]: _put(argument.type, path[1:], leaf, path[0], about)}


def _put(type_: GraphQLInputType, path: tuple[str, ...], leaf: Any, name: str, about: str) -> Any:
    inner: Any = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
    if isinstance(inner, GraphQLList):
        return [_put(inner.of_type, path, leaf, name, about)]
    if not path:
        return leaf
    return minimal(inner, name, about) | {path[0]: _put(inner.fields[path[0]].type, path[1:], leaf, path[0], about)}
