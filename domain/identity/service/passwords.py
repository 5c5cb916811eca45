"""Changing one's password."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from domain.identity import passwords, rules, throttle
from domain.identity.actor import Actor
from domain.identity.errors import InvalidCredentials
from domain.identity.events import PasswordChanged
from domain.identity.models import Password, SessionEnd, User
from domain.identity.service.access import announce_access, end_sessions, locked_user
from domain.identity.throttle import Attempt
from domain.kit import clock
from domain.kit.context import current_call
from domain.kit.errors import Conflict
from domain.kit.unit_of_work import retried, unit_of_work, work_in_progress

_REPLACE: Final = "update user_password set hash = $3, changed_at = $4 where user_id = $1 and hash = $2 returning true"


async def change_password(actor: Actor, *, current: str, new: str) -> User:
    """Set a new password; the session that asks stays, all others of the user end. API keys stay: they have their own
    secret and their own revocation.

    A wrong current password counts like a failed sign-in, so a stolen session does not help to guess it.
    """
    assert work_in_progress() is None, "a refused attempt must be able to commit"
    session_id = actor.require_session()
    user, stored = await User.get(id=actor.id), await Password.get(user_id=actor.id)
    rules.check_new_password(new, email=user.email, field=("input", "newPassword"))
    attempt = await throttle.admit(email=user.email, address=current_call().address)
    if not (await passwords.check(current, stored.hash)).right:
        await _remember_failure(attempt)
        raise InvalidCredentials("the current password is wrong", field=("input", "currentPassword"))
    return await _replace(actor.id, session_id, stored.hash, await passwords.hash_password(new), attempt)


@retried
async def _remember_failure(attempt: Attempt) -> None:
    async with unit_of_work() as work:
        await throttle.settle_failed(work, attempt)


@retried
async def _replace(user_id: UUID, session_id: UUID, old_hash: str, new_hash: str, attempt: Attempt) -> User:
    async with unit_of_work() as work:
        user = await locked_user(user_id)
        await throttle.settle_succeeded(work, attempt)
        if not await work.fetchval(_REPLACE, user.id, old_hash, new_hash, clock.now()):
            raise Conflict("the password was changed by another session meanwhile")
        work.record(PasswordChanged(user_id=user.id))
        ended = await end_sessions(work, user.id, SessionEnd.PASSWORD_CHANGED, but=session_id)
        if ended:
            await announce_access(work, user, "PASSWORD_CHANGED", ended_sessions=ended)
    return user
