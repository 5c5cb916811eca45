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

alter table journal_line add constraint journal_line_entry_id_fkey foreign key (entry_id) references journal_entry (id);
