-- A service that somebody booked and pays for: a client, who is paid for it, and a price.
create table service_session (
    id uuid primary key,
    serial bigint not null generated always as identity,
    number varchar(20) not null generated always as (
        'SES-' || lpad(serial::text, greatest(6, length(serial::text)), '0')) stored,
    client_id uuid not null references app_user (id),
    payee_id uuid not null references app_user (id),
    title varchar(120) not null
        constraint service_session_title_is_trimmed check (title = btrim(title) and title <> ''),
    price_minor bigint not null constraint service_session_price_is_positive check (price_minor > 0),
    currency char(3) not null,
    starts_at timestamptz not null,
    status varchar(9) not null
        constraint service_session_status_is_known check (status in ('BOOKED', 'PAID', 'CANCELLED')),
    payment_id uuid,
    created_by uuid not null,
    created_at timestamptz not null,
    cancelled_at timestamptz,
    version int not null default 1,
    constraint service_session_is_with_another check (client_id <> payee_id),
    constraint service_session_paid_names_its_payment check (status <> 'PAID' or payment_id is not null),
    constraint service_session_cancelled_has_a_time check ((status = 'CANCELLED') = (cancelled_at is not null))
);
create unique index service_session_number_is_unique on service_session (number) where number is not null;
create index service_session_by_client on service_session (client_id, starts_at, id);
create index service_session_by_payee on service_session (payee_id, starts_at, id);
create index service_session_by_time on service_session (starts_at, id);
create index service_session_booked on service_session (price_minor, id) where status = 'BOOKED';

-- A payment that was taken back leaves its session booked, and unpaid, again.
create function service_session_moves() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        if new.status <> 'BOOKED' then
            raise exception 'a session begins booked'
                using errcode = 'check_violation', constraint = 'service_session_moves';
        end if;
        return new;
    end if;
    if tg_op = 'DELETE' then
        raise exception 'a session is kept' using errcode = 'check_violation', constraint = 'service_session_moves';
    end if;
    if (new.id, new.client_id, new.payee_id, new.price_minor, new.currency, new.created_by, new.created_at)
           <> (old.id, old.client_id, old.payee_id, old.price_minor, old.currency, old.created_by, old.created_at)
       or (new.status <> old.status and (old.status || '>' || new.status) not in (
           'BOOKED>PAID', 'BOOKED>CANCELLED', 'PAID>BOOKED'))
    then
        raise exception 'a session cannot go from % to %', old.status, new.status
            using errcode = 'check_violation', constraint = 'service_session_moves';
    end if;
    return new;
end $$;
create trigger service_session_moves before insert or update or delete on service_session
    for each row execute function service_session_moves();
create trigger service_session_is_audited after insert or update or delete on service_session
    for each row execute function audit_row('service_session', 'version');

-- Money that somebody is to pay for something. What came of it is in payment_credit, and purpose_minor and suspense_minor are
-- the sums of that; the reference is what the payer's statement shows, and what a payer types who pays on their own.
create table payment (
    id uuid primary key,
    serial bigint not null generated always as identity,
    number varchar(20) not null generated always as (
        'PAY-' || lpad(serial::text, greatest(6, length(serial::text)), '0')) stored,
    -- Only characters that count when references are compared, and none that is taken for another.
    reference varchar(12) not null
        constraint payment_reference_is_unique unique
        constraint payment_reference_is_ours check (reference ~ '^P[2-9A-HJ-NP-Z]{8,9}$'),
    purpose varchar(20) not null constraint payment_purpose_is_known check (purpose in (
        'SERVICE_SESSION', 'LOAN_INSTALMENT', 'SCHOOL_FEE', 'INVOICE_SETTLEMENT', 'WALLET_TOP_UP', 'MILL_SALE')),
    target_id uuid not null,
    title varchar(140) not null constraint payment_title_is_trimmed check (title = btrim(title) and title <> ''),
    client_id uuid references app_user (id),
    client_name varchar(120) not null,
    payee_id uuid references app_user (id),
    payee_name varchar(120) not null,
    branch_id uuid references branch (id),
    amount_minor bigint not null constraint payment_amount_is_positive check (amount_minor > 0),
    currency char(3) not null,
    -- Enough of the number to recognise one's own. The whole one is with the prompt, and nowhere else.
    phone_masked varchar(20)
        constraint payment_phone_is_masked check (phone_masked ~ '[*]' and phone_masked !~ '[0-9]{7}'),
    status varchar(18) not null constraint payment_status_is_known check (status in (
        'CREATED', 'STK_SENT', 'PROCESSING', 'PAID', 'FAILED', 'CANCELLED', 'EXPIRED', 'REVERSED', 'PARTIALLY_REVERSED')),
    status_at timestamptz not null,
    -- Why it ended without money, in words for the payer.
    status_reason varchar(200),
    expires_at timestamptz,
    paid_at timestamptz,
    transaction_id varchar(12),
    purpose_minor bigint not null default 0 constraint payment_purpose_amount_not_negative check (purpose_minor >= 0),
    suspense_minor bigint not null default 0 constraint payment_suspense_amount_not_negative check (suspense_minor >= 0),
    -- Receipts that a person let through to the purpose as they are.
    accepted text[] not null default '{}',
    -- When a periodic check asked about it last.
    checked_at timestamptz,
    created_by uuid,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    correlation_id uuid not null,
    version int not null default 1,
    constraint payment_taken_has_a_time
        check (status not in ('PAID', 'REVERSED', 'PARTIALLY_REVERSED') or paid_at is not null),
    constraint payment_untaken_reached_nothing
        check (status in ('PAID', 'REVERSED', 'PARTIALLY_REVERSED') or purpose_minor = 0)
);
-- Not a constraint: a generated column with one counts as changed by every update of a row with a trigger, and each update
-- would then wait for everybody who only names the row, in a circle when both name and change several.
create unique index payment_number_is_unique on payment (number) where number is not null;
create index payment_by_age on payment (created_at, id);
create index payment_by_client on payment (client_id, created_at, id) where client_id is not null;
create index payment_by_payee on payment (payee_id, created_at, id) where payee_id is not null;
create index payment_by_branch on payment (branch_id, created_at, id) where branch_id is not null;
create index payment_by_target on payment (target_id, created_at, id);
create index payment_by_status on payment (status, created_at, id);
create index payment_by_transaction on payment (transaction_id) where transaction_id is not null;
-- Who waits to be asked about: never asked first, then asked longest ago, of those the oldest.
create index payment_stuck on payment (checked_at nulls first, created_at, id)
    where status in ('CREATED', 'STK_SENT', 'PROCESSING');
