"""What a process leans on, asked when somebody wants to know whether it is ready."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import redis.asyncio as redis

from api.health import Health, Probe, database_answers
from subscriptions.transport import ResilientBroadcast


def health_over(broadcast: ResilientBroadcast) -> Health:
    """Of a process that can do nothing without the database, and is only slower without Redis."""
    return Health([Probe("database", database_answers), Probe("redis", _redis_answers(broadcast), required=False)])


def _redis_answers(broadcast: ResilientBroadcast) -> Callable[[], Awaitable[object]]:
    async def look() -> None:
        if not broadcast.backend.connected:
            raise redis.ConnectionError("not connected")

    return look
