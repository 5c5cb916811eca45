drop index discrepancy_by_reconciliation;
drop table pipeline_pulse;
