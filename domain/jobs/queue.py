"""The queue as the businesses see it: declare who does a kind of work, and leave work for it.

Work is left in the unit of work that wants it done, and exists if and only if that commits. It is done at least once: a
worker that dies is noticed within the lease and the task begins again, so handlers must bear a repeat. One that ends its
own unit of work with ``await attempt.complete(work)`` has its effects exactly once, because they and the task's end
commit together, or not at all when somebody else has taken the task over meanwhile.

The table is ours instead of a library's, because the task has to be committed with the business's rows, to count an
attempt that a killed worker never reported, and to be there for people to look at afterwards; and because libraries wake
their workers by NOTIFY from a trigger on each row, for which PostgreSQL takes one lock of the whole cluster at commit.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import orjson

from domain.kit import clock
from domain.kit.context import current_call
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work

MAX_PAYLOAD_BYTES: Final = 64 * 1024
MAX_DEDUPE_KEY_LENGTH: Final = 200

Payload = dict[str, Any]
"""What a task is about, as JSON has it: ids and figures as text and numbers."""


class Retry(Exception):
    """Raised by a handler: not now, again after this many seconds. It counts as an attempt."""

    def __init__(self, after_s: float, reason: str = "asked to come again") -> None:
        super().__init__(reason)
        self.after_s = after_s


class GiveUp(Exception):
    """Raised by a handler: no further attempt can help. The task is dead at once."""


class LeaseLost(Exception):
    """This attempt has been cancelled or taken over by another worker; nothing it does may count any more."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt at a task, as its handler sees it. ``number`` begins with 1."""

    task_id: UUID
    lease_id: UUID
    number: int
    max_attempts: int

    @property
    def is_last(self) -> bool:
        return self.number >= self.max_attempts

    async def hold(self, work: Work) -> None:
        """Make sure that the attempt is still ours until this unit of work has committed; raises :class:`LeaseLost`."""
        held = await work.fetchval("select 1 from job_task where id = $1 and lease_id = $2 for update", *self._key)
        if held is None:
            raise LeaseLost(f"task {self.task_id} is no longer ours")

    async def complete(self, work: Work) -> None:
        """The task is done if this unit of work commits; raises :class:`LeaseLost` when it is not ours any more."""
        done = await work.fetchval(
            """update job_task set state = 'DONE', lease_id = null, leased_until = null, finished_at = $3
               where id = $1 and lease_id = $2 returning 1""",
            *self._key,
            clock.now(),
        )
        if done is None:
            raise LeaseLost(f"task {self.task_id} is no longer ours")

    @property
    def _key(self) -> tuple[UUID, UUID]:
        return self.task_id, self.lease_id


