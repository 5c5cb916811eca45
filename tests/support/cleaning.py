"""Emptying the database between tests, past the guards that make the books immutable."""

from __future__ import annotations

from itertools import count
from typing import Any

import asyncpg

from domain.kit.database import pool_client
from domain.ledger.chart import forget_known_accounts

TRUNCATE_EVERY = 50
"""Deleted rows stay in the way, as nothing vacuums here. TRUNCATE takes them away, but costs more than a few DELETEs."""

# Of tables with rows, or with what DELETE left of them: a test fills few, and looking is cheaper than deleting nothing. A
# function of the session's own does it in one question, which thousands of tests ask.
EMPTY = """
create function pg_temp.empty_all_tables(at_once boolean) returns void language plpgsql as $$
declare
    filled text[] := array(
        select quote_ident(relname) from pg_class
        where relnamespace = 'public'::regnamespace and relkind = 'r'
          and relname not in ('event_log_head', 'tortoise_migrations') and pg_relation_size(oid) > 0
    );
    each text;
begin
    if at_once and filled <> '{}' then
        execute 'truncate ' || array_to_string(filled, ', ') || ' cascade';
    else
        foreach each in array filled loop
            execute 'delete from ' || each;
        end loop;
    end if;
    update event_log_head set position = 0, epoch = epoch + 1;
end $$
"""

_numbers = count(1)
_cleaner: Any = None


async def empty_all_tables() -> None:
    """Delete every row and begin the log anew."""
    forget_known_accounts()
    cleaner = await _connection()
    await cleaner.fetch("select pg_temp.empty_all_tables($1)", next(_numbers) % TRUNCATE_EVERY == 0)


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
        await _cleaner.execute(EMPTY)
    return _cleaner
