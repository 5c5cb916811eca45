-- What an organisation lends, and on which terms. Amounts are minor units of its one currency; rates are percent a year.
-- terms is the whole of the conventions (see rules/terms.py) with the usual principal, rate and number of instalments; the
-- bounds say how far one loan may differ from them. A change of any of it is a new revision; a loan keeps the terms it was
-- agreed on.
create table loan_product (
    id uuid primary key,
    code varchar(30) not null constraint loan_product_code_is_unique unique
        constraint loan_product_code_is_plain check (code ~ '^[A-Z0-9][A-Z0-9_-]*$'),
    revision int not null constraint loan_product_revision_is_positive check (revision >= 1),
    name varchar(120) not null constraint loan_product_name_is_trimmed check (name = btrim(name) and name <> ''),
    description varchar(2000) not null,
    currency char(3) not null,
    min_principal_minor bigint not null constraint loan_product_minimum_is_positive check (min_principal_minor > 0),
    max_principal_minor bigint not null,
    min_instalments int not null constraint loan_product_has_instalments check (min_instalments >= 1),
    max_instalments int not null,
    min_annual_rate numeric(16, 12) not null constraint loan_product_rate_not_negative check (min_annual_rate >= 0),
    max_annual_rate numeric(16, 12) not null,
    terms jsonb not null,
    requires_kyc boolean not null,
    required_documents text[] not null
        constraint loan_product_documents_are_known check (required_documents <@ array[
            'NATIONAL_ID', 'PASSPORT', 'PHOTO', 'PROOF_OF_INCOME', 'PROOF_OF_ADDRESS', 'BANK_STATEMENT',
            'BUSINESS_LICENCE', 'COLLATERAL', 'GUARANTEE', 'SIGNED_AGREEMENT', 'OTHER']),
    active boolean not null,
    created_by_id uuid not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint loan_product_principal_is_a_range check (max_principal_minor >= min_principal_minor),
    constraint loan_product_instalments_are_a_range check (max_instalments between min_instalments and 600),
    constraint loan_product_rates_are_a_range check (max_annual_rate between min_annual_rate and 1000),
    constraint loan_product_terms_are_of_its_currency check (terms #>> '{principal,currency}' = currency)
);
create index loan_product_by_name on loan_product (name, id);

-- Each revision of a product as it was; written by the trigger, whoever changes the product.
create table loan_product_revision (
    product_id uuid not null references loan_product (id),
    revision int not null,
    body jsonb not null,
    recorded_at timestamptz not null default clock_timestamp(),
    primary key (product_id, revision)
);

create function loan_product_is_revised() returns trigger language plpgsql as $$
begin
    if (to_jsonb(new) - '{revision,active,updated_at}'::text[]) is distinct from
       (to_jsonb(old) - '{revision,active,updated_at}'::text[]) then
        if new.revision <> old.revision + 1 or (new.id, new.code, new.currency) is distinct from (old.id, old.code, old.currency) then
            raise exception 'a changed product is the next revision of the same product' using errcode = 'check_violation',
                constraint = 'loan_product_is_revised';
        end if;
    elsif new.revision <> old.revision then
        raise exception 'a revision changes something' using errcode = 'check_violation',
            constraint = 'loan_product_is_revised';
    end if;
    return new;
end $$;
create trigger loan_product_is_revised before update on loan_product
    for each row execute function loan_product_is_revised();

create function loan_product_revision_is_noted() returns trigger language plpgsql as $$
begin
    insert into loan_product_revision (product_id, revision, body) values (new.id, new.revision, to_jsonb(new))
    on conflict do nothing;
    return null;
end $$;
create trigger loan_product_revision_is_noted after insert or update on loan_product
    for each row execute function loan_product_revision_is_noted();

create sequence loan_number;

-- A loan from its draft to its end. Until it is paid out, terms is what was asked for; from the approval on it is fixed, and
-- what happens later are facts. The money columns are a projection of the facts as of replayed_on, kept for fast reading.
create table loan (
    id uuid primary key,
    number varchar(20) not null constraint loan_number_is_unique unique,
    borrower_id uuid not null,
    borrower_name varchar(120) not null,
    branch_id uuid not null references branch (id),
    officer_id uuid,
    product_id uuid not null,
    product_revision int not null,
    product_name varchar(120) not null,
    currency char(3) not null,
    purpose varchar(500) not null,
    requested_minor bigint not null constraint loan_request_is_positive check (requested_minor > 0),
    approved_minor bigint constraint loan_approval_is_positive check (approved_minor > 0),
    instalment_count int not null constraint loan_has_instalments check (instalment_count >= 1),
    annual_rate numeric(16, 12) not null constraint loan_rate_not_negative check (annual_rate >= 0),
    terms jsonb not null,
    status varchar(12) not null constraint loan_status_is_known check (status in (
        'DRAFT', 'SUBMITTED', 'UNDER_REVIEW', 'KYC_PENDING', 'KYC_VERIFIED', 'APPROVED', 'ACTIVE', 'OVERPAID', 'CLOSED',
        'WRITTEN_OFF', 'REJECTED', 'WITHDRAWN')),
    -- Who wrote it, and who said what about it.
    created_by_id uuid not null,
    submitted_by_id uuid,
    submitted_at timestamptz,
    recommendation varchar(16)
        constraint loan_recommendation_is_known check (recommendation in ('APPROVE', 'REJECT', 'MORE_INFORMATION')),
    review_comment varchar(2000) not null default '',
    reviewed_by_id uuid,
    reviewed_at timestamptz,
    kyc_required boolean not null,
    kyc_note varchar(500) not null default '',
    kyc_verified_by_id uuid,
    kyc_verified_at timestamptz,
    decision_comment varchar(2000) not null default '',
    approved_by_id uuid,
    approved_at timestamptz,
    rejected_by_id uuid,
    rejected_at timestamptz,
    withdrawn_by_id uuid,
    withdrawn_at timestamptz,
    -- What the facts come to.
    disbursed_minor bigint not null default 0,
    disbursed_on date,
    principal_outstanding_minor bigint not null default 0
        constraint loan_principal_not_negative check (principal_outstanding_minor >= 0),
    interest_outstanding_minor bigint not null default 0
        constraint loan_interest_not_negative check (interest_outstanding_minor >= 0),
    fee_outstanding_minor bigint not null default 0 constraint loan_fee_not_negative check (fee_outstanding_minor >= 0),
    penalty_outstanding_minor bigint not null default 0
        constraint loan_penalty_not_negative check (penalty_outstanding_minor >= 0),
    outstanding_minor bigint not null generated always as (
        principal_outstanding_minor + interest_outstanding_minor + fee_outstanding_minor + penalty_outstanding_minor) stored,
    principal_paid_minor bigint not null default 0
        constraint loan_principal_paid_not_negative check (principal_paid_minor >= 0),
    interest_paid_minor bigint not null default 0
        constraint loan_interest_paid_not_negative check (interest_paid_minor >= 0),
    fee_paid_minor bigint not null default 0 constraint loan_fee_paid_not_negative check (fee_paid_minor >= 0),
    penalty_paid_minor bigint not null default 0
        constraint loan_penalty_paid_not_negative check (penalty_paid_minor >= 0),
    waived_minor bigint not null default 0 constraint loan_waived_not_negative check (waived_minor >= 0),
    written_off_minor bigint not null default 0 constraint loan_written_off_not_negative check (written_off_minor >= 0),
    overpaid_minor bigint not null default 0 constraint loan_overpaid_not_negative check (overpaid_minor >= 0),
    refunded_minor bigint not null default 0 constraint loan_refunded_not_negative check (refunded_minor >= 0),
    charged_back_minor bigint not null default 0
        constraint loan_charged_back_not_negative check (charged_back_minor >= 0),
    recovered_minor bigint not null default 0 constraint loan_recovered_not_negative check (recovered_minor >= 0),
    accrued_interest_minor bigint not null default 0
        constraint loan_accrued_interest_not_negative check (accrued_interest_minor >= 0),
    past_due_minor bigint not null default 0 constraint loan_past_due_not_negative check (past_due_minor >= 0),
    -- The oldest instalment that is not complete, past or to come: days past due count from its date.
    next_due_on date,
    next_due_minor bigint not null default 0 constraint loan_next_due_not_negative check (next_due_minor >= 0),
    maturity_on date,
    delinquent_since_on date,
    delinquent_days int not null default 0 constraint loan_delinquent_days_not_negative check (delinquent_days >= 0),
    delinquency_paused boolean not null default false,
    bucket varchar(11) not null default 'CURRENT' constraint loan_bucket_is_known check (bucket in (
        'CURRENT', 'DAYS_1_30', 'DAYS_31_60', 'DAYS_61_90', 'DAYS_91_180', 'OVER_180')),
    charged_off_on date,
    written_off_on date,
    closed_on date,
    replayed_on date,
    -- The due dates of which the borrower was told last: that it comes, and that it has passed unpaid.
    due_soon_told_on date,
    overdue_told_on date,
    revision int not null default 1 constraint loan_revision_is_positive check (revision >= 1),
    created_at timestamptz not null,
    updated_at timestamptz not null,
    foreign key (product_id, product_revision) references loan_product_revision (product_id, revision),
    constraint loan_disbursed_is_within_approval check (disbursed_minor between 0 and coalesce(approved_minor, 0)),
    constraint loan_submission_is_whole check ((submitted_by_id is null) = (submitted_at is null)),
    constraint loan_review_is_whole
        check ((reviewed_by_id is null) = (reviewed_at is null) and (reviewed_by_id is null) = (recommendation is null)),
    constraint loan_kyc_is_whole check ((kyc_verified_by_id is null) = (kyc_verified_at is null)),
    constraint loan_approval_is_whole
        check ((approved_by_id is null) = (approved_at is null) and (approved_by_id is null) = (approved_minor is null)),
    constraint loan_submitted_says_when
        check (status in ('DRAFT', 'WITHDRAWN') or submitted_at is not null),
    constraint loan_rejection_is_whole
        check ((status = 'REJECTED') = (rejected_at is not null) and (rejected_by_id is null) = (rejected_at is null)),
    constraint loan_withdrawal_is_whole
        check ((status = 'WITHDRAWN') = (withdrawn_at is not null) and (withdrawn_by_id is null) = (withdrawn_at is null)),
    -- Nothing is approved without a review in favour and, where the product asks for it, a verified identity.
    constraint loan_awaits_kyc_after_review
        check (status <> 'KYC_PENDING' or (recommendation = 'APPROVE' and kyc_required and kyc_verified_at is null)),
    constraint loan_approval_needs_review_and_kyc
        check (status not in ('KYC_VERIFIED', 'APPROVED', 'ACTIVE', 'OVERPAID', 'CLOSED', 'WRITTEN_OFF')
               or (recommendation = 'APPROVE' and (kyc_verified_at is not null or not kyc_required))),
    constraint loan_lent_is_approved
        check (status not in ('APPROVED', 'ACTIVE', 'OVERPAID', 'CLOSED', 'WRITTEN_OFF') or approved_at is not null),
    -- The maker is never the checker. The comparisons are null, and so pass, while somebody is still missing.
    constraint loan_reviewer_is_not_the_borrower check (reviewed_by_id <> borrower_id),
    constraint loan_kyc_is_not_by_the_borrower check (kyc_verified_by_id <> borrower_id),
    constraint loan_approver_is_not_the_borrower check (approved_by_id <> borrower_id),
    constraint loan_approver_did_not_write_it check (approved_by_id <> created_by_id and approved_by_id <> submitted_by_id),
    constraint loan_approver_did_not_review_it check (approved_by_id <> reviewed_by_id),
    -- What each status says about the money.
    constraint loan_unpaid_out_holds_nothing
        check (status in ('ACTIVE', 'OVERPAID', 'CLOSED', 'WRITTEN_OFF')
               or (disbursed_minor = 0 and outstanding_minor = 0 and overpaid_minor = 0)),
    constraint loan_paid_out_says_when
        check (status not in ('ACTIVE', 'OVERPAID', 'CLOSED', 'WRITTEN_OFF')
               or (disbursed_minor > 0 and disbursed_on is not null and replayed_on is not null)),
    constraint loan_active_is_not_overpaid check (status <> 'ACTIVE' or overpaid_minor = 0),
    constraint loan_overpaid_owes_nothing check (status <> 'OVERPAID' or (outstanding_minor = 0 and overpaid_minor > 0)),
    constraint loan_closed_owes_nothing check (status <> 'CLOSED' or (outstanding_minor = 0 and overpaid_minor = 0)),
    constraint loan_written_off_is_given_up check (status <> 'WRITTEN_OFF' or outstanding_minor = 0),
    constraint loan_write_off_has_a_date check ((status = 'WRITTEN_OFF') = (written_off_on is not null)),
    constraint loan_end_has_a_date check ((status in ('CLOSED', 'WRITTEN_OFF')) = (closed_on is not null)),
    constraint loan_charge_off_needs_a_loan
        check (charged_off_on is null or status in ('ACTIVE', 'OVERPAID', 'CLOSED', 'WRITTEN_OFF'))
);
create index loan_by_borrower on loan (borrower_id, created_at, id);
create index loan_by_branch on loan (branch_id, created_at, id);
create index loan_by_officer on loan (officer_id, created_at, id) where officer_id is not null;
create index loan_by_product on loan (product_id, created_at, id);
create index loan_by_status on loan (status, branch_id, created_at, id);
create index loan_by_age on loan (created_at, id);
create index loan_drafts_by_writer on loan (created_by_id) where submitted_at is null;
-- For finding a name by its beginning.
create index loan_by_borrower_name on loan (upper(borrower_name) varchar_pattern_ops);
-- The live portfolio: for portfolio at risk, and for the daily look at what has become late.
create index loan_portfolio on loan (branch_id, next_due_on) include (currency, principal_outstanding_minor, charged_off_on)
    where status = 'ACTIVE';

-- A loan begins as a draft, and moves only along the arrows.
create function loan_moves() returns trigger language plpgsql as $$
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
        'ACTIVE>OVERPAID', 'ACTIVE>CLOSED', 'ACTIVE>WRITTEN_OFF',
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
        new.approved_at, new.reviewed_by_id, new.recommendation, new.submitted_by_id)
       is distinct from
       (old.terms, old.product_id, old.product_revision, old.requested_minor, old.approved_minor, old.approved_by_id,
        old.approved_at, old.reviewed_by_id, old.recommendation, old.submitted_by_id)
    then
        raise exception 'the terms of an approved loan are fixed' using errcode = 'check_violation',
            constraint = 'loan_terms_are_fixed';
    end if;
    return new;
