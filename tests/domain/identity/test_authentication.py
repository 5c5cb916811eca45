"""From a bearer token to an actor: what opens the door, what does not, and that memory costs no SQL and never lies."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.events.event import LoggedEvent
from domain.identity import directory, tokens
from domain.identity.actor import ANONYMOUS, SYSTEM, Actor
from domain.identity.authentication import authenticate, with_rights_of_now
from domain.identity.events import AccessChanged
from domain.identity.models import User
from domain.identity.permissions import Permission, Role
from domain.identity.service import change_roles, deactivate_user
from domain.kit import database
from domain.kit.clock import clock_set_to
from domain.kit.errors import NotFound, Unauthenticated
from domain.kit.ids import new_id
from tests.support.happenings import events_so_far
from tests.support.people import CHEAP, a_user, configure_identity, signed_in

pytestmark = pytest.mark.usefixtures("database")

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@contextmanager
def counted_reads(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The statements with which the directory looks into the database inside the block."""
    seen: list[str] = []

    async def counting(sql: str, *args: Any) -> Any:
        seen.append(sql)
        return await database.fetch(sql, *args)

    with monkeypatch.context() as patched:
        patched.setattr(directory, "fetch", counting)
        yield seen


def forged(**changes: Any) -> str:
    """A token as ours, signed with our secret, but for the changes; None leaves a claim out."""
    claims = {
        "sub": str(new_id()),
        "sid": str(new_id()),
        "ver": 1,
        "iat": int(NOON.timestamp()),
        "exp": int(NOON.timestamp()) + 900,
        "iss": CHEAP.issuer,
        "aud": CHEAP.audience,
        **changes,
    }
    return jwt.encode({name: value for name, value in claims.items() if value is not None}, CHEAP.secret, "HS256")


def unsigned() -> str:
    return jwt.encode({"sub": "somebody"}, "", "none")


@pytest.mark.parametrize(
    "bearer",
    [
        "",
        " ",
        "nonsense",
        "a.b.c",
        "daf_",
        "daf_abc_def",
        "daf_\x00",
        "dfr_abc",
        "\ud800",
        "x" * 100_000,
        "é.é.é",
        unsigned(),
    ],
)
async def test_what_is_no_token_opens_nothing(bearer: str) -> None:
    with pytest.raises(Unauthenticated):
        await authenticate(bearer)


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "somebody else"},
        {"aud": "somebody else"},
        {"iss": None},
        {"aud": None},
        {"sid": None},
        {"ver": None},
        {"exp": None},
        {"sub": "not an id"},
        {"ver": "new"},
        {"exp": "tomorrow"},
        {"exp": 10**20},
        {"exp": int(NOON.timestamp()) - 6},
        {"iat": int(NOON.timestamp()) + 60},
    ],
)
async def test_a_token_that_is_not_quite_ours_is_refused(changes: dict[str, Any]) -> None:
    with clock_set_to(NOON), pytest.raises(Unauthenticated):
        tokens.read_access_token(forged(**changes))


def test_clocks_may_differ_a_little() -> None:
    with clock_set_to(NOON):
        soon = NOON.timestamp() + CHEAP.leeway.total_seconds()
        assert tokens.read_access_token(forged(iat=int(soon)))
        assert tokens.read_access_token(forged(exp=int(NOON.timestamp()) - 4))


async def test_a_token_of_another_secret_is_refused() -> None:
    result = await signed_in(await a_user())
    configure_identity(replace(CHEAP, secret="another secret of enough characters"))
    with pytest.raises(Unauthenticated, match="not a token of this server"):
        await authenticate(result.access_token)


@given(st.uuids(), st.uuids(), st.integers(1, 2**62), st.integers(0, 2**33))
def test_a_token_says_what_it_was_told(user_id: Any, session_id: Any, version: int, issued: int) -> None:
    issued_at = datetime.fromtimestamp(issued, UTC)
    claims = tokens.Claims(user_id, session_id, version, issued_at, issued_at + timedelta(minutes=15))
    with clock_set_to(issued_at):
        assert tokens.read_access_token(tokens.issue_access_token(claims)) == claims


