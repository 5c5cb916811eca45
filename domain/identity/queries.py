"""Reading branches, users, sessions and keys.

Everybody sees themselves; those who manage users see all. Which branches there are, everybody who is signed in may know.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import ClassVar, Final
from uuid import UUID

from tortoise.expressions import Q

from domain.identity.actor import Actor
from domain.identity.models import ApiKey, Branch, Session, User
from domain.identity.permissions import Permission, Role
from domain.kit import clock
from domain.kit.database import fetch
from domain.kit.errors import InvalidInput
from domain.kit.paging import Page, PageRequest, page_of
from domain.kit.reading import Wanted, read_one, rows_by_id, source

MAX_SEARCH_LENGTH: Final = 100


@dataclass(frozen=True, slots=True)
class PublicUser:
    """What everybody who deals with somebody may know of them; the rest of a :class:`User` is None."""

    id: UUID
    name: str
    email: ClassVar[None] = None
    roles: ClassVar[None] = None
    active: ClassVar[None] = None
    created_at: ClassVar[None] = None
    branch_id: ClassVar[None] = None
    phone: ClassVar[None] = None


async def me(actor: Actor) -> User:
    actor.require(Permission.SIGNED_IN)
    found = await read_one(User.filter(id=actor.id))
    assert found is not None, "whoever is signed in is a user"
    return found


async def user(actor: Actor, user_id: UUID) -> User | None:
    """Oneself, or anybody for those who manage users; None when there is nobody to be seen."""
    actor.require(Permission.SIGNED_IN)
    if user_id != actor.id and not actor.may(Permission.USERS_MANAGE):
        return None
    return await read_one(User.filter(id=user_id))


async def users(
    actor: Actor,
    page: PageRequest,
    *,
    search: str | None = None,
    role: Role | None = None,
    active: bool | None = None,
    branch_id: UUID | None = None,
) -> Page[User]:
    """All users, newest first; ``search`` finds a part of the name or of the e-mail address."""
    actor.require(Permission.USERS_MANAGE)
    found = User.all()
    if search is not None and (wanted := search.strip()):
        if len(wanted) > MAX_SEARCH_LENGTH or not wanted.isprintable():
            raise InvalidInput(f"search for at most {MAX_SEARCH_LENGTH} printable characters", field=("filter", "search"))
        found = found.filter(Q(name__icontains=wanted) | Q(email__icontains=wanted))
    if role is not None:
        found = found.filter(roles__contains=[role.value])
    if active is not None:
        found = found.filter(active=active)
    if branch_id is not None:
        found = found.filter(branch_id=branch_id)
    return await page_of(found, page, "-created_at", "-id")


async def branches(actor: Actor, page: PageRequest, *, active: bool | None = None) -> Page[Branch]:
    """The branches by their codes; only the open or only the closed ones when said."""
    actor.require(Permission.SIGNED_IN)
    found = Branch.all() if active is None else Branch.filter(active=active)
    return await page_of(found, page, "code", "id")


branches_by_id = rows_by_id(Branch, permission=Permission.SIGNED_IN)
"""Several branches, for whoever is signed in."""


# The condition is word for word that of the index app_user_staff, which answers alone.
STAFF: Final = """
select branch_id, count(*) as people from app_user
where active and not roles <@ array['SELLER', 'INVESTOR', 'DEBTOR', 'BORROWER', 'GUARDIAN'] group by branch_id
"""


async def staff_by_branch() -> dict[UUID | None, int]:
    """How many people work at each branch; under None those who work for the house."""
    return {row["branch_id"]: row["people"] for row in await fetch(STAFF)}


async def sessions(actor: Actor, page: PageRequest) -> Page[Session]:
    """Where the actor is signed in now, the newest sign-in first."""
    actor.require(Permission.SIGNED_IN)
    return await page_of(Session.filter(_live_session(actor)), page, "-created_at", "-id")


def _live_session(actor: Actor) -> Q:
    return Q(user_id=actor.id, ended_at=None, expires_at__gt=clock.now())


async def api_keys(actor: Actor, page: PageRequest) -> Page[ApiKey]:
    """The actor's API keys, revoked and expired ones too, newest first."""
    actor.require(Permission.SIGNED_IN)
    return await page_of(ApiKey.filter(_own(actor)), page, "-created_at", "-id")


def _own(actor: Actor) -> Q:
    return Q(user_id=actor.id)


_accounts = rows_by_id(User)


@source
async def users_by_id(actor: Actor, user_ids: Collection[UUID], wanted: Wanted) -> dict[UUID, User]:
    """Those of several users whose accounts the actor may see: oneself, or all for those who manage users."""
    manages = actor.may(Permission.USERS_MANAGE)
    return await _accounts.read(actor, [each for each in user_ids if manages or each == actor.id], wanted)


sessions_by_id = rows_by_id(Session, _live_session)
"""Those of several sessions that are the actor's and live."""

api_keys_by_id = rows_by_id(ApiKey, _own)
"""Those of several API keys that are the actor's."""


@source
async def people(actor: Actor, user_ids: Collection[UUID], wanted: Wanted) -> dict[UUID, User | PublicUser]:
    """Several people, each as far as the actor may know them: for showing who is on the other side of a deal."""
    accounts = await users_by_id.read(actor, user_ids, wanted)
    others = [each for each in user_ids if each not in accounts]
    return {**(await public_users(others) if others else {}), **accounts}


async def public_users(user_ids: Collection[UUID]) -> dict[UUID, PublicUser]:
    """The public face of several users at once."""
    rows = await fetch("select id, name from app_user where id = any ($1::uuid[])", list(user_ids))
    return {row["id"]: PublicUser(row["id"], row["name"]) for row in rows}
