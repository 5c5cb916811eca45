-- Amounts in lines are signed: a debit is positive, a credit negative. An account's balance is shown on its natural side:
-- debit for assets and expenses, credit for the rest.

create table ledger_account (
    id uuid primary key,
    code varchar(20) not null,
    name varchar(120) not null,
    kind varchar(9) not null check (kind in ('ASSET', 'LIABILITY', 'EQUITY', 'INCOME', 'EXPENSE')),
    currency char(3) not null,
    owner_id uuid,
    guarded boolean not null default false,
    -- Kept by the triggers below, for guarded accounts only. House accounts stay at zero here, so that posting never
    -- touches their rows: their balance is a snapshot and the lines since.
    balance_minor bigint not null default 0,
    held_minor bigint not null default 0,
    opened_at timestamptz not null,
    constraint ledger_account_is_unique unique nulls not distinct (code, currency, owner_id),
    constraint ledger_account_held_not_negative check (held_minor >= 0),
    constraint ledger_account_never_overdrawn check (not guarded or balance_minor >= held_minor),
    constraint ledger_account_house_keeps_no_balance check (guarded or (balance_minor = 0 and held_minor = 0))
);
create index ledger_account_by_owner on ledger_account (owner_id) where owner_id is not null;

create table journal_entry (
    id uuid primary key,
    number bigint generated always as identity unique,
    kind varchar(60) not null,
    description varchar(300) not null,
    reference_kind varchar(40),
    reference_id uuid,
    effective_on date not null,
    recorded_at timestamptz not null,
    actor_id uuid,
    correlation_id uuid not null,
    reverses_id uuid references journal_entry (id),
    txid xid8 not null default pg_current_xact_id(),
    constraint journal_entry_reversed_once unique (reverses_id),
    constraint journal_entry_reference_is_whole check ((reference_kind is null) = (reference_id is null))
);
create index journal_entry_by_reference on journal_entry (reference_kind, reference_id) where reference_id is not null;

create table journal_line (
    id bigint generated always as identity primary key,
    entry_id uuid not null references journal_entry (id),
    line_no smallint not null check (line_no > 0),
    account_id uuid not null,
    amount_minor bigint not null check (amount_minor <> 0),
    currency char(3) not null,
    effective_on date not null,
    recorded_at timestamptz not null,
    -- The balance that a guarded account had after this line, on its natural side; null for house accounts.
    balance_after_minor bigint,
    txid xid8 not null default pg_current_xact_id(),
    unique (entry_id, line_no)
);
create index journal_line_by_account on journal_line (account_id, id);
create index journal_line_by_effective_date on journal_line (account_id, effective_on) include (amount_minor);
create index journal_line_tail_of_house_account on journal_line (account_id, txid) include (amount_minor)
    where balance_after_minor is null;

-- Two-phase amounts: reserved now, posted (wholly or partly) or given back later.
create table ledger_hold (
    id uuid primary key,
    account_id uuid not null references ledger_account (id),
    amount_minor bigint not null check (amount_minor > 0),
    currency char(3) not null,
    state varchar(7) not null default 'PENDING' check (state in ('PENDING', 'POSTED', 'VOIDED', 'EXPIRED')),
    posted_minor bigint check (posted_minor > 0),
    -- Deferred, because a hold ends just before the entry that spends it is written.
    entry_id uuid references journal_entry (id) deferrable initially deferred,
    description varchar(300) not null,
    reference_kind varchar(40),
    reference_id uuid,
    placed_at timestamptz not null,
    expires_at timestamptz,
    ended_at timestamptz,
    constraint ledger_hold_posts_no_more_than_held check (posted_minor <= amount_minor),
    constraint ledger_hold_posted_names_its_entry
        check ((state = 'POSTED') = (posted_minor is not null and entry_id is not null)),
    constraint ledger_hold_ended_has_a_time check ((state = 'PENDING') = (ended_at is null)),
    constraint ledger_hold_reference_is_whole check ((reference_kind is null) = (reference_id is null))
);
create index ledger_hold_pending_by_account on ledger_hold (account_id) where state = 'PENDING';
create index ledger_hold_pending_by_expiry on ledger_hold (expires_at) where state = 'PENDING' and expires_at is not null;
create index ledger_hold_by_reference on ledger_hold (reference_kind, reference_id);

-- Sums of house accounts over all lines whose transaction is older than `horizon`: the oldest transaction that was still
-- running when the snapshot was taken. Whatever commits later has a txid at or past the horizon and is in the tail.
-- Transaction ids start again in a restored cluster, so a snapshot only counts in the cluster that took it.
create table account_snapshot (
    account_id uuid primary key references ledger_account (id),
    horizon xid8 not null,
    amount_minor numeric(30) not null,
    cluster_id bigint not null,
    taken_at timestamptz not null
);

create function is_debit_account(kind text) returns boolean language sql immutable parallel safe as
    $$ select kind in ('ASSET', 'EXPENSE') $$;

-- Entries, lines and ended holds are facts: nobody rewrites them.
create function ledger_is_immutable() returns trigger language plpgsql as $$
begin
    raise exception '% is immutable; post an opposite entry instead', tg_table_name using errcode = 'DL003';
end $$;
create trigger journal_entry_is_immutable before update or delete or truncate on journal_entry
    for each statement execute function ledger_is_immutable();
create trigger journal_line_is_immutable before update or delete or truncate on journal_line
    for each statement execute function ledger_is_immutable();
create trigger ledger_account_is_kept before delete or truncate on ledger_account
    for each statement execute function ledger_is_immutable();
create trigger ledger_hold_is_kept before delete or truncate on ledger_hold
    for each statement execute function ledger_is_immutable();

