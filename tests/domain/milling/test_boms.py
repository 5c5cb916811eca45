"""Bills of materials: what they say, who may say it, and what making a quantity by one takes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from domain.kit.errors import DomainError, Forbidden
from domain.kit.money import Money
from domain.kit.paging import PageRequest
from domain.milling.models import BomLine, Item, Production
from domain.milling.queries.production import bills_of_materials
from domain.milling.queries.production_plan import ProductionPlan, production_plan
from domain.milling.service.boms import BomChanges, update_bill_of_materials
from domain.milling.service.production_editing import PlanChanges, update_production
from domain.milling.service.productions import complete_production
from domain.milling.states import CostRule, ItemCategory, LineRole
from tests.support.happenings import assert_integrity, events_so_far, names_of_events, nothing_happens
from tests.support.milled import (
    COMPLETED,
    PLANNED,
    Mill,
    a_bom,
    a_mill,
    a_production,
    a_stranger,
    beside,
    costs_of,
    lines_of,
    new_item,
    some,
)
from tests.support.milling import FIFO, a_warehouse, an_item, q
from tests.support.people import a_branch
from tests.support.stock_papers import also_in_tonnes, money, received

pytestmark = pytest.mark.usefixtures("database")


async def test_a_bill_says_what_goes_in_and_what_comes_out() -> None:
    mill = await a_mill()
    await also_in_tonnes(mill.wheat)
    bom = await a_bom(mill, code=" straight ", inputs=[some(mill.wheat, "0.1", "tonne")])
    assert (bom.code, bom.output_quantity, bom.overhead, bom.version) == ("STRAIGHT", 72, money(360), 1)
    lines = await BomLine.filter(bom_id=bom.id).order_by("line_no")
    assert [(row.role, row.unit, row.quantity, row.base_quantity, row.cost_rule, row.cost_value) for row in lines] == [
        (LineRole.INPUT, "tonne", q("0.1"), 100, None, None),
        (LineRole.BY_PRODUCT, "kg", 20, 20, CostRule.FIXED, 800),
        (LineRole.BY_PRODUCT, "kg", 7, 7, CostRule.SHARE, 500),
    ]
    assert (await names_of_events())[-1] == "milling.bom_changed"
    with pytest.raises(DomainError) as refused:
        await a_bom(mill)
    assert (refused.value.code, refused.value.field) == ("BOM_TAKEN", ("input", "code"))
    made = await a_bom(mill, code="NEW", item_id=None, new_item=new_item("SEMOLINA"), by_products=[])
    assert (await Item.get(id=made.item_id)).category is ItemCategory.FINISHED
    await assert_integrity()


async def test_a_change_makes_a_version_and_leaves_productions_alone() -> None:
    mill = await a_mill()
    bom = await a_bom(mill)
    planned = await a_production(mill, bom_id=bom.id, item_id=None, inputs=None, by_products=None)
    same = BomChanges(name="Straight flour", inputs=[some(mill.wheat, 100)], overhead=money(360))
    assert (await update_bill_of_materials(mill.manager, bom_id=bom.id, changes=same)).version == 1
    other = BomChanges(quantity=q(75), by_products=[beside(mill.bran, 23, share="10")], note="Harder wheat")
    changed = await update_bill_of_materials(mill.manager, bom_id=bom.id, changes=other, expected_version=1)
    assert (changed.version, changed.output_quantity, changed.note) == (2, 75, "Harder wheat")
    assert await BomLine.filter(bom_id=bom.id).count() == 2
    async with nothing_happens():
        with pytest.raises(DomainError) as refused:
            await update_bill_of_materials(mill.manager, bom_id=bom.id, changes=other, expected_version=1)
        assert refused.value.field == ("input", "expectedVersion")
        with pytest.raises(DomainError) as refused:
            circular = BomChanges(inputs=[some(mill.flour, 1)])
            await update_bill_of_materials(mill.manager, bom_id=bom.id, changes=circular)
        assert refused.value.code == "INVALID_BOM"
        with pytest.raises(Forbidden):
            await update_bill_of_materials(mill.keeper, bom_id=bom.id, changes=other)
        with pytest.raises(DomainError) as refused:
            await update_bill_of_materials(mill.manager, bom_id=planned.id, changes=other)
        assert refused.value.code == "BOM_NOT_FOUND"
    assert len(await costs_of(await Production.get(id=planned.id))) == 4


async def test_one_that_is_not_used_any_more() -> None:
    mill = await a_mill()
    bom = await a_bom(mill)
    await update_bill_of_materials(mill.manager, bom_id=bom.id, changes=BomChanges(active=False))
    assert (await bills_of_materials(mill.keeper, PageRequest())).rows == []
    assert [row.id for row in (await bills_of_materials(mill.keeper, PageRequest(), active=None)).rows] == [bom.id]
    assert (await bills_of_materials(mill.keeper, PageRequest(), active=None, item_id=mill.bran.id)).rows == []
    async with nothing_happens():
        with pytest.raises(DomainError) as refused:
            await a_production(mill, bom_id=bom.id, item_id=None, inputs=None, by_products=None)
    assert refused.value.code == "BOM_INACTIVE"


@pytest.mark.parametrize(
    ("expected", "changes"),
    [
        ("INVALID_INPUT code", {"code": "no such code"}),
        ("INVALID_INPUT name", {"name": " "}),
        ("INVALID_INPUT note", {"note": "x" * 501}),
        ("INVALID_QUANTITY quantity", {"quantity": Decimal("NaN")}),
        ("INVALID_QUANTITY quantity", {"quantity": Decimal(0)}),
        ("UNKNOWN_UNIT unit", {"unit": "bushel"}),
        ("INVALID_INPUT inputs", {"inputs": []}),
        ("CURRENCY_MISMATCH overhead.currency", {"overhead": Money(1, "USD")}),
        ("ITEM_CONTRADICTION", {"item_id": None, "new_item": new_item("WHEAT-1", base_unit="bag")}),
    ],
)
async def test_what_contradicts_itself_is_no_bill(expected: str, changes: dict[str, object]) -> None:
    mill = await a_mill(wheat=0)
    await an_item("Wheat one", code="WHEAT-1")
    async with nothing_happens():
        with pytest.raises(DomainError) as refused:
            await a_bom(mill, **changes)
    assert f"{refused.value.code} {'.'.join((refused.value.field or ())[1:])}".startswith(expected)


async def planned(mill: Mill, bom_id: object, quantity: str, **said: object) -> ProductionPlan:
    return await production_plan(
        mill.keeper,
        bom_id=bom_id,
        quantity=q(quantity),
        warehouse_id=mill.store.id,
        **said,  # type: ignore[arg-type]
    )


async def test_a_plan_says_what_is_needed_missing_and_what_it_will_cost() -> None:
    mill = await a_mill(wheat=0)
    wheat = await an_item("Spring wheat", valuation_method=FIFO)
    bags = await an_item("Bags", category=ItemCategory.PACKAGING, base_unit="piece", weight_kg=Decimal("0.1"))
    bom = await a_bom(mill, inputs=[some(wheat, 100), some(bags, 2)])
    unknown = await planned(mill, bom.id, "72")
    assert [(each.needed, each.available, each.missing, each.cost) for each in unknown.materials] == [
        (100, 0, 100, None),
        (2, 0, 2, None),
    ]
    assert (unknown.output_cost, unknown.can_start, unknown.possible_quantity) == (None, False, 0)

    await received(mill.manager, wheat, mill.store, 60, "20.00")
    await received(mill.manager, wheat, mill.store, 60, "30.00")
    await received(mill.manager, bags, mill.store, 3, "5.00")
    plan = await planned(mill, bom.id, "72")
    # The older wheat first, as production would take it: 60 at 20.00 and 40 at 30.00.
    assert [each.cost for each in plan.materials] == [money(2_400), money(10)]
    assert (plan.input_cost, plan.overhead, plan.can_start) == (money(2_410), money(360), True)
    assert [each.cost for each in plan.by_products] == [money(160), money("138.50")]
    assert (plan.output_cost, plan.cost_per_unit) == (money("2471.50"), Decimal("34.326389"))
    assert plan.possible_quantity == q("86.4"), "120 kg of wheat are for so much; three bags for 125.999"
    done = await a_production(mill, COMPLETED, bom_id=bom.id, item_id=None, inputs=None, by_products=None)
    assert done.output_cost == plan.output_cost, "it comes to what was estimated"

    short = await planned(mill, bom.id, "144")
    assert [(each.missing, each.cost) for each in short.materials] == [(180, money(6_000)), (3, money(20))]
    assert short.possible_quantity == q("14.4")


async def test_what_is_elsewhere_tells_the_rate() -> None:
    mill = await a_mill()
    shop = await a_warehouse("Shop", branch_id=mill.branch.id)
    bom = await a_bom(mill, by_products=[], overhead=None)
    plan = await production_plan(mill.keeper, bom_id=bom.id, quantity=q(36), warehouse_id=shop.id)
    assert [(each.missing, each.cost) for each in plan.materials] == [(50, money(1_500))]
    assert plan.cost_per_unit == Decimal("41.666667")


async def test_a_plan_is_refused_as_a_production_would_be() -> None:
    mill = await a_mill()
    bom = await a_bom(mill)
    theirs = await a_warehouse(branch_id=(await a_branch()).id)
    stranger = await a_stranger()
    for actor, bom_id, quantity, warehouse, expected in (
        (mill.keeper, bom.id, q(1), theirs, "WAREHOUSE_NOT_FOUND warehouseId"),
        (stranger, bom.id, q(1), mill.store, "WAREHOUSE_NOT_FOUND warehouseId"),
        (mill.keeper, mill.wheat.id, q(1), mill.store, "BOM_NOT_FOUND bomId"),
        (mill.keeper, bom.id, q(0), mill.store, "INVALID_QUANTITY quantity"),
        (mill.keeper, bom.id, Decimal("NaN"), mill.store, "INVALID_QUANTITY quantity"),
    ):
        with pytest.raises(DomainError) as refused:
            await production_plan(actor, bom_id=bom_id, quantity=quantity, warehouse_id=warehouse.id)
        assert f"{refused.value.code} {'.'.join(refused.value.field or ())}" == expected


async def test_a_plan_is_changed_as_long_as_nothing_was_taken() -> None:
    mill = await a_mill()
    bom = await a_bom(mill)
    production = await a_production(mill, PLANNED, bom_id=bom.id, item_id=None, inputs=None, by_products=None)

    async def change(**changes: Any) -> Production:
        return await update_production(mill.keeper, production_id=production.id, changes=PlanChanges(**changes))

    changed = await change(quantity=q(36), note="Half of it")
    assert (changed.planned_quantity, changed.overhead_cost, changed.version) == (36, money(180), production.version + 1)
    assert [line.planned_quantity for line in await lines_of(changed)] == [36, 50, 10, q("3.5")]
    assert (await change(quantity=q(36), note=" Half of it ")).version == changed.version
    changed = await change(inputs=[some(mill.wheat, 49)], by_products=[], overhead=money(0))
    assert [line.planned_quantity for line in await lines_of(changed)] == [36, 49]
    told = [each.fact for each in await events_so_far() if each.name == "milling.production_changed"]
    assert [fact.change for fact in told] == ["PLANNED", "EDITED", "EDITED"]
    async with nothing_happens():
        for changes, expected in (
            ({"quantity": q(0)}, "INVALID_QUANTITY quantity"),
            ({"inputs": [some(mill.flour, 1)]}, "INVALID_BOM inputs.0.itemId"),
            ({"output_warehouse_id": mill.wheat.id}, "WAREHOUSE_NOT_FOUND outputWarehouseId"),
        ):
            with pytest.raises(DomainError) as refused:
                await change(**changes)
            assert f"{refused.value.code} {'.'.join((refused.value.field or ())[1:])}" == expected
        with pytest.raises(DomainError) as stale:
            await update_production(
                mill.keeper, production_id=production.id, changes=PlanChanges(note="Late"), expected_version=1
            )
        assert stale.value.field == ("input", "expectedVersion")
    done = await complete_production(mill.keeper, production_id=production.id)
    assert await costs_of(done) == [1_470_00, 1_470_00]
    async with nothing_happens():
        with pytest.raises(DomainError) as closed:
            await change(note="Too late")
    assert closed.value.code == "PRODUCTION_NOT_OPEN"
    await assert_integrity()


async def test_what_is_scaled_beyond_all_bounds() -> None:
    mill = await a_mill()
    bom = await a_bom(mill, quantity=q("0.001"))
    by_bill = {"bom_id": bom.id, "item_id": None, "inputs": None, "by_products": None}
    production = await a_production(mill, PLANNED, quantity=q("0.001"), **by_bill)
    huge = q(10**9)
    async with nothing_happens():
        with pytest.raises(DomainError) as refused:
            await a_production(mill, PLANNED, quantity=huge, **by_bill)
        assert (refused.value.code, refused.value.field) == ("INVALID_QUANTITY", ("input", "quantity"))
        with pytest.raises(DomainError) as refused:
            await update_production(mill.keeper, production_id=production.id, changes=PlanChanges(quantity=huge))
        assert (refused.value.code, refused.value.field) == ("INVALID_QUANTITY", ("input", "quantity"))
        with pytest.raises(DomainError) as refused:
            await planned(mill, bom.id, str(huge))
        assert (refused.value.code, refused.value.field) == ("INVALID_QUANTITY", ("quantity",))
