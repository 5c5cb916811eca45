-- Whoever tops up a wallet from a telephone types the end of its id.
create index wallet_by_end_of_id on wallet (right(replace(id::text, '-', ''), 11));
