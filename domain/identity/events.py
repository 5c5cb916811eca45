"""What identity announces. No event carries a secret; e-mail addresses are masked or left out, for the log is kept."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from domain.events.event import Event, event
from domain.identity.actor import EVERYONE, Actor
from domain.identity.key_limits import limits_of
from domain.identity.permissions import Permission, Role, roles_named
from domain.kit import clock

MANAGERS = f"permission:{Permission.USERS_MANAGE.value}"

AccessChangeReason = Literal[
    "ROLES_CHANGED",
    "BRANCH_CHANGED",
    "DEACTIVATED",
    "REACTIVATED",
    "SIGNED_OUT",
    "PASSWORD_CHANGED",
    "REFRESH_TOKEN_REUSED",
    "TOO_MANY_SESSIONS",
    "API_KEY_REVOKED",
    "API_KEY_ROTATED",
    "API_KEY_CHANGED",
]


class _AboutUser(Event):
    """Something that concerns one user, and those who manage users."""

    user_id: UUID

    def topics(self) -> Iterable[str]:
        return ("users", f"user:{self.user_id}")

    def audience(self) -> Iterable[str]:
        return (MANAGERS, f"user:{self.user_id}")


@event("identity.user_registered")
@dataclass(frozen=True, kw_only=True)
class UserRegistered(_AboutUser):
    """There is a new user; ``self_registered`` when nobody else made them."""

    user_id: UUID
    user_name: str
    roles: list[str]
    self_registered: bool
    branch_id: UUID | None = None


@event("identity.signed_in")
@dataclass(frozen=True, kw_only=True)
class UserSignedIn(_AboutUser):
    """A session began. ``new_address`` when the user had signed in before, but never from this address."""

    user_id: UUID
    session_id: UUID
    device: str | None
    address: str | None
    new_address: bool
    expires_at: datetime


@event("identity.sign_in_failed")
@dataclass(frozen=True, kw_only=True)
class SignInFailed(Event):
    """A sign-in was refused. ``failures`` counts those of the account within the window, this one included;
    ``blocked_until`` is set by the one that reached the limit. ``user_id`` is None when nobody has that address."""

    user_id: UUID | None
    masked_email: str
    address: str | None
    failures: int
    blocked_until: datetime | None

    def topics(self) -> Iterable[str]:
        return ("users",) if self.user_id is None else ("users", f"user:{self.user_id}")

    def audience(self) -> Iterable[str]:
        return (MANAGERS,) if self.user_id is None else (MANAGERS, f"user:{self.user_id}")


@dataclass(frozen=True, kw_only=True)
class RotatedApiKey:
    """A key has another secret, of this generation; the one before ends at ``previous_until``."""

    api_key_id: UUID
    generation: int
    previous_until: datetime

    def applied_to(self, actor: Actor) -> Actor | None:
        """Who came with a secret of this key: as long as that is still good."""
        if actor.api_key_id != self.api_key_id or actor.key_generation >= self.generation:
            return actor
        if actor.key_generation < self.generation - 1 or self.previous_until <= clock.now():
            return None
        assert actor.expires_at is not None, "keys end"
        return dataclasses.replace(actor, expires_at=min(actor.expires_at, self.previous_until))


@dataclass(frozen=True, kw_only=True)
class ChangedApiKey:
    """What a key may do, and its bounds, as they stand now; its secret of this generation ends with it, and the one before
    at ``previous_until`` if that is earlier. Which networks it has now is not told: addresses are personal."""

    api_key_id: UUID
    scopes: list[str]
    expires_at: datetime
    generation: int
    previous_until: datetime | None
    points_per_minute: int | None
    max_sockets: int | None
    networks_changed: bool

    def applied_to(self, actor: Actor) -> Actor | None:
        """Who came with this key, by its bounds of now. From where they came is asked at the door alone: with other networks
        they have to come in again."""
        if actor.api_key_id != self.api_key_id:
            return actor
        networks = actor.key_limits.networks if actor.key_limits else ()
        limits = limits_of(self.points_per_minute, self.max_sockets, networks)
        ends = [self.expires_at]
        if actor.key_generation < self.generation and self.previous_until is not None:
            ends.append(self.previous_until)
        if min(ends) <= clock.now() or self.networks_changed:
            return None
        scopes = frozenset(Permission(scope) for scope in self.scopes)
        return dataclasses.replace(actor, scopes=scopes, expires_at=min(ends), key_limits=limits)


@event("identity.access_changed")
@dataclass(frozen=True, kw_only=True)
class AccessChanged(_AboutUser):
    """What a user may do, or is signed in with, changed: the rights as they stand at ``rights_version``, and what ended.

    Every process applies it to what it remembers, and the delivery to every open socket.
    """

    user_id: UUID
    user_name: str
    active: bool
    roles: list[str]
    rights_version: int
    reason: AccessChangeReason
    ended_session_ids: list[UUID]
    ended_api_key_ids: list[UUID]
    branch_id: UUID | None = None
    rotated_api_keys: list[RotatedApiKey] = dataclasses.field(default_factory=list)
    changed_api_keys: list[ChangedApiKey] = dataclasses.field(default_factory=list)

    def topics(self) -> Iterable[str]:
        return ("access", *super().topics())

    def applied_to(self, actor: Actor) -> Actor | None:
        """The actor with the rights after this change; None when what the actor signed in with is worth nothing now."""
        if actor.id != self.user_id:
            return actor
        if not self.active or actor.session_id in self.ended_session_ids or actor.api_key_id in self.ended_api_key_ids:
            return None
        if actor.version >= self.rights_version:
            return actor
        still: Actor | None = dataclasses.replace(
            actor,
            name=self.user_name,
            roles=roles_named(self.roles),
            version=self.rights_version,
            branch_id=self.branch_id,
        )
        news: list[RotatedApiKey | ChangedApiKey] = [*self.rotated_api_keys, *self.changed_api_keys]
        for each in news:
            still = still and each.applied_to(still)
        return still


@event("identity.phone_changed")
@dataclass(frozen=True, kw_only=True)
class PhoneChanged(_AboutUser):
    """Text messages reach a user at another number now, or at none."""

    user_id: UUID
    masked_phone: str | None


@event("identity.refresh_token_reused")
@dataclass(frozen=True, kw_only=True)
class RefreshTokenReused(_AboutUser):
    """A refresh token came a second time: somebody has a copy. The session was ended for both holders."""

    user_id: UUID
    session_id: UUID
    address: str | None


@event("identity.password_changed")
@dataclass(frozen=True, kw_only=True)
class PasswordChanged(_AboutUser):
    """A user chose a new password; all their other sessions ended."""

    user_id: UUID


@event("identity.api_key_created")
@dataclass(frozen=True, kw_only=True)
class ApiKeyCreated(_AboutUser):
    """A program was given a key to act for a user, within scopes, until it expires."""

    user_id: UUID
    api_key_id: UUID
    key_name: str
    prefix: str
    scopes: list[str]
    expires_at: datetime


@event("identity.api_key_revoked")
@dataclass(frozen=True, kw_only=True)
class ApiKeyRevoked(_AboutUser):
    """A key is worth nothing any more."""

    user_id: UUID
    api_key_id: UUID
    key_name: str
    prefix: str


@event("identity.api_key_rotated")
@dataclass(frozen=True, kw_only=True)
class ApiKeyRotated(_AboutUser):
    """A key has another secret, which begins with ``prefix``; the one before is good until ``previous_until``."""

    user_id: UUID
    api_key_id: UUID
    key_name: str
    prefix: str
    previous_prefix: str
    previous_until: datetime
    expires_at: datetime


@event("identity.api_key_changed")
@dataclass(frozen=True, kw_only=True)
class ApiKeyChanged(_AboutUser):
    """A key has another name, other scopes, other bounds or another end: it is told as it stands now. ``gained_scopes`` are
    those that it did not have before; with no networks it is used from anywhere."""

    user_id: UUID
    api_key_id: UUID
    key_name: str
    prefix: str
    scopes: list[str]
    gained_scopes: list[str]
    expires_at: datetime
    points_per_minute: int | None
    max_sockets: int | None
    network_count: int


@event("identity.api_key_expiring")
@dataclass(frozen=True, kw_only=True)
class ApiKeyExpiring(_AboutUser):
    """A key ends soon by itself. Told once for each time that it is to end."""

    user_id: UUID
    api_key_id: UUID
    key_name: str
    prefix: str
    expires_at: datetime


class _AboutBranch(Event):
    """Something that concerns a branch. Which branches there are is no secret among those who are signed in."""

    branch_id: UUID

    def topics(self) -> Iterable[str]:
        return ("branches", f"branch:{self.branch_id}")

    def audience(self) -> Iterable[str]:
        return (EVERYONE,)


@event("identity.branch_opened")
@dataclass(frozen=True, kw_only=True)
class BranchOpened(_AboutBranch):
    """There is a new branch."""

    branch_id: UUID
    code: str
    branch_name: str


@event("identity.branch_changed")
@dataclass(frozen=True, kw_only=True)
class BranchChanged(_AboutBranch):
    """A branch has another name, was closed, or is open again: it is told as it stands now."""

    branch_id: UUID
    code: str
    branch_name: str
    active: bool


def names_of(roles: Iterable[Role]) -> list[str]:
    return [role.value for role in roles]
