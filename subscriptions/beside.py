"""Event feeds with a state beside the events: statistics between the things that they count.

The events are as those of every event feed, each once and in order. The state is of the present: it is shown to who is
live, at most so often, and who is slow or away misses nothing by missing it, because the next one says it all.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING

import structlog

from domain.events.event import LoggedEvent
from subscriptions.feed import StateItem, Subscription
from subscriptions.groups import EventGroup
from subscriptions.member import Member
from subscriptions.refreshing import Refresher
from subscriptions.shapes import SharedShape

if TYPE_CHECKING:
    from subscriptions.hub import Hub

logger = structlog.get_logger(__name__)


class EventGroupWithState(EventGroup):
    """A group of such a feed."""

    def __init__(
        self, hub: Hub, key: Hashable, subscription: Subscription, shape: SharedShape, topics: tuple[str, ...]
    ) -> None:
        super().__init__(hub, key, subscription, shape, topics)
        assert self.feed.beside is not None
        self._beside = self.feed.beside
        self._refresher = Refresher(self, self._read_and_show, every_s=self._beside.every_seconds)

    async def offer(self, run: Sequence[LoggedEvent]) -> None:
        await super().offer(run)
        if any(logged.name in self._beside.on for logged in run):
            self._refresher.soon()

    async def bring_up(self, member: Member) -> None:
        await super().bring_up(member)
        if member in self.live:
            self._refresher.soon()

    def stop(self) -> None:
        super().stop()
        self._refresher.stop()

    async def _read_and_show(self, news: bool) -> None:
        viewer = next(iter(self.live)).connection.viewer
        try:
            state = await self._beside.state(viewer.actor, self.arguments)
            await self._show(state)
        except Exception as error:
            # The events go on; the state is shown when it can be read again.
            logger.exception("state_not_read", feed=self.feed.name, exc_info=error)

    async def _show(self, state: object) -> None:
        """To all who have been told exactly what the cursor says: with an older one, a client that resumes would hear some
        events again, and with a younger one it would miss some."""
        position = self.told_up_to()
        rendered = await self.shape.of_state(StateItem(state, self.hub.cursor_at(position)))
        if self.told_up_to() != position:
            self._refresher.soon()
            return
        for member in tuple(self.live):
            if member.position > position:
                self._refresher.soon()
                continue
            message = member.connection.next_message(member, rendered)
            member.connection.reply(message, len(rendered.body), passing=True)
            self.hub.statistics.deliveries += 1
