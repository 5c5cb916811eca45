"""Keeping the log within its retention: partitions made ahead, old ones archived and then detached.

An archive is the partition as gzipped JSON lines, one event a line in the transport's format, named after the positions
that it holds. Nothing is deleted row by row.
"""

from __future__ import annotations

import gzip
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import orjson

from domain.events import log
from domain.events.event import LoggedEvent
from domain.kit import clock
from domain.kit.database import connection, execute, fetch

RETENTION = timedelta(days=30)


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

    Killed halfway, it leaves either the partition in the log or a complete archive of it, and may simply run again.
    """
    archived = []
    for partition in await _partitions_before(clock.now() - retention):
        archived.append(await _archive(partition, folder))
    return archived


async def _partitions_before(moment: object) -> list[str]:
    rows = await fetch(
        """select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
           where i.inhparent = 'event_log'::regclass
             and to_date(right(c.relname, 8), 'YYYYMMDD') + 7 <= ($1::timestamptz at time zone 'UTC')::date
           order by c.relname""",
        moment,
    )
    return [row["relname"] for row in rows]


async def _archive(partition: str, folder: Path) -> Archived:
    unfinished = _made(folder) / f"{partition}.unfinished"
    count, first, last = 0, 0, 0
    async with connection() as c:
        async with c.transaction():
            with gzip.open(unfinished, "wb") as out:
                query = f"select {log.COLUMNS} from {partition} order by position"
                async for row in c.cursor(query, prefetch=log.BATCH):
                    logged = log.from_row(row)
                    out.write(orjson.dumps(logged.to_wire()) + b"\n")
                    count, first, last = count + 1, first or logged.position, logged.position
        path = folder / f"events-{first:020d}-{last:020d}.jsonl.gz"
        unfinished.replace(path)
        await c.execute(f"alter table event_log detach partition {partition} concurrently")
        await c.execute(f"drop table {partition}")
    return Archived(partition, path, count)


async def read_history(folder: Path, after: int = 0) -> AsyncGenerator[LoggedEvent]:
    """Every event after a position, out of the archive first and then out of the log, in order and without a gap."""
    for path in _archives_after(folder, after):
        for logged in _read_archive(path):
            if logged.position > after:
                yield logged
                after = logged.position
    while batch := await log.read_after(after):
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
