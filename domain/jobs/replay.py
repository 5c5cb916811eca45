"""What the log tells of tasks that nobody could do."""

from __future__ import annotations

from domain.jobs.events import JobTaskDied, JobTaskDiscarded, JobTaskRetried, JobTasksSuperseded
from domain.jobs.models import TaskState
from domain.kit.projections import Facts, Heard, Projection, register_projection


def _died(facts: Facts, heard: Heard) -> None:
    told: JobTaskDied = heard.fact
    facts.put("job_task", told.task_id, id=told.task_id, name=told.queue, state=TaskState.DEAD)


def _dealt_with(facts: Facts, heard: Heard) -> None:
    facts.drop("job_task", heard.fact.task_id)


def _superseded(facts: Facts, heard: Heard) -> None:
    for task_id in heard.fact.task_ids:
        facts.drop("job_task", task_id)


register_projection(
    Projection(
        name="jobs",
        tables=("job_task",),
        applies={
            JobTaskDied: _died,
            JobTaskRetried: _dealt_with,
            JobTaskDiscarded: _dealt_with,
            JobTasksSuperseded: _superseded,
        },
    )
)
