"""Narrowing a list: by values, by a stretch of time, and by what belongs to whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from tortoise.expressions import Q

from domain.kit.errors import InvalidInput

K = TypeVar("K")
V = TypeVar("V")


def one_of(**columns: Sequence[object]) -> Q:
    """Each column is one of its values; of a column without values nothing is said."""
    said: dict[str, Any] = {f"{column}__in": list(values) for column, values in columns.items() if values}
    return Q(**said)


def within(column: str, since: datetime | None, until: datetime | None) -> Q:
    """From ``since`` on, and before ``until``; refuses with INVALID_INPUT what would end before it begins."""
    if since is not None and until is not None and since >= until:
        raise InvalidInput("this ends before it begins", field=("filter", "to"))
    said: dict[str, Any] = {f"{column}__gte": since, f"{column}__lt": until}
    return Q(**{condition: moment for condition, moment in said.items() if moment is not None})


def grouped(pairs: Iterable[tuple[K | None, V]]) -> dict[K, list[V]]:
    """By whom they belong to, each group in the order in which it came; what belongs to nobody is left out."""
    found: dict[K, list[V]] = {}
    for key, value in pairs:
        if key is not None:
            found.setdefault(key, []).append(value)
    return found
