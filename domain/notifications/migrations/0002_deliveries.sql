-- What kind of notice it is in a client's words, and by which ways it goes. Earlier ones went to the list and the screen.
alter table notification
    add column type varchar(60),
    add column channels text[] not null default array['DATABASE', 'BROADCAST'];
update notification set type = upper(split_part(kind, '.', 2));
alter table notification
    alter column type set not null,
    alter column channels drop default,
    add constraint notification_type_is_a_word check (type ~ '^[A-Z][A-Z_]+$'),
    add constraint notification_channels_are_known check (channels <@ array['DATABASE', 'BROADCAST', 'MAIL', 'SMS']),
    add constraint notification_is_in_the_list check ('DATABASE' = any (channels));

-- A notification on its way by mail or text message. It is written together with the notification, so a message exists if
-- and only if the notification does, and there is one a channel however often the event is heard.
create table notification_delivery (
    id uuid primary key,
    notification_id uuid not null references notification on delete cascade,
    recipient_id uuid not null references app_user,
    channel varchar(9) not null constraint delivery_channel_leaves_the_house check (channel in ('MAIL', 'SMS')),
    state varchar(10) not null constraint delivery_state_is_known check (state in (
        'QUEUED', 'SENDING', 'SENT', 'FAILED', 'SUPPRESSED', 'EXPIRED', 'DIGESTED')),
    suppressed_because varchar(20)
        constraint delivery_suppression_is_known check (suppressed_because in ('TURNED_OFF', 'NO_ADDRESS', 'DEACTIVATED')),
    template varchar(40) not null,
    urgent boolean not null,
    digest_key varchar(160),
    window_began_at timestamptz,
    attempts int not null constraint delivery_attempts_are_not_negative check (attempts >= 0),
    refusals int not null constraint delivery_refusals_are_attempts check (refusals between 0 and attempts),
    created_at timestamptz not null,
    due_at timestamptz not null,
    expires_at timestamptz not null,
    leased_until timestamptz,
    address varchar(254),
    subject varchar(200),
    text varchar(10000),
    html text,
    last_error varchar(500),
    transport varchar(20),
    provider_id varchar(200),
    sent_at timestamptz,
    carried_by uuid references notification_delivery on delete set null,
    constraint delivery_is_one_a_channel unique (notification_id, channel),
    constraint delivery_is_leased_while_sending check ((leased_until is not null) = (state = 'SENDING')),
    constraint delivery_was_written_before_it_left check (
        state not in ('SENDING', 'SENT') or (address is not null and subject is not null and text is not null)),
    constraint delivery_says_when_and_how_it_was_sent check (
        (sent_at is not null) = (state = 'SENT') and (transport is not null) = (state = 'SENT')),
    constraint delivery_says_why_it_failed check (state <> 'FAILED' or last_error is not null),
    constraint delivery_says_why_it_was_not_wanted check ((suppressed_because is not null) = (state = 'SUPPRESSED')),
    constraint delivery_is_carried_in_a_digest check (carried_by is null or state = 'DIGESTED'),
    constraint delivery_does_not_carry_itself check (carried_by <> id),
    constraint urgent_delivery_waits_for_no_digest check (not urgent or digest_key is null)
);
create index delivery_list on notification_delivery (created_at desc, id desc);
create index delivery_list_by_state on notification_delivery (state, created_at desc, id desc);
create index delivery_list_by_recipient on notification_delivery (recipient_id, created_at desc, id desc);
create index delivery_waiting on notification_delivery (due_at) where state = 'QUEUED';
create index delivery_leased on notification_delivery (leased_until) where state = 'SENDING';
create index delivery_by_digest on notification_delivery (recipient_id, channel, digest_key, window_began_at)
    where digest_key is not null;
create index delivery_by_carrier on notification_delivery (carried_by) where carried_by is not null;

-- A message that has left cannot be called back, and one that came to an end begins again only from FAILED, by hand.
create function delivery_moves() returns trigger language plpgsql as $$
begin
    if (old.state, new.state) not in (
        ('QUEUED', 'SENDING'), ('QUEUED', 'DIGESTED'), ('QUEUED', 'SUPPRESSED'), ('QUEUED', 'EXPIRED'), ('QUEUED', 'FAILED'),
        ('SENDING', 'SENT'), ('SENDING', 'QUEUED'), ('SENDING', 'SUPPRESSED'), ('SENDING', 'EXPIRED'), ('SENDING', 'FAILED'),
        ('FAILED', 'QUEUED')) then
        raise exception 'a message does not go from % to %', old.state, new.state
            using errcode = 'check_violation', constraint = 'delivery_moves';
    end if;
    return new;
end $$;
create trigger delivery_moves before update of state on notification_delivery
    for each row when (old.state <> new.state) execute function delivery_moves();

-- What was written for one address stays as it is, so that a second attempt is the same message.
create function delivery_content_stays() returns trigger language plpgsql as $$
begin
    raise exception 'what was written is not written anew'
        using errcode = 'check_violation', constraint = 'delivery_content_stays';
end $$;
create trigger delivery_content_stays before update of address, subject, text, html on notification_delivery
    for each row when (old.text is not null and (old.address, old.subject, old.text, old.html)
                       is distinct from (new.address, new.subject, new.text, new.html))
    execute function delivery_content_stays();

-- What somebody chose: the ways that are turned off, as BUSINESS:CHANNEL, and the hours of the night in their own time
-- zone, as minutes after midnight. Whoever has no row gets everything at any hour.
create table notification_preferences (
    user_id uuid primary key references app_user,
    turned_off text[] not null
        constraint preferences_have_no_gaps check (array_position(turned_off, null) is null)
        constraint preferences_name_business_and_channel check (
            cardinality(turned_off) = 0 or array_to_string(turned_off, ' ') ~ '^[A-Z_]+:(MAIL|SMS)( [A-Z_]+:(MAIL|SMS))*$'),
    quiet_from smallint constraint preferences_quiet_from_is_a_minute check (quiet_from between 0 and 1439),
    quiet_until smallint constraint preferences_quiet_until_is_a_minute check (quiet_until between 0 and 1439),
    time_zone varchar(64) not null constraint preferences_name_a_time_zone check (time_zone <> ''),
    updated_at timestamptz not null,
    constraint preferences_quiet_hours_are_whole check ((quiet_from is null) = (quiet_until is null)),
    constraint preferences_quiet_hours_have_a_length check (quiet_from <> quiet_until)
);
