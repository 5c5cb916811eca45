"""The feed of everything: for staff, and each event only for those whose eyes it is for."""

from __future__ import annotations

import pytest

from domain.identity.actor import ANONYMOUS
from domain.identity.permissions import Role
from domain.wallets.service import wallet_of
from schema.kit.ids import encode_id
from tests.support.graphql import do, feed_refused, heard
from tests.support.people import an_actor

pytestmark = pytest.mark.usefixtures("database")

EVENTS = """
subscription ($domains: [String!], $types: [String!]) {
  events(domains: $domains, types: $types) {
    ... on DomainEvent { name version domain actorId correlationId occurredAt payload cursor }
  }
}"""


async def test_strangers_and_customers_hear_nothing() -> None:
    assert await feed_refused(ANONYMOUS, EVENTS) == "UNAUTHENTICATED"
    assert await feed_refused(await an_actor(Role.INVESTOR), EVENTS) == "FORBIDDEN"


async def test_staff_hear_what_is_for_their_eyes() -> None:
    admin, accountant, officer = [await an_actor(role) for role in (Role.ADMIN, Role.ACCOUNTANT, Role.LOAN_OFFICER)]
    wallet = await wallet_of(officer.id, "KES")
    names = [each["name"] for each in await heard(admin, EVENTS)]
    assert {"identity.user_registered", "identity.signed_in", "wallets.wallet_opened"} <= set(names)
    [opened] = [each for each in await heard(accountant, EVENTS) if each["domain"] == "wallets"]
    assert opened["payload"] == {
        "wallet_id": str(wallet.id),
        "user_id": str(officer.id),
        "currency": "KES",
        "account_id": str(wallet.account_id),
    }
    assert (opened["version"], opened["actorId"]) == (1, None)
    # Of identity's events each hears only what is about themselves.
    users = {each["payload"]["user_id"] for each in await heard(accountant, EVENTS) if each["domain"] == "identity"}
    assert users == {str(accountant.id)}


async def test_it_is_narrowed_to_businesses_and_kinds() -> None:
    admin = await an_actor(Role.ADMIN)
    await wallet_of(admin.id, "KES")
    assert {each["domain"] for each in await heard(admin, EVENTS, domains=["wallets"])} == {"wallets"}
    only = await heard(admin, EVENTS, types=["identity.signed_in"])
    assert [each["name"] for each in only] == ["identity.signed_in"]
    both = await heard(admin, EVENTS, domains=["wallets"], types=["identity.signed_in"])
    assert {each["domain"] for each in both} == {"identity", "wallets"}
    assert await feed_refused(admin, EVENTS, domains=["nothing"]) == "INVALID_INPUT"
    assert await feed_refused(admin, EVENTS, types=["nothing.happened"]) == "INVALID_INPUT"


async def test_an_event_says_who_did_it() -> None:
    admin = await an_actor(Role.ADMIN)
    user = encode_id("User", (await an_actor()).id)
    await do(admin, "mutation ($id: ID!) { deactivateUser(input: { userId: $id }) { errors { code } } }", id=user)
    [changed] = await heard(admin, EVENTS, types=["identity.access_changed"])
    assert changed["actorId"] == encode_id("User", admin.id)
