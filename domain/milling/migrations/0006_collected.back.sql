alter table mill_payment drop column collected_payment_id;