-- What money may belong to of which nobody knows whose it is.
create index payment_unpaid on payment (amount_minor, created_at, id)
    where status in ('CREATED', 'STK_SENT', 'PROCESSING', 'FAILED', 'CANCELLED', 'EXPIRED');
create index payment_in_suspense on payment (id) where suspense_minor > 0;
-- Rows change their status several times, and what they leave behind is in the way of who looks for the stuck ones.
alter table payment set (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.05);

-- What is paid, and by whom, is fixed. Money that came is never unsaid by a failure. The ways that end in REVERSED lead through
-- PAID: a payment and that it was taken back can come to be known at once.
create function payment_moves() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        raise exception 'a payment is kept' using errcode = 'check_violation', constraint = 'payment_is_kept';
    end if;
    if tg_op = 'INSERT' then
        if new.status <> 'CREATED' or new.purpose_minor <> 0 or new.suspense_minor <> 0 then
            raise exception 'a payment begins created' using errcode = 'check_violation', constraint = 'payment_moves';
        end if;
        return new;
    end if;
    if (new.id, new.reference, new.purpose, new.target_id, new.client_id, new.amount_minor, new.currency, new.created_by,
        new.created_at)
       is distinct from (old.id, old.reference, old.purpose, old.target_id, old.client_id, old.amount_minor, old.currency,
                         old.created_by, old.created_at) then
        raise exception 'what a payment is for is fixed'
            using errcode = 'check_violation', constraint = 'payment_terms_are_fixed';
    end if;
    if new.status <> old.status and not (
        new.status in ('PAID', 'REVERSED', 'PARTIALLY_REVERSED')
        or old.status = 'CREATED'
        or (old.status = 'STK_SENT' and new.status <> 'CREATED')
        or (old.status = 'PROCESSING' and new.status in ('FAILED', 'CANCELLED', 'EXPIRED')))
    then
        raise exception 'a payment cannot go from % to %', old.status, new.status
            using errcode = 'check_violation', constraint = 'payment_moves';
    end if;
    return new;
end $$;
create trigger payment_moves before insert or update or delete on payment for each row execute function payment_moves();
create trigger payment_is_audited after insert or update or delete on payment
    for each row execute function audit_row('payment', 'phone_masked', 'checked_at', 'updated_at', 'version');
alter table service_session add constraint service_session_payment_exists foreign key (payment_id) references payment (id);

-- A telephone that was asked to pay. This table has the whole number, because the provider needs it to ask again; nothing
-- shows it. callback_due_at and expires_at are reckoned from when the provider accepted.
create table payment_prompt (
    id uuid primary key,
    payment_id uuid not null references payment (id),
    attempt_no smallint not null constraint payment_prompt_attempts_are_counted check (attempt_no > 0),
    phone varchar(12) not null constraint payment_prompt_phone_is_normalised check (phone ~ '^254[17][0-9]{8}$'),
    amount_minor bigint not null constraint payment_prompt_amount_is_positive check (amount_minor > 0),
    currency char(3) not null,
    state varchar(8) not null
        constraint payment_prompt_state_is_known check (state in ('WAITING', 'ASKED', 'ACCEPTED', 'REFUSED', 'UNKNOWN')),
    checkout_request_id varchar(80) constraint payment_prompt_checkout_is_unique unique,
    merchant_request_id varchar(80),
    requested_by uuid,
    created_at timestamptz not null,
    asked_at timestamptz,
    accepted_at timestamptz,
    callback_due_at timestamptz,
    expires_at timestamptz,
    error_code varchar(40),
    error_text varchar(200),
    constraint payment_prompt_is_numbered unique (payment_id, attempt_no),
    constraint payment_prompt_accepted_is_whole check (
        (state = 'ACCEPTED') = (checkout_request_id is not null) and (state = 'ACCEPTED') = (accepted_at is not null)
        and (state = 'ACCEPTED') = (callback_due_at is not null) and (state = 'ACCEPTED') = (expires_at is not null)),
    constraint payment_prompt_was_asked_once check ((state = 'WAITING') = (asked_at is null) or state = 'REFUSED')
);
create index payment_prompt_open on payment_prompt (created_at, id) where state in ('WAITING', 'ASKED', 'UNKNOWN');
-- How often a telephone was prompted lately, and by whom: nobody is to pester others.
create index payment_prompt_by_phone on payment_prompt (phone, created_at);
create index payment_prompt_by_person on payment_prompt (requested_by, created_at) where requested_by is not null;

