"""Opening accounts that belong to somebody."""

from __future__ import annotations

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
