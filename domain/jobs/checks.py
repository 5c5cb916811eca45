"""The invariants of the queue. What the table's own constraints hold is not repeated here."""

from __future__ import annotations

from domain.kit.checks import Check, register

register(
    Check(
        "jobs",
        "leases_are_looked_after",
        "No task runs on a lease that ended minutes ago: a worker is there to notice it.",
        """select name || ' ' || id || ' is leased until ' || leased_until from job_task
           where state = 'RUNNING' and leased_until < clock_timestamp() - interval '15 minutes'""",
    ),
    Check(
        "jobs",
        "runs_have_their_task_running",
        "A scheduled run that is not finished belongs to a task that runs.",
        """select run.name || ' run ' || run.id || ' has not finished, its task is ' || coalesce(task.state, 'gone')
           from job_run run left join job_task task on task.id = run.task_id
           where run.outcome = 'RUNNING' and task.state is distinct from 'RUNNING'
             and run.started_at < clock_timestamp() - interval '15 minutes'""",
    ),
)
