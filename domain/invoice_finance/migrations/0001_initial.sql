-- An invoice that a seller offers to investors. Amounts are minor units of its one currency, rates are basis points.
create table invoice (
    id uuid primary key,
    number varchar(60) not null constraint invoice_number_is_trimmed check (number = btrim(number) and number <> ''),
    seller_id uuid not null,
    seller_name varchar(120) not null,
    debtor_name varchar(120) not null
        constraint invoice_debtor_is_trimmed check (debtor_name = btrim(debtor_name) and debtor_name <> ''),
    debtor_id uuid constraint invoice_debtor_is_not_the_seller check (debtor_id <> seller_id),
    industry varchar(20) not null constraint invoice_industry_is_known check (industry in (
        'AGRICULTURE', 'CONSTRUCTION', 'EDUCATION', 'ENERGY', 'HEALTH', 'HOSPITALITY', 'MANUFACTURING', 'RETAIL',
        'SERVICES', 'TECHNOLOGY', 'TRANSPORT', 'WHOLESALE', 'OTHER')),
    description varchar(2000) not null,
    currency char(3) not null,
    face_minor bigint not null constraint invoice_face_is_positive check (face_minor > 0),
    advance_rate_bps int not null constraint invoice_advance_rate_is_a_share check (advance_rate_bps between 1 and 10000),
    -- What investors are asked for: the advance, or what was funded of it when the funding was closed short.
    requested_minor bigint not null
        constraint invoice_requested_is_within_face check (requested_minor between 1 and face_minor),
    funded_minor bigint not null default 0
        constraint invoice_funded_is_within_requested check (funded_minor between 0 and requested_minor),
    remaining_minor bigint not null generated always as (requested_minor - funded_minor) stored,
    min_investment_minor bigint not null constraint invoice_minimum_is_positive check (min_investment_minor > 0),
    fee_method varchar(8) not null
        constraint invoice_fee_method_is_known check (fee_method in ('FLAT', 'TIERED', 'PRORATED')),
    -- In an auction the highest rate that the seller accepts; awarded_rate_bps is what the winner asked for.
    fee_rate_bps int not null constraint invoice_fee_rate_is_a_share check (fee_rate_bps between 0 and 5000),
    awarded_rate_bps int constraint invoice_awarded_rate_is_accepted check (awarded_rate_bps between 0 and fee_rate_bps),
    fee_tiers jsonb not null default '[]',
    recourse boolean not null,
    sale_method varchar(7) not null constraint invoice_sale_method_is_known check (sale_method in ('FIXED', 'AUCTION')),
    funding_mode varchar(14) not null
        constraint invoice_funding_mode_is_known check (funding_mode in ('IMMEDIATE', 'ALL_OR_NOTHING')),
    issued_on date not null,
    due_on date not null,
    grace_days int not null constraint invoice_grace_is_bounded check (grace_days between 0 and 90),
    funding_deadline_at timestamptz not null,
    status varchar(16) not null constraint invoice_status_is_known check (status in (
        'DRAFT', 'LISTED', 'PARTIALLY_FUNDED', 'FUNDED', 'PARTIALLY_REPAID', 'OVERDUE', 'DEFAULTED', 'SETTLED',
        'RECOVERED', 'CANCELLED', 'EXPIRED')),
    -- What the debtor has paid so far, and to whom it went.
    repaid_minor bigint not null default 0,
    investors_paid_minor bigint not null default 0
        constraint invoice_investors_paid_not_negative check (investors_paid_minor >= 0),
    seller_paid_minor bigint not null default 0
        constraint invoice_seller_paid_not_negative check (seller_paid_minor >= 0),
    platform_paid_minor bigint not null default 0,
    default_fee_minor bigint not null default 0,
    -- What will never be paid, once the recovery is closed.
    loss_minor bigint not null default 0,
    -- The simple yearly return for investors if the debtor pays on the due date, reckoned when the offer last changed.
    expected_yield_bps int not null default 0,
    -- The day on which investors had all they were entitled to: from then on the fee no longer grows.
    fee_stopped_on date,
    paid_through_on date,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    listed_at timestamptz,
    funded_at timestamptz,
    overdue_at timestamptz,
    defaulted_at timestamptz,
    ended_at timestamptz,
    constraint invoice_due_after_issue check (due_on >= issued_on),
    constraint invoice_funding_ends_by_the_due_date
        check (funding_deadline_at < (due_on + 1)::timestamp at time zone 'UTC'),
    constraint invoice_tiers_belong_to_tiered check ((fee_method = 'TIERED') = (jsonb_array_length(fee_tiers) > 0)),
    constraint invoice_auction_has_one_rate check (sale_method = 'FIXED' or fee_method <> 'TIERED'),
    constraint invoice_award_comes_of_an_auction check (awarded_rate_bps is null or sale_method = 'AUCTION'),
    -- Money in is money out.
    constraint invoice_repaid_went_somewhere
        check (repaid_minor = investors_paid_minor + seller_paid_minor + platform_paid_minor),
    constraint invoice_repaid_is_within_face check (repaid_minor >= 0 and repaid_minor + loss_minor <= face_minor),
    constraint invoice_platform_paid_is_within_fee check (platform_paid_minor between 0 and default_fee_minor),
    constraint invoice_loss_not_negative check (loss_minor >= 0),
    constraint invoice_default_fee_needs_a_default check (default_fee_minor = 0 or defaulted_at is not null),
    -- What each state says about the money.
    constraint invoice_unfunded_states_hold_nothing
        check (status not in ('DRAFT', 'LISTED', 'CANCELLED', 'EXPIRED') or funded_minor = 0),
    constraint invoice_partly_funded_is_between
        check (status <> 'PARTIALLY_FUNDED' or funded_minor between 1 and requested_minor - 1),
    constraint invoice_financed_states_are_filled
        check (status not in ('FUNDED', 'PARTIALLY_REPAID', 'OVERDUE', 'DEFAULTED', 'SETTLED', 'RECOVERED')
               or (funded_minor = requested_minor and funded_at is not null)),
    constraint invoice_repaid_only_when_financed
        check (repaid_minor = 0 or status in ('PARTIALLY_REPAID', 'OVERDUE', 'DEFAULTED', 'SETTLED', 'RECOVERED')),
    constraint invoice_partly_repaid_is_between
        check (status <> 'PARTIALLY_REPAID' or repaid_minor between 1 and face_minor - 1),
    constraint invoice_settled_is_repaid check (status <> 'SETTLED' or repaid_minor = face_minor),
    constraint invoice_recovered_is_accounted_for check (status <> 'RECOVERED' or repaid_minor + loss_minor = face_minor),
    constraint invoice_loss_ends_a_recovery check (loss_minor = 0 or status = 'RECOVERED'),
    constraint invoice_listed_has_a_time check (status in ('DRAFT', 'CANCELLED') or listed_at is not null),
    constraint invoice_default_has_a_time check (status <> 'DEFAULTED' or defaulted_at is not null),
    constraint invoice_end_has_a_time
        check ((status in ('SETTLED', 'RECOVERED', 'CANCELLED', 'EXPIRED')) = (ended_at is not null))
);
-- An invoice number of a seller to a debtor is financed once; spelling of spaces, case and punctuation does not make it
-- another. What was cancelled or expired took no money and may be offered again.
create unique index invoice_is_financed_once on invoice (
    seller_id,
    lower(regexp_replace(debtor_name, '[[:space:][:punct:]]+', '', 'g')),
    lower(regexp_replace(number, '[[:space:]]+', '', 'g'))
) where status not in ('CANCELLED', 'EXPIRED');
create index invoice_by_seller on invoice (seller_id, created_at, id);
create index invoice_by_debtor on invoice (debtor_id, created_at, id) where debtor_id is not null;
create index invoice_by_debtor_name on invoice (lower(debtor_name));
create index invoice_by_age on invoice (created_at, id);
create index invoice_on_the_market on invoice (currency, listed_at, id) where status in ('LISTED', 'PARTIALLY_FUNDED');
create index invoice_by_funding_deadline on invoice (funding_deadline_at) where status in ('LISTED', 'PARTIALLY_FUNDED');
create index invoice_by_due_date on invoice (due_on) where status in ('FUNDED', 'PARTIALLY_REPAID', 'OVERDUE');

