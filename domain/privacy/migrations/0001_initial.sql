-- Archives of what is held of a person, for whoever asked for them. They go after a while, with their files.
create table personal_data_export (
    id uuid primary key,
    person_kind varchar(8) not null
        constraint export_person_is_known check (person_kind in ('USER', 'STUDENT', 'TEACHER', 'CUSTOMER', 'SUPPLIER')),
    person_id uuid not null,
    requested_by uuid not null references app_user,
    -- Null when people ask for their own.
    reason varchar(500) constraint export_reason_is_trimmed check (reason = btrim(reason) and reason <> ''),
    requested_at timestamptz not null,
    state varchar(7) not null constraint export_state_is_known check (state in ('QUEUED', 'READY', 'FAILED', 'EXPIRED')),
    file_id uuid references stored_file (id) on delete set null,
    size_bytes bigint,
    records int,
    error_code varchar(60),
    finished_at timestamptz,
    expires_at timestamptz,
    constraint export_of_another_says_why check (reason is not null or person_id = requested_by),
    constraint export_ready_is_whole check (state <> 'READY' or num_nonnulls(file_id, size_bytes, records, expires_at) = 4),
    constraint export_failed_says_why check ((state = 'FAILED') = (error_code is not null)),
    constraint export_finished_has_a_time check ((state = 'QUEUED') = (finished_at is null))
);
create index personal_data_export_by_requester on personal_data_export (requested_by, requested_at, id);
create index personal_data_export_by_person on personal_data_export (person_id);
create index personal_data_export_by_expiry on personal_data_export (expires_at) where state = 'READY';

-- Erasures: asked for by one, agreed to by another, done in the background. What is known of the person from then on is the
-- ids and the pseudonym.
create table personal_data_erasure (
    id uuid primary key,
    person_kind varchar(8) not null
        constraint erasure_person_is_known check (person_kind in ('USER', 'STUDENT', 'TEACHER', 'CUSTOMER', 'SUPPLIER')),
    person_id uuid not null,
    requested_by uuid not null references app_user,
    reason varchar(500) not null constraint erasure_says_why check (reason = btrim(reason) and reason <> ''),
    requested_at timestamptz not null,
    state varchar(9) not null constraint erasure_state_is_known check (state in (
        'REQUESTED', 'REJECTED', 'ERASING', 'ERASED', 'REFUSED')),
    decided_by uuid references app_user,
    decided_at timestamptz,
    comment varchar(1000),
    refused_code varchar(60),
    pseudonym varchar(40),
    erased_ids uuid[] not null default '{}',
    rows_changed jsonb not null default '{}',
    finished_at timestamptz,
    constraint erasure_decision_is_whole
        check ((state = 'REQUESTED') = (decided_by is null) and (decided_by is null) = (decided_at is null)),
    -- Maker is never checker, and nobody agrees to their own.
    constraint erasure_maker_is_not_checker check (decided_by <> requested_by and decided_by <> person_id),
    constraint erasure_finished_has_a_time
        check ((state in ('REJECTED', 'ERASED', 'REFUSED')) = (finished_at is not null)),
    constraint erasure_refused_says_why check ((state = 'REFUSED') = (refused_code is not null)),
    constraint erasure_erased_has_a_pseudonym check (state <> 'ERASED' or (pseudonym is not null and cardinality(erased_ids) > 0))
);
create unique index personal_data_erasure_one_open on personal_data_erasure (person_id) where state in ('REQUESTED', 'ERASING');
create index personal_data_erasure_by_age on personal_data_erasure (requested_at, id);

create function personal_data_erasure_moves() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' and new.state = 'REQUESTED' then
        return new;
    end if;
    if tg_op = 'UPDATE'
       and (new.id, new.person_kind, new.person_id, new.requested_by, new.requested_at)
           = (old.id, old.person_kind, old.person_id, old.requested_by, old.requested_at)
       and (new.state = old.state or (old.state || '>' || new.state) in (
            'REQUESTED>REJECTED', 'REQUESTED>ERASING', 'ERASING>ERASED', 'ERASING>REFUSED'))
    then
        return new;
    end if;
    raise exception 'an erasure is decided once, and kept'
        using errcode = 'check_violation', constraint = 'personal_data_erasure_moves';
