"""What the activity log says about the mill leads to the things themselves."""

from __future__ import annotations

import pytest

from domain.identity.permissions import Role
from domain.milling.service.boms import BomChanges, update_bill_of_materials
from domain.milling.service.items import set_item_unit
from tests.support.graphql import ask, encode_id
from tests.support.milled import a_bom, a_mill, a_production
from tests.support.milling import q
from tests.support.operations import operation
from tests.support.people import an_actor
from tests.support.sales import a_sale, a_shop

pytestmark = pytest.mark.usefixtures("database")

ACTIVITY = operation("core/ActivityLog")
NODE = "query ($id: ID!) { node(id: $id) { __typename id } }"


async def test_what_changed_at_the_mill_can_be_fetched() -> None:
    admin, mill, shop = await an_actor(Role.ADMIN), await a_mill(), await a_shop()
    bom = await a_bom(mill)
    await update_bill_of_materials(mill.manager, bom_id=bom.id, changes=BomChanges(note="Sift twice"))
    await set_item_unit(mill.manager, item_id=mill.wheat.id, unit_name="bag 90 kg", factor=q(90))
    await a_production(mill)
    sale = await a_sale(shop)
    records = (await ask(admin, ACTIVITY, first=100))["nodes"]
    told = {record["objectKind"]: record["objectId"] for record in records if record["objectKind"].startswith("mill_")}
    assert {kind: (await ask(admin, NODE, id=told[kind]) or {}).get("__typename") for kind in told} == {
        "mill_item": "Item",
        "mill_warehouse": "Warehouse",
        "mill_bom": "BillOfMaterials",
        "mill_production": "Production",
        "mill_sale": "Sale",
    }
    of_sale = await ask(admin, ACTIVITY, filter={"objectKind": "mill_sale", "objectId": encode_id("Sale", sale.id)})
    assert {record["objectId"] for record in of_sale["nodes"]} == {encode_id("Sale", sale.id)}
