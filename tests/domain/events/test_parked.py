"""Events that a listener could not bear: put aside, and heard again once the reason is gone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from domain.events import listeners
from domain.events.errors import ParkedEventFailedAgain, ParkedEventNotFound, ParkedEventResolved
from domain.events.event import LoggedEvent
from domain.events.listeners import Listener, catch_up
from domain.events.models import ParkedEvent
from domain.events.parked import hear_again, parked_events
from domain.identity.events import UserSignedIn
from domain.kit.database import execute
from domain.kit.paging import PageRequest
from tests.support.happenings import events_so_far, nothing_happens
from tests.support.people import a_user, an_actor

pytestmark = pytest.mark.usefixtures("database")


class Touchy:
    """A listener's reaction that fails until it is told not to."""

    def __init__(self) -> None:
        self.fails, self.heard = True, 0

    async def __call__(self, fact: UserSignedIn, logged: LoggedEvent) -> None:
        await a_user()
        self.heard += 1
        if self.fails:
            raise ValueError("cannot bear it")


@contextmanager
def a_listener(reaction: Touchy, monkeypatch: pytest.MonkeyPatch) -> Iterator[Listener]:
    made = Listener("tests.touchy")
    made.on(UserSignedIn)(reaction)
    monkeypatch.setattr(listeners, "_listeners", {made.name: made})
    monkeypatch.setattr(listeners, "FIRST_PAUSE_S", 0.0)
    yield made


async def parked_one(listener: Listener) -> ParkedEvent:
    await an_actor()
    await events_so_far()
    await catch_up(listener)
    [parked] = (await parked_events(PageRequest())).rows
    return parked


async def test_a_parked_event_is_heard_again_and_its_effects_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    reaction = Touchy()
    with a_listener(reaction, monkeypatch) as listener:
        parked = await parked_one(listener)
        async with nothing_happens():
            with pytest.raises(ParkedEventFailedAgain, match="cannot bear it"):
                await hear_again(parked.id)
        reaction.fails = False
        heard = await hear_again(parked.id)
        assert heard.resolved_at is not None
        async with nothing_happens():
            with pytest.raises(ParkedEventResolved):
                await hear_again(parked.id)
    assert list((await parked_events(PageRequest())).rows) == []
    assert [each.id for each in (await parked_events(PageRequest(), resolved=True)).rows] == [parked.id]


async def test_what_is_not_there_cannot_be_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    reaction = Touchy()
    with a_listener(reaction, monkeypatch) as listener:
        parked = await parked_one(listener)
        with pytest.raises(ParkedEventNotFound):
            await hear_again(parked.id + 1)
        await execute("update parked_event set position = position + 1000")
        with pytest.raises(ParkedEventNotFound, match="left the log"):
            await hear_again(parked.id)
    monkeypatch.setattr(listeners, "_listeners", {})
    with pytest.raises(ParkedEventNotFound, match="no listener"):
        await hear_again(parked.id)
