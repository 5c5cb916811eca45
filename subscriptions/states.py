"""State feeds: one state, shown anew when something may have changed it, at most so often and never too late."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any

import structlog

from domain.events.event import LoggedEvent
from domain.kit.errors import DomainError
from subscriptions.errors import DeliveryFailed
from subscriptions.feed import StateItem, Subscription
from subscriptions.groups import Group
from subscriptions.member import Member
from subscriptions.parcels import Parcel
from subscriptions.refreshing import Refresher
from subscriptions.shapes import Rendered, SharedShape

if TYPE_CHECKING:
    from subscriptions.hub import Hub

logger = structlog.get_logger(__name__)


class StateGroup(Group):
    """A group of a state feed."""

    def __init__(
        self, hub: Hub, key: Hashable, subscription: Subscription, shape: SharedShape, topics: tuple[str, ...]
    ) -> None:
        super().__init__(hub, key, subscription, shape, topics)
        self._refresher = Refresher(self, self._read_and_show, every_s=subscription.every_seconds)
        self._last: Parcel | None = None
        self._changed: set[Any] | None = None

    async def offer(self, run: Sequence[LoggedEvent]) -> None:
        if self.feed.changes is not None and self._changed is not None:
            for logged in run:
                self._changed.update(self.feed.changes(logged))
        self._refresher.soon()

    async def bring_up(self, member: Member) -> None:
        if not member.behind or member.ended:
            return
        member.behind = False
        self.live.add(member)
        # Who comes from a process that is ahead of this one knows of more than the last state may hold.
        is_ahead = member.position > self.hub.place.position
        is_fresh = self._refresher.age_s < self.hub.limits.state_fresh_s and not is_ahead
        if self._last is not None and is_fresh and not self.feed.changes:
            member.connection.deliver(member, self._last)
        else:
            self._changed = None
            self._refresher.soon()

    def told_up_to(self) -> int:
        return self.hub.told

    def stop(self) -> None:
        self._refresher.stop()

    async def _read_and_show(self, news: bool) -> None:
        # Without news it is a fresh state that was asked for: anything may be different.
        changed, self._changed = self._changed if news else None, set()
        try:
            self._last = Parcel(await self._read(changed))
        except DomainError as error:
            self.fail_everybody(error)
        except Exception as error:
            logger.exception("state_not_read", feed=self.feed.name, exc_info=error)
            self.fail_everybody(DeliveryFailed("the state of this feed could not be read; subscribe again"))
        else:
            for member in tuple(self.live):
                member.connection.deliver(member, self._last)
                self.hub.statistics.deliveries += 1

    async def _read(self, changed: set[Any] | None) -> Rendered:
        """Everybody here may see the same, so anybody's eyes will do. The cursor is taken before, so that the state holds
        at least what the cursor says."""
        assert self.feed.state is not None
        viewer = next(iter(self.live)).connection.viewer
        cursor = self.hub.cursor()
        arguments = self.arguments if self.feed.changes is None else {**self.arguments, "changed": changed}
        state = await self.feed.state(viewer.actor, arguments)
        return await self.shape.of_state(StateItem(state, cursor))
