"""The mill at a glance: its inventory, what moves, what is milled, sold and bought, its warehouses and alerts.

Figures come out of bins and of the sums by day (:mod:`domain.milling.days`); lists are short, and the long ones are queries
of their own. Somebody of a branch sees the warehouses and documents of that branch, whoever sees every branch all of them,
or the branch that they ask for.
"""

from domain.milling.dashboards.activities import Activity, ActivityKind
from domain.milling.dashboards.board import (
    MillDashboard,
    MillModule,
    ModuleBoard,
    dashboard_module,
    mill_dashboard,
    seen_branch,
)

__all__ = [
    "Activity",
    "ActivityKind",
    "MillDashboard",
    "MillModule",
    "ModuleBoard",
    "dashboard_module",
    "mill_dashboard",
    "seen_branch",
]
