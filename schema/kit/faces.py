"""Which type a row is shown as, where the schema alone leaves that open: behind an interface or a union."""

from __future__ import annotations

from typing import Any

_names: dict[type, str] = {}


def show_as(rows: type, type_name: str) -> None:
    """Rows of this class are shown as this GraphQL type."""
    assert _names.setdefault(rows, type_name) == type_name, f"{rows.__name__} has two faces: {_names[rows]} and {type_name}"


def type_name_of(row: Any) -> str | None:
    """The GraphQL type of a row; a row may name it itself as ``graphql_type_name``."""
    named = getattr(row, "graphql_type_name", None)
    if named is not None:
        return str(named)
    return next((_names[base] for base in row.__class__.__mro__ if base in _names), None)
