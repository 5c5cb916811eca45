drop function claim_idempotency_key(bigint, uuid, text);