-- What was offered stays as it was offered: only a draft's terms can be changed.
create function invoice_terms_are_fixed() returns trigger language plpgsql as $$
begin
    if (old.number, old.debtor_name, old.debtor_id, old.currency, old.face_minor, old.advance_rate_bps,
        old.min_investment_minor, old.fee_method, old.fee_rate_bps, old.fee_tiers, old.recourse, old.sale_method,
        old.funding_mode, old.issued_on, old.due_on, old.grace_days, old.funding_deadline_at)
       is distinct from
       (new.number, new.debtor_name, new.debtor_id, new.currency, new.face_minor, new.advance_rate_bps,
        new.min_investment_minor, new.fee_method, new.fee_rate_bps, new.fee_tiers, new.recourse, new.sale_method,
        new.funding_mode, new.issued_on, new.due_on, new.grace_days, new.funding_deadline_at)
       or old.seller_id <> new.seller_id
    then
        raise exception 'the terms of a listed invoice are fixed' using errcode = 'check_violation',
            constraint = 'invoice_terms_are_fixed';
    end if;
    return new;
end $$;
create trigger invoice_terms_are_fixed before update on invoice
    for each row when (old.status <> 'DRAFT') execute function invoice_terms_are_fixed();

-- One act of investing. HELD money waits on a hold in the investor's wallet; ACTIVE money is with the seller.
create table investment (
    id uuid primary key,
    invoice_id uuid not null references invoice (id),
    investor_id uuid not null,
    amount_minor bigint not null constraint investment_is_positive check (amount_minor > 0),
    currency char(3) not null,
    paid_minor bigint not null default 0 constraint investment_paid_not_negative check (paid_minor >= 0),
    state varchar(8) not null constraint investment_state_is_known check (state in ('HELD', 'ACTIVE', 'RELEASED')),
    hold_id uuid references ledger_hold (id),
    entry_id uuid references journal_entry (id),
    made_at timestamptz not null,
    ended_at timestamptz,
    constraint investment_held_names_its_hold check (state <> 'HELD' or hold_id is not null),
    constraint investment_active_names_its_entry check ((state = 'ACTIVE') = (entry_id is not null)),
    constraint investment_pays_only_when_active check (paid_minor = 0 or state = 'ACTIVE'),
    constraint investment_released_has_a_time check ((state = 'RELEASED') = (ended_at is not null))
);
create index investment_by_invoice on investment (invoice_id, id);
create index investment_by_investor on investment (investor_id, made_at, id);