end $$;
create trigger loan_moves before insert or update on loan for each row execute function loan_moves();

-- A paper that belongs to an application; the bytes are in the files room.
create table loan_document (
    id uuid primary key,
    loan_id uuid not null references loan (id),
    file_id uuid not null references stored_file (id) constraint loan_document_once unique,
    kind varchar(20) not null constraint loan_document_kind_is_known check (kind in (
        'NATIONAL_ID', 'PASSPORT', 'PHOTO', 'PROOF_OF_INCOME', 'PROOF_OF_ADDRESS', 'BANK_STATEMENT', 'BUSINESS_LICENCE',
        'COLLATERAL', 'GUARANTEE', 'SIGNED_AGREEMENT', 'OTHER')),
    file_name varchar(255) not null,
    uploaded_by_id uuid not null,
    uploaded_at timestamptz not null,
    verified_by_id uuid,
    verified_at timestamptz,
    constraint loan_document_verification_is_whole check ((verified_by_id is null) = (verified_at is null))
);
create index loan_document_by_loan on loan_document (loan_id, uploaded_at, id);

-- What happened to a loan, dated. The whole booked state follows from these and the terms. A fact is never edited; it can
-- only be taken back, once.
create table loan_fact (
    id uuid primary key,
    loan_id uuid not null references loan (id),
    sequence int not null constraint loan_fact_sequence_is_positive check (sequence >= 1),
    kind varchar(20) not null constraint loan_fact_kind_is_known check (kind in (
        'DISBURSED', 'REPAID', 'RATE_CHANGED', 'CHARGE_ADDED', 'CHARGE_WAIVED', 'INTEREST_WAIVED', 'CHARGED_BACK',
        'CREDIT_REFUNDED', 'RESCHEDULED', 'REAGED', 'REAMORTISED', 'DELINQUENCY_PAUSED', 'CHARGED_OFF', 'WRITTEN_OFF',
        'RECOVERED')),
    happened_on date not null,
    payload jsonb not null,
    -- By which way its money came or went, if it moved any, and what was said about it.
    money jsonb,
    note varchar(500) not null default '',
    recorded_by_id uuid not null,
    recorded_at timestamptz not null,
    reversed_by_id uuid,
    reversed_at timestamptz,
    reversal_reason varchar(500),
    constraint loan_fact_in_order unique (loan_id, sequence),
    constraint loan_fact_reversal_is_whole check (
        (reversed_by_id is null) = (reversed_at is null) and (reversal_reason is null) = (reversed_at is null))
);
create unique index loan_fact_written_off_once on loan_fact (loan_id) where kind = 'WRITTEN_OFF' and reversed_at is null;
create unique index loan_fact_charged_off_once on loan_fact (loan_id) where kind = 'CHARGED_OFF' and reversed_at is null;

