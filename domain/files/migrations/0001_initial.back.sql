drop table stored_file_content;
drop table stored_file;
drop function stored_file_content_is_kept();
drop function stored_file_is_kept();
