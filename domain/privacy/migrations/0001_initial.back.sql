do $$
declare
    guard record;
begin
    for guard in
        select tgname, tgrelid::regclass as name, pg_get_triggerdef(oid) as definition from pg_trigger
        where not tgisinternal and tgparentid = 0 and pg_get_triggerdef(oid) like '%daftari.erasure%'
    loop
        execute format('drop trigger %I on %s', guard.tgname, guard.name);
        if guard.tgname <> 'personal_data_only' then
            execute replace(replace(guard.definition,
                $q$ WHEN ((COALESCE(current_setting('daftari.erasure'::text, true), ''::text) = ''::text))$q$, ''),
                $q$(COALESCE(current_setting('daftari.erasure'::text, true), ''::text) = ''::text) AND $q$, '');
        end if;
    end loop;
end $$;
drop table personal_data_erasure;
drop table personal_data_export;
drop function personal_data_erasure_moves();
drop function personal_data_only();
