"""Alerts in the API: raised once for a crossing, told to the branch alone, noted by storekeepers."""

from __future__ import annotations

from typing import Any

import pytest

from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.kit.ids import new_id
from domain.milling.models import Item, Warehouse
from tests.support.catalogue import Crew, a_crew, op
from tests.support.graphql import ask, ask_refused, do, do_refused, encode_id, feed_refused, heard, refused_to_strangers
from tests.support.happenings import nothing_happens
from tests.support.milling import a_warehouse, an_item, issue, receive, stocked
from tests.support.people import somebody

pytestmark = pytest.mark.usefixtures("database")

ALERTS, NOTE, LEVEL = op("StockAlerts"), op("AcknowledgeAlert"), op("SetReorderLevel")
FEED, LOW = op("StockAlert"), op("LowStock")


async def a_store(crew: Crew, **changes: Any) -> tuple[Item, Warehouse]:
    """20 kg of bran in a warehouse of the crew's branch; from 10 kg on it is low."""
    place = await a_warehouse("Main store", branch_id=crew.branch.id, **changes)
    item = await an_item("Bran", reorder_level=10)
    await stocked(item, place, 20)
    return item, place


async def alerts(actor: Actor, **wanted: Any) -> list[Any]:
    found: list[Any] = (await ask(actor, ALERTS, filter=wanted))["nodes"]
    return found


async def told(actor: Actor, feed: str = FEED, **about: Any) -> list[tuple[str, str]]:
    items = await heard(actor, feed, **about)
    return [(item["__typename"].removeprefix("StockAlert"), item["alert"]["kind"]) for item in items]


async def test_an_alert_is_raised_read_noted_and_resolved() -> None:
    crew = await a_crew()
    await refused_to_strangers(ALERTS)
    await refused_to_strangers(NOTE, input={"alertIds": ["x"]})
    assert await alerts(crew.keeper) == []
    item, place = await a_store(crew)
    await issue(item, place, 12)
    [alert] = await alerts(crew.keeper, states=["OPEN"])
    assert (alert["kind"], alert["priority"], alert["onHand"], alert["threshold"]) == ("LOW_STOCK", "HIGH", "8", "10")
    assert (alert["item"]["name"], alert["warehouse"]["name"], alert["acknowledgedBy"]) == ("Bran", "Main store", None)
    about = {"alertIds": [alert["id"]], "comment": "Ordered from Eldoret"}
    [noted] = (await do(crew.keeper, NOTE, input=about))["alerts"]
    assert (noted["state"], noted["comment"]) == ("ACKNOWLEDGED", "Ordered from Eldoret")
    async with nothing_happens():
        assert (await do(crew.manager, NOTE, input=about | {"comment": "I, too"}))["alerts"] == [noted]
    await issue(item, place, 8)
    await receive(item, place, 100, 100)
    assert await do_refused(crew.keeper, NOTE, input=about) == ("ALERT_OVER", ["input", "alertIds", "0"])
    assert [each["state"] for each in await alerts(crew.keeper)] == ["RESOLVED", "RESOLVED"]
    story = [
        ("Raised", "LOW_STOCK"),
        ("Acknowledged", "LOW_STOCK"),
        ("Resolved", "LOW_STOCK"),
        ("Raised", "OUT_OF_STOCK"),
        ("Resolved", "OUT_OF_STOCK"),
    ]
    for viewer in (crew.keeper, crew.clerk, crew.manager):
        for feed in (FEED, LOW):
            assert await told(viewer, feed) == story
            assert await told(viewer, feed, warehouseId=encode_id("Warehouse", place.id)) == story


