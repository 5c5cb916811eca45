"""The mill from end to end: bought, milled, sold; and a purchase of an earlier day that becomes known later."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeVar

import pytest

from domain.events.listeners import catch_up
from domain.identity.actor import Actor
from domain.identity.models import Branch
from domain.identity.permissions import Role
from domain.kit.clock import clock_set_to
from domain.kit.context import CallContext, call_context
from domain.milling.accounts import (
    BY_PRODUCTS,
    COST_OF_GOODS_SOLD,
    FINISHED_GOODS,
    NOT_BILLED,
    PACKAGING,
    RAW_MATERIALS,
    WORK_IN_PROGRESS,
)
from domain.milling.dashboards import mill_dashboard
from domain.milling.models import Item, Production, Purchase, StockMovement, Warehouse
from domain.milling.service.items import NewItem
from domain.milling.service.production_plans import NewProduction
from domain.milling.service.production_undoing import cancel_production
from domain.milling.service.productions import complete_production, create_production
from domain.milling.service.purchase_orders import NewPurchase, OrderedLine
from domain.milling.service.purchases import create_purchase
from domain.milling.service.recipes import ByProduct, Ingredient
from domain.milling.service.sale_terms import NewSale, SoldLine
from domain.milling.service.sales import Doing, create_sale
from domain.milling.states import ItemCategory, MovementKind, ProductionStatus
from domain.notifications.handlers import notifier
from domain.notifications.models import Notification
from tests.support.happenings import assert_integrity, events_so_far
from tests.support.milled import costs_of, new_item
from tests.support.milling import a_warehouse, day, in_books, in_stock, q
from tests.support.people import a_branch, an_actor
from tests.support.stock_papers import money

pytestmark = pytest.mark.usefixtures("database")

T = TypeVar("T")

NOON = datetime(2026, 3, 20, 12, tzinfo=UTC)
WHEAT = new_item("WHEAT", ItemCategory.RAW_MATERIAL, name="Wheat", units={"bag": Decimal(90)})
BAGS = new_item("BAG-50", ItemCategory.PACKAGING, name="Bag of 50 kg", base_unit="piece")
FLOUR = new_item("FLOUR", name="Flour", sale_price=money(70))
BRAN = new_item("BRAN", ItemCategory.BY_PRODUCT, name="Bran")


@dataclass
class People:
    branch: Branch
    store: Warehouse
    manager: Actor
    keeper: Actor
    clerk: Actor


async def some_people() -> People:
    branch = await a_branch()
    return People(
        branch=branch,
        store=await a_warehouse("Main store", branch_id=branch.id),
        manager=await an_actor(Role.MILL_MANAGER, name="Mary Miller"),
        keeper=await an_actor(Role.STOREKEEPER, name="Sam Storekeeper", branch_id=branch.id),
        clerk=await an_actor(Role.SALES_CLERK, name="Carol Clerk", branch_id=branch.id),
    )


async def by(actor: Actor, act: Awaitable[T]) -> T:
    """The act as the log knows who did it."""
    with call_context(CallContext(actor_id=actor.id)):
        return await act


async def bought(mill: People, *lines: OrderedLine, at: datetime | None = None) -> Purchase:
    order = NewPurchase(warehouse_id=mill.store.id, lines=lines, new_supplier={"name": "Njoro Farmers"})
    return await by(mill.manager, create_purchase(mill.manager, order=order, received_at=at))


def wheat(quantity: str, price: str) -> OrderedLine:
    return OrderedLine(new_item=WHEAT, quantity=q(quantity), unit_price=money(price))


async def item(new: NewItem) -> Item:
    return await Item.get(code=new.code)


async def milled(mill: People, **said: Any) -> Production:
    plan = NewProduction(
        quantity=q(720),
        warehouse_id=mill.store.id,
        new_item=FLOUR,
        inputs=[
            Ingredient(item_id=(await item(WHEAT)).id, quantity=q(1_000)),
            Ingredient(item_id=(await item(BAGS)).id, quantity=q(14)),
        ],
        by_products=[ByProduct(new_item=BRAN, quantity=q(270), share_percent=Decimal(10))],
    )
    return await by(mill.keeper, create_production(said.pop("actor", mill.keeper), production=plan, **said))


async def sold(mill: People, quantity: str, at: datetime | None = None) -> Any:
    line = SoldLine(item_id=(await item(FLOUR)).id, quantity=q(quantity))
    sale = NewSale(warehouse_id=mill.store.id, lines=[line])
    actor = mill.clerk if at is None else mill.manager
    return await by(actor, create_sale(actor, sale=sale, doing=Doing(delivered_at=at)))


async def told(person: Actor) -> list[str]:
    await events_so_far()
    await catch_up(notifier)
    rows = await Notification.filter(recipient_id=person.id).order_by("source_position")
    return [row.type for row in rows if row.category.value == "MILLING"]


async def test_the_production_flow_step_by_step() -> None:
    mill = await some_people()
    bags = OrderedLine(new_item=BAGS, quantity=q(20), unit_price=money(25))
    await bought(mill, wheat("2000", "40.00"), bags)

    # 1. A production is created: raw materials are deducted.
    production = await milled(mill)
    assert await in_stock(await item(WHEAT), mill.store) == (1_000, 40_000_00)
    assert await in_stock(await item(BAGS), mill.store) == (6, 150_00)
    assert await in_books(WORK_IN_PROGRESS) == 40_350_00
    board = await mill_dashboard(mill.keeper)
    assert (board.production.in_progress, board.production.today.completed) == (1, 0)

    # 2. The finished product comes into the inventory by itself, in its category.
    production = await by(mill.keeper, complete_production(mill.keeper, production_id=production.id))
    flour, bran = await item(FLOUR), await item(BRAN)
    assert (flour.category, bran.category) == (ItemCategory.FINISHED, ItemCategory.BY_PRODUCT)
    assert await in_stock(flour, mill.store) == (720, 36_315_00)
    assert await in_stock(bran, mill.store) == (270, 4_035_00)
    assert (await in_books(FINISHED_GOODS), await in_books(BY_PRODUCTS)) == (36_315_00, 4_035_00)
    assert (await in_books(RAW_MATERIALS), await in_books(PACKAGING)) == (40_000_00, 150_00)
    assert (production.yield_percent, production.loss_kg) == (Decimal("72.00"), 10)

    # 3. Movements are recorded for both.
    moved = await StockMovement.filter(document_id=production.id).order_by("seq")
    assert [each.kind for each in moved] == [
        MovementKind.PRODUCTION_CONSUME,
        MovementKind.PRODUCTION_CONSUME,
        MovementKind.PRODUCTION_BY_PRODUCT,
        MovementKind.PRODUCTION_OUTPUT,
    ]

    # 4. Those whom it concerns are told, whoever did it is not.
    assert "PRODUCTION_COMPLETED" in await told(mill.manager)
    assert "PRODUCTION_COMPLETED" not in await told(mill.keeper)
    notice = await Notification.get(recipient_id=mill.manager.id, type="PRODUCTION_COMPLETED")
    assert production.number in notice.body

    # 5. The dashboard knows.
    board = await mill_dashboard(mill.keeper)
    assert (board.production.in_progress, board.production.today.completed) == (0, 1)
    assert (board.production.today.output_kg, board.production.today.yield_percent) == (720, Decimal("72.00"))
    assert board.production.today.output_cost == production.output_cost
    await assert_integrity()


async def test_a_purchase_that_becomes_known_later_reaches_flour_and_what_was_sold() -> None:
    with clock_set_to(NOON):
        mill = await some_people()
        bags = OrderedLine(new_item=BAGS, quantity=q(14), unit_price=money(25))
        await bought(mill, wheat("1000", "40.00"), bags, at=day(2))
        production = await milled(mill, actor=mill.manager, up_to=ProductionStatus.COMPLETED, at=day(5))
        sale = await sold(mill, "360", at=day(6))
        assert await in_books(COST_OF_GOODS_SOLD) == 18_157_50
        before = await costs_of(production)
        assert before == [36_315_00, 40_000_00, 350_00, 4_035_00]

        # The papers of another 1,000 kg at 60.00 turn up: they had come the day before the milling.
        await bought(mill, wheat("1000", "60.00"), at=day(4))
        after = await Production.get(id=production.id)
        assert await costs_of(after) == [45_315_00, 50_000_00, 350_00, 5_035_00]
        assert (after.output_cost_per_unit, after.version) == (Decimal("62.937500"), production.version + 1)
        assert await in_books(COST_OF_GOODS_SOLD) == 22_657_50
        assert await in_stock(await item(FLOUR), mill.store) == (360, 22_657_50)
        assert await in_stock(await item(WHEAT), mill.store) == (1_000, 50_000_00)
        assert await in_books(NOT_BILLED) == -100_350_00
        changes = [each.fact.change for each in await events_so_far() if each.name == "milling.production_changed"]
        assert changes == ["COMPLETED", "REVALUED"]

        # What is sold keeps its production, until the sale is taken back.
        with pytest.raises(Exception, match="Flour") as refused:
            await cancel_production(mill.manager, production_id=production.id, reason="Weighed wrongly")
        assert getattr(refused.value, "code", None) == "INSUFFICIENT_STOCK"
        assert sale.amount == money(25_200)
    await assert_integrity()
