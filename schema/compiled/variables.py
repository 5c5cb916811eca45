"""Variables: read quickly where they are what they should be, and by graphql-core where they are not or where errors have
to be told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Final

from graphql import (
    GraphQLError,
    GraphQLInputType,
    GraphQLNamedInputType,
    GraphQLNonNull,
    GraphQLSchema,
    OperationDefinitionNode,
    Undefined,
    VariableDefinitionNode,
)
from graphql.execution.values import VariableValues, get_variable_values, input_is_nested_too_deeply
from graphql.utilities import coerce_input_value, type_from_ast

MAX_ERRORS: Final = 50
"""As many as graphql-core tells of when it executes an operation."""

_QUICK: Final[dict[str, Callable[[Any], bool]]] = {
    "ID": lambda value: value.__class__ is str,
    "String": lambda value: value.__class__ is str,
    "Boolean": lambda value: value.__class__ is bool,
    "Int": lambda value: value.__class__ is int and -2147483648 <= value <= 2147483647,
}


class Values:
    """The variables of one run, as resolvers are to be given them."""

    def __init__(self, variables: Variables, given: Mapping[str, Any], coerced: dict[str, Any]) -> None:
        self.coerced = coerced
        self.hide_suggestions = variables.hide_suggestions
        self._variables = variables
        self._given = given

    @cached_property
    def full(self) -> VariableValues:
        """With their sources, as graphql-core's own functions want them."""
        found = self._variables.by_graphql_core(self._given)
        assert isinstance(found, VariableValues), "what was read quickly is without errors"
        return found


class Variables:
    """How the variables of an operation are read."""

    def __init__(self, schema: GraphQLSchema, operation: OperationDefinitionNode, *, hide_suggestions: bool) -> None:
        self._schema = schema
        self._definitions = operation.variable_definitions or ()
        self.hide_suggestions = hide_suggestions
        self._readers = [_Reader(schema, each) for each in self._definitions]

    def read(self, given: Mapping[str, Any]) -> Values | list[GraphQLError]:
        coerced: dict[str, Any] = {}
        for reader in self._readers:
            if not reader.read(given, coerced):
                break
        else:
            return Values(self, given, coerced)
        found = self.by_graphql_core(given)
        return Values(self, given, found.coerced) if isinstance(found, VariableValues) else found

    def by_graphql_core(self, given: Mapping[str, Any]) -> VariableValues | list[GraphQLError]:
        return get_variable_values(
            self._schema,
            self._definitions,
            dict(given),
            max_errors=MAX_ERRORS,
            hide_suggestions=self.hide_suggestions,
        )


class _Reader:
    """Reads one variable."""

    __slots__ = ("_has_default", "_is_quick", "_name", "_required", "_type")

    def __init__(self, schema: GraphQLSchema, definition: VariableDefinitionNode) -> None:
        type_: GraphQLInputType = type_from_ast(schema, definition.type)  # type: ignore[assignment]
        inner = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
        self._name = definition.variable.name.value
        self._type = type_
        self._required = isinstance(type_, GraphQLNonNull)
        self._has_default = definition.default_value is not None
        self._is_quick = _QUICK.get(inner.name) if isinstance(inner, GraphQLNamedInputType) else None

    def read(self, given: Mapping[str, Any], coerced: dict[str, Any]) -> bool:
        """False where graphql-core has to look at it."""
        value = given.get(self._name, Undefined)
        if value is Undefined:
            return not (self._required or self._has_default)
        if value is None:
            coerced[self._name] = None
            return not self._required
        if self._is_quick is not None and self._is_quick(value):
            coerced[self._name] = value
            return True
        if input_is_nested_too_deeply(value, self._type):
            return False
        found = coerced[self._name] = coerce_input_value(value, self._type)
        return found is not Undefined
