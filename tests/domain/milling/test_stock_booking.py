"""Booking as it happens: movements, bins, days, the journal, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.kit import clock
from domain.kit.database import fetch, fetchrow, fetchval
from domain.kit.errors import DomainError
from domain.kit.ids import new_id
from domain.kit.unit_of_work import unit_of_work
from domain.ledger.chart import BANK, SALES
from domain.milling.accounts import (
    COST_OF_GOODS_SOLD,
    FINISHED_GOODS,
    NOT_BILLED,
    OVERHEAD_ABSORBED,
    RAW_MATERIALS,
    STOCK_ADJUSTMENT,
    STOCK_IN_TRANSFER,
    STOCK_VARIANCE,
    WORK_IN_PROGRESS,
    Side,
)
from domain.milling.errors import (
    CapacityExceeded,
    FutureDate,
    InsufficientStock,
    InvalidQuantity,
    ItemInactive,
    ItemNotInWarehouse,
    RateRequired,
    WarehouseClosed,
)
from domain.milling.models import StockMovement
from domain.milling.states import CostRule, DocumentKind, ItemCategory
from domain.milling.stock import book
from domain.milling.verification import verify_stock
from tests.support.happenings import assert_integrity, events_so_far, names_of_events, nothing_happens
from tests.support.milling import (
    FIFO,
    K,
    a_document,
    a_warehouse,
    add_cost,
    an_item,
    bin_of,
    booked,
    count_stock,
    in_books,
    in_stock,
    issue,
    leg,
    q,
    receive,
    repack,
    send_back,
    stocked,
    take_back,
    transfer,
)
from tests.support.people import a_branch

pytestmark = pytest.mark.usefixtures("database")


async def all_is_well() -> None:
    await assert_integrity()
    assert await verify_stock() == []


@contextmanager
def counted_statements(work: Any) -> Iterator[list[str]]:
    """The statements that run on the work's connection inside the block."""
    seen: list[str] = []
    connection = work.connection

    def note(record: Any) -> None:
        seen.append(record.query)

    connection.add_query_logger(note)
    try:
        yield seen
    finally:
        connection.remove_query_logger(note)


async def test_what_comes_in_and_goes_out_is_in_the_bin_and_in_the_books() -> None:
    item, mill = await an_item(valuation_method=FIFO), await a_warehouse()
    await receive(item, mill, 300, 6_000_00)
    await receive(item, mill, 100, 2_020_00)
    sold = await issue(item, mill, 350)
    assert [(each.quantity, each.value.amount_minor, each.on_hand) for each in sold.moved] == [
        (q(-350), -(6_000_00 + 1_010_00), q(50))
    ]
    assert await in_stock(item, mill) == (Decimal(50), 1_010_00)
    assert await in_books(RAW_MATERIALS) == 1_010_00
    assert await in_books(COST_OF_GOODS_SOLD) == 7_010_00
    assert await in_books(NOT_BILLED) == -8_020_00
    day = await fetchrow("select * from stock_day where item_id = $1", item.id)
    assert day is not None
    assert (day["received"], day["issued"], day["sold"], day["movements"]) == (400, 350, 350, 3)
    assert (await names_of_events()).count("milling.stock_moved") == 3
    await all_is_well()


async def test_a_document_makes_one_entry_with_its_other_sides() -> None:
    item, mill = await an_item(), await a_warehouse()
    await stocked(item, mill, 100, 1_000_00)
    sides = [Side(BANK, 150_00), Side(SALES, -150_00)]
    sold = await booked(
        leg(item, mill, K.SALE_DELIVERY, -10), document=a_document(DocumentKind.SALE), sides=sides, description="Flour"
    )
    entry = await fetchrow("select kind, description, reference_kind from journal_entry where id = $1", sold.entry_id)
    assert entry is not None and tuple(entry) == ("milling.sale", "Flour", "sale")
    assert await fetchval("select count(*) from journal_line where entry_id = $1", sold.entry_id) == 4
    assert (await in_books(BANK), await in_books(SALES)) == (150_00, -150_00)
    await all_is_well()


async def test_a_sale_takes_few_statements_and_lines_take_no_more() -> None:
    items, mill = [await an_item(valuation_method=FIFO) for _ in range(12)], await a_warehouse()
    for item in items:
        await stocked(item, mill, 10)
    counts = []
    for sold in ([], items[:1], items):
        async with unit_of_work() as work:
            with counted_statements(work) as seen:
                legs = [leg(item, mill, K.SALE_DELIVERY, -1, line_no=n) for n, item in enumerate(sold, 1)]
                await book(work, a_document(DocumentKind.SALE), legs or [leg(items[0], mill, K.SALE_DELIVERY, -1)])
            counts.append(len(seen))
    # The accounts come into being with the first sale.
    assert counts[1] == counts[2] <= 8, counts


async def test_a_transfer_keeps_what_goods_are_worth_and_moves_nothing_between_accounts() -> None:
    item, here, there = await an_item(weight_kg=Decimal(1)), await a_warehouse(), await a_warehouse()
    await receive(item, here, 20_000, 3_130_520_00)
    moved = await transfer(item, here, there, 1_728)
    assert [each.value.amount_minor for each in moved.moved] == [-270_476_93, 270_476_93]
    assert moved.entry_id is None
    assert await in_stock(item, there) == (1_728, 270_476_93)
    await all_is_well()


