"""The runner: takes tasks out of the queue and has their handlers do them, on the connections of the process's pool.

Nothing here is worth keeping when the process dies. A database that is away is waited for; a handler that goes on too
long, or whose lease is lost, is cancelled; a runner that is asked to stop gives back what it has not finished.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from time import perf_counter
from typing import Final
from uuid import UUID

import structlog
from prometheus_client import Counter, Histogram

from domain.jobs import leases
from domain.jobs.leases import Leased
from domain.jobs.queue import GiveUp, LeaseLost, Queue, Retry, every_queue, ring_after_enqueue
from domain.jobs.schedules import announce_schedules, enqueue_due, queue_of, scheduled_jobs
from domain.jobs.settings import JobSettings, current
from domain.kit import tracing
from domain.kit.context import call_context
from domain.kit.outages import turns_everybody_away

SCHEDULE_POLL_S: Final = 1.0
ANNOUNCE_S: Final = 60.0
LONGEST_PAUSE_S: Final = 5.0

_ATTEMPTS: Final = Counter(
    "daftari_job_attempts_total", "Attempts at tasks by queue and by what came of them.", ["queue", "outcome"]
)
_TOOK: Final = Histogram(
    "daftari_job_seconds", "How long attempts took.", ["queue"], buckets=(0.01, 0.05, 0.25, 1, 5, 30, 120, 600)
)

logger = structlog.get_logger(__name__)


class CancelledItself(Exception):
    """A handler ended as if it was cancelled, and nobody had cancelled it."""


@dataclass
class _Running:
    """``kept_at`` is when the lease was taken or renewed last, by the loop's clock."""

    task: asyncio.Task[None]
    kept_at: float
    lost: bool = False


