"""A mill of two years for measuring: 1,000,000 movements of 200 items in 4 warehouses, written by SQL in sets.

Four branches with a warehouse each. Every day they sell 300 times, buy 60 times, mill 170 times and move goods 40 times
from one warehouse to the next. Each kilogram of a category costs the same for ever, so that what every movement is worth,
and the state of every bin, can be written without replaying anything; everything is valued at the moving average. One bin,
:data:`BUSY_ITEM` in the first warehouse, has more than 10,000 deliveries. The guards of the tables are off while the rows
are written; what is derived is written with them, and the sums by day, which triggers keep otherwise, are taken at the end.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.database import Connection, connection
from domain.ledger.chart import house_account
from domain.milling import settings
from domain.milling.stock.writing import DAYS
from tests.performance.mill_ids import AT, BY, Kind, Size
from tests.performance.mill_papers import ACCOUNTS, write_documents, write_journal
from tests.performance.row_ids import id_of, sql_id

BUSY_ITEM: Final = 61
SNAPSHOT_EVERY: Final = 500


PLACES: Final = f"""
with branches as (
    insert into branch (id, code, name, active, created_at)
    select {sql_id(Kind.BRANCH, "w")}, 'M' || w, 'Mill ' || w, true, $1 from generate_series(1, 4) w
)
insert into mill_warehouse (id, code, name, branch_id, capacity_kg, alert_percent, created_by_id, created_at, updated_at)
select {sql_id(Kind.WAREHOUSE, "w")}, 'WH-' || w, 'Warehouse ' || w, {sql_id(Kind.BRANCH, "w")}, 1000000000, 90, {BY}, $1, $1
from generate_series(1, 4) w
"""

# Rates are minor units for a kilogram. One item in ten is low wherever it lies.
ITEMS: Final = """
create temp table kept on commit drop as
select n, category, rate, {item_id} as id from (
    select n, case when n <= 60 then 'RAW_MATERIAL' when n <= 160 then 'FINISHED' when n <= 180 then 'BY_PRODUCT'
                   else 'PACKAGING' end as category,
           case when n <= 60 then 3000 when n <= 160 then 5000 when n <= 180 then 800 else 100 end as rate
    from generate_series(1, 200) n
) numbered
""".format(item_id=sql_id(Kind.ITEM, "n"))
KEPT: Final = f"""
insert into mill_item (id, code, name, category, base_unit, valuation_method, reorder_level, reorder_quantity,
                       lead_time_days, weight_kg, currency, sale_price_minor, created_by_id, created_at, updated_at)
select id, 'I-' || n, 'Item ' || n, category, 'kg', 'MOVING_AVERAGE', case when n % 10 = 0 then 100000000 else 1 end, 1000,
       7, case when category = 'PACKAGING' then 0.1 else 1 end, $2, 6000, {BY}, $1, $1
from kept
"""
PARTNERS: Final = f"""
with suppliers as (
    insert into mill_supplier (id, name, payment_days, created_by_id, created_at, updated_at)
    select {sql_id(Kind.SUPPLIER, "n")}, 'Farmer ' || n, 14, {BY}, $1, $1 from generate_series(1, 20) n
)
insert into mill_customer (id, name, payment_days, currency, created_by_id, created_at, updated_at)
select {sql_id(Kind.CUSTOMER, "n")}, 'Bakery ' || n, 30, $2, {BY}, $1, $1 from generate_series(1, 200) n
"""

MOVED: Final = """
create temp table moved (
    id uuid, item int, warehouse int, kind text, quantity int, valued boolean, source_id uuid, pool_id uuid, cost_rule text,
    cost_value int, document_kind text, document_id uuid, line_no int, place int, at timestamptz
) on commit drop
"""
_MOVED: Final = """insert into moved (id, item, warehouse, kind, quantity, valued, source_id, pool_id, cost_rule, cost_value,
                   document_kind, document_id, line_no, place, at)"""

OPENED: Final = f"""
{_MOVED}
select {sql_id(Kind.OPENED, "n * 4 + w")}, n, w, 'OPENING', 1000000, true, null, null, null, null, 'STOCK_DOCUMENT',
       {sql_id(Kind.DOCUMENT, "w")}, n, n, $1::timestamptz - make_interval(days => $2::int + 1)
from kept, generate_series(1, 4) w
"""
# Two items a sale; every 21st is of the busy bin. $3 sales in all.
SOLD: Final = f"""
{_MOVED}
select {sql_id(Kind.DELIVERY, "n * 2 + l")},
       case when n % 21 = 0 and l = 0 then {BUSY_ITEM} else 62 + (n * 7 + l * 13) % 99 end,
       case when n % 21 = 0 then 1 else 1 + n % 4 end, 'SALE_DELIVERY', -(1 + (n * 3 + l) % 40), false, null, null, null,
       null, 'SALE', {sql_id(Kind.SALE, "n")}, l + 1, l, {AT.format(all="$3::int")}
