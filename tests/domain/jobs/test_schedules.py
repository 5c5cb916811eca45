"""Jobs by the clock: due once, recorded, tried again, caught up after a pause; and what is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from croniter import croniter

from domain.jobs import leases, schedules
from domain.jobs.jobs import KEEP_RUNS, forget_old
from domain.jobs.models import JobRun, JobTask, RunOutcome, TaskState
from domain.jobs.queries import job_status
from domain.jobs.queue import every_queue
from domain.jobs.schedules import announce_schedules, enqueue_due, queue_of
from domain.kit import jobs
from domain.kit.clock import clock_set_to
from domain.kit.database import execute, fetch
from domain.kit.jobs import Job, every_job
from tests.domain.jobs.queues import a_queue, a_runner, leave
from tests.support.happenings import assert_integrity, names_of_events
from tests.support.races import at_once

pytestmark = pytest.mark.usefixtures("database")

NOON = datetime(2030, 3, 4, 12, 0, 30, tzinfo=UTC)


class Work:
    """What a scheduled job does in these tests: counts, and fails as often as it is told."""

    def __init__(self, failures: int = 0) -> None:
        self.runs, self.failures = 0, failures

    async def __call__(self) -> int:
        self.runs += 1
        if self.failures:
            self.failures -= 1
            raise ValueError("not today")
        return self.runs


@contextmanager
def only_job(work: Work, monkeypatch: pytest.MonkeyPatch) -> Iterator[Job]:
    """The one scheduled job of the house, every five minutes."""
    declared = Job("tests.clockwork", work, "*/5 * * * *", "Work of a test.")
    monkeypatch.setattr(jobs, "_jobs", {declared.name: declared})
    yield declared


def test_every_schedule_of_the_house_can_be_read() -> None:
    names = [job.name for job in every_job()] + [queue.name for queue in every_queue()]
    assert len(set(names)) == len(names)
    assert all(croniter.is_valid(job.schedule) for job in every_job() if job.schedule is not None)


async def test_what_is_due_runs_once_whoever_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    work = Work()
    with only_job(work, monkeypatch) as job, clock_set_to(NOON):
        await announce_schedules()
        await a_runner().run_what_is_there()
        assert work.runs == 0
        with clock_set_to(NOON + timedelta(minutes=5)):
            found = await at_once([enqueue_due({job.name: job}) for _ in range(8)])
            assert sum(found) == 1
            await a_runner().run_what_is_there()
            await a_runner().run_what_is_there()
    assert work.runs == 1
    [run] = await JobRun.all()
    assert (run.name, run.outcome, run.attempt, run.error) == (job.name, RunOutcome.DONE, 1, None)
    await assert_integrity("jobs")


async def test_what_fell_due_while_nobody_was_there_is_caught_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    work = Work()
    with only_job(work, monkeypatch):
        with clock_set_to(NOON):
            await announce_schedules()
        with clock_set_to(NOON + timedelta(hours=3)):
            await announce_schedules()
            await a_runner().run_what_is_there()
            [row] = await fetch("select due_at from job_schedule")
    assert work.runs == 1
    assert row["due_at"] == NOON.replace(hour=15, minute=5, second=0)


async def test_another_expression_moves_the_due_time(monkeypatch: pytest.MonkeyPatch) -> None:
    with only_job(Work(), monkeypatch) as job, clock_set_to(NOON):
        await announce_schedules()
        monkeypatch.setattr(jobs, "_jobs", {job.name: Job(job.name, job.run, "0 3 * * *", job.purpose)})
        await announce_schedules()
        [row] = await fetch("select due_at from job_schedule")
    assert row["due_at"] == datetime(2030, 3, 5, 3, tzinfo=UTC)


async def test_a_job_that_fails_is_tried_again_before_it_is_due_again(monkeypatch: pytest.MonkeyPatch) -> None:
    work = Work(failures=2)
    monkeypatch.setattr(schedules, "RETRY_DELAY_S", 0.0)
    with only_job(work, monkeypatch):
        with clock_set_to(NOON):
            await announce_schedules()
        with clock_set_to(NOON + timedelta(minutes=5)):
            await a_runner().run_what_is_there()
    outcomes = [(run.attempt, run.outcome.value, run.error) for run in await JobRun.all().order_by("id")]
    assert outcomes == [(1, "FAILED", "ValueError: not today"), (2, "FAILED", "ValueError: not today"), (3, "DONE", None)]


async def test_of_a_job_that_goes_on_failing_one_dead_task_is_kept_until_it_succeeds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    work = Work(failures=6)
    monkeypatch.setattr(schedules, "RETRY_DELAY_S", 0.0)
    with only_job(work, monkeypatch):
        with clock_set_to(NOON):
            await announce_schedules()
        for minutes in (5, 10, 15):
            with clock_set_to(NOON + timedelta(minutes=minutes)):
                await a_runner().run_what_is_there()
                assert await JobTask.filter(state="DEAD").count() == (1 if minutes < 15 else 0)
                [status] = await job_status(["tests.clockwork"])
                assert status.last_outcome is (RunOutcome.FAILED if minutes < 15 else RunOutcome.DONE)
                assert status.is_troubled == (minutes < 15)
    assert await JobTask.filter(state="CANCELLED").count() == 2
    superseding = ["jobs.task_died", "jobs.tasks_superseded"]
    assert sorted(await names_of_events()) == sorted(superseding * 2)


async def test_a_run_whose_worker_died_is_recorded_as_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    work = Work()
    with only_job(work, monkeypatch) as job:
        with clock_set_to(NOON):
            await announce_schedules()
        with clock_set_to(NOON + timedelta(minutes=5)):
            await enqueue_due({job.name: job})
            await leases.take({job.name: queue_of(job)}, places=1, lease=timedelta(), recorded=[job.name])
            await a_runner().run_what_is_there()
    assert [run.outcome.value for run in await JobRun.all().order_by("id")] == ["LOST", "DONE"]
    assert work.runs == 1


async def test_old_work_and_old_runs_are_forgotten() -> None:
    async def handle(payload: object, attempt: object) -> None: ...

    with a_queue(handle) as queue:
        await leave(queue)
        await a_runner().run_what_is_there()
        waiting = await leave(queue, run_after=timedelta(days=900))
    await execute(
        """insert into job_run (name, task_id, attempt, started_at, finished_at, outcome)
           select 'tests.clockwork', gen_random_uuid(), 1, now(), now(), 'DONE' from generate_series(1, $1)""",
        KEEP_RUNS + 30,
    )
    newest = await JobRun.all().order_by("-id").first()
    assert await forget_old.run() == 30
    with clock_set_to(datetime.now(UTC) + timedelta(days=4)):
        assert await forget_old.run() == 1
    assert [task.id for task in await JobTask.all()] == [waiting]
    assert (await JobTask.get(id=waiting)).state is TaskState.QUEUED
    assert await JobRun.all().count() == KEEP_RUNS
    assert newest is not None and await JobRun.exists(id=newest.id)
