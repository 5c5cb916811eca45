-- What the mill adds up by warehouse and day (UTC), so that a dashboard reads days and not documents. A measure is
--   a kind of movement   movements as they are posted: kilograms and value, those that come in and those that go out apart
--   COST_OF_SALES        what deliveries to customers cost, and (incoming) what those cost that came back, as in the books
--   SALES                sales by the day of their delivery, and what they were sold for
--   ITEM_SALES           their lines by item, in its base unit, less what came back of them
--   CREDITS              returns of sales, and what they take off
--   RECEIVABLE           deliveries that are not paid, and what is owed, by due date (by delivery where there is none)
--   PURCHASES            purchases by the day that they came, and what the goods cost
--   ORDERS               purchases of which nothing has come, by the day that they were ordered
--   UNBILLED             purchases received without a bill, by the day that they came
--   DEBITS               returns of purchases, and what they take off
--   COMPLETED            productions by the day of their completion: kilograms and cost of their main outputs
--   MILLED               what went into them, in kilograms, and what that cost with their overhead
--   BY_PRODUCED          what came out besides
--   PAYABLE              bills that are not paid, and what is owed, by due date
-- Whoever changes a row only adds lines to mill_day_change, so that no two of them wait for one row; a job folds those into
-- mill_day now and then, and readers take the lines that are not folded yet with them.
create table mill_day (
    warehouse_id uuid not null,
    measure varchar(21) not null,
    incoming boolean not null,
    day date not null,
    -- Of ITEM_SALES alone.
    item_id uuid,
    count bigint not null,
    -- Kilograms of movements and productions, base units of items; nothing else is weighed.
    quantity numeric not null,
    amount_minor bigint not null,
    constraint mill_day_is_one unique nulls not distinct (measure, day, warehouse_id, incoming, item_id)
        include (count, quantity, amount_minor),
    constraint mill_day_item_fits_its_measure check ((measure = 'ITEM_SALES') = (item_id is not null))
);
create index mill_day_of_nothing on mill_day (day) where count = 0 and quantity = 0 and amount_minor = 0;

create table mill_day_change (
    warehouse_id uuid not null,
    measure varchar(21) not null,
    incoming boolean not null,
    day date not null,
    item_id uuid,
    count bigint not null,
    quantity numeric not null,
    amount_minor bigint not null
) with (autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_scale_factor = 0);

-- The days up to this moment.
create view mill_daily as
select warehouse_id, measure, incoming, day, item_id, count, quantity, amount_minor from mill_day
union all
select warehouse_id, measure, incoming, day, item_id, count, quantity, amount_minor from mill_day_change;

create function mill_day_of(moment timestamptz) returns date language sql immutable as $$
    select (moment at time zone 'UTC')::date
$$;

-- What one row counts for.
create function mill_days_of_sale(s mill_sale)
returns table (measure text, incoming boolean, day date, item_id uuid, count bigint, quantity numeric, amount_minor numeric)
language sql stable as $$
    select 'SALES', false, mill_day_of(s.delivered_at), null::uuid, 1, 0, s.amount_minor
    where s.delivered_at is not null and s.status <> 'CANCELLED'
    union all
    select 'RECEIVABLE', true, coalesce(s.due_on, mill_day_of(s.delivered_at)), null, 1, 0, s.due_minor
    where s.delivered_at is not null and s.status <> 'CANCELLED' and s.due_minor > 0
$$;

create function mill_days_of_purchase(p mill_purchase)
returns table (measure text, incoming boolean, day date, item_id uuid, count bigint, quantity numeric, amount_minor numeric)
language sql stable as $$
    select 'ORDERS', true, mill_day_of(p.created_at), null::uuid, 1, 0, p.amount_minor where p.status = 'DRAFT'
    union all
    select 'PURCHASES', true, mill_day_of(p.received_at), null, 1, 0, p.amount_minor
    where p.received_at is not null and p.status <> 'CANCELLED'
    union all
    select 'UNBILLED', true, mill_day_of(p.received_at), null, 1, 0, p.amount_minor - p.returned_minor
    where p.received_at is not null and p.status not in ('CANCELLED', 'RETURNED') and p.billed_minor is null
    union all
    select 'PAYABLE', false, coalesce(p.due_on, p.billed_on), null, 1, 0, p.due_minor
    where p.billed_minor is not null and p.status <> 'CANCELLED' and p.due_minor > 0
