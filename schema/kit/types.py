"""Declaring types: what strawberry offers, with a description that cannot be left out.

An object type is a face over a row: its attributes are read from the row by the same names, and it is never constructed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import TypeVar

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition

from schema.kit.annotations import read_annotations

T = TypeVar("T")
E = TypeVar("E", bound=Enum)


def object_type(description: str, *, name: str | None = None) -> Callable[[type[T]], type[T]]:
    """Declare a GraphQL object type as the face of a row that is no :class:`~schema.kit.nodes.Node`."""

    def declare(cls: type[T]) -> type[T]:
        read_annotations(cls)
        return strawberry.type(cls, name=name, description=description)

    return declare


def input_type(description: str, *, name: str | None = None) -> Callable[[type[T]], type[T]]:
    """Declare a GraphQL input type; resolvers get an instance of the class."""

    def declare(cls: type[T]) -> type[T]:
        read_annotations(cls)
        return strawberry.input(cls, name=name, description=description)

    return declare


def enum_type(cls: type[E], description: str, values: Mapping[str, str], *, name: str | None = None) -> type[E]:
    """Show an enum of the domain to clients; ``values`` describes each member by its name."""
    missing = {member.name for member in cls} ^ set(values)
    assert not missing, f"{cls.__name__}: describe exactly its members, see {sorted(missing)}"
    # An annotation that was read earlier has made the definition already, and holds on to it.
    if "__strawberry_definition__" not in vars(cls):
        strawberry.enum(cls)
    definition: StrawberryEnumDefinition = cls.__strawberry_definition__  # type: ignore[attr-defined]
    definition.name = name or cls.__name__
    definition.description = description
    for value in definition.values:
        value.description = values[value.name]
    return cls
