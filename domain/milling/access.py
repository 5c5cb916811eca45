"""Who may see which warehouse: staff those of their branch, whoever sees every branch all of them.

A document is of the branch of its warehouse. Items, units, bills of materials, suppliers and customers are the whole mill's.
What lies outside of somebody's branch does not exist for them, and is refused in the same words. A customer who is a
registered user sees the own orders, and nothing else of the mill.
"""

from __future__ import annotations

from typing import Final, TypeVar
from uuid import UUID

from tortoise.expressions import Q
from tortoise.models import Model
from tortoise.queryset import QuerySet

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.reading import RowsWith
from domain.milling.errors import WarehouseClosed, WarehouseNotFound
from domain.milling.models import (
    Customer,
    LandedCost,
    Payment,
    Production,
    Purchase,
    PurchaseReturn,
    Sale,
    SaleReturn,
    StockAlert,
    StockDocument,
    Warehouse,
)

READ: Final = Permission.MILL_READ

M = TypeVar("M", bound=Model)


def seen_by(actor: Actor) -> Q:
    """The condition on rows with a branch; every read of documents, alerts and warehouses starts here."""
    if READ not in actor.staff_permissions:
        return Q(id__isnull=True)
    scope = actor.branch_scope
    return Q() if scope is None else Q(branch_id=scope)


def shown_to(actor: Actor) -> Q | None:
    """The same for who only reads; None when that is no row at all."""
    return seen_by(actor) if READ in actor.staff_permissions else None


def visible(actor: Actor, kind: type[M]) -> QuerySet[M]:
    """The rows of a table with a branch that the actor may see."""
    return kind.filter(seen_by(actor))


def visible_warehouses(actor: Actor) -> QuerySet[Warehouse]:
    return visible(actor, Warehouse)


def visible_purchases(actor: Actor) -> QuerySet[Purchase]:
    return visible(actor, Purchase)


def visible_purchase_returns(actor: Actor) -> QuerySet[PurchaseReturn]:
    return visible(actor, PurchaseReturn)


def visible_landed_costs(actor: Actor) -> QuerySet[LandedCost]:
    return visible(actor, LandedCost)


def visible_productions(actor: Actor) -> QuerySet[Production]:
    return visible(actor, Production)


def visible_sales(actor: Actor) -> QuerySet[Sale]:
    return visible(actor, Sale)


def own_orders(actor: Actor) -> QuerySet[Sale]:
    """What the actor ordered or got as a customer of the mill, whatever the branch. An offer is none of them yet."""
    theirs = RowsWith(Customer, Q(user_id=actor.id))
    return Sale.filter(Q(confirmed_at__isnull=False) | Q(delivered_at__isnull=False), customer_id__in=theirs)


def visible_sale_returns(actor: Actor) -> QuerySet[SaleReturn]:
    return visible(actor, SaleReturn)


def visible_payments(actor: Actor) -> QuerySet[Payment]:
    return visible(actor, Payment)


def visible_alerts(actor: Actor) -> QuerySet[StockAlert]:
    return visible(actor, StockAlert)


def stock_documents_seen_by(actor: Actor, *, both_ends: bool = False) -> Q:
    """The condition on documents about stock. A transfer is seen by those who see either end, or with ``both_ends`` by who
    sees both."""
    if READ not in actor.staff_permissions or actor.branch_scope is None:
        return seen_by(actor)
    theirs = RowsWith(Warehouse, Q(branch_id=actor.branch_scope))
    here, there = Q(branch_id=actor.branch_scope), Q(to_warehouse_id__in=theirs)
    return here & (Q(to_warehouse_id__isnull=True) | there) if both_ends else here | there


def visible_stock_documents(actor: Actor, *, both_ends: bool = False) -> QuerySet[StockDocument]:
    return StockDocument.filter(stock_documents_seen_by(actor, both_ends=both_ends))


async def warehouse_of(
    actor: Actor, warehouse_id: UUID, *, field: tuple[str, ...] = ("input", "warehouseId"), closed: bool = False
) -> Warehouse:
    """A warehouse that the actor may see, or WAREHOUSE_NOT_FOUND; WAREHOUSE_CLOSED unless a closed one will do."""
    warehouse = await visible_warehouses(actor).get_or_none(id=warehouse_id)
    return _open(warehouse, field, closed)


async def locked_warehouse(
    actor: Actor, warehouse_id: UUID, *, field: tuple[str, ...] = ("input", "warehouseId"), closed: bool = False
) -> Warehouse:
    """The same, locked until the end of the unit of work: for who changes the warehouse itself."""
    warehouse = await visible_warehouses(actor).select_for_update(no_key=True).get_or_none(id=warehouse_id)
    return _open(warehouse, field, closed)


def _open(warehouse: Warehouse | None, field: tuple[str, ...], closed: bool) -> Warehouse:
    if warehouse is None:
        raise WarehouseNotFound(field=field)
    if not warehouse.active and not closed:
        raise WarehouseClosed(f"{warehouse.name} is closed", field=field)
    return warehouse


def branch_condition(actor: Actor, branch_id: UUID | None = None) -> UUID | None:
    """The branch that a list is narrowed to: the one asked for within what the actor sees; None is every branch.

    Somebody who sees one branch and asks for another gets a branch without rows: their scope stays as it is.
    """
    scope = actor.branch_scope
    if scope is None or branch_id is None or scope == branch_id:
        return branch_id or scope
    return UUID(int=0)
