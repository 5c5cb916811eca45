"""Reading a state anew when something may have changed it: at once, then at most so often, and never too late."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from subscriptions.stepping import start_task

if TYPE_CHECKING:
    from subscriptions.groups import Group


class Refresher:
    """When a group's state is read. The first change is followed at once. Those within the moment (``coalesce_s``) after a
    state was shown are followed together at its end, so the last state is always shown, and no two are closer, however
    long one takes to read.

    ``refresh`` reads and shows it; it is told whether there is news, or a fresh state is due because of the time.
    """

    def __init__(self, group: Group, refresh: Callable[[bool], Awaitable[None]], *, every_s: float | None) -> None:
        self._group = group
        self._refresh = refresh
        self._every_s = every_s
        self._outdated = True
        self._read_at = self._shown_at = float("-inf")
        self._reading: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None

    @property
    def age_s(self) -> float:
        """How long ago the state was read; infinite when something has happened since, or it never was."""
        return float("inf") if self._outdated else asyncio.get_running_loop().time() - self._read_at

    def soon(self) -> None:
        """Something may have changed: at once if the last state was shown long enough ago, else as soon as it was."""
        self._outdated = True
        if self._reading is None:
            self._in(self._shown_at + self._group.hub.limits.coalesce_s - asyncio.get_running_loop().time())

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._reading is not None:
            self._reading.cancel()

    def _in(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(max(0.0, seconds), self._begin)

    def _begin(self) -> None:
        self._timer = None
        if self._group.live and self._reading is None:
            self._reading = start_task(self._read(), name="read-state")

    async def _read(self) -> None:
        if not self._group.live:
            self._reading = None
            return
        news, self._outdated = self._outdated, False
        self._read_at = asyncio.get_running_loop().time()
        try:
            await self._refresh(news)
        finally:
            self._reading = None
            self._shown_at = asyncio.get_running_loop().time()
        if not self._group.live:
            return
        if self._outdated:
            self.soon()
        elif self._every_s is not None:
            self._in(self._every_s)