-- One row of the schedule as it stands: a projection that every replay rewrites. Branch and currency are the loan's, so
-- that collections need no other table.
create table loan_instalment (
    id uuid primary key,
    loan_id uuid not null references loan (id),
    branch_id uuid not null,
    currency char(3) not null,
    number int not null constraint loan_instalment_number_is_positive check (number >= 1),
    kind varchar(12) not null
        constraint loan_instalment_kind_is_known check (kind in ('DISBURSEMENT', 'NORMAL', 'DOWN_PAYMENT', 'ADDITIONAL')),
    from_on date not null,
    due_on date not null,
    principal_minor bigint not null,
    interest_minor bigint not null,
    fee_minor bigint not null,
    penalty_minor bigint not null,
    principal_paid_minor bigint not null default 0,
    interest_paid_minor bigint not null default 0,
    fee_paid_minor bigint not null default 0,
    penalty_paid_minor bigint not null default 0,
    principal_waived_minor bigint not null default 0,
    interest_waived_minor bigint not null default 0,
    fee_waived_minor bigint not null default 0,
    penalty_waived_minor bigint not null default 0,
    principal_written_off_minor bigint not null default 0,
    interest_written_off_minor bigint not null default 0,
    fee_written_off_minor bigint not null default 0,
    penalty_written_off_minor bigint not null default 0,
    balance_after_minor bigint not null constraint loan_instalment_balance_not_negative check (balance_after_minor >= 0),
    due_minor bigint not null generated always as (principal_minor + interest_minor + fee_minor + penalty_minor) stored,
    unpaid_minor bigint not null generated always as (
        principal_minor - principal_paid_minor - principal_waived_minor - principal_written_off_minor
        + interest_minor - interest_paid_minor - interest_waived_minor - interest_written_off_minor
        + fee_minor - fee_paid_minor - fee_waived_minor - fee_written_off_minor
        + penalty_minor - penalty_paid_minor - penalty_waived_minor - penalty_written_off_minor) stored,
    completed_on date,
    constraint loan_instalment_once unique (loan_id, number),
    constraint loan_instalment_is_a_period check (due_on >= from_on),
    constraint loan_instalment_principal_is_exact check (
        least(principal_paid_minor, principal_waived_minor, principal_written_off_minor) >= 0
        and principal_paid_minor + principal_waived_minor + principal_written_off_minor <= principal_minor),
    constraint loan_instalment_interest_is_exact check (
        least(interest_paid_minor, interest_waived_minor, interest_written_off_minor) >= 0
        and interest_paid_minor + interest_waived_minor + interest_written_off_minor <= interest_minor),
    constraint loan_instalment_fee_is_exact check (
        least(fee_paid_minor, fee_waived_minor, fee_written_off_minor) >= 0
        and fee_paid_minor + fee_waived_minor + fee_written_off_minor <= fee_minor),
    constraint loan_instalment_penalty_is_exact check (
        least(penalty_paid_minor, penalty_waived_minor, penalty_written_off_minor) >= 0
        and penalty_paid_minor + penalty_waived_minor + penalty_written_off_minor <= penalty_minor),
    constraint loan_instalment_complete_owes_nothing check (completed_on is null or unpaid_minor = 0)
);
-- What is still to be collected, by branch and day; and over all branches.
create index loan_instalment_to_collect on loan_instalment (branch_id, due_on, id) include (currency, unpaid_minor, loan_id)
    where unpaid_minor > 0;
