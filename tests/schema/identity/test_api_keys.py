"""API keys: shown once, narrowed to their scopes, ended for good."""

from __future__ import annotations

from typing import Any

import pytest

from domain.identity.actor import Actor
from domain.identity.authentication import authenticate
from domain.identity.permissions import Role
from domain.kit.database import fetchval
from domain.kit.errors import Unauthenticated
from tests.support.graphql import ask, ask_refused, do, do_refused, refused_to_strangers
from tests.support.people import an_actor

pytestmark = pytest.mark.usefixtures("database")

CREATE = """
mutation ($name: String!, $scopes: [Permission!]!) {
  createApiKey(input: { name: $name, scopes: $scopes }) {
    key apiKey { id name prefix scopes live lastUsedAt } errors { code field }
  }
}
"""
ROTATE = """
mutation ($id: ID!, $hours: Int! = 24, $name: String) {
  rotateApiKey(input: { apiKeyId: $id, overlapHours: $hours, idempotencyKey: $name }) {
    key replayed apiKey { prefix previousPrefix previousUntil rotatedAt previousLastUsedAt } errors { code field }
  }
}
"""
LIMITED = """
mutation ($networks: [String!]) {
  createApiKey(
    input: { name: "Gate", scopes: [WALLET_USE], pointsPerMinute: 30, maxSockets: 1, allowedNetworks: $networks }
  ) {
    apiKey { pointsPerMinute maxSockets allowedNetworks } errors { code field }
  }
}
"""
UPDATE = """
mutation ($input: UpdateApiKeyInput!) {
  updateApiKey(input: $input) {
    apiKey { name scopes expiresAt pointsPerMinute maxSockets allowedNetworks } errors { code field }
  }
}
"""
REVOKE = "mutation ($id: ID!) { revokeApiKey(input: { apiKeyId: $id }) { apiKey { live revokedAt } errors { code field } } }"
KEYS = "{ apiKeys { totalCount nodes { id name live } } }"


async def a_key(actor: Actor, *scopes: str) -> Any:
    return await do(actor, CREATE, name="Nightly report", scopes=scopes or ["WALLET_USE"])


async def test_a_key_is_shown_once_and_does_what_its_scopes_say() -> None:
    await refused_to_strangers(CREATE, name="Nightly report", scopes=["WALLET_USE"])
    actor = await an_actor(Role.INVESTOR)
    payload = await a_key(actor)
    assert payload["key"].startswith(f"daf_{payload['apiKey']['prefix']}_")
    program = await authenticate(payload["key"])
    assert (await ask(program, "{ me { permissions } }"))["permissions"] == ["PUBLIC", "SIGNED_IN", "WALLET_USE"]
    assert payload["key"] not in str(await ask(actor, KEYS))
    assert await fetchval("select count(*) from idempotency_key") == 0


async def test_a_key_has_no_more_than_its_owner_and_makes_no_keys() -> None:
    actor = await an_actor(Role.INVESTOR)
    for scopes in (["USERS_MANAGE"], ["PUBLIC"], []):
        assert await do_refused(actor, CREATE, name="Too much", scopes=scopes) == ("INVALID_SCOPES", ["input", "scopes"])
    program = await authenticate((await a_key(actor))["key"])
    assert await do_refused(program, CREATE, name="Another", scopes=["WALLET_USE"]) == ("SESSION_REQUIRED", None)
    assert await ask_refused(program, "{ users { nodes { id } } }") == "FORBIDDEN"


async def test_keys_are_listed_to_their_owner() -> None:
    await refused_to_strangers(KEYS)
    actor, other = await an_actor(), await an_actor()
    assert await ask(actor, KEYS) == {"totalCount": 0, "nodes": []}
    await a_key(actor)
    [key] = (await ask(actor, KEYS))["nodes"]
    assert (key["name"], key["live"]) == ("Nightly report", True)
    assert (await ask(other, KEYS))["nodes"] == []
    node = "query ($id: ID!) { node(id: $id) { id } }"
    assert await ask(actor, node, id=key["id"]) == {"id": key["id"]}
    assert await ask(other, node, id=key["id"]) is None


async def test_a_revoked_key_opens_nothing() -> None:
    actor, other = await an_actor(), await an_actor()
    created = await a_key(actor)
    key_id = created["apiKey"]["id"]
    await refused_to_strangers(REVOKE, id=key_id)
    assert await do_refused(other, REVOKE, id=key_id) == ("API_KEY_NOT_FOUND", ["input", "apiKeyId"])
    await authenticate(created["key"])
    assert (await do(actor, REVOKE, id=key_id))["apiKey"]["live"] is False
    with pytest.raises(Unauthenticated):
        await authenticate(created["key"])