-- Asking twice could move the money twice, so a prompt is asked once, and what became of it is final but for not knowing.
create function payment_prompt_moves() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' and new.state = 'WAITING' then
        return new;
    end if;
    if tg_op = 'UPDATE'
       and (new.id, new.payment_id, new.attempt_no, new.phone, new.amount_minor, new.currency, new.created_at)
           = (old.id, old.payment_id, old.attempt_no, old.phone, old.amount_minor, old.currency, old.created_at)
       and (old.checkout_request_id is null or new.checkout_request_id = old.checkout_request_id)
       and (new.state = old.state or (old.state || '>' || new.state) in (
            'WAITING>ASKED', 'WAITING>REFUSED', 'ASKED>ACCEPTED', 'ASKED>REFUSED', 'ASKED>UNKNOWN', 'UNKNOWN>ACCEPTED'))
    then
        return new;
    end if;
    raise exception 'a prompt is asked once, and kept'
        using errcode = 'check_violation', constraint = 'payment_prompt_moves';
end $$;
create trigger payment_prompt_moves before insert or update or delete on payment_prompt
    for each row execute function payment_prompt_moves();

-- Requests of ours that the provider answers later: to give money back, to say what a receipt is. An answer to what we never
-- asked for counts for nothing.
create table mpesa_command (
    id uuid primary key,
    kind varchar(8) not null constraint mpesa_command_kind_is_known check (kind in ('REVERSAL', 'STATUS')),
    receipt varchar(12) not null constraint mpesa_command_receipt_is_one check (receipt ~ '^[A-Z0-9]{10,12}$'),
    payment_id uuid references payment (id),
    amount_minor bigint constraint mpesa_command_amount_is_positive check (amount_minor > 0),
    currency char(3),
    remarks varchar(100) not null,
    state varchar(8) not null constraint mpesa_command_state_is_known check (state in (
        'WAITING', 'ASKED', 'ACCEPTED', 'REFUSED', 'UNKNOWN', 'DONE', 'FAILED')),
    conversation_id varchar(80) constraint mpesa_command_conversation_is_unique unique,
    originator_conversation_id varchar(80) constraint mpesa_command_originator_is_unique unique,
    result_code varchar(20),
    result_text varchar(200),
    discrepancy_id uuid,
    requested_by uuid,
    created_at timestamptz not null,
    asked_at timestamptz,
    finished_at timestamptz,
    correlation_id uuid not null,
    version int not null default 1,
    constraint mpesa_command_reversal_has_an_amount check (kind <> 'REVERSAL' or amount_minor is not null),
    constraint mpesa_command_amount_has_a_currency check ((amount_minor is null) = (currency is null)),
    constraint mpesa_command_finished_has_a_time
        check ((state in ('REFUSED', 'DONE', 'FAILED')) = (finished_at is not null))
);
create index mpesa_command_by_receipt on mpesa_command (receipt, created_at);
create index mpesa_command_by_payment on mpesa_command (payment_id, created_at) where payment_id is not null;
create index mpesa_command_open on mpesa_command (created_at, id) where state in ('WAITING', 'ASKED', 'ACCEPTED', 'UNKNOWN');
-- Of one receipt one reversal is under way at a time.
create unique index mpesa_command_one_reversal on mpesa_command (receipt)
    where kind = 'REVERSAL' and state in ('WAITING', 'ASKED', 'ACCEPTED', 'UNKNOWN');

create function mpesa_command_moves() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' and new.state = 'WAITING' then
        return new;
    end if;
    if tg_op = 'UPDATE'
       and (new.id, new.kind, new.receipt, new.created_at) = (old.id, old.kind, old.receipt, old.created_at)
       and (new.amount_minor, new.currency) is not distinct from (old.amount_minor, old.currency)
       and (new.state = old.state or (old.state || '>' || new.state) in (
            'WAITING>ASKED', 'WAITING>REFUSED', 'ASKED>ACCEPTED', 'ASKED>REFUSED', 'ASKED>UNKNOWN', 'ASKED>DONE',
            'ASKED>FAILED', 'UNKNOWN>DONE', 'UNKNOWN>FAILED', 'ACCEPTED>DONE', 'ACCEPTED>FAILED',
            -- It was given up, and was done all the same.
            'FAILED>DONE'))
    then
        return new;
    end if;
    raise exception 'what was asked of the provider is kept'
        using errcode = 'check_violation', constraint = 'mpesa_command_moves';
end $$;
create trigger mpesa_command_moves before insert or update or delete on mpesa_command
    for each row execute function mpesa_command_moves();
create trigger mpesa_command_is_audited after insert or update or delete on mpesa_command
    for each row execute function audit_row('mpesa_command', 'version');

