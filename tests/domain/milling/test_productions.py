"""Productions: what they take and bring, what that costs, and what is refused without a trace."""

from __future__ import annotations

from decimal import Decimal

import pytest

from domain.kit.errors import DomainError, Forbidden, InvalidInput
from domain.kit.money import Money
from domain.milling.accounts import (
    BY_PRODUCTS,
    FINISHED_GOODS,
    OVERHEAD_ABSORBED,
    PACKAGING,
    RAW_MATERIALS,
    WORK_IN_PROGRESS,
)
from domain.milling.errors import InsufficientStock
from domain.milling.models import Item, Production, StockMovement
from domain.milling.service.productions import (
    Yielded,
    complete_production,
    consume_materials,
    create_production,
    start_production,
)
from domain.milling.service.recipes import ByProduct
from domain.milling.states import ItemCategory, LineRole, MovementKind
from tests.support.happenings import assert_integrity, events_so_far, names_of_events, nothing_happens
from tests.support.milled import (
    COMPLETED,
    IN_PROGRESS,
    PLANNED,
    a_bom,
    a_clerk,
    a_mill,
    a_production,
    a_stranger,
    beside,
    costs_of,
    lines_of,
    new_item,
    some,
    wanted,
)
from tests.support.milling import FIFO, a_warehouse, an_item, bin_of, in_books, in_stock, q
from tests.support.races import outcomes_of
from tests.support.stock_papers import money, received

pytestmark = pytest.mark.usefixtures("database")


async def test_raw_material_is_taken_when_it_starts_and_flour_comes_when_it_is_done() -> None:
    mill = await a_mill()
    started = await a_production(mill)
    assert (started.status, started.number[:4]) == (IN_PROGRESS, "PR-0")
    assert (started.input_cost, started.output_quantity, started.yield_percent) == (money(3_000), 0, None)
    assert await in_stock(mill.wheat, mill.store) == (q(900), 27_000_00)
    assert await in_books(WORK_IN_PROGRESS) == 3_000_00
    await assert_integrity()

    done = await complete_production(mill.keeper, production_id=started.id, yielded=Yielded(overhead=money(360)))
    # Of 3,360.00 bran carries 20 kg at 8.00, shorts 5 %, and the flour the rest.
    assert await costs_of(done) == [3_032_00, 3_000_00, 160_00, 168_00]
    assert (done.input_cost, done.overhead_cost, done.output_cost) == (money(3_000), money(360), money(3_032))
    assert done.output_cost_per_unit == Decimal("42.111111")
    assert (done.yield_percent, done.loss_kg) == (Decimal("72.00"), Decimal(1))
    assert await in_stock(mill.flour, mill.store) == (q(72), 3_032_00)
    assert await in_stock(mill.bran, mill.store) == (q(20), 160_00)
    assert await in_books(WORK_IN_PROGRESS) == 0
    assert await in_books(OVERHEAD_ABSORBED) == -360_00
    assert (await in_books(RAW_MATERIALS), await in_books(FINISHED_GOODS)) == (27_000_00, 3_032_00)
    assert await in_books(BY_PRODUCTS) == 328_00
    await assert_integrity()


async def test_straight_flour_is_72_percent_of_the_wheat() -> None:
    mill = await a_mill()
    by_products = [beside(mill.bran, 20), beside(mill.shorts, 8)]
    done = await a_production(mill, COMPLETED, by_products=by_products)
    assert (done.yield_percent, done.loss_kg, done.by_product_kg) == (Decimal("72.00"), 0, 28)
    assert await costs_of(done) == [3_000_00, 3_000_00, 0, 0]


