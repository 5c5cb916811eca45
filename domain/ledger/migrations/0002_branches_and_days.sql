-- The branch that an entry is of; none for what concerns the whole house. Without a foreign key, which would make one
-- row per branch the hottest of the database: branches are never deleted, and a check of the house finds strangers.
alter table journal_entry add column branch_id uuid;
create index journal_entry_by_branch on journal_entry (branch_id, number) where branch_id is not null;

-- The lines that are younger than the day sums.
create index journal_line_by_transaction on journal_line (txid);

drop function ledger_post(uuid, text, text, text, uuid, date, timestamptz, uuid, uuid, uuid, uuid[], bigint[], text[]);

-- Post one entry: lock the guarded accounts in the order of their ids (so that two postings never wait for each other in
-- a circle), refuse what would overdraw one, write entry and lines. Returns the entry's number with each guarded account
-- as it stands after, or one row with the number alone when there is none.
create function ledger_post(
    entry_id uuid, entry_kind text, entry_description text, entry_reference_kind text, entry_reference_id uuid,
    entry_effective_on date, entry_recorded_at timestamptz, entry_actor_id uuid, entry_correlation_id uuid,
    entry_reverses_id uuid, account_ids uuid[], amounts bigint[], currencies text[], entry_branch_id uuid default null
) returns table (account_id uuid, number bigint, balance_minor bigint, held_minor bigint, currency text)
language plpgsql as $$
#variable_conflict use_column
declare
    short record;
    entry_number bigint;
begin
    perform from ledger_account a where a.id = any (account_ids) and a.guarded order by a.id for no key update;

    select a.id, a.balance_minor - a.held_minor as available, change.amount into short
    from ledger_account a join (
        select l.id, sum(l.amount) as amount from unnest(account_ids, amounts) as l (id, amount) group by l.id
    ) change on change.id = a.id
    where a.guarded
      and a.balance_minor - a.held_minor
          + case when is_debit_account(a.kind) then change.amount else -change.amount end < 0
    limit 1;
    if found then
        raise exception 'insufficient funds' using errcode = 'DL001', detail = json_build_object(
            'account_id', short.id, 'available_minor', short.available, 'needed_minor', abs(short.amount))::text;
    end if;

    insert into journal_entry (id, kind, description, reference_kind, reference_id, effective_on, recorded_at,
                               actor_id, correlation_id, reverses_id, branch_id)
    values (entry_id, entry_kind, entry_description, entry_reference_kind, entry_reference_id, entry_effective_on,
            entry_recorded_at, entry_actor_id, entry_correlation_id, entry_reverses_id, entry_branch_id)
    returning number into entry_number;

    insert into journal_line (entry_id, line_no, account_id, amount_minor, currency, effective_on, recorded_at,
                              balance_after_minor)
    select entry_id, l.line_no, l.id, l.amount, l.currency, entry_effective_on, entry_recorded_at,
           case when a.guarded then a.balance_minor + sum(case when is_debit_account(a.kind) then l.amount else -l.amount end)
               over (partition by l.id order by l.line_no) end
    from unnest(account_ids, amounts, currencies) with ordinality as l (id, amount, currency, line_no)
         left join ledger_account a on a.id = l.id
    order by l.line_no;

    return query
        select a.id, entry_number, a.balance_minor, a.held_minor, a.currency::text
        from (select) as always
        left join ledger_account a on a.id = any (account_ids) and a.guarded;
end $$;

-- What moved under a code of the chart on a day, debits positive, by the business whose entries it came of (the first
-- word of their kind) and by branch. Accounts of persons are one under their code. Holds all lines whose transaction is
-- older than the horizon below, as account_snapshot does.
create table ledger_day (
    code varchar(20) not null,
    currency char(3) not null,
    kind varchar(9) not null,
    guarded boolean not null,
    effective_on date not null,
    business varchar(60) not null,
    branch_id uuid,
    amount_minor numeric(30) not null,
    constraint ledger_day_is_one unique nulls not distinct (currency, code, guarded, effective_on, business, branch_id)
);
create index ledger_day_by_kind on ledger_day (currency, kind, effective_on)
    include (code, guarded, business, branch_id, amount_minor);

-- Up to which transaction ledger_day goes, in the cluster that summed.
create table ledger_day_horizon (
    cluster_id bigint primary key,
    horizon xid8 not null,
    taken_at timestamptz not null
);

-- Day sums up to this moment: what was summed, and the lines since then one by one.
create view ledger_daily as
select d.code, d.currency, d.kind, d.guarded, d.effective_on, d.business, d.branch_id, d.amount_minor
from ledger_day d
where exists (select from ledger_day_horizon h where h.cluster_id = (select system_identifier from pg_control_system()))
union all
select a.code, a.currency, a.kind, a.guarded, l.effective_on, split_part(e.kind, '.', 1), e.branch_id, l.amount_minor
from journal_line l
-- With an offset the planner looks each up instead of reading all accounts and entries: the tail is short.
cross join lateral (select * from ledger_account where id = l.account_id offset 0) a
cross join lateral (select * from journal_entry where id = l.entry_id offset 0) e
where l.txid >= coalesce(
    (select h.horizon from ledger_day_horizon h where h.cluster_id = (select system_identifier from pg_control_system())),
    '0'::xid8)
-- Always true. A range is what the planner takes for narrow, so that it looks the tail up and does not read all lines.
and l.txid <= '18446744073709551615'::xid8;

-- Bring the day sums up to the oldest running transaction; costs the lines since the last time.
create function take_day_sums(moment timestamptz) returns bigint language plpgsql as $$
declare
    changed bigint;
    since xid8;
    until xid8;
    cluster bigint := (select system_identifier from pg_control_system());
begin
    perform pg_advisory_xact_lock(hashtextextended('ledger_day', 0));
    if exists (select from ledger_day_horizon where cluster_id <> cluster) then
        delete from ledger_day_horizon;
        delete from ledger_day;
    end if;
    until := pg_snapshot_xmin(pg_current_snapshot());
    since := coalesce((select horizon from ledger_day_horizon), '0'::xid8);
    if since >= until then
        return 0;
    end if;
    insert into ledger_day as d (code, currency, kind, guarded, effective_on, business, branch_id, amount_minor)
    select a.code, a.currency, a.kind, a.guarded, l.effective_on, split_part(e.kind, '.', 1), e.branch_id,
           sum(l.amount_minor)
    from journal_line l
    join ledger_account a on a.id = l.account_id
    join journal_entry e on e.id = l.entry_id
    where l.txid >= since and l.txid < until
    group by a.code, a.currency, a.kind, a.guarded, l.effective_on, split_part(e.kind, '.', 1), e.branch_id
    on conflict on constraint ledger_day_is_one do update set amount_minor = d.amount_minor + excluded.amount_minor;
    get diagnostics changed = row_count;
    insert into ledger_day_horizon (cluster_id, horizon, taken_at) values (cluster, until, moment)
    on conflict (cluster_id) do update set horizon = excluded.horizon, taken_at = excluded.taken_at;
    return changed;
end $$;
