"""Expenses: what the house spends, paid at once or owed to creditors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from domain.accounting.models import Expense
from domain.accounting.service import desk
from domain.accounting.service.checking import columns_of, problems_of
from domain.accounting.service.forms import ExpenseTerms, terms_of
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.errors import DomainError
from domain.kit.unit_of_work import retried, unit_of_work


async def validate_expense(actor: Actor, *, terms: ExpenseTerms) -> list[DomainError]:
    """All that :func:`create_expense` would refuse about these terms. Writes nothing."""
    actor.require(Permission.ACCOUNTING_WRITE)
    return await problems_of(actor, terms)


@retried
async def create_expense(actor: Actor, *, terms: ExpenseTerms) -> Expense:
    """Write an expense down as a draft. Refuses with the first of what :func:`validate_expense` finds."""
    actor.require(Permission.ACCOUNTING_WRITE)
    async with unit_of_work() as work:
        return await desk.write(work, actor, Expense, await columns_of(actor, terms))


@retried
async def update_expense(actor: Actor, *, expense_id: UUID, changes: Mapping[str, Any]) -> Expense:
    """Change some of what is said about an expense that is not in the books; ``changes`` is by the names of the terms.

    What waits for approval, or was rejected, is a draft again. Refuses with NOT_A_DRAFT once it is in the books.
    """
    actor.require(Permission.ACCOUNTING_WRITE)
    async with unit_of_work() as work:
        found = await desk.locked(actor, Expense, expense_id)
        desk.require_unposted(found)
        await desk.change(work, actor, found, await columns_of(actor, replace(terms_of(found), **changes)))
        return found


@retried
async def post_expense(actor: Actor, *, expense_id: UUID) -> Expense:
    """Bring an expense into the books.

    Above the threshold it takes two: the one who made it asks for approval, somebody else who may approve posts. Refuses
    with NOT_A_DRAFT, PERIOD_CLOSED and MAKER_IS_CHECKER.
    """
    actor.require(Permission.ACCOUNTING_WRITE)
    async with unit_of_work() as work:
        found = await desk.locked(actor, Expense, expense_id)
        await desk.post(work, actor, found)
        return found


@retried
async def void_expense(actor: Actor, *, expense_id: UUID) -> Expense:
    """Throw away an expense that is not in the books."""
    actor.require(Permission.ACCOUNTING_WRITE)
    async with unit_of_work() as work:
        found = await desk.locked(actor, Expense, expense_id)
        await desk.void(work, actor, found)
        return found


@retried
async def reverse_expense(actor: Actor, *, expense_id: UUID, reason: str) -> Expense:
    """Take back an expense that is in the books, by the opposite entry dated today; once (NOT_POSTED)."""
    actor.require(Permission.ACCOUNTING_APPROVE)
    async with unit_of_work() as work:
        found = await desk.locked(actor, Expense, expense_id)
        await desk.take_back(work, actor, found, reason)
        return found
