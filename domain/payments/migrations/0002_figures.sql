-- The pipeline says every minute that it is at work. After a silence it counts as having begun anew.
create table pipeline_pulse (
    id int primary key default 1 constraint pipeline_pulse_is_one_row check (id = 1),
    up_since timestamptz not null,
    seen_at timestamptz not null,
    constraint pipeline_pulse_begins_before_it_is_seen check (up_since <= seen_at)
);

-- A result by which a discrepancy was found is not purged.
create index discrepancy_by_reconciliation on discrepancy (reconciliation_id) where reconciliation_id is not null;
