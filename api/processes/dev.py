"""Everything in one: embedded servers, a simulated M-Pesa, migrations, demo data, a server and a worker in this process."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import AsyncExitStack, ExitStack

from pydantic import SecretStr

from api.choices import Environment
from api.demo import story
from api.demo.traffic import Traffic
from api.embedded import EmbeddedServers
from api.observability.traces import traced
from api.processes.address import bound_to
from api.processes.foundation import Say, bring_database_up, database_of, transport_of
from api.processes.mpesa import simulated_mpesa
from api.processes.serve import serve_site
from api.processes.stopping import stop_signals
from api.processes.supervision import keep_running
from api.processes.worker import work_until
from api.settings import Settings

Ready = Callable[[str, str | None], None]
"""Told where the server answers, and where M-Pesa is simulated, if it is."""


def with_embedded_servers(settings: Settings, stack: ExitStack, say: Say) -> Settings:
    """The settings with the addresses of PostgreSQL and Valkey, started here unless the environment named others."""
    if settings.database_url is not None and settings.redis_url is not None:
        say("Using the PostgreSQL and Redis that DATABASE_URL and REDIS_URL name")
        return settings
    say(f"Starting the embedded PostgreSQL and Valkey (their data are in {settings.home})")
    servers = stack.enter_context(EmbeddedServers.start(settings.home))
    return settings.model_copy(
        update={
            "database_url": settings.database_url or SecretStr(servers.database_url),
            "redis_url": settings.redis_url or SecretStr(servers.redis_url),
        }
    )


async def develop(settings: Settings, *, say: Say, ready: Ready, traffic: bool) -> None:
    """Run everything until SIGINT or SIGTERM."""
    async with AsyncExitStack() as stack:
        bound = stack.enter_context(bound_to(settings))
        await stack.enter_async_context(traced(settings, "dev"))
        simulator = None
        if settings.mpesa is None and settings.environment is not Environment.PRODUCTION:
            with_mpesa = simulated_mpesa(settings, our_port=bound.getsockname()[1])
            settings, simulator = await stack.enter_async_context(with_mpesa)
        await _develop(settings, bound, say=say, ready=lambda address: ready(address, simulator), traffic=traffic)


async def _develop(
    settings: Settings, bound: socket.socket, *, say: Say, ready: Callable[[str], None], traffic: bool
) -> None:
    say("Bringing the database up to date")
    await bring_database_up(settings, say)
    async with database_of(settings), transport_of(settings) as broadcast:
        if settings.shows_demo_users and not await story.already_told():
            say("Telling the demo story")
            await story.tell(lambda line: say(f"  {line}"))
        stop = stop_signals()
        background = [asyncio.create_task(keep_running("worker", lambda: work_until(settings, broadcast, stop=stop)))]
        if traffic:
            background.append(asyncio.create_task(keep_running("traffic", Traffic(pays=pretends(settings)).run)))
        try:
            await serve_site(settings, broadcast, bound=bound, listening=ready, stop=stop)
        finally:
            stop.set()
            for task in background:
                task.cancel()
            await asyncio.gather(*background, return_exceptions=True)


def pretends(settings: Settings) -> bool:
    """Whether M-Pesa is simulated, so that nobody's telephone rings when simulated users pay."""
    return settings.mpesa is not None and settings.mpesa.is_here
