"""What is told together: who gets which part of it, in which order, and that rights that change in its midst are kept."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.events import log
from domain.events.event import LoggedEvent
from domain.identity.actor import EVERYONE, SYSTEM
from domain.identity.permissions import Role
from domain.identity.service.users import change_roles
from domain.kit import database
from domain.kit.ids import new_id
from subscriptions.access import Viewer
from subscriptions.hub import Hub
from subscriptions.limits import HubLimits
from subscriptions.parcels import Shares, parts_of
from subscriptions.shapes import Rendered
from tests.subscriptions.listening import Listener, a_hub, note, notes, somebody, until
from tests.support.people import a_user, actor_for

LIMITS = HubLimits(together_events=3, together_bytes=100)


def logged(position: int, *audience: str, payload: str = "{}") -> LoggedEvent:
    return LoggedEvent(
        position, 1, "tests.noted", 1, (), frozenset(audience or {EVERYONE}), None, new_id(), datetime.now(UTC), payload
    )


def shares(*events: LoggedEvent) -> Shares:
    return Shares([(each, Rendered(str(each.position), b"{}", each.position)) for each in events])


def positions(found: Any) -> list[int]:
    return [] if found is None else [item.position for item in found.items]


def test_each_gets_what_they_may_see_and_who_sees_the_same_gets_the_same_piece() -> None:
    asha, brian, clerk = Viewer(somebody()), Viewer(somebody()), Viewer(somebody(Role.ACCOUNTANT))
    together = shares(logged(1), logged(2, "role:ACCOUNTANT"), logged(3))
    assert positions(together.of(asha, 0)) == [1, 3]
    assert together.of(asha, 0) is together.of(brian, 0)
    assert positions(together.of(clerk, 0)) == [1, 2, 3]
    in_person = shares(logged(1), logged(2, asha.personal), logged(3, brian.personal))
    assert positions(in_person.of(asha, 0)) == [1, 2]
    assert positions(in_person.of(brian, 0)) == [1, 3]
    assert in_person.of(Viewer(somebody()), 0) is in_person.of(clerk, 0)
    assert shares(logged(1, asha.personal)).of(brian, 0) is None


def test_nobody_gets_again_what_they_have() -> None:
    asha = Viewer(somebody())
    together = shares(logged(4), logged(6), logged(7))
    assert [positions(together.of(asha, after)) for after in (3, 4, 5, 6, 7)] == [[4, 6, 7], [6, 7], [6, 7], [7], []]


def test_parts_are_bounded_and_leave_nothing_out() -> None:
    events = [
        logged(position, payload="x" * size) for position, size in enumerate((10, 10, 10, 10, 90, 20, 500, 1), start=1)
    ]
    assert [[each.position for each in part] for part in parts_of(events, LIMITS)] == [[1, 2, 3], [4, 5], [6], [7], [8]]
    assert list(parts_of([], LIMITS)) == []


@pytest.mark.usefixtures("database")
async def test_what_comes_behind_a_change_of_rights_in_the_same_batch_is_told_by_the_new_rights(hub: Hub) -> None:
    user = await a_user(Role.INVESTOR)
    listener, other = Listener(hub, await actor_for(user)), Listener(hub)
    for each in (listener, other):
        await hub.open(each, "1", notes())
    await note(1, eyes=f"role:{Role.INVESTOR.value}")
    await change_roles(SYSTEM, user_id=user.id, roles=[Role.SELLER])
    await note(2, eyes=f"role:{Role.INVESTOR.value}")
    await note(3, eyes=f"role:{Role.SELLER.value}")
    assert await log.sequence(database)
    await hub._follower._read_up()
    await until(lambda: listener.numbers[-1:] == [3])
    assert (listener.numbers, other.numbers) == ([1, 3], [1, 2])


@pytest.mark.usefixtures("relay")
async def test_order_and_bounds_hold_however_events_are_told_together(database_url: str, redis_url: str) -> None:
    async with a_hub(database_url, redis_url, HubLimits(together_events=7, fan_out_slice=3, fan_out_bytes=200)) as hub:
        listeners = [Listener(hub) for _ in range(10)]
        for listener in listeners:
            await hub.open(listener, "1", notes())
        for first in range(1, 101, 20):
            await note(*range(first, first + 20))
            await asyncio.sleep(0)
        for listener in listeners:
            await listener.hears(range(1, 101))
