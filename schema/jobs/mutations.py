"""Looking after work in the background."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity import job_desk
from domain.identity.permissions import Permission
from schema.jobs.inputs import DiscardJobTaskInput, RetryJobTaskInput, RetryParkedEventInput, RunJobNowInput
from schema.jobs.types import JobTask, ParkedEvent
from schema.kit import Answer, Info, Payload, argument, attribute, mutation, payload_type, read_id, read_number_id


@payload_type("What came of looking after a task.")
class JobTaskPayload(Payload):
    task: JobTask | None = attribute("The task as it stands now.")


@payload_type("What came of letting a listener hear an event again.")
class ParkedEventPayload(Payload):
    parked_event: ParkedEvent | None = attribute("The event, heard.")


@strawberry.type
class Mutation:
    @mutation(
        JobTaskPayload,
        "Have a dead task tried again, from its first attempt on.",
        requires=Permission.JOBS_MANAGE,
    )
    async def retry_job_task(self, info: Info, input: Annotated[RetryJobTaskInput, argument("Which.")]) -> Answer:
        task_id = read_id("JobTask", input.task_id, "input", "taskId")
        return Answer(task=await job_desk.retry_job_task(info.context.actor, task_id=task_id))

    @mutation(
        JobTaskPayload,
        "Give a task up for good. One that runs is cancelled within seconds.",
        requires=Permission.JOBS_MANAGE,
    )
    async def discard_job_task(self, info: Info, input: Annotated[DiscardJobTaskInput, argument("Which.")]) -> Answer:
        task_id = read_id("JobTask", input.task_id, "input", "taskId")
        return Answer(task=await job_desk.discard_job_task(info.context.actor, task_id=task_id))

    @mutation(
        JobTaskPayload,
        "Run a scheduled job now, besides its schedule. If it is in the queue already, that run is the answer.",
        requires=Permission.JOBS_MANAGE,
    )
    async def run_job_now(self, info: Info, input: Annotated[RunJobNowInput, argument("Which.")]) -> Answer:
        return Answer(task=await job_desk.run_job_now(info.context.actor, name=input.name))

    @mutation(
        ParkedEventPayload,
        "Let a listener hear an event again that it could not bear before.",
        requires=Permission.JOBS_MANAGE,
    )
    async def retry_parked_event(self, info: Info, input: Annotated[RetryParkedEventInput, argument("Which.")]) -> Answer:
        parked_id = read_number_id("ParkedEvent", input.parked_event_id, "input", "parkedEventId")
        return Answer(parked_event=await job_desk.retry_parked_event(info.context.actor, parked_event_id=parked_id))
