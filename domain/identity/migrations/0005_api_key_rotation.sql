-- When the secret of a key is changed, the one before stays good beside it until a time; one before that is worth nothing.
-- The generation counts the secrets of a key. What a key may use up is its own where it is said, and its owner's otherwise.
alter table api_key
    add column generation int not null default 1 constraint api_key_generation_is_positive check (generation >= 1),
    add column rotated_at timestamptz,
    add column previous_prefix varchar(12),
    add column previous_hash char(64) constraint api_key_previous_is_hashed check (previous_hash ~ '^[0-9a-f]{64}$'),
    add column previous_until timestamptz,
    add column previous_last_used_at timestamptz,
    add column expiry_noticed_at timestamptz,
    add column points_per_minute int constraint api_key_points_are_positive check (points_per_minute >= 1),
    add column max_sockets int constraint api_key_sockets_are_positive check (max_sockets >= 1),
    add column allowed_networks text[] not null default '{}',
    add constraint api_key_previous_is_whole check (
        (generation = 1) = (rotated_at is null) and (generation = 1) = (previous_hash is null)
        and (previous_hash is null) = (previous_prefix is null) and (previous_hash is null) = (previous_until is null));
create unique index api_key_previous_hash_is_unique on api_key (previous_hash) where previous_hash is not null;
-- For those whose owners have not been told yet that they end soon.
create index api_key_by_expiry on api_key (expires_at) where revoked_at is null and expiry_noticed_at is null;

create or replace trigger api_key_is_audited after insert or update or delete on api_key
    for each row execute function audit_row(
        'api_key', 'key_hash', 'last_used_at', 'previous_hash', 'previous_last_used_at', 'expiry_noticed_at');
