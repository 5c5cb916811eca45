"""API keys: shown once, narrowed to their scopes, ended by revocation, expiry and the owner's departure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.identity import queries
from domain.identity.actor import ANONYMOUS, SYSTEM, Actor
from domain.identity.authentication import authenticate, with_rights_of_now
from domain.identity.directory import actor_of_user
from domain.identity.errors import (
    ApiKeyEnded,
    ApiKeyNotFound,
    InvalidExpiry,
    InvalidKeyLimits,
    InvalidName,
    InvalidNetworks,
    InvalidScopes,
    SessionRequired,
    TooManyApiKeys,
)
from domain.identity.events import AccessChanged
from domain.identity.key_limits import KeyLimits
from domain.identity.models import ApiKey
from domain.identity.permissions import Permission, Role
from domain.identity.service import (
    CreatedApiKey,
    change_password,
    change_roles,
    create_api_key,
    deactivate_user,
    revoke_api_key,
    rotate_api_key,
    sign_out,
    update_api_key,
)
from domain.identity.service.api_keys import DEFAULT_LIFETIME, MAX_API_KEYS, MAX_LIFETIME, notice_expiring_keys
from domain.kit import clock
from domain.kit.clock import clock_set_to
from domain.kit.database import fetch
from domain.kit.errors import DomainError, Forbidden, Unauthenticated
from domain.kit.ids import new_id
from domain.kit.paging import PageRequest
from tests.support.happenings import events_so_far, names_of_events, nothing_happens
from tests.support.people import CHEAP, PASSWORD, a_user, actor_for, an_actor, configure_identity
from tests.support.races import outcomes_of

pytestmark = pytest.mark.usefixtures("database")

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


async def a_key(actor: Actor, scopes: Iterable[Permission] = (Permission.INVOICE_READ,)) -> CreatedApiKey:
    return await create_api_key(actor, name="Bookkeeping", scopes=scopes)


async def test_a_key_acts_for_its_owner_within_its_scopes() -> None:
    owner = await an_actor(Role.SELLER)
    created = await a_key(owner, [Permission.INVOICE_READ])
    actor = await authenticate(created.key)
    assert (actor.id, actor.api_key_id, actor.session_id) == (owner.id, created.api_key.id, None)
    assert actor.permissions == {Permission.PUBLIC, Permission.SIGNED_IN, Permission.INVOICE_READ}
    assert f"user:{owner.id}" in actor.audiences and "role:SELLER" not in actor.audiences
    assert actor.expires_at == created.api_key.expires_at
    with pytest.raises(Forbidden):
        actor.require(Permission.INVOICE_SELL)


async def test_a_key_is_shown_once_and_stored_nowhere() -> None:
    created = await a_key(await an_actor())
    mark, prefix, secret = created.key.split("_")
    assert (mark, prefix, len(secret)) == ("daf", created.api_key.prefix, 49)
    stored = str(await ApiKey.all().values()) + "".join(logged.payload for logged in await events_so_far())
    assert secret not in stored and prefix in stored
    assert secret not in repr(created)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"name": ""}, InvalidName),
        ({"name": "x" * 121}, InvalidName),
        ({"scopes": []}, InvalidScopes),
        ({"scopes": [Permission.SIGNED_IN]}, InvalidScopes),
        ({"scopes": [Permission.INVOICE_READ, Permission.USERS_MANAGE]}, InvalidScopes),
        ({"expires_at": NOON}, InvalidExpiry),
        ({"expires_at": NOON - timedelta(days=1)}, InvalidExpiry),
        ({"expires_at": NOON + MAX_LIFETIME + timedelta(seconds=1)}, InvalidExpiry),
    ],
)
async def test_what_is_not_right_is_refused(changes: dict[str, object], refusal: type[DomainError]) -> None:
    with clock_set_to(NOON):
        owner = await an_actor(Role.INVESTOR)
        async with nothing_happens():
            with pytest.raises(refusal):
                await create_api_key(owner, **{"name": "Key", "scopes": [Permission.INVOICE_READ], **changes})  # type: ignore[arg-type]


async def test_only_a_person_makes_and_revokes_keys() -> None:
    owner = await an_actor(Role.ADMIN)
    created = await a_key(owner, [Permission.API_KEYS_MANAGE])
    program = await authenticate(created.key)
    for actor, refusal in ((ANONYMOUS, Unauthenticated), (program, SessionRequired)):
        async with nothing_happens():
            with pytest.raises(refusal):
                await a_key(actor)
            with pytest.raises(refusal):
                await revoke_api_key(actor, api_key_id=created.api_key.id)
            with pytest.raises(refusal):
                await sign_out(actor)
            with pytest.raises(refusal):
                await change_password(actor, current=PASSWORD, new="another long password")


async def test_a_command_makes_a_key_in_somebodys_name() -> None:
    user = await a_user(Role.SELLER)
    created = await a_key(await actor_of_user(user.id))
    assert (await authenticate(created.key)).id == user.id


async def test_a_revoked_key_is_worth_nothing_at_once() -> None:
    owner = await an_actor()
    created = await a_key(owner)
    program = await authenticate(created.key)
    await revoke_api_key(owner, api_key_id=created.api_key.id)
    with pytest.raises(Unauthenticated):
        await authenticate(created.key)
    assert (await names_of_events())[-3:] == [
        "identity.api_key_created",
        "identity.api_key_revoked",
        "identity.access_changed",
    ]
    change = (await events_so_far())[-1].fact
    assert change.applied_to(program) is None
    assert change.applied_to(owner) is not None
    async with nothing_happens():
        await revoke_api_key(owner, api_key_id=created.api_key.id)


async def test_keys_of_others_are_not_there_except_for_those_who_manage_keys() -> None:
    owner, other, admin = await an_actor(), await an_actor(), await an_actor(Role.ADMIN)
    created = await a_key(owner)
    async with nothing_happens():
        with pytest.raises(ApiKeyNotFound):
            await revoke_api_key(other, api_key_id=created.api_key.id)
        with pytest.raises(ApiKeyNotFound):
            await revoke_api_key(admin, api_key_id=new_id())
    assert (await queries.api_keys(other, PageRequest())).rows == []
    assert [key.id for key in (await queries.api_keys(owner, PageRequest())).rows] == [created.api_key.id]
    assert (await revoke_api_key(admin, api_key_id=created.api_key.id)).revoked_at is not None


async def test_a_key_ends_by_itself() -> None:
    with clock_set_to(NOON):
        created = await a_key(await an_actor())
        assert created.api_key.expires_at == NOON + DEFAULT_LIFETIME
    with clock_set_to(NOON + DEFAULT_LIFETIME - timedelta(seconds=1)):
        assert await authenticate(created.key)
    with clock_set_to(NOON + DEFAULT_LIFETIME), pytest.raises(Unauthenticated):
        await authenticate(created.key)


async def test_a_key_never_has_more_rights_than_its_owner() -> None:
    user = await a_user(Role.SELLER)
    created = await a_key(await actor_for(user), [Permission.INVOICE_READ, Permission.INVOICE_SELL])
    await authenticate(created.key)
    await change_roles(SYSTEM, user_id=user.id, roles=[Role.INVESTOR])
    actor = await authenticate(created.key)
    assert actor.may(Permission.INVOICE_READ)
    assert not actor.may(Permission.INVOICE_SELL) and not actor.may(Permission.INVOICE_FUND)
    await deactivate_user(SYSTEM, user_id=user.id)
    with pytest.raises(Unauthenticated):
        await authenticate(created.key)


async def test_use_is_noted_once_a_minute() -> None:
    with clock_set_to(NOON):
        created = await a_key(await an_actor())

    async def used_at(moment: datetime) -> datetime | None:
        with clock_set_to(moment):
            await authenticate(created.key)
        return (await ApiKey.get(id=created.api_key.id)).last_used_at

    assert await used_at(NOON) == NOON
    assert await used_at(NOON + timedelta(seconds=29)) == NOON
    assert await used_at(NOON + timedelta(seconds=59)) == NOON
    assert await used_at(NOON + timedelta(seconds=60)) == NOON + timedelta(seconds=60)


async def test_nobody_has_more_keys_than_the_limit_even_when_in_a_hurry() -> None:
    owner = await an_actor()
    results = await outcomes_of(a_key(owner) for _ in range(MAX_API_KEYS + 5))
    assert sum(isinstance(result, TooManyApiKeys) for result in results) == 5
    assert await ApiKey.all().count() == MAX_API_KEYS
    await revoke_api_key(owner, api_key_id=(await ApiKey.first()).id)  # type: ignore[union-attr]
    assert await a_key(owner)


async def test_a_key_is_changed_and_whoever_came_with_it_has_what_it_may_now() -> None:
    with clock_set_to(NOON):
        owner = await an_actor(Role.SELLER)
        created = await a_key(owner, [Permission.INVOICE_READ])
        program = await authenticate(created.key)
        rotated = await rotate_api_key(owner, api_key_id=created.api_key.id, overlap_hours=2)
        changed = await change(
            owner,
            created,
            name=" Warehouse ",
            scopes=[Permission.WALLET_USE, Permission.INVOICE_READ],
            points_per_minute=50,
            max_sockets=2,
            expires_at=NOON + timedelta(days=5),
        )
        assert (changed.name, changed.scopes) == ("Warehouse", [Permission.WALLET_USE, Permission.INVOICE_READ])
        assert (changed.points_per_minute, changed.max_sockets, changed.expires_at) == (50, 2, NOON + timedelta(days=5))
        key_changed, access = [logged.fact for logged in (await events_so_far())[-2:]]
        assert isinstance(access, AccessChanged) and access.reason == "API_KEY_CHANGED"
        assert (key_changed.scopes, key_changed.gained_scopes) == (["WALLET_USE", "INVOICE_READ"], ["WALLET_USE"])
        # Those who are connected hear it, by either secret; the one before ends when it did.
        here = access.applied_to(program)
        assert here is not None and here.permissions >= {Permission.WALLET_USE, Permission.INVOICE_READ}
        assert (here.key_limits, here.expires_at) == (KeyLimits(50, 2), NOON + timedelta(hours=2))
        assert await authenticate(created.key) == here == await with_rights_of_now(program)
        newest = await authenticate(rotated.key or "")
        assert (newest.permissions, newest.expires_at) == (here.permissions, NOON + timedelta(days=5))
        assert access.applied_to(owner) is not None
        narrowed = await change(owner, created, scopes=[Permission.WALLET_USE], points_per_minute=None, max_sockets=None)
        assert (narrowed.scopes, narrowed.points_per_minute, narrowed.name) == ([Permission.WALLET_USE], None, "Warehouse")
        with pytest.raises(Forbidden):
            (await with_rights_of_now(newest)).require(Permission.INVOICE_READ)
    rows = await fetch("select operation from row_change where object_kind = 'api_key' order by id")
    assert [row["operation"] for row in rows] == ["INSERT", "UPDATE", "UPDATE", "UPDATE"], "made, rotated, changed twice"


async def change(actor: Actor, created: CreatedApiKey, **changes: Any) -> ApiKey:
    return await update_api_key(actor, api_key_id=created.api_key.id, changes=changes)


async def test_other_networks_have_everybody_come_in_again() -> None:
    owner = await an_actor()
    created = await create_api_key(owner, name="Gate", scopes=[Permission.WALLET_USE], allowed_networks=["203.0.113.0/24"])
    program, other = await authenticate(created.key), await authenticate((await a_key(owner)).key)

    async def told(*networks: str) -> AccessChanged:
        await change(owner, created, allowed_networks=networks)
        access = (await events_so_far())[-1].fact
        assert isinstance(access, AccessChanged)
        return access

    narrower = await told("203.0.113.7")
    assert narrower.applied_to(program) is None and narrower.applied_to(other) is not None
    bound = await authenticate(created.key)
    await change(owner, created, max_sockets=3)
    access = (await events_so_far())[-1].fact
    assert access.applied_to(bound).key_limits == replace(bound.key_limits, max_sockets=3)
    assert (await told()).applied_to(bound) is None
    assert (await authenticate(created.key)).key_limits == KeyLimits(max_sockets=3)


async def test_what_a_key_cannot_be_changed_to() -> None:
    owner, other = await an_actor(Role.SELLER), await an_actor(Role.SELLER)
    created, ended = await a_key(owner), await a_key(owner)
    await revoke_api_key(owner, api_key_id=ended.api_key.id)
    program = await authenticate(created.key)
    configure_identity(replace(CHEAP, points_of_keys=100))
    await change(owner, await a_key(owner), points_per_minute=60)
    await change(owner, created, points_per_minute=40)
    refusals: list[tuple[type[DomainError], Actor, CreatedApiKey, dict[str, Any]]] = [
        (Unauthenticated, ANONYMOUS, created, {"name": "x"}),
        (SessionRequired, program, created, {"name": "x"}),
        (ApiKeyNotFound, other, created, {"name": "x"}),
        (ApiKeyEnded, owner, ended, {"name": "x"}),
        (InvalidName, owner, created, {"name": " "}),
        (InvalidScopes, owner, created, {"scopes": []}),
        (InvalidScopes, owner, created, {"scopes": [Permission.SIGNED_IN]}),
        (InvalidScopes, owner, created, {"scopes": [Permission.USERS_MANAGE]}),
        (InvalidExpiry, owner, created, {"expires_at": clock.now()}),
        (InvalidExpiry, owner, created, {"expires_at": clock.now() + MAX_LIFETIME + timedelta(minutes=1)}),
        (InvalidKeyLimits, owner, created, {"points_per_minute": 0}),
        (InvalidKeyLimits, owner, created, {"points_per_minute": 41}),
        (InvalidKeyLimits, owner, created, {"max_sockets": 51}),
        (InvalidNetworks, owner, created, {"allowed_networks": ["home"]}),
    ]
    for refusal, actor, key, changes in refusals:
        async with nothing_happens():
            with pytest.raises(refusal):
                await change(actor, key, **changes)
    async with nothing_happens():
        await change(owner, created, points_per_minute=40, name="Bookkeeping", scopes=created.api_key.scopes)
        await change(owner, created)


async def test_a_key_that_is_changed_by_many_at_once_is_as_one_of_them_said() -> None:
    owner = await an_actor()
    created = await a_key(owner, [Permission.WALLET_USE])
    await outcomes_of(change(owner, created, name=f"Key {each}", max_sockets=each) for each in range(1, 6))
    api_key = await ApiKey.get(id=created.api_key.id)
    assert api_key.name == f"Key {api_key.max_sockets}"
    assert (await authenticate(created.key)).key_limits == KeyLimits(max_sockets=api_key.max_sockets)
    assert (await names_of_events()).count("identity.api_key_changed") == 5


async def test_a_later_end_is_noticed_anew() -> None:
    owner = await an_actor()
    with clock_set_to(NOON):
        created = await create_api_key(
            owner, name="Gate", scopes=[Permission.WALLET_USE], expires_at=NOON + timedelta(days=8)
        )
    with clock_set_to(NOON + timedelta(days=5)):
        assert await notice_expiring_keys() == 1
        await change(owner, created, expires_at=NOON + timedelta(days=60))
        assert await notice_expiring_keys() == 0
    with clock_set_to(NOON + timedelta(days=55)):
        assert await notice_expiring_keys() == 1
