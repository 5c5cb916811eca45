-- Amounts are whole minor units of the currency of their row. A guard that compares rows with one another waits for the end of
-- the transaction, and holds whoever writes.

-- What a fee is made of, such as tuition or boarding, and whose income that is: a code of the chart of accounts.
create table fee_category (
    id uuid primary key,
    code varchar(30) not null constraint fee_category_code_is_unique unique
        constraint fee_category_code_is_a_code check (code ~ '^[A-Z0-9][A-Z0-9_.-]*$'),
    title varchar(80) not null constraint fee_category_title_is_trimmed check (title = btrim(title) and title <> ''),
    income_code varchar(20) not null,
    active boolean not null default true,
    created_by_id uuid not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    version int not null default 1 constraint fee_category_version_is_positive check (version >= 1)
);

-- The listed price of a class or a programme for a year or a term, and how it is charged.
create table fee_structure (
    id uuid primary key,
    title varchar(120) not null constraint fee_structure_title_is_trimmed check (title = btrim(title) and title <> ''),
    class_id uuid references school_class (id),
    program_id uuid references program (id),
    year_id uuid not null references academic_year (id),
    term_id uuid references term (id),
    branch_id uuid references branch (id),
    currency char(3) not null,
    -- The plan, late fees, proration and the refund ladder; which other plans a family may choose; what everybody pays less.
    terms jsonb not null,
    plan_kinds jsonb not null default '[]',
    discounts jsonb not null default '[]',
    active boolean not null default true,
    created_by_id uuid not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    version int not null default 1 constraint fee_structure_version_is_positive check (version >= 1),
    constraint fee_structure_is_of_a_class_or_a_program check ((class_id is null) <> (program_id is null))
);
create index fee_structure_by_class on fee_structure (class_id, year_id) where class_id is not null;
create index fee_structure_by_program on fee_structure (program_id, year_id) where program_id is not null;
create index fee_structure_by_age on fee_structure (created_at, id);

create table fee_structure_line (
    id uuid primary key,
    structure_id uuid not null references fee_structure (id),
    position smallint not null constraint fee_structure_line_position_is_positive check (position >= 1),
    category_code varchar(30) not null references fee_category (code),
    amount_minor bigint not null constraint fee_structure_line_is_positive check (amount_minor > 0),
    prorated boolean not null default true,
    refundable boolean not null default true,
    constraint fee_structure_line_position_once unique (structure_id, position),
    constraint fee_structure_line_category_once unique (structure_id, category_code)
);

create table fee_schedule (
    id uuid primary key,
    structure_id uuid not null references fee_structure (id),
    title varchar(120) not null constraint fee_schedule_title_is_trimmed check (title = btrim(title) and title <> ''),
    due_on date,
    created_by_id uuid not null,
    created_at timestamptz not null
);
alter table fee_schedule add constraint fee_schedule_is_of_a_structure unique (id, structure_id);
create index fee_schedule_by_structure on fee_schedule (structure_id, created_at, id);

create table fee_schedule_line (
    id uuid primary key,
    schedule_id uuid not null references fee_schedule (id) on delete cascade,
    position smallint not null constraint fee_schedule_line_position_is_positive check (position >= 1),
    category_code varchar(30) not null references fee_category (code),
    amount_minor bigint not null constraint fee_schedule_line_is_positive check (amount_minor > 0),
    constraint fee_schedule_line_position_once unique (schedule_id, position),
    constraint fee_schedule_line_category_once unique (schedule_id, category_code)
);

create table student_discount (
    id uuid primary key,
    student_id uuid not null references student (id),
    structure_id uuid references fee_structure (id),
    title varchar(80) not null constraint student_discount_title_is_trimmed check (title = btrim(title) and title <> ''),
    kind varchar(10) not null constraint student_discount_kind_is_known check (kind in ('FIXED', 'PERCENTAGE')),
    percent numeric(7, 4) constraint student_discount_is_a_percentage check (percent > 0 and percent <= 100),
    amount_minor bigint constraint student_discount_is_positive check (amount_minor > 0),
    currency char(3),
    category_code varchar(30) references fee_category (code),
    valid_from date,
    valid_until date,
    active boolean not null default true,
    created_by_id uuid not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    version int not null default 1 constraint student_discount_version_is_positive check (version >= 1),
    constraint student_discount_is_as_its_kind_says check (
        (kind = 'FIXED') = (amount_minor is not null) and (kind = 'PERCENTAGE') = (percent is not null)
        and (amount_minor is null) = (currency is null)),
    constraint student_discount_days_are_in_order check (valid_from <= valid_until)
);
create index student_discount_by_student on student_discount (student_id, created_at, id);

