"""API keys: made, changed, given another secret, and revoked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from domain.identity import rules, settings, tokens
from domain.identity.actor import Actor
from domain.identity.errors import (
    ApiKeyEnded,
    ApiKeyNotFound,
    InvalidExpiry,
    InvalidKeyLimits,
    InvalidOverlap,
    InvalidScopes,
    SessionRequired,
    TooManyApiKeys,
)
from domain.identity.events import (
    ApiKeyChanged,
    ApiKeyCreated,
    ApiKeyExpiring,
    ApiKeyRevoked,
    ApiKeyRotated,
    ChangedApiKey,
    RotatedApiKey,
)
from domain.identity.key_limits import check_limits, clean_networks
from domain.identity.models import ApiKey, in_order
from domain.identity.permissions import UNSCOPED, Permission
from domain.identity.service.access import announce_access, locked_user
from domain.kit import clock
from domain.kit.ids import new_id
from domain.kit.snapshots import NOT_KEPT
from domain.kit.unit_of_work import Work, retried, unit_of_work

MAX_API_KEYS: Final = 20
DEFAULT_LIFETIME: Final = timedelta(days=90)
MAX_LIFETIME: Final = timedelta(days=366)
MAX_OVERLAP_HOURS: Final = 168
DEFAULT_OVERLAP_HOURS: Final = 24
NOTICE: Final = timedelta(days=7)
"""So long before a key ends its owner is told; at half of its life where that is shorter."""

_POINTS_OF_KEYS: Final = """
select coalesce(sum(points_per_minute), 0)::bigint from api_key
where user_id = $1 and revoked_at is null and expires_at > $2 and id is distinct from $3
"""

_CHANGEABLE: Final = {"name", "scopes", "expires_at", "points_per_minute", "max_sockets", "allowed_networks"}

# A key that ends soon, and of which nobody has been told; the others are left to whoever is at them.
_ENDING: Final = """
select k.id from api_key k join app_user u on u.id = k.user_id
where k.revoked_at is null and k.expiry_noticed_at is null and u.active and k.expires_at > $1 and k.expires_at <= $1 + $2
  and k.expires_at - $1 <= (k.expires_at - coalesce(k.rotated_at, k.created_at)) / 2