-- What somebody sent us, word by word, before anything is made of it. The words are forgotten after a while; that they
-- came, when, and what was made of them is kept.
create table mpesa_message (
    id uuid primary key,
    kind varchar(16) not null constraint mpesa_message_kind_is_known check (kind in (
        'STK_CALLBACK', 'C2B_VALIDATION', 'C2B_CONFIRMATION', 'STATUS_RESULT', 'REVERSAL_RESULT', 'STATUS_TIMEOUT',
        'REVERSAL_TIMEOUT')),
    origin varchar(7) not null constraint mpesa_message_origin_is_known check (origin in ('WEBHOOK', 'BY_HAND')),
    source_address varchar(45),
    size_bytes int not null constraint mpesa_message_size_not_negative check (size_bytes >= 0),
    body bytea constraint mpesa_message_body_is_bounded check (length(body) <= 65536),
    received_at timestamptz not null,
    work_at timestamptz not null,
    state varchar(9) not null constraint mpesa_message_state_is_known check (state in (
        'RECEIVED', 'PARKED', 'DONE', 'MALFORMED', 'UNKNOWN', 'REFUSED')),
    attempts int not null default 0 constraint mpesa_message_attempts_not_negative check (attempts >= 0),
    problem varchar(200),
    payment_id uuid references payment (id),
    worked_at timestamptz,
    correlation_id uuid not null,
    constraint mpesa_message_waiting_has_a_body check (state not in ('RECEIVED', 'PARKED') or body is not null),
    constraint mpesa_message_worked_has_a_time check ((state in ('RECEIVED', 'PARKED')) = (worked_at is null))
);
create index mpesa_message_due on mpesa_message (work_at, id) where state in ('RECEIVED', 'PARKED');
create index mpesa_message_by_age on mpesa_message (received_at, id);
create index mpesa_message_by_payment on mpesa_message (payment_id, received_at) where payment_id is not null;
create index mpesa_message_rejected on mpesa_message (received_at, id) where state in ('MALFORMED', 'UNKNOWN', 'REFUSED');
create index mpesa_message_with_body on mpesa_message (received_at, id)
    where body is not null and state not in ('RECEIVED', 'PARKED');
-- Every message changes its state once or twice: what it leaves behind in the index is in the way of who looks for the next.
alter table mpesa_message set (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.05);

create function mpesa_message_is_kept() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE'
       and (new.id, new.kind, new.origin, new.size_bytes, new.received_at, new.correlation_id)
           = (old.id, old.kind, old.origin, old.size_bytes, old.received_at, old.correlation_id)
       and new.source_address is not distinct from old.source_address
       and (new.body is not distinct from old.body or new.body is null)
       and (old.payment_id is null or new.payment_id = old.payment_id)
       and (new.state = old.state or old.state in ('RECEIVED', 'PARKED') and new.state <> 'RECEIVED')
    then
        return new;
    end if;
    raise exception 'a message is kept as it came'
        using errcode = 'check_violation', constraint = 'mpesa_message_is_kept';
end $$;
create trigger mpesa_message_is_kept before update or delete on mpesa_message
    for each row execute function mpesa_message_is_kept();

-- A file with the provider's statement of our account, and how far it was worked through. from_at and until_at are the first
-- and the last movement of one that is DONE and tells all of that time; none where rows in between could not be read.
create table statement_import (
    id uuid primary key,
    serial bigint not null generated always as identity,
    number varchar(20) not null generated always as (
        'ST-' || lpad(serial::text, greatest(6, length(serial::text)), '0')) stored,
    file_id uuid not null references stored_file (id),
    file_name varchar(255) not null,
    status varchar(9) not null constraint statement_import_status_is_known check (status in (
        'QUEUED', 'RUNNING', 'DONE', 'FAILED', 'CANCELLED')),
    rows_total int constraint statement_import_total_not_negative check (rows_total >= 0),
    rows_done int not null default 0 constraint statement_import_done_not_negative check (rows_done >= 0),
    -- The number of the last row that was worked through: whoever goes on, goes on after it.
    last_row int not null default 0 constraint statement_import_row_not_negative check (last_row >= 0),
    payments_in int not null default 0,
    reversals int not null default 0,
    others int not null default 0,
    known int not null default 0,
    matched int not null default 0,
    orphans int not null default 0,
    bad_rows int not null default 0,
    from_at timestamptz,
    until_at timestamptz,
    problem varchar(300),
    requested_by uuid,
    created_at timestamptz not null,
    started_at timestamptz,
    finished_at timestamptz,
    correlation_id uuid not null,
    version int not null default 1,
    constraint statement_import_period_is_whole check ((from_at is null) = (until_at is null) and from_at <= until_at),
    constraint statement_import_finished_has_a_time
        check ((status in ('DONE', 'FAILED', 'CANCELLED')) = (finished_at is not null))
);
create unique index statement_import_number_is_unique on statement_import (number) where number is not null;
create index statement_import_by_age on statement_import (created_at, id);
create index statement_import_covers on statement_import (from_at, until_at) where status = 'DONE';

create function statement_import_moves() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' and new.status = 'QUEUED' then
        return new;
    end if;
    if tg_op = 'UPDATE' and (new.id, new.file_id, new.created_at) = (old.id, old.file_id, old.created_at)
       and (new.last_row >= old.last_row) and (new.status = old.status or (old.status || '>' || new.status) in (
            'QUEUED>RUNNING', 'QUEUED>CANCELLED', 'QUEUED>FAILED', 'RUNNING>DONE', 'RUNNING>FAILED', 'RUNNING>CANCELLED',
            'RUNNING>QUEUED', 'FAILED>QUEUED'))
    then
        return new;
    end if;
    raise exception 'an import goes forward, and is kept'
        using errcode = 'check_violation', constraint = 'statement_import_moves';
