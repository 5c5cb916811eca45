-- One row for each report that somebody asked for. It is made by a task of the queue, and its file belongs to it.
create table report (
    id uuid primary key,
    kind varchar(60) not null,
    title varchar(120) not null,
    parameters jsonb not null,
    format varchar(4) not null constraint report_format_is_known check (format in ('CSV', 'XLSX', 'PDF')),
    state varchar(7) not null default 'QUEUED'
        constraint report_state_is_known check (state in ('QUEUED', 'RUNNING', 'DONE', 'FAILED')),
    progress_percent smallint not null default 0
        constraint report_progress_is_a_percentage check (progress_percent between 0 and 100),
    rows_done int not null default 0 check (rows_done >= 0),
    rows_total int check (rows_total >= 0),
    requested_by uuid not null,
    task_id uuid not null,
    file_id uuid references stored_file (id),
    error_code varchar(60),
    error varchar(500),
    created_at timestamptz not null,
    started_at timestamptz,
    finished_at timestamptz,
    constraint report_done_has_its_file check ((state = 'DONE') = (file_id is not null)),
    constraint report_failed_says_why check ((state = 'FAILED') = (error_code is not null and error is not null)),
    constraint report_finished_has_a_time check ((state in ('DONE', 'FAILED')) = (finished_at is not null))
);
create index report_by_requester on report (requested_by, created_at, id);
create index report_by_age on report (created_at, id);
create unique index report_by_task on report (task_id);
create unique index report_by_file on report (file_id) where file_id is not null;

-- A report is done once. One that failed may be tried again, by whoever retries its task.
create function report_moves() returns trigger language plpgsql as $$
begin
    if (new.kind, new.parameters, new.format, new.requested_by, new.task_id)
        is distinct from (old.kind, old.parameters, old.format, old.requested_by, old.task_id) then
        raise exception 'a report does not become another (%)', old.id
            using errcode = 'check_violation', constraint = 'report_moves';
    end if;
    if old.state = 'DONE' or (new.state <> old.state and not (
        (old.state = 'QUEUED' and new.state in ('RUNNING', 'FAILED'))
        or (old.state = 'RUNNING' and new.state in ('DONE', 'FAILED'))
        or (old.state = 'FAILED' and new.state = 'RUNNING')
    )) then
        raise exception 'a report that is % cannot be % (%)', old.state, new.state, old.id
            using errcode = 'check_violation', constraint = 'report_moves';
    end if;
    return new;
end $$;
create trigger report_moves before update on report for each row execute function report_moves();