-- Where a fee stands, which follows from its figures alone.
create function school_fee_status(due bigint, paid bigint, refunded bigint, voided_at timestamptz) returns text
language sql immutable parallel safe as $$
    select case
        when voided_at is not null then 'VOID'
        when paid > due then 'OVERPAID'
        when paid < due then case when paid > 0 then 'PARTIALLY_PAID' else 'UNPAID' end
        when refunded > 0 and paid = 0 then 'REFUNDED'
        else 'PAID' end
$$;

-- What a student is charged. Its lines are those of its edition; a change of what is due is another edition. The class is the
-- one that it was charged in, and stays. Its number is also the reference of its money in the books.
create table school_fee (
    id uuid primary key,
    serial bigint not null generated always as identity constraint school_fee_serial_is_unique unique,
    number varchar(24) not null generated always as ('FEE-' || serial::text) stored,
    student_id uuid not null references student (id),
    enrolment_id uuid,
    class_id uuid references school_class (id),
    branch_id uuid references branch (id),
    structure_id uuid references fee_structure (id),
    schedule_id uuid,
    title varchar(120) not null constraint school_fee_title_is_trimmed check (title = btrim(title) and title <> ''),
    currency char(3) not null,
    due_minor bigint not null constraint school_fee_due_not_negative check (due_minor >= 0),
    paid_minor bigint not null default 0 constraint school_fee_paid_not_negative check (paid_minor >= 0),
    refunded_minor bigint not null default 0 constraint school_fee_refunded_not_negative check (refunded_minor >= 0),
    arrears_minor bigint not null generated always as (due_minor - paid_minor) stored,
    status varchar(14) not null,
    due_on date not null,
    plan_kind varchar(11) constraint school_fee_plan_is_known check (plan_kind in (
        'MONTHLY', 'QUARTERLY', 'SEMI_ANNUAL', 'TERM', 'ANNUAL', 'CUSTOM')),
    edition int not null default 1 constraint school_fee_edition_is_positive check (edition >= 1),
    -- The last day of who left, when what goes back was settled by it; that is done once.
    left_on date,
    -- Whether an alert of high arrears is open.
    arrears_alerted boolean not null default false,
    voided_at timestamptz,
    voided_by_id uuid,
    void_reason varchar(500) not null default '',
    created_by_id uuid not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    correlation_id uuid not null,
    version int not null default 1 constraint school_fee_version_is_positive check (version >= 1),
    constraint school_fee_enrolment_is_of_the_student
        foreign key (enrolment_id, student_id) references enrolment (id, student_id),
    constraint school_fee_schedule_is_of_the_structure
        foreign key (schedule_id, structure_id) references fee_schedule (id, structure_id),
    constraint school_fee_structure_has_an_enrolment check (structure_id is null or enrolment_id is not null),
    constraint school_fee_schedule_has_a_structure check (schedule_id is null or structure_id is not null),
    constraint school_fee_status_follows check (status = school_fee_status(due_minor, paid_minor, refunded_minor, voided_at)),
    constraint school_fee_void_has_no_money check (voided_at is null or paid_minor = 0),
    constraint school_fee_void_alerts_nobody check (voided_at is null or not arrears_alerted),
    constraint school_fee_deletion_is_whole check ((voided_at is null) = (voided_by_id is null))
);
create index school_fee_by_student on school_fee (student_id, created_at, id);
create index school_fee_by_branch on school_fee (branch_id, created_at, id);
create index school_fee_by_class on school_fee (class_id, created_at, id);
create index school_fee_by_age on school_fee (created_at, id);
create index school_fee_owed on school_fee (currency, due_on, id) where status in ('UNPAID', 'PARTIALLY_PAID');
-- A student is charged by a structure once in an enrolment, or once by each of its schedules.
create unique index school_fee_by_structure_once on school_fee (enrolment_id, structure_id, schedule_id) nulls not distinct
    where structure_id is not null and voided_at is null;
create index school_fee_by_structure on school_fee (structure_id, id) where structure_id is not null;

