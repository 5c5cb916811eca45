-- The version of the rights grows with every sign-out and says nothing by itself.
create trigger user_is_audited after insert or update or delete on app_user
    for each row execute function audit_row('user', 'rights_version');
create trigger branch_is_audited after insert or update or delete on branch
    for each row execute function audit_row('branch');
-- Not the hash, although nobody can reckon the key from it; and not each use.
create trigger api_key_is_audited after insert or update or delete on api_key
    for each row execute function audit_row('api_key', 'key_hash', 'last_used_at');