@given(st.data())
def test_a_changed_token_is_refused(data: st.DataObject) -> None:
    token = forged()
    place = data.draw(st.integers(0, len(token) - 2))
    other = data.draw(st.sampled_from("ABCabc019-_."))
    changed = token[:place] + other + token[place + 1 :]
    with clock_set_to(NOON):
        if changed == token:
            return
        with pytest.raises(Unauthenticated):
            tokens.read_access_token(changed)


@pytest.mark.attack("revoked tokens", on="Pipeline")
async def test_a_session_of_somebody_else_is_refused() -> None:
    one, other = await signed_in(await a_user()), await signed_in(await a_user())
    await authenticate(other.access_token)
    with pytest.raises(Unauthenticated):
        await directory.actor_for(one.user.id, other.session_id)
    directory.clear()
    with pytest.raises(Unauthenticated):
        await directory.actor_for(one.user.id, other.session_id)


async def test_a_known_token_costs_no_sql(monkeypatch: pytest.MonkeyPatch) -> None:
    result = await signed_in(await a_user())
    with counted_reads(monkeypatch) as reads:
        actors = [await authenticate(result.access_token) for _ in range(100)]
        assert len(reads) == 1
    assert len(set(actors)) == 1


async def test_an_ended_session_costs_no_sql_either(monkeypatch: pytest.MonkeyPatch) -> None:
    user = await a_user()
    result = await signed_in(user)
    await deactivate_user(SYSTEM, user_id=user.id)
    with counted_reads(monkeypatch) as reads:
        for _ in range(5):
            with pytest.raises(Unauthenticated):
                await authenticate(result.access_token)
        assert len(reads) == 1


async def test_memory_ends_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that hears nothing is wrong for the configured time and no longer."""
    with clock_set_to(NOON):
        user = await a_user(Role.INVESTOR)
        token = (await signed_in(user)).access_token
        await authenticate(token)
        await User.filter(id=user.id).update(active=False)
    with clock_set_to(NOON + CHEAP.rights_kept_for - timedelta(seconds=1)):
        assert await authenticate(token)
    with clock_set_to(NOON + CHEAP.rights_kept_for), pytest.raises(Unauthenticated):
        await authenticate(token)


async def test_news_from_another_process_is_applied_and_old_news_is_not() -> None:
    user = await a_user(Role.INVESTOR)
    token = (await signed_in(user)).access_token
    await change_roles(SYSTEM, user_id=user.id, roles=[Role.SELLER])
    await change_roles(SYSTEM, user_id=user.id, roles=[Role.DEBTOR])
    first, second = [logged.fact for logged in await events_so_far() if logged.name == "identity.access_changed"]
    assert (await authenticate(token)).version == 3
    before = await directory.actor_for(user.id, (await signed_in(user)).session_id)
    await User.filter(id=user.id).update(roles=["TEACHER"], rights_version=4)
    directory.apply(first)
    directory.apply(second)
    assert (await authenticate(token)).roles == before.roles == frozenset({Role.DEBTOR})
    directory.apply(replace(second, roles=["TEACHER"], rights_version=4))
    assert (await authenticate(token)).roles == frozenset({Role.TEACHER})


async def test_forgetting_one_user_leaves_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = await signed_in(await a_user()), await signed_in(await a_user())
    for result in (one, other):
        await authenticate(result.access_token)
    directory.forget(one.user.id)
    directory.forget(new_id())
    with counted_reads(monkeypatch) as reads:
        await authenticate(other.access_token)
        assert len(reads) == 0
        await authenticate(one.access_token)
        assert len(reads) == 1


async def test_a_look_that_overlaps_news_is_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The row is read, then the roles change and the news arrives, then the reader would store the old row."""
    user = await a_user(Role.INVESTOR)
    token = (await signed_in(user)).access_token
    read, changed = asyncio.Event(), asyncio.Event()

    async def slow(sql: str, *args: Any) -> Any:
        rows = await database.fetch(sql, *args)
        read.set()
        await changed.wait()
        return rows

    with monkeypatch.context() as patched:
        patched.setattr(directory, "fetch", slow)
        reader = asyncio.create_task(authenticate(token))
        await read.wait()
        await change_roles(SYSTEM, user_id=user.id, roles=[Role.SELLER])
        changed.set()
        assert (await reader).roles == frozenset({Role.INVESTOR})
    assert (await authenticate(token)).roles == frozenset({Role.SELLER})


