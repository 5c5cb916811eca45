"""A worker answers whether it lives and works, where it is told to, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
import structlog

from api.processes.foundation import transport_of
from api.processes.monitoring import monitored
from domain.kit import database as kit_database
from tests.api.observability.installation import an_installation, scraped
from tests.support.servers import settings_for_tests

NOWHERE = "redis://127.0.0.1:1"


@asynccontextmanager
async def answering(redis_url: str, stop: asyncio.Event) -> AsyncIterator[httpx.AsyncClient]:
    settings = settings_for_tests(database_url="postgresql://unused", redis_url=redis_url, worker_port=0)
    async with transport_of(settings) as broadcast, monitored(settings, broadcast, stop=stop) as place:
        assert place is not None and place[0] == "127.0.0.1", "nobody else reaches it unless it is told"
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{place[1]}") as client:
            yield client


async def readiness(client: httpx.AsyncClient) -> tuple[int, str, dict[str, str]]:
    response = await client.get("/health/ready")
    told = response.json()
    return response.status_code, told["status"], told["checks"]


async def test_it_is_ready_until_it_is_told_to_stop_and_alive_until_it_has(
    database: None, database_url: str, redis_url: str
) -> None:
    async with an_installation(database_url, redis_url) as installed, httpx.AsyncClient(base_url=installed.worker) as client:
        async with asyncio.timeout(20):
            while (await readiness(client))[2] != {"database": "ok", "redis": "ok"}:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        assert await readiness(client) == (200, "ok", {"database": "ok", "redis": "ok"})
        assert (await client.get("/health/live")).json() == {"status": "ok"}
        assert "daftari_relay_leads" in await scraped(installed.worker)
        for path in ("/", "/graphql", "/files", "/webhooks/mpesa"):
            assert (await client.get(path)).status_code == 404
            assert (await client.post(path)).status_code == 404
        installed.stop.set()
        async with asyncio.timeout(20):
            while (await readiness(client))[0] != 503:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        assert (await readiness(client))[1] == "draining"
        assert (await client.get("/health/live")).status_code == 200


async def test_without_the_database_it_is_alive_and_not_ready_and_says_why(
    database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def no_answer(sql: str, *args: object) -> object:
        raise ConnectionRefusedError("postgresql://daftari:hunter2@db.example refused")

    monkeypatch.setattr("api.health.fetchval", no_answer)
    with structlog.testing.capture_logs():
        async with answering(NOWHERE, asyncio.Event()) as client:
            status, said, checks = await readiness(client)
            assert (status, said, checks) == (503, "unavailable", {"database": "failing", "redis": "failing"})
            assert (await client.get("/health/live")).status_code == 200


async def test_without_redis_it_is_ready_and_says_so(database: None) -> None:
    assert kit_database.pool_if_open() is not None
    with structlog.testing.capture_logs():
        async with answering(NOWHERE, asyncio.Event()) as client:
            assert await readiness(client) == (200, "ok", {"database": "ok", "redis": "failing"})


async def test_it_listens_to_nobody_unless_it_is_told_where(redis_url: str) -> None:
    settings = settings_for_tests(redis_url=redis_url)
    assert settings.worker_port is None
    async with transport_of(settings) as broadcast, monitored(settings, broadcast, stop=asyncio.Event()) as place:
        assert place is None


async def test_a_port_that_is_taken_is_told_at_once(redis_url: str) -> None:
    async with answering(redis_url, asyncio.Event()) as client:
        settings = settings_for_tests(redis_url=redis_url, worker_port=client.base_url.port)
        async with transport_of(settings) as broadcast:
            with pytest.raises(OSError, match="in use"):
                async with monitored(settings, broadcast, stop=asyncio.Event()):
                    raise AssertionError("nobody listens twice")
