"""Who follows a feed now, over all processes: the attendance of a feed for which that matters.

Each process writes the list of its own followers, absolutely, whenever it changes and again and again while it is not
empty. So nothing drifts, and what a killed process leaves behind is worth nothing soon.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

import structlog

from domain.kit import clock
from domain.kit.ids import new_id
from subscriptions.stepping import start_task

if TYPE_CHECKING:
    from subscriptions.member import Member

REFRESH_S: Final = 3.0
PATIENCE_S: Final = 2.0
"""Whoever opens a feed waits so long, at most, until they are written down."""

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Follower:
    """One open feed of somebody."""

    id: UUID
    actor_id: UUID
    since: datetime


Register = Callable[[UUID, Sequence[Follower]], Awaitable[None]]
"""Writes down, where all processes can see it, that these and no others follow in a process, which lives."""


class Attendance:
    """Of the feeds with these names in this process."""

    def __init__(self, feeds: Collection[str], register: Register, *, refresh_s: float = REFRESH_S) -> None:
        self._feeds = frozenset(feeds)
        self._register = register
        self._refresh_s = refresh_s
        self._process_id = new_id()
        self._here: dict[UUID, Follower] = {}
        self._stir = asyncio.Event()
        self._written = asyncio.Condition()
        self._changes = 0
        self._known = 0
        self._keeper: asyncio.Task[None] | None = None
        self._stopping = False

    async def opened(self, member: Member) -> None:
        """Returns when this one is written down too, or that takes too long."""
        if member.group.feed.name not in self._feeds:
            return
        actor = member.connection.viewer.actor
        self._here[member.id] = Follower(id=member.id, actor_id=actor.id, since=clock.now())
        mine = self._note_change()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_S), self._written:
                await self._written.wait_for(lambda: self._known >= mine)

    def closed(self, member: Member) -> None:
        if self._here.pop(member.id, None) is not None:
            self._note_change()

    async def stop(self) -> None:
        """Nobody follows here any more; said if it can be said."""
        self._stopping = True
        if self._here:
            self._here.clear()
            self._note_change()
        if self._keeper is not None:
            self._stir.set()
            await self._keeper

    def _note_change(self) -> int:
        self._changes += 1
        self._stir.set()
        if self._keeper is None:
            self._keeper = start_task(self._keep(), name="attendance")
        return self._changes

    async def _keep(self) -> None:
        while self._something_to_say or not self._stopping:
            if self._something_to_say:
                await self._write()
            if self._stopping:
                return
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._refresh_s if self._something_to_say else None):
                    await self._stir.wait()

    @property
    def _something_to_say(self) -> bool:
        """That somebody is here is said again and again; that nobody is, once."""
        return bool(self._here) or self._known < self._changes

    async def _write(self) -> None:
        self._stir.clear()
        saying = self._changes
        try:
            await self._register(self._process_id, list(self._here.values()))
        except Exception as error:
            # Said again soon; until then others believe what was said last, for as long as that is worth something.
            logger.warning("attendance_not_written", error=str(error) or type(error).__name__)
            return
        async with self._written:
            self._known = saying
            self._written.notify_all()
