-- Staff are those with a role that nobody can give themselves; they are few among all who can sign in.
create index app_user_staff on app_user (branch_id)
    where active and not roles <@ array['SELLER', 'INVESTOR', 'DEBTOR', 'BORROWER', 'GUARDIAN'];
