"""Reading purchases: orders, goods received, what suppliers are owed, and what items were bought for last."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from tortoise.expressions import Q

from domain.identity.actor import NO_BRANCH, Actor
from domain.kit import clock
from domain.kit.database import fetch
from domain.kit.money import Money, decimals_of
from domain.kit.paging import Page, PageRequest, page_of
from domain.kit.reading import RowsWith, rows_by_id, rows_of
from domain.milling import settings
from domain.milling.access import (
    READ,
    shown_to,
    visible_purchase_returns,
    visible_purchases,
    warehouse_of,
)
from domain.milling.models import (
    LandedCost,
    LandedCostShare,
    Purchase,
    PurchaseLine,
    PurchaseReturn,
    PurchaseReturnLine,
)
from domain.milling.rules.costing import cost_per_unit
from domain.milling.rules.quantities import to_thousandths
from domain.milling.states import PurchaseStatus

MAX_SEARCH: Final = 100
MAX_NUMBER: Final = 20
MAX_BILL_NUMBER: Final = 60

# What each supplier is owed for the purchases of a branch ($1; null for all), and what of it is overdue by a day ($2). What
# a supplier owes (due is under zero) counts against what they are owed.
OWED: Final = """
select supplier_id as id, sum(due_minor)::bigint as due_minor,
       (sum(due_minor) filter (where due_on < $2 and due_minor > 0))::bigint as overdue_minor,
       count(*)::int as bills, min(due_on) filter (where due_minor > 0) as next_due_on
from mill_purchase
where billed_minor is not null and status <> 'CANCELLED' and due_minor <> 0 and ($1::uuid is null or branch_id = $1)
group by supplier_id order by sum(due_minor) desc, supplier_id limit $3
"""

# The latest purchase of each item ($1) in a branch ($2; null for all) of which something came and did not all go back.
LAST: Final = """
select distinct on (l.item_id) l.item_id, l.purchase_id, p.supplier_id, p.received_at, l.received_quantity,
       l.received_quantity - l.returned_quantity as kept, l.amount_minor, l.returned_minor, l.billed_minor, l.landed_minor,
       coalesce((select sum(r.base_quantity) from mill_purchase_return_line r
                 join mill_purchase_return d on d.id = r.purchase_return_id
                 where r.purchase_line_id = l.id and d.status = 'POSTED' and d.credited_minor > 0), 0) as gone_since
from mill_purchase_line l join mill_purchase p on p.id = l.purchase_id
where l.item_id = any($1::uuid[]) and l.received_quantity > l.returned_quantity and p.status not in ('DRAFT', 'CANCELLED')
      and ($2::uuid is null or p.branch_id = $2)