create index loan_instalment_to_collect_anywhere on loan_instalment (due_on, id)
    include (currency, unpaid_minor, loan_id, branch_id) where unpaid_minor > 0;

-- What borrower and staff see on the statement. The split is what one fact did to the loan; when a replay splits it anew,
-- this row is reversed with its journal entry and another one takes its place.
create table loan_transaction (
    id uuid primary key,
    loan_id uuid not null references loan (id),
    branch_id uuid not null,
    fact_id uuid references loan_fact (id),
    kind varchar(18) not null constraint loan_transaction_kind_is_known check (kind in (
        'DISBURSEMENT', 'FEE_DEDUCTION', 'DOWN_PAYMENT', 'REPAYMENT', 'SET_OFF', 'ACCRUAL', 'CHARGE_WAIVER',
        'INTEREST_WAIVER', 'CHARGE_BACK', 'CREDIT_REFUND', 'CHARGE_OFF', 'WRITE_OFF', 'RESIDUAL_WRITE_OFF', 'RECOVERY')),
    happened_on date not null,
    currency char(3) not null,
    amount_minor bigint not null constraint loan_transaction_is_positive check (amount_minor > 0),
    principal_minor bigint not null default 0,
    interest_minor bigint not null default 0,
    fee_minor bigint not null default 0,
    penalty_minor bigint not null default 0,
    overpaid_minor bigint not null default 0,
    channel varchar(6) constraint loan_transaction_channel_is_known check (channel in ('WALLET', 'CASH', 'BANK', 'MPESA')),
    reference varchar(120) not null default ''
        constraint loan_transaction_reference_is_trimmed check (reference = btrim(reference)),
    payer_id uuid,
    note varchar(500) not null default '',
    entry_id uuid references journal_entry (id),
    recorded_by_id uuid not null,
    recorded_at timestamptz not null,
    reversed_by_id uuid,
    reversed_at timestamptz,
    reversal_entry_id uuid references journal_entry (id),
    -- The row that says the same fact with another split, when a replay and no person reversed this one.
    replaced_by_id uuid references loan_transaction (id) deferrable initially deferred,
    constraint loan_transaction_reversal_is_whole check (
        (reversed_by_id is null) = (reversed_at is null) and (reversal_entry_id is null or reversed_at is not null)
        and (replaced_by_id is null or reversed_at is not null)),
    constraint loan_transaction_money_has_a_channel check (
        kind not in ('DISBURSEMENT', 'DOWN_PAYMENT', 'REPAYMENT', 'CREDIT_REFUND', 'RECOVERY') or channel is not null),
    -- Every cent of a payment went to a part of the debt or is owed back.
    constraint loan_transaction_payment_is_split_exactly check (
        kind not in ('FEE_DEDUCTION', 'DOWN_PAYMENT', 'REPAYMENT', 'SET_OFF')
        or (amount_minor = principal_minor + interest_minor + fee_minor + penalty_minor + overpaid_minor
            and least(principal_minor, interest_minor, fee_minor, penalty_minor, overpaid_minor) >= 0))
);
create index loan_transaction_by_loan on loan_transaction (loan_id, happened_on, id);
create index loan_transaction_by_fact on loan_transaction (fact_id) where fact_id is not null;
create index loan_transaction_by_entry on loan_transaction (entry_id) where entry_id is not null;
create index loan_transaction_by_branch_and_day on loan_transaction (branch_id, happened_on, id)
    include (kind, currency, amount_minor, channel) where reversed_at is null;
