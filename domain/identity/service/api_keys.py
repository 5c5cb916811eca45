"""API keys: made and revoked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from domain.identity import rules, tokens
from domain.identity.actor import Actor
from domain.identity.errors import ApiKeyNotFound, InvalidExpiry, InvalidScopes, TooManyApiKeys
from domain.identity.events import ApiKeyCreated, ApiKeyRevoked
from domain.identity.models import ApiKey, in_order
from domain.identity.permissions import UNSCOPED, Permission
from domain.identity.service.access import announce_access, locked_user
from domain.kit import clock
from domain.kit.ids import new_id
from domain.kit.unit_of_work import retried, unit_of_work

MAX_API_KEYS: Final = 20
DEFAULT_LIFETIME: Final = timedelta(days=90)
MAX_LIFETIME: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class CreatedApiKey:
    """``key`` is the whole key. It is shown here once and known nowhere afterwards: never store this result."""

    key: str = field(repr=False)
    api_key: ApiKey


@retried
async def create_api_key(
    actor: Actor, *, name: str, scopes: Iterable[Permission], expires_at: datetime | None = None
) -> CreatedApiKey:
    """A key that acts for the actor within ``scopes``, until ``expires_at`` (90 days from now when not said)."""
    actor.require_session()
    name = rules.clean_name(name)
    wanted = _checked_scopes(actor, set(scopes))
    now = clock.now()
    expires_at = expires_at or now + DEFAULT_LIFETIME
    if not now < expires_at <= now + MAX_LIFETIME:
        raise InvalidExpiry(f"an API key ends in the future, within {MAX_LIFETIME.days} days")
    new = tokens.new_api_key()
    async with unit_of_work() as work:
        user = await locked_user(actor.id)
        if await ApiKey.filter(user_id=user.id, revoked_at=None, expires_at__gt=now).count() >= MAX_API_KEYS:
            raise TooManyApiKeys(f"nobody has more than {MAX_API_KEYS} API keys at a time")
        api_key = await ApiKey.create(
            id=new_id(),
            user_id=user.id,
            name=name,
            prefix=new.prefix,
            key_hash=tokens.hash_of(new.text),
            scopes=wanted,
            created_at=now,
            expires_at=expires_at,
        )
        work.record(
            ApiKeyCreated(
                user_id=user.id,
                api_key_id=api_key.id,
                key_name=name,
                prefix=new.prefix,
                scopes=[scope.value for scope in wanted],
                expires_at=expires_at,
            )
        )
    return CreatedApiKey(new.text, api_key)


@retried
async def revoke_api_key(actor: Actor, *, api_key_id: UUID) -> ApiKey:
    """End a key for good: one's own, or anybody's for those who manage keys. Revoking twice changes nothing."""
    actor.require_session()
    async with unit_of_work() as work:
        found = await ApiKey.get_or_none(id=api_key_id)
        if found is None or (found.user_id != actor.id and not actor.may(Permission.API_KEYS_MANAGE)):
            raise ApiKeyNotFound("there is no such API key")
        user = await locked_user(found.user_id)
        api_key = await ApiKey.select_for_update().get(id=api_key_id)
        if api_key.revoked_at is not None:
            return api_key
        api_key.revoked_at = clock.now()
        await api_key.save(update_fields=["revoked_at"])
        work.record(ApiKeyRevoked(user_id=user.id, api_key_id=api_key.id, key_name=api_key.name, prefix=api_key.prefix))
        await announce_access(work, user, "API_KEY_REVOKED", ended_api_keys=[api_key.id])
    return api_key


def _checked_scopes(actor: Actor, scopes: set[Permission]) -> list[Permission]:
    if not scopes:
        raise InvalidScopes("an API key needs at least one scope")
    if scopes & UNSCOPED:
        raise InvalidScopes(f"every key has {' and '.join(sorted(UNSCOPED & scopes))}; they are no scopes")
    beyond = in_order(Permission, scopes - actor.permissions)
    if beyond:
        raise InvalidScopes(f"you do not have {', '.join(scope.value for scope in beyond)} yourself")
    return in_order(Permission, scopes)
