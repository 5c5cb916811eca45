"""Facts about what the school counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.events.event import Event, event
from domain.identity.permissions import Permission
from domain.school.events.topics import EVERY_READER, SCHOOL


@event("school.statistics_repaired")
@dataclass(frozen=True, kw_only=True)
class StatisticsRepaired(Event):
    """Figures were kept otherwise than a recount of all rows says, and are as counted now.

    ``found`` is how many; ``titles`` are what the first of them are called. It is no part of daily work: somebody has
    written past the guards of the database, or these have a fault.
    """

    found: int
    titles: Sequence[str]

    def topics(self) -> Iterable[str]:
        return [SCHOOL]

    def audience(self) -> Iterable[str]:
        return [EVERY_READER, f"permission:{Permission.FEES_READ.value}"]
