"""Who follows a feed, over all processes: known while they are there, and forgotten with a process that dies."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import UUID

import pytest

from subscriptions.attendance import Attendance, Follower
from subscriptions.hub import Hub
from tests.subscriptions.listening import NOTES, Listener, a_hub, notes, until

pytestmark = pytest.mark.usefixtures("database")

COUNTED = replace(NOTES, name="counted")


class Book:
    """What all processes can see."""

    def __init__(self) -> None:
        self.pages: dict[UUID, list[Follower]] = {}
        self.writings = 0
        self.error: Exception | None = None

    async def write(self, process_id: UUID, followers: Sequence[Follower]) -> None:
        self.writings += 1
        if self.error is not None:
            raise self.error
        self.pages[process_id] = list(followers)

    @property
    def followers(self) -> set[UUID]:
        return {follower.actor_id for page in self.pages.values() for follower in page}


@asynccontextmanager
async def attended(
    database_url: str, redis_url: str, book: Book, *, refresh_s: float = 30.0
) -> AsyncIterator[tuple[Hub, Attendance]]:
    attendance = Attendance(["counted"], book.write, refresh_s=refresh_s)
    async with a_hub(database_url, redis_url, attendance=attendance) as hub:
        yield hub, attendance
    await attendance.stop()


async def test_whoever_opens_the_feed_is_there_and_whoever_leaves_is_not(database_url: str, redis_url: str) -> None:
    book = Book()
    async with (
        attended(database_url, redis_url, book) as (one, _),
        attended(database_url, redis_url, book) as (other, _),
    ):
        asha, brian, cyrus = Listener(one), Listener(other), Listener(other)
        await one.open(asha, "1", notes(feed=COUNTED))
        await other.open(brian, "1", notes(feed=COUNTED))
        await other.open(cyrus, "1", notes())
        assert book.followers == {asha.viewer.actor.id, brian.viewer.actor.id}, "known as soon as the feed is open"
        asha.end()
        await until(lambda: book.followers == {brian.viewer.actor.id})
    assert book.followers == set()


async def test_each_open_feed_is_one_and_has_the_id_of_its_greeting(database_url: str, redis_url: str) -> None:
    book = Book()
    async with attended(database_url, redis_url, book) as (hub, _):
        listener = Listener(hub)
        greeted = replace(COUNTED, greets=lambda visit: str(visit.id))
        for operation_id in ("1", "2"):
            await hub.open(listener, operation_id, notes(feed=greeted))
        [page] = book.pages.values()
        said = [message["said"] for message in listener.messages if message["kind"] == "Greeting"]
        assert [str(follower.id) for follower in page] == said


async def test_a_feed_that_is_refused_leaves_nobody(database_url: str, redis_url: str) -> None:
    book = Book()
    async with attended(database_url, redis_url, book) as (hub, _):
        listener = Listener(hub)
        with pytest.raises(Exception, match="no such topic"):
            await hub.open(listener, "1", notes("secret", feed=COUNTED))
        assert book.writings == 0


async def test_that_somebody_is_there_is_said_again_and_that_nobody_is_only_once(database_url: str, redis_url: str) -> None:
    book = Book()
    async with attended(database_url, redis_url, book, refresh_s=0.02) as (hub, _):
        listener = Listener(hub)
        member = await hub.open(listener, "1", notes(feed=COUNTED))
        await until(lambda: book.writings > 3)
        hub.close(member)
        await until(lambda: book.followers == set())
        writings = book.writings
        await asyncio.sleep(0.1)
        assert book.writings == writings


async def test_a_book_that_cannot_be_written_stops_no_feed_and_is_written_later(
    database_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("subscriptions.attendance.PATIENCE_S", 0.05)
    book = Book()
    book.error = ConnectionError("the database is away")
    async with attended(database_url, redis_url, book, refresh_s=0.02) as (hub, _):
        listener = Listener(hub)
        await hub.open(listener, "1", notes(feed=COUNTED))
        assert listener.kinds == ["Ready"]
        book.error = None
        await until(lambda: book.followers == {listener.viewer.actor.id})


async def test_an_attendance_that_nobody_used_stops_silently() -> None:
    book = Book()
    attendance = Attendance(["counted"], book.write)
    await attendance.stop()
    assert book.writings == 0
