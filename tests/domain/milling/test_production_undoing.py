"""Productions called off and taken back; and what happens to their costs when an earlier moment changes."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.kit import clock
from domain.kit.checks import every_check
from domain.kit.errors import DomainError, Forbidden, InvalidInput
from domain.milling.accounts import (
    COST_OF_GOODS_SOLD,
    FINISHED_GOODS,
    OVERHEAD_ABSORBED,
    RAW_MATERIALS,
    WORK_IN_PROGRESS,
)
from domain.milling.models import Production
from domain.milling.service.production_undoing import cancel_production
from domain.milling.service.productions import Yielded, complete_production, consume_materials, start_production
from tests.support.happenings import assert_integrity, events_so_far, nothing_happens
from tests.support.mill_rows import unguarded
from tests.support.milled import (
    CANCELLED,
    COMPLETED,
    PLANNED,
    a_mill,
    a_production,
    costs_of,
    lines_of,
    some,
)
from tests.support.milling import FIFO, add_cost, day, in_books, in_stock, issue, q, receive, taken_out, value_of
from tests.support.races import outcomes_of
from tests.support.stock_papers import money

pytestmark = pytest.mark.usefixtures("database")

CLEAN = (0, 0, 0)


def figures(production: Production) -> tuple[object, ...]:
    return production.input_cost_minor, production.output_cost_minor, production.by_product_cost_minor


async def test_what_is_planned_is_called_off() -> None:
    mill = await a_mill()
    production = await a_production(mill, PLANNED)
    called_off = await cancel_production(mill.keeper, production_id=production.id, reason=" No  water ")
    assert (called_off.status, called_off.cancel_reason, called_off.cancelled_by_id) == (
        CANCELLED,
        "No  water",
        mill.keeper.id,
    )
    assert await in_stock(mill.wheat, mill.store) == (1_000, 30_000_00)
    async with nothing_happens():
        with pytest.raises(DomainError) as refused:
            await cancel_production(mill.keeper, production_id=production.id, reason="Again")
        assert (refused.value.code, refused.value.field) == ("ALREADY_CANCELLED", ("input", "productionId"))
        with pytest.raises(DomainError) as refused:
            await start_production(mill.keeper, production_id=production.id)
        assert refused.value.code == "PRODUCTION_NOT_OPEN"


async def test_what_is_in_progress_gives_its_materials_back() -> None:
    mill = await a_mill()
    production = await a_production(mill)
    await consume_materials(mill.keeper, production_id=production.id, materials=[some(mill.wheat, 10)])
    async with nothing_happens():
        with pytest.raises(Forbidden):
            await cancel_production(mill.keeper, production_id=production.id, reason="Broken roller")
        with pytest.raises(InvalidInput):
            await cancel_production(mill.manager, production_id=production.id, reason="  ")
    taken_back = await cancel_production(mill.manager, production_id=production.id, reason="Broken roller")
    assert (taken_back.status, figures(taken_back), taken_back.input_kg) == (CANCELLED, CLEAN, 0)
    assert [line.actual_quantity for line in await lines_of(taken_back)] == [0, 0, 0, 0]
    assert await in_stock(mill.wheat, mill.store) == (1_000, 30_000_00)
    assert await in_books(WORK_IN_PROGRESS) == 0
    await assert_integrity()


async def test_what_is_completed_is_taken_back_with_its_overhead() -> None:
    mill = await a_mill()
    production = await a_production(mill)
    await complete_production(mill.keeper, production_id=production.id, yielded=Yielded(overhead=money(360)))
    taken_back = await cancel_production(mill.manager, production_id=production.id, reason="Wrong recipe")
    assert (taken_back.status, figures(taken_back), taken_back.output_quantity) == (CANCELLED, CLEAN, 0)
    assert (await in_stock(mill.wheat, mill.store), await in_stock(mill.flour, mill.store)) == (
        (1_000, 30_000_00),
        (0, 0),
    )
    for account in (WORK_IN_PROGRESS, OVERHEAD_ABSORBED, FINISHED_GOODS):
        assert await in_books(account) == 0
    assert await in_books(RAW_MATERIALS) == 30_000_00
    last = (await events_so_far())[-1].fact
    assert (last.change, last.status_before, last.production.status) == ("CANCELLED", COMPLETED, CANCELLED)
    await assert_integrity()


async def test_flour_that_is_sold_keeps_its_production() -> None:
    mill = await a_mill()
    production = await a_production(mill, COMPLETED)
    sold = await issue(mill.flour, mill.store, 70)
    async with nothing_happens():
        with pytest.raises(DomainError) as refused:
            await cancel_production(mill.manager, production_id=production.id, reason="Too late")
    assert refused.value.code == "INSUFFICIENT_STOCK"
    assert "Straight flour" in refused.value.message
    await taken_out(sold)
    await cancel_production(mill.manager, production_id=production.id, reason="In time")
    await assert_integrity()


async def test_a_purchase_of_an_earlier_day_changes_what_flour_cost_and_what_was_sold() -> None:
    mill = await a_mill(wheat=0, valuation_method=FIFO)
    await receive(mill.wheat, mill.store, 100, 3_000_00, at=day(2))
    milled = await a_production(mill, COMPLETED, at=day(4), by_products=[])
    sold = await issue(mill.flour, mill.store, 36, at=day(6))
    assert (await costs_of(milled), await value_of(sold)) == ([3_000_00, 3_000_00], -1_500_00)
    # Another 100 kg at 50.00 came the day before: the average of wheat was 40.00 when it was milled.
    await receive(mill.wheat, mill.store, 100, 5_000_00, at=day(3))
    after = await Production.get(id=milled.id)
    assert (after.input_cost, after.output_cost, after.version) == (money(4_000), money(4_000), milled.version + 1)
    assert await costs_of(after) == [4_000_00, 4_000_00]
    assert after.output_cost_per_unit == Decimal("55.555556")
    assert await value_of(sold) == -2_000_00
    assert await in_books(COST_OF_GOODS_SOLD) == 2_000_00
    assert await in_stock(mill.flour, mill.store) == (36, 2_000_00)
    last = (await events_so_far())[-1].fact
    assert (last.change, last.status_before, last.production.output_cost) == ("REVALUED", COMPLETED, money(4_000))
    await assert_integrity()


async def test_freight_that_becomes_known_later_reaches_what_is_in_progress() -> None:
    mill = await a_mill(wheat=0)
    bought = await receive(mill.wheat, mill.store, 200, 6_000_00, at=day(2))
    production = await a_production(mill, at=day(3))
    await add_cost(bought, 200_00)
    after = await Production.get(id=production.id)
    assert (after.input_cost, after.input_kg) == (money(3_100), 100)
    assert await in_books(WORK_IN_PROGRESS) == 3_100_00
    done = await complete_production(mill.manager, production_id=production.id, at=day(4))
    assert (done.started_at, done.completed_at) == (day(3), day(4))
    assert await costs_of(done) == [2_785_00, 3_100_00, 160_00, 155_00]
    await assert_integrity()


async def test_flour_of_flour_follows_too() -> None:
    mill = await a_mill(wheat=0)
    bought = await receive(mill.wheat, mill.store, 100, 3_000_00, at=day(2))
    await a_production(mill, COMPLETED, at=day(3), by_products=[])
    blended = await a_production(
        mill, COMPLETED, at=day(4), item_id=mill.bran.id, inputs=[some(mill.flour, 36)], by_products=[], quantity=q(36)
    )
    await add_cost(bought, 10_00)
    assert await costs_of(await Production.get(id=blended.id)) == [1_505_00, 1_505_00]
    await assert_integrity()


async def test_nothing_comes_out_before_it_went_in() -> None:
    mill = await a_mill(wheat=0)
    await receive(mill.wheat, mill.store, 300, 9_000_00, at=day(2))
    production = await a_production(mill, at=day(5))
    materials = [some(mill.wheat, 1)]
    async with nothing_happens():
        with pytest.raises(InvalidInput) as refused:
            await complete_production(mill.manager, production_id=production.id, at=day(4))
        assert refused.value.field == ("input", "at")
        with pytest.raises(InvalidInput):
            await consume_materials(mill.manager, production_id=production.id, materials=materials, at=day(4))
        with pytest.raises(DomainError) as future:
            await complete_production(mill.manager, production_id=production.id, at=clock.now() + timedelta(minutes=1))
        assert future.value.code == "FUTURE_DATE"
        with pytest.raises(InvalidInput):
            await a_production(mill, PLANNED, at=day(5))
        with pytest.raises(InvalidInput):
            await a_production(mill, CANCELLED)
        with pytest.raises(DomainError) as early:
            await a_production(mill, at=day(1))
        assert early.value.code == "INSUFFICIENT_STOCK"
    await consume_materials(mill.manager, production_id=production.id, materials=materials, at=day(6))
    done = await complete_production(mill.manager, production_id=production.id, at=day(6))
    assert done.input_cost == money(3_030)
    await assert_integrity()


async def test_freight_and_completion_at_the_same_time() -> None:
    """Each waits for what the other has locked; both happen, in whichever order, and the books agree."""
    mill = await a_mill(wheat=0)
    bought = await receive(mill.wheat, mill.store, 500, 15_000_00, at=day(2))
    productions = [await a_production(mill, at=day(3)) for _ in range(3)]
    acts: list[Any] = [complete_production(mill.keeper, production_id=each.id) for each in productions]
    outcomes = await outcomes_of([*acts, add_cost(bought, 500_00)])
    assert [each for each in outcomes if isinstance(each, BaseException)] == []
    for each in productions:
        assert (await Production.get(id=each.id)).input_cost == money(3_100)
    await assert_integrity()


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        (
            "update mill_production_line set cost_minor = 7 where role = 'INPUT'",
            "production_lines_are_movements",
        ),
        ("update mill_production set input_cost_minor = 7 where status = 'IN_PROGRESS'", "work_in_progress_is_productions"),
        ("update mill_production set output_quantity = 71 where status = 'COMPLETED'", "productions_are_lines"),
        ("update mill_production set overhead_minor = 1 where status = 'COMPLETED'", "overheads_are_pools"),
    ],
)
async def test_damage_is_found(damage: str, found: str) -> None:
    mill = await a_mill()
    await a_production(mill)
    await a_production(mill, COMPLETED)
    await assert_integrity("milling")
    async with unguarded() as c:
        # What the table itself would refuse is let through, as a restored backup might be.
        await c.execute("alter table mill_production drop constraint mill_production_cost_is_shared_out")
        await c.execute(damage)
        broken = [each.name for each in every_check() if each.domain == "milling" and await c.fetch(each.sql)]
        await c.execute("rollback and chain")
    assert found in broken
    await assert_integrity("milling")
