"""The doorbell: what the stock backends get wrong, each a test."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
import redis
from broadcaster._base import Subscriber

from subscriptions.stepping import end_task
from subscriptions.transport import Gap, RedisBackend, ResilientBroadcast
from tests.subscriptions.listening import broadcasting, until
from tests.subscriptions.outages import MortalRedis, mortal_redis


@pytest.fixture(scope="module")
def mortal() -> Iterator[MortalRedis]:
    with mortal_redis() as server:
        yield server


async def test_what_is_published_after_the_subscription_was_acknowledged_arrives(redis_url: str) -> None:
    async with broadcasting(redis_url) as one, broadcasting(redis_url) as other:
        for number in range(50):
            channel = f"tests:{number}"
            async with one.subscribe(channel) as subscriber:
                await other.publish(channel, "at once")
                async with asyncio.timeout(5):
                    assert (await subscriber.get()).message == "at once"


async def test_first_subscribers_that_come_together_all_hear(redis_url: str) -> None:
    async with broadcasting(redis_url) as broadcast:
        ready = asyncio.Semaphore(0)

        async def hear_one() -> str:
            async with broadcast.subscribe("tests:together") as subscriber:
                ready.release()
                return (await subscriber.get()).message

        tasks = [asyncio.create_task(hear_one()) for _ in range(10)]
        for _ in tasks:
            await ready.acquire()
        await broadcast.publish("tests:together", "hello")
        assert await asyncio.gather(*tasks) == ["hello"] * 10


async def test_one_who_leaves_takes_nobody_else_along(redis_url: str) -> None:
    async with broadcasting(redis_url) as broadcast, broadcast.subscribe("tests:stay") as staying:
        async with broadcast.subscribe("tests:stay"):
            pass
        await broadcast.publish("tests:stay", "still here")
        assert (await staying.get()).message == "still here"


async def test_a_killed_redis_is_a_gap_and_then_all_is_well_again(mortal: MortalRedis) -> None:
    async with broadcasting(mortal.url) as broadcast, broadcast.subscribe("tests:cut") as subscriber:
        await broadcast.publish("tests:cut", "before")
        assert (await subscriber.get()).message == "before"
        mortal.kill()
        await until(lambda: not broadcast.backend.connected)
        with pytest.raises((redis.RedisError, OSError)):
            await broadcast.publish("tests:cut", "into the void")
        mortal.start()
        async with asyncio.timeout(10):
            assert isinstance(await subscriber.get(), Gap)
            await until(lambda: broadcast.backend.connected)
            await broadcast.publish("tests:cut", "after")
            assert (await subscriber.get()).message == "after"


async def test_subscribing_while_redis_is_away_gives_a_gap_when_it_is_back(mortal: MortalRedis) -> None:
    mortal.kill()
    async with broadcasting(mortal.url) as broadcast, broadcast.subscribe("tests:late") as subscriber:
        mortal.start()
        async with asyncio.timeout(10):
            assert isinstance(await subscriber.get(), Gap)
            await broadcast.publish("tests:late", "after")
            assert (await subscriber.get()).message == "after"


async def test_a_subscriber_that_is_too_slow_finds_a_gap_not_a_hole(redis_url: str) -> None:
    async with (
        ResilientBroadcast(RedisBackend(redis_url), queue_bound=10) as broadcast,
        broadcast.subscribe("tests:slow") as slow,
        broadcast.subscribe("tests:slow") as quick,
    ):
        heard = asyncio.create_task(_hear(quick, "99"))
        for number in range(100):
            await broadcast.publish("tests:slow", str(number))
            await asyncio.sleep(0)
        await heard
        seen = [await slow.get() for _ in range(slow._queue.qsize())]
        assert len(seen) <= 10
        assert isinstance(seen[0], Gap)
        numbers = [int(event.message) for event in seen[1:]]
        assert numbers == list(range(100 - len(numbers), 100)), "after the gap, nothing is missing"


async def test_being_cancelled_while_subscribing_leaves_nothing_behind(redis_url: str) -> None:
    for pause in range(12):
        async with broadcasting(redis_url) as broadcast:

            async def subscribe(broadcast: ResilientBroadcast = broadcast) -> None:
                async with broadcast.subscribe("tests:cancelled") as subscriber:
                    await subscriber.get()

            task = asyncio.create_task(subscribe())
            for _ in range(pause):
                await asyncio.sleep(0)
            await end_task(task)
            assert broadcast._open_channels == set()
            assert broadcast.backend._wanted == set()


async def _hear(subscriber: Subscriber, last: str) -> None:
    while (await subscriber.get()).message != last:
        pass