create index loan_transaction_by_age on loan_transaction (recorded_at, id);
-- A receipt is recorded once: a mobile-money receipt anywhere, any other reference once for a loan.
create unique index loan_receipt_recorded_once on loan_transaction (loan_id, channel, lower(reference))
    where reference <> '' and reversed_at is null and kind in ('DOWN_PAYMENT', 'REPAYMENT', 'RECOVERY');
create unique index loan_mobile_receipt_recorded_once on loan_transaction (lower(reference))
    where channel = 'MPESA' and reference <> '' and reversed_at is null
          and kind in ('DOWN_PAYMENT', 'REPAYMENT', 'RECOVERY');

-- What a transaction paid of an instalment.
create table loan_allocation (
    id uuid primary key,
    transaction_id uuid not null references loan_transaction (id),
    loan_id uuid not null references loan (id),
    instalment_number int not null,
    principal_minor bigint not null default 0,
    interest_minor bigint not null default 0,
    fee_minor bigint not null default 0,
    penalty_minor bigint not null default 0,
    constraint loan_allocation_once unique (transaction_id, instalment_number),
    constraint loan_allocation_not_negative check (
        least(principal_minor, interest_minor, fee_minor, penalty_minor) >= 0
        and principal_minor + interest_minor + fee_minor + penalty_minor > 0)
);
create index loan_allocation_by_loan on loan_allocation (loan_id, instalment_number);

