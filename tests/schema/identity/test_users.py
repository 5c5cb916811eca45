"""Users: registered, made, changed; and what each viewer sees of them."""

from __future__ import annotations

import pytest

from domain.identity.actor import ANONYMOUS
from domain.identity.models import User
from domain.identity.permissions import Role
from domain.identity.queries import people
from domain.wallets.models import Wallet
from tests.support.graphql import ask, ask_refused, do, do_refused, encode_id, refused_to_strangers
from tests.support.people import PASSWORD, a_user, an_actor

pytestmark = pytest.mark.usefixtures("database")

PAYLOAD = "{ user { id name email roles active } errors { code field } }"
REGISTER = f"mutation ($input: RegisterUserInput!) {{ registerUser(input: $input) {PAYLOAD} }}"
CREATE = f"mutation ($input: CreateUserInput!) {{ createUser(input: $input) {PAYLOAD} }}"
CHANGE_ROLES = (
    f"mutation ($user: ID!, $roles: [Role!]!) {{ changeRoles(input: {{ userId: $user, roles: $roles }}) {PAYLOAD} }}"
)
DEACTIVATE = f"mutation ($user: ID!) {{ deactivateUser(input: {{ userId: $user }}) {PAYLOAD} }}"
REACTIVATE = f"mutation ($user: ID!) {{ reactivateUser(input: {{ userId: $user }}) {PAYLOAD} }}"
USER = "query ($id: ID!) { user(id: $id) { id name email } }"
NODE = "query ($id: ID!) { node(id: $id) { id ... on User { email } } }"
USERS = "query ($filter: UserFilter, $first: Int) { users(filter: $filter, first: $first) { nodes { name } totalCount } }"

NEW = {"name": "Wanjiru Kamau", "email": "Wanjiru@Daftari.example", "password": PASSWORD, "roles": ["SELLER"]}


def id_of(user: User) -> str:
    return encode_id("User", user.id)


async def test_somebody_registers_and_has_a_wallet() -> None:
    user = (await do(ANONYMOUS, REGISTER, input=NEW))["user"]
    assert (user["name"], user["email"], user["roles"]) == ("Wanjiru Kamau", "wanjiru@daftari.example", ["SELLER"])
    [wallet] = await Wallet.all()
    assert encode_id("User", wallet.user_id) == user["id"]


@pytest.mark.attack("mass assignment", on="Pipeline")
@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"roles": ["ADMIN"]}, "INVALID_ROLES", "roles"),
        ({"roles": []}, "INVALID_ROLES", "roles"),
        ({"email": "nowhere"}, "INVALID_EMAIL", "email"),
        ({"password": "short"}, "WEAK_PASSWORD", "password"),
        ({"name": " "}, "INVALID_NAME", "name"),
    ],
)
async def test_what_does_not_fit_registers_nobody(change: dict[str, object], code: str, field: str) -> None:
    assert await do_refused(ANONYMOUS, REGISTER, input={**NEW, **change}) == (code, ["input", field])


async def test_an_address_is_registered_once() -> None:
    await do(ANONYMOUS, REGISTER, input=NEW)
    assert await do_refused(ANONYMOUS, REGISTER, input=NEW) == ("EMAIL_TAKEN", ["input", "email"])


async def test_an_administrator_makes_users_in_any_roles() -> None:
    await refused_to_strangers(CREATE, input=NEW)
    assert await ask_refused(await an_actor(), CREATE, input=NEW) == "FORBIDDEN"
    admin = await an_actor(Role.ADMIN)
    payload = await do(admin, CREATE, input={**NEW, "roles": ["ACCOUNTANT", "CASHIER"]})
    assert payload["user"]["roles"] == ["ACCOUNTANT", "CASHIER"]


async def test_roles_change_at_once() -> None:
    user = await a_user(Role.SELLER)
    await refused_to_strangers(CHANGE_ROLES, user=id_of(user), roles=["ADMIN"])
    assert await ask_refused(await an_actor(), CHANGE_ROLES, user=id_of(user), roles=["ADMIN"]) == "FORBIDDEN"
    admin = await an_actor(Role.ADMIN)
    assert (await do(admin, CHANGE_ROLES, user=id_of(user), roles=["TEACHER"]))["user"]["roles"] == ["TEACHER"]
    assert await do_refused(admin, CHANGE_ROLES, user=id_of(user), roles=[]) == ("INVALID_ROLES", ["input", "roles"])
    assert await do_refused(admin, CHANGE_ROLES, user="nonsense", roles=["TEACHER"]) == ("NOT_FOUND", ["input", "userId"])


async def test_a_user_goes_and_comes_back() -> None:
    user, admin = await a_user(), await an_actor(Role.ADMIN)
    await refused_to_strangers(DEACTIVATE, user=id_of(user))
    assert await ask_refused(await an_actor(), DEACTIVATE, user=id_of(user)) == "FORBIDDEN"
    assert (await do(admin, DEACTIVATE, user=id_of(user)))["user"]["active"] is False
    assert (await do(admin, REACTIVATE, user=id_of(user)))["user"]["active"] is True
    assert await do_refused(admin, DEACTIVATE, user=encode_id("User", admin.id)) == ("LAST_ADMIN", None)


async def test_accounts_are_seen_by_their_owners_and_by_those_who_manage_users() -> None:
    user, other, admin = await a_user(), await an_actor(), await an_actor(Role.ADMIN)
    for document in (USER, NODE):
        await refused_to_strangers(document, id=id_of(user))
        assert await ask(other, document, id=id_of(user)) is None
        assert (await ask(admin, document, id=id_of(user)))["email"] == user.email
        assert (await ask(other, document, id=encode_id("User", other.id)))["email"]


async def test_others_know_the_name_and_no_more() -> None:
    user, other, admin = await a_user(name="Asha Patel"), await an_actor(), await an_actor(Role.ADMIN)
    [seen] = (await people(other, [user.id])).values()
    assert (seen.name, seen.email, seen.roles, seen.active, seen.created_at) == ("Asha Patel", None, None, None, None)
    [seen] = (await people(admin, [user.id])).values()
    assert seen.email == user.email


async def test_users_are_listed_for_those_who_manage_them() -> None:
    await refused_to_strangers(USERS)
    assert await ask_refused(await an_actor(Role.ACCOUNTANT), USERS) == "FORBIDDEN"
    admin = await an_actor(Role.ADMIN, name="Ada Min")
    await a_user(Role.SELLER, name="Sara Sell")
    await a_user(Role.INVESTOR, name="Ivy Invest")
    assert [each["name"] for each in (await ask(admin, USERS, first=2))["nodes"]] == ["Ivy Invest", "Sara Sell"]
    assert await ask(admin, USERS, filter={"role": "SELLER"}) == {"nodes": [{"name": "Sara Sell"}], "totalCount": 1}
    assert (await ask(admin, USERS, filter={"search": "IVY"}))["nodes"] == [{"name": "Ivy Invest"}]
    assert (await ask(admin, USERS, filter={"active": False}))["nodes"] == []
    assert await ask_refused(admin, USERS, filter={"search": "x" * 101}) == "INVALID_INPUT"
    assert await ask_refused(admin, USERS, first=101) == "INVALID_INPUT"
