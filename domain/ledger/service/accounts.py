"""Opening accounts that belong to somebody."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from domain.kit import clock
from domain.kit.ids import new_id
from domain.kit.unit_of_work import unit_of_work
from domain.ledger.chart import HouseAccount


async def open_account(control: HouseAccount, *, name: str, currency: str, owner_id: UUID) -> UUID:
    """Open a guarded account of one person under a code of the chart; returns its id."""
    account_id = new_id()
    async with unit_of_work() as work:
        await work.execute(
            """insert into ledger_account (id, code, name, kind, currency, owner_id, guarded, opened_at)
               values ($1, $2, $3, $4, $5, $6, true, $7)""",
            account_id,
            control.code,
            name,
            control.kind.value,
            currency,
            owner_id,
            clock.now(),
        )
    return account_id


async def lock_accounts(account_ids: Iterable[UUID]) -> None:
    """Lock accounts in the order of their ids, for a process that touches them in several steps.

    A single posting does so by itself; whoever spends holds and then credits others must take all locks first, or two of
    them could wait for each other in a circle.
    """
    async with unit_of_work() as work:
        await work.execute("select from ledger_account where id = any($1) order by id for no key update", list(account_ids))
