-- Everybody who can sign in or be referred to. Rows are never deleted: entries and contracts point at them.
-- rights_version grows with every change of what the user may do or is signed in with, one AccessChanged each.
create table app_user (
    id uuid primary key,
    name varchar(120) not null
        constraint user_name_is_trimmed check (name = btrim(name) and length(name) >= 1)
        constraint user_name_has_no_control_characters check (name !~ '[[:cntrl:]]'),
    email varchar(254) not null
        constraint user_email_is_unique unique
        constraint user_email_is_lower_case check (email = lower(email))
        constraint user_email_looks_like_one check (email ~ '^[!-~]+@[!-~]+$'),
    roles text[] not null
        constraint user_roles_are_known check (roles <@ array[
            'ADMIN', 'ACCOUNTANT', 'LOAN_OFFICER', 'BRANCH_MANAGER', 'BORROWER', 'SELLER', 'INVESTOR', 'DEBTOR',
            'MILL_MANAGER', 'STOREKEEPER', 'SALES_CLERK', 'CASHIER', 'REGISTRAR', 'BURSAR', 'TEACHER',
            'GUARDIAN'])
        constraint user_has_a_role check (cardinality(roles) >= 1),
    active boolean not null,
    rights_version bigint not null constraint user_rights_version_is_positive check (rights_version >= 1),
    created_at timestamptz not null,
    registered_from varchar(64)
);
create index app_user_by_age on app_user (created_at, id);
-- For counting the registrations that came from one address lately.
create index app_user_by_origin on app_user (registered_from, created_at) where registered_from is not null;
-- For counting administrators, who are few.
create index app_user_admins on app_user (id) where active and 'ADMIN' = any (roles);

-- There is always somebody who can give rights back: the last active administrator stays one. The lock makes two
-- administrators who demote each other at the same moment take turns, and the count then sees the first one's result.
create function last_admin_stays() returns trigger language plpgsql as $$
begin
    if old.active and 'ADMIN' = any (old.roles) and not (new.active and 'ADMIN' = any (new.roles)) then
        perform pg_advisory_xact_lock(hashtextextended('identity.admins', 0));
        if not exists (select from app_user where active and 'ADMIN' = any (roles)) then
            raise exception 'the last administrator stays' using errcode = 'check_violation', constraint = 'last_admin_stays';
        end if;
    end if;
    return null;
end $$;
create trigger last_admin_stays after update of roles, active on app_user
    for each row execute function last_admin_stays();

-- Kept apart from the user, so that nothing that shows a user can show this.
create table user_password (
    user_id uuid primary key references app_user,
    hash varchar(255) not null constraint password_is_hashed check (hash like '$argon2id$%'),
    changed_at timestamptz not null
);

-- A session: one sign-in on one device, kept alive by a chain of refresh tokens, ended once and for all.
create table user_session (
    id uuid primary key,
    user_id uuid not null references app_user,
    device varchar(200),
    address varchar(64),
    created_at timestamptz not null,
    last_used_at timestamptz not null,
    expires_at timestamptz not null,
    ended_at timestamptz,
    ended_because varchar(40) constraint session_end_is_known check (ended_because in (
        'SIGNED_OUT', 'PASSWORD_CHANGED', 'DEACTIVATED', 'REFRESH_TOKEN_REUSED', 'TOO_MANY_SESSIONS')),
    constraint session_ends_with_a_reason check ((ended_at is null) = (ended_because is null)),
    constraint session_is_used_after_it_began check (last_used_at >= created_at and expires_at >= created_at)
);
create index user_session_by_user on user_session (user_id, created_at);
create index user_session_by_expiry on user_session (expires_at);

-- Only somebody active gets a session or a key. The shared lock makes this wait for a deactivation in progress.
create function needs_active_user() returns trigger language plpgsql as $$
begin
    perform from app_user where id = new.user_id and active for share;
    if not found then
        raise exception 'only an active user can be given this' using errcode = 'check_violation', constraint = 'needs_active_user';
    end if;
    return new;
end $$;
create trigger needs_active_user before insert on user_session for each row execute function needs_active_user();

-- What is over stays over: no statement brings an ended session back.
create function session_end_is_final() returns trigger language plpgsql as $$
begin
    raise exception 'an ended session stays ended' using errcode = 'check_violation', constraint = 'session_end_is_final';
end $$;
create trigger session_end_is_final before update on user_session
    for each row when (old.ended_at is not null and new.ended_at is distinct from old.ended_at)
    execute function session_end_is_final();

-- The refresh tokens of a session, only as SHA-256. Each is good for one use; the used ones stay for a while, so that
-- a second use is recognised as theft.
create table refresh_token (
    token_hash char(64) primary key constraint refresh_token_is_hashed check (token_hash ~ '^[0-9a-f]{64}$'),
    session_id uuid not null references user_session on delete cascade,
    created_at timestamptz not null,
    replaced_at timestamptz,
    constraint refresh_token_is_replaced_after_it_began check (replaced_at >= created_at)
);
-- A session has at most one token that is still good.
create unique index one_good_refresh_token_a_session on refresh_token (session_id) where replaced_at is null;
create index refresh_token_by_session on refresh_token (session_id);
create index refresh_token_by_age on refresh_token (replaced_at) where replaced_at is not null;

-- Keys of programs that act for a user, within scopes. Only the SHA-256 of a key is kept; the prefix names it.
create table api_key (
    id uuid primary key,
    user_id uuid not null references app_user,
    name varchar(120) not null
        constraint api_key_name_is_trimmed check (name = btrim(name) and length(name) >= 1)
        constraint api_key_name_has_no_control_characters check (name !~ '[[:cntrl:]]'),
    prefix varchar(12) not null constraint api_key_prefix_is_unique unique,
    key_hash char(64) not null
        constraint api_key_hash_is_unique unique
        constraint api_key_is_hashed check (key_hash ~ '^[0-9a-f]{64}$'),
    scopes text[] not null
        constraint api_key_has_a_scope check (cardinality(scopes) >= 1 and array_position(scopes, null) is null),
    created_at timestamptz not null,
    expires_at timestamptz not null,
    last_used_at timestamptz,
    revoked_at timestamptz,
    constraint api_key_expires_after_it_began check (expires_at > created_at)
);
create index api_key_by_user on api_key (user_id, created_at);
create trigger needs_active_user before insert on api_key for each row execute function needs_active_user();

-- Sign-ins that were tried and did not succeed, or are being tried; success removes its row. The account is a hash,
-- because what people type there is sometimes a password.
create table sign_in_attempt (
    id uuid primary key,
    account_hash char(64) not null constraint account_is_hashed check (account_hash ~ '^[0-9a-f]{64}$'),
    address varchar(64),
    attempted_at timestamptz not null,
    pending boolean not null
);
create index sign_in_attempt_by_account on sign_in_attempt (account_hash, attempted_at);
create index sign_in_attempt_by_address on sign_in_attempt (address, attempted_at) where address is not null;
create index sign_in_attempt_by_age on sign_in_attempt (attempted_at);
