"""State feeds: one state, shown anew when something may have changed it, at most so often and never too late."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

import structlog

from domain.events.event import LoggedEvent
from domain.kit.errors import DomainError
from subscriptions.errors import DeliveryFailed
from subscriptions.feed import StateItem, Subscription
from subscriptions.groups import Group
from subscriptions.member import Member
from subscriptions.shapes import Rendered, SharedShape
from subscriptions.stepping import start_task

if TYPE_CHECKING:
    from subscriptions.hub import Hub

logger = structlog.get_logger(__name__)


class StateGroup(Group):
    """A group of a state feed.

    The first change is shown at once. Those within the next moment (``coalesce_s``) are shown together at its end, so the
    last state is always shown.
    """

    def __init__(
        self, hub: Hub, key: Hashable, subscription: Subscription, shape: SharedShape, topics: tuple[str, ...]
    ) -> None:
        super().__init__(hub, key, subscription, shape, topics)
        self._every_s = subscription.every_seconds
        self._last: Rendered | None = None
        self._read_at = float("-inf")
        self._outdated = True
        self._changed: set[Any] | None = None
        self._reading: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None

    async def offer(self, logged: LoggedEvent) -> None:
        self._outdated = True
        if self.feed.changes is not None and self._changed is not None:
            self._changed.update(self.feed.changes(logged))
        self._refresh_soon()

    async def bring_up(self, member: Member) -> None:
        if not member.behind or member.ended:
            return
        member.behind = False
        self.live.add(member)
        age = asyncio.get_running_loop().time() - self._read_at
        if self._last is not None and not self._outdated and age < self.hub.limits.state_fresh_s and not self.feed.changes:
            member.connection.deliver(member, self._last)
        else:
            self._outdated = True
            self._changed = None
            self._refresh_soon()

    def told_up_to(self) -> int:
        return self.hub.told

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._reading is not None:
            self._reading.cancel()

    def _refresh_soon(self) -> None:
        """At once if the last one is long enough ago, else as soon as it is."""
        if self._reading is None:
            self._refresh_in(self._read_at + self.hub.limits.coalesce_s - asyncio.get_running_loop().time())

    def _refresh_in(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(max(0.0, seconds), self._refresh)

    def _refresh(self) -> None:
        self._timer = None
        if self.live and self._reading is None:
            self._reading = start_task(self._read_and_show(), name="read-state")

    async def _read_and_show(self) -> None:
        # Without news it is a fresh state that was asked for: anything may be different.
        changed, self._changed = self._changed if self._outdated else None, set()
        self._outdated = False
        self._read_at = asyncio.get_running_loop().time()
        try:
            self._last = await self._read(changed)
        except DomainError as error:
            self.fail_everybody(error)
        except Exception as error:
            logger.exception("state_not_read", feed=self.feed.name, exc_info=error)
            self.fail_everybody(DeliveryFailed("the state of this feed could not be read; subscribe again"))
        else:
            for member in tuple(self.live):
                member.connection.deliver(member, self._last)
                self.hub.statistics.deliveries += 1
        finally:
            self._reading = None
        if not self.live:
            return
        if self._outdated:
            self._refresh_soon()
        elif self._every_s is not None:
            self._refresh_in(self._every_s)

    async def _read(self, changed: set[Any] | None) -> Rendered:
        """Everybody here may see the same, so anybody's eyes will do. The cursor is taken before, so that the state holds
        at least what the cursor says."""
        assert self.feed.state is not None
        viewer = next(iter(self.live)).connection.viewer
        cursor = self.hub.cursor()
        arguments = self.arguments if self.feed.changes is None else {**self.arguments, "changed": changed}
        state = await self.feed.state(viewer.actor, arguments)
        return await self.shape.of_state(StateItem(state, cursor))
