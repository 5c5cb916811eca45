"""Runs: at once or in the background, each subject once, wherever a worker is killed; refusals and breakdowns of one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest

from domain.events.listeners import catch_up
from domain.identity.actor import SYSTEM, Actor
from domain.identity.permissions import Role
from domain.identity.service import deactivate_user
from domain.jobs.models import JobTask
from domain.jobs.queue import Attempt
from domain.jobs.runner import Runner
from domain.jobs.service import discard_task
from domain.kit.database import execute, fetchval
from domain.kit.errors import DomainError, Forbidden
from domain.kit.ids import new_id
from domain.kit.paging import PageRequest
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.school.errors import RunNotOpen, SchoolRunNotFound
from domain.school.handlers import follower
from domain.school.models import SchoolRun, SchoolRunResult
from domain.school.queries.runs import results_of_run, school_run, school_runs
from domain.school.service import runs
from domain.school.service.runs import Done, Part, cancel_run, carry_out, resume_run, start_run
from domain.school.states import SchoolRunKind, SchoolRunStatus
from tests.support.happenings import events_so_far, nothing_happens
from tests.support.people import a_branch, an_actor, somebody
from tests.support.races import outcomes_of

pytestmark = pytest.mark.usefixtures("database")

S = SchoolRunStatus
KIND = SchoolRunKind.BILLING


class Unlucky(DomainError):
    """This one has no luck."""

    code = "UNLUCKY"


class Counting:
    """An act that keeps what it has done in the table of subjects' notes: rows of the log of activities."""

    def __init__(self) -> None:
        self.turns: list[UUID] = []
        self.refused: set[UUID] = set()
        self.broken: set[UUID] = set()
        self.killed_at: UUID | None = None

    async def __call__(self, part: Part) -> Done:
        self.turns.append(part.subject_id)
        await part.work.execute(WRITE, new_id(), part.subject_id)
        if part.subject_id in self.refused:
            raise Unlucky("no luck today")
        if part.subject_id in self.broken:
            raise RuntimeError("a bug")
        if part.subject_id == self.killed_at:
            raise asyncio.CancelledError
        return Done("CHARGED", record_id=part.subject_id)


WRITE = """
insert into user_activity_log (id, at, activity, subject_kind, subject_id, title, correlation_id)
values ($1, now(), 'tried', 'test', $2, 'Tried', $1)
"""


@contextmanager
def acting(act: Any, **more: Any) -> Iterator[None]:
    """A kind of run that does this, inside the block."""
    known = runs._types.pop(KIND, None)
    runs.run_type(KIND, act=act, **more)
    try:
        yield
    finally:
        del runs._types[KIND]
        if known is not None:
            runs._types[KIND] = known


@retried
async def started(actor: Actor, subjects: Sequence[UUID], branch_id: UUID | None = None) -> SchoolRun:
    async with unit_of_work() as work:
        return await start_run(work, actor, KIND, subjects=subjects, parameters={"why": "a test"}, branch_id=branch_id)


def some(number: int) -> list[UUID]:
    return [new_id() for _ in range(number)]


def an_attempt(number: int = 1, most: int = 5) -> Attempt:
    return Attempt(task_id=new_id(), lease_id=new_id(), number=number, max_attempts=most)


async def written() -> int:
    count: int = await fetchval("select count(*) from user_activity_log")
    return count


async def told() -> list[tuple[str, int]]:
    return [
        (logged.fact.run.status.value, sum(logged.fact.run.counts.values()))
        for logged in await events_so_far()
        if logged.name == "school.run_changed"
    ]


