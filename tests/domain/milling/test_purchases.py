"""Purchases from the order to the goods in the warehouse, and calling them off."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.database import execute
from domain.kit.errors import CurrencyMismatch, DomainError, Forbidden, InvalidInput
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.milling.accounts import COST_OF_GOODS_SOLD, NOT_BILLED, RAW_MATERIALS
from domain.milling.errors import (
    AlreadyCancelled,
    BackdatingNotAllowed,
    BlockedByLaterDocument,
    CapacityExceeded,
    FutureDate,
    InsufficientStock,
    InvalidQuantity,
    ItemContradiction,
    ItemInactive,
    PurchaseNotFound,
    PurchaseNotOpen,
    SupplierNotFound,
    UnknownUnit,
    WarehouseClosed,
    WarehouseNotFound,
)
from domain.milling.models import Item, Purchase, Supplier
from domain.milling.queries.purchases import last_purchases
from domain.milling.service.items import NewItem, create_item
from domain.milling.service.landed_cost import add_landed_cost
from domain.milling.service.purchase_orders import NewPurchase, OrderedLine
from domain.milling.service.purchases import (
    ReceivedLine,
    cancel_purchase,
    create_purchase,
    receive_purchase,
    update_purchase,
)
from domain.milling.states import ItemCategory, PurchaseStatus, ValuationMethod
from tests.support.happenings import assert_integrity, events_so_far, nothing_happens
from tests.support.milling import FIFO, a_warehouse, an_item, in_books, in_stock, issue, open_alerts, q
from tests.support.people import somebody
from tests.support.purchases import DRAFT, a_mill, a_purchase, billed, line_of, now, ordered, sent_back, shillings
from tests.support.races import outcomes_of

pytestmark = pytest.mark.usefixtures("database")

BRAN = NewItem(code="bran-1", name="Bran", category=ItemCategory.BY_PRODUCT, valuation_method=ValuationMethod.FIFO)


async def changes_told(purchase: Purchase) -> list[str]:
    told = [each.fact for each in await events_so_far() if each.name == "milling.purchase_changed"]
    return [fact.change.value for fact in told if fact.purchase.id == purchase.id]


async def test_a_purchase_brings_goods_into_stock_and_into_the_books() -> None:
    mill = await a_mill()
    wheat = await create_item(mill.manager, item=NewItem(code="WHEAT", name="Wheat", category=ItemCategory.RAW_MATERIAL))
    purchase = await a_purchase(mill, ordered(wheat, "2.5", 45_000, unit="tonne"), reference="Offer 7")
    assert (purchase.status, purchase.amount, purchase.number[:3]) == (PurchaseStatus.RECEIVED, shillings(112_500), "PO-")
    line = await line_of(purchase)
    assert (line.base_quantity, line.received_quantity, line.unit) == (q(2500), q(2500), "tonne")
    assert await in_stock(wheat, mill.warehouse) == (Decimal(2500), 112_500_00)
    assert (await in_books(RAW_MATERIALS), await in_books(NOT_BILLED)) == (112_500_00, -112_500_00)
    assert await changes_told(purchase) == ["ORDERED", "RECEIVED"]
    last = (await last_purchases(mill.keeper, [wheat.id]))[wheat.id]
    assert (last.unit_cost, last.supplier_id, last.purchase_id) == (Decimal(45), mill.supplier.id, purchase.id)
    await assert_integrity()


async def test_what_is_new_to_the_mill_is_made_on_the_way() -> None:
    """The item of an unknown code and the supplier come into being with the purchase; the same words mean the same later."""
    mill = await a_mill()
    said: dict[str, Any] = {"supplier_id": None, "new_supplier": {"name": "Kitale Bakers", "phone": "+254712345678"}}
    new = OrderedLine(new_item=BRAN, quantity=q(40), amount=shillings("333.33"))
    purchase = await a_purchase(mill, new, **said)
    item = await Item.get(code="BRAN-1")
    assert (item.name, item.category, item.base_unit, item.valuation_method) == ("Bran", "BY_PRODUCT", "kg", FIFO)
    supplier = await Supplier.get(name="Kitale Bakers")
    assert (purchase.supplier_id, purchase.supplier_name) == (supplier.id, "Kitale Bakers")
    assert await in_stock(item, mill.warehouse) == (Decimal(40), 333_33)
    again = await a_purchase(mill, new, **said)
    assert (again.supplier_id, (await line_of(again)).item_id) == (supplier.id, item.id)
    assert await Item.all().count() == 1
    flour = NewItem(code="BRAN-1", name="Bran", category=ItemCategory.FINISHED)
    async with nothing_happens():
        with pytest.raises(ItemContradiction) as refused:
            await a_purchase(mill, OrderedLine(new_item=flour, quantity=q(1), amount=shillings(1)), **said)
    assert refused.value.field == ("input", "lines", "0", "newItem", "category")
    await assert_integrity()


async def test_two_purchases_bring_the_same_new_item_at_the_same_time() -> None:
    mill = await a_mill()
    new = OrderedLine(new_item=BRAN, quantity=q(10), amount=shillings(100))
    said: dict[str, Any] = {"supplier_id": None, "new_supplier": {"name": "Kitale Bakers"}}
    done = await outcomes_of(a_purchase(mill, new, **said) for _ in range(6))
    assert [type(each) for each in done] == [Purchase] * 6
    assert (await Item.all().count(), await Supplier.filter(name="Kitale Bakers").count()) == (1, 1)
    assert await in_stock(await Item.get(code="BRAN-1"), mill.warehouse) == (Decimal(60), 600_00)


async def test_an_order_moves_nothing_until_it_is_received() -> None:
    mill, wheat = await a_mill(), await an_item()
    order = await a_purchase(mill, ordered(wheat, 100, 10), up_to=DRAFT)
    assert (order.status, order.received_at, await in_books(RAW_MATERIALS)) == (PurchaseStatus.DRAFT, None, 0)
    changes = {"lines": [ordered(wheat, 50, 12), ordered(wheat, 1, 1)], "note": "Less", "reference": "Offer 8"}
    changed = await update_purchase(mill.keeper, purchase_id=order.id, changes=changes, expected_version=1)
    assert (changed.amount, changed.note, changed.version) == (shillings(601), "Less", 2)
    with pytest.raises(DomainError) as stale:
        await update_purchase(mill.keeper, purchase_id=order.id, changes={"note": "More"}, expected_version=1)
    assert stale.value.code == "RECORD_CHANGED"
    received = await receive_purchase(mill.keeper, purchase_id=order.id)
    assert (received.status, received.received_by_id) == (PurchaseStatus.RECEIVED, mill.keeper.id)
    assert await in_stock(wheat, mill.warehouse) == (Decimal(51), 601_00)
    assert await changes_told(order) == ["ORDERED", "EDITED", "RECEIVED"]
    async with nothing_happens():
        for act in (
            receive_purchase(mill.keeper, purchase_id=order.id),
            update_purchase(mill.keeper, purchase_id=order.id, changes={"note": "Late"}),
        ):
            with pytest.raises(PurchaseNotOpen):
                await act
    await assert_integrity()


async def test_more_and_less_may_come_than_was_ordered() -> None:
    mill, wheat, bags = await a_mill(), await an_item(), await an_item(base_unit="piece")
    lines = [ordered(wheat, 3, amount=shillings(100)), ordered(bags, 10, 5), ordered(bags, 7, 5)]
    order = await a_purchase(mill, *lines, up_to=DRAFT)
    came = [
        ReceivedLine(line_no=1, quantity=q(1)),
        ReceivedLine(line_no=2, quantity=q(12)),
        ReceivedLine(line_no=3, quantity=q(0)),
    ]
    received = await receive_purchase(mill.keeper, purchase_id=order.id, received=came)
    assert received.amount == shillings("33.33") + shillings(60)
    assert await in_stock(wheat, mill.warehouse) == (Decimal(1), 33_33)
    assert await in_stock(bags, mill.warehouse) == (Decimal(12), 60_00)
    nothing = await line_of(received, 3)
    assert (nothing.quantity, nothing.received_quantity, nothing.amount_minor, nothing.movement_id) == (q(7), 0, 0, None)
    await assert_integrity()


async def test_what_came_is_said_in_any_unit_of_the_item() -> None:
    mill = await a_mill()
    new = NewItem(code="MAIZE", name="Maize", category=ItemCategory.RAW_MATERIAL, units={"bag": Decimal(90)})
    order = await a_purchase(
        mill, OrderedLine(new_item=new, quantity=q(10), unit="bag", unit_price=shillings(3600)), up_to=DRAFT
    )
    item = await Item.get(code="MAIZE")
    with pytest.raises(UnknownUnit):
        await receive_purchase(
            mill.keeper, purchase_id=order.id, received=[ReceivedLine(line_no=1, quantity=q(1), unit="box")]
        )
    came = [ReceivedLine(line_no=1, quantity=q("0.855"), unit="tonne")]
    await receive_purchase(mill.keeper, purchase_id=order.id, received=came)
    assert await in_stock(item, mill.warehouse) == (Decimal(855), 34_200_00)


@pytest.mark.parametrize(
    ("received", "refusal"),
    [
        ([ReceivedLine(line_no=2, quantity=q(1))], "LINE_NOT_FOUND"),
        ([ReceivedLine(line_no=1, quantity=q(1)), ReceivedLine(line_no=1, quantity=q(2))], "DUPLICATE_LINE"),
        ([ReceivedLine(line_no=1, quantity=q(0))], "INVALID_INPUT"),
        ([ReceivedLine(line_no=1, quantity=q(-1))], "INVALID_QUANTITY"),
        ([ReceivedLine(line_no=1, quantity=q("NaN"))], "INVALID_QUANTITY"),
        ([ReceivedLine(line_no=1, quantity=q("0.0001"))], "INVALID_QUANTITY"),
        ([ReceivedLine(line_no=1, quantity=q(10**18))], "INVALID_QUANTITY"),
    ],
)
async def test_receipts_that_make_no_sense(received: list[ReceivedLine], refusal: str) -> None:
    mill = await a_mill()
    order = await a_purchase(mill, up_to=DRAFT)
    async with nothing_happens():
        with pytest.raises(DomainError) as refused:
            await receive_purchase(mill.keeper, purchase_id=order.id, received=received)
    assert refused.value.code == refusal


async def test_orders_that_make_no_sense() -> None:
    mill, wheat = await a_mill(), await an_item()
    dollars = Money(100_00, "USD")
    wrong: list[tuple[type[DomainError], list[OrderedLine]]] = [
        (InvalidInput, []),
        (InvalidInput, [ordered(wheat, 1)]),
        (InvalidInput, [ordered(wheat, 1, 1, amount=shillings(1))]),
        (InvalidInput, [OrderedLine(quantity=q(1), amount=shillings(1))]),
        (InvalidInput, [ordered(wheat, "0.001", "0.01")]),
        (InvalidInput, [ordered(wheat, 1, 1)] * 201),
        (InvalidQuantity, [ordered(wheat, "NaN", 1)]),
        (InvalidQuantity, [ordered(wheat, -1, 1)]),
        (InvalidQuantity, [ordered(wheat, 0, 1)]),
        (InvalidQuantity, [ordered(wheat, 10**19, 1)]),
        (InvalidInput, [ordered(wheat, 10**11, 10**6)]),
        (UnknownUnit, [ordered(wheat, 1, 1, unit="box")]),
        (CurrencyMismatch, [OrderedLine(item_id=wheat.id, quantity=q(1), amount=dollars)]),
        (CurrencyMismatch, [OrderedLine(item_id=wheat.id, quantity=q(1), unit_price=dollars)]),
    ]
    async with nothing_happens():
        for kind, lines in wrong:
            order = NewPurchase(supplier_id=mill.supplier.id, warehouse_id=mill.warehouse.id, lines=lines)
            with pytest.raises(kind):
                await create_purchase(mill.keeper, order=order)
        with pytest.raises(SupplierNotFound):
            await a_purchase(mill, ordered(wheat, 1, 1), supplier_id=new_id())
        with pytest.raises(InvalidInput):
            await a_purchase(mill, ordered(wheat, 1, 1), up_to=PurchaseStatus.RETURNED)
        with pytest.raises(InvalidInput):
            await a_purchase(mill, ordered(wheat, 1, 1), up_to=DRAFT, received_at=clock.now())


async def test_one_buys_for_warehouses_that_one_sees() -> None:
    mill, other, wheat = await a_mill(), await a_mill(), await an_item()
    purchase = await a_purchase(mill, ordered(wheat, 1, 1), up_to=DRAFT)
    order = NewPurchase(supplier_id=mill.supplier.id, warehouse_id=mill.warehouse.id, lines=[ordered(wheat, 1, 1)])
    everybodys = NewPurchase(
        supplier_id=mill.supplier.id, warehouse_id=(await a_warehouse()).id, lines=[ordered(wheat, 1, 1)]
    )
    clerk = somebody(Role.SALES_CLERK, branch=mill.branch)
    async with nothing_happens():
        with pytest.raises(Forbidden):
            await create_purchase(clerk, order=order)
        for act in (create_purchase(other.keeper, order=order), create_purchase(mill.keeper, order=everybodys)):
            with pytest.raises(WarehouseNotFound):
                await act
        for refused in (
            receive_purchase(other.keeper, purchase_id=purchase.id),
            cancel_purchase(other.keeper, purchase_id=purchase.id, reason="Not mine"),
            update_purchase(other.keeper, purchase_id=purchase.id, changes={"note": "Mine"}),
            receive_purchase(mill.keeper, purchase_id=new_id()),
        ):
            with pytest.raises(PurchaseNotFound):
                await refused


async def test_only_who_may_date_back_receives_in_the_past() -> None:
    mill = await a_mill()
    order, yesterday = await a_purchase(mill, up_to=DRAFT), clock.now() - timedelta(days=1)
    async with nothing_happens():
        with pytest.raises(BackdatingNotAllowed):
            await receive_purchase(mill.keeper, purchase_id=order.id, received_at=yesterday)
        with pytest.raises(FutureDate):
            await receive_purchase(mill.manager, purchase_id=order.id, received_at=clock.now() + timedelta(days=1))
    received = await receive_purchase(mill.manager, purchase_id=order.id, received_at=yesterday)
    assert received.received_at == yesterday


@pytest.mark.parametrize(("method", "cost"), [(FIFO, 80_00), (ValuationMethod.MOVING_AVERAGE, 90_00)])
async def test_a_purchase_of_the_past_changes_what_was_sold_since(method: ValuationMethod, cost: int) -> None:
    """10 at 10.00 and of these 10 sold for 100.00; then it turns out that 10 at 8.00 had been there before."""
    mill, wheat = await a_mill(), await an_item(valuation_method=method)
    await a_purchase(mill, ordered(wheat, 10, 10), received_at=clock.now() - timedelta(days=5))
    await issue(wheat, mill.warehouse, 10)
    assert await in_books(COST_OF_GOODS_SOLD) == 100_00
    await a_purchase(mill, ordered(wheat, 10, 8), received_at=clock.now() - timedelta(days=9))
    assert await in_books(COST_OF_GOODS_SOLD) == cost
    assert await in_stock(wheat, mill.warehouse) == (Decimal(10), 180_00 - cost)
    await assert_integrity()


async def test_goods_come_where_there_is_room_and_only_what_is_still_kept() -> None:
    mill = await a_mill()
    full = await a_warehouse(branch_id=mill.branch.id, capacity_kg=Decimal(1000))
    closed = await a_warehouse(branch_id=mill.branch.id, active=False)
    wheat, barley = await an_item(weight_kg=Decimal(1)), await an_item()
    order = await a_purchase(mill, ordered(wheat, 900, 1), up_to=DRAFT, warehouse_id=full.id)
    given_up = await a_purchase(mill, ordered(barley, 1, 1), up_to=DRAFT)
    await execute("update mill_item set active = false where id = $1", barley.id)
    came = [ReceivedLine(line_no=1, quantity=q(1001))]
    async with nothing_happens():
        with pytest.raises(CapacityExceeded) as refused:
            await receive_purchase(mill.keeper, purchase_id=order.id, received=came)
        with pytest.raises(WarehouseClosed):
            await a_purchase(mill, ordered(wheat, 1, 1), warehouse_id=closed.id)
        with pytest.raises(ItemInactive):
            await receive_purchase(mill.keeper, purchase_id=given_up.id)
        with pytest.raises(ItemInactive):
            await a_purchase(mill, ordered(barley, 1, 1), up_to=DRAFT)
    assert (refused.value.capacity, refused.value.requested) == (Decimal(1000), Decimal(1001))
    await receive_purchase(mill.keeper, purchase_id=order.id)
    assert await open_alerts() == ["WAREHOUSE_CAPACITY"]


async def test_one_of_two_receives_an_order() -> None:
    mill, wheat = await a_mill(), await an_item()
    order = await a_purchase(mill, ordered(wheat, 100, 10), up_to=DRAFT)
    done = await outcomes_of(receive_purchase(mill.keeper, purchase_id=order.id) for _ in range(5))
    assert sorted(type(each).__name__ for each in done) == ["Purchase"] + ["PurchaseNotOpen"] * 4
    assert await in_stock(wheat, mill.warehouse) == (Decimal(100), 1000_00)
    assert await changes_told(order) == ["ORDERED", "RECEIVED"]
    await assert_integrity()


async def test_purchases_of_the_same_goods_at_the_same_time() -> None:
    mill, wheat = await a_mill(), await an_item(valuation_method=FIFO)
    done = await outcomes_of(a_purchase(mill, ordered(wheat, 10, 1 + number)) for number in range(8))
    assert {type(each) for each in done} == {Purchase}
    assert await in_stock(wheat, mill.warehouse) == (Decimal(80), 360_00)
    await assert_integrity()


async def test_an_order_is_called_off() -> None:
    mill = await a_mill()
    order = await a_purchase(mill, up_to=DRAFT)
    off = await cancel_purchase(mill.keeper, purchase_id=order.id, reason="Too dear")
    assert (off.status, off.cancel_reason, off.cancelled_by_id) == (PurchaseStatus.CANCELLED, "Too dear", mill.keeper.id)
    async with nothing_happens():
        with pytest.raises(AlreadyCancelled):
            await cancel_purchase(mill.keeper, purchase_id=order.id, reason="Again")
        with pytest.raises(PurchaseNotOpen):
            await receive_purchase(mill.keeper, purchase_id=order.id)
    assert await changes_told(order) == ["ORDERED", "CANCELLED"]


async def test_received_goods_are_taken_out_of_history() -> None:
    mill, wheat = await a_mill(), await an_item()
    first = await a_purchase(mill, ordered(wheat, 10, 10))
    second = await a_purchase(mill, ordered(wheat, 10, 20))
    await issue(wheat, mill.warehouse, 5)
    assert await in_books(COST_OF_GOODS_SOLD) == 75_00
    async with nothing_happens():
        with pytest.raises(Forbidden):
            await cancel_purchase(mill.keeper, purchase_id=first.id, reason="Never came")
    await cancel_purchase(mill.manager, purchase_id=first.id, reason="Never came")
    assert await in_books(COST_OF_GOODS_SOLD) == 100_00
    assert await in_stock(wheat, mill.warehouse) == (Decimal(5), 100_00)
    assert await in_books(NOT_BILLED) == -200_00
    async with nothing_happens():
        with pytest.raises(InsufficientStock):
            await cancel_purchase(mill.manager, purchase_id=second.id, reason="Neither")
    await assert_integrity()


async def test_a_purchase_is_not_cancelled_under_what_was_made_of_it() -> None:
    mill = await a_mill()
    with_bill, with_return, with_cost = [await a_purchase(mill) for _ in range(3)]
    await billed(mill, with_bill)
    await sent_back(mill, with_return, 1)
    await add_landed_cost(mill.manager, purchase_id=with_cost.id, amount=shillings(1), description="Lorry")
    async with nothing_happens():
        for purchase in (with_bill, with_return, with_cost):
            with pytest.raises(BlockedByLaterDocument):
                await cancel_purchase(mill.manager, purchase_id=purchase.id, reason="No")
    assert (await now(with_bill)).status is PurchaseStatus.BILLED
