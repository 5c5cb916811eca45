-- One thing that one person is told. The source is the event's position in the log: hearing an event twice, or matching
-- two rules with it, tells a person once.
create table notification (
    id uuid primary key,
    recipient_id uuid not null references app_user,
    source_position bigint not null constraint notification_source_is_in_the_log check (source_position >= 1),
    kind varchar(100) not null,
    priority varchar(8) not null
        constraint notification_priority_is_known check (priority in ('CRITICAL', 'HIGH', 'MEDIUM', 'LOW')),
    title varchar(120) not null constraint notification_has_a_title check (title <> ''),
    body varchar(1000) not null,
    subject_kind varchar(40),
    subject_id uuid,
    data jsonb not null constraint notification_data_is_an_object check (jsonb_typeof(data) = 'object'),
    created_at timestamptz not null,
    expires_at timestamptz not null,
    read_at timestamptz,
    constraint notification_tells_once unique (recipient_id, source_position),
    constraint notification_subject_is_whole check ((subject_kind is null) = (subject_id is null)),
    constraint notification_expires_after_it_began check (expires_at > created_at)
);
create index notification_list on notification (recipient_id, created_at desc, id desc);
create index notification_unread on notification (recipient_id, created_at desc, id desc) where read_at is null;
create index notification_by_expiry on notification (expires_at);

-- How many notifications somebody has not read. Its row is locked by everything that changes a person's notifications,
-- so the counts that are announced come in their true order.
create table notification_inbox (
    user_id uuid primary key references app_user,
    unread int not null constraint inbox_unread_is_not_negative check (unread >= 0)
);
