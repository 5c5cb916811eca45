"""One client's connection as the hub sees it: something that takes messages, at its own speed.

A message is handed over at once while the connection takes them. When it does not, messages wait, within bounds; beyond
the bounds the waiting events are dropped, and their feeds read them again from the log when the connection moves on.
What holds the bytes then is the log, not this process, so the memory of a slow reader is flat. Nobody waits for it.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Coroutine
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import structlog

from domain.identity.actor import Actor
from domain.kit.errors import DomainError
from subscriptions.access import Viewer
from subscriptions.limits import ConnectionLimits
from subscriptions.shapes import Rendered
from subscriptions.stepping import Finished, start_task, step

if TYPE_CHECKING:
    from subscriptions.hub import Hub
    from subscriptions.member import Member
    from subscriptions.parcels import Parcel

Message = Any
"""What the transport's ``send`` takes."""

Send = Callable[[Message], Coroutine[Any, Any, None]]

_MESSAGE_COST_BYTES: Final = 200

logger = structlog.get_logger(__name__)


class Farewell(Enum):
    """Why the hub ends a connection."""

    REVOKED = "what you signed in with is worth nothing any more"
    TOO_SLOW = "this connection does not take its messages"
    RESTARTING = "this server restarts; connect again"


class Connection(ABC):
    """A client's connection. A transport says how its messages look and how it ends."""

    __slots__ = ("_backlog", "_limits", "_send", "closed", "hub", "members", "viewer")

    def __init__(self, hub: Hub, send: Send, actor: Actor, limits: ConnectionLimits) -> None:
        self.hub = hub
        self.viewer = Viewer(actor)
        self.members: dict[str, Member] = {}
        self.closed = False
        self._send = send
        self._limits = limits
        self._backlog: Backlog | None = None

    @abstractmethod
    def next_message(self, member: Member, rendered: Rendered) -> Message:
        """An item for one of the open operations."""

    @abstractmethod
    def fail(self, member: Member, error: DomainError) -> None:
        """Tell the client that this operation has ended with an error."""

    @abstractmethod
    def farewell_message(self, reason: Farewell) -> Message:
        """The last message."""

    @abstractmethod
    def abort(self) -> None:
        """Cut the connection, because it does not even take its last message."""

    def ping(self) -> None:  # noqa: B027
        """A heartbeat before its time, where connections have one that tells anything."""

    def ends_at(self, moment: datetime | None) -> None:  # noqa: B027
        """What the client signed in with ends at another time than it did; None for never."""

    def take_viewer(self, actor: Actor) -> None:
        """Who the connection is for has become known."""
        assert not self.members, "feeds are opened for somebody"
        self.viewer = Viewer(actor)

    @property
    def is_slow(self) -> bool:
        return self._backlog is not None

    def deliver(self, member: Member, parcel: Parcel) -> None:
        """Hand over items, now or when it is their turn. Never waits."""
        for rendered in parcel.items:
            if self._backlog is None:
                if self.closed:
                    return
                self._hand_over(self.next_message(member, rendered))
            elif not self._backlog.add_item(member, rendered):
                # This one is dropped, and will be read again from the log with all that come after it.
                return

    def reply(self, message: Message, size: int, *, passing: bool = False) -> None:
        """Hand over anything else. A ``passing`` message, such as a heartbeat, may be left out when the client is slow."""
        if self._backlog is not None:
            self._backlog.add_reply(message, size, passing)
        elif not self.closed:
            self._hand_over(message)

    async def room(self) -> None:
        """Returns when nothing waits: how a replay keeps to the speed of its reader."""
        while self._backlog is not None:
            await asyncio.wait({self._backlog.task})

    def part(self, reason: Farewell) -> None:
        """End the connection from our side, at once."""
        if not self.closed:
            self.end_with(self.farewell_message(reason))

    def end_with(self, message: Message) -> None:
        """End the connection with this as the last message. One that is slow hears it when it takes again what it has been
        sent before; what waits behind that is dropped, and one that does not take it within ``parting_s`` is cut."""
        if self.closed:
            return
        self.end()
        try:
            outcome = step(self._send(message))
        except Exception as error:
            logger.debug("connection_already_gone", error=str(error))
        else:
            if not isinstance(outcome, Finished):
                start_task(self._take_leave(outcome), name="parting")

    async def _take_leave(self, under_way: Coroutine[Any, Any, None]) -> None:
        try:
            async with asyncio.timeout(self._limits.parting_s):
                await under_way
        except TimeoutError:
            self.abort()
        except Exception as error:
            logger.debug("connection_already_gone", error=str(error))

    def end(self) -> None:
        """The connection is over: nothing is sent any more."""
        self.closed = True
        self.hub.dismiss(self)
        if self._backlog is not None:
            self._backlog.cancel()
            self._backlog = None

    def _hand_over(self, message: Message) -> None:
        try:
            outcome = step(self._send(message))
        except Exception as error:
            self._lost(error)
            return
        if not isinstance(outcome, Finished):
            self._backlog = Backlog(self, outcome, self._limits)

    def _lost(self, error: Exception) -> None:
        logger.debug("connection_lost", error=str(error))
        self.end()

    def _moved_on(self) -> None:
        self._backlog = None
        for member in list(self.members.values()):
            if member.behind:
                member.group.bring_up_again(member)


