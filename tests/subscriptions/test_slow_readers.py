"""Slow readers: nothing is lost, nobody waits for them, and what waits for them is bounded."""

from __future__ import annotations

import asyncio
import gc
import tracemalloc

import pytest

from subscriptions.connection import Farewell
from subscriptions.hub import Hub
from subscriptions.limits import ConnectionLimits, HubLimits
from tests.subscriptions.listening import CODEC, Listener, PlainShape, a_hub, note, notes, until

pytestmark = pytest.mark.usefixtures("relay")

NARROW = ConnectionLimits(waiting_messages=10, waiting_bytes=20_000, replies_bytes=5_000, stalled_s=60, parting_s=0.05)


@pytest.mark.attack("slow readers", on="SSE, WebSocket")
async def test_a_slow_reader_delays_nobody_and_loses_nothing(hub: Hub) -> None:
    slow, quick = Listener(hub, limits=NARROW), Listener(hub)
    for listener in (slow, quick):
        await hub.open(listener, "1", notes())
    slow.taking.clear()
    await note(*range(1, 101))
    await quick.hears(range(1, 101))
    assert slow.numbers == []
    assert hub.statistics.overflows >= 1
    assert CODEC.decode(hub.cursor_for(slow)).position <= 1
    slow.taking.set()
    await slow.hears(range(1, 101))
    await note(101)
    await slow.hears(range(1, 102))


async def test_a_reader_that_stops_again_and_again_has_everything_once_and_in_order(hub: Hub) -> None:
    slow = Listener(hub, limits=NARROW)
    await hub.open(slow, "1", notes())
    await hub.open(slow, "2", notes("other", shape=PlainShape("other")))
    for first in range(1, 401, 20):
        slow.taking.clear()
        await note(*range(first, first + 15))
        await note(*range(first + 15, first + 20), topic="other")
        await until(lambda: hub.told >= first + 19)  # noqa: B023
        slow.taking.set()
        await asyncio.sleep(0)
    await until(lambda: len(slow.numbers) >= 400)
    ours = [number for number in range(1, 401) if (number - 1) % 20 < 15]
    assert [number for number in slow.numbers if number in set(ours)] == ours
    assert sorted(slow.numbers) == list(range(1, 401))


@pytest.mark.fault("a subscriber takes nothing for long")
@pytest.mark.attack("slow readers", on="SSE, WebSocket")
async def test_memory_is_flat_however_long_a_reader_stalls(database_url: str, redis_url: str) -> None:
    limits = HubLimits(ring_events=50, ring_bytes=200_000, renderings_bytes=200_000)
    async with a_hub(database_url, redis_url, limits) as hub:
        stalled = [Listener(hub, limits=NARROW) for _ in range(50)]
        for listener in stalled:
            await hub.open(listener, "1", notes())
            listener.taking.clear()

        async def write(first: int) -> int:
            for number in range(first, first + 100):
                await note(number, text="x" * 2_000)
            await until(lambda: hub.told >= first + 99)
            gc.collect()
            return tracemalloc.get_traced_memory()[0]

        await write(1)
        tracemalloc.start()
        try:
            early = await write(101)
            late = await write(201)
        finally:
            tracemalloc.stop()
        # 50 readers missed 100 events of 2 kB meanwhile: 10 MB, if anybody kept them.
        assert late - early < 1_000_000
        for listener in stalled:
            listener.taking.set()
        for listener in stalled:
            await listener.hears(range(1, 301))


@pytest.mark.attack("slow readers", on="SSE, WebSocket")
async def test_answers_wait_but_not_without_bound(hub: Hub) -> None:
    slow = Listener(hub, limits=NARROW)
    slow.taking.clear()
    message = b'{"kind": "Answer", "cursor": ""}'
    for _ in range(15):
        slow.reply(message, len(message))
    assert not slow.closed
    for _ in range(15):
        slow.reply(message, len(message))
    await until(lambda: slow.closed and slow.aborted)
    assert slow.farewell is None


async def test_a_slow_reader_that_ends_hears_why_if_it_takes_that_in_time(hub: Hub) -> None:
    slow = Listener(hub, limits=ConnectionLimits())
    await hub.open(slow, "1", notes())
    slow.taking.clear()
    await note(1, 2)
    await until(lambda: hub.told == 2 and slow.is_slow)
    slow.part(Farewell.TOO_SLOW)
    assert slow.closed and not slow.aborted and hub.status().connections == 0
    slow.taking.set()
    await until(lambda: slow.farewell is Farewell.TOO_SLOW)
    assert slow.numbers == [], "what waited is dropped, and read again from the log by who comes back"


@pytest.mark.attack("slow readers", on="SSE, WebSocket")
async def test_a_reader_that_takes_nothing_for_too_long_is_sent_away(hub: Hub) -> None:
    stalled = Listener(hub, limits=ConnectionLimits(stalled_s=0.05, parting_s=0.05))
    await hub.open(stalled, "1", notes())
    stalled.taking.clear()
    await note(1)
    await until(lambda: stalled.aborted)
    assert stalled.closed
    assert hub.status().connections == 0


async def test_heartbeats_are_left_out_rather_than_overtaking_what_was_dropped(hub: Hub) -> None:
    slow = Listener(hub, limits=NARROW)
    await hub.open(slow, "1", notes())
    slow.taking.clear()
    await note(1)
    await until(lambda: hub.told == 1)
    beat = b'{"kind": "Beat", "cursor": ""}'
    slow.reply(beat, len(beat), passing=True)
    await note(*range(2, 31))
    await until(lambda: hub.told == 30)
    slow.taking.set()
    await slow.hears(range(1, 31))
    assert "Beat" not in slow.kinds
