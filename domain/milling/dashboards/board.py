"""The whole dashboard, and its modules one by one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import partial
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.errors import BranchNotFound
from domain.identity.models import Branch
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.milling import settings
from domain.milling.dashboards.activities import Activity, recent_activities
from domain.milling.dashboards.milling import OF_PRODUCTION, ProductionBoard, production
from domain.milling.dashboards.stock import (
    AlertBoard,
    FlowBoard,
    InventoryBoard,
    WarehouseBoard,
    alerts,
    bins_of,
    flows,
    inventory,
    warehouses,
)
from domain.milling.dashboards.trade import OF_PURCHASES, OF_SALES, PurchaseBoard, SalesBoard, purchases, sales
from domain.milling.days import MOVEMENTS, DaySums


class MillModule(StrEnum):
    """A part of the mill that has a dashboard."""

    INVENTORY = "INVENTORY"
    STOCK = "STOCK"
    PRODUCTION = "PRODUCTION"
    SALES = "SALES"
    PURCHASES = "PURCHASES"
    WAREHOUSE = "WAREHOUSE"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    branch_id: UUID | None
    currency: str
    as_of: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MillDashboard(_Parts):
    """Everything."""

    inventory: InventoryBoard
    stock_movements: FlowBoard
    production: ProductionBoard
    sales_revenue: SalesBoard
    purchases: PurchaseBoard
    warehouses: WarehouseBoard
    notifications: AlertBoard
    recent_activities: list[Activity]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleBoard(_Parts):
    """One module's part of the dashboard; the others are None."""

    module: MillModule
    inventory: InventoryBoard | None = None
    stock_movements: FlowBoard | None = None
    production: ProductionBoard | None = None
    sales_revenue: SalesBoard | None = None
    purchases: PurchaseBoard | None = None
    warehouses: WarehouseBoard | None = None


async def mill_dashboard(actor: Actor, branch_id: UUID | None = None) -> MillDashboard:
    """What the actor sees of the mill; of one branch when it is asked for (BRANCH_NOT_FOUND when it is not theirs)."""
    scope, today, currency = await seen_branch(actor, branch_id), clock.today(), settings.current().currency
    bins = await bins_of(scope)
    sums = await DaySums.read(scope, today, currency, measures={*MOVEMENTS, *OF_PRODUCTION, *OF_SALES, *OF_PURCHASES})
    return MillDashboard(
        branch_id=scope,
        currency=currency,
        as_of=today,
        inventory=await inventory(scope, bins, currency),
        stock_movements=flows(sums),
        production=await production(scope, sums),
        sales_revenue=await sales(scope, sums),
        purchases=await purchases(scope, sums),
        warehouses=await warehouses(scope, bins, currency),
        notifications=await alerts(scope),
        recent_activities=await recent_activities(scope, currency),
    )


async def dashboard_module(actor: Actor, module: MillModule, branch_id: UUID | None = None) -> ModuleBoard:
    """One module's part of the same, which is all that is read."""
    scope, today, currency = await seen_branch(actor, branch_id), clock.today(), settings.current().currency
    board = partial(ModuleBoard, module=module, branch_id=scope, currency=currency, as_of=today)
    match module:
        case MillModule.INVENTORY:
            return board(inventory=await inventory(scope, await bins_of(scope), currency))
        case MillModule.STOCK:
            return board(stock_movements=flows(await DaySums.read(scope, today, currency, measures=MOVEMENTS)))
        case MillModule.PRODUCTION:
            return board(
                production=await production(scope, await DaySums.read(scope, today, currency, measures=OF_PRODUCTION))
            )
        case MillModule.SALES:
            return board(sales_revenue=await sales(scope, await DaySums.read(scope, today, currency, measures=OF_SALES)))
        case MillModule.PURCHASES:
            return board(purchases=await purchases(scope, await DaySums.read(scope, today, currency, measures=OF_PURCHASES)))
        case MillModule.WAREHOUSE:
            return board(warehouses=await warehouses(scope, await bins_of(scope), currency))


async def seen_branch(actor: Actor, branch_id: UUID | None) -> UUID | None:
    """The branch whose figures the actor sees: their own, the one asked for, or None for every branch."""
    actor.require(Permission.MILL_READ)
    scope = actor.branch_scope
    if branch_id is None:
        return scope
    if not actor.sees_branch(branch_id) or not await Branch.exists(id=branch_id):
        raise BranchNotFound("there is no such branch", field=("branchId",))
    return branch_id
