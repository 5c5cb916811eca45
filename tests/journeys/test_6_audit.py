"""Everybody acts at once in all five businesses, while processes are killed: in the end every invariant of the house holds.

`SECONDS=60 pytest tests/journeys/test_6_audit.py` goes on for a minute.
"""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Any, Final

import pytest

from api.demo import people
from tests.api.processes.installation import Follower, Installation, stop
from tests.journeys.travelling import Journey, Road, travelling, until

if TYPE_CHECKING:
    from tests.journeys.conftest import Journeys

SECONDS: Final = float(os.environ.get("SECONDS", "6"))
CROWD: Final = "tests.journeys.crowd"
EVENTS, BOARD = "core/Events", "school/SchoolDashboardUpdated"
BUSINESSES: Final = ("invoice_finance", "lending", "milling", "payments", "school")


@pytest.mark.fault("processes and Redis are killed while everybody acts in all businesses")
@pytest.mark.timeout(300 + 3 * SECONDS)
async def test_whatever_happens_the_house_is_in_order(journeys: Journeys) -> None:
    await journeys.all_arrive()
    road = journeys.road
    await _everything_runs(road.place)
    async with travelling(road, "core", {people.ADMIN: [EVENTS, BOARD]}, streams=[EVENTS]) as journey:
        before = await _counts(road)
        await _act_and_die(road.place)
        await road.settled()
        after = await _counts(road)
        assert all(after[business] > before.get(business, 0) for business in BUSINESSES), (before, after)
        await _who_was_cut_has_heard_all(journey)
    await road.books_are_whole()
    code, said = await road.place.daftari("verify-ledger")
    assert code == 0, said


async def _everything_runs(place: Installation) -> None:
    """Also when a journey has failed in the night."""
    if place.redis_is_away:
        await place.wake_redis()
    for server in {"one", "two"} - place.processes.keys():
        await place.start_server(server)
    if "worker" not in place.processes:
        await place.start_worker()


async def _act_and_die(place: Installation) -> None:
    """Two crowds, of which one is killed in the midst of its acts and comes back; so are a server, the worker and Valkey."""
    try:
        await asyncio.gather(_crowd(place, "first", 1), _crowd(place, "second", 100))
        await asyncio.sleep(SECONDS / 3)
        for name in ("first", "worker", "two"):
            await place.kill(name)
        place.kill_redis()
        await asyncio.sleep(SECONDS / 3)
        await place.wake_redis()
        await asyncio.gather(place.start_worker(), place.start_server("two"))
        await _crowd(place, "first", 200)
        await asyncio.sleep(SECONDS / 3)
        for name in ("first", "second"):
            assert place.processes[name].poll() is None, place.said_by(name)
    finally:
        for name in {"first", "second"} & place.processes.keys():
            await place.kill(name)


async def _crowd(place: Installation, name: str, seed: int) -> None:
    await place.start_module(name, CROWD, str(seed), until_it_says="Acting")


async def _counts(road: Road) -> dict[str, int]:
    rows = await road.database.fetch("select split_part(name, '.', 1) as business, count(*) from event_log group by 1")
    return {row["business"]: row["count"] for row in rows}


async def _who_was_cut_has_heard_all(journey: Journey) -> None:
    """Whoever follows all events has what somebody has who follows them from there on without a cut, and whoever follows a
    state has the one that is."""
    admin = journey[people.ADMIN]
    feed = admin.feeds[EVENTS]
    assert feed.cuts, "it was cut off, and came back"
    other = Follower(feed.address, feed.token, feed.document, cursor=feed.started_at)
    following = asyncio.create_task(other.run())

    async def are_equal() -> bool:
        return len(other.items) >= len(feed.items) > 0 and other.items[-1]["cursor"] == feed.items[-1]["cursor"]

    try:
        await until(are_equal, patience_s=60)
    finally:
        await stop([following])
    assert [item["cursor"] for item in feed.items] == [item["cursor"] for item in other.items]
    shown = await admin.sees("school/SchoolDashboard")

    async def is_shown() -> bool:
        return _figures(admin.feeds[BOARD].items[-1]["state"]) == _figures(shown)

    await until(is_shown)


def _figures(board: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in board.items() if name != "calculatedAt"}
