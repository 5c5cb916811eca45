"""Writing an item once for all who asked for the same shape, and remembering the bytes for those who come a little later."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import structlog

from domain.events.event import LoggedEvent
from domain.kit.errors import DomainError
from subscriptions.errors import DeliveryFailed
from subscriptions.feed import EventItem, Feed, Greeting, Notice, Shape, StateItem
from subscriptions.stepping import Finished, start_task, step

MAX_NOTICES_KEPT: Final = 64
RENDERING_LIMIT_S: Final = 15.0

_FIXED_COST_BYTES: Final = 500

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, eq=False)
class Rendered:
    """An item as bytes, shared by all who get it. ``position`` is its event's; 0 for what is no event."""

    cursor: str
    body: bytes
    position: int = 0

    @cached_property
    def text(self) -> str:
        return self.body.decode()

    @property
    def weight(self) -> int:
        """What it costs to remember, in bytes: most are remembered as text too."""
        return 2 * len(self.body) + _FIXED_COST_BYTES


class SharedShape:
    """A shape with everybody who follows it, and what was lately written in it."""

    __slots__ = ("_bodies", "_notices", "_renderings", "followers", "shape")

    def __init__(self, shape: Shape, renderings: Renderings) -> None:
        self.shape = shape
        self.followers = 0
        self._renderings = renderings
        self._bodies: dict[int, Rendered | asyncio.Future[Rendered | None] | None] = {}
        self._notices: OrderedDict[Notice, Rendered] = OrderedDict()

    def of_event(self, feed: Feed, logged: LoggedEvent) -> Rendered | asyncio.Future[Rendered | None] | None:
        """The event in this shape: at once if it can be had at once, else a future that may be awaited by many.

        None when the feed passes over the event. Raises DeliveryFailed, or the future does, when it cannot be written.
        """
        position = logged.position
        if position in self._bodies:
            return self._bodies[position]
        try:
            shown = feed.show(logged)
            if shown is None:
                return None
            item = EventItem(shown, self._renderings.cursor_of(logged), logged)
            self._renderings.executions += 1
            outcome = step(self.shape.render(item))
        except Exception as error:
            raise _failed(error, feed.name, position) from error
        if isinstance(outcome, Finished):
            return self._keep(Rendered(item.cursor, outcome.value, position))

        async def finish() -> Rendered | None:
            try:
                async with asyncio.timeout(RENDERING_LIMIT_S):
                    rendered = Rendered(item.cursor, await outcome, position)
            except Exception as error:
                self._bodies.pop(position, None)
                raise _failed(error, feed.name, position) from error
            return self._keep(rendered)

        task = self._bodies[position] = start_task(finish(), name="render")
        return task

    async def of_notice(self, notice: Notice) -> Rendered:
        """A notice in this shape. Many come at once after an interruption, and those are alike."""
        found = self._notices.get(notice)
        if found is None:
            found = self._notices[notice] = Rendered(notice.cursor, await self.shape.render(notice))
            while len(self._notices) > MAX_NOTICES_KEPT:
                self._notices.popitem(last=False)
        return found

    async def of_greeting(self, greeting: Greeting) -> Rendered:
        """A greeting is to one alone, so it is not remembered."""
        return Rendered(greeting.cursor, await self.shape.render(greeting))

    async def of_state(self, item: StateItem) -> Rendered:
        self._renderings.executions += 1
        return Rendered(item.cursor, await self.shape.render(item))

    def forget(self, position: int) -> int:
        """Returns how many bytes that has freed."""
        rendered = self._bodies.pop(position, None)
        return rendered.weight if isinstance(rendered, Rendered) else 0

    def _keep(self, rendered: Rendered) -> Rendered:
        self._bodies[rendered.position] = rendered
        self._renderings.note(self, rendered)
        return rendered


class Renderings:
    """All shapes in use. What they remember is bounded together, in bytes."""

    def __init__(self, cursor_of: Callable[[LoggedEvent], str], *, max_bytes: int) -> None:
        self.cursor_of = cursor_of
        self.executions = 0
        self._max_bytes = max_bytes
        self._bytes = 0
        self._shapes: dict[Hashable, SharedShape] = {}
        self._kept: deque[tuple[SharedShape, int]] = deque()

    def __len__(self) -> int:
        return len(self._shapes)

    def follow(self, shape: Shape) -> SharedShape:
        key = shape.key
        found = self._shapes.get(key)
        if found is None:
            found = self._shapes[key] = SharedShape(shape, self)
        found.followers += 1
        return found

    def leave(self, shared: SharedShape) -> None:
        shared.followers -= 1
        if shared.followers == 0:
            del self._shapes[shared.shape.key]

    def note(self, shared: SharedShape, rendered: Rendered) -> None:
        self._kept.append((shared, rendered.position))
        self._bytes += rendered.weight
        while self._bytes > self._max_bytes:
            oldest, position = self._kept.popleft()
            self._bytes -= oldest.forget(position)

    def clear(self) -> None:
        """Forget all bytes: positions mean something else from here on."""
        while self._kept:
            oldest, position = self._kept.popleft()
            oldest.forget(position)
        self._bytes = 0


def _failed(error: Exception, feed: str, position: int) -> DomainError:
    logger.error("event_not_rendered", feed=feed, position=position, exc_info=error)
    return DeliveryFailed("an event of this feed could not be prepared; subscribe again with your last cursor")
