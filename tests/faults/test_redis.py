"""Redis is a doorbell: whatever happens to it or to the way there, acts are done and everybody hears of them."""

from __future__ import annotations

import asyncio
import shutil
from urllib.parse import urlsplit

import pytest

from api.embedded import start_valkey
from tests.faults.house import House, until
from tests.support.homes import open_home
from tests.trust.recording import Figures

pytestmark = pytest.mark.timeout(300)


@pytest.mark.fault("the network to Redis is cut again and again")
async def test_all_connections_to_redis_are_cut(house: House, figures: Figures) -> None:
    async with house.at_work() as load:
        for _ in range(4):
            house.redis.cut()
            await load.goes_on(5)
            house.redis.mend()
            await load.goes_on(5)
    figures.add("acts", load.done)
    assert not load.told, "nobody who acts waits for Redis"


@pytest.mark.fault("nothing gets through to Redis for a while, and nobody is told")
async def test_the_network_to_redis_stands_still(house: House, figures: Figures) -> None:
    async with house.followed() as ears, house.at_work() as load:
        house.redis.stall()
        heard = [len(ear.items) for ear in ears]
        await load.goes_on(20)
        await until(lambda: all(len(ear.items) >= before + 20 for ear, before in zip(ears, heard, strict=True)))
        house.redis.mend()
    figures.add("acts", load.done)
    assert not load.told


@pytest.mark.fault("Redis answers slowly")
async def test_the_network_to_redis_is_slow(house: House, figures: Figures) -> None:
    async with house.at_work() as load:
        house.redis.delay_s = 0.1
        try:
            await load.goes_on(15)
        finally:
            house.redis.delay_s = 0.0
    figures.add("acts", load.done)
    assert not load.told


@pytest.mark.fault("another Redis takes over, and knows nothing")
async def test_another_redis_takes_over(house: House, figures: Figures) -> None:
    first = urlsplit(house.place.servers.redis_url)
    with open_home() as home:
        data = home / "valkey"
        data.mkdir(parents=True)
        shutil.copy(house.place.home / "valkey" / "password", data / "password")
        other = await asyncio.to_thread(start_valkey, data)
        try:
            async with house.at_work() as load:
                house.redis.lead_to("127.0.0.1", _port_of(other.url))
                await load.goes_on(15)
            # Who comes now is counted there, and hears over it.
            async with house.at_work() as after:
                pass
        finally:
            house.redis.lead_to("127.0.0.1", _port_of(first.geturl()))
            other.stop()
    figures.add("acts", load.done + after.done)
    assert not load.told and not after.told


def _port_of(url: str) -> int:
    port = urlsplit(url).port
    assert port is not None
    return port
