"""Users: registered once, with roles that hold at once, and always an administrator among them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from domain.identity import queries
from domain.identity.actor import ANONYMOUS, SYSTEM, Actor
from domain.identity.authentication import authenticate
from domain.identity.errors import (
    EmailTaken,
    InvalidEmail,
    InvalidName,
    InvalidRoles,
    LastAdmin,
    SessionRequired,
    TooManyAttempts,
    UserNotFound,
    WeakPassword,
)
from domain.identity.models import Password, Session, User
from domain.identity.permissions import GRANTS, SELF_REGISTERED, Permission, Role
from domain.identity.service import (
    change_roles,
    create_user,
    deactivate_user,
    reactivate_user,
    register_user,
    sign_out,
    sign_out_everywhere,
)
from domain.kit import database
from domain.kit.clock import clock_set_to
from domain.kit.errors import Conflict, DomainError, Forbidden, InvalidInput, Unauthenticated
from domain.kit.ids import new_id
from domain.kit.paging import PageRequest
from domain.kit.unit_of_work import unit_of_work
from tests.support.happenings import assert_integrity, events_so_far, names_of_events, nothing_happens
from tests.support.people import CHEAP, PASSWORD, a_user, actor_for, an_actor, configure_identity, signed_in
from tests.support.races import outcomes_of

pytestmark = pytest.mark.usefixtures("database")

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
VALID: dict[str, Any] = {
    "name": "Asha Patel",
    "email": "asha@daftari.example",
    "password": PASSWORD,
    "roles": [Role.SELLER],
}


async def test_somebody_registers() -> None:
    user = await register_user(
        name="  Asha Patel ", email=" Asha@Daftari.Example", password=PASSWORD, roles=[Role.SELLER, Role.INVESTOR]
    )
    stored = await User.get(id=user.id)
    assert (stored.name, stored.email, stored.active) == ("Asha Patel", "asha@daftari.example", True)
    assert stored.roles == [Role.SELLER, Role.INVESTOR]
    assert (await Password.get(user_id=user.id)).hash.startswith("$argon2id$")
    [registered] = await events_so_far()
    assert (registered.fact.user_id, registered.fact.self_registered) == (user.id, True)
    assert "@" not in registered.payload
    await assert_integrity()


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"name": ""}, InvalidName),
        ({"name": "  \t "}, InvalidName),
        ({"name": "a" * 121}, InvalidName),
        ({"name": "Asha\nPatel"}, InvalidName),
        ({"name": "Asha\x00"}, InvalidName),
        ({"name": "Asha \u202eletaP"}, InvalidName),
        ({"name": "Asha \ud800"}, InvalidName),
        ({"email": ""}, InvalidEmail),
        ({"email": "asha"}, InvalidEmail),
        ({"email": "asha@localhost"}, InvalidEmail),
        ({"email": "asha@@daftari.example"}, InvalidEmail),
        ({"email": "a sha@daftari.example"}, InvalidEmail),
        ({"email": "ашa@daftari.example"}, InvalidEmail),
        ({"email": "a" * 300 + "@daftari.example"}, InvalidEmail),
        ({"email": "asha@daftari.example\x00"}, InvalidEmail),
        ({"password": ""}, WeakPassword),
        ({"password": "123456789"}, WeakPassword),
        ({"password": " " * 12}, WeakPassword),
        ({"password": "x" * 201}, WeakPassword),
        ({"password": "ASHA@daftari.example"}, WeakPassword),
        ({"roles": []}, InvalidRoles),
        ({"roles": [Role.ADMIN]}, InvalidRoles),
        ({"roles": [Role.SELLER, Role.ACCOUNTANT]}, InvalidRoles),
    ],
)
async def test_what_is_not_right_is_refused(change: dict[str, Any], refusal: type[DomainError]) -> None:
    async with nothing_happens():
        with pytest.raises(refusal) as raised:
            await register_user(**{**VALID, **change})
    assert raised.value.field == ("input", next(iter(change)))


@pytest.mark.parametrize("role", sorted(set(Role) - SELF_REGISTERED))
async def test_nobody_gives_themselves_a_role_of_the_house(role: Role) -> None:
    async with nothing_happens():
        with pytest.raises(InvalidRoles, match=role.value):
            await register_user(**{**VALID, "roles": [role]})


async def test_names_in_any_script_are_welcome() -> None:
    for number, name in enumerate(["Nguyễn Thị Ánh", "अनिल कुमार", "محمد", "क्\u200dष", "O'Brien-Smith, Jr."]):
        user = await a_user(name=name, email=f"person{number}@scripts.example")
        assert (await User.get(id=user.id)).name == name


async def test_an_international_domain_is_kept_in_ascii() -> None:
    user = await a_user(email="Asha@Bücher.example")
    assert user.email == "asha@xn--bcher-kva.example"
    assert await signed_in(user)


async def test_an_address_is_taken_whatever_its_case() -> None:
    await register_user(**VALID)
    async with nothing_happens():
        with pytest.raises(EmailTaken):
            await register_user(**{**VALID, "email": "ASHA@DAFTARI.EXAMPLE"})


async def test_a_race_for_one_address_gives_one_user() -> None:
    results = await outcomes_of(register_user(**VALID) for _ in range(20))
    assert sum(isinstance(result, User) for result in results) == 1
    assert sum(isinstance(result, Conflict) for result in results) == 19
    assert await User.all().count() == await Password.all().count() == 1
    assert await names_of_events() == ["identity.user_registered"]


async def test_registering_joins_a_wider_unit_of_work() -> None:
    async with nothing_happens():
        with pytest.raises(RuntimeError, match="no wallet"):
            async with unit_of_work():
                await register_user(**VALID)
                raise RuntimeError("no wallet")


async def test_registrations_from_one_address_are_limited() -> None:
    configure_identity(replace(CHEAP, registrations_per_address=3))

    async def register(number: int, address: str) -> User:
        return await register_user(**{**VALID, "email": f"asha{number}@daftari.example"}, address=address)

    with clock_set_to(NOON):
        results = await outcomes_of(register(i, "198.51.100.7") for i in range(8))
        assert sum(isinstance(result, User) for result in results) == 3
        refusals = [result for result in results if isinstance(result, TooManyAttempts)]
        assert [refusal.retry_after_s for refusal in refusals] == [3600] * 5
        assert await register(8, "203.0.113.9")
    with clock_set_to(NOON + timedelta(hours=1)):
        assert await register(9, "198.51.100.7")


async def test_creating_users_needs_the_permission() -> None:
    for actor, refusal in ((ANONYMOUS, Unauthenticated), (await an_actor(Role.ACCOUNTANT), Forbidden)):
        async with nothing_happens():
            with pytest.raises(refusal):
                await create_user(actor, **VALID)
    admin = await an_actor(Role.ADMIN)
    created = await create_user(admin, **{**VALID, "roles": [Role.CASHIER, Role.ACCOUNTANT, Role.CASHIER]})
    assert created.roles == [Role.ACCOUNTANT, Role.CASHIER]


async def test_new_roles_hold_at_once_for_the_old_token() -> None:
    user = await a_user(Role.INVESTOR)
    token = (await signed_in(user)).access_token
    assert not (await authenticate(token)).may(Permission.LEDGER_READ)
    changed = await change_roles(SYSTEM, user_id=user.id, roles=[Role.ACCOUNTANT])
    assert (changed.roles, changed.rights_version) == ([Role.ACCOUNTANT], 2)
    actor = await authenticate(token)
    assert actor.may(Permission.LEDGER_READ) and actor.version == 2
    change = (await events_so_far())[-1]
    assert change.name == "identity.access_changed"
    assert {"access", f"user:{user.id}"} <= set(change.topics)
    assert (change.fact.roles, change.fact.rights_version, change.fact.ended_session_ids) == (["ACCOUNTANT"], 2, [])


async def test_the_same_roles_again_change_nothing() -> None:
    user = await a_user(Role.SELLER, Role.INVESTOR)
    async with nothing_happens():
        await change_roles(SYSTEM, user_id=user.id, roles=[Role.INVESTOR, Role.SELLER])
    assert (await User.get(id=user.id)).rights_version == 1


async def test_managing_users_is_refused_to_others() -> None:
    user, accountant = await a_user(), await an_actor(Role.ACCOUNTANT)
    admin = await an_actor(Role.ADMIN)
    for actor, refusal in ((ANONYMOUS, Unauthenticated), (accountant, Forbidden)):
        async with nothing_happens():
            with pytest.raises(refusal):
                await change_roles(actor, user_id=user.id, roles=[Role.SELLER])
            with pytest.raises(refusal):
                await deactivate_user(actor, user_id=user.id)
            with pytest.raises(refusal):
                await reactivate_user(actor, user_id=user.id)
            with pytest.raises(refusal):
                await sign_out_everywhere(actor, user.id)
    async with nothing_happens():
        with pytest.raises(UserNotFound):
            await change_roles(admin, user_id=new_id(), roles=[Role.SELLER])
        with pytest.raises(InvalidRoles):
            await change_roles(admin, user_id=user.id, roles=[])


async def test_nobody_gives_or_takes_rights_beyond_their_own() -> None:
    """An API key for users who teach or have children cannot make its holder an administrator."""
    admin_user, user = await a_user(Role.ADMIN), await a_user(Role.TEACHER)
    await a_user(Role.ADMIN)
    full = await actor_for(admin_user)
    of_families = GRANTS[Role.TEACHER] | GRANTS[Role.GUARDIAN]
    narrowed = replace(full, scopes=frozenset({Permission.USERS_MANAGE, *of_families}), session_id=None)
    async with nothing_happens():
        with pytest.raises(Forbidden):
            await change_roles(narrowed, user_id=user.id, roles=[Role.ADMIN])
        with pytest.raises(Forbidden):
            await create_user(narrowed, **{**VALID, "roles": [Role.ACCOUNTANT]})
        with pytest.raises(Forbidden):
            await deactivate_user(narrowed, user_id=admin_user.id)
    assert await change_roles(narrowed, user_id=user.id, roles=[Role.GUARDIAN])


async def test_deactivation_ends_everything_and_reactivation_lets_in_again() -> None:
    user = await a_user()
    first, second = await signed_in(user), await signed_in(user)
    await authenticate(first.access_token)
    await deactivate_user(SYSTEM, user_id=user.id)
    for result in (first, second):
        with pytest.raises(Unauthenticated):
            await authenticate(result.access_token)
    change = (await events_so_far())[-1].fact
    assert (change.active, set(change.ended_session_ids)) == (False, {first.session_id, second.session_id})
    await assert_integrity()
    async with nothing_happens():
        await deactivate_user(SYSTEM, user_id=user.id)
    await reactivate_user(SYSTEM, user_id=user.id)
    async with nothing_happens():
        await reactivate_user(SYSTEM, user_id=user.id)
    with pytest.raises(Unauthenticated):
        await authenticate(first.access_token)
    assert await authenticate((await signed_in(user)).access_token)


async def test_the_last_administrator_stays() -> None:
    admin = await a_user(Role.ADMIN)
    former = await a_user(Role.ADMIN)
    await deactivate_user(SYSTEM, user_id=former.id)
    async with nothing_happens():
        with pytest.raises(LastAdmin):
            await change_roles(SYSTEM, user_id=admin.id, roles=[Role.ACCOUNTANT])
        with pytest.raises(LastAdmin):
            await deactivate_user(SYSTEM, user_id=admin.id)
        with pytest.raises(asyncpg.CheckViolationError, match="the last administrator stays"):
            await database.execute("update app_user set active = false where id = $1", admin.id)
    assert (await change_roles(SYSTEM, user_id=admin.id, roles=[Role.ADMIN, Role.SELLER])).roles[0] is Role.ADMIN


@pytest.mark.parametrize("_round", range(5))
async def test_two_administrators_cannot_take_each_other_away(_round: int) -> None:
    one, other = await an_actor(Role.ADMIN), await an_actor(Role.ADMIN)
    results = await outcomes_of(
        [change_roles(one, user_id=other.id, roles=[Role.SELLER]), deactivate_user(other, user_id=one.id)]
    )
    assert [type(result) for result in results if isinstance(result, Exception)] == [LastAdmin]
    assert len([user for user in await User.all() if user.is_admin]) == 1


async def test_signing_out_ends_one_session_at_once() -> None:
    user = await a_user()
    first, second = await signed_in(user), await signed_in(user)
    actor = await authenticate(first.access_token)
    await sign_out(actor)
    with pytest.raises(Unauthenticated):
        await authenticate(first.access_token)
    assert await authenticate(second.access_token)
    assert (await events_so_far())[-1].fact.ended_session_ids == [first.session_id]
    async with nothing_happens():
        await sign_out(actor)


async def test_signing_out_everywhere_ends_all_of_ones_own_and_nobody_elses() -> None:
    user, other, admin = await a_user(), await an_actor(), await an_actor(Role.ADMIN)
    first, _ = await signed_in(user), await signed_in(user)
    assert await sign_out_everywhere(await authenticate(first.access_token)) == 2
    assert await Session.filter(user_id=user.id, ended_at=None).count() == 0
    assert await Session.filter(user_id=other.id, ended_at=None).count() == 1
    assert await sign_out_everywhere(admin, other.id) == 1


async def test_an_actor_without_a_session_cannot_sign_out() -> None:
    user = await a_user()
    bare = Actor(id=user.id, name=user.name, roles=frozenset(user.roles))
    for actor, refusal in ((ANONYMOUS, Unauthenticated), (bare, SessionRequired)):
        async with nothing_happens():
            with pytest.raises(refusal):
                await sign_out(actor)
            with pytest.raises(refusal):
                await sign_out_everywhere(actor)


async def test_everybody_sees_themselves_and_managers_see_all() -> None:
    asha, brian = await an_actor(), await an_actor()
    admin = await an_actor(Role.ADMIN)
    assert (await queries.me(asha)).id == asha.id
    found = await queries.user(asha, asha.id)
    assert found is not None and found.id == asha.id
    assert await queries.user(asha, brian.id) is None
    assert await queries.user(admin, new_id()) is None
    found = await queries.user(admin, brian.id)
    assert found is not None and found.id == brian.id
    for read in (queries.me(ANONYMOUS), queries.user(ANONYMOUS, asha.id), queries.users(ANONYMOUS, PageRequest())):
        with pytest.raises(Unauthenticated):
            await read
    with pytest.raises(Forbidden):
        await queries.users(asha, PageRequest())


async def test_users_are_listed_page_by_page_and_found() -> None:
    names = [f"Person {number:02}" for number in range(7)]
    users = [await a_user(name=name) for name in names]
    first = await queries.users(SYSTEM, PageRequest(first=5))
    rest = await queries.users(SYSTEM, PageRequest(first=5, after=first.cursors[-1]))
    assert [user.name for user in (*first.rows, *rest.rows)] == names[::-1]
    assert (first.has_next, rest.has_next, await first.count()) == (True, False, 7)

    async def found(**choice: Any) -> list[str]:
        return [user.name for user in (await queries.users(SYSTEM, PageRequest(), **choice)).rows]

    assert await found(search=" person 03 ") == ["Person 03"]
    assert await found(search=users[4].email[:-3].upper()) == ["Person 04"]
    assert await found(search="%") == await found(search="_") == []
    assert len(await found(search="  ")) == 7
    await a_user(Role.TEACHER, Role.GUARDIAN, name="Teacher")
    assert await found(role=Role.TEACHER) == ["Teacher"]
    await deactivate_user(SYSTEM, user_id=users[0].id)
    assert await found(active=False) == ["Person 00"]
    for search in ("x" * 101, "a\x00b"):
        with pytest.raises(InvalidInput):
            await found(search=search)


async def test_sessions_are_ones_own_and_live() -> None:
    user = await a_user()
    old, new = await signed_in(user), await signed_in(user)
    await signed_in(await a_user())
    actor = await authenticate(new.access_token)
    assert [session.id for session in (await queries.sessions(actor, PageRequest())).rows] == [
        new.session_id,
        old.session_id,
    ]
    await sign_out(await authenticate(old.access_token))
    assert [session.id for session in (await queries.sessions(actor, PageRequest())).rows] == [new.session_id]


async def test_the_public_face_is_a_name() -> None:
    asha, brian = await a_user(name="Asha"), await a_user(name="Brian")
    faces = await queries.public_users([asha.id, brian.id, new_id()])
    assert {face.name for face in faces.values()} == {"Asha", "Brian"}
    assert set(faces[asha.id].__slots__) == {"id", "name"}
