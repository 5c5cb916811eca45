"""What is found is what is there; what is repacked carries its whole cost along."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from domain.kit.errors import CurrencyMismatch, DomainError, InvalidInput
from domain.kit.money import Money
from domain.milling.accounts import OVERHEAD_ABSORBED, RAW_MATERIALS, STOCK_ADJUSTMENT, WORK_IN_PROGRESS
from domain.milling.errors import (
    CostExceedsPool,
    CountOutdated,
    DuplicateLine,
    InsufficientStock,
    InvalidQuantity,
    RateRequired,
)
from domain.milling.models import Item
from domain.milling.service.counting import CountLine, count_stock
from domain.milling.service.repacking import RepackOutput, repack_stock
from domain.milling.service.stock_documents import adjust_stock, cancel_stock_document, issue_stock, receive_stock
from domain.milling.states import LineRole, StockCause
from tests.support.happenings import assert_integrity, nothing_happens
from tests.support.milling import FIFO, Quantity, a_warehouse, an_item, day, in_books, in_stock, q
from tests.support.stock_papers import a_manager, also_in_tonnes, line, lines_of, money, moved_by, received

pytestmark = pytest.mark.usefixtures("database")


def found(item: Item, quantity: Quantity, **said: Any) -> CountLine:
    return CountLine(item_id=item.id, quantity=q(quantity), **said)


def made(item: Item, quantity: Quantity, **said: Any) -> RepackOutput:
    return RepackOutput(item_id=item.id, quantity=q(quantity), **said)


async def test_a_count_finds_less_more_and_the_same() -> None:
    keeper, silo = a_manager(), await a_warehouse()
    less, more, same = await an_item(), await an_item(valuation_method=FIFO), await an_item()
    for item in (less, more, same):
        await received(keeper, item, silo, 10, "2.50")
    document = await count_stock(
        keeper, warehouse_id=silo.id, lines=[found(less, "9.5"), found(more, 12), found(same, 10)], reason="month end"
    )
    assert await moved_by(document) == [(q("-0.5"), -125), (q(2), 500), (q(0), 0)]
    assert document.value == money("3.75")
    assert [await in_stock(item, silo) for item in (less, more, same)] == [(q("9.5"), 2375), (q(12), 3000), (q(10), 2500)]
    assert await in_books(STOCK_ADJUSTMENT) == -7500 - 375
    [first, *_] = await lines_of(document)
    assert (first.quantity, first.base_quantity) == (q("9.5"), q("9.5"))
    await assert_integrity()


async def test_everything_gone_and_something_never_seen() -> None:
    keeper, silo, wheat, odd = a_manager(), await a_warehouse(), await an_item(), await an_item()
    await received(keeper, wheat, silo, 10, 3)
    async with nothing_happens():
        with pytest.raises(RateRequired) as refused:
            await count_stock(keeper, warehouse_id=silo.id, lines=[found(wheat, 0), found(odd, 2)])
    assert refused.value.field == ("input", "lines", "1")
    document = await count_stock(
        keeper, warehouse_id=silo.id, lines=[found(wheat, 0), found(odd, 2, unit_cost=money("1.25"))]
    )
    assert await moved_by(document) == [(q(-10), -30_00), (q(2), 2_50)]
    assert await in_stock(wheat, silo) == (q(0), 0)


async def test_a_surplus_takes_its_part_of_a_stated_value() -> None:
    keeper, silo, wheat = a_manager(), await a_warehouse(), await an_item(valuation_method=FIFO)
    await received(keeper, wheat, silo, 10, 3)
    document = await count_stock(keeper, warehouse_id=silo.id, lines=[found(wheat, 12, value=money(60))])
    assert await moved_by(document) == [(q(2), 10_00)]


async def test_an_earlier_receipt_changes_the_difference_and_not_what_was_found() -> None:
    keeper, silo, wheat = a_manager(), await a_warehouse(), await an_item()
    await received(keeper, wheat, silo, 10, 1, received_at=day(1))
    counted = await count_stock(keeper, warehouse_id=silo.id, lines=[found(wheat, 8)], counted_at=day(5))
    await received(keeper, wheat, silo, 4, 1, received_at=day(3))
    assert await in_stock(wheat, silo) == (q(8), 8_00)
    assert await in_books(STOCK_ADJUSTMENT) == -8_00, "14 came, and 6 were missing"
    await cancel_stock_document(keeper, stock_document_id=counted.id, reason="the wrong silo")
    assert await in_stock(wheat, silo) == (q(14), 14_00)
    await assert_integrity()


async def test_a_count_by_a_list_holds_while_nothing_moved() -> None:
    keeper, silo, wheat = a_manager(), await a_warehouse(), await also_in_tonnes(await an_item())
    await received(keeper, wheat, silo, 1000, 1)
    by_list = [found(wheat, "0.99", unit="tonne", expected=Decimal(1))]
    await count_stock(keeper, warehouse_id=silo.id, lines=by_list)
    async with nothing_happens():
        with pytest.raises(CountOutdated) as refused:
            await count_stock(keeper, warehouse_id=silo.id, lines=by_list)
    assert (refused.value.field, "990 kg" in refused.value.message) == (("input", "lines", "0", "expected"), True)
    await count_stock(keeper, warehouse_id=silo.id, lines=[found(wheat, 985)])


@pytest.mark.parametrize("quantity", [Decimal(-1), Decimal("NaN"), Decimal("0.0001"), Decimal(10) ** 18])
async def test_bad_counts(quantity: Decimal) -> None:
    keeper, silo, wheat = a_manager(), await a_warehouse(), await an_item()
    await received(keeper, wheat, silo, 10, 1)
    async with nothing_happens():
        with pytest.raises(InvalidQuantity) as refused:
            await count_stock(keeper, warehouse_id=silo.id, lines=[found(wheat, quantity)])
        with pytest.raises(DomainError) as unexpected:
            await count_stock(keeper, warehouse_id=silo.id, lines=[found(wheat, 1, expected=quantity)])
        with pytest.raises(DuplicateLine):
            await count_stock(keeper, warehouse_id=silo.id, lines=[found(wheat, 1), found(wheat, 1)])
        with pytest.raises(InvalidInput):
            await count_stock(keeper, warehouse_id=silo.id, lines=[])
    assert refused.value.field == ("input", "lines", "0", "quantity")
    assert unexpected.value.field == ("input", "lines", "0", "expected")


async def test_adjusting_below_nothing() -> None:
    keeper, silo, wheat = a_manager(), await a_warehouse(), await an_item()
    await received(keeper, wheat, silo, 1, 1)
    async with nothing_happens():
        with pytest.raises(InsufficientStock):
            await adjust_stock(keeper, warehouse_id=silo.id, lines=[line(wheat, -2)], cause=StockCause.THEFT)
        with pytest.raises(InvalidQuantity):
            await adjust_stock(keeper, warehouse_id=silo.id, lines=[line(wheat, 0)], cause=StockCause.THEFT)
        with pytest.raises(InvalidInput):
            await adjust_stock(keeper, warehouse_id=silo.id, lines=[line(wheat, -1, 1)], cause=StockCause.THEFT)


async def test_a_repack_carries_the_whole_cost() -> None:
    """S19: 10 each at 10, 20, 30 and 40 become 1, which is worth 1,000."""
    keeper, shop = a_manager(), await a_warehouse()
    items, bundle = [await an_item() for _ in range(4)], await an_item()
    for item, cost in zip(items, (10, 20, 30, 40), strict=True):
        await received(keeper, item, shop, 10, cost)
    document = await repack_stock(
        keeper, warehouse_id=shop.id, inputs=[line(item, 10) for item in items], outputs=[made(bundle, 1)]
    )
    assert await in_stock(bundle, shop) == (q(1), 1_000_00)
    assert [(each.role, each.line_no) for each in await lines_of(document)][3:] == [
        (LineRole.INPUT, 4),
        (LineRole.OUTPUT, 5),
    ]
    assert (document.value_minor, await in_books(WORK_IN_PROGRESS)) == (0, 0)
    await assert_integrity()
    await cancel_stock_document(keeper, stock_document_id=document.id, reason="unpacked")
    assert [await in_stock(item, shop) for item in (*items, bundle)] == [
        (q(10), cost * 10_00) for cost in (10, 20, 30, 40)
    ] + [(q(0), 0)]


async def test_a_repack_shares_its_cost_and_adds_to_it() -> None:
    keeper, shop = a_manager(), await a_warehouse()
    sack, fine, coarse, dust = (await an_item(), await an_item(), await an_item(), await an_item())
    await received(keeper, sack, shop, 100, 1)
    document = await repack_stock(
        keeper,
        warehouse_id=shop.id,
        inputs=[line(sack, 100)],
        outputs=[made(fine, 80), made(coarse, 15, share_percent=Decimal("12.5")), made(dust, 5, value=money(2))],
        added_cost=money(20),
    )
    assert [(await in_stock(item, shop))[1] for item in (fine, coarse, dust)] == [103_00, 15_00, 2_00]
    assert document.value == document.overhead == money(20)
    assert await in_books(OVERHEAD_ABSORBED) == -20_00
    assert await in_books(RAW_MATERIALS) == 120_00
    await assert_integrity()
    await cancel_stock_document(keeper, stock_document_id=document.id, reason="mixed up")
    assert await in_books(OVERHEAD_ABSORBED) == 0
    await assert_integrity()


async def test_bad_repacks() -> None:
    keeper, shop, sack, bag, box = (
        a_manager(),
        await a_warehouse(),
        await an_item(),
        await an_item(),
        await an_item(),
    )
    await received(keeper, sack, shop, 10, 1)
    good = [line(sack, 5)]
    bad: list[tuple[dict[str, Any], tuple[str, ...]]] = [
        ({"inputs": []}, ("inputs",)),
        ({"outputs": []}, ("outputs",)),
        ({"outputs": [made(bag, 1), made(box, 1)]}, ("outputs",)),
        ({"outputs": [made(bag, 1, share_percent=Decimal(50))]}, ("outputs",)),
        (
            {"outputs": [made(bag, 1, share_percent=Decimal(60)), made(bag, 1, share_percent=Decimal(60)), made(box, 1)]},
            ("outputs",),
        ),
        ({"outputs": [made(bag, 1), made(box, 1, share_percent=Decimal("0.001"))]}, ("outputs", "1", "sharePercent")),
        ({"outputs": [made(bag, 1), made(box, 1, share_percent=Decimal("NaN"))]}, ("outputs", "1", "sharePercent")),
        (
            {"outputs": [made(bag, 1), made(box, 1, share_percent=Decimal(1), value=money(1))]},
            ("outputs", "1", "sharePercent"),
        ),
        ({"outputs": [made(sack, 1)]}, ("outputs", "0", "itemId")),
        ({"outputs": [made(bag, -1)]}, ("outputs", "0", "quantity")),
        ({"inputs": [line(sack, 5, 1)]}, ("inputs", "0", "unitCost")),
    ]
    async with nothing_happens():
        for said, field in bad:
            with pytest.raises(DomainError) as refused:
                await repack_stock(keeper, warehouse_id=shop.id, **({"inputs": good, "outputs": [made(bag, 1)]} | said))
            assert refused.value.field == ("input", *field)
        with pytest.raises(CurrencyMismatch):
            await repack_stock(keeper, warehouse_id=shop.id, inputs=good, outputs=[made(bag, 1)], added_cost=Money(1, "USD"))
        with pytest.raises(InsufficientStock):
            await repack_stock(keeper, warehouse_id=shop.id, inputs=[line(sack, 11)], outputs=[made(bag, 1)])
        with pytest.raises(CostExceedsPool):
            await repack_stock(
                keeper, warehouse_id=shop.id, inputs=good, outputs=[made(bag, 1), made(box, 1, value=money(6))]
            )


async def test_a_repack_that_was_used_is_not_taken_back() -> None:
    keeper, shop, sack, bag = a_manager(), await a_warehouse(), await an_item(), await an_item()
    await receive_stock(keeper, warehouse_id=shop.id, lines=[line(sack, 10, 1)])
    document = await repack_stock(keeper, warehouse_id=shop.id, inputs=[line(sack, 10)], outputs=[made(bag, 2)])
    await issue_stock(keeper, warehouse_id=shop.id, lines=[line(bag, 1)])
    async with nothing_happens():
        with pytest.raises(InsufficientStock):
            await cancel_stock_document(keeper, stock_document_id=document.id, reason="too late")
