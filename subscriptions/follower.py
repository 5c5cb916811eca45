"""Following the log without a gap, whatever the doorbell does.

The doorbell may ring late, twice, out of order or not at all. What this process knows, it knows from positions: the next
event is the one after the last; anything else is read from the log. When the doorbell is silent, the head of the log is
looked at now and then.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from typing import Final

import structlog

from domain.events import log
from domain.events.event import LoggedEvent, batch_from_wire
from domain.events.log import Place, Reader, place_of
from subscriptions.limits import HubLimits
from subscriptions.parcels import parts_of
from subscriptions.ring import Ring
from subscriptions.stepping import end_task, start_task
from subscriptions.transport import LOG_CHANNEL, Gap, Messages, ResilientBroadcast

_FIRST_DELAY_S: Final = 0.1
_LONGEST_DELAY_S: Final = 2.0
_READ_AT_START: Final = 10_000
_PAGE_AT_START: Final = 5_000
_HEARD_TOGETHER: Final = 500

logger = structlog.get_logger(__name__)


class LogFollower:
    """Gives every event once and in order to ``dispatch``, in runs of what has come meanwhile; an event that ``opens_run``
    is the first of its run. When history itself has changed, calls ``start_over`` instead, and ``doorbell_changed`` when
    Redis is lost or found again."""

    def __init__(
        self,
        reader: Reader,
        broadcast: ResilientBroadcast,
        ring: Ring,
        limits: HubLimits,
        *,
        dispatch: Callable[[Sequence[LoggedEvent]], Awaitable[None]],
        opens_run: Callable[[LoggedEvent], bool],
        start_over: Callable[[], Awaitable[None]],
        doorbell_changed: Callable[[], object],
    ) -> None:
        self._reader = reader
        self._broadcast = broadcast
        self._ring = ring
        self._limits = limits
        self._dispatch = dispatch
        self._opens_run = opens_run
        self._start_over = start_over
        self._doorbell_changed = doorbell_changed
        self._doorbell_away = False
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
            try:
                page = await log.read_after(at, limit=_PAGE_AT_START, reader=self._reader)
            except log.GapInLog as gap:
                at = gap.first - 1
                self._ring.clear(at)
                continue
            for logged in page:
                if logged.position > self.place.position:
                    return
                if logged.position != at + 1 or logged.epoch != self.place.epoch:
                    self._ring.clear(logged.position - 1)
                at = logged.position
                if logged.epoch == self.place.epoch:
                    self._ring.append(logged)
                else:
                    self._ring.clear(logged.position, logged.fingerprint)
            if not page:
                self._ring.clear(self.place.position, self.place.fingerprint)
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

    async def _hear(self, doorbell: Messages) -> None:
        limits = self._limits
        patience = limits.poll_s if self._broadcast.backend.connected else limits.poll_without_doorbell_s
        message = None
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                message = await doorbell.get()
        silent = message is None
        batch: list[LoggedEvent] = []
        while message is not None and not isinstance(message, Gap):
            batch += batch_from_wire(message.message)
            # Under load more has come meanwhile: several events told together cost little more than one.
            message = doorbell.next_waiting() if len(batch) < _HEARD_TOGETHER else None
        await self._take(batch)
        if silent or isinstance(message, Gap):
            await self._read_up()
        # Last: whoever hears that all is well again has been told what was missed.
        if self._broadcast.backend.away != self._doorbell_away:
            self._doorbell_away = not self._doorbell_away
            self._doorbell_changed()

    async def _take(self, batch: Sequence[LoggedEvent]) -> None:
        following: list[LoggedEvent] = []
        for logged in batch:
            last = following[-1] if following else self.place
            if logged.epoch == last.epoch and logged.position <= last.position:
                if self._is_another(logged):
                    # Of the two, the log says which one is so.
                    await self._pass_on(following)
                    following = []
                    await self._read_up()
                continue
            if logged.epoch == last.epoch and logged.position == last.position + 1:
                following.append(logged)
                continue
            await self._pass_on(following)
            following = []
            self.gaps += 1
            await self._read_up()
        await self._pass_on(following)

    async def _read_up(self) -> None:
        """Read from the log whatever was not heard."""
        head = await log.head(self._reader)
        self.looked_at_head += 1
        if head.epoch != self.place.epoch or head.position < self.place.position or not await self._leads_to(head):
            await self._begin_at(head)
        while self.place.position < head.position:
            try:
                page = await log.read_after(self.place.position, limit=self._limits.page_events, reader=self._reader)
            except log.GapInLog:
                page = []
            following = self._without_a_gap(page)
            await self._pass_on(following)
            if not page or len(following) < len(page):
                # The log begins later than where we stand, or another epoch has begun: it cannot be told without a gap.
                await self._begin_at(await log.head(self._reader))
                return

    async def _leads_to(self, head: Place) -> bool:
        """Whether this head is of the history that was heard: a restored log may have grown past where it was."""
        place = self.place
        if head.position > place.position:
            stands = Place(head.epoch, place.position, await log.fingerprint_at(place.position, self._reader))
        else:
            stands = head
        return not place.contradicts(stands)

    def _is_another(self, logged: LoggedEvent) -> bool:
        """Whether this is not the event that was heard at its position."""
        known = self._ring.fingerprint_at(logged.position)
        return known != 0 and known != logged.fingerprint

    def _without_a_gap(self, page: Sequence[LoggedEvent]) -> list[LoggedEvent]:
        """The events of the page that follow on where we stand."""
        epoch, first = self.place.epoch, self.place.position + 1
        for number, logged in enumerate(page):
            if logged.epoch != epoch or logged.position != first + number:
                return list(page[:number])
        return list(page)

    async def _pass_on(self, events: Sequence[LoggedEvent]) -> None:
        for run in self._runs_of(events):
            for logged in run:
                self._ring.append(logged)
            self.place = place_of(run[-1])
            await self._dispatch(run)

    def _runs_of(self, events: Sequence[LoggedEvent]) -> Iterator[Sequence[LoggedEvent]]:
        start = 0
        for at, logged in enumerate(events):
            if self._opens_run(logged):
                yield from parts_of(events[start:at], self._limits)
                start = at
        yield from parts_of(events[start:], self._limits)

    async def _begin_at(self, head: Place) -> None:
        logger.warning("log_history_changed", epoch=head.epoch, position=head.position)
        self.place = head
        self._ring.clear(head.position, head.fingerprint)
        await self._start_over()