-- What one category asks for with one instalment. The income account is that of the category when it was charged.
create table fee_line (
    id uuid primary key,
    fee_id uuid not null references school_fee (id),
    edition int not null constraint fee_line_edition_is_positive check (edition >= 1),
    position smallint not null constraint fee_line_position_is_positive check (position >= 1),
    instalment_no smallint not null constraint fee_line_instalment_is_positive check (instalment_no >= 1),
    due_on date not null,
    category_code varchar(30) not null references fee_category (code),
    income_code varchar(20) not null,
    amount_minor bigint not null constraint fee_line_is_positive check (amount_minor > 0),
    constraint fee_line_position_once unique (fee_id, edition, position)
);

-- What an instalment was charged for being late until the end of a day, by which run. What was charged is not charged again,
-- though it be let go.
create table fee_late_charge (
    id uuid primary key,
    fee_id uuid not null references school_fee (id),
    instalment_no smallint not null constraint fee_late_charge_instalment_is_positive check (instalment_no >= 1),
    until_on date not null,
    amount_minor bigint not null constraint fee_late_charge_is_positive check (amount_minor > 0),
    run_id uuid not null references school_run (id),
    constraint fee_late_charge_once_for_a_day unique (fee_id, instalment_no, until_on)
);
create index fee_late_charge_by_run on fee_late_charge (run_id);

-- Receipts are numbered through, whether they are for a fee or for an advance.
create sequence school_receipt_serial;

create function school_receipt_number(serial bigint, on_date date) returns text language sql immutable parallel safe as $$
    select 'RCT-' || extract(year from on_date)::int::text || '-' || lpad(serial::text, greatest(6, length(serial::text)), '0')
$$;

-- Money that came for a fee, or went back: signed, each with the entry that moved it. What was wrong is undone by another row.
-- account_code is where the money was: of the house, or the one that all wallets are under.
create table fee_payment (
    id uuid primary key,
    serial bigint not null generated always as identity constraint fee_payment_serial_is_unique unique,
    fee_id uuid not null references school_fee (id),
    kind varchar(10) not null constraint fee_payment_kind_is_known check (kind in (
        'PAYMENT', 'CORRECTION', 'REFUND', 'MOVED')),
    method varchar(7) not null constraint fee_payment_method_is_known check (method in (
        'CASH', 'BANK', 'MPESA', 'WALLET', 'ADVANCE', 'LOAN')),
    amount_minor bigint not null constraint fee_payment_is_something check (amount_minor <> 0),
    currency char(3) not null,
    account_code varchar(20) not null,
    wallet_owner_id uuid references app_user (id),
    payer_id uuid references app_user (id),
    reference varchar(60) not null default '',
    paid_on date not null,
    receipt_serial bigint constraint fee_payment_receipt_serial_is_unique unique,
    receipt_number varchar(40) generated always as (school_receipt_number(receipt_serial, paid_on)) stored
        constraint fee_payment_receipt_is_unique unique,
    receipt jsonb,
    -- By which payment from outside it came, or by which fact of a loan.
    payment_id uuid references payment (id),
    fact_id uuid,
    undoes_id uuid constraint fee_payment_undone_once unique,
    entry_id uuid not null constraint fee_payment_entry_is_unique unique references journal_entry (id),
    note varchar(300) not null default '',
    created_by_id uuid not null,
    created_at timestamptz not null,
    correlation_id uuid not null,
    constraint fee_payment_undoes_one_of_its_fee foreign key (undoes_id, fee_id) references fee_payment (id, fee_id),
    constraint fee_payment_is_of_a_fee unique (id, fee_id),
    constraint fee_payment_sign_fits_its_kind check (
        kind <> 'PAYMENT' or amount_minor > 0 and undoes_id is null),
    constraint fee_payment_receipt_is_of_a_payment check (
        (receipt_serial is null) = (kind <> 'PAYMENT') and (receipt is null) = (kind <> 'PAYMENT')),
    constraint fee_payment_wallet_has_an_owner check ((method = 'WALLET') = (wallet_owner_id is not null)),
    constraint fee_payment_mobile_money_has_a_payment check ((method = 'MPESA') = (payment_id is not null)),
    constraint fee_payment_loan_has_a_fact check ((method = 'LOAN') = (fact_id is not null))
);
create index fee_payment_by_fee on fee_payment (fee_id, serial);
create index fee_payment_by_age on fee_payment (created_at, id);
create index fee_payment_by_day on fee_payment (paid_on, id);
create index fee_payment_by_payment on fee_payment (payment_id) where payment_id is not null;
create index fee_payment_by_fact on fee_payment (fact_id) where fact_id is not null;