from generate_series(1, $3::int) n, generate_series(0, 1) l
"""
BOUGHT: Final = f"""
{_MOVED}
select {sql_id(Kind.RECEIPT, "n * 4 + l")}, case when l < 2 then 1 + (n * 3 + l * 17) % 60 else 181 + n % 20 end, 1 + n % 4,
       'PURCHASE_RECEIPT', 500 + (n * 7 + l) % 500, true, null, null, null, null, 'PURCHASE', {sql_id(Kind.PURCHASE, "n")},
       l + 1, l, {AT.format(all="$3::int")}
from generate_series(1, $3::int) n, generate_series(0, 2) l
"""
# 72 kg of flour and 20 of bran out of 100 kg of grain; bran carries what it is worth, flour the rest with the overhead.
MILLED: Final = f"""
{_MOVED}
select {sql_id(Kind.MILLED, "n * 4 + l.line_no")},
       case l.line_no when 1 then 1 + (n * 11) % 60 when 2 then 62 + (n * 5) % 99 else 161 + n % 20 end, 1 + n % 4, l.kind,
       l.quantity, false, null, {sql_id(Kind.PRODUCTION, "n")}, l.rule, case when l.rule = 'FIXED' then 16000 end,
       'PRODUCTION', {sql_id(Kind.PRODUCTION, "n")}, l.line_no, l.place, {AT.format(all="$3::int")}
from generate_series(1, $3::int) n,
     (values (1, 1, 'PRODUCTION_CONSUME', -100, null), (3, 2, 'PRODUCTION_BY_PRODUCT', 20, 'FIXED'),
             (2, 3, 'PRODUCTION_OUTPUT', 72, 'REST')) l (line_no, place, kind, quantity, rule)
"""
TRANSFERRED: Final = f"""
{_MOVED}
select {sql_id(Kind.TRANSFERRED, "n * 2 + l")}, 1 + (n * 13) % 60, 1 + (n + l) % 4,
       case l when 0 then 'TRANSFER_OUT' else 'TRANSFER_IN' end, case l when 0 then -10 else 10 end, false,
       case when l = 1 then {sql_id(Kind.TRANSFERRED, "n * 2")} end, null, null, null, 'STOCK_DOCUMENT',
       {sql_id(Kind.DOCUMENT, "n + 4")}, 1, l, {AT.format(all="$3::int")}
from generate_series(1, $3::int) n, generate_series(0, 1) l
"""

MOVEMENTS: Final = f"""
insert into stock_movement (id, item_id, warehouse_id, kind, quantity, value_minor, source_id, pool_id, cost_rule,
                            cost_value, document_kind, document_id, line_no, effective_at, recorded_at, actor_id)
select m.id, k.id, {sql_id(Kind.WAREHOUSE, "m.warehouse")}, m.kind, m.quantity,
       case when m.valued then m.quantity::bigint * k.rate end, m.source_id, m.pool_id, m.cost_rule, m.cost_value,
       m.document_kind, m.document_id, m.line_no, m.at, m.at, {BY}
from moved m join kept k on k.n = m.item order by m.at, m.document_id, m.place
"""
POSTINGS: Final = """
insert into stock_posting (movement_id, quantity, value_minor)
select m.id, m.quantity, m.quantity::bigint * k.rate from moved m join kept k on k.n = m.item
"""
POOLS: Final = f"""
insert into stock_pool (id, pool_id, amount_minor, document_id, recorded_at, actor_id)
select {sql_id(Kind.POOL, "n")}, {sql_id(Kind.PRODUCTION, "n")}, 76000, {sql_id(Kind.PRODUCTION, "n")},
       {AT.format(all="$3::int")}, {BY}
from generate_series(1, $3::int) n
"""

# What each bin has after each of its movements, and how many of them took something out.
RUNNING: Final = """
create temp table running on commit drop as
select m.item_id, m.warehouse_id, m.effective_at, m.seq, m.quantity, k.rate, sum(m.quantity) over w as after,
       count(*) filter (where m.quantity < 0) over w as issues, row_number() over w as place,
       row_number() over (partition by m.item_id, m.warehouse_id order by m.effective_at desc, m.seq desc) as back
