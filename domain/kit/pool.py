"""The pool of a process's connections to PostgreSQL: lent for as long as a statement or a transaction takes.

Whoever waits is served in turn: a connection that comes back goes to the one who has waited longest, and nobody who comes
later overtakes. To lend one that lies idle, and to take it back, costs neither a task nor a question to the server. Only
one that is in doubt is asked before it is lent again; one that is broken, or that the server has ended, is thrown away in
the moment in which that is known, and another opened when somebody needs it or when too few are left. While the server
cannot be reached, as when it starts again, those who wait go on waiting, each to its limit.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from contextvars import Context
from typing import Any, Final

import asyncpg
from prometheus_client import Counter, Histogram

from domain.kit.attribution import AttributedConnection

Connect = Callable[[], Awaitable[AttributedConnection]]

UNREACHABLE: Final = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
)
"""What connecting fails with while a server stops, starts or is full: it may answer a moment later."""
FIRST_PAUSE_S: Final = 0.05
LONGEST_PAUSE_S: Final = 0.5
CLEANING_LIMIT_S: Final = 10.0

_WAITED: Final = Histogram(
    "daftari_pool_wait_seconds",
    "How long those waited for a connection who found none idle.",
    buckets=(0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
_IN_VAIN: Final = Counter("daftari_pool_timeouts_total", "Those who waited for a connection and got none in time.")


class NoConnectionInTime(TimeoutError):
    """All connections of the pool were lent for as long as somebody may wait for one."""


class PoolClosed(asyncpg.InterfaceError):
    """The pool is closing, and lends nothing more."""


class Pool:
    """``min_size`` connections from the start and ``max_size`` when they are needed; those that nobody needs for long go."""

    def __init__(
        self, connect: Connect, *, min_size: int, max_size: int, acquire_timeout_s: float, idle_lifetime_s: float = 300.0
    ) -> None:
        assert 0 <= min_size <= max_size and max_size > 0
        self._connect = connect
        self._min_size, self._max_size = min_size, max_size
        self._acquire_timeout_s, self._idle_lifetime_s = acquire_timeout_s, idle_lifetime_s
        # The one that came back last is lent first, so that few stay warm and the others grow old. Somebody waits only
        # while this is empty.
        self._idle: list[AttributedConnection] = []
        self._lent: set[AttributedConnection] = set()
        self._waiting: deque[asyncio.Future[AttributedConnection]] = deque()
        # Tasks each of which has a connection in hand: opens it, asks it because it is in doubt, or takes leave of it.
        self._arriving: set[asyncio.Task[None]] = set()
        self._unreachable: BaseException | None = None
        self._closing = False
        self._came_back = asyncio.Event()
        self._sweep: asyncio.TimerHandle | None = None

    async def open(self) -> Pool:
        """Connect ``min_size`` times; fails as connecting does."""
        try:
            for _ in range(self._min_size):
                self._idle.append(await self._connect_watched())
        except BaseException:
            self.terminate()
            raise
        self._sweep_later()
        return self

    def get_size(self) -> int:
        """How many connections there are, those included that are just being opened."""
        return len(self._idle) + len(self._lent) + len(self._arriving)

    def get_idle_size(self) -> int:
        return len(self._idle)

    def get_lent_size(self) -> int:
        return len(self._lent)

    def get_max_size(self) -> int:
        return self._max_size

    def get_waiting(self) -> int:
        """How many wait for a connection now."""
        return sum(not turn.done() for turn in self._waiting)

    def is_closing(self) -> bool:
        return self._closing

    async def acquire(self) -> AttributedConnection:
        """A connection of one's own until :meth:`release`.

        Raises :class:`NoConnectionInTime`, or what connecting fails with while the server cannot be reached.
        """
        if self._closing:
            raise PoolClosed("the pool is closing")
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                self._lent.add(connection)
                return connection
        return await self._wait_in_turn()

    async def release(self, connection: AttributedConnection) -> None:
        """Give back what :meth:`acquire` gave. One that is in doubt is back when the server has answered for it."""
        # Taken back twice, it would be lent twice.
        assert connection in self._lent, "this connection is not lent"
        self._lent.remove(connection)
        if connection.is_closed():
            self._throw_away(connection)
        elif connection.in_doubt or connection.is_in_transaction():
            # Its borrower may be cancelled meanwhile; it is asked all the same.
            await asyncio.shield(self._arrive(self._clean(connection)))
        else:
            self._lend_on(connection)

    async def close(self) -> None:
        """Lend nothing more, wait until everything is back, and take leave of the server. Cancelled, it cuts the rest."""
        self._stop_lending()
        try:
            while self._idle:
                await self._idle.pop().close()
            while self._lent or self._arriving:
                self._came_back.clear()
                await self._came_back.wait()
        except BaseException:
            self.terminate()
            raise

    def terminate(self) -> None:
        """Cut all connections at once, also those that are lent."""
        self._stop_lending()
        for task in self._arriving:
            task.cancel()
        for connection in (*self._idle, *self._lent):
            connection.terminate()
        self._idle.clear()

    async def expire_connections(self) -> None:
        """Replace what lies idle, because something has changed that connections remember."""
        while self._idle:
            self._idle.pop().terminate()

    # Waiting, and being served.

    async def _wait_in_turn(self) -> AttributedConnection:
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[AttributedConnection] = loop.create_future()
        limit = loop.call_later(self._acquire_timeout_s, self._give_up, turn)
        self._waiting.append(turn)
        self._open_if_needed()
        began = loop.time()
        try:
            return await turn
        except asyncio.CancelledError:
            # It may have been served in the same moment.
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                await self.release(turn.result())
            raise
        finally:
            limit.cancel()
            _WAITED.observe(loop.time() - began)

    def _give_up(self, turn: asyncio.Future[AttributedConnection]) -> None:
        if not turn.done():
            _IN_VAIN.inc()
            turn.set_exception(self._unreachable or NoConnectionInTime("no connection to the database became free in time"))

    def _next_turn(self) -> asyncio.Future[AttributedConnection] | None:
        """Whose turn it is. Who has given up, or was cancelled, is passed over."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                return turn
        return None

    def _lend_on(self, connection: AttributedConnection) -> None:
        if self._closing:
            self._arrive(connection.close())
            return
        turn = self._next_turn()
        if turn is None:
            connection.idle_since = asyncio.get_running_loop().time()
            self._idle.append(connection)
        else:
            self._lent.add(connection)
            turn.set_result(connection)

    def _throw_away(self, connection: AttributedConnection) -> None:
        connection.terminate()
        self._came_back.set()
        self._open_if_needed()
        self._fill_up()

    def _ended(self, connection: Any) -> None:
        """Told of every connection that has come to its end. Who has it in hand gives it back; an idle one goes at once."""
        with contextlib.suppress(ValueError):
            self._idle.remove(connection)
        self._fill_up()

    # Connections that arrive.

    def _open_if_needed(self) -> None:
        """One more connection for each who waits and for whom none arrives, as far as there may be more."""
        if self._closing or self.get_size() >= self._max_size:
            return
        waiting = self.get_waiting()
        while len(self._arriving) < waiting and self.get_size() < self._max_size:
            self._arrive(self._open_one())

    def _fill_up(self) -> None:
        """As many as there are from the start, so that who comes after connections were lost need not wait for new ones."""
        while not self._closing and self.get_size() < self._min_size:
            self._arrive(self._open_one())

    def _arrive(self, coming: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        # In a context of its own: whoever needs it first has a unit of work or a call that are none of its business.
        task = asyncio.get_running_loop().create_task(coming, context=Context())
        self._arriving.add(task)
        task.add_done_callback(self._arrived)
        return task

    def _arrived(self, task: asyncio.Task[None]) -> None:
        self._arriving.discard(task)
        self._came_back.set()
        self._open_if_needed()

    async def _open_one(self) -> None:
        try:
            connection = await self._connect_patiently()
        except Exception as error:
            turn = self._next_turn()
            if turn is not None:
                turn.set_exception(error)
            return
        if connection is not None:
            self._hand_over(connection)

    async def _connect_watched(self) -> AttributedConnection:
        connection = await self._connect()
        connection.add_termination_listener(self._ended)
        return connection

    async def _connect_patiently(self) -> AttributedConnection | None:
        """Try again while the server cannot be reached and somebody waits for it, or there are too few."""
        pause_s = FIRST_PAUSE_S
        while not self._closing:
            try:
                connection = await self._connect_watched()
            except UNREACHABLE as error:
                # The one that is missing here counts as being there.
                if self.get_size() > self._min_size and all(turn.done() for turn in self._waiting):
                    break
                self._unreachable = error
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
            else:
                self._unreachable = None
                return connection
        self._unreachable = None
        return None

    async def _clean(self, connection: AttributedConnection) -> None:
        """Undo what was left open, and hear from the server that it goes on with this connection."""
        try:
            # Of a BEGIN that was cut short one knows only when the server has answered: then it is done again.
            with contextlib.suppress(asyncpg.InFailedSQLTransactionError):
                await connection.reset(timeout=CLEANING_LIMIT_S)
            if connection.is_in_transaction():
                await connection.reset(timeout=CLEANING_LIMIT_S)
        except BaseException as error:
            connection.terminate()
            if not isinstance(error, Exception):
                raise
        else:
            self._hand_over(connection)

    def _hand_over(self, connection: AttributedConnection) -> None:
        """The last act of a task that had it in hand."""
        task = asyncio.current_task()
        assert task is not None
        self._arriving.discard(task)
        self._lend_on(connection)

    # Closing, and growing old.

    def _stop_lending(self) -> None:
        self._closing = True
        if self._sweep is not None:
            self._sweep.cancel()
        while (turn := self._next_turn()) is not None:
            turn.set_exception(PoolClosed("the pool is closing"))

    def _sweep_later(self) -> None:
        loop = asyncio.get_running_loop()
        self._sweep = loop.call_later(self._idle_lifetime_s / 2, self._sweep_idle)

    def _sweep_idle(self) -> None:
        """Let go of those that nobody has needed for long, the oldest first."""
        long_ago = asyncio.get_running_loop().time() - self._idle_lifetime_s
        kept: list[AttributedConnection] = []
        spare = self.get_size() - self._min_size
        for connection in self._idle:
            if spare > 0 and connection.idle_since < long_ago:
                connection.terminate()
                spare -= 1
            else:
                kept.append(connection)
        self._idle = kept
        # What could not be opened when it was missing is tried again here.
        self._fill_up()
        self._sweep_later()


async def open_pool(*, min_size: int, max_size: int, acquire_timeout_s: float, init: Any, **settings: Any) -> Pool:
    """A pool of connections that ``settings`` describe as for :func:`asyncpg.connect`, each prepared by ``init``."""

    async def connect() -> AttributedConnection:
        connection = await asyncpg.connect(**settings)
        try:
            await init(connection)
        except BaseException:
            with contextlib.suppress(Exception):
                connection.terminate()
            raise
        assert isinstance(connection, AttributedConnection)
        return connection

    return await Pool(connect, min_size=min_size, max_size=max_size, acquire_timeout_s=acquire_timeout_s).open()
