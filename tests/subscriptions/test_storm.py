"""A reconnect storm: thousands come back at once, and the database hardly notices."""

from __future__ import annotations

import asyncio

import pytest

from domain.events.log import Place
from subscriptions.hub import Hub
from subscriptions.limits import HubLimits
from tests.subscriptions.listening import CODEC, Listener, PlainShape, a_hub, note, notes, somebody, until

pytestmark = pytest.mark.usefixtures("relay")

CROWD = 2_000
MISSED = 100


async def storm(hub: Hub) -> list[Listener]:
    epoch = hub.place.epoch
    crowd = [Listener(hub, somebody()) for _ in range(CROWD)]
    cursors = [CODEC.encode(Place(epoch, number % 50)) for number in range(CROWD)]
    shape = PlainShape("storm")
    await asyncio.gather(
        *(hub.open(each, "1", notes(after=cursor, shape=shape)) for each, cursor in zip(crowd, cursors, strict=True))
    )
    for number, each in enumerate(crowd):
        assert each.numbers == list(range(number % 50 + 1, MISSED + 1))
        assert each.kinds[-1] == "CaughtUp"
    return crowd


async def test_2000_that_resume_are_served_from_memory_even_by_a_process_that_has_just_started(
    database_url: str, redis_url: str
) -> None:
    await note(*range(1, MISSED + 1))
    async with a_hub(database_url, redis_url) as hub:
        await until(lambda: hub.told == MISSED)
        before = hub.status()
        crowd = await storm(hub)
        after = hub.status()
        assert after.queries - before.queries < 20
        assert after.executions - before.executions == MISSED, "one for each event, not for each client"
        await note(MISSED + 1)
        for each in crowd:
            await each.hears([*each.numbers[: each.numbers.index(MISSED) + 1], MISSED + 1])


@pytest.mark.fault("two thousand subscribers come back at once")
async def test_2000_that_resume_from_before_memory_begins_ask_together(database_url: str, redis_url: str) -> None:
    await note(*range(1, MISSED + 1))
    async with a_hub(database_url, redis_url, HubLimits(ring_events=10)) as hub:
        await until(lambda: hub.told == MISSED)
        before = hub.status()
        await storm(hub)
        # 50 different cursors: two questions each, and nothing for the 1,950 others.
        assert hub.status().queries - before.queries < 150
