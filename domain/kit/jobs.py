"""Work that follows the clock: declared beside the business it belongs to, run by the worker (see domain/jobs).

A job must be safe to run twice; the worker promises at-least-once. Work that events and requests leave behind is queued
instead: see :mod:`domain.jobs.queue`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from domain.kit import clock


@dataclass(frozen=True, slots=True)
class Job:
    """``schedule`` is a cron expression in UTC (five fields), or None for what only people start."""

    name: str
    run: Callable[[], Awaitable[object]]
    schedule: str | None
    purpose: str


_jobs: dict[str, Job] = {}


def job(name: str, *, schedule: str | None, purpose: str) -> Callable[[Callable[[], Awaitable[object]]], Job]:
    """Declare an async function without arguments as a job."""

    def declare(function: Callable[[], Awaitable[object]]) -> Job:
        declared = Job(name, function, schedule, purpose)
        assert name not in _jobs or _jobs[name].run.__qualname__ == function.__qualname__, f"two jobs named {name}"
        _jobs[name] = declared
        return declared

    return declare


def every_job() -> list[Job]:
    return sorted(_jobs.values(), key=lambda declared: declared.name)


def is_time_for(interval: timedelta) -> bool:
    """Whether what is called every minute is to be done now, to be done this often: the clock decides, so that it is the
    same whoever is called. What is to be done more often than every minute is done every minute."""
    minutes = max(1, round(interval.total_seconds() / 60))
    return int(clock.now().timestamp()) // 60 % minutes == 0