end $$;
create trigger statement_import_moves before insert or update or delete on statement_import
    for each row execute function statement_import_moves();

-- A movement of a statement. Whole telephone numbers are masked in its texts.
create table statement_row (
    id uuid primary key,
    import_id uuid not null references statement_import (id),
    number int not null constraint statement_row_number_is_positive check (number > 0),
    kind varchar(11) not null constraint statement_row_kind_is_known check (kind in (
        'PAYMENT_IN', 'PAYMENT_OUT', 'REVERSAL', 'CHARGE')),
    outcome varchar(9) not null constraint statement_row_outcome_is_known check (outcome in (
        'PENDING', 'PAID', 'FAILED', 'CANCELLED', 'EXPIRED', 'REVERSED')),
    receipt varchar(12) not null,
    reverses varchar(12),
    completed_at timestamptz not null,
    amount_minor bigint not null,
    currency char(3) not null,
    details varchar(500) not null default '',
    reference varchar(200),
    payment_id uuid references payment (id),
    state varchar(7) not null
        constraint statement_row_state_is_known check (state in ('KNOWN', 'MATCHED', 'ORPHAN', 'IGNORED')),
    constraint statement_row_is_numbered unique (import_id, number),
    constraint statement_row_matched_has_a_payment check (state <> 'MATCHED' or payment_id is not null)
);
create index statement_row_by_receipt on statement_row (receipt);
create index statement_row_by_payment on statement_row (payment_id) where payment_id is not null;
create index statement_row_orphans on statement_row (import_id, number) where state = 'ORPHAN';

-- A row that could not be read, and the heading over the cell that is wrong.
create table statement_row_error (
    id uuid primary key,
    import_id uuid not null references statement_import (id),
    number int not null,
    problem varchar(20) not null,
    "column" varchar(80) not null default '',
    constraint statement_row_error_is_numbered unique (import_id, number)
);

-- One claim about a payment, whoever made it and however often. Nothing of it ever changes but whose payment it is about, once
-- that is known.
create table payment_evidence (
    id bigint generated always as identity primary key,
    payment_id uuid references payment (id),
    message_id uuid references mpesa_message (id),
    statement_row_id uuid references statement_row (id),
    channel varchar(9) not null
        constraint payment_evidence_channel_is_known check (channel in ('CALLBACK', 'C2B', 'QUERY', 'STATEMENT')),
    outcome varchar(9) not null constraint payment_evidence_outcome_is_known check (outcome in (
        'PENDING', 'PAID', 'FAILED', 'CANCELLED', 'EXPIRED', 'REVERSED')),
    received_at timestamptz not null,
    prompt varchar(80),
    receipt varchar(12),
    reverses varchar(12),
    amount_minor bigint constraint payment_evidence_amount_is_positive check (amount_minor > 0),
    currency char(3),
    transacted_at timestamptz,
    sender varchar(80),
    reference varchar(200),
    payer_name varchar(200),
    -- How the provider says that a prompt ended.
    result_code int,
    constraint payment_evidence_amount_has_a_currency check ((amount_minor is null) = (currency is null)),
    constraint payment_evidence_reversal_says_of_what check ((outcome = 'REVERSED') = (reverses is not null)),
    constraint payment_evidence_is_about_something
        check (num_nonnulls(payment_id, prompt, receipt, reverses) > 0)
);
create index payment_evidence_by_payment on payment_evidence (payment_id, id) where payment_id is not null;
create index payment_evidence_by_receipt on payment_evidence (receipt) where receipt is not null;
create index payment_evidence_by_reversed on payment_evidence (reverses) where reverses is not null;
create index payment_evidence_by_prompt on payment_evidence (prompt) where prompt is not null;
create index payment_evidence_by_message on payment_evidence (message_id) where message_id is not null;
-- Payments of a time, for what a statement of it lacks. Claims come about in the order of what they tell of.
create index payment_evidence_by_time on payment_evidence using brin (transacted_at);
create index payment_evidence_by_row on payment_evidence (statement_row_id) where statement_row_id is not null;

create function payment_evidence_is_kept() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and old.payment_id is null and to_jsonb(new) - 'payment_id' = to_jsonb(old) - 'payment_id' then
        return new;
    end if;
    raise exception 'what was said of a payment is kept as it was said'
        using errcode = 'check_violation', constraint = 'payment_evidence_is_kept';
end $$;
create trigger payment_evidence_is_kept before update or delete on payment_evidence
    for each row execute function payment_evidence_is_kept();
create trigger payment_evidence_is_not_emptied before truncate on payment_evidence
    for each statement execute function payment_evidence_is_kept();

-- Every receipt that anybody named, once: it belongs to one payment at most, for good. Without a payment it is an orphan.
create table mpesa_receipt (
    receipt varchar(12) primary key constraint mpesa_receipt_is_one check (receipt ~ '^[A-Z0-9]{10,12}$'),
    payment_id uuid references payment (id),
    first_channel varchar(9) not null
        constraint mpesa_receipt_channel_is_known check (first_channel in ('CALLBACK', 'C2B', 'QUERY', 'STATEMENT')),
    first_seen_at timestamptz not null
);
create index mpesa_receipt_by_payment on mpesa_receipt (payment_id) where payment_id is not null;
create index mpesa_receipt_orphans on mpesa_receipt (first_seen_at, receipt) where payment_id is null;