-- An entry that has no lines at commit is a mistake. (That the lines balance is checked as they come, below.)
create function journal_entry_has_lines() returns trigger language plpgsql as $$
begin
    if not exists (select from journal_line where entry_id = new.id) then
        raise exception 'journal entry % has no lines', new.id using errcode = 'DL002';
    end if;
    return null;
end $$;
create constraint trigger journal_entry_has_lines after insert on journal_entry
    deferrable initially deferred for each row execute function journal_entry_has_lines();

-- What every insert of lines must satisfy, and what it does to guarded accounts: lines come in the transaction of their
-- entry, balance per entry and currency within the statement, and name accounts of their own currency.
create function journal_lines_arrive() returns trigger language plpgsql as $$
begin
    if exists (
        select from new_lines l left join journal_entry e on e.id = l.entry_id
        where e.txid is distinct from pg_current_xact_id() or l.txid <> pg_current_xact_id()
    ) then
        raise exception 'lines can only be written together with their entry' using errcode = 'DL002';
    end if;
    if exists (select from new_lines group by entry_id, currency having sum(amount_minor) <> 0) then
        raise exception 'debits and credits must be equal in each currency' using errcode = 'DL002';
    end if;
    if exists (
        select from new_lines l left join ledger_account a on a.id = l.account_id
        where a.currency is distinct from l.currency or (l.balance_after_minor is not null) <> a.guarded
    ) then
        raise exception 'a line must name an account of its own currency' using errcode = 'DL004';
    end if;
    update ledger_account a
    set balance_minor = a.balance_minor + change.amount
    from (
        select l.account_id,
               sum(case when is_debit_account(b.kind) then l.amount_minor else -l.amount_minor end) as amount
        from new_lines l join ledger_account b on b.id = l.account_id
        where b.guarded group by l.account_id
    ) change
    where a.id = change.account_id;
    return null;
end $$;
create trigger journal_lines_arrive after insert on journal_line
    referencing new table as new_lines for each statement execute function journal_lines_arrive();

-- A hold counts against its account from the moment it is written until the moment it ends, and ends once.
create function ledger_hold_moves() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        if new.state <> 'PENDING' then
            raise exception 'a hold begins as pending' using errcode = 'DL005';
        end if;
        update ledger_account set held_minor = held_minor + new.amount_minor
        where id = new.account_id and guarded and currency = new.currency;
        if not found then
            raise exception 'only a guarded account of the same currency can be held' using errcode = 'DL004';
        end if;
        return null;
    end if;
    if old.state <> 'PENDING' or new.state = 'PENDING'
       or (old.id, old.account_id, old.amount_minor, old.currency) <> (new.id, new.account_id, new.amount_minor, new.currency)
    then
        raise exception 'a hold ends once and changes in nothing else' using errcode = 'DL005';
    end if;
    update ledger_account set held_minor = held_minor - old.amount_minor where id = old.account_id;
    return null;
end $$;
create trigger ledger_hold_moves after insert or update on ledger_hold
    for each row execute function ledger_hold_moves();

-- Post one entry: lock the guarded accounts in the order of their ids (so that two postings never wait for each other in
-- a circle), refuse what would overdraw one, write entry and lines. Returns the entry's number with each guarded account
-- as it stands after, or one row with the number alone when there is none.
create function ledger_post(
    entry_id uuid, entry_kind text, entry_description text, entry_reference_kind text, entry_reference_id uuid,
    entry_effective_on date, entry_recorded_at timestamptz, entry_actor_id uuid, entry_correlation_id uuid,
    entry_reverses_id uuid, account_ids uuid[], amounts bigint[], currencies text[]
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
                               actor_id, correlation_id, reverses_id)
    values (entry_id, entry_kind, entry_description, entry_reference_kind, entry_reference_id, entry_effective_on,
            entry_recorded_at, entry_actor_id, entry_correlation_id, entry_reverses_id)
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

-- The balance of house accounts now, debit positive: the snapshot, if this cluster took one, and the tail of lines since.
create view house_balance as
select a.id as account_id,
       coalesce(s.amount_minor, 0) + coalesce((
           select sum(l.amount_minor) from journal_line l
           where l.account_id = a.id and l.balance_after_minor is null and l.txid >= coalesce(s.horizon, '0'::xid8)
       ), 0) as amount_minor
from ledger_account a
left join account_snapshot s
    on s.account_id = a.id and s.cluster_id = (select system_identifier from pg_control_system())
where not a.guarded;

-- Bring every snapshot up to the oldest running transaction; costs the lines since the last one.
create function take_account_snapshots(moment timestamptz) returns bigint language plpgsql as $$
declare
    taken bigint;
    until xid8 := pg_snapshot_xmin(pg_current_snapshot());
    cluster bigint := (select system_identifier from pg_control_system());
begin
    perform pg_advisory_xact_lock(hashtextextended('account_snapshot', 0));
    delete from account_snapshot where cluster_id <> cluster;
    insert into account_snapshot as s (account_id, horizon, amount_minor, cluster_id, taken_at)
    select a.id, until,
           coalesce(old.amount_minor, 0) + coalesce((
               select sum(l.amount_minor) from journal_line l
               where l.account_id = a.id and l.balance_after_minor is null
                 and l.txid >= coalesce(old.horizon, '0'::xid8) and l.txid < until), 0),
           cluster, moment
    from ledger_account a left join account_snapshot old on old.account_id = a.id
    where not a.guarded and (old.horizon is null or old.horizon < until)
    on conflict (account_id) do update
        set horizon = excluded.horizon, amount_minor = excluded.amount_minor, taken_at = excluded.taken_at;
    get diagnostics taken = row_count;
    return taken;
end $$;
