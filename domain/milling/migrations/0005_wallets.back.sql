alter table mill_payment
    drop constraint mill_payment_wallet_keeps_its_refund,
    drop constraint mill_payment_wallet_is_paid_from_by_its_owner;
