"""One's notifications: listed, counted, read, heard live, and nobody else's."""

from __future__ import annotations

import pytest

from domain.events.listeners import catch_up
from domain.identity.actor import ANONYMOUS, Actor
from domain.notifications.handlers import notifier
from tests.support.graphql import ask, do, do_refused, feed_refused, heard, refused_to_strangers
from tests.support.happenings import assert_integrity, events_so_far
from tests.support.people import a_user, actor_for, an_actor

pytestmark = pytest.mark.usefixtures("database")

NOTIFICATIONS = """
query ($unreadOnly: Boolean! = false) {
  notifications(unreadOnly: $unreadOnly) {
    totalCount nodes { id kind priority channels title subjectKind subjectId data readAt }
  }
}"""
COUNT = "{ unreadNotificationCount }"
MARK = """
mutation ($id: ID!) {
  markNotificationRead(input: { notificationId: $id }) { notification { readAt } unreadCount errors { code field } }
}"""
MARK_ALL = "mutation { markAllNotificationsRead { readCount unreadCount errors { code field } } }"
RECEIVED = """
subscription {
  notificationReceived {
    __typename
    ... on NotificationReceived { notificationId kind title subjectId unreadCount }
    ... on NotificationsRead { readId unreadCount }
    ... on FeedItem { cursor }
  }
}"""
NODE = "query ($id: ID!) { node(id: $id) { __typename } }"


async def somebody_told(times: int = 1) -> Actor:
    """Somebody who signed in from new addresses, and was told of each."""
    user = await a_user()
    actor = await actor_for(user, address="203.0.113.1")
    for number in range(times):
        await actor_for(user, address=f"203.0.113.{number + 2}")
    await events_so_far()
    await catch_up(notifier)
    return actor


async def test_notifications_are_ones_own() -> None:
    await refused_to_strangers(NOTIFICATIONS)
    await refused_to_strangers(COUNT)
    other = await an_actor()
    assert await ask(other, NOTIFICATIONS) == {"totalCount": 0, "nodes": []}
    assert await ask(other, COUNT) == 0
    actor = await somebody_told(2)
    told = await ask(actor, NOTIFICATIONS)
    assert (told["totalCount"], await ask(actor, COUNT)) == (2, 2)
    newest = told["nodes"][0]
    assert (newest["kind"], newest["readAt"]) == ("identity.signed_in", None)
    assert newest["channels"] == ["DATABASE", "BROADCAST", "MAIL"]
    assert newest["subjectKind"] == "session"
    assert await ask(actor, NODE, id=newest["subjectId"]) == {"__typename": "Session"}
    assert await ask(actor, NODE, id=newest["id"]) == {"__typename": "Notification"}
    assert await ask(other, NODE, id=newest["id"]) is None
    assert (await ask(other, NOTIFICATIONS))["totalCount"] == 0


async def test_one_is_read() -> None:
    actor, other = await somebody_told(2), await an_actor()
    first = (await ask(actor, NOTIFICATIONS))["nodes"][0]["id"]
    await refused_to_strangers(MARK, id=first)
    assert await do_refused(other, MARK, id=first) == ("NOTIFICATION_NOT_FOUND", ["input", "notificationId"])
    payload = await do(actor, MARK, id=first)
    assert (payload["unreadCount"], payload["notification"]["readAt"] is None) == (1, False)
    assert await do(actor, MARK, id=first) == payload
    assert (await ask(actor, NOTIFICATIONS, unreadOnly=True))["totalCount"] == 1
    await assert_integrity("notifications")


async def test_all_are_read() -> None:
    await refused_to_strangers(MARK_ALL)
    actor = await somebody_told(2)
    assert await do(actor, MARK_ALL) == {"readCount": 2, "unreadCount": 0, "errors": []}
    assert await do(actor, MARK_ALL) == {"readCount": 0, "unreadCount": 0, "errors": []}
    assert await ask(actor, COUNT) == 0


async def test_they_are_heard_as_they_come_and_as_they_are_read() -> None:
    assert await feed_refused(ANONYMOUS, RECEIVED) == "UNAUTHENTICATED"
    actor, other = await somebody_told(), await an_actor()
    [told] = (await ask(actor, NOTIFICATIONS))["nodes"]
    await do(actor, MARK, id=told["id"])
    received, read = await heard(actor, RECEIVED)
    assert (received["__typename"], received["notificationId"]) == ("NotificationReceived", told["id"])
    assert (received["subjectId"], received["unreadCount"]) == (told["subjectId"], 1)
    assert (read["__typename"], read["readId"], read["unreadCount"]) == ("NotificationsRead", told["id"], 0)
    assert read["cursor"]
    assert await heard(other, RECEIVED) == []
