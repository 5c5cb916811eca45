-- Reports that are made again and again. next_at is when one is due; it moves on in the transaction that asks for the report,
-- so that each due time brings one report, whoever is killed when.
create table report_schedule (
    id uuid primary key,
    kind varchar(60) not null,
    title varchar(120) not null,
    parameters jsonb not null,
    period varchar(16) constraint report_schedule_period_is_known check (period in (
        'PREVIOUS_DAY', 'PREVIOUS_WEEK', 'PREVIOUS_MONTH', 'MONTH_TO_DATE', 'YEAR_TO_DATE')),
    format varchar(4) not null constraint report_schedule_format_is_known check (format in ('CSV', 'XLSX', 'PDF')),
    cron varchar(100) not null,
    owner_id uuid not null references app_user (id),
    mailed_to uuid[] not null default '{}'
        constraint report_schedule_has_few_readers check (cardinality(mailed_to) <= 20),
    next_at timestamptz,
    last_at timestamptz,
    last_report_id uuid,
    last_error_code varchar(60),
    last_error varchar(500),
    created_at timestamptz not null,
    cancelled_at timestamptz,
    cancelled_by uuid,
    constraint report_schedule_goes_on_until_cancelled check ((next_at is null) = (cancelled_at is not null)),
    constraint report_schedule_says_who_cancelled check ((cancelled_at is null) = (cancelled_by is null)),
    constraint report_schedule_error_is_whole check ((last_error_code is null) = (last_error is null))
);
create index report_schedule_due on report_schedule (next_at) where next_at is not null;
create index report_schedule_by_owner on report_schedule (owner_id, created_at, id);

-- A report that a schedule asked for, when it was due, and who reads it besides. Each due time has one.
alter table report
    add column schedule_id uuid references report_schedule (id),
    add column due_at timestamptz,
    add column shared_with uuid[] not null default '{}',
    add constraint report_due_by_schedule check ((schedule_id is null) = (due_at is null)),
    add constraint report_of_schedule_once unique (schedule_id, due_at);
create index report_by_reader on report using gin (shared_with);

-- What a schedule asks for stays; another is another schedule. One that was cancelled is over.
create function report_schedule_moves() returns trigger language plpgsql as $$
begin
    if (new.kind, new.parameters, new.period, new.format, new.cron, new.owner_id, new.created_at)
        is distinct from (old.kind, old.parameters, old.period, old.format, old.cron, old.owner_id, old.created_at)
        or old.cancelled_at is not null then
        raise exception 'a schedule of reports does not become another (%)', old.id
            using errcode = 'check_violation', constraint = 'report_schedule_moves';
    end if;
    return new;
end $$;
create trigger report_schedule_moves before update on report_schedule
    for each row execute function report_schedule_moves();
