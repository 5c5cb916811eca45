create or replace trigger api_key_is_audited after insert or update or delete on api_key
    for each row execute function audit_row('api_key', 'key_hash', 'last_used_at');
alter table api_key
    drop column generation, drop column rotated_at, drop column previous_prefix, drop column previous_hash,
    drop column previous_until, drop column previous_last_used_at, drop column expiry_noticed_at,
    drop column points_per_minute, drop column max_sockets, drop column allowed_networks;
