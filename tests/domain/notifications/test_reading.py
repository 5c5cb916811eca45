"""Told once, counted exactly, read by the recipient alone, and gone when old."""

from __future__ import annotations

import json
import random
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from domain.events.event import LoggedEvent, adapter_of, payload_of
from domain.events.listeners import catch_up
from domain.identity.actor import ANONYMOUS, SYSTEM, Actor
from domain.identity.events import UserSignedIn
from domain.identity.service import deactivate_user
from domain.kit import database
from domain.kit.checks import recompute
from domain.kit.clock import clock_set_to
from domain.kit.errors import InvalidInput, Unauthenticated
from domain.kit.ids import new_id
from domain.kit.paging import PageRequest
from domain.kit.unit_of_work import unit_of_work
from domain.notifications import queries
from domain.notifications.errors import NotificationNotFound
from domain.notifications.events import NotificationCreated
from domain.notifications.handlers import notifier
from domain.notifications.jobs import expire_notifications
from domain.notifications.models import Channel, Inbox, Notification
from domain.notifications.rule import QUARTER
from domain.notifications.service import mark_all_notifications_read, mark_notification_read, tell
from tests.support.happenings import assert_integrity, events_so_far, nothing_happens
from tests.support.people import a_user, actor_for, configure_identity
from tests.support.races import at_once

pytestmark = pytest.mark.usefixtures("database")