-- An offer to fund the whole advance at a fee rate; the money is held until the auction ends.
create table bid (
    id uuid primary key,
    invoice_id uuid not null references invoice (id),
    bidder_id uuid not null,
    bidder_name varchar(120) not null,
    rate_bps int not null constraint bid_rate_is_a_share check (rate_bps between 0 and 5000),
    amount_minor bigint not null constraint bid_amount_is_positive check (amount_minor > 0),
    currency char(3) not null,
    hold_id uuid not null references ledger_hold (id),
    state varchar(9) not null
        constraint bid_state_is_known check (state in ('ACTIVE', 'REPLACED', 'WITHDRAWN', 'WON', 'LOST')),
    placed_at timestamptz not null,
    ended_at timestamptz,
    constraint bid_end_has_a_time check ((state = 'ACTIVE') = (ended_at is null))
);
-- A bidder has one bid that stands, and an auction one winner.
create unique index bid_one_stands on bid (invoice_id, bidder_id) where state = 'ACTIVE';
create unique index bid_one_wins on bid (invoice_id) where state = 'WON';
create index bid_by_invoice on bid (invoice_id, rate_bps, placed_at, id);
create index bid_by_bidder on bid (bidder_id, placed_at, id);

-- What came in for an invoice and how it was split. Several payments of one settlement share a journal entry.
create table invoice_payment (
    id uuid primary key,
    invoice_id uuid not null references invoice (id),
    source varchar(6) not null constraint payment_source_is_known check (source in ('WALLET', 'BANK')),
    payer_id uuid constraint payment_from_a_wallet_has_a_payer check (source = 'BANK' or payer_id is not null),
    recorded_by_id uuid not null,
    reference varchar(120) not null,
    amount_minor bigint not null constraint payment_is_positive check (amount_minor > 0),
    platform_minor bigint not null constraint payment_platform_not_negative check (platform_minor >= 0),
    investors_minor bigint not null constraint payment_investors_not_negative check (investors_minor >= 0),
    seller_minor bigint not null constraint payment_seller_not_negative check (seller_minor >= 0),
    currency char(3) not null,
    received_on date not null,
    settlement_id uuid not null,
    entry_id uuid not null references journal_entry (id),
    recorded_at timestamptz not null,
    constraint payment_is_split_exactly check (amount_minor = platform_minor + investors_minor + seller_minor)
);
create index invoice_payment_by_invoice on invoice_payment (invoice_id, id);
create index invoice_payment_by_entry on invoice_payment (entry_id);
-- A receipt of the bank is recorded once for an invoice.
create unique index invoice_payment_recorded_once on invoice_payment (invoice_id, lower(reference))
    where source = 'BANK' and reference <> '';

create table payout (
    id uuid primary key,
    payment_id uuid not null references invoice_payment (id),
    investment_id uuid not null references investment (id),
    amount_minor bigint not null constraint payout_is_positive check (amount_minor > 0),
    currency char(3) not null,
    paid_at timestamptz not null,
    constraint payout_one_per_payment unique (payment_id, investment_id)
);
create index payout_by_investment on payout (investment_id, id);

-- Payments and payouts are facts.
create function invoice_money_rows_are_kept() returns trigger language plpgsql as $$
begin
    raise exception '% is immutable', tg_table_name using errcode = 'check_violation', constraint = 'money_rows_are_kept';
end $$;
create trigger invoice_payment_is_kept before update or delete or truncate on invoice_payment
    for each statement execute function invoice_money_rows_are_kept();
create trigger payout_is_kept before update or delete or truncate on payout
    for each statement execute function invoice_money_rows_are_kept();

-- What people say about an invoice. Investors appear under an alias, so that they stay unknown to each other.
create table invoice_message (
    id uuid primary key,
    invoice_id uuid not null references invoice (id),
    author_id uuid not null,
    author_party varchar(8) not null
        constraint message_party_is_known check (author_party in ('SELLER', 'DEBTOR', 'INVESTOR', 'STAFF')),
    author_label varchar(120) not null,
    body varchar(2000) not null constraint message_is_not_blank check (btrim(body) <> ''),
    sent_at timestamptz not null
);
create index invoice_message_by_invoice on invoice_message (invoice_id, id);
create index invoice_message_by_author on invoice_message (author_id, invoice_id);