$$;

create function mill_days_of_production(p mill_production)
returns table (measure text, incoming boolean, day date, item_id uuid, count bigint, quantity numeric, amount_minor numeric)
language sql stable as $$
    select f.measure, f.measure <> 'MILLED', mill_day_of(p.completed_at), null::uuid, 1, f.kg, f.cost
    from (values ('MILLED', p.input_kg, p.input_cost_minor + p.overhead_minor),
                 ('COMPLETED', p.output_kg, p.output_cost_minor),
                 ('BY_PRODUCED', p.by_product_kg, p.by_product_cost_minor)) f (measure, kg, cost)
    where p.status = 'COMPLETED'
$$;

create function mill_days_of_line(s mill_sale, l mill_sale_line)
returns table (measure text, incoming boolean, day date, item_id uuid, count bigint, quantity numeric, amount_minor numeric)
language sql stable as $$
    select 'ITEM_SALES', false, mill_day_of(s.delivered_at), l.item_id, 1, l.base_quantity - l.returned_quantity,
           l.amount_minor - l.returned_minor
    where s.delivered_at is not null and s.status <> 'CANCELLED'
$$;

-- In base units. Of columns and not of rows, which would be put together for each of thousands of postings.
create function mill_days_of_movement(
    kind text, effective_at timestamptz, moved numeric, value_minor bigint, variance_minor bigint
)
returns table (measure text, incoming boolean, day date, item_id uuid, count bigint, quantity numeric, amount_minor bigint)
language sql immutable as $$
    select kind, moved > 0 or (moved = 0 and value_minor >= 0), mill_day_of(effective_at), null::uuid, 1::bigint,
           abs(moved), case when moved < 0 then -value_minor else value_minor end
    union all
    select 'COST_OF_SALES', kind = 'SALE_RETURN', mill_day_of(effective_at), null, 1, 0, abs(value_minor + variance_minor)
    where kind in ('SALE_DELIVERY', 'SALE_RETURN')
$$;

-- The change of a row is what it counts for now, less what it counted for before. A row that is not there counts for
-- nothing.
create function mill_sale_days_change() returns trigger language plpgsql as $$
declare
    -- Whether its lines count for something else.
    anew constant boolean := (old.delivered_at, old.status = 'CANCELLED', old.warehouse_id)
        is distinct from (new.delivered_at, new.status = 'CANCELLED', new.warehouse_id);
begin
    insert into mill_day_change (warehouse_id, measure, incoming, day, item_id, count, quantity, amount_minor)
    select d.warehouse_id, d.measure, d.incoming, d.day, d.item_id, sum(d.sign * d.count), sum(d.sign * d.quantity),
           sum(d.sign * d.amount_minor)
    from (select 1 as sign, new.warehouse_id, n.* from mill_days_of_sale(new) n
          union all
          select -1, old.warehouse_id, o.* from mill_days_of_sale(old) o
          union all
          select 1, new.warehouse_id, n.* from mill_sale_line l, mill_days_of_line(new, l) n
          where l.sale_id = new.id and anew
          union all
          select -1, old.warehouse_id, o.* from mill_sale_line l, mill_days_of_line(old, l) o
          where l.sale_id = old.id and anew
         ) d
    group by d.warehouse_id, d.measure, d.incoming, d.day, d.item_id
    having sum(d.sign * d.count) <> 0 or sum(d.sign * d.quantity) <> 0 or sum(d.sign * d.amount_minor) <> 0;
    return null;
end $$;
create trigger mill_sale_days_begin after insert on mill_sale
    for each row when (new.delivered_at is not null) execute function mill_sale_days_change();
-- What is told of a sale besides (its invoice, its offer to investors) costs nothing here.
create trigger mill_sale_days_change after update on mill_sale for each row
    when ((old.delivered_at, old.status = 'CANCELLED', old.amount_minor, old.due_minor, old.due_on, old.warehouse_id)
          is distinct from
          (new.delivered_at, new.status = 'CANCELLED', new.amount_minor, new.due_minor, new.due_on, new.warehouse_id))
    execute function mill_sale_days_change();