order by l.item_id, p.received_at desc, l.id desc
"""


@dataclass(frozen=True, kw_only=True)
class PurchaseFilter:
    """Which purchases; what is not said does not narrow.

    ``since`` and ``until`` are days of the order. ``search`` is a number of a purchase or a bill, or a part of the name of
    the supplier. ``overdue`` are those with a bill that ought to be paid by now.
    """

    statuses: Sequence[PurchaseStatus] = ()
    supplier_id: UUID | None = None
    warehouse_id: UUID | None = None
    item_id: UUID | None = None
    since: date | None = None
    until: date | None = None
    overdue: bool = False
    search: str | None = None

    @property
    def condition(self) -> Q:
        columns = ("supplier_id", "warehouse_id")
        found = Q(**{column: getattr(self, column) for column in columns if getattr(self, column) is not None})
        if self.statuses:
            found &= Q(status__in=list(self.statuses))
        if self.item_id is not None:
            found &= Q(id__in=RowsWith(PurchaseLine, Q(item_id=self.item_id), column="purchase_id"))
        if self.since is not None:
            found &= Q(created_at__gte=_start(self.since))
        if self.until is not None and self.until < date.max:
            found &= Q(created_at__lt=_start(self.until + timedelta(days=1)))
        if self.overdue:
            found &= Q(due_minor__gt=0, due_on__lt=clock.today())
        return found & _searched(self.search)


@dataclass(frozen=True, slots=True)
class SupplierBalance:
    """What a supplier is owed; under zero where the supplier owes."""

    supplier_id: UUID
    due: Money
    overdue: Money
    bills: int
    next_due_on: date | None


@dataclass(frozen=True, slots=True)
class LastPurchase:
    """What an item was bought for last. ``unit_cost`` is for one base unit in major units, landed cost included."""

    item_id: UUID
    purchase_id: UUID
    supplier_id: UUID
    received_at: datetime
    unit_cost: Decimal


async def purchases(actor: Actor, page: PageRequest, wanted: PurchaseFilter | None = None) -> Page[Purchase]:
    """The purchases of the warehouses that the actor may see, the newest first."""
    actor.require(READ)
    wanted = wanted or PurchaseFilter()
    if wanted.warehouse_id is not None:
        await warehouse_of(actor, wanted.warehouse_id, field=("filter", "warehouseId"), closed=True)
    return await page_of(visible_purchases(actor).filter(wanted.condition), page, "-created_at", "-id")


async def purchase_returns(actor: Actor, page: PageRequest, *, purchase_id: UUID | None = None) -> Page[PurchaseReturn]:
    """Returns to suppliers, the newest first; cancelled ones stay among them."""
    actor.require(READ)
    found = visible_purchase_returns(actor)
    return await page_of(found if purchase_id is None else found.filter(purchase_id=purchase_id), page, "-created_at", "-id")


async def payables(actor: Actor, *, limit: int = 100) -> list[SupplierBalance]:
    """What suppliers are owed, the most first; for purchases that the actor may see."""
    actor.require(READ)
    currency, scope = settings.current().currency, actor.branch_scope
    rows = await fetch(OWED, scope, clock.today(), limit) if scope != NO_BRANCH else []
    return [
        SupplierBalance(
            row["id"],
            Money(row["due_minor"], currency),
            Money(row["overdue_minor"] or 0, currency),
            row["bills"],
            row["next_due_on"],
        )
        for row in rows
    ]


purchases_by_id = rows_by_id(Purchase, shown_to)

purchase_returns_by_id = rows_by_id(PurchaseReturn, shown_to)

landed_costs_by_id = rows_by_id(LandedCost, shown_to)

lines_of = rows_of(PurchaseLine, "purchase_id", order=("line_no",))
"""The lines of purchases that were found visible, in their order."""

lines_of_returns = rows_of(PurchaseReturnLine, "purchase_return_id", order=("line_no",))

returns_of = rows_of(PurchaseReturn, "purchase_id", shown_to, order=("created_at", "id"))
"""What of purchases went back, in the order of time."""

landed_costs_of = rows_of(LandedCost, "purchase_id", shown_to, order=("created_at", "id"))
"""What purchases cost besides their goods, in the order of time."""

shares_of = rows_of(LandedCostShare, "landed_cost_id", order=("id",))

purchase_lines_by_id = rows_by_id(PurchaseLine)


async def last_purchases(actor: Actor, item_ids: Collection[UUID]) -> dict[UUID, LastPurchase]:
    """What several items were bought for last, as far as the actor may see."""
    scope = actor.branch_scope
    if not actor.may_at(READ, scope) or scope == NO_BRANCH:
        return {}
    return {row["item_id"]: _last(row) for row in await fetch(LAST, list(item_ids), scope)}


def _last(row: Any) -> LastPurchase:
    """The bill says the price where there is one, else the order; landed cost is of all that was received."""
    received, kept, gone = (to_thousandths(row[name]) for name in ("received_quantity", "kept", "gone_since"))
    if row["billed_minor"] is None:
        goods = cost_per_unit(row["amount_minor"], received)
    else:
        goods = cost_per_unit(row["billed_minor"], kept + gone)
    landed = cost_per_unit(row["landed_minor"], received)
    minor = (goods or Decimal(0)) + (landed or Decimal(0))
    unit_cost = minor.scaleb(-decimals_of(settings.current().currency))
    return LastPurchase(row["item_id"], row["purchase_id"], row["supplier_id"], row["received_at"], unit_cost)


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=clock.now().tzinfo)


def _searched(search: str | None) -> Q:
    wanted = " ".join((search or "").split())[:MAX_SEARCH]
    if not wanted:
        return Q()
    if not wanted.isprintable():
        return Q(pk__in=[])
    found = Q(supplier_name__icontains=wanted)
    if len(wanted) <= MAX_BILL_NUMBER:
        found |= Q(bill_number__iexact=wanted)
    return found | Q(number=wanted.upper()) if len(wanted) <= MAX_NUMBER else found
