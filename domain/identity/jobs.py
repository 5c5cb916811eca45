"""Forgetting what identity no longer needs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from domain.identity import settings
from domain.identity.service.api_keys import notice_expiring_keys
from domain.identity.service.sessions import REUSE_REMEMBERED_FOR
from domain.kit import clock
from domain.kit.database import fetchval
from domain.kit.jobs import job

ENDED_SESSIONS_KEPT_FOR: Final = timedelta(days=90)
"""How long one can look back on where one was signed in; addresses older than this are new again."""

BATCH: Final = 5_000

_DELETE_SESSIONS: Final = """
with over as (
    select id from user_session
    where expires_at < $1 or ended_at < $1
    limit $2 for update skip locked
), gone as (delete from user_session using over where user_session.id = over.id returning 1)
select count(*) from gone
"""

_DELETE_USED_TOKENS: Final = """
with over as (
    select token_hash from refresh_token where replaced_at < $1 limit $2 for update skip locked
), gone as (delete from refresh_token using over where refresh_token.token_hash = over.token_hash returning 1)
select count(*) from gone
"""

_DELETE_ATTEMPTS: Final = """
with over as (
    select id from sign_in_attempt where attempted_at < $1 limit $2 for update skip locked
), gone as (delete from sign_in_attempt using over where sign_in_attempt.id = over.id returning 1)
select count(*) from gone
"""


@job("identity.purge_sessions", schedule="17 3 * * *", purpose="Forget sessions and refresh tokens that are long over.")
async def purge_sessions() -> int:
    now = clock.now()
    sessions = await _delete_all(_DELETE_SESSIONS, now - ENDED_SESSIONS_KEPT_FOR)
    return sessions + await _delete_all(_DELETE_USED_TOKENS, now - REUSE_REMEMBERED_FOR)


@job("identity.purge_attempts", schedule="*/30 * * * *", purpose="Forget sign-in attempts that no limit counts any more.")
async def purge_attempts() -> int:
    return await _delete_all(_DELETE_ATTEMPTS, clock.now() - settings.current().failures_window)


@job("identity.notice_expiring_keys", schedule="7 * * * *", purpose="Tell the owners of API keys that end soon.")
async def notice_expiring() -> int:
    return await notice_expiring_keys()


async def _delete_all(statement: str, before: Any) -> int:
    """In batches, so that no lock and no transaction is long."""
    deleted = 0
    while batch := await fetchval(statement, before, BATCH):
        deleted += batch
    return deleted
