"""Rights on open connections: they change in the order of the log, and what was lost is closed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from domain.identity.actor import SYSTEM, Actor, staff_of
from domain.identity.permissions import Permission, Role
from domain.identity.service import assign_branch, change_roles, deactivate_user, sign_out
from domain.kit.errors import Forbidden, NotFound
from domain.kit.unit_of_work import unit_of_work
from subscriptions.connection import Farewell
from subscriptions.errors import RightsChanged
from subscriptions.feed import Feed
from subscriptions.hub import Hub
from tests.subscriptions.listening import (
    NOTES,
    Listener,
    Noted,
    PlainShape,
    note,
    notes,
    topic_of_arguments,
    until,
)
from tests.support.people import a_branch, an_actor, configure_identity

pytestmark = pytest.mark.usefixtures("relay")

AUDITORS = f"permission:{Permission.AUDIT_READ.value}"


@pytest_asyncio.fixture
async def accountant(database: None) -> AsyncIterator[Actor]:
    configure_identity()
    yield await an_actor(Role.ACCOUNTANT)


async def demote(actor: Actor) -> None:
    await change_roles(SYSTEM, user_id=actor.id, roles=[Role.INVESTOR])


@pytest.mark.attack("role changes", on="SSE, WebSocket")
async def test_a_revocation_takes_effect_between_the_events_around_it(hub: Hub, accountant: Actor) -> None:
    listener = Listener(hub, accountant)
    await hub.open(listener, "1", notes())
    async with unit_of_work() as work:
        work.record(Noted(topic="notes", number=1, eyes=AUDITORS))
        await demote(accountant)
        work.record(Noted(topic="notes", number=2, eyes=AUDITORS), Noted(topic="notes", number=3))
    await until(lambda: listener.numbers[-1:] == [3])
    assert listener.numbers == [1, 3]
    assert listener.viewer.actor.roles == {Role.INVESTOR}
    assert listener.farewell is None


@pytest.mark.attack("role changes", on="SSE, WebSocket")
async def test_a_move_to_another_branch_takes_effect_between_the_events_around_it(hub: Hub) -> None:
    configure_identity()
    old, new = await a_branch(), await a_branch()
    there, here = (staff_of(Permission.LOAN_READ, branch.id)[0] for branch in (old, new))
    officer = await an_actor(Role.LOAN_OFFICER, branch_id=old.id)
    listener = Listener(hub, officer)
    await hub.open(listener, "1", notes())
    async with unit_of_work() as work:
        work.record(Noted(topic="notes", number=1, eyes=there), Noted(topic="notes", number=2, eyes=here))
        await assign_branch(SYSTEM, user_id=officer.id, branch_id=new.id)
        work.record(Noted(topic="notes", number=3, eyes=there), Noted(topic="notes", number=4, eyes=here))
    await until(lambda: listener.numbers[-1:] == [4])
    assert listener.numbers == [1, 4]
    assert listener.viewer.actor.branch_id == new.id


@pytest.mark.attack("replay beyond rights", on="SSE, WebSocket")
async def test_replay_tells_only_what_one_may_see_today(hub: Hub, accountant: Actor) -> None:
    start = hub.cursor()
    await note(1, 2, eyes=AUDITORS)
    await note(3)
    await demote(accountant)
    await until(lambda: hub.told == hub.place.position and hub.rights_news)
    listener = Listener(hub, await an_actor(Role.INVESTOR))
    await hub.open(listener, "1", notes(after=start))
    assert listener.numbers == [3]


@pytest.mark.attack("role changes", on="SSE, WebSocket")
async def test_a_feed_whose_permission_is_lost_ends_and_others_go_on(hub: Hub, accountant: Actor) -> None:
    listener = Listener(hub, accountant)
    await hub.open(listener, "audit", notes(requires=frozenset({Permission.AUDIT_READ}), shape=PlainShape("audit")))
    await hub.open(listener, "plain", notes(shape=PlainShape("plain")))
    await demote(accountant)
    await until(lambda: listener.errors)
    assert [type(error) for error in listener.errors] == [Forbidden]
    assert list(listener.members) == ["plain"]
    await note(1)
    await listener.hears([1])


async def test_topics_are_asked_for_again_when_rights_change(hub: Hub, accountant: Actor) -> None:
    """A feed that would be refused now ends with that refusal; one that would follow other topics, with RIGHTS_CHANGED."""

    async def owned(actor: Actor, arguments: object) -> list[str]:
        if not actor.may(Permission.AUDIT_READ):
            raise NotFound("there is no such wallet")
        return ["notes"]

    async def by_role(actor: Actor, arguments: object) -> list[str]:
        return ["notes"] if actor.may(Permission.AUDIT_READ) else [f"user:{actor.id}"]

    listener = Listener(hub, accountant)
    for name, topics in (("owned", owned), ("by role", by_role), ("same", topic_of_arguments)):
        feed = Feed(name=name, requires=Permission.SIGNED_IN, topics=topics, shows=NOTES.shows)
        await hub.open(listener, name, notes(feed=feed, shape=PlainShape(name)))
    await demote(accountant)
    await until(lambda: len(listener.errors) == 2)
    assert {type(error) for error in listener.errors} == {NotFound, RightsChanged}
    assert list(listener.members) == ["same"]


async def test_state_feeds_end_when_rights_change_because_the_state_may_be_another(hub: Hub, accountant: Actor) -> None:
    async def state(actor: Actor, arguments: object) -> str:
        return actor.name

    feed = Feed(name="state", requires=Permission.SIGNED_IN, topics=topic_of_arguments, state=state)
    listener = Listener(hub, accountant)
    await hub.open(listener, "1", notes(feed=feed))
    await demote(accountant)
    await until(lambda: listener.errors)
    assert [type(error) for error in listener.errors] == [RightsChanged]


@pytest.mark.attack("revoked tokens", on="SSE, WebSocket")
async def test_signing_out_closes_that_session_and_no_other(hub: Hub) -> None:
    configure_identity()
    asha, brian = await an_actor(), await an_actor()
    leaving, staying = Listener(hub, asha), Listener(hub, brian)
    for listener in (leaving, staying):
        await hub.open(listener, "1", notes())
    await sign_out(asha)
    await note(1)
    await staying.hears([1])
    assert leaving.farewell is Farewell.REVOKED
    assert leaving.numbers == []
    assert leaving.members == {}


async def test_deactivating_a_user_closes_all_their_connections(hub: Hub, accountant: Actor) -> None:
    listeners = [Listener(hub, accountant) for _ in range(3)]
    await hub.open(listeners[0], "1", notes())
    listeners[1].taking.clear()
    await deactivate_user(SYSTEM, user_id=accountant.id)
    await until(lambda: all(listener.closed for listener in listeners))
    assert hub.status().connections == 0


@pytest.mark.attack("role changes", on="SSE, WebSocket")
async def test_rights_that_change_while_a_feed_is_being_opened_are_asked_again(hub: Hub, accountant: Actor) -> None:
    asked: list[Actor] = []
    gate = asyncio.Event()

    async def slowly(actor: Actor, arguments: object) -> list[str]:
        asked.append(actor)
        if len(asked) == 1:
            await gate.wait()
        actor.require(Permission.AUDIT_READ)
        return ["notes"]

    feed = Feed(name="slow", requires=Permission.SIGNED_IN, topics=slowly, shows=NOTES.shows)
    listener = Listener(hub, accountant)
    opening = asyncio.create_task(hub.open(listener, "1", notes(feed=feed)))
    await until(lambda: asked)
    await demote(accountant)
    await until(lambda: hub.rights_news)
    gate.set()
    with pytest.raises(Forbidden):
        await opening
    assert len(asked) == 2
    assert listener.members == {}
