"""Of which branch and in which currency somebody reads the accounts."""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

from domain.accounting import settings
from domain.accounting.rules import Days
from domain.identity.actor import Actor
from domain.identity.errors import BranchNotFound
from domain.identity.permissions import Permission
from domain.kit.errors import Forbidden, InvalidInput
from domain.kit.money import decimals_of

MAX_DAYS: Final = 366 * 20
MAX_DAYS_ONE_BY_ONE: Final = 366


def branch_to_read(actor: Actor, branch_id: UUID | None) -> UUID | None:
    """The branch that is asked for, or the actor's own for staff of one; None is the whole house."""
    actor.require(Permission.ACCOUNTING_READ)
    scope = actor.branch_scope
    if branch_id is None:
        return scope
    if not actor.sees_branch(branch_id):
        raise BranchNotFound("there is no such branch", field=("branchId",))
    return branch_id


def require_whole_house(actor: Actor) -> None:
    """Some statements are of the whole house only."""
    actor.require(Permission.ACCOUNTING_READ)
    if actor.branch_scope is not None:
        raise Forbidden(f"this is of all branches; it needs the permission {Permission.ALL_BRANCHES.value}")


def currency_to_read(currency: str | None) -> str:
    currency = currency or settings.current().default_currency
    decimals_of(currency)
    return currency


def days_to_read(since: date, until: date, *, at_most: int = MAX_DAYS) -> Days:
    if until < since:
        raise InvalidInput("the last day is before the first", field=("to",))
    if (until - since).days >= at_most:
        raise InvalidInput(f"this covers {at_most} days at most", field=("from",))
    return Days(since, until)
