"""The one way in which what somebody may do, or is signed in with, changes."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from uuid import UUID

from domain.identity import directory
from domain.identity.errors import UserNotFound
from domain.identity.events import AccessChanged, AccessChangeReason, ChangedApiKey, RotatedApiKey, names_of
from domain.identity.models import SessionEnd, User
from domain.kit import clock
from domain.kit.unit_of_work import Work


async def locked_user(user_id: UUID) -> User:
    """The user, whose rights and sessions nobody else changes until this unit of work ends."""
    user = await User.filter(id=user_id).select_for_update(no_key=True).get_or_none()
    if user is None:
        raise UserNotFound("there is no such user")
    return user


async def end_sessions(
    work: Work, user_id: UUID, because: SessionEnd, *, only: Collection[UUID] | None = None, but: UUID | None = None
) -> list[UUID]:
    """End the live sessions of a user: all, ``only`` some, or all ``but`` one. Returns those that ended just now."""
    rows = await work.fetch(
        """update user_session set ended_at = $2, ended_because = $3
           where user_id = $1 and ended_at is null and expires_at > $2
             and ($4::uuid[] is null or id = any ($4)) and id is distinct from $5
           returning id""",
        user_id,
        clock.now(),
        because.value,
        None if only is None else list(only),
        but,
    )
    return [row["id"] for row in rows]


async def announce_access(
    work: Work,
    user: User,
    reason: AccessChangeReason,
    *,
    ended_sessions: Collection[UUID] = (),
    ended_api_keys: Collection[UUID] = (),
    rotated_api_keys: Collection[RotatedApiKey] = (),
    changed_api_keys: Collection[ChangedApiKey] = (),
) -> None:
    """Give the rights of a locked user their next version, save them, and tell every process."""
    user.rights_version += 1
    await user.save(update_fields=["roles", "active", "branch_id", "rights_version"])
    change = AccessChanged(
        user_id=user.id,
        user_name=user.name,
        active=user.active,
        roles=names_of(user.roles),
        rights_version=user.rights_version,
        reason=reason,
        ended_session_ids=list(ended_sessions),
        ended_api_key_ids=list(ended_api_keys),
        branch_id=user.branch_id,
        rotated_api_keys=list(rotated_api_keys),
        changed_api_keys=list(changed_api_keys),
    )
    work.record(change)
    # This process knows at once; the others hear it from the log.
    work.after_commit(partial(directory.apply, change))
