"""Work in the background in the API: seen and looked after by administrators, by nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from domain.events.models import ParkedEvent
from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.jobs.queue import Attempt, GiveUp, Payload
from domain.kit import clock
from domain.kit.context import CallContext, call_context
from domain.kit.ids import new_id
from tests.domain.jobs.queues import a_queue, a_runner, leave
from tests.support.graphql import ask, ask_refused, do, do_refused, encode_id, feed_refused, refused_to_strangers
from tests.support.happenings import names_of_events
from tests.support.operations import operation, state_shown
from tests.support.people import an_actor

pytestmark = pytest.mark.usefixtures("database")

STATUS, TASKS, RUNS = operation("jobs/JobStatus"), operation("jobs/JobTasks"), operation("jobs/JobRuns")
PARKED, UPDATED = operation("jobs/ParkedEvents"), operation("jobs/JobStatusUpdated")
RETRY, DISCARD = operation("jobs/RetryJobTask"), operation("jobs/DiscardJobTask")
RUN_NOW, HEAR_AGAIN = operation("jobs/RunJobNow"), operation("jobs/RetryParkedEvent")
NODE = "query ($id: ID!) { node(id: $id) { __typename } }"
A_TASK = encode_id("JobTask", new_id())


class Failing:
    """A handler that gives up until it is told otherwise."""

    def __init__(self) -> None:
        self.fails = True

    async def __call__(self, payload: Payload, attempt: Attempt) -> None:
        if self.fails:
            raise GiveUp("no such address")


async def a_dead_task(queue: Any, actor: Actor) -> str:
    with call_context(CallContext(actor_id=actor.id)):
        task_id = await leave(queue, {"to": "somebody"}, dedupe_key="the one")
    await a_runner().run_what_is_there()
    return encode_id("JobTask", task_id)


async def test_only_who_may_sees_the_work() -> None:
    clerk, admin = await an_actor(Role.ACCOUNTANT), await an_actor(Role.ADMIN)
    for document in (STATUS, TASKS, RUNS, PARKED):
        await refused_to_strangers(document)
        assert await ask_refused(clerk, document) == "FORBIDDEN"
    assert await feed_refused(clerk, UPDATED) == "FORBIDDEN"
    assert (await ask(admin, TASKS))["nodes"] == (await ask(admin, RUNS))["nodes"] == []
    board = await ask(admin, STATUS)
    jobs = {job["name"]: job for job in board["jobs"]}
    assert (board["dead"], board["parked"]) == (0, 0)
    assert jobs["jobs.forget_old"]["schedule"] == "41 * * * *"
    assert not any(job["isTroubled"] for job in board["jobs"])
    assert (await ask(admin, STATUS, troubledOnly=True))["jobs"] == []
    assert [job["name"] for job in (await ask(admin, STATUS, names=["jobs.forget_old", "x"]))["jobs"]] == ["jobs.forget_old"]


async def test_a_dead_task_is_seen_retried_and_done() -> None:
    clerk, admin, handler = await an_actor(Role.ACCOUNTANT), await an_actor(Role.ADMIN), Failing()
    with a_queue(handler) as queue:
        task_id = await a_dead_task(queue, admin)
        [job] = (await ask(admin, STATUS, troubledOnly=True))["jobs"]
        assert (job["name"], job["dead"], job["lastOutcome"]) == ("tests.work", 1, "FAILED")
        assert job["lastError"] == "GiveUp: no such address"
        assert (await state_shown(admin, UPDATED, troubledOnly=True))["dead"] == 1
        [task] = (await ask(admin, TASKS, filter={"states": ["DEAD"], "name": "tests.work"}))["nodes"]
        assert (task["id"], task["payload"], task["requestedBy"]["name"]) == (task_id, {"to": "somebody"}, admin.name)
        assert await ask(admin, NODE, id=task_id) == {"__typename": "JobTask"}
        assert await ask(clerk, NODE, id=task_id) is None
        await refused_to_strangers(RETRY, input={"taskId": task_id})
        assert await ask_refused(clerk, RETRY, input={"taskId": task_id}) == "FORBIDDEN"
        assert await do_refused(admin, RETRY, input={"taskId": A_TASK}) == ("JOB_TASK_NOT_FOUND", ["input", "taskId"])
        handler.fails = False
        retried = await do(admin, RETRY, input={"taskId": task_id})
        assert (retried["task"]["state"], retried["task"]["attempts"]) == ("QUEUED", 0)
        assert await do_refused(admin, RETRY, input={"taskId": task_id}) == ("JOB_TASK_NOT_DEAD", ["input", "taskId"])
        await a_runner().run_what_is_there()
        assert await do_refused(admin, DISCARD, input={"taskId": task_id}) == ("JOB_TASK_FINISHED", ["input", "taskId"])
    assert (await ask(admin, TASKS))["nodes"][0]["state"] == "DONE"
    assert [name for name in await names_of_events() if name.startswith("jobs.")] == ["jobs.task_died", "jobs.task_retried"]


async def test_a_dead_task_is_not_retried_beside_its_successor() -> None:
    admin = await an_actor(Role.ADMIN)
    with a_queue(Failing()) as queue:
        task_id = await a_dead_task(queue, admin)
        await leave(queue, dedupe_key="the one")
        assert await do_refused(admin, RETRY, input={"taskId": task_id}) == ("JOB_TASK_SUPERSEDED", ["input", "taskId"])


async def test_a_task_is_given_up() -> None:
    clerk, admin = await an_actor(Role.ACCOUNTANT), await an_actor(Role.ADMIN)
    with a_queue(Failing()) as queue:
        task_id = encode_id("JobTask", await leave(queue))
        await refused_to_strangers(DISCARD, input={"taskId": task_id})
        assert await ask_refused(clerk, DISCARD, input={"taskId": task_id}) == "FORBIDDEN"
        assert await do_refused(admin, DISCARD, input={"taskId": "x"}) == ("NOT_FOUND", ["input", "taskId"])
        assert (await do(admin, DISCARD, input={"taskId": task_id}))["task"]["state"] == "CANCELLED"
        assert await a_runner().run_what_is_there() == 0


async def test_a_scheduled_job_is_run_by_hand() -> None:
    clerk, admin = await an_actor(Role.ACCOUNTANT), await an_actor(Role.ADMIN)
    now = {"name": "jobs.forget_old"}
    await refused_to_strangers(RUN_NOW, input=now)
    assert await ask_refused(clerk, RUN_NOW, input=now) == "FORBIDDEN"
    assert await do_refused(admin, RUN_NOW, input={"name": "no.such"}) == ("JOB_NOT_FOUND", ["input", "name"])
    first = await do(admin, RUN_NOW, input=now)
    assert await do(admin, RUN_NOW, input=now) == first
    assert await a_runner().run_what_is_there() == 1
    [run] = (await ask(admin, RUNS, name="jobs.forget_old"))["nodes"]
    assert (run["outcome"], run["taskId"]) == ("DONE", first["task"]["id"])
    assert await ask(admin, NODE, id=run["id"]) == {"__typename": "JobRun"}
    assert await ask(clerk, NODE, id=run["id"]) is None


async def test_parked_events_are_seen_and_heard_again() -> None:
    clerk, admin = await an_actor(Role.ACCOUNTANT), await an_actor(Role.ADMIN)
    await ParkedEvent.create(
        listener="audit", position=1, event_name="identity.x", error="ValueError", attempts=5, parked_at=clock.now()
    )
    await names_of_events()
    [parked] = (await ask(admin, PARKED))["nodes"]
    assert (await ask(admin, STATUS))["parked"] == 1
    chosen = {"parkedEventId": parked["id"]}
    await refused_to_strangers(HEAR_AGAIN, input=chosen)
    assert await ask_refused(clerk, HEAR_AGAIN, input=chosen) == "FORBIDDEN"
    unknown = {"parkedEventId": encode_id("ParkedEvent", 99_999_999)}
    assert await do_refused(admin, HEAR_AGAIN, input=unknown) == ("PARKED_EVENT_NOT_FOUND", ["input", "parkedEventId"])
    assert (await do(admin, HEAR_AGAIN, input=chosen))["parkedEvent"]["resolvedAt"] is not None
    assert await do_refused(admin, HEAR_AGAIN, input=chosen) == ("PARKED_EVENT_RESOLVED", ["input", "parkedEventId"])
    assert (await ask(admin, PARKED))["nodes"] == []
    assert await ask(clerk, NODE, id=parked["id"]) is None