-- Income and expenses as the school sees them. A row is an entry in the books; it is never changed, but reversed by another
-- entry, once, and another row may take its place. Money of a fee is one row under the fee's number that is not reversed.
-- shares says which account has how much of it, as the lines of the entry do.
create table school_transaction (
    id uuid primary key,
    serial bigint not null generated always as identity constraint school_transaction_serial_is_unique unique,
    reference varchar(60) not null constraint school_transaction_has_a_reference check (btrim(reference) <> ''),
    kind varchar(7) not null constraint school_transaction_kind_is_known check (kind in ('INCOME', 'EXPENSE')),
    category varchar(80) not null constraint school_transaction_has_a_category check (btrim(category) <> ''),
    description varchar(300) not null,
    currency char(3) not null,
    amount_minor bigint not null constraint school_transaction_is_positive check (amount_minor > 0),
    on_date date not null,
    fee_id uuid references school_fee (id),
    -- Of the fee, or of who wrote it. No foreign key: it would make one row of each branch the hottest of the database.
    branch_id uuid,
    method varchar(7) constraint school_transaction_method_is_known check (method in ('CASH', 'BANK')),
    entry_id uuid not null constraint school_transaction_entry_is_unique unique references journal_entry (id),
    shares jsonb not null,
    reversed_by_entry_id uuid constraint school_transaction_reversal_is_unique unique references journal_entry (id),
    reversed_at timestamptz,
    reversed_on date,
    reversed_by_id uuid,
    revises_id uuid constraint school_transaction_revised_once unique references school_transaction (id),
    created_by_id uuid not null,
    created_at timestamptz not null,
    correlation_id uuid not null,
    constraint school_transaction_of_a_fee_is_income check (
        fee_id is null or kind = 'INCOME' and category = 'School Fees' and method is null),
    constraint school_transaction_reversal_is_whole check (
        (reversed_at is null) = (reversed_on is null) and (reversed_at is null) = (reversed_by_entry_id is null)
        and (reversed_at is null) = (reversed_by_id is null))
);
create unique index school_transaction_one_live_of_a_fee on school_transaction (fee_id)
    where fee_id is not null and reversed_at is null;
create index school_transaction_by_fee on school_transaction (fee_id, serial) where fee_id is not null;
create index school_transaction_by_reference on school_transaction (reference, serial);
-- These are of all rows, for as indexes of live ones they look as good as the one above as long as the table is new, and whoever
-- asks for the live row of a fee would read all live rows.
create index school_transaction_by_age on school_transaction (created_at, id);
create index school_transaction_by_day on school_transaction (on_date, id);

-- Money of a student that is for no fee yet, signed: what came, and what of it was used for a fee or given back. What is used
-- for a fee is moved by the entry of the fee's payment.
create table student_advance (
    id uuid primary key,
    serial bigint not null generated always as identity constraint student_advance_serial_is_unique unique,
    student_id uuid not null references student (id),
    branch_id uuid,
    currency char(3) not null,
    amount_minor bigint not null constraint student_advance_is_something check (amount_minor <> 0),
    method varchar(7) not null constraint student_advance_method_is_known check (method in (
        'CASH', 'BANK', 'MPESA', 'WALLET', 'ADVANCE', 'LOAN')),
    account_code varchar(20) not null,
    wallet_owner_id uuid references app_user (id),
    reference varchar(60) not null default '',
    paid_on date not null,
    receipt_serial bigint constraint student_advance_receipt_serial_is_unique unique,
    receipt_number varchar(40) generated always as (school_receipt_number(receipt_serial, paid_on)) stored
        constraint student_advance_receipt_is_unique unique,
    receipt jsonb,
    fee_payment_id uuid constraint student_advance_used_once unique references fee_payment (id),
    entry_id uuid constraint student_advance_entry_is_unique unique references journal_entry (id),
    undoes_id uuid constraint student_advance_undone_once unique references student_advance (id),
    note varchar(300) not null default '',
    created_by_id uuid not null,
    created_at timestamptz not null,
    correlation_id uuid not null,
    constraint student_advance_is_moved_by_one_entry check ((entry_id is null) = (fee_payment_id is not null)),
    constraint student_advance_wallet_has_an_owner check ((method = 'WALLET') = (wallet_owner_id is not null)),
    constraint student_advance_receipt_is_whole check ((receipt is null) = (receipt_serial is null))
);
create index student_advance_by_student on student_advance (student_id, currency, serial);
create index student_advance_by_age on student_advance (created_at, id);

