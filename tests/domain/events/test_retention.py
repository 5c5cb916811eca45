"""The archive: old partitions leave the log whole, and history reads as if they were still there."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from domain.events import log
from domain.events.retention import archive_old_partitions, prepare_partitions, read_history
from domain.kit import clock, database
from domain.kit.database import connection, fetchval
from tests.domain.events.test_log import Counted, announce
from tests.support.happenings import events_so_far

pytestmark = pytest.mark.usefixtures("database")


async def make_them_old(days: int) -> None:
    """Move what is in the log into a partition of long ago, as time would have."""
    async with connection() as c, c.transaction():
        await c.execute("select ensure_event_log_partition($1)", clock.now() - timedelta(days=days))
        await c.execute("set local session_replication_role = replica")
        await c.execute("update event_log set recorded_at = recorded_at - make_interval(days => $1)", days)


async def test_old_partitions_are_archived_and_history_stays_whole(tmp_path: Path) -> None:
    await announce(*(Counted(counter=0, value=value) for value in range(10)))
    old = await events_so_far()
    await make_them_old(60)
    await announce(*(Counted(counter=0, value=value) for value in range(10, 15)))
    new = (await events_so_far())[10:]
    (archived,) = await archive_old_partitions(tmp_path)
    assert archived.events == 10
    assert await log.oldest_position() == 11
    assert await fetchval("select count(*) from event_log") == 5
    assert [logged async for logged in read_history(tmp_path)] == [*old, *new]
    assert [logged.position async for logged in read_history(tmp_path, after=7)] == list(range(8, 16))
    assert await archive_old_partitions(tmp_path) == []


async def test_partitions_of_the_coming_weeks_are_ready() -> None:
    await prepare_partitions()
    await prepare_partitions()
    rows = await database.fetch("select inhrelid::regclass::text from pg_inherits where inhparent = 'event_log'::regclass")
    assert len(rows) >= 3
