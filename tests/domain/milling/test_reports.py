"""The reports of the mill say what its movements and documents say."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest

from domain.files.queries import content_of, readable_file
from domain.identity.actor import Actor
from domain.identity.models import Branch
from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.errors import Forbidden, InvalidInput
from domain.kit.ids import new_id
from domain.milling.accounts import BY_PRODUCTS, RAW_MATERIALS
from domain.milling.service.sale_returns import NewSaleReturn, ReturnedLine, create_sale_return
from domain.milling.service.stock_documents import cancel_stock_document, issue_stock, transfer_stock
from domain.milling.states import ItemCategory
from domain.reports.models import ReportFormat
from tests.domain.lending.test_reports import rows_of
from tests.domain.reports.kinds import ask_for, made
from tests.support import milled, purchases, sales
from tests.support.happenings import nothing_happens
from tests.support.milling import a_warehouse, an_item, day, q
from tests.support.people import a_branch, an_actor
from tests.support.stock_papers import line, received

pytestmark = pytest.mark.usefixtures("database")

MARCH = {"from_date": date(2026, 3, 1), "to_date": date(2026, 3, 31)}


async def asked(actor: Actor, kind: str, **parameters: Any) -> list[list[str]]:
    """What a report says as CSV, without the heading of its columns."""
    return (await rows_of(actor, await made(await ask_for(actor, kind, **parameters))))[1:]


async def a_manager() -> Actor:
    """Reports are made for people whom the mill knows."""
    return await an_actor(Role.MILL_MANAGER)


async def a_keeper(branch: Branch) -> Actor:
    return await an_actor(Role.STOREKEEPER, branch_id=branch.id)


def today() -> dict[str, date]:
    return {"from_date": clock.today() - timedelta(days=1), "to_date": clock.today()}


async def test_the_statement_of_an_item() -> None:
    manager, wheat, silo = await a_manager(), await an_item("Wheat"), await a_warehouse("Silo")
    await received(manager, wheat, silo, 10, 2, received_at=day(1) - timedelta(days=9))
    came = await received(manager, wheat, silo, 5, 5, received_at=day(2))
    lines = [line(wheat, 3, note="=1+1")]
    await issue_stock(manager, warehouse_id=silo.id, lines=lines, issued_at=day(31, hour=23))
    rows = await asked(manager, "stock_statement", **MARCH, item_id=wheat.id, warehouse_id=silo.id)
    assert rows == [
        ["2026-03-01T00:00:00Z", "Opening", "", "", "", "", "", "10", "20.00"],
        ["2026-03-02T08:00:00Z", "RECEIPT", came.number, "Silo", "", "5", "25.00", "15", "45.00"],
        ["2026-03-31T23:00:00Z", "ISSUE", rows[2][2], "Silo", "'=1+1", "-3", "-9.00", "12", "36.00"],
        ["2026-04-01T00:00:00Z", "Closing", "", "", "", "", "", "12", "36.00"],
    ]
    await cancel_stock_document(manager, stock_document_id=came.id, reason="twice")
    again = await asked(manager, "stock_statement", **MARCH, item_id=wheat.id)
    assert [row[1:2] + row[-2:] for row in again] == [
        ["Opening", "10", "20.00"],
        ["ISSUE", "7", "14.00"],
        ["Closing", "7", "14.00"],
    ]


async def test_movements_and_what_stock_is_worth() -> None:
    manager, branch = await a_manager(), await a_branch()
    wheat, bran = await an_item("Wheat"), await an_item("Bran", category=ItemCategory.BY_PRODUCT)
    silo, shop = await a_warehouse("Silo", branch_id=branch.id), await a_warehouse("Shop")
    await received(manager, wheat, silo, 10, 2, received_at=day(2))
    await received(manager, bran, silo, "2.5", 4, received_at=day(3))
    await transfer_stock(
        manager, from_warehouse_id=silo.id, to_warehouse_id=shop.id, lines=[line(wheat, 4)], transferred_at=day(5)
    )
    rows = await asked(manager, "stock_movements", **MARCH)
    assert [(row[3], row[4], row[5], row[7], row[9]) for row in rows[:4]] == [
        ("Wheat", "Silo", "RECEIPT", "10", "20.00"),
        ("Bran", "Silo", "RECEIPT", "2.5", "10.00"),
        ("Wheat", "Silo", "TRANSFER_OUT", "-4", "-8.00"),
        ("Wheat", "Shop", "TRANSFER_IN", "4", "8.00"),
    ]
    assert len(await asked(manager, "stock_movements", **MARCH, item_id=bran.id)) == 2, "and the sum"
    assert "Shop" not in str(await asked(manager, "stock_movements", **MARCH, branch_id=branch.id))
    worth = await asked(manager, "stock_valuation", as_of=date(2026, 3, 31))
    assert [(row[1], row[3], row[4], row[6], row[7]) for row in worth[:3]] == [
        ("Bran", "Silo", "2.5", "4.000000", "10.00"),
        ("Wheat", "Shop", "4", "2.000000", "8.00"),
        ("Wheat", "Silo", "6", "2.000000", "12.00"),
    ]
    by_account = {row[0]: row[-1] for row in worth[3:]}
    assert (by_account[RAW_MATERIALS.code], by_account[BY_PRODUCTS.code]) == ("20.00", "10.00")
    before = await asked(manager, "stock_valuation", as_of=date(2026, 3, 2), warehouse_id=silo.id)
    assert [(row[1], row[4]) for row in before if row[1]] == [("Wheat", "10")]
    assert (await asked(manager, "stock_valuation"))[0] == worth[0]


async def test_a_list_to_count_by_does_not_tell_what_is_expected() -> None:
    manager, wheat, silo = await a_manager(), await an_item("Wheat"), await a_warehouse("Silo")
    await received(manager, wheat, silo, 987, 2)
    rows = await asked(manager, "stock_count_list", warehouse_id=silo.id)
    assert rows == [[wheat.code, "Wheat", "kg", "", ""]]


async def test_purchases() -> None:
    mill = await purchases.a_mill()
    bought = await purchases.a_purchase(mill)
    await purchases.billed(mill, bought)
    await purchases.a_purchase(mill, up_to=purchases.DRAFT)
    rows = await asked(await a_manager(), "mill_purchases", **today())
    assert [row[1] for row in rows if row[1]] == [bought.number], "what is merely ordered has not come"
    assert rows[0][2:5] == [mill.supplier.name, mill.warehouse.name, "BILLED"]
    assert rows[0][7:] == ["1000.00", "1000.00", "0.00", "0.00", "0.00", "1000.00"]


async def test_sales_with_what_they_cost() -> None:
    shop = await sales.a_shop()
    manager = await a_manager()
    sale = await sales.a_sale(shop, sales.flour(shop, 10), customer=await sales.a_customer())
    rows = await asked(manager, "mill_sales", **today())
    assert (rows[0][1], rows[0][7:]) == (sale.number, ["600.00", "0.00", "400.00", "200.00", "0.00", "600.00"])
    [said] = await sales.lines_of(sale)
    back = NewSaleReturn(lines=[ReturnedLine(line_id=said.id, quantity=q(4))], reason="Torn bags")
    await create_sale_return(shop.manager, sale_id=sale.id, back=back)
    again = await asked(manager, "mill_sales", **today())
    assert again[0][7:] == ["600.00", "240.00", "240.00", "120.00", "0.00", "360.00"]


async def test_productions() -> None:
    mill = await milled.a_mill()
    made_ = await milled.a_production(mill, up_to=milled.COMPLETED)
    rows = await asked(await a_manager(), "mill_productions", **today())
    assert (rows[0][1], rows[0][4:8]) == (made_.number, ["COMPLETED", "72", "72", "kg"])
    assert rows[0][8:12] == ["100", "72", "27", "72"]
    assert rows[0][12] == "3000.00"


@pytest.mark.parametrize("format", [ReportFormat.XLSX, ReportFormat.PDF])
async def test_other_formats(format: ReportFormat) -> None:
    manager, wheat, silo = await a_manager(), await an_item("=Wheat"), await a_warehouse("Silo")
    await received(manager, wheat, silo, "2.5", 2, received_at=day(2))
    about = {"item_id": wheat.id}
    place = {"warehouse_id": silo.id}
    every: list[tuple[str, dict[str, Any]]] = [
        ("stock_statement", MARCH | about),
        ("mill_productions", MARCH),
        ("stock_movements", MARCH),
        ("stock_valuation", {}),
        ("stock_count_list", place),
        ("mill_purchases", MARCH),
        ("mill_sales", MARCH),
    ]
    # Papers are slow to set, and all are set in the same way.
    for kind, parameters in every[:2] if format is ReportFormat.PDF else every:
        report = await made(await ask_for(manager, kind, format=format, **parameters))
        assert (report.error, report.file_id is None) == (None, False), kind
        if format is ReportFormat.XLSX and kind == "stock_movements":
            assert report.file_id is not None
            content = await content_of(await readable_file(manager, report.file_id))
            cells = [cell for row in openpyxl.load_workbook(io.BytesIO(content)).active.rows for cell in row]
            assert all(cell.data_type != "f" for cell in cells if cell.value == "=Wheat")


async def test_who_may_have_them_and_of_what() -> None:
    manager, branch = await a_manager(), await a_branch()
    keeper, stranger = await a_keeper(branch), await an_actor(Role.LOAN_OFFICER, branch_id=branch.id)
    wheat, here = await an_item("Wheat"), await a_warehouse("Here", branch_id=branch.id)
    elsewhere = await a_warehouse("Elsewhere")
    await received(manager, wheat, here, 10, 2, received_at=day(2))
    await received(manager, wheat, elsewhere, 90, 2, received_at=day(2))
    assert "Elsewhere" not in str(await asked(keeper, "stock_movements", **MARCH))
    assert [row[4] for row in await asked(keeper, "stock_valuation") if row[1]] == ["10"]
    failed = await made(await ask_for(keeper, "stock_movements", **MARCH, warehouse_id=elsewhere.id))
    assert (failed.error_code, failed.file_id) == ("WAREHOUSE_NOT_FOUND", None)
    unknown = await made(await ask_for(keeper, "stock_statement", **MARCH, item_id=new_id()))
    assert (unknown.error_code, unknown.file_id) == ("ITEM_NOT_FOUND", None)
    async with nothing_happens():
        with pytest.raises(Forbidden):
            await ask_for(stranger, "stock_valuation")
        for wrong in ({}, MARCH, MARCH | {"item_id": wheat.id, "loan_id": new_id()}):
            with pytest.raises(InvalidInput):
                await ask_for(keeper, "stock_statement", **wrong)
        backwards = {"from_date": MARCH["to_date"], "to_date": MARCH["from_date"], "item_id": wheat.id}
        with pytest.raises(InvalidInput):
            await ask_for(keeper, "stock_statement", **backwards)
