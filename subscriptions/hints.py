"""Ringing for the sequencer: after a commit, any process tells the worker that there is something to number.

A hint is worth little: it saves the wait for the next poll. So it is never waited for, many become one, and when Redis is
away they are thrown away.
"""

from __future__ import annotations

import asyncio
import contextlib

import redis.asyncio as redis
from broadcaster import Broadcast

from domain.events.outbox import hint_after_commit
from subscriptions.stepping import end_task
from subscriptions.transport import HINT_CHANNEL


class Hints:
    """Publishes a hint after each commit of this process, or after a few that come together."""

    def __init__(self, broadcast: Broadcast) -> None:
        self._broadcast = broadcast
        self._due = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._take_back = _nothing

    def start(self) -> None:
        self._take_back = hint_after_commit(self._due.set)
        self._task = asyncio.create_task(self._run(), name="hints")

    async def stop(self) -> None:
        self._take_back()
        self._take_back = _nothing
        if self._task is not None:
            await end_task(self._task)

    async def _run(self) -> None:
        while True:
            await self._due.wait()
            self._due.clear()
            with contextlib.suppress(redis.RedisError, OSError):
                await self._broadcast.publish(HINT_CHANNEL, "")


def _nothing() -> None:
    return None