order by k.expires_at, k.id limit 1
"""


@dataclass(frozen=True, slots=True)
class CreatedApiKey:
    """``key`` is the whole key. It is shown here once and known nowhere afterwards: never store this result."""

    key: str = field(repr=False)
    api_key: ApiKey


@dataclass(frozen=True, slots=True)
class NewSecret:
    """What a rotation gave. ``key`` is the whole new key; None where the answer is given again and the key has another
    secret by then. It is kept nowhere: whoever is answered again has it worked out anew by :func:`rotated_again`."""

    api_key_id: UUID
    key: str | None = field(default=None, repr=False, metadata=NOT_KEPT)
    api_key: ApiKey | None = field(default=None, metadata=NOT_KEPT)


@retried
async def create_api_key(
    actor: Actor,
    *,
    name: str,
    scopes: Iterable[Permission],
    expires_at: datetime | None = None,
    points_per_minute: int | None = None,
    max_sockets: int | None = None,
    allowed_networks: Iterable[str] = (),
) -> CreatedApiKey:
    """A key that acts for the actor within ``scopes``, until ``expires_at`` (90 days from now when not said), from some
    networks or from anywhere. Budgets of its own are points a minute at one server, and sockets at all of them.

    A key makes no keys; a command of the house does, in somebody's name."""
    actor.require(Permission.SIGNED_IN)
    if actor.api_key_id is not None:
        raise SessionRequired("only a person who is signed in may do this")
    name = rules.clean_name(name)
    wanted = _checked_scopes(actor, set(scopes))
    check_limits(points_per_minute, max_sockets)
    networks = clean_networks(allowed_networks)
    now = clock.now()
    expires_at = _checked_expiry(expires_at or now + DEFAULT_LIFETIME, now)
    new = tokens.new_api_key()
    async with unit_of_work() as work:
        user = await locked_user(actor.id)
        if await ApiKey.filter(user_id=user.id, revoked_at=None, expires_at__gt=now).count() >= MAX_API_KEYS:
            raise TooManyApiKeys(f"nobody has more than {MAX_API_KEYS} API keys at a time")
        await _require_budget(work, user.id, points_per_minute)
        api_key = await ApiKey.create(
            id=new_id(),
            user_id=user.id,
            name=name,
            prefix=new.prefix,
            key_hash=tokens.hash_of(new.text),
            scopes=wanted,
            created_at=now,
            expires_at=expires_at,
            points_per_minute=points_per_minute,
            max_sockets=max_sockets,
            allowed_networks=networks,
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
async def update_api_key(actor: Actor, *, api_key_id: UUID, changes: Mapping[str, Any]) -> ApiKey:
    """Change one's key by the names of :func:`create_api_key`, within the same bounds; what is not named stays.

    It holds at once, for open sockets too. With other networks these end, and come in again by the new ones. What it has
    already changes nothing.
    """
    actor.require_session()
    assert changes.keys() <= _CHANGEABLE, "a key keeps its owner and its secret"
    async with unit_of_work() as work:
        user = await locked_user(actor.id)
        api_key = await _own_live_key(actor, api_key_id)
        before = {name: getattr(api_key, name) for name in changes}
        after = await _checked_changes(work, actor, api_key, changes)
        if after == before:
            return api_key
        gained = set(after.get("scopes", ())) - set(api_key.scopes)
        if "expires_at" in after and after["expires_at"] != before["expires_at"]:
            after["expiry_noticed_at"] = None
        api_key.update_from_dict(after)
        await api_key.save(update_fields=list(after))
        stands: dict[str, Any] = {
            "api_key_id": api_key.id,
            "scopes": [scope.value for scope in api_key.scopes],
            "expires_at": api_key.expires_at,
            "points_per_minute": api_key.points_per_minute,
            "max_sockets": api_key.max_sockets,
        }
        work.record(
            ApiKeyChanged(
                user_id=user.id,
                key_name=api_key.name,
                prefix=api_key.prefix,
                gained_scopes=[scope.value for scope in in_order(Permission, gained)],
                network_count=len(api_key.allowed_networks),
                **stands,
            )
        )
        changed = ChangedApiKey(
            generation=api_key.generation,
            previous_until=api_key.previous_until,
            networks_changed="allowed_networks" in after and after["allowed_networks"] != before["allowed_networks"],
            **stands,
        )
        await announce_access(work, user, "API_KEY_CHANGED", changed_api_keys=[changed])
    return api_key


@retried
async def rotate_api_key(
    actor: Actor,
    *,
    api_key_id: UUID,
    overlap_hours: int = DEFAULT_OVERLAP_HOURS,
    expires_at: datetime | None = None,
    nonce: str | None = None,
) -> NewSecret:
    """Give one's key another secret. The one before is good for ``overlap_hours`` more, and sockets that came with it end
    then; one before that ends now. The key ends when it did before, unless ``expires_at`` says otherwise.

    ``nonce`` is the client's name for this act, if it has one: see :func:`rotated_again`.
    """
    actor.require_session()
    if not 0 <= overlap_hours <= MAX_OVERLAP_HOURS:
        raise InvalidOverlap(f"the secret before stays good for 0 to {MAX_OVERLAP_HOURS} hours")
    async with unit_of_work() as work:
        user = await locked_user(actor.id)
        api_key, now = await _own_live_key(actor, api_key_id), clock.now()
        until = _checked_expiry(expires_at, now) if expires_at is not None else api_key.expires_at
        prefix, generation = tokens.new_prefix(), api_key.generation + 1
        text = tokens.rotated_api_key(prefix, api_key.id, generation, nonce or tokens.new_refresh_token())
        changed = {
            "generation": generation,
            "rotated_at": now,
            "previous_prefix": api_key.prefix,
            "previous_hash": api_key.key_hash,
            "previous_until": min(now + timedelta(hours=overlap_hours), api_key.expires_at),
            "previous_last_used_at": api_key.last_used_at,
            "prefix": prefix,
            "key_hash": tokens.hash_of(text),
            "last_used_at": None,
            "expires_at": until,
            "expiry_noticed_at": None if expires_at is not None else api_key.expiry_noticed_at,
        }
        api_key.update_from_dict(changed)
        await api_key.save(update_fields=list(changed))
        assert api_key.previous_prefix is not None and api_key.previous_until is not None
        work.record(
            ApiKeyRotated(
                user_id=user.id,
                api_key_id=api_key.id,
                key_name=api_key.name,
                prefix=prefix,
                previous_prefix=api_key.previous_prefix,
                previous_until=api_key.previous_until,
                expires_at=until,
            )
        )
        rotated = RotatedApiKey(api_key_id=api_key.id, generation=generation, previous_until=api_key.previous_until)
        await announce_access(work, user, "API_KEY_ROTATED", rotated_api_keys=[rotated])
    return NewSecret(api_key.id, text, api_key)


async def rotated_again(actor: Actor, *, api_key_id: UUID, nonce: str) -> NewSecret:
    """What the rotation of this ``nonce`` gave, for a client that lost the answer."""
    api_key = await ApiKey.get(id=api_key_id, user_id=actor.id)
    text = tokens.rotated_api_key(api_key.prefix, api_key.id, api_key.generation, nonce)
    return NewSecret(api_key.id, text if tokens.hash_of(text) == api_key.key_hash else None, api_key)


async def notice_expiring_keys() -> int:
    """Tell the owners of keys that end soon. Returns of how many keys was told."""
    told = 0
    while await _notice_next():
        told += 1
    return told


@retried
async def _notice_next() -> bool:
    async with unit_of_work() as work:
        now = clock.now()
        found = await work.fetchval(f"{_ENDING} for update of k skip locked", now, NOTICE)
        if found is None:
            return False
        api_key = await ApiKey.get(id=found)
        api_key.expiry_noticed_at = now
        await api_key.save(update_fields=["expiry_noticed_at"])
        work.record(
            ApiKeyExpiring(
                user_id=api_key.user_id,
                api_key_id=api_key.id,
                key_name=api_key.name,
                prefix=api_key.prefix,
                expires_at=api_key.expires_at,
            )
        )
    return True


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


async def _own_live_key(actor: Actor, api_key_id: UUID) -> ApiKey:
    api_key = await ApiKey.filter(id=api_key_id, user_id=actor.id).select_for_update().get_or_none()
    if api_key is None:
        raise ApiKeyNotFound("there is no such API key")
    if not api_key.live:
        raise ApiKeyEnded("the API key has ended; make another one")
    return api_key


async def _checked_changes(work: Work, actor: Actor, api_key: ApiKey, changes: Mapping[str, Any]) -> dict[str, Any]:
    checked = dict(changes)
    check_limits(checked.get("points_per_minute"), checked.get("max_sockets"))
    if "name" in checked:
        checked["name"] = rules.clean_name(checked["name"])
    if "scopes" in checked:
        checked["scopes"] = _checked_scopes(actor, set(checked["scopes"]))
    if "allowed_networks" in checked:
        checked["allowed_networks"] = clean_networks(checked["allowed_networks"])
    if "expires_at" in checked and checked["expires_at"] != api_key.expires_at:
        checked["expires_at"] = _checked_expiry(checked["expires_at"], clock.now())
    await _require_budget(work, actor.id, checked.get("points_per_minute"), but=api_key.id)
    return checked


def _checked_expiry(expires_at: datetime, now: datetime) -> datetime:
    if not now < expires_at <= now + MAX_LIFETIME:
        raise InvalidExpiry(f"an API key ends in the future, within {MAX_LIFETIME.days} days")
    return expires_at


async def _require_budget(work: Work, user_id: UUID, points_per_minute: int | None, *, but: UUID | None = None) -> None:
    """Budgets of their own are no way around the budget of a person: those of all keys together are as large at most."""
    bound = settings.current().points_of_keys
    if points_per_minute is None or bound is None:
        return
    left = bound - await work.fetchval(_POINTS_OF_KEYS, user_id, clock.now(), but)
    if points_per_minute > left:
        raise InvalidKeyLimits(f"{max(0, left)} points a minute are left for your keys", field=("input", "pointsPerMinute"))


def _checked_scopes(actor: Actor, scopes: set[Permission]) -> list[Permission]:
    if not scopes:
        raise InvalidScopes("an API key needs at least one scope")
    if scopes & UNSCOPED:
        raise InvalidScopes(f"every key has {' and '.join(sorted(UNSCOPED & scopes))}; they are no scopes")
    beyond = in_order(Permission, scopes - actor.permissions)
    if beyond:
        raise InvalidScopes(f"you do not have {', '.join(scope.value for scope in beyond)} yourself")
    return in_order(Permission, scopes)
