alter table report drop column shared_with, drop column due_at, drop column schedule_id;
drop table report_schedule;
drop function report_schedule_moves();
