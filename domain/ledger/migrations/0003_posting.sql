drop function ledger_post(
    uuid, text, text, text, uuid, date, timestamptz, uuid, uuid, uuid, uuid[], bigint[], text[], uuid);

-- Post one entry: lock the guarded accounts in the order of their ids (so that two postings never wait for each other in
-- a circle), refuse what would overdraw one, write entry and lines. Returns the entry's number with each guarded account
-- as it stands after and the last of its lines, or one row with the number alone when there is no such account.
-- Accounts are read once, when they are locked, and counted on in arrays: each further statement in here would cost more
-- than the entry itself.
create function ledger_post(
    entry_id uuid, entry_kind text, entry_description text, entry_reference_kind text, entry_reference_id uuid,
    entry_effective_on date, entry_recorded_at timestamptz, entry_actor_id uuid, entry_correlation_id uuid,
    entry_reverses_id uuid, account_ids uuid[], amounts bigint[], currencies text[], entry_branch_id uuid default null
) returns table (
    account_id uuid, number bigint, balance_minor bigint, held_minor bigint, currency text, line_id bigint
) language plpgsql as $$
#variable_conflict use_column
declare
    ids uuid[];
    grow_by_debit boolean[];
    held bigint[];
    before bigint[];
    balances bigint[];
    own_currencies text[];
    balances_after bigint[] := array_fill(null::bigint, array[cardinality(account_ids)]);
    last_lines int[];
    line_ids bigint[];
    place int;
begin
    select array_agg(a.id), array_agg(is_debit_account(a.kind)), array_agg(a.held_minor), array_agg(a.balance_minor),
           array_agg(a.currency::text)
    into ids, grow_by_debit, held, before, own_currencies
    from (
        select g.id, g.kind, g.held_minor, g.balance_minor, g.currency from ledger_account g
        where g.id = any (account_ids) and g.guarded order by g.id for no key update
    ) a;

    balances := before;
    for line_no in 1 .. cardinality(account_ids) loop
        place := array_position(ids, account_ids[line_no]);
        if place is not null then
            balances[place] := balances[place] + case when grow_by_debit[place] then amounts[line_no] else -amounts[line_no] end;
            balances_after[line_no] := balances[place];
            last_lines[place] := line_no;
        end if;
    end loop;

    for place in 1 .. coalesce(cardinality(ids), 0) loop
        if balances[place] < held[place] then
            raise exception 'insufficient funds' using errcode = 'DL001', detail = json_build_object(
                'account_id', ids[place], 'available_minor', before[place] - held[place],
                'needed_minor', before[place] - balances[place])::text;
        end if;
    end loop;

    insert into journal_entry (id, kind, description, reference_kind, reference_id, effective_on, recorded_at,
                               actor_id, correlation_id, reverses_id, branch_id)
    values (entry_id, entry_kind, entry_description, entry_reference_kind, entry_reference_id, entry_effective_on,
            entry_recorded_at, entry_actor_id, entry_correlation_id, entry_reverses_id, entry_branch_id)
    returning number into ledger_post.number;

    with line as (
        insert into journal_line (entry_id, line_no, account_id, amount_minor, currency, effective_on, recorded_at,
                                  balance_after_minor)
        select entry_id, l.line_no, l.id, l.amount, l.currency, entry_effective_on, entry_recorded_at, l.balance_after
        from unnest(account_ids, amounts, currencies, balances_after) with ordinality
             as l (id, amount, currency, balance_after, line_no)
        order by l.line_no
        returning id
    )
    select array_agg(line.id order by line.id) into line_ids from line;

    if ids is null then
        return next;
        return;
    end if;
    for place in 1 .. cardinality(ids) loop
        account_id := ids[place];
        balance_minor := balances[place];
        held_minor := held[place];
        currency := own_currencies[place];
        line_id := line_ids[last_lines[place]];
        return next;
    end loop;
end $$;

-- What every insert of lines must satisfy, and what it does to guarded accounts: lines come in the transaction of their
-- entry, balance per entry and currency within the statement, and name accounts of their own currency. Rows of accounts of
-- the house are only read.
create or replace function journal_lines_arrive() returns trigger language plpgsql as $$
declare
    some_are_late boolean;
    some_are_lost boolean;
    some_are_guarded boolean;
begin
    select bool_or(e.txid is distinct from pg_current_xact_id() or l.txid <> pg_current_xact_id()),
           bool_or(a.currency is distinct from l.currency or (l.balance_after_minor is not null) <> a.guarded),
           bool_or(a.guarded)
    into some_are_late, some_are_lost, some_are_guarded
    from new_lines l
         left join journal_entry e on e.id = l.entry_id
         left join ledger_account a on a.id = l.account_id;
    if some_are_late then
        raise exception 'lines can only be written together with their entry' using errcode = 'DL002';
    end if;
    if exists (select from new_lines group by entry_id, currency having sum(amount_minor) <> 0) then
        raise exception 'debits and credits must be equal in each currency' using errcode = 'DL002';
    end if;
    if some_are_lost then
        raise exception 'a line must name an account of its own currency' using errcode = 'DL004';
    end if;
    if some_are_guarded then
        update ledger_account a
        set balance_minor = a.balance_minor + case when is_debit_account(a.kind) then change.amount else -change.amount end
        from (
            select l.account_id, sum(l.amount_minor) as amount from new_lines l
            where l.balance_after_minor is not null group by l.account_id
        ) change
        where a.id = change.account_id;
    end if;
    return null;
end $$;

-- The balance of a guarded account changes with each of its lines; a changed row finds room where it lies.
alter table ledger_account set (fillfactor = 80);
