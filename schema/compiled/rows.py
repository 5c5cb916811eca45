"""Rows of a level: taken out of the values that fields were answered, and their objects put back into the same places."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from inspect import getattr_static
from itertools import chain
from operator import attrgetter
from types import SimpleNamespace
from typing import Any, Final

from graphql import GraphQLList, GraphQLNonNull, GraphQLOutputType, Undefined
from graphql.execution.executor import Executor
from graphql.pyutils import is_awaitable
from graphql.pyutils.is_awaitable import is_async_iterable
from tortoise.models import Model

from domain.kit.money import MoneyOf
from schema.compiled.leaves import items_of, null_error
from schema.compiled.marks import PLACE, Failure
from schema.compiled.picture import Picked, nullable
from schema.kit.faces import type_name_of

PLAIN: Final[set[type]] = set()
"""Classes whose objects were seen to be rows: neither errors nor promises nor nothing. Rows that are read in part have a
class for each choice of columns, and clients choose them: so there is a limit, at which all are forgotten."""

MAX_PLAIN: Final = 2_000

_NOTHING: Final = type(None)
_LISTS: Final = frozenset({list, tuple})

Places = Any
"""Where objects belong: None for one at each place, :class:`Lengths`, or a list of PLACE, None, Failure and such lists."""


class Lengths:
    """The places of lists without gaps: how long each is."""

    __slots__ = ("lists",)

    def __init__(self, lists: Sequence[Sequence[Any]]) -> None:
        self.lists = lists


def is_row_class(kind: type) -> bool:
    """Whether objects of this class can be nothing but rows. A model can be awaited, and is what comes of it."""
    if issubclass(kind, Model):
        return True
    return not (issubclass(kind, Exception | Failure | _NOTHING) or hasattr(kind, "__await__"))


def remember(kind: type) -> None:
    """Objects of this class were seen to be rows."""
    if len(PLAIN) >= MAX_PLAIN:
        PLAIN.clear()
    PLAIN.add(kind)


def single_rows(values: list[Any]) -> tuple[Sequence[Any], Places] | None:
    """The rows of a field that shows one or none, if it has been answered nothing else."""
    kinds = set(map(type, values)) - PLAIN
    if not kinds:
        return values, None
    if kinds == {_NOTHING}:
        return [each for each in values if each is not None], [None if each is None else PLACE for each in values]
    return None


def required_rows(values: list[Any]) -> tuple[Sequence[Any], Places] | None:
    """The rows of a field that always shows one, if it has been answered nothing else."""
    return (values, None) if PLAIN.issuperset(map(type, values)) else None


def listed_rows(values: list[Any]) -> tuple[Sequence[Any], Places] | None:
    """The rows of a field that shows a list of them, if it has been answered lists without gaps."""
    if not _LISTS.issuperset(map(type, values)):
        return None
    rows = values[0] if len(values) == 1 else list(chain.from_iterable(values))
    return (rows, Lengths(values)) if PLAIN.issuperset(map(type, rows)) else None


def minor_units(rows: Sequence[Any], attribute: str) -> Callable[[Any], Any] | None:
    """How to read the minor units of an amount that all rows show out of a column, with the currency beside it."""
    kinds = set(map(type, rows))
    return _minor_units(kinds.pop(), attribute) if len(kinds) == 1 else None


@cache
def _minor_units(kind: type, attribute: str) -> Callable[[Any], Any] | None:
    model = getattr(getattr(kind, "_meta", None), "model", None)
    declared = None if model is None else getattr_static(model, attribute, None)
    return attrgetter(declared.column) if isinstance(declared, MoneyOf) else None


async def any_rows(values: list[Any], picked: Picked, run: Any) -> tuple[Sequence[Any], Places]:
    """The rows among whatever the field has been answered, as graphql-core completes it."""
    rows: list[Any] = []
    places = [await _place(each, picked.type, picked, run, rows) for each in values]
    return rows, places


async def _place(value: Any, type_: GraphQLOutputType, picked: Picked, run: Any, rows: list[Any]) -> Any:
    if isinstance(value, Failure):
        return value
    if isinstance(value, Exception):
        return run.failed(value)
    if type(value) not in PLAIN and is_awaitable(value):
        try:
            value = await value
        except Exception as error:
            return run.failed(error, waited=True)
        if isinstance(value, Exception):
            return run.failed(value, waited=True)
    if value is None or value is Undefined:
        return run.failed(null_error(picked)) if isinstance(type_, GraphQLNonNull) else None
    inner = nullable(type_)
    if not isinstance(inner, GraphQLList):
        if is_row_class(type(value)):
            remember(type(value))
        rows.append(value)
        return PLACE
    try:
        items = [each async for each in value] if is_async_iterable(value) else list(items_of(value, picked))
    except Exception as error:
        return run.failed(error)
    return [await _place(each, inner.of_type, picked, run, rows) for each in items]


def put_back(places: Places, objects: list[Any]) -> list[Any]:
    """The objects of a level in the places from which their rows were taken."""
    if places is None:
        return objects
    if isinstance(places, Lengths):
        if len(places.lists) == 1:
            return [objects]
        found, start = [], 0
        for each in places.lists:
            end = start + len(each)
            found.append(objects[start:end])
            start = end
        return found
    return _filled(places, iter(objects))


def _filled(places: list[Any], objects: Any) -> list[Any]:
    return [
        next(objects) if each is PLACE else _filled(each, objects) if each.__class__ is list else each for each in places
    ]


def kinds_of(rows: Sequence[Any], picked: Picked, run: Any) -> list[Any]:
    """The name of the type that each row is shown as, or the failure to find one."""
    possible = picked.possible_names
    found: list[Any] = []
    for row in rows:
        try:
            name: Any = type_name_of(row)
            if name not in possible:
                _refuse_type(name, row, picked)
        except Exception as error:
            name = run.failed(error)
        found.append(name)
    return found


def _refuse_type(name: Any, row: Any, picked: Picked) -> None:
    """Raise what graphql-core says of a row whose type cannot be shown here."""
    executor: Any = SimpleNamespace(schema=picked.picture.schema)
    info: Any = SimpleNamespace(parent_type=picked.parent, field_name=picked.name)
    Executor.ensure_valid_runtime_type(executor, name, picked.named, picked.details, info, row)  # type: ignore[arg-type]


def of_kind(rows: Sequence[Any], kinds: list[Any], wanted: str) -> list[Any]:
    return [row for row, kind in zip(rows, kinds, strict=True) if kind == wanted]
