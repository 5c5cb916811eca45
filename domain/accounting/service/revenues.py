"""Revenues: what the house earns outside of its businesses, received at once or owed by debtors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from domain.accounting.models import Revenue
from domain.accounting.service import desk
from domain.accounting.service.checking import columns_of, problems_of
from domain.accounting.service.forms import RevenueTerms, terms_of
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.errors import DomainError
from domain.kit.unit_of_work import retried, unit_of_work


async def validate_revenue(actor: Actor, *, terms: RevenueTerms) -> list[DomainError]:
    """All that :func:`create_revenue` would refuse about these terms. Writes nothing."""
    actor.require(Permission.ACCOUNTING_WRITE)
    return await problems_of(actor, terms)


@retried
async def create_revenue(actor: Actor, *, terms: RevenueTerms) -> Revenue:
    """Write a revenue down as a draft. Refuses with the first of what :func:`validate_revenue` finds."""
    actor.require(Permission.ACCOUNTING_WRITE)
    async with unit_of_work() as work:
        return await desk.write(work, actor, Revenue, await columns_of(actor, terms))


@retried
async def update_revenue(actor: Actor, *, revenue_id: UUID, changes: Mapping[str, Any]) -> Revenue:
    """Change some of what is said about a revenue that is not in the books; ``changes`` is by the names of the terms.

    What waits for approval, or was rejected, is a draft again. Refuses with NOT_A_DRAFT once it is in the books.
    """
    actor.require(Permission.ACCOUNTING_WRITE)
    async with unit_of_work() as work:
        found = await desk.locked(actor, Revenue, revenue_id)
        desk.require_unposted(found)
        await desk.change(work, actor, found, await columns_of(actor, replace(terms_of(found), **changes)))
        return found


@retried
async def post_revenue(actor: Actor, *, revenue_id: UUID) -> Revenue:
    """Bring a revenue into the books.

    Above the threshold it takes two: the one who made it asks for approval, somebody else who may approve posts. Refuses
    with NOT_A_DRAFT, PERIOD_CLOSED and MAKER_IS_CHECKER.
    """
    actor.require(Permission.ACCOUNTING_WRITE)
    async with unit_of_work() as work:
        found = await desk.locked(actor, Revenue, revenue_id)
        await desk.post(work, actor, found)
        return found


@retried
async def void_revenue(actor: Actor, *, revenue_id: UUID) -> Revenue:
    """Throw away a revenue that is not in the books."""
    actor.require(Permission.ACCOUNTING_WRITE)
    async with unit_of_work() as work:
        found = await desk.locked(actor, Revenue, revenue_id)
        await desk.void(work, actor, found)
        return found


@retried
async def reverse_revenue(actor: Actor, *, revenue_id: UUID, reason: str) -> Revenue:
    """Take back a revenue that is in the books, by the opposite entry dated today; once (NOT_POSTED)."""
    actor.require(Permission.ACCOUNTING_APPROVE)
    async with unit_of_work() as work:
        found = await desk.locked(actor, Revenue, revenue_id)
        await desk.take_back(work, actor, found, reason)
        return found
