"""Pages by keyset: the next page starts after the last row seen, however many rows came or went meanwhile.

A list has one total order: its sort columns and then the id. The key of a row, its values in those columns, is what a
cursor carries.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from operator import attrgetter
from typing import Any, Final, Generic, TypeVar, overload
from uuid import UUID

from tortoise.expressions import Q
from tortoise.models import Model
from tortoise.queryset import QuerySet

from domain.kit.errors import InvalidInput
from domain.kit.reading import Wanted, count, read_part

T = TypeVar("T")
S = TypeVar("S")
M = TypeVar("M", bound=Model)

DEFAULT_PAGE: Final = 20
MAX_PAGE: Final = 100
MAX_CURSOR_LENGTH: Final = 2_000


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which part of a list: the ``first`` rows after a cursor, or the ``last`` before one."""

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None
    wanted: Wanted = None
    """What of the rows will be looked at; None when it could be any attribute."""
    cursors: bool = True
    """Whether the cursors of rows will be looked at, for which ``wanted`` has no word."""

    def __post_init__(self) -> None:
        if self.first is not None and self.last is not None:
            raise InvalidInput("ask for first or last, not both", field=("last",))
        for name in ("first", "last"):
            size = getattr(self, name)
            if size is not None and not 1 <= size <= MAX_PAGE:
                raise InvalidInput(f"{name} must be from 1 to {MAX_PAGE}", field=(name,))

    @property
    def size(self) -> int:
        return self.first or self.last or DEFAULT_PAGE

    @property
    def backwards(self) -> bool:
        return self.last is not None

    @property
    def of_whole_rows(self) -> PageRequest:
        """The same, for whoever makes something else of the rows and so looks at them differently."""
        return self if self.wanted is None else replace(self, wanted=None)


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Rows in list order, the cursor of each, and whether there is more on either side.

    ``count`` answers how many rows the whole list has, when somebody asks.
    """

    rows: Sequence[T]
    cursors: Sequence[str]
    has_next: bool
    has_previous: bool
    count: Callable[[], Any]

    def showing(self, rows: Sequence[S]) -> Page[S]:
        """The same page with something else in place of each row."""
        assert len(rows) == len(self.cursors), "every row keeps its place"
        return Page(rows, self.cursors, self.has_next, self.has_previous, self.count)


async def page_of(query: QuerySet[M], request: PageRequest, *order: str) -> Page[M]:
    """One page of ``query`` in the order of columns such as ``"-listed_at", "id"``; the last must be unique. Its rows are to
    be shown: see :mod:`domain.kit.reading.rows`."""
    columns = [column.lstrip("-") for column in order]
    descending = [column.startswith("-") for column in order]
    conditions: list[Q] = []
    if request.after is not None:
        key = decode_cursor(request.after, columns, query.model, argument="after")
        conditions.append(_beyond(columns, descending, key))
    if request.before is not None:
        key = decode_cursor(request.before, columns, query.model, argument="before")
        conditions.append(_beyond(columns, [not d for d in descending], key))
    directions = [("-" if d != request.backwards else "") + c for c, d in zip(columns, descending, strict=True)]
    rows = await read_part(query, conditions, directions, request.size + 1, request.wanted, ordered=request.cursors)
    more = len(rows) > request.size
    rows = rows[: request.size]
    if request.backwards:
        rows.reverse()
    return Page(
        rows=rows,
        cursors=_Cursors(rows, columns),
        has_next=request.before is not None if request.backwards else more,
        has_previous=more if request.backwards else request.after is not None,
        count=lambda: count(query),
    )


class _Cursors(Sequence[str]):
    """The cursors of rows, each written when somebody asks for it: often that is nobody."""

    def __init__(self, rows: Sequence[Any], columns: Sequence[str]) -> None:
        self._rows, self._key_of = rows, attrgetter(*columns)
        self._alone = len(columns) == 1

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, place: int) -> str: ...

    @overload
    def __getitem__(self, place: slice) -> list[str]: ...

    def __getitem__(self, place: int | slice) -> str | list[str]:
        if isinstance(place, slice):
            return [self._written(row) for row in self._rows[place]]
        return self._written(self._rows[place])

    def _written(self, row: Any) -> str:
        key = self._key_of(row)
        return encode_cursor([key] if self._alone else key)


def _beyond(columns: list[str], descending: list[bool], key: list[Any]) -> Q:
    """Rows after ``key``: (a > x) or (a = x and b > y) or ...

    All of them have a >= x. That is said beside it, because an index can be entered by it, and by an OR it cannot.
    """
    condition: Q | None = None
    for depth, column in enumerate(columns):
        equal = {name: key[i] for i, name in enumerate(columns[:depth])}
        step = Q(**equal, **{f"{column}__{'lt' if descending[depth] else 'gt'}": key[depth]})
        condition = step if condition is None else condition | step
    assert condition is not None
    if len(columns) == 1:
        return condition
    return Q(**{f"{columns[0]}__{'lte' if descending[0] else 'gte'}": key[0]}) & condition


def encode_cursor(key: Sequence[Any]) -> str:
    values = [_plain(value) for value in key]
    return urlsafe_b64encode(json.dumps(values, separators=(",", ":")).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, columns: Sequence[str], model: type[Model], *, argument: str) -> list[Any]:
    """The key that a cursor carries, each value read as its column's type; a forged or foreign cursor is refused."""
    try:
        if len(cursor) > MAX_CURSOR_LENGTH:
            raise ValueError("longer than any that was issued")
        values = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list):
            raise TypeError("no key")
        return [_typed(model, column, value) for column, value in zip(columns, values, strict=True)]
    except (ValueError, TypeError, RecursionError):
        raise InvalidInput("this is not a cursor of this list", field=(argument,)) from None


def _typed(model: type[Model], column: str, value: Any) -> Any:
    kind = model._meta.fields_map[column].field_type
    if kind is int:
        if type(value) is int and abs(value) < 2**63:
            return value
        raise ValueError("no number of a column")
    if not isinstance(value, str) or "\x00" in value:
        raise TypeError("no text of a column")
    if kind is datetime:
        instant = datetime.fromisoformat(value)
        if instant.tzinfo is None:
            raise ValueError("no instant")
        return instant
    if kind is UUID or kind is str:
        return kind(value)
    if kind is date:
        return date.fromisoformat(value)
    raise AssertionError(f"a list cannot be ordered by {column}")


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
