"""What clients and listeners are told of a database that is away: that it passes, and not that somebody made a mistake."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import httpx
import pytest
from tortoise.exceptions import OperationalError

from domain.events import listeners
from domain.events.event import LoggedEvent
from domain.events.listeners import MAX_ATTEMPTS, Listener, catch_up
from domain.identity.actor import Actor
from domain.identity.events import UserSignedIn
from domain.jobs.queue import Attempt, Payload
from domain.kit.clock import clock_set_to
from domain.kit.database import fetchval
from domain.kit.outages import is_outage, turns_everybody_away
from domain.kit.pool import NoConnectionInTime, PoolClosed
from tests.api.sockets.talking import ASHA, NOTED, Place, Talk, a_place
from tests.domain.jobs.queues import a_queue, a_runner, leave, task
from tests.support.happenings import assert_integrity, events_so_far
from tests.support.people import an_actor

pytestmark = pytest.mark.usefixtures("database")

TURNED_AWAY = [
    ConnectionRefusedError(),
    NoConnectionInTime("no connection"),
    asyncpg.CannotConnectNowError("the database system is starting up"),
    asyncpg.DiskFullError("could not extend file"),
    asyncpg.ReadOnlySQLTransactionError("cannot execute INSERT in a read-only transaction"),
]
LOST = [
    ConnectionResetError(),
    asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation"),
    asyncpg.CrashShutdownError("terminating connection because of crash of another server process"),
    asyncpg.InterfaceError("connection is closed"),
    PoolClosed("the pool is closing"),
]
BUSY = [
    TimeoutError(),
    asyncpg.DeadlockDetectedError("deadlock detected"),
    asyncpg.QueryCanceledError("canceling statement"),
]
OURS = [
    ValueError("no"),
    FileNotFoundError("no such file"),
    asyncpg.DataError("invalid input for query argument $1"),
    asyncpg.InterfaceError("the server expects 1 argument for this query, 2 were passed"),
    asyncpg.UniqueViolationError("duplicate key value"),
    asyncpg.UndefinedColumnError("column does not exist"),
]


def wrapped(error: Exception) -> Exception:
    """As the ORM hands it on."""
    outer = OperationalError(error)
    outer.__cause__ = error
    return outer


@pytest.mark.parametrize("error", [*TURNED_AWAY, *LOST, *BUSY, *OURS], ids=repr)
def test_an_outage_is_told_from_a_mistake(error: Exception) -> None:
    for each in (error, wrapped(error)):
        assert turns_everybody_away(each) == (error in TURNED_AWAY)
        assert is_outage(each) == (error not in OURS)


class Away(dict[str, Actor]):
    """Nobody can be asked whose token that is."""

    def __getitem__(self, bearer: str) -> Actor:
        raise ConnectionRefusedError("nobody listens there")


@pytest.mark.fault("the database is away when a client connects")
async def test_who_connects_meanwhile_is_sent_away_to_come_back(database_url: str, redis_url: str) -> None:
    """Close code 1013: clients come again. After 4500 they would give up for good."""
    async with a_place(database_url, redis_url, actors=Away(asha=ASHA)) as place:
        async with place.socket() as connection:
            talk = Talk(connection)
            await talk.say({"type": "connection_init", "payload": {"authorization": "Bearer asha"}})
            assert (await talk.ends())[0] == 1013
        headers = {"authorization": "Bearer asha"}
        async with httpx.AsyncClient(base_url=place.address, headers=headers) as client:
            for accept in ("application/json", "text/event-stream"):
                asked = {"query": NOTED if "stream" in accept else "{ greeting }"}
                response = await client.post("/graphql", json=asked, headers={"accept": accept})
                assert (response.status_code, response.headers["retry-after"]) == (503, "1")
                assert _codes(response.json()) == ["UNAVAILABLE"]


@pytest.mark.fault("the database goes away when a feed is opened")
async def test_a_feed_that_cannot_be_opened_says_that_it_passes(
    database_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_place(database_url, redis_url, actors={"asha": ASHA}) as place, place.talk("asha") as talk:
        _lose(place, monkeypatch)
        await talk.subscribe("1", NOTED)
        assert [each["extensions"]["code"] for each in (await talk.hear("error"))["payload"]] == ["UNAVAILABLE"]
        monkeypatch.undo()
        await talk.subscribe("2", NOTED)
        assert (await talk.item("2"))["__typename"] == "Ready"


def _lose(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    async def lost(*asked: object) -> object:
        raise asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation")

    monkeypatch.setattr(place.hub, "_permitted_topics", lost)


def _codes(answer: Mapping[str, Any]) -> list[str]:
    return [each["extensions"]["code"] for each in answer["errors"]]


@pytest.mark.fault("the disk is full when a listener hears an event")
async def test_no_event_is_parked_for_an_outage(monkeypatch: pytest.MonkeyPatch) -> None:
    """However often it is tried meanwhile: when the disk has room again, it is heard."""
    heard: list[int] = []
    full = True
    listener = Listener("tests.full")

    @listener.on(UserSignedIn)
    async def hear(fact: UserSignedIn, logged: LoggedEvent) -> None:
        if full:
            raise asyncpg.DiskFullError("could not extend file: No space left on device")
        heard.append(logged.position)

    monkeypatch.setattr(listeners, "FIRST_PAUSE_S", 0.0)
    await an_actor()
    [signed_in] = [logged.position for logged in await events_so_far() if logged.name == UserSignedIn.name]
    for _ in range(MAX_ATTEMPTS + 1):
        with pytest.raises(asyncpg.DiskFullError):
            await catch_up(listener)
    full = False
    await catch_up(listener)
    assert heard == [signed_in]
    assert await fetchval("select count(*) from parked_event") == 0


@pytest.mark.fault("the disk is full when a worker does a task")
async def test_no_task_is_given_up_for_an_outage() -> None:
    """Its attempts are not used up by it, however long it lasts."""
    full, done = True, 0

    async def handle(payload: Payload, attempt: Attempt) -> None:
        nonlocal done
        if full:
            raise asyncpg.DiskFullError("could not extend file: No space left on device")
        done += 1

    with a_queue(handle, max_attempts=2) as queue:
        task_id = await leave(queue)
        for minutes in range(5):
            with clock_set_to(datetime.now(UTC) + timedelta(minutes=minutes)):
                assert await a_runner().run_what_is_there() == 1
            left = await task(task_id)
            assert (left.state.value, left.attempts, done) == ("RETRYING", 0, 0)
            assert left.last_error is not None and "No space left" in left.last_error
        full = False
        with clock_set_to(datetime.now(UTC) + timedelta(minutes=5)):
            assert await a_runner().run_what_is_there() == 1
        assert ((await task(task_id)).state.value, done) == ("DONE", 1)
    await assert_integrity("jobs")
