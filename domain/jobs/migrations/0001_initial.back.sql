drop table job_run;
drop table job_schedule;
drop table job_task;
drop function job_task_moves();
