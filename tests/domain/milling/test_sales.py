"""Selling flour: offers, orders that hold goods back, deliveries, and calling them off."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.errors import Forbidden, InvalidInput
from domain.kit.ids import new_id
from domain.ledger.chart import SALES
from domain.milling.accounts import COST_OF_GOODS_SOLD, FINISHED_GOODS, TRADE_RECEIVABLES
from domain.milling.errors import (
    AlreadyCancelled,
    BackdatingNotAllowed,
    BlockedByLaterDocument,
    CreditLimitExceeded,
    CustomerNotFound,
    FutureDate,
    InsufficientStock,
    InvalidDiscount,
    InvalidQuantity,
    ItemInactive,
    ItemNotFound,
    ItemNotInWarehouse,
    PartnerInactive,
    PriceRequired,
    RecordChanged,
    SaleNotFound,
    SaleNotOpen,
    UnknownUnit,
    WarehouseNotFound,
)
from domain.milling.models import Sale
from domain.milling.service.sale_payments import PaidNow
from domain.milling.service.sale_terms import NewSale, SoldLine, TakenOff
from domain.milling.service.sales import Doing, cancel_sale, confirm_sale, create_sale, deliver_sale, update_sale
from domain.milling.states import SaleStatus
from tests.support.happenings import assert_integrity, events_so_far, names_of_events, nothing_happens
from tests.support.milling import FIFO, a_warehouse, an_item, bin_of, in_books, in_stock, open_alerts, q, receive, stocked
from tests.support.people import a_branch, somebody
from tests.support.races import outcomes_of
from tests.support.sales import CASH, a_customer, a_new_sale, a_sale, a_shop, flour, lines_of, mill_money

pytestmark = pytest.mark.usefixtures("database")

DRAFT, CONFIRMED, DELIVERED = SaleStatus.DRAFT, SaleStatus.CONFIRMED, SaleStatus.DELIVERED


async def test_a_sale_over_the_counter_is_in_stock_and_in_the_books() -> None:
    shop = await a_shop()
    sale = await a_sale(shop, flour(shop, 100), by=shop.clerk)
    assert (sale.number[:3], sale.status, sale.customer_name) == ("SO-", DELIVERED, "Over the counter")
    assert (sale.amount, sale.due_amount) == (mill_money(6_000), mill_money(6_000))
    assert await in_stock(shop.flour, shop.warehouse) == (Decimal(900), 36_000_00)
    assert await in_books(FINISHED_GOODS) == 36_000_00
    assert await in_books(COST_OF_GOODS_SOLD) == 4_000_00
    assert await in_books(SALES) == -6_000_00
    assert await in_books(TRADE_RECEIVABLES) == 6_000_00
    assert [name for name in await names_of_events() if name.startswith("milling.")][-2:] == [
        "milling.stock_moved",
        "milling.sale_changed",
    ]
    entries = [logged.fact for logged in await events_so_far() if logged.name == "ledger.entry_posted"]
    assert (entries[-1].reference_kind, entries[-1].reference_id) == ("sale", sale.id), "one entry for all of it"
    await assert_integrity()


async def test_a_sale_that_is_paid_at_once() -> None:
    shop = await a_shop()
    sale = await a_sale(shop, paid=CASH)
    assert (sale.status, sale.due_amount) == (SaleStatus.PAID, mill_money(0))
    changes = [logged.fact.change for logged in await events_so_far() if logged.name == "milling.sale_changed"]
    assert changes == ["DELIVERED", "PAID"]
    async with nothing_happens():
        with pytest.raises(Forbidden):
            await a_sale(shop, by=shop.clerk, paid=CASH)
    await assert_integrity()


async def test_units_are_converted_and_priced_by_the_unit_that_was_said() -> None:
    shop = await a_shop(flour=5_000)
    bags = flour(shop, 3, unit="Bag", unit_price=mill_money(2_900))
    sale = await a_sale(shop, bags, flour(shop, "1.5", unit="tonne"), flour(shop, "0.125"))
    by_bag, by_tonne, by_kilogram = await lines_of(sale)
    assert (by_bag.base_quantity, by_bag.amount_minor) == (Decimal(150), 8_700_00)
    assert (by_tonne.base_quantity, by_tonne.unit_price_minor, by_tonne.amount_minor) == (q(1_500), 60_000_00, 90_000_00)
    assert by_kilogram.amount_minor == 7_50
    assert (await bin_of(shop.flour, shop.warehouse)).on_hand == Decimal("3349.875")
    await assert_integrity()


async def test_discounts_are_exact_to_the_cent() -> None:
    shop = await a_shop()
    ten_percent = flour(shop, 1, unit_price=mill_money("33.33"), discount=TakenOff(percent=Decimal(10)))
    plain = flour(shop, 1, unit_price=mill_money("33.33"))
    ten_off = flour(shop, 1, unit_price=mill_money("43.34"), discount=TakenOff(amount=mill_money(10)))
    sale = await a_sale(shop, ten_percent, plain, ten_off, discount=TakenOff(amount=mill_money(1)))
    first, second, third = await lines_of(sale)
    # 30.00, 33.33 and 33.34 before the last unit is taken off, of which they bear 0.31, 0.34 and 0.35.
    assert [first.amount_minor, second.amount_minor, third.amount_minor] == [29_69, 32_99, 32_99]
    assert (sale.amount, sale.discount) == (mill_money("95.67"), mill_money("14.33"))
    assert await in_books(SALES) == -95_67
    free = await a_sale(shop, discount=TakenOff(percent=Decimal(100)))
    assert (free.amount, free.status) == (mill_money(0), SaleStatus.PAID)
    await assert_integrity()


@pytest.mark.parametrize("quantity", ["1000.001", "5000"])
async def test_more_than_there_is_is_refused_with_both_figures(quantity: str) -> None:
    shop = await a_shop()
    async with nothing_happens():
        with pytest.raises(InsufficientStock, match=f"{quantity} of Maize flour is wanted, and 1000 can be had") as no:
            await a_sale(shop, flour(shop, quantity))
    assert (no.value.requested, no.value.available) == (Decimal(quantity), 1_000)
    assert no.value.field == ("input", "lines", "0", "quantity")


async def test_lines_of_one_item_count_together() -> None:
    shop = await a_shop()
    async with nothing_happens():
        with pytest.raises(InsufficientStock):
            await a_sale(shop, flour(shop, 600), flour(shop, 401))
        with pytest.raises(InsufficientStock):
            await a_sale(shop, flour(shop, 600), flour(shop, 401), up_to=CONFIRMED)
    await a_sale(shop, flour(shop, 600), flour(shop, 8, unit="bag"))
    assert await in_stock(shop.flour, shop.warehouse) == (0, 0)
    await assert_integrity()


async def test_one_line_short_leaves_all_the_others() -> None:
    shop = await a_shop()
    bran = await an_item(name="Bran", sale_price_minor=10_00)
    await stocked(bran, shop.warehouse, 5)
    async with nothing_happens():
        with pytest.raises(InsufficientStock, match="Bran"):
            await a_sale(shop, flour(shop, 10), SoldLine(item_id=bran.id, quantity=q(6)))


async def test_goods_of_another_warehouse() -> None:
    shop, elsewhere = await a_shop(), await a_warehouse()
    bran = await an_item(name="Bran", sale_price_minor=10_00)
    await stocked(bran, elsewhere, 5)
    for up_to in (DRAFT, CONFIRMED, DELIVERED):
        async with nothing_happens():
            with pytest.raises(ItemNotInWarehouse, match="Bran is not in Mill store") as no:
                await a_sale(shop, flour(shop, 1), SoldLine(item_id=bran.id, quantity=q(1)), up_to=up_to)
        assert no.value.field == ("input", "lines", "1", "itemId")


async def test_100_sales_at_once_of_the_last_10_bags() -> None:
    shop = await a_shop(flour=500, reorder_level=q(200))

    async def sell_a_bag() -> Sale:
        return await a_sale(shop, flour(shop, 1, unit="bag"), by=shop.clerk)

    outcomes = await outcomes_of(sell_a_bag() for _ in range(100))
    sold = [each for each in outcomes if isinstance(each, Sale)]
    refused = [each for each in outcomes if isinstance(each, InsufficientStock)]
    assert (len(sold), len(refused)) == (10, 90)
    assert {(each.requested, each.available) for each in refused} == {(50, 0)}
    assert await in_stock(shop.flour, shop.warehouse) == (0, 0)
    assert await Sale.all().count() == 10
    raised = [logged.fact.alert.kind for logged in await events_so_far() if logged.name == "milling.alert_raised"]
    assert raised == ["LOW_STOCK", "OUT_OF_STOCK"]
    assert await open_alerts() == ["OUT_OF_STOCK"]
    await assert_integrity()


async def test_an_order_holds_its_goods_back() -> None:
    shop = await a_shop()
    order = await a_sale(shop, flour(shop, 700), by=shop.clerk, up_to=CONFIRMED)
    held = await bin_of(shop.flour, shop.warehouse)
    assert (held.on_hand, held.reserved, held.available) == (1_000, 700, 300)
    assert await in_books(TRADE_RECEIVABLES) == 0 and order.due_amount == mill_money(0)
    for up_to in (CONFIRMED, DELIVERED):
        async with nothing_happens():
            with pytest.raises(InsufficientStock) as no:
                await a_sale(shop, flour(shop, 301), up_to=up_to)
        assert (no.value.requested, no.value.available) == (301, 300)
    await a_sale(shop, flour(shop, 300))
    delivered = await deliver_sale(shop.clerk, sale_id=order.id)
    assert delivered.status is DELIVERED
    left = await bin_of(shop.flour, shop.warehouse)
    assert (left.on_hand, left.reserved) == (0, 0)
    await assert_integrity()


async def test_a_draft_becomes_an_order_and_a_delivery() -> None:
    shop = await a_shop()
    sale = await a_sale(shop, by=shop.clerk, up_to=DRAFT)
    assert (await bin_of(shop.flour, shop.warehouse)).reserved == 0
    assert (await confirm_sale(shop.clerk, sale_id=sale.id)).status is CONFIRMED
    with pytest.raises(SaleNotOpen, match="is confirmed"):
        await confirm_sale(shop.clerk, sale_id=sale.id)
    done = await deliver_sale(shop.manager, sale_id=sale.id, payment=PaidNow(method=CASH))
    assert done.status is SaleStatus.PAID
    async with nothing_happens():
        with pytest.raises(SaleNotOpen, match="is paid"):
            await deliver_sale(shop.clerk, sale_id=sale.id)
    facts = [logged.fact for logged in await events_so_far() if logged.name == "milling.sale_changed"]
    assert [(fact.status_before, fact.sale.status, fact.change) for fact in facts] == [
        ("DRAFT", "DRAFT", "DRAFTED"),
        ("DRAFT", "CONFIRMED", "CONFIRMED"),
        ("CONFIRMED", "DELIVERED", "DELIVERED"),
        ("DELIVERED", "PAID", "PAID"),
    ]
    await assert_integrity()


async def test_a_draft_is_said_anew() -> None:
    shop = await a_shop()
    sale = await a_sale(shop, flour(shop, 1), flour(shop, 2), up_to=DRAFT)
    changed = a_new_sale(shop, flour(shop, 5), customer=await a_customer(), note="by Friday")
    async with nothing_happens():
        with pytest.raises(RecordChanged):
            await update_sale(shop.clerk, sale_id=sale.id, sale=changed, expected_version=7)
    again = await update_sale(shop.clerk, sale_id=sale.id, sale=changed, expected_version=sale.version)
    assert (again.amount, again.note, again.version) == (mill_money(300), "by Friday", sale.version + 1)
    assert [line.quantity for line in await lines_of(sale)] == [5]
    other = await a_warehouse(branch_id=shop.branch.id)
    with pytest.raises(InvalidInput, match="stays with its warehouse"):
        await update_sale(shop.clerk, sale_id=sale.id, sale=NewSale(warehouse_id=other.id, lines=changed.lines))
    await confirm_sale(shop.clerk, sale_id=sale.id)
    with pytest.raises(SaleNotOpen):
        await update_sale(shop.clerk, sale_id=sale.id, sale=changed)
    await assert_integrity()


async def test_calling_an_order_off_lets_its_goods_go() -> None:
    shop = await a_shop()
    order = await a_sale(shop, flour(shop, 700), up_to=CONFIRMED)
    draft = await a_sale(shop, up_to=DRAFT)
    for sale in (order, draft):
        gone = await cancel_sale(shop.clerk, sale_id=sale.id, reason="They changed their mind")
        assert (gone.status, gone.cancel_reason) == (SaleStatus.CANCELLED, "They changed their mind")
    assert (await bin_of(shop.flour, shop.warehouse)).reserved == 0
    async with nothing_happens():
        with pytest.raises(AlreadyCancelled):
            await cancel_sale(shop.clerk, sale_id=order.id, reason="Again")
    await assert_integrity()


async def test_a_delivery_is_taken_out_of_history() -> None:
    shop = await a_shop(valuation_method=FIFO)
    wrong = await a_sale(shop, flour(shop, 100))
    await receive(shop.flour, shop.warehouse, 100, 5_000_00)
    async with nothing_happens():
        with pytest.raises(Forbidden):
            await cancel_sale(shop.clerk, sale_id=wrong.id, reason="Not this customer")
    gone = await cancel_sale(shop.manager, sale_id=wrong.id, reason="Not this customer")
    assert gone.status is SaleStatus.CANCELLED and gone.due_amount == mill_money(0)
    assert await in_stock(shop.flour, shop.warehouse) == (Decimal(1_100), 45_000_00)
    assert await in_books(TRADE_RECEIVABLES) == await in_books(SALES) == await in_books(COST_OF_GOODS_SOLD) == 0
    await assert_integrity()


async def test_what_is_paid_is_not_cancelled() -> None:
    shop = await a_shop()
    sale = await a_sale(shop, paid=CASH)
    async with nothing_happens():
        with pytest.raises(BlockedByLaterDocument, match="reverse the payments first"):
            await cancel_sale(shop.manager, sale_id=sale.id, reason="A mistake")


async def test_a_customer_does_not_owe_more_than_the_limit() -> None:
    shop = await a_shop()
    customer = await a_customer(credit_limit_minor=1_000_00)
    await a_sale(shop, flour(shop, 10), customer=customer)
    order = await a_sale(shop, flour(shop, 5), customer=customer, up_to=CONFIRMED)
    for up_to in (CONFIRMED, DELIVERED):
        async with nothing_happens():
            with pytest.raises(CreditLimitExceeded, match=r"1,020\.00 would be owed, and the limit is .* 1,000\.00"):
                await a_sale(shop, flour(shop, 2), customer=customer, up_to=up_to)
    assert (await a_sale(shop, flour(shop, 2), customer=customer, paid=CASH)).status is SaleStatus.PAID
    await a_sale(shop, flour(shop, 2), customer=customer, up_to=DRAFT)
    assert (await deliver_sale(shop.clerk, sale_id=order.id)).status is DELIVERED, "an order counts once"
    await assert_integrity()


async def test_two_sales_at_once_do_not_both_use_the_same_credit() -> None:
    shop = await a_shop()
    customer = await a_customer(credit_limit_minor=1_000_00)
    outcomes = await outcomes_of(a_sale(shop, flour(shop, 10), customer=customer) for _ in range(5))
    assert sum(isinstance(each, Sale) for each in outcomes) == 1
    assert sum(isinstance(each, CreditLimitExceeded) for each in outcomes) == 4
    await assert_integrity()


async def test_a_sale_of_an_earlier_day_is_in_the_books_of_that_day() -> None:
    start = clock.now() - timedelta(days=10)
    shop = await a_shop(at=start)
    await receive(shop.flour, shop.warehouse, 1_000, 60_000_00, at=start + timedelta(days=4))
    later = await a_sale(shop, flour(shop, 500), delivered_at=start + timedelta(days=5))
    assert await in_books(COST_OF_GOODS_SOLD) == 25_000_00
    earlier = await a_sale(shop, flour(shop, 500), delivered_at=start + timedelta(days=2))
    assert earlier.delivered_at == start + timedelta(days=2)
    # 500 at 40.00, and then 500 of 500 at 40.00 with 1,000 at 60.00.
    assert await in_books(COST_OF_GOODS_SOLD) == 20_000_00 + 26_666_67
    assert later.status is DELIVERED
    async with nothing_happens():
        with pytest.raises(BackdatingNotAllowed):
            await a_sale(shop, by=shop.clerk, delivered_at=start + timedelta(days=6))
        with pytest.raises(FutureDate):
            await a_sale(shop, delivered_at=clock.now() + timedelta(hours=1))
        with pytest.raises(InsufficientStock):
            await a_sale(shop, flour(shop, 501), delivered_at=start + timedelta(days=3))
    await assert_integrity()


async def test_who_may_sell_where() -> None:
    shop, other = await a_shop(), await a_shop()
    stranger = somebody(Role.SALES_CLERK, branch=await a_branch())
    sale = await a_sale(shop, up_to=DRAFT)
    async with nothing_happens():
        with pytest.raises(WarehouseNotFound):
            await a_sale(shop, by=other.clerk)
        for by in (other.clerk, stranger):
            with pytest.raises(SaleNotFound):
                await confirm_sale(by, sale_id=sale.id)
        with pytest.raises(SaleNotFound):
            await deliver_sale(shop.clerk, sale_id=new_id())
        for by in (shop.storekeeper, shop.cashier, somebody(Role.ACCOUNTANT)):
            with pytest.raises(Forbidden):
                await a_sale(shop, by=by)


async def test_what_makes_no_sale() -> None:
    shop = await a_shop()
    bran = await an_item(name="Bran")
    await stocked(bran, shop.warehouse, 5)
    old = await an_item(active=False)
    retired = await a_customer(active=False)
    wrong = [
        (InvalidInput, {"lines": []}),
        (ItemNotFound, {"lines": [SoldLine(item_id=new_id(), quantity=q(1))]}),
        (ItemInactive, {"lines": [SoldLine(item_id=old.id, quantity=q(1))]}),
        (PriceRequired, {"lines": [SoldLine(item_id=bran.id, quantity=q(1))]}),
        (UnknownUnit, {"lines": [flour(shop, 1, unit="barrel")]}),
        *((InvalidQuantity, {"lines": [flour(shop, each)]}) for each in ("0", "-1", "NaN", "1e19", "0.0001", "Infinity")),
        (InvalidDiscount, {"lines": [flour(shop, 1, discount=TakenOff(percent=Decimal("100.5")))]}),
        (InvalidDiscount, {"lines": [flour(shop, 1, discount=TakenOff(amount=mill_money(61)))]}),
        (InvalidDiscount, {"discount": TakenOff(percent=Decimal(1), amount=mill_money(1))}),
        (CustomerNotFound, {"customer_id": new_id()}),
        (PartnerInactive, {"customer_id": retired.id}),
        (InvalidInput, {"customer_id": retired.id, "customer_name": "Both"}),
        (InvalidInput, {"customer_name": " "}),
        (InvalidInput, {"note": "x" * 501}),
    ]
    for kind, said in wrong:
        new = a_new_sale(shop)
        stated = {name: getattr(new, name) for name in ("warehouse_id", "lines")} | said
        async with nothing_happens():
            with pytest.raises(kind):
                await create_sale(shop.manager, sale=type(new)(**stated))
    for doing in (
        Doing(up_to=SaleStatus.RETURNED),
        Doing(up_to=DRAFT, payment=PaidNow(method=CASH)),
        Doing(up_to=DRAFT, delivered_at=clock.now()),
    ):
        async with nothing_happens():
            with pytest.raises(InvalidInput):
                await create_sale(shop.manager, sale=a_new_sale(shop), doing=doing)


async def test_confirming_and_calling_off_at_once() -> None:
    shop = await a_shop()
    sale = await a_sale(shop, up_to=DRAFT)
    acts = [deliver_sale(shop.manager, sale_id=sale.id), cancel_sale(shop.manager, sale_id=sale.id, reason="No")]
    outcomes = await outcomes_of(acts)
    assert sum(isinstance(each, Sale) for each in outcomes) in (1, 2), "cancelled before, or taken back after"
    await assert_integrity()


async def test_the_flow_of_a_sale() -> None:
    """Availability is checked, stock is deducted, the low stock is noticed and told; the dashboards read the same rows."""
    shop = await a_shop(flour=120, reorder_level=q(50))
    assert (await bin_of(shop.flour, shop.warehouse)).available == 120
    await a_sale(shop, flour(shop, 80), by=shop.clerk)
    assert (await bin_of(shop.flour, shop.warehouse)).available == 40
    assert await open_alerts() == ["LOW_STOCK"]
    told = [name for name in await names_of_events() if name.startswith("milling.")]
    assert told[1:] == ["milling.alert_raised", "milling.stock_moved", "milling.sale_changed"]
