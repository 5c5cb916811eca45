drop function ledger_post(
    uuid, text, text, text, uuid, date, timestamptz, uuid, uuid, uuid, uuid[], bigint[], text[], uuid);

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

create or replace function journal_lines_arrive() returns trigger language plpgsql as $$
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

alter table ledger_account reset (fillfactor);
