"""How a worker is looked at: it answers whether it lives and works, and what it counts, and nothing else to nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.routing import Route, Router
from starlette.types import ASGIApp

from api.health import Health
from api.observability.exposition import metrics
from api.observability.parts import feel_pulse
from api.processes.address import bound_at
from api.processes.answering import answered
from api.processes.probing import health_over
from api.settings import Settings
from subscriptions.stepping import end_task
from subscriptions.transport import ResilientBroadcast


@asynccontextmanager
async def monitored(
    settings: Settings, broadcast: ResilientBroadcast, *, stop: asyncio.Event
) -> AsyncIterator[tuple[str, int] | None]:
    """While the block runs, health and metrics are answered where the settings say, if they do: at that host and port."""
    if settings.worker_port is None:
        yield None
        return
    health = health_over(broadcast)
    with bound_at(settings.worker_host, settings.worker_port) as bound:
        async with answered(_app(settings, health), bound):
            tasks = [asyncio.create_task(feel_pulse(), name="pulse"), asyncio.create_task(_note_stop(health, stop))]
            try:
                yield bound.getsockname()[:2]
            finally:
                for task in tasks:
                    await end_task(task)


def _app(settings: Settings, health: Health) -> ASGIApp:
    routes = [Route("/health/live", health.live), Route("/health/ready", health.ready)]
    if settings.metrics:
        routes.append(Route("/metrics", metrics))
    return ExceptionMiddleware(Router(routes))


async def _note_stop(health: Health, stop: asyncio.Event) -> None:
    """Whoever is about to go is not ready."""
    await stop.wait()
    health.draining = True
