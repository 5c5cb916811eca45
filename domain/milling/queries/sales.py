"""Reading sales: offers, orders and deliveries, what came back of them, what they cost, and what customers owe."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from tortoise.expressions import Q

from domain.identity.actor import NO_BRANCH, Actor
from domain.kit import clock
from domain.kit.database import fetch
from domain.kit.money import Money
from domain.kit.paging import Page, PageRequest, page_of
from domain.kit.reading import RowsWith, read_one, rows_by_id, rows_of
from domain.milling import settings
from domain.milling.access import (
    READ,
    branch_condition,
    shown_to,
    visible_sale_returns,
    visible_sales,
    warehouse_of,
)
from domain.milling.models import Payment, Sale, SaleLine, SaleReturn, SaleReturnLine
from domain.milling.states import AT_THE_CUSTOMER, SaleStatus

MAX_SEARCH: Final = 100
MAX_NUMBER: Final = 20
MAX_CUSTOMERS: Final = 100

_DELIVERED: Final = ", ".join(f"'{status.value}'" for status in sorted(AT_THE_CUSTOMER))

# What each customer owes for the deliveries of a branch ($1; null for all), and since how many days ($2 is today). Whoever
# bought over the counter is one row without a customer. A sale without an invoice was due when it was delivered.
OWED: Final = f"""
with owed as (
    select customer_id, customer_name, due_minor,
           $2::date - coalesce(due_on, (delivered_at at time zone 'UTC')::date) as late
    from mill_sale
    where status in ({_DELIVERED}) and due_minor <> 0 and ($1::uuid is null or branch_id = $1)
)
select customer_id, max(customer_name) as name, count(*)::int as sales, sum(due_minor)::bigint as due,
       coalesce(sum(due_minor) filter (where due_minor < 0), 0)::bigint as credit,
       coalesce(sum(due_minor) filter (where due_minor > 0 and late <= 0), 0)::bigint as not_yet,
       coalesce(sum(due_minor) filter (where due_minor > 0 and late between 1 and 30), 0)::bigint as to_30,
       coalesce(sum(due_minor) filter (where due_minor > 0 and late between 31 and 60), 0)::bigint as to_60,
       coalesce(sum(due_minor) filter (where due_minor > 0 and late between 61 and 90), 0)::bigint as to_90,
       coalesce(sum(due_minor) filter (where due_minor > 0 and late > 90), 0)::bigint as beyond,
       max(late) filter (where due_minor > 0 and late > 0) as days_late
from owed group by customer_id order by sum(due_minor) desc, customer_id
"""

# What the goods of sales ($1) have cost by the books of now, those that came back taken off.
COST: Final = """
select coalesce(r.sale_id, m.document_id) as sale_id, -sum(p.value_minor + p.variance_minor)::bigint as cost
from stock_movement m
join stock_posting p on p.movement_id = m.id
left join mill_sale_return r on r.id = m.document_id
where m.document_id in (
    select unnest($1::uuid[]) union all select id from mill_sale_return where sale_id = any($1::uuid[]))