from stock_movement m join kept k on k.id = m.item_id
window w as (partition by m.item_id, m.warehouse_id order by m.effective_at, m.seq)
"""
# A state remembers at which rate, of how much, something last went out.
_STATES: Final = f"""
select r.item_id, r.warehouse_id, r.effective_at, r.seq, r.after, r.rate, r.place, r.back,
       jsonb_build_object(
           'method', 'MOVING_AVERAGE',
           'layers', jsonb_build_array(jsonb_build_array(
               (r.after * 1000)::bigint, (r.after::bigint * r.rate * 1000000000)::text, null)),
           'rate', case when i.after is not null then jsonb_build_array(
               ((i.after - i.quantity)::bigint * r.rate * 1000000000)::text,
               ((i.after - i.quantity) * 1000)::bigint) end) as state
from running r
left join running i on i.item_id = r.item_id and i.warehouse_id = r.warehouse_id and i.issues = r.issues and i.quantity < 0
where r.back = 1 or r.place % {SNAPSHOT_EVERY} = {SNAPSHOT_EVERY - 1}
"""
STATES: Final = f"create temp table states on commit drop as {_STATES}"
BINS: Final = """
insert into stock_bin (item_id, warehouse_id, on_hand, value_minor, last_at, last_seq, state, version)
select item_id, warehouse_id, after, after::bigint * rate, effective_at, seq, state, place + 1 from states where back = 1
"""
SNAPSHOTS: Final = f"""
insert into stock_snapshot (item_id, warehouse_id, effective_at, seq, state)
select item_id, warehouse_id, effective_at, seq, state from states where place % {SNAPSHOT_EVERY} = {SNAPSHOT_EVERY - 1}
"""
STOCK_DAYS: Final = f"""
insert into stock_day (item_id, warehouse_id, day, received, issued, sold, received_value_minor, issued_value_minor,
                       movements)
{DAYS} group by 1, 2, 3 order by 3, 2, 1
"""
ALERTS: Final = """
insert into stock_alert (id, kind, priority, state, item_id, warehouse_id, branch_id, on_hand, threshold, raised_at)
select gen_random_uuid(), 'LOW_STOCK', 'HIGH', 'OPEN', b.item_id, b.warehouse_id, w.branch_id, b.on_hand, i.reorder_level,
       $1
from stock_bin b join mill_item i on i.id = b.item_id join mill_warehouse w on w.id = b.warehouse_id
where b.on_hand <= i.reorder_level
"""

TABLES: Final = (
    "branch", "mill_item", "mill_warehouse", "stock_movement", "stock_posting", "stock_bin", "stock_day", "stock_snapshot",
    "stock_pool", "stock_alert", "mill_sale", "mill_sale_line", "mill_purchase", "mill_purchase_line", "mill_production",
    "mill_production_line", "stock_document", "mill_payment", "journal_entry", "journal_line", "mill_day", "mill_day_change",
)  # fmt: skip


async def write_book(size: Size) -> None:
    """Write the whole book, then let PostgreSQL look at it as autovacuum would."""
    now, currency = clock.now(), settings.current().currency
    accounts = {name: await house_account(account, currency) for name, account in ACCOUNTS.items()}
    async with connection() as c:
        async with c.transaction():
            await c.execute("set local session_replication_role = replica")
            await c.execute(PLACES, now)
            await c.execute(ITEMS)
            await c.execute(KEPT, now, currency)
            await c.execute(PARTNERS, now, currency)
            await _write_movements(c, size, now)
            await write_documents(c, size, now, currency)
            await write_journal(c, now, currency, accounts)
            await c.execute("select retake_mill_days()")
        for table in TABLES:
            await c.execute(f"vacuum analyze {table}")


async def _write_movements(c: Connection, size: Size, now: datetime) -> None:
    await c.execute(MOVED)
    await c.execute(OPENED, now, size.days)
    for statement, count in (
        (SOLD, size.sales),
        (BOUGHT, size.purchases),
        (MILLED, size.productions),
        (TRANSFERRED, size.transfers),
        (POOLS, size.productions),
    ):
        await c.execute(statement, now, size.days, size.days * count)
    await c.execute("analyze moved")
    for statement in (MOVEMENTS, POSTINGS, RUNNING):
        await c.execute(statement)
    await c.execute("create index on running (item_id, warehouse_id, issues) where quantity < 0")
    await c.execute("analyze running")
    for statement in (STATES, BINS, SNAPSHOTS, STOCK_DAYS):
        await c.execute(statement)
    await c.execute(ALERTS, now)


def the_manager() -> Actor:
    """Of the whole mill."""
    return Actor(id=id_of(Kind.PERSON, 1), name="Mary Miller", roles=frozenset({Role.MILL_MANAGER}))


def a_storekeeper(number: int = 1) -> Actor:
    """Of one branch."""
    return Actor(
        id=id_of(Kind.PERSON, 1 + number),
        name=f"Storekeeper {number}",
        roles=frozenset({Role.STOREKEEPER}),
        branch_id=id_of(Kind.BRANCH, number),
    )
