"""Forgetting old work, so that the queue's table stays small."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from domain.kit import clock
from domain.kit.database import fetchval
from domain.kit.jobs import job

KEEP_DONE: Final = timedelta(days=3)
KEEP_CANCELLED: Final = timedelta(days=30)
KEEP_DEAD: Final = timedelta(days=180)
KEEP_RUNS: Final = 200
"""Of each scheduled job so many runs are kept."""

BATCH: Final = 5_000

_FORGET_TASKS: Final = """
with old as (
    select id from job_task
    where (state = 'DONE' and finished_at < $1) or (state = 'CANCELLED' and finished_at < $2)
       or (state = 'DEAD' and finished_at < $3)
    order by finished_at limit $4 for update skip locked
), gone as (
    delete from job_task using old where job_task.id = old.id returning 1
)
select count(*) from gone
"""

_FORGET_RUNS: Final = """
with old as (
    select run.id from (select distinct name from job_run) as job
    cross join lateral (
        select id from job_run where name = job.name and outcome <> 'RUNNING' order by id desc offset $1
    ) as run
    limit $2
), gone as (
    delete from job_run using old where job_run.id = old.id returning 1
)
select count(*) from gone
"""


@job("jobs.forget_old", schedule="41 * * * *", purpose="Forget work that was done long ago, and old runs of scheduled jobs.")
async def forget_old() -> int:
    """Returns how many rows went; in batches, so that no statement is long."""
    now, gone = clock.now(), 0
    while batch := await fetchval(_FORGET_TASKS, now - KEEP_DONE, now - KEEP_CANCELLED, now - KEEP_DEAD, BATCH):
        gone += batch
    while batch := await fetchval(_FORGET_RUNS, KEEP_RUNS, BATCH):
        gone += batch
    return gone
