"""What the tables of the mill refuse whoever writes, and what they remember of every change."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from domain.identity.actor import SYSTEM_ID
from domain.kit import clock
from domain.kit.database import connection, execute, fetch, fetchval
from domain.kit.ids import new_id
from domain.milling.models import StockBin, StockMovement
from domain.milling.states import MovementKind, ProductionStatus, PurchaseStatus, SaleStatus
from tests.support.mill_rows import (
    a_bare_item,
    a_bare_movement,
    a_bare_supplier,
    a_bare_warehouse,
    insert,
    production_columns,
    purchase_columns,
    refusal_of,
    refusal_of_insert,
    refusal_of_update,
    sale_columns,
    stock_document_columns,
)

pytestmark = pytest.mark.usefixtures("database")

K = MovementKind


async def a_bin(**columns: Any) -> dict[str, Any]:
    item, warehouse = await a_bare_item(), await a_bare_warehouse()
    return {"item_id": item.id, "warehouse_id": warehouse.id, **columns}


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [
        ({"quantity": Decimal(-1)}, "stock_movement_quantity_fits_its_kind"),
        ({"quantity": Decimal(0)}, "stock_movement_quantity_fits_its_kind"),
        ({"quantity": None}, "stock_movement_quantity_fits_its_kind"),
        ({"kind": "GIFT"}, "stock_movement_quantity_fits_its_kind"),
        ({"kind": K.ISSUE, "value_minor": None}, "stock_movement_quantity_fits_its_kind"),
        ({"kind": K.ADJUSTMENT, "quantity": Decimal(0)}, "stock_movement_quantity_fits_its_kind"),
        ({"kind": K.COUNT, "counted": Decimal(1)}, "stock_movement_quantity_fits_its_kind"),
        ({"kind": K.COUNT, "quantity": None}, "stock_movement_count_says_what_was_found"),
        ({"counted": Decimal(1)}, "stock_movement_count_says_what_was_found"),
        ({"kind": K.COUNT, "quantity": None, "counted": Decimal(-1)}, "stock_movement_counted_not_negative"),
        ({"value_minor": -1}, "stock_movement_value_not_negative"),
        ({"kind": K.LANDED_COST, "quantity": Decimal(0)}, "stock_movement_value_only_says_its_value"),
        ({"kind": K.TRANSFER_IN}, "stock_movement_transfer_has_a_source"),
        ({"kind": K.PRODUCTION_OUTPUT}, "stock_movement_pool_fits_its_kind"),
        ({"pool_id": new_id()}, "stock_movement_pool_fits_its_kind"),
        ({"cost_rule": "REST"}, "stock_movement_cost_rule_is_whole"),
        ({"kind": K.REPACK_IN, "pool_id": new_id(), "cost_rule": "SHARE"}, "stock_movement_cost_rule_is_whole"),
        ({"kind": K.REPACK_IN, "pool_id": new_id(), "cost_value": 1}, "stock_movement_cost_rule_is_whole"),
        (
            {"kind": K.REPACK_IN, "pool_id": new_id(), "cost_rule": "SHARE", "cost_value": 10001},
            "stock_movement_share_is_a_share",
        ),
        ({"effective_at": clock.now() + timedelta(days=2)}, "stock_movement_is_not_in_the_future"),
        ({"document_kind": "LETTER"}, "stock_movement_document_is_known"),
        ({"line_no": 0}, "stock_movement_line_is_positive"),
        ({"source_id": new_id()}, "stock_movement_source_id_fkey"),
    ],
)
async def test_movements_that_cannot_be(columns: dict[str, Any], constraint: str) -> None:
    item, warehouse = await a_bare_item(), await a_bare_warehouse()
    movement_id = await a_bare_movement(item, warehouse)
    row = dict(await _row("stock_movement", movement_id)) | columns
    assert (
        await refusal_of_insert("stock_movement", {name: row[name] for name in row if name not in ("id", "seq")})
        == constraint
    )


async def _row(table: str, row_id: UUID) -> dict[str, Any]:
    return dict((await fetch(f"select * from {table} where id = $1", row_id))[0])


async def test_movements_of_value_and_counts_are_kept_as_they_are_said() -> None:
    item, warehouse = await a_bare_item(), await a_bare_warehouse()
    receipt_id = await a_bare_movement(item, warehouse)
    no_quantity: dict[str, Any] = {"quantity": Decimal(0), "source_id": receipt_id}
    less = await a_bare_movement(item, warehouse, kind=K.BILL_DIFFERENCE, value_minor=-5, **no_quantity)
    count = await a_bare_movement(item, warehouse, kind=K.COUNT, quantity=None, counted=Decimal("9.125"), value_minor=None)
    found = await StockMovement.filter(item_id=item.id).order_by("effective_at", "seq")
    assert [each.id for each in found] == [receipt_id, less, count]
    assert found[0].seq < found[1].seq < found[2].seq
    assert (found[1].value_minor, found[2].quantity, found[2].counted) == (-5, None, Decimal("9.125"))


@pytest.mark.parametrize(
    "change", ["update stock_movement set note = 'x'", "delete from stock_movement", "truncate stock_movement cascade"]
)
async def test_movements_are_only_added(change: str) -> None:
    await a_bare_movement(await a_bare_item(), await a_bare_warehouse())
    assert await refusal_of(change.format("stock_movement")) == "stock_history_is_kept"


@pytest.mark.parametrize("change", ["update {0} set actor_id = gen_random_uuid()", "delete from {0}", "truncate {0}"])
@pytest.mark.parametrize("table", ["stock_cancellation", "stock_pool"])
async def test_cancellations_and_added_costs_are_only_added(table: str, change: str) -> None:
    movement_id = await a_bare_movement(await a_bare_item(), await a_bare_warehouse())
    now = clock.now()
    await execute("insert into stock_cancellation values ($1, 'a slip', $2, $3)", movement_id, now, SYSTEM_ID)
    pool = {"pool_id": new_id(), "amount_minor": 5, "document_id": new_id(), "recorded_at": now, "actor_id": SYSTEM_ID}
    await insert("stock_pool", pool)
    assert await refusal_of(change.format(table)) == "stock_history_is_kept"
    assert await refusal_of_insert("stock_pool", pool | {"amount_minor": 0}) == "stock_pool_amount_is_not_zero"
    again = "insert into stock_cancellation values ($1, 'again', $2, $3)"
    assert await refusal_of(again, movement_id, now, SYSTEM_ID) == "stock_cancellation_pkey"
    silent = "insert into stock_cancellation values ($1, ' ', $2, $3)"
    assert await refusal_of(silent, movement_id, now, SYSTEM_ID) == "stock_cancellation_says_why"


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [
        ({"on_hand": Decimal("-0.001")}, "stock_bin_never_under_zero"),
        ({"reserved": Decimal(-1)}, "stock_bin_reserved_not_negative"),
        ({"value_minor": 1}, "stock_bin_empty_is_worth_nothing"),
        ({"reorder_level": Decimal(-1)}, "stock_bin_reorder_level_not_negative"),
        ({"last_seq": 1}, "stock_bin_last_is_whole"),
        ({"version": 0}, "stock_bin_version_is_positive"),
    ],
)
async def test_bins_that_cannot_be(columns: dict[str, Any], constraint: str) -> None:
    row = await a_bin()
    assert await refusal_of_insert("stock_bin", row | columns) == constraint
    bin_id = await insert("stock_bin", row)
    assert await refusal_of_update("stock_bin", bin_id, columns) == constraint


async def test_only_an_item_that_may_be_is_under_zero() -> None:
    item, warehouse = await a_bare_item(allow_negative=True), await a_bare_warehouse()
    row = {"item_id": item.id, "warehouse_id": warehouse.id, "on_hand": Decimal(-3), "value_minor": -300}
    bin_id = await insert("stock_bin", row | {"reserved": Decimal(1)})
    assert (await StockBin.get(id=bin_id)).available == -4
    assert await refusal_of_update("mill_item", item.id, {"allow_negative": False}) == "mill_item_is_nowhere_under_zero"
    await execute("update stock_bin set on_hand = 0, value_minor = 0 where id = $1", bin_id)
    assert await refusal_of_update("mill_item", item.id, {"allow_negative": False}) is None


@pytest.mark.parametrize(
    "change",
    [{"category": "FINISHED"}, {"base_unit": "bag"}, {"valuation_method": "MOVING_AVERAGE"}, {"currency": "USD"}],
)
async def test_the_nature_of_an_item_stays_once_it_has_moved(change: dict[str, Any]) -> None:
    item, warehouse = await a_bare_item(), await a_bare_warehouse()
    assert await refusal_of_update("mill_item", item.id, change) is None
    await a_bare_movement(item, warehouse)
    assert await refusal_of_update("mill_item", item.id, change) == "mill_item_keeps_its_nature"
    assert await refusal_of_update("mill_item", item.id, {"name": "White maize", "reorder_level": Decimal(5)}) is None


async def test_a_warehouse_stays_of_its_branch_once_something_moved() -> None:
    branch_id = await insert("branch", {"code": "NRB", "name": "Nairobi", "active": True, "created_at": clock.now()})
    item, warehouse = await a_bare_item(), await a_bare_warehouse()
    assert await refusal_of_update("mill_warehouse", warehouse.id, {"branch_id": branch_id}) is None
    await a_bare_movement(item, warehouse)
    refused = await refusal_of_update("mill_warehouse", warehouse.id, {"branch_id": branch_id})
    assert refused == "mill_warehouse_stays_of_its_branch"


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [
        ({"code": "maize 1"}, "mill_item_code_is_plain"),
        ({"name": " Maize"}, "mill_item_name_is_trimmed"),
        ({"category": "TOY"}, "mill_item_category_is_known"),
        ({"valuation_method": "LIFO"}, "mill_item_valuation_is_known"),
        ({"reorder_level": Decimal(-1)}, "mill_item_reorder_level_not_negative"),
        ({"weight_kg": Decimal(-1)}, "mill_item_weight_not_negative"),
        ({"sale_price_minor": -1}, "mill_item_sale_price_not_negative"),
        ({"lead_time_days": 5000}, "mill_item_lead_time_is_bounded"),
    ],
)
async def test_items_that_cannot_be(columns: dict[str, Any], constraint: str) -> None:
    item = await a_bare_item()
    assert await refusal_of_update("mill_item", item.id, columns) == constraint


async def test_names_that_are_taken() -> None:
    item, warehouse, supplier = await a_bare_item(), await a_bare_warehouse(), await a_bare_supplier()
    for table, row_id, constraint in (
        ("mill_item", item.id, "mill_item_code_is_unique"),
        ("mill_warehouse", warehouse.id, "mill_warehouse_code_is_unique"),
        ("mill_supplier", supplier.id, "mill_supplier_name_is_unique"),
    ):
        twin = {name: value for name, value in (await _row(table, row_id)).items() if name != "id"}
        assert await refusal_of_insert(table, twin) == constraint
    unit = {"item_id": item.id, "unit": "bag", "factor": Decimal(90)}
    await insert("mill_item_unit", unit)
    assert await refusal_of_insert("mill_item_unit", unit) == "mill_item_unit_once"
    assert await refusal_of_insert("mill_item_unit", unit | {"factor": 0}) == "mill_item_unit_factor_is_positive"


async def test_one_alert_of_a_kind_is_open_for_a_bin_or_a_warehouse() -> None:
    place = await a_bin()
    figures = {"on_hand": 1, "threshold": 2, "raised_at": clock.now(), "priority": "HIGH", "state": "OPEN"}
    low = place | figures | {"kind": "LOW_STOCK"}
    full = figures | {"kind": "WAREHOUSE_CAPACITY", "warehouse_id": place["warehouse_id"]}
    low_id, full_id = await insert("stock_alert", low), await insert("stock_alert", full)
    assert await refusal_of_insert("stock_alert", low) == "stock_alert_open_once_of_bin"
    assert await refusal_of_insert("stock_alert", full) == "stock_alert_open_once_of_warehouse"
    assert await refusal_of_insert("stock_alert", low | {"kind": "OUT_OF_STOCK"}) is None
    assert await refusal_of_insert("stock_alert", full | {"item_id": place["item_id"]}) == "stock_alert_is_about_one_thing"
    for alert_id in (low_id, full_id):
        await execute("update stock_alert set state = 'RESOLVED', resolved_at = now() where id = $1", alert_id)
    assert await refusal_of_insert("stock_alert", low) is None
    assert await refusal_of_insert("stock_alert", full) is None


@pytest.mark.parametrize(
    ("status", "columns", "constraint"),
    [
        (PurchaseStatus.RECEIVED, {"received_at": None}, "mill_purchase_receipt_is_whole"),
        (PurchaseStatus.RECEIVED, {"received_at": None, "received_by_id": None}, "mill_purchase_received_says_when"),
        (PurchaseStatus.BILLED, {"billed_minor": None}, "mill_purchase_bill_is_whole"),
        (PurchaseStatus.RECEIVED, {"returned_minor": 1}, "mill_purchase_return_status_is_a_return"),
        (PurchaseStatus.BILLED, {"credited_minor": 1}, "mill_purchase_credit_is_within_bill"),
        (PurchaseStatus.BILLED, {"refunded_minor": 1}, "mill_purchase_refund_is_within_payments"),
        (PurchaseStatus.BILLED, {"paid_minor": -1}, "mill_purchase_paid_not_negative"),
        (PurchaseStatus.DRAFT, {"cancelled_at": clock.now()}, "mill_purchase_cancellation_is_whole"),
        (PurchaseStatus.DRAFT, {"amount_minor": 1}, "mill_purchase_is_its_lines"),
        (PurchaseStatus.BILLED, {"billed_minor": 1}, "mill_purchase_is_its_lines"),
    ],
)
async def test_purchases_that_cannot_be(status: PurchaseStatus, columns: dict[str, Any], constraint: str) -> None:
    purchase_id = await insert("mill_purchase", await purchase_columns(status, await a_bare_warehouse()))
    assert await refusal_of_update("mill_purchase", purchase_id, columns) == constraint


@pytest.mark.parametrize(
    ("status", "columns", "constraint"),
    [
        (SaleStatus.DELIVERED, {"delivered_at": None, "delivered_by_id": None}, "mill_sale_delivered_says_when"),
        (SaleStatus.DELIVERED, {"returned_minor": 1}, "mill_sale_return_is_within_amount"),
        (SaleStatus.DELIVERED, {"paid_minor": 5, "refunded_minor": 6}, "mill_sale_refund_is_within_payments"),
        (SaleStatus.PAID, {"paid_minor": -1}, "mill_sale_paid_not_negative"),
        (SaleStatus.DRAFT, {"invoice_number": "INV-1"}, "mill_sale_invoice_is_whole"),
        (SaleStatus.DELIVERED, {"finance_invoice_id": new_id()}, "mill_sale_finance_is_of_an_offer"),
        (SaleStatus.DRAFT, {"amount_minor": 1}, "mill_sale_is_its_lines"),
    ],
)
async def test_sales_that_cannot_be(status: SaleStatus, columns: dict[str, Any], constraint: str) -> None:
    sale_id = await insert("mill_sale", sale_columns(status, await a_bare_warehouse()))
    assert await refusal_of_update("mill_sale", sale_id, columns) == constraint


async def test_a_cancelled_sale_keeps_no_money() -> None:
    sale_id = await insert("mill_sale", sale_columns(SaleStatus.PAID, await a_bare_warehouse()) | {"paid_minor": 100})
    cancelled = {"status": "CANCELLED", "cancelled_at": clock.now(), "cancelled_by_id": SYSTEM_ID}
    assert await refusal_of_update("mill_sale", sale_id, cancelled) == "mill_sale_cancelled_keeps_no_money"
    assert await refusal_of_update("mill_sale", sale_id, cancelled | {"refunded_minor": 100}) is None


@pytest.mark.parametrize(
    ("status", "columns", "constraint"),
    [
        (ProductionStatus.PLANNED, {"input_cost_minor": 1}, "mill_production_planned_takes_nothing"),
        (ProductionStatus.IN_PROGRESS, {"started_by_id": None}, "mill_production_start_is_whole"),
        (ProductionStatus.COMPLETED, {"output_quantity": 0}, "mill_production_completed_has_output"),
        (ProductionStatus.COMPLETED, {"overhead_minor": 1}, "mill_production_cost_is_shared_out"),
        (ProductionStatus.PLANNED, {"planned_quantity": 0}, "mill_production_plan_is_positive"),
    ],
)
async def test_productions_that_cannot_be(status: ProductionStatus, columns: dict[str, Any], constraint: str) -> None:
    row = production_columns(status, await a_bare_warehouse(), await a_bare_item())
    assert await refusal_of_update("mill_production", await insert("mill_production", row), columns) == constraint


async def a_sale_with_a_line(*, delivered: bool) -> tuple[UUID, UUID]:
    """A sale of 2 bags (180 kg) for 500, and its line."""
    item, warehouse = await a_bare_item(), await a_bare_warehouse()
    issue: dict[str, Any] = {"kind": K.SALE_DELIVERY, "quantity": Decimal(-180), "value_minor": None}
    movement_id = await a_bare_movement(item, warehouse, **issue) if delivered else None
    async with connection() as c, c.transaction():
        status = SaleStatus.DELIVERED if delivered else SaleStatus.DRAFT
        sale_id = await insert("mill_sale", sale_columns(status, warehouse) | {"amount_minor": 500}, on=c)
        line = {
            "sale_id": sale_id,
            "line_no": 1,
            "item_id": item.id,
            "item_name": item.name,
            "unit": "bag",
            "amount_minor": 500,
        }
        goods = {"quantity": Decimal(2), "base_quantity": Decimal(180), "movement_id": movement_id}
        line_id = await insert("mill_sale_line", line | goods, on=c)
    return sale_id, line_id


async def test_a_document_is_the_sum_of_its_lines() -> None:
    sale_id, line_id = await a_sale_with_a_line(delivered=False)
    assert await refusal_of_update("mill_sale_line", line_id, {"amount_minor": 501}) == "mill_sale_is_its_lines"
    assert await refusal_of("delete from mill_sale_line where id = $1", line_id) == "mill_sale_is_its_lines"
    assert await refusal_of_update("mill_sale", sale_id, {"amount_minor": 499}) == "mill_sale_is_its_lines"


async def test_no_more_comes_back_than_was_delivered() -> None:
    _, line_id = await a_sale_with_a_line(delivered=True)
    too_much = {"returned_quantity": Decimal("180.001")}
    assert await refusal_of_update("mill_sale_line", line_id, too_much) == "mill_sale_line_returned_is_within_delivered"
    assert (
        await refusal_of_update("mill_sale_line", line_id, {"returned_minor": 501})
        == "mill_sale_line_credit_is_within_amount"
    )
    assert await refusal_of_update("mill_sale_line", line_id, {"returned_quantity": Decimal(180)}) is None
    _, line_id = await a_sale_with_a_line(delivered=False)
    some = {"returned_quantity": Decimal("0.001")}
    assert await refusal_of_update("mill_sale_line", line_id, some) == "mill_sale_line_returned_is_within_delivered"


async def test_a_line_whose_goods_moved_stays_and_so_does_the_document() -> None:
    sale_id, line_id = await a_sale_with_a_line(delivered=True)
    for change in ({"quantity": Decimal(3)}, {"base_quantity": Decimal(1)}, {"unit": "kg"}, {"movement_id": None}):
        assert await refusal_of_update("mill_sale_line", line_id, change) == "mill_line_is_kept"
    assert await refusal_of("delete from mill_sale_line where id = $1", line_id) == "mill_line_is_kept"
    gone = await refusal_of("delete from mill_sale where id = $1", sale_id, settle=False)
    assert gone == "mill_sale_moves"


async def test_a_purchase_line_returns_no_more_than_it_received() -> None:
    item, warehouse = await a_bare_item(), await a_bare_warehouse()
    movement_id = await a_bare_movement(item, warehouse, kind=K.PURCHASE_RECEIPT)
    purchase_id = await insert("mill_purchase", await purchase_columns(PurchaseStatus.RECEIVED, warehouse))
    line = {"purchase_id": purchase_id, "line_no": 1, "item_id": item.id, "item_name": item.name, "unit": "kg"}
    goods = {"quantity": Decimal(12), "base_quantity": Decimal(12), "amount_minor": 0}
    unmoved = await refusal_of_insert("mill_purchase_line", line | goods | {"received_quantity": Decimal(10)})
    assert unmoved == "mill_purchase_line_received_has_a_movement"
    received = {"received_quantity": Decimal(10), "movement_id": movement_id}
    line_id = await insert("mill_purchase_line", line | goods | received)
    refused = await refusal_of_update("mill_purchase_line", line_id, {"returned_quantity": Decimal("10.001")})
    assert refused == "mill_purchase_line_returned_is_within_received"
    assert await refusal_of_update("mill_purchase_line", line_id, {"returned_quantity": Decimal(10)}) is None


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [
        ({"kind": "TRANSFER"}, "stock_document_transfer_goes_elsewhere"),
        ({"overhead_minor": 1}, "stock_document_overhead_is_of_a_repack"),
        ({"kind": "GIFT"}, "stock_document_kind_is_known"),
        ({"cancelled_at": clock.now()}, "stock_document_cancellation_is_whole"),
    ],
)
async def test_documents_about_stock_that_cannot_be(columns: dict[str, Any], constraint: str) -> None:
    row = stock_document_columns(await a_bare_warehouse())
    assert await refusal_of_insert("stock_document", row | columns) == constraint


async def test_a_transfer_goes_to_another_warehouse() -> None:
    warehouse = await a_bare_warehouse()
    row = stock_document_columns(warehouse, kind="TRANSFER", to_warehouse_id=warehouse.id)
    assert await refusal_of_insert("stock_document", row) == "stock_document_transfer_goes_elsewhere"
    elsewhere = await a_bare_warehouse()
    assert await refusal_of_insert("stock_document", row | {"to_warehouse_id": elsewhere.id}) is None


async def test_changes_are_remembered_and_movements_need_no_second_memory() -> None:
    item, warehouse = await a_bare_item(), await a_bare_warehouse()
    await execute("update mill_item set name = 'White maize', version = 2 where id = $1", item.id)
    await insert("mill_item_unit", {"item_id": item.id, "unit": "bag", "factor": Decimal(90)})
    await a_bare_movement(item, warehouse)
    rows = await fetch(
        "select object_kind, operation, before, after from row_change where object_id = $1 order by id", item.id
    )
    assert [(row["object_kind"], row["operation"]) for row in rows] == [
        ("mill_item", "INSERT"),
        ("mill_item", "UPDATE"),
        ("mill_item", "INSERT"),
    ]
    assert (rows[1]["before"], rows[1]["after"]) == ({"name": "Maize"}, {"name": "White maize"})
    assert await fetchval("select count(*) from row_change where object_kind like 'stock_%'") == 0


async def test_what_is_listed_by_the_million_has_its_indexes() -> None:
    rows = await fetch("select indexname::text as name from pg_indexes where schemaname = 'public'")
    assert {row["name"] for row in rows} >= {
        "stock_movement_by_bin",
        "stock_movement_by_item",
        "stock_movement_by_warehouse",
        "stock_movement_by_time",
        "stock_movement_by_document",
        "stock_movement_by_source",
        "stock_movement_by_pool",
        "stock_day_by_day",
        "stock_bin_by_warehouse",
        "mill_sale_by_branch",
        "mill_sale_by_delivery",
        "mill_purchase_by_branch",
        "mill_purchase_by_receipt",
        "mill_production_by_branch",
        "mill_production_by_completion",
        "stock_document_by_branch",
    }
    triggers = await fetch(
        "select tgname::text as name from pg_trigger where tgrelid = 'stock_movement'::regclass and not tgisinternal"
    )
    assert {row["name"] for row in triggers} == {
        "stock_movement_is_kept",
        "stock_movement_is_kept_unless_erasing",
        "stock_movement_is_not_emptied",
        "personal_data_only",
    }
