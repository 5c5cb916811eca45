"""Workers that die, stop or lose their lease: nothing is lost, and what is fenced is not doubled."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from domain.jobs import leases
from domain.jobs.models import JobTask, TaskState
from domain.jobs.queue import Attempt, LeaseLost, NewTask, Payload, enqueue_many
from domain.kit.database import execute
from domain.kit.unit_of_work import unit_of_work
from tests.domain.jobs.queues import a_queue, a_runner, at_work, leave, task
from tests.support.happenings import names_of_events

pytestmark = pytest.mark.usefixtures("database")

LEASE = timedelta(seconds=5)


async def never(payload: Payload, attempt: Attempt) -> None:
    raise AssertionError("it is not to run")


async def leases_end() -> None:
    """As if the workers that hold them had been dead for long."""
    await execute("update job_task set leased_until = now() - interval '1 minute' where state = 'RUNNING'")


async def test_what_a_dead_worker_had_begins_again_and_the_attempt_counts() -> None:
    heard = []

    async def handle(payload: Payload, attempt: Attempt) -> None:
        heard.append(attempt.number)

    with a_queue(handle) as queue:
        task_id = await leave(queue)
        [lost] = await leases.take({queue.name: queue}, places=1, lease=LEASE)
        assert await a_runner().run_what_is_there() == 0, "while the lease lasts it is not ours"
        await leases_end()
        assert await a_runner().run_what_is_there() == 1
        assert heard == [2]
        with pytest.raises(LeaseLost):
            async with unit_of_work() as work:
                await lost.attempt.complete(work)
        with pytest.raises(LeaseLost):
            async with unit_of_work() as work:
                await lost.attempt.hold(work)
        assert await leases.renew([lost.attempt.lease_id], LEASE) == set()
        await leases.end_badly(lost, "late", again_after=timedelta(), took_ms=1)
    assert (await task(task_id)).state is TaskState.DONE


@pytest.mark.fault("a task kills whoever does it")
async def test_a_task_that_kills_its_worker_each_time_is_dead_in_the_end() -> None:
    with a_queue(never, max_attempts=2) as queue:
        task_id = await leave(queue)
        for _ in range(2):
            await leases.take({queue.name: queue}, places=1, lease=LEASE)
            await leases_end()
        assert await a_runner().run_what_is_there() == 0
    dead = await task(task_id)
    assert (dead.state, dead.attempts) == (TaskState.DEAD, 2)
    assert "lost" in str(dead.last_error)
    assert await names_of_events() == ["jobs.task_died"]


async def test_a_runner_that_stops_gives_back_what_it_has_not_finished() -> None:
    began = asyncio.Event()

    async def handle(payload: Payload, attempt: Attempt) -> None:
        began.set()
        await asyncio.sleep(60)

    with a_queue(handle) as queue:
        task_id = await leave(queue)
        async with at_work():
            await asyncio.wait_for(began.wait(), 10)
    given_back = await task(task_id)
    assert (given_back.state, given_back.attempts, given_back.lease_id) == (TaskState.QUEUED, 0, None)


async def test_a_handler_whose_task_is_cancelled_meanwhile_is_cancelled_itself() -> None:
    began, ended = asyncio.Event(), asyncio.Event()

    async def handle(payload: Payload, attempt: Attempt) -> None:
        began.set()
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()

    with a_queue(handle) as queue:
        task_id = await leave(queue)
        async with at_work(lease_s=0.2):
            await asyncio.wait_for(began.wait(), 10)
            await execute(
                "update job_task set state = 'CANCELLED', lease_id = null, leased_until = null, finished_at = now()"
            )
            await asyncio.wait_for(ended.wait(), 10)
    assert (await task(task_id)).state is TaskState.CANCELLED


async def test_a_handler_that_cancels_itself_has_failed() -> None:
    async def handle(payload: Payload, attempt: Attempt) -> None:
        raise asyncio.CancelledError

    with a_queue(handle, max_attempts=1) as queue:
        task_id = await leave(queue)
        await a_runner().run_what_is_there()
    assert (await task(task_id)).state is TaskState.DEAD


async def test_a_long_task_keeps_its_lease_for_as_long_as_it_runs() -> None:
    async def handle(payload: Payload, attempt: Attempt) -> None:
        await asyncio.sleep(1.1)

    with a_queue(handle) as queue:
        task_id = await leave(queue)
        async with at_work(2, lease_s=0.7), asyncio.timeout(20):
            while (await task(task_id)).state is not TaskState.DONE:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
    assert (await task(task_id)).attempts == 1


async def test_a_task_that_is_just_ending_does_not_hold_up_the_leases_of_others() -> None:
    with a_queue(never) as queue:
        async with unit_of_work() as work:
            await enqueue_many(work, queue, [NewTask({}), NewTask({})])
        ending, other = await leases.take({queue.name: queue}, places=2, lease=timedelta(seconds=1))
        both = {ending.attempt.lease_id, other.attempt.lease_id}
        ended, renewed = asyncio.Event(), asyncio.Event()

        async def end() -> None:
            async with unit_of_work() as work:
                await ending.attempt.complete(work)
                ended.set()
                await renewed.wait()

        task = asyncio.create_task(end())
        await asyncio.wait_for(ended.wait(), 10)
        async with asyncio.timeout(10):
            assert await leases.renew(both, timedelta(hours=1)) == both
        renewed.set()
        await task
        assert await leases.renew(both, LEASE) == {other.attempt.lease_id}


@pytest.mark.fault("PostgreSQL ends the sessions of a worker in the midst of tasks")
async def test_a_runner_outlives_connections_that_are_cut() -> None:
    lines: list[int] = []

    async def handle(payload: Payload, attempt: Attempt) -> None:
        async with unit_of_work() as work:
            await asyncio.sleep(0.01)
            await attempt.complete(work)
        lines.append(payload["number"])

    with a_queue(handle, concurrency=4, max_attempts=50) as queue:
        async with unit_of_work() as work:
            await enqueue_many(work, queue, [NewTask({"number": n}) for n in range(60)])
        async with at_work(lease_s=0.5):
            for _ in range(4):
                await asyncio.sleep(0.05)
                await cut_all_connections()
            async with asyncio.timeout(30):
                while await JobTask.filter(state="DONE").count() < 60:  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
    assert sorted(set(lines)) == sorted(lines), "none is done twice"


async def cut_all_connections() -> None:
    """When this returns, all others have ended: one that is still about to would be cut in somebody else's hands."""
    await execute(
        "select pg_terminate_backend(pid, 10000) from pg_stat_activity where pid <> pg_backend_pid() and usename is not null"
    )


async def test_runners_share_a_heap_of_work_each_task_once() -> None:
    heard: list[int] = []

    async def handle(payload: Payload, attempt: Attempt) -> None:
        heard.append(payload["number"])

    with a_queue(handle, concurrency=20) as queue:
        async with at_work(3):
            async with unit_of_work() as work:
                await enqueue_many(work, queue, [NewTask({"number": n}) for n in range(200)])
            async with asyncio.timeout(30):
                while await JobTask.filter(state="DONE").count() < 200:  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
    assert sorted(heard) == list(range(200))
