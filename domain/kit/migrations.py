"""Migrations as plain SQL: ``0001_initial.sql`` goes forward, ``0001_initial.back.sql`` goes back.

Constraints, triggers and partitions are the point of our tables, and SQL says them best; Tortoise keeps the record of
what has run, in what order, and runs each in a transaction. ``migrate`` holds an advisory lock, so any number of
processes may start at once.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import asyncpg
from tortoise import Tortoise
from tortoise.migrations.api.migrate import migrate as run_migrations
from tortoise.migrations.migration import Migration
from tortoise.migrations.operations import RunSQL

from domain.kit.database import ALIAS, PoolLimits, tortoise_config

_LOCK: Final = 0x6461667461726931  # "daftari1"

LOCK_TIMEOUT: Final = "5s"
"""Who waits for a table makes everybody wait who comes after. A migration gives up after this, and may be run again."""
LONGEST_STATEMENT_S: Final = 3_600.0
"""An index of a large table takes its time."""


def sql_migration(file: str, *, after: list[tuple[str, str]] | None = None) -> type[Migration]:
    """The migration whose SQL lies beside ``file``; ``after`` lists the (app, migration) pairs it builds on."""
    path = Path(file)

    class SqlMigration(Migration):
        initial = path.stem.startswith("0001")
        dependencies = after or []
        operations = [
            RunSQL(
                path.with_suffix(".sql").read_text(encoding="utf-8"),
                path.with_suffix(".back.sql").read_text(encoding="utf-8"),
            )
        ]

    return SqlMigration


def configuration(url: str) -> dict[str, Any]:
    """Of the connections that migrations run on, which have other patience than those of servers."""
    config = tortoise_config(url, PoolLimits(statement_timeout_s=LONGEST_STATEMENT_S))
    config["connections"][ALIAS]["credentials"]["server_settings"]["lock_timeout"] = LOCK_TIMEOUT
    return config


async def migrate(url: str, target: str | None = None, *, progress: Callable[[str, str, str], object] | None = None) -> None:
    """Bring the database to the newest state, or one app to ``app.migration`` (``app.__first__`` takes it all back)."""
    guard = await asyncpg.connect(url)
    try:
        await guard.execute("select pg_advisory_lock($1)", _LOCK)
        await run_migrations(config=configuration(url), target=target, progress=progress)
        await Tortoise.close_connections()
    finally:
        await guard.close()
