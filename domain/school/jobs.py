"""What the school does by the clock and in the background."""

from __future__ import annotations

from uuid import UUID

from domain.identity.actor import SYSTEM
from domain.jobs.queue import Attempt, Payload, queued
from domain.kit.jobs import job
from domain.school.service import activity, billing, carrying, late_fees, promoting, repairing, statistics, thresholds
from domain.school.service.runs import QUEUE, carry_out

KINDS_OF_RUNS = (promoting, billing, late_fees, carrying, repairing)
"""These modules declare what a run does."""


@queued(
    QUEUE, purpose="Do what is asked for many students or fees at once.", max_attempts=5, concurrency=2, timeout_s=3_600.0
)
async def runs(payload: Payload, attempt: Attempt) -> str:
    return await carry_out(UUID(payload["run_id"]), attempt)


@job("school.fold_figures", schedule="* * * * *", purpose="Keep the tail of changes short that boards read one by one.")
async def figure_folding() -> int:
    """Returns how many changes went into the sums."""
    return await statistics.fold_figures()


@job(
    "school.refresh_statistics",
    schedule="41 1 * * *",
    purpose="Recount what the school counts, and put right what is kept otherwise.",
)
async def statistics_refresh() -> int:
    """Returns how many figures were wrong."""
    return (await statistics.refresh_statistics(SYSTEM)).found


@job(
    "school.watch_arrears",
    schedule="*/10 * * * *",
    purpose="Look at fees whose alert does not fit the threshold, such as those that changed in the same moment as it did.",
)
async def arrears_watch() -> int:
    """Returns how many alerts were raised or cleared."""
    return await thresholds.reassess_all()


@job("school.add_late_fees", schedule="11 3 * * *", purpose="Charge the fees that are late what their structures say.")
async def late_fee_charging() -> int:
    """Returns how many fees could be late."""
    return await late_fees.charge_the_late()


@job(
    "school.archive_activity",
    schedule="23 2 * * *",
    purpose="Move old activities out of the log into its archive, as the school chose how long the log is.",
)
async def activity_archiving() -> int:
    """Returns how many went."""
    return await activity.archive_what_is_old()
