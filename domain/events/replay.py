"""Rebuilding every figure from history: the archive and the log, in the order of positions, and no table of any business.

What is shown is read first, in one snapshot with the head of the log; history is then heard up to that very position. What
had committed and had no position yet is heard after it, in the order in which it will be numbered.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from domain.events import log
from domain.events.event import LoggedEvent
from domain.events.retention import read_history
from domain.kit import clock
from domain.kit.clock import clock_set_to
from domain.kit.projections import History, read_figures
from domain.kit.shadow import shadow_of
from domain.kit.unit_of_work import Work, unit_of_work

# What is committed and waits for its position, as if it had it.
_WAITING: Final = """
select head.position + row_number() over (order by o.id) as position, head.epoch, o.name, o.version, o.topics, o.audience,
       o.actor_id, o.correlation_id, o.occurred_at, o.payload
from outbox o, event_log_head head order by o.id
"""


class HistoryIncomplete(RuntimeError):
    """Some of history is not to be had: partitions were archived, and their folder is not the one that was read."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that is shown as something else than history comes to; None where one of the two has no such figure."""

    figure: str
    shown: str | None
    replayed: str | None


@dataclass(frozen=True, slots=True)
class Replayed:
    """Every figure as of a position, by history and as it is shown; ``waiting`` events had no position yet."""

    position: int
    waiting: int
    figures: Mapping[str, str]
    shown: Mapping[str, str]

    @property
    def differences(self) -> list[Difference]:
        names = dict.fromkeys((*self.shown, *self.figures))
        sides = ((name, self.shown.get(name), self.figures.get(name)) for name in names)
        return [Difference(*side) for side in sides if side[1] != side[2]]


async def replay_figures(archive: Path) -> Replayed:
    """Rebuild everything from the first event on; HistoryIncomplete where some of it is not to be had.

    The clock of the process stands still meanwhile, so that both sides are of one day: work for a process of its own.
    """
    with clock_set_to(clock.now()):
        async with _snapshot() as work:
            head = await log.head(work)
            waiting = [log.from_row(row) for row in await work.fetch(_WAITING)]
            shown = await read_figures()
        history = History()
        async with aclosing(_contiguous(archive, head.position)) as events:
            async for logged in events:
                history.hear(logged)
        for logged in waiting:
            history.hear(logged)
        async with shadow_of(history.facts):
            figures = await read_figures()
    return Replayed(head.position, len(waiting), figures, shown)


@asynccontextmanager
async def _snapshot() -> AsyncIterator[Work]:
    """Everything that is read in the block is of one moment, and nothing is written."""
    async with unit_of_work() as work:
        await work.execute("set transaction isolation level repeatable read, read only")
        yield work


async def _contiguous(archive: Path, head: int) -> AsyncGenerator[LoggedEvent]:
    """All history up to a position, each event exactly once."""
    last = 0
    async with aclosing(read_history(archive)) as history:
        while last < head:
            try:
                logged = await anext(history, None)
            except log.GapInLog as gap:
                raise HistoryIncomplete(
                    f"after position {gap.after} comes {gap.first}; is {archive} the right archive?"
                ) from gap
            if logged is None:
                raise HistoryIncomplete(f"history ends at position {last}, and the log at {head}")
            assert logged.position == last + 1, "history is read without a gap"
            yield logged
            last = logged.position
