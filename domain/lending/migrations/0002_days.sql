-- What lending adds up by branch and day, so that a dashboard reads days and not loans:
--   PORTFOLIO    active loans and their principal outstanding, by the day of the oldest instalment that is not complete
--                (the last day of 9999 when none is left); loans that are charged off are not in it
--   CHARGED_OFF  active loans that are charged off and their principal outstanding, by the day that they were
--   SCHEDULED    instalments and what they ask for, by due date
--   UNPAID       instalments that are not paid and what is unpaid of them, by due date
--   ON_TIME      instalments that payments completed on or before the due date and what they asked for, by that day
--   LATE         the same, completed after the due date
--   RECEIVED     payments received and not reversed, by day and channel
--   DISBURSED    payouts that are not reversed, by day and channel
-- Whoever changes a loan only adds lines to loan_day_change, so that no two of them wait for one row; a job folds those
-- into loan_day and loan_officer_day now and then, and readers take the lines that are not folded yet with them.
create table loan_day (
    branch_id uuid not null,
    currency char(3) not null,
    measure varchar(11) not null constraint loan_day_measure_is_known check (measure in (
        'PORTFOLIO', 'CHARGED_OFF', 'SCHEDULED', 'UNPAID', 'ON_TIME', 'LATE', 'RECEIVED', 'DISBURSED')),
    happens_on date not null,
    channel varchar(6),
    count bigint not null,
    amount_minor numeric(30) not null,
    constraint loan_day_is_one unique nulls not distinct (currency, measure, happens_on, branch_id, channel)
);
create index loan_day_of_branch on loan_day (branch_id, currency, measure, happens_on)
    include (channel, count, amount_minor);
create index loan_day_of_nothing on loan_day (happens_on) where count = 0 and amount_minor = 0;

-- The same by loan officer: what is with one now, and what was received while it was.
create table loan_officer_day (
    officer_id uuid not null,
    branch_id uuid not null,
    currency char(3) not null,
    measure varchar(11) not null constraint loan_officer_day_measure_is_known
        check (measure in ('PORTFOLIO', 'SCHEDULED', 'UNPAID', 'RECEIVED')),
    happens_on date not null,
    count bigint not null,
    amount_minor numeric(30) not null,
    constraint loan_officer_day_is_one unique (officer_id, currency, measure, happens_on, branch_id)
);
create index loan_officer_day_of_branch on loan_officer_day (branch_id, currency, measure, happens_on)
    include (officer_id, count, amount_minor);
create index loan_officer_day_of_nothing on loan_officer_day (happens_on) where count = 0 and amount_minor = 0;

create table loan_day_change (
    branch_id uuid not null,
    officer_id uuid,
    currency char(3) not null,
    measure varchar(11) not null,
    happens_on date not null,
    channel varchar(6),
    count bigint not null,
    amount_minor numeric(30) not null
) with (autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_scale_factor = 0);

-- The days up to this moment.
create view loan_daily as
select branch_id, currency, measure, happens_on, channel, count, amount_minor from loan_day
union all
select branch_id, currency, measure, happens_on, channel, count, amount_minor from loan_day_change;

create view loan_officer_daily as
select officer_id, branch_id, currency, measure, happens_on, count, amount_minor from loan_officer_day
union all
select officer_id, branch_id, currency, measure, happens_on, count, amount_minor from loan_day_change
where officer_id is not null and measure in ('PORTFOLIO', 'SCHEDULED', 'UNPAID', 'RECEIVED');

-- Whose loan it is stands on its instalments too, so that an officer's collections need no other table; and a transaction
-- says whose it was when the money moved. Whoever writes them need not think of it.
alter table loan_instalment add column officer_id uuid;
alter table loan_transaction add column officer_id uuid;
create index loan_instalment_to_collect_by_officer on loan_instalment (officer_id, due_on, id)
    include (currency, unpaid_minor, loan_id, branch_id) where unpaid_minor > 0;

create function loan_officer_is_noted() returns trigger language plpgsql as $$
begin
    new.officer_id := (select l.officer_id from loan l where l.id = new.loan_id);
    return new;
end $$;
create trigger loan_instalment_notes_officer before insert on loan_instalment
    for each row execute function loan_officer_is_noted();

-- A payment that a replay splits anew is still the officer's who had the loan when it came.
create function loan_officer_of_money_is_noted() returns trigger language plpgsql as $$
begin
    new.officer_id := coalesce(
        (select t.officer_id from loan_transaction t where t.fact_id = new.fact_id order by t.recorded_at, t.id limit 1),
        (select l.officer_id from loan l where l.id = new.loan_id));
    return new;