async def test_a_token_newer_than_memory_is_looked_up() -> None:
    user = await a_user(Role.INVESTOR)
    result = await signed_in(user)
    await authenticate(result.access_token)
    await User.filter(id=user.id).update(roles=["SELLER"], rights_version=2)
    assert (await directory.actor_for(user.id, result.session_id)).version == 1
    assert (await directory.actor_for(user.id, result.session_id, at_least_version=2)).version == 2


async def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory, "MAX_ENTRIES", 3)
    results = [await signed_in(await a_user()) for _ in range(6)]
    for result in results:
        assert await authenticate(result.access_token)
    assert len(directory._entries) == len(directory._of_user) == 3


async def test_somebody_who_signed_in_a_while_ago_is_seen_as_they_are_now() -> None:
    user = await a_user(Role.INVESTOR)
    then = await authenticate((await signed_in(user)).access_token)
    await change_roles(SYSTEM, user_id=user.id, roles=[Role.SELLER])
    now = await with_rights_of_now(then)
    assert (now.roles, now.session_id, now.expires_at) == (frozenset({Role.SELLER}), then.session_id, then.expires_at)
    await deactivate_user(SYSTEM, user_id=user.id)
    with pytest.raises(Unauthenticated):
        await with_rights_of_now(then)
    assert await with_rights_of_now(SYSTEM) is SYSTEM


async def test_an_actor_in_somebodys_name() -> None:
    user = await a_user(Role.BURSAR)
    actor = await directory.actor_of_user(user.id)
    assert (actor.id, actor.roles, actor.session_id) == (user.id, frozenset({Role.BURSAR}), None)
    await deactivate_user(SYSTEM, user_id=user.id)
    for user_id in (user.id, new_id()):
        with pytest.raises(NotFound):
            await directory.actor_of_user(user_id)


def change_of(actor: Actor, **changes: Any) -> AccessChanged:
    fact = AccessChanged(
        user_id=actor.id,
        user_name="Asha Odhiambo",
        active=True,
        roles=["SELLER"],
        rights_version=5,
        reason="ROLES_CHANGED",
        ended_session_ids=[],
        ended_api_key_ids=[],
    )
    return dataclasses.replace(fact, **changes)


def test_a_change_is_applied_to_an_open_socket() -> None:
    """What the delivery does with every actor it serves, in the order of the log and without a look at the database."""
    actor = Actor(id=new_id(), name="Asha Patel", roles=frozenset({Role.INVESTOR}), version=4, session_id=new_id())
    renewed = change_of(actor).applied_to(actor)
    assert renewed is not None
    assert (renewed.name, renewed.roles, renewed.version) == ("Asha Odhiambo", frozenset({Role.SELLER}), 5)
    assert renewed.may(Permission.INVOICE_SELL) and not renewed.may(Permission.INVOICE_FUND)
    assert change_of(actor, rights_version=4).applied_to(actor) is actor
    assert change_of(actor, user_id=new_id(), active=False).applied_to(actor) is actor
    assert change_of(actor, active=False).applied_to(actor) is None
    assert change_of(actor, ended_session_ids=[actor.session_id]).applied_to(actor) is None
    assert change_of(actor, ended_session_ids=[new_id()]).applied_to(actor) == renewed
    key = replace(actor, session_id=None, api_key_id=new_id(), scopes=frozenset({Permission.INVOICE_SELL}))
    assert change_of(actor, ended_api_key_ids=[key.api_key_id]).applied_to(key) is None
    narrowed = change_of(actor).applied_to(key)
    assert narrowed is not None and narrowed.scopes == key.scopes
    assert change_of(actor).applied_to(ANONYMOUS) is ANONYMOUS


async def test_events_come_back_from_the_log_as_they_went_in() -> None:
    user = await a_user()
    await signed_in(user)
    await deactivate_user(SYSTEM, user_id=user.id)
    for logged in await events_so_far():
        assert LoggedEvent.from_wire(logged.to_wire()).fact == logged.fact
        assert logged.audience == {f"user:{user.id}", "permission:USERS_MANAGE"}
