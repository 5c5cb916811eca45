"""A server and a worker as the commands run them, in the test's own process, and what they tell who watches."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from api.processes.foundation import transport_of
from api.processes.monitoring import monitored
from api.processes.worker import work_until
from tests.support.servers import settings_for_tests
from tests.support.whole_server import a_server


@dataclass(frozen=True, slots=True)
class Installation:
    """Where its server and its worker answer; ``stop`` asks the worker to go."""

    server: str
    worker: str
    stop: asyncio.Event


@asynccontextmanager
async def an_installation(database_url: str, redis_url: str, **chosen: Any) -> AsyncIterator[Installation]:
    """Over the database that the test has opened."""
    settings = settings_for_tests(database_url=database_url, redis_url=redis_url, worker_port=0, **chosen)
    stop = asyncio.Event()
    async with (
        a_server(settings) as server,
        transport_of(settings) as broadcast,
        monitored(settings, broadcast, stop=stop) as place,
    ):
        assert place is not None
        working = asyncio.create_task(work_until(settings, broadcast, stop=stop))
        try:
            yield Installation(server, f"http://{place[0]}:{place[1]}", stop)
        finally:
            stop.set()
            await working


async def scraped(address: str) -> str:
    async with httpx.AsyncClient(base_url=address) as client:
        response = await client.get("/metrics")
    assert response.status_code == 200
    return response.text


def samples(text: str) -> dict[str, float]:
    """What was told, by name and labels as they are written."""
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}
