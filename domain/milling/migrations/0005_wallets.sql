-- Out of a wallet its owner alone pays, and what went into one is not taken out again. What was written down before this rule
-- stays as it is.
alter table mill_payment
    add constraint mill_payment_wallet_is_paid_from_by_its_owner check (
        kind <> 'SALE_RECEIPT' or wallet_owner_id is null or wallet_owner_id = created_by_id) not valid,
    add constraint mill_payment_wallet_keeps_its_refund check (
        kind <> 'SALE_REFUND' or wallet_owner_id is null or reversed_at is null) not valid;
