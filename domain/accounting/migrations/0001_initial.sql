-- A voucher is the paper behind an entry: what somebody wants in the books, until it is in them. An expense, a revenue and
-- a transfer debit one account and credit another; an entry by hand has lines of its own.
create table voucher (
    id uuid primary key,
    number bigint generated always as identity unique,
    kind varchar(13) not null
        constraint voucher_kind_is_known check (kind in ('EXPENSE', 'REVENUE', 'TRANSFER', 'JOURNAL_ENTRY')),
    state varchar(16) not null constraint voucher_state_is_known
        check (state in ('DRAFT', 'PENDING_APPROVAL', 'POSTED', 'REJECTED', 'VOIDED', 'REVERSED')),
    dated_on date not null,
    currency char(3),
    amount_minor bigint constraint voucher_amount_is_positive check (amount_minor > 0),
    debit_account_id uuid references ledger_account (id),
    credit_account_id uuid references ledger_account (id),
    -- Who was paid, or who paid.
    party varchar(120) not null,
    description varchar(300) not null
        constraint voucher_is_described check (description = btrim(description) and description <> ''),
    -- The number of the paper: of an invoice, a receipt, a cheque.
    reference varchar(120) not null,
    branch_id uuid constraint voucher_branch_exists references branch (id),
    created_by uuid not null,
    created_at timestamptz not null,
    changed_by uuid not null,
    changed_at timestamptz not null,
    submitted_by uuid,
    submitted_at timestamptz,
    -- Who approved or rejected it, and what they said.
    decided_by uuid,
    decided_at timestamptz,
    decision_comment varchar(1000) not null default '',
    posted_by uuid,
    posted_at timestamptz,
    entry_id uuid constraint voucher_has_one_entry unique references journal_entry (id),
    reversal_id uuid constraint voucher_is_reversed_once unique references journal_entry (id),
    reversed_by uuid,
    reversed_at timestamptz,
    constraint voucher_has_two_sides check (
        num_nonnulls(currency, amount_minor, debit_account_id, credit_account_id)
        = case when kind = 'JOURNAL_ENTRY' then 0 else 4 end),
    constraint voucher_sides_differ check (debit_account_id <> credit_account_id),
    constraint voucher_names_its_party check (kind not in ('EXPENSE', 'REVENUE') or btrim(party) <> ''),
    constraint voucher_posted_names_its_entry
        check ((state in ('POSTED', 'REVERSED')) = (num_nonnulls(entry_id, posted_at, posted_by) = 3)),
    constraint voucher_unposted_has_no_entry
        check (state in ('POSTED', 'REVERSED') or num_nonnulls(entry_id, posted_at, posted_by) = 0),
    constraint voucher_reversed_names_its_reversal
        check ((state = 'REVERSED') = (num_nonnulls(reversal_id, reversed_at, reversed_by) = 3)),
    constraint voucher_unreversed_has_no_reversal
        check (state = 'REVERSED' or num_nonnulls(reversal_id, reversed_at, reversed_by) = 0),
    constraint voucher_pending_was_submitted check (state <> 'PENDING_APPROVAL' or submitted_by is not null),
    constraint voucher_rejected_was_decided check (state <> 'REJECTED' or decided_by is not null),
    constraint voucher_decision_has_a_time check ((decided_by is null) = (decided_at is null)),
    constraint voucher_submission_has_a_time check ((submitted_by is null) = (submitted_at is null)),
    -- Maker is never checker.
    constraint voucher_maker_is_not_checker
        check (decided_by is null or (decided_by <> created_by and decided_by <> changed_by and decided_by <> submitted_by))
);
create index voucher_by_kind on voucher (kind, number);
create index voucher_by_branch on voucher (branch_id, kind, number) where branch_id is not null;
create index voucher_waiting on voucher (kind, state, number) where state in ('DRAFT', 'PENDING_APPROVAL', 'REJECTED');
create index voucher_by_date on voucher (kind, dated_on, number);