end $$;
create trigger loan_transaction_notes_officer before insert on loan_transaction
    for each row execute function loan_officer_of_money_is_noted();

create function loan_has_another_officer() returns trigger language plpgsql as $$
begin
    update loan_instalment set officer_id = new.officer_id where loan_id = new.id;
    return null;
end $$;
create trigger loan_has_another_officer after update of officer_id on loan
    for each row when (new.officer_id is distinct from old.officer_id) execute function loan_has_another_officer();

-- What one row counts for.
create function days_of_loan(l loan) returns table (measure text, happens_on date, channel text, amount_minor bigint)
language sql immutable as $$
    select case when l.charged_off_on is null then 'PORTFOLIO' else 'CHARGED_OFF' end,
           coalesce(l.charged_off_on, l.next_due_on, '9999-12-31'), null::text, l.principal_outstanding_minor
    where l.status = 'ACTIVE'
$$;

create function days_of_instalment(i loan_instalment)
returns table (measure text, happens_on date, channel text, amount_minor bigint)
language sql immutable as $$
    select 'SCHEDULED', i.due_on, null::text, i.due_minor where i.due_minor > 0
    union all
    select 'UNPAID', i.due_on, null::text, i.unpaid_minor where i.unpaid_minor > 0
    union all
    select case when i.completed_on <= i.due_on then 'ON_TIME' else 'LATE' end, i.completed_on, null::text, i.due_minor
    where i.completed_on is not null
          and i.principal_paid_minor + i.interest_paid_minor + i.fee_paid_minor + i.penalty_paid_minor > 0
          and i.principal_written_off_minor + i.interest_written_off_minor + i.fee_written_off_minor
              + i.penalty_written_off_minor = 0
$$;

create function days_of_transaction(t loan_transaction)
returns table (measure text, happens_on date, channel text, amount_minor bigint)
language sql immutable as $$
    select case when t.kind = 'DISBURSEMENT' then 'DISBURSED' else 'RECEIVED' end, t.happened_on, t.channel, t.amount_minor
    where t.kind in ('DISBURSEMENT', 'DOWN_PAYMENT', 'REPAYMENT', 'RECOVERY') and t.reversed_at is null
$$;

-- The change of a row is what it counts for now, less what it counted for before. A row that is not there counts for nothing.
create function loan_days_change() returns trigger language plpgsql as $$
begin
    insert into loan_day_change (branch_id, officer_id, currency, measure, happens_on, channel, count, amount_minor)
    select d.branch_id, d.officer_id, d.currency, d.measure, d.happens_on, d.channel, sum(d.sign), sum(d.sign * d.amount_minor)
    from (select 1 as sign, new.branch_id, new.officer_id, new.currency, n.* from days_of_loan(new) n
          union all
          select -1, old.branch_id, old.officer_id, old.currency, o.* from days_of_loan(old) o) d
    group by d.branch_id, d.officer_id, d.currency, d.measure, d.happens_on, d.channel
    having sum(d.sign) <> 0 or sum(d.sign * d.amount_minor) <> 0;
    return null;
end $$;
create trigger loan_days_change after insert or update or delete on loan
    for each row execute function loan_days_change();

create function loan_instalment_days_change() returns trigger language plpgsql as $$
begin
    insert into loan_day_change (branch_id, officer_id, currency, measure, happens_on, channel, count, amount_minor)
    select d.branch_id, d.officer_id, d.currency, d.measure, d.happens_on, d.channel, sum(d.sign), sum(d.sign * d.amount_minor)
    from (select 1 as sign, new.branch_id, new.officer_id, new.currency, n.* from days_of_instalment(new) n
          union all
          select -1, old.branch_id, old.officer_id, old.currency, o.* from days_of_instalment(old) o) d
    group by d.branch_id, d.officer_id, d.currency, d.measure, d.happens_on, d.channel
    having sum(d.sign) <> 0 or sum(d.sign * d.amount_minor) <> 0;
    return null;
end $$;
create trigger loan_instalment_days_change after insert or update or delete on loan_instalment
    for each row execute function loan_instalment_days_change();

