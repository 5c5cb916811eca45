-- Where text messages reach somebody, in the form of E.164. Families share a telephone, so it need not be unique.
alter table app_user
    add column phone varchar(16) constraint user_phone_is_e164 check (phone ~ '^\+[1-9][0-9]{6,14}$');
