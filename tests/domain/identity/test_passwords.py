"""Passwords: hashed beside the event loop, the same work for nobody, and changed with the end of other sessions."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.identity import passwords
from domain.identity.actor import ANONYMOUS
from domain.identity.authentication import authenticate
from domain.identity.errors import InvalidCredentials, TooManyAttempts, WeakPassword
from domain.identity.models import SignInAttempt
from domain.identity.permissions import Permission
from domain.identity.service import change_password, create_api_key
from domain.kit.errors import Conflict, DomainError, Unauthenticated
from tests.support.happenings import events_so_far, names_of_events, nothing_happens
from tests.support.people import CHEAP, PASSWORD, a_user, signed_in
from tests.support.races import outcomes_of

NEW = "an even longer password"


@settings(max_examples=30, deadline=None)
@given(st.text(min_size=10, max_size=200), st.text(min_size=10, max_size=200))
async def test_a_hash_knows_its_password_and_no_other(password: str, other: str) -> None:
    hashed = await passwords.hash_password(password)
    assert (await passwords.check(password, hashed)).right
    if passwords._bytes(password) != passwords._bytes(other):
        assert not (await passwords.check(other, hashed)).right


async def test_the_same_letters_from_two_keyboards_are_one_password() -> None:
    composed, decomposed = "\u00e9t\u00e9 in Nairobi", "e\u0301te\u0301 in Nairobi"
    assert (await passwords.check(decomposed, await passwords.hash_password(composed))).right


async def test_hashing_leaves_the_event_loop_free(monkeypatch: pytest.MonkeyPatch) -> None:
    loop_thread = threading.get_ident()
    threads: list[int] = []
    hasher = passwords._hasher()
    genuine = type(hasher).verify

    def seen(self: Any, password: Any, hashed: Any) -> bool:
        threads.append(threading.get_ident())
        return genuine(self, password, hashed)

    monkeypatch.setattr(type(hasher), "verify", seen)
    await passwords.check("whatever it may be", None)
    assert threads and loop_thread not in threads


async def test_nobody_costs_the_same_work_as_somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []
    hasher = passwords._hasher()
    genuine = type(hasher).verify

    def seen(self: Any, password: Any, hashed: Any) -> bool:
        checked.append(str(hashed).rpartition("$")[0].rpartition("$")[0])
        return genuine(self, password, hashed)

    monkeypatch.setattr(type(hasher), "verify", seen)
    somebody = await passwords.check("wrong password", await passwords.hash_password(PASSWORD))
    nobody = await passwords.check("wrong password", None)
    too_long = await passwords.check("x" * 1_000_000, None)
    assert not somebody.right and not nobody.right and not too_long.right
    assert len(checked) == 3 and len(set(checked)) == 1


@pytest.mark.usefixtures("database")
async def test_a_changed_password_ends_all_other_sessions() -> None:
    user = await a_user()
    here, elsewhere = await signed_in(user), await signed_in(user)
    actor = await authenticate(here.access_token)
    key = await create_api_key(actor, name="Key", scopes=[Permission.INVOICE_READ])
    await change_password(actor, current=PASSWORD, new=NEW)
    assert await authenticate(here.access_token)
    assert await authenticate(key.key)
    with pytest.raises(Unauthenticated):
        await authenticate(elsewhere.access_token)
    with pytest.raises(InvalidCredentials):
        await signed_in(user)
    assert await signed_in(user, password=NEW)
    changed, access = [
        logged for logged in await events_so_far() if logged.name in ("identity.password_changed", "identity.access_changed")
    ]
    assert access.fact.ended_session_ids == [elsewhere.session_id]
    assert NEW not in changed.payload and "argon2" not in changed.payload


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("new", "refusal"), [("short", WeakPassword), ("x" * 201, WeakPassword), ("asha@daftari.example", WeakPassword)]
)
async def test_a_weak_new_password_is_refused(new: str, refusal: type[DomainError]) -> None:
    actor = await authenticate((await signed_in(await a_user(email="asha@daftari.example"))).access_token)
    async with nothing_happens():
        with pytest.raises(refusal) as raised:
            await change_password(actor, current=PASSWORD, new=new)
    assert raised.value.field == ("input", "newPassword")


@pytest.mark.usefixtures("database")
async def test_a_stolen_session_does_not_help_to_guess_the_password() -> None:
    user = await a_user()
    actor = await authenticate((await signed_in(user)).access_token)
    before = await names_of_events()
    for _ in range(CHEAP.failures_per_account):
        with pytest.raises(InvalidCredentials) as raised:
            await change_password(actor, current="a guess or another", new=NEW)
        assert raised.value.field == ("input", "currentPassword")
    async with nothing_happens():
        with pytest.raises(TooManyAttempts):
            await change_password(actor, current=PASSWORD, new=NEW)
    assert await SignInAttempt.all().count() == CHEAP.failures_per_account
    assert await names_of_events() == before


@pytest.mark.usefixtures("database")
async def test_nobody_changes_no_password() -> None:
    async with nothing_happens():
        with pytest.raises(Unauthenticated):
            await change_password(ANONYMOUS, current=PASSWORD, new=NEW)


@pytest.mark.usefixtures("database")
async def test_two_changes_at_once_leave_one_of_the_two_passwords() -> None:
    user = await a_user()
    actors = [await authenticate((await signed_in(user)).access_token) for _ in range(2)]
    choices = ["the first new password", "the second new password"]
    results = await outcomes_of(
        change_password(actor, current=PASSWORD, new=new) for actor, new in zip(actors, choices, strict=True)
    )
    won = [new for new, result in zip(choices, results, strict=True) if not isinstance(result, BaseException)]
    assert len(won) == 1
    [lost] = [result for result in results if isinstance(result, BaseException)]
    assert isinstance(lost, Conflict | InvalidCredentials)
    assert await signed_in(user, password=won[0])
