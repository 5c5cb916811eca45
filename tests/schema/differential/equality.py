"""When two answers are equal.

**Data** are equal byte for byte, the order of keys included.

**Errors** are equal in message, path, locations and extensions, as clients see them. Where nothing is awaited but one root
field at a time, graphql-core's order is determined, and the lists are equal. Where more is awaited, the order of its list,
and which of several failing neighbours it hears before it gives up the object around them, depend on time; then

1. errors at a position that is null for its own sake are the same in both lists, each once;
2. where a null went up to a position, each list has exactly one error that clears it, which may be another neighbour's;
3. any other error of a list is one that happens when everything is run, at most one for each position that it clears.

**Mutations** call the same root resolvers with the same arguments in the same order, none while another is running.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from tests.schema.differential.reference import Position


@dataclass
class Answered:
    """What came of an operation. ``refused`` is the status of a refusal, or what was raised that nobody foresaw."""

    data: bytes = b""
    errors: list[dict[str, Any]] = field(default_factory=list)
    refused: str = ""
    calls: list[tuple[str, str]] = field(default_factory=list)
    overlaps: int = 0
    ordered: bool = True
    """Nothing was awaited but one root field at a time."""
    mistakes: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, body: bytes) -> Answered:
        """The answer that a response says."""
        read = orjson.loads(body)
        return cls(orjson.dumps(read.get("data")), read.get("errors", []))


@dataclass(frozen=True)
class Possible:
    """An error as clients see it that may happen, and the position that it clears."""

    shown: str
    path: Position
    position: Position


def difference(reference: Answered, other: Answered) -> str | None:
    """What is not equal whatever may happen; None for nothing, but errors may still be in question: see below."""
    if reference.refused != other.refused:
        return f"refused: {reference.refused or 'no'} | {other.refused or 'no'}"
    if reference.data != other.data:
        return f"data: {reference.data.decode()} | {other.data.decode()}"
    if reference.calls != other.calls:
        return f"calls of mutations: {reference.calls} | {other.calls}"
    if other.mistakes:
        return f"mistakes: {other.mistakes}"
    if other.overlaps and not reference.overlaps:
        return "a mutation began while another was running"
    if reference.ordered and reference.errors != other.errors:
        return f"errors in order: {_text(reference.errors)} | {_text(other.errors)}"
    return None


def same_errors(reference: Answered, other: Answered) -> bool:
    """Whether the errors are the same in any order; where they are not, time may have decided."""
    return Counter(map(shown, reference.errors)) == Counter(map(shown, other.errors))


def difference_of_errors(reference: Answered, other: Answered, possible: Sequence[Possible]) -> str | None:
    """What is not equal in two lists of errors, of those that are possible."""
    data = orjson.loads(reference.data)
    known = {each.shown: each for each in possible}
    cleared = {each.shown: _first_null(data, each.path) for each in possible}
    groups: dict[Position, list[Possible]] = {}
    for each in known.values():
        groups.setdefault(cleared[each.shown], []).append(each)
    for name, answered in (("graphql-core", reference), ("compiled", other)):
        listed = [shown(error) for error in answered.errors]
        unknown = [each for each in listed if each not in known]
        if unknown:
            return f"{name} has an error that cannot be: {unknown[0]}; all that can: {sorted(known)}"
        positions = Counter(known[each].position for each in listed)
        twice = [position for position, many in positions.items() if many > 1]
        if twice:
            return f"{name} has two errors that clear {twice[0]}: {listed}"
        missing = [position for position in groups if positions[position] != 1]
        if missing:
            return f"{name} has no error that clears {missing[0]}: {listed}; there are {groups[missing[0]]}"
    return None


def shown(error: dict[str, Any]) -> str:
    return orjson.dumps(error, option=orjson.OPT_SORT_KEYS).decode()


def _first_null(data: Any, path: Position) -> Position:
    if data is None:
        return ()
    for index, key in enumerate(path):
        data = data[key]
        if data is None:
            return path[: index + 1]
    return path


def _text(errors: list[dict[str, Any]]) -> str:
    return orjson.dumps(errors).decode()
