-- Take a key for this transaction, and see what it gave before. A function, because its second statement must see what was
-- committed until the lock was given: within one statement, who waited for nobody could miss it.
create function claim_idempotency_key(
    lock_number bigint, key_actor_id uuid, key_text text,
    out is_ours boolean, out request bytea, out result jsonb
) language plpgsql as $$
begin
    is_ours := pg_try_advisory_xact_lock(lock_number);
    if is_ours then
        select k.request, k.result into request, result
        from idempotency_key k where k.actor_id = key_actor_id and k.key = key_text;
    end if;
end $$;
