"""The documents behind the movements of the mill for measuring, their payments, and the journal of it all."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from domain.kit.database import Connection
from domain.ledger.chart import BANK, CASH, SALES, HouseAccount
from domain.milling.accounts import (
    COST_OF_GOODS_SOLD,
    NOT_BILLED,
    OPENING_STOCK,
    OVERHEAD_ABSORBED,
    STOCK_OF,
    TRADE_PAYABLES,
    TRADE_RECEIVABLES,
)
from tests.performance.mill_ids import AT, BY, Kind, Size
from tests.performance.row_ids import sql_id

_KEPT_BY: Final = "created_by_id, created_at, updated_at, correlation_id"

# Sales are paid, but for one in forty of the last tenth. $3 sales in all, $4 the currency.
SALES_MADE: Final = f"""
insert into mill_sale (id, customer_id, customer_name, warehouse_id, branch_id, status, currency, amount_minor, paid_minor,
                       delivered_at, delivered_by_id, due_on, {_KEPT_BY})
select {sql_id(Kind.SALE, "n")}, {sql_id(Kind.CUSTOMER, "1 + n % 200")}, 'Bakery ' || 1 + n % 200,
       {sql_id(Kind.WAREHOUSE, "w")}, {sql_id(Kind.BRANCH, "w")}, case when owed then 'DELIVERED' else 'PAID' end, $4,
       amount, case when owed then 0 else amount end, at, {BY}, mill_day_of(at) + 30, {BY}, at, at, {sql_id(Kind.SALE, "n")}
from (select n, case when n % 21 = 0 then 1 else 1 + n % 4 end as w, n > 0.9 * $3::int and n % 40 = 0 as owed,
             (2 + (n * 3) % 40 + (n * 3 + 1) % 40) * 6000::bigint as amount, {AT.format(all="$3::int")} as at
      from generate_series(1, $3::int) n) s
order by n
"""
SALE_LINES: Final = f"""
insert into mill_sale_line (id, sale_id, line_no, item_id, item_name, unit, quantity, base_quantity, unit_price_minor,
                            amount_minor, movement_id)
select {sql_id(Kind.SALE_LINE, "row_number() over ()")}, m.document_id, m.line_no, k.id, 'Item ' || k.n, 'kg', -m.quantity,
       -m.quantity, 6000, -m.quantity * 6000::bigint, m.id
from moved m join kept k on k.n = m.item where m.kind = 'SALE_DELIVERY'
"""
# Purchases are billed and paid, but for some of the last tenth: one in twenty is owed, one in fifty has no bill.
PURCHASES_MADE: Final = f"""
insert into mill_purchase (id, supplier_id, supplier_name, warehouse_id, branch_id, status, currency, amount_minor,
                           billed_minor, paid_minor, received_at, received_by_id, billed_on, billed_at, billed_by_id, due_on,
                           {_KEPT_BY})
select {sql_id(Kind.PURCHASE, "n")}, {sql_id(Kind.SUPPLIER, "1 + n % 20")}, 'Farmer ' || 1 + n % 20,
       {sql_id(Kind.WAREHOUSE, "1 + n % 4")}, {sql_id(Kind.BRANCH, "1 + n % 4")},
       case when unbilled then 'RECEIVED' else 'BILLED' end, $4, amount, case when not unbilled then amount end,
       case when owed or unbilled then 0 else amount end, at, {BY}, case when not unbilled then mill_day_of(at) end,
       case when not unbilled then at end, case when not unbilled then {BY} end,
       case when not unbilled then mill_day_of(at) + 14 end, {BY}, at, at, {sql_id(Kind.PURCHASE, "n")}
from (select n, n > 0.9 * $3::int and n % 50 = 0 as unbilled, n > 0.9 * $3::int and n % 20 = 0 and n % 50 > 0 as owed,
             {AT.format(all="$3::int")} as at from generate_series(1, $3::int) n) p
join (select m.document_id, sum(m.quantity::bigint * k.rate) as amount from moved m join kept k on k.n = m.item
      where m.kind = 'PURCHASE_RECEIPT' group by 1) s on s.document_id = {sql_id(Kind.PURCHASE, "n")}
order by n
"""
PURCHASE_LINES: Final = f"""
insert into mill_purchase_line (id, purchase_id, line_no, item_id, item_name, unit, quantity, base_quantity,
                                unit_price_minor, amount_minor, billed_minor, received_quantity, movement_id)
