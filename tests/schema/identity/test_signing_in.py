"""Signing in and going on: what GraphiQL and every client does first."""

from __future__ import annotations

import pytest

from domain.identity.actor import ANONYMOUS, Actor
from domain.identity.authentication import authenticate
from domain.identity.permissions import Role
from domain.kit.errors import Unauthenticated
from tests.support.graphql import ask, ask_refused, do, do_refused, encode_id, refused_to_strangers
from tests.support.people import PASSWORD, a_user, actor_for, an_actor

pytestmark = pytest.mark.usefixtures("database")

TOKENS = "{ accessToken refreshToken expiresAt user { id name roles } errors { code message field retryAfterSeconds } }"
LOGIN = (
    f"mutation ($email: String!, $password: String!) {{ login(input: {{ email: $email, password: $password }}) {TOKENS} }}"
)
REFRESH = f"mutation ($token: String!) {{ refreshToken(input: {{ refreshToken: $token }}) {TOKENS} }}"
LOGOUT = "mutation { logout { endedSessions errors { code field } } }"
LOGOUT_EVERYWHERE = """
mutation ($user: ID) { logoutEverywhere(input: { userId: $user }) { endedSessions errors { code field } } }
"""
CHANGE_PASSWORD = """
mutation ($current: String!, $new: String!) {
  changePassword(input: { currentPassword: $current, newPassword: $new }) { user { id } errors { code field } }
}
"""
ME = "{ me { id name email roles active permissions } }"
SESSIONS = "{ sessions { totalCount nodes { id device address current createdAt lastUsedAt expiresAt } } }"


async def is_signed_in(access_token: str) -> bool:
    try:
        await authenticate(access_token)
    except Unauthenticated:
        return False
    return True


async def test_a_login_gives_tokens_that_work() -> None:
    user = await a_user(Role.SELLER, Role.INVESTOR, name="Asha Patel")
    payload = await do(ANONYMOUS, LOGIN, email=user.email.upper(), password=PASSWORD)
    assert payload["user"] == {"id": encode_id("User", user.id), "name": "Asha Patel", "roles": ["SELLER", "INVESTOR"]}
    actor = await authenticate(payload["accessToken"])
    assert (await ask(actor, ME))["name"] == "Asha Patel"
    assert payload["refreshToken"] != payload["accessToken"]


async def test_a_wrong_password_and_an_unknown_address_get_the_same_answer() -> None:
    user = await a_user()
    wrong = await ask(ANONYMOUS, LOGIN, email=user.email, password="not the password")
    unknown = await ask(ANONYMOUS, LOGIN, email="nobody@daftari.example", password=PASSWORD)
    assert wrong == unknown
    assert wrong["accessToken"] is wrong["user"] is None
    assert [error["code"] for error in wrong["errors"]] == ["INVALID_CREDENTIALS"]


@pytest.mark.attack("password guessing", on="Pipeline")
async def test_too_many_attempts_say_for_how_long() -> None:
    user = await a_user()
    for _ in range(5):
        await ask(ANONYMOUS, LOGIN, email=user.email, password="not the password")
    [error] = (await ask(ANONYMOUS, LOGIN, email=user.email, password=PASSWORD))["errors"]
    assert error["code"] == "TOO_MANY_ATTEMPTS"
    assert error["retryAfterSeconds"] >= 1


async def test_a_refresh_token_gives_the_next_pair_and_an_unknown_one_nothing() -> None:
    user = await a_user()
    first = await do(ANONYMOUS, LOGIN, email=user.email, password=PASSWORD)
    second = await do(ANONYMOUS, REFRESH, token=first["refreshToken"])
    assert second["refreshToken"] not in (None, first["refreshToken"])
    assert second["user"]["id"] == encode_id("User", user.id)
    assert await is_signed_in(second["accessToken"])
    assert await do_refused(ANONYMOUS, REFRESH, token="something else") == (
        "INVALID_REFRESH_TOKEN",
        ["input", "refreshToken"],
    )


