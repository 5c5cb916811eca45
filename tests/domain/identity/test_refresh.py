"""Refresh tokens: one use each, the same successor within the grace, the end of the session for a second holder."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.identity import tokens
from domain.identity.actor import SYSTEM
from domain.identity.authentication import authenticate
from domain.identity.errors import InvalidRefreshToken
from domain.identity.models import RefreshToken, Session, SessionEnd
from domain.identity.permissions import Role
from domain.identity.service import change_roles, deactivate_user, refresh_session, sign_out
from domain.kit.clock import clock_set_to
from domain.kit.errors import Unauthenticated
from domain.kit.unit_of_work import unit_of_work
from tests.support.happenings import assert_integrity, names_of_events, nothing_happens
from tests.support.people import CHEAP, a_user, signed_in
from tests.support.races import at_once

pytestmark = pytest.mark.usefixtures("database")

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
AFTER_GRACE = CHEAP.refresh_grace + timedelta(seconds=1)


async def test_a_refresh_gives_a_new_pair_for_the_same_session() -> None:
    with clock_set_to(NOON):
        first = await signed_in(await a_user())
    with clock_set_to(NOON + CHEAP.access_ttl + CHEAP.leeway):
        with pytest.raises(Unauthenticated, match="expired"):
            await authenticate(first.access_token)
        second = await refresh_session(refresh_token=first.refresh_token)
        assert (await authenticate(second.access_token)).session_id == first.session_id
    assert second.refresh_token != first.refresh_token
    assert second.expires_at == NOON + 2 * CHEAP.access_ttl + CHEAP.leeway
    await assert_integrity()


async def test_twenty_refreshes_of_one_token_at_once_give_one_successor() -> None:
    first = await signed_in(await a_user())
    results = await at_once(refresh_session(refresh_token=first.refresh_token) for _ in range(20))
    assert len({result.refresh_token for result in results}) == 1
    assert await RefreshToken.all().count() == 2
    assert await Session.filter(ended_at=None).count() == 1
    assert (await refresh_session(refresh_token=results[7].refresh_token)).session_id == first.session_id
    await assert_integrity()


@pytest.mark.attack("stolen refresh tokens", on="Pipeline")
async def test_a_used_token_after_the_grace_ends_the_session_for_both_holders() -> None:
    with clock_set_to(NOON):
        first = await signed_in(await a_user())
        second = await refresh_session(refresh_token=first.refresh_token)
    with clock_set_to(NOON + AFTER_GRACE):
        assert await authenticate(second.access_token)
        with pytest.raises(InvalidRefreshToken):
            await refresh_session(refresh_token=first.refresh_token, address="203.0.113.9")
        session = await Session.get(id=first.session_id)
        assert session.ended_because is SessionEnd.REFRESH_TOKEN_REUSED
        with pytest.raises(Unauthenticated):
            await authenticate(second.access_token)
        with pytest.raises(InvalidRefreshToken):
            await refresh_session(refresh_token=second.refresh_token)
    assert (await names_of_events())[2:] == ["identity.refresh_token_reused", "identity.access_changed"]


async def test_within_the_grace_only_the_immediate_predecessor_is_forgiven() -> None:
    with clock_set_to(NOON):
        first = await signed_in(await a_user())
        second = await refresh_session(refresh_token=first.refresh_token)
        await refresh_session(refresh_token=second.refresh_token)
        with pytest.raises(InvalidRefreshToken):
            await refresh_session(refresh_token=first.refresh_token)
    assert not await Session.filter(ended_at=None).exists()


@pytest.mark.attack("stolen refresh tokens", on="Pipeline")
async def test_a_thief_within_the_grace_collides_at_the_next_use() -> None:
    """Both hold the same successor, so whoever uses it second, after the grace, ends the session."""
    with clock_set_to(NOON):
        first = await signed_in(await a_user())
        owner = await refresh_session(refresh_token=first.refresh_token)
        thief = await refresh_session(refresh_token=first.refresh_token)
    with clock_set_to(NOON + timedelta(minutes=1)):
        await refresh_session(refresh_token=thief.refresh_token)
    with clock_set_to(NOON + timedelta(minutes=2)), pytest.raises(InvalidRefreshToken):
        await refresh_session(refresh_token=owner.refresh_token)
    assert not await Session.filter(ended_at=None).exists()


@pytest.mark.parametrize("token", ["", "dfr_", "dfr_" + "A" * 43, "nonsense", "\x00", "\ud800", "x" * 100_000])
async def test_an_unknown_token_is_refused_and_nothing_happens(token: str) -> None:
    await signed_in(await a_user())
    async with nothing_happens():
        with pytest.raises(InvalidRefreshToken):
            await refresh_session(refresh_token=token)


async def test_an_access_token_is_no_refresh_token_nor_the_other_way_round() -> None:
    first = await signed_in(await a_user())
    async with nothing_happens():
        with pytest.raises(InvalidRefreshToken):
            await refresh_session(refresh_token=first.access_token)
        with pytest.raises(Unauthenticated):
            await authenticate(first.refresh_token)


async def test_a_session_ends_when_it_is_not_used_for_long() -> None:
    with clock_set_to(NOON):
        first = await signed_in(await a_user())
    async with nothing_happens():
        with clock_set_to(NOON + CHEAP.refresh_ttl), pytest.raises(InvalidRefreshToken):
            await refresh_session(refresh_token=first.refresh_token)


async def test_no_session_lives_longer_than_its_limit_however_much_it_is_used() -> None:
    token, moment = "", NOON
    with clock_set_to(moment):
        token = (await signed_in(await a_user())).refresh_token
    while moment + timedelta(days=20) < NOON + CHEAP.session_ttl:
        moment += timedelta(days=20)
        with clock_set_to(moment):
            token = (await refresh_session(refresh_token=token)).refresh_token
    with clock_set_to(NOON + CHEAP.session_ttl), pytest.raises(InvalidRefreshToken):
        await refresh_session(refresh_token=token)


async def test_the_access_token_of_a_session_at_its_end_ends_with_it() -> None:
    with clock_set_to(NOON):
        first = await signed_in(await a_user())
    token = first.refresh_token
    for day in (29, 58, 87):
        with clock_set_to(NOON + timedelta(days=day)):
            token = (await refresh_session(refresh_token=token)).refresh_token
    with clock_set_to(NOON + CHEAP.session_ttl - timedelta(minutes=3)):
        assert (await refresh_session(refresh_token=token)).expires_at == NOON + CHEAP.session_ttl


async def test_a_session_that_ended_is_not_refreshed() -> None:
    first = await signed_in(await a_user())
    await sign_out(await authenticate(first.access_token))
    async with nothing_happens():
        with pytest.raises(InvalidRefreshToken):
            await refresh_session(refresh_token=first.refresh_token)


async def test_a_deactivated_user_refreshes_nothing() -> None:
    user = await a_user()
    first = await signed_in(user)
    await deactivate_user(SYSTEM, user_id=user.id)
    async with nothing_happens():
        with pytest.raises(InvalidRefreshToken):
            await refresh_session(refresh_token=first.refresh_token)


async def test_a_refreshed_token_knows_of_new_roles_even_where_memory_is_old() -> None:
    user = await a_user(Role.INVESTOR)
    first = await signed_in(user)
    await authenticate(first.access_token)
    await change_roles(SYSTEM, user_id=user.id, roles=[Role.SELLER])
    second = await refresh_session(refresh_token=first.refresh_token)
    assert tokens.read_access_token(second.access_token).version == 2
    assert (await authenticate(second.access_token)).roles == frozenset({Role.SELLER})


async def test_a_refresh_cannot_hide_a_reuse_in_a_wider_transaction() -> None:
    first = await signed_in(await a_user())
    with pytest.raises(AssertionError, match="must be able to commit"):
        async with unit_of_work():
            await refresh_session(refresh_token=first.refresh_token)


@given(st.binary(max_size=50).map(bytes.hex))
def test_a_successor_is_fixed_and_another_token(token: str) -> None:
    successor = tokens.successor_of(token)
    assert successor == tokens.successor_of(token)
    assert successor != token and len(successor) == len(tokens.new_refresh_token())
