"""The unit of work: rows, journal entries and events commit together or not at all.

``async with unit_of_work() as work`` opens a transaction, or joins the one in progress. ``work.record(event)`` keeps an
event for the outbox, which is written as the transaction's last statement. ``@retried`` on a public service function
repeats it when PostgreSQL asks for it (serialization failure, deadlock), which nobody outside ever sees.
"""

from __future__ import annotations

import asyncio
import functools
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, ParamSpec, Protocol, TypeVar

import asyncpg
from tortoise.backends.asyncpg.client import TransactionWrapper
from tortoise.connection import get_connections
from tortoise.exceptions import BaseORMException

from domain.kit import clock
from domain.kit.context import CallContext, current_call
from domain.kit.database import ALIAS, Connection, acquire, pool_client, release

P = ParamSpec("P")
T = TypeVar("T")

MAX_ATTEMPTS: Final = 6
_RETRYABLE: Final = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError)


class Recordable(Protocol):
    """What a unit of work can record; :class:`domain.events.event.Event` is the one kind."""

    def topics(self) -> Iterable[str]: ...

    def audience(self) -> Iterable[str]: ...


Writer = Callable[["Work"], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Recorded:
    """A fact waiting for its transaction, with who stated it and when."""

    fact: Any
    call: CallContext
    occurred_at: datetime


class Work:
    """One transaction in progress: its connection, and the events it will announce."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.events: list[Recorded] = []
        self._after_commit: list[Callable[[], None]] = []

    def record(self, *events: Recordable) -> None:
        """Announce facts in this order, if and only if the transaction commits."""
        call, moment = current_call(), clock.now()
        self.events.extend(Recorded(fact, call, moment) for fact in events)

    def after_commit(self, callback: Callable[[], None]) -> None:
        """Call back once the transaction is durable. Not for anything that must not be lost: record an event for that."""
        self._after_commit.append(callback)

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """A part that can fail alone: what it wrote and recorded is gone when it raises, and the rest goes on."""
        recorded, after_commit = len(self.events), len(self._after_commit)
        try:
            async with self.connection.transaction():
                yield
        except BaseException:
            del self.events[recorded:]
            del self._after_commit[after_commit:]
            raise

    async def fetch(self, sql: str, *args: Any) -> list[asyncpg.Record]:
        rows: list[asyncpg.Record] = await self.connection.fetch(sql, *args)
        return rows

    async def fetchrow(self, sql: str, *args: Any) -> asyncpg.Record | None:
        row: asyncpg.Record | None = await self.connection.fetchrow(sql, *args)
        return row

    async def fetchval(self, sql: str, *args: Any) -> Any:
        return await self.connection.fetchval(sql, *args)

    async def execute(self, sql: str, *args: Any) -> None:
        await self.connection.execute(sql, *args)


_current: ContextVar[Work | None] = ContextVar("daftari_work", default=None)
_write_outbox: Writer | None = None


def write_events_with(writer: Writer) -> None:
    """Tell the unit of work who writes recorded events; :mod:`domain.events.outbox` does, on import."""
    global _write_outbox
    _write_outbox = writer


def work_in_progress() -> Work | None:
    return _current.get()


@asynccontextmanager
async def unit_of_work() -> AsyncIterator[Work]:
    """The transaction in progress, or a new one that commits when the block ends and rolls back when it raises."""
    outer = _current.get()
    if outer is not None:
        yield outer
        return
    transaction = await _shielded(_begin(), undo=_abandon)
    work = Work(transaction._connection)
    tortoise_token = get_connections().set(ALIAS, transaction)
    token = _current.set(work)
    try:
        yield work
        if work.events:
            assert _write_outbox is not None, "import domain.events before recording"
            await _write_outbox(work)
    except BaseException:
        await _shielded(_finish(transaction, commit=False))
        raise
    else:
        await _shielded(_finish(transaction, commit=True))
    finally:
        _current.reset(token)
        get_connections().reset(tortoise_token)
    for callback in work._after_commit:
        callback()


async def _begin() -> TransactionWrapper:
    connection = await acquire()
    wrapper = TransactionWrapper(pool_client())
    wrapper._connection = connection
    try:
        await wrapper.begin()
    except BaseException:
        await release(connection)
        raise
    return wrapper


async def _finish(transaction: TransactionWrapper, *, commit: bool) -> None:
    try:
        if commit:
            await transaction.commit()
        elif not _is_gone(transaction._connection):
            await transaction.rollback()
    finally:
        await release(transaction._connection)


def _is_gone(connection: Connection) -> bool:
    """Whether the server has closed it. The pool takes such a connection back by itself, and its borrower has nothing."""
    try:
        return bool(connection.is_closed())
    except asyncpg.InterfaceError:
        return True


async def _abandon(transaction: TransactionWrapper) -> None:
    await _finish(transaction, commit=False)


async def _shielded(step: Any, undo: Callable[[Any], Awaitable[None]] | None = None) -> Any:
    """Finish ``step`` although the caller is cancelled meanwhile, so that no connection leaks and no COMMIT is cut in two.

    A cancelled caller gets its CancelledError after the step has ended, and after ``undo`` of what it gave.
    """
    task = asyncio.ensure_future(step)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        result = await asyncio.gather(task, return_exceptions=True)
        if undo is not None and not isinstance(result[0], BaseException):
            await undo(result[0])
        raise


def retried(function: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[T]]:
    """Repeat a service function whose transaction lost a race in the database; inside a wider unit of work, leave it be."""

    @functools.wraps(function)
    async def attempt(*args: P.args, **kwargs: P.kwargs) -> T:
        if _current.get() is not None:
            return await function(*args, **kwargs)
        for count in range(1, MAX_ATTEMPTS):
            try:
                return await function(*args, **kwargs)
            except Exception as error:
                if not _lost_a_race(error):
                    raise
                await asyncio.sleep(random.uniform(0, 0.01 * 2**count))
        return await function(*args, **kwargs)

    return attempt


def _lost_a_race(error: BaseException) -> bool:
    if isinstance(error, BaseORMException) and isinstance(error.__cause__, BaseException):
        return _lost_a_race(error.__cause__)
    return isinstance(error, _RETRYABLE)
