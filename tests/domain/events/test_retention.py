"""The archive: old partitions leave the log whole, and history reads as if they were still there."""

from __future__ import annotations

import asyncio
import contextvars
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import structlog
from tortoise.exceptions import OperationalError

from domain.events import log
from domain.events.audit import trail
from domain.events.event import LoggedEvent
from domain.events.listeners import Listener, catch_up, every_listener
from domain.events.log import GapInLog
from domain.events.retention import archive_old_partitions, keep_archiving_away, prepare_partitions, read_history
from domain.kit import clock, database
from domain.kit.database import connection, fetchval
from domain.kit.unit_of_work import unit_of_work
from tests.domain.events.test_log import Counted, announce
from tests.support.happenings import events_so_far

pytestmark = pytest.mark.usefixtures("database")


async def make_them_old(days: int, *, after: int = 0) -> None:
    """Move what is in the log after a position into a partition of long ago, as time would have. Our listeners have heard
    it since."""
    async with connection() as c, c.transaction():
        await c.execute("select ensure_event_log_partition($1)", clock.now() - timedelta(days=days))
        await c.execute("set local session_replication_role = replica")
        await c.execute(
            "update event_log set recorded_at = recorded_at - make_interval(days => $1) where position > $2", days, after
        )
        await c.execute(
            """insert into event_checkpoint (listener, epoch, position, updated_at)
               select listener, 0, (select coalesce(max(position), 0) from event_log), now()
               from unnest($1::text[]) as declared (listener)
               on conflict (listener) do update set position = greatest(event_checkpoint.position, excluded.position)""",
            [each.name for each in every_listener()],
        )


