"""Signing in: one answer for all that is wrong, an exact limit, and a session that begins."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.identity import throttle, tokens
from domain.identity.actor import SYSTEM
from domain.identity.authentication import authenticate
from domain.identity.errors import AccountDeactivated, InvalidCredentials, TooManyAttempts
from domain.identity.models import Password, RefreshToken, Session, SignInAttempt
from domain.identity.permissions import Role
from domain.identity.service import SignedIn, deactivate_user, sign_in
from domain.identity.service.sign_in import MAX_SESSIONS
from domain.kit.clock import clock_set_to
from domain.kit.unit_of_work import unit_of_work
from tests.support.happenings import assert_integrity, events_so_far, names_of_events, nothing_happens
from tests.support.people import CHEAP, PASSWORD, a_user, configure_identity, signed_in
from tests.support.races import at_once

pytestmark = pytest.mark.usefixtures("database")

HERE, THERE = "198.51.100.7", "203.0.113.9"
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


async def wrong(email: str, *, address: str | None = None) -> Exception:
    """The refusal that a wrong password meets."""
    try:
        await sign_in(email=email, password="not the password", address=address)
    except (InvalidCredentials, TooManyAttempts) as refusal:
        return refusal
    raise AssertionError("a wrong password opened the door")


async def test_the_right_password_begins_a_session() -> None:
    user = await a_user(Role.SELLER, email="asha@daftari.example")
    result = await sign_in(email="  Asha@Daftari.example ", password=PASSWORD, address=HERE, device="Firefox\n on Linux")
    actor = await authenticate(result.access_token)
    assert (actor.id, actor.name, actor.roles) == (user.id, "Asha Patel", frozenset({Role.SELLER}))
    assert actor.session_id == result.session_id
    assert actor.expires_at == result.expires_at
    session = await Session.get(id=result.session_id)
    assert (session.device, session.address, session.live) == ("Firefox on Linux", HERE, True)
    assert await names_of_events() == ["identity.user_registered", "identity.signed_in"]
    assert not await SignInAttempt.exists()
    await assert_integrity()


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("asha@daftari.example", ""),
        ("asha@daftari.example", "not the password"),
        ("asha@daftari.example", PASSWORD + " "),
        ("asha@daftari.example", PASSWORD * 20),
        ("asha@daftari.example", "\ud800 half a character"),
        ("nobody@daftari.example", PASSWORD),
        ("", PASSWORD),
        ("not an address", PASSWORD),
        ("a" * 10_000, PASSWORD),
        ("asha@daftari.example\x00", PASSWORD),
    ],
)
async def test_whatever_is_wrong_the_answer_is_the_same(email: str, password: str) -> None:
    await a_user(email="asha@daftari.example")
    with pytest.raises(InvalidCredentials, match=r"^the e-mail address or the password is wrong$"):
        await sign_in(email=email, password=password, address=HERE)
    assert not await Session.exists()
    assert await names_of_events() == ["identity.user_registered", "identity.sign_in_failed"]


async def test_a_failure_is_announced_without_secrets() -> None:
    user = await a_user(email="asha@daftari.example")
    await wrong("asha@daftari.example", address=HERE)
    await wrong("hunter2 is my password", address=HERE)
    known, unknown = (await events_so_far())[1:]
    assert known.fact.user_id == user.id
    assert (known.fact.masked_email, known.fact.address, known.fact.failures) == ("a***@daftari.example", HERE, 1)
    assert f"user:{user.id}" in known.audience
    assert unknown.fact.user_id is None
    for logged in (known, unknown):
        assert not any(secret in logged.payload for secret in ("asha@", "not the password", "hunter2"))


async def test_exactly_the_limit_of_wrong_passwords_is_looked_at() -> None:
    user = await a_user()
    refusals = await at_once(wrong(user.email, address=HERE) for _ in range(50))
    assert sum(isinstance(refusal, InvalidCredentials) for refusal in refusals) == CHEAP.failures_per_account
    assert sum(isinstance(refusal, TooManyAttempts) for refusal in refusals) == 50 - CHEAP.failures_per_account
    assert await SignInAttempt.all().count() == CHEAP.failures_per_account
    failed = [logged.fact for logged in await events_so_far() if logged.name == "identity.sign_in_failed"]
    assert sorted(fact.failures for fact in failed) == [1, 2, 3, 4, 5]
    assert [fact.failures for fact in failed if fact.blocked_until] == [5]


async def test_many_right_passwords_at_once_are_all_let_in() -> None:
    """More than the limit are undecided at the same time; they wait for each other instead of being refused."""
    user = await a_user()
    results = await at_once(signed_in(user, address=HERE) for _ in range(15))
    assert len({result.session_id for result in results}) == 15


async def test_a_blocked_account_refuses_the_right_password_and_opens_when_the_window_has_passed() -> None:
    user = await a_user()
    for minute in range(CHEAP.failures_per_account):
        with clock_set_to(NOON + timedelta(minutes=minute)):
            await wrong(user.email, address=HERE)
    with clock_set_to(NOON + timedelta(minutes=10, seconds=30)):
        async with nothing_happens():
            with pytest.raises(TooManyAttempts) as refusal:
                await signed_in(user, address=THERE)
        assert refusal.value.retry_after_s == 270
    with clock_set_to(NOON + CHEAP.failures_window):
        assert isinstance(await wrong(user.email, address=HERE), InvalidCredentials)
        assert isinstance(await wrong(user.email, address=HERE), TooManyAttempts)
    with clock_set_to(NOON + timedelta(minutes=1) + CHEAP.failures_window):
        assert await signed_in(user, address=HERE)


async def test_another_account_is_not_blocked() -> None:
    blocked, other = await a_user(), await a_user()
    for _ in range(CHEAP.failures_per_account):
        await wrong(blocked.email, address=HERE)
    assert await signed_in(other, address=HERE)


@pytest.mark.attack("password guessing", on="Pipeline")
async def test_unknown_accounts_are_blocked_like_known_ones() -> None:
    for _ in range(CHEAP.failures_per_account):
        assert isinstance(await wrong("nobody@daftari.example"), InvalidCredentials)
    assert isinstance(await wrong("Nobody@Daftari.example"), TooManyAttempts)


async def test_an_address_is_blocked_for_all_accounts() -> None:
    configure_identity(replace(CHEAP, failures_per_address=7))
    user = await a_user()
    refusals = await at_once(wrong(f"nobody{i}@daftari.example", address=HERE) for i in range(20))
    assert sum(isinstance(refusal, InvalidCredentials) for refusal in refusals) == 7
    with pytest.raises(TooManyAttempts):
        await signed_in(user, address=HERE)
    assert await signed_in(user, address=THERE)


async def test_neighbours_in_one_ipv6_network_are_one_address() -> None:
    configure_identity(replace(CHEAP, failures_per_address=2))
    await wrong("one@daftari.example", address="2001:db8:1:2::1")
    await wrong("two@daftari.example", address="2001:db8:1:2:ffff::9")
    assert isinstance(await wrong("three@daftari.example", address="2001:db8:1:2::3"), TooManyAttempts)
    assert isinstance(await wrong("three@daftari.example", address="2001:db8:1:3::3"), InvalidCredentials)


@pytest.mark.attack("password guessing", on="Pipeline")
async def test_success_forgives_the_account_but_not_the_address() -> None:
    configure_identity(replace(CHEAP, failures_per_address=6))
    user = await a_user()
    for _ in range(4):
        await wrong(user.email, address=HERE)
    for _ in range(3):
        await wrong("victim@daftari.example", address=HERE)
    assert await SignInAttempt.all().count() == 6
    with pytest.raises(TooManyAttempts):
        await signed_in(user, address=HERE)
    await signed_in(user, address=THERE)
    assert await SignInAttempt.all().count() == 2


async def test_an_attempt_whose_process_died_counts_as_a_failure_in_the_end() -> None:
    configure_identity(replace(CHEAP, failures_per_account=1))
    user = await a_user()
    with clock_set_to(NOON):
        await throttle.admit(email=user.email, address=None)
    with clock_set_to(NOON + timedelta(minutes=1)):
        with pytest.raises(TooManyAttempts) as refusal:
            await signed_in(user)
        assert refusal.value.retry_after_s == 14 * 60


async def test_a_deactivated_user_is_told_so_after_the_right_password_only() -> None:
    user = await a_user()
    await deactivate_user(SYSTEM, user_id=user.id)
    assert isinstance(await wrong(user.email), InvalidCredentials)
    with pytest.raises(AccountDeactivated):
        await signed_in(user)
    assert not await Session.exists()


async def test_only_a_new_address_of_somebody_known_is_new() -> None:
    user = await a_user()
    for address in (HERE, HERE, THERE, HERE, None):
        await signed_in(user, address=address)
    begun = [logged.fact for logged in await events_so_far() if logged.name == "identity.signed_in"]
    assert [fact.new_address for fact in begun] == [False, False, True, False, False]


async def test_one_session_too_many_ends_the_least_used() -> None:
    user = await a_user()
    results: list[SignedIn] = []
    for minute in range(MAX_SESSIONS + 1):
        with clock_set_to(NOON + timedelta(minutes=minute)):
            results.append(await signed_in(user))
    with clock_set_to(NOON + timedelta(minutes=MAX_SESSIONS)):
        ended = await Session.filter(ended_at__isnull=False)
        assert [session.id for session in ended] == [results[0].session_id]
        assert await Session.filter(user_id=user.id, ended_at=None).count() == MAX_SESSIONS
        assert (await authenticate(results[-1].access_token)).session_id == results[-1].session_id
    changes = [logged.fact for logged in await events_so_far() if logged.name == "identity.access_changed"]
    assert [change.ended_session_ids for change in changes] == [[results[0].session_id]]


async def test_a_hash_of_other_costs_is_renewed_at_sign_in() -> None:
    user = await a_user()
    before = (await Password.get(user_id=user.id)).hash
    configure_identity(replace(CHEAP, argon2_memory_kib=128))
    await signed_in(user)
    after = (await Password.get(user_id=user.id)).hash
    assert before.startswith("$argon2id$v=19$m=64,") and after.startswith("$argon2id$v=19$m=128,")
    assert await signed_in(user)


async def test_a_sign_in_cannot_hide_its_failure_in_a_wider_transaction() -> None:
    user = await a_user()
    with pytest.raises(AssertionError, match="must be able to commit"):
        async with unit_of_work():
            await signed_in(user)


async def test_what_is_stored_opens_no_door() -> None:
    result = await signed_in(await a_user())
    stored = "".join([str(await model.all().values()) for model in (Session, Password, RefreshToken)])
    assert result.refresh_token not in stored and PASSWORD not in stored
    assert tokens.hash_of(result.refresh_token) in stored