end $$;
create trigger personal_data_erasure_moves before insert or update or delete on personal_data_erasure
    for each row execute function personal_data_erasure_moves();
create trigger personal_data_export_is_audited after insert or update or delete on personal_data_export
    for each row execute function audit_row('personal_data_export');
create trigger personal_data_erasure_is_audited after insert or update or delete on personal_data_erasure
    for each row execute function audit_row('personal_data_erasure');

-- A transaction that says `set local daftari.erasure = '<id>'` is one that erases. It may change the personal columns of rows
-- that are kept as they are otherwise, and nothing else of any row with such columns: not an amount, a date, an account.
create function personal_data_only() returns trigger language plpgsql as $$
begin
    perform from personal_data_erasure where id::text = current_setting('daftari.erasure') and state = 'ERASING';
    if not found then
        raise exception 'no erasure is under way' using errcode = 'check_violation', constraint = 'personal_data_only';
    end if;
    if (to_jsonb(new) - tg_argv[0:]) is distinct from (to_jsonb(old) - tg_argv[0:]) then
        raise exception 'an erasure changes personal data of % and nothing else', tg_table_name
            using errcode = 'check_violation', constraint = 'personal_data_only';
    end if;
    return null;
end $$;

-- The personal columns of each table, as the register has them (domain/privacy/register). Each of these tables is locked,
-- for a moment altogether; where that means to wait this gives up, and may be run again. What guards a table against changes
-- stands back while an erasure is under way, and personal_data_only() guards it instead; deletions it goes on refusing.
set local lock_timeout = '3s';
do $$
declare
    unless_erasing constant text := $q$coalesce(current_setting('daftari.erasure', true), '') = ''$q$;
    personal record;
    guard record;
    parts text[];
    update_of text;
    others text;
    rest text;
