"""Jobs and queues, single tasks, runs, and events that a listener could not bear."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from domain.events.models import ParkedEvent as ParkedEventRow
from domain.identity import job_desk
from domain.identity.queries import people
from domain.jobs import models
from domain.jobs.models import RunOutcome, TaskState
from schema.identity.types import User
from schema.kit import ID, Node, attribute, enum_type, global_id, node_type, object_type, relation
from schema.kit.fields import FieldRule
from schema.kit.scalars import Json

ABOUT_SO_MANY_JOBS = 30

enum_type(
    TaskState,
    "Where a piece of work stands.",
    {
        "QUEUED": "It waits for its first attempt.",
        "RUNNING": "A worker is at it.",
        "RETRYING": "An attempt has failed; it waits for the next.",
        "DONE": "It is done.",
        "DEAD": "It has used up its attempts and waits for somebody to retry or discard it.",
        "CANCELLED": "Somebody has given it up, or a newer run of the same job has succeeded.",
    },
    name="JobTaskState",
)

enum_type(
    RunOutcome,
    "What came of a run.",
    {
        "RUNNING": "It has not ended yet.",
        "DONE": "It ended well.",
        "FAILED": "It failed.",
        "LOST": "The worker died in the midst of it.",
        "CANCELLED": "It was cancelled, or the worker was asked to stop.",
    },
    name="JobRunOutcome",
)


@object_type("A scheduled job or a queue, and how the work in it stands.")
class JobStatus:
    name: str = attribute("Its name, such as `ledger.snapshot`.")
    purpose: str = attribute("What it is for.")
    schedule: str | None = attribute("When it runs, as a cron expression in UTC; null for a queue.")
    due_at: datetime | None = attribute("When it falls due next; null for a queue.")
    last_started_at: datetime | None = attribute("When the last run began.")
    last_finished_at: datetime | None = attribute("When the last run ended; null while it runs.")
    last_outcome: RunOutcome | None = attribute("What came of the last run; null when there was none yet.")
    last_error: str | None = attribute("What went wrong in the last run.")
    last_took_ms: int | None = attribute("How long the last run took, in milliseconds.")
    queued: int = attribute("How many tasks wait for their first attempt.")
    running: int = attribute("How many tasks a worker is at.")
    retrying: int = attribute("How many tasks wait for another attempt.")
    dead: int = attribute("How many tasks have used up their attempts.")
    waiting_since: datetime | None = attribute("Since when the oldest task that could begin has waited.")
    waiting_s: int | None = attribute("How long that is, in seconds.")
    is_troubled: bool = attribute("Something is dead or tried again, or the last run did not end well.")


@object_type("How all the work in the background stands.")
class JobBoard:
    taken_at: datetime = attribute("The moment at which it stood so.")
    jobs: list[JobStatus] = attribute("The jobs and queues, by name.", rule=FieldRule(size=ABOUT_SO_MANY_JOBS, shared=True))
    dead: int = attribute("How many tasks of these have used up their attempts.")
    parked: int = attribute("How many events wait that a listener could not bear.")


@node_type(models.JobTask, job_desk.job_tasks_by_id, "A piece of work that can wait.")
class JobTask(Node):
    name: str = attribute("The job or queue that it belongs to.")
    state: TaskState = attribute("Where it stands.")
    payload: Json = attribute("What it is about, as an object.")
    priority: int = attribute("How urgent it is; higher goes first.")
    run_after: datetime = attribute("When it may begin at the earliest.")
    attempts: int = attribute("How many attempts have begun.")
    max_attempts: int = attribute("After how many attempts it is dead.")
    last_error: str | None = attribute("Why the last attempt failed.")
    dedupe_key: str | None = attribute("Of work with this key there is one that is not finished.")
    requested_by: ID | None = global_id("User", "Who wanted it done; null when the clock did.", name="requestedById")
    correlation_id: UUID = attribute("What all that came of one request, job or event has in common.")
    created_at: datetime = attribute("When it was left in the queue.")
    started_at: datetime | None = attribute("When the last attempt began.")
    finished_at: datetime | None = attribute("When it was done, died or was cancelled.")

    requester: User | None = relation(
        people, "requested_by", "Who wanted it done; null when the clock did.", name="requestedBy"
    )


@node_type(models.JobRun, job_desk.job_runs_by_id, "One attempt of a scheduled job.", key=int)
class JobRun(Node):
    name: str = attribute("The job.")
    task_id: ID = global_id("JobTask", "The task of which it was an attempt; tasks are kept for some days.")
    attempt: int = attribute("Which attempt it was, from 1.")
    started_at: datetime = attribute("When it began.")
    finished_at: datetime | None = attribute("When it ended.")
    outcome: RunOutcome = attribute("What came of it.")
    error: str | None = attribute("What went wrong.")
    took_ms: int | None = attribute("How long it took, in milliseconds.")


@node_type(ParkedEventRow, job_desk.parked_events_by_id, "An event that a listener could not bear.", key=int)
class ParkedEvent(Node):
    listener: str = attribute("Who could not bear it.")
    position: int = attribute("The event's place in the log.")
    event_name: str = attribute("What had happened, such as `wallets.balance_changed`.")
    error: str = attribute("Why the listener failed.")
    attempts: int = attribute("How often it was tried.")
    parked_at: datetime = attribute("When it was put aside.")
    resolved_at: datetime | None = attribute("When it was heard after all; null while it waits.")