-- High arrears that somebody was told of, until they are high no more.
create table arrears_alert (
    id uuid primary key,
    fee_id uuid not null references school_fee (id),
    currency char(3) not null,
    arrears_minor bigint not null,
    threshold_minor bigint not null constraint arrears_alert_threshold_not_negative check (threshold_minor >= 0),
    raised_at timestamptz not null,
    cleared_at timestamptz,
    constraint arrears_alert_is_high check (arrears_minor > threshold_minor),
    constraint arrears_alert_ends_after_it_began check (cleared_at >= raised_at)
);
create unique index arrears_alert_one_open_of_a_fee on arrears_alert (fee_id) where cleared_at is null;
create index arrears_alert_by_fee on arrears_alert (fee_id, raised_at);
create index arrears_alert_by_age on arrears_alert (raised_at, id);

-- What the school may choose while it runs; one row. thresholds: minor units above which arrears are high, by currency.
create table school_setting (
    id uuid primary key default '00000000-0000-0000-0000-000000000001'
        constraint school_setting_is_one check (id = '00000000-0000-0000-0000-000000000001'),
    thresholds jsonb not null default '{}',
    archive_after_days int not null default 365 constraint school_setting_keeps_a_month check (archive_after_days >= 30),
    updated_at timestamptz not null,
    version int not null default 1 constraint school_setting_version_is_positive check (version >= 1)
);

-- What people did at the school. Without foreign keys: it tells of what was, and outlasts it in the archive.
create table user_activity_log (
    id uuid primary key,
    at timestamptz not null,
    actor_id uuid,
    activity varchar(60) not null,
    subject_kind varchar(40) not null,
    subject_id uuid not null,
    student_id uuid,
    branch_id uuid,
    title varchar(200) not null,
    data jsonb not null default '{}',
    correlation_id uuid not null
);
create index user_activity_log_by_time on user_activity_log (at, id);
create index user_activity_log_by_actor on user_activity_log (actor_id, at, id);
create index user_activity_log_by_subject on user_activity_log (subject_id, at, id);

create table user_activity_archive (like user_activity_log including defaults including indexes);

-- A fee stays whose it is and what it is called, and one that was deleted does not come back.
create function school_fee_is_kept() returns trigger language plpgsql as $$
begin
    raise exception 'a fee is never deleted from the table, and a deleted one stays as it is'
        using errcode = 'check_violation', constraint = 'school_fee_is_kept';
end $$;
create trigger school_fee_is_kept before update on school_fee for each row
    when (old.voided_at is not null
          or (new.id, new.serial, new.student_id, new.class_id, new.branch_id, new.currency, new.created_by_id, new.created_at)
             is distinct from
             (old.id, old.serial, old.student_id, old.class_id, old.branch_id, old.currency, old.created_by_id, old.created_at)
          or new.edition < old.edition or new.version < old.version)
    execute function school_fee_is_kept();
create trigger school_fee_is_not_deleted before delete on school_fee for each row execute function school_fee_is_kept();

-- A receipt gets its number with the row, so that none is missing of those that were given.
create function school_receipt_is_numbered() returns trigger language plpgsql as $$
begin
    new.receipt_serial := case when new.receipt is not null then nextval('school_receipt_serial') end;
    return new;
end $$;
create trigger fee_payment_receipt_is_numbered before insert on fee_payment
    for each row execute function school_receipt_is_numbered();
create trigger student_advance_receipt_is_numbered before insert on student_advance
    for each row execute function school_receipt_is_numbered();

-- Lines and money are written once.
create function school_money_is_kept() returns trigger language plpgsql as $$
begin
    raise exception '% is written once', tg_table_name using errcode = 'check_violation',
        constraint = tg_table_name || '_is_kept';
end $$;
create trigger fee_line_is_kept before update or delete or truncate on fee_line
    for each statement execute function school_money_is_kept();
create function fee_line_is_of_now() returns trigger language plpgsql as $$
begin
    if new.edition < (select edition from school_fee where id = new.fee_id) then
        raise exception 'what a fee asked for before is known' using errcode = 'check_violation',
            constraint = 'fee_line_is_of_now';
    end if;
    return new;
end $$;
create trigger fee_line_is_of_now before insert on fee_line for each row execute function fee_line_is_of_now();
create trigger fee_late_charge_is_kept before update or delete or truncate on fee_late_charge
    for each statement execute function school_money_is_kept();