class _Waiting(NamedTuple):
    """A message in line: an item of a member, which can be read again from the log, or a reply."""

    size: int
    member: Member | None
    rendered: Rendered | None
    reply: Message
    passing: bool


class Backlog:
    """What waits while a connection does not take messages; made when that begins, gone when it ends."""

    def __init__(self, connection: Connection, under_way: Coroutine[Any, Any, None], limits: ConnectionLimits) -> None:
        self._connection = connection
        self._limits = limits
        self._waiting: deque[_Waiting] = deque()
        self._bytes = 0
        self._under_way = under_way
        self._timer = self._new_timer()
        self.task = start_task(self._work_off(), name="backlog")
        # A task that is cancelled before it begins would leave the coroutine behind.
        self.task.add_done_callback(lambda _: under_way.close())

    def add_item(self, member: Member, rendered: Rendered) -> bool:
        """Whether there was room for it; if not, its member has fallen behind."""
        size = len(rendered.body) + _MESSAGE_COST_BYTES
        if len(self._waiting) >= self._limits.waiting_messages or self._bytes + size > self._limits.waiting_bytes:
            self._drop_items()
            member.group.fall_behind(member, rendered.position - 1)
            return False
        self._add(_Waiting(size, member, rendered, None, False))
        return True

    def add_reply(self, message: Message, size: int, passing: bool) -> None:
        size += _MESSAGE_COST_BYTES
        if self._bytes + size > self._limits.replies_bytes:
            self._connection.part(Farewell.TOO_SLOW)
        else:
            self._add(_Waiting(size, None, None, message, passing))

    def cancel(self) -> None:
        self._timer.cancel()
        self._waiting.clear()
        if self.task is not asyncio.current_task():
            self.task.cancel()

    def _add(self, waiting: _Waiting) -> None:
        self._waiting.append(waiting)
        self._bytes += waiting.size

    def _drop_items(self) -> None:
        """The members fall behind to before the first item that each loses. Heartbeats go too: they would tell a client
        that it has what it has not."""
        dropped = [each for each in self._waiting if each.passing or each.member is not None]
        self._waiting = deque(each for each in self._waiting if not each.passing and each.member is None)
        self._bytes = sum(each.size for each in self._waiting)
        for each in dropped:
            if each.member is not None and each.rendered is not None:
                each.member.group.fall_behind(each.member, each.rendered.position - 1)
        self._connection.hub.statistics.overflows += 1

    async def _work_off(self) -> None:
        connection = self._connection
        try:
            await self._under_way
            while self._waiting:
                self._timer.cancel()
                self._timer = self._new_timer()
                next_one = self._waiting.popleft()
                self._bytes -= next_one.size
                await self._send(next_one)
        except Exception as error:
            connection._lost(error)
        finally:
            self._timer.cancel()
        if not connection.closed:
            connection._moved_on()

    async def _send(self, waiting: _Waiting) -> None:
        connection = self._connection
        if waiting.member is None or waiting.rendered is None:
            await connection._send(waiting.reply)
        elif not waiting.member.ended:
            await connection._send(connection.next_message(waiting.member, waiting.rendered))

    def _new_timer(self) -> asyncio.TimerHandle:
        loop = asyncio.get_running_loop()
        return loop.call_later(self._limits.stalled_s, self._connection.part, Farewell.TOO_SLOW)