group by 1
"""


@dataclass(frozen=True, kw_only=True)
class SaleFilter:
    """Which sales; what is not said does not narrow.

    ``since`` and ``until`` are days of making, in UTC. ``search`` is a number of a sale or an invoice, or a part of the
    customer's name. ``unpaid`` are deliveries for which something is owed, ``overdue`` those that ought to be paid by now.
    """

    statuses: Sequence[SaleStatus] = ()
    customer_id: UUID | None = None
    warehouse_id: UUID | None = None
    item_id: UUID | None = None
    branch_id: UUID | None = None
    since: date | None = None
    until: date | None = None
    unpaid: bool = False
    overdue: bool = False
    search: str | None = None

    @property
    def condition(self) -> Q:
        columns = ("customer_id", "warehouse_id", "branch_id")
        found = Q(**{column: getattr(self, column) for column in columns if getattr(self, column) is not None})
        if self.statuses:
            found &= Q(status__in=list(self.statuses))
        if self.item_id is not None:
            found &= Q(id__in=RowsWith(SaleLine, Q(item_id=self.item_id), column="sale_id"))
        if self.since is not None:
            found &= Q(created_at__gte=_start(self.since))
        if self.until is not None and self.until < date.max:
            found &= Q(created_at__lt=_start(self.until + timedelta(days=1)))
        if self.unpaid or self.overdue:
            found &= Q(status__in=list(AT_THE_CUSTOMER), due_minor__gt=0)
        if self.overdue:
            found &= Q(due_on__lt=clock.today())
        return found & _searched(self.search)


@dataclass(frozen=True, slots=True)
class CustomerBalance:
    """What a customer owes, by how long it has been due; ``credit`` is what the mill owes the customer, under zero.

    Without a customer it is what was sold over the counter.
    """

    customer_id: UUID | None
    customer_name: str
    sales: int
    due: Money
    credit: Money
    not_yet_due: Money
    late_to_30_days: Money
    late_to_60_days: Money
    late_to_90_days: Money
    late_beyond_90_days: Money
    most_days_late: int | None


@dataclass(frozen=True, slots=True)
class Receivables:
    """What all customers owe on a day, and those who owe most of it."""

    on: date
    due: Money
    overdue: Money
    customer_count: int
    customers: Sequence[CustomerBalance]


async def sale_of_number(actor: Actor, number: str) -> Sale | None:
    actor.require(READ)
    number = number.strip().upper()
    if not number.isprintable() or len(number) > MAX_NUMBER:
        return None
    return await read_one(visible_sales(actor).filter(number=number))


async def sales(actor: Actor, page: PageRequest, wanted: SaleFilter | None = None) -> Page[Sale]:
    """The sales of the warehouses that the actor may see, the newest first."""
    actor.require(READ)
    wanted = wanted or SaleFilter()
    if wanted.warehouse_id is not None:
        await warehouse_of(actor, wanted.warehouse_id, field=("filter", "warehouseId"), closed=True)
    return await page_of(visible_sales(actor).filter(wanted.condition), page, "-created_at", "-id")


async def sale_returns(actor: Actor, page: PageRequest, *, sale_id: UUID | None = None) -> Page[SaleReturn]:
    """What customers brought back, the newest first; cancelled returns stay among it."""
    actor.require(READ)
    found = visible_sale_returns(actor)
    return await page_of(found if sale_id is None else found.filter(sale_id=sale_id), page, "-created_at", "-id")


async def receivables(actor: Actor, *, branch_id: UUID | None = None, limit: int = MAX_CUSTOMERS) -> Receivables:
    """What customers owe for the sales that the actor may see, who owes the most first."""
    actor.require(READ)
    today, currency, branch = clock.today(), settings.current().currency, branch_condition(actor, branch_id)
    rows = [] if branch == NO_BRANCH else await fetch(OWED, branch, today)
    balances = [_balance(row, currency) for row in rows]
    return Receivables(
        on=today,
        due=Money(sum(each.due.amount_minor for each in balances), currency),
        overdue=Money(sum(row["to_30"] + row["to_60"] + row["to_90"] + row["beyond"] for row in rows), currency),
        customer_count=len(balances),
        customers=balances[:limit],
    )


sales_by_id = rows_by_id(Sale, shown_to)

sale_returns_by_id = rows_by_id(SaleReturn, shown_to)

lines_of = rows_of(SaleLine, "sale_id", order=("line_no",))
"""The lines of sales that were found visible, in their order."""


def _of_seen_sales(actor: Actor) -> Q | None:
    seen = shown_to(actor)
    return None if seen is None else Q(sale_id__in=RowsWith(Sale, seen))


sale_lines_by_id = rows_by_id(SaleLine, _of_seen_sales)

lines_of_returns = rows_of(SaleReturnLine, "sale_return_id", order=("line_no",))

returns_of = rows_of(SaleReturn, "sale_id", shown_to, order=("created_at", "id"))
"""What came back of sales, in the order of time."""

payments_of_sales = rows_of(Payment, "sale_id", shown_to, order=("created_at", "id"))
"""What was paid for sales and back, in the order of time; what was reversed stays among it."""


async def costs_of(sale_ids: Collection[UUID]) -> dict[UUID, Money]:
    """What the goods of sales cost, by the books of now: a back-dated document may change it."""
    currency = settings.current().currency
    return {row["sale_id"]: Money(row["cost"], currency) for row in await fetch(COST, list(sale_ids))}


def _balance(row: Any, currency: str) -> CustomerBalance:
    return CustomerBalance(
        customer_id=row["customer_id"],
        customer_name="Over the counter" if row["customer_id"] is None else row["name"],
        sales=row["sales"],
        due=Money(row["due"], currency),
        credit=Money(row["credit"], currency),
        not_yet_due=Money(row["not_yet"], currency),
        late_to_30_days=Money(row["to_30"], currency),
        late_to_60_days=Money(row["to_60"], currency),
        late_to_90_days=Money(row["to_90"], currency),
        late_beyond_90_days=Money(row["beyond"], currency),
        most_days_late=row["days_late"],
    )


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def _searched(search: str | None) -> Q:
    wanted = " ".join((search or "").split())[:MAX_SEARCH]
    if not wanted:
        return Q()
    if not wanted.isprintable():
        return Q(pk__in=[])
    by_name = Q(customer_name__icontains=wanted)
    if len(wanted) > MAX_NUMBER:
        return by_name
    return by_name | Q(number=wanted.upper()) | Q(invoice_number=wanted.upper())
