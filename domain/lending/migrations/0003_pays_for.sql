-- What a loan is for, where it is paid out straight to that: a thing of another business, by a purpose of payments.
alter table loan
    add column pays_purpose varchar(20),
    add column pays_target_id uuid,
    add column pays_title varchar(140) not null default '',
    add constraint loan_pays_for_is_whole check ((pays_purpose is null) = (pays_target_id is null));
create index loan_by_what_it_pays on loan (pays_target_id) where pays_target_id is not null;

-- DIRECT is straight to what the loan is for; nothing comes back that way.
alter table loan_transaction
    drop constraint loan_transaction_channel_is_known,
    add constraint loan_transaction_channel_is_known check (channel in ('WALLET', 'CASH', 'BANK', 'MPESA', 'DIRECT')),
    add constraint loan_transaction_direct_is_paid_out check (channel <> 'DIRECT' or kind in ('DISBURSEMENT', 'FEE_DEDUCTION'));

-- What of a loan went straight to what it is for: the payout, and the record that the other business has of it.
create table loan_direct_payment (
    fact_id uuid primary key references loan_fact (id),
    loan_id uuid not null references loan (id),
    purpose varchar(20) not null,
    target_id uuid not null,
    currency char(3) not null,
    amount_minor bigint not null constraint loan_direct_payment_is_positive check (amount_minor > 0),
    record_id uuid not null,
    paid_at timestamptz not null,
    undone_at timestamptz
);
create index loan_direct_payment_by_loan on loan_direct_payment (loan_id, paid_at);

create function loan_direct_payment_is_kept() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and old.undone_at is null and (to_jsonb(new) - 'undone_at') = (to_jsonb(old) - 'undone_at') then
        return new;
    end if;
    raise exception 'a direct payment is kept, and undone once' using errcode = 'check_violation',
        constraint = 'loan_direct_payment_is_kept';
end $$;
create trigger loan_direct_payment_is_kept before update or delete on loan_direct_payment
    for each row execute function loan_direct_payment_is_kept();

-- A payout that is taken back leaves the loan approved; and what an approved loan is for is fixed like its terms.
create or replace function loan_moves() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        if new.status <> 'DRAFT' then
            raise exception 'a loan begins as a draft' using errcode = 'check_violation', constraint = 'loan_moves';
        end if;
        return new;
    end if;
    if new.status <> old.status and (old.status || '>' || new.status) not in (
        'DRAFT>SUBMITTED', 'DRAFT>WITHDRAWN',
        'SUBMITTED>UNDER_REVIEW', 'SUBMITTED>KYC_PENDING', 'SUBMITTED>KYC_VERIFIED', 'SUBMITTED>REJECTED',
        'SUBMITTED>WITHDRAWN',
        'UNDER_REVIEW>KYC_PENDING', 'UNDER_REVIEW>KYC_VERIFIED', 'UNDER_REVIEW>REJECTED', 'UNDER_REVIEW>WITHDRAWN',
        'KYC_PENDING>UNDER_REVIEW', 'KYC_PENDING>KYC_VERIFIED', 'KYC_PENDING>REJECTED', 'KYC_PENDING>WITHDRAWN',
        'KYC_VERIFIED>UNDER_REVIEW', 'KYC_VERIFIED>APPROVED', 'KYC_VERIFIED>REJECTED', 'KYC_VERIFIED>WITHDRAWN',
        'APPROVED>ACTIVE', 'APPROVED>WITHDRAWN',
        'ACTIVE>APPROVED', 'ACTIVE>OVERPAID', 'ACTIVE>CLOSED', 'ACTIVE>WRITTEN_OFF',
        'OVERPAID>ACTIVE', 'OVERPAID>CLOSED', 'CLOSED>ACTIVE', 'CLOSED>OVERPAID')
    then
        raise exception 'a loan cannot go from % to %', old.status, new.status using errcode = 'check_violation',
            constraint = 'loan_moves';
    end if;
    if (new.id, new.number, new.borrower_id, new.currency, new.created_by_id, new.created_at)
       is distinct from (old.id, old.number, old.borrower_id, old.currency, old.created_by_id, old.created_at) then
        raise exception 'whose loan it is does not change' using errcode = 'check_violation', constraint = 'loan_moves';
    end if;
    if old.approved_at is not null and
       (new.terms, new.product_id, new.product_revision, new.requested_minor, new.approved_minor, new.approved_by_id,
        new.approved_at, new.reviewed_by_id, new.recommendation, new.submitted_by_id, new.pays_purpose, new.pays_target_id)
       is distinct from
       (old.terms, old.product_id, old.product_revision, old.requested_minor, old.approved_minor, old.approved_by_id,
        old.approved_at, old.reviewed_by_id, old.recommendation, old.submitted_by_id, old.pays_purpose, old.pays_target_id)
    then
        raise exception 'the terms of an approved loan are fixed' using errcode = 'check_violation',
            constraint = 'loan_terms_are_fixed';
    end if;
    return new;
end $$;
