"""Leaving work in the queue, and having it done."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from domain.jobs.models import JobTask, TaskState
from domain.jobs.queue import Attempt, GiveUp, NewTask, Payload, Retry, enqueue, enqueue_many
from domain.kit import clock
from domain.kit.clock import clock_set_to
from domain.kit.context import CallContext, call_context, current_call
from domain.kit.database import execute, fetchval
from domain.kit.ids import new_id
from domain.kit.unit_of_work import unit_of_work
from tests.domain.jobs.queues import a_queue, a_runner, leave, task
from tests.support.happenings import assert_integrity, names_of_events
from tests.support.races import at_once

pytestmark = pytest.mark.usefixtures("database")


class Diary:
    """A handler that writes down what it was asked, and fails when it is told to."""

    def __init__(self, *failures: Exception) -> None:
        self.heard: list[tuple[Any, int]] = []
        self.calls: list[CallContext] = []
        self.failures = list(failures)

    async def __call__(self, payload: Payload, attempt: Attempt) -> None:
        self.heard.append((payload.get("say"), attempt.number))
        self.calls.append(current_call())
        if self.failures:
            raise self.failures.pop(0)


async def test_work_is_done_with_what_was_said_and_for_whom() -> None:
    diary, call = Diary(), CallContext(actor_id=new_id())
    with a_queue(diary) as queue:
        with call_context(call):
            task_id = await leave(queue, {"say": "hello"})
        assert await a_runner().run_what_is_there() == 1
    done = await task(task_id)
    assert (done.state, done.attempts, done.last_error) == (TaskState.DONE, 1, None)
    assert diary.heard == [("hello", 1)]
    assert (diary.calls[0].actor_id, diary.calls[0].correlation_id) == (call.actor_id, call.correlation_id)
    assert await names_of_events() == []
    await assert_integrity("jobs")


async def test_work_left_in_a_unit_of_work_that_fails_was_never_left() -> None:
    with a_queue(Diary()) as queue, pytest.raises(RuntimeError):
        async with unit_of_work() as work:
            await enqueue(work, queue, {})
            raise RuntimeError("changed our mind")
    assert await JobTask.all().count() == 0


async def test_what_fails_is_tried_again_later_each_time_and_dies_in_the_end() -> None:
    diary = Diary(*(ValueError(f"failure {n}") for n in range(3)))
    with a_queue(diary, max_attempts=3, retry_delay_s=10) as queue:
        task_id = await leave(queue)
        waits = []
        with clock_set_to(clock.now()):
            start = clock.now()
        for _ in range(3):
            with clock_set_to(start):
                await a_runner().run_what_is_there()
            waiting = await task(task_id)
            waits.append((waiting.run_after - start).total_seconds())
            start = waiting.run_after
    assert 5 <= waits[0] <= 15 and 10 <= waits[1] <= 30
    dead = await task(task_id)
    assert (dead.state, dead.attempts, dead.last_error) == (TaskState.DEAD, 3, "ValueError: failure 2")
    assert [number for _, number in diary.heard] == [1, 2, 3]
    assert await names_of_events() == ["jobs.task_died"]


async def test_a_handler_says_when_to_come_again_or_gives_up() -> None:
    with a_queue(Diary(Retry(120, "too many messages"), GiveUp("no such address"))) as queue:
        task_id = await leave(queue)
        now = clock.now()
        with clock_set_to(now):
            await a_runner().run_what_is_there()
        waiting = await task(task_id)
        assert (waiting.state, waiting.last_error) == (TaskState.RETRYING, "Retry: too many messages")
        assert waiting.run_after == now + timedelta(seconds=120)
        with clock_set_to(now + timedelta(seconds=121)):
            await a_runner().run_what_is_there()
    dead = await task(task_id)
    assert (dead.state, dead.attempts, dead.last_error) == (TaskState.DEAD, 2, "GiveUp: no such address")


async def test_the_most_urgent_goes_first_and_nothing_before_its_time() -> None:
    diary = Diary()
    with a_queue(diary, concurrency=1) as queue:
        for say, priority in (("later", 0), ("urgent", 9), ("soon", 5)):
            await leave(queue, {"say": say}, priority=priority)
        await leave(queue, {"say": "tomorrow"}, priority=99, run_after=timedelta(days=1))
        await a_runner().run_what_is_there()
    assert [say for say, _ in diary.heard] == ["urgent", "soon", "later"]
    assert await JobTask.filter(state="QUEUED").count() == 1


async def test_of_work_with_one_key_there_is_one_while_it_is_open() -> None:
    diary = Diary()
    with a_queue(diary) as queue:
        ids = await at_once([leave(queue, {"say": n}, dedupe_key="the report") for n in range(12)])
        assert len(set(ids)) == 1
        await a_runner().run_what_is_there()
        assert len(diary.heard) == 1
        assert await leave(queue, {"say": "anew"}, dedupe_key="the report") not in ids


async def test_many_are_left_at_once_those_with_a_taken_key_only_named() -> None:
    with a_queue(Diary()) as queue:
        first = await leave(queue, dedupe_key="a")
        async with unit_of_work() as work:
            ids = await enqueue_many(work, queue, [NewTask({}, "a"), NewTask({}, "b"), NewTask({}), NewTask({}, "b")])
    assert ids[0] == first and ids[1] == ids[3] and len(set(ids)) == 3
    assert await JobTask.all().count() == 3


async def test_a_task_belongs_to_the_call_that_leaves_it_or_to_what_it_says() -> None:
    call, other = CallContext(actor_id=new_id()), new_id()
    with a_queue(Diary()) as queue, call_context(call):
        async with unit_of_work() as work:
            ids = await enqueue_many(work, queue, [NewTask({}), NewTask({}, correlation_id=other)])
    found = [await JobTask.get(id=each) for each in ids]
    assert [each.correlation_id for each in found] == [call.correlation_id, other]


async def test_all_workers_together_keep_to_the_concurrency_of_a_queue() -> None:
    at_work = most = 0

    async def handle(payload: Payload, attempt: Attempt) -> None:
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        await asyncio.sleep(0.005)
        at_work -= 1

    with a_queue(handle, concurrency=3) as queue:
        async with unit_of_work() as work:
            await enqueue_many(work, queue, [NewTask({}) for _ in range(40)])
        await at_once([a_runner().run_what_is_there() for _ in range(4)])
        while await a_runner().run_what_is_there():
            pass
    assert most == 3
    assert await JobTask.filter(state="DONE", attempts=1).count() == 40


async def test_effects_and_the_end_of_the_task_commit_together() -> None:
    """The handler dies after its unit of work has committed: the task is done, and nothing is repeated."""

    async def handle(payload: Payload, attempt: Attempt) -> None:
        async with unit_of_work() as work:
            await work.execute("insert into effects_of_test values (1)")
            await attempt.complete(work)
        raise RuntimeError("after the fact")

    await execute("create table effects_of_test (amount int)")
    try:
        with a_queue(handle) as queue:
            task_id = await leave(queue)
            assert await a_runner().run_what_is_there() == 1
        assert await fetchval("select count(*) from effects_of_test") == 1
    finally:
        await execute("drop table effects_of_test")
    assert (await task(task_id)).state is TaskState.DONE


async def test_a_handler_that_takes_too_long_has_failed() -> None:
    async def handle(payload: Payload, attempt: Attempt) -> None:
        await asyncio.sleep(60)

    with a_queue(handle, timeout_s=0.01, max_attempts=1) as queue:
        task_id = await leave(queue)
        await a_runner().run_what_is_there()
    dead = await task(task_id)
    assert (dead.state, dead.last_error) == (TaskState.DEAD, "TimeoutError")


@pytest.mark.parametrize(
    "statement",
    [
        "update job_task set state = 'RUNNING'",
        "update job_task set state = 'RUNNING', lease_id = gen_random_uuid(), leased_until = now()",
        "update job_task set state = 'DONE', finished_at = now()",
        'update job_task set payload = \'{"say": "another"}\'',
        "update job_task set attempts = 99",
    ],
)
async def test_the_database_guards_the_ways_of_a_task(statement: str) -> None:
    with a_queue(Diary()) as queue:
        await leave(queue)
    with pytest.raises(Exception, match=r"job_task|a task|an attempt"):
        await execute(statement)
