-- Events of transactions that have committed and are not numbered yet. Written as the last statement of a unit of work,
-- so a row's id is given out while the locks of its aggregate are held: events of one aggregate keep their order.
create table outbox (
    id bigint generated always as identity primary key,
    name text not null,
    version int not null,
    topics text[] not null,
    audience text[] not null,
    actor_id uuid,
    address text,
    correlation_id uuid not null,
    occurred_at timestamptz not null,
    payload text not null
);

-- The head of the log: one row, whose lock fences the sequencer. The epoch changes whenever history is truncated or
-- restored, so that a position of another history is never taken for one of this.
create table event_log_head (
    only_row boolean primary key default true check (only_row),
    epoch bigint not null,
    position bigint not null check (position >= 0),
    recorded_at timestamptz not null
);
insert into event_log_head (epoch, position, recorded_at)
values ((extract(epoch from clock_timestamp()) * 1000)::bigint, 0, clock_timestamp());

-- The append-only log: contiguous positions, partitioned by the time of numbering.
create table event_log (
    position bigint not null,
    epoch bigint not null,
    name text not null,
    version int not null,
    topics text[] not null,
    audience text[] not null,
    actor_id uuid,
    address text,
    correlation_id uuid not null,
    occurred_at timestamptz not null,
    recorded_at timestamptz not null,
    payload text not null,
    primary key (position, recorded_at)
) partition by range (recorded_at);

create function event_log_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'the event log is append-only';
end $$;
create trigger event_log_is_append_only before update or delete or truncate on event_log
    for each statement execute function event_log_is_append_only();

-- The partition for a moment, one a week (Monday to Monday, UTC); made ahead of need by the job, on demand otherwise.
create function ensure_event_log_partition(moment timestamptz) returns text language plpgsql as $$
declare
    starts_at timestamptz := date_trunc('week', moment at time zone 'UTC') at time zone 'UTC';
    partition text := 'event_log_' || to_char(starts_at at time zone 'UTC', 'YYYYMMDD');
begin
    if to_regclass(partition) is null then
        perform pg_advisory_xact_lock(hashtextextended('event_log_partition', 0));
        execute format('create table if not exists %I partition of event_log for values from (%L) to (%L)',
            partition, starts_at, starts_at + interval '7 days');
    end if;
    return partition;
end $$;
select ensure_event_log_partition(now());
select ensure_event_log_partition(now() + interval '7 days');

-- Move up to `batch` committed outbox rows into the log and number them, all in this one statement's transaction. The
-- lock on the head makes a second sequencer wait its turn, so positions stay contiguous whoever runs it.
create function sequence_outbox(batch int) returns setof event_log language plpgsql as $$
declare
    head event_log_head;
    moment timestamptz;
begin
    select * into head from event_log_head for update;
    moment := greatest(clock_timestamp(), head.recorded_at);
    perform ensure_event_log_partition(moment);
    return query
        with taken as (
            delete from outbox where id in (select id from outbox order by id limit batch) returning *
        ), logged as (
            insert into event_log
            select head.position + row_number() over (order by id), head.epoch, name, version, topics, audience,
                   actor_id, address, correlation_id, occurred_at, moment, payload
            from taken
            returning *
        ), moved as (
            update event_log_head
            set position = head.position + (select count(*) from logged), recorded_at = moment
            where exists (select from logged)
        )
        select * from logged order by logged.position;
end $$;

create table event_checkpoint (
    listener varchar(100) primary key,
    epoch bigint not null,
    position bigint not null check (position >= 0),
    updated_at timestamptz not null
);

create table parked_event (
    id bigint generated always as identity primary key,
    listener varchar(100) not null,
    position bigint not null,
    event_name varchar(100) not null,
    error text not null,
    attempts int not null,
    parked_at timestamptz not null,
    resolved_at timestamptz,
    unique (listener, position)
);

create table audit_record (
    position bigint primary key,
    event_name varchar(100) not null,
    domain varchar(50) not null,
    actor_id uuid,
    address varchar(64),
    correlation_id uuid not null,
    occurred_at timestamptz not null,
    payload jsonb not null
);
create index audit_record_by_actor on audit_record (actor_id, position);
create index audit_record_by_correlation on audit_record (correlation_id);
create index audit_record_by_event on audit_record (event_name, position);
create index audit_record_by_domain on audit_record (domain, position);
create index audit_record_by_time on audit_record (occurred_at);

create table idempotency_key (
    actor_id uuid not null,
    key varchar(200) not null,
    request bytea not null,
    result jsonb not null,
    created_at timestamptz not null,
    primary key (actor_id, key)
);
create index idempotency_key_by_age on idempotency_key (created_at);
