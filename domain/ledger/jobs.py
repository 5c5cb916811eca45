"""What the ledger does by the clock."""

from __future__ import annotations

from domain.kit import clock
from domain.kit.database import fetchval
from domain.kit.jobs import job


@job(
    "ledger.take_snapshots",
    schedule="* * * * *",
    purpose="Keep the tail of lines short that balances and statements sum one by one.",
)
async def take_snapshots() -> object:
    """Bring the balances of house accounts and the sums by day up to now."""
    moment = clock.now()
    accounts = await fetchval("select take_account_snapshots($1)", moment)
    return {"accounts": accounts, "days": await fetchval("select take_day_sums($1)", moment)}
