"""Rate: each caller has a budget of points a minute, from which operations are paid.

The budget is kept in this process's memory and in constant time: the in-memory storages of the usual rate limiters walk
over all callers at each request.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from math import ceil
from typing import Any, Final, Protocol

from domain.kit import clock
from schema.pipeline.request import RequestRefused

WINDOW: Final = timedelta(minutes=1)
MAX_CALLERS: Final = 100_000


@dataclass(frozen=True, slots=True)
class Spent:
    """What an operation cost, and what is left."""

    requested: int
    remaining: int | None
    reset_at: datetime | None

    def to_json(self) -> dict[str, Any]:
        if self.remaining is None or self.reset_at is None:
            return {"requested": self.requested}
        return {"requested": self.requested, "remaining": self.remaining, "resetAt": _written(self.reset_at)}


@lru_cache(maxsize=1_000)
def _written(reset_at: datetime) -> str:
    """The same for a whole minute of a caller's operations."""
    return reset_at.isoformat().replace("+00:00", "Z")


class Budget(Protocol):
    """Whoever keeps the callers' budgets."""

    async def spend(self, caller: Hashable, points: int) -> Spent:
        """Take ``points`` from the caller's budget; refuses with RATE_LIMITED when there are not as many."""
        ...


class NoBudget:
    """For servers that limit elsewhere."""

    async def spend(self, caller: Hashable, points: int) -> Spent:
        return Spent(points, None, None)


class PointsPerMinute:
    """A full budget at the start of each window, which begins with a caller's first operation."""

    def __init__(self, points: int) -> None:
        assert points > 0, "use NoBudget for no limit"
        self._points = points
        self._left: OrderedDict[Hashable, tuple[int, datetime]] = OrderedDict()

    async def spend(self, caller: Hashable, points: int) -> Spent:
        now = clock.now()
        left, reset_at = self._left.get(caller, (self._points, now))
        if reset_at <= now:
            left, reset_at = self._points, now + WINDOW
            self._left.pop(caller, None)
        if points > left:
            self._left[caller] = (left, reset_at)
            raise self._refused(Spent(points, left, reset_at), now)
        self._left[caller] = (left - points, reset_at)
        # The oldest windows come first, because a window that is renewed goes to the end.
        while len(self._left) > MAX_CALLERS:
            self._left.popitem(last=False)
        return Spent(points, left - points, reset_at)

    @staticmethod
    def _refused(spent: Spent, now: datetime) -> RequestRefused:
        assert spent.reset_at is not None
        wait_s = max(1, ceil((spent.reset_at - now).total_seconds()))
        return RequestRefused.because(
            "RATE_LIMITED",
            f"this costs {spent.requested} points and {spent.remaining} are left; the budget is full again in {wait_s} s",
            status=429,
            retry_after_s=wait_s,
            cost=spent.to_json(),
        )
