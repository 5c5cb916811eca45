"""How the work in the background stands."""

from __future__ import annotations

from domain.kit.gauges import AGE, Gauge, register

register(
    Gauge(
        "daftari_job_tasks",
        "Tasks by queue and state. Those that are dead wait for somebody to retry or discard them.",
        """select name, lower(state), count(*) from job_task where state in ('QUEUED', 'RETRYING') group by 1, 2
           union all select name, 'running', count(*) from job_task where state = 'RUNNING' group by 1
           union all select name, 'dead', count(*) from job_task where state = 'DEAD' group by 1""",
        ("queue", "state"),
    ),
    Gauge(
        "daftari_job_oldest_due_seconds",
        "By queue, how long ago the task that has waited longest could have begun.",
        f"""select name, {AGE.format("min(run_after)")} from job_task
            where state in ('QUEUED', 'RETRYING') and run_after <= clock_timestamp() group by 1""",
        ("queue",),
    ),
    Gauge(
        "daftari_schedule_overdue_seconds",
        "For how long the scheduled job that is most overdue should have been put into the queue; 0 when none is.",
        # A job that a newer version does not know any more stays in the table, and is never due again.
        f"""select coalesce(max({AGE.format("due_at")}), 0) from job_schedule
            where due_at > clock_timestamp() - interval '7 days'""",
    ),
    Gauge(
        "daftari_job_last_success_timestamp_seconds",
        "When a scheduled job last ended well.",
        "select name, extract(epoch from max(finished_at))::float8 from job_run where outcome = 'DONE' group by 1",
        ("job",),
    ),
)
