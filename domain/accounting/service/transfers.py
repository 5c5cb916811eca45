"""Transfers between the cash and bank accounts of the house, never of more than there is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from domain.accounting.models import Transfer
from domain.accounting.service import desk
from domain.accounting.service.checking import columns_of, problems_of
from domain.accounting.service.forms import TransferTerms, terms_of
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.errors import DomainError
from domain.kit.unit_of_work import retried, unit_of_work


async def validate_transfer(actor: Actor, *, terms: TransferTerms) -> list[DomainError]:
    """All that :func:`create_transfer` would refuse about these terms. Writes nothing."""
    actor.require(Permission.ACCOUNTING_WRITE)
    return await problems_of(actor, terms)


@retried
async def create_transfer(actor: Actor, *, terms: TransferTerms) -> Transfer:
    """Write a transfer down as a draft. Refuses with the first of what :func:`validate_transfer` finds."""
    actor.require(Permission.ACCOUNTING_WRITE)
    async with unit_of_work() as work:
        return await desk.write(work, actor, Transfer, await columns_of(actor, terms))


@retried
async def update_transfer(actor: Actor, *, transfer_id: UUID, changes: Mapping[str, Any]) -> Transfer:
    """Change some of what is said about a transfer that is not in the books; ``changes`` is by the names of the terms.

    What waits for approval, or was rejected, is a draft again. Refuses with NOT_A_DRAFT once it is in the books.
    """
    actor.require(Permission.ACCOUNTING_WRITE)
    async with unit_of_work() as work:
        found = await desk.locked(actor, Transfer, transfer_id)
        desk.require_unposted(found)
        await desk.change(work, actor, found, await columns_of(actor, replace(terms_of(found), **changes)))
        return found


@retried
async def process_transfer(actor: Actor, *, transfer_id: UUID) -> Transfer:
    """Move the money.

    Above the threshold it takes two: the one who made it asks for approval, somebody else who may approve posts. Refuses
    with NOT_A_DRAFT, PERIOD_CLOSED and MAKER_IS_CHECKER, and INSUFFICIENT_FUNDS.
    """
    actor.require(Permission.ACCOUNTING_WRITE)
    async with unit_of_work() as work:
        found = await desk.locked(actor, Transfer, transfer_id)
        await desk.post(work, actor, found)
        return found


@retried
async def void_transfer(actor: Actor, *, transfer_id: UUID) -> Transfer:
    """Throw away a transfer that is not in the books."""
    actor.require(Permission.ACCOUNTING_WRITE)
    async with unit_of_work() as work:
        found = await desk.locked(actor, Transfer, transfer_id)
        await desk.void(work, actor, found)
        return found


@retried
async def reverse_transfer(actor: Actor, *, transfer_id: UUID, reason: str) -> Transfer:
    """Take back a transfer that is in the books, by the opposite entry dated today; once (NOT_POSTED)."""
    actor.require(Permission.ACCOUNTING_APPROVE)
    async with unit_of_work() as work:
        found = await desk.locked(actor, Transfer, transfer_id)
        await desk.take_back(work, actor, found, reason)
        return found