@dataclass
class Runner:
    """One for a worker. ``run`` works until it is cancelled."""

    settings: JobSettings = field(default_factory=current)
    _running: dict[UUID, _Running] = field(default_factory=dict)
    _doorbell: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self._jobs = scheduled_jobs()
        self._queues: dict[str, Queue] = {queue.name: queue for queue in every_queue()}
        for job in self._jobs.values():
            assert job.name not in self._queues, f"{job.name} is a scheduled job and a queue"
            self._queues[job.name] = queue_of(job)
        self._timed = {name: job for name, job in self._jobs.items() if job.schedule is not None}

    async def run(self) -> None:
        silence = ring_after_enqueue(self._doorbell.set)
        steps = [
            asyncio.create_task(_again_and_again("jobs_announce", self._announce)),
            asyncio.create_task(_again_and_again("jobs_due", self._look_at_the_clock)),
            asyncio.create_task(_again_and_again("jobs_renew", self._renew)),
            asyncio.create_task(_again_and_again("jobs_take", self._take)),
        ]
        try:
            await asyncio.gather(*steps)
        finally:
            silence()
            for step in steps:
                step.cancel()
            await asyncio.gather(*steps, return_exceptions=True)
            await self._stop()

    async def run_what_is_there(self) -> int:
        """Do all that is due now and return how many attempts that was: for tests and for operators."""
        attempts = 0
        await enqueue_due(self._timed)
        while await self._take_batch():
            attempts += len(self._running)
            await asyncio.gather(*(each.task for each in list(self._running.values())))
        return attempts

    async def _announce(self) -> None:
        """Again and again, because a clock may have gone ahead and been put right."""
        await announce_schedules()
        await asyncio.sleep(ANNOUNCE_S)

    async def _look_at_the_clock(self) -> None:
        if await enqueue_due(self._timed):
            self._doorbell.set()
        await asyncio.sleep(SCHEDULE_POLL_S)

    async def _take(self) -> None:
        self._doorbell.clear()
        if not await self._take_batch():
            try:
                await asyncio.wait_for(self._doorbell.wait(), self.settings.poll_s)
            except TimeoutError:
                return

    async def _take_batch(self) -> int:
        """Begin what is waiting, as far as there are places; returns how many began."""
        places = self.settings.places - len(self._running)
        if places <= 0 or not await leases.anything_to_do(self._queues):
            return 0
        asked_at = asyncio.get_running_loop().time()
        taken = await leases.take(self._queues, places=places, lease=self._lease, recorded=self._jobs)
        for leased in taken:
            attempt = asyncio.create_task(self._attempt(leased))
            self._running[leased.attempt.lease_id] = _Running(attempt, asked_at)
        return len(taken)

    async def _renew(self) -> None:
        """Renew well before the leases end, and cancel handlers that have lost theirs."""
        await asyncio.sleep(self.settings.lease_s / 4)
        mine = dict(self._running)
        if not mine:
            return
        kept = await self._kept(mine)
        for lease_id, running in mine.items():
            if lease_id not in kept and not running.task.done():
                running.lost = True
                running.task.cancel()

    async def _kept(self, mine: dict[UUID, _Running]) -> set[UUID]:
        """Which leases are still ours. While the database cannot be asked, those that cannot have ended yet."""
        loop = asyncio.get_running_loop()
        asked_at = loop.time()
        try:
            async with asyncio.timeout(self.settings.lease_s / 4):
                kept = await leases.renew(mine.keys(), self._lease)
        except Exception as error:
            logger.warning("leases_not_renewed", error=_said_of(error))
            return {key for key, running in mine.items() if loop.time() - running.kept_at < self.settings.lease_s}
        for lease_id in kept:
            mine[lease_id].kept_at = asked_at
        return kept

    @property
    def _lease(self) -> timedelta:
        return timedelta(seconds=self.settings.lease_s)

    async def _attempt(self, leased: Leased) -> None:
        """One attempt, from here to its end in the table. Never raises: what cannot be told is found when the lease ends."""
        began, lease_id = perf_counter(), leased.attempt.lease_id
        try:
            await self._handle(leased, began)
        except asyncio.CancelledError:
            # The step that renews leases cancels what is no longer ours; a runner that stops cancels everything.
            if not self._running[lease_id].lost:
                await _said("task_not_given_back", leases.give_back(leased, took_ms=_ms_since(began)))
        except Exception as error:
            logger.warning("task_end_not_told", queue=leased.queue.name, error=_said_of(error))
        finally:
            del self._running[lease_id]
            self._doorbell.set()

    async def _handle(self, leased: Leased, began: float) -> None:
        queue, attempt = leased.queue, leased.attempt
        notes: tracing.Notes = {"daftari.queue": queue.name, "daftari.attempt": attempt.number}
        try:
            with (
                call_context(leased.call),
                tracing.later(f"job {queue.name}", leased.call.correlation_id, notes=notes),
                _TOOK.labels(queue.name).time(),
            ):
                async with asyncio.timeout(queue.timeout_s):
                    result = await self._uncancelled(leased)
        except LeaseLost:
            _ATTEMPTS.labels(queue.name, "taken_over").inc()
            logger.warning("task_taken_over", queue=queue.name, task=str(attempt.task_id))
        except Exception as error:
            if turns_everybody_away(error):
                await self._put_off(leased, error, began)
                return
            again_after = _pause_after(error, leased)
            dead = await leases.end_badly(leased, _said_of(error), again_after=again_after, took_ms=_ms_since(began))
            _ATTEMPTS.labels(queue.name, "dead" if dead else "failed").inc()
            say = logger.error if dead else logger.warning
            say(
                "task_dead" if dead else "task_failed",
                queue=queue.name,
                task=str(attempt.task_id),
                attempt=attempt.number,
                exc_info=None if isinstance(error, Retry | GiveUp) else error,
            )
        else:
            await leases.end_well(leased, took_ms=_ms_since(began))
            _ATTEMPTS.labels(queue.name, "done").inc()
            logger.info("task_done", queue=queue.name, result=result, took_ms=_ms_since(began))

    async def _put_off(self, leased: Leased, error: Exception, began: float) -> None:
        pause = timedelta(seconds=LONGEST_PAUSE_S * random.uniform(0.5, 1.5))
        await leases.put_off(leased, _said_of(error), again_after=pause, took_ms=_ms_since(began))
        _ATTEMPTS.labels(leased.queue.name, "put_off").inc()
        logger.warning("task_put_off", queue=leased.queue.name, task=str(leased.attempt.task_id), error=_said_of(error))

    async def _uncancelled(self, leased: Leased) -> object:
        """The handler's result. One that cancels itself has failed; only we may cancel it for good."""
        task = asyncio.current_task()
        try:
            return await leased.queue.handle(leased.payload, leased.attempt)
        except asyncio.CancelledError as cancelled:
            if task is not None and task.cancelling():
                raise
            raise CancelledItself("the handler was cancelled from within") from cancelled

    async def _stop(self) -> None:
        """Let handlers end that are about to, and cancel the others."""
        tasks = [running.task for running in self._running.values()]
        if tasks:
            await asyncio.wait(tasks, timeout=self.settings.grace_s)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _again_and_again(name: str, step: Callable[[], Awaitable[None]]) -> None:
    """Repeat a step until cancelled. When it fails, say so and pause, longer each time."""
    pause = 0.1
    while True:
        try:
            await step()
            pause = 0.1
        except Exception as error:
            logger.warning("runner_step_failed", step=name, error=_said_of(error))
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))
            pause = min(pause * 2, LONGEST_PAUSE_S)


async def _said(complaint: str, act: Awaitable[None]) -> None:
    try:
        await act
    except Exception as error:
        logger.warning(complaint, error=_said_of(error))


def _pause_after(error: Exception, leased: Leased) -> timedelta | None:
    """How long to wait before the next attempt; None when there is none."""
    if isinstance(error, GiveUp) or leased.attempt.is_last:
        return None
    if isinstance(error, Retry):
        return timedelta(seconds=max(error.after_s, 0))
    queue = leased.queue
    doubled = queue.retry_delay_s * 2 ** min(leased.attempt.number - 1, 30)
    return timedelta(seconds=min(doubled, queue.max_retry_delay_s) * random.uniform(0.5, 1.5))


def _said_of(error: Exception) -> str:
    text = str(error).replace("\x00", "")
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _ms_since(began: float) -> int:
    return round((perf_counter() - began) * 1000)