select {sql_id(Kind.PURCHASE_LINE, "row_number() over ()")}, m.document_id, m.line_no, k.id, 'Item ' || k.n, 'kg',
       m.quantity, m.quantity, k.rate, m.quantity::bigint * k.rate,
       case when p.billed_minor is not null then m.quantity::bigint * k.rate end, m.quantity, m.id
from moved m join kept k on k.n = m.item join mill_purchase p on p.id = m.document_id where m.kind = 'PURCHASE_RECEIPT'
"""
PRODUCTIONS_MADE: Final = f"""
insert into mill_production (id, item_id, item_name, warehouse_id, output_warehouse_id, branch_id, status, planned_quantity,
                             output_quantity, input_kg, output_kg, by_product_kg, yield_percent, currency, input_cost_minor,
                             overhead_minor, by_product_cost_minor, output_cost_minor, started_at, started_by_id,
                             completed_at, completed_by_id, {_KEPT_BY})
select {sql_id(Kind.PRODUCTION, "n")}, {sql_id(Kind.ITEM, "62 + (n * 5) % 99")}, 'Item ' || 62 + (n * 5) % 99,
       {sql_id(Kind.WAREHOUSE, "1 + n % 4")}, {sql_id(Kind.WAREHOUSE, "1 + n % 4")}, {sql_id(Kind.BRANCH, "1 + n % 4")},
       'COMPLETED', 72, 72, 100, 72, 20, 72, $4, 300000, 76000, 16000, 360000, at, {BY}, at, {BY}, {BY}, at, at,
       {sql_id(Kind.PRODUCTION, "n")}
from (select n, {AT.format(all="$3::int")} as at from generate_series(1, $3::int) n) p
order by n
"""
PRODUCTION_LINES: Final = f"""
insert into mill_production_line (id, production_id, line_no, role, item_id, item_name, planned_quantity, actual_quantity,
                                  cost_rule, cost_value, cost_minor)
select {sql_id(Kind.PRODUCTION_LINE, "row_number() over ()")}, m.document_id, m.line_no,
       case m.line_no when 1 then 'INPUT' when 2 then 'OUTPUT' else 'BY_PRODUCT' end, k.id, 'Item ' || k.n, abs(m.quantity),
       abs(m.quantity), case m.line_no when 3 then 'FIXED' end, case m.line_no when 3 then 800 end,
       abs(m.quantity::bigint) * k.rate
from moved m join kept k on k.n = m.item where m.document_kind = 'PRODUCTION'
"""
DOCUMENTS: Final = f"""
insert into stock_document (id, kind, status, warehouse_id, to_warehouse_id, branch_id, currency, value_minor, occurred_at,
                            {_KEPT_BY})
select {sql_id(Kind.DOCUMENT, "n + 4")}, 'TRANSFER', 'POSTED', {sql_id(Kind.WAREHOUSE, "1 + n % 4")},
       {sql_id(Kind.WAREHOUSE, "1 + (n + 1) % 4")}, {sql_id(Kind.BRANCH, "1 + n % 4")}, $4, 30000, at, {BY}, at, at,
       {sql_id(Kind.DOCUMENT, "n")}
from (select n, {AT.format(all="$3::int")} as at from generate_series(1, $3::int) n) d
order by n
"""

# Money of sales and purchases, as far as they are paid.
PAYMENTS: Final = f"""
insert into mill_payment (id, kind, method, sale_id, branch_id, currency, amount_minor, paid_at, entry_id, created_by_id,
                          created_at, correlation_id)
select {sql_id(Kind.PAYMENT, "serial")}, 'SALE_RECEIPT', 'CASH', id, branch_id, currency, paid_minor, created_at,
       {sql_id(Kind.ENTRY, "mill_day_of(delivered_at) - date '2000-01-01'")}, {BY}, created_at, id
from mill_sale where paid_minor > 0 order by serial
"""
PAYMENTS_OUT: Final = f"""
insert into mill_payment (id, kind, method, purchase_id, branch_id, currency, amount_minor, paid_at, entry_id, created_by_id,
                          created_at, correlation_id)
select {sql_id(Kind.PAID_OUT, "serial")}, 'SUPPLIER_PAYMENT', 'BANK', id, branch_id, currency, paid_minor, created_at,
       {sql_id(Kind.ENTRY, "mill_day_of(received_at) - date '2000-01-01'")}, {BY}, created_at, id