async def test_few_are_done_at_once_and_who_is_refused_fails_alone() -> None:
    bursar, act, subjects = somebody(Role.BURSAR), Counting(), some(4)
    act.refused = {subjects[1]}
    with acting(act):
        run = await started(bursar, [*subjects, subjects[0]])
    assert (run.status, run.total, run.counts) == (S.DONE, 4, {"CHARGED": 3, "FAILED": 1})
    assert act.turns == subjects
    assert await written() == 3
    page = await results_of_run(bursar, run.id, PageRequest())
    assert [(row.subject_id, row.outcome, row.reason, row.message) for row in page.rows[:2]] == [
        (subjects[0], "CHARGED", None, ""),
        (subjects[1], "FAILED", "UNLUCKY", "no luck today"),
    ]
    failed = await results_of_run(bursar, run.id, PageRequest(), outcomes=["FAILED"])
    assert [row.record_id for row in failed.rows] == [None]
    assert await told() == [("QUEUED", 0), ("DONE", 4)]
    assert await JobTask.all().count() == 0
    with acting(act):
        assert (await started(bursar, [])).status is S.DONE


async def test_many_are_done_by_a_worker_for_who_asked_and_the_run_tells_how_far_it_is() -> None:
    bursar, act, subjects = await an_actor(Role.BURSAR), Counting(), some(30)
    closed: list[UUID] = []

    async def close(work: Work, actor: Actor, run: SchoolRun) -> None:
        assert actor.id == bursar.id
        closed.append(run.id)

    with acting(act, close=close):
        run = await started(bursar, subjects)
        assert (run.status, run.number[:4], act.turns) == (S.QUEUED, "RUN-", [])
        await Runner().run_what_is_there()
    done = await school_run(bursar, run.id)
    assert (done.status, done.counts, act.turns, closed) == (S.DONE, {"CHARGED": 30}, subjects, [run.id])
    steps = await told()
    assert (steps[0], steps[1], steps[-1]) == (("QUEUED", 0), ("RUNNING", 1), ("DONE", 30))
    assert len(steps) == 2 + 19 + 1
    assert [count for _, count in steps] == sorted(count for _, count in steps)


async def test_wherever_the_worker_is_killed_nobody_has_two_turns_that_count() -> None:
    bursar, act, subjects = await an_actor(Role.BURSAR), Counting(), some(14)
    with acting(act):
        run = await started(bursar, subjects)
        for place in (0, 5, 6, 13):
            act.killed_at = subjects[place]
            with pytest.raises(asyncio.CancelledError):
                await carry_out(run.id, an_attempt())
            assert (await SchoolRun.get(id=run.id)).counts.get("CHARGED", 0) == place
        act.killed_at = None
        await asyncio.gather(*(carry_out(run.id, an_attempt()) for _ in range(3)))
        assert await carry_out(run.id, an_attempt()) == "nothing to do"
    assert (await SchoolRun.get(id=run.id)).counts == {"CHARGED": 14}
    assert await SchoolRunResult.filter(run_id=run.id).count() == 14
    assert await written() == 14
    assert (await told())[-1] == ("DONE", 14)


async def test_what_breaks_is_tried_again_after_the_others_and_fails_alone_in_the_end() -> None:
    bursar, act, subjects = await an_actor(Role.BURSAR), Counting(), some(12)
    act.broken, act.refused = {subjects[2]}, {subjects[3]}
    with acting(act):
        run = await started(bursar, subjects)
        with pytest.raises(Exception, match="1 of 12 went wrong"):
            await carry_out(run.id, an_attempt())
        assert (await SchoolRun.get(id=run.id)).counts == {"CHARGED": 10, "FAILED": 1}
        await carry_out(run.id, an_attempt(5))
    done = await SchoolRun.get(id=run.id)
    assert (done.status, done.counts) == (S.DONE, {"CHARGED": 10, "FAILED": 2})
    broken = await SchoolRunResult.get(run_id=run.id, subject_id=subjects[2])
    assert (broken.outcome, broken.reason) == ("FAILED", "ERROR")
    assert "bug" not in broken.message
    assert await written() == 10


