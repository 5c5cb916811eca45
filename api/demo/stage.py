"""The stage of the demo story: who acts, and when. Whatever happens in an act is dated on its day, as if it were then."""

from __future__ import annotations

import heapq
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID

from api.demo.people import DemoPerson, acting
from domain.identity.actor import Actor
from domain.kit import clock
from domain.kit.ids import new_id

MORNING: Final = time(9, 0)
A_MOMENT: Final = timedelta(minutes=4)

T = TypeVar("T")
Say = Callable[[str], object]
Script = AsyncIterator[datetime]
"""What somebody does over time: it yields when it goes on."""


@dataclass(slots=True)
class Stage:
    """Days are counted back from today, so that the story ends today on every machine."""

    today: date = field(default_factory=clock.today)
    actors: dict[DemoPerson, Actor] = field(default_factory=dict)
    _now: datetime = field(default_factory=clock.now)
    _story: UUID | None = None

    def day(self, days_ago: int) -> date:
        return self.today - timedelta(days=days_ago)

    def morning(self, days_ago: int) -> datetime:
        return datetime.combine(self.day(days_ago), MORNING, tzinfo=clock.now().tzinfo)

    def midnight(self, days_ago: int) -> datetime:
        return datetime.combine(self.day(days_ago), time(0), tzinfo=clock.now().tzinfo)

    @contextmanager
    def acting(self, person: DemoPerson, moment: datetime) -> Iterator[Actor]:
        """Let somebody act at a moment of the story: it is then for everything, and the log says who."""
        actor = self.actors[person]
        with clock.clock_set_to(moment), acting(actor, self._story):
            yield actor

    @contextmanager
    def one_story(self) -> Iterator[None]:
        """All that is done inside has one id, in the log and in the books."""
        self._story = new_id()
        try:
            yield
        finally:
            self._story = None

    async def does(self, person: DemoPerson, act: Callable[..., Awaitable[T]], **said: Any) -> T:
        """In a script: somebody does something now, a moment after what was done before."""
        self._now += A_MOMENT
        with self.acting(person, self._now) as actor:
            return await act(actor, **said)

    async def play(self, scripts: Sequence[Script]) -> None:
        """Let the scripts take turns in the order of time until all have come to their end."""
        waiting: list[tuple[datetime, int, Script]] = []
        for number, script in enumerate(scripts):
            await _wait(waiting, number, script)
        while waiting:
            self._now, number, script = heapq.heappop(waiting)
            with clock.clock_set_to(lambda: self._now):
                await _wait(waiting, number, script)


async def _wait(waiting: list[tuple[datetime, int, Script]], number: int, script: Script) -> None:
    """Run a script to where it waits again."""
    try:
        heapq.heappush(waiting, (await anext(script), number, script))
    except StopAsyncIteration:
        return
