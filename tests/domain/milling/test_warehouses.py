"""Warehouses: opened for a branch or for the whole mill, closed when nothing is in them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from domain.identity.actor import ANONYMOUS, Actor
from domain.identity.errors import BranchClosed, BranchNotFound
from domain.identity.models import Branch
from domain.identity.permissions import Permission, Role
from domain.kit.errors import DomainError, Forbidden, InvalidInput, Unauthenticated
from domain.kit.ids import new_id
from domain.kit.paging import PageRequest
from domain.milling.errors import RecordChanged, WarehouseClosed, WarehouseInUse, WarehouseNotFound, WarehouseTaken
from domain.milling.queries import catalogue
from domain.milling.service.warehouses import open_warehouse, update_warehouse
from tests.support.catalogue import a_crew, a_new_warehouse, kg, refused
from tests.support.happenings import events_so_far, nothing_happens
from tests.support.milling import a_warehouse, an_item, issue, receive, stocked
from tests.support.races import outcomes_of

pytestmark = pytest.mark.usefixtures("database")


async def test_a_warehouse_opens_changes_and_closes() -> None:
    crew = await a_crew()
    said = a_new_warehouse(code="nbo-1", branch_id=crew.branch.id, capacity_kg=kg(1000), address="Enterprise Road")
    made = await open_warehouse(crew.manager, warehouse=said)
    assert (made.code, made.branch_id, made.capacity_kg, made.alert_percent) == ("NBO-1", crew.branch.id, 1000, 90)
    changes = {"name": "Main store", "capacity_kg": None, "alert_percent": 80}
    changed = await update_warehouse(crew.manager, warehouse_id=made.id, changes=changes, expected_version=1)
    assert (changed.name, changed.capacity_kg, changed.alert_percent, changed.version) == ("Main store", None, 80, 2)
    async with nothing_happens():
        await update_warehouse(crew.manager, warehouse_id=made.id, changes=changes)
    stale = update_warehouse(crew.manager, warehouse_id=made.id, changes={"name": "x"}, expected_version=1)
    await refused(stale, RecordChanged, "input", "expectedVersion")
    item = await an_item()
    await stocked(item, made, 5)
    closing = update_warehouse(crew.manager, warehouse_id=made.id, changes={"active": False})
    await refused(closing, WarehouseInUse, "input", "active")
    await issue(item, made, 5)
    await update_warehouse(crew.manager, warehouse_id=made.id, changes={"active": False})
    await refused(receive(item, made, 5, 100), WarehouseClosed)
    await update_warehouse(crew.manager, warehouse_id=made.id, changes={"active": True})
    await receive(item, made, 5, 100)
    facts = [each.fact for each in await events_so_far() if each.name == "milling.warehouse_changed"]
    assert [fact.change.value for fact in facts] == ["CREATED", "EDITED", "DEACTIVATED", "REACTIVATED"]
    assert list(facts[0].audience()) == [f"permission:MILL_READ@{crew.branch.id}", "permission:MILL_READ@*"]


async def test_what_is_closed_while_goods_come_in_is_empty_or_open() -> None:
    crew, item = await a_crew(), await an_item()
    for _ in range(3):
        place = await a_warehouse()
        closing = update_warehouse(crew.manager, warehouse_id=place.id, changes={"active": False})
        outcomes = await outcomes_of([closing, receive(item, place, 5, 100)])
        assert sum(isinstance(each, DomainError) for each in outcomes) == 1


async def test_who_may_and_where() -> None:
    crew, elsewhere = await a_crew(), await a_crew()
    await refused(open_warehouse(ANONYMOUS, warehouse=a_new_warehouse()), Unauthenticated)
    await refused(open_warehouse(crew.keeper, warehouse=a_new_warehouse()), Forbidden)
    unknown = open_warehouse(crew.manager, warehouse=a_new_warehouse(branch_id=new_id()))
    await refused(unknown, BranchNotFound, "input", "branchId")
    local = Actor(
        id=new_id(),
        name="Local",
        roles=frozenset({Role.MILL_MANAGER}),
        scopes=frozenset({Permission.MILL_MANAGE, Permission.MILL_READ}),
        branch_id=crew.branch.id,
    )
    for branch_id in (elsewhere.branch.id, None):
        await refused(open_warehouse(local, warehouse=a_new_warehouse(branch_id=branch_id)), BranchNotFound)
    await open_warehouse(local, warehouse=a_new_warehouse(branch_id=crew.branch.id, code="HERE"))
    there = await open_warehouse(crew.manager, warehouse=a_new_warehouse(branch_id=elsewhere.branch.id))
    hidden = update_warehouse(local, warehouse_id=there.id, changes={"name": "x"})
    await refused(hidden, WarehouseNotFound, "input", "warehouseId")
    await refused(open_warehouse(crew.manager, warehouse=a_new_warehouse(code="here")), WarehouseTaken, "input", "code")

    await Branch.filter(id=elsewhere.branch.id).update(active=False)
    late = open_warehouse(crew.manager, warehouse=a_new_warehouse(branch_id=elsewhere.branch.id))
    await refused(late, BranchClosed, "input", "branchId")

    async def seen(actor: Actor) -> int:
        return len((await catalogue.warehouses(actor, PageRequest())).rows)

    assert [await seen(each) for each in (crew.keeper, crew.manager, elsewhere.clerk, local)] == [1, 2, 1, 1]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"code": "a b"}, "code"),
        ({"name": ""}, "name"),
        ({"address": "x" * 301}, "address"),
        ({"capacity_kg": Decimal(0)}, "capacity"),
        ({"capacity_kg": Decimal("NaN")}, "capacity"),
        ({"capacity_kg": Decimal("0.0001")}, "capacity"),
        ({"alert_percent": 0}, "alertPercent"),
        ({"alert_percent": 101}, "alertPercent"),
    ],
)
async def test_what_is_no_warehouse(said: dict[str, Any], field: str) -> None:
    crew = await a_crew()
    await refused(open_warehouse(crew.manager, warehouse=a_new_warehouse(**said)), InvalidInput, "input", field)


async def test_how_full_they_are() -> None:
    place, empty = await a_warehouse(), await a_warehouse()
    await stocked(await an_item(weight_kg=Decimal("0.5")), place, 30)
    await stocked(await an_item(weight_kg=Decimal(0)), place, 30)
    assert await catalogue.used_kg([place.id, empty.id]) == {place.id: 15, empty.id: 0}


async def test_goods_come_in_while_a_warehouse_changes() -> None:
    crew, item = await a_crew(), await an_item()
    place = await a_warehouse(capacity_kg=kg(1000))
    changing = [
        update_warehouse(crew.manager, warehouse_id=place.id, changes={"capacity_kg": kg(1000 - number)})
        for number in range(1, 6)
    ]
    outcomes = await outcomes_of([*changing, *(receive(item, place, 10, 100) for _ in range(5))])
    assert not [each for each in outcomes if isinstance(each, BaseException)]
    assert (await catalogue.used_kg([place.id]))[place.id] == 50
