"""Tables that are made of facts and nothing else, for as long as a block lasts.

They are temporary, have the names and columns of the real ones and hide these: inside the block statements find the shadow,
PostgreSQL's own functions, and nothing besides. A query that reads a table of which the log tells nothing fails, instead of
quietly answering from the database.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from domain.kit.projections import Facts, Row, every_projection
from domain.kit.unit_of_work import Work, unit_of_work, work_in_progress

BATCH: Final = 2_000
PATIENCE_S: Final = 600.0
"""All of history is added up at once."""


@asynccontextmanager
async def shadow_of(facts: Facts) -> AsyncIterator[None]:
    """Let every statement of the block read tables that hold these facts alone."""
    assert work_in_progress() is None, "a shadow would hide the tables of the unit of work that it is in"
    projections = every_projection()
    tables = list(dict.fromkeys(table for projection in projections for table in projection.tables))
    for projection in projections:
        if projection.derive is not None:
            projection.derive(facts)
    async with unit_of_work() as work:
        for table in tables:
            # Not "like", which would take constraints along: of most rows the log tells only what figures need.
            await work.execute(f"create temp table {table} on commit drop as table public.{table} with no data")
            await _fill(work, table, facts.rows(table))
        await work.execute("set local search_path = pg_temp, pg_catalog")
        for projection in projections:
            for statement in projection.derived:
                await work.connection.execute(statement, timeout=PATIENCE_S)
        yield


async def _fill(work: Work, table: str, rows: list[Row]) -> None:
    for start in range(0, len(rows), BATCH):
        await work.execute(
            f"insert into pg_temp.{table} select * from jsonb_populate_recordset(null::pg_temp.{table}, $1::text::jsonb)",
            json.dumps(rows[start : start + BATCH], default=_told),
        )


def _told(value: Any) -> str:
    """Ids, decimals, dates and moments as PostgreSQL reads them; enumerations are strings already."""
    return str(value)
