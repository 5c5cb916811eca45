"""Messages in the API: one's own beside the notification, all of them in the outbox for administrators alone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from domain.identity.actor import SYSTEM, Actor
from domain.identity.permissions import Permission, Role
from domain.identity.service import set_phone
from domain.kit.clock import clock_set_to
from domain.kit.ids import new_id
from domain.notifications.models import Delivery
from domain.notifications.service import tell
from domain.notifications.transports import CarrierAway, MessageRefused
from tests.support.graphql import ask, ask_refused, do, do_refused, encode_id, refused_to_strangers
from tests.support.notices import Remembering, a_sign_in, a_theft, carried_by, logged_at, work_off
from tests.support.operations import operation
from tests.support.people import an_actor
from tests.support.statements import statements

pytestmark = pytest.mark.usefixtures("database")

NOON = datetime(2030, 3, 4, 12, tzinfo=UTC)
OUTBOX = operation("notifications/NotificationDeliveries")
RETRY = operation("notifications/RetryNotificationDelivery")
OWN = """
{ notifications { nodes {
  type loanAction millType channels
  deliveries { id channel state address text suppressedBecause recipient { name } carriedCount }
} } }"""
NODE = "query ($id: ID!) { node(id: $id) { __typename ... on NotificationDelivery { text html } } }"


async def told_of_a_theft(position: int = 1) -> Actor:
    actor = await an_actor()
    await set_phone(SYSTEM, phone="+254712345678", user_id=actor.id)
    logged = logged_at(a_theft(actor.id), position, NOON)
    with clock_set_to(NOON):
        await tell(logged.fact, logged)
        await work_off()
    return actor


async def test_the_outbox_is_read_by_administrators() -> None:
    admin, officer = await an_actor(Role.ADMIN), await an_actor(Role.LOAN_OFFICER)
    await refused_to_strangers(OUTBOX)
    assert await ask(admin, OUTBOX) == {"nodes": [], "pageInfo": {"hasNextPage": False, "endCursor": None}}
    first, second = await told_of_a_theft(), await told_of_a_theft(2)
    for who in (first, officer):
        assert await ask_refused(who, OUTBOX) == "FORBIDDEN"
    nodes = (await ask(admin, OUTBOX))["nodes"]
    assert len(nodes) == 4
    [text] = [node for node in nodes if node["channel"] == "SMS" and node["recipient"]["id"] == encode_id("User", first.id)]
    assert (text["state"], text["transport"], text["attempts"]) == ("SENT", "RECORDED", 1)
    assert text["address"] == "+254******678" and text["text"].startswith("Daftari: ") and text["sentAt"]
    wanted = {"recipientId": encode_id("User", second.id), "channel": "MAIL", "state": "SENT"}
    [letter] = (await ask(admin, OUTBOX, filter=wanted))["nodes"]
    assert "***@" in letter["address"] and "Dear Asha Patel" in letter["text"]
    assert (await ask(admin, OUTBOX, filter={"state": "FAILED"}))["nodes"] == []
    assert (await ask(admin, OUTBOX, filter={"since": "2031-01-01T00:00:00Z"}))["nodes"] == []
    assert len((await ask(admin, OUTBOX, filter={"until": "2031-01-01T00:00:00Z"}))["nodes"]) == 4


async def test_ones_own_messages_are_beside_the_notification() -> None:
    actor, other, admin = await told_of_a_theft(), await an_actor(), await an_actor(Role.ADMIN)
    [notification] = (await ask(actor, OWN))["nodes"]
    assert (notification["type"], notification["loanAction"], notification["millType"]) == (
        "REFRESH_TOKEN_REUSED",
        None,
        None,
    )
    assert notification["channels"] == ["DATABASE", "BROADCAST", "MAIL", "SMS"]
    mail, text = notification["deliveries"]
    assert (mail["channel"], text["channel"], mail["state"], text["carriedCount"]) == ("MAIL", "SMS", "SENT", 0)
    shown = await ask(actor, NODE, id=mail["id"])
    assert shown["__typename"] == "NotificationDelivery" and "<h1" in shown["html"]
    assert await ask(admin, NODE, id=mail["id"]) == shown
    assert await ask(other, NODE, id=mail["id"]) is None


async def test_any_number_of_notifications_costs_as_many_statements() -> None:
    actor, counts = await told_of_a_theft(), []
    await ask(actor, OWN)
    for position in (2, 3, 4, 5):
        with statements() as seen:
            await ask(actor, OWN)
        counts.append(len(seen))
        logged = logged_at(a_sign_in(actor.id), position, NOON)
        with clock_set_to(NOON):
            await tell(logged.fact, logged)
            await work_off()
    assert len(set(counts)) == 1 and counts[0] <= 5


async def test_a_dead_letter_is_sent_again() -> None:
    admin = await an_actor(Role.ADMIN)
    mail = Remembering(problems=[MessageRefused("550 no", for_good=True)])
    with carried_by(mailer=mail, texter=Remembering(problems=[CarrierAway("away")])):
        actor = await told_of_a_theft()
    [dead] = (await ask(admin, OUTBOX, filter={"state": "FAILED"}))["nodes"]
    assert dead["lastError"] == "550 no"
    await refused_to_strangers(RETRY, input={"deliveryId": dead["id"]})
    assert await do_refused_at_the_top(actor, dead["id"]) == "FORBIDDEN"
    nobody = encode_id("NotificationDelivery", new_id())
    assert await do_refused(admin, RETRY, input={"deliveryId": nobody}) == (
        "NOTIFICATION_DELIVERY_NOT_FOUND",
        ["input", "deliveryId"],
    )
    payload = await do(admin, RETRY, input={"deliveryId": dead["id"]})
    assert payload["delivery"]["state"] == "QUEUED"
    with carried_by(mailer=mail):
        await work_off()
    assert (await ask(admin, NODE, id=dead["id"]))["text"] == mail.taken[0].text
    again = await do_refused(admin, RETRY, input={"deliveryId": dead["id"]})
    assert again == ("NOTIFICATION_DELIVERY_NOT_FAILED", ["input", "deliveryId"])


async def do_refused_at_the_top(actor: Actor, delivery_id: str) -> str:
    return await ask_refused(actor, RETRY, input={"deliveryId": delivery_id})


async def test_a_key_without_the_scope_does_not_read_the_outbox() -> None:
    admin = await an_actor(Role.ADMIN)
    scopes = frozenset({Permission.JOBS_MANAGE, Permission.USERS_MANAGE})
    key = Actor(id=admin.id, name="Key", roles=admin.roles, scopes=scopes, api_key_id=new_id())
    assert await ask_refused(key, OUTBOX) == "FORBIDDEN"
    actor = await told_of_a_theft()
    delivery = await Delivery.filter(recipient_id=actor.id).first()
    assert delivery is not None
    assert await ask(key, NODE, id=encode_id("NotificationDelivery", delivery.id)) is None
