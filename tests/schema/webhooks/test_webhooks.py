"""Webhook endpoints in the API: made, changed, tried, ended; one's own alone, and by people alone."""

from __future__ import annotations

import dataclasses

import pytest

from domain.identity.actor import Actor
from domain.identity.permissions import Permission, Role
from domain.kit.ids import new_id
from domain.webhooks.models import WebhookEndpoint
from tests.support.graphql import ask, ask_refused, do, do_refused, encode_id, feed_refused, heard, refused_to_strangers
from tests.support.operations import operation
from tests.support.people import an_actor

pytestmark = pytest.mark.usefixtures("database")

CREATE, UPDATE, PAUSE, RESUME, ROTATE, TEST, DELETE = (
    operation(f"webhooks/{name}")
    for name in (
        "CreateWebhookEndpoint",
        "UpdateWebhookEndpoint",
        "PauseWebhookEndpoint",
        "ResumeWebhookEndpoint",
        "RotateWebhookSecret",
        "TestWebhookEndpoint",
        "DeleteWebhookEndpoint",
    )
)
ACTS = (UPDATE, PAUSE, RESUME, ROTATE, TEST, DELETE)
ONE, LIST, ATTEMPTS, FEED = (
    operation(f"webhooks/{name}")
    for name in ("WebhookEndpoint", "WebhookEndpoints", "WebhookAttempts", "WebhookEndpointUpdated")
)
NODE = "query ($id: ID!) { node(id: $id) { __typename } }"
WANTED = {"name": "Our books", "url": "https://example.org/hook", "types": ["ledger.entry_posted"]}


async def an_owner() -> Actor:
    return await an_actor(Role.ACCOUNTANT, name="Anna")


async def an_endpoint(owner: Actor) -> str:
    return str((await do(owner, CREATE, input=WANTED))["endpoint"]["id"])


async def test_an_endpoint_lives_and_ends() -> None:
    owner = await an_owner()
    await refused_to_strangers(CREATE, input=WANTED)
    await refused_to_strangers(LIST)
    assert (await ask(owner, LIST))["nodes"] == []
    made = await do(owner, CREATE, input=WANTED)
    assert made["secret"].startswith("whsec_")
    endpoint_id = made["endpoint"]["id"]
    assert made["endpoint"] == WANTED | {"id": endpoint_id, "domains": [], "state": "ENABLED"}

    changed = await do(owner, UPDATE, input={"endpointId": endpoint_id, "name": "Theirs", "domains": ["lending"]})
    assert (changed["endpoint"]["name"], changed["endpoint"]["domains"]) == ("Theirs", ["lending"])
    assert changed["endpoint"]["types"] == WANTED["types"]
    assert (await do(owner, PAUSE, input={"endpointId": endpoint_id}))["endpoint"]["state"] == "PAUSED"
    resumed = await do(owner, RESUME, input={"endpointId": endpoint_id, "fromNow": True})
    assert resumed["endpoint"]["state"] == "ENABLED"
    rotated = await do(owner, ROTATE, input={"endpointId": endpoint_id})
    assert rotated["secret"] != made["secret"] and rotated["endpoint"]["previousSecretUntil"] is not None
    await do(owner, TEST, input={"endpointId": endpoint_id})
    assert (await ask(owner, ATTEMPTS, endpointId=endpoint_id))["nodes"] == []

    shown = await ask(owner, ONE, id=endpoint_id)
    assert (shown["failures"], shown["nextAttemptAt"], shown["ownerId"]) == (0, None, encode_id("User", owner.id))
    assert shown["eventsAhead"] >= 0
    assert [each["id"] for each in (await ask(owner, LIST))["nodes"]] == [endpoint_id]
    await do(owner, DELETE, input={"endpointId": endpoint_id})
    assert await ask(owner, ONE, id=endpoint_id) is None
    states = [item["state"] for item in await heard(owner, FEED)]
    assert states == ["ENABLED", "ENABLED", "PAUSED", "ENABLED", "ENABLED", None]


