drop index loan_transaction_received;
drop trigger loan_transaction_days_change on loan_transaction;
drop trigger loan_instalment_days_change on loan_instalment;
drop trigger loan_days_change on loan;
drop function loan_transaction_days_change(), loan_instalment_days_change(), loan_days_change(), retake_loan_days(), fold_loan_days();
drop view loan_days_recomputed, loan_daily;
drop function days_of_transaction(loan_transaction), days_of_instalment(loan_instalment), days_of_loan(loan);
drop table loan_day_change, loan_day;
