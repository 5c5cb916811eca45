"""Items, warehouses and partners in the API: made, changed, found, and told of live."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import get_named_type, is_leaf_type

from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.kit.ids import new_id
from domain.milling import events as facts
from domain.milling.models import Item, Warehouse
from tests.schema.test_architecture import the_schema
from tests.support.catalogue import Crew, a_crew, op
from tests.support.graphql import ask, ask_refused, do, do_refused, encode_id, feed_refused, heard, refused_to_strangers
from tests.support.happenings import nothing_happens
from tests.support.milling import a_warehouse, an_item, issue, stocked
from tests.support.operations import money, shown
from tests.support.people import a_user, somebody

pytestmark = pytest.mark.usefixtures("database")

CREATE, UPDATE, UNIT = op("CreateItem"), op("UpdateItem"), op("SetItemUnit")
ITEM, ITEMS, FEED = op("Item"), op("Items"), op("InventoryUpdated")
OPEN, CHANGE, WAREHOUSE, WAREHOUSES = op("OpenWarehouse"), op("UpdateWarehouse"), op("Warehouse"), op("Warehouses")
SUPPLIER, CUSTOMER, SUPPLIERS, CUSTOMERS = op("UpsertSupplier"), op("UpsertCustomer"), op("Suppliers"), op("Customers")

FLOUR: dict[str, Any] = {
    "code": "flour-90",
    "name": "Maize flour, grade 1",
    "category": "FINISHED",
    "valuationMethod": "FIFO",
    "reorderLevel": "2000",
    "salePrice": money("62.00"),
    "units": [{"unit": "Bag 90 kg", "factor": "90"}],
}
STORE: dict[str, Any] = {"code": "NBO-MAIN", "name": "Main store", "capacity": "1000.5"}


def nodes(page: Any) -> list[Any]:
    found: list[Any] = page["nodes"]
    return found


async def test_an_item_is_made_and_read() -> None:
    crew = await a_crew()
    await refused_to_strangers(CREATE, input=FLOUR)
    await refused_to_strangers(ITEMS)
    assert nodes(await ask(crew.clerk, ITEMS)) == []
    made = (await do(crew.manager, CREATE, input=FLOUR))["item"]
    assert (made["code"], made["baseUnit"], made["weightKg"], made["salePrice"]) == ("FLOUR-90", "kg", "1", shown("62.00"))
    assert {each["unit"]: each["factor"] for each in made["units"]} == {"bag 90 kg": "90", "quintal": "100", "tonne": "1000"}
    for viewer in (crew.clerk, crew.keeper, crew.manager):
        for asked in ({"id": made["id"]}, {"code": "flour-90"}):
            found = await ask(viewer, ITEM, **asked)
            assert {name: found[name] for name in made} == made and found["stock"] == []
        assert [each["id"] for each in nodes(await ask(viewer, ITEMS))] == [made["id"]]
    assert await ask(crew.clerk, ITEM, id=encode_id("Item", new_id())) is None
    assert await ask(crew.clerk, ITEM, code="\x00") is None
    assert await ask_refused(crew.clerk, ITEM) == "INVALID_INPUT"
    assert await ask_refused(crew.clerk, ITEM, id=made["id"], code="x") == "INVALID_INPUT"
    assert await ask_refused(somebody(Role.SELLER, name="Sita"), ITEMS) == "FORBIDDEN"
    assert await ask_refused(crew.keeper, CREATE, input=FLOUR) == "FORBIDDEN"
    assert await do_refused(crew.manager, CREATE, input=FLOUR) == ("ITEM_TAKEN", ["input", "code"])


async def test_an_item_is_changed() -> None:
    crew = await a_crew()
    made = (await do(crew.manager, CREATE, input=FLOUR))["item"]
    about = {"itemId": made["id"]}
    for changes, expected in (
        ({"name": "Flour", "salePrice": None}, {"name": "Flour", "salePrice": None}),
        ({"leadTimeDays": 3, "reorderQuantity": "5.5"}, {"leadTimeDays": 3, "reorderQuantity": "5.5"}),
        ({"active": False, "allowNegative": True}, {"active": False, "allowNegative": True}),
    ):
        item = (await do(crew.manager, UPDATE, input=about | changes))["item"]
        assert {name: item[name] for name in expected} == expected
    assert item["version"] == 4
    async with nothing_happens():
        assert (await do(crew.manager, UPDATE, input=about | {"name": None}))["item"]["version"] == 4
    stale = await do_refused(crew.manager, UPDATE, input=about | {"name": "x", "expectedVersion": 1})
    assert stale == ("RECORD_CHANGED", ["input", "expectedVersion"])
    units = (await do(crew.manager, UNIT, input=about | {"unit": "bag 90 kg", "factor": None}))["item"]["units"]
    assert [each["unit"] for each in units] == ["quintal", "tonne"]
    assert (
        await ask_refused(crew.keeper, UPDATE, input=about)
        == await ask_refused(crew.keeper, UNIT, input=about | {"unit": "x", "factor": "1"})
        == "FORBIDDEN"
    )
    unknown = {"itemId": encode_id("Item", new_id())}
    assert await do_refused(crew.manager, UPDATE, input=unknown) == ("ITEM_NOT_FOUND", ["input", "itemId"])
    other = {"itemId": encode_id("Warehouse", new_id())}
    assert await do_refused(crew.manager, UPDATE, input=other) == ("NOT_FOUND", ["input", "itemId"])
    assert [item["change"] for item in await heard(crew.clerk, FEED)] == [
        "CREATED",
        "EDITED",
        "EDITED",
        "DEACTIVATED",
        "EDITED",
    ]


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"code": ""}, ("INVALID_INPUT", ["input", "code"])),
        ({"name": "\u0000"}, ("INVALID_INPUT", ["input", "name"])),
        ({"reorderLevel": "-1"}, ("INVALID_INPUT", ["input", "reorderLevel"])),
        ({"reorderLevel": "1234567890123456789"}, ("INVALID_INPUT", ["input", "reorderLevel"])),
        ({"weightKg": "0.0000001"}, ("INVALID_INPUT", ["input", "weightKg"])),
        ({"salePrice": money("0.00")}, ("INVALID_AMOUNT", ["input", "salePrice"])),
        ({"salePrice": money("1.00", "USD")}, ("CURRENCY_MISMATCH", ["input", "salePrice", "currency"])),
        ({"units": [{"unit": "bag", "factor": "-2"}]}, ("INVALID_INPUT", ["input", "units"])),
    ],
)
async def test_what_is_no_item(said: dict[str, Any], refusal: tuple[str, list[str]]) -> None:
    crew = await a_crew()
    assert await do_refused(crew.manager, CREATE, input=FLOUR | said) == refusal


@pytest.mark.parametrize("said", [{"reorderLevel": "NaN"}, {"reorderLevel": 1.5}, {"category": "FOOD"}, {"name": None}])
async def test_what_the_schema_refuses(said: dict[str, Any]) -> None:
    crew = await a_crew()
    assert await ask_refused(crew.manager, CREATE, input=FLOUR | said) in ("INVALID_VARIABLES", "INVALID_AMOUNT")


async def test_items_are_searched() -> None:
    crew, stranger = await a_crew(), await a_crew()
    place = await a_warehouse(branch_id=crew.branch.id)
    wheat, _ = await an_item(name="Wheat"), await an_item(name="Maize")
    await stocked(wheat, place, 10, 25_000)
    here = {"warehouseId": encode_id("Warehouse", place.id)}
    [found] = nodes(await ask(crew.keeper, ITEMS, filter=here | {"search": "wheat", "categories": ["RAW_MATERIAL"]}))
    [level] = found["stock"]
    assert (level["onHand"], level["available"], level["status"]) == ("10", "10", "OK")
    assert level["value"] == shown("250.00")
    [seen] = nodes(await ask(stranger.keeper, ITEMS, filter={"search": "wheat"}))
    assert seen["stock"] == [], "what lies elsewhere is not theirs to see"
    assert await ask_refused(stranger.keeper, ITEMS, filter=here) == "WAREHOUSE_NOT_FOUND"
    assert nodes(await ask(crew.keeper, ITEMS, filter={"active": False})) == []
    shelf = {"id": level["id"]}
    document = "query Shelf($id: ID!) { node(id: $id) { ... on StockLevel { onHand item { name } warehouse { name } } } }"
    assert (await ask(crew.keeper, document, **shelf))["item"]["name"] == "Wheat"
    assert await ask(stranger.keeper, document, **shelf) is None


async def test_warehouses_are_opened_read_and_closed() -> None:
    crew, stranger = await a_crew(), await a_crew()
    at_branch = STORE | {"branchId": encode_id("Branch", crew.branch.id)}
    await refused_to_strangers(OPEN, input=STORE)
    assert nodes(await ask(crew.keeper, WAREHOUSES)) == []
    assert await ask_refused(crew.keeper, OPEN, input=at_branch) == "FORBIDDEN"
    made = (await do(crew.manager, OPEN, input=at_branch))["warehouse"]
    assert (made["capacity"], made["used"], made["usedPercent"], made["alertPercent"]) == ("1000.5", "0", "0.00", 90)
    whole = (await do(crew.manager, OPEN, input=STORE | {"code": "SILO", "capacity": None}))["warehouse"]
    assert (whole["branch"], whole["usedPercent"]) == (None, None)
    item = await an_item(weight_kg=2)
    place = await Warehouse.get(code="NBO-MAIN")
    await stocked(item, place, 475)
    about = {"id": made["id"]}
    read = await ask(crew.keeper, WAREHOUSE, **about)
    assert (read["used"], read["usedPercent"]) == ("950", "94.95")
    assert [each["kind"] for each in read["openAlerts"]] == ["WAREHOUSE_CAPACITY"]
    assert await ask(stranger.keeper, WAREHOUSE, **about) is None
    assert await ask(crew.keeper, WAREHOUSE, id=whole["id"]) is None, "the whole mill's is for who sees the whole mill"
    assert [each["code"] for each in nodes(await ask(crew.keeper, WAREHOUSES))] == ["NBO-MAIN"]
    assert [each["code"] for each in nodes(await ask(crew.manager, WAREHOUSES))] == ["NBO-MAIN", "SILO"]
    named = {"warehouseId": made["id"]}
    assert (await do(crew.manager, CHANGE, input=named | {"capacity": None, "name": "Big store"}))["warehouse"][
        "capacity"
    ] is None
    assert await do_refused(crew.manager, CHANGE, input=named | {"active": False}) == (
        "WAREHOUSE_IN_USE",
        ["input", "active"],
    )
    assert await do_refused(crew.manager, OPEN, input=STORE) == ("WAREHOUSE_TAKEN", ["input", "code"])
    unknown = STORE | {"code": "X", "branchId": encode_id("Branch", new_id())}
    assert await do_refused(crew.manager, OPEN, input=unknown) == ("BRANCH_NOT_FOUND", ["input", "branchId"])
    for said, field in (({"capacity": "0"}, "capacity"), ({"alertPercent": 0}, "alertPercent"), ({"code": "?"}, "code")):
        assert await do_refused(crew.manager, OPEN, input=STORE | said) == ("INVALID_INPUT", ["input", field])


async def test_partners_are_written_down() -> None:
    crew, user = await a_crew(), await a_user(Role.DEBTOR, name="Jamii Bakery")
    for upsert, listed, kind in ((SUPPLIER, SUPPLIERS, "supplier"), (CUSTOMER, CUSTOMERS, "customer")):
        said = {"name": "Jamii", "phone": "+254712345678", "paymentDays": 30}
        await refused_to_strangers(upsert, input=said)
        assert nodes(await ask(crew.clerk, listed)) == []
        assert await ask_refused(crew.clerk, upsert, input=said) == "FORBIDDEN"
        made = await do(crew.manager, upsert, input=said)
        about = {f"{kind}Id": made[kind]["id"]}
        changed = await do(crew.manager, upsert, input=about | {"phone": None, "expectedVersion": 1})
        assert (made["created"], changed["created"]) == (True, False)
        assert (changed[kind]["phone"], changed[kind]["paymentDays"]) == (None, 30)
        assert nodes(await ask(crew.clerk, listed, search="jam")) == [changed[kind]]
        assert nodes(await ask(crew.clerk, listed, active=False)) == []
        assert await do_refused(crew.manager, upsert, input={}) == ("INVALID_INPUT", ["input", "name"])
        unknown = {f"{kind}Id": encode_id(kind.title(), new_id())}
        assert await do_refused(crew.manager, upsert, input=unknown) == (f"{kind.upper()}_NOT_FOUND", ["input", f"{kind}Id"])
        wrong = {"name": "x", "phone": "0712"}
        assert await do_refused(crew.manager, upsert, input=wrong) == ("INVALID_PHONE", ["input", "phone"])
    registered = {"name": "Jamii Bakery", "userId": encode_id("User", user.id), "creditLimit": "0"}
    customer = (await do(crew.manager, CUSTOMER, input=registered))["customer"]
    assert (customer["user"]["name"], customer["creditLimit"]["amount"]) == ("Jamii Bakery", "0.00")
    assert await do_refused(crew.manager, CUSTOMER, input=registered) == ("CUSTOMER_TAKEN", ["input", "userId"])
    negative = {"name": "x", "creditLimit": "-1"}
    assert await do_refused(crew.manager, CUSTOMER, input=negative) == ("INVALID_AMOUNT", ["input", "creditLimit"])


async def kinds_heard(actor: Actor, **about: Any) -> list[str]:
    return [item["__typename"] for item in await heard(actor, FEED, **about)]


async def a_story(crew: Crew) -> Item:
    """An item and a warehouse of a branch are made; goods come in and go out."""
    made = (await do(crew.manager, CREATE, input=FLOUR))["item"]
    await do(crew.manager, OPEN, input=STORE | {"branchId": encode_id("Branch", crew.branch.id)})
    item, place = await Item.get(code=made["code"]), await Warehouse.get(code="NBO-MAIN")
    await stocked(item, place, 100)
    await issue(item, place, 40)
    return item


async def test_the_inventory_is_told_to_its_branch() -> None:
    crew, stranger = await a_crew(), await a_crew()
    item = await a_story(crew)
    for viewer in (crew.manager, crew.keeper, crew.clerk):
        assert await kinds_heard(viewer) == ["ItemChanged", "WarehouseChanged", "StockMoved", "StockMoved"]
        one = await heard(viewer, FEED, itemId=encode_id("Item", item.id))
        assert [each["__typename"] for each in one] == ["ItemChanged", "StockMoved", "StockMoved"]
        [level] = one[-1]["levels"]
        assert (level["itemName"], level["onHand"], level["status"]) == (item.name, "60", "LOW")
    assert await kinds_heard(stranger.keeper) == ["ItemChanged"], "items are the whole mill's"
    assert await feed_refused(somebody(Role.SELLER, name="Sita"), FEED) == "FORBIDDEN"
    assert await feed_refused(crew.keeper, FEED, itemId=encode_id("Warehouse", item.id)) == "NOT_FOUND"


@pytest.mark.parametrize(
    ("type_name", "figures"),
    [("Item", facts.ItemFigures), ("Warehouse", facts.WarehouseFigures), ("StockAlert", facts.AlertFigures)],
)
def test_an_item_of_a_feed_knows_what_a_query_does(type_name: str, figures: type) -> None:
    """Every plain field that a type reads of its row is among the figures of the event."""
    shown_fields = the_schema().type_map[type_name].fields  # type: ignore[attr-defined]
    plain = [
        field.extensions["strawberry-definition"].python_name
        for field in shown_fields.values()
        if is_leaf_type(get_named_type(field.type)) and field.extensions["strawberry-definition"].is_basic_field
    ]
    assert set(plain) <= set(figures.__dataclass_fields__)  # type: ignore[attr-defined]