-- What a loan has in the journal: content says what the entry is about and what its sides are, as booking.py wants it. A
-- booking that the loan's state does not ask for any more is ended by the opposite entry, and another takes its place.
create table loan_booking (
    id uuid primary key,
    loan_id uuid not null references loan (id),
    content text not null,
    entry_id uuid references journal_entry (id),
    transaction_id uuid references loan_transaction (id),
    booked_at timestamptz not null,
    reversal_entry_id uuid references journal_entry (id),
    ended_at timestamptz,
    constraint loan_booking_books_something check (entry_id is not null or transaction_id is not null),
    constraint loan_booking_end_is_whole check (
        (reversal_entry_id is null or ended_at is not null)
        and (ended_at is null or (entry_id is null) = (reversal_entry_id is null)))
);
create index loan_booking_standing on loan_booking (loan_id, booked_at, id) where ended_at is null;
create index loan_booking_by_loan on loan_booking (loan_id);

-- A fee or penalty of a loan as it stands: a projection like the instalments. key is that of the engine.
create table loan_charge (
    id uuid primary key,
    loan_id uuid not null references loan (id),
    currency char(3) not null,
    key varchar(120) not null,
    code varchar(40) not null,
    title varchar(120) not null,
    time varchar(20) not null constraint loan_charge_time_is_known check (time in (
        'DISBURSEMENT', 'INSTALMENT', 'SPECIFIED_DUE_DATE', 'OVERDUE_INSTALMENT')),
    penalty boolean not null,
    instalment_number int not null,
    charged_on date not null,
    due_on date not null,
    amount_minor bigint not null,
    paid_minor bigint not null default 0,
    waived_minor bigint not null default 0,
    written_off_minor bigint not null default 0,
    constraint loan_charge_once unique (loan_id, key),
    constraint loan_charge_is_exact check (
        least(paid_minor, waived_minor, written_off_minor) >= 0
        and paid_minor + waived_minor + written_off_minor <= amount_minor)
);