create function loan_transaction_days_change() returns trigger language plpgsql as $$
begin
    insert into loan_day_change (branch_id, officer_id, currency, measure, happens_on, channel, count, amount_minor)
    select d.branch_id, d.officer_id, d.currency, d.measure, d.happens_on, d.channel, sum(d.sign), sum(d.sign * d.amount_minor)
    from (select 1 as sign, new.branch_id, new.officer_id, new.currency, n.* from days_of_transaction(new) n
          union all
          select -1, old.branch_id, old.officer_id, old.currency, o.* from days_of_transaction(old) o) d
    group by d.branch_id, d.officer_id, d.currency, d.measure, d.happens_on, d.channel
    having sum(d.sign) <> 0 or sum(d.sign * d.amount_minor) <> 0;
    return null;
end $$;
create trigger loan_transaction_days_change after insert or update or delete on loan_transaction
    for each row execute function loan_transaction_days_change();

-- Fold the changes into the days; whoever reads meanwhile sees both before or both after.
create function fold_loan_days() returns bigint language plpgsql as $$
declare
    folded bigint;
begin
    perform pg_advisory_xact_lock(hashtextextended('loan_day', 0));
    with taken as (delete from loan_day_change returning *), of_branches as (
        insert into loan_day as d (branch_id, currency, measure, happens_on, channel, count, amount_minor)
        select branch_id, currency, measure, happens_on, channel, sum(count), sum(amount_minor) from taken
        group by branch_id, currency, measure, happens_on, channel
        on conflict on constraint loan_day_is_one
            do update set count = d.count + excluded.count, amount_minor = d.amount_minor + excluded.amount_minor
    ), of_officers as (
        insert into loan_officer_day as d (officer_id, branch_id, currency, measure, happens_on, count, amount_minor)
        select officer_id, branch_id, currency, measure, happens_on, sum(count), sum(amount_minor) from taken
        where officer_id is not null and measure in ('PORTFOLIO', 'SCHEDULED', 'UNPAID', 'RECEIVED')
        group by officer_id, branch_id, currency, measure, happens_on
        on conflict on constraint loan_officer_day_is_one
            do update set count = d.count + excluded.count, amount_minor = d.amount_minor + excluded.amount_minor
    )
    select count(*) into folded from taken;
    delete from loan_day where count = 0 and amount_minor = 0;
    delete from loan_officer_day where count = 0 and amount_minor = 0;
    return folded;
end $$;

-- Every change that the rows as they stand add up to, had they come through the triggers.
create view loan_days_recomputed as
select d.branch_id, d.officer_id, d.currency, d.measure, d.happens_on, d.channel, count(*) as count,
       sum(d.amount_minor) as amount_minor
from (select l.branch_id, l.officer_id, l.currency, n.* from loan l cross join lateral days_of_loan(l) n
      union all
      select i.branch_id, i.officer_id, i.currency, n.* from loan_instalment i cross join lateral days_of_instalment(i) n
      union all
      select t.branch_id, t.officer_id, t.currency, n.* from loan_transaction t
      cross join lateral days_of_transaction(t) n) d
group by d.branch_id, d.officer_id, d.currency, d.measure, d.happens_on, d.channel;

-- Begin the days anew, for rows that came past the triggers. Whoever changes a loan waits until it is done.
create function retake_loan_days() returns bigint language plpgsql as $$
declare
    days bigint;
begin
    perform pg_advisory_xact_lock(hashtextextended('loan_day', 0));
    lock table loan_day_change in exclusive mode;
    delete from loan_day_change;
    delete from loan_day;
    delete from loan_officer_day;
    insert into loan_day (branch_id, currency, measure, happens_on, channel, count, amount_minor)
    select branch_id, currency, measure, happens_on, channel, sum(count), sum(amount_minor) from loan_days_recomputed
    group by branch_id, currency, measure, happens_on, channel;
    get diagnostics days = row_count;
    insert into loan_officer_day (officer_id, branch_id, currency, measure, happens_on, count, amount_minor)
    select officer_id, branch_id, currency, measure, happens_on, sum(count), sum(amount_minor) from loan_days_recomputed
    where officer_id is not null and measure in ('PORTFOLIO', 'SCHEDULED', 'UNPAID', 'RECEIVED')
    group by officer_id, branch_id, currency, measure, happens_on;
    return days;
end $$;

-- Rows that were there before this migration.
update loan_instalment i set officer_id = l.officer_id from loan l where l.id = i.loan_id and l.officer_id is not null;
select retake_loan_days();

-- The page of payments received, the newest first, over all branches.
create index loan_transaction_received on loan_transaction (happened_on, id)
    where reversed_at is null and kind in ('DOWN_PAYMENT', 'REPAYMENT', 'RECOVERY');

-- A note of the file stays as it was written.
create trigger communication_log_is_kept before update or delete on communication_log
    for each row execute function loan_history_is_kept();
