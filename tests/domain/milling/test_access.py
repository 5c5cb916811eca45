"""Who sees which warehouse and which documents: staff their branch's, whoever sees all branches all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.identity.actor import Actor
from domain.identity.models import Branch
from domain.identity.permissions import Role
from domain.kit.unit_of_work import unit_of_work
from domain.milling import access
from domain.milling.errors import WarehouseClosed, WarehouseNotFound
from domain.milling.models import Warehouse
from domain.milling.states import SaleStatus
from tests.support.happenings import nothing_happens
from tests.support.mill_rows import a_bare_warehouse, insert, sale_columns, stock_document_columns
from tests.support.people import a_branch, somebody

pytestmark = pytest.mark.usefixtures("database")

WAYS: tuple[Callable[..., Awaitable[Warehouse]], ...] = (access.warehouse_of, access.locked_warehouse)


def a_keeper(branch: Branch | None) -> Actor:
    return somebody(Role.STOREKEEPER, branch=branch)


async def a_place(branch: Branch | None, **columns: Any) -> Warehouse:
    return await a_bare_warehouse(branch_id=branch.id if branch else None, **columns)


async def test_staff_see_the_warehouses_of_their_branch() -> None:
    here, there = await a_branch(), await a_branch()
    ours, theirs, nobodys = await a_place(here), await a_place(there), await a_place(None)
    keeper, manager = a_keeper(here), somebody(Role.ADMIN)
    investor = somebody(Role.INVESTOR)
    seen = {
        actor: set(await access.visible_warehouses(actor).values_list("id", flat=True))
        for actor in (keeper, manager, investor)
    }
    assert seen == {keeper: {ours.id}, manager: {ours.id, theirs.id, nobodys.id}, investor: set()}


async def _warehouses_of(actor: Actor) -> set[UUID]:
    return {warehouse.id for warehouse in await access.visible_warehouses(actor)}


async def test_staff_of_no_branch_see_nothing() -> None:
    await a_place(None)
    assert await access.visible_warehouses(a_keeper(None)).count() == 0


@pytest.mark.parametrize("way", WAYS)
async def test_somebody_elses_warehouse_does_not_exist(way: Callable[..., Awaitable[Warehouse]]) -> None:
    here, there = await a_branch(), await a_branch()
    theirs, keeper = await a_place(there), a_keeper(here)
    async with nothing_happens():
        for warehouse_id in (theirs.id, uuid4()):
            with pytest.raises(WarehouseNotFound, match="there is no such warehouse") as refused:
                async with unit_of_work():
                    await way(keeper, warehouse_id, field=("input", "toWarehouseId"))
            assert refused.value.field == ("input", "toWarehouseId")


@pytest.mark.parametrize("way", WAYS)
async def test_a_closed_warehouse_is_refused_unless_it_will_do(way: Callable[..., Awaitable[Warehouse]]) -> None:
    here = await a_branch()
    closed, keeper = await a_place(here, active=False), a_keeper(here)
    with pytest.raises(WarehouseClosed):
        async with unit_of_work():
            await way(keeper, closed.id)
    async with unit_of_work():
        assert (await way(keeper, closed.id, closed=True)).id == closed.id


async def test_documents_are_seen_as_their_branch_is() -> None:
    here, there = await a_branch(), await a_branch()
    ours, theirs = await a_place(here), await a_place(there)
    sales = [
        await insert("mill_sale", sale_columns(SaleStatus.DRAFT, place) | {"branch_id": place.branch_id})
        for place in (ours, theirs)
    ]
    assert await access.visible_sales(a_keeper(here)).values_list("id", flat=True) == [sales[0]]
    assert await access.visible_sales(somebody(Role.ADMIN)).count() == 2
    assert await access.visible_sales(somebody(Role.INVESTOR)).count() == 0


async def test_a_transfer_is_seen_from_either_end_and_handled_by_who_sees_both() -> None:
    here, there, elsewhere = await a_branch(), await a_branch(), await a_branch()
    ours, theirs = await a_place(here), await a_place(there)
    transfer = stock_document_columns(ours, kind="TRANSFER", branch_id=here.id, to_warehouse_id=theirs.id)
    await insert("stock_document", transfer)
    issue_id = await insert("stock_document", stock_document_columns(ours, branch_id=here.id))
    counts = [await access.visible_stock_documents(a_keeper(branch)).count() for branch in (here, there, elsewhere)]
    assert counts == [2, 1, 0]
    handled = access.visible_stock_documents(a_keeper(here), both_ends=True)
    assert await handled.values_list("id", flat=True) == [issue_id]
    assert await access.visible_stock_documents(a_keeper(there), both_ends=True).count() == 0
    assert await access.visible_stock_documents(somebody(Role.ADMIN), both_ends=True).count() == 2


async def test_a_list_is_narrowed_within_what_is_seen() -> None:
    here, there = await a_branch(), await a_branch()
    keeper, manager = a_keeper(here), somebody(Role.ADMIN)
    assert access.branch_condition(keeper) == here.id
    assert access.branch_condition(keeper, here.id) == here.id
    assert access.branch_condition(keeper, there.id) not in (here.id, there.id, None)
    assert access.branch_condition(manager) is None
    assert access.branch_condition(manager, there.id) == there.id
