drop index invoice_outstanding_by_bare_number;
alter table invoice_payment
    drop constraint payment_by_mobile_money_is_collected,
    drop constraint payment_source_is_known,
    drop constraint payment_from_a_wallet_has_a_payer,
    drop column collected_payment_id,
    add constraint payment_source_is_known check (source in ('WALLET', 'BANK')),
    add constraint payment_from_a_wallet_has_a_payer check (source = 'BANK' or payer_id is not null);