@pytest.mark.attack("object-level authorisation", on="Webhooks")
async def test_somebody_elses_is_not_there() -> None:
    owner, other = await an_owner(), await an_actor(Role.ADMIN)
    endpoint_id = await an_endpoint(owner)
    assert await ask(other, ONE, id=endpoint_id) is None
    assert await ask(other, NODE, id=endpoint_id) is None
    assert (await ask(other, LIST))["nodes"] == []
    assert (await ask(other, ATTEMPTS, endpointId=endpoint_id))["nodes"] == []
    for act in ACTS:
        refused = await do_refused(other, act, input={"endpointId": endpoint_id})
        assert refused == ("WEBHOOK_ENDPOINT_NOT_FOUND", ["input", "endpointId"])
    assert await heard(other, FEED) == []


async def test_who_may_not_read_events_has_none() -> None:
    investor = await an_actor(Role.INVESTOR)
    assert await ask_refused(investor, CREATE, input=WANTED) == "FORBIDDEN"
    assert await ask_refused(investor, LIST) == "FORBIDDEN"
    assert await feed_refused(investor, FEED) == "FORBIDDEN"


async def test_a_key_makes_and_changes_none() -> None:
    """It could go on listening after it was revoked."""
    owner = await an_owner()
    endpoint_id = await an_endpoint(owner)
    key = dataclasses.replace(owner, session_id=None, api_key_id=new_id(), scopes=frozenset({Permission.EVENTS_READ}))
    assert (await do_refused(key, CREATE, input=WANTED))[0] == "SESSION_REQUIRED"
    for act in ACTS:
        assert (await do_refused(key, act, input={"endpointId": endpoint_id}))[0] == "SESSION_REQUIRED"


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        ({"name": ""}, "INVALID_NAME", "name"),
        ({"name": "x" * 121}, "INVALID_NAME", "name"),
        ({"url": "http://example.org"}, "INVALID_WEBHOOK_URL", "url"),
        ({"url": "https://169.254.169.254/latest"}, "INVALID_WEBHOOK_URL", "url"),
        ({"types": ["ledger.entry_lost"]}, "UNKNOWN_EVENT_TYPE", "types"),
        ({"domains": ["astrology"]}, "UNKNOWN_EVENT_TYPE", "domains"),
    ],
)
async def test_what_is_not_right_is_refused(wrong: dict[str, object], code: str, field: str) -> None:
    owner = await an_owner()
    assert await do_refused(owner, CREATE, input=WANTED | wrong) == (code, ["input", field])
    changed = {"endpointId": await an_endpoint(owner), **wrong}
    assert await do_refused(owner, UPDATE, input=changed) == (code, ["input", field])


@pytest.mark.parametrize("after", ["", "evt_1_1", "test_0", "evt_99999999999999_0", "no id"])
async def test_nothing_is_sent_again_from_where_nothing_is(after: str) -> None:
    owner = await an_owner()
    endpoint_id = await an_endpoint(owner)
    refused = await do_refused(owner, RESUME, input={"endpointId": endpoint_id, "afterMessageId": after})
    assert refused == ("WEBHOOK_MESSAGE_UNKNOWN", ["input", "afterMessageId"])
    both = {"endpointId": endpoint_id, "afterMessageId": after, "fromNow": True}
    assert await do_refused(owner, RESUME, input=both) == ("INVALID_INPUT", ["input", "fromNow"])


async def test_one_that_is_paused_is_sent_no_test() -> None:
    owner = await an_owner()
    endpoint_id = await an_endpoint(owner)
    await do(owner, PAUSE, input={"endpointId": endpoint_id})
    assert (await do_refused(owner, TEST, input={"endpointId": endpoint_id}))[0] == "WEBHOOK_ENDPOINT_NOT_ENABLED"


async def test_nobody_has_more_than_ten() -> None:
    owner = await an_owner()
    for _ in range(10):
        await an_endpoint(owner)
    assert (await do_refused(owner, CREATE, input=WANTED))[0] == "TOO_MANY_WEBHOOK_ENDPOINTS"
    assert await WebhookEndpoint.filter(owner_id=owner.id).count() == 10
