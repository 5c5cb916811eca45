-- The payment from outside that a debtor's money came by. Its money is in transit until the invoice takes it, once.
alter table invoice_payment
    add column collected_payment_id uuid references payment (id),
    drop constraint payment_source_is_known,
    drop constraint payment_from_a_wallet_has_a_payer,
    add constraint payment_source_is_known check (source in ('WALLET', 'BANK', 'MPESA')),
    add constraint payment_from_a_wallet_has_a_payer check (source <> 'WALLET' or payer_id is not null),
    add constraint payment_by_mobile_money_is_collected check ((source = 'MPESA') = (collected_payment_id is not null));
create unique index invoice_payment_collected_once on invoice_payment (collected_payment_id);

-- Payers type an invoice's number, and dashes and blanks do not count.
create index invoice_outstanding_by_bare_number on invoice (upper(regexp_replace(number, '[^A-Za-z0-9]', '', 'g')))
    where status in ('FUNDED', 'PARTIALLY_REPAID', 'OVERDUE', 'DEFAULTED');
