"""Reading and extending the log: the sequencer's one statement, the head, and ranges of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import asyncpg

from domain.events.event import LoggedEvent, fingerprint_of
from domain.kit import database

BATCH: Final = 500

COLUMNS: Final = "position, epoch, name, version, topics, audience, actor_id, correlation_id, occurred_at, payload"


class GapInLog(RuntimeError):
    """What was to come next is not in the log any more, though later events are: it was archived."""

    def __init__(self, after: int, first: int) -> None:
        self.after = after
        self.first = first
        super().__init__(f"after position {after} comes {first}: what is between was archived")


class Reader(Protocol):
    """Anything that runs a query: a raw connection of the relay's own, or the process's pool."""

    async def fetch(self, query: str, /, *args: Any) -> Any: ...


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A point of the log: everything up to and including ``position`` of this ``epoch``.

    ``fingerprint`` is of the event that stood there, and 0 where that is not known. It shows that another history was meant,
    when a backup was restored and the epoch does not say so.
    """

    epoch: int
    position: int
    fingerprint: int = field(default=0, compare=False)

    def contradicts(self, other: Place) -> bool:
        """Whether the two places, of the same position, are known to be of different histories."""
        assert self.position == other.position, "places are compared event by event"
        return self.epoch != other.epoch or 0 != self.fingerprint != other.fingerprint != 0


def place_of(logged: LoggedEvent) -> Place:
    return Place(logged.epoch, logged.position, logged.fingerprint)


async def sequence(reader: Reader, batch: int = BATCH) -> list[LoggedEvent]:
    """Number up to ``batch`` committed events; returns them in their order, none when the outbox is empty."""
    return [from_row(row) for row in await reader.fetch(f"select {COLUMNS} from sequence_outbox($1)", batch)]


async def head(reader: Reader = database) -> Place:
    """Where the log ends now."""
    # The last event is as old as the head, which says in what partition it is. With a limit it is looked up by index,
    # whatever the planner believes of the head; without one it might read all of the log.
    rows = await reader.fetch(
        """select head.epoch, head.position, last.name, last.correlation_id, last.occurred_at
           from event_log_head head
           left join lateral (
               select name, correlation_id, occurred_at from event_log
               where position = head.position and recorded_at = head.recorded_at limit 1
           ) last on true"""
    )
    return Place(rows[0]["epoch"], rows[0]["position"], _fingerprint_in(rows[0]))


async def fingerprint_at(position: int, reader: Reader = database) -> int:
    """That of the event at a position; 0 where there is none (any more)."""
    rows = await reader.fetch("select name, correlation_id, occurred_at from event_log where position = $1", position)
    return _fingerprint_in(rows[0]) if rows else 0


async def oldest_position(reader: Reader = database) -> int:
    """The first position that can still be read; one past the head when the log is empty."""
    # Partitions hold ascending ranges, so the least position is found at the start of an index.
    rows = await reader.fetch(
        """select coalesce((select position from event_log order by position limit 1),
                           (select position + 1 from event_log_head)) as position"""
    )
    return int(rows[0]["position"])


async def bounds(reader: Reader = database) -> tuple[int, Place]:
    """The first position that can still be read, and the head, at one moment."""
    row = (
        await reader.fetch(
            """select coalesce((select position from event_log order by position limit 1), head.position + 1) as oldest,
                      head.epoch, head.position
               from event_log_head head"""
        )
    )[0]
    return row["oldest"], Place(row["epoch"], row["position"])


async def read_after(position: int, *, limit: int = BATCH, reader: Reader = database) -> list[LoggedEvent]:
    """The next events after ``position``, in order and without a gap, ``limit`` at most. Raises GapInLog where the log does
    not hold the first of them any more."""
    rows = await reader.fetch(
        f"select {COLUMNS} from event_log where position > $1 order by position limit $2", position, limit
    )
    if rows and rows[0]["position"] > position + 1:
        raise GapInLog(position, rows[0]["position"])
    return [from_row(row) for row in rows]


async def read_topics_after(
    position: int, topics: Sequence[str], *, up_to: int, limit: int = BATCH, reader: Reader = database
) -> list[LoggedEvent]:
    """As :func:`read_after`, but only events that touch one of ``topics``, and none past ``up_to``. What is not there leaves
    no gap here: ask for :func:`bounds` afterwards."""
    rows = await reader.fetch(
        f"""select {COLUMNS} from event_log
            where position > $1 and position <= $2 and topics && $3::text[]
            order by position limit $4""",
        position,
        up_to,
        list(topics),
        limit,
    )
    return [from_row(row) for row in rows]


async def begin_new_epoch(reader: Reader = database) -> Place:
    """Declare that history was truncated or restored: cursors of the past are no longer worth anything."""
    rows = await reader.fetch(
        """update event_log_head
           set epoch = greatest(epoch + 1, (extract(epoch from clock_timestamp()) * 1000)::bigint)
           returning epoch, position"""
    )
    return Place(rows[0]["epoch"], rows[0]["position"])


def _fingerprint_in(row: asyncpg.Record) -> int:
    return 0 if row["name"] is None else fingerprint_of(row["name"], row["correlation_id"], row["occurred_at"])


def from_row(row: asyncpg.Record) -> LoggedEvent:
    position, epoch, name, version, topics, audience, actor_id, correlation_id, occurred_at, payload = row
    return LoggedEvent(
        position,
        epoch,
        name,
        version,
        tuple(topics),
        frozenset(audience),
        actor_id,
        correlation_id,
        occurred_at,
        payload,
    )
