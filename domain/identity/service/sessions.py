"""Sessions: kept alive by refresh tokens, and ended.

A refresh token is good for one use and gives its successor; the database knows hashes only. A token that comes again
means that two hold a copy, one of them a thief, so the session ends for both.

A client with two tabs, or one whose answer got lost on a train, sends the same token twice within moments without any
thief. So for ten seconds (``refresh_grace``) the immediate predecessor gives its successor *again*: the same token, for
it is computed from the old one with our secret. No second branch of tokens comes to life, and whoever got a copy by
then still collides with the owner at the next use. Tabs must therefore share what they store: a tab that keeps using a
token of its own for longer than the grace ends the session of all.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from domain.identity import settings, tokens
from domain.identity.actor import Actor
from domain.identity.errors import InvalidRefreshToken, SessionNotFound
from domain.identity.events import RefreshTokenReused
from domain.identity.models import RefreshToken, Session, SessionEnd, User
from domain.identity.permissions import Permission
from domain.identity.service.access import announce_access, end_sessions, locked_user
from domain.identity.service.sign_in import SignedIn, token_pair
from domain.kit import clock
from domain.kit.context import current_call
from domain.kit.unit_of_work import Work, retried, unit_of_work, work_in_progress

REUSE_REMEMBERED_FOR: Final = timedelta(days=7)
"""How long a used token is recognised; an older one is refused like any unknown text."""


async def refresh_session(*, refresh_token: str, address: str | None = None) -> SignedIn:
    """A fresh pair of tokens for a refresh token. A reused one ends its session, which is why this opens a transaction
    of its own and refuses afterwards."""
    assert work_in_progress() is None, "the end of a session must be able to commit although the call is refused"
    renewed = await _renew(refresh_token, address or current_call().address)
    if renewed is None:
        raise InvalidRefreshToken("the refresh token is not valid; sign in again")
    return renewed


@retried
async def sign_out(actor: Actor) -> None:
    """End the session that the actor is signed in with."""
    session_id = actor.require_session()
    async with unit_of_work() as work:
        user = await locked_user(actor.id)
        await _end(work, user, only=[session_id])


@retried
async def end_session(actor: Actor, *, session_id: UUID) -> int:
    """End one of the actor's own sessions, this one or another. Returns how many ended: none when it had already."""
    actor.require_session()
    async with unit_of_work() as work:
        user = await locked_user(actor.id)
        if not await Session.exists(id=session_id, user_id=actor.id):
            raise SessionNotFound("there is no such session")
        return await _end(work, user, only=[session_id])


@retried
async def sign_out_everywhere(actor: Actor, user_id: UUID | None = None) -> int:
    """End all sessions of the actor, or of another user for those who manage users. Returns how many ended."""
    if user_id is None or user_id == actor.id:
        actor.require_session()
    else:
        actor.require(Permission.USERS_MANAGE)
    async with unit_of_work() as work:
        user = await locked_user(user_id or actor.id)
        return await _end(work, user, only=None)


async def _end(work: Work, user: User, only: list[UUID] | None) -> int:
    ended = await end_sessions(work, user.id, SessionEnd.SIGNED_OUT, only=only)
    if ended:
        await announce_access(work, user, "SIGNED_OUT", ended_sessions=ended)
    return len(ended)


@retried
async def _renew(refresh_token: str, address: str | None) -> SignedIn | None:
    if len(refresh_token) > tokens.MAX_TOKEN_LENGTH:
        return None
    async with unit_of_work() as work:
        found = await RefreshToken.get_or_none(token_hash=tokens.hash_of(refresh_token))
        if found is None:
            return None
        # The lock on the session makes uses of its tokens take turns. The user's comes first, as everywhere, because a
        # reuse changes both. The token is then read anew: somebody may have used it while we waited.
        owner_id = (await Session.get(id=found.session_id)).user_id
        user = await locked_user(owner_id)
        session = await Session.select_for_update().get(id=found.session_id)
        token = await RefreshToken.get(token_hash=found.token_hash)
        if not session.live or not user.active:
            return None
        successor = tokens.successor_of(refresh_token)
        if token.replaced_at is None:
            await _rotate(session, token, successor)
            return token_pair(user, session, successor)
        if await _within_grace(token, successor):
            return token_pair(user, session, successor)
        await _end_after_reuse(work, user, session, address)
        return None


async def _rotate(session: Session, token: RefreshToken, successor: str) -> None:
    # The clock may have gone back since, or be that of another machine.
    now, chosen = max(clock.now(), token.created_at), settings.current()
    token.replaced_at = now
    await token.save(update_fields=["replaced_at"])
    await RefreshToken.create(token_hash=tokens.hash_of(successor), session_id=session.id, created_at=now)
    session.last_used_at = now
    session.expires_at = min(now + chosen.refresh_ttl, session.created_at + chosen.session_ttl)
    await session.save(update_fields=["last_used_at", "expires_at"])


async def _within_grace(token: RefreshToken, successor: str) -> bool:
    """Whether the token was replaced a moment ago, and its successor was not used since."""
    assert token.replaced_at is not None, "only a used token needs grace"
    if clock.now() - token.replaced_at > settings.current().refresh_grace:
        return False
    following = await RefreshToken.get_or_none(token_hash=tokens.hash_of(successor))
    return following is not None and following.replaced_at is None


async def _end_after_reuse(work: Work, user: User, session: Session, address: str | None) -> None:
    ended = await end_sessions(work, user.id, SessionEnd.REFRESH_TOKEN_REUSED, only=[session.id])
    work.record(RefreshTokenReused(user_id=user.id, session_id=session.id, address=address and address[:64]))
    await announce_access(work, user, "REFRESH_TOKEN_REUSED", ended_sessions=ended)
