"""Input objects become what Strawberry would make of them, whatever of them is given."""

from __future__ import annotations

from typing import Any

from graphql import (
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    get_nullable_type,
    is_required_input_field,
)
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.arguments import convert_argument

from schema.build import build
from schema.compiled.inputs import Inputs

DEEPEST = 3
"""Of types that have fields of their own type."""

BUILT = build()
INPUTS = {
    name: type_
    for name, type_ in BUILT._schema.type_map.items()
    if isinstance(type_, GraphQLInputObjectType) and GraphQLCoreConverter.DEFINITION_BACKREF in type_.extensions
}


def everything(type_: GraphQLInputType, depth: int = 0) -> Any:
    """A coerced value with all fields that there may be; leaves are objects that nobody else has."""
    type_ = get_nullable_type(type_)
    if isinstance(type_, GraphQLList):
        nullable = [] if isinstance(type_.of_type, GraphQLNonNull) else [None]
        return [everything(type_.of_type, depth), *nullable]
    if isinstance(type_, GraphQLInputObjectType):
        fields = type_.fields.items()
        deep = depth >= DEEPEST
        return {n: everything(f.type, depth + 1) for n, f in fields if not deep or is_required_input_field(f)}
    return object()


def told(value: Any) -> Any:
    """An input object by its class and attributes, for comparison."""
    if isinstance(value, list):
        return [told(each) for each in value]
    if hasattr(type(value), "__strawberry_definition__"):
        return type(value), {name: told(each) for name, each in vars(value).items()}
    return value


def test_every_input_is_made_as_strawberry_makes_it() -> None:
    inputs = Inputs(BUILT.config)
    assert len(INPUTS) > 100
    for name, type_ in INPUTS.items():
        origin = type_.extensions[GraphQLCoreConverter.DEFINITION_BACKREF].origin
        convert = inputs.conversion_of(type_, origin)
        assert convert is not None, name
        full = everything(type_)
        needed = {field: value for field, value in full.items() if is_required_input_field(type_.fields[field])}
        absent = {field: None for field in full if not isinstance(type_.fields[field].type, GraphQLNonNull)}
        for value in (full, needed, needed | absent):
            expected = convert_argument(value, origin, BUILT.schema_converter.scalar_registry, BUILT.config)
            assert told(convert(value)) == told(expected), name
