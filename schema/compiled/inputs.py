"""Input objects for resolvers: what graphql-core has checked becomes Strawberry's classes, by functions made once a type.

Strawberry's own conversion asks for the type of each field, its names and its defaults again with every request.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, Final

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
)
from strawberry import UNSET
from strawberry.relay import GlobalID
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.base import StrawberryMaybe, StrawberryOptional, StrawberryType

Convert = Callable[[Any], Any]


class NotPlain(Exception):
    """Strawberry has to convert this type: its way with it is its own."""


class Inputs:
    """The conversions of a schema."""

    def __init__(self, config: StrawberryConfig) -> None:
        self._public_name = config.name_converter.from_field
        self._kept: dict[str, _Object] = {}

    def conversion_of(self, type_: GraphQLInputType, declared: StrawberryType | type) -> Convert | None:
        """What makes of a coerced value, that is not null, what a resolver takes; None where it takes it as it is."""
        if isinstance(declared, StrawberryMaybe) or declared is GlobalID:
            raise NotPlain
        if isinstance(declared, StrawberryOptional):
            return self.conversion_of(type_, declared.of_type)
        if isinstance(type_, GraphQLNonNull):
            return self.conversion_of(type_.of_type, declared)
        if isinstance(type_, GraphQLScalarType | GraphQLEnumType):
            return None
        if isinstance(type_, GraphQLList):
            return _list_of(self.conversion_of(type_.of_type, getattr(declared, "of_type", declared)))
        return self._conversion_of_object(type_)

    def _conversion_of_object(self, type_: GraphQLInputObjectType) -> Convert:
        found = self._kept.get(type_.name)
        if found is None:
            definition = type_.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
            if definition is None or definition.from_input is not None or not definition.is_input:
                raise NotPlain
            # Kept before its fields are looked at, because a type may have fields of its own type.
            found = self._kept[type_.name] = _Object(definition.origin)
            try:
                self._look_at_fields(found, type_, definition)
            except NotPlain:
                del self._kept[type_.name]
                raise
        return found.convert

    def _look_at_fields(self, found: _Object, type_: GraphQLInputObjectType, definition: Any) -> None:
        for field in definition.fields:
            name = self._public_name(field)
            declared = field.resolve_type(type_definition=definition)
            found.fields.append((name, field.python_name, self.conversion_of(type_.fields[name].type, declared)))
            if field.default_value is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
                found.without_default[field.python_name] = None


class _Object:
    """How objects of one input type are made."""

    __slots__ = ("_kind", "fields", "without_default")

    def __init__(self, kind: type) -> None:
        self._kind: Final = kind
        self.fields: list[tuple[str, str, Convert | None]] = []
        self.without_default: dict[str, None] = {}
        """What is null when it is absent."""

    def convert(self, value: Any) -> Any:
        given: dict[str, Any] = self.without_default.copy()
        for name, python_name, convert in self.fields:
            if name in value:
                found = value[name]
                given[python_name] = found if convert is None or found is None or found is UNSET else convert(found)
        return self._kind(**given)


def _list_of(convert: Convert | None) -> Convert:
    """A list of its own in any case: graphql-core gives the same default to everybody."""
    if convert is None:
        return list
    return lambda values: [None if each is None else convert(each) for each in values]
