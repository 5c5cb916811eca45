"""Sources: reads that answer many keys at once, declared in a line.

``loans_by_id = rows_by_id(Loan, seen_by, permission=LOAN_READ)`` is called as a function would be, ``await
loans_by_id(actor, ids)``, and answers whole rows. Who knows which attributes will be looked at says so: ``await
loans_by_id.read(actor, ids, wanted)``, and no other columns are read.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Collection, Hashable, Mapping, Sequence
from functools import cached_property
from operator import attrgetter
from typing import Any, Generic, Protocol, TypeVar

from tortoise.expressions import Q
from tortoise.models import Model

from domain.kit.reading.shapes import among, one_of
from domain.kit.reading.shown import Wanted
from domain.kit.reading.statements import Asked, answer, in_order

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
M = TypeVar("M", bound=Model)


class Viewer(Protocol):
    """Who reads."""

    def may(self, permission: Any) -> bool: ...


Seen = Callable[[Any], Q | None]
"""The condition on rows that somebody may see; None when that is no row at all."""


class Source(ABC, Generic[K, V]):
    """A read that answers many keys at once. Keys that it leaves out have no value."""

    async def __call__(self, actor: Any, keys: Collection[K]) -> Mapping[K, V]:
        return await self.read(actor, keys, None)

    @abstractmethod
    async def read(self, actor: Any, keys: Collection[K], wanted: Wanted) -> Mapping[K, V]:
        """The values of those keys that the actor may see, with what the ``wanted`` attributes need."""


class _Rows(Source[K, V], Generic[K, V, M]):
    """Rows of one table by one of its columns."""

    def __init__(
        self, model: type[M], column: str, seen: Seen | None, permission: object | None, order: Sequence[str] = ()
    ) -> None:
        self.model, self.column = model, column
        self._seen, self._permission = seen, permission
        self._order = in_order(order)
        self._key: Callable[[Any], Any] = attrgetter(column)
        self._always_read = (column,)

    def _asked(self, actor: Viewer, keys: Collection[K]) -> Asked | None:
        """None when there is nothing to be seen."""
        conditions = self._conditions(actor, keys) if keys else None
        return None if conditions is None else Asked(self.model, conditions, self._order)

    def _conditions(self, actor: Viewer, keys: Collection[K]) -> list[Q] | None:
        if self._permission is not None and not actor.may(self._permission):
            return None
        asked = list(keys)
        of_keys = one_of(self.column, asked)
        if self._seen is None:
            return [*self._always, of_keys]
        seen = self._seen(actor)
        return None if seen is None else [*self._always, of_keys, among(asked, self.column, seen)]

    @cached_property
    def _always(self) -> list[Q]:
        """What the model's own manager narrows every query to."""
        return self.model.all()._q_objects


class RowsById(_Rows[K, M, M]):
    async def read(self, actor: Viewer, keys: Collection[K], wanted: Wanted) -> dict[K, M]:
        asked = self._asked(actor, keys)
        if asked is None:
            return {}
        rows = await answer(asked, wanted, self._always_read)
        return dict(zip(map(self._key, rows), rows, strict=True))


class RowsOf(_Rows[K, list[M], M]):
    async def read(self, actor: Viewer, keys: Collection[K], wanted: Wanted) -> dict[K, list[M]]:
        groups: dict[K, list[M]] = {}
        asked, key = self._asked(actor, keys), self._key
        if asked is None:
            return groups
        for row in await answer(asked, wanted, self._always_read):
            groups.setdefault(key(row), []).append(row)
        return groups


def rows_by_id(
    model: type[M], seen: Seen | None = None, *, permission: object | None = None, column: str = "id"
) -> RowsById[Any, M]:
    """The rows with some ids, or with some values of another unique column, that the actor may see: those for which the
    condition ``seen(actor)`` holds, when the actor has the permission."""
    return RowsById(model, column, seen, permission)


def rows_of(
    model: type[M],
    column: str,
    seen: Seen | None = None,
    *,
    order: Sequence[str],
    permission: object | None = None,
) -> RowsOf[Any, M]:
    """The rows of each key, that is of each value of ``column``, in an order such as ``("due_on", "-id")``."""
    return RowsOf(model, column, seen, permission, order)


class _Told(Source[K, V]):
    def __init__(self, function: Callable[[Any, Collection[K], Wanted], Awaitable[Mapping[K, V]]]) -> None:
        self._function = function
        self.__doc__ = function.__doc__

    async def read(self, actor: Any, keys: Collection[K], wanted: Wanted) -> Mapping[K, V]:
        return await self._function(actor, keys, wanted)


def source(function: Callable[[Any, Collection[K], Wanted], Awaitable[Mapping[K, V]]]) -> Source[K, V]:
    """A source that is no plain look into one table: ``function(actor, keys, wanted)``."""
    return _Told(function)
