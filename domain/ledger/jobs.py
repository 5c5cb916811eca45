"""What the ledger does by the clock."""

from __future__ import annotations

import structlog

from domain.kit import clock
from domain.kit.database import fetchval
from domain.kit.jobs import job
from domain.ledger.verification import verify_everything

logger = structlog.get_logger(__name__)


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


@job(
    "ledger.verify_everything",
    schedule="7 2 * * *",
    purpose="Recompute every promise of the house, and remember what was violated.",
)
async def verify_promises() -> object:
    """Each night. What it finds is told by `daftari verify-ledger` in full."""
    results = await verify_everything()
    violated = [result for result in results if not result.holds]
    for result in violated:
        check = result.check
        logger.error("promise_violated", domain=check.domain, check=check.name, violations=len(result.violations))
    return {"promises": len(results), "violated": len(violated)}
