"""A database that was restored without a word: events that clients know are gone, and others have their positions."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio

from domain.events import log
from domain.events.event import batch_to_wire
from domain.events.log import Place, place_of
from domain.kit import database
from domain.kit.database import connection
from subscriptions.hub import Hub
from subscriptions.limits import HubLimits
from subscriptions.relay import Relay
from subscriptions.stepping import end_task, start_task
from subscriptions.transport import LAST_NUMBERED, LOG_CHANNEL
from tests.subscriptions.listening import (
    CODEC,
    Listener,
    a_hub,
    broadcasting,
    kill_connections,
    note,
    notes,
    numbered,
    until,
)
from tests.subscriptions.outages import mortal_redis

pytestmark = [
    pytest.mark.usefixtures("database"),
    pytest.mark.fault("the database is restored from a backup, and nobody declares a new epoch"),
]

LOOKS_OFTEN = HubLimits(poll_s=0.02)


@pytest_asyncio.fixture
async def hub(database: None, database_url: str, redis_url: str) -> AsyncIterator[Hub]:
    async with a_hub(database_url, redis_url, LOOKS_OFTEN) as hub:
        yield hub


async def happens(*numbers: int) -> None:
    """It is numbered, and no bell rings."""
    await note(*numbers)
    while await log.sequence(database):
        pass


async def restore(position: int) -> None:
    """What a backup does to the log that was taken when it ended here."""
    async with connection() as c, c.transaction():
        await c.execute("set local session_replication_role = replica")
        await c.execute("delete from event_log where position > $1", position)
        await c.execute(
            """update event_log_head set position = $1,
                      recorded_at = (select recorded_at from event_log where position = $1)""",
            position,
        )


@asynccontextmanager
async def nobody_looks(hub: Hub) -> AsyncIterator[None]:
    """As a database that is away for the hub."""
    follower = hub._follower
    await follower.stop()
    yield
    follower._task = start_task(follower._follow(), name="log-follower")


async def cursors_of(last: int) -> list[str]:
    """Of the history as it is now, from its beginning."""
    places = [Place((await log.head()).epoch, 0), *map(place_of, await log.read_after(0))]
    assert [place.position for place in places] == list(range(last + 1))
    return [CODEC.encode(place) for place in places]


@pytest.mark.parametrize("ring_events", [100, 2], ids=["in memory", "in the log"])
async def test_a_server_that_starts_after_a_restore_knows_which_cursors_are_of_what_is_gone(
    ring_events: int, database_url: str, redis_url: str
) -> None:
    """The log has grown past its old head, so that numbers alone tell nothing."""
    await happens(1, 2, 3, 4, 5)
    cursors = await cursors_of(5)
    await restore(3)
    await happens(14, 15, 16, 17)
    async with a_hub(database_url, redis_url, HubLimits(ring_events=ring_events)) as hub:
        for known, cursor in enumerate(cursors):
            listener = Listener(hub)
            await hub.open(listener, "1", notes(after=cursor))
            if known <= 3:
                assert listener.numbers == [*range(known + 1, 4), 14, 15, 16, 17]
                assert listener.messages[0] | {"recovered": True, "cursor": cursor} == listener.messages[0]
            else:
                assert listener.kinds == ["Ready", "ResyncRequired"], known
                assert listener.messages[0]["recovered"] is False
                assert listener.messages[1]["reason"] == "EPOCH_CHANGED"
                again = Listener(hub)
                await hub.open(again, "1", notes(after=listener.last_cursor))
                assert again.kinds == ["Ready", "CaughtUp"]


async def test_cursors_of_all_kinds_name_their_event(hub: Hub) -> None:
    """Those of the data, of what is ready, of events, of heartbeats, and of the end of a replay."""
    first, second = Listener(hub), Listener(hub)
    await happens(1, 2, 3)
    await until(lambda: hub.told == 3)
    await hub.open(first, "1", notes())
    await happens(4)
    await first.hears([4])
    await hub.open(second, "1", notes(after=first.messages[0]["cursor"]))
    said = [CODEC.decode(message["cursor"]) for message in (*first.messages, *second.messages)]
    said += [CODEC.decode(each) for each in (hub.cursor(), hub.cursor_for(first), hub.cursor_at(2))]
    said.append(await log.head())
    events = {logged.position: logged for logged in await log.read_after(0)}
    assert {place.position for place in said} == {2, 3, 4}
    assert all(place.fingerprint == events[place.position].fingerprint != 0 for place in said)


async def test_a_cursor_from_before_events_were_named_resumes(hub: Hub) -> None:
    await happens(1, 2)
    await until(lambda: hub.told == 2)
    listener = Listener(hub)
    await hub.open(listener, "1", notes(after=CODEC.encode(Place(hub.place.epoch, 1))))
    assert listener.numbers == [2]


async def test_an_event_that_is_archived_cannot_be_compared(hub: Hub) -> None:
    await happens(1, 2)
    await until(lambda: hub.told == 2)
    cursor = (await cursors_of(2))[1]
    async with connection() as c, c.transaction():
        await c.execute("set local session_replication_role = replica")
        await c.execute("delete from event_log where position = 1")
    hub._ring.clear(2)
    listener = Listener(hub)
    await hub.open(listener, "1", notes(after=cursor))
    assert [message.get("reason") for message in listener.messages] == [None, "TOO_OLD"]


@pytest.mark.parametrize("ring_events", [100, 2])
@pytest.mark.parametrize("regrown", [(14, 15), (14, 15, 16)], ids=["to where it was", "past where it was"])
async def test_a_server_that_ran_on_finds_by_looking_that_it_knows_another_history(
    ring_events: int, regrown: tuple[int, ...], database_url: str, redis_url: str
) -> None:
    async with a_hub(database_url, redis_url, HubLimits(ring_events=ring_events, poll_s=0.02)) as hub:
        listener = Listener(hub)
        await hub.open(listener, "1", notes())
        await happens(1, 2, 3, 4, 5)
        await listener.hears([1, 2, 3, 4, 5])
        before = hub.cursor()
        async with nobody_looks(hub):
            await restore(3)
            await happens(*regrown)
        await until(lambda: listener.farewell)
        assert listener.messages[-1]["reason"] == "EPOCH_CHANGED"
        assert listener.numbers == [1, 2, 3, 4, 5], "nothing of the other history without a word"
        assert listener.last_cursor == hub.cursor() != before
        late = Listener(hub)
        await hub.open(late, "1", notes(after=listener.last_cursor))
        await happens(20)
        await late.hears([20])


async def test_a_server_that_hears_another_event_at_a_known_position_asks_the_log(database_url: str, redis_url: str) -> None:
    never = HubLimits(poll_s=3_600)
    async with a_hub(database_url, redis_url, never) as hub, broadcasting(redis_url) as broadcast:
        listener = Listener(hub)
        await hub.open(listener, "1", notes())
        await until(lambda: hub.status().doorbell)
        await happens(1, 2, 3)
        old = await log.read_after(0)
        await broadcast.publish(LOG_CHANNEL, batch_to_wire(old))
        await listener.hears([1, 2, 3])
        await restore(2)
        await happens(13)
        await broadcast.publish(LOG_CHANNEL, batch_to_wire(await log.read_after(2)))
        await until(lambda: listener.farewell)
        assert listener.messages[-1]["reason"] == "EPOCH_CHANGED"
        resyncs = hub.statistics.resyncs
        back = Listener(hub)
        await hub.open(back, "1", notes(after=listener.last_cursor))
        await broadcast.publish(LOG_CHANNEL, batch_to_wire(old))
        await happens(14)
        await broadcast.publish(LOG_CHANNEL, batch_to_wire(await log.read_after(3)))
        await back.hears([14])
        assert hub.statistics.resyncs == resyncs, "what is late is of no weight against the log"


@asynccontextmanager
async def a_relay(database_url: str, redis_url: str) -> AsyncIterator[Relay]:
    async with broadcasting(redis_url) as broadcast:
        relay = Relay(database_url, broadcast, poll_s=0.02)
        work = asyncio.create_task(relay.run())
        try:
            yield relay
        finally:
            await end_task(work)


async def numbered_and_remembered(relay: Relay, position: int) -> None:
    await numbered(position)
    async with asyncio.timeout(30):
        while (await relay._remembered() or Place(0, 0)).position < position:  # noqa: ASYNC110
            await asyncio.sleep(0.005)


@pytest.mark.parametrize("regrown", [(), (14, 15, 16)], ids=["shorter than it was", "longer than it was"])
async def test_a_relay_that_starts_after_a_restore_begins_a_new_epoch_before_it_numbers_anything(
    regrown: tuple[int, ...], database_url: str, redis_url: str
) -> None:
    async with a_relay(database_url, redis_url) as relay:
        await note(1, 2, 3)
        await note(4, 5)
        await numbered_and_remembered(relay, 5)
    before, cursors = await log.head(), await cursors_of(5)
    await restore(3)
    await happens(*regrown)
    await note(20)
    async with a_relay(database_url, redis_url), a_hub(database_url, redis_url, LOOKS_OFTEN) as hub:
        await until(lambda: hub.place.epoch > before.epoch and hub.told == 4 + len(regrown))
        last = (await log.read_after(3 + len(regrown)))[0]
        assert (last.fact.number, last.epoch) == (20, hub.place.epoch), "no position is given out twice in one epoch"
        for cursor in cursors:
            listener = Listener(hub)
            await hub.open(listener, "1", notes(after=cursor))
            assert [message.get("reason") for message in listener.messages] == [None, "EPOCH_CHANGED"]


async def test_a_relay_that_runs_on_needs_no_redis_to_know_what_it_numbered(database_url: str) -> None:
    with mortal_redis() as server:
        async with a_relay(database_url, server.url) as relay:
            await note(1, 2, 3)
            await numbered(3)
            server.kill()
            epoch = (await log.head()).epoch
            await restore(2)
            await kill_connections("relay")
            await until(lambda: relay.status.failures and relay.status.leads)
            await note(13)
            await numbered(3)
            assert (await log.head()).epoch > epoch


async def test_a_relay_that_finds_what_it_knows_leaves_the_epoch_alone(database_url: str, redis_url: str) -> None:
    """Nor does it make anything of what was remembered of another epoch, or is of no sense."""
    epoch = (await log.head()).epoch
    async with a_relay(database_url, redis_url) as relay:
        await note(1, 2, 3)
        await numbered_and_remembered(relay, 3)
    async with a_relay(database_url, redis_url) as relay:
        await until(lambda: relay.status.leads)
        for failures, said in enumerate((f"{epoch - 1} 99 1", "nonsense", f"{epoch} -1 0", ""), start=1):
            await relay._broadcast.backend.remember(LAST_NUMBERED, said)
            await kill_connections("relay")
            await until(lambda: relay.status.failures >= failures and relay.status.leads)  # noqa: B023
    assert (await log.head()).epoch == epoch
