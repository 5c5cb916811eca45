-- The provider takes money back, and what it had paid for may keep it: a wallet that was emptied, investors who were paid. When
-- somebody has given such money up, the house has brought to the purpose what is missing of the payment.
alter table payment_application
    add column written_off_minor bigint not null default 0
        constraint payment_application_written_off_not_negative check (written_off_minor >= 0);