-- The lines of an entry by hand before it is posted; debits positive.
create table voucher_line (
    voucher_id uuid not null references voucher (id),
    line_no smallint not null check (line_no > 0),
    account_id uuid not null references ledger_account (id),
    amount_minor bigint not null constraint voucher_line_is_not_zero check (amount_minor <> 0),
    currency char(3) not null,
    primary key (voucher_id, line_no)
);

-- Which state may follow which, and that only a draft's content changes, whoever writes. A voucher is kept for ever.
create function voucher_moves() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        raise exception 'a voucher is kept' using errcode = 'check_violation', constraint = 'voucher_is_kept';
    end if;
    if tg_op = 'INSERT' then
        if new.state <> 'DRAFT' then
            raise exception 'a voucher begins as a draft'
                using errcode = 'check_violation', constraint = 'voucher_begins_as_draft';
        end if;
        return new;
    end if;
    if (old.id, old.kind, old.created_by, old.created_at) is distinct from (new.id, new.kind, new.created_by, new.created_at)
       or (old.state <> new.state and not (case old.state
            when 'DRAFT' then new.state in ('PENDING_APPROVAL', 'POSTED', 'VOIDED')
            when 'PENDING_APPROVAL' then new.state in ('DRAFT', 'POSTED', 'REJECTED', 'VOIDED')
            when 'REJECTED' then new.state in ('DRAFT', 'VOIDED')
            when 'POSTED' then new.state = 'REVERSED'
            else false end))
       or (old.state = new.state and old.state <> 'DRAFT')
    then
        raise exception 'a voucher cannot go from % to %', old.state, new.state
            using errcode = 'check_violation', constraint = 'voucher_moves';
    end if;
    if new.state <> 'DRAFT'
       and (old.dated_on, old.currency, old.amount_minor, old.debit_account_id, old.credit_account_id, old.party,
            old.description, old.reference, old.branch_id, old.changed_by)
           is distinct from
           (new.dated_on, new.currency, new.amount_minor, new.debit_account_id, new.credit_account_id, new.party,
            new.description, new.reference, new.branch_id, new.changed_by)
    then
        raise exception 'only a draft can be changed'
            using errcode = 'check_violation', constraint = 'voucher_terms_are_fixed';
    end if;
    return new;
end $$;
create trigger voucher_moves before insert or update or delete on voucher
    for each row execute function voucher_moves();

-- What a posted voucher says is what its entry says: the same day, branch, accounts and amounts; and its reversal
-- reverses that entry.
create function voucher_equals_its_entry() returns trigger language plpgsql as $$
begin
    if new.state = 'REVERSED' then
        if not exists (select from journal_entry where id = new.reversal_id and reverses_id = new.entry_id) then
            raise exception 'the reversal of a voucher reverses its entry'
                using errcode = 'check_violation', constraint = 'voucher_reversal_reverses';
        end if;
        return null;
    end if;
    if not exists (select from journal_entry where id = new.entry_id and effective_on = new.dated_on
                   and branch_id is not distinct from new.branch_id)
       or exists (
           with stated as (
               select account_id, currency, sum(amount_minor) as amount from (
                   select account_id, currency, amount_minor from voucher_line where voucher_id = new.id
                   union all
                   select new.debit_account_id, new.currency, new.amount_minor where new.kind <> 'JOURNAL_ENTRY'
                   union all
                   select new.credit_account_id, new.currency, -new.amount_minor where new.kind <> 'JOURNAL_ENTRY'
               ) sides group by account_id, currency
           ), posted as (
               select account_id, currency, sum(amount_minor) as amount from journal_line where entry_id = new.entry_id
               group by account_id, currency
           )
           select from stated full join posted using (account_id, currency)
           where stated.amount is distinct from posted.amount)
    then
        raise exception 'the entry of a voucher says what the voucher says'
            using errcode = 'check_violation', constraint = 'voucher_equals_its_entry';
    end if;
    return null;