async def test_goods_that_go_to_another_branch_are_in_the_books_of_both() -> None:
    west, east = await a_branch(), await a_branch()
    item = await an_item()
    here, there = await a_warehouse(branch_id=west.id), await a_warehouse(branch_id=east.id)
    await booked(leg(item, here, K.OPENING, 10, value_minor=900), document=a_document(branch_id=west.id))
    out = leg(item, here, K.TRANSFER_OUT, -4)
    moved = await booked(out, leg(item, there, K.TRANSFER_IN, 4, source_id=out.id), document=a_document(branch_id=west.id))
    assert moved.entry_id is not None
    sums = await fetch(
        """select e.branch_id, sum(l.amount_minor)::bigint as amount from journal_line l
           join journal_entry e on e.id = l.entry_id join ledger_account a on a.id = l.account_id
           where a.code = $1 group by 1""",
        RAW_MATERIALS.code,
    )
    assert {row["branch_id"]: row["amount"] for row in sums} == {west.id: 540, east.id: 360}
    assert await in_books(STOCK_IN_TRANSFER) == 0
    told = [logged.fact for logged in await events_so_far() if logged.name == "milling.stock_moved"][-2:]
    assert {(fact.branch_id, fact.movements[0].warehouse_id) for fact in told} == {(west.id, here.id), (east.id, there.id)}
    await all_is_well()


async def test_a_repack_gives_all_its_cost_to_what_comes_out() -> None:
    wheat, bran = await an_item("Wheat"), await an_item("Bran", category=ItemCategory.BY_PRODUCT)
    flour, mill = await an_item("Flour", category=ItemCategory.FINISHED), await a_warehouse()
    await receive(wheat, mill, 100, 1_000_00)
    act = await repack([(wheat, 100)], [(flour, 72), (bran, 25)], mill, overhead_minor=200_00)
    assert [each.value.amount_minor for each in act.moved] == [-1_000_00, 120_00, 1_080_00]
    assert await in_books(WORK_IN_PROGRESS) == 0
    assert (await in_books(OVERHEAD_ABSORBED), await in_books(FINISHED_GOODS)) == (-200_00, 1_080_00)
    await all_is_well()


async def test_goods_that_come_back_bring_their_cost_and_together_all_of_it() -> None:
    item, mill = await an_item(valuation_method=FIFO), await a_warehouse()
    await receive(item, mill, 3, 1_00)
    sold = await issue(item, mill, 3)
    await receive(item, mill, 10, 90_00)
    backs = [await take_back(sold, 1) for _ in range(3)]
    assert [back.moved[0].value.amount_minor for back in backs] == [33, 34, 33]
    assert await in_stock(item, mill) == (13, 91_00)
    await all_is_well()


async def test_a_purchase_return_under_an_average_never_makes_a_negative_rate() -> None:
    item, mill = await an_item(), await a_warehouse()
    await receive(item, mill, 100, 10 * 100)
    dear = await receive(item, mill, 10, 100 * 10)
    await issue(item, mill, 100)
    back = await send_back(dear, 8)
    assert back.moved[0].value.amount_minor == -146
    assert await in_stock(item, mill) == (2, 36)
    await all_is_well()


async def test_landed_cost_goes_to_what_is_still_there_and_the_rest_is_variance() -> None:
    item, mill = await an_item(), await a_warehouse()
    got = await receive(item, mill, 10, 1_000)
    await add_cost(got, 100)
    assert await in_stock(item, mill) == (10, 1_100)
    await all_is_well()


async def test_an_item_that_may_be_negative_settles_with_the_next_receipt() -> None:
    item, mill = await an_item(allow_negative=True), await a_warehouse()
    await receive(item, mill, 10, 1_000)
    await issue(item, mill, 15)
    assert await in_stock(item, mill) == (-5, -500)
    await receive(item, mill, 10, 1_200)
    assert await in_stock(item, mill) == (5, 600)
    assert await in_books(STOCK_VARIANCE) == 100
    await all_is_well()


async def test_a_count_says_what_was_found() -> None:
    item, mill = await an_item(), await a_warehouse()
    await stocked(item, mill, 10, 1_000)
    assert (await count_stock(item, mill, "8.5")).moved[0].quantity == Decimal("-1.5")
    assert (await count_stock(item, mill, 9)).moved[0].value.amount_minor == 50
    same = await count_stock(item, mill, 9)
    assert (same.moved[0].quantity, same.entry_id) == (0, None)
    assert await in_books(STOCK_ADJUSTMENT) == 100
    await all_is_well()


