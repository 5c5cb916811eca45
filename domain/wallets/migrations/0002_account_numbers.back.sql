drop index wallet_by_end_of_id;
