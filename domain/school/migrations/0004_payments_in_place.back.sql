alter table school_fee reset (fillfactor);
drop index school_fee_alerted;
create index school_fee_alerted on school_fee (currency, arrears_minor) where arrears_alerted;
