"""How long the database takes for what the application asks it, and how it goes about it.

What counts is the time of statements, from the moment each is sent until its rows are read.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any, Final
from unittest.mock import patch

from asyncpg.connection import Connection
from asyncpg.prepared_stmt import PreparedStatement

from domain.kit.database import fetch
from tests.performance.report import Figure

LIMIT_MS: Final = 50.0
WARM_ROUNDS: Final = 3
ROUNDS: Final = 21
OPTIONS: Final = {"synchronous_commit": "off", "shared_buffers": "512MB"}
"""Of the server that is measured."""


@dataclass(slots=True)
class Asked:
    """A statement, its parameters, and how long its rows took."""

    sql: str
    parameters: tuple[Any, ...]
    took_ms: float


@contextmanager
def asking() -> Iterator[list[Asked]]:
    """What the application asks the database in the block, with the time of each."""
    asked: list[Asked] = []
    run = Connection._execute

    async def timed(self: Connection, query: str, args: Any, *more: Any, **kwargs: Any) -> Any:
        began = time.perf_counter()
        rows = await run(self, query, args, *more, **kwargs)
        asked.append(Asked(query, tuple(args), (time.perf_counter() - began) * 1000))
        return rows

    # Statements that are kept prepared are asked without the connection.
    run_prepared = PreparedStatement.fetch

    async def timed_prepared(self: PreparedStatement[Any], *args: Any, **kwargs: Any) -> Any:
        began = time.perf_counter()
        rows = await run_prepared(self, *args, **kwargs)
        asked.append(Asked(self.get_query(), args, (time.perf_counter() - began) * 1000))
        return rows

    with patch.object(Connection, "_execute", timed), patch.object(PreparedStatement, "fetch", timed_prepared):
        yield asked


async def asked_of_database(title: str, ask: Callable[[], Awaitable[object]], plans: list[str]) -> Figure:
    """The median time at the database of asking this; the plans of its statements are added to ``plans``."""
    took = []
    for count in range(WARM_ROUNDS + ROUNDS):
        with asking() as asked:
            await ask()
        if count >= WARM_ROUNDS:
            took.append(sum(each.took_ms for each in asked))
    plans += [f"===== {title}: {median(took):.1f} ms in {len(asked)} statements\n", *[await _plan(each) for each in asked]]
    return Figure.at_most(f"ms at the database: {title}", median(took), LIMIT_MS, "ms")


async def _plan(asked: Asked) -> str:
    lines = await fetch(f"explain (analyze, buffers) {asked.sql}", *asked.parameters)
    return "\n".join([asked.sql.strip(), *[f"    {line[0]}" for line in lines], ""])