create trigger fee_payment_is_kept before update or delete or truncate on fee_payment
    for each statement execute function school_money_is_kept();
create trigger student_advance_is_kept before update or delete or truncate on student_advance
    for each statement execute function school_money_is_kept();

-- At the end of a transaction a fee is the sum of its lines and of its money, and what is live in the books of it is what is
-- paid, under its number; nothing when that is nothing. An alert is open if and only if the fee says so.
create function school_fee_agrees() returns trigger language plpgsql as $$
declare
    touched constant jsonb := to_jsonb(new);
    fee school_fee;
    lines bigint;
    last_edition int;
    paid bigint;
    refunded bigint;
    live record;
begin
    select * into fee from school_fee
        where id = (touched ->> (case when tg_table_name = 'school_fee' then 'id' else 'fee_id' end))::uuid;
    select coalesce(sum(l.amount_minor) filter (where l.edition = fee.edition), 0), max(l.edition) into lines, last_edition
        from fee_line l where l.fee_id = fee.id;
    if lines <> fee.due_minor or last_edition > fee.edition then
        raise exception '% is due, and its lines say %', fee.due_minor, lines using errcode = 'check_violation',
            constraint = 'school_fee_is_its_lines';
    end if;
    select coalesce(sum(p.amount_minor), 0), coalesce(-sum(p.amount_minor) filter (where p.kind = 'REFUND'), 0)
        into paid, refunded from fee_payment p where p.fee_id = fee.id;
    if paid <> fee.paid_minor or refunded <> fee.refunded_minor then
        raise exception '% is paid, and its payments say %', fee.paid_minor, paid using errcode = 'check_violation',
            constraint = 'school_fee_is_its_payments';
    end if;
    select count(*) as rows, coalesce(sum(t.amount_minor), 0) as amount,
           bool_and(t.reference = fee.number and t.currency = fee.currency) as named
        into live from school_transaction t where t.fee_id = fee.id and t.reversed_at is null;
    if live.amount <> fee.paid_minor or not live.named then
        raise exception '% is paid of %, and the books have %', fee.paid_minor, fee.number, live.amount
            using errcode = 'check_violation', constraint = 'school_fee_is_in_the_books';
    end if;
    if fee.arrears_alerted <> exists (select from arrears_alert a where a.fee_id = fee.id and a.cleared_at is null) then
        raise exception '% and its alerts disagree', fee.number using errcode = 'check_violation',
            constraint = 'school_fee_is_its_alert';
    end if;
    return null;
end $$;
create constraint trigger school_fee_agrees after insert or update on school_fee
    deferrable initially deferred for each row execute function school_fee_agrees();
create constraint trigger fee_line_agrees after insert on fee_line
    deferrable initially deferred for each row execute function school_fee_agrees();
create constraint trigger fee_payment_agrees after insert on fee_payment
    deferrable initially deferred for each row execute function school_fee_agrees();
create constraint trigger school_transaction_agrees after insert or update on school_transaction
    deferrable initially deferred for each row when (new.fee_id is not null) execute function school_fee_agrees();
create constraint trigger arrears_alert_agrees after insert or update on arrears_alert
    deferrable initially deferred for each row execute function school_fee_agrees();

-- The entry of a payment moves as much as the payment says, in its currency and on its day. What undoes another one is its
-- opposite.
create function fee_payment_is_booked() returns trigger language plpgsql as $$
declare
    undone record;
begin
    if not exists (
        select from journal_entry e join journal_line l on l.entry_id = e.id join ledger_account a on a.id = l.account_id
        where e.id = new.entry_id and a.code = '2420' and l.currency = new.currency and e.effective_on = new.paid_on
          and e.reference_kind = 'school_fee_payment' and e.reference_id = new.id
        having sum(l.amount_minor) = -new.amount_minor
    ) then
        raise exception 'the entry of a payment says something else' using errcode = 'check_violation',
            constraint = 'fee_payment_is_booked';
    end if;
    if new.undoes_id is not null then
        select amount_minor, method, payment_id, fact_id into undone from fee_payment where id = new.undoes_id;
        if (undone.amount_minor, undone.method, undone.payment_id, undone.fact_id)
           is distinct from (-new.amount_minor, new.method, new.payment_id, new.fact_id) then
            raise exception 'what undoes a payment is its opposite' using errcode = 'check_violation',
                constraint = 'fee_payment_is_undone_whole';
        end if;
    end if;
    return null;
