-- One row for each piece of work that can wait, written in the transaction that wants it done. QUEUED waits for its first
-- attempt, RETRYING for another; RUNNING is leased to a worker, DEAD has used up its attempts and waits for a person.
create table job_task (
    id uuid primary key,
    name varchar(100) not null,
    payload jsonb not null,
    state varchar(9) not null default 'QUEUED'
        constraint job_task_state_is_known check (state in ('QUEUED', 'RUNNING', 'RETRYING', 'DONE', 'DEAD', 'CANCELLED')),
    priority smallint not null default 0,
    run_after timestamptz not null,
    attempts int not null default 0,
    max_attempts int not null,
    -- Whoever leased it must renew the lease or lose it; the id of the lease fences off a worker that comes back late.
    lease_id uuid,
    leased_until timestamptz,
    last_error text,
    dedupe_key varchar(200),
    requested_by uuid,
    correlation_id uuid not null,
    created_at timestamptz not null,
    started_at timestamptz,
    finished_at timestamptz,
    constraint job_task_attempts_are_bounded check (max_attempts > 0 and attempts between 0 and max_attempts),
    constraint job_task_running_is_leased
        check ((state = 'RUNNING') = (lease_id is not null) and (lease_id is null) = (leased_until is null)),
    constraint job_task_finished_has_a_time
        check ((state in ('DONE', 'DEAD', 'CANCELLED')) = (finished_at is not null))
);

-- Of work with the same key there is one that is not finished.
create unique index job_task_once_while_open on job_task (name, dedupe_key)
    where dedupe_key is not null and state in ('QUEUED', 'RUNNING', 'RETRYING');
-- What a worker takes next, and what a lost worker has left behind.
create index job_task_waiting on job_task (name, priority desc, run_after, id) where state in ('QUEUED', 'RETRYING');
create index job_task_running on job_task (name, leased_until) where state = 'RUNNING';
create index job_task_dead on job_task (name, finished_at) where state = 'DEAD';
-- What came of each kind of work lately, and what may be forgotten.
create index job_task_finished on job_task (name, finished_at) where finished_at is not null;
create index job_task_by_age on job_task (created_at, id);
-- Rows change their state all the time, and what they leave behind in the indexes is in the way of those who look for work.
alter table job_task set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.05);

-- Whoever writes, a task goes the ways that are open to it: what is done or cancelled stays so, and a task that starts
-- counts the attempt.
create function job_task_moves() returns trigger language plpgsql as $$
begin
    if new.name <> old.name or new.payload <> old.payload then
        raise exception 'a task does not become another (%)', old.id;
    end if;
    if new.state <> old.state and not (
        (old.state in ('QUEUED', 'RETRYING') and new.state in ('RUNNING', 'CANCELLED'))
        or (old.state = 'RUNNING' and new.state in ('DONE', 'RETRYING', 'QUEUED', 'DEAD', 'CANCELLED'))
        or (old.state = 'DEAD' and new.state in ('QUEUED', 'CANCELLED'))
    ) then
        raise exception 'a task that is % cannot be % (%)', old.state, new.state, old.id;
    end if;
    if new.state = 'RUNNING' and old.state <> 'RUNNING' and new.attempts <> old.attempts + 1 then
        raise exception 'an attempt was not counted (%)', old.id;
    end if;
    return new;
end $$;
create trigger job_task_moves before update on job_task for each row execute function job_task_moves();

-- When each schedule is due next. In the database, so that a due time is not missed while no worker is there, and one
-- worker of many takes it.
create table job_schedule (
    name varchar(100) primary key,
    expression varchar(100) not null,
    due_at timestamptz not null,
    updated_at timestamptz not null
);

-- What came of each attempt of a scheduled job: the newest are kept.
create table job_run (
    id bigint generated always as identity primary key,
    name varchar(100) not null,
    task_id uuid not null,
    attempt int not null,
    started_at timestamptz not null,
    finished_at timestamptz,
    outcome varchar(9) not null default 'RUNNING'
        constraint job_run_outcome_is_known check (outcome in ('RUNNING', 'DONE', 'FAILED', 'LOST', 'CANCELLED')),
    error text,
    took_ms int,
    constraint job_run_finished_has_a_time check ((outcome = 'RUNNING') = (finished_at is null)),
    constraint job_run_once_an_attempt unique (task_id, attempt, started_at)
);
create index job_run_by_name on job_run (name, id);
