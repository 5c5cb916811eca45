"""Sockets of one user, counted over all processes, with and without Redis."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio

from api.sockets import SocketQuota
from api.sockets.quota import WORTH_S
from domain.kit.ids import new_id
from subscriptions.limits import SocketLimits
from subscriptions.relay import Relay
from subscriptions.transport import redis_client
from tests.api.sockets.talking import ACTORS, Talk, a_place
from tests.subscriptions.listening import until

NOWHERE = "redis://127.0.0.1:1"


@pytest_asyncio.fixture
async def processes(redis_url: str) -> AsyncIterator[list[SocketQuota]]:
    processes = [SocketQuota(redis_url) for _ in range(3)]
    yield processes
    for process in processes:
        await process.stop()


async def test_processes_count_together(processes: list[SocketQuota]) -> None:
    user = f"user:{new_id()}"
    admitted = [await processes[n % 3].admit(user, 7) for n in range(10)]
    assert admitted == [True] * 7 + [False] * 3
    assert await processes[0].admit(f"user:{new_id()}", 1), "others have their own"
    processes[0].release(user)
    # What a process gives back is written beside its work, so it is seen a little later.
    while not await processes[1].admit(user, 7):
        pass
    assert not await processes[2].admit(user, 7)


async def test_what_a_stopped_process_had_is_given_back(redis_url: str, processes: list[SocketQuota]) -> None:
    user, stopping = f"user:{new_id()}", SocketQuota(redis_url)
    for _ in range(5):
        assert await stopping.admit(user, 5)
    assert not await processes[0].admit(user, 5)
    await stopping.stop()
    assert await processes[0].admit(user, 5)


@pytest.mark.fault("a server is killed whose sockets were counted in Redis")
async def test_what_a_killed_process_had_is_forgotten_when_its_time_is_over(
    redis_url: str, processes: list[SocketQuota]
) -> None:
    user, client = f"user:{new_id()}", redis_client(redis_url)
    now = int((await client.time())[0])
    await client.hset(f"daftari:sockets:{user}", mapping={"killed": f"100:{now - 1}", "alive": f"1:{now + WORTH_S}"})  # type: ignore[misc]
    assert await processes[0].admit(user, 2)
    assert not await processes[1].admit(user, 2)
    assert await client.hexists(f"daftari:sockets:{user}", "killed") == 0  # type: ignore[misc]
    assert 0 < await client.ttl(f"daftari:sockets:{user}") <= WORTH_S
    await client.aclose()


async def test_without_redis_each_process_counts_its_own() -> None:
    quota, user = SocketQuota(NOWHERE), f"user:{new_id()}"
    assert [await quota.admit(user, 2) for _ in range(3)] == [True, True, False]
    quota.release(user)
    assert await quota.admit(user, 2)
    await quota.stop()


@pytest.mark.attack("connection floods", on="WebSocket")
async def test_1013_for_too_many_sockets_of_one_user_on_two_servers(relay: Relay, database_url: str, redis_url: str) -> None:
    limits = SocketLimits(sockets_per_user=3, strangers_per_address=1)
    options = {"actors": ACTORS, "limits": limits}
    async with (
        a_place(database_url, redis_url, quota=SocketQuota(redis_url), **options) as one,  # type: ignore[arg-type]
        a_place(database_url, redis_url, quota=SocketQuota(redis_url), **options) as two,  # type: ignore[arg-type]
    ):
        async with AsyncExitStack() as stack:
            for place in (one, two, one):
                await stack.enter_async_context(place.talk("asha"))
            async with two.socket() as fourth:
                talk = Talk(fourth)
                await talk.say({"type": "connection_init", "payload": {"authorization": "Bearer asha"}})
                assert (await talk.ends())[0] == 1013
            await stack.enter_async_context(two.talk("auditor"))
            await stack.enter_async_context(two.talk())
            async with one.socket() as stranger:
                talk = Talk(stranger)
                await talk.say({"type": "connection_init"})
                assert (await talk.ends())[0] == 1013
        await until(lambda: len(one.sockets) == len(two.sockets) == 0)
