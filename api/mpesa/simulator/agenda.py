"""What is going to happen, and when; or at once, when somebody who tests does not want to wait."""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import itertools
import math
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

PLACES: Final = 8
"""How much happens at the same time. More would make it slower: httpx looks after each connection at each request."""

Act = Callable[[], Awaitable[None]]
logger = structlog.get_logger(__name__)


class Agenda:
    """Acts with the times at which they are due; what is due at the same time begins in the order it was added."""

    def __init__(self) -> None:
        self._acts: list[tuple[float, int, Act]] = []
        self._numbers = itertools.count()
        self._running: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()

    def __len__(self) -> int:
        return len(self._acts) + len(self._running)

    def add(self, after_s: float, act: Act) -> None:
        due = asyncio.get_running_loop().time() + after_s
        heapq.heappush(self._acts, (due, next(self._numbers), act))
        self._changed.set()

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while True:
                self._changed.clear()
                self._begin(until=loop.time())
                free = self._acts and len(self._running) < PLACES
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout_at(self._acts[0][0] if free else None):
                        await self._changed.wait()
        finally:
            for task in self._running:
                task.cancel()
            await asyncio.gather(*self._running, return_exceptions=True)

    async def finish(self) -> None:
        """Let everything happen now, with what comes of it, and return when it has."""
        while self:
            self._begin(until=math.inf)
            await asyncio.wait(set(self._running), return_when=asyncio.FIRST_COMPLETED)

    def _begin(self, *, until: float) -> None:
        while self._acts and self._acts[0][0] <= until and len(self._running) < PLACES:
            _, _, act = heapq.heappop(self._acts)
            task = asyncio.create_task(_done(act))
            self._running.add(task)
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._changed.set()


async def _done(act: Act) -> None:
    """One that fails is our mistake; it must not stop the others."""
    try:
        await act()
    except Exception:
        logger.exception("simulated_act_failed")
