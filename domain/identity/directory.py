"""Who may what, remembered in this process, so that a request with a known token costs no SQL.

An entry lives until news of its user arrives (:func:`apply`, :func:`forget`) and at most for the configured time, which
is how long a process that is cut off from the log can be wrong. A look into the database that overlapped any news is
used once and not remembered, because nobody can tell which of the two was first.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from domain.identity import settings
from domain.identity.actor import Actor
from domain.identity.events import AccessChanged
from domain.identity.key_limits import limits_of
from domain.identity.permissions import Permission, roles_named
from domain.kit import clock
from domain.kit.database import Record, execute, fetch, fetchrow, fetchval
from domain.kit.errors import NotFound, Unauthenticated
from domain.kit.together import AskedTogether
from domain.kit.unit_of_work import work_in_progress

MAX_ENTRIES: Final = 50_000
KEY_USE_NOTED_EVERY: Final = timedelta(minutes=1)

_SESSIONS: Final = """
select u.id, u.name, u.roles, u.active, u.rights_version, u.branch_id, s.id as session_id, s.expires_at, s.ended_at
from user_session s join app_user u on u.id = s.user_id
where s.id = any($1)
"""

# The newest secret of a key, or the one before, which ends earlier.
_API_KEY: Final = """
select u.id, u.name, u.roles, u.active, u.rights_version, u.branch_id, k.id as api_key_id, k.scopes,
       case when k.key_hash = $1 then k.expires_at else least(k.expires_at, k.previous_until) end as expires_at,
       case when k.key_hash = $1 then k.last_used_at else k.previous_last_used_at end as last_used_at,
       case when k.key_hash = $1 then k.generation else k.generation - 1 end as key_generation,
       k.points_per_minute, k.max_sockets, k.allowed_networks, k.revoked_at as ended_at
from api_key k join app_user u on u.id = k.user_id
where k.key_hash = $1 or k.previous_hash = $1
"""
_HASH_OF_KEY: Final = """
select case generation when $2 then key_hash when $2 + 1 then previous_hash end from api_key where id = $1
"""
# Whichever of the two secrets it is; one that was used lately is left as it is.
_NOTE_USE: Final = """
update api_key
set last_used_at = case when generation = $4 then $2 else last_used_at end,
    previous_last_used_at = case when generation = $4 + 1 then $2 else previous_last_used_at end
where id = $1 and (
    (generation = $4 and (last_used_at is null or last_used_at <= $3))
    or (generation = $4 + 1 and (previous_last_used_at is null or previous_last_used_at <= $3)))
"""


@dataclass(slots=True)
class _Entry:
    """What is known of one session or key. ``actor`` is None when it is worth nothing any more."""

    user_id: UUID
    actor: Actor | None
    version: int
    kept_until: datetime
    noted_at: datetime | None = None
    until: Actor | None = None

    def actor_until(self, expires_at: datetime) -> Actor:
        """The actor while a token speaks for them that ends then: the same object for as long as the client sends the same
        token, so that what an actor works out of its rights is worked out once. It goes when their rights change."""
        assert self.actor is not None
        if self.until is None or self.until.expires_at != expires_at:
            self.until = dataclasses.replace(self.actor, expires_at=expires_at)
        return self.until


_entries: dict[UUID | str, _Entry] = {}
_of_user: dict[UUID, set[UUID | str]] = {}
_news = 0


async def actor_for(
    user_id: UUID, session_id: UUID, *, at_least_version: int = 0, expires_at: datetime | None = None
) -> Actor:
    """The user as signed in with this session, until ``expires_at`` if a token says so. Memory older than
    ``at_least_version`` of the rights is not trusted."""
    entry = _remembered(session_id)
    if entry is None or entry.version < at_least_version:
        entry = await _learn(session_id, lambda: _session(session_id))
    if entry is None or entry.actor is None or entry.user_id != user_id:
        raise Unauthenticated("the session has ended; sign in again")
    return entry.actor if expires_at is None else entry.actor_until(expires_at)


async def _sessions(ids: Sequence[UUID]) -> dict[UUID, Record]:
    return {row["session_id"]: row for row in await fetch(_SESSIONS, list(ids))}


_session_of_many: Final = AskedTogether(_sessions)
"""After a restart all users come back at once."""


async def _session(session_id: UUID) -> Record | None:
    """Within a unit of work it is asked there, for it may have begun or ended the session itself."""
    if work_in_progress() is not None:
        return (await _sessions([session_id])).get(session_id)
    return await _session_of_many(session_id)


async def actor_for_api_key(key_hash: str) -> Actor:
    """The owner of an API key, narrowed to the key's scopes."""

    async def look() -> Record | None:
        return await fetchrow(_API_KEY, key_hash)

    entry = _remembered(key_hash) or await _learn(key_hash, look)
    if entry is None or entry.actor is None:
        raise Unauthenticated("the API key is unknown, expired or revoked")
    await _note_use(entry)
    return entry.actor


