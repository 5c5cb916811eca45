"""What happened lately: the latest activities of the last days, the newest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol, TypeVar
from uuid import UUID

MAX_DAYS: Final = 7
MAX_ACTIVITIES: Final = 50


class BadWindow(ValueError):
    """Recent activities reach no farther back than seven days, and are at most fifty."""


class Activity(Protocol):
    """Something that somebody did."""

    @property
    def id(self) -> UUID: ...

    @property
    def at(self) -> datetime: ...


A = TypeVar("A", bound=Activity)


@dataclass(frozen=True, slots=True)
class Window:
    """How far back recent activities reach, and how many there are at most."""

    days: int = MAX_DAYS
    limit: int = MAX_ACTIVITIES

    def __post_init__(self) -> None:
        if not 1 <= self.days <= MAX_DAYS:
            raise BadWindow(f"recent activities are of the last 1 to {MAX_DAYS} days")
        if not 1 <= self.limit <= MAX_ACTIVITIES:
            raise BadWindow(f"recent activities are from 1 to {MAX_ACTIVITIES}")

    def since(self, now: datetime) -> datetime:
        """The earliest moment that is recent: days of 24 hours, to the moment, and that moment is one of them."""
        return now - timedelta(days=self.days)

    def of(self, activities: Iterable[A], now: datetime) -> list[A]:
        """The newest first; of the same moment the one that was written later."""
        since = self.since(now)
        recent = [each for each in activities if since <= each.at <= now]
        return sorted(recent, key=lambda each: (each.at, each.id), reverse=True)[: self.limit]
