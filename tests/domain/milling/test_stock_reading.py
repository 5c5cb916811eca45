"""What is read of stock follows from its movements alone, whoever asks, and for any moment."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.errors import DomainError, Forbidden, InvalidInput
from domain.kit.paging import PageRequest
from domain.milling.accounts import STOCK_OF
from domain.milling.errors import InvalidQuantity, ItemNotFound, WarehouseNotFound
from domain.milling.models import Item, Warehouse
from domain.milling.queries import stock as reading
from domain.milling.queries import stock_documents as documents
from domain.milling.queries.statement import statement_lines, stock_statement
from domain.milling.queries.valuation import stock_valuation, valued_bins
from domain.milling.service.counting import CountLine, count_stock
from domain.milling.service.stock_documents import (
    cancel_stock_document,
    issue_stock,
    transfer_stock,
)
from domain.milling.states import ItemCategory, MovementKind, StockDocumentKind, StockLevel
from tests.support.milling import FIFO, a_warehouse, an_item, day, in_books, in_stock, q
from tests.support.people import a_branch, somebody
from tests.support.stock_papers import a_keeper, a_manager, also_in_tonnes, line, money, opened, received

pytestmark = pytest.mark.usefixtures("database")

ALL = PageRequest(first=100)


async def all_movements(actor: Any, **wanted: Any) -> list[reading.MovementRow]:
    return list((await reading.stock_movements(actor, ALL, reading.MovementFilter(**wanted))).rows)


async def test_movements_tell_what_they_are_worth_and_which_were_taken_back() -> None:
    keeper, wheat, here, there = a_manager(), await an_item(), await a_warehouse(), await a_warehouse()
    await received(keeper, wheat, here, 4, "2.50", received_at=day(1))
    mistake = await received(keeper, wheat, here, 6, 9, received_at=day(2))
    await transfer_stock(
        keeper, from_warehouse_id=here.id, to_warehouse_id=there.id, lines=[line(wheat, 3)], transferred_at=day(3)
    )
    await cancel_stock_document(keeper, stock_document_id=mistake.id, reason="a mistake")
    rows = await all_movements(keeper, item_id=wheat.id)
    assert [(row.kind, row.quantity, row.value, row.rate, row.cancelled) for row in rows] == [
        (MovementKind.TRANSFER_IN, q(3), money("7.50"), Decimal("2.500000"), False),
        (MovementKind.TRANSFER_OUT, q(-3), money("-7.50"), Decimal("2.500000"), False),
        (MovementKind.RECEIPT, q(6), money(0), Decimal(0), True),
        (MovementKind.RECEIPT, q(4), money(10), Decimal("2.500000"), False),
    ]
    assert [row.cancel_reason for row in rows] == [None, None, "a mistake", None]
    assert [row.kind for row in await all_movements(keeper, cancelled=True)] == [MovementKind.RECEIPT]
    assert len(await all_movements(keeper, cancelled=False)) == 3
    numbers = await reading.numbers_of_documents({row.document_id for row in rows})
    assert numbers[mistake.id] == mistake.number


async def test_movements_are_narrowed_and_paged() -> None:
    keeper, wheat, bran, silo = a_manager(), await an_item(), await an_item(), await a_warehouse()
    for number in range(1, 8):
        await received(keeper, wheat, silo, number, 1, received_at=day(number))
    await received(keeper, bran, silo, 1, 1, received_at=day(3))
    await issue_stock(keeper, warehouse_id=silo.id, lines=[line(wheat, 1)], issued_at=day(8))
    assert len(await all_movements(keeper, item_id=wheat.id, since=day(2), until=day(5))) == 3
    assert len(await all_movements(keeper, warehouse_id=silo.id, kinds=[MovementKind.ISSUE])) == 1
    wanted = reading.MovementFilter(item_id=wheat.id, kinds=[MovementKind.RECEIPT])
    first = await reading.stock_movements(keeper, PageRequest(first=3), wanted)
    rest = await reading.stock_movements(keeper, PageRequest(first=9, after=first.cursors[-1]), wanted)
    assert [row.quantity for row in (*first.rows, *rest.rows)] == [q(number) for number in range(7, 0, -1)]
    assert (first.has_next, rest.has_next, await first.count()) == (True, False, 7)
    back = await reading.stock_movements(keeper, PageRequest(last=2, before=rest.cursors[0]), wanted)
    assert [row.quantity for row in back.rows] == [q(6), q(5)]
    with pytest.raises(InvalidInput):
        await all_movements(keeper, since=day(2), until=day(1))


async def test_who_sees_what() -> None:
    branch, other, wheat = await a_branch(), await a_branch(), await an_item()
    manager, keeper = a_manager(), a_keeper(branch)
    mine, theirs = await a_warehouse(branch_id=branch.id), await a_warehouse(branch_id=other.id)
    await received(manager, wheat, mine, 10, 1)
    await received(manager, wheat, theirs, 90, 1)
    gone = await transfer_stock(manager, from_warehouse_id=theirs.id, to_warehouse_id=mine.id, lines=[line(wheat, 5)])
    assert {row.warehouse_id for row in await all_movements(keeper)} == {mine.id}
    assert len(await all_movements(manager)) == 4
    for read in (reading.stock_movements, reading.stock_levels):
        narrowed = {
            reading.stock_movements: reading.MovementFilter(warehouse_id=theirs.id),
            reading.stock_levels: reading.LevelFilter(warehouse_id=theirs.id),
        }[read]
        with pytest.raises(WarehouseNotFound):
            await read(keeper, ALL, narrowed)  # type: ignore[operator]
    assert (await reading.stock_availability(keeper, item_id=wheat.id)).on_hand == q(15)
    assert (await reading.stock_availability(manager, item_id=wheat.id)).on_hand == q(100)
    with pytest.raises(WarehouseNotFound):
        await reading.stock_availability(keeper, item_id=wheat.id, warehouse_id=theirs.id)
    papers = (await documents.stock_documents(keeper, ALL)).rows
    assert [each.kind for each in papers] == [StockDocumentKind.TRANSFER, StockDocumentKind.RECEIPT]
    assert set(await documents.stock_documents_by_id(keeper, [gone.id])) == {gone.id}
    assert set(await reading.movements_by_id(keeper, [row.id for row in await all_movements(manager)])) == {
        row.id for row in await all_movements(keeper)
    }
    assert [len(rows) for rows in (await reading.movements_of_documents(keeper, [gone.id])).values()] == [1]
    assert (await stock_valuation(keeper)).total == money(15)
    statement = await stock_statement(keeper, item_id=wheat.id, since=day(1), until=clock.now() + timedelta(days=1))
    assert statement.closing.quantity == q(15)
    stranger = somebody(Role.BORROWER)
    for ask in (reading.stock_movements(stranger, ALL), reading.stock_levels(stranger, ALL)):
        with pytest.raises(Forbidden):
            await ask
    with pytest.raises(Forbidden):
        await stock_valuation(stranger)
    assert await reading.movements_by_id(stranger, [row.id for row in await all_movements(manager)]) == {}


async def test_availability() -> None:
    keeper, wheat = a_manager(), await also_in_tonnes(await an_item())
    here, there, empty = [await a_warehouse() for _ in range(3)]
    await received(keeper, wheat, here, 600, 1)
    await received(keeper, wheat, there, 900, 1)
    asked = await reading.stock_availability(keeper, item_id=wheat.id, quantity=q("0.7"), unit="tonne")
    assert (asked.requested, asked.available, asked.enough) == (q(700), q(1500), True)
    assert {each.warehouse_id: each.enough for each in asked.warehouses} == {here.id: False, there.id: True}
    one = await reading.stock_availability(keeper, item_id=wheat.id, warehouse_id=here.id, quantity=q(601))
    assert (one.on_hand, one.reserved, one.enough) == (q(600), q(0), False)
    none = await reading.stock_availability(keeper, item_id=wheat.id, warehouse_id=empty.id)
    assert (none.available, none.enough, none.warehouses) == (q(0), None, [])
    for quantity in (Decimal("NaN"), Decimal(-1), Decimal(0), Decimal(10) ** 19, Decimal("0.0001")):
        with pytest.raises(InvalidQuantity) as refused:
            await reading.stock_availability(keeper, item_id=wheat.id, quantity=quantity)
        assert refused.value.field == ("quantity",)
    with pytest.raises(ItemNotFound):
        await reading.stock_availability(keeper, item_id=here.id)


async def test_levels() -> None:
    keeper, silo = a_manager(), await a_warehouse()
    wheat = await an_item("Wheat, hard", reorder_level=q(10))
    bran = await an_item("Bran", category=ItemCategory.BY_PRODUCT)
    bags = await an_item("Bags", reorder_level=q(5))
    for item, quantity in ((wheat, 10), (bran, 1), (bags, 3)):
        await opened(keeper, item, silo, quantity)
    await issue_stock(keeper, warehouse_id=silo.id, lines=[line(bags, 3)])

    async def found(**wanted: Any) -> list[Any]:
        return [row.item_id for row in (await reading.stock_levels(keeper, ALL, reading.LevelFilter(**wanted))).rows]

    assert await found() == [wheat.id, bran.id, bags.id]
    assert await found(statuses=[StockLevel.LOW]) == [wheat.id]
    assert await found(statuses=[StockLevel.OUT]) == [bags.id]
    assert await found(statuses=[StockLevel.OK, StockLevel.OUT]) == [bran.id, bags.id]
    assert await found(categories=[ItemCategory.BY_PRODUCT]) == [bran.id]
    assert await found(search="HARD") == [wheat.id]
    assert await found(search="\x00") == []
    assert await found(item_id=bran.id, warehouse_id=silo.id) == [bran.id]
    page = await reading.stock_levels(keeper, PageRequest(first=1), reading.LevelFilter(statuses=list(StockLevel)))
    after = await reading.stock_levels(keeper, PageRequest(first=2, after=page.cursors[0]))
    assert ([row.item_id for row in after.rows], page.has_next) == ([bran.id, bags.id], True)
    assert await page.count() == 3


async def test_documents_are_found() -> None:
    keeper, wheat, here, there = a_manager(), await an_item(), await a_warehouse(), await a_warehouse()
    receipt = await received(keeper, wheat, here, 10, 1, received_at=day(1), reference="GRN-77")
    moved = await transfer_stock(
        keeper, from_warehouse_id=here.id, to_warehouse_id=there.id, lines=[line(wheat, 1)], transferred_at=day(2)
    )

    async def found(**wanted: Any) -> list[Any]:
        return [row.id for row in (await documents.stock_documents(keeper, ALL, documents.DocumentFilter(**wanted))).rows]

    assert await found() == [moved.id, receipt.id]
    assert await found(kinds=[StockDocumentKind.RECEIPT]) == [receipt.id]
    assert await found(warehouse_id=there.id) == [moved.id]
    assert await found(item_id=wheat.id, since=day(2)) == [moved.id]
    assert await found(until=day(2)) == [receipt.id]
    assert await found(search="grn-7") == [receipt.id]
    assert await found(search=moved.number.lower()) == [moved.id]
    assert await found(item_id=here.id) == []
    with pytest.raises(InvalidInput):
        await found(since=day(2), until=day(1))


async def test_a_statement_runs_through_movements_of_one_moment() -> None:
    """S14: at the same moment 10, then 1: balances 10 and 11; without the first, 1."""
    keeper, wheat, silo = a_manager(), await an_item(), await a_warehouse()
    first = await received(keeper, wheat, silo, 10, 2, received_at=day(2))
    await received(keeper, wheat, silo, 1, 13, received_at=day(2))
    await issue_stock(keeper, warehouse_id=silo.id, lines=[line(wheat, 1)], issued_at=day(2, hour=9))

    async def lines(request: PageRequest = ALL) -> list[tuple[Decimal, int]]:
        asked = await stock_statement(keeper, item_id=wheat.id, warehouse_id=silo.id, since=day(1), until=day(3))
        return [
            (each.after.quantity, each.after.value.amount_minor) for each in (await statement_lines(asked, request)).rows
        ]

    assert await lines() == [(q(10), 20_00), (q(11), 33_00), (q(10), 30_00)]
    asked = await stock_statement(keeper, item_id=wheat.id, warehouse_id=silo.id, since=day(1), until=day(3))
    page = await statement_lines(asked, PageRequest(first=1))
    assert await lines(PageRequest(first=2, after=page.cursors[0])) == [(q(11), 33_00), (q(10), 30_00)]
    assert await lines(PageRequest(last=1)) == [(q(10), 30_00)]
    assert (asked.received.quantity, asked.received.value, asked.issued.value) == (q(11), money(33), money(3))
    await cancel_stock_document(keeper, stock_document_id=first.id, reason="twice")
    assert await lines() == [(q(1), 13_00), (q(0), 0)]
    before = await stock_statement(keeper, item_id=wheat.id, since=day(2, hour=9), until=day(2, hour=9))
    assert (before.opening, before.closing.rate) == (before.closing, Decimal("13.000000"))
    with pytest.raises(InvalidInput):
        await stock_statement(keeper, item_id=wheat.id, since=day(2), until=day(1))
    with pytest.raises(ItemNotFound):
        await stock_statement(keeper, item_id=silo.id, since=day(1), until=day(1))


async def test_statements_and_valuations_agree_with_the_movements_at_any_moment() -> None:
    keeper, chance = a_manager(), random.Random(7)
    items = [
        await an_item(valuation_method=FIFO),
        await an_item(category=ItemCategory.FINISHED),
        await an_item(category=ItemCategory.BY_PRODUCT),
    ]
    places = [await a_warehouse(), await a_warehouse()]
    await a_tale(keeper, items, places, chance)
    moments = [day(number, hour) for number, hour in ((1, 0), (2, 8), (3, 9), (3, 10), (4, 0), (9, 0))]
    for moment in moments:
        valued = await stock_valuation(keeper, as_of=moment - timedelta(microseconds=1))
        worth = {(each.item_id, each.warehouse_id): (each.quantity, each.value) for each in valued.bins}
        for item in items:
            for place in places:
                asked = await stock_statement(keeper, item_id=item.id, warehouse_id=place.id, since=moment, until=day(20))
                nothing = (q(0), money(0))
                assert (asked.opening.quantity, asked.opening.value) == worth.get((item.id, place.id), nothing)
                rows = (await statement_lines(asked, ALL)).rows
                last = rows[-1].after if rows else asked.opening
                assert last == asked.closing
                assert asked.closing.quantity == asked.opening.quantity + sum(each.movement.quantity for each in rows)
                assert (asked.closing.quantity, asked.closing.value.amount_minor) == await in_stock(item, place)
            both = await stock_statement(keeper, item_id=item.id, since=moments[0], until=moment)
            assert both.closing.value == sum(
                (value for (item_id, _), (_, value) in worth.items() if item_id == item.id), money(0)
            )
    now = await stock_valuation(keeper)
    assert now.bins == (await stock_valuation(keeper, as_of=clock.now())).bins
    assert {each.category: each.value.amount_minor for each in now.by_category} == {
        category: await in_books(account) for category, account in STOCK_OF.items()
    }
    assert sum((each.value for each in now.by_warehouse), money(0)) == now.total
    pages = [valued_bins(now, PageRequest(first=2))]
    while pages[-1].has_next:
        pages.append(valued_bins(now, PageRequest(first=2, after=pages[-1].cursors[-1])))
    assert [row for page in pages for row in page.rows] == now.bins
    back = valued_bins(now, PageRequest(last=2, before=pages[-1].cursors[0]))
    assert list(back.rows) == list(pages[-2].rows)
    raw = await stock_valuation(keeper, categories=[ItemCategory.FINISHED], warehouse_id=places[0].id)
    assert {each.item_id for each in raw.bins} == {items[1].id}
    with pytest.raises(DomainError):
        await stock_valuation(keeper, as_of=clock.now() + timedelta(hours=1))


async def a_tale(keeper: Any, items: list[Item], places: list[Warehouse], chance: random.Random) -> None:
    """Some days at the mill, told out of order."""
    for item in items:
        for place in places:
            await received(keeper, item, place, 1_000, "3.33", received_at=day(1))
    papers = []
    for _ in range(40):
        item, place, at = chance.choice(items), chance.choice(places), a_moment(chance)
        quantity = Decimal(chance.randint(1, 9_999)) / 1000
        match chance.randint(0, 3):
            case 0:
                cost = Decimal(chance.randint(1, 999)) / 100
                papers.append(await received(keeper, item, place, quantity, str(cost), received_at=at))
            case 1:
                lines = [line(item, quantity)]
                papers.append(await issue_stock(keeper, warehouse_id=place.id, lines=lines, issued_at=at))
            case 2:
                target = places[1 - places.index(place)]
                await transfer_stock(
                    keeper,
                    from_warehouse_id=place.id,
                    to_warehouse_id=target.id,
                    lines=[line(item, quantity)],
                    transferred_at=at,
                )
            case _:
                found = CountLine(item_id=item.id, quantity=q(1_000) + quantity)
                await count_stock(keeper, warehouse_id=place.id, lines=[found], counted_at=at)
    for document in chance.sample(papers, 4):
        await cancel_stock_document(keeper, stock_document_id=document.id, reason="a mistake")


def a_moment(chance: random.Random) -> datetime:
    return day(chance.randint(2, 4), chance.choice([0, 8, 9, 9, 23]))
