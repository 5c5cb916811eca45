"""What the mill does by the clock."""

from __future__ import annotations

from typing import Final

from domain.kit.database import fetchval
from domain.kit.jobs import is_time_for, job
from domain.kit.unit_of_work import retried, unit_of_work
from domain.milling import settings, stock
from domain.milling.stock.watching import MISTAKEN_BINS, MISTAKEN_WAREHOUSES

AT_ONCE: Final = 500


@job("mill.fold_days", schedule="* * * * *", purpose="Keep the tail of changes short that dashboards read one by one.")
async def fold_days() -> object:
    return await fetchval("select fold_mill_days()")


@job(
    "mill.notification_check",
    schedule="* * * * *",
    purpose="Raise alerts about stock that ought to stand and do not, and resolve those that ought not.",
)
@retried
async def notification_check() -> int:
    """Returns how many were raised or resolved; more than a batch is left for the next time."""
    if not is_time_for(settings.current().notification_check):
        return 0
    async with unit_of_work() as work:
        bins = [(row["item_id"], row["warehouse_id"]) for row in await work.fetch(MISTAKEN_BINS, AT_ONCE)]
        places = [row["id"] for row in await work.fetch(MISTAKEN_WAREHOUSES, AT_ONCE)]
        return await stock.look_again(work, bins, places) if bins or places else 0
