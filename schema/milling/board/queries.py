"""Reading the mill at a glance, and what will be wanted of an item."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import strawberry

from domain.identity.permissions import Permission
from domain.milling import dashboards, demand
from domain.milling.dashboards import MillModule
from schema.kit import ID, Info, argument, query, read_id
from schema.milling.board.types import DemandForecast, MillDashboard, MillModuleDashboard

DASHBOARD_COST = 30
MODULE_COST = 10

OfBranch = Annotated[
    ID | None, argument("Only this branch; otherwise the viewer's own, or every branch for those who see them all.")
]


@strawberry.type
class Query:
    @query(
        MillDashboard,
        "The mill at a glance: its inventory, what moves, what is milled, sold and bought, its warehouses and alerts, and "
        "what happened last.",
        requires=Permission.MILL_READ,
        cost=DASHBOARD_COST,
    )
    async def mill_dashboard(self, info: Info, branch_id: OfBranch = None) -> object:
        return await dashboards.mill_dashboard(info.context.actor, read_branch(branch_id))

    @query(
        MillModuleDashboard,
        "One module's part of the mill's dashboard, which is all that is read.",
        requires=Permission.MILL_READ,
        cost=MODULE_COST,
    )
    async def dashboard_module(
        self, info: Info, module: Annotated[MillModule, argument("Which one.")], branch_id: OfBranch = None
    ) -> object:
        return await dashboards.dashboard_module(info.context.actor, module, read_branch(branch_id))

    @query(
        DemandForecast,
        "What will be wanted of an item in the days to come, forecast from what was sold and milled of it in the last 90 "
        "days by a moving average or by exponential smoothing.",
        requires=Permission.MILL_READ,
        cost=MODULE_COST,
    )
    async def demand_forecast(
        self,
        info: Info,
        item_id: Annotated[ID, argument("The item.")],
        warehouse_id: Annotated[ID | None, argument("Only there; otherwise all that the viewer sees.")] = None,
        horizon_days: Annotated[int, argument(f"For how many days, 1 to {demand.MAX_HORIZON_DAYS}.")] = demand.HORIZON_DAYS,
    ) -> object:
        return await demand.demand_forecast(
            info.context.actor,
            item_id=read_id("Item", item_id, "itemId"),
            warehouse_id=None if warehouse_id is None else read_id("Warehouse", warehouse_id, "warehouseId"),
            horizon_days=horizon_days,
        )


def read_branch(branch_id: str | None) -> UUID | None:
    return None if branch_id is None else read_id("Branch", branch_id, "branchId")
