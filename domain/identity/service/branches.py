"""Branches open, are renamed, close and open again; people are moved between them."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from domain.identity import rules
from domain.identity.actor import Actor
from domain.identity.errors import BranchClosed, BranchNotFound, BranchTaken
from domain.identity.events import BranchChanged, BranchOpened
from domain.identity.models import Branch, User
from domain.identity.permissions import Permission
from domain.identity.service.access import announce_access, locked_user
from domain.kit import clock
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work, retried, unit_of_work

# Branches are few and change rarely, so all who change one take turns; then nothing that was checked can be overtaken.
_LOCK_BRANCHES: Final = "select pg_advisory_xact_lock(hashtextextended('identity.branches', 0))"
_SAME_NAME: Final = "select exists (select from branch where active and lower(name) = lower($1) and id is distinct from $2)"


@retried
async def open_branch(actor: Actor, *, code: str, name: str) -> Branch:
    """A new branch, under a code that stays its own for good."""
    actor.require(Permission.BRANCHES_MANAGE)
    code, name = rules.clean_branch_code(code), rules.clean_name(name)
    async with unit_of_work() as work:
        await work.execute(_LOCK_BRANCHES)
        if await Branch.exists(code=code):
            raise BranchTaken(f"there is a branch {code} already")
        await _require_free_name(work, name)
        branch = await Branch.create(id=new_id(), code=code, name=name, active=True, created_at=clock.now())
        work.record(BranchOpened(branch_id=branch.id, code=code, branch_name=name))
    return branch


@retried
async def rename_branch(actor: Actor, *, branch_id: UUID, name: str) -> Branch:
    """Give a branch another name; its code stays."""
    actor.require(Permission.BRANCHES_MANAGE)
    name = rules.clean_name(name)
    async with unit_of_work() as work:
        branch = await _locked_branch(work, branch_id)
        if branch.name != name:
            if branch.active:
                await _require_free_name(work, name, but=branch.id)
            branch.name = name
            await _save(work, branch)
    return branch


@retried
async def close_branch(actor: Actor, *, branch_id: UUID) -> Branch:
    """From now on the branch takes nobody and nothing in. Who and what is there stays until moved, and can be worked on."""
    actor.require(Permission.BRANCHES_MANAGE)
    async with unit_of_work() as work:
        branch = await _locked_branch(work, branch_id)
        if branch.active:
            branch.active = False
            await _save(work, branch)
    return branch


@retried
async def reopen_branch(actor: Actor, *, branch_id: UUID) -> Branch:
    """Open a closed branch again, unless another one has taken its name meanwhile."""
    actor.require(Permission.BRANCHES_MANAGE)
    async with unit_of_work() as work:
        branch = await _locked_branch(work, branch_id)
        if not branch.active:
            await _require_free_name(work, branch.name, but=branch.id, field=("input", "branchId"))
            branch.active = True
            await _save(work, branch)
    return branch


@retried
async def assign_branch(actor: Actor, *, user_id: UUID, branch_id: UUID | None) -> User:
    """Move a user to an open branch, or out of all of them. What they see follows at once, on open sockets too."""
    actor.require(Permission.BRANCHES_MANAGE)
    async with unit_of_work() as work:
        user = await locked_user(user_id)
        if user.branch_id == branch_id:
            return user
        if branch_id is not None:
            await require_open_branch(work, branch_id)
        user.branch_id = branch_id
        await announce_access(work, user, "BRANCH_CHANGED")
    return user


async def require_open_branch(work: Work, branch_id: UUID) -> None:
    """Refuse a branch that is unknown or closed; nobody closes it until this unit of work ends."""
    row = await work.fetchrow("select code, active from branch where id = $1 for share", branch_id)
    if row is None:
        raise BranchNotFound("there is no such branch")
    if not row["active"]:
        raise BranchClosed(f"the branch {row['code']} is closed")


async def _locked_branch(work: Work, branch_id: UUID) -> Branch:
    await work.execute(_LOCK_BRANCHES)
    branch = await Branch.filter(id=branch_id).select_for_update(no_key=True).get_or_none()
    if branch is None:
        raise BranchNotFound("there is no such branch")
    return branch


async def _require_free_name(
    work: Work, name: str, *, but: UUID | None = None, field: tuple[str, ...] = ("input", "name")
) -> None:
    """Two open branches of one name would be taken for each other."""
    if await work.fetchval(_SAME_NAME, name, but):
        raise BranchTaken(f"there is an open branch named {name} already", field=field)


async def _save(work: Work, branch: Branch) -> None:
    await branch.save(update_fields=["name", "active"])
    work.record(BranchChanged(branch_id=branch.id, code=branch.code, branch_name=branch.name, active=branch.active))
