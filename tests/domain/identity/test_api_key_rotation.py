"""Another secret for a key: two are good for a while, never three; who came with the old one leaves when it ends."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from domain.identity.actor import ANONYMOUS, Actor
from domain.identity.authentication import authenticate
from domain.identity.directory import actor_now
from domain.identity.errors import (
    ApiKeyEnded,
    ApiKeyNotFound,
    InvalidExpiry,
    InvalidKeyLimits,
    InvalidNetworks,
    InvalidOverlap,
    SessionRequired,
)
from domain.identity.events import AccessChanged, ApiKeyExpiring
from domain.identity.key_limits import KeyLimits, clean_networks, limits_of
from domain.identity.models import ApiKey
from domain.identity.permissions import Permission, Role
from domain.identity.service import CreatedApiKey, create_api_key, revoke_api_key, rotate_api_key, rotated_again
from domain.identity.service.api_keys import MAX_LIFETIME, MAX_OVERLAP_HOURS, NOTICE, notice_expiring_keys
from domain.identity.tokens import API_KEY_PATTERN, checksum_of
from domain.kit.clock import clock_set_to
from domain.kit.database import fetchval
from domain.kit.errors import DomainError, Unauthenticated
from domain.kit.idempotency import once
from domain.kit.ids import new_id
from tests.support.happenings import events_so_far, names_of_events, nothing_happens
from tests.support.people import an_actor
from tests.support.races import outcomes_of

pytestmark = pytest.mark.usefixtures("database")

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


async def a_key(actor: Actor, **chosen: object) -> CreatedApiKey:
    return await create_api_key(actor, name="Bookkeeping", scopes=[Permission.INVOICE_READ], **chosen)  # type: ignore[arg-type]


async def works(key: str | None) -> bool:
    assert key is not None
    try:
        await authenticate(key)
    except Unauthenticated:
        return False
    return True


async def test_both_secrets_are_good_for_the_overlap_and_then_the_new_one_alone() -> None:
    with clock_set_to(NOON):
        owner = await an_actor()
        old = await a_key(owner)
        new = await rotate_api_key(owner, api_key_id=old.api_key.id, overlap_hours=2)
        assert new.api_key is not None and new.key is not None and new.key != old.key
        assert new.key.startswith(f"daf_{new.api_key.prefix}_")
        assert (new.api_key.previous_prefix, new.api_key.previous_until) == (old.api_key.prefix, NOON + 2 * HOUR)
        assert [await works(key) for key in (old.key, new.key)] == [True, True]
        assert (await authenticate(old.key)).expires_at == NOON + 2 * HOUR
        assert (await authenticate(new.key)).expires_at == old.api_key.expires_at
        for key in (old.key, new.key):
            actor = await authenticate(key)
            assert await actor_now(actor) == actor
    with clock_set_to(NOON + 2 * HOUR):
        assert [await works(key) for key in (old.key, new.key)] == [False, True]
    told = await events_so_far()
    assert [logged.name for logged in told][-2:] == ["identity.api_key_rotated", "identity.access_changed"]
    assert not any(key.rsplit("_", 1)[1] in logged.payload for logged in told for key in (old.key, new.key))


async def test_a_third_secret_is_never_good_and_without_overlap_the_old_one_ends_at_once() -> None:
    owner = await an_actor()
    first = await a_key(owner)
    second = await rotate_api_key(owner, api_key_id=first.api_key.id)
    third = await rotate_api_key(owner, api_key_id=first.api_key.id)
    assert [await works(key) for key in (first.key, second.key, third.key)] == [False, True, True]
    fourth = await rotate_api_key(owner, api_key_id=first.api_key.id, overlap_hours=0)
    assert [await works(key) for key in (second.key, third.key, fourth.key)] == [False, False, True]
    await revoke_api_key(owner, api_key_id=first.api_key.id)
    assert not await works(fourth.key)


async def test_open_connections_hear_when_their_secret_ends() -> None:
    with clock_set_to(NOON):
        owner = await an_actor()
        created = await a_key(owner)
        program = await authenticate(created.key)
        other = await authenticate((await a_key(owner)).key)

        async def rotated(overlap_hours: int) -> AccessChanged:
            await rotate_api_key(owner, api_key_id=created.api_key.id, overlap_hours=overlap_hours)
            change = (await events_so_far())[-1].fact
            assert isinstance(change, AccessChanged)
            return change

        still = (await rotated(3)).applied_to(program)
        assert still is not None and still.expires_at == NOON + 3 * HOUR
        change = await rotated(3)
        assert change.applied_to(program) is None, "it came with the secret before the one before"
        assert change.applied_to(owner) is not None and change.applied_to(other) is not None
        newest = await authenticate((await rotate_api_key(owner, api_key_id=created.api_key.id, overlap_hours=1)).key or "")
        ended = await rotated(0)
        assert ended.applied_to(newest) is None


async def test_the_same_name_gives_the_same_secret_again_and_changes_nothing() -> None:
    owner = await an_actor()
    created = await a_key(owner)

    async def rotated(name: str) -> tuple[str | None, bool]:
        asked = {"api_key_id": created.api_key.id, "overlap_hours": 5, "expires_at": None, "nonce": name}
        outcome = await once(name, rotate_api_key, owner, **asked)  # type: ignore[arg-type]
        if outcome.replayed:
            again = await rotated_again(owner, api_key_id=created.api_key.id, nonce=name)
            return again.key, True
        return outcome.result.key, False

    [(first, replayed), (again, replayed_again)] = [await rotated("monday"), await rotated("monday")]
    assert (replayed, replayed_again) == (False, True)
    assert first == again and await works(first) and await works(created.key)
    assert (await names_of_events()).count("identity.api_key_rotated") == 1
    kept = await fetchval("select string_agg(result::text, ' ') from idempotency_key")
    assert first is not None and first.rsplit("_", 1)[1] not in kept and "key_hash" not in kept
    assert (await rotated("tuesday"))[0] != first
    assert await rotated("monday") == (None, True), "it is not the newest any more, and is told to nobody"


async def test_many_at_once_leave_two_secrets() -> None:
    owner = await an_actor()
    created = await a_key(owner)
    results = await outcomes_of(rotate_api_key(owner, api_key_id=created.api_key.id) for _ in range(5))
    keys = [created.key, *(each.key for each in results)]
    assert sum([await works(key) for key in keys]) == 2
    assert (await ApiKey.get(id=created.api_key.id)).generation == 6


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"overlap_hours": -1}, InvalidOverlap),
        ({"overlap_hours": MAX_OVERLAP_HOURS + 1}, InvalidOverlap),
        ({"expires_at": NOON}, InvalidExpiry),
        ({"expires_at": NOON + MAX_LIFETIME + HOUR}, InvalidExpiry),
        ({"api_key_id": new_id()}, ApiKeyNotFound),
    ],
)
async def test_what_is_not_right_is_refused(changes: dict[str, object], refusal: type[DomainError]) -> None:
    with clock_set_to(NOON):
        owner = await an_actor()
        created = await a_key(owner)
        async with nothing_happens():
            with pytest.raises(refusal):
                await rotate_api_key(owner, **{"api_key_id": created.api_key.id, **changes})  # type: ignore[arg-type]
        assert await works(created.key)


async def test_only_the_owner_rotates_and_only_what_lives() -> None:
    with clock_set_to(NOON):
        owner, admin = await an_actor(), await an_actor(Role.ADMIN)
        created, revoked = await a_key(owner), await a_key(owner)
        await revoke_api_key(owner, api_key_id=revoked.api_key.id)
        program = await authenticate(created.key)
        cases = ((ANONYMOUS, Unauthenticated), (program, SessionRequired), (admin, ApiKeyNotFound))
        async with nothing_happens():
            for actor, refusal in cases:
                with pytest.raises(refusal):
                    await rotate_api_key(actor, api_key_id=created.api_key.id)
            with pytest.raises(ApiKeyEnded):
                await rotate_api_key(owner, api_key_id=revoked.api_key.id)
    with clock_set_to(created.api_key.expires_at), pytest.raises(ApiKeyEnded):
        await rotate_api_key(owner, api_key_id=created.api_key.id)


async def test_the_use_of_each_secret_is_noted_by_itself() -> None:
    with clock_set_to(NOON):
        owner = await an_actor()
        created = await a_key(owner)
        await authenticate(created.key)
        new = await rotate_api_key(owner, api_key_id=created.api_key.id)
    with clock_set_to(NOON + HOUR):
        await authenticate(new.key or "")
    with clock_set_to(NOON + 2 * HOUR):
        await authenticate(created.key)
    row = await ApiKey.get(id=created.api_key.id)
    assert (row.last_used_at, row.previous_last_used_at) == (NOON + HOUR, NOON + 2 * HOUR)


async def test_owners_are_told_once_before_a_key_ends() -> None:
    with clock_set_to(NOON):
        owner = await an_actor()
        created = await a_key(owner, expires_at=NOON + timedelta(days=30))
        await a_key(owner, expires_at=NOON + timedelta(days=2))
        revoked = await a_key(owner, expires_at=NOON + timedelta(days=30))
        await revoke_api_key(owner, api_key_id=revoked.api_key.id)
        assert await notice_expiring_keys() == 0, "nothing ends soon; of a short life half is left to be told in"
    before = created.api_key.expires_at - NOTICE
    with clock_set_to(NOON + timedelta(days=1)):
        assert await notice_expiring_keys() == 1
    with clock_set_to(before - timedelta(minutes=1)):
        assert await notice_expiring_keys() == 0
    with clock_set_to(before):
        assert await notice_expiring_keys() == 1
        assert await notice_expiring_keys() == 0
        told = (await events_so_far())[-1].fact
        assert isinstance(told, ApiKeyExpiring) and told.api_key_id == created.api_key.id
        await rotate_api_key(owner, api_key_id=created.api_key.id, expires_at=before + timedelta(days=90))
        assert await notice_expiring_keys() == 0
    with clock_set_to(before + timedelta(days=84)):
        assert await notice_expiring_keys() == 1, "it ends at another time, of which nobody was told"


async def test_scanners_recognise_a_key_without_asking() -> None:
    owner = await an_actor()
    created = await a_key(owner)
    rotated = await rotate_api_key(owner, api_key_id=created.api_key.id)
    for key in (created.key, rotated.key or ""):
        assert re.fullmatch(API_KEY_PATTERN, key)
        assert key.endswith(checksum_of(key[:-6]))
        assert checksum_of(key[:-7] + "!") != key[-6:]


async def test_a_key_carries_its_limits() -> None:
    owner = await an_actor()
    created = await a_key(owner, points_per_minute=100, max_sockets=2, allowed_networks=["203.0.113.9/24", "2001:db8::1"])
    limits = (await authenticate(created.key)).key_limits
    assert limits == limits_of(100, 2, ["203.0.113.0/24", "2001:db8::1/128"])
    assert (await authenticate((await a_key(owner)).key)).key_limits is None


@pytest.mark.parametrize(
    ("chosen", "refusal"),
    [
        ({"points_per_minute": 0}, InvalidKeyLimits),
        ({"points_per_minute": 60_001}, InvalidKeyLimits),
        ({"max_sockets": 0}, InvalidKeyLimits),
        ({"max_sockets": 51}, InvalidKeyLimits),
        ({"allowed_networks": ["home"]}, InvalidNetworks),
        ({"allowed_networks": [f"10.0.{n}.0/24" for n in range(21)]}, InvalidNetworks),
    ],
)
async def test_limits_have_limits(chosen: dict[str, object], refusal: type[DomainError]) -> None:
    owner = await an_actor()
    async with nothing_happens():
        with pytest.raises(refusal):
            await a_key(owner, **chosen)


async def test_the_budgets_of_all_keys_are_no_larger_than_that_of_a_person() -> None:
    owner = await an_actor()
    first = await a_key(owner, points_per_minute=50_000)
    with pytest.raises(InvalidKeyLimits, match="10000 points a minute are left"):
        await a_key(owner, points_per_minute=10_001)
    await a_key(owner, points_per_minute=10_000)
    await revoke_api_key(owner, api_key_id=first.api_key.id)
    await a_key(owner, points_per_minute=50_000)


@pytest.mark.parametrize(
    ("networks", "address", "allowed"),
    [
        ([], None, True),
        (["203.0.113.0/24"], "203.0.113.200", True),
        (["203.0.113.0/24"], "::ffff:203.0.113.200", True),
        (["203.0.113.0/24"], "203.0.114.1", False),
        (["203.0.113.0/24", "2001:db8::/32"], "2001:db8:1::1", True),
        (["2001:db8::/32"], "fe80::1%eth0", False),
        (["203.0.113.0/24"], None, False),
        (["203.0.113.0/24"], "unix:", False),
    ],
)
def test_from_where_a_key_may_be_used(networks: list[str], address: str | None, allowed: bool) -> None:
    assert (limits_of(None, None, clean_networks(networks)) or KeyLimits()).allows(address) is allowed
