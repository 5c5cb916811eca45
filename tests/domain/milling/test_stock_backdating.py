"""Back-dated movements and cancellations: what came after follows, the ledger is adjusted and never edited."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from domain.accounting.service import close_fiscal_period, create_fiscal_year
from domain.identity.actor import SYSTEM
from domain.kit.clock import clock_set_to
from domain.kit.database import fetch, fetchval
from domain.kit.unit_of_work import unit_of_work
from domain.ledger.errors import PeriodClosed
from domain.milling.accounts import COST_OF_GOODS_SOLD, NOT_BILLED, RAW_MATERIALS
from domain.milling.errors import BlockedByLaterDocument, FutureDate, InsufficientStock, RateRequired
from domain.milling.models import Item, Warehouse
from domain.milling.stock import book, reserve
from domain.milling.stock.rebuilding import rebuild
from domain.milling.verification import verify_stock
from tests.support.happenings import assert_integrity, events_so_far, nothing_happens
from tests.support.milling import (
    AVERAGE,
    FIFO,
    K,
    a_document,
    a_warehouse,
    add_cost,
    an_item,
    booked,
    count_stock,
    day,
    in_books,
    in_stock,
    issue,
    leg,
    q,
    receive,
    repack,
    take_back,
    taken_out,
    transfer,
    value_of,
)

pytestmark = pytest.mark.usefixtures("database")


async def all_is_well() -> None:
    await assert_integrity()
    assert await verify_stock() == []


async def on_day(number: int, account_code: str) -> int:
    total: int = await fetchval(
        """select coalesce(sum(l.amount_minor), 0)::bigint from journal_line l join ledger_account a on a.id = l.account_id
           where a.code = $1 and l.effective_on = $2""",
        account_code,
        date(2026, 3, number),
    )
    return total


async def test_a_back_dated_receipt_changes_what_later_sales_and_returns_cost() -> None:
    item, mill = await an_item(valuation_method=FIFO), await a_warehouse()
    await receive(item, mill, 10, 1_000, at=day(2))
    sold = await issue(item, mill, 8, at=day(4))
    back = await take_back(sold, 4, at=day(6))
    assert (await value_of(sold), await value_of(back)) == (-800, 400)
    entries = await fetchval("select count(*) from journal_entry")
    cheap = await receive(item, mill, 6, 300, at=day(1))
    assert (await value_of(sold), await value_of(back)) == (-500, 250)
    assert await in_stock(item, mill) == (12, 1_050)
    assert await on_day(1, RAW_MATERIALS.code) == 300
    assert (await on_day(4, COST_OF_GOODS_SOLD.code), await on_day(6, COST_OF_GOODS_SOLD.code)) == (500, -250)
    # One entry of its own, and one for each day on which something was worth something else.
    assert await fetchval("select count(*) from journal_entry") == entries + 3
    revalued = [logged.fact for logged in await events_so_far() if logged.name == "milling.stock_revalued"]
    assert [(fact.document.id, fact.since_at) for fact in revalued] == [(revalued[0].document.id, day(1))]
    assert cheap.at == day(1)
    await all_is_well()


async def test_cost_follows_goods_from_warehouse_to_warehouse_and_through_the_mill() -> None:
    wheat, flour = await an_item(valuation_method=FIFO), await an_item()
    here, there = await a_warehouse(), await a_warehouse()
    got = await receive(wheat, here, 10, 1_000, at=day(1))
    await transfer(wheat, here, there, 10, at=day(2))
    await repack([(wheat, 10)], [(flour, 8)], there, at=day(3))
    sold = await issue(flour, there, 4, at=day(4))
    assert await value_of(sold) == -500
    await add_cost(got, 200)
    assert await value_of(sold) == -600
    assert await in_stock(flour, there) == (4, 600)
    await taken_out(sold)
    assert await in_stock(flour, there) == (8, 1_200)
    await all_is_well()


async def test_a_count_holds_whatever_is_found_out_about_the_time_before() -> None:
    item, mill = await an_item(), await a_warehouse()
    await receive(item, mill, 10, 1_000, at=day(1))
    counted = await count_stock(item, mill, 9, at=day(3))
    assert await value_of(counted) == -100
    await issue(item, mill, 1, at=day(2))
    assert await value_of(counted) == 0
    assert await in_stock(item, mill) == (9, 900)
    await issue(item, mill, 3, at=day(2))
    assert await value_of(counted) == 300
    assert await in_stock(item, mill) == (9, 900)
    await all_is_well()


@pytest.mark.parametrize("method", [FIFO, AVERAGE])
async def test_a_back_dated_issue_is_refused_with_the_least_there_was_since(method: str) -> None:
    item, mill = await an_item(valuation_method=method), await a_warehouse()
    await receive(item, mill, 10, 1_000, at=day(1))
    await issue(item, mill, 7, at=day(3))
    await receive(item, mill, 20, 2_000, at=day(5))
    async with nothing_happens():
        with pytest.raises(InsufficientStock) as refusal:
            await issue(item, mill, 4, at=day(2))
    assert (refusal.value.requested, refusal.value.available) == (4, 3)
    await issue(item, mill, 3, at=day(2))
    assert (await in_stock(item, mill))[0] == 20
    await all_is_well()


async def test_a_receipt_that_was_used_is_not_cancelled() -> None:
    item, mill = await an_item(), await a_warehouse()
    first = await receive(item, mill, 10, 1_000, at=day(1))
    await receive(item, mill, 5, 1_000, at=day(2))
    sold = await issue(item, mill, 12, at=day(3))
    async with nothing_happens():
        with pytest.raises(InsufficientStock) as refusal:
            await taken_out(first)
    assert (refusal.value.requested, refusal.value.available) == (10, 3)
    await taken_out(sold)
    undone = await taken_out(first)
    assert [(each.quantity, each.value.amount_minor, each.on_hand) for each in undone.moved] == [(-10, -1_000, 5)]
    assert await in_stock(item, mill) == (5, 1_000)
    assert await in_books(NOT_BILLED) == -1_000
    await all_is_well()


async def test_cancelling_a_back_dated_movement_brings_back_what_was() -> None:
    item, mill = await an_item(), await a_warehouse()
    await receive(item, mill, 10, 1_000, at=day(2))
    sold = await issue(item, mill, 5, at=day(4))
    cheap = await receive(item, mill, 10, 200, at=day(1))
    assert await value_of(sold) == -300
    rows = await fetchval("select count(*) from journal_entry")
    await taken_out(cheap)
    assert await value_of(sold) == -500
    assert await fetchval("select count(*) from journal_entry") == rows + 2
    assert [await on_day(number, RAW_MATERIALS.code) for number in (1, 2, 4)] == [0, 1_000, -500]
    await all_is_well()


async def test_same_moment_in_the_order_of_booking() -> None:
    item, mill = await an_item(), await a_warehouse()
    ten = await receive(item, mill, 10, 100, at=day(1))
    one = await receive(item, mill, 1, 10, at=day(1))
    assert [act.moved[0].on_hand for act in (ten, one)] == [10, 11]
    await taken_out(ten)
    assert (await in_stock(item, mill))[0] == 1
    await all_is_well()


async def test_what_others_take_their_cost_from_is_not_cancelled() -> None:
    item, here, there = await an_item(valuation_method=FIFO), await a_warehouse(), await a_warehouse()
    await receive(item, here, 10, 1_000, at=day(1))
    sold = await issue(item, here, 2, at=day(2))
    back = await take_back(sold, 1, at=day(3))
    async with nothing_happens():
        with pytest.raises(BlockedByLaterDocument):
            await taken_out(sold)
        with pytest.raises(FutureDate):
            await take_back(sold, 1, at=day(1))
    await taken_out(back)
    await taken_out(sold)
    assert await in_stock(item, here) == (10, 1_000)
    assert (await receive(item, there, 1, 1)).entry_id is not None
    await all_is_well()


async def test_an_earlier_return_shares_the_cost_with_later_ones_to_the_last_minor_unit() -> None:
    item, here, there = await an_item(valuation_method=FIFO), await a_warehouse(), await a_warehouse()
    await receive(item, here, 3, 100, at=day(1))
    sold = await issue(item, here, 3, at=day(2))
    source = sold.moved[0].movement_id
    later = await booked(leg(item, there, K.SALE_RETURN, 1, source_id=source), at=day(5))
    assert await value_of(later) == 33
    earlier = await take_back(sold, 1, at=day(4))
    assert (await value_of(earlier), await value_of(later)) == (33, 34)
    await taken_out(earlier)
    assert await value_of(later) == 33
    await all_is_well()


async def test_cancelling_what_tells_a_rate_is_refused_where_nothing_else_tells_it() -> None:
    item, mill = await an_item(), await a_warehouse()
    got = await receive(item, mill, 10, 1_000, at=day(1))
    await count_stock(item, mill, 12, at=day(2))
    async with nothing_happens():
        with pytest.raises(RateRequired):
            await taken_out(got)


async def test_reserved_goods_are_not_taken_by_a_document_of_the_past() -> None:
    item, mill = await an_item(), await a_warehouse()
    await receive(item, mill, 10, 1_000, at=day(1))
    await receive(item, mill, 5, 500, at=day(3))
    await hold(item, mill, 12)
    async with nothing_happens():
        with pytest.raises(InsufficientStock) as refusal:
            await issue(item, mill, 4, at=day(2))
    assert refusal.value.available == 3
    await issue(item, mill, 3, at=day(2))
    await all_is_well()


async def hold(item: Item, mill: Warehouse, quantity: int) -> None:
    async with unit_of_work() as work:
        await reserve(work, a_document(), {(item.id, mill.id): Decimal(quantity)})


async def test_only_the_documents_own_day_may_lie_in_a_closed_period() -> None:
    with clock_set_to(datetime(2026, 4, 10, 9, tzinfo=UTC)):
        item, mill = await an_item(), await a_warehouse()
        feb = datetime(2026, 2, 10, 8, tzinfo=UTC)
        got = await receive(item, mill, 10, 1_000, at=feb)
        await issue(item, mill, 4, at=day(5))
        await create_fiscal_year(SYSTEM, starts_on=date(2026, 1, 1))
        await close_months(3)
        async with nothing_happens():
            with pytest.raises(PeriodClosed):
                await receive(item, mill, 1, 100, at=day(4))
        await add_cost(got, 500)
        assert await in_stock(item, mill) == (6, 900)
        rows = await fetch("select kind, effective_on from journal_entry order by number desc limit 2")
        assert {tuple(row) for row in rows} == {
            ("milling.landed_cost", date(2026, 4, 1)),
            ("milling.stock_revalued", date(2026, 4, 1)),
        }
        await all_is_well()


async def close_months(count: int) -> None:
    periods = await fetch("select id from fiscal_period order by starts_on limit $1", count)
    for row in periods:
        await close_fiscal_period(SYSTEM, period_id=row["id"])


async def test_a_replay_goes_on_from_snapshots_and_makes_them_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("domain.milling.stock.replaying.SNAPSHOT_EVERY", 10)
    item, mill = await an_item(valuation_method=FIFO), await a_warehouse()
    for number in range(1, 9):
        legs = [leg(item, mill, K.PURCHASE_RECEIPT, 10, value_minor=100 * number)]
        legs += [leg(item, mill, K.SALE_DELIVERY, -1, line_no=line) for line in range(2, 9)]
        await booked(*legs, at=day(number))
    before = await fetch("select seq, state from stock_snapshot order by seq")
    assert len(before) >= 3
    await receive(item, mill, 1, 7, at=day(5))
    after = await fetch("select seq, state from stock_snapshot order by seq")
    assert before[0] == after[0] and before[-1]["state"] != after[-1]["state"]
    assert await rebuild() == 0
    await all_is_well()


async def test_rebuilding_puts_right_what_was_touched_by_hand() -> None:
    item, mill = await an_item(), await a_warehouse()
    await receive(item, mill, 10, 1_000, at=day(1))
    sold = await issue(item, mill, 4, at=day(2))
    async with unit_of_work() as work:
        await work.execute("update stock_posting set value_minor = -1 where movement_id = $1", sold.moved[0].movement_id)
        await work.execute("update stock_bin set on_hand = 7, value_minor = 70")
        await work.execute("delete from stock_day")
    assert await verify_stock() != []
    assert await rebuild() == 1
    assert await in_stock(item, mill) == (6, 600)
    await all_is_well()


async def test_who_is_stopped_in_the_midst_leaves_nothing() -> None:
    item, mill = await an_item(), await a_warehouse()
    await receive(item, mill, 10, 1_000, at=day(2))
    begun = asyncio.Event()

    async def stopped() -> None:
        async with unit_of_work() as work:
            await book(work, a_document(), [leg(item, mill, K.RECEIPT, 5, value_minor=1)], at=day(1))
            begun.set()
            await asyncio.sleep(60)

    async with nothing_happens():
        task = asyncio.create_task(stopped())
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert await in_stock(item, mill) == (q(10), 1_000)
    await all_is_well()
