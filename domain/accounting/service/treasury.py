"""The money of the house: what is in a cash or bank account, and that a transfer does not take more.

Posting does not lock accounts of the house, so that they never become a hot row. Vouchers that take money out of a cash or
bank account therefore wait for each other with a lock of their own. What is promised: a transfer never takes more than
there is after all vouchers before it. An entry that another process posts in that very moment is not waited for.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.database import fetchval
from domain.kit.money import Money
from domain.kit.unit_of_work import Work
from domain.ledger.chart import house_account_of
from domain.ledger.errors import InsufficientFunds
from domain.ledger.service import Line


async def available_in(account_id: UUID, currency: str) -> Money:
    """What is in an account of cash or bank now; nothing when it is not open yet."""
    amount = await fetchval("select amount_minor from house_balance where account_id = $1", account_id)
    return Money(int(amount or 0), currency)


async def money_in(actor: Actor, account_id: UUID) -> Money | None:
    """What is in an account of cash or bank; None when it is no such account."""
    actor.require(Permission.ACCOUNTING_WRITE)
    found = house_account_of(account_id)
    return await available_in(account_id, found[1]) if found is not None and found[0].is_cash else None


async def lock_money_taken(work: Work, lines: Iterable[Line]) -> None:
    """Wait for other vouchers that take money out of the same accounts; in the order of ids, so that nobody waits in a
    circle."""
    for account_id in sorted({line.account_id for line in lines if not line.is_debit and _is_cash(line.account_id)}):
        await work.execute("select pg_advisory_xact_lock(hashtextextended('cash:' || $1::uuid, 0))", account_id)


async def require_available(account_id: UUID, amount: Money, *, field: tuple[str, ...]) -> None:
    """Refuse with INSUFFICIENT_FUNDS when the account has less; to be asked under the lock."""
    available = await available_in(account_id, amount.currency)
    if available < amount:
        raise InsufficientFunds(available, amount, field=field)


def _is_cash(account_id: UUID) -> bool:
    found = house_account_of(account_id)
    return found is not None and found[0].is_cash
