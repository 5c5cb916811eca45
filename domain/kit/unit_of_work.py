"""The unit of work: rows, journal entries and events commit together or not at all.

``async with unit_of_work() as work`` opens a transaction, or joins the one in progress. ``work.record(event)`` keeps an
event for the outbox, which is written as the transaction's last statement. ``@retried`` on a public service function
repeats it when PostgreSQL asks for it (serialization failure, deadlock), which nobody outside ever sees.
"""

from __future__ import annotations

import asyncio
import functools
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, ParamSpec, Protocol, TypeVar
from uuid import UUID

import asyncpg
from tortoise.backends.asyncpg.client import TransactionWrapper
from tortoise.connection import get_connections
from tortoise.exceptions import BaseORMException

from domain.kit import clock
from domain.kit.context import CallContext, current_call
from domain.kit.database import ALIAS, Connection, in_unit_of_work, pool, pool_client
from domain.kit.pool import Pool

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


@dataclass(frozen=True, slots=True)
class KeptResult:
    """What an act with an idempotency key was asked and gave, as JSON; see :mod:`domain.kit.idempotency`."""

    actor_id: UUID
    key: str
    request: bytes
    result: str
    created_at: datetime

    def columns(self) -> tuple[UUID, str, bytes, str, datetime]:
        return self.actor_id, self.key, self.request, self.result, self.created_at


class Work:
    """One transaction in progress: its connection, and the events it will announce."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.events: list[Recorded] = []
        self.kept: KeptResult | None = None
        """What an idempotency key will remember; written together with the events."""
        self.called_after_commit: list[Callable[[], None]] = []
        self.first_answer = connection.first_answer
        """What came of the question that it began with; nothing if it began with none."""

    def record(self, *events: Recordable) -> None:
        """Announce facts in this order, if and only if the transaction commits."""
        call, moment = current_call(), clock.now()
        self.events.extend(Recorded(fact, call, moment) for fact in events)

    def after_commit(self, callback: Callable[[], None]) -> None:
        """Call back once the transaction is durable. Not for anything that must not be lost: record an event for that."""
        self.called_after_commit.append(callback)

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """A part that can fail alone: what it wrote and recorded is gone when it raises, and the rest goes on."""
        recorded, after_commit = len(self.events), len(self.called_after_commit)
        try:
            async with self.connection.transaction():
                yield
        except BaseException:
            del self.events[recorded:]
            del self.called_after_commit[after_commit:]
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
_write_last: Writer | None = None


def write_events_with(writer: Writer) -> None:
    """Tell the unit of work who writes what is written last; :mod:`domain.events.outbox` does, on import."""
    global _write_last
    _write_last = writer


def work_in_progress() -> Work | None:
    return _current.get()


def unit_of_work() -> AbstractAsyncContextManager[Work]:
    """The transaction in progress, or a new one that commits when the block ends and rolls back when it raises."""
    outer = _current.get()
    return _Unit() if outer is None else _Joined(outer)


def unit_that_asks(question: str) -> AbstractAsyncContextManager[Work]:
    """A new unit of work whose first question goes to the server together with BEGIN, as SQL without parameters.

    How many rows it finds is told by ``work.first_answer``; whoever must read them asks again.
    """
    assert _current.get() is None, "a unit that is part of another does not begin"
    return _Unit(question)


class _Joined(AbstractAsyncContextManager[Work]):
    """A unit inside a unit: what it does is part of the outer one. A service's act opens several, one inside the other."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def __aenter__(self) -> Work:
        return self._work

    async def __aexit__(self, *raised: object) -> None:
        return None


class _Unit(AbstractAsyncContextManager[Work]):
    """A transaction from its BEGIN to its end, with the connection that it has for so long."""

    def __init__(self, question: str | None = None) -> None:
        self._question = question

    async def __aenter__(self) -> Work:
        self._lender = pool()
        connection = await self._lender.acquire()
        # The answer is to this unit's question, and not to what an earlier one has asked on the same connection.
        connection.first_question, connection.first_answer = self._question, ""
        self._transaction = await _begin(connection, self._lender)
        self._work = Work(connection)
        self._tortoise_token = get_connections().set(ALIAS, self._transaction)
        self._token = _current.set(self._work)
        self._connection_token = in_unit_of_work.set(connection)
        return self._work

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        work = self._work
        try:
            if error is not None:
                await _roll_back(self._transaction, work.connection, self._lender)
                return
            await self._write_last()
            await _shielded(_commit(self._transaction, work.connection, self._lender))
        finally:
            in_unit_of_work.reset(self._connection_token)
            _current.reset(self._token)
            get_connections().reset(self._tortoise_token)
        for callback in work.called_after_commit:
            callback()

    async def _write_last(self) -> None:
        work = self._work
        if not work.events and work.kept is None:
            return
        assert _write_last is not None, "import domain.events before recording"
        try:
            await _write_last(work)
        except BaseException:
            await _roll_back(self._transaction, work.connection, self._lender)
            raise


async def _begin(connection: Connection, lender: Pool) -> TransactionWrapper:
    wrapper = TransactionWrapper(pool_client())
    wrapper._connection = connection
    try:
        await wrapper.begin()
    except BaseException:
        # Cut short, it is in doubt, and the pool undoes what may have begun.
        await lender.release(connection)
        raise
    return wrapper


async def _roll_back(transaction: TransactionWrapper, connection: Connection, lender: Pool) -> None:
    """Whatever goes wrong here leaves a connection in doubt, or broken, and the pool sees to it."""
    try:
        if not connection.is_closed():
            await transaction.rollback()
    except Exception:
        connection.in_doubt = True
    finally:
        await lender.release(connection)


async def _commit(transaction: TransactionWrapper, connection: Connection, lender: Pool) -> None:
    try:
        await transaction.commit()
    finally:
        await lender.release(connection)


async def _shielded(step: Coroutine[Any, Any, None]) -> None:
    """Finish ``step`` although the caller is cancelled meanwhile, so that no COMMIT is cut in two.

    A cancelled caller gets its CancelledError after the step has ended.
    """
    task = asyncio.ensure_future(step)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.gather(task, return_exceptions=True)
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