begin
    for personal in select * from (values
        ('app_user', '{email,name,phone,registered_from}'::text[]),
        ('approval', '{comment,title}'::text[]),
        ('attendance', '{note}'::text[]),
        ('attendance_correction', '{after_note,before_note,reason}'::text[]),
        ('audit_record', '{address,payload}'::text[]),
        ('bid', '{bidder_name}'::text[]),
        ('communication_log', '{body,borrower_name,logged_by_name,outcome,subject}'::text[]),
        ('discrepancy', '{expected,message,note,received}'::text[]),
        ('event_log', '{address,payload}'::text[]),
        ('fee_payment', '{note,receipt,reference}'::text[]),
        ('idempotency_key', '{result}'::text[]),
        ('invoice', '{debtor_name,description,seller_name}'::text[]),
        ('invoice_message', '{author_label,body}'::text[]),
        ('invoice_payment', '{reference}'::text[]),
        ('job_run', '{error}'::text[]),
        ('job_task', '{last_error}'::text[]),
        ('journal_entry', '{description}'::text[]),
        ('ledger_account', '{name}'::text[]),
        ('ledger_hold', '{description}'::text[]),
        ('loan', '{borrower_name,decision_comment,kyc_note,pays_title,purpose,review_comment}'::text[]),
        ('loan_booking', '{content}'::text[]),
        ('loan_charge', '{title}'::text[]),
        ('loan_delinquency_pause', '{reason}'::text[]),
        ('loan_document', '{file_name}'::text[]),
        ('loan_fact', '{money,note,payload,reversal_reason}'::text[]),
        ('loan_request', '{comment,plan,reason}'::text[]),
        ('loan_transaction', '{note,reference}'::text[]),
        ('mill_bom', '{note}'::text[]),
        ('mill_customer', '{address,email,name,phone,tax_number}'::text[]),
        ('mill_landed_cost', '{cancel_reason,description}'::text[]),
        ('mill_payment', '{note,reference,reversal_reason}'::text[]),
        ('mill_production', '{cancel_reason,note}'::text[]),
        ('mill_purchase', '{cancel_reason,note,reference,supplier_name}'::text[]),
        ('mill_purchase_return', '{cancel_reason,reason}'::text[]),
        ('mill_sale', '{cancel_reason,customer_name,finance_note,note}'::text[]),
        ('mill_sale_return', '{cancel_reason,reason}'::text[]),
        ('mill_supplier', '{address,email,name,phone,tax_number}'::text[]),
        ('mill_warehouse', '{address}'::text[]),
        ('mpesa_command', '{remarks,result_text}'::text[]),
        ('mpesa_message', '{body,problem}'::text[]),
        ('notification', '{body,data,title}'::text[]),
        ('notification_delivery', '{html,last_error,subject,text}'::text[]),
        ('outbox', '{address,payload}'::text[]),
        ('parked_event', '{error}'::text[]),
        ('payment', '{client_name,payee_name,phone_masked,status_reason,title}'::text[]),
        ('payment_application', '{refused_reason}'::text[]),
        ('payment_evidence', '{payer_name,reference,sender}'::text[]),
        ('payment_prompt', '{error_text,phone}'::text[]),
        ('personal_data_erasure', '{comment,reason}'::text[]),
        ('personal_data_export', '{reason}'::text[]),
        ('reconciliation', '{error,issues}'::text[]),
        ('recovery_action', '{debtor_name,note,outcome}'::text[]),
        ('report', '{error}'::text[]),
        ('report_schedule', '{last_error}'::text[]),
        ('row_change', '{address,after,before}'::text[]),
        ('school_fee', '{title,void_reason}'::text[]),
        ('school_run', '{failure}'::text[]),
        ('school_run_result', '{message}'::text[]),
        ('school_transaction', '{description,reference}'::text[]),
        ('service_session', '{title}'::text[]),
        ('statement_import', '{file_name,problem}'::text[]),
        ('statement_row', '{details,reference}'::text[]),
        ('stock_alert', '{comment}'::text[]),
        ('stock_cancellation', '{reason}'::text[]),
        ('stock_document', '{cancel_reason,reason,reference}'::text[]),
        ('stock_movement', '{note}'::text[]),
        ('stored_file', '{content_type,file_name,sha256,size_bytes}'::text[]),
        ('stored_file_content', '{content}'::text[]),
        ('student', '{admission_number,born_on,full_name,sex}'::text[]),
        ('student_advance', '{note,receipt,reference}'::text[]),
        ('student_discount', '{title}'::text[]),
        ('suspense_disposal', '{note}'::text[]),
        ('teacher', '{full_name,number}'::text[]),
        ('user_activity_archive', '{data,title}'::text[]),
        ('user_activity_log', '{data,title}'::text[]),
        ('user_password', '{hash}'::text[]),
        ('voucher', '{decision_comment,description,party,reference}'::text[]),
        ('webhook_attempt', '{error}'::text[])
    ) as listed (name, columns) loop
        for guard in
            select tgname, pg_get_triggerdef(oid) as definition from pg_trigger
            where tgrelid = personal.name::regclass and not tgisinternal and tgtype & 16 > 0
              and (tgtype & 2 > 0 or tgname = 'attendance_changes_are_told')
        loop
            parts := regexp_match(guard.definition, '^CREATE (CONSTRAINT )?TRIGGER \S+ (BEFORE|AFTER) (.+?) ON (\S+) (.*)$');
            update_of := (regexp_match(parts[3], 'UPDATE(?: OF [^ ]+(?:, [^ ]+)*)?'))[1];
            others := btrim(replace(replace(parts[3], update_of, ''), ' OR  OR ', ' OR '));
            others := regexp_replace(others, '^OR | OR$', '', 'g');
            execute format('drop trigger %I on %I', guard.tgname, personal.name);
            if others <> '' then
                execute format('create trigger %I %s %s on %I %s', guard.tgname, parts[2], others, personal.name, parts[5]);
            end if;
            rest := case when parts[5] like '%WHEN (%' then replace(parts[5], 'WHEN (', 'WHEN (' || unless_erasing || ' AND ')
                else replace(parts[5], 'EXECUTE FUNCTION', 'WHEN (' || unless_erasing || ') EXECUTE FUNCTION') end;
            execute format('create %s trigger %I %s %s on %I %s', parts[1],
                case when others <> '' then guard.tgname || '_unless_erasing' else guard.tgname end,
                parts[2], update_of, personal.name, rest);
        end loop;
        execute format($q$create trigger personal_data_only after update on %I for each row
            when (coalesce(current_setting('daftari.erasure', true), '') <> '')
            execute function personal_data_only(%s)$q$,
            personal.name, (select string_agg(quote_literal(c), ', ') from unnest(personal.columns) as c));
    end loop;
end $$;
set local lock_timeout = default;
