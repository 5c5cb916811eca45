"""What the log alone comes to: each room says which rows its events tell, and which figures are read from such rows.

A room registers a :class:`Projection` in its ``replay`` module. Its ``applies`` turn events into :class:`Facts`, that is
rows as they were told last, under the names of the tables that its queries read; its ``boards`` are those very queries.
Over tables made of facts and nothing else (:mod:`domain.kit.shadow`) they answer what history says; over the tables of the
database, what is shown. Where the two differ, either the log lacks something or a row was changed behind its back.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Protocol
from uuid import UUID

from tortoise.models import Model

from domain.kit.money import Money

Row = dict[str, Any]
Key = Any


class Heard(Protocol):
    """An event at its place in the log; :class:`domain.events.event.LoggedEvent` is the one kind."""

    @property
    def name(self) -> str: ...

    @property
    def fact(self) -> Any: ...

    @property
    def occurred_at(self) -> datetime: ...


class Facts:
    """Rows by table and key, each as it was told last. Columns that nobody told are null."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[Key, Row]] = {}

    def put(self, table: str, key: Key, **columns: Any) -> None:
        """The whole row; what it said before is forgotten."""
        self._rows.setdefault(table, {})[key] = columns

    def change(self, table: str, key: Key, **columns: Any) -> None:
        """Some columns of a row, which may be new."""
        self._rows.setdefault(table, {}).setdefault(key, {}).update(columns)

    def drop(self, table: str, key: Key) -> None:
        """The row is gone, if it was there."""
        self._rows.get(table, {}).pop(key, None)

    def has(self, table: str, key: Key) -> bool:
        return key in self._rows.get(table, {})

    def get(self, table: str, key: Key) -> Row:
        """A row; empty when nothing was told of it."""
        return self._rows.get(table, {}).get(key, {})

    def items(self, table: str) -> list[tuple[Key, Row]]:
        return list(self._rows.get(table, {}).items())

    def rows(self, table: str) -> list[Row]:
        return list(self._rows.get(table, {}).values())


Apply = Callable[[Facts, Heard], None]


@dataclass(frozen=True, slots=True)
class Board:
    """What one query answered. ``leaves_out`` names fields that are no history: the moment of asking, who looks on."""

    name: str
    value: object
    leaves_out: Collection[str] = ()


Boards = Callable[[], AsyncIterator[Board]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """A room's part. ``derive`` adds rows that follow from others, when all is heard; ``derived`` are statements that fill
    some of its ``tables`` from those in the others. The rows of a room without ``boards`` are read by others."""

    name: str
    applies: Mapping[type, Apply]
    tables: tuple[str, ...]
    derive: Callable[[Facts], None] | None = None
    derived: tuple[str, ...] = ()
    boards: Boards | None = None


_projections: dict[str, Projection] = {}


def register_projection(projection: Projection) -> None:
    _projections[projection.name] = projection


def every_projection() -> list[Projection]:
    return sorted(_projections.values(), key=lambda projection: projection.name)


class History:
    """Facts as they grow: hears events in the order of the log, each by the rooms that want to."""

    def __init__(self) -> None:
        self.facts = Facts()
        self._applies: dict[str, list[Apply]] = {}
        for projection in every_projection():
            for kind, apply in projection.applies.items():
                self._applies.setdefault(kind.name, []).append(apply)  # type: ignore[attr-defined]

    def hear(self, heard: Heard) -> None:
        for apply in self._applies.get(heard.name, ()):
            apply(self.facts, heard)


async def read_figures() -> dict[str, str]:
    """Every figure of every board, by its path, out of whatever tables the statements find now."""
    figures: dict[str, str] = {}
    for projection in every_projection():
        if projection.boards is None:
            continue
        async for board in projection.boards():
            for path, value in figures_in(board.value, board.leaves_out):
                figures[f"{projection.name}.{board.name}{path}"] = value
    return figures


def figures_in(value: object, leaves_out: Collection[str] = (), path: str = "") -> Iterator[tuple[str, str]]:
    """The figures of an answer, field by field. What follows from others (properties) is left out; of a whole row of a
    table, that it is there is what counts."""
    if is_dataclass(value) and not isinstance(value, Money):
        for column in fields(value):
            if column.name not in leaves_out:
                yield from figures_in(getattr(value, column.name), leaves_out, f"{path}.{column.name}")
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from figures_in(each, leaves_out, f"{path}.{_text(key)}")
    elif isinstance(value, list | tuple):
        for number, each in enumerate(value):
            yield from figures_in(each, leaves_out, f"{path}[{number}]")
    else:
        yield path, _text(value)


def _text(value: object) -> str:
    match value:
        case None:
            return "-"
        case Model():
            return str(value.pk)
        case Decimal():
            return f"{value.normalize():f}"
        case Enum():
            return str(value.value)
        case date() | datetime():
            return value.isoformat()
        case UUID() | Money() | int() | str():
            return str(value)
        case _:
            raise TypeError(f"{type(value).__name__} is no figure")
