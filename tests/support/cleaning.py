"""Emptying the database between tests, past the guards that make the books immutable."""

from __future__ import annotations

from itertools import count
from typing import Any

import asyncpg

from domain.kit.database import pool_client
from domain.ledger.chart import forget_known_accounts

KEPT = ("event_log_head", "tortoise_migrations")

FILLED = """
select quote_ident(relname) from pg_class
where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> all($1) and pg_relation_size(oid) > 0
"""
"""Tables with rows, or with what DELETE left of them. A test fills few, and looking is cheaper than deleting nothing."""

TRUNCATE_EVERY = 50
"""Deleted rows stay in the way, as nothing vacuums here. TRUNCATE takes them away, but costs more than a few DELETEs."""

_numbers = count(1)
_cleaner: Any = None


async def empty_all_tables() -> None:
    """Delete every row and begin the log anew."""
    forget_known_accounts()
    cleaner = await _connection()
    filled = [row[0] for row in await cleaner.fetch(FILLED, list(KEPT))]
    async with cleaner.transaction():
        if filled and next(_numbers) % TRUNCATE_EVERY == 0:
            await cleaner.execute(f"truncate {', '.join(filled)} cascade")
        elif filled:
            await cleaner.execute(";".join(f"delete from {table}" for table in filled))
        await cleaner.execute("update event_log_head set position = 0, epoch = epoch + 1")


async def stop_cleaning() -> None:
    global _cleaner
    if _cleaner is not None:
        await _cleaner.close()
        _cleaner = None


async def _connection() -> Any:
    """One of its own, because whoever gives up triggers forgets all plans; the pool's are worth keeping between tests."""
    global _cleaner
    if _cleaner is None or _cleaner.is_closed():
        pool = pool_client()
        _cleaner = await asyncpg.connect(
            host=pool.host,
            port=pool.port,
            user=pool.user,
            password=pool.password,
            database=pool.database,
            server_settings={"session_replication_role": "replica"},
        )
    return _cleaner
