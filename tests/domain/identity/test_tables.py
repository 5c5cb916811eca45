"""What the database refuses by itself, what is forgotten in time, and the checks of the integrity report."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.identity import rules
from domain.identity.actor import SYSTEM
from domain.identity.errors import InvalidCredentials, InvalidEmail, InvalidName
from domain.identity.jobs import BATCH, ENDED_SESSIONS_KEPT_FOR, purge_attempts, purge_sessions
from domain.identity.models import RefreshToken, Session, SessionEnd, SignInAttempt
from domain.identity.permissions import GRANTS, Permission, Role, permissions_of
from domain.identity.service import deactivate_user, refresh_session, sign_in
from domain.identity.service.sessions import REUSE_REMEMBERED_FOR
from domain.identity.settings import IdentitySettings
from domain.kit import database
from domain.kit.clock import clock_set_to
from domain.kit.ids import new_id
from tests.support.happenings import nothing_happens
from tests.support.people import CHEAP, a_user, signed_in

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


async def insert_user(**changes: Any) -> None:
    row = {
        "id": new_id(),
        "name": "Asha",
        "email": "asha@daftari.example",
        "roles": ["SELLER"],
        "active": True,
        "rights_version": 1,
        "created_at": NOON,
        **changes,
    }
    columns = ", ".join(row)
    await database.execute(
        f"insert into app_user ({columns}) values ({', '.join(f'${i}' for i in range(1, len(row) + 1))})", *row.values()
    )


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    "changes",
    [
        {"email": "Asha@daftari.example"},
        {"email": "asha"},
        {"email": "a sha@daftari.example"},
        {"name": ""},
        {"name": " Asha"},
        {"name": "As\tha"},
        {"roles": []},
        {"roles": ["KING"]},
        {"roles": ["SELLER", None]},
        {"rights_version": 0},
    ],
)
async def test_the_table_refuses_what_the_service_would(changes: dict[str, Any]) -> None:
    async with nothing_happens():
        with pytest.raises(asyncpg.CheckViolationError):
            await insert_user(**changes)


@pytest.mark.usefixtures("database")
async def test_the_table_knows_every_role() -> None:
    await insert_user(roles=[role.value for role in Role])
    assert set(GRANTS) == set(Role)


@pytest.mark.usefixtures("database")
async def test_a_plain_password_cannot_be_stored() -> None:
    user = await a_user()
    with pytest.raises(asyncpg.CheckViolationError, match="password_is_hashed"):
        await database.execute("update user_password set hash = 'secret' where user_id = $1", user.id)


@pytest.mark.usefixtures("database")
async def test_a_deactivated_user_is_given_neither_session_nor_key() -> None:
    user = await a_user()
    await deactivate_user(SYSTEM, user_id=user.id)
    async with nothing_happens():
        with pytest.raises(asyncpg.CheckViolationError, match="only an active user"):
            await database.execute(
                """insert into user_session (id, user_id, created_at, last_used_at, expires_at)
                   values ($1, $2, now(), now(), now())""",
                new_id(),
                user.id,
            )
        with pytest.raises(asyncpg.CheckViolationError, match="only an active user"):
            await database.execute(
                """insert into api_key (id, user_id, name, prefix, key_hash, scopes, created_at, expires_at)
                   values ($1, $2, 'Key', 'p', repeat('0', 64), '{INVOICE_READ}', now(), now() + interval '1 day')""",
                new_id(),
                user.id,
            )


@pytest.mark.usefixtures("database")
async def test_an_ended_session_stays_ended_and_a_session_has_one_good_token() -> None:
    result = await signed_in(await a_user())
    with pytest.raises(asyncpg.UniqueViolationError, match="one_good_refresh_token_a_session"):
        await database.execute(
            "insert into refresh_token (token_hash, session_id, created_at) values (repeat('0', 64), $1, now())",
            result.session_id,
        )
    await Session.filter(id=result.session_id).update(ended_at=NOON, ended_because=SessionEnd.SIGNED_OUT)
    with pytest.raises(asyncpg.CheckViolationError, match="stays ended"):
        await database.execute("update user_session set ended_at = null, ended_because = null")


@pytest.mark.usefixtures("database")
async def test_the_constraints_are_there_by_name() -> None:
    rows = await database.fetch(
        """select conname from pg_constraint where conrelid::regclass::text in
           ('app_user', 'user_password', 'user_session', 'refresh_token', 'api_key', 'sign_in_attempt')"""
    )
    assert {
        "user_email_is_unique",
        "user_email_is_lower_case",
        "user_roles_are_known",
        "user_has_a_role",
        "password_is_hashed",
        "session_ends_with_a_reason",
        "refresh_token_is_hashed",
        "api_key_has_a_scope",
        "api_key_hash_is_unique",
        "account_is_hashed",
    } <= {row["conname"] for row in rows}


@pytest.mark.usefixtures("database")
async def test_what_is_long_over_is_forgotten() -> None:
    user = await a_user()
    with clock_set_to(NOON):
        first = await signed_in(user)
        current = await refresh_session(refresh_token=first.refresh_token)
        with pytest.raises(InvalidCredentials):
            await sign_in(email=user.email, password="wrong password")
    with clock_set_to(NOON + CHEAP.failures_window):
        assert await purge_attempts.run() == 0
    with clock_set_to(NOON + CHEAP.failures_window + timedelta(seconds=1)):
        assert await purge_attempts.run() == 1
    with clock_set_to(NOON + REUSE_REMEMBERED_FOR + timedelta(seconds=1)):
        assert await purge_sessions.run() == 1
        assert [token.replaced_at for token in await RefreshToken.all()] == [None]
        assert await refresh_session(refresh_token=current.refresh_token)
    with clock_set_to(NOON + timedelta(days=38) + ENDED_SESSIONS_KEPT_FOR):
        assert await purge_sessions.run() == 1
    assert not await Session.exists() and not await RefreshToken.exists() and not await SignInAttempt.exists()


@pytest.mark.usefixtures("database")
async def test_more_than_a_batch_is_forgotten_too() -> None:
    await database.execute(
        """insert into sign_in_attempt (id, account_hash, attempted_at, pending)
           select gen_random_uuid(), repeat('0', 64), $1, false from generate_series(1, $2)""",
        NOON,
        BATCH + 1,
    )
    assert await purge_attempts.run() == BATCH + 1


@given(st.text(max_size=130))
def test_a_clean_name_stays_as_it_is(text: str) -> None:
    try:
        cleaned = rules.clean_name(text)
    except InvalidName:
        return
    assert rules.clean_name(cleaned) == cleaned == cleaned.strip()
    assert 1 <= len(cleaned) <= 120


@given(st.emails())
def test_a_clean_address_stays_as_it_is_and_is_not_shown_whole(text: str) -> None:
    try:
        cleaned = rules.clean_email(text)
    except InvalidEmail:
        return
    assert rules.clean_email(cleaned) == cleaned == rules.email_to_look_up(text.upper())
    local = cleaned.rpartition("@")[0]
    assert local == local[0] or f"{local}@" not in rules.masked_email(cleaned)


@given(st.text(max_size=300))
def test_a_device_is_one_line_or_nothing(text: str) -> None:
    device = rules.clean_device(text)
    assert device is None or (1 <= len(device) <= 200 and device == device.strip() and "\n" not in device)


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        (None, None),
        ("198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
        ("x" * 100, "x" * 64),
    ],
)
def test_what_counts_as_one_address(address: str | None, counted: str | None) -> None:
    assert rules.counted_address(address) == counted


def test_a_secret_that_is_too_short_is_refused_and_never_shown() -> None:
    with pytest.raises(ValueError, match="at least 32 characters"):
        IdentitySettings(secret="short")
    assert CHEAP.secret not in repr(CHEAP)


def test_scopes_that_every_key_has_are_granted_to_everybody() -> None:
    assert Permission.SIGNED_IN not in set().union(*(GRANTS[role] for role in set(Role) - {Role.ADMIN}))


@pytest.mark.usefixtures("database")
async def test_roles_are_called_what_they_are_called() -> None:
    """Their names stand in the rows of users, in tokens that are out, and in the code of clients: one may be added, none
    renamed or taken away."""
    named = {role.value for role in Role}
    assert named >= {
        *("ADMIN", "ACCOUNTANT", "LOAN_OFFICER", "BRANCH_MANAGER", "BORROWER", "SELLER", "INVESTOR", "DEBTOR"),
        *("MILL_MANAGER", "STOREKEEPER", "SALES_CLERK", "CASHIER", "REGISTRAR", "BURSAR", "TEACHER", "GUARDIAN"),
    }
    user = await a_user(*Role)
    assert set(await database.fetchval("select roles from app_user where id = $1", user.id)) == named
    assert permissions_of(frozenset(Role)) == permissions_of(frozenset({Role.ADMIN}))