create function mpesa_receipt_is_kept() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and old.payment_id is null and to_jsonb(new) - 'payment_id' = to_jsonb(old) - 'payment_id' then
        return new;
    end if;
    raise exception 'a receipt belongs to one payment'
        using errcode = 'check_violation', constraint = 'mpesa_receipt_is_kept';
end $$;
create trigger mpesa_receipt_is_kept before update or delete on mpesa_receipt
    for each row execute function mpesa_receipt_is_kept();

-- Money that came, what of it was taken back, and where the rest is. Of a payment that the provider only calls paid the
-- receipt is not known yet; what nobody can say the payment of waits in suspense.
create table payment_credit (
    id uuid primary key,
    payment_id uuid references payment (id),
    receipt varchar(12) references mpesa_receipt (receipt),
    amount_minor bigint not null constraint payment_credit_amount_is_positive check (amount_minor > 0),
    reversed_minor bigint not null default 0,
    net_minor bigint not null generated always as (amount_minor - reversed_minor) stored,
    currency char(3) not null,
    destination varchar(8) not null
        constraint payment_credit_destination_is_known check (destination in ('PURPOSE', 'SUSPENSE')),
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint payment_credit_reversed_is_within check (reversed_minor between 0 and amount_minor),
    constraint payment_credit_is_somebodys check (payment_id is not null or receipt is not null),
    constraint payment_credit_orphan_is_in_suspense check (payment_id is not null or destination = 'SUSPENSE')
);
-- A receipt is credited once, whatever the channel, and however often it is told.
create unique index payment_credit_once_a_receipt on payment_credit (receipt) where receipt is not null;
create unique index payment_credit_one_without_receipt on payment_credit (payment_id) where receipt is null;
create index payment_credit_by_payment on payment_credit (payment_id) where payment_id is not null;
create index payment_credit_in_suspense on payment_credit (created_at, id) where destination = 'SUSPENSE' and amount_minor > reversed_minor;

create function payment_credit_moves() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        if old.receipt is null then
            return old;
        end if;
    elsif (new.id, new.created_at) = (old.id, old.created_at)
        and (old.receipt is null or new.receipt = old.receipt)
        and (old.payment_id is null or new.payment_id = old.payment_id)
    then
        return new;
    end if;
    raise exception 'money that came with a receipt is kept, at its payment'
        using errcode = 'check_violation', constraint = 'payment_credit_moves';
end $$;
create trigger payment_credit_moves before update or delete on payment_credit
    for each row execute function payment_credit_moves();

-- What a person took out of suspense without a payment.
create table suspense_disposal (
    id uuid primary key,
    receipt varchar(12) not null references mpesa_receipt (receipt),
    amount_minor bigint not null constraint suspense_disposal_amount_is_positive check (amount_minor > 0),
    currency char(3) not null,
    kind varchar(11) not null
        constraint suspense_disposal_kind_is_known check (kind in ('WRITTEN_OFF', 'CORRECTED')),
    entry_id uuid not null constraint suspense_disposal_has_one_entry unique references journal_entry (id),
    discrepancy_id uuid not null,
    note varchar(500) not null,
    disposed_by uuid not null,
    disposed_at timestamptz not null
);
create index suspense_disposal_by_receipt on suspense_disposal (receipt);
create function suspense_disposal_is_kept() returns trigger language plpgsql as $$
begin
    raise exception 'what was taken out of suspense is kept'
        using errcode = 'check_violation', constraint = 'suspense_disposal_is_kept';
end $$;
create trigger suspense_disposal_is_kept before update or delete on suspense_disposal
    for each row execute function suspense_disposal_is_kept();

-- What the business that is paid has of a payment now, and its own record of that; or why it did not take it.
create table payment_application (
    payment_id uuid primary key references payment (id),
    amount_minor bigint not null default 0 constraint payment_application_not_negative check (amount_minor >= 0),
    currency char(3) not null,
    record_id uuid,
    refused_code varchar(60),
    refused_reason varchar(300),
    tried_at timestamptz not null,
    version int not null default 1,
    constraint payment_application_is_recorded check ((amount_minor > 0) = (record_id is not null)),
    constraint payment_application_refusal_is_whole check ((refused_code is null) = (refused_reason is null))
);
create index payment_application_refused on payment_application (tried_at, payment_id) where refused_code is not null;

