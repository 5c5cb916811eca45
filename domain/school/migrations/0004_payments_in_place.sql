-- What is paid changes with every payment. An index that contains it, if only for the few fees that somebody was told of,
-- makes PostgreSQL write a new entry into all indexes of a fee, whichever fee it is: what is alerted is found by its
-- currency, and its arrears are read in the table. So that a changed row finds room where it lies, some is left.
drop index school_fee_alerted;
create index school_fee_alerted on school_fee (currency, id) where arrears_alerted;
alter table school_fee set (fillfactor = 80);