end $$;
create trigger voucher_equals_its_entry after update of state on voucher
    for each row when (old.state <> new.state and new.state in ('POSTED', 'REVERSED'))
    execute function voucher_equals_its_entry();

-- Lines change while their voucher is a draft, and no later.
create function voucher_line_is_of_a_draft() returns trigger language plpgsql as $$
begin
    perform from voucher where id = coalesce(new.voucher_id, old.voucher_id) and kind = 'JOURNAL_ENTRY' and state = 'DRAFT'
    for no key update;
    if not found then
        raise exception 'only the lines of a draft can be changed'
            using errcode = 'check_violation', constraint = 'voucher_line_is_of_a_draft';
    end if;
    return coalesce(new, old);
end $$;
create trigger voucher_line_is_of_a_draft before insert or update or delete on voucher_line
    for each row execute function voucher_line_is_of_a_draft();

-- At commit a draft of an entry has two lines or more, and balances in each currency.
create function voucher_lines_balance() returns trigger language plpgsql as $$
begin
    if (select count(*) from voucher_line where voucher_id = new.id) < 2
       or exists (select from voucher_line where voucher_id = new.id group by currency having sum(amount_minor) <> 0)
    then
        raise exception 'the lines of voucher % do not balance', new.id
            using errcode = 'check_violation', constraint = 'voucher_lines_balance';
    end if;
    return null;
end $$;
create constraint trigger voucher_lines_balance after insert or update on voucher
    deferrable initially deferred for each row when (new.kind = 'JOURNAL_ENTRY') execute function voucher_lines_balance();

-- Fiscal years and the periods (usually months) that they consist of. No two overlap.
create table fiscal_year (
    id uuid primary key,
    name varchar(40) not null constraint fiscal_year_name_is_unique unique,
    starts_on date not null,
    ends_on date not null,
    state varchar(6) not null constraint fiscal_year_state_is_known check (state in ('OPEN', 'CLOSED')),
    created_at timestamptz not null,
    closed_by uuid,
    closed_at timestamptz,
    constraint fiscal_year_runs_forward check (ends_on > starts_on),
    constraint fiscal_year_closed_says_by_whom check (num_nonnulls(closed_by, closed_at) = case state when 'CLOSED' then 2 else 0 end),
    constraint fiscal_years_do_not_overlap exclude using gist (daterange(starts_on, ends_on, '[]') with &&)
);

create table fiscal_period (
    id uuid primary key,
    year_id uuid not null references fiscal_year (id),
    name varchar(40) not null,
    starts_on date not null,
    ends_on date not null,
    state varchar(6) not null constraint fiscal_period_state_is_known check (state in ('OPEN', 'CLOSED')),
    closed_by uuid,
    closed_at timestamptz,
    constraint fiscal_period_runs_forward check (ends_on >= starts_on),
    constraint fiscal_period_closed_says_by_whom check (num_nonnulls(closed_by, closed_at) = case state when 'CLOSED' then 2 else 0 end),
    constraint fiscal_periods_do_not_overlap exclude using gist (daterange(starts_on, ends_on, '[]') with &&)
);
create index fiscal_period_by_year on fiscal_period (year_id, starts_on);

-- The entry that carried a year's result into retained earnings, in one currency; taken back when the year is reopened.
create table fiscal_year_closing (
    id uuid primary key,
    year_id uuid not null references fiscal_year (id),
    currency char(3) not null,
    result_minor numeric(30) not null,
    entry_id uuid not null unique references journal_entry (id),
    reversal_id uuid unique references journal_entry (id)
);
create unique index fiscal_year_is_closed_once on fiscal_year_closing (year_id, currency) where reversal_id is null;

-- Periods lie in their year, begin open, and stay as they are; closing one waits for every entry that is being posted and
-- lets none begin meanwhile (the other half is journal_entry_period_is_open).
create function fiscal_period_moves() returns trigger language plpgsql as $$
declare
    of_year record;