async def test_logout_ends_the_session_that_asks() -> None:
    await refused_to_strangers(LOGOUT)
    user = await a_user()
    here = await do(ANONYMOUS, LOGIN, email=user.email, password=PASSWORD)
    there = await do(ANONYMOUS, LOGIN, email=user.email, password=PASSWORD)
    assert (await do(await authenticate(here["accessToken"]), LOGOUT))["endedSessions"] == 1
    assert not await is_signed_in(here["accessToken"])
    assert await is_signed_in(there["accessToken"])


async def test_logout_everywhere_ends_all_of_ones_own() -> None:
    await refused_to_strangers(LOGOUT_EVERYWHERE)
    user = await a_user()
    tokens = [(await do(ANONYMOUS, LOGIN, email=user.email, password=PASSWORD))["accessToken"] for _ in range(3)]
    actor = await authenticate(tokens[0])
    assert (await do(actor, LOGOUT_EVERYWHERE))["endedSessions"] == 3
    assert not any([await is_signed_in(token) for token in tokens])


async def test_only_those_who_manage_users_end_somebody_elses_sessions() -> None:
    stranger, admin, user = await an_actor(), await an_actor(Role.ADMIN), await a_user()
    token = (await do(ANONYMOUS, LOGIN, email=user.email, password=PASSWORD))["accessToken"]
    whose = encode_id("User", user.id)
    assert await do_refused(stranger, LOGOUT_EVERYWHERE, user=whose) == ("FORBIDDEN", None)
    assert await is_signed_in(token)
    assert (await do(admin, LOGOUT_EVERYWHERE, user=whose))["endedSessions"] == 1
    assert not await is_signed_in(token)


async def test_a_new_password_ends_the_other_sessions() -> None:
    await refused_to_strangers(CHANGE_PASSWORD, current=PASSWORD, new="another long password")
    user = await a_user()
    here = await actor_for(user)
    there = await do(ANONYMOUS, LOGIN, email=user.email, password=PASSWORD)
    assert await do_refused(here, CHANGE_PASSWORD, current=PASSWORD, new="short") == (
        "WEAK_PASSWORD",
        ["input", "newPassword"],
    )
    await do(here, CHANGE_PASSWORD, current=PASSWORD, new="another long password")
    assert not await is_signed_in(there["accessToken"])
    assert (await do(ANONYMOUS, LOGIN, email=user.email, password="another long password"))["accessToken"]


async def test_me_is_who_asks() -> None:
    await refused_to_strangers(ME)
    actor = await an_actor(Role.INVESTOR)
    me = await ask(actor, ME)
    assert me["id"] == encode_id("User", actor.id)
    assert me["active"] is True
    assert me["permissions"] == ["PUBLIC", "SIGNED_IN", "WALLET_USE", "INVOICE_FUND", "INVOICE_READ"]


async def test_sessions_are_ones_own() -> None:
    await refused_to_strangers(SESSIONS)
    user, other = await a_user(), await an_actor()
    actor: Actor = await actor_for(user, address="203.0.113.9")
    await actor_for(user)
    sessions = await ask(actor, SESSIONS)
    assert sessions["totalCount"] == 2
    assert [each["current"] for each in sessions["nodes"]] == [False, True]
    assert sessions["nodes"][1]["address"] == "203.0.113.9"
    node = "query ($id: ID!) { node(id: $id) { __typename id } }"
    mine = sessions["nodes"][1]["id"]
    assert await ask(actor, node, id=mine) == {"__typename": "Session", "id": mine}
    assert await ask(other, node, id=mine) is None


async def test_one_root_field_that_is_not_permitted_refuses_them_all() -> None:
    assert await ask_refused(await an_actor(), "{ me { id } users { nodes { id } } }") == "FORBIDDEN"
