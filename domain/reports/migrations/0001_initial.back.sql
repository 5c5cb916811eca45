drop table report;
drop function report_moves();
