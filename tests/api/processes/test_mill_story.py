"""Wheat becomes flour, is sold, and some of it comes back, over real processes and sockets that die meanwhile.

Whoever sends an act again with its key finds it done once. Feeds resume: each movement is told once, in its order, to those
who may see the warehouse.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.demo import people
from api.demo.mill_things import DEPOT, FLOUR, FLOUR_2, GROWERS, MILLING, PACKING, SHOP, STORE, WHEAT
from api.demo.people import DemoPerson
from tests.api.processes.cast import Somebody, everybody_at_work
from tests.api.processes.installation import PATIENCE_S, Follower, Installation, an_installation, ask
from tests.support.operations import money, operation

STOCK, LOW, BOARD = "StockUpdated", "LowStock", "MillDashboardUpdated"
NOTICES = "notifications/NotificationReceived"
FEEDS = {
    people.STOREKEEPER: [STOCK, LOW, NOTICES],
    people.MILLER: [STOCK, LOW, BOARD, NOTICES],
    people.SECOND_STOREKEEPER: [STOCK],
    people.CLERK: [],
    people.CASHIER: [],
    people.ADMIN: [],
}
PACKETS = "Straight flour 2 kg"
LORRIES = 5
BUYERS = 6


@dataclass
class Mill:
    """The ids of what the story is about, and what of it there was before."""

    ids: dict[str, str]
    before: dict[tuple[str, str], Decimal]

    def __getitem__(self, name: str) -> str:
        return self.ids[name]


@pytest.mark.fault("the server is killed while goods are bought and sold at once")
@pytest.mark.timeout(180)
async def test_wheat_is_bought_and_milled_and_sold_and_nothing_is_lost_or_doubled(told_home: Path) -> None:
    async with an_installation(told_home) as place:
        first, second, _ = await asyncio.gather(place.start_server("one"), place.start_server("two"), place.start_worker())
        async with everybody_at_work(first, "milling", FEEDS) as cast:
            mill = await _look_around(cast)
            bought, sold = await _a_busy_moment_in_which_the_server_dies(place, second, cast, mill)
            await _who_is_warned(cast, mill)
            made = await _mill_while_valkey_is_away(place, cast, mill)
            returned = await _some_of_it_comes_back(cast, mill, sold[0])
            numbers = [document["number"] for document in (*bought, *sold, *made, returned)]
            await _everything_was_told_once(cast, mill, numbers)
            await _kisumu_heard_of_its_own_alone(cast, mill)
            await _all_is_well(place, cast)


async def _look_around(cast: dict[DemoPerson, Somebody]) -> Mill:
    miller = cast[people.MILLER]
    found = await asyncio.gather(
        miller.sees("Items", first=50), miller.sees("Warehouses"), miller.sees("BillsOfMaterials"), miller.sees("Suppliers")
    )
    items, places, recipes, suppliers = (answer["nodes"] for answer in found)
    ids = {row["code"]: row["id"] for row in (*items, *places, *recipes)} | {row["name"]: row["id"] for row in suppliers}
    return Mill(ids, await _on_hand(cast))


async def _on_hand(cast: dict[DemoPerson, Somebody]) -> dict[tuple[str, str], Decimal]:
    levels = await cast[people.MILLER].sees("StockLevels", first=100)
    return {(row["item"]["code"], row["warehouse"]["id"]): Decimal(row["onHand"]) for row in levels["nodes"]}


async def _a_busy_moment_in_which_the_server_dies(
    place: Installation, other: str, cast: dict[DemoPerson, Somebody], mill: Mill
) -> tuple[list[Any], list[Any]]:
    """Five lorries bring wheat while six buyers want all packets of the shop; the server is killed when the first is served.

    Everybody asks again with their key, at the other server.
    """
    keeper, clerk = cast[people.STOREKEEPER], cast[people.CLERK]
    each, rest = divmod(mill.before[FLOUR_2, mill[SHOP]], BUYERS)

    async def receive(lorry: int) -> Any:
        line = {"itemId": mill[WHEAT], "quantity": "400", "unitPrice": money("45.50", "KES")}
        said = {"supplierId": mill[GROWERS], "warehouseId": mill[STORE], "lines": [line], "reference": f"Lorry {lorry}"}
        return (await keeper.does("CreatePurchase", **said, idempotencyKey=f"lorry {lorry}"))["purchase"]

    def wanted(buyer: int) -> dict[str, Any]:
        line = {"itemId": mill[FLOUR_2], "quantity": str(each + rest if buyer == 0 else each)}
        return {"warehouseId": mill[SHOP], "lines": [line], "idempotencyKey": f"buyer {buyer}"}

    async def sell(buyer: int) -> Any:
        return (await clerk.does("CreateSale", **wanted(buyer)))["sale"]

    acts = [partial(receive, lorry) for lorry in range(LORRIES)] + [partial(sell, buyer) for buyer in range(BUYERS)]
    asking = [asyncio.create_task(_insist(act)) for act in acts]
    await asyncio.wait(asking, return_when=asyncio.FIRST_COMPLETED)
    await place.kill("one")
    for somebody in cast.values():
        somebody.move_to(other)
    async with asyncio.timeout(PATIENCE_S):
        answers = await asyncio.gather(*asking)
    assert (await receive(0))["id"] == answers[0]["id"], "asked once more, it is the same purchase"
    refused = (await _answer(clerk, "CreateSale", **wanted(BUYERS)))["errors"]
    assert [error["code"] for error in refused] == ["INSUFFICIENT_STOCK"]
    there = await _on_hand(cast)
    assert there[WHEAT, mill[STORE]] == mill.before[WHEAT, mill[STORE]] + 400 * LORRIES
    assert there[FLOUR_2, mill[SHOP]] == 0
    return answers[:LORRIES], answers[LORRIES:]


async def _who_is_warned(cast: dict[DemoPerson, Somebody], mill: Mill) -> None:
    """Once for each crossing: there is enough wheat again; packets ran low, and then out."""
    for person in (people.STOREKEEPER, people.MILLER):
        feed = cast[person].feeds[LOW]
        await _until(partial(_has_alerts, feed, 4))
        assert Counter(_alerts(feed.items)) == Counter(
            [
                ("StockAlertResolved", "LOW_STOCK", mill[WHEAT]),
                ("StockAlertRaised", "LOW_STOCK", mill[FLOUR_2]),
                ("StockAlertResolved", "LOW_STOCK", mill[FLOUR_2]),
                ("StockAlertRaised", "OUT_OF_STOCK", mill[FLOUR_2]),
            ]
        )
        for kind in ("LOW_STOCK", "OUT_OF_STOCK"):
            await cast[person].hears(NOTICES, partial(_is_told, kind))


async def _mill_while_valkey_is_away(place: Installation, cast: dict[DemoPerson, Somebody], mill: Mill) -> list[Any]:
    keeper = cast[people.STOREKEEPER]
    away = asyncio.create_task(place.lose_redis_for(1.0))
    made = []
    for recipe, quantity in ((MILLING, "1500"), (PACKING[FLOUR_2], "200")):
        said = {"bomId": mill[recipe], "quantity": quantity, "warehouseId": mill[STORE], "upTo": "COMPLETED"}
        answer = await keeper.does("CreateProduction", **said, idempotencyKey=f"run of {recipe}")
        assert answer["production"]["status"] == "COMPLETED"
        made.append(answer["production"])
    assert not away.done(), "it was done without Valkey"
    await away
    there = await _on_hand(cast)
    assert there[FLOUR, mill[STORE]] == mill.before[FLOUR, mill[STORE]] + 1500 - 400
    assert there[FLOUR_2, mill[STORE]] == mill.before[FLOUR_2, mill[STORE]] + 200
    milled = cast[people.MILLER].feeds[BOARD]
    await _until(lambda: milled.items[-1]["state"]["production"]["today"]["completed"] == 2)
    return made


async def _some_of_it_comes_back(cast: dict[DemoPerson, Somebody], mill: Mill, sale: Any) -> Any:
    """The cashier has the money; the clerk takes half of it back and sets it off, and the cashier gives the money back."""
    clerk, cashier = cast[people.CLERK], cast[people.CASHIER]
    paid = await cashier.does(
        "RecordSalePayment", saleId=sale["id"], payment={"method": "CASH"}, idempotencyKey="the first buyer pays"
    )
    assert paid["sale"]["status"] == "PAID"
    [line] = sale["lines"]
    back = [{"lineId": line["id"], "quantity": "2"}]
    said = {"saleId": sale["id"], "lines": back, "reason": "A torn packet", "idempotencyKey": "torn"}
    returned = await clerk.does("CreateSaleReturn", **said)
    assert returned["sale"]["status"] == "PART_RETURNED"
    assert (await clerk.does("CreateSaleReturn", **said))["replayed"] is True
    refund = await cashier.does("RefundSale", saleId=sale["id"], payment={"method": "CASH"}, idempotencyKey="money back")
    assert refund["payment"]["amount"] == returned["saleReturn"]["amount"]
    assert (await _on_hand(cast))[FLOUR_2, mill[SHOP]] == 2
    return returned["saleReturn"]


async def _everything_was_told_once(cast: dict[DemoPerson, Somebody], mill: Mill, numbers: list[str]) -> None:
    """The feeds of stock add up to what is there, document by document, whatever died meanwhile."""
    there = await _on_hand(cast)
    for person in (people.MILLER, people.STOREKEEPER):
        feed = cast[person].feeds[STOCK]
        await _until(partial(_has_documents, feed, set(numbers)))
        assert _documents(feed.items) == Counter(numbers), "each document once"
        assert feed.cuts, "it was cut off, and came back"
        moved: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        last: dict[tuple[str, str], Decimal] = {}
        for item in feed.items:
            for movement in item["movements"]:
                key = (movement["itemId"], movement["warehouseId"])
                moved[key] += Decimal(movement["quantity"])
                last[key] = Decimal(movement["onHand"])
        codes = {item_id: code for code, item_id in mill.ids.items()}
        for (item_id, warehouse_id), quantity in moved.items():
            key = (codes[item_id], warehouse_id)
            assert there[key] == mill.before.get(key, Decimal(0)) + quantity == last[item_id, warehouse_id]


def _has_alerts(feed: Follower, many: int) -> bool:
    return len(_alerts(feed.items)) >= many


def _has_documents(feed: Follower, numbers: set[str]) -> bool:
    return _documents(feed.items).keys() >= numbers


def _is_told(kind: str, item: dict[str, Any]) -> bool:
    return item.get("type") == kind and PACKETS in item["body"]


def _documents(items: Sequence[dict[str, Any]]) -> Counter[str]:
    return Counter(item["document"]["number"] for item in items if item["__typename"] == "StockMoved")


async def _kisumu_heard_of_its_own_alone(cast: dict[DemoPerson, Somebody], mill: Mill) -> None:
    """What is counted in Kisumu is heard there next, so it was listening all the time; and Nairobi's goods are not its."""
    kisumu = cast[people.SECOND_STOREKEEPER]
    stranger = {"warehouseId": mill[STORE], "lines": [{"itemId": mill[WHEAT], "quantity": "1"}]}
    assert [e["code"] for e in (await _answer(kisumu, "IssueStock", **stranger))["errors"]] == ["WAREHOUSE_NOT_FOUND"]
    found = [{"itemId": mill[FLOUR_2], "quantity": "299"}]
    counted = await kisumu.does("CountStock", warehouseId=mill[DEPOT], lines=found, idempotencyKey="count")
    heard = await kisumu.hears(STOCK)
    assert heard["document"]["number"] == counted["stockDocument"]["number"]
    assert len(kisumu.feeds[STOCK].items) == 1


async def _all_is_well(place: Installation, cast: dict[DemoPerson, Somebody]) -> None:
    report = await cast[people.ADMIN].sees("core/IntegrityReport")
    assert (report["holds"], report["broken"]) == (True, [])
    assert await place.stop("worker") == 0
    code, said = await place.daftari("verify-ledger")
    assert code == 0, said


async def _insist(act: Callable[[], Awaitable[Any]]) -> Any:
    while True:
        with suppress(httpx.HTTPError):
            return await act()
        await asyncio.sleep(0.1)


async def _answer(somebody: Somebody, name: str, **variables: Any) -> Any:
    """What an act is answered, with its refusals."""
    document = operation(f"milling/{name}")
    [value] = (await ask(somebody.http, document, input=variables)).values()
    return value


async def _until(look: Callable[[], object]) -> None:
    """Look again and again: others fill it."""
    async with asyncio.timeout(PATIENCE_S):
        while not look():  # noqa: ASYNC110
            await asyncio.sleep(0.05)


def _alerts(items: Sequence[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [(item["__typename"], item["alert"]["kind"], item["alert"]["itemId"]) for item in items]