def files_in(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


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


async def test_what_a_listener_has_not_heard_stays_and_the_log_of_the_process_names_it(tmp_path: Path) -> None:
    await announce(*(Counted(counter=0, value=value) for value in range(10)))
    await events_so_far()
    await make_them_old(60)
    await database.execute("update event_checkpoint set position = 9 where listener = 'audit'")
    await database.execute("insert into event_checkpoint values ('of a room that is gone', 0, 1, now())")
    with structlog.testing.capture_logs() as said:
        assert await archive_old_partitions(tmp_path) == []
    assert [(line["event"], line["listener"], line["heard"], line["last"]) for line in said] == [
        ("archive_held_back", "audit", 9, 10)
    ]
    assert files_in(tmp_path) == []
    assert await fetchval("select count(*) from event_log") == 10
    await catch_up(trail)
    [archived] = await archive_old_partitions(tmp_path)
    assert archived.events == 10


async def test_a_listener_that_has_not_begun_has_heard_nothing(tmp_path: Path) -> None:
    await announce(Counted(counter=0, value=1))
    await events_so_far()
    await make_them_old(60)
    await database.execute("delete from event_checkpoint where listener = 'audit'")
    assert await archive_old_partitions(tmp_path) == []
    await catch_up(trail)
    assert len(await archive_old_partitions(tmp_path)) == 1


async def test_younger_partitions_wait_behind_one_that_is_held_back(tmp_path: Path) -> None:
    """Or the log would have a hole."""
    for days, position in ((60, 1), (45, 2)):
        await announce(Counted(counter=0, value=position))
        await events_so_far()
        await make_them_old(days, after=position - 1)
    await database.execute("update event_checkpoint set position = 0 where listener = 'audit'")
    assert await archive_old_partitions(tmp_path) == []
    assert [logged.position for logged in await log.read_after(0)] == [1, 2]


async def test_a_listener_that_meets_a_gap_says_so_and_stays_where_it_is(tmp_path: Path) -> None:
    heard: list[int] = []
    behind, new = Listener("test-behind"), Listener("test-new")

    async def hear(fact: Counted, logged: LoggedEvent) -> None:
        heard.append(logged.position)

    behind.on(Counted)(hear)
    new.on(Counted)(hear)
    await announce(*(Counted(counter=0, value=value) for value in range(3)))
    await events_so_far()
    await database.execute("insert into event_checkpoint values ('test-behind', 0, 1, now())")
    await make_them_old(60)
    assert len(await archive_old_partitions(tmp_path)) == 1, "this listener is of no room, so nobody waits for it"
    await announce(Counted(counter=0, value=3))
    await events_so_far()
    with pytest.raises(GapInLog, match="after position 1 comes 4"):
        await catch_up(behind)
    assert heard == []
    assert await fetchval("select position from event_checkpoint where listener = 'test-behind'") == 1
    assert await catch_up(new) == 1
    assert heard == [4], "one that is new begins where the log does"


async def test_weeks_in_which_nothing_happened_leave_no_archive(tmp_path: Path) -> None:
    for days in (60, 75):
        await database.execute("select ensure_event_log_partition($1)", clock.now() - timedelta(days=days))
    assert len(await _tables_of_old()) >= 2
    assert await archive_old_partitions(tmp_path) == []
    assert (await _tables_of_old(), files_in(tmp_path)) == ([], [])


async def test_the_audit_trail_is_whole_after_archiving(tmp_path: Path) -> None:
    await announce(*(Counted(counter=0, value=value) for value in range(5)))
    await events_so_far()
    await make_them_old(60)
    await database.execute("delete from event_checkpoint where listener = 'audit'")
    await catch_up(trail)
    before = await database.fetch("select * from audit_record order by position")
    assert len(before) == 5
    assert len(await archive_old_partitions(tmp_path)) == 1
    await announce(Counted(counter=0, value=5))
    await events_so_far()
    await catch_up(trail)
    after = await database.fetch("select * from audit_record order by position")
    assert after[:5] == before
    assert [row["position"] for row in after] == [1, 2, 3, 4, 5, 6]


class Killed(Exception):
    """As if the process had ended here."""


@pytest.mark.fault("who archives the log is killed halfway")
@pytest.mark.parametrize("at", ["replace", "detach", "drop table"])
async def test_archiving_goes_on_where_somebody_was_killed(at: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await announce(*(Counted(counter=0, value=value) for value in range(10)))
    everything = await events_so_far()
    await make_them_old(60)
    await _archive_until(at, tmp_path, monkeypatch)
    left = [logged async for logged in read_history(tmp_path)]
    assert left == everything, "whatever was done, nothing is lost"
    await archive_old_partitions(tmp_path)
    await announce(Counted(counter=0, value=10))
    everything += (await events_so_far())[-1:]
    assert [logged async for logged in read_history(tmp_path)] == everything
    assert await _tables_of_old() == []
    assert [path.suffixes for path in files_in(tmp_path)] == [[".jsonl", ".gz"]]


async def test_a_partition_that_was_detached_by_hand_is_archived_before_it_goes(tmp_path: Path) -> None:
    await announce(*(Counted(counter=0, value=value) for value in range(10)))
    everything = await events_so_far()
    await make_them_old(60)
    for partition in await _tables_of_old():
        await database.execute(f"alter table event_log detach partition {partition}")
    await archive_old_partitions(tmp_path)
    assert [logged async for logged in read_history(tmp_path)] == everything
    assert await _tables_of_old() == []


async def test_an_archive_that_there_is_stays_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may have been redacted between the death of whoever wrote it and now."""
    await announce(*(Counted(counter=0, value=value) for value in range(10)))
    await events_so_far()
    await make_them_old(60)
    await _archive_until("drop table", tmp_path, monkeypatch)
    [archive] = files_in(tmp_path)
    archive.write_bytes(b"redacted")
    await archive_old_partitions(tmp_path)
    assert archive.read_bytes() == b"redacted"
    assert await _tables_of_old() == []


async def _archive_until(at: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        if at == "replace":
            patch.setattr("pathlib.Path.replace", killed)
        else:
            execute = asyncpg.Connection.execute

            async def execute_until(self: asyncpg.Connection, query: str, *args: object, **more: Any) -> str:
                if at in query:
                    raise Killed
                return str(await execute(self, query, *args, **more))

            patch.setattr(asyncpg.Connection, "execute", execute_until)
        with pytest.raises(Killed):
            await archive_old_partitions(folder)


@pytest.mark.fault("who archives the log is killed while a partition is being detached")
async def test_a_partition_that_is_half_detached_is_taken_out_first(tmp_path: Path, database_url: str) -> None:
    """A reader in the way makes detaching wait after its first half; then the session that waits is ended."""
    await announce(*(Counted(counter=0, value=value) for value in range(10)))
    everything = await events_so_far()
    await make_them_old(60)
    reader = await asyncpg.connect(database_url)
    try:
        async with reader.transaction():
            await reader.fetch("select count(*) from event_log")
            archiving = asyncio.create_task(archive_old_partitions(tmp_path))
            await _until_detach_waits(archiving)
            await reader.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where query like 'alter table event_log detach%'"
                " and pid <> pg_backend_pid()"
            )
            with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError, OperationalError)):
                await archiving
    finally:
        await reader.close()
    assert await fetchval("select count(*) from pg_inherits where inhdetachpending") == 1
    await archive_old_partitions(tmp_path)
    assert [logged async for logged in read_history(tmp_path)] == everything
    assert await _tables_of_old() == []


async def _until_detach_waits(archiving: asyncio.Task[object]) -> None:
    waits = """select exists (select from pg_stat_activity where query like 'alter table event_log detach%'
               and wait_event_type = 'Lock')"""
    async with asyncio.timeout(20):
        while not await fetchval(waits):
            assert not archiving.done(), archiving
            await asyncio.sleep(0.01)


async def _tables_of_old() -> list[str]:
    """Partitions of the log, or what was one, that lie before what is made ahead."""
    rows = await database.fetch(
        """select relname from pg_class where relkind = 'r' and relname ~ '^event_log_[0-9]{8}$'
           and to_date(right(relname, 8), 'YYYYMMDD') < now() - interval '40 days'"""
    )
    return [row["relname"] for row in rows]


async def test_two_who_archive_at_once_do_it_once(tmp_path: Path) -> None:
    await announce(*(Counted(counter=0, value=value) for value in range(500)))
    everything = await events_so_far()
    await make_them_old(60)
    done = await asyncio.gather(*(archive_old_partitions(tmp_path) for _ in range(3)))
    assert sum(len(each) for each in done) == 1
    assert [logged async for logged in read_history(tmp_path)] == everything


async def test_history_with_a_hole_is_not_read_past_it(tmp_path: Path) -> None:
    for value in (1, 2):
        await announce(Counted(counter=0, value=value))
        await events_so_far()
        await make_them_old(60)
        await archive_old_partitions(tmp_path)
    first, _ = files_in(tmp_path)
    first.unlink()
    await announce(Counted(counter=0, value=3))
    await events_so_far()
    for folder, comes in ((tmp_path, 2), (tmp_path / "elsewhere", 3)):
        with pytest.raises(GapInLog, match=f"after position 0 comes {comes}"):
            await anext(read_history(folder))
    assert [logged.position async for logged in read_history(tmp_path, after=1)] == [2, 3]


async def test_archiving_waits_for_who_keeps_it_away(tmp_path: Path) -> None:
    await announce(Counted(counter=0, value=1))
    await events_so_far()
    await make_them_old(60)
    async with unit_of_work() as work:
        assert await keep_archiving_away(work)
        archiving = asyncio.create_task(archive_old_partitions(tmp_path), context=contextvars.Context())
        assert await archiving == []
    assert (await fetchval("select count(*) from event_log"), files_in(tmp_path)) == (1, [])
    assert len(await archive_old_partitions(tmp_path)) == 1
