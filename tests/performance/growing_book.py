"""Rows of the other businesses by SQL in sets: payments, journal entries, school fees, movements of stock, as many of each.

What depends on rows being many is what counts here, so each stands for itself: nobody's wallet has moved by these payments.
Times are spread over two years. The larger a book is, the more people and items it has, as a business that grows has.
"""

from __future__ import annotations

from typing import Final

from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.database import connection
from domain.ledger.chart import INTEREST_INCOME, house_account
from domain.lending.accounts import LOANS_RECEIVABLE
from tests.performance.mill_ids import Kind
from tests.performance.row_ids import id_of, sql_id

CURRENCY: Final = "KES"
ROWS_OF_ONE: Final = 100
"""So many rows each client, student and item has, whatever the size."""

_CLIENT: Final = 0x70
_AT: Final = "$2::timestamptz - ($1 - n) * (interval '730 days' / $1)"
_MANY: Final = f"n / {ROWS_OF_ONE}"

PAYMENTS: Final = f"""
insert into payment (id, reference, purpose, target_id, title, client_id, client_name, payee_id, payee_name, amount_minor,
                     currency, phone_masked, status, status_at, paid_at, purpose_minor, created_by, created_at, updated_at,
                     correlation_id)
select {sql_id(0x71, "n")}, 'P' || translate(lpad(to_hex(n), 8, '0'), '0123456789abcdef', '23456789ABCDEFGH'),
       'WALLET_TOP_UP', {sql_id(0x72, _MANY)}, 'Wallet top-up', {sql_id(_CLIENT, _MANY)}, 'Asha Patel',
       {sql_id(_CLIENT, _MANY)}, 'Asha Patel',
       100 * (1 + n % 5000), '{CURRENCY}', '2547****' || lpad((n % 100)::text, 2, '0'), 'PAID', at, at,
       100 * (1 + n % 5000), {sql_id(_CLIENT, _MANY)}, at, at, {sql_id(0x71, "n")}
from generate_series(1, $1::int) n, lateral (select {_AT}) moment (at)
"""

ENTRIES: Final = f"""
insert into journal_entry (id, kind, description, reference_kind, reference_id, effective_on, recorded_at, correlation_id)
select {sql_id(0x73, "n")}, 'lending.interest_accrued', 'Interest', 'loan', {sql_id(0x74, _MANY)}, at::date, at,
       {sql_id(0x73, "n")}
from generate_series(1, $1::int) n, lateral (select {_AT}) moment (at) order by n
"""

LINES: Final = f"""
insert into journal_line (entry_id, line_no, account_id, amount_minor, currency, effective_on, recorded_at)
select {sql_id(0x73, "n")}, line_no, account_id, amount, '{CURRENCY}', at::date, at
from generate_series(1, $1::int) n, lateral (select {_AT}) moment (at),
     unnest($3::uuid[], array[100, -100], array[1, 2]) as line (account_id, amount, line_no) order by n, line_no
"""

FEES: Final = f"""
insert into school_fee (id, student_id, title, currency, due_minor, paid_minor, status, due_on, created_by_id, created_at,
                        updated_at, correlation_id)
select {sql_id(0x75, "n")}, {sql_id(0x76, _MANY)}, 'Tuition', '{CURRENCY}', 100000, 100000 * (n % 2),
       school_fee_status(100000, 100000 * (n % 2), 0, null), at::date, {sql_id(_CLIENT, "1")}, at, at, {sql_id(0x75, "n")}
from generate_series(1, $1::int) n, lateral (select {_AT}) moment (at)
"""

MOVEMENTS: Final = f"""
insert into stock_movement (id, item_id, warehouse_id, kind, quantity, value_minor, document_kind, document_id, line_no,
                            effective_at, recorded_at, actor_id)
select {sql_id(0x77, "n")}, {sql_id(0x78, _MANY)}, {sql_id(0x79, "n % 5")}, 'PURCHASE_RECEIPT', 10, 5000, 'PURCHASE',
       {sql_id(0x7A, "n / 4")}, 1 + n % 4, at, at, {sql_id(_CLIENT, "1")}
from generate_series(1, $1::int) n, lateral (select {_AT}) moment (at) order by n
"""

TABLES: Final = ("payment", "journal_entry", "journal_line", "ledger_day", "school_fee", "school_figure", "stock_movement")


async def write_rows(rows: int) -> None:
    """So many of each, as autovacuum would leave them."""
    now = clock.now()
    accounts = [await house_account(account, CURRENCY) for account in (LOANS_RECEIVABLE, INTEREST_INCOME)]
    async with connection() as c:
        async with c.transaction():
            await c.execute("set local session_replication_role = replica")
            for statement in (PAYMENTS, ENTRIES, FEES, MOVEMENTS):
                await c.execute(statement, rows, now)
            await c.execute(LINES, rows, now, accounts)
            await c.execute("select retake_school_figures()")
        # Only what is committed is summed by day.
        await c.execute("select take_day_sums($1)", now)
        for table in TABLES:
            await c.execute(f"vacuum analyze {table}")


def a_client() -> Actor:
    """One who pays."""
    return Actor(id=id_of(_CLIENT, 1), name="Asha Patel", roles=frozenset({Role.BORROWER}))


def a_miller() -> Actor:
    """Of the whole mill."""
    return Actor(id=id_of(Kind.PERSON, 1), name="Mary Miller", roles=frozenset({Role.MILL_MANAGER}))


AN_ITEM: Final = id_of(0x78, 1)
A_STUDENT: Final = id_of(0x76, 1)
