-- The activity log: every change of an audited row, with its image before and after, written by the database itself. An
-- update keeps only the columns that changed. Who did it is what the transaction said of itself when it began (see
-- domain/kit/attribution.py); a change made behind the services' back shows the database user alone.
create sequence row_change_id;
create table row_change (
    id bigint not null default nextval('row_change_id'),
    object_kind varchar(60) not null,
    object_id uuid not null,
    operation varchar(6) not null constraint row_change_operation_is_known check (operation in ('INSERT', 'UPDATE', 'DELETE')),
    before jsonb,
    after jsonb,
    actor_id uuid,
    address varchar(64),
    correlation_id uuid,
    -- All changes of one transaction share these two. A restored cluster may use a txid again, never at the same instant.
    txid bigint not null,
    began_at timestamptz not null,
    recorded_at timestamptz not null,
    database_user varchar(63) not null,
    primary key (id, recorded_at),
    constraint row_change_shows_what_there_was check ((before is null) = (operation = 'INSERT')),
    constraint row_change_shows_what_there_is check ((after is null) = (operation = 'DELETE'))
) partition by range (recorded_at);
create index row_change_by_object on row_change (object_id, id);
create index row_change_by_kind on row_change (object_kind, id);
create index row_change_by_actor on row_change (actor_id, id) where actor_id is not null;
create index row_change_by_correlation on row_change (correlation_id, id) where correlation_id is not null;
create index row_change_by_time on row_change using brin (recorded_at);

create function row_change_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'the activity log is append-only' using errcode = 'check_violation', constraint = 'row_change_is_append_only';
end $$;
-- For each row, so that it holds for those who name a partition, too.
create trigger row_change_is_append_only before update or delete on row_change
    for each row execute function row_change_is_append_only();
create trigger row_change_is_not_emptied before truncate on row_change
    for each statement execute function row_change_is_append_only();

-- One partition a year, made years ahead by the job. Nothing should ever get into the last one, but a business must not
-- stand still because nobody ran the job.
create table row_change_unforeseen partition of row_change default;

-- The partition of a year; null when rows of that year lie among the unforeseen already, where they stay.
create function ensure_row_change_partition(year int) returns text language plpgsql as $$
declare
    starts_at timestamptz := make_timestamptz(year, 1, 1, 0, 0, 0, 'UTC');
    ends_at timestamptz := make_timestamptz(year + 1, 1, 1, 0, 0, 0, 'UTC');
    partition text := 'row_change_' || year;
begin
    if to_regclass(partition) is null then
        perform pg_advisory_xact_lock(hashtextextended('row_change_partition', 0));
        if exists (select from row_change_unforeseen where recorded_at >= starts_at and recorded_at < ends_at) then
            return null;
        end if;
        execute format('create table if not exists %I partition of row_change for values from (%L) to (%L)',
            partition, starts_at, ends_at);
        execute format('create or replace trigger row_change_is_not_emptied before truncate on %I
            for each statement execute function row_change_is_append_only()', partition);
    end if;
    return partition;
end $$;
create trigger row_change_is_not_emptied before truncate on row_change_unforeseen
    for each statement execute function row_change_is_append_only();
select ensure_row_change_partition(extract(year from now() at time zone 'UTC')::int + ahead) from generate_series(0, 2) ahead;

-- Attach to a table as
--     create trigger loan_is_audited after insert or update or delete on loan
--         for each row execute function audit_row('loan', 'secret_column', …);
-- The first argument is the kind of object, the others are columns that are not kept: secrets, and what changes without
-- meaning. The object is found by the column id, or by another one that is named after the kind: 'password:user_id'.
create function audit_row() returns trigger language plpgsql as $$
declare
    kind text := split_part(tg_argv[0], ':', 1);
    key text := coalesce(nullif(split_part(tg_argv[0], ':', 2), ''), 'id');
    call jsonb := nullif(current_setting('daftari.call', true), '')::jsonb;
    before jsonb;
    after jsonb;
    object_id uuid;
begin
    if tg_op <> 'INSERT' then
        before := to_jsonb(old);
        object_id := (before ->> key)::uuid;
    end if;
    if tg_op <> 'DELETE' then
        after := to_jsonb(new);
        object_id := (after ->> key)::uuid;
    end if;
    if tg_nargs > 1 then
        before := before - tg_argv[1:];
        after := after - tg_argv[1:];
    end if;
    if tg_op = 'UPDATE' then
        if before = after then
            return null;
        end if;
        select jsonb_object_agg(was.key, was.value), jsonb_object_agg(was.key, after -> was.key)
            into before, after
            from jsonb_each(before) was where was.value is distinct from after -> was.key;
    end if;
    insert into row_change (object_kind, object_id, operation, before, after, actor_id, address, correlation_id, txid,
                            began_at, recorded_at, database_user)
    values (kind, object_id, tg_op, before, after, (call ->> 'actor')::uuid, call ->> 'address',
            (call ->> 'correlation')::uuid, pg_current_xact_id()::text::bigint, now(), clock_timestamp(), session_user);
    return null;
end $$;