async def actor_now(actor: Actor) -> Actor:
    """The same actor with the rights of now; refuses with UNAUTHENTICATED when what they signed in with has ended."""
    if actor.session_id is not None:
        return await actor_for(actor.id, actor.session_id, at_least_version=actor.version)
    if actor.api_key_id is not None:
        return await actor_for_api_key(await _hash_of_key(actor))
    return actor


async def _hash_of_key(actor: Actor) -> str:
    for credential in _of_user.get(actor.id, ()):
        remembered = _entries[credential].actor
        if isinstance(credential, str) and remembered is not None and _same_secret(remembered, actor):
            return credential
    return str(await fetchval(_HASH_OF_KEY, actor.api_key_id, actor.key_generation))


def _same_secret(one: Actor, other: Actor) -> bool:
    return (one.api_key_id, one.key_generation) == (other.api_key_id, other.key_generation)


async def actor_of_user(user_id: UUID) -> Actor:
    """A user with all their rights and no session: for commands and jobs that act in somebody's name."""
    row = await fetchrow("select id, name, roles, rights_version, branch_id from app_user where id = $1 and active", user_id)
    if row is None:
        raise NotFound("there is no such active user")
    return Actor(
        id=row["id"],
        name=row["name"],
        roles=roles_named(row["roles"]),
        version=row["rights_version"],
        branch_id=row["branch_id"],
    )


def apply(change: AccessChanged) -> None:
    """Take news from the log, or from a transaction of our own that has just committed."""
    global _news
    _news += 1
    for credential in list(_of_user.get(change.user_id, ())):
        entry = _entries[credential]
        if entry.version < change.rights_version:
            _drop(credential)


def forget(user_id: UUID) -> None:
    """Look this user up again at the next request."""
    global _news
    _news += 1
    for credential in list(_of_user.get(user_id, ())):
        _drop(credential)


def clear() -> None:
    """Forget everybody: the connection to the log was lost, or the database is another one."""
    global _news
    _news += 1
    _entries.clear()
    _of_user.clear()


def _remembered(credential: UUID | str) -> _Entry | None:
    entry = _entries.get(credential)
    if entry is not None and entry.kept_until <= clock.now():
        _drop(credential)
        return None
    return entry


async def _learn(credential: UUID | str, look: Callable[[], Awaitable[Record | None]]) -> _Entry | None:
    news_before = _news
    row = await look()
    if row is None:
        return None
    entry = _entry_from(row)
    if _news == news_before:
        _remember(credential, entry)
    return entry


def _entry_from(row: Record) -> _Entry:
    now = clock.now()
    live = row["ended_at"] is None and row["expires_at"] > now and row["active"]
    kept_until = now + settings.current().rights_kept_for
    if live:
        kept_until = min(kept_until, row["expires_at"])
    noted_at = row.get("last_used_at")
    return _Entry(row["id"], _actor_from(row) if live else None, row["rights_version"], kept_until, noted_at)


def _actor_from(row: Record) -> Actor:
    scopes, api_key_id = row.get("scopes"), row.get("api_key_id")
    return Actor(
        id=row["id"],
        name=row["name"],
        roles=roles_named(row["roles"]),
        version=row["rights_version"],
        session_id=row.get("session_id"),
        api_key_id=api_key_id,
        expires_at=row["expires_at"] if api_key_id else None,
        scopes=None if scopes is None else frozenset(Permission(scope) for scope in scopes),
        branch_id=row["branch_id"],
        key_generation=row["key_generation"] if api_key_id else 0,
        key_limits=limits_of(row["points_per_minute"], row["max_sockets"], row["allowed_networks"]) if api_key_id else None,
    )


def _remember(credential: UUID | str, entry: _Entry) -> None:
    while len(_entries) >= MAX_ENTRIES:
        _drop(next(iter(_entries)))
    _entries[credential] = entry
    _of_user.setdefault(entry.user_id, set()).add(credential)


def _drop(credential: UUID | str) -> None:
    entry = _entries.pop(credential)
    others = _of_user[entry.user_id]
    others.discard(credential)
    if not others:
        del _of_user[entry.user_id]


async def _note_use(entry: _Entry) -> None:
    """Write down that the key is in use, at most once a minute whatever the number of processes."""
    now = clock.now()
    if entry.actor is None or (entry.noted_at is not None and entry.noted_at > now - KEY_USE_NOTED_EVERY):
        return
    entry.noted_at = now
    await execute(_NOTE_USE, entry.actor.api_key_id, now, now - KEY_USE_NOTED_EVERY, entry.actor.key_generation)
