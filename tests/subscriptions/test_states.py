"""State feeds: at once, then at most so often, never without the last, and each viewer their own."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from domain.events.log import Place
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.database import execute
from domain.kit.errors import NotFound
from subscriptions.cursor import CursorCodec
from subscriptions.errors import DeliveryFailed, InvalidCursor
from subscriptions.feed import Feed, StateItem
from subscriptions.hub import Hub
from subscriptions.limits import ConnectionLimits
from tests.subscriptions.listening import (
    CODEC,
    Listener,
    Noted,
    PlainShape,
    note,
    notes,
    numbered,
    topic_of_arguments,
    until,
)

pytestmark = pytest.mark.usefixtures("relay")


class Board:
    """A state that counts how often it was read, and by whom."""

    def __init__(self, *, same_for_all: bool = True, **more: Any) -> None:
        self.value = 0
        self.readers: list[Actor] = []
        self.error: Exception | None = None
        self.feed = Feed(
            name="board",
            requires=Permission.SIGNED_IN,
            topics=topic_of_arguments,
            state=self.read,
            same_for_all=same_for_all,
            **more,
        )

    async def read(self, actor: Actor, arguments: Mapping[str, Any]) -> int:
        self.readers.append(actor)
        if self.error is not None:
            raise self.error
        return self.value


def states(listener: Listener) -> list[int]:
    return [message["state"] for message in listener.messages if message["kind"] == "StateItem"]


async def test_the_present_state_comes_at_once_and_then_after_each_change(hub: Hub) -> None:
    board = Board()
    listener = Listener(hub)
    await hub.open(listener, "1", notes(feed=board.feed))
    await until(lambda: states(listener) == [0])
    assert listener.kinds == ["Ready", "StateItem"]
    board.value = 1
    await note(1)
    await until(lambda: states(listener) == [0, 1])
    assert CODEC.decode(listener.last_cursor).position == 1


async def test_a_burst_is_shown_together_and_its_end_is_shown(hub: Hub) -> None:
    board = Board()
    listener = Listener(hub)
    await hub.open(listener, "1", notes(feed=board.feed))
    await until(lambda: states(listener))
    for value in range(1, 101):
        board.value = value
        await note(value)
    await until(lambda: states(listener)[-1] == 100)
    assert len(board.readers) == len(states(listener)) < 20
    assert states(listener) == sorted(states(listener))


async def test_everybody_shares_one_reading_of_a_state_that_is_the_same_for_all(hub: Hub) -> None:
    board = Board()
    shape = PlainShape("board")
    listeners = [Listener(hub) for _ in range(20)]
    for listener in listeners:
        await hub.open(listener, "1", notes(feed=board.feed, shape=shape))
    await until(lambda: all(states(listener) for listener in listeners))
    assert len(board.readers) <= 2
    assert sum(isinstance(item, StateItem) for item in shape.executions) == len(board.readers)


async def test_each_viewer_has_their_own_state_unless_said_otherwise(hub: Hub) -> None:
    board = Board(same_for_all=False)
    asha, brian = Listener(hub), Listener(hub)
    for listener in (asha, brian):
        await hub.open(listener, "1", notes(feed=board.feed, shape=PlainShape("board")))
    await until(lambda: states(asha) and states(brian))
    assert {reader.id for reader in board.readers} == {asha.viewer.actor.id, brian.viewer.actor.id}


async def test_only_the_named_events_change_it(hub: Hub) -> None:
    board = Board(shows={"tests.something_else": lambda logged: logged})
    named = Board(shows={Noted.name: lambda logged: logged})
    listener = Listener(hub)
    await hub.open(listener, "1", notes(feed=board.feed, shape=PlainShape("board")))
    await hub.open(listener, "2", notes(feed=named.feed, shape=PlainShape("named")))
    await until(lambda: len(states(listener)) == 2)
    await note(1)
    await until(lambda: len(named.readers) == 2)
    assert len(board.readers) == 1


async def test_it_is_shown_every_so_many_seconds_if_asked(hub: Hub) -> None:
    board = Board()
    listener = Listener(hub)
    await hub.open(listener, "1", notes(feed=board.feed, every_seconds=1))
    await until(lambda: len(states(listener)) >= 2)


async def test_a_state_of_changes_tells_what_has_changed_since_the_one_before(hub: Hub) -> None:
    told: list[object] = []

    async def changes(actor: Actor, arguments: Mapping[str, Any]) -> int:
        changed = arguments["changed"]
        told.append(changed and sorted(changed))
        return len(told)

    board = Board(changes=lambda logged: {logged.fact.number})
    feed = replace(board.feed, state=changes)
    first, second = Listener(hub), Listener(hub)
    shape = PlainShape("board")
    await hub.open(first, "1", notes(feed=feed, shape=shape))
    await until(lambda: told == [None])
    for number in (7, 8, 7):
        await note(number)
    await until(lambda: told[-1] is not None and told[-1][-1] == 8)  # type: ignore[index]
    assert sorted({number for each in told[1:] for number in each}) == [7, 8]  # type: ignore[attr-defined]
    heard = len(told)
    await hub.open(second, "1", notes(feed=feed, shape=shape))
    await until(lambda: len(told) == heard + 1)
    assert told[-1] is None, "whoever is new may have missed anything"


async def test_a_slow_reader_gets_the_last_state_when_it_moves_on(hub: Hub) -> None:
    board = Board()
    slow, quick = Listener(hub, limits=ConnectionLimits(waiting_messages=1)), Listener(hub)
    for listener in (slow, quick):
        await hub.open(listener, "1", notes(feed=board.feed, shape=PlainShape("board")))
    await until(lambda: states(slow) and states(quick))
    slow.taking.clear()
    for value in range(1, 6):
        board.value = value
        await note(value)
        await until(lambda: states(quick)[-1] == value)  # noqa: B023
    slow.taking.set()
    await until(lambda: states(slow)[-1] == 5)


async def test_a_state_that_cannot_be_read_ends_the_feed_with_the_reason(hub: Hub) -> None:
    board = Board()
    listener = Listener(hub)
    for error, told in ((NotFound("gone"), NotFound), (ZeroDivisionError(), DeliveryFailed)):
        board.error = error
        await hub.open(listener, "1", notes(feed=board.feed))
        await until(lambda: listener.members == {})
        assert type(listener.errors.pop()) is told
    assert hub.status().groups == 0


async def test_nothing_is_read_when_nobody_looks(hub: Hub) -> None:
    board = Board()
    listener = Listener(hub)
    member = await hub.open(listener, "1", notes(feed=board.feed, every_seconds=1))
    await until(lambda: states(listener))
    hub.close(member)
    reads = len(board.readers)
    await note(1)
    await until(lambda: hub.told == 1)
    await asyncio.sleep(0)
    assert len(board.readers) == reads


async def test_a_cursor_of_this_history_resumes_a_state_with_the_state_of_now(hub: Hub) -> None:
    board, first, again = Board(), Listener(hub), Listener(hub)
    await hub.open(first, "1", notes(feed=board.feed))
    await until(lambda: states(first) == [0])
    start = first.last_cursor
    board.value = 1
    await note(1)
    await until(lambda: states(first) == [0, 1])
    await hub.open(again, "1", notes(feed=board.feed, after=start))
    await until(lambda: states(again))
    assert again.kinds == ["Ready", "StateItem"]
    assert (again.messages[0]["recovered"], states(again)) == (True, [1])
    assert [CODEC.decode(message["cursor"]).position for message in again.messages] == [1, 1]


@pytest.mark.parametrize("case", ["another epoch", "a position that is not there yet", "too old"])
async def test_a_cursor_that_is_worth_nothing_is_said_so_before_the_state(case: str, hub: Hub) -> None:
    await note(1, 2, 3)
    await until(lambda: hub.told == 3)
    await execute("set session_replication_role = replica; delete from event_log where position <= 2; reset all")
    hub._ring.clear(3)
    epoch = hub.place.epoch
    after, reason = {
        "another epoch": (Place(epoch - 1, 2), "EPOCH_CHANGED"),
        "a position that is not there yet": (Place(epoch, 99), "EPOCH_CHANGED"),
        "too old": (Place(epoch, 1), "TOO_OLD"),
    }[case]
    board, listener = Board(), Listener(hub)
    await hub.open(listener, "1", notes(feed=board.feed, after=CODEC.encode(after)))
    await until(lambda: states(listener) == [0])
    assert listener.kinds == ["Ready", "ResyncRequired", "StateItem"]
    assert (listener.messages[0]["recovered"], listener.messages[1]["reason"]) == (False, reason)
    assert {CODEC.decode(message["cursor"]) for message in listener.messages} == {hub.place}
    assert hub.statistics.resyncs == 1


async def test_a_forged_cursor_opens_no_state(hub: Hub) -> None:
    board, listener = Board(), Listener(hub)
    for forged in (CODEC.encode(hub.place)[:-2] + "xx", CursorCodec("another secret").encode(hub.place), "no cursor"):
        with pytest.raises(InvalidCursor):
            await hub.open(listener, "1", notes(feed=board.feed, after=forged))
    assert (listener.messages, board.readers, hub.status().feeds) == ([], [], 0)


async def test_whoever_has_seen_more_than_this_process_is_shown_no_state_from_before(hub: Hub) -> None:
    """Another process was ahead; what this one has read for others is older than what the client knows."""
    board, first, ahead = Board(), Listener(hub), Listener(hub)
    shape = PlainShape("board")
    await hub.open(first, "1", notes(feed=board.feed, shape=shape))
    await until(lambda: states(first) == [0])
    await hub._follower.stop()
    board.value = 1
    await note(1)
    await numbered(1)
    await hub.open(ahead, "1", notes(feed=board.feed, shape=shape, after=CODEC.encode(Place(hub.place.epoch, 1))))
    await until(lambda: states(ahead))
    assert states(ahead) == [1]
