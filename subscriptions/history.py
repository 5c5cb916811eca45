"""What a feed has missed: read from memory if it is recent, else from the log, and never in part."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import structlog

from domain.events import log
from domain.events.event import LoggedEvent
from domain.events.log import Place, Reader
from subscriptions.feed import EVERYTHING, ResyncReason
from subscriptions.limits import HubLimits
from subscriptions.ring import Ring, topics_touched
from subscriptions.stepping import start_task

_TOPICS_BY_BEING: Final = ("event:", "domain:")
"""Topics that an event has by being what it is are not written in the log, so they are looked for here."""

logger = structlog.get_logger(__name__)


class HistoryMissing(Exception):
    """What was asked for is no longer in the log."""

    def __init__(self, reason: ResyncReason) -> None:
        self.reason = reason
        super().__init__(reason.value)


@dataclass(frozen=True, slots=True)
class Page:
    """The events of some topics up to and including ``up_to``; there are no others up to there."""

    events: Sequence[LoggedEvent]
    up_to: int


class History:
    """The past behind the hub. Equal questions that come together are asked once."""

    def __init__(self, ring: Ring, reader: Reader, limits: HubLimits) -> None:
        self._ring = ring
        self._reader = reader
        self._limits = limits
        self._asked: dict[tuple[Place, int, Sequence[str]], asyncio.Task[Page]] = {}
        self._looking: asyncio.Task[tuple[int, Place]] | None = None
        self._identified: dict[int, asyncio.Task[int]] = {}
        self._turns = asyncio.Semaphore(limits.database_connections)

    async def lost_since(self, after: Place, present: Place) -> ResyncReason | None:
        """Why what happened after this place cannot be told again; None when it can.

        A place whose event is not the one that stands there now is of another history, even if nobody declared a new epoch.
        """
        if after.epoch != present.epoch:
            return ResyncReason.EPOCH_CHANGED
        if self._ring.covers(after.position) and after.position <= present.position:
            known = self._ring.fingerprint_at(after.position)
            if known or not after.fingerprint:
                return _other_history(after, known)
        lost = _lost(after, *await self._bounds())
        if lost is None and after.fingerprint:
            lost = _other_history(after, await self._fingerprint_at(after.position))
        return lost

    async def read(self, after: Place, up_to: int, topics: Sequence[str]) -> Page:
        """The next page of what happened on these topics after ``after``, looking as far as ``up_to`` at most.

        Raises HistoryMissing when the log no longer holds all of it.
        """
        if self._ring.covers(after.position):
            return Page(self._ring.between(after.position, up_to, topics), up_to)
        # As far as the ring begins, or as far as one question may look: the same for all who ask from the same place.
        end = min(up_to, after.position + self._limits.window_positions, self._ring.floor)
        question = (after, end, topics)
        asked = self._asked.get(question)
        if asked is None:
            asked = self._asked[question] = start_task(self._look(*question), name="read-history")
            asked.add_done_callback(lambda _: self._asked.pop(question))
        return await asyncio.shield(asked)

    async def _bounds(self) -> tuple[int, Place]:
        """One look serves all who ask while it is under way."""
        if self._looking is None:
            self._looking = start_task(log.bounds(self._reader), name="read-bounds")
            self._looking.add_done_callback(self._looked)
        return await asyncio.shield(self._looking)

    def _looked(self, _: asyncio.Task[tuple[int, Place]]) -> None:
        self._looking = None

    async def _fingerprint_at(self, position: int) -> int:
        asked = self._identified.get(position)
        if asked is None:
            asked = self._identified[position] = start_task(log.fingerprint_at(position, self._reader), name="read-event")
            asked.add_done_callback(lambda _: self._identified.pop(position))
        return await asyncio.shield(asked)

    async def _look(self, after: Place, end: int, topics: Sequence[str]) -> Page:
        limit = self._limits.page_events
        async with self._turns:
            try:
                if any(topic == EVERYTHING or topic.startswith(_TOPICS_BY_BEING) for topic in topics):
                    read = await log.read_after(after.position, limit=limit, reader=self._reader)
                else:
                    read = await log.read_topics_after(after.position, topics, up_to=end, limit=limit, reader=self._reader)
            except log.GapInLog:
                read = []
            # Asked after reading: what the log still holds now it held when we read.
            oldest, head = await log.bounds(self._reader)
        if (lost := _lost(after, oldest, head)) is not None:
            raise HistoryMissing(lost)
        up_to = min(end, read[-1].position) if len(read) == limit else end
        wanted = frozenset(topics)
        return Page([each for each in read if each.position <= up_to and not wanted.isdisjoint(topics_touched(each))], up_to)


def _lost(after: Place, oldest: int, head: Place) -> ResyncReason | None:
    """Why a log within these bounds does not hold all that happened after a place; None when it does."""
    if head.epoch != after.epoch or head.position < after.position:
        return ResyncReason.EPOCH_CHANGED
    return ResyncReason.TOO_OLD if oldest > after.position + 1 else None


def _other_history(after: Place, known: int) -> ResyncReason | None:
    """Why the event that a place names is not the ``known`` one, which the log has there: 0 when it holds none any more."""
    if not after.fingerprint or after.fingerprint == known:
        return None
    if known == 0:
        return ResyncReason.TOO_OLD
    logger.error("history_was_replaced", position=after.position, advice="was a backup restored? run: daftari new-epoch")
    return ResyncReason.EPOCH_CHANGED
