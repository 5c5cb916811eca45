"""What the ledger does by the clock."""

from __future__ import annotations

from domain.kit import clock
from domain.kit.database import fetchval
from domain.kit.jobs import job


@job("ledger.take_snapshots", schedule="*/5 * * * *", purpose="Keep the tail of house accounts short.")
async def take_snapshots() -> object:
    return await fetchval("select take_account_snapshots($1)", clock.now())
