drop table loan_direct_payment;
drop function loan_direct_payment_is_kept();
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

alter table loan_transaction
    drop constraint loan_transaction_direct_is_paid_out,
    drop constraint loan_transaction_channel_is_known,
    add constraint loan_transaction_channel_is_known check (channel in ('WALLET', 'CASH', 'BANK', 'MPESA'));
alter table loan drop column pays_title, drop column pays_target_id, drop column pays_purpose;
