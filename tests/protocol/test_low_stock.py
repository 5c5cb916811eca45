"""The last bag is sold: the storekeeper's screen says so by itself, over a whole server, and nobody else's does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from itertools import count
from typing import Any

import httpx
import pytest_asyncio

from domain.events.listeners import catch_up
from domain.identity.models import Branch
from domain.identity.permissions import Role
from domain.milling.models import Item, Warehouse
from domain.notifications.handlers import notifier
from subscriptions.relay import Relay
from tests.protocol.clients import Following, python_gql
from tests.support.graphql import encode_id
from tests.support.milling import a_warehouse, an_item, stocked
from tests.support.operations import money, operation
from tests.support.people import a_branch, a_user, signed_in
from tests.support.servers import settings_for_tests
from tests.support.whole_server import a_server

_keys = count(1)


@pytest_asyncio.fixture
async def address(relay: Relay, database_url: str, redis_url: str) -> AsyncIterator[str]:
    """A server with all that production has."""
    async with a_server(settings_for_tests(database_url=database_url, redis_url=redis_url)) as address:
        yield address


async def a_token(role: Role, branch: Branch) -> str:
    return (await signed_in(await a_user(role, name=role.value.title(), branch_id=branch.id))).access_token


async def does(address: str, token: str, name: str, **said: Any) -> Any:
    """The payload of a mutation over HTTP."""
    body = {"query": operation(f"milling/{name}"), "variables": {"input": said | {"idempotencyKey": f"key {next(_keys)}"}}}
    async with httpx.AsyncClient(base_url=address, headers={"authorization": f"Bearer {token}"}) as http:
        answer = (await http.post("/graphql", json=body)).json()
    [payload] = answer["data"].values()
    assert payload["errors"] == [], payload
    return payload


async def opened(following: Following) -> Following:
    assert (await following.next())[1]["__typename"] == "Ready"
    return following


def a_line(item: Item, quantity: int, **more: Any) -> dict[str, Any]:
    return {"itemId": encode_id("Item", item.id), "quantity": str(quantity)} | more


async def next_alert(following: Following) -> tuple[str, str, str, str]:
    """What the next item says: what became of which alert, of what and how much is left."""
    _, item = await following.next()
    told = item["alert"]
    return item["__typename"], told["kind"], told["itemName"], told["onHand"]


async def test_low_stock_is_on_the_storekeepers_screen(address: str) -> None:
    here, there = await a_branch(), await a_branch()
    store: Warehouse = await a_warehouse("Main store", branch_id=here.id)
    flour = await an_item("Maize flour", reorder_level=Decimal(10), sale_price_minor=60_00)
    await stocked(flour, store, 15)
    keeper, clerk, stranger = [
        await a_token(role, branch)
        for role, branch in ((Role.STOREKEEPER, here), (Role.SALES_CLERK, here), (Role.STOREKEEPER, there))
    ]
    place = {"warehouseId": encode_id("Warehouse", store.id)}
    low_stock, every_alert = operation("milling/LowStock"), operation("milling/StockAlert")
    notices = operation("notifications/NotificationReceived")
    async with (
        python_gql(address, keeper, low_stock) as lows,
        python_gql(address, keeper, every_alert) as alerts,
        python_gql(address, keeper, notices) as told,
        python_gql(address, stranger, low_stock) as elsewhere,
    ):
        for feed in (lows, alerts, told, elsewhere):
            await opened(feed)
        price = {"unitPrice": money("60.00")}
        await does(address, clerk, "CreateSale", **place, customerName="Walk-in", lines=[a_line(flour, 6, **price)])
        for feed in (lows, alerts):
            assert await next_alert(feed) == ("StockAlertRaised", "LOW_STOCK", "Maize flour", "9")
        await does(address, keeper, "IssueStock", **place, reason="Spilt", lines=[a_line(flour, 9)])
        for feed in (lows, alerts):
            assert await next_alert(feed) == ("StockAlertResolved", "LOW_STOCK", "Maize flour", "9")
            assert await next_alert(feed) == ("StockAlertRaised", "OUT_OF_STOCK", "Maize flour", "0")
        await catch_up(notifier)
        types = [(await told.next())[1]["type"] for _ in range(3)]
        assert sorted(types) == ["LOW_STOCK", "OUT_OF_STOCK", "SALE_COMPLETED"]
        other = await a_warehouse(branch_id=there.id)
        await stocked(flour, other, 5)
        assert await next_alert(elsewhere) == ("StockAlertRaised", "LOW_STOCK", "Maize flour", "5"), "its own, and no other"
