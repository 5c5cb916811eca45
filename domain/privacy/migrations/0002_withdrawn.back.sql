-- The version before knows no such end: what was withdrawn is as if it had never been asked for. The audit trail has it.
alter table personal_data_erasure disable trigger personal_data_erasure_moves;
delete from personal_data_erasure where state = 'WITHDRAWN';
alter table personal_data_erasure enable trigger personal_data_erasure_moves;

alter table personal_data_erasure
    drop constraint erasure_state_is_known,
    drop constraint erasure_decision_is_whole,
    drop constraint erasure_finished_has_a_time,
    add constraint erasure_state_is_known check (state in ('REQUESTED', 'REJECTED', 'ERASING', 'ERASED', 'REFUSED')),
    add constraint erasure_decision_is_whole
        check ((state = 'REQUESTED') = (decided_by is null) and (decided_by is null) = (decided_at is null)),
    add constraint erasure_finished_has_a_time
        check ((state in ('REJECTED', 'ERASED', 'REFUSED')) = (finished_at is not null));

create or replace function personal_data_erasure_moves() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' and new.state = 'REQUESTED' then
        return new;
    end if;
    if tg_op = 'UPDATE'
       and (new.id, new.person_kind, new.person_id, new.requested_by, new.requested_at)
           = (old.id, old.person_kind, old.person_id, old.requested_by, old.requested_at)
       and (new.state = old.state or (old.state || '>' || new.state) in (
            'REQUESTED>REJECTED', 'REQUESTED>ERASING', 'ERASING>ERASED', 'ERASING>REFUSED'))
    then
        return new;
    end if;
    raise exception 'an erasure is decided once, and kept'
        using errcode = 'check_violation', constraint = 'personal_data_erasure_moves';
end $$;
