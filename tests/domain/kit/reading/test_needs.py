"""What a function reads of what it gets is told from its bytecode, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from domain.kit.reading import attributes_read_by


def reads_two(row: Any) -> Any:
    return row.a + row.b.c


def asks_whether_it_is_there(row: Any) -> Any:
    return row.a if row is not None and row else None


async def waits(info: Any, *, row: Any) -> Any:
    found = await info.load(row.key)
    return [each for each in found if each == row.name]


def calls_a_method(row: Any) -> Any:
    return row.days_until(1)


def gives_it_away(row: Any) -> Any:
    return str(row.a) + str(row)


def looks_by_name(row: Any) -> Any:
    return getattr(row, "a")  # noqa: B009


def keeps_it(row: Any) -> Any:
    other = row
    return other.a


def changes_it(row: Any) -> Any:
    row.a += 1


def makes_another(row: Any) -> Any:
    row = row.a
    return row.b


def matches_it(row: Any) -> Any:
    match row:
        case object(a=1):
            return 1
    return 2


@pytest.mark.parametrize(
    ("function", "names"),
    [
        (reads_two, "a b"),
        (asks_whether_it_is_there, "a"),
        (waits, "key name"),
        (calls_a_method, "days_until"),
        (lambda row: 1, ""),
        (lambda row: [row.a for _ in range(row.b)], "a b"),
    ],
)
def test_what_is_only_read_is_told(function: Callable[..., Any], names: str) -> None:
    assert attributes_read_by(function, "row") == frozenset(names.split())


@pytest.mark.parametrize(
    "function",
    [gives_it_away, looks_by_name, keeps_it, changes_it, makes_another, matches_it, lambda row: lambda: row, lambda: 1, len],
)
def test_what_goes_elsewhere_may_be_asked_for_anything(function: Callable[..., Any]) -> None:
    assert attributes_read_by(function, "row") is None