from mill_purchase where paid_minor > 0 order by serial
"""

# The journal: one entry a day as if everything were paid at once, and one for each document that is not. Accounts by name.
BOOKED: Final = """
create temp table booked (entry_id uuid, day date, reference_kind text, reference_id uuid, account text, amount bigint)
on commit drop
"""
BOOK_DAYS: Final = f"""
insert into booked (entry_id, day, account, amount)
select {sql_id(Kind.ENTRY, "day - date '2000-01-01'")}, day, account, sum(amount) from (
    select mill_day_of(m.at) as day, k.category as account, m.quantity::bigint * k.rate as amount
    from moved m join kept k on k.n = m.item
    union all
    select mill_day_of(m.at), c.account, -m.quantity::bigint * k.rate from moved m join kept k on k.n = m.item
    join (values ('OPENING', 'OPENING'), ('PURCHASE_RECEIPT', 'BANK'), ('SALE_DELIVERY', 'COST'),
                 ('PRODUCTION_CONSUME', 'OVERHEAD'), ('PRODUCTION_OUTPUT', 'OVERHEAD'),
                 ('PRODUCTION_BY_PRODUCT', 'OVERHEAD')) c (kind, account) on c.kind = m.kind
    union all
    select mill_day_of(s.delivered_at), a.account, a.sign * s.amount_minor
    from mill_sale s, (values ('CASH', 1), ('SALES', -1)) a (account, sign)
) sides
group by day, account having sum(amount) <> 0
"""
BOOK_UNPAID: Final = f"""
insert into booked (entry_id, day, reference_kind, reference_id, account, amount)
select {sql_id(Kind.ENTRY_OF_SALE, "s.serial")}, mill_day_of(s.delivered_at), 'sale', s.id, a.account,
       a.sign * s.amount_minor
from mill_sale s, (values ('RECEIVABLE', 1), ('CASH', -1)) a (account, sign) where s.paid_minor = 0
union all
select {sql_id(Kind.ENTRY_OF_PURCHASE, "p.serial")}, mill_day_of(p.received_at), 'purchase', p.id,
       case when a.sign > 0 then 'BANK' when p.billed_minor is null then 'UNBILLED' else 'PAYABLE' end,
       a.sign * p.amount_minor
from mill_purchase p, (values (1), (-1)) a (sign) where p.paid_minor = 0
"""
ENTRIES: Final = f"""
insert into journal_entry (id, kind, description, reference_kind, reference_id, effective_on, recorded_at, actor_id,
                           correlation_id)
select distinct entry_id, 'milling.book', 'A day of the mill', reference_kind, reference_id, day, $1::timestamptz, {BY},
       entry_id
from booked
"""
LINES: Final = """
insert into journal_line (entry_id, line_no, account_id, amount_minor, currency, effective_on, recorded_at)
select b.entry_id, row_number() over (partition by b.entry_id order by b.account), a.id, b.amount, $2, b.day, $1
from booked b join unnest($3::text[], $4::uuid[]) as a (account, id) on a.account = b.account
"""

ACCOUNTS: Final[dict[str, HouseAccount]] = {
    **{category.value: account for category, account in STOCK_OF.items()},
    "OPENING": OPENING_STOCK,
    "COST": COST_OF_GOODS_SOLD,
    "OVERHEAD": OVERHEAD_ABSORBED,
    "RECEIVABLE": TRADE_RECEIVABLES,
    "PAYABLE": TRADE_PAYABLES,
    "UNBILLED": NOT_BILLED,
    "CASH": CASH,
    "BANK": BANK,
    "SALES": SALES,
}


async def write_documents(c: Connection, size: Size, now: datetime, currency: str) -> None:
    for statement, count in (
        (SALES_MADE, size.sales),
        (PURCHASES_MADE, size.purchases),
        (PRODUCTIONS_MADE, size.productions),
        (DOCUMENTS, size.transfers),
    ):
        await c.execute(statement, now, size.days, size.days * count, currency)
    for statement in (SALE_LINES, PURCHASE_LINES, PRODUCTION_LINES, PAYMENTS, PAYMENTS_OUT):
        await c.execute(statement)


async def write_journal(c: Connection, now: datetime, currency: str, accounts: dict[str, UUID]) -> None:
    for statement in (BOOKED, BOOK_DAYS, BOOK_UNPAID):
        await c.execute(statement)
    await c.execute(ENTRIES, now)
    await c.execute(LINES, now, currency, list(accounts), list(accounts.values()))