Handler = Callable[[Payload, Attempt], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Queue:
    """A kind of work: who does it, how many at once in the whole installation, how often it is tried.

    Pauses between attempts double from ``retry_delay_s`` up to ``max_retry_delay_s``, give or take half. An attempt that
    takes longer than ``timeout_s`` is cancelled and has failed.
    """

    name: str
    handle: Handler
    purpose: str
    max_attempts: int = 5
    concurrency: int = 2
    retry_delay_s: float = 2.0
    max_retry_delay_s: float = 600.0
    timeout_s: float = 300.0


_queues: dict[str, Queue] = {}


def queued(name: str, *, purpose: str, **limits: Any) -> Callable[[Handler], Queue]:
    """Declare an async function as the handler of a kind of work; ``limits`` are those of :class:`Queue`."""

    def declare(handler: Handler) -> Queue:
        declared = Queue(name, handler, purpose, **limits)
        known = _queues.get(name)
        assert known is None or _qualified(known.handle) == _qualified(handler), f"two queues named {name}"
        _queues[name] = declared
        return declared

    return declare


def _qualified(handler: Handler) -> tuple[str, str]:
    return str(getattr(handler, "__module__", "")), str(getattr(handler, "__qualname__", handler))


def every_queue() -> list[Queue]:
    return sorted(_queues.values(), key=lambda declared: declared.name)


def queue_named(name: str) -> Queue:
    assert name in _queues, f"nobody has declared the queue {name}"
    return _queues[name]


@dataclass(frozen=True, slots=True)
class NewTask:
    """Work to leave. Higher ``priority`` goes first; ``run_after`` is now unless said otherwise. What it belongs to is the
    call in progress, unless ``correlation_id`` says otherwise."""

    payload: Payload
    dedupe_key: str | None = None
    run_after: datetime | None = None
    priority: int = 0
    correlation_id: UUID | None = None
    id: UUID = field(default_factory=new_id)

    def encoded(self) -> str:
        encoded = orjson.dumps(self.payload)
        assert len(encoded) <= MAX_PAYLOAD_BYTES, "a payload says what to look up, and does not carry it"
        assert self.dedupe_key is None or 0 < len(self.dedupe_key) <= MAX_DEDUPE_KEY_LENGTH
        return encoded.decode()


async def enqueue(
    work: Work,
    queue: Queue | str,
    payload: Payload,
    *,
    dedupe_key: str | None = None,
    run_after: datetime | timedelta | None = None,
    priority: int = 0,
) -> UUID:
    """Leave a piece of work, and return its task's id. While a task with the same key is open, that one is the answer."""
    moment = clock.now() + run_after if isinstance(run_after, timedelta) else run_after
    task = NewTask(payload, dedupe_key, moment, priority)
    [task_id] = await enqueue_many(work, queue, [task])
    return task_id


# One statement for any number of tasks. Those whose key is taken are left out of what is returned.
_INSERT: Final = """
insert into job_task (id, name, payload, priority, run_after, max_attempts, dedupe_key, requested_by, correlation_id,
                      created_at)
select id, $5, payload, priority, run_after, $6, dedupe_key, $7, correlation_id, $9
from unnest($1::uuid[], $2::jsonb[], $3::smallint[], $4::timestamptz[], $10::text[], $8::uuid[])
     as task (id, payload, priority, run_after, dedupe_key, correlation_id)
on conflict (name, dedupe_key) where dedupe_key is not null and state in ('QUEUED', 'RUNNING', 'RETRYING') do nothing
returning id
"""

_OPEN_WITH_KEY: Final = """
select id from job_task where name = $1 and dedupe_key = $2 and state in ('QUEUED', 'RUNNING', 'RETRYING')
"""


async def enqueue_many(work: Work, queue: Queue | str, tasks: Sequence[NewTask]) -> list[UUID]:
    """As :func:`enqueue`, many at once; the ids are in the order of ``tasks``."""
    declared = queue_named(queue) if isinstance(queue, str) else queue
    inserted = await _insert(work, declared, tasks)
    ids = []
    for task in tasks:
        ids.append(task.id if task.id in inserted else await _existing(work, declared, task))
    work.after_commit(_ring)
    return ids


async def _insert(work: Work, queue: Queue, tasks: Sequence[NewTask]) -> set[UUID]:
    now, call = clock.now(), current_call()
    rows = await work.fetch(
        _INSERT,
        [task.id for task in tasks],
        [task.encoded() for task in tasks],
        [task.priority for task in tasks],
        [task.run_after or now for task in tasks],
        queue.name,
        queue.max_attempts,
        call.actor_id,
        [task.correlation_id or call.correlation_id for task in tasks],
        now,
        [task.dedupe_key for task in tasks],
    )
    return {row["id"] for row in rows}


async def _existing(work: Work, queue: Queue, task: NewTask) -> UUID:
    """The open task that has the key; if it ended between two statements, the new one after all."""
    while True:
        found = await work.fetchval(_OPEN_WITH_KEY, queue.name, task.dedupe_key)
        if found is not None or await _insert(work, queue, [task]):
            return found or task.id


_doorbells: list[Callable[[], None]] = []


def ring_after_enqueue(callback: Callable[[], None]) -> Callable[[], None]:
    """Have ``callback`` called when work was left in this process, so that a worker need not wait for its next look.

    Returns the function that takes it back.
    """
    _doorbells.append(callback)
    return lambda: _doorbells.remove(callback)


def _ring() -> None:
    for callback in _doorbells:
        callback()
