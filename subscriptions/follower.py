"""Following the log without a gap, whatever the doorbell does.

The doorbell may ring late, twice, out of order or not at all. What this process knows, it knows from positions: the next
event is the one after the last; anything else is read from the log. When the doorbell is silent, the head of the log is
looked at now and then.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

import structlog
from broadcaster._base import Subscriber

from domain.events import log
from domain.events.event import LoggedEvent, batch_from_wire
from domain.events.log import Place, Reader
from subscriptions.limits import HubLimits
from subscriptions.ring import Ring
from subscriptions.stepping import end_task, start_task
from subscriptions.transport import LOG_CHANNEL, Gap, ResilientBroadcast

_FIRST_DELAY_S: Final = 0.1
_LONGEST_DELAY_S: Final = 2.0
_READ_AT_START: Final = 10_000
_PAGE_AT_START: Final = 5_000

logger = structlog.get_logger(__name__)


class LogFollower:
    """Gives every event once and in order to ``dispatch``; when history itself has changed, calls ``start_over`` instead."""

    def __init__(
        self,
        reader: Reader,
        broadcast: ResilientBroadcast,
        ring: Ring,
        limits: HubLimits,
        *,
        dispatch: Callable[[LoggedEvent], Awaitable[None]],
        start_over: Callable[[], Awaitable[None]],
    ) -> None:
        self._reader = reader
        self._broadcast = broadcast
        self._ring = ring
        self._limits = limits
        self._dispatch = dispatch
        self._start_over = start_over
        self._task: asyncio.Task[None] | None = None
        self.place = Place(0, 0)
        self.gaps = 0
        self.looked_at_head = 0

    async def start(self) -> None:
        """From where the log ends now; the recent past is read into memory, for those who come back after a restart."""
        self.place = await log.head(self._reader)
        await self._read_recent_past()
        self._task = start_task(self._follow(), name="log-follower")

    async def stop(self) -> None:
        if self._task is not None:
            await end_task(self._task)

    async def _read_recent_past(self) -> None:
        at = max(0, self.place.position - min(_READ_AT_START, self._limits.ring_events))
        self._ring.clear(at)
        while at < self.place.position:
            page = await log.read_after(at, limit=_PAGE_AT_START, reader=self._reader)
            for logged in page:
                if logged.position > self.place.position:
                    return
                if logged.position != at + 1 or logged.epoch != self.place.epoch:
                    self._ring.clear(logged.position if logged.epoch != self.place.epoch else logged.position - 1)
                at = logged.position
                if logged.epoch == self.place.epoch:
                    self._ring.append(logged)
            if not page:
                self._ring.clear(self.place.position)
                return

    async def _follow(self) -> None:
        delay = _FIRST_DELAY_S
        while True:
            try:
                async with self._broadcast.subscribe(LOG_CHANNEL) as doorbell:
                    await self._read_up()
                    while True:
                        await self._hear(doorbell)
                        delay = _FIRST_DELAY_S
            except Exception as error:
                # Nothing may end the following: the next attempt begins at the last position.
                logger.exception("log_follower_stumbled", exc_info=error)
            await asyncio.sleep(delay * random.uniform(0.5, 1.5))
            delay = min(delay * 2, _LONGEST_DELAY_S)

    async def _hear(self, doorbell: Subscriber) -> None:
        limits = self._limits
        patience = limits.poll_s if self._broadcast.backend.connected else limits.poll_without_doorbell_s
        message = None
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                message = await doorbell.get()
        if message is None or isinstance(message, Gap):
            await self._read_up()
        else:
            await self._take(batch_from_wire(message.message))

    async def _take(self, batch: list[LoggedEvent]) -> None:
        for logged in batch:
            if logged.epoch == self.place.epoch and logged.position <= self.place.position:
                continue
            if logged.epoch == self.place.epoch and logged.position == self.place.position + 1:
                await self._pass_on(logged)
            else:
                self.gaps += 1
                await self._read_up()

    async def _read_up(self) -> None:
        """Read from the log whatever was not heard."""
        head = await log.head(self._reader)
        self.looked_at_head += 1
        if head.epoch != self.place.epoch or head.position < self.place.position:
            await self._begin_at(head)
        while self.place.position < head.position:
            page = await log.read_after(self.place.position, limit=self._limits.page_events, reader=self._reader)
            for logged in page:
                if logged.position != self.place.position + 1 or logged.epoch != self.place.epoch:
                    page = []
                    break
                await self._pass_on(logged)
            if not page:
                # The log begins later than where we stand, or another epoch has begun: it cannot be told without a gap.
                await self._begin_at(await log.head(self._reader))
                return

    async def _pass_on(self, logged: LoggedEvent) -> None:
        self._ring.append(logged)
        self.place = Place(logged.epoch, logged.position)
        await self._dispatch(logged)

    async def _begin_at(self, head: Place) -> None:
        logger.warning("log_history_changed", epoch=head.epoch, position=head.position)
        self.place = head
        self._ring.clear(head.position)
        await self._start_over()
