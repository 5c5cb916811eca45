"""A server is killed while administrators follow reconciliation there: they are not counted for long."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from domain.identity.permissions import Role
from domain.kit.database import execute, fetchval
from domain.payments.figures.clients import WORTH, connected_clients
from tests.api.processes import nursery
from tests.api.processes.installation import PATIENCE_S, TOKEN, free_port
from tests.api.processes.nursery import Process, end_of
from tests.support.operations import operation
from tests.support.people import PASSWORD, a_user

FEED = operation("payments/ReconciliationFeed")
SEEN_AT = "select max(seen_at) from feed_client"


@asynccontextmanager
async def a_server_process(home: Path, database_url: str, redis_url: str) -> AsyncIterator[tuple[str, Process]]:
    """``daftari serve`` over the database of the test; killed at the end if it still runs."""
    port = str(free_port())
    environment = {"PATH": os.environ.get("PATH", ""), "DATABASE_URL": database_url, "REDIS_URL": redis_url, "PORT": port}
    environment |= {"DAFTARI_HOME": str(home), "DAFTARI_LOG_LEVEL": "ERROR"}
    process = await asyncio.to_thread(nursery.start, "api.cli", ["serve"], environment, home / "said", cold=False)
    address = f"http://127.0.0.1:{port}"
    try:
        async with httpx.AsyncClient() as http, asyncio.timeout(PATIENCE_S):
            while not await _is_ready(http, address):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        yield address, process
    finally:
        process.kill()
        await end_of(process)


async def _is_ready(http: httpx.AsyncClient, address: str) -> bool:
    try:
        return (await http.get(f"{address}/health/ready")).status_code == 200
    except httpx.HTTPError:
        return False


@pytest.mark.fault("a server is killed whose clients were counted")
@pytest.mark.timeout(120)
async def test_clients_of_a_killed_server_vanish(database: None, database_url: str, redis_url: str, tmp_path: Path) -> None:
    admin = await a_user(Role.ADMIN)
    async with a_server_process(tmp_path, database_url, redis_url) as (address, process):
        async with httpx.AsyncClient(base_url=address, timeout=PATIENCE_S) as http:
            said = {"query": TOKEN, "variables": {"input": {"email": admin.email, "password": PASSWORD}}}
            token = (await http.post("/graphql", json=said)).json()["data"]["login"]["accessToken"]
            headers = {"authorization": f"Bearer {token}", "accept": "text/event-stream"}
            async with http.stream("POST", "/graphql", json={"query": FEED}, headers=headers) as response:
                lines = response.aiter_lines()
                while "Connected" not in await anext(lines):
                    pass
                assert await connected_clients() == 1
                await _is_said_again()
                process.kill()
                await end_of(process)
        # The time after which what a server said is worth nothing goes by.
        await execute("update feed_client set seen_at = seen_at - $1::interval", WORTH)
        assert await connected_clients() == 0


async def _is_said_again() -> None:
    """While the server lives, it says that the client is there, again and again."""
    first = await fetchval(SEEN_AT)
    async with asyncio.timeout(WORTH.total_seconds()):
        while await fetchval(SEEN_AT) == first:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
