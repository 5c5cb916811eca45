"""Keeping the log within its retention: partitions made ahead, old ones archived and then detached.

An archive is the partition as gzipped JSON lines, one event a line in the transport's format, named after the positions
that it holds. Nothing is deleted row by row.
"""

from __future__ import annotations

import gzip
import os
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import orjson
import structlog

from domain.events import log
from domain.events.event import LoggedEvent
from domain.events.listeners import every_listener
from domain.kit import clock
from domain.kit.database import connection, execute
from domain.kit.unit_of_work import Work

RETENTION = timedelta(days=30)

ARCHIVING_LOCK: Final = 0x64616674_617263
"""The advisory lock of whoever archives: "daft" "arc". Shared, it keeps archiving away."""

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Archived:
    """A partition that has left the log."""

    partition: str
    path: Path
    events: int


async def prepare_partitions() -> None:
    """Make the partitions of this week and the next two."""
    for weeks in range(3):
        await execute("select ensure_event_log_partition($1)", clock.now() + timedelta(weeks=weeks))


async def archive_old_partitions(folder: Path, *, retention: timedelta = RETENTION) -> list[Archived]:
    """Export every partition that lies wholly before the retention, then detach and drop it.

    What one of our listeners has not heard yet stays in the log, with all that is younger; the log of the process names the
    listener. One that no room declares any more holds up nothing.

    Killed halfway, it leaves either the partition in the log or a complete archive of it, and may simply run again. While
    another archives, or somebody keeps archiving away, this does nothing.
    """
    async with connection() as c:
        if not await c.fetchval("select pg_try_advisory_lock($1)", ARCHIVING_LOCK):
            logger.warning("archiving_has_to_wait")
            return []
        try:
            await _finish_detaching(c, folder)
            archived = []
            for partition in await _partitions_before(c, clock.now() - retention):
                if await _is_waited_for(c, partition):
                    break
                archived += await _archive(c, partition, folder)
            return archived
        finally:
            await c.execute("select pg_advisory_unlock($1)", ARCHIVING_LOCK)


async def keep_archiving_away(work: Work) -> bool:
    """For who changes what is in the log: until the transaction ends nobody copies how it was. False while somebody does."""
    return bool(await work.fetchval("select pg_try_advisory_xact_lock_shared($1)", ARCHIVING_LOCK))


async def _partitions_before(c: Any, moment: datetime) -> list[str]:
    rows = await c.fetch(
        """select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
           where i.inhparent = 'event_log'::regclass
             and to_date(right(c.relname, 8), 'YYYYMMDD') + 7 <= ($1::timestamptz at time zone 'UTC')::date
           order by c.relname""",
        moment,
    )
    return [row["relname"] for row in rows]


async def _is_waited_for(c: Any, partition: str) -> bool:
    """Whether a listener still has to hear something of this partition. One that has not begun has heard nothing."""
    last = await c.fetchval(f"select coalesce(max(position), 0) from {partition}")
    waiting = await c.fetch(
        """select declared.listener, coalesce(heard.position, 0) as heard
           from unnest($1::text[]) as declared (listener) left join event_checkpoint heard using (listener)
           where coalesce(heard.position, 0) < $2 order by heard, declared.listener""",
        [each.name for each in every_listener()],
        last,
    )
    for row in waiting:
        logger.warning("archive_held_back", partition=partition, listener=row["listener"], heard=row["heard"], last=last)
    return bool(waiting)


async def _archive(c: Any, partition: str, folder: Path) -> list[Archived]:
    """An empty partition goes without an archive."""
    is_empty = not await c.fetchval(f"select exists (select from {partition})")
    archived = [] if is_empty else [await _export(c, partition, folder)]
    await c.execute(f"alter table event_log detach partition {partition} concurrently")
    await c.execute(f"drop table {partition}")
    return archived


async def _finish_detaching(c: Any, folder: Path) -> None:
    """Drop what was detached, wholly or nearly, and is still there: while a partition is half detached no other can be. If
    somebody was killed who archived it, its archive is complete, and may have been redacted since; what was detached by
    hand has none yet."""
    for row in await c.fetch(
        """select inhrelid::regclass::text as partition from pg_inherits
           where inhparent = 'event_log'::regclass and inhdetachpending"""
    ):
        await c.execute(f"alter table event_log detach partition {row['partition']} finalize")
    for row in await c.fetch(
        r"""select relname from pg_class left join pg_inherits on inhrelid = oid
            where relnamespace = (select relnamespace from pg_class where oid = 'event_log'::regclass)
              and relkind = 'r' and relname ~ '^event_log_\d{8}$' and inhrelid is null"""
    ):
        partition = row["relname"]
        logger.warning("archiving_was_cut_short", partition=partition)
        ends = await c.fetchrow(f"select min(position) as first, max(position) as last from {partition}")
        if ends["first"] is not None and not _path(folder, ends["first"], ends["last"]).exists():
            await _export(c, partition, folder)
        await c.execute(f"drop table {partition}")


async def _export(c: Any, partition: str, folder: Path) -> Archived:
    """Write the archive of a partition; when this returns, the disk has it."""
    unfinished = _made(folder) / f"{partition}.unfinished"
    count, first, last = 0, 0, 0
    with unfinished.open("wb") as file:
        with gzip.open(file, "wb") as out:
            async with c.transaction():
                query = f"select {log.COLUMNS} from {partition} order by position"
                async for row in c.cursor(query, prefetch=log.BATCH):
                    logged = log.from_row(row)
                    out.write(orjson.dumps(logged.to_wire()) + b"\n")
                    count, first, last = count + 1, first or logged.position, logged.position
        file.flush()
        os.fsync(file.fileno())
    path = _path(folder, first, last)
    unfinished.replace(path)
    _keep_name(path)
    return Archived(partition, path, count)


def _path(folder: Path, first: int, last: int) -> Path:
    return folder / f"events-{first:020d}-{last:020d}.jsonl.gz"


def _keep_name(path: Path) -> None:
    """A file that was renamed has its new name after a power cut only if the folder is on the disk, too."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


async def read_history(folder: Path, after: int = 0) -> AsyncGenerator[LoggedEvent]:
    """Every event after a position, out of the archive first and then out of the log, in order and without a gap. Raises
    GapInLog where neither has what comes next."""
    while True:
        for path in _archives_after(folder, after):
            for logged in _read_archive(path):
                if logged.position > after + 1:
                    raise log.GapInLog(after, logged.position)
                if logged.position > after:
                    yield logged
                    after = logged.position
        try:
            batch = await log.read_after(after)
        except log.GapInLog:
            # It may have been archived since the folder was looked at.
            if not _archives_after(folder, after):
                raise
            continue
        if not batch:
            return
        for logged in batch:
            yield logged
        after = batch[-1].position


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _archives_after(folder: Path, position: int) -> list[Path]:
    """Archives that hold something after a position, in the order of their positions, which their names tell."""
    return [path for path in sorted(folder.glob("events-*.jsonl.gz")) if int(path.name[28:48]) > position]


def _read_archive(path: Path) -> Iterator[LoggedEvent]:
    with gzip.open(path, "rb") as lines:
        for line in lines:
            yield LoggedEvent.from_wire(orjson.loads(line))
