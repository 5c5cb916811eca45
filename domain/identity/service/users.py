"""Users come, get other roles, go and come back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from domain.identity import passwords, rules, throttle
from domain.identity.actor import Actor
from domain.identity.errors import EmailTaken, InvalidRoles, LastAdmin
from domain.identity.events import UserRegistered, names_of
from domain.identity.models import Password, SessionEnd, User, in_order
from domain.identity.permissions import SELF_REGISTERED, Permission, Role, permissions_of
from domain.identity.service.access import announce_access, end_sessions, locked_user
from domain.identity.service.branches import require_open_branch
from domain.kit import clock
from domain.kit.context import current_call
from domain.kit.errors import Forbidden
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work, retried, unit_of_work

_INSERT_USER: Final = """
insert into app_user (id, name, email, roles, active, rights_version, created_at, registered_from, branch_id)
values ($1, $2, $3, $4, true, 1, $5, $6, $7)
on conflict on constraint user_email_is_unique do nothing
returning id
"""

# The same lock as of the trigger last_admin_stays, so that the service's answer and the database's agree.
_LOCK_ADMINS: Final = "select pg_advisory_xact_lock(hashtextextended('identity.admins', 0))"
_OTHER_ADMINS: Final = "select count(*) from app_user where active and 'ADMIN' = any (roles) and id <> $1"


@dataclass(frozen=True, slots=True)
class NewUser:
    """Somebody who is not in the books yet: checked, with the password already hashed."""

    name: str
    email: str
    password_hash: str = field(repr=False)
    roles: list[Role]
    address: str | None
    branch_id: UUID | None = None


@retried
async def register_user(*, name: str, email: str, password: str, roles: Iterable[Role], address: str | None = None) -> User:
    """Somebody registers themselves, in roles that people may give themselves."""
    return await register_prepared(
        await prepare_user(name=name, email=email, password=password, roles=roles, address=address)
    )


async def prepare_user(
    *, name: str, email: str, password: str, roles: Iterable[Role], address: str | None = None
) -> NewUser:
    """The slow part of registering, which needs no transaction: check the input and hash the password."""
    wanted = set(roles)
    if not wanted <= SELF_REGISTERED:
        raise InvalidRoles(f"nobody registers as {', '.join(names_of(in_order(Role, wanted - SELF_REGISTERED)))}")
    return await _prepared(name, email, password, wanted, address or current_call().address)


async def register_prepared(new: NewUser) -> User:
    """The quick part of registering; joins the unit of work in progress, so that a wallet opens with the user."""
    async with unit_of_work() as work:
        await throttle.admit_registration(work, new.address)
        return await _add(work, new, self_registered=True)


@retried
async def create_user(
    actor: Actor, *, name: str, email: str, password: str, roles: Iterable[Role], branch_id: UUID | None = None
) -> User:
    """An administrator makes a user, in any roles that do not exceed the administrator's own permissions."""
    actor.require(Permission.USERS_MANAGE)
    if branch_id is not None:
        actor.require(Permission.BRANCHES_MANAGE)
    wanted = set(roles)
    _require_no_more_than_own(actor, wanted)
    new = replace(await _prepared(name, email, password, wanted, None), branch_id=branch_id)
    async with unit_of_work() as work:
        if branch_id is not None:
            await require_open_branch(work, branch_id)
        return await _add(work, new, self_registered=False)


@retried
async def change_roles(actor: Actor, *, user_id: UUID, roles: Iterable[Role]) -> User:
    """Give a user exactly these roles. They hold at once, on open sockets too."""
    actor.require(Permission.USERS_MANAGE)
    wanted = _checked_roles(set(roles))
    async with unit_of_work() as work:
        user = await locked_user(user_id)
        if user.roles == wanted:
            return user
        _require_no_more_than_own(actor, {*user.roles, *wanted})
        if user.is_admin and Role.ADMIN not in wanted:
            await _require_another_admin(work, user)
        user.roles = wanted
        await announce_access(work, user, "ROLES_CHANGED")
    return user


@retried
async def deactivate_user(actor: Actor, *, user_id: UUID) -> User:
    """Take a user's access: every session ends now, and neither password nor API keys open the door."""
    actor.require(Permission.USERS_MANAGE)
    async with unit_of_work() as work:
        user = await locked_user(user_id)
        if not user.active:
            return user
        _require_no_more_than_own(actor, set(user.roles))
        if user.is_admin:
            await _require_another_admin(work, user)
        user.active = False
        ended = await end_sessions(work, user.id, SessionEnd.DEACTIVATED)
        await announce_access(work, user, "DEACTIVATED", ended_sessions=ended)
    return user


@retried
async def reactivate_user(actor: Actor, *, user_id: UUID) -> User:
    """Let a user in again, with the roles as before; old sessions stay ended."""
    actor.require(Permission.USERS_MANAGE)
    async with unit_of_work() as work:
        user = await locked_user(user_id)
        if user.active:
            return user
        _require_no_more_than_own(actor, set(user.roles))
        user.active = True
        await announce_access(work, user, "REACTIVATED")
    return user


async def _prepared(name: str, email: str, password: str, roles: set[Role], address: str | None) -> NewUser:
    name, email, in_roles = rules.clean_name(name), rules.clean_email(email), _checked_roles(roles)
    rules.check_new_password(password, email=email)
    return NewUser(name, email, await passwords.hash_password(password), in_roles, rules.counted_address(address))


async def _add(work: Work, new: NewUser, *, self_registered: bool) -> User:
    now = clock.now()
    added = await work.fetchval(
        _INSERT_USER,
        new_id(),
        new.name,
        new.email,
        names_of(new.roles),
        now,
        new.address if self_registered else None,
        new.branch_id,
    )
    if added is None:
        raise EmailTaken("somebody is registered with this e-mail address already")
    await Password.create(user_id=added, hash=new.password_hash, changed_at=now)
    user = await User.get(id=added)
    work.record(
        UserRegistered(
            user_id=user.id,
            user_name=user.name,
            roles=names_of(user.roles),
            self_registered=self_registered,
            branch_id=user.branch_id,
        )
    )
    return user


def _checked_roles(roles: set[Role]) -> list[Role]:
    if not roles:
        raise InvalidRoles("a user has at least one role")
    return in_order(Role, roles)


def _require_no_more_than_own(actor: Actor, roles: set[Role]) -> None:
    """Nobody gives or takes what they do not have, so a narrowed API key cannot make itself an administrator."""
    if not permissions_of(frozenset(roles)) <= actor.permissions:
        raise Forbidden("these roles grant more than the caller has")


async def _require_another_admin(work: Work, user: User) -> None:
    await work.execute(_LOCK_ADMINS)
    if not await work.fetchval(_OTHER_ADMINS, user.id):
        raise LastAdmin("the last administrator stays")
