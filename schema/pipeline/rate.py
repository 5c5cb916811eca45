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
    remaining: int | None = None
    reset_at: datetime | None = None
    limit: int | None = None

    def to_json(self) -> dict[str, Any]:
        if self.remaining is None or self.reset_at is None:
            return {"requested": self.requested}
        return {
            "requested": self.requested,
            "remaining": self.remaining,
            "limit": self.limit,
            "resetAt": _written(self.reset_at),
        }

    def reset_in_s(self) -> int:
        """After how many whole seconds the budget is full again."""
        assert self.reset_at is not None, "there is a budget"
        return max(1, ceil((self.reset_at - clock.now()).total_seconds()))


@lru_cache(maxsize=1_000)
def _written(reset_at: datetime) -> str:
    """The same for a whole minute of a caller's operations."""
    return reset_at.isoformat().replace("+00:00", "Z")


class Budget(Protocol):
    """Whoever keeps the callers' budgets."""

    async def spend(self, caller: Hashable, points: int, *, own_budget: int | None = None) -> Spent:
        """Take ``points`` from the caller's budget; refuses with RATE_LIMITED when there are not as many. A caller may have
        a budget of its own, which is not larger than everybody's."""
        ...


class PointsPerMinute:
    """A full budget at the start of each window, which begins with a caller's first operation."""

    def __init__(self, points: int | None) -> None:
        assert points is None or points > 0, "a budget has points"
        self._points = points
        self._left: OrderedDict[Hashable, tuple[int, datetime]] = OrderedDict()

    async def spend(self, caller: Hashable, points: int, *, own_budget: int | None = None) -> Spent:
        full = self._points if own_budget is None else min(own_budget, self._points or own_budget)
        if full is None:
            return Spent(points)
        now = clock.now()
        left, reset_at = self._left.get(caller, (full, now))
        if reset_at <= now:
            left, reset_at = full, now + WINDOW
            self._left.pop(caller, None)
        if points > left:
            self._left[caller] = (left, reset_at)
            raise self._refused(Spent(points, left, reset_at, full))
        self._left[caller] = (left - points, reset_at)
        # The oldest windows come first, because a window that is renewed goes to the end.
        while len(self._left) > MAX_CALLERS:
            self._left.popitem(last=False)
        return Spent(points, left - points, reset_at, full)

    @staticmethod
    def _refused(spent: Spent) -> RequestRefused:
        wait_s = spent.reset_in_s()
        refused = RequestRefused.because(
            "RATE_LIMITED",
            f"this costs {spent.requested} points and {spent.remaining} are left; the budget is full again in {wait_s} s",
            status=429,
            retry_after_s=wait_s,
            cost=spent.to_json(),
        )
        refused.spent = spent
        return refused


class NoBudget(PointsPerMinute):
    """For servers that limit elsewhere: only who has a budget of its own is held to it."""

    def __init__(self) -> None:
        super().__init__(None)
