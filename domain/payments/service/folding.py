"""Folding: an hour is counted in several rows, so that workers do not wait for each other; once it is over, one will do."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from domain.kit import clock
from domain.kit.unit_of_work import retried, unit_of_work

OVER_AFTER: Final = timedelta(hours=3)
"""Nobody counts in an hour any more that began so long ago; if somebody did, it would be folded the next time."""

_FOLD: Final = """
with gone as (
    delete from reconciliation_tally where hour < $1 and slot <> 0 returning *
), summed as (
    select hour, sum(matched) as matched, sum(failed) as failed, sum(discrepancies) as discrepancies,
           sum(unverified) as unverified, sum(processing_ms) as processing_ms
    from gone group by hour order by hour
), folded as (
    insert into reconciliation_tally as tally (hour, slot, matched, failed, discrepancies, unverified, processing_ms)
    select hour, 0, matched, failed, discrepancies, unverified, processing_ms from summed
    on conflict (hour, slot) do update
    set matched = tally.matched + excluded.matched, failed = tally.failed + excluded.failed,
        discrepancies = tally.discrepancies + excluded.discrepancies, unverified = tally.unverified + excluded.unverified,
        processing_ms = tally.processing_ms + excluded.processing_ms
)
select count(*)::int from gone
"""


@retried
async def fold_tallies() -> int:
    """Returns how many rows went; what they counted stays."""
    async with unit_of_work() as work:
        folded: int = await work.fetchval(_FOLD, clock.now() - OVER_AFTER)
    return folded
