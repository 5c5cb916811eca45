"""History that is archived, or becomes another one, while somebody is being told it: never a part of it without a word."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.events import log
from domain.events.listeners import every_listener
from domain.events.log import Place
from domain.events.retention import archive_old_partitions
from domain.kit import clock
from domain.kit.database import connection
from subscriptions.feed import EVERYTHING, EventItem
from subscriptions.hub import Hub
from subscriptions.limits import ConnectionLimits, HubLimits
from tests.subscriptions.listening import CODEC, Listener, PlainShape, a_hub, note, notes, until

pytestmark = pytest.mark.usefixtures("relay")

SHORT_MEMORY = HubLimits(ring_events=5, page_events=10, window_positions=10, together_events=5)
TOLD_BEFORE = 10
"""One page: what is told before the rest of history is gone."""


class Halfway:
    """A shape that stops while it writes one event, until it is told to go on."""

    def __init__(self, number: int) -> None:
        self._number = number
        self.reached = asyncio.Event()
        self.goes_on = asyncio.Event()
        self.shape = PlainShape("halfway", pause=self._pause)

    async def _pause(self, item: Any) -> None:
        if isinstance(item, EventItem) and item.shown.number == self._number:
            self.reached.set()
            await self.goes_on.wait()


@asynccontextmanager
async def a_hub_that_has_heard(last: int, database_url: str, redis_url: str) -> AsyncIterator[Hub]:
    async with a_hub(database_url, redis_url, SHORT_MEMORY) as hub:
        await note(*range(1, last + 1))
        await until(lambda: hub.told == last)
        yield hub


async def archive_up_to(position: int, folder: Path) -> None:
    """As if these were of two months ago, and the archive had its turn now."""
    async with connection() as c, c.transaction():
        await c.execute("select ensure_event_log_partition($1)", clock.now() - timedelta(days=60))
        await c.execute("set local session_replication_role = replica")
        await c.execute(
            "update event_log set recorded_at = recorded_at - make_interval(days => 60) where position <= $1", position
        )
        await c.executemany(
            "insert into event_checkpoint values ($1, 0, $2, now())", [(each.name, position) for each in every_listener()]
        )
    await archive_old_partitions(folder)
    assert await log.oldest_position() == position + 1


@pytest.mark.parametrize("topics", [("notes",), (EVERYTHING,)])
@pytest.mark.fault("history is archived while a subscriber is being told it")
async def test_what_is_archived_in_the_midst_of_a_replay_is_a_resync(
    topics: tuple[str, ...], database_url: str, redis_url: str, tmp_path: Path
) -> None:
    halfway = Halfway(TOLD_BEFORE)
    async with a_hub_that_has_heard(60, database_url, redis_url) as hub:
        listener = Listener(hub)
        after = CODEC.encode(Place(hub.place.epoch, 0))
        opening = asyncio.create_task(hub.open(listener, "1", notes(*topics, after=after, shape=halfway.shape)))
        await halfway.reached.wait()
        await archive_up_to(40, tmp_path)
        halfway.goes_on.set()
        await opening
        assert listener.numbers == list(range(1, TOLD_BEFORE + 1))
        assert listener.kinds[TOLD_BEFORE + 1 :] == ["ResyncRequired", "CaughtUp"]
        assert listener.messages[-2]["reason"] == "TOO_OLD"
        assert {CODEC.decode(message["cursor"]) for message in listener.messages[-2:]} == {hub.place}
        await note(61)
        await listener.hears([*range(1, TOLD_BEFORE + 1), 61])
        assert listener.errors == []
        assert listener.kinds.count("ResyncRequired") == hub.statistics.resyncs == 1


async def test_who_was_too_slow_until_it_was_archived_is_told_so(database_url: str, redis_url: str, tmp_path: Path) -> None:
    async with a_hub_that_has_heard(1, database_url, redis_url) as hub:
        slow = Listener(hub, limits=ConnectionLimits(waiting_messages=3))
        await hub.open(slow, "1", notes())
        slow.taking.clear()
        await note(*range(2, 61))
        await until(lambda: hub.told == 60)
        await archive_up_to(40, tmp_path)
        slow.taking.set()
        await until(lambda: "ResyncRequired" in slow.kinds)
        assert slow.messages[-1]["reason"] == "TOO_OLD"
        await note(61)
        await until(lambda: slow.numbers[-1:] == [61])
        assert [number for number in slow.numbers if number > 2] == [61], "never a part of what was missed"
        assert slow.errors == []


async def test_another_epoch_in_the_midst_of_a_replay_is_called_by_its_name(database_url: str, redis_url: str) -> None:
    """Whether or not the hub has heard of it by then."""
    halfway = Halfway(TOLD_BEFORE)
    async with a_hub_that_has_heard(60, database_url, redis_url) as hub:
        await hub._follower.stop()
        listener = Listener(hub)
        after = CODEC.encode(Place(hub.place.epoch, 0))
        opening = asyncio.create_task(hub.open(listener, "1", notes(after=after, shape=halfway.shape)))
        await halfway.reached.wait()
        await log.begin_new_epoch()
        halfway.goes_on.set()
        await opening
        assert listener.kinds[TOLD_BEFORE + 1 :] == ["ResyncRequired", "CaughtUp"]
        assert listener.messages[-2]["reason"] == "EPOCH_CHANGED"


async def test_archiving_under_many_replays_is_a_resync_or_the_whole_and_never_an_error(
    database_url: str, redis_url: str, tmp_path: Path
) -> None:
    """Nobody waits for anybody here: the archive takes the partition while it is being read."""
    async with a_hub_that_has_heard(200, database_url, redis_url) as hub:
        crowd = [Listener(hub) for _ in range(40)]
        archiving = asyncio.create_task(archive_up_to(150, tmp_path))
        for number, each in enumerate(crowd):
            after = CODEC.encode(Place(hub.place.epoch, number))
            await hub.open(each, "1", notes(after=after, shape=PlainShape(number)))
        await archiving
        await note(201)
        for number, each in enumerate(crowd):
            await until(lambda: each.numbers[-1:] == [201])  # noqa: B023
            assert each.errors == []
            if "ResyncRequired" in each.kinds:
                assert each.numbers[:-1] == list(range(number + 1, number + len(each.numbers)))
            else:
                assert each.numbers == list(range(number + 1, 202))
        late = Listener(hub)
        await hub.open(late, "1", notes(after=CODEC.encode(Place(hub.place.epoch, 149))))
        assert late.kinds == ["Ready", "ResyncRequired"]
