"""Purchases, sales and productions of a period on paper, a row for each."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.database import Record
from domain.kit.decimals import plain
from domain.milling import settings
from domain.milling.reports.scope import MillPeriod, days_of, money, places_in, rows_of, stretch_of, where
from domain.reports.registry import Expecting, report
from domain.reports.sheets import Column, ColumnKind, Row, Sheet

READ: Final = Permission.MILL_READ

_MONEY, _NUMBER, _INSTANT = ColumnKind.MONEY, ColumnKind.NUMBER, ColumnKind.INSTANT


# Purchases whose goods came in a stretch ($1 to before $2), to warehouses ($3).
BOUGHT: Final = """
select d.received_at, d.number, d.supplier_name, w.name as warehouse, d.status, coalesce(d.bill_number, '') as bill,
       d.due_on, d.amount_minor, d.billed_minor, d.landed_minor, d.returned_minor,
       d.paid_minor - d.refunded_minor as paid_minor, d.due_minor
from mill_purchase d join mill_warehouse w on w.id = d.warehouse_id
where d.received_at >= $1 and d.received_at < $2 and d.warehouse_id = any($3::uuid[]) and d.status <> 'CANCELLED'
order by d.received_at, d.id
"""


@report(
    "mill_purchases",
    title="Purchases",
    purpose="Every purchase whose goods came in a period: what was ordered, billed, sent back, paid and is owed.",
    requires=READ,
    parameters=MillPeriod,
)
async def purchases(actor: Actor, parameters: MillPeriod, progress: Expecting) -> Sheet:
    figures = ("amount", "billed", "landed", "returned", "paid", "due")
    told = ("received_at", "number", "supplier_name", "warehouse", "status", "bill", "due_on")
    columns = [
        Column("Received", _INSTANT),
        Column("Number"),
        Column("Supplier"),
        Column("Warehouse"),
        Column("Status"),
        Column("Bill"),
        Column("Due on", ColumnKind.DATE),
        *_summed("Amount", "Billed", "Landed cost", "Returned", "Paid", "Owed"),
    ]
    return await _of_documents(actor, "Purchases", parameters, progress, BOUGHT, columns, told, figures)


# Sales delivered in a stretch ($1 to before $2) from warehouses ($3), with what the goods cost that are still sold.
SOLD: Final = """
select d.delivered_at, d.number, d.customer_name, w.name as warehouse, d.status, coalesce(d.invoice_number, '') as invoice,
       d.due_on, d.amount_minor, d.returned_minor, cost.amount as cost_minor,
       d.amount_minor - d.returned_minor - cost.amount as margin_minor, d.paid_minor - d.refunded_minor as paid_minor,
       d.due_minor
from mill_sale d join mill_warehouse w on w.id = d.warehouse_id
cross join lateral (
    select coalesce(-sum(p.value_minor + p.variance_minor), 0)::bigint as amount
    from stock_movement m join stock_posting p on p.movement_id = m.id
    where m.document_id = any(array(select d.id union all select r.id from mill_sale_return r where r.sale_id = d.id))
) cost
where d.delivered_at >= $1 and d.delivered_at < $2 and d.warehouse_id = any($3::uuid[]) and d.status <> 'CANCELLED'
order by d.delivered_at, d.id
"""


@report(
    "mill_sales",
    title="Sales",
    purpose="Every sale delivered in a period: what it came to, what the goods cost, what is left of it, paid and owed.",
    requires=READ,
    parameters=MillPeriod,
)
async def sales(actor: Actor, parameters: MillPeriod, progress: Expecting) -> Sheet:
    figures = ("amount", "returned", "cost", "margin", "paid", "due")
    told = ("delivered_at", "number", "customer_name", "warehouse", "status", "invoice", "due_on")
    columns = [
        Column("Delivered", _INSTANT),
        Column("Number"),
        Column("Customer"),
        Column("Warehouse"),
        Column("Status"),
        Column("Invoice"),
        Column("Due on", ColumnKind.DATE),
        *_summed("Amount", "Returned", "Cost", "Margin", "Paid", "Owed"),
    ]
    return await _of_documents(actor, "Sales", parameters, progress, SOLD, columns, told, figures)


# Productions completed in a stretch ($1 to before $2), or begun in it and not completed, out of warehouses ($3), of whose
# branch they are.
MILLED: Final = """
select coalesce(d.completed_at, d.started_at) as at, d.number, d.item_name, w.name as warehouse, d.status,
       d.planned_quantity, d.output_quantity, i.base_unit, d.input_kg, d.output_kg, d.by_product_kg,
       d.yield_percent, d.input_cost_minor, d.overhead_minor, d.by_product_cost_minor, d.output_cost_minor
from mill_production d join mill_warehouse w on w.id = d.warehouse_id join mill_item i on i.id = d.item_id
where coalesce(d.completed_at, d.started_at) >= $1 and coalesce(d.completed_at, d.started_at) < $2
  and d.warehouse_id = any($3::uuid[]) and d.status <> 'CANCELLED'
order by coalesce(d.completed_at, d.started_at), d.id
"""


@report(
    "mill_productions",
    title="Productions",
    purpose="Every production of a period: what went in, what came out, the yield, and what it cost.",
    requires=READ,
    parameters=MillPeriod,
)
async def productions(actor: Actor, parameters: MillPeriod, progress: Expecting) -> Sheet:
    figures = ("input_cost", "overhead", "by_product_cost", "output_cost")
    told = ("at", "number", "item_name", "warehouse", "status", "planned_quantity", "output_quantity", "base_unit")
    weights = ("input_kg", "output_kg", "by_product_kg", "yield_percent")
    columns = [
        Column("At", _INSTANT),
        Column("Number"),
        Column("Item"),
        Column("Warehouse"),
        Column("Status"),
        Column("Planned", _NUMBER),
        Column("Made", _NUMBER),
        Column("Unit"),
        Column("Input, kg", _NUMBER, summed=True),
        Column("Output, kg", _NUMBER, summed=True),
        Column("By-products, kg", _NUMBER, summed=True),
        Column("Yield", ColumnKind.PERCENT),
        *_summed("Cost of inputs", "Overhead", "Cost of by-products", "Cost of output"),
    ]
    return await _of_documents(actor, "Productions", parameters, progress, MILLED, columns, (*told, *weights), figures)


async def _of_documents(
    actor: Actor,
    title: str,
    parameters: MillPeriod,
    progress: Expecting,
    sql: str,
    columns: list[Column],
    told: tuple[str, ...],
    figures: tuple[str, ...],
) -> Sheet:
    """A sheet with a row for each document: what is told of it, and its figures in minor units."""
    places = await places_in(actor, parameters.warehouse_id, parameters.branch_id)

    def row(each: Record) -> Row:
        cells = [plain(cell) if isinstance(cell, Decimal) else cell for cell in (each[name] for name in told)]
        amounts = [each[f"{figure}_minor"] for figure in figures]
        return (*cells, *(None if amount is None else money(amount) for amount in amounts))

    return Sheet(
        title=title,
        subtitle=f"{await where(parameters.warehouse_id)}; {days_of(parameters)}; {settings.current().currency}",
        columns=columns,
        rows=rows_of(progress, sql, row, *stretch_of(parameters), places),
    )


def _summed(*titles: str) -> list[Column]:
    return [Column(title, _MONEY, summed=True) for title in titles]
