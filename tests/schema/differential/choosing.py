"""What there is to choose from: the fields and the fragments that a schema allows where a document stands."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_composite_type,
)


class Types:
    """What a schema says about its types, looked up once."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.schema = schema
        self._conditions: dict[str, list[GraphQLNamedType]] = {}
        self._fields: dict[str, tuple[list[tuple[str, GraphQLField]], list[tuple[str, GraphQLField]]]] = {}

    @cached_property
    def _composites(self) -> list[GraphQLNamedType]:
        return [each for each in self.schema.type_map.values() if is_composite_type(each) and not each.name.startswith("__")]

    def possible(self, type_: Any) -> list[GraphQLObjectType]:
        return list(self.schema.get_possible_types(type_)) if is_abstract_type(type_) else [type_]

    def conditions(self, type_: Any) -> list[GraphQLNamedType]:
        """The types that a fragment may ask for where a value is of this type."""
        found = self._conditions.get(type_.name)
        if found is None:
            own = set(self.possible(type_))
            found = [each for each in self._composites if not own.isdisjoint(self.possible(each))]
            self._conditions[type_.name] = found
        return found

    def fields(self, type_: Any) -> tuple[list[tuple[str, GraphQLField]], list[tuple[str, GraphQLField]]]:
        """The fields of a type without selections of their own, and those with."""
        found = self._fields.get(type_.name)
        if found is None:
            leaves, others = [], []
            for name, each in type_.fields.items():
                (others if is_composite_type(get_named_type(each.type)) else leaves).append((name, each))
            found = self._fields[type_.name] = (leaves, others)
        return found