async def test_a_run_is_cancelled_given_up_and_taken_up_again() -> None:
    bursar, act = await an_actor(Role.BURSAR), Counting()
    with acting(act):
        run = await started(bursar, some(11))
        cancelled = await cancel_run(bursar, run_id=run.id)
        assert (cancelled.status, cancelled.finished_at is not None) == (S.CANCELLED, True)
        await Runner().run_what_is_there()
        assert act.turns == []
        for act_again in (cancel_run, resume_run):
            async with nothing_happens():
                with pytest.raises(RunNotOpen):
                    await act_again(bursar, run_id=run.id)
        run = await started(bursar, some(12))
        [task] = await JobTask.filter(dedupe_key=str(run.id))
        await discard_task(task.id, by=bursar.id)
        await events_so_far()
        await catch_up(follower)
        failed = await SchoolRun.get(id=run.id)
        assert (failed.status, failed.failure) == (S.FAILED, "the work on it was cancelled")
        assert (await resume_run(bursar, run_id=run.id)).status is S.QUEUED
        await Runner().run_what_is_there()
    assert (await SchoolRun.get(id=run.id)).counts == {"CHARGED": 12}


async def test_two_who_resume_at_once_have_each_subject_done_once() -> None:
    bursar, act = await an_actor(Role.BURSAR), Counting()
    with acting(act):
        run = await started(bursar, some(12))
        [task] = await JobTask.filter(dedupe_key=str(run.id))
        await discard_task(task.id, by=bursar.id)
        await events_so_far()
        await catch_up(follower)
        outcomes = await outcomes_of(resume_run(bursar, run_id=run.id) for _ in range(4))
        assert sum(isinstance(each, RunNotOpen) for each in outcomes) == 3
        await asyncio.gather(*(Runner().run_what_is_there() for _ in range(2)))
    assert sorted(act.turns) == sorted(set(act.turns)) and len(act.turns) == 12
    assert (await SchoolRun.get(id=run.id)).counts == {"CHARGED": 12}


async def test_a_run_is_in_the_name_of_who_asked_with_the_rights_of_now() -> None:
    bursar, act = await an_actor(Role.BURSAR), Counting()
    with acting(act):
        run = await started(bursar, some(11))
        await deactivate_user(SYSTEM, user_id=bursar.id)
        assert await carry_out(run.id, an_attempt()) == "refused: NOT_FOUND"
        assert (await SchoolRun.get(id=run.id)).failure == "there is no such active user"
        house = await started(SYSTEM, some(11))
        assert await carry_out(house.id, an_attempt()) == "11 done"
    assert len(act.turns) == 11


async def test_a_run_is_seen_by_who_asked_and_by_those_who_could() -> None:
    here, there = await a_branch(), await a_branch()
    bursar, other = somebody(Role.BURSAR, branch=here), somebody(Role.BURSAR, branch=there)
    registrar, teacher, admin = somebody(Role.REGISTRAR, branch=here), somebody(Role.TEACHER), somebody(Role.ADMIN)
    with acting(Counting()):
        run = await started(bursar, some(1), here.id)
        for forbidden in (registrar, teacher):
            async with nothing_happens():
                with pytest.raises(Forbidden):
                    await started(forbidden, some(1), here.id)
    for sees in (bursar, admin, somebody(Role.BURSAR, branch=here)):
        assert [row.id for row in (await school_runs(sees, PageRequest(), kinds=[KIND])).rows] == [run.id]
    for stranger in (other, registrar, teacher):
        assert (await school_runs(stranger, PageRequest())).rows == []
        with pytest.raises(SchoolRunNotFound):
            await school_run(stranger, run.id)
        with pytest.raises(SchoolRunNotFound):
            await cancel_run(stranger, run_id=run.id)


async def test_the_database_keeps_runs_as_they_were() -> None:
    with acting(Counting()):
        run = await started(somebody(Role.BURSAR), some(1))
    for statement in (
        "delete from school_run",
        "update school_run set status = 'RUNNING', finished_at = null",
        "update school_run set parameters = '{}'",
        f"""insert into school_run_result (id, run_id, subject_id, position, outcome, at)
            values ('{new_id()}', '{run.id}', '{new_id()}', 9, 'CHARGED', now())""",
    ):
        with pytest.raises(Exception, match=r"school_run|a run|what a run"):
            await execute(statement)
