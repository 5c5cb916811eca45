"""What the mill sells and buys, what it earns by that, and what is owed on either side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from domain.kit.database import fetch
from domain.kit.decimals import percent
from domain.kit.money import Money
from domain.milling.days import (
    COST_OF_SALES,
    CREDITS,
    DEBITS,
    ITEM_SALES,
    MONTH_DAYS,
    ORDERS,
    PAYABLE,
    PURCHASES,
    RECEIVABLE,
    SALES,
    UNBILLED,
    DaySums,
    Tally,
    first_moment,
    kilograms,
    last_days,
    spans,
)
from domain.milling.states import MovementKind

TOP: Final = 5
DELIVERED: Final = MovementKind.SALE_DELIVERY.value
OF_SALES: Final = (SALES, CREDITS, RECEIVABLE, COST_OF_SALES, DELIVERED)
OF_PURCHASES: Final = (PURCHASES, DEBITS, PAYABLE, ORDERS, UNBILLED)

# The items of which most was sold, in money, at a branch ($1, or at all) in deliveries from $2 to $3; $4 of them.
TOP_ITEMS: Final = f"""
select d.item_id, sum(d.quantity) as quantity, sum(d.amount_minor)::bigint as amount
from mill_daily d
where d.measure = '{ITEM_SALES}' and d.day between $2 and $3
  and ($1::uuid is null or d.warehouse_id in (select id from mill_warehouse where branch_id = $1))
group by 1 having sum(d.count) > 0 order by 3 desc, 1 limit $4
"""

# The suppliers from whom most came, in money, to a branch ($1, or to all) since a day ($2); $3 of them.
TOP_SUPPLIERS: Final = """
select supplier_id, count(*) as count, sum(amount_minor)::bigint as amount from mill_purchase
where received_at >= $2 and status <> 'CANCELLED' and ($1::uuid is null or branch_id = $1)
group by 1 order by 3 desc, 1 limit $3
"""


@dataclass(frozen=True, slots=True)
class SalesFigures:
    """Sales from one day to another. Revenue is what was delivered for its price, less what came back."""

    since: date
    until: date
    sales: int
    sold: Money
    returns: Tally
    cost: Money
    delivered_kg: Decimal

    @property
    def revenue(self) -> Money:
        return self.sold - self.returns.amount

    @property
    def gross_margin(self) -> Money:
        return self.revenue - self.cost

    @property
    def gross_margin_percent(self) -> Decimal | None:
        """Of the revenue; None without any."""
        return percent(self.gross_margin.amount_minor, self.revenue.amount_minor)


@dataclass(frozen=True, slots=True)
class TopItem:
    """How much of an item was sold in the last 30 days, in its base unit, less what came back of it."""

    item_id: UUID
    quantity: Decimal
    revenue: Money


@dataclass(frozen=True, slots=True)
class SalesBoard:
    """Sales of today, of the last 7 and 30 days, and day by day; what customers owe, and which items go best."""

    today: SalesFigures
    last_7_days: SalesFigures
    last_30_days: SalesFigures
    by_day: list[SalesFigures]
    receivables: Tally
    overdue: Tally
    top_items: list[TopItem]


@dataclass(frozen=True, slots=True)
class PurchaseFigures:
    """Purchases that came from one day to another."""

    since: date
    until: date
    received: Tally
    returns: Tally


@dataclass(frozen=True, slots=True)
class TopSupplier:
    """What came from a supplier in the last 30 days."""

    supplier_id: UUID
    purchases: int
    amount: Money


@dataclass(frozen=True, slots=True)
class PurchaseBoard:
    """Purchases of today, of the last 7 and 30 days, and day by day; what is on order, not billed, and owed."""

    today: PurchaseFigures
    last_7_days: PurchaseFigures
    last_30_days: PurchaseFigures
    by_day: list[PurchaseFigures]
    orders: Tally
    unbilled: Tally
    payables: Tally
    overdue: Tally
    top_suppliers: list[TopSupplier]


async def sales(scope: UUID | None, sums: DaySums) -> SalesBoard:
    today, week, month = (_sales(sums, days) for days in spans(sums.today))
    top = await fetch(TOP_ITEMS, scope, month.since, sums.today, TOP)
    return SalesBoard(
        today=today,
        last_7_days=week,
        last_30_days=month,
        by_day=[_sales(sums, [day]) for day in last_days(sums.today, MONTH_DAYS)],
        receivables=sums.standing(RECEIVABLE),
        overdue=sums.overdue(RECEIVABLE),
        top_items=[TopItem(row["item_id"], kilograms(row["quantity"]), sums.money(row["amount"])) for row in top],
    )


async def purchases(scope: UUID | None, sums: DaySums) -> PurchaseBoard:
    today, week, month = (_purchases(sums, days) for days in spans(sums.today))
    top = await fetch(TOP_SUPPLIERS, scope, first_moment(sums.today, MONTH_DAYS), TOP)
    return PurchaseBoard(
        today=today,
        last_7_days=week,
        last_30_days=month,
        by_day=[_purchases(sums, [day]) for day in last_days(sums.today, MONTH_DAYS)],
        orders=sums.standing(ORDERS),
        unbilled=sums.standing(UNBILLED),
        payables=sums.standing(PAYABLE),
        overdue=sums.overdue(PAYABLE),
        top_suppliers=[TopSupplier(row["supplier_id"], row["count"], sums.money(row["amount"])) for row in top],
    )


def _sales(sums: DaySums, days: list[date]) -> SalesFigures:
    sold = sums.of(SALES, days)
    cost, back = (sums.of(COST_OF_SALES, days, incoming=incoming).amount for incoming in (False, True))
    return SalesFigures(
        since=days[0],
        until=days[-1],
        sales=sold.count,
        sold=sums.money(sold.amount),
        returns=sums.tally(CREDITS, days),
        cost=sums.money(cost - back),
        delivered_kg=kilograms(sums.of(DELIVERED, days).quantity),
    )


def _purchases(sums: DaySums, days: list[date]) -> PurchaseFigures:
    return PurchaseFigures(days[0], days[-1], sums.tally(PURCHASES, days), sums.tally(DEBITS, days))