-- One comparison of a payment with all that was said of it: asked for, under way, or how it came out. QUEUED ones that ask
-- nobody are worked through in batches; those that ask the provider have a task of their own.
create table reconciliation (
    id uuid primary key,
    payment_id uuid not null references payment (id),
    trigger varchar(18) not null constraint reconciliation_trigger_is_known check (trigger in (
        'PAYMENT_INITIATION', 'PAYMENT_CALLBACK', 'STATUS_QUERY', 'PERIODIC', 'MANUAL', 'MANUAL_DASHBOARD', 'MANUAL_QUEUE',
        'BULK_MANUAL', 'WEBSOCKET')),
    status varchar(11) not null constraint reconciliation_status_is_known check (status in (
        'QUEUED', 'ACTIVE', 'MATCHED', 'DISCREPANCY', 'UNVERIFIED', 'FAILED')),
    -- Whether the provider is asked first, by a task of its own.
    asks boolean not null default false,
    due_at timestamptz not null,
    queued_at timestamptz not null,
    started_at timestamptz,
    finished_at timestamptz,
    attempts int not null default 0 constraint reconciliation_attempts_not_negative check (attempts >= 0),
    next_attempt_at timestamptz,
    processing_ms int constraint reconciliation_time_not_negative check (processing_ms >= 0),
    transaction_id varchar(12),
    severity varchar(6) constraint reconciliation_severity_is_known check (severity in ('HIGH', 'MEDIUM', 'LOW')),
    issues jsonb not null default '[]',
    requested_by uuid,
    error varchar(300),
    correlation_id uuid not null,
    constraint reconciliation_finished_has_a_time
        check ((status in ('MATCHED', 'DISCREPANCY', 'FAILED')) = (finished_at is not null)),
    constraint reconciliation_active_has_begun check (status <> 'ACTIVE' or started_at is not null),
    constraint reconciliation_issues_are_a_list check (jsonb_typeof(issues) = 'array')
);
create index reconciliation_finished on reconciliation (finished_at desc, id desc) where finished_at is not null;
create index reconciliation_by_age on reconciliation (queued_at, id);
create index reconciliation_by_payment on reconciliation (payment_id, queued_at);
create index reconciliation_due on reconciliation (coalesce(next_attempt_at, due_at), id)
    where status in ('QUEUED', 'UNVERIFIED');
create index reconciliation_active on reconciliation (started_at, id) where status = 'ACTIVE';
alter table reconciliation set (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.05);

-- How it came out stays. One that is worked through within one transaction need not be seen ACTIVE. Old results may be
-- purged, open ones not.
create function reconciliation_moves() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        if old.finished_at is not null then
            return old;
        end if;
    elsif (new.id, new.payment_id, new.trigger, new.queued_at) = (old.id, old.payment_id, old.trigger, old.queued_at)
        and old.finished_at is null
        and (new.status = old.status or old.status in ('ACTIVE', 'UNVERIFIED')
             or (old.status = 'QUEUED' and new.status in ('ACTIVE', 'MATCHED', 'DISCREPANCY', 'UNVERIFIED', 'FAILED')))
    then
        return new;
    end if;
    raise exception 'a reconciliation that is % stays as it is', old.status
        using errcode = 'check_violation', constraint = 'reconciliation_moves';
end $$;
create trigger reconciliation_moves before update or delete on reconciliation
    for each row execute function reconciliation_moves();

-- Something that does not agree, until somebody has dealt with it or it is gone. Type and receipt say which of a payment's it
-- is, however often it is found. Without a payment it is about a receipt that nobody knows.
create table discrepancy (
    id uuid primary key,
    serial bigint not null generated always as identity,
    number varchar(20) not null generated always as (
        'DSC-' || lpad(serial::text, greatest(6, length(serial::text)), '0')) stored,
    payment_id uuid references payment (id),
    receipt varchar(12),
    type varchar(20) not null constraint discrepancy_type_is_known check (type in (
        'AMOUNT_MISMATCH', 'CURRENCY_MISMATCH', 'DUPLICATE_PAYMENT', 'LATE_CALLBACK', 'MISSING_CALLBACK',
        'MISSING_IN_STATEMENT', 'ORPHAN_TRANSACTION', 'PHONE_MISMATCH', 'PURPOSE_REFUSED', 'REFERENCE_MISMATCH', 'REVERSED',
        'STATUS_MISMATCH')),
    severity varchar(6) not null constraint discrepancy_severity_is_known check (severity in ('HIGH', 'MEDIUM', 'LOW')),
    -- The severity as a number that lists can be ordered by.
    urgency smallint not null generated always as (
        case severity when 'HIGH' then 0 when 'MEDIUM' then 1 else 2 end) stored,
    message varchar(300) not null,
    expected varchar(200),
    received varchar(200),
    status varchar(8) not null
        constraint discrepancy_status_is_known check (status in ('OPEN', 'ASSIGNED', 'RESOLVED')),
    assigned_to uuid,
    assigned_at timestamptz,
    resolution varchar(15) constraint discrepancy_resolution_is_known check (resolution in (
        'ACCEPTED', 'MATCHED_BY_HAND', 'REFUNDED', 'CORRECTED', 'WRITTEN_OFF', 'NO_ACTION')),
    note varchar(500) not null default '',
    -- None when it was gone by itself.
    resolved_by uuid,
    resolved_at timestamptz,
    found_at timestamptz not null,
    last_found_at timestamptz not null,
    reconciliation_id uuid,
    branch_id uuid references branch (id),
    version int not null default 1,
    constraint discrepancy_is_about_something check (payment_id is not null or receipt is not null),
    constraint discrepancy_resolved_is_whole check (
        (status = 'RESOLVED') = (resolution is not null) and (status = 'RESOLVED') = (resolved_at is not null)),
    constraint discrepancy_assigned_to_somebody check (status <> 'ASSIGNED' or assigned_to is not null),
    constraint discrepancy_assignment_has_a_time check ((assigned_to is null) = (assigned_at is null))
);
create unique index discrepancy_once on discrepancy (
    coalesce(payment_id, '00000000-0000-0000-0000-000000000000'), type, coalesce(receipt, ''));
