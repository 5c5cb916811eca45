drop table approval;
drop function approval_is_decided_once();
