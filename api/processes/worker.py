"""The worker: numbers committed events, lets listeners hear them, sends them on as webhooks, does what is queued or due.

One is enough. A second shares the queue, and stands by for the rest.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from api.observability.house import house
from api.observability.parts import parts
from api.observability.traces import traced
from api.processes.foundation import database_of, database_url_of, transport_of
from api.processes.listening import Listening
from api.processes.monitoring import monitored
from api.processes.mpesa import Registering, mpesa_of
from api.processes.stopping import stop_signals
from api.processes.supervision import keep_running
from api.processes.webhooks import Sending
from api.settings import Settings
from domain.jobs.runner import Runner
from subscriptions.hints import Hints
from subscriptions.relay import Relay
from subscriptions.transport import ResilientBroadcast


async def work(settings: Settings, *, working: Callable[[], object] = lambda: None) -> None:
    """Run one worker until SIGINT or SIGTERM. Killed instead, it loses nothing: all its state is in the database."""
    stop = stop_signals()
    async with (
        database_of(settings),
        transport_of(settings) as broadcast,
        traced(settings, "worker"),
        monitored(settings, broadcast, stop=stop),
    ):
        working()
        await work_until(settings, broadcast, stop=stop)


async def work_until(settings: Settings, broadcast: ResilientBroadcast, *, stop: asyncio.Event) -> None:
    """Work over an open database and transport until ``stop`` is set."""
    async with mpesa_of(settings) as registering:
        await _work_until(settings, broadcast, registering, stop)


async def _work_until(
    settings: Settings, broadcast: ResilientBroadcast, registering: Registering | None, stop: asyncio.Event
) -> None:
    url = database_url_of(settings)
    relay, listening, hints = Relay(url, broadcast), Listening(broadcast), Hints(broadcast)
    sending = Sending(broadcast)
    hints.start()
    tasks = [
        asyncio.create_task(keep_running("relay", relay.run)),
        asyncio.create_task(keep_running("listening", listening.run)),
        asyncio.create_task(keep_running("webhooks", sending.run)),
        asyncio.create_task(keep_running("jobs", lambda: Runner().run())),
    ]
    if registering is not None:
        tasks.append(asyncio.create_task(keep_running("mpesa", registering.run)))
    try:
        with parts.with_relay(relay), house.watched():
            await stop.wait()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await hints.stop()
