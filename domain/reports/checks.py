"""The invariants of reports."""

from __future__ import annotations

from domain.kit.checks import Check, register

register(
    Check(
        "reports",
        "reports_that_are_done_have_their_file",
        "The file of each report that is done belongs to it, and to nothing else.",
        """select 'report ' || report.id || ' has a file that belongs to ' || coalesce(file.subject_id::text, 'nothing')
           from report join stored_file file on file.id = report.file_id
           where file.subject_kind is distinct from 'report' or file.subject_id is distinct from report.id""",
    ),
    Check(
        "reports",
        "reports_in_the_making_have_a_task",
        "Each report that is not finished is in the queue.",
        """select 'report ' || report.id || ' is ' || report.state || ', its task ' || coalesce(task.state, 'gone')
           from report left join job_task task on task.id = report.task_id
           where report.state in ('QUEUED', 'RUNNING')
             and (task.id is null or (task.state in ('DONE', 'CANCELLED', 'DEAD')
                                      and task.finished_at < clock_timestamp() - interval '15 minutes'))""",
    ),
)
