"""Queues for tests, and workers that do what is in them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

from domain.jobs import queue as registry
from domain.jobs.models import JobTask
from domain.jobs.queue import Handler, Queue, enqueue
from domain.jobs.runner import Runner
from domain.jobs.settings import JobSettings
from domain.kit.unit_of_work import unit_of_work

QUICK = JobSettings(lease_s=5, poll_s=0.02, places=8, grace_s=0.05)


@contextmanager
def a_queue(handler: Handler, name: str = "tests.work", **limits: Any) -> Iterator[Queue]:
    """A queue that exists inside the block."""
    declared = Queue(name, handler, "Work of a test.", **{"retry_delay_s": 0.0, **limits})
    registry._queues[name] = declared
    try:
        yield declared
    finally:
        del registry._queues[name]


def a_runner(**changes: Any) -> Runner:
    return Runner(replace(QUICK, **changes))


@asynccontextmanager
async def at_work(runners: int = 1, **changes: Any) -> AsyncIterator[None]:
    """Runners are at work meanwhile, and stop whatever happens: one that were left would do the work of other tests."""
    running = [asyncio.create_task(a_runner(**changes).run()) for _ in range(runners)]
    try:
        yield
    finally:
        for each in running:
            each.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def leave(queue: Queue, payload: dict[str, Any] | None = None, **options: Any) -> UUID:
    """Leave one task in a unit of work of its own."""
    async with unit_of_work() as work:
        return await enqueue(work, queue, payload or {}, **options)


async def task(task_id: UUID) -> JobTask:
    return await JobTask.get(id=task_id)