end $$;
create constraint trigger fee_payment_is_booked after insert on fee_payment
    deferrable initially deferred for each row execute function fee_payment_is_booked();

-- A payment from outside, or a fact of a loan, pays one fee once, unless what it had paid was undone. Whoever comes at the same
-- moment waits, and then sees the other.
create function fee_payment_is_collected_once() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock(hashtextextended(coalesce(new.payment_id, new.fact_id)::text, 7));
    if (select count(*) from fee_payment p
        where (p.payment_id = new.payment_id or p.fact_id = new.fact_id) and p.undoes_id is null
          and not exists (select from fee_payment u where u.undoes_id = p.id)) > 1
    then
        raise exception 'this payment has paid a fee already' using errcode = 'unique_violation',
            constraint = 'fee_payment_is_collected_once';
    end if;
    return null;
end $$;
create constraint trigger fee_payment_is_collected_once after insert on fee_payment
    deferrable initially deferred for each row
    when (new.undoes_id is null and (new.payment_id is not null or new.fact_id is not null))
    execute function fee_payment_is_collected_once();

-- Nobody uses more of an advance than there is.
create function student_advance_is_there() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock(hashtextextended(new.student_id::text, 7));
    if (select sum(amount_minor) from student_advance where student_id = new.student_id and currency = new.currency) < 0 then
        raise exception 'more of the advance is used than there is' using errcode = 'check_violation',
            constraint = 'student_advance_is_there';
    end if;
    return null;
end $$;
create constraint trigger student_advance_is_there after insert on student_advance
    deferrable initially deferred for each row when (new.amount_minor < 0) execute function student_advance_is_there();

-- What an advance brought or took is what its entry moved, or the payment of the fee that it was used for or came from.
create function student_advance_is_booked() returns trigger language plpgsql as $$
begin
    if new.fee_payment_id is not null and not exists (
        select from fee_payment p join school_fee f on f.id = p.fee_id
        where p.id = new.fee_payment_id and p.amount_minor = -new.amount_minor and p.currency = new.currency
          and p.account_code = '2430' and f.student_id = new.student_id
    ) or new.entry_id is not null and not exists (
        select from journal_entry e join journal_line l on l.entry_id = e.id join ledger_account a on a.id = l.account_id
        where e.id = new.entry_id and a.code = '2430' and l.currency = new.currency and e.effective_on = new.paid_on
          and e.reference_kind = 'school_advance' and e.reference_id = new.id
        having sum(l.amount_minor) = -new.amount_minor
    ) then
        raise exception 'what moved an advance says something else' using errcode = 'check_violation',
            constraint = 'student_advance_is_booked';
    end if;
    return null;
end $$;
create constraint trigger student_advance_is_booked after insert on student_advance
    deferrable initially deferred for each row execute function student_advance_is_booked();

-- Whether a transaction says what its entry says: whose money it is and how much, on which day, and of which fee.
create function school_transaction_says_its_entry(t school_transaction) returns boolean language sql stable as $$
    select exists (
        select from journal_entry e
        join lateral (
            select coalesce(jsonb_object_agg(code, amount), '{}') as shares, sum(amount) as amount
            from (
                select a.code, sum(case when t.kind = 'INCOME' then -l.amount_minor else l.amount_minor end) as amount
                from journal_line l join ledger_account a on a.id = l.account_id
                where l.entry_id = e.id and l.currency = t.currency
                  and (a.kind = t.kind or (t.fee_id is not null and a.code = '2430'))
                group by a.code
            ) as line
        ) told on true
        where e.id = t.entry_id and e.effective_on = t.on_date and e.reverses_id is null
          and (e.reference_kind, e.reference_id) =
              (case when t.fee_id is null then 'school_transaction' else 'school_fee' end, coalesce(t.fee_id, t.id))
          and told.shares = t.shares and told.amount = t.amount_minor
    ) and (t.fee_id is null or exists (
        select from school_fee f where f.id = t.fee_id and f.number = t.reference and f.currency = t.currency))
$$;

-- A transaction is reversed, once, and changed in nothing else. Only what came past all guards, and says something else than
-- its entry, can be made to say the same.
create function school_transaction_is_kept() returns trigger language plpgsql as $$
declare
    reversal constant text[] := '{reversed_by_entry_id,reversed_at,reversed_on,reversed_by_id}';
    of_entry constant text[] := '{reference,currency,amount_minor,on_date,shares,fee_id}';