async def test_movements_say_what_they_were_and_all_is_told_once() -> None:
    mill = await a_mill()
    before = len(await events_so_far())
    done = await a_production(mill, COMPLETED)
    moved = await StockMovement.filter(document_id=done.id).order_by("seq")
    assert [(each.kind, each.quantity) for each in moved] == [
        (MovementKind.PRODUCTION_CONSUME, -100),
        (MovementKind.PRODUCTION_BY_PRODUCT, 20),
        (MovementKind.PRODUCTION_BY_PRODUCT, 7),
        (MovementKind.PRODUCTION_OUTPUT, 72),
    ]
    told = [logged for logged in (await events_so_far())[before:] if logged.name.startswith("milling.")]
    assert [logged.name for logged in told] == ["milling.stock_moved", "milling.production_changed"]
    fact = told[-1].fact
    assert (fact.change, fact.status_before, fact.production.status) == ("COMPLETED", PLANNED, COMPLETED)
    assert fact.production.output_cost == done.output_cost
    assert [line.cost_minor for line in fact.lines] == await costs_of(done)


async def test_an_unknown_product_is_created_as_a_finished_one() -> None:
    mill = await a_mill()
    new = new_item("ATTA-2KG", base_unit="packet", weight_kg=Decimal(2))
    pollard = ByProduct(new_item=new_item("POLLARD", ItemCategory.BY_PRODUCT), quantity=q(28), share_percent=Decimal(3))
    plan = wanted(mill, item_id=None, new_item=new, quantity=q(36), by_products=[pollard])
    made = await create_production(mill.manager, production=plan, up_to=COMPLETED)
    atta, found = await Item.get(code="ATTA-2KG"), await Item.get(code="POLLARD")
    assert (atta.category, found.category) == (ItemCategory.FINISHED, ItemCategory.BY_PRODUCT)
    assert made.item_id == atta.id
    assert made.yield_percent == Decimal("72.00"), "36 packets of 2 kg of 100 kg"
    assert await in_stock(atta, mill.store) == (q(36), 2_910_00)
    again = await a_production(mill, COMPLETED, item_id=None, new_item=new, quantity=q(36), by_products=[])
    assert again.item_id == atta.id, "the second time it is known"
    assert (await names_of_events()).count("milling.item_changed") == 2
    await assert_integrity()


async def test_by_a_bill_of_materials_what_is_needed_is_scaled() -> None:
    mill = await a_mill()
    bom = await a_bom(mill)
    done = await a_production(
        mill, COMPLETED, bom_id=bom.id, item_id=None, inputs=None, by_products=None, quantity=q("0.5"), unit=None
    )
    lines = await lines_of(done)
    assert [(line.role, line.planned_quantity) for line in lines] == [
        (LineRole.OUTPUT, q("0.5")),
        (LineRole.INPUT, q("0.694")),
        (LineRole.BY_PRODUCT, q("0.139")),
        (LineRole.BY_PRODUCT, q("0.049")),
    ]
    assert (done.overhead_cost, done.input_cost) == (money("2.50"), money("20.82"))
    # 23.32 in all: bran 0.139 kg at 8.00, shorts 5 %.
    assert await costs_of(done) == [21_04, 20_82, 1_11, 1_17]
    await assert_integrity()


async def test_one_of_several_inputs_is_short_and_nothing_is_taken() -> None:
    mill = await a_mill()
    bags = await an_item("Bags", category=ItemCategory.PACKAGING, base_unit="piece", weight_kg=Decimal("0.1"))
    await received(mill.manager, bags, mill.store, 10, "5.00")
    inputs = [some(mill.wheat, 100), some(bags, 11)]
    async with nothing_happens():
        with pytest.raises(InsufficientStock, match="of Bags is wanted, and") as refused:
            await a_production(mill, inputs=inputs)
    assert (refused.value.requested, refused.value.available) == (q(11), q(10))
    assert refused.value.field == ("input", "inputs", "1", "quantity")
    planned = await a_production(mill, PLANNED, inputs=inputs)
    for act in (start_production, complete_production):
        async with nothing_happens():
            with pytest.raises(InsufficientStock) as refused:
                await act(mill.keeper, production_id=planned.id)
        assert refused.value.field == ("input", "productionId")
    assert await in_stock(mill.wheat, mill.store) == (q(1_000), 30_000_00)
    await received(mill.manager, bags, mill.store, 1, "5.00")
    started = await start_production(mill.keeper, production_id=planned.id)
    # Bags cost and do not count as what is milled.
    assert (started.input_cost, started.input_kg) == (money(3_055), 100)
    assert await in_books(PACKAGING) == 0
    await assert_integrity()