-- Days in which a late loan does not count as delinquent; both ends included.
create table loan_delinquency_pause (
    id uuid primary key,
    loan_id uuid not null references loan (id),
    fact_id uuid not null references loan_fact (id),
    starts_on date not null,
    ends_on date not null,
    reason varchar(500) not null,
    paused_by_id uuid not null,
    paused_at timestamptz not null,
    cancelled_at timestamptz,
    constraint loan_pause_is_a_period check (ends_on >= starts_on)
);
create index loan_delinquency_pause_by_loan on loan_delinquency_pause (loan_id, starts_on);

-- What somebody asks for and another one decides: a write-off, or a new plan. One of a kind waits at a time.
create table loan_request (
    id uuid primary key,
    loan_id uuid not null references loan (id),
    kind varchar(10) not null constraint loan_request_kind_is_known check (kind in ('WRITE_OFF', 'RESCHEDULE')),
    status varchar(9) not null constraint loan_request_status_is_known check (status in (
        'PENDING', 'APPROVED', 'REJECTED', 'WITHDRAWN')),
    plan jsonb not null,
    reason varchar(500) not null constraint loan_request_says_why check (reason <> ''),
    requested_by_id uuid not null,
    requested_at timestamptz not null,
    decided_by_id uuid,
    decided_at timestamptz,
    comment varchar(1000) not null default '',
    fact_id uuid references loan_fact (id),
    constraint loan_request_decision_is_whole check (
        (status = 'PENDING') = (decided_by_id is null) and (decided_by_id is null) = (decided_at is null)
        and (status = 'APPROVED') = (fact_id is not null)),
    constraint loan_request_is_decided_by_another check (status in ('PENDING', 'WITHDRAWN') or decided_by_id <> requested_by_id)
);
create unique index loan_request_pending_once on loan_request (loan_id, kind) where status = 'PENDING';
create index loan_request_by_loan on loan_request (loan_id, requested_at, id);

-- Facts, transactions and allocations stay as they are; facts and transactions can be reversed, once.
create function loan_history_is_kept() returns trigger language plpgsql as $$
declare
    reversal constant text[] := '{reversed_by_id,reversed_at,reversal_reason,reversal_entry_id,replaced_by_id,ended_at}';
begin
    if tg_op = 'UPDATE' and (to_jsonb(new) - reversal) = (to_jsonb(old) - reversal)
       and coalesce(to_jsonb(old) ->> 'reversed_at', to_jsonb(old) ->> 'ended_at') is null
       and coalesce(to_jsonb(new) ->> 'reversed_at', to_jsonb(new) ->> 'ended_at') is not null then
        return new;
    end if;
    raise exception '% is kept as it is', tg_table_name using errcode = 'check_violation', constraint = 'loan_history_is_kept';
end $$;
create trigger loan_fact_is_kept before update or delete on loan_fact
    for each row execute function loan_history_is_kept();
create trigger loan_transaction_is_kept before update or delete on loan_transaction
    for each row execute function loan_history_is_kept();
create trigger loan_booking_is_kept before update or delete on loan_booking
    for each row execute function loan_history_is_kept();
create trigger loan_allocation_is_kept before update or delete on loan_allocation
    for each row execute function loan_history_is_kept();
create trigger loan_product_revision_is_kept before update or delete on loan_product_revision
    for each row execute function loan_history_is_kept();

-- What was said between staff and a borrower, and when to come back to it. A note of the file: never edited.
create table communication_log (
    id uuid primary key,
    loan_id uuid references loan (id),
    borrower_id uuid not null,
    borrower_name varchar(120) not null,
    branch_id uuid not null references branch (id),
    channel varchar(7) not null constraint communication_channel_is_known check (channel in (
        'CALL', 'SMS', 'EMAIL', 'CHAT', 'LETTER', 'VISIT', 'MEETING', 'OTHER')),
    direction varchar(8) not null constraint communication_direction_is_known check (direction in ('INBOUND', 'OUTBOUND')),
    subject varchar(200) not null constraint communication_subject_is_trimmed check (subject = btrim(subject) and subject <> ''),
    body varchar(4000) not null,
    -- What came of it, and what the borrower promised to pay, if anything.
    outcome varchar(500) not null constraint communication_outcome_is_trimmed check (outcome = btrim(outcome)),
    promised_on date,
    promised_minor bigint constraint communication_promise_is_positive check (promised_minor > 0),
    currency char(3),
    follow_up_on date,
    spoken_at timestamptz not null,
    logged_by_id uuid not null,
    logged_by_name varchar(120) not null,
    logged_at timestamptz not null,
    constraint communication_promise_is_whole check (
        (promised_on is null) = (promised_minor is null) and (promised_minor is null) = (currency is null))
);
create index communication_log_by_loan on communication_log (loan_id, spoken_at, id) where loan_id is not null;
create index communication_log_by_borrower on communication_log (borrower_id, spoken_at, id);
create index communication_log_by_branch on communication_log (branch_id, spoken_at, id);
create index communication_log_by_age on communication_log (spoken_at, id);
create index communication_log_to_follow_up on communication_log (branch_id, follow_up_on) where follow_up_on is not null;

