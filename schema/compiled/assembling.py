"""What failed, as graphql-core tells it: located errors, and nulls that spread to the nearest place that may be null.

graphql-core forgets an error below a place that is null already when it comes, and keeps those that came before. What need
not be waited for comes first, in the order of the answer; what is waited for comes in rounds; and an error that leaves a
field that was waited for is heard outside when the round is over. What would have followed it inside is never run.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from graphql import GraphQLError, GraphQLList, GraphQLNonNull, GraphQLOutputType, located_error

from schema.compiled.marks import Failure
from schema.compiled.picture import Picked, Selection
from schema.compiled.running import Run

Path = tuple[str | int, ...]


@dataclass(slots=True, eq=False)
class _Found:
    """A failure, where it happened, the place that is null for it (None: all of the answer), and when graphql-core would
    have met it. ``leaves`` is the value that was waited for, if the error goes beyond it."""

    error: GraphQLError
    path: Path
    nulled: Path | None
    when: tuple[int, int, bool]
    leaves: Path | None


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a value stands, and when it is made: the ``turn`` of a mutation's field, and the ``round``. ``nulled`` is the
    nearest place from there outwards that may be null, which was made in ``nulled_round``; ``awaited`` the nearest that
    was waited for."""

    path: Path
    nulled: Path | None
    turn: int
    round: int
    nulled_round: int
    awaited: Path


def assembled(data: dict[str, Any], selection: Selection, run: Run, *, serial: bool) -> tuple[Any, list[GraphQLError]]:
    """The answer with nulls in place of what failed, None if all of it has to be, and the errors in its order."""
    found = _failures(data, selection, run, serial=serial)
    nulled: set[Path | None] = set()
    kept: set[_Found] = set()
    for each in sorted(found, key=lambda each: each.when):
        if not _is_nulled(each.nulled, nulled):
            nulled.add(each.nulled)
            kept.add(each)
    errors = [each.error for each in found if each in kept]
    if None in nulled:
        return None, errors
    for path in nulled:
        _set_null(data, path or ())
    return data, errors


def nothing_is_left(data: dict[str, Any], selection: Selection, run: Run) -> bool:
    """Whether what failed makes all of the answer null."""
    return any(each.nulled is None for each in _failures(data, selection, run, serial=True))


def _failures(data: dict[str, Any], selection: Selection, run: Run, *, serial: bool) -> list[_Found]:
    shown = {id(each): kind for objects, kinds in run.kinds for each, kind in zip(objects, kinds, strict=True)}
    return list(_that_happen(_Walk(shown, serial=serial).object(data, selection, _Place((), None, 0, 0, 0, ()))))


def _that_happen(found: Iterator[_Found]) -> Iterator[_Found]:
    """Without those that graphql-core never comes to: what a value that was waited for holds is gone through in its order
    until an error leaves it."""
    left: list[Path] = []
    for each in found:
        if not any(each.path[: len(path)] == path for path in left):
            yield each
            if each.leaves is not None:
                left.append(each.leaves)


def _is_nulled(path: Path | None, nulled: set[Path | None]) -> bool:
    if None in nulled:
        return True
    return path is not None and any(path[:length] in nulled for length in range(1, len(path) + 1))


def _set_null(data: Any, path: Path) -> None:
    """Put null at a path, unless it is below another null."""
    for step in path[:-1]:
        data = data[step]
        if not isinstance(data, dict | list):
            return
    data[path[-1]] = None


class _Walk:
    """Walks an answer in its order and gives what failed."""

    def __init__(self, shown: dict[int, str], *, serial: bool) -> None:
        self._shown = shown
        self._serial = serial

    def object(self, data: dict[str, Any], selection: Selection, place: _Place) -> Iterator[_Found]:
        for turn, picked in enumerate(selection.fields):
            if picked.key in data:
                turns = turn if self._serial and not place.path else place.turn
                rounds = place.round + picked.waits
                path = (*place.path, picked.key)
                awaited = path if picked.waits else place.awaited
                below = _Place(path, place.nulled, turns, rounds, place.nulled_round, awaited)
                yield from self._value(data[picked.key], picked.type, picked, below)

    def _value(self, value: Any, type_: GraphQLOutputType, picked: Picked, place: _Place) -> Iterator[_Found]:
        if isinstance(type_, GraphQLNonNull):
            type_ = type_.of_type
        else:
            place = _Place(place.path, place.path, place.turn, place.round, place.round, place.awaited)
        if isinstance(value, Failure):
            error = located_error(value.error, picked.nodes, list(place.path))
            rounds = place.round + (value.waited and not picked.waits)
            leaves = rounds > place.nulled_round and place.nulled != place.path
            awaited = place.path if rounds > place.round else place.awaited
            yield _Found(error, place.path, place.nulled, (place.turn, rounds, leaves), awaited if leaves else None)
        elif isinstance(type_, GraphQLList) and isinstance(value, list):
            for index, each in enumerate(value):
                item = replace(place, path=(*place.path, index))
                yield from self._value(each, type_.of_type, picked, item)
        elif isinstance(value, dict) and not picked.is_leaf:
            if picked.is_abstract:
                schema_type: Any = picked.picture.schema.get_type(self._shown[id(value)])
                yield from self.object(value, picked.inside(schema_type), place)
            else:
                yield from self.object(value, picked.only, place)