async def test_materials_that_are_not_kept_there() -> None:
    mill = await a_mill()
    maize = await an_item("Maize")
    async with nothing_happens():
        with pytest.raises(DomainError) as refused:
            await a_production(mill, inputs=[some(mill.wheat, 1), some(maize, 1)])
    assert (refused.value.code, refused.value.field) == ("ITEM_NOT_IN_WAREHOUSE", ("input", "inputs", "1", "quantity"))


async def test_more_may_be_taken_while_it_is_in_progress() -> None:
    mill = await a_mill()
    gluten = await an_item("Gluten")
    await received(mill.manager, gluten, mill.store, 5, "100.00")
    production = await a_production(mill)
    more = [some(mill.wheat, 20), some(gluten, 2)]
    taken = await consume_materials(mill.keeper, production_id=production.id, materials=more)
    assert (taken.input_cost, taken.input_kg) == (money(3_800), 122)
    assert [(line.planned_quantity, line.actual_quantity) for line in await lines_of(taken, LineRole.INPUT)] == [
        (100, 120),
        (0, 2),
    ]
    async with nothing_happens():
        with pytest.raises(InsufficientStock) as refused:
            await consume_materials(mill.keeper, production_id=production.id, materials=[some(gluten, 4)])
    assert refused.value.field == ("input", "materials", "0", "quantity")
    done = await complete_production(mill.keeper, production_id=production.id, yielded=Yielded(quantity=q(90)))
    assert (done.output_quantity, done.yield_percent) == (90, Decimal("73.77"))
    assert (await costs_of(done))[0] == 3_800_00 - 160_00 - 190_00
    for act in (start_production, complete_production):
        async with nothing_happens():
            with pytest.raises(DomainError, match="this production is completed"):
                await act(mill.keeper, production_id=production.id)
    async with nothing_happens():
        with pytest.raises(DomainError) as refused_late:
            await consume_materials(mill.keeper, production_id=production.id, materials=more)
    assert refused_late.value.code == "PRODUCTION_NOT_OPEN"
    await assert_integrity()


async def test_what_came_out_may_differ_from_the_plan() -> None:
    mill = await a_mill()
    germ = await an_item("Germ", category=ItemCategory.BY_PRODUCT)
    production = await a_production(mill)
    came = Yielded(quantity=q("0.0695"), unit="tonne", by_products=[beside(mill.bran, 21), beside(germ, 3, share="10")])
    async with nothing_happens():
        with pytest.raises(DomainError) as refused:
            await complete_production(mill.keeper, production_id=production.id, yielded=came)
    assert (refused.value.code, refused.value.field) == ("UNKNOWN_UNIT", ("input", "unit"))
    came = Yielded(quantity=q("69.5"), by_products=came.by_products)
    done = await complete_production(mill.keeper, production_id=production.id, yielded=came)
    # Bran keeps the cost that was planned for it; there are no shorts; germ was not planned.
    assert [(line.item_name, line.actual_quantity, line.cost_minor) for line in await lines_of(done)] == [
        ("Straight flour", q("69.5"), 2_532_00),
        ("Wheat", 100, 3_000_00),
        ("Bran", 21, 168_00),
        ("Shorts", 0, 0),
        ("Germ", 3, 300_00),
    ]
    assert (done.yield_percent, done.loss_kg) == (Decimal("69.50"), q("6.5"))
    await assert_integrity()


