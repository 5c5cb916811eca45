"""What clients send: values of every input type, as literals of a document or as JSON of its variables, right and wrong."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    Undefined,
    get_nullable_type,
)

from tests.schema.differential.choices import Choices

RIGHT: Final[dict[str, list[Any]]] = {
    "ID": ["VXNlcjox", "a", 7, "TG9hbjox"],
    "String": ["", "tea", 'a "quoted" \\ word', "naïve ☕", "two\nlines"],
    "Int": [1, 0, -3, 2_000_000_000],
    "Float": [0.5, 1, -2.25],
    "Boolean": [True, False],
    "Decimal": ["1250.00", "0", "-3.5", 12],
    "DateTime": ["2026-01-31T09:30:00Z", "2026-01-31T09:30:00.25+03:00"],
    "Date": ["2026-01-31", "2024-02-29"],
    "Cursor": ["eyJh", ""],
    "CurrencyCode": ["INR", "KES"],
    "UUID": ["00000000-0000-0000-0000-00000000002a"],
    "JSON": [{"a": [1, None]}, "x", 3],
}
WRONG: Final[list[Any]] = ["2026-13-01", 12.75, True, [], {}, {"unknown": 1}, 2**40, "XXX", [None], "1e5"]
_PEOPLE: Final = {"borrowerId": "User", "officerId": "User", "guardianId": "User", "sellerId": "User", "userId": "User"}
PAGES: Final = ("first", "last")
OMITTED: Final = object()
"""In place of a value: nothing is sent."""
MAX_INPUT_DEPTH: Final = 3

Variable = Callable[[GraphQLInputType, bool], str | None]
"""Makes a variable for a place of this type, True where the place has a default; None where there is to be none."""


class InputMaker:
    """Makes values. ``ids`` are global ids of objects that there are, by their types, for those who want to find some."""

    def __init__(self, choices: Choices, ids: Mapping[str, list[str]] | None = None) -> None:
        self._choices = choices
        self._ids = ids or {}
        self.sought = ""
        """The type of the object that an argument ``id`` is the id of."""

    def json_of(self, type_: GraphQLInputType, name: str = "", depth: int = 0) -> Any:
        """A value as it is sent in the variables of a request."""
        choices = self._choices
        if isinstance(type_, GraphQLNonNull):
            return self._json_of_some(type_.of_type, name, depth)
        return None if choices.chance(12) else self._json_of_some(type_, name, depth)

    def _json_of_some(self, type_: Any, name: str, depth: int) -> Any:
        choices = self._choices
        if isinstance(type_, GraphQLList):
            if choices.chance(10):  # One value stands for a list of one.
                return self._json_of_some(get_nullable_type(type_.of_type), name, depth)
            return [self.json_of(type_.of_type, name, depth + 1) for _ in range(choices.whole(0, 2))]
        if isinstance(type_, GraphQLInputObjectType):
            return {
                key: self.json_of(field.type, key, depth + 1)
                for key, field in type_.fields.items()
                if self._is_given(field, depth)
            }
        if isinstance(type_, GraphQLEnumType):
            return choices.one_of(list(type_.values))
        return self._scalar(type_.name, name)

    def literal_of(
        self, type_: GraphQLInputType, variable: Variable, name: str = "", depth: int = 0, has_default: bool = False
    ) -> str:
        """A value as it stands in a document, with variables where ``variable`` makes some."""
        made = variable(type_, has_default)
        if made is not None:
            return made
        if isinstance(type_, GraphQLNonNull):
            return self._literal_of_some(type_.of_type, variable, name, depth)
        return "null" if self._choices.chance(8) else self._literal_of_some(type_, variable, name, depth)

    def _literal_of_some(self, type_: Any, variable: Variable, name: str, depth: int) -> str:
        choices = self._choices
        if isinstance(type_, GraphQLList):
            if choices.chance(10):
                return self._literal_of_some(get_nullable_type(type_.of_type), _no_variable, name, depth)
            items = [self.literal_of(type_.of_type, variable, name, depth + 1) for _ in range(choices.whole(0, 2))]
            return f"[{', '.join(items)}]"
        if isinstance(type_, GraphQLInputObjectType):
            given = [
                f"{key}: {self.literal_of(field.type, variable, key, depth + 1, field.default_value is not Undefined)}"
                for key, field in type_.fields.items()
                if self._is_given(field, depth)
            ]
            return f"{{{', '.join(given)}}}"
        if isinstance(type_, GraphQLEnumType):
            return choices.one_of(list(type_.values))
        value = self._scalar(type_.name, name)
        return json.dumps(value, ensure_ascii=choices.chance(50)) if type_.name != "JSON" else json.dumps(str(value))

    def _is_given(self, field: Any, depth: int) -> bool:
        if isinstance(field.type, GraphQLNonNull) and field.default_value is Undefined:
            return True
        return depth < MAX_INPUT_DEPTH and self._choices.chance(35)

    def _scalar(self, type_name: str, name: str) -> Any:
        if name in PAGES:
            return self._choices.whole(1, 4) if self._choices.chance(97) else self._choices.one_of([0, 101, -1])
        if type_name == "ID" and self._ids and self._choices.chance(95):
            return self._choices.one_of(self._ids_for(name))
        return self._choices.one_of(RIGHT[type_name])

    def _ids_for(self, name: str) -> list[str]:
        """The ids that an argument or field of this name takes, such as ``loanId``; any, where its name does not say it."""
        said = name.removesuffix("s").removesuffix("Id")
        kind = self.sought if name in ("id", "ids") else f"{said[:1].upper()}{said[1:]}"
        return (
            self._ids.get(kind)
            or self._ids.get(_PEOPLE.get(name, ""))
            or [each for some in self._ids.values() for each in some]
        )


def _no_variable(type_: GraphQLInputType, has_default: bool) -> None:
    return None
