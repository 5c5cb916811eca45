"""What the school does by the clock and in the background."""

from __future__ import annotations

from uuid import UUID

from domain.jobs.queue import Attempt, Payload, queued
from domain.school.service.runs import QUEUE, carry_out


@queued(
    QUEUE, purpose="Do what is asked for many students or fees at once.", max_attempts=5, concurrency=2, timeout_s=3_600.0
)
async def runs(payload: Payload, attempt: Attempt) -> str:
    return await carry_out(UUID(payload["run_id"]), attempt)
