"""Reads that come again and again: each connection keeps their statements prepared and asks with them directly.

The driver keeps statements too, but goes through more to find one again, which takes a fifth of a short read.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, Final

import asyncpg
from asyncpg.prepared_stmt import PreparedStatement

from domain.kit import tracing
from domain.kit.attribution import AttributedConnection, traced_statement

_OUTDATED: Final = (asyncpg.InvalidCachedStatementError, asyncpg.exceptions.OutdatedSchemaCacheError)
"""A table has changed since the statement was prepared."""

MAX_KEPT: Final = 150
"""Of each connection. Each costs the server tens of kilobytes."""

_USELESS: Final = (*_OUTDATED, asyncpg.InterfaceError)

Key = tuple[str, type[asyncpg.Record]]


class Prepared:
    """The statements that a connection keeps: the latest so many. A failure leaves the connection in doubt, as any does."""

    def __init__(self, connection: AttributedConnection) -> None:
        self._connection = connection
        self._kept: OrderedDict[Key, PreparedStatement[Any]] = OrderedDict()

    async def fetch(self, sql: str, record: type[asyncpg.Record], args: tuple[Any, ...]) -> list[Any]:
        """The rows as records of that class."""
        key = sql, record
        try:
            statement = self._kept.get(key)
            if statement is None:
                statement = await self._prepare(key)
            else:
                self._kept.move_to_end(key)
            if tracing.is_on():
                with traced_statement(sql):
                    return await statement.fetch(*args)
            return await statement.fetch(*args)
        except BaseException as error:
            self._connection.in_doubt = True
            if isinstance(error, _USELESS):
                self._kept.pop(key, None)
            if not isinstance(error, _OUTDATED) or self._connection.is_in_transaction():
                raise
        return await self._connection.fetch(sql, *args, record_class=record)

    async def _prepare(self, key: Key) -> PreparedStatement[Any]:
        sql, record = key
        statement = self._kept[key] = await self._connection.prepare(sql, record_class=record)
        if len(self._kept) > MAX_KEPT:
            self._kept.popitem(last=False)
        return statement
