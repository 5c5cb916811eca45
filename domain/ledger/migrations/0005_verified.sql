-- One row for each promise of each room: when it was last recomputed, and how many violations were found.
create table integrity_result (
    domain varchar(40) not null,
    name varchar(100) not null,
    verified_at timestamptz not null,
    violations int not null constraint integrity_violations_are_not_negative check (violations >= 0),
    primary key (domain, name)
);