-- A step to get back what is overdue, of a loan or of an invoice; the latter is of no branch.
create table recovery_action (
    id uuid primary key,
    subject_kind varchar(7) not null constraint recovery_subject_is_known check (subject_kind in ('LOAN', 'INVOICE')),
    subject_id uuid not null,
    subject_number varchar(60) not null,
    loan_id uuid references loan (id),
    branch_id uuid references branch (id),
    debtor_id uuid,
    debtor_name varchar(120) not null,
    kind varchar(17) not null constraint recovery_kind_is_known check (kind in (
        'REMINDER', 'PHONE_CALL', 'FIELD_VISIT', 'PROMISE_TO_PAY', 'DEMAND_LETTER', 'GUARANTOR_CONTACT', 'RESTRUCTURING',
        'COLLATERAL', 'LEGAL_ACTION', 'EXTERNAL_AGENCY', 'OTHER')),
    status varchar(11) not null
        constraint recovery_status_is_known check (status in ('OPEN', 'IN_PROGRESS', 'COMPLETED', 'CANCELLED')),
    note varchar(2000) not null,
    assigned_to_id uuid,
    due_on date not null,
    currency char(3) not null,
    -- How much was overdue when the action began, how much was promised, and how much came in by it.
    overdue_minor bigint not null constraint recovery_overdue_not_negative check (overdue_minor >= 0),
    promised_minor bigint constraint recovery_promise_is_positive check (promised_minor > 0),
    recovered_minor bigint not null default 0 constraint recovery_recovered_not_negative check (recovered_minor >= 0),
    outcome varchar(2000) not null default '',
    created_by_id uuid not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    started_at timestamptz,
    ended_by_id uuid,
    ended_at timestamptz,
    revision int not null default 1,
    constraint recovery_loan_is_its_subject
        check ((subject_kind = 'LOAN') = (loan_id is not null) and (loan_id is null or loan_id = subject_id)),
    constraint recovery_loan_is_of_a_branch check ((loan_id is null) = (branch_id is null)),
    constraint recovery_in_progress_says_since_when check (status <> 'IN_PROGRESS' or started_at is not null),
    constraint recovery_end_is_whole check (
        (status in ('COMPLETED', 'CANCELLED')) = (ended_at is not null) and (ended_by_id is null) = (ended_at is null)),
    constraint recovery_completed_says_how check (status <> 'COMPLETED' or outcome <> '')
);
create index recovery_action_by_subject on recovery_action (subject_kind, subject_id, created_at, id);
create index recovery_action_by_branch on recovery_action (branch_id, created_at, id);
create index recovery_action_by_age on recovery_action (created_at, id);
create index recovery_action_to_do on recovery_action (branch_id, due_on) where status in ('OPEN', 'IN_PROGRESS');
create index recovery_action_of_officer on recovery_action (assigned_to_id, due_on) where status in ('OPEN', 'IN_PROGRESS');

create function recovery_action_moves() returns trigger language plpgsql as $$
begin
    if old.status in ('COMPLETED', 'CANCELLED') or (new.status = 'OPEN' and old.status <> 'OPEN') then
        raise exception 'a recovery action that is over stays as it is' using errcode = 'check_violation',
            constraint = 'recovery_action_moves';
    end if;
    return new;
end $$;
create trigger recovery_action_moves before update on recovery_action
    for each row execute function recovery_action_moves();

-- Who changed what, before and after. Instalments, charges and allocations follow from the facts and need no second memory.
create trigger loan_product_is_audited after insert or update or delete on loan_product
    for each row execute function audit_row('loan_product', 'updated_at');
create trigger loan_is_audited after insert or update or delete on loan
    for each row execute function audit_row('loan', 'revision', 'updated_at');
create trigger loan_document_is_audited after insert or update or delete on loan_document
    for each row execute function audit_row('loan_document');
create trigger loan_fact_is_audited after insert or update or delete on loan_fact
    for each row execute function audit_row('loan_fact');
create trigger communication_log_is_audited after insert or update or delete on communication_log
    for each row execute function audit_row('communication');
create trigger recovery_action_is_audited after insert or update or delete on recovery_action
    for each row execute function audit_row('recovery_action', 'revision', 'updated_at');
