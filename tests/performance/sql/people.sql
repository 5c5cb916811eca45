-- The public face of several users ($1).
select id, name from app_user where id = any ($1::uuid[])