async def test_less_than_was_asked_for_is_refused_with_what_there_is() -> None:
    item, mill = await an_item("Wheat"), await a_warehouse("Store")
    await stocked(item, mill, "10.5")
    async with nothing_happens():
        with pytest.raises(InsufficientStock, match=r"11 of Wheat is wanted, and 10\.5 can be had in Store") as refusal:
            await issue(item, mill, 11)
    assert (refusal.value.requested, refusal.value.available) == (11, Decimal("10.5"))
    async with nothing_happens():
        with pytest.raises(InsufficientStock) as refusal:
            await booked(
                leg(item, mill, K.ISSUE, -6), leg(item, mill, K.ISSUE, -6, line_no=2, field=("input", "lines", "1"))
            )
    assert (refusal.value.requested, refusal.value.available) == (6, Decimal("4.5"))
    assert refusal.value.field == ("input", "lines", "1")


async def test_one_input_short_and_nothing_is_taken() -> None:
    wheat, bags, mill = await an_item(), await an_item(), await a_warehouse()
    await stocked(wheat, mill, 100)
    await stocked(bags, mill, 1)
    pool_id = new_id()
    async with nothing_happens():
        with pytest.raises(InsufficientStock):
            await booked(
                leg(wheat, mill, K.PRODUCTION_CONSUME, -90, pool_id=pool_id),
                leg(bags, mill, K.PRODUCTION_CONSUME, -2, pool_id=pool_id, line_no=2),
                document=a_document(DocumentKind.PRODUCTION),
            )


async def test_what_is_not_there_and_what_is_given_up_is_refused() -> None:
    item, here, there = await an_item(), await a_warehouse(), await a_warehouse()
    await stocked(item, here, 10)
    gone, closed = await an_item(active=False), await a_warehouse(active=False)
    unvalued = leg(await an_item(), here, K.ADJUSTMENT, 1)
    dear = await an_item()
    await receive(dear, here, "0.001", 10**15)
    cases: list[tuple[type[DomainError], Any, dict[str, Any]]] = [
        (ItemNotInWarehouse, leg(item, there, K.SALE_DELIVERY, -1), {}),
        (ItemInactive, leg(gone, here, K.RECEIPT, 1, value_minor=1), {}),
        (WarehouseClosed, leg(item, closed, K.RECEIPT, 1, value_minor=1), {}),
        (FutureDate, leg(item, here, K.ISSUE, -1), {"at": clock.now() + timedelta(seconds=5)}),
        (RateRequired, unvalued, {}),
        (InvalidQuantity, leg(item, here, K.ISSUE, "-0.0001"), {}),
        (InvalidQuantity, leg(item, here, K.ISSUE, "NaN"), {}),
        (InvalidQuantity, leg(item, here, K.ISSUE, "-1e12"), {}),
        (InvalidQuantity, leg(item, here, K.ISSUE, 0), {}),
        (InvalidQuantity, leg(dear, here, K.ADJUSTMENT, 10**11), {}),
        (InvalidQuantity, leg(item, here, K.COUNT, None, counted=q(-1)), {}),
    ]
    async with nothing_happens():
        for refusal, wanted, said in cases:
            with pytest.raises(refusal):
                await booked(wanted, **said)


async def test_a_warehouse_holds_what_it_is_made_for() -> None:
    item = await an_item(weight_kg=Decimal(50))
    silo = await a_warehouse(capacity_kg=Decimal(1_000))
    await stocked(item, silo, 15)
    async with nothing_happens():
        with pytest.raises(CapacityExceeded) as refusal:
            await receive(item, silo, 6, 1)
    figures = refusal.value
    assert (figures.capacity, figures.used, figures.requested) == (1_000, 750, 300)
    await receive(item, silo, 5, 1)
    assert (await bin_of(item, silo)).on_hand == 20
    await count_stock(item, silo, 21)
    await issue(item, silo, 1)
    await all_is_well()


async def test_moments_follow_the_order_of_commits_whatever_the_clock_says() -> None:
    item, mill = await an_item(), await a_warehouse()
    got = await stocked(item, mill, 10)
    with clock.clock_set_to(got.at - timedelta(hours=1)):
        sold = await issue(item, mill, 1)
    assert sold.at == got.at
    assert (await bin_of(item, mill)).last_at == got.at.astimezone(UTC)
    await all_is_well()


async def test_history_is_not_rewritten() -> None:
    item, mill = await an_item(), await a_warehouse()
    got = await stocked(item, mill, 10)
    with pytest.raises(Exception, match="append-only"):
        await StockMovement.filter(id=got.moved[0].movement_id).update(quantity=Decimal(5))


async def test_what_a_document_uses_of_a_pool_and_of_money_is_whole() -> None:
    item, mill = await an_item(), await a_warehouse()
    await stocked(item, mill, 10, 1_000)
    pool_id = new_id()
    act = await booked(
        leg(item, mill, K.REPACK_OUT, -10, pool_id=pool_id),
        leg(item, mill, K.REPACK_IN, 2, pool_id=pool_id, cost_rule=CostRule.FIXED, cost_value=Decimal(300), line_no=2),
        leg(item, mill, K.REPACK_IN, 7, pool_id=pool_id, cost_rule=CostRule.REST, line_no=3),
        sides=[Side(BANK, 5), Side(SALES, -5)],
    )
    assert [each.value.amount_minor for each in act.moved] == [-1_000, 300, 700]
    assert act.value_minor == 0 and act.entry_id is not None
    await all_is_well()
