create table wallet (
    id uuid primary key,
    user_id uuid not null,
    currency char(3) not null,
    account_id uuid not null unique references ledger_account (id),
    opened_at timestamptz not null,
    -- One wallet for each person and currency: whoever inserts it posts the opening credit, so that happens once.
    constraint wallet_one_per_currency unique (user_id, currency)
);