NOON = datetime(2030, 3, 4, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def identity() -> None:
    configure_identity()


def a_reason(user_id: UUID, position: int, occurred_at: datetime = NOON, **changes: Any) -> LoggedEvent:
    """An event that makes a notification for this user, at its place in the log."""
    facts: dict[str, Any] = {
        "user_id": user_id,
        "session_id": new_id(),
        "device": None,
        "address": "198.51.100.7",
        "new_address": True,
        "expires_at": occurred_at,
        **changes,
    }
    fact = UserSignedIn(**facts)
    logged = LoggedEvent(
        position, 1, fact.name, 1, tuple(fact.topics()), frozenset(fact.audience()), user_id, new_id(), occurred_at, "{}"
    )
    logged.__dict__["fact"] = fact
    return logged


async def tell_of(logged: LoggedEvent) -> int:
    with clock_set_to(max(logged.occurred_at, NOON)):
        return await tell(logged.fact, logged)


async def a_reader(notifications: int = 0, *, first_position: int = 1) -> Actor:
    """Somebody with so many unread notifications, a minute apart."""
    actor = await actor_for(await a_user())
    for number in range(notifications):
        await tell_of(a_reason(actor.id, first_position + number, NOON + timedelta(minutes=number)))
    return actor


async def announced(name: str) -> list[Any]:
    return [logged.fact for logged in await events_so_far() if logged.name == f"notifications.{name}"]


async def test_an_event_is_told_once_however_often_it_is_delivered() -> None:
    reader = await a_reader()
    logged = a_reason(reader.id, 5)
    assert [await tell_of(logged) for _ in range(3)] == [1, 0, 0]
    assert await Notification.all().count() == 1
    [created] = await announced("notification_created")
    assert (created.recipient_id, created.unread_count, created.created_at) == (reader.id, 1, NOON)
    assert created.expires_at == NOON + QUARTER
    await assert_integrity()


async def test_the_event_goes_to_the_recipient_alone() -> None:
    reader = await a_reader(1)
    created = next(logged for logged in await events_so_far() if logged.name == "notifications.notification_created")
    assert created.audience == {f"user:{reader.id}"}
    assert set(created.topics) == {f"notifications:{reader.id}", f"user:{reader.id}"}
    assert LoggedEvent.from_wire(created.to_wire()).fact == created.fact


async def test_events_of_the_time_before_messages_can_still_be_read() -> None:
    await a_reader(1)
    [created] = await announced("notification_created")
    payload = json.loads(payload_of(created))
    assert payload.pop("type") == "USER_SIGNED_IN" and payload.pop("channels") == ["DATABASE", "BROADCAST", "MAIL"]
    old = adapter_of(NotificationCreated).validate_json(json.dumps(payload))
    assert (old.type, old.channels) == ("", [Channel.DATABASE, Channel.BROADCAST])


async def test_the_listener_hears_of_itself_and_stops() -> None:
    user = await a_user()
    await actor_for(user, address="198.51.100.7")
    await actor_for(user, address="203.0.113.9")
    await events_so_far()
    assert await catch_up(notifier) >= 3
    await events_so_far()
    assert await catch_up(notifier) == 1
    assert await catch_up(notifier) == 0
    assert await Notification.all().count() == 1


async def test_nobody_is_told_what_does_not_concern_them_or_is_over() -> None:
    reader = await a_reader()
    assert await tell_of(a_reason(reader.id, 1, new_address=False)) == 0
    assert await tell_of(a_reason(reader.id, 2, NOON - QUARTER)) == 0
    assert await tell_of(a_reason(new_id(), 3)) == 0
    await deactivate_user(SYSTEM, user_id=reader.id)
    assert await tell_of(a_reason(reader.id, 4)) == 0
    assert not await Notification.exists() and not await Inbox.exists()


async def test_notifications_are_listed_newest_first_and_counted() -> None:
    reader, other = await a_reader(5), await a_reader(1, first_position=10)
    first = await queries.notifications(reader, PageRequest(first=3))
    rest = await queries.notifications(reader, PageRequest(first=3, after=first.cursors[-1]))
    assert [row.source_position for row in (*first.rows, *rest.rows)] == [5, 4, 3, 2, 1]
    assert await queries.unread_notification_count(reader) == 5
    assert await queries.unread_notification_count(other) == 1
    assert await queries.unread_notification_count(await a_reader()) == 0
    await mark_notification_read(reader, notification_id=first.rows[1].id)
    unread = await queries.notifications(reader, PageRequest(), unread_only=True)
    assert [row.source_position for row in unread.rows] == [5, 3, 2, 1]
    with pytest.raises(InvalidInput):
        await queries.notifications(reader, PageRequest(after="nonsense"))


async def test_only_the_signed_in_read() -> None:
    for read in (
        queries.notifications(ANONYMOUS, PageRequest()),
        queries.notification(ANONYMOUS, new_id()),
        queries.unread_notification_count(ANONYMOUS),
        mark_notification_read(ANONYMOUS, notification_id=new_id()),
        mark_all_notifications_read(ANONYMOUS),
    ):
        async with nothing_happens():
            with pytest.raises(Unauthenticated):
                await read


async def test_one_is_read_once() -> None:
    reader = await a_reader(3)
    [newest, *_] = (await queries.notifications(reader, PageRequest())).rows
    with clock_set_to(NOON + timedelta(hours=1)):
        marked = await mark_notification_read(reader, notification_id=newest.id)
    assert marked.read_at == NOON + timedelta(hours=1)
    async with nothing_happens():
        again = await mark_notification_read(reader, notification_id=newest.id)
    assert again.read_at == marked.read_at
    [read] = await announced("notifications_read")
    assert (read.notification_id, read.unread_count) == (newest.id, 2)
    assert await queries.unread_notification_count(reader) == 2
    await assert_integrity()


async def test_what_belongs_to_others_is_not_there() -> None:
    reader, other = await a_reader(1), await a_reader()
    [notification] = (await queries.notifications(reader, PageRequest())).rows
    assert await queries.notification(other, notification.id) is None
    found = await queries.notification(reader, notification.id)
    assert found is not None and found.id == notification.id
    for notification_id in (notification.id, new_id()):
        async with nothing_happens():
            with pytest.raises(NotificationNotFound):
                await mark_notification_read(other, notification_id=notification_id)
    assert (await Notification.get(id=notification.id)).read_at is None


async def test_all_are_read_at_once_and_only_ones_own() -> None:
    reader, other = await a_reader(4), await a_reader(2, first_position=10)
    assert await mark_all_notifications_read(reader) == 4
    async with nothing_happens():
        assert await mark_all_notifications_read(reader) == 0
    [read] = await announced("notifications_read")
    assert (read.notification_id, read.unread_count) == (None, 0)
    assert await queries.unread_notification_count(other) == 2
    await assert_integrity()


async def test_reading_in_a_unit_of_work_that_fails_did_not_happen() -> None:
    reader = await a_reader(2)
    async with nothing_happens():
        with pytest.raises(RuntimeError, match="after all not"):
            async with unit_of_work():
                await mark_all_notifications_read(reader)
                raise RuntimeError("after all not")
    assert await queries.unread_notification_count(reader) == 2


async def test_counts_stay_exact_while_everything_happens_at_once() -> None:
    """Telling, reading one, reading all and forgetting race; the announced counts come in their true order."""
    readers = [await a_reader(6, first_position=1 + 10 * number) for number in range(3)]
    chance = random.Random(7)
    ids = {reader.id: [row.id for row in await Notification.filter(recipient_id=reader.id)] for reader in readers}

    async def read_one(reader: Actor, notification_id: UUID) -> None:
        with suppress(NotificationNotFound):
            await mark_notification_read(reader, notification_id=notification_id)

    acts: list[Any] = [read_one(reader, chance.choice(ids[reader.id])) for reader in readers for _ in range(15)]
    later = NOON + QUARTER + timedelta(minutes=3)
    reasons = [a_reason(chance.choice(readers).id, 100 + number, later) for number in range(20)]
    acts += [tell(reason.fact, reason) for reason in reasons]
    acts += [mark_all_notifications_read(reader) for reader in readers]
    acts += [expire_notifications.run() for _ in range(3)]
    chance.shuffle(acts)
    with clock_set_to(later):
        await at_once(acts)
    await assert_integrity()
    counts: dict[UUID, int] = {}
    for logged in await events_so_far():
        if logged.domain == "notifications":
            counts[logged.fact.recipient_id] = logged.fact.unread_count
    for reader in readers:
        assert counts[reader.id] == await queries.unread_notification_count(reader)


async def test_what_is_old_is_forgotten_and_the_count_falls() -> None:
    reader, other = await a_reader(3), await a_reader(1, first_position=10)
    oldest = await Notification.get(source_position=1)
    await mark_notification_read(reader, notification_id=oldest.id)
    with clock_set_to(NOON + QUARTER - timedelta(seconds=1)):
        async with nothing_happens():
            assert await expire_notifications.run() == 0
    with clock_set_to(NOON + QUARTER):
        assert await expire_notifications.run() == 2
    assert await queries.unread_notification_count(reader) == 2
    assert await queries.unread_notification_count(other) == 0
    expired = await announced("notifications_expired")
    assert [(fact.recipient_id, fact.unread_count) for fact in expired] == [(other.id, 0)]
    with clock_set_to(NOON + QUARTER + timedelta(minutes=1)):
        assert await expire_notifications.run() == 1
    assert await queries.unread_notification_count(reader) == 1
    assert [row.source_position for row in await Notification.all()] == [3]
    await assert_integrity()


@pytest.mark.parametrize(
    "statement",
    [
        "update notification_inbox set unread = -1",
        "update notification set priority = 'SHRILL'",
        "update notification set title = ''",
        "update notification set data = '[]'",
        "update notification set subject_id = null",
        "update notification set expires_at = created_at",
        "update notification set source_position = 0",
    ],
)
async def test_the_tables_refuse_what_cannot_be(statement: str) -> None:
    await a_reader(1)
    with pytest.raises(asyncpg.CheckViolationError):
        await database.execute(statement)


async def test_a_wrong_count_is_found_by_the_integrity_report() -> None:
    await a_reader(2)
    await Inbox.all().update(unread=5)
    [broken] = [result for result in await recompute() if not result.holds]
    assert broken.check.name == "unread_counts_are_right" and len(broken.violations) == 1
