"""The log: contiguous, in the order of commits and of each aggregate, append-only, heard once by each listener."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import asyncpg
import pytest

from domain.events import log
from domain.events.event import Event, LoggedEvent, batch_from_wire, batch_to_wire, event
from domain.events.listeners import Listener, catch_up
from domain.kit import database
from domain.kit.database import execute, fetchval
from domain.kit.unit_of_work import unit_of_work
from tests.support.happenings import assert_integrity, events_so_far

pytestmark = pytest.mark.usefixtures("database")


@event("test.counted")
@dataclass(frozen=True, kw_only=True)
class Counted(Event):
    counter: int
    value: int

    def topics(self) -> Iterable[str]:
        return [f"counter:{self.counter}"]

    def audience(self) -> Iterable[str]:
        return ["everyone"]


async def count(counter: int, rng: random.Random) -> None:
    """Raise one counter by one under its row lock; sometimes slowly, sometimes in vain."""
    try:
        async with unit_of_work() as work:
            value = await work.fetchval(
                "update event_checkpoint set position = position + 1 where listener = $1 returning position", str(counter)
            )
            await asyncio.sleep(rng.random() * 0.01)
            work.record(Counted(counter=counter, value=value))
            if rng.random() < 0.2:
                raise ZeroDivisionError
    except ZeroDivisionError:
        pass


@pytest.mark.fault("two relays believe at once that they lead")
async def test_many_writers_and_two_sequencers_give_one_contiguous_order() -> None:
    rng = random.Random(7)
    counters = range(5)
    for counter in counters:
        await execute("insert into event_checkpoint values ($1, 0, 0, now())", str(counter))
    stop = asyncio.Event()

    async def sequence_eagerly() -> list[LoggedEvent]:
        numbered: list[LoggedEvent] = []
        while not stop.is_set():
            numbered += await log.sequence(database, batch=rng.randint(1, 10))
            await asyncio.sleep(0.001)
        return numbered

    relays = [asyncio.create_task(sequence_eagerly()) for _ in range(2)]
    await asyncio.gather(*(count(rng.choice(counters), rng) for _ in range(200)))
    stop.set()
    by_relay = await asyncio.gather(*relays)
    events = await events_so_far()
    assert [logged.position for logged in events] == list(range(1, len(events) + 1))
    assert sum(map(len, by_relay)) <= len(events)
    for counter in counters:
        values = [logged.fact.value for logged in events if logged.fact.counter == counter]
        assert values == list(range(1, len(values) + 1))
        assert len(values) == await fetchval("select position from event_checkpoint where listener = $1", str(counter))


async def test_an_event_of_a_slow_transaction_comes_after_those_that_committed_before() -> None:
    async with unit_of_work() as slow:
        slow.record(Counted(counter=1, value=1))
        other = asyncio.create_task(announce(Counted(counter=2, value=2)), context=_outside())
        await other
        assert [logged.fact.counter for logged in await log.sequence(slow.connection)] == [2]
    assert [logged.fact.counter for logged in await events_so_far()] == [2, 1]


def _outside() -> object:
    """A context without the unit of work in progress."""
    import contextvars

    return contextvars.Context()


async def announce(*facts: Event) -> None:
    async with unit_of_work() as work:
        work.record(*facts)


@pytest.mark.parametrize("statement", ["update event_log set name = 'x'", "delete from event_log", "truncate event_log"])
async def test_the_log_is_append_only(statement: str) -> None:
    await announce(Counted(counter=1, value=1))
    await events_so_far()
    with pytest.raises(asyncpg.PostgresError, match="append-only"):
        await execute(statement)


async def test_events_travel_between_processes_unchanged() -> None:
    await announce(Counted(counter=1, value=1), Counted(counter=2, value=2))
    events = await events_so_far()
    assert batch_from_wire(batch_to_wire(events)) == events


async def test_a_range_can_be_read_by_topic() -> None:
    await announce(*(Counted(counter=i % 3, value=i) for i in range(30)))
    await events_so_far()
    found = await log.read_topics_after(5, ["counter:1", "counter:9"], up_to=20)
    assert [logged.position for logged in found] == [p for p in range(6, 21) if (p - 1) % 3 == 1]


async def test_an_epoch_change_keeps_positions_but_not_their_worth() -> None:
    await announce(Counted(counter=1, value=1))
    await events_so_far()
    before = await log.head()
    after = await log.begin_new_epoch()
    assert after.epoch > before.epoch
    assert after.position == before.position


async def test_two_workers_let_a_listener_hear_each_event_once() -> None:
    heard: list[int] = []
    listener = Listener("test-once")

    @listener.on(Counted)
    async def hear(fact: Counted, logged: LoggedEvent) -> None:
        await asyncio.sleep(0)
        heard.append(fact.value)

    await announce(*(Counted(counter=0, value=i) for i in range(600)))
    await events_so_far()
    await asyncio.gather(*(catch_up(listener) for _ in range(4)))
    assert heard == list(range(600))
    await assert_integrity()


async def test_a_reaction_that_fails_leaves_nothing_and_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("domain.events.listeners.FIRST_PAUSE_S", 0.001)
    attempts: list[int] = []
    listener = Listener("test-again")

    @listener.on(Counted)
    async def stumble(fact: Counted, logged: LoggedEvent) -> None:
        attempts.append(fact.value)
        async with unit_of_work() as work:
            work.record(Counted(counter=9, value=fact.value + 100))
        if len(attempts) < 3:
            raise RuntimeError("the first two times it fails")

    await announce(Counted(counter=0, value=1))
    await events_so_far()
    await catch_up(listener)
    listener.reactions.clear()
    assert attempts == [1, 1, 1]
    assert [logged.fact.value for logged in await events_so_far()] == [1, 101]


async def test_several_of_a_kind_are_heard_at_once_in_their_order_and_one_by_one_when_one_is_poisoned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("domain.events.listeners.FIRST_PAUSE_S", 0.001)
    monkeypatch.setattr("domain.events.listeners.MOST_TOGETHER", 3)
    heard: list[list[int]] = []
    listener = Listener("test-several")

    @listener.on_several(Counted)
    async def hear(told: Sequence[LoggedEvent]) -> None:
        heard.append([logged.fact.value for logged in told])
        async with unit_of_work() as work:
            await work.execute("update event_checkpoint set epoch = epoch + $2 where listener = $1", "heard", len(told))
        if 6 in heard[-1]:
            raise ValueError("cannot swallow this")

    await execute("insert into event_checkpoint values ('heard', 0, 0, now())")
    await announce(*(Counted(counter=0, value=i) for i in range(8)))
    await events_so_far()
    await catch_up(listener)
    assert heard == [[0, 1, 2], [3, 4, 5], [6, 7], *[[6]] * 5, [7]]
    # What a call did that failed is undone.
    assert await fetchval("select epoch from event_checkpoint where listener = 'heard'") == 7
    assert await fetchval("select count(*) from parked_event") == 1


async def test_a_poisoned_event_is_parked_and_the_rest_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("domain.events.listeners.FIRST_PAUSE_S", 0.001)
    heard: list[int] = []
    listener = Listener("test-poison")

    @listener.on(Counted)
    async def choke(fact: Counted, logged: LoggedEvent) -> None:
        if fact.value == 2:
            raise ValueError("cannot swallow this")
        heard.append(fact.value)

    await announce(*(Counted(counter=0, value=i) for i in (1, 2, 3)))
    await events_so_far()
    await catch_up(listener)
    assert heard == [1, 3]
    assert await fetchval("select error from parked_event") == "ValueError: cannot swallow this"
