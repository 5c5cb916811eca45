"""The actor: who asks, with what rights. Every public function of the domain takes one first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final
from uuid import UUID

from domain.identity.errors import SessionRequired
from domain.identity.key_limits import KeyLimits
from domain.identity.permissions import SELF_REGISTERED, UNSCOPED, Permission, Role, permissions_of
from domain.kit.errors import Forbidden, Unauthenticated

SYSTEM_ID: Final = UUID(int=0)
NO_BRANCH: Final = UUID(int=0)
"""The scope of somebody who sees no branch: no branch has this id."""

EVERYONE: Final = "everyone"


@dataclass(frozen=True)
class Actor:
    """A signed-in user (or an API key acting for one), as the rights stand at ``version``.

    ``scopes`` narrows an API key to some permissions; None means all that the roles grant. ``key_generation`` is that of
    the key's secret that was shown, and ``key_limits`` what the key may use up. ``expires_at`` is when the access token or
    secret ends that spoke for the actor; None for actors of our own making. ``branch_id`` is where the
    user belongs: it widens what staff sees, and never what a customer does, whatever branch they bank with.
    """

    id: UUID
    name: str
    roles: frozenset[Role]
    version: int = 0
    session_id: UUID | None = None
    scopes: frozenset[Permission] | None = None
    api_key_id: UUID | None = None
    expires_at: datetime | None = None
    branch_id: UUID | None = None
    key_generation: int = 0
    key_limits: KeyLimits | None = None

    @cached_property
    def permissions(self) -> frozenset[Permission]:
        return self._within_scopes(permissions_of(self.roles))

    @cached_property
    def staff_permissions(self) -> frozenset[Permission]:
        """What the actor may do as one of the house, and not merely as its customer: these reach over a whole branch."""
        return self._within_scopes(permissions_of(self.roles - SELF_REGISTERED))

    def _within_scopes(self, granted: frozenset[Permission]) -> frozenset[Permission]:
        return granted if self.scopes is None else granted & (self.scopes | UNSCOPED)

    @property
    def branch_scope(self) -> UUID | None:
        """For filtering rows by branch: None when every branch is seen, else the one that is, or :data:`NO_BRANCH`."""
        if Permission.ALL_BRANCHES in self.staff_permissions:
            return None
        return NO_BRANCH if self.branch_id is None or self.roles <= SELF_REGISTERED else self.branch_id

    def sees_branch(self, branch_id: UUID | None) -> bool:
        """Whether staff may look at what belongs to a branch; what belongs to none is for those who see all."""
        scope = self.branch_scope
        return scope is None or scope == branch_id

    def may_at(self, permission: Permission, branch_id: UUID | None) -> bool:
        """Whether the actor has the permission as staff, and sees the branch: the same people as :func:`staff_of`."""
        return permission in self.staff_permissions and self.sees_branch(branch_id)

    @cached_property
    def audiences(self) -> frozenset[str]:
        """The audience entries of events that this actor belongs to. A narrowed API key speaks for no role."""
        entries = {f"permission:{permission.value}" for permission in self.permissions} | {EVERYONE, f"user:{self.id}"}
        if self.scopes is None:
            entries |= {f"role:{role.value}" for role in self.roles}
        return frozenset(entries | self._audiences_as_staff())

    def _audiences_as_staff(self) -> set[str]:
        scope = self.branch_scope
        return {_at_branch(permission, scope) for permission in self.staff_permissions} if scope != NO_BRANCH else set()

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


def staff_of(permission: Permission, branch_id: UUID | None) -> list[str]:
    """The audience of an event for the staff who have a permission and see a branch. Without a branch, those who see all."""
    everywhere = _at_branch(permission, None)
    return [everywhere] if branch_id is None else [_at_branch(permission, branch_id), everywhere]


def _at_branch(permission: Permission, branch_id: UUID | None) -> str:
    return f"permission:{permission.value}@{branch_id or '*'}"


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