async def test_a_full_warehouse_is_no_low_stock() -> None:
    crew = await a_crew()
    item, place = await a_store(crew, capacity_kg=100)
    await receive(item, place, 75, 100)
    assert await told(crew.keeper) == [("Raised", "WAREHOUSE_CAPACITY")]
    assert await told(crew.keeper, LOW) == []
    [alert] = await alerts(crew.keeper, kinds=["WAREHOUSE_CAPACITY"], priorities=["HIGH"])
    assert (alert["item"], alert["usedPercent"], alert["onHand"], alert["threshold"]) == (None, "95.00", "95", "100")
    [live] = await heard(crew.keeper, FEED)
    assert (live["alert"]["itemName"], live["alert"]["warehouseName"]) == (None, "Main store")


async def test_whose_alerts() -> None:
    crew, stranger = await a_crew(), await a_crew()
    item, place = await a_store(crew)
    await issue(item, place, 20)
    [alert] = await alerts(crew.keeper)
    about, here = {"alertIds": [alert["id"]]}, {"warehouseId": encode_id("Warehouse", place.id)}
    assert await alerts(stranger.keeper) == await alerts(stranger.keeper, **here) == []
    for feed in (FEED, LOW):
        assert await told(stranger.keeper, feed) == []
        assert await feed_refused(stranger.keeper, feed, **here) == "WAREHOUSE_NOT_FOUND"
        assert await feed_refused(somebody(Role.BORROWER, name="Beatrice"), feed) == "FORBIDDEN"
    assert await do_refused(stranger.keeper, NOTE, input=about) == ("ALERT_NOT_FOUND", ["input", "alertIds", "0"])
    assert await ask_refused(crew.clerk, NOTE, input=about) == "FORBIDDEN"
    unknown = {"alertIds": [alert["id"], encode_id("StockAlert", new_id())]}
    assert await do_refused(crew.keeper, NOTE, input=unknown) == ("ALERT_NOT_FOUND", ["input", "alertIds", "1"])
    other_kind = {"alertIds": [encode_id("Item", item.id)]}
    assert await do_refused(crew.keeper, NOTE, input=other_kind) == ("NOT_FOUND", ["input", "alertIds", "0"])
    for wrong in ({"alertIds": []}, {"alertIds": [alert["id"]] * 101}, about | {"comment": "x" * 501}):
        assert (await do_refused(crew.keeper, NOTE, input=wrong))[0] == "INVALID_INPUT"


async def test_levels_are_set() -> None:
    crew, stranger = await a_crew(), await a_crew()
    item, place = await a_store(crew)
    about = {"itemId": encode_id("Item", item.id)}
    here = about | {"warehouseId": encode_id("Warehouse", place.id)}
    await refused_to_strangers(LEVEL, input=about | {"level": "1"})
    assert await ask_refused(crew.keeper, LEVEL, input=about | {"level": "1"}) == "FORBIDDEN"
    everywhere = await do(crew.manager, LEVEL, input=about | {"level": "20"})
    assert (everywhere["item"]["reorderLevel"], everywhere["stockLevel"]) == ("20", None)
    only_here = await do(crew.manager, LEVEL, input=here | {"level": "5.5"})
    assert (only_here["stockLevel"]["reorderLevel"], only_here["stockLevel"]["status"]) == ("5.5", "OK")
    again = await do(crew.manager, LEVEL, input=here | {"level": None})
    assert (again["stockLevel"]["reorderLevel"], again["stockLevel"]["status"]) == ("20", "LOW")
    assert await told(crew.keeper) == [("Raised", "LOW_STOCK"), ("Resolved", "LOW_STOCK"), ("Raised", "LOW_STOCK")]
    assert await told(stranger.keeper) == []
    for said, field in (({"level": None}, "level"), ({"level": "-1"}, "level"), ({"level": "0.0001"}, "level")):
        assert await do_refused(crew.manager, LEVEL, input=about | said) == ("INVALID_INPUT", ["input", field])
    nowhere = about | {"warehouseId": encode_id("Warehouse", new_id()), "level": "1"}
    assert await do_refused(crew.manager, LEVEL, input=nowhere) == ("WAREHOUSE_NOT_FOUND", ["input", "warehouseId"])
