-- Offices of the institution. Loans, expenses and people belong to one; rows are never deleted, and the code, which is
-- printed on paper, never changes.
create table branch (
    id uuid primary key,
    code varchar(20) not null
        constraint branch_code_is_unique unique
        constraint branch_code_is_plain check (code ~ '^[A-Z0-9]([A-Z0-9-]*[A-Z0-9])?$'),
    name varchar(120) not null
        constraint branch_name_is_trimmed check (name = btrim(name) and length(name) >= 1)
        constraint branch_name_has_no_control_characters check (name !~ '[[:cntrl:]]'),
    active boolean not null,
    created_at timestamptz not null
);
-- Two open branches of one name would be taken for each other.
create unique index branch_name_is_unique_while_open on branch (lower(name)) where active;

create function branch_is_kept() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or new.id <> old.id or new.code <> old.code or new.created_at <> old.created_at then
        raise exception 'a branch is kept, with its code' using errcode = 'check_violation', constraint = 'branch_is_kept';
    end if;
    return new;
end $$;
create trigger branch_is_kept before update or delete on branch for each row execute function branch_is_kept();

alter table app_user add column branch_id uuid constraint user_branch_exists references branch;
create index app_user_by_branch on app_user (branch_id, created_at, id) where branch_id is not null;

-- A closed branch takes nobody in; who is there already stays until moved. The shared lock waits for a closing in
-- progress.
create function branch_takes_people() returns trigger language plpgsql as $$
begin
    perform from branch where id = new.branch_id and active for share;
    if not found then
        raise exception 'only an open branch takes people in'
            using errcode = 'check_violation', constraint = 'branch_takes_people';
    end if;
    return new;
end $$;
create trigger branch_takes_people_at_first before insert on app_user
    for each row when (new.branch_id is not null) execute function branch_takes_people();
create trigger branch_takes_people before update of branch_id on app_user
    for each row when (new.branch_id is not null and new.branch_id is distinct from old.branch_id)
    execute function branch_takes_people();
