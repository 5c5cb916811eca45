"""The dashboard live: it changes after a sale, word of what to read anew comes once in a while, and not at all when live
delivery is off."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from domain.milling import settings
from subscriptions.errors import RealTimeDisabled
from subscriptions.hub import Hub
from tests.subscriptions.listening import CODEC, Listener, broadcasting, until
from tests.support.followers import follow, hub, states, subscription_to
from tests.support.graphql import ask
from tests.support.operations import operation, shown
from tests.support.sales import a_sale, a_shop, flour

__all__ = ["hub"]

pytestmark = pytest.mark.usefixtures("database")

BOARD, REFRESH = (operation(f"milling/{name}") for name in ("MillDashboardUpdated", "DashboardRefresh"))
DASHBOARD = operation("milling/MillDashboard").replace("  asOf\n}", "}")
EVERYTHING = ["INVENTORY", "STOCK", "PRODUCTION", "SALES", "PURCHASES", "WAREHOUSE"]


def revenue(listener: Listener) -> Any:
    return states(listener)[-1]["salesRevenue"]["today"]["revenue"]


async def test_a_subscriber_sees_the_dashboard_change_after_a_sale(hub: Hub) -> None:
    here, there = await a_shop(), await a_shop()
    boss, keeper, stranger = [await follow(hub, who, BOARD) for who in (here.manager, here.storekeeper, there.clerk)]
    assert revenue(boss) == revenue(keeper) == shown("0.00")
    await a_sale(here, flour(here, 10))
    await until(lambda: revenue(boss) == revenue(keeper) == shown("600.00"))
    assert revenue(stranger) == shown("0.00"), "another branch sold nothing"
    live = dict(states(keeper)[-1])
    once = await ask(here.storekeeper, DASHBOARD)
    live.pop("connection"), once.pop("connection")
    assert live == once


async def test_word_of_what_to_read_anew(hub: Hub) -> None:
    """Everything at first; then what a sale changes, of a burst at most once in 250 ms."""
    shop = await a_shop()
    listener = await follow(hub, shop.manager, REFRESH)
    assert states(listener)[0]["modules"] == EVERYTHING
    for _ in range(10):
        await a_sale(shop, flour(shop, 1))
    await until(lambda: told_of(listener) == {"INVENTORY", "STOCK", "SALES", "WAREHOUSE"})
    moments = [datetime.fromisoformat(state["at"]) for state in states(listener)]
    assert all(later - earlier >= timedelta(seconds=0.2) for earlier, later in pairwise(moments))


def told_of(listener: Listener) -> set[str]:
    return {module for state in states(listener)[1:] for module in state["modules"]}


async def test_a_dashboard_is_shown_as_often_as_the_house_says(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = await a_shop()
    assert (await subscription_to(shop.manager, BOARD)).every_seconds == 30
    assert (await subscription_to(shop.manager, BOARD, everySeconds=90)).every_seconds == 90
    assert (await subscription_to(shop.manager, REFRESH)).every_seconds is None
    monkeypatch.setattr(settings, "_settings", settings.MillingSettings(dashboard_refresh=timedelta(seconds=12)))
    assert (await subscription_to(shop.manager, BOARD)).every_seconds == 12


async def test_without_real_time_the_feeds_are_refused_and_the_queries_work(database_url: str, redis_url: str) -> None:
    shop = await a_shop()
    async with broadcasting(redis_url) as broadcast:
        hub = Hub(database_url, broadcast, CODEC, real_time=False)
        await hub.start()
        try:
            listener = Listener(hub, shop.manager)
            for document in (BOARD, REFRESH, operation("milling/SalesUpdated"), operation("milling/StockUpdated")):
                with pytest.raises(RealTimeDisabled):
                    await hub.open(listener, "1", await subscription_to(shop.manager, document))
        finally:
            await hub.stop()
    assert (await ask(shop.manager, DASHBOARD))["salesRevenue"]["today"]["sales"] == 0