async def test_a_key_is_given_another_secret() -> None:
    actor, other = await an_actor(), await an_actor()
    created = await a_key(actor)
    key_id = created["apiKey"]["id"]
    await refused_to_strangers(ROTATE, id=key_id)
    assert await do_refused(other, ROTATE, id=key_id) == ("API_KEY_NOT_FOUND", ["input", "apiKeyId"])
    assert await do_refused(actor, ROTATE, id=key_id, hours=169) == ("INVALID_OVERLAP", ["input", "overlapHours"])
    program = await authenticate(created["key"])
    assert await do_refused(program, ROTATE, id=key_id) == ("SESSION_REQUIRED", None)
    rotated = await do(actor, ROTATE, id=key_id, name="monday")
    assert rotated["apiKey"]["previousPrefix"] == created["apiKey"]["prefix"] != rotated["apiKey"]["prefix"]
    assert rotated["apiKey"]["previousLastUsedAt"] is not None
    again = await do(actor, ROTATE, id=key_id, name="monday")
    assert (again["key"], again["replayed"], rotated["replayed"]) == (rotated["key"], True, False)
    assert await do_refused(actor, ROTATE, id=key_id, name="monday", hours=1) == (
        "IDEMPOTENCY_KEY_REUSED",
        ["input", "idempotencyKey"],
    )
    assert (await authenticate(created["key"])).id == (await authenticate(rotated["key"])).id == actor.id
    await do(actor, REVOKE, id=key_id)
    assert await do_refused(actor, ROTATE, id=key_id) == ("API_KEY_ENDED", ["input", "apiKeyId"])


async def test_a_key_is_made_with_limits_of_its_own() -> None:
    actor = await an_actor()
    assert (await do(actor, LIMITED, networks=["203.0.113.7/24"]))["apiKey"] == {
        "pointsPerMinute": 30,
        "maxSockets": 1,
        "allowedNetworks": ["203.0.113.0/24"],
    }
    assert await do_refused(actor, LIMITED, networks=["home"]) == ("INVALID_NETWORKS", ["input", "allowedNetworks"])


async def test_a_key_is_changed() -> None:
    actor, other = await an_actor(Role.INVESTOR), await an_actor(Role.INVESTOR)
    created = await a_key(actor)
    whose = {"apiKeyId": created["apiKey"]["id"]}
    await refused_to_strangers(UPDATE, input=whose)
    assert await ask_refused(actor, UPDATE, input={"name": "x"}), "which key is to be said"
    unchanged = (await do(actor, UPDATE, input=whose))["apiKey"]
    assert (unchanged["name"], unchanged["scopes"], unchanged["pointsPerMinute"]) == ("Nightly report", ["WALLET_USE"], None)
    said = {
        "name": "Gate",
        "scopes": ["INVOICE_READ", "WALLET_USE"],
        "pointsPerMinute": 30,
        "maxSockets": 1,
        "allowedNetworks": ["203.0.113.7/24"],
    }
    changed = (await do(actor, UPDATE, input=whose | said))["apiKey"]
    assert changed == {
        **said,
        "scopes": ["WALLET_USE", "INVOICE_READ"],
        "allowedNetworks": ["203.0.113.0/24"],
        "expiresAt": unchanged["expiresAt"],
    }
    nothing_said = {"name": None, "scopes": None, "expiresAt": None, "allowedNetworks": None}
    assert (await do(actor, UPDATE, input=whose | nothing_said))["apiKey"] == changed
    shared = {"pointsPerMinute": None, "maxSockets": None, "allowedNetworks": []}
    assert (await do(actor, UPDATE, input=whose | shared))["apiKey"] == changed | shared
    program = await authenticate(created["key"])
    assert "INVOICE_READ" in (await ask(program, "{ me { permissions } }"))["permissions"]
    for who, code, where in (
        (other, "API_KEY_NOT_FOUND", ["input", "apiKeyId"]),
        (program, "SESSION_REQUIRED", None),
    ):
        assert await do_refused(who, UPDATE, input=whose | {"name": "x"}) == (code, where)
    wrong: list[tuple[dict[str, Any], str, str]] = [
        ({"scopes": ["USERS_MANAGE"]}, "INVALID_SCOPES", "scopes"),
        ({"expiresAt": "2020-01-01T00:00:00Z"}, "INVALID_EXPIRY", "expiresAt"),
        ({"pointsPerMinute": 0}, "INVALID_KEY_LIMITS", "pointsPerMinute"),
        ({"allowedNetworks": ["home"]}, "INVALID_NETWORKS", "allowedNetworks"),
    ]
    for change, code, field in wrong:
        assert await do_refused(actor, UPDATE, input=whose | change) == (code, ["input", field])
