"""The actor: who asks, with what rights. Every public function of the domain takes one first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final
from uuid import UUID

from domain.identity.errors import SessionRequired
from domain.identity.permissions import UNSCOPED, Permission, Role, permissions_of
from domain.kit.errors import Forbidden, Unauthenticated

SYSTEM_ID: Final = UUID(int=0)
EVERYONE: Final = "everyone"


@dataclass(frozen=True)
class Actor:
    """A signed-in user (or an API key acting for one), as the rights stand at ``version``.

    ``scopes`` narrows an API key to some permissions; None means all that the roles grant. ``expires_at`` is when the
    access token or API key ends that spoke for the actor; None for actors of our own making.
    """

    id: UUID
    name: str
    roles: frozenset[Role]
    version: int = 0
    session_id: UUID | None = None
    scopes: frozenset[Permission] | None = None
    api_key_id: UUID | None = None
    expires_at: datetime | None = None

    @cached_property
    def permissions(self) -> frozenset[Permission]:
        granted = permissions_of(self.roles)
        return granted if self.scopes is None else granted & (self.scopes | UNSCOPED)

    @cached_property
    def audiences(self) -> frozenset[str]:
        """The audience entries of events that this actor belongs to. A narrowed API key speaks for no role."""
        entries = {f"permission:{permission.value}" for permission in self.permissions} | {EVERYONE, f"user:{self.id}"}
        if self.scopes is None:
            entries |= {f"role:{role.value}" for role in self.roles}
        return frozenset(entries)

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    def require(self, permission: Permission) -> None:
        if permission not in self.permissions:
            raise Forbidden(f"this needs the permission {permission.value}")

    def require_session(self) -> UUID:
        """The session of the person behind the actor; an API key must not touch passwords, sessions and keys."""
        self.require(Permission.SIGNED_IN)
        if self.session_id is None:
            raise SessionRequired("only a person who is signed in may do this")
        return self.session_id


class Anonymous(Actor):
    """Nobody yet: may see what is public and sign in."""

    def __init__(self) -> None:
        super().__init__(id=UUID(int=1), name="anonymous", roles=frozenset())

    @cached_property
    def permissions(self) -> frozenset[Permission]:
        return frozenset({Permission.PUBLIC})

    @cached_property
    def audiences(self) -> frozenset[str]:
        return frozenset()

    def require(self, permission: Permission) -> None:
        if permission is not Permission.PUBLIC:
            raise Unauthenticated("sign in first")


ANONYMOUS: Final = Anonymous()

SYSTEM: Final = Actor(id=SYSTEM_ID, name="Daftari", roles=frozenset({Role.ADMIN}))
"""The actor of jobs and listeners."""
