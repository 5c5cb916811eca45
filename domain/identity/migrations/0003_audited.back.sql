drop trigger api_key_is_audited on api_key;
drop trigger branch_is_audited on branch;
drop trigger user_is_audited on app_user;
