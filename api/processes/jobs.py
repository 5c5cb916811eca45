"""Running the domain's jobs on pgqueuer: due times live in the database, so one worker of many runs each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from time import perf_counter

import asyncpg
import structlog
from pgqueuer import AsyncpgDriver, PgQueuer, Queries
from pgqueuer.models import Schedule

from domain.kit.context import CallContext, call_context
from domain.kit.jobs import Job, every_job

logger = structlog.get_logger(__name__)


async def install_job_tables(database_url: str) -> None:
    """Make pgqueuer's tables, or bring them up to the version that is installed."""
    connection = await asyncpg.connect(database_url)
    try:
        queries = Queries(AsyncpgDriver(connection))
        if await queries.schema_is_installed():
            await queries.upgrade()
        else:
            await queries.install()
    finally:
        await connection.close()


async def run_jobs(database_url: str) -> None:
    """Run due jobs until cancelled, on a connection of their own."""
    connection = await asyncpg.connect(database_url, server_settings={"application_name": "jobs"})
    try:
        queuer = PgQueuer.from_asyncpg_connection(connection)
        for job in every_job():
            if job.schedule is not None:
                queuer.schedule(job.name, job.schedule, clean_old=True)(_runner(job))
        await queuer.run()
    finally:
        await connection.close(timeout=2)


def _runner(job: Job) -> Callable[[Schedule], Awaitable[None]]:
    async def run(schedule: Schedule) -> None:
        await run_once(job)

    return run


async def run_once(job: Job) -> None:
    """Run one job now. A failure is said and the next due time tries again."""
    began = perf_counter()
    with call_context(CallContext()):
        try:
            result = await job.run()
        except Exception as error:
            logger.error("job_failed", job=job.name, error=str(error), exc_info=True)
        else:
            logger.info("job_done", job=job.name, result=result, took_ms=round((perf_counter() - began) * 1000))
