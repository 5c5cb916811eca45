"""The worker as ``daftari worker`` runs it, with a queue more: each task writes one line, takes its time, and is done.

The line and the end of the task commit together, so that a worker which is killed leaves both or none.
"""

from __future__ import annotations

import asyncio

from api.cli import main
from domain.jobs.queue import Attempt, Payload, queued
from domain.kit.unit_of_work import unit_of_work

NAME = "tests.busy"


@queued(NAME, purpose="Keep a worker busy.", concurrency=6, retry_delay_s=0.1)
async def write_line(payload: Payload, attempt: Attempt) -> None:
    async with unit_of_work() as work:
        await work.execute("insert into line (number, attempt) values ($1, $2)", payload["number"], attempt.number)
        await asyncio.sleep(0.15)
        await attempt.complete(work)
    await asyncio.sleep(0.05)


if __name__ == "__main__":
    main()
