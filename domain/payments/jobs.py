"""What payments do by the clock."""

from __future__ import annotations

from domain.kit.jobs import job
from domain.payments.service.purging import purge_what_is_old
from domain.payments.service.watching import say_at_work, watch_figures


@job("payments.watch_figures", schedule="* * * * *", purpose="Raise and clear alarms about figures of reconciliation.")
async def figure_watch() -> int:
    """Returns how many alarms began or ended. That this runs is the sign of life of the pipeline."""
    await say_at_work()
    return await watch_figures()


@job("payments.purge_results", schedule="23 2 * * *", purpose="Forget results of reconciliations that are old.")
async def result_purge() -> int:
    """Returns how many went; the rest of very many is left for the next night."""
    return await purge_what_is_old()
