"""The mill at a glance: its figures after each step of milling, selling and buying, and that they are those of the books."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from domain.identity.actor import ANONYMOUS
from domain.identity.errors import BranchNotFound
from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.database import fetch
from domain.kit.errors import Forbidden, Unauthenticated
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.ledger.chart import SALES, HouseAccount
from domain.milling.accounts import COST_OF_GOODS_SOLD, NOT_BILLED, SALES_RETURNS, TRADE_RECEIVABLES
from domain.milling.dashboards import (
    ActivityKind,
    MillDashboard,
    MillModule,
    ModuleBoard,
    dashboard_module,
    mill_dashboard,
)
from domain.milling.dashboards.stock import KindFlow, StockFlow
from domain.milling.errors import InsufficientStock
from domain.milling.events import PurchaseChanged, SaleChanged, StockMoved, StockRevalued
from domain.milling.events.documents import PurchaseFigures, SaleFigures
from domain.milling.events.stock import BinFigures
from domain.milling.jobs import fold_days
from domain.milling.models import Item, Warehouse
from domain.milling.service.alerts import acknowledge_alerts
from domain.milling.service.production_undoing import cancel_production
from domain.milling.service.productions import complete_production, start_production
from domain.milling.service.purchases import receive_purchase
from domain.milling.service.sale_payments import record_sale_payment
from domain.milling.service.sale_returns import NewSaleReturn, ReturnedLine, create_sale_return
from domain.milling.service.sales import cancel_sale, deliver_sale
from domain.milling.service.stock_documents import transfer_stock
from domain.milling.states import AlertPriority, ItemCategory, MovementKind, PurchaseStatus, SaleStatus, StockLevel
from tests.support import milled, purchases, sales
from tests.support.happenings import assert_integrity, events_so_far, nothing_happens
from tests.support.milling import a_warehouse, an_item, booked, issue, leg, q, receive, stocked
from tests.support.people import somebody
from tests.support.purchases import ordered
from tests.support.sales import CASH, flour, mill_money
from tests.support.stock_papers import line

pytestmark = pytest.mark.usefixtures("database")

K = MovementKind
NOTHING = (0, mill_money(0))


def tally(found: object) -> tuple[int, Money]:
    return found.count, found.amount  # type: ignore[attr-defined]


def kinds(flow: StockFlow) -> dict[MovementKind, tuple[int, Decimal, Money]]:
    """Of each kind: how many, kilograms, and what it was worth."""
    return {each.kind: (each.movements, each.kilograms, each.value) for each in flow.by_kind}


async def manager_sees() -> MillDashboard:
    return await mill_dashboard(somebody(Role.MILL_MANAGER, name="Mary Miller"))


async def test_an_empty_mill_has_a_dashboard_of_nothing() -> None:
    board = await manager_sees()
    assert (board.inventory.items, board.inventory.stock_value, board.inventory.lowest) == (0, mill_money(0), [])
    assert [each.category for each in board.inventory.by_category] == list(ItemCategory)
    assert (board.stock_movements.today.movements, board.stock_movements.today.by_kind) == (0, [])
    assert len(board.stock_movements.by_day) == len(board.sales_revenue.by_day) == len(board.production.by_day) == 30
    assert board.sales_revenue.today.gross_margin_percent is None
    assert board.production.today.yield_percent is board.production.today.cost_per_kg is None
    assert (board.warehouses.warehouses, board.recent_activities, board.notifications.open_alerts) == (0, [], 0)
    assert [each.priority for each in board.notifications.by_priority] == list(AlertPriority)


async def test_the_steps_of_production() -> None:
    """Planned, inputs deducted, flour and by-products added, and taken back."""
    mill = await milled.a_mill()
    production = await milled.a_production(mill, milled.PLANNED)
    board = await manager_sees()
    assert (board.production.planned, board.production.in_progress, board.production.today.completed) == (1, 0, 0)
    assert board.inventory.stock_value == mill_money(30_000)

    await start_production(mill.manager, production_id=production.id)
    board = await manager_sees()
    assert (board.production.planned, board.production.in_progress) == (0, 1)
    assert kinds(board.stock_movements.today) == {
        K.RECEIPT: (1, q("1000.000"), mill_money(30_000)),
        K.PRODUCTION_CONSUME: (1, q("100.000"), mill_money(3_000)),
    }
    assert board.inventory.stock_value == mill_money(27_000), "the rest is work in progress"

    await complete_production(mill.manager, production_id=production.id)
    board = await manager_sees()
    assert (board.production.planned, board.production.in_progress) == (0, 0)
    for figures in (board.production.today, board.production.last_7_days, board.production.by_day[-1]):
        assert (figures.completed, figures.input_kg, figures.output_kg) == (1, 100, 72)
        assert (figures.by_product_kg, figures.loss_kg, figures.yield_percent) == (27, 1, Decimal("72.00"))
        # 3,000.00 less 160.00 for the bran and 150.00 for the shorts.
        assert (figures.output_cost, figures.cost_per_kg) == (mill_money(2_690), Decimal("37.361111"))
    by_category = {each.category: (each.kilograms, each.value) for each in board.inventory.by_category}
    assert by_category[ItemCategory.FINISHED] == (72, mill_money(2_690))
    assert by_category[ItemCategory.BY_PRODUCT] == (27, mill_money(310))
    assert board.inventory.stock_value == mill_money(30_000)
    newest = board.recent_activities[0]
    assert (newest.kind, newest.subject_id, newest.status, newest.what) == (
        ActivityKind.PRODUCTION,
        production.id,
        "COMPLETED",
        "Straight flour",
    )

    await cancel_production(mill.manager, production_id=production.id, reason="The wrong wheat")
    board = await manager_sees()
    assert (board.production.today.completed, board.production.last_30_days.output_cost) == NOTHING
    assert kinds(board.stock_movements.today) == {K.RECEIPT: (1, q("1000.000"), mill_money(30_000))}
    assert board.recent_activities[0].status == "CANCELLED"
    await assert_integrity("milling")


async def test_the_steps_of_a_sale() -> None:
    """Checked, held back, deducted, warned of, paid, brought back."""
    shop = await sales.a_shop(reorder_level=q(960))
    async with nothing_happens():
        with pytest.raises(InsufficientStock):
            await sales.a_sale(shop, flour(shop, 2_000))
    sale = await sales.a_sale(shop, flour(shop, 50), up_to=SaleStatus.CONFIRMED)
    board = await manager_sees()
    assert board.sales_revenue.today.sales == 0
    assert (board.inventory.low, board.notifications.open_alerts) == (0, 0)
    assert board.recent_activities[0].status == "CONFIRMED"

    await deliver_sale(shop.manager, sale_id=sale.id)
    board = await manager_sees()
    today = board.sales_revenue.today
    assert (today.sales, today.sold, today.cost, today.delivered_kg) == (1, mill_money(3_000), mill_money(2_000), 50)
    assert (today.revenue, today.gross_margin, today.gross_margin_percent) == (
        mill_money(3_000),
        mill_money(1_000),
        Decimal("33.33"),
    )
    assert tally(board.sales_revenue.receivables) == (1, mill_money(3_000))
    assert tally(board.sales_revenue.overdue) == NOTHING
    assert [(top.item_id, top.quantity, top.revenue) for top in board.sales_revenue.top_items] == [
        (shop.flour.id, 50, mill_money(3_000))
    ]
    assert (board.inventory.low, board.inventory.out) == (1, 0)
    assert [found.item_id for found in board.inventory.lowest] == [shop.flour.id]
    assert board.notifications.open_alerts == board.notifications.unseen == 1
    assert {each.priority: each.alerts for each in board.notifications.by_priority if each.alerts} == {AlertPriority.HIGH: 1}
    [alert] = board.notifications.latest
    await acknowledge_alerts(shop.manager, alert_ids=[alert.id])
    assert ((await manager_sees()).notifications.open_alerts, (await manager_sees()).notifications.unseen) == (1, 0)

    await record_sale_payment(shop.manager, sale_id=sale.id, payment=sales.PaidNow(method=CASH, amount=mill_money(1_000)))
    assert tally((await manager_sees()).sales_revenue.receivables) == (1, mill_money(2_000))
    with clock.clock_set_to(clock.now() + timedelta(days=1)):
        assert tally((await manager_sees()).sales_revenue.overdue) == (1, mill_money(2_000))
        assert (await manager_sees()).sales_revenue.today.sales == 0
        assert (await manager_sees()).sales_revenue.last_7_days.sales == 1

    [sold] = await sales.lines_of(sale)
    back = NewSaleReturn(lines=[ReturnedLine(line_id=sold.id, quantity=q(20))], reason="Too much")
    await create_sale_return(shop.manager, sale_id=sale.id, back=back)
    board = await manager_sees()
    today = board.sales_revenue.today
    assert (today.sales, today.sold, tally(today.returns)) == (1, mill_money(3_000), (1, mill_money(1_200)))
    assert (today.revenue, today.cost, today.gross_margin) == (mill_money(1_800), mill_money(1_200), mill_money(600))
    assert tally(board.sales_revenue.receivables) == (1, mill_money(800))
    assert [(top.quantity, top.revenue) for top in board.sales_revenue.top_items] == [(30, mill_money(1_800))]
    assert (board.inventory.low, board.notifications.open_alerts) == (0, 0), "980 is above the level again"
    await assert_integrity("milling")


async def test_a_sale_that_is_called_off_was_never_sold() -> None:
    shop = await sales.a_shop()
    sale = await sales.a_sale(shop, flour(shop, 50))
    await fold_days.run()
    await cancel_sale(shop.manager, sale_id=sale.id, reason="A mistake")
    board = await manager_sees()
    today = board.sales_revenue.today
    assert (today.sales, today.revenue, today.cost) == (0, mill_money(0), mill_money(0))
    assert (tally(board.sales_revenue.receivables), board.sales_revenue.top_items) == (NOTHING, [])
    await fold_days.run()
    assert {row["measure"] for row in await fetch("select distinct measure from mill_day")} == {"OPENING"}
    await assert_integrity("milling")


async def test_the_steps_of_a_purchase() -> None:
    """Ordered, added to stock at its cost, billed, paid, sent back."""
    mill = await purchases.a_mill()
    wheat = await an_item("Wheat", weight_kg=q(2))
    purchase = await purchases.a_purchase(mill, ordered(wheat, 100, 10), up_to=PurchaseStatus.DRAFT)
    board = (await manager_sees()).purchases
    assert (tally(board.orders), tally(board.today.received)) == ((1, mill_money(1_000)), NOTHING)

    await receive_purchase(mill.keeper, purchase_id=purchase.id)
    board = (await manager_sees()).purchases
    assert (tally(board.orders), tally(board.unbilled)) == (NOTHING, (1, mill_money(1_000)))
    for figures in (board.today, board.last_30_days, board.by_day[-1]):
        assert tally(figures.received) == (1, mill_money(1_000))
    [top] = board.top_suppliers
    assert (top.supplier_id, top.purchases, top.amount) == (mill.supplier.id, 1, mill_money(1_000))
    whole = await manager_sees()
    assert kinds(whole.stock_movements.today) == {K.PURCHASE_RECEIPT: (1, q("200.000"), mill_money(1_000))}
    assert (whole.inventory.kilograms, whole.warehouses.used_kg) == (200, 200)

    await purchases.billed(mill, purchase, "1100")
    board = (await manager_sees()).purchases
    assert (tally(board.unbilled), tally(board.payables), tally(board.overdue)) == (NOTHING, (1, mill_money(1_100)), NOTHING)
    assert (await manager_sees()).inventory.stock_value == mill_money(1_100), "the goods cost what the bill says"
    with clock.clock_set_to(clock.now() + timedelta(days=15)):
        assert tally((await manager_sees()).purchases.overdue) == (1, mill_money(1_100)), "it was due after 14 days"

    await purchases.paid(mill, purchase, 600)
    assert tally((await manager_sees()).purchases.payables) == (1, mill_money(500))
    await purchases.sent_back(mill, purchase, 10)
    board = (await manager_sees()).purchases
    assert (tally(board.today.returns), tally(board.payables)) == ((1, mill_money(110)), (1, mill_money(390)))
    found = {each.kind for each in (await manager_sees()).recent_activities}
    assert {ActivityKind.PURCHASE, ActivityKind.PURCHASE_RETURN, ActivityKind.PAYMENT} <= found
    await assert_integrity("milling")


async def test_who_sees_what() -> None:
    here, there = await sales.a_shop(), await sales.a_shop(flour=500)
    for shop, kilos in ((here, 10), (there, 20)):
        await sales.a_sale(shop, flour(shop, kilos))
    away = await a_warehouse("Of no branch")
    await stocked(await an_item(), away, 7)
    for who in (here.storekeeper, here.clerk, here.cashier):
        board = await mill_dashboard(who)
        assert board.branch_id == here.branch.id
        assert [each.warehouse.id for each in board.warehouses.by_warehouse] == [here.warehouse.id]
        assert (board.warehouses.used_kg, board.inventory.kilograms) == (990, 990)
        assert board.sales_revenue.today.revenue == mill_money(600)
        assert {each.warehouse_id for each in board.recent_activities} == {here.warehouse.id}
        for branch in (there.branch.id, new_id()):
            with pytest.raises(BranchNotFound):
                await mill_dashboard(who, branch)
    board = await mill_dashboard(here.manager)
    assert (board.branch_id, board.warehouses.warehouses, board.warehouses.used_kg) == (None, 3, 990 + 480 + 7)
    assert board.sales_revenue.today.revenue == mill_money(1_800)
    assert (await mill_dashboard(here.manager, there.branch.id)).sales_revenue.today.revenue == mill_money(1_200)
    nowhere = await mill_dashboard(somebody(Role.STOREKEEPER))
    assert (nowhere.warehouses.warehouses, nowhere.sales_revenue.today.sales, nowhere.recent_activities) == (0, 0, [])
    with pytest.raises(BranchNotFound):
        await mill_dashboard(here.manager, new_id())
    for stranger, refusal in ((somebody(Role.SELLER, name="Sita"), Forbidden), (ANONYMOUS, Unauthenticated)):
        with pytest.raises(refusal):
            await mill_dashboard(stranger)
        with pytest.raises(refusal):
            await dashboard_module(stranger, MillModule.SALES)


async def test_a_module_is_the_same_part_of_the_whole() -> None:
    shop = await sales.a_shop()
    await sales.a_sale(shop)
    whole = await mill_dashboard(shop.manager)
    parts = ("inventory", "stock_movements", "production", "sales_revenue", "purchases", "warehouses")
    for module, part in zip(MillModule, parts, strict=True):
        board: ModuleBoard = await dashboard_module(shop.manager, module)
        assert board.module is module
        assert getattr(board, part) == getattr(whole, part)
        assert [name for name in parts if getattr(board, name) is not None] == [part]


async def test_kilograms_follow_the_weight_of_an_item() -> None:
    item, place = await an_item(weight_kg=q(50)), await a_warehouse()
    await receive(item, place, 10, 1_000)
    await fold_days.run()
    await issue(item, place, 4)
    assert (await manager_sees()).stock_movements.today.issued_kg == 200
    await Item.filter(id=item.id).update(weight_kg=q(25))
    today = (await manager_sees()).stock_movements.today
    assert (today.received_kg, today.issued_kg) == (250, 100)
    await assert_integrity("milling")


async def test_a_mill_beyond_all_measure_has_a_dashboard() -> None:
    heavy = Decimal("999999999999")
    item, place = await an_item(weight_kg=heavy), await a_warehouse()
    await receive(item, place, heavy, 1)
    await booked(*(leg(item, place, MovementKind.RECEIPT, heavy) for _ in range(99)))
    board = await manager_sees()
    assert board.stock_movements.today.received_kg == board.warehouses.used_kg == 100 * int(heavy) ** 2


async def test_what_an_item_lacks_without_being_watched() -> None:
    """Nothing left is OUT whether or not somebody watches it; an item that is given up is missed nowhere."""
    place = await a_warehouse()
    empty, full, given_up = await an_item("Empty"), await an_item("Full"), await an_item("Old")
    for item in (empty, full, given_up):
        await stocked(item, place, 5)
    for item in (empty, given_up):
        await issue(item, place, 5)
    await Item.filter(id=given_up.id).update(active=False)
    board = await manager_sees()
    assert (board.inventory.items, board.inventory.low, board.inventory.out) == (2, 0, 1)
    assert [found.item_id for found in board.inventory.lowest] == [empty.id]
    [stock] = board.warehouses.by_warehouse
    assert (stock.items, stock.out, stock.used_percent) == (1, 1, None)


async def test_figures_are_those_of_the_facts_and_of_the_books() -> None:
    """A month of a random mill, with back-dated purchases: day by day what movements are worth, and what the ledger says."""
    chance = random.Random(20_260_301)
    shop = await sales.a_shop(at=moment(0))
    supplier = (await purchases.a_mill()).supplier
    mill = purchases.Mill(shop.branch, shop.warehouse, shop.manager, shop.storekeeper, shop.cashier, supplier)
    other = await a_warehouse("Depot", branch_id=shop.branch.id)
    for day in range(1, 36):
        with clock.clock_set_to(moment(day)):
            for _ in range(chance.randint(0, 2)):
                await something_happens(chance, shop, mill, other, day)
        if chance.random() < 0.2:
            await fold_days.run()
    with clock.clock_set_to(moment(36)):
        board = await mill_dashboard(shop.manager)
    await assert_facts(board)
    await assert_books(board)
    await assert_log(board)
    assert board.sales_revenue.last_30_days.sales and board.purchases.last_30_days.received.count
    await assert_integrity()


def moment(day: int) -> datetime:
    return datetime(2026, 3, 1, 9, tzinfo=UTC) + timedelta(days=day)


async def something_happens(
    chance: random.Random, shop: sales.Shop, mill: purchases.Mill, other: Warehouse, day: int
) -> None:
    act = chance.choice(["sell", "sell", "sell", "buy", "buy earlier", "bring back", "move", "call off"])
    if act == "sell":
        await sales.a_sale(shop, flour(shop, chance.randint(1, 9)), paid=chance.choice([None, CASH]))
    elif act == "buy":
        await purchases.a_purchase(mill, ordered(shop.flour, chance.randint(5, 50), chance.randint(30, 50)))
    elif act == "buy earlier":
        earlier = moment(chance.randint(0, day - 1)) + timedelta(minutes=chance.randint(1, 600))
        await purchases.a_purchase(
            mill, ordered(shop.flour, chance.randint(5, 50), chance.randint(30, 50)), received_at=earlier
        )
    elif act == "move":
        moved = [line(shop.flour, chance.randint(1, 5))]
        await transfer_stock(shop.manager, from_warehouse_id=shop.warehouse.id, to_warehouse_id=other.id, lines=moved)
    else:
        sale = await sales.Sale.filter(status=SaleStatus.DELIVERED, paid_minor=0).first()
        if sale is not None and act == "call off":
            await cancel_sale(shop.manager, sale_id=sale.id, reason="A mistake")
        elif sale is not None:
            [sold] = await sales.lines_of(sale)
            back = NewSaleReturn(lines=[ReturnedLine(line_id=sold.id, quantity=q(1))], reason="Wet")
            await create_sale_return(shop.manager, sale_id=sale.id, back=back)


async def assert_facts(board: MillDashboard) -> None:
    """Movements, one by one, add up to the days, and the days to the weeks."""
    rows = await fetch(
        """select m.kind, m.effective_at, p.quantity * i.weight_kg as kg, p.value_minor as value from stock_movement m
           join stock_posting p on p.movement_id = m.id join mill_item i on i.id = m.item_id"""
    )
    for flow in (*board.stock_movements.by_day, board.stock_movements.last_7_days, board.stock_movements.last_30_days):
        within = [row for row in rows if flow.since <= row["effective_at"].date() <= flow.until]
        assert flow.movements == len(within)
        assert flow.received_kg == sum(row["kg"] for row in within if row["kg"] > 0)
        assert flow.issued_kg == -sum(row["kg"] for row in within if row["kg"] < 0)
        assert flow.received_value.amount_minor == sum(row["value"] for row in within if row["kg"] >= 0)
        assert flow.issued_value.amount_minor == -sum(row["value"] for row in within if row["kg"] < 0)
        for each in flow.by_kind:
            assert_kind(each, [row for row in within if row["kind"] == each.kind.value])
    assert board.inventory.stock_value.amount_minor == sum(row["value"] for row in rows)


def assert_kind(found: KindFlow, rows: list[object]) -> None:
    own = [row for row in rows if (row["kg"] >= 0) == found.incoming]  # type: ignore[index]
    assert found.movements == len(own)
    assert found.value.amount_minor == abs(sum(row["value"] for row in own))  # type: ignore[index]


async def assert_books(board: MillDashboard) -> None:
    """What was sold, what came back and what it cost, as the journal has it by day; and what is owed, as it stands there."""
    lines = await fetch(
        """select a.code, l.effective_on, sum(l.amount_minor)::bigint as amount from journal_line l
           join ledger_account a on a.id = l.account_id group by 1, 2"""
    )

    def booked(account: HouseAccount, since: date = date.min, until: date = date.max) -> int:
        return sum(
            each["amount"] for each in lines if each["code"] == account.code and since <= each["effective_on"] <= until
        )

    for figures in (*board.sales_revenue.by_day, board.sales_revenue.last_30_days):
        span = figures.since, figures.until
        assert figures.sold.amount_minor == -booked(SALES, *span)
        assert figures.returns.amount.amount_minor == booked(SALES_RETURNS, *span)
        assert figures.cost.amount_minor == booked(COST_OF_GOODS_SOLD, *span)
    assert board.sales_revenue.receivables.amount.amount_minor == booked(TRADE_RECEIVABLES)
    assert board.purchases.unbilled.amount.amount_minor == -booked(NOT_BILLED)


async def assert_log(board: MillDashboard) -> None:
    """The log alone says the same: the last that it tells of each bin, sale and purchase."""
    bins: dict[tuple[UUID, UUID], BinFigures] = {}
    sold: dict[UUID, SaleFigures] = {}
    bought: dict[UUID, PurchaseFigures] = {}
    for logged in await events_so_far():
        match logged.fact:
            case StockMoved() | StockRevalued():
                for found in logged.fact.bins:
                    before = bins.get((found.item_id, found.warehouse_id))
                    if before is None or before.version < found.version:
                        bins[found.item_id, found.warehouse_id] = found
            case SaleChanged():
                sold[logged.fact.sale.id] = logged.fact.sale
            case PurchaseChanged():
                bought[logged.fact.purchase.id] = logged.fact.purchase
    delivered = [sale for sale in sold.values() if sale.delivered_at and sale.status is not SaleStatus.CANCELLED]
    received = [each for each in bought.values() if each.received_at and each.status is not PurchaseStatus.CANCELLED]
    assert board.inventory.stock_value == total(found.value for found in bins.values())
    assert board.inventory.out == sum(found.level is StockLevel.OUT for found in bins.values())
    assert board.sales_revenue.receivables.amount == total(sale.due_amount for sale in delivered)
    since = board.sales_revenue.last_30_days.since
    assert board.sales_revenue.last_30_days.sold == total(
        sale.amount for sale in delivered if sale.delivered_at and sale.delivered_at.date() >= since
    )
    assert board.purchases.last_30_days.received.amount == total(
        each.amount for each in received if each.received_at and each.received_at.date() >= since
    )


def total(amounts: Iterable[Money]) -> Money:
    return sum(amounts, mill_money(0))
