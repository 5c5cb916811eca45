drop function audit_row();
drop table row_change;
drop function ensure_row_change_partition(int);
drop function row_change_is_append_only();
drop sequence row_change_id;
