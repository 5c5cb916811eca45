"""In a storm: states are few, and events are told one by one, each of them, however they come and whatever gets lost."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from broadcaster import Event as Message

from domain.events import log
from domain.events.event import LoggedEvent
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from subscriptions.feed import Feed, StateBeside
from subscriptions.hub import Hub
from subscriptions.limits import HubLimits
from subscriptions.transport import LOG_CHANNEL, Gap, RedisBackend, ResilientBroadcast
from tests.subscriptions.listening import (
    CODEC,
    NOTES,
    Listener,
    Noted,
    PlainShape,
    a_hub,
    note,
    notes,
    topic_of_arguments,
    until,
)

pytestmark = pytest.mark.usefixtures("relay")

STORM = 300
FOR_EVER_S = 3_600.0


async def nothing_else(actor: Actor, arguments: Mapping[str, Any]) -> str:
    return "as it is"


BOARD = Feed(name="board", requires=Permission.SIGNED_IN, topics=topic_of_arguments, state=nothing_else, same_for_all=True)
BOTH = replace(NOTES, name="both", beside=StateBeside(state=nothing_else, on=frozenset({Noted.name})))


def states(listener: Listener) -> int:
    return listener.kinds.count("StateItem")


async def test_in_a_storm_each_event_is_an_item_and_a_state_is_shown_once_in_its_time(
    database_url: str, redis_url: str
) -> None:
    """The moment in which states are put together never ends here, so that there is exactly the first."""
    async with a_hub(database_url, redis_url, HubLimits(coalesce_s=FOR_EVER_S)) as hub:
        events, both, board = (Listener(hub) for _ in range(3))
        await hub.open(board, "1", notes(feed=BOARD, shape=PlainShape("board")))
        await hub.open(both, "1", notes(feed=BOTH, shape=PlainShape("both")))
        await until(lambda: states(board) == states(both) == 1)
        await hub.open(events, "1", notes())
        for first in range(1, STORM, 50):
            # Some alone, some of one transaction, some numbered together.
            await note(first)
            await note(*range(first + 1, first + 25))
            await asyncio.gather(*(note(number) for number in range(first + 25, first + 50)))
        await until(lambda: hub.told == STORM)
        await until(lambda: len(both.numbers) == len(events.numbers) == STORM)
        logged = [each.fact.number for each in await log.read_after(0)]
        for listener in (events, both):
            assert listener.numbers == logged
            told = [CODEC.decode(each["cursor"]).position for each in listener.messages if each["kind"] == "EventItem"]
            assert told == list(range(1, STORM + 1)), "each with a place of its own"
        assert (states(board), states(both)) == (1, 1)
        assert hub.statistics.overflows == 0


@pytest.mark.fault("a server hears more from Redis than it can take, and loses what it was told")
async def test_what_the_doorbell_had_no_room_for_is_read_from_the_log(
    database_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody looks at the log for an hour unless something says that a message is missing."""
    gate, waits = asyncio.Event(), asyncio.Event()
    limits = HubLimits(poll_s=FOR_EVER_S)
    broadcast = ResilientBroadcast(RedisBackend(redis_url), queue_bound=3)
    async with broadcast:
        hub = Hub(database_url, broadcast, CODEC, limits)
        await hub.start()
        try:
            listener = Listener(hub)
            await hub.open(listener, "1", notes())
            await until(lambda: LOG_CHANNEL in broadcast._open_channels and hub._follower.looked_at_head)
            looked = hub._follower.looked_at_head
            dispatch = hub._follower._dispatch

            async def be_slow(run: Sequence[LoggedEvent]) -> None:
                waits.set()
                await gate.wait()
                await dispatch(run)

            monkeypatch.setattr(hub._follower, "_dispatch", be_slow)
            await note(1)
            await waits.wait()
            [queue] = broadcast._subscribers[LOG_CHANNEL]
            number = 1
            while not any(isinstance(each, Gap) for each in queue._queue):  # type: ignore[attr-defined]
                number += 1
                assert number < 1_000, "its queue holds three"
                await note(number)
                await asyncio.sleep(0)
            gate.set()
            await listener.hears(range(1, number + 1))
            assert hub._follower.looked_at_head > looked
            await note(number + 1)
            await listener.hears(range(1, number + 2))
        finally:
            await hub.stop()


async def test_a_backend_that_nobody_empties_tells_every_channel_of_a_gap(redis_url: str) -> None:
    bound = 1_000
    backend = RedisBackend(redis_url)
    backend._wanted = {"tests:one", "tests:other"}
    for number in range(bound + 5):
        backend._arrive(_message("tests:one", number))
    backend._arrive(_message("tests:unwanted", 0))
    came = [await backend.next_published() for _ in range(backend._arrived.qsize())]
    assert {each.channel for each in came[:2] if isinstance(each, Gap)} == backend._wanted
    # The one that found no room is lost with those before it; what comes after the gap is all there.
    assert [each.message for each in came[2:]] == [str(number) for number in range(bound + 1, bound + 5)]


def _message(channel: str, number: int) -> Message:
    return Message(channel, str(number))
