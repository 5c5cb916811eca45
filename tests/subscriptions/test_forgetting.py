"""After an erasure nobody is told from memory what the log does not say any more."""

from __future__ import annotations

import pytest

from domain.kit import clock
from domain.kit.database import connection
from domain.kit.ids import new_id
from domain.kit.unit_of_work import unit_of_work
from domain.privacy.events import PersonalDataErased
from domain.privacy.models import PersonKind
from subscriptions.hub import Hub
from tests.subscriptions.listening import Listener, note, notes, until

pytestmark = pytest.mark.usefixtures("relay")


async def erased() -> None:
    person_id = new_id()
    async with unit_of_work() as work:
        work.record(
            PersonalDataErased(
                erasure_id=new_id(),
                person_kind=PersonKind.USER,
                person_id=person_id,
                requested_by=new_id(),
                erased_ids=[person_id],
                pseudonym="Erased person 7F3A91C2",
                erased_at=clock.now(),
            )
        )


async def test_who_comes_back_is_told_what_the_log_says_now(hub: Hub) -> None:
    listener = Listener(hub)
    await hub.open(listener, "1", notes())
    start = hub.cursor()
    await note(1, text="Zawadi has paid")
    await listener.hears([1])
    async with connection() as c, c.transaction():
        await c.execute("set local session_replication_role = replica")
        await c.execute("update event_log set payload = replace(payload, 'Zawadi', 'Erased')")
    again = Listener(hub)
    await hub.open(again, "1", notes(after=start))
    await again.hears([1])
    assert "Zawadi" in str(again.messages), "memory is faster than the log, and does not know yet"
    await erased()
    await until(lambda: hub.told == 2)
    later = Listener(hub)
    await hub.open(later, "1", notes(after=start))
    await later.hears([1])
    assert "Erased has paid" in str(later.messages) and "Zawadi" not in str(later.messages)
    await note(2)
    for each in (listener, again, later):
        await each.hears([1, 2])