async def test_by_products_never_carry_more_than_there_is() -> None:
    mill = await a_mill()
    production = await a_production(mill, COMPLETED, by_products=[beside(mill.bran, 20, each="999.00")])
    assert await costs_of(production) == [0, 3_000_00, 3_000_00]
    assert await in_stock(mill.flour, mill.store) == (72, 0)
    await assert_integrity()


async def test_cents_are_not_lost_between_output_and_by_products() -> None:
    mill = await a_mill(wheat=3, cost="0.33", valuation_method=FIFO)
    by_products = [beside(mill.bran, "0.333", share="33.33"), beside(mill.shorts, "0.333", share="33.33")]
    done = await a_production(mill, COMPLETED, inputs=[some(mill.wheat, 3)], by_products=by_products, quantity=q("0.7"))
    assert await costs_of(done) == [33, 99, 33, 33]
    again = await received(mill.manager, mill.wheat, mill.store, 1, "0.01")
    assert again is not None
    done = await a_production(mill, COMPLETED, inputs=[some(mill.wheat, 1)], by_products=by_products, quantity=q("0.7"))
    assert await costs_of(done) == [1, 1, 0, 0]
    await assert_integrity()


async def test_the_output_may_go_elsewhere_as_far_as_there_is_room() -> None:
    mill = await a_mill()
    shop = await a_warehouse("Shop", branch_id=mill.branch.id, capacity_kg=q(100))
    done = await a_production(mill, COMPLETED, output_warehouse_id=shop.id)
    assert (await in_stock(mill.flour, shop))[0] == 72
    assert (await in_stock(mill.bran, shop))[0] == 20
    production = await a_production(mill, output_warehouse_id=shop.id)
    async with nothing_happens():
        with pytest.raises(DomainError) as refused:
            await complete_production(mill.keeper, production_id=production.id)
    assert refused.value.code == "WAREHOUSE_CAPACITY_EXCEEDED"
    async with nothing_happens():
        with pytest.raises(DomainError):
            await a_production(mill, COMPLETED, output_warehouse_id=shop.id)
    assert done.output_warehouse_id == shop.id
    assert (await bin_of(mill.wheat, mill.store)).on_hand == 800
    await assert_integrity()


async def test_who_may_do_what() -> None:
    mill = await a_mill()
    stranger, clerk = await a_stranger(), a_clerk(mill.branch)
    theirs = await a_warehouse("Elsewhere", branch_id=stranger.branch_id)
    production = await a_production(mill)
    async with nothing_happens():
        for act in (start_production, complete_production):
            with pytest.raises(DomainError) as refused:
                await act(stranger, production_id=production.id)
            assert refused.value.code == "PRODUCTION_NOT_FOUND"
            with pytest.raises(Forbidden):
                await act(clerk, production_id=production.id)
        for place in ("warehouse_id", "output_warehouse_id"):
            with pytest.raises(DomainError) as refused:
                await a_production(mill, actor=mill.keeper, **{place: theirs.id})
            assert refused.value.code == "WAREHOUSE_NOT_FOUND"
        with pytest.raises(DomainError) as refused:
            await a_production(mill, actor=mill.keeper, at=production.started_at)
        assert refused.value.code == "BACKDATING_NOT_ALLOWED"


async def test_two_complete_it_at_once_and_one_of_them_does() -> None:
    mill = await a_mill()
    production = await a_production(mill)
    acts = [complete_production(mill.keeper, production_id=production.id) for _ in range(3)]
    outcomes = await outcomes_of(acts)
    refused = [each for each in outcomes if isinstance(each, DomainError)]
    assert len(refused) == 2
    assert {each.code for each in refused} == {"PRODUCTION_NOT_OPEN"}
    assert await in_stock(mill.flour, mill.store) == (72, 3_000_00 - 160_00 - 150_00)
    await assert_integrity()


