drop trigger branch_takes_people on app_user;
drop trigger branch_takes_people_at_first on app_user;
drop function branch_takes_people();
alter table app_user drop column branch_id;
drop table branch;
drop function branch_is_kept();
