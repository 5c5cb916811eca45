"""People for tests: registered for real, with hashes that cost almost nothing."""

from __future__ import annotations

from itertools import count
from uuid import UUID

from domain.identity import directory
from domain.identity.actor import SYSTEM, Actor
from domain.identity.authentication import authenticate
from domain.identity.models import Branch, User
from domain.identity.permissions import Role
from domain.identity.service import SignedIn, create_user, open_branch, sign_in
from domain.identity.settings import IdentitySettings, configure
from domain.kit.ids import new_id

PASSWORD = "a long enough password"

CHEAP = IdentitySettings(secret="a secret for tests that nobody else knows", argon2_memory_kib=64, argon2_passes=1)

_numbers = count(1)


def configure_identity(settings: IdentitySettings = CHEAP) -> None:
    configure(settings)
    directory.clear()


async def a_branch(name: str | None = None, *, code: str | None = None) -> Branch:
    """An open branch."""
    number = next(_numbers)
    return await open_branch(SYSTEM, code=code or f"BR-{number}", name=name or f"Branch {number}")


async def a_user(
    *roles: Role,
    name: str = "Asha Patel",
    email: str | None = None,
    password: str = PASSWORD,
    branch_id: UUID | None = None,
) -> User:
    """Somebody in these roles (an investor when none are said)."""
    return await create_user(
        SYSTEM,
        name=name,
        email=email or f"person{next(_numbers)}@daftari.example",
        password=password,
        roles=roles or [Role.INVESTOR],
        branch_id=branch_id,
    )


def somebody(*roles: Role, name: str = "Asha Patel", branch: Branch | None = None) -> Actor:
    """Somebody signed in with these roles at a branch, whom no table knows: for tests that are not about signing in."""
    return Actor(id=new_id(), name=name, roles=frozenset(roles), branch_id=branch and branch.id)


async def an_actor(*roles: Role, name: str = "Asha Patel", branch_id: UUID | None = None) -> Actor:
    """Somebody in these roles who has signed in."""
    return await actor_for(await a_user(*roles, name=name, branch_id=branch_id))


async def actor_for(user: User, *, address: str | None = None) -> Actor:
    return await authenticate((await signed_in(user, address=address)).access_token)


async def signed_in(user: User, *, address: str | None = None, password: str = PASSWORD) -> SignedIn:
    return await sign_in(email=user.email, password=password, address=address)
