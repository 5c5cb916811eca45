"""Statements by the shape of what is asked.

Tortoise takes a millisecond to write a statement. So it writes one for each shape: what it makes of a condition with marks
for values says where the values go, and what it makes of the condition itself proves that. From then on the values of
another condition of that shape are sent with the same text. What is not understood, or not proved, is Tortoise's own
business every time.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

import asyncpg
from pypika_tortoise.enums import Order
from tortoise.connection import get_connections
from tortoise.expressions import Q
from tortoise.models import Model
from tortoise.queryset import QuerySet

from domain.kit.database import ALIAS, fetch_as, fetchval
from domain.kit.reading.filters import NotUnderstood
from domain.kit.reading.marks import Marking, as_sent, places_of, spelled_out
from domain.kit.reading.needs import columns_for
from domain.kit.reading.rows import row_class
from domain.kit.reading.shapes import Reading, Shape
from domain.kit.reading.shown import Wanted, expressions_of

M = TypeVar("M", bound=Model)
K = TypeVar("K")
V = TypeVar("V")

Names = tuple[str, ...]

MAX_SHAPES: Final = 2_000
MAX_STATEMENTS: Final = 2_000

_MORE: Final = (
    "_annotations", "_custom_filters", "_offset", "_distinct", "_having", "_group_bys", "_fields_for_select",
    "_single", "_select_for_update", "_select_related", "_prefetch_map", "_prefetch_queries", "_force_indexes",
    "_use_indexes",
)  # fmt: skip
"""What a query must not have for its statement to be only columns, a condition, an order and a limit."""


class Kept(Generic[K, V]):
    """The latest so many of what was found out."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K) -> V | None:
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def keep(self, key: K, value: V) -> V:
        self._kept[key] = value
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return value

    def __len__(self) -> int:
        return len(self._kept)


@dataclass(slots=True)
class Asked:
    """Rows of one table: those for which the conditions hold, in an order, up to a limit."""

    model: type[Model]
    conditions: Sequence[Q]
    order: Sequence[tuple[str, Any]] = ()
    limit: int | None = None

    @classmethod
    def by(cls, query: QuerySet[Any]) -> Asked:
        elsewhere = query._db is not None and query._db is not get_connections().get(ALIAS)
        if elsewhere or query.model._meta.ordering or any(getattr(query, name) for name in _MORE):
            raise NotUnderstood(query.model)
        return cls(query.model, query._q_objects, query._orderings, query._limit)

    def look(self) -> tuple[Shape, list[Any]]:
        """The shape but for the limit, and the values that a statement of that shape takes."""
        reading = Reading()
        reading.look_at(self.model, self.conditions)
        return (self.model, *self.order, *reading.shape), reading.values

    def query(self) -> QuerySet[Any]:
        """As Tortoise takes it."""
        query: QuerySet[Any] = QuerySet(self.model)
        query._q_objects, query._orderings, query._limit = list(self.conditions), list(self.order), self.limit
        return query

    def told(self) -> tuple[str, list[Any]]:
        """As Tortoise says it to the database."""
        query = self.query()
        query._choose_db_if_not_chosen()
        query._make_query()
        return query.query.get_parameterized_sql()

    def marked(self) -> Asked:
        return Asked(self.model, Marking().of(self.model, self.conditions), self.order)


@dataclass(frozen=True, slots=True)
class Statement:
    sql: str
    rows: type[asyncpg.Record]


_NOT_UNDERSTOOD: Final = ""
_texts: Kept[Shape, str] = Kept(MAX_SHAPES)
"""What follows the selected columns, by the shape."""
_statements: Kept[Any, Statement] = Kept(MAX_STATEMENTS)


def in_order(columns: Sequence[str]) -> list[tuple[str, Order]]:
    """An order as queries keep it, of columns such as ``"-listed_at", "id"``."""
    return [(column.lstrip("-"), Order.desc if column.startswith("-") else Order.asc) for column in columns]


def where(model: type[M], *conditions: Q) -> QuerySet[M]:
    """As ``model.filter(*conditions)``, without the copy of a query that Tortoise makes on the way."""
    query: QuerySet[M] = model._meta.manager.get_queryset()
    query._q_objects.extend(conditions)
    return query


