drop table integrity_result;