create function mill_sale_line_days_change() returns trigger language plpgsql as $$
begin
    insert into mill_day_change (warehouse_id, measure, incoming, day, item_id, count, quantity, amount_minor)
    select d.warehouse_id, d.measure, d.incoming, d.day, d.item_id, sum(d.sign * d.count), sum(d.sign * d.quantity),
           sum(d.sign * d.amount_minor)
    from (select 1 as sign, s.warehouse_id, n.* from mill_sale s, mill_days_of_line(s, new) n where s.id = new.sale_id
          union all
          select -1, s.warehouse_id, o.* from mill_sale s, mill_days_of_line(s, old) o where s.id = old.sale_id) d
    group by d.warehouse_id, d.measure, d.incoming, d.day, d.item_id
    having sum(d.sign * d.count) <> 0 or sum(d.sign * d.quantity) <> 0 or sum(d.sign * d.amount_minor) <> 0;
    return null;
end $$;
create trigger mill_sale_line_days_change after insert or update or delete on mill_sale_line
    for each row execute function mill_sale_line_days_change();

create function mill_purchase_days_change() returns trigger language plpgsql as $$
begin
    insert into mill_day_change (warehouse_id, measure, incoming, day, item_id, count, quantity, amount_minor)
    select d.warehouse_id, d.measure, d.incoming, d.day, d.item_id, sum(d.sign * d.count), sum(d.sign * d.quantity),
           sum(d.sign * d.amount_minor)
    from (select 1 as sign, new.warehouse_id, n.* from mill_days_of_purchase(new) n
          union all
          select -1, old.warehouse_id, o.* from mill_days_of_purchase(old) o) d
    group by d.warehouse_id, d.measure, d.incoming, d.day, d.item_id
    having sum(d.sign * d.count) <> 0 or sum(d.sign * d.quantity) <> 0 or sum(d.sign * d.amount_minor) <> 0;
    return null;
end $$;
create trigger mill_purchase_days_change after insert or update or delete on mill_purchase
    for each row execute function mill_purchase_days_change();

create function mill_production_days_change() returns trigger language plpgsql as $$
begin
    insert into mill_day_change (warehouse_id, measure, incoming, day, item_id, count, quantity, amount_minor)
    select d.warehouse_id, d.measure, d.incoming, d.day, d.item_id, sum(d.sign * d.count), sum(d.sign * d.quantity),
           sum(d.sign * d.amount_minor)
    from (select 1 as sign, new.warehouse_id, n.* from mill_days_of_production(new) n
          union all
          select -1, old.warehouse_id, o.* from mill_days_of_production(old) o) d
    group by d.warehouse_id, d.measure, d.incoming, d.day, d.item_id
    having sum(d.sign * d.count) <> 0 or sum(d.sign * d.quantity) <> 0 or sum(d.sign * d.amount_minor) <> 0;
    return null;
end $$;
create trigger mill_production_days_change after insert or update or delete on mill_production
    for each row execute function mill_production_days_change();

-- Returns count while they stand. The argument is their measure.
create function mill_return_days_change() returns trigger language plpgsql as $$
begin
    insert into mill_day_change (warehouse_id, measure, incoming, day, item_id, count, quantity, amount_minor)
    select d.warehouse_id, tg_argv[0], tg_argv[0] = 'CREDITS', d.day, null, sum(d.sign), 0, sum(d.sign * d.amount_minor)
    from (select 1 as sign, new.warehouse_id, mill_day_of(new.returned_at) as day, new.amount_minor
          where new.status = 'POSTED'
          union all
          select -1, old.warehouse_id, mill_day_of(old.returned_at), old.amount_minor where old.status = 'POSTED') d
    group by d.warehouse_id, d.day having sum(d.sign) <> 0 or sum(d.sign * d.amount_minor) <> 0;
    return null;
end $$;
create trigger mill_sale_return_days_change after insert or update or delete on mill_sale_return
    for each row execute function mill_return_days_change('CREDITS');
create trigger mill_purchase_return_days_change after insert or update or delete on mill_purchase_return
    for each row execute function mill_return_days_change('DEBITS');

