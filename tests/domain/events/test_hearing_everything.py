"""A listener that hears everything: in batches, and event by event where a batch has one that it cannot bear."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from domain.events import listeners
from domain.events.audit import trail
from domain.events.event import LoggedEvent
from domain.events.listeners import Listener, catch_up
from domain.kit.database import execute, fetch, fetchval
from tests.support.happenings import events_so_far
from tests.support.people import a_user, an_actor

pytestmark = pytest.mark.usefixtures("database")


async def some_events() -> list[int]:
    """Their positions."""
    for _ in range(3):
        await an_actor()
    return [event.position for event in await events_so_far()]


async def test_the_audit_trail_is_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    positions = await some_events()
    calls = 0
    write = trail.everything
    assert write is not None and len(positions) > 2

    async def counted(batch: Sequence[LoggedEvent]) -> None:
        nonlocal calls
        calls += 1
        await write(batch)

    monkeypatch.setattr(trail, "everything", counted)
    await catch_up(trail)
    assert calls == 1, "one call for all of them"
    unequal = await fetch(
        """select position from audit_record full join event_log using (position)
           where (event_name, audit_record.payload, domain) is distinct from
                 (event_log.name, event_log.payload::jsonb, split_part(event_log.name, '.', 1))"""
    )
    assert unequal == []
    await execute("update event_checkpoint set position = 0 where listener = $1", trail.name)
    await catch_up(trail)
    assert await fetchval("select count(*) from audit_record") == len(positions), "heard twice, it is there once"


async def test_the_others_are_heard_beside_one_that_cannot_be_borne(monkeypatch: pytest.MonkeyPatch) -> None:
    positions = await some_events()
    bad = positions[1]
    heard: list[int] = []

    async def hear(batch: Sequence[LoggedEvent]) -> None:
        if bad in {event.position for event in batch}:
            await a_user(name="Nobody stays of a batch that failed")
            raise ValueError("cannot bear it")
        heard.extend(event.position for event in batch)

    listener = Listener("tests.everything", everything=hear)
    monkeypatch.setattr(listeners, "_listeners", {listener.name: listener})
    monkeypatch.setattr(listeners, "FIRST_PAUSE_S", 0.0)
    await catch_up(listener)
    assert set(positions) - set(heard) == {bad} and len(heard) == len(set(heard))
    assert [row["position"] for row in await fetch("select position from parked_event")] == [bad]
    assert await fetchval("select count(*) from app_user where name like 'Nobody stays%'") == 0
