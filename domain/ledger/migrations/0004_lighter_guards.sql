-- That a line names an entry of its own transaction is what the trigger below sees to, and entries are neither changed nor
-- deleted: a foreign key asked the same again, once for each line.
alter table journal_line drop constraint journal_line_entry_id_fkey;

-- What every insert of lines must satisfy, and what it does to guarded accounts: lines come in the transaction of their
-- entry, balance per entry and currency within the statement, and name accounts of their own currency. Most statements
-- write one entry in one currency, whose lines must come to zero as they stand; only others are grouped. Guarded accounts
-- are found by the update that moves them, which must find all that are named. Rows of accounts of the house are only read.
create or replace function journal_lines_arrive() returns trigger language plpgsql as $$
declare
    some_are_late boolean;
    some_are_uneven boolean;
    some_are_of_the_house boolean;
    guarded_accounts bigint;
    moved bigint := 0;
begin
    select bool_or(e.txid is distinct from pg_current_xact_id() or l.txid <> pg_current_xact_id()),
           sum(l.amount_minor) <> 0 or min(l.entry_id::text) <> max(l.entry_id::text) or min(l.currency) <> max(l.currency),
           bool_or(l.balance_after_minor is null),
           count(distinct l.account_id::text || l.currency) filter (where l.balance_after_minor is not null)
    into some_are_late, some_are_uneven, some_are_of_the_house, guarded_accounts
    from new_lines l left join journal_entry e on e.id = l.entry_id;
    if some_are_late then
        raise exception 'lines can only be written together with their entry' using errcode = 'DL002';
    end if;
    if some_are_uneven and exists (select from new_lines group by entry_id, currency having sum(amount_minor) <> 0) then
        raise exception 'debits and credits must be equal in each currency' using errcode = 'DL002';
    end if;
    if guarded_accounts > 0 then
        update ledger_account a
        set balance_minor = a.balance_minor + case when is_debit_account(a.kind) then change.amount else -change.amount end
        from (
            select l.account_id, l.currency, sum(l.amount_minor) as amount from new_lines l
            where l.balance_after_minor is not null group by l.account_id, l.currency
        ) change
        where a.id = change.account_id and a.currency = change.currency and a.guarded;
        get diagnostics moved = row_count;
    end if;
    if moved <> guarded_accounts or some_are_of_the_house and exists (
        select from new_lines l left join ledger_account a on a.id = l.account_id
        where l.balance_after_minor is null and (a.guarded is distinct from false or a.currency <> l.currency)
    ) then
        raise exception 'a line must name an account of its own currency' using errcode = 'DL004';
    end if;
    return null;
end $$;