-- A back-dated document changes thousands of postings, so these are added up by statement and not by row. Even thousands are
-- few of all movements: each is looked up by its id (offset 0 says so), and never all of them read.
create function stock_postings_come() returns trigger language plpgsql as $$
begin
    insert into mill_day_change (warehouse_id, measure, incoming, day, item_id, count, quantity, amount_minor)
    select d.warehouse_id, d.measure, d.incoming, d.day, null, sum(d.count), sum(d.quantity * i.weight_kg),
           sum(d.amount_minor)
    from (select m.item_id, m.warehouse_id, d.measure, d.incoming, d.day, sum(d.count) as count,
                 sum(d.quantity) as quantity, sum(d.amount_minor) as amount_minor
          from come p cross join lateral (
                   select item_id, warehouse_id, kind, effective_at from stock_movement where id = p.movement_id offset 0) m,
               mill_days_of_movement(m.kind, m.effective_at, p.quantity, p.value_minor, p.variance_minor) d
          group by m.item_id, m.warehouse_id, d.measure, d.incoming, d.day) d join mill_item i on i.id = d.item_id
    group by d.warehouse_id, d.measure, d.incoming, d.day
    having sum(d.count) <> 0 or sum(d.quantity * i.weight_kg) <> 0 or sum(d.amount_minor) <> 0;
    return null;
end $$;
create trigger stock_postings_come after insert on stock_posting referencing new table as come
    for each statement execute function stock_postings_come();

create function stock_postings_go() returns trigger language plpgsql as $$
begin
    insert into mill_day_change (warehouse_id, measure, incoming, day, item_id, count, quantity, amount_minor)
    select d.warehouse_id, d.measure, d.incoming, d.day, null, sum(d.count), sum(d.quantity * i.weight_kg),
           sum(d.amount_minor)
    from (select m.item_id, m.warehouse_id, d.measure, d.incoming, d.day, sum(-1 * d.count) as count,
                 sum(-1 * d.quantity) as quantity, sum(-1 * d.amount_minor) as amount_minor
          from gone p cross join lateral (
                   select item_id, warehouse_id, kind, effective_at from stock_movement where id = p.movement_id offset 0) m,
               mill_days_of_movement(m.kind, m.effective_at, p.quantity, p.value_minor, p.variance_minor) d
          group by m.item_id, m.warehouse_id, d.measure, d.incoming, d.day) d join mill_item i on i.id = d.item_id
    group by d.warehouse_id, d.measure, d.incoming, d.day
    having sum(d.count) <> 0 or sum(d.quantity * i.weight_kg) <> 0 or sum(d.amount_minor) <> 0;
    return null;
end $$;
create trigger stock_postings_go after delete on stock_posting referencing old table as gone
    for each statement execute function stock_postings_go();

create function stock_postings_change() returns trigger language plpgsql as $$
begin
    insert into mill_day_change (warehouse_id, measure, incoming, day, item_id, count, quantity, amount_minor)
    select d.warehouse_id, d.measure, d.incoming, d.day, null, sum(d.count), sum(d.quantity * i.weight_kg),
           sum(d.amount_minor)
    from (select m.item_id, m.warehouse_id, d.measure, d.incoming, d.day, sum(p.sign * d.count) as count,
                 sum(p.sign * d.quantity) as quantity, sum(p.sign * d.amount_minor) as amount_minor
          from (select 1 as sign, * from come union all select -1, * from gone) p cross join lateral (
                   select item_id, warehouse_id, kind, effective_at from stock_movement where id = p.movement_id offset 0) m,
               mill_days_of_movement(m.kind, m.effective_at, p.quantity, p.value_minor, p.variance_minor) d
          group by m.item_id, m.warehouse_id, d.measure, d.incoming, d.day) d join mill_item i on i.id = d.item_id
    group by d.warehouse_id, d.measure, d.incoming, d.day
    having sum(d.count) <> 0 or sum(d.quantity * i.weight_kg) <> 0 or sum(d.amount_minor) <> 0;
    return null;
end $$;
create trigger stock_postings_change after update on stock_posting referencing old table as gone new table as come
    for each statement execute function stock_postings_change();

-- Kilograms are those of the weight that an item has now. Whoever moves stock shares the lock that is taken alone here, so
-- that no movement is weighed by the old weight and missed.
create function mill_item_weighs_otherwise() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock(hashtextextended('milling stock', 0));
    insert into mill_day_change (warehouse_id, measure, incoming, day, item_id, count, quantity, amount_minor)
    select m.warehouse_id, d.measure, d.incoming, d.day, null, 0, sum(d.quantity) * (new.weight_kg - old.weight_kg), 0
    from stock_movement m join stock_posting p on p.movement_id = m.id,
         mill_days_of_movement(m.kind, m.effective_at, p.quantity, p.value_minor, p.variance_minor) d
    where m.item_id = new.id group by m.warehouse_id, d.measure, d.incoming, d.day having sum(d.quantity) <> 0;
    return null;
