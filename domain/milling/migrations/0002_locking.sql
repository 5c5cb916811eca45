-- How many kilograms lie in a warehouse.
create function stock_kg_in(warehouse_id uuid) returns numeric language sql stable as $$
    select coalesce(sum(b.on_hand * i.weight_kg), 0) from stock_bin b join mill_item i on i.id = b.item_id
    where b.warehouse_id = stock_kg_in.warehouse_id
$$;

-- Lock bins, and tell what is known of them. Everybody locks in the order of ids, so that two never wait for each other in a
-- circle; a bin that goods come into and that is not there yet is made in its turn. Warehouses with a capacity are locked
-- where goods come in, so that two never fill the same space. Each statement here sees what was committed before the lock
-- that it follows. Stock as a whole is shared with others who move something, or taken alone.
create function stock_bins_locked(item_ids uuid[], warehouse_ids uuid[], incoming boolean[], alone boolean)
returns table (
    item_id uuid, warehouse_id uuid, found boolean, on_hand bigint, reserved bigint, value_minor bigint, last_at timestamptz,
    last_seq bigint, state jsonb, version int, level bigint, item_name text, base_unit text, category text, valuation_method text,
    allow_negative boolean, weight_kg numeric, item_active boolean, warehouse_name text, warehouse_active boolean,
    branch_id uuid, capacity_kg numeric, alert_percent int, used_kg numeric
)
language plpgsql as $$
#variable_conflict use_column
declare
    wanted record;
begin
    if alone then
        perform pg_advisory_xact_lock(hashtextextended('milling stock', 0));
    else
        perform pg_advisory_xact_lock_shared(hashtextextended('milling stock', 0));
    end if;
    for wanted in
        select k.item_id, k.warehouse_id, bool_or(k.incoming) as incoming
        from unnest(item_ids, warehouse_ids, incoming) as k (item_id, warehouse_id, incoming)
        group by k.item_id, k.warehouse_id order by k.item_id, k.warehouse_id
    loop
        perform from stock_bin b where b.item_id = wanted.item_id and b.warehouse_id = wanted.warehouse_id
        for no key update;
        if not found and wanted.incoming then
            insert into stock_bin as b (item_id, warehouse_id)
            select i.id, w.id from mill_item i, mill_warehouse w
            where i.id = wanted.item_id and w.id = wanted.warehouse_id
            on conflict (item_id, warehouse_id) do nothing;
            perform from stock_bin b where b.item_id = wanted.item_id and b.warehouse_id = wanted.warehouse_id
            for no key update;
        end if;
    end loop;
    if true = any (incoming) then
        perform from mill_warehouse w
        where w.capacity_kg is not null
          and w.id in (select k.warehouse_id from unnest(warehouse_ids, incoming) as k (warehouse_id, incoming) where k.incoming)
        order by w.id for no key update;
    end if;
    return query
        select i.id, w.id, b.item_id is not null, coalesce(b.on_hand * 1000, 0)::bigint, coalesce(b.reserved * 1000, 0)::bigint,
               coalesce(b.value_minor, 0), b.last_at, b.last_seq, nullif(b.state, '{}'::jsonb), coalesce(b.version, 1),
               (coalesce(b.reorder_level, i.reorder_level) * 1000)::bigint, i.name::text, i.base_unit::text,
               i.category::text, i.valuation_method::text, i.allow_negative, i.weight_kg, i.active, w.name::text, w.active, w.branch_id,
               w.capacity_kg, w.alert_percent,
               case when k.incoming and w.capacity_kg is not null then stock_kg_in(w.id) end
        from (select k.item_id, k.warehouse_id, bool_or(k.incoming) as incoming
              from unnest(item_ids, warehouse_ids, incoming) as k (item_id, warehouse_id, incoming)
              group by k.item_id, k.warehouse_id) k
        join mill_item i on i.id = k.item_id
        join mill_warehouse w on w.id = k.warehouse_id
        left join stock_bin b on b.item_id = k.item_id and b.warehouse_id = k.warehouse_id;
end $$;