async def read(query: QuerySet[M], wanted: Wanted = None) -> list[M]:
    """The rows that a query selects, to be shown: see :mod:`domain.kit.reading.rows`.

    ``wanted`` are the attributes and the texts that will be looked at, None for any attribute. A query that does more than
    to select rows of one table answers models, as ever.
    """
    try:
        asked = Asked.by(query)
    except NotUnderstood:
        return await query
    return await answer(asked, wanted)


async def read_part(
    query: QuerySet[M],
    conditions: Sequence[Q],
    order: Sequence[str],
    limit: int,
    wanted: Wanted = None,
    *,
    ordered: bool = True,
) -> list[M]:
    """The first rows of those that a query selects and for which more conditions hold, in an order, to be shown. ``ordered``
    says that the columns of the order will be looked at."""
    try:
        asked = Asked.by(query)
    except NotUnderstood:
        return await query.filter(*conditions).order_by(*order).limit(limit)
    directions = in_order(order)
    part = Asked(asked.model, [*asked.conditions, *conditions], directions, limit)
    return await answer(part, wanted, tuple(column for column, _ in directions) if ordered else ())


async def read_one(query: QuerySet[M]) -> M | None:
    """The one row that a query selects, to be shown, or None."""
    rows = await read(query.limit(2))
    assert len(rows) < 2, f"several rows of {query.model.__name__} where one was meant"
    return rows[0] if rows else None


async def count(query: QuerySet[Any]) -> int:
    """How many rows a query selects."""
    try:
        asked = Asked.by(query)
        behind, values = _text_of(Asked(asked.model, asked.conditions))
    except NotUnderstood:
        return await query.count()
    found: int = await fetchval(f"SELECT COUNT(*){behind}", *values)
    return found if asked.limit is None else min(found, asked.limit)


def answer(asked: Asked, wanted: Wanted = None, always: Names = ()) -> Awaitable[list[Any]]:
    """The rows that are asked for, with what the ``wanted`` attributes need and the columns that are read ``always``."""
    try:
        behind, values = _text_of(asked)
    except NotUnderstood:
        return asked.query()
    known = (asked.model, behind, wanted, always)
    statement = _statements.get(known) or _statements.keep(known, _written(asked.model, behind, wanted, always))
    return fetch_as(statement.rows, statement.sql, *values)


def _text_of(asked: Asked) -> tuple[str, list[Any]]:
    shape, values = asked.look()
    behind = _texts.get(shape)
    if behind is None:
        behind = _texts.keep(shape, _learned(Asked(asked.model, asked.conditions, asked.order), values))
    if behind is _NOT_UNDERSTOOD:
        raise NotUnderstood(asked.model)
    # A limit that it knows lets the database keep its plan, which it would make anew for each statement otherwise.
    return behind if asked.limit is None else f"{behind} LIMIT {asked.limit}", values


def _written(model: type[Model], behind: str, wanted: Wanted, always: Names) -> Statement:
    """What the database writes needs no columns here."""
    projection = model._meta.fields_db_projection
    texts = {} if wanted is None else expressions_of(model, wanted)
    needed = columns_for(model, None if wanted is None else wanted - texts.keys())
    kept = {model._meta.pk_attr, *always, *(projection if needed is None else needed)}
    columns = tuple(name for name in projection if name in kept)
    selected = ",".join([*(f'"{projection[name]}"' for name in columns), *texts.values()])
    return Statement(f"SELECT {selected}{behind}", row_class(model, columns, tuple(texts)))


def _learned(asked: Asked, values: Sequence[Any]) -> str:
    """What Tortoise writes behind the columns, with places for values; empty when it cannot be proved that they fit."""
    text, parameters = asked.marked().told()
    if places_of(parameters) != list(range(len(values))):
        return _NOT_UNDERSTOOD
    if not _same(spelled_out(text, values), asked.told()):
        return _NOT_UNDERSTOOD
    everything = str(asked.model._meta.basequery_all_fields)
    columns, _, table = everything.partition(" FROM ")
    return as_sent(text[len(columns) :]) if text.startswith(everything) and table else _NOT_UNDERSTOOD


def _same(ours: tuple[str, list[Any]], theirs: tuple[str, list[Any]]) -> bool:
    return ours[0] == theirs[0] and _plain(ours[1]) == _plain(theirs[1])


def _plain(values: list[Any]) -> list[Any]:
    return [str(value) if isinstance(value, UUID) else value for value in values]
