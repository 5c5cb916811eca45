"""What the mill does by the clock."""

from __future__ import annotations

from domain.kit.database import fetchval
from domain.kit.jobs import job


@job("mill.fold_days", schedule="* * * * *", purpose="Keep the tail of changes short that dashboards read one by one.")
async def fold_days() -> object:
    return await fetchval("select fold_mill_days()")