async def test_the_last_wheat_is_milled_once() -> None:
    mill = await a_mill(wheat=150)
    outcomes = await outcomes_of(a_production(mill) for _ in range(3))
    assert sorted(type(each).__name__ for each in outcomes) == ["InsufficientStock", "InsufficientStock", "Production"]
    assert await in_stock(mill.wheat, mill.store) == (50, 1_500_00)
    assert await Production.all().count() == 1
    await assert_integrity()


@pytest.mark.parametrize("quantity", ["0", "-1", "NaN", "Infinity", "0.0001", "1" + "0" * 19])
async def test_quantities_that_are_none(quantity: str) -> None:
    mill = await a_mill(wheat=200)
    production = await a_production(mill)
    bad = Decimal(quantity)
    async with nothing_happens():
        with pytest.raises(InvalidInput) as refused:
            await a_production(mill, quantity=bad)
        assert refused.value.field == ("input", "quantity")
        with pytest.raises(InvalidInput) as refused:
            await a_production(mill, inputs=[some(mill.wheat, quantity)])
        assert refused.value.field == ("input", "inputs", "0", "quantity")
        with pytest.raises(InvalidInput) as refused:
            await complete_production(mill.keeper, production_id=production.id, yielded=Yielded(quantity=bad))
        assert refused.value.field == ("input", "quantity")
        with pytest.raises(InvalidInput) as refused:
            by_products = [beside(mill.bran, quantity)]
            await complete_production(mill.keeper, production_id=production.id, yielded=Yielded(by_products=by_products))
        assert refused.value.field == ("input", "byProducts", "0", "quantity")


async def test_plans_that_contradict_themselves() -> None:
    mill = await a_mill()
    bom = await a_bom(mill)
    refusals = {
        "INVALID_BOM byProducts.0.itemId": {"by_products": [beside(mill.flour, 1)]},
        "INVALID_BOM inputs.0.itemId": {"inputs": [some(mill.flour, 1)]},
        "INVALID_BOM byProducts": {"by_products": [beside(mill.bran, 1, share="60"), beside(mill.shorts, 1, share="41")]},
        "INVALID_BOM byProducts.0.sharePercent": {"by_products": [beside(mill.bran, 1, share="6", each="1")]},
        "INVALID_INPUT byProducts.0.sharePercent": {"by_products": [beside(mill.bran, 1, share="NaN")]},
        "DUPLICATE_LINE inputs.1.itemId": {"inputs": [some(mill.wheat, 1), some(mill.wheat, 2)]},
        "INVALID_INPUT inputs": {"inputs": []},
        "INVALID_INPUT bomId": {"inputs": None},
        "INVALID_BOM itemId": {"bom_id": bom.id, "item_id": mill.bran.id},
        "CURRENCY_MISMATCH overhead.currency": {"overhead": Money(1, "USD")},
        "INVALID_AMOUNT overhead": {"overhead": money(-1)},
        "ITEM_NOT_FOUND inputs.0.itemId": {"inputs": [some(await a_gone_item(), 1)]},
    }
    for expected, changes in refusals.items():
        async with nothing_happens():
            with pytest.raises(DomainError) as refused:
                await a_production(mill, **changes)
        assert f"{refused.value.code} {'.'.join((refused.value.field or ())[1:])}" == expected


async def a_gone_item() -> Item:
    item = await an_item("Gone")
    await item.delete()
    return item


async def test_what_no_mill_can_make() -> None:
    mill = await a_mill()
    lead = await an_item("Lead", weight_kg=Decimal(10**9), category=ItemCategory.FINISHED)
    for changes in ({"quantity": q("999999999999.999")}, {"item_id": lead.id, "quantity": q(10**11)}):
        async with nothing_happens():
            with pytest.raises(InvalidInput) as refused:
                await a_production(mill, COMPLETED, **changes)
        assert (refused.value.code, refused.value.field) == ("INVALID_QUANTITY", ("input", "quantity"))