begin
    if tg_op = 'UPDATE' then
        if old.reversed_at is null and new.reversed_at is not null
           and (to_jsonb(new) - reversal) = (to_jsonb(old) - reversal) then
            return new;
        end if;
        if (to_jsonb(new) - of_entry) = (to_jsonb(old) - of_entry)
           and not school_transaction_says_its_entry(old) and school_transaction_says_its_entry(new) then
            return new;
        end if;
    end if;
    raise exception 'a transaction is reversed once, and nothing else becomes of it' using errcode = 'check_violation',
        constraint = 'school_transaction_is_kept';
end $$;
create trigger school_transaction_is_kept before update or delete on school_transaction
    for each row execute function school_transaction_is_kept();

-- A transaction says what the lines of its entry say, and its reversal is the entry that reverses it.
create function school_transaction_is_booked() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and old.reversed_at is null and new.reversed_at is not null then
        if not exists (
            select from journal_entry e
            where e.id = new.reversed_by_entry_id and e.reverses_id = new.entry_id and e.effective_on = new.reversed_on
        ) then
            raise exception 'its reversal is another entry' using errcode = 'check_violation',
                constraint = 'school_transaction_is_reversed_in_the_books';
        end if;
    elsif not school_transaction_says_its_entry(new) then
        raise exception 'a transaction of % says %, its entry something else', new.amount_minor, new.shares
            using errcode = 'check_violation', constraint = 'school_transaction_is_booked';
    end if;
    return null;
end $$;
create constraint trigger school_transaction_is_booked after insert or update on school_transaction
    deferrable initially deferred for each row execute function school_transaction_is_booked();

-- Nobody posts under the reference of a fee, of its money, of an advance or of a transaction past the rows that say so.
create function school_entry_is_named() returns trigger language plpgsql as $$
begin
    if not exists (select from school_transaction where entry_id = new.id)
       and not exists (select from school_transaction where reversed_by_entry_id = new.id)
       and not exists (select from fee_payment where entry_id = new.id)
       and not exists (select from student_advance where entry_id = new.id) then
        raise exception 'no row of the school names this entry' using errcode = 'check_violation',
            constraint = 'school_entry_is_named';
    end if;
    return null;
end $$;
create constraint trigger school_entry_is_named after insert on journal_entry
    deferrable initially deferred for each row
    when (new.reference_kind in ('school_fee', 'school_fee_payment', 'school_transaction', 'school_advance'))
    execute function school_entry_is_named();

-- An activity leaves the log for the archive alone, and nothing in either is changed.
create function user_activity_is_archived() returns trigger language plpgsql as $$
begin
    if exists (select from gone left join user_activity_archive a on a.id = gone.id where a.id is null) then
        raise exception 'an activity is archived before it leaves the log' using errcode = 'check_violation',
            constraint = 'user_activity_is_archived';
    end if;
    return null;
end $$;
create trigger user_activity_is_archived after delete on user_activity_log
    referencing old table as gone for each statement execute function user_activity_is_archived();
create trigger user_activity_log_is_kept before update or truncate on user_activity_log
    for each statement execute function school_money_is_kept();
create trigger user_activity_archive_is_kept before update or delete or truncate on user_activity_archive
    for each statement execute function school_money_is_kept();

-- Who changed what, before and after. Money is its own memory.
create trigger fee_category_is_audited after insert or update or delete on fee_category
    for each row execute function audit_row('fee_category', 'version', 'updated_at');
create trigger fee_structure_is_audited after insert or update or delete on fee_structure
    for each row execute function audit_row('fee_structure', 'version', 'updated_at');
create trigger fee_structure_line_is_audited after insert or update or delete on fee_structure_line
    for each row execute function audit_row('fee_structure:structure_id');
create trigger fee_schedule_is_audited after insert or update or delete on fee_schedule
    for each row execute function audit_row('fee_schedule');
create trigger student_discount_is_audited after insert or update or delete on student_discount
    for each row execute function audit_row('student_discount', 'version', 'updated_at');
create trigger school_fee_is_audited after insert or update or delete on school_fee
    for each row execute function audit_row('school_fee', 'version', 'updated_at');
create trigger school_setting_is_audited after insert or update or delete on school_setting
    for each row execute function audit_row('school_setting', 'version', 'updated_at');