end $$;
create trigger mill_item_weighs_otherwise after update of weight_kg on mill_item
    for each row when (new.weight_kg <> old.weight_kg) execute function mill_item_weighs_otherwise();

-- Fold the changes into the days; whoever reads meanwhile sees both before or both after.
create function fold_mill_days() returns bigint language plpgsql as $$
declare
    folded bigint;
begin
    perform pg_advisory_xact_lock(hashtextextended('mill_day', 0));
    with taken as (delete from mill_day_change returning *), added as (
        insert into mill_day as d (warehouse_id, measure, incoming, day, item_id, count, quantity, amount_minor)
        select warehouse_id, measure, incoming, day, item_id, sum(count), sum(quantity), sum(amount_minor) from taken
        group by warehouse_id, measure, incoming, day, item_id
        on conflict on constraint mill_day_is_one
            do update set count = d.count + excluded.count, quantity = d.quantity + excluded.quantity,
                          amount_minor = d.amount_minor + excluded.amount_minor
    )
    select count(*) into folded from taken;
    delete from mill_day where count = 0 and quantity = 0 and amount_minor = 0;
    return folded;
end $$;

-- Every change that the rows as they stand add up to, had they come through the triggers.
create view mill_days_recomputed as
select d.warehouse_id, d.measure, d.incoming, d.day, d.item_id, sum(d.count)::bigint as count, sum(d.quantity) as quantity,
       sum(d.amount_minor) as amount_minor
from (select s.warehouse_id, n.* from mill_sale s cross join lateral mill_days_of_sale(s) n
      union all
      select s.warehouse_id, n.* from mill_sale s join mill_sale_line l on l.sale_id = s.id
      cross join lateral mill_days_of_line(s, l) n
      union all
      select p.warehouse_id, n.* from mill_purchase p cross join lateral mill_days_of_purchase(p) n
      union all
      select p.warehouse_id, n.* from mill_production p cross join lateral mill_days_of_production(p) n
      union all
      select warehouse_id, 'CREDITS', true, mill_day_of(returned_at), null, 1, 0, amount_minor from mill_sale_return
      where status = 'POSTED'
      union all
      select warehouse_id, 'DEBITS', false, mill_day_of(returned_at), null, 1, 0, amount_minor from mill_purchase_return
      where status = 'POSTED'
      union all
      select m.warehouse_id, n.measure, n.incoming, n.day, n.item_id, n.count, n.quantity * i.weight_kg, n.amount_minor
      from stock_posting p join stock_movement m on m.id = p.movement_id join mill_item i on i.id = m.item_id
      cross join lateral mill_days_of_movement(
          m.kind, m.effective_at, p.quantity, p.value_minor, p.variance_minor) n) d
group by d.warehouse_id, d.measure, d.incoming, d.day, d.item_id;

-- Begin the days anew, for rows that came past the triggers. Whoever changes one of these rows waits until it is done.
create function retake_mill_days() returns bigint language plpgsql as $$
declare
    days bigint;
begin
    perform pg_advisory_xact_lock(hashtextextended('mill_day', 0));
    lock table mill_day_change in exclusive mode;
    delete from mill_day_change;
    delete from mill_day;
    insert into mill_day (warehouse_id, measure, incoming, day, item_id, count, quantity, amount_minor)
    select warehouse_id, measure, incoming, day, item_id, count, quantity, amount_minor from mill_days_recomputed
    order by measure, day;
    get diagnostics days = row_count;
    return days;
end $$;

-- Rows that were there before this migration.
select retake_mill_days();

-- A back-dated document writes postings anew by the thousands, each on the page where it lies if there is room.
alter table stock_posting set (fillfactor = 90);

-- What was called off lately, for those who follow what happens.
create index mill_sale_by_cancellation on mill_sale (cancelled_at) where cancelled_at is not null;
create index mill_purchase_by_cancellation on mill_purchase (cancelled_at) where cancelled_at is not null;
create index mill_production_by_cancellation on mill_production (cancelled_at) where cancelled_at is not null;
