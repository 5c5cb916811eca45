"""Feeds: what is told, to whom, how often it is written, and how a feed goes on after a cut."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from domain.events import log
from domain.events.log import Place
from domain.identity.actor import ANONYMOUS
from domain.identity.permissions import Permission, Role
from domain.kit.database import execute
from domain.kit.errors import Forbidden, NotFound, Unauthenticated
from subscriptions.errors import DeliveryFailed, InvalidCursor, ShuttingDown
from subscriptions.feed import EVERYTHING, EventItem, Feed, domain_topic, kind_topic
from subscriptions.hub import Hub
from subscriptions.limits import HubLimits
from tests.subscriptions.listening import (
    CODEC,
    NOTES,
    Listener,
    Noted,
    PlainShape,
    a_hub,
    note,
    notes,
    numbered,
    somebody,
    topic_of_arguments,
    until,
)

pytestmark = pytest.mark.usefixtures("relay")


async def test_a_feed_is_ready_and_then_tells_what_happens(hub: Hub) -> None:
    await note(1)
    await until(lambda: hub.place.position == 1)
    listener = Listener(hub)
    await hub.open(listener, "1", notes())
    await note(2, 3)
    await note(4, topic="elsewhere")
    await note(5)
    await listener.hears([2, 3, 5])
    assert listener.kinds == ["Ready", "EventItem", "EventItem", "EventItem"]
    assert listener.messages[0]["recovered"] is False
    assert [CODEC.decode(message["cursor"]).position for message in listener.messages] == [1, 2, 3, 5]


async def test_everybody_with_the_same_shape_shares_one_execution(hub: Hub) -> None:
    """Whoever asks, whatever the topics; what differs is only what is sent to whom."""
    shapes = [PlainShape("same") for _ in range(50)]
    listeners = [Listener(hub) for _ in shapes]
    for listener, shape in zip(listeners, shapes, strict=True):
        await hub.open(listener, "1", notes(shape=shape))
    other = PlainShape("other")
    listeners.append(Listener(hub))
    await hub.open(listeners[-1], "1", notes(shape=other))
    before = hub.status().executions
    await note(1, 2, 3)
    for listener in listeners:
        await listener.hears([1, 2, 3])
    assert hub.status().executions - before == 6
    assert sum(isinstance(item, EventItem) for shape in shapes for item in shape.executions) == 3


async def test_an_event_that_nobody_hears_is_not_written(hub: Hub) -> None:
    shape = PlainShape()
    await hub.open(Listener(hub), "1", notes("silence", shape=shape))
    await note(1, 2, 3)
    await until(lambda: hub.told == 3)
    assert hub.status().executions == 0


async def test_resuming_tells_what_was_missed_and_says_when_that_is_over(hub: Hub) -> None:
    first = Listener(hub)
    await hub.open(first, "1", notes())
    await note(1, 2)
    await first.hears([1, 2])
    first.end()
    await note(3, 4)
    await note(5, topic="elsewhere")
    await until(lambda: hub.told == 5)
    again = Listener(hub)
    await hub.open(again, "1", notes(after=first.last_cursor))
    await note(6)
    await again.hears([3, 4, 6])
    assert again.kinds == ["Ready", "EventItem", "EventItem", "CaughtUp", "EventItem"]
    assert again.messages[0] | {"recovered": True, "cursor": first.last_cursor} == again.messages[0]
    assert CODEC.decode(again.messages[3]["cursor"]).position == 5


async def test_what_is_no_longer_in_memory_is_read_from_the_log(database_url: str, redis_url: str) -> None:
    limits = HubLimits(ring_events=10, page_events=7, window_positions=50)
    async with a_hub(database_url, redis_url, limits) as hub:
        start = hub.cursor()
        for number in range(1, 201):
            await note(number, topic="notes" if number % 3 else "elsewhere")
        await until(lambda: hub.told == 200)
        by_topic, everything, by_kind = Listener(hub), Listener(hub), Listener(hub)
        await hub.open(by_topic, "1", notes(after=start))
        await hub.open(everything, "1", notes(EVERYTHING, after=start))
        await hub.open(by_kind, "1", notes(kind_topic(Noted.name), domain_topic("tests"), after=start))
        assert by_topic.numbers == [number for number in range(1, 201) if number % 3]
        assert everything.numbers == by_kind.numbers == list(range(1, 201))
        assert by_topic.kinds[-1] == "CaughtUp"


async def test_a_cursor_of_another_epoch_needs_a_resync(hub: Hub) -> None:
    await note(1, 2)
    await until(lambda: hub.told == 2)
    listener = Listener(hub)
    await hub.open(listener, "1", notes(after=CODEC.encode(Place(hub.place.epoch - 1, 1))))
    await note(3)
    await listener.hears([3])
    assert listener.kinds == ["Ready", "ResyncRequired", "EventItem"]
    assert listener.messages[0]["recovered"] is False
    assert listener.messages[1]["reason"] == "EPOCH_CHANGED"
    assert CODEC.decode(listener.messages[1]["cursor"]) == Place(hub.place.epoch, 2)


async def test_a_cursor_older_than_the_log_needs_a_resync(database_url: str, redis_url: str) -> None:
    """Never a part of what was missed: positions 1 to 5 are gone, so 6 is not told either."""
    await note(1, 2, 3, 4, 5)
    await note(6)
    await numbered(6)
    await execute("set session_replication_role = replica; delete from event_log where position <= 5; reset all")
    async with a_hub(database_url, redis_url) as hub:
        for missed in range(5):
            listener = Listener(hub)
            await hub.open(listener, "1", notes(after=CODEC.encode(Place(hub.place.epoch, missed))))
            assert listener.kinds == ["Ready", "ResyncRequired"], missed
            assert listener.messages[1]["reason"] == "TOO_OLD"
        complete = Listener(hub)
        await hub.open(complete, "1", notes(after=CODEC.encode(Place(hub.place.epoch, 5))))
        assert complete.numbers == [6]


async def test_a_cursor_from_a_process_that_is_ahead_of_this_one_repeats_nothing(hub: Hub, database_url: str) -> None:
    await hub._follower.stop()
    await note(1, 2, 3)
    await numbered(3)
    assert hub.place.position == 0
    listener = Listener(hub)
    await hub.open(listener, "1", notes(after=CODEC.encode(Place(hub.place.epoch, 2))))
    assert listener.kinds == ["Ready", "CaughtUp"]
    await hub._follower._read_up()
    assert listener.numbers == [3]
    beyond = Listener(hub)
    await hub.open(beyond, "1", notes(after=CODEC.encode(Place(hub.place.epoch, 99))))
    assert beyond.kinds == ["Ready", "ResyncRequired"]


async def test_a_forged_cursor_is_refused(hub: Hub) -> None:
    listener = Listener(hub)
    with pytest.raises(InvalidCursor):
        await hub.open(listener, "1", notes(after=CODEC.encode(Place(1, 1))[:-1] + "x"))
    assert listener.members == {}
    assert listener.messages == []
    assert hub.status().feeds == 0


async def test_history_that_changes_under_open_feeds_is_told_and_everybody_signs_in_anew(hub: Hub) -> None:
    listener = Listener(hub)
    await hub.open(listener, "1", notes())
    await note(1)
    await listener.hears([1])
    restored = await log.begin_new_epoch()
    await until(lambda: listener.farewell)
    assert listener.kinds == ["Ready", "EventItem", "ResyncRequired"]
    assert listener.messages[-1]["reason"] == "EPOCH_CHANGED"
    assert CODEC.decode(listener.last_cursor) == restored
    await note(2)
    again = Listener(hub)
    await hub.open(again, "1", notes(after=listener.last_cursor))
    await again.hears([2])


async def test_what_one_may_not_see_is_not_told(hub: Hub) -> None:
    asha, brian = Listener(hub), Listener(hub)
    admin = Listener(hub, somebody(Role.ADMIN))
    for listener in (asha, brian, admin):
        await hub.open(listener, "1", notes())
    start = hub.cursor()
    await note(1, eyes=f"user:{asha.viewer.actor.id}")
    await note(2, eyes=f"permission:{Permission.AUDIT_READ.value}")
    await note(3, eyes=f"role:{Role.INVESTOR.value}")
    await note(4)
    await asha.hears([1, 3, 4])
    await brian.hears([3, 4])
    await admin.hears([2, 4])
    replayed = Listener(hub, brian.viewer.actor)
    await hub.open(replayed, "1", notes(after=start))
    assert replayed.numbers == [3, 4]


async def test_a_feed_that_is_not_theirs_is_refused(hub: Hub) -> None:
    investor, nobody = Listener(hub), Listener(hub, ANONYMOUS)
    with pytest.raises(NotFound):
        await hub.open(investor, "1", notes("secret"))
    with pytest.raises(Forbidden):
        await hub.open(investor, "1", notes(requires=frozenset({Permission.AUDIT_READ})))
    with pytest.raises(Unauthenticated):
        await hub.open(nobody, "1", notes())
    assert hub.status().feeds == 0
    assert investor.messages == nobody.messages == []


async def test_slow_writing_of_one_shape_holds_up_no_other_and_keeps_the_order(hub: Hub) -> None:
    gate = asyncio.Event()

    async def wait_at_the_first(item: Any) -> None:
        if isinstance(item, EventItem) and item.shown.number == 1:
            await gate.wait()

    slow, quick, late = Listener(hub), Listener(hub), Listener(hub)
    await hub.open(slow, "1", notes(shape=PlainShape("slow", pause=wait_at_the_first)))
    await hub.open(quick, "1", notes(shape=PlainShape("quick")))
    await note(1, 2, 3)
    await quick.hears([1, 2, 3])
    assert slow.numbers == []
    assert CODEC.decode(hub.cursor_for(slow)).position == 0, "a heartbeat must not promise what has not been told"
    await hub.open(late, "1", notes(shape=PlainShape("slow")))
    gate.set()
    await slow.hears([1, 2, 3])
    await note(4)
    await slow.hears([1, 2, 3, 4])
    await late.hears([4])


async def test_a_group_that_is_written_too_slowly_is_told_from_the_log(database_url: str, redis_url: str) -> None:
    gate = asyncio.Event()

    async def wait(item: Any) -> None:
        if isinstance(item, EventItem):
            await gate.wait()

    async with a_hub(database_url, redis_url, HubLimits(group_backlog_events=5)) as hub:
        listener = Listener(hub)
        await hub.open(listener, "1", notes(shape=PlainShape(pause=wait)))
        await note(*range(1, 31))
        await until(lambda: hub.told == 30)
        gate.set()
        await listener.hears(range(1, 31))


async def test_an_event_that_cannot_be_written_ends_the_feed_with_an_error(hub: Hub) -> None:
    async def fail(item: Any) -> None:
        if isinstance(item, EventItem) and item.shown.number == 2:
            raise ZeroDivisionError

    broken, whole = Listener(hub), Listener(hub)
    await hub.open(broken, "1", notes(shape=PlainShape("broken", pause=fail)))
    await hub.open(whole, "1", notes(shape=PlainShape("whole")))
    await note(1, 2, 3)
    await whole.hears([1, 2, 3])
    assert broken.numbers == [1]
    assert [type(error) for error in broken.errors] == [DeliveryFailed]
    assert broken.members == {}


async def test_a_feed_passes_over_what_it_does_not_show(hub: Hub) -> None:
    odd = Feed(
        name="odd",
        requires=Permission.PUBLIC,
        topics=topic_of_arguments,
        shows={Noted.name: lambda logged: logged.fact if logged.fact.number % 2 else None},
    )
    elsewhere = Feed(name="other", requires=Permission.PUBLIC, topics=topic_of_arguments, shows={"tests.other": lambda e: e})
    listener = Listener(hub)
    start = hub.cursor()
    await hub.open(listener, "1", notes(feed=odd, shape=PlainShape("odd")))
    await hub.open(listener, "2", notes(feed=elsewhere, shape=PlainShape("other")))
    await note(1, 2, 3, 4)
    await listener.hears([1, 3])
    again = Listener(hub)
    await hub.open(again, "1", notes(feed=odd, shape=PlainShape("odd"), after=start))
    assert again.numbers == [1, 3]


async def test_closing_a_feed_leaves_nothing_behind(hub: Hub) -> None:
    listener = Listener(hub)
    first = await hub.open(listener, "1", notes())
    second = await hub.open(listener, "2", notes())
    hub.close(first)
    hub.close(first)
    assert hub.status().feeds == 1
    hub.close(second)
    listener.end()
    status = hub.status()
    assert (status.feeds, status.groups, status.shapes, status.connections) == (0, 0, 0, 0)
    assert hub._index._by_topic == {}


async def test_draining_refuses_new_feeds_tells_what_is_on_its_way_and_sends_everybody_away(hub: Hub) -> None:
    listeners = [Listener(hub) for _ in range(10)]
    for listener in listeners:
        await hub.open(listener, "1", notes())
    listeners[0].taking.clear()
    await note(1)
    for listener in listeners[1:]:
        await listener.hears([1])
    drain = asyncio.create_task(hub.drain(part_within_s=0.1))
    await asyncio.sleep(0)
    with pytest.raises(ShuttingDown):
        await hub.open(Listener(hub), "1", notes(feed=NOTES))
    assert listeners[1].farewell is None
    listeners[0].taking.set()
    await drain
    assert all(listener.farewell is not None and listener.numbers == [1] for listener in listeners)
    assert hub.status().connections == 0
