-- The payment from outside that a customer's money came by. Its money is in transit until the sale takes it, so a sale has it
-- once.
alter table mill_payment
    add column collected_payment_id uuid references payment (id),
    add constraint mill_payment_is_collected_from_customers check (
        collected_payment_id is null or (kind = 'SALE_RECEIPT' and method = 'MPESA'));
create unique index mill_payment_collected_once on mill_payment (collected_payment_id) where reversed_at is null;