begin
    if tg_op = 'DELETE' then
        raise exception 'a fiscal period is kept' using errcode = 'check_violation', constraint = 'fiscal_period_is_kept';
    end if;
    perform pg_advisory_xact_lock(hashtextextended('fiscal_period', 0));
    select * into of_year from fiscal_year where id = new.year_id for share;
    if tg_op = 'INSERT' then
        if new.state <> 'OPEN' or of_year.state <> 'OPEN' or new.starts_on < of_year.starts_on or new.ends_on > of_year.ends_on
        then
            raise exception 'a fiscal period begins open and lies in its year'
                using errcode = 'check_violation', constraint = 'fiscal_period_lies_in_its_year';
        end if;
        return new;
    end if;
    if (old.id, old.year_id, old.name, old.starts_on, old.ends_on) <> (new.id, new.year_id, new.name, new.starts_on, new.ends_on)
       or (new.state = 'OPEN' and of_year.state = 'CLOSED')
    then
        raise exception 'a fiscal period only opens and closes, and is closed in a closed year'
            using errcode = 'check_violation', constraint = 'fiscal_period_moves';
    end if;
    return new;
end $$;
create trigger fiscal_period_moves before insert or update or delete on fiscal_period
    for each row execute function fiscal_period_moves();

create function fiscal_year_moves() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        raise exception 'a fiscal year is kept' using errcode = 'check_violation', constraint = 'fiscal_year_is_kept';
    end if;
    perform pg_advisory_xact_lock(hashtextextended('fiscal_period', 0));
    if (old.id, old.name, old.starts_on, old.ends_on) <> (new.id, new.name, new.starts_on, new.ends_on)
       or (new.state = 'CLOSED' and exists (select from fiscal_period where year_id = new.id and state = 'OPEN'))
    then
        raise exception 'a fiscal year only opens and closes, the latter when all of its periods are closed'
            using errcode = 'check_violation', constraint = 'fiscal_year_moves';
    end if;
    return new;
end $$;
create trigger fiscal_year_moves before update or delete on fiscal_year
    for each row execute function fiscal_year_moves();

-- Nothing is dated into a closed period, whoever posts it. Postings share a lock that closing takes for itself: a closing
-- waits for entries that are not committed yet, and an entry that came later sees the period closed.
create function journal_entry_period_is_open() returns trigger language plpgsql as $$
declare
    closed text;
begin
    perform pg_advisory_xact_lock_shared(hashtextextended('fiscal_period', 0));
    select name into closed from fiscal_period
    where state = 'CLOSED' and daterange(starts_on, ends_on, '[]') @> new.effective_on;
    if found then
        raise exception 'the fiscal period % is closed; % lies in it', closed, new.effective_on using errcode = 'DL006';
    end if;
    return new;
end $$;
create trigger journal_entry_period_is_open before insert on journal_entry
    for each row execute function journal_entry_period_is_open();

-- The activity log knows each kind of voucher by the name that people know it by.
create trigger expense_is_audited after insert or update on voucher
    for each row when (new.kind = 'EXPENSE') execute function audit_row('expense');
create trigger revenue_is_audited after insert or update on voucher
    for each row when (new.kind = 'REVENUE') execute function audit_row('revenue');
create trigger transfer_is_audited after insert or update on voucher
    for each row when (new.kind = 'TRANSFER') execute function audit_row('transfer');
create trigger journal_draft_is_audited after insert or update on voucher
    for each row when (new.kind = 'JOURNAL_ENTRY') execute function audit_row('journal_draft');
create trigger journal_draft_line_is_audited after insert or update or delete on voucher_line
    for each row execute function audit_row('journal_draft_line:voucher_id');
create trigger fiscal_year_is_audited after insert or update on fiscal_year
    for each row execute function audit_row('fiscal_year');
create trigger fiscal_period_is_audited after insert or update on fiscal_period
    for each row execute function audit_row('fiscal_period');
