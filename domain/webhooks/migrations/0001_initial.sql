-- Servers of third parties that are sent events. How far each has come stands in its row; one sender at a time holds it.
create table webhook_endpoint (
    id uuid primary key,
    owner_id uuid not null references app_user (id),
    name varchar(120) not null,
    url varchar(500) not null,
    domains text[] not null default '{}',
    types text[] not null default '{}',
    state varchar(8) not null
        constraint webhook_endpoint_state_is_known check (state in ('ENABLED', 'PAUSED', 'DISABLED')),
    disabled_because varchar(20)
        constraint webhook_endpoint_reason_is_known check (disabled_because in ('FAILING', 'GONE', 'OWNER_LOST_ACCESS')),
    secret_generation int not null default 1 check (secret_generation >= 1),
    previous_until timestamptz,
    epoch bigint not null,
    position bigint not null check (position >= 0),
    failures int not null default 0 check (failures >= 0),
    failing_since timestamptz,
    due_at timestamptz,
    lease_id uuid,
    leased_until timestamptz,
    last_delivered_at timestamptz,
    created_at timestamptz not null,
    constraint webhook_endpoint_disabled_says_why check ((state = 'DISABLED') = (disabled_because is not null)),
    constraint webhook_endpoint_fails_since_a_time check ((failures > 0) = (failing_since is not null)),
    constraint webhook_endpoint_lease_ends check ((lease_id is null) = (leased_until is null))
);
create index webhook_endpoint_by_owner on webhook_endpoint (owner_id, created_at, id);
create index webhook_endpoint_enabled on webhook_endpoint (due_at) where state = 'ENABLED';

-- What was tried; forgotten after some weeks.
create table webhook_attempt (
    id uuid primary key,
    endpoint_id uuid not null references webhook_endpoint (id) on delete cascade,
    message_id varchar(60) not null,
    type varchar(100) not null,
    attempted_at timestamptz not null,
    took_ms int not null check (took_ms >= 0),
    delivered boolean not null,
    status smallint,
    error varchar(300),
    constraint webhook_attempt_failed_says_why check (delivered = (error is null))
);
create index webhook_attempt_by_endpoint on webhook_attempt (endpoint_id, attempted_at, id);
create index webhook_attempt_by_age on webhook_attempt (attempted_at);

-- How far an endpoint has come, and who is at it, is no change of it.
create trigger webhook_endpoint_is_audited after insert or update or delete on webhook_endpoint
    for each row execute function audit_row(
        'webhook_endpoint', 'epoch', 'position', 'failures', 'failing_since', 'due_at', 'lease_id', 'leased_until',
        'last_delivered_at'
    );
