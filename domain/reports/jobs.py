"""Making reports in the background, and forgetting old ones."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from domain.files.service import remove_file
from domain.jobs.queue import Attempt, Payload, queued
from domain.kit import clock
from domain.kit.jobs import job
from domain.kit.unit_of_work import retried, unit_of_work
from domain.reports.service.making import make_report
from domain.reports.service.requesting import MAKE
from domain.reports.service.scheduling import ask_for_due_reports

KEEP: Final = timedelta(days=30)
BATCH: Final = 50


@queued(MAKE, purpose="Make the reports that people ask for.", max_attempts=3, concurrency=2, timeout_s=1_800.0)
async def make(payload: Payload, attempt: Attempt) -> str:
    return await make_report(UUID(payload["report_id"]), attempt)


@job("reports.ask_for_what_is_due", schedule="* * * * *", purpose="Have reports made that are due by a schedule.")
async def ask_for_what_is_due() -> int:
    return await ask_for_due_reports()


@job("reports.forget_old", schedule="31 4 * * *", purpose="Delete reports that were made long ago, and their files.")
async def forget_old() -> int:
    """Returns how many went; in batches, so that no transaction is long."""
    gone = 0
    while batch := await _forget_batch():
        gone += batch
    return gone


@retried
async def _forget_batch() -> int:
    async with unit_of_work() as work:
        rows = await work.fetch(
            """delete from report where id in (
                   select id from report where created_at < $1 and state in ('DONE', 'FAILED')
                   order by created_at limit $2 for update skip locked)
               returning file_id""",
            clock.now() - KEEP,
            BATCH,
        )
        for row in rows:
            if row["file_id"] is not None:
                await remove_file(work, row["file_id"])
    return len(rows)
