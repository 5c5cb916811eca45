"""Counting what the database is asked: one statement for a list and one for each relation, however many rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from asyncpg.connection import Connection
from asyncpg.prepared_stmt import PreparedStatement

DRIVERS_OWN = ("set_config('jit'", "typeinfo_tree")
"""What the driver asks on its own account, once for a connection, to learn the types of columns."""


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements with parameters or results that this process runs in the block, on whatever connection."""
    seen: list[str] = []
    run = Connection._do_execute

    async def noting(self: Connection, query: str, *args: Any, **kwargs: Any) -> Any:
        if not any(word in query for word in DRIVERS_OWN):
            seen.append(" ".join(query.split()))
        return await run(self, query, *args, **kwargs)

    fetch = PreparedStatement.fetch

    async def noting_prepared(self: PreparedStatement[Any], *args: Any) -> Any:
        seen.append(" ".join(self.get_query().split()))
        return await fetch(self, *args)

    with patch.object(Connection, "_do_execute", noting), patch.object(PreparedStatement, "fetch", noting_prepared):
        yield seen
