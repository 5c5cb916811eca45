"""Signing in: an e-mail address and a password become a session."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from domain.identity import passwords, rules, settings, throttle, tokens
from domain.identity.errors import AccountDeactivated, InvalidCredentials
from domain.identity.events import SignInFailed, UserSignedIn
from domain.identity.models import Password, RefreshToken, Session, SessionEnd, User
from domain.identity.service.access import announce_access, end_sessions, locked_user
from domain.identity.throttle import Attempt
from domain.kit import clock
from domain.kit.context import current_call
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work, retried, unit_of_work, work_in_progress

MAX_SESSIONS: Final = 20
"""Live sessions of one user; a further sign-in ends the one that was not used for longest."""

_NEWEST_SESSIONS: Final = """
select id from user_session where user_id = $1 and ended_at is null and expires_at > $2
order by last_used_at desc, id desc offset $3
"""

# Nobody is told of a new address at their very first sign-in.
_KNOWN_ADDRESS: Final = """
select not exists (select from user_session where user_id = $1)
    or exists (select from user_session where user_id = $1 and address = $2)
"""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """``expires_at`` is when the access token ends; the refresh token gives a new pair, once."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime
    user: User
    session_id: UUID


@dataclass(frozen=True, slots=True)
class _Account:
    user: User
    password_hash: str


async def sign_in(*, email: str, password: str, address: str | None = None, device: str | None = None) -> SignedIn:
    """Begin a session. Refuses with INVALID_CREDENTIALS whatever of the two is wrong, and TOO_MANY_ATTEMPTS.

    Opens transactions of its own, because a failure must be remembered although it is refused.
    """
    assert work_in_progress() is None, "a refused sign-in must be able to commit"
    address = address or current_call().address
    known_form = rules.email_to_look_up(email)
    typed_email = known_form or email.strip().lower()
    attempt = await throttle.admit(email=typed_email, address=address)
    account = await _account_of(known_form) if known_form else None
    verdict = await passwords.check(password, account.password_hash if account else None)
    if account is None or not verdict.right:
        await _refuse(attempt, typed_email, account)
        raise InvalidCredentials("the e-mail address or the password is wrong")
    renewed_hash = await passwords.hash_password(password) if verdict.outdated else None
    signed_in = await _begin_session(attempt, account, renewed_hash, address, rules.clean_device(device))
    if isinstance(signed_in, SignedIn):
        return signed_in
    await _refuse(attempt, typed_email, account)
    raise signed_in


async def _account_of(email: str) -> _Account | None:
    user = await User.get_or_none(email=email)
    stored = await Password.get_or_none(user_id=user.id) if user else None
    return _Account(user, stored.hash) if user and stored else None


@retried
async def _refuse(attempt: Attempt, email: str, account: _Account | None) -> None:
    async with unit_of_work() as work:
        failures = await throttle.settle_failed(work, attempt)
        work.record(
            SignInFailed(
                user_id=account.user.id if account else None,
                masked_email=rules.masked_email(email),
                address=attempt.address,
                failures=failures.count,
                blocked_until=failures.blocked_until,
            )
        )


@retried
async def _begin_session(
    attempt: Attempt, account: _Account, renewed_hash: str | None, address: str | None, device: str | None
) -> SignedIn | AccountDeactivated | InvalidCredentials:
    async with unit_of_work() as work:
        user = await locked_user(account.user.id)
        # The password was checked before the lock: it may have been changed, or the user deactivated, meanwhile.
        stored = await Password.get(user_id=user.id)
        if stored.hash != account.password_hash:
            return InvalidCredentials("the e-mail address or the password is wrong")
        if not user.active:
            return AccountDeactivated("this account was deactivated")
        if renewed_hash is not None:
            stored.hash = renewed_hash
            await stored.save(update_fields=["hash"])
        await throttle.settle_succeeded(work, attempt)
        await _make_room(work, user)
        return await _open(work, user, address, device)


async def _make_room(work: Work, user: User) -> None:
    too_many = await work.fetch(_NEWEST_SESSIONS, user.id, clock.now(), MAX_SESSIONS - 1)
    if too_many:
        ended = await end_sessions(work, user.id, SessionEnd.TOO_MANY_SESSIONS, only=[row["id"] for row in too_many])
        await announce_access(work, user, "TOO_MANY_SESSIONS", ended_sessions=ended)


async def _open(work: Work, user: User, address: str | None, device: str | None) -> SignedIn:
    now, chosen = clock.now(), settings.current()
    shown_address = address[: rules.MAX_ADDRESS_LENGTH] if address else None
    known = await work.fetchval(_KNOWN_ADDRESS, user.id, shown_address)
    session = await Session.create(
        id=new_id(),
        user_id=user.id,
        device=device,
        address=shown_address,
        created_at=now,
        last_used_at=now,
        expires_at=now + min(chosen.refresh_ttl, chosen.session_ttl),
    )
    refresh_token = tokens.new_refresh_token()
    await RefreshToken.create(token_hash=tokens.hash_of(refresh_token), session_id=session.id, created_at=now)
    work.record(
        UserSignedIn(
            user_id=user.id,
            session_id=session.id,
            device=device,
            address=shown_address,
            new_address=shown_address is not None and not known,
            expires_at=session.expires_at,
        )
    )
    return token_pair(user, session, refresh_token)


def token_pair(user: User, session: Session, refresh_token: str) -> SignedIn:
    now = clock.now().replace(microsecond=0)
    expires_at = min(now + settings.current().access_ttl, session.expires_at.replace(microsecond=0))
    claims = tokens.Claims(user.id, session.id, user.rights_version, now, expires_at)
    return SignedIn(tokens.issue_access_token(claims), refresh_token, expires_at, user, session.id)
