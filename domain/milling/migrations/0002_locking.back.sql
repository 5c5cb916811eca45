drop function stock_bins_locked(uuid[], uuid[], boolean[], boolean);
drop function stock_kg_in(uuid);