create unique index discrepancy_number_is_unique on discrepancy (number) where number is not null;
create index discrepancy_by_age on discrepancy (found_at, id);
create index discrepancy_open on discrepancy (urgency, found_at, id) where status <> 'RESOLVED';
create index discrepancy_by_payment on discrepancy (payment_id) where payment_id is not null;
create index discrepancy_by_receipt on discrepancy (receipt) where receipt is not null;
create index discrepancy_by_assignee on discrepancy (assigned_to, found_at) where status = 'ASSIGNED';
alter table mpesa_command add constraint mpesa_command_discrepancy_exists
    foreign key (discrepancy_id) references discrepancy (id);
alter table suspense_disposal add constraint suspense_disposal_discrepancy_exists
    foreign key (discrepancy_id) references discrepancy (id);

create function discrepancy_moves() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' and new.status = 'OPEN' then
        return new;
    end if;
    if tg_op = 'UPDATE' and (new.id, new.type, new.found_at) = (old.id, old.type, old.found_at)
       and (new.payment_id, new.receipt) is not distinct from (old.payment_id, old.receipt)
       and (new.status = old.status or (old.status || '>' || new.status) in (
            'OPEN>ASSIGNED', 'OPEN>RESOLVED', 'ASSIGNED>OPEN', 'ASSIGNED>RESOLVED', 'RESOLVED>OPEN'))
    then
        return new;
    end if;
    raise exception 'a discrepancy is kept' using errcode = 'check_violation', constraint = 'discrepancy_moves';
end $$;
create trigger discrepancy_moves before insert or update or delete on discrepancy
    for each row execute function discrepancy_moves();
create trigger discrepancy_is_audited after insert or update or delete on discrepancy
    for each row execute function audit_row('discrepancy', 'last_found_at', 'urgency', 'version');

-- How many reconciliations came to an end in an hour, and how: the totals outlive the results. A row of one of many slots is
-- counted up, so that workers do not wait for each other.
create table reconciliation_tally (
    hour timestamptz not null,
    slot smallint not null constraint reconciliation_tally_slot_is_known check (slot between 0 and 15),
    matched bigint not null default 0,
    failed bigint not null default 0,
    discrepancies bigint not null default 0,
    unverified bigint not null default 0,
    processing_ms bigint not null default 0,
    constraint reconciliation_tally_pk primary key (hour, slot)
);
alter table reconciliation_tally set (fillfactor = 50);

-- Above which figures somebody is told; one row once somebody has said so, until then the defaults hold.
create table alert_thresholds (
    id uuid primary key
        constraint alert_thresholds_is_one_row check (id = '00000000-0000-0000-0000-000000000001'),
    discrepancy_rate numeric(5, 2) not null
        constraint alert_thresholds_discrepancies_in_percent check (discrepancy_rate between 0 and 100),
    error_rate numeric(5, 2) not null
        constraint alert_thresholds_errors_in_percent check (error_rate between 0 and 100),
    processing_ms int not null constraint alert_thresholds_time_not_negative check (processing_ms >= 0),
    queue_length int not null constraint alert_thresholds_queue_not_negative check (queue_length >= 0),
    least_processed int not null constraint alert_thresholds_least_is_positive check (least_processed >= 1),
    window_minutes int not null
        constraint alert_thresholds_window_is_sensible check (window_minutes between 1 and 1440),
    updated_by uuid,
    updated_at timestamptz not null,
    version int not null default 1
);
create trigger alert_thresholds_is_audited after insert or update or delete on alert_thresholds
    for each row execute function audit_row('alert_thresholds', 'updated_at', 'version');

-- What is over its threshold now.
create table alarm_state (
    alarm varchar(20) primary key,
    raised_at timestamptz not null,
    figure numeric(18, 2) not null
);

-- How rows of statements are matched with payments: criteria that must all hold, tried in the order of position.
create table match_rule (
    id uuid primary key,
    title varchar(120) not null constraint match_rule_title_is_trimmed check (title = btrim(title) and title <> ''),
    position int not null constraint match_rule_position_not_negative check (position >= 0),
    strategy varchar(11) not null
        constraint match_rule_strategy_is_known check (strategy in ('ONE_TO_ONE', 'ONE_TO_MANY', 'MANY_TO_ONE')),
    criteria jsonb not null constraint match_rule_criteria_are_a_list check (jsonb_typeof(criteria) = 'array'),
    is_active boolean not null default true,
    created_by uuid,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    version int not null default 1
);
create unique index match_rule_title_is_unique on match_rule (lower(title));
create index match_rule_in_order on match_rule (position, id) where is_active;
create trigger match_rule_is_audited after insert or update or delete on match_rule
    for each row execute function audit_row('match_rule', 'updated_at', 'version');

-- The figures of a day, as they stood when its report was made.
create table daily_reconciliation (
    on_date date primary key,
    figures jsonb not null,
    made_at timestamptz not null
);

-- Who has the feed of reconciliations open, in which process; rows of processes that are gone are old, and forgotten.
create unlogged table feed_client (
    id uuid primary key,
    server_id uuid not null,
    actor_id uuid not null,
    connected_at timestamptz not null,
    seen_at timestamptz not null
);
create index feed_client_by_age on feed_client (seen_at);
create index feed_client_by_server on feed_client (server_id);
