"""The last touch to a built schema: what strawberry resolves generally, resolved directly.

Attributes are read from the row without a call into strawberry, ids become global, rows behind unions and interfaces
know their type, and every GraphQL field carries its :class:`FieldRule` where the pipeline finds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import Any, Final

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    Undefined,
)
from strawberry.types.field import StrawberryField

from schema.kit.connections import Connection
from schema.kit.faces import type_name_of
from schema.kit.fields import RULE, FieldRule
from schema.kit.ids import encode_id

DEFINITION: Final = "strawberry-definition"
INHERITED_SIZE: Final = "as the connection"
"""As a :attr:`FieldRule.size`: as long as the connection that the list is in."""

_NO_RULE: Final = FieldRule(shared=True)
_OF_CONNECTIONS: Final = {
    "edges": FieldRule(size=INHERITED_SIZE, shared=True),
    "nodes": FieldRule(size=INHERITED_SIZE, shared=True),
    "total_count": FieldRule(cost=10, shared=False),
}


def finish(schema: GraphQLSchema) -> None:
    for type_ in schema.type_map.values():
        if isinstance(type_, GraphQLUnionType | GraphQLInterfaceType):
            type_.resolve_type = _resolve_type
        if isinstance(type_, GraphQLInputObjectType):
            for input_field in type_.fields.values():
                _without_null_default(input_field)
        if isinstance(type_, GraphQLObjectType):
            # Rows are not asked for their type where the schema already knows it.
            type_.is_type_of = None
            for name, field, declared in _declared_fields(type_):
                rule = _rule_of(type_, declared)
                field.extensions[RULE] = rule
                for argument in field.args.values():
                    _without_null_default(argument)
                assert rule.requires is None or not _is_of_an_interface(type_, name), (
                    f"{type_.name}.{name} demands a permission that nobody is asked for who selects it on an interface"
                )
                if declared.is_basic_field:
                    field.resolve = _reader(declared.python_name or name, rule, type_.name)


def rule_of(field: GraphQLField) -> FieldRule:
    found = field.extensions.get(RULE)
    return found if isinstance(found, FieldRule) else _NO_RULE


def is_attribute(field: GraphQLField) -> bool:
    """Whether the field only reads its row."""
    declared = field.extensions.get(DEFINITION)
    return isinstance(declared, StrawberryField) and declared.is_basic_field


def _without_null_default(value: GraphQLArgument | GraphQLInputField) -> None:
    # "= null" tells a client nothing that "nullable" does not; resolvers get their own default either way.
    if value.default_value is None:
        value.default_value = Undefined


def _declared_fields(type_: GraphQLObjectType) -> Iterator[tuple[str, GraphQLField, StrawberryField]]:
    for name, field in type_.fields.items():
        declared = field.extensions.get(DEFINITION)
        if isinstance(declared, StrawberryField):
            yield name, field, declared


def _is_of_an_interface(type_: GraphQLObjectType, field_name: str) -> bool:
    return any(field_name in interface.fields for interface in type_.interfaces)


def _rule_of(type_: GraphQLObjectType, declared: StrawberryField) -> FieldRule:
    definition = type_.extensions[DEFINITION]
    # A connection of something is a copy that remembers what it was made from.
    template = definition.concrete_of or definition
    if template.origin is Connection and declared.python_name in _OF_CONNECTIONS:
        return _OF_CONNECTIONS[declared.python_name]
    found = declared.metadata.get(RULE)
    return found if isinstance(found, FieldRule) else FieldRule(shared=declared.is_basic_field)


def _reader(attribute: str, rule: FieldRule, type_name: str) -> Callable[[Any, Any], Any]:
    if rule.id_of is None:
        read = attrgetter(attribute)
        return lambda row, info: read(row)
    target = rule.id_of or type_name

    def read_global_id(row: Any, info: Any) -> str | None:
        key = getattr(row, attribute)
        return None if key is None else encode_id(target, key)

    return read_global_id


def resolves_by_row(type_: GraphQLNamedType) -> bool:
    """Whether the rows behind this interface or union are asked for their type, and nothing else is."""
    return getattr(type_, "resolve_type", None) is _resolve_type


def _resolve_type(row: Any, info: Any, abstract_type: Any) -> str | None:
    return type_name_of(row)
