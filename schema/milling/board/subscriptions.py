"""The mill at a glance, live: the dashboard itself, or only word of which of its modules have changed.

Both are states, which are shown at most once in 250 ms to each client. What moves, and what it does to the books, is told
by feeds of events, where nothing is left out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import strawberry

from domain.events.event import Event, LoggedEvent
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.milling import dashboards, events, settings
from domain.milling.dashboards import MillDashboard as Board
from domain.milling.dashboards import MillModule
from domain.milling.events import MILL, mill_topic
from domain.notifications.events import NotificationCreated, NotificationsExpired, NotificationsRead
from schema.kit import state_feed
from schema.milling.board.queries import OfBranch, read_branch
from schema.milling.board.types import DashboardRefresh, MillDashboard

_M = MillModule

CHANGES: Final[Mapping[type[Event], frozenset[MillModule]]] = {
    events.ItemChanged: frozenset({_M.INVENTORY}),
    events.WarehouseChanged: frozenset({_M.WAREHOUSE}),
    events.StockMoved: frozenset({_M.INVENTORY, _M.STOCK, _M.WAREHOUSE}),
    # What goods are worth is also what sales and productions have cost.
    events.StockRevalued: frozenset({_M.INVENTORY, _M.STOCK, _M.PRODUCTION, _M.SALES, _M.WAREHOUSE}),
    events.StockReserved: frozenset({_M.INVENTORY}),
    events.ProductionChanged: frozenset({_M.PRODUCTION}),
    events.SaleChanged: frozenset({_M.SALES}),
    events.PurchaseChanged: frozenset({_M.PURCHASES}),
    events.AlertRaised: frozenset({_M.INVENTORY, _M.WAREHOUSE}),
    events.AlertAcknowledged: frozenset({_M.INVENTORY, _M.WAREHOUSE}),
    events.AlertResolved: frozenset({_M.INVENTORY, _M.WAREHOUSE}),
}
"""Which modules' parts of a dashboard an event changes."""

_BY_NAME: Final = {kind.name: modules for kind, modules in CHANGES.items()}


@dataclass(frozen=True, slots=True)
class Refresh:
    modules: list[MillModule]
    at: datetime


async def _dashboard(actor: Actor, branch_id: str | None = None) -> Board:
    return await dashboards.mill_dashboard(actor, read_branch(branch_id))


async def _refresh(actor: Actor, branch_id: str | None = None, changed: Collection[MillModule] | None = None) -> Refresh:
    return Refresh([module for module in MillModule if changed is None or module in changed], clock.now())


def _changes(logged: LoggedEvent) -> Collection[MillModule]:
    return _BY_NAME[logged.name]


def _as_often_as_usual() -> int:
    return max(1, round(settings.current().dashboard_refresh.total_seconds()))


async def _seen(actor: Actor, branch_id: str | None) -> str:
    """The topic of what happens in the part of the mill that is looked at."""
    scope = await dashboards.seen_branch(actor, read_branch(branch_id))
    return MILL if scope is None else mill_topic(scope)


@strawberry.type
class Subscription:
    @state_feed(
        "The mill at a glance, anew when something of it changes, and now and then when nothing does: every 30 seconds "
        "unless the house or `everySeconds` says otherwise.",
        requires=Permission.MILL_READ,
        state=_dashboard,
        shows=MillDashboard,
        on=[*CHANGES, NotificationCreated, NotificationsRead, NotificationsExpired],
        every_seconds=_as_often_as_usual,
    )
    async def mill_dashboard_updated(actor: Actor, branch_id: OfBranch = None) -> list[str]:
        return [await _seen(actor, branch_id), f"notifications:{actor.id}"]

    @state_feed(
        "Which modules of the mill have changed, so that a client reads anew only what it shows of them.",
        requires=Permission.MILL_READ,
        state=_refresh,
        shows=DashboardRefresh,
        on=list(CHANGES),
        changes=_changes,
    )
    async def dashboard_refresh(actor: Actor, branch_id: OfBranch = None) -> list[str]:
        return [await _seen(actor, branch_id)]
