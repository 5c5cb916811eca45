"""Event feeds with a state beside the events, and with a greeting: what comes first, what comes when, and what resumes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.identity.actor import Actor
from domain.kit import clock
from subscriptions.connection import Farewell
from subscriptions.feed import Feed, StateBeside, Visit
from subscriptions.hub import Hub
from subscriptions.limits import ConnectionLimits
from tests.subscriptions.listening import CODEC, NOTES, Listener, Noted, note, notes, until

pytestmark = pytest.mark.usefixtures("relay")


class Counted:
    """A state that counts how often it was read."""

    def __init__(self, *, on: tuple[str, ...] = (Noted.name,), every_seconds: int | None = None) -> None:
        self.readings = 0
        self.error: Exception | None = None
        beside = StateBeside(state=self.read, on=frozenset(on), every_seconds=every_seconds)
        self.feed: Feed = replace(NOTES, name="counted", beside=beside)

    async def read(self, actor: Actor, arguments: Mapping[str, Any]) -> int:
        self.readings += 1
        if self.error is not None:
            raise self.error
        return self.readings


def states(listener: Listener) -> list[int]:
    return [message["state"] for message in listener.messages if message["kind"] == "StateItem"]


async def test_the_state_is_shown_to_who_comes_and_after_events(hub: Hub) -> None:
    counted, listener = Counted(), Listener(hub)
    await hub.open(listener, "1", notes(feed=counted.feed))
    await until(lambda: states(listener) == [1])
    assert listener.kinds == ["Ready", "StateItem"]
    await note(1, 2, 3)
    await until(lambda: states(listener)[-1] > 1 and listener.numbers == [1, 2, 3])
    await until(lambda: CODEC.decode(listener.last_cursor).position == 3)


async def test_cursors_never_go_back_and_a_burst_makes_few_states(hub: Hub) -> None:
    counted, listener = Counted(), Listener(hub)
    await hub.open(listener, "1", notes(feed=counted.feed))
    for number in range(1, 101):
        await note(number)
    await listener.hears(range(1, 101))
    await until(lambda: listener.kinds[-1] == "StateItem")
    positions = [CODEC.decode(message["cursor"]).position for message in listener.messages]
    assert positions == sorted(positions)
    assert len(states(listener)) < 20


async def test_what_is_replayed_is_the_events_and_the_state_is_that_of_now(hub: Hub) -> None:
    counted = Counted()
    first = Listener(hub)
    await hub.open(first, "1", notes(feed=counted.feed))
    await note(1, 2)
    await first.hears([1, 2])
    cursor = next(message["cursor"] for message in first.messages if message.get("number") == 1)
    first.part(Farewell.RESTARTING)
    again = Listener(hub)
    await hub.open(again, "1", notes(feed=counted.feed, after=cursor))
    await until(lambda: states(again))
    assert again.kinds == ["Ready", "EventItem", "CaughtUp", "StateItem"]
    assert again.numbers == [2]


async def test_whoever_resumes_from_a_state_hears_each_event_once(hub: Hub) -> None:
    counted, listener = Counted(), Listener(hub)
    await hub.open(listener, "1", notes(feed=counted.feed))
    await note(1)
    await until(lambda: len(states(listener)) == 2 and listener.numbers == [1])
    cursor = listener.last_cursor
    await note(2)
    await listener.hears([1, 2])
    again = Listener(hub)
    await hub.open(again, "1", notes(feed=counted.feed, after=cursor))
    await again.hears([2])


async def test_only_the_named_events_make_a_new_state(hub: Hub) -> None:
    counted, listener = Counted(on=("tests.something_else",)), Listener(hub)
    await hub.open(listener, "1", notes(feed=counted.feed))
    await until(lambda: states(listener) == [1])
    await note(1)
    await listener.hears([1])
    await asyncio.sleep(2 * hub.limits.coalesce_s)
    assert states(listener) == [1]


async def test_it_is_shown_now_and_then_when_nothing_happens(hub: Hub) -> None:
    counted, listener = Counted(every_seconds=1), Listener(hub)
    await hub.open(listener, "1", notes(feed=counted.feed))
    await until(lambda: len(states(listener)) >= 2)


async def test_a_state_that_cannot_be_read_stops_no_events(hub: Hub) -> None:
    counted, listener = Counted(), Listener(hub)
    counted.error = ZeroDivisionError()
    await hub.open(listener, "1", notes(feed=counted.feed))
    await note(1)
    await listener.hears([1])
    counted.error = None
    await note(2)
    await listener.hears([1, 2])
    await until(lambda: states(listener))
    assert listener.errors == []


async def test_a_slow_reader_loses_states_and_no_event(hub: Hub) -> None:
    counted = Counted()
    slow, quick = Listener(hub, limits=ConnectionLimits(waiting_messages=2)), Listener(hub)
    for listener in (slow, quick):
        await hub.open(listener, "1", notes(feed=counted.feed))
    await until(lambda: states(slow) and states(quick))
    slow.taking.clear()
    for number in range(1, 9):
        await note(number)
        await until(lambda: quick.numbers[-1:] == [number])  # noqa: B023
    slow.taking.set()
    await slow.hears(range(1, 9))


async def test_nothing_is_read_when_nobody_looks(hub: Hub) -> None:
    counted, listener = Counted(every_seconds=1), Listener(hub)
    member = await hub.open(listener, "1", notes(feed=counted.feed))
    await until(lambda: states(listener))
    hub.close(member)
    readings = counted.readings
    await note(1)
    await until(lambda: hub.told == 1)
    await asyncio.sleep(0)
    assert counted.readings == readings and hub.status().groups == 0


async def test_a_greeting_comes_first_and_is_to_each_alone(hub: Hub) -> None:
    visits: list[Visit] = []

    def greets(visit: Visit) -> str:
        visits.append(visit)
        return f"welcome {visit.id}"

    feed = replace(NOTES, greets=greets)
    listeners = [Listener(hub), Listener(hub)]
    for listener in listeners:
        await hub.open(listener, "1", notes(feed=feed))
    await note(1)
    for listener, visit in zip(listeners, visits, strict=True):
        await listener.hears([1])
        assert listener.kinds == ["Greeting", "Ready", "EventItem"]
        assert listener.messages[0]["said"] == f"welcome {visit.id}"
        assert clock.now() - visit.at < timedelta(minutes=5)
    assert visits[0].id != visits[1].id


async def test_a_greeting_leads_nobody_past_what_they_missed(hub: Hub) -> None:
    feed = replace(NOTES, greets=lambda visit: "welcome")
    listener = Listener(hub)
    await hub.open(listener, "1", notes(feed=feed))
    await note(1, 2)
    await listener.hears([1, 2])
    after_the_first = next(message["cursor"] for message in listener.messages if message.get("number") == 1)
    again = Listener(hub)
    await hub.open(again, "1", notes(feed=feed, after=after_the_first))
    await again.hears([2])
    assert again.kinds == ["Greeting", "Ready", "EventItem", "CaughtUp"]
    assert again.messages[0]["cursor"] == after_the_first
