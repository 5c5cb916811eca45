"""Bills of materials through the API: who writes them, what they say, bad input, and what their feed tells."""

from __future__ import annotations

from typing import Any

import pytest

from domain.identity.permissions import Role
from domain.kit.ids import new_id
from domain.milling.models import Item
from tests.support.graphql import ask, ask_refused, do, do_refused, encode_id, feed_refused, heard, refused_to_strangers
from tests.support.milled import Mill, a_clerk, a_mill, a_stranger
from tests.support.operations import money, operation, shown
from tests.support.people import somebody

pytestmark = pytest.mark.usefixtures("database")


def op(name: str) -> str:
    return operation(f"milling/{name}")


CREATE, UPDATE, ONE, ALL = (
    op("CreateBillOfMaterials"),
    op("UpdateBillOfMaterials"),
    op("BillOfMaterials"),
    op("BillsOfMaterials"),
)
FEED = op("BillOfMaterialsUpdated")


def of(item: Item) -> str:
    return encode_id("Item", item.id)


def a_bill(mill: Mill, **changes: Any) -> dict[str, Any]:
    stated: dict[str, Any] = {
        "code": "STRAIGHT",
        "name": "Straight flour",
        "itemId": of(mill.flour),
        "quantity": "72",
        "inputs": [{"itemId": of(mill.wheat), "quantity": "100"}],
        "byProducts": [
            {"itemId": of(mill.bran), "quantity": "20", "costPerUnit": money("8.00")},
            {"itemId": of(mill.shorts), "quantity": "7", "sharePercent": "5.5"},
        ],
        "overhead": money("360.00"),
    }
    return stated | changes


async def test_a_bill_is_written_down_read_and_changed() -> None:
    mill = await a_mill(wheat=0)
    for document in (CREATE, UPDATE):
        await refused_to_strangers(document, input=a_bill(mill) if document is CREATE else {"bomId": "x"})
    await refused_to_strangers(ALL)
    assert (await ask(mill.keeper, ALL))["nodes"] == []
    made = (await do(mill.manager, CREATE, input=a_bill(mill)))["billOfMaterials"]
    assert (made["code"], made["outputQuantity"], made["overhead"]) == ("STRAIGHT", "72", shown("360.00"))
    assert [(line["role"], line["baseQuantity"], line["costPerUnit"], line["sharePercent"]) for line in made["lines"]] == [
        ("INPUT", "100", None, None),
        ("BY_PRODUCT", "20", shown("8.00"), None),
        ("BY_PRODUCT", "7", None, "5.50"),
    ]
    for viewer in (mill.keeper, mill.manager, a_clerk(mill.branch), await a_stranger()):
        read = await ask(viewer, ONE, id=made["id"])
        assert {name: read[name] for name in made} == made, "bills of materials are the whole mill's"
        assert [node["item"]["name"] for node in (await ask(viewer, ALL))["nodes"]] == ["Straight flour"]
    about = {"bomId": made["id"], "expectedVersion": 1}
    said = about | {"byProducts": [], "overhead": money("0.00"), "note": "Hard wheat"}
    changed = (await do(mill.manager, UPDATE, input=said))["billOfMaterials"]
    assert (changed["version"], len(changed["lines"]), changed["overhead"]) == (2, 1, shown("0.00"))
    assert (await do_refused(mill.manager, UPDATE, input=said))[1] == ["input", "expectedVersion"]
    await do(mill.manager, UPDATE, input={"bomId": made["id"], "active": False})
    assert (await ask(mill.keeper, ALL))["nodes"] == []
    assert len((await ask(mill.keeper, ALL, active=None, itemId=of(mill.flour)))["nodes"]) == 1
    told = await heard(await a_stranger(), FEED)
    assert [(each["change"], each["billOfMaterials"]["version"]) for each in told] == [
        ("CREATED", 1),
        ("EDITED", 2),
        ("DEACTIVATED", 3),
    ]
    assert await feed_refused(somebody(Role.SELLER, name="Sita"), FEED) == "FORBIDDEN"


async def test_who_may_and_what_is_refused() -> None:
    mill = await a_mill(wheat=0)
    for other in (mill.keeper, a_clerk(mill.branch), somebody(Role.BORROWER, name="Beatrice")):
        assert await ask_refused(other, CREATE, input=a_bill(mill)) == "FORBIDDEN"
        assert await ask_refused(other, UPDATE, input={"bomId": encode_id("BillOfMaterials", new_id())}) == "FORBIDDEN"
    missing = ("BOM_NOT_FOUND", ["input", "bomId"])
    assert await do_refused(mill.manager, UPDATE, input={"bomId": encode_id("BillOfMaterials", new_id())}) == missing
    await do(mill.manager, CREATE, input=a_bill(mill))
    wrong: list[tuple[dict[str, Any], str, str]] = [
        ({}, "BOM_TAKEN", "code"),
        ({"code": "!"}, "INVALID_INPUT", "code"),
        ({"quantity": "0"}, "INVALID_QUANTITY", "quantity"),
        ({"quantity": "9" * 19}, "INVALID_QUANTITY", "quantity"),
        ({"inputs": []}, "INVALID_INPUT", "inputs"),
        ({"inputs": [{"itemId": of(mill.wheat), "quantity": "-1"}]}, "INVALID_QUANTITY", "inputs.0.quantity"),
        ({"inputs": [{"itemId": of(mill.wheat), "quantity": "1", "unit": "sack"}]}, "UNKNOWN_UNIT", "inputs.0.unit"),
        ({"inputs": [{"itemId": "x", "quantity": "1"}]}, "NOT_FOUND", "inputs.0.itemId"),
        ({"overhead": money("1.00", "USD")}, "CURRENCY_MISMATCH", "overhead.currency"),
        ({"newItem": {"code": "NEW", "name": "New"}}, "INVALID_INPUT", "itemId"),
        ({"itemId": None, "newItem": {"code": "", "name": "New"}}, "INVALID_INPUT", "newItem.code"),
    ]
    for changes, code, field in wrong:
        refused, path = await do_refused(mill.manager, CREATE, input=a_bill(mill, **changes))
        assert (refused, ".".join(path or [])) == (code, f"input.{field}"), changes
    assert await ask_refused(mill.manager, CREATE, input=a_bill(mill, quantity="NaN")) == "INVALID_AMOUNT"
