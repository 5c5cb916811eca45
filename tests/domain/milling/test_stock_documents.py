"""Documents about stock alone: what comes in, goes out, moves, is found, is wrong, is made of what, and is taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.errors import CurrencyMismatch, DomainError, Forbidden, InvalidInput
from domain.kit.money import Money
from domain.milling.accounts import (
    OPENING_STOCK,
    RAW_MATERIALS,
    STOCK_ADJUSTMENT,
    STOCK_IN_TRANSFER,
    STOCK_USED,
)
from domain.milling.errors import (
    AlreadyCancelled,
    BackdatingNotAllowed,
    DuplicateLine,
    InsufficientStock,
    InvalidQuantity,
    ItemInactive,
    ItemNotFound,
    ItemNotInWarehouse,
    OpeningKnown,
    RateRequired,
    SameWarehouse,
    StockDocumentNotFound,
    UnknownUnit,
    WarehouseClosed,
    WarehouseNotFound,
)
from domain.milling.models import StockDocument
from domain.milling.service.stock_documents import (
    adjust_stock,
    cancel_stock_document,
    issue_stock,
    open_stock,
    receive_stock,
    transfer_stock,
)
from domain.milling.service.stock_lines import StockLine
from domain.milling.states import PostedStatus, StockCause, StockDocumentKind
from tests.support.happenings import assert_integrity, names_of_events, nothing_happens
from tests.support.milling import FIFO, a_warehouse, an_item, day, in_books, in_stock, q
from tests.support.people import a_branch, somebody
from tests.support.races import outcomes_of
from tests.support.stock_papers import (
    a_keeper,
    a_manager,
    also_in_tonnes,
    line,
    lines_of,
    money,
    moved_by,
    narrowed_to,
    opened,
    received,
)

pytestmark = pytest.mark.usefixtures("database")


async def test_what_comes_in_and_goes_out_is_in_stock_and_in_the_books() -> None:
    keeper, wheat, silo = a_manager(), await also_in_tonnes(await an_item()), await a_warehouse()
    document = await receive_stock(
        keeper,
        warehouse_id=silo.id,
        lines=[line(wheat, "10.5", "40.00", unit="tonne", note="from the farm")],
        reason="harvest",
        reference="GRN 7",
    )
    assert (document.kind, document.status, document.value) == (
        StockDocumentKind.RECEIPT,
        PostedStatus.POSTED,
        money("420.00"),
    )
    assert document.number.startswith("SD-")
    [said] = await lines_of(document)
    assert (said.unit, said.quantity, said.base_quantity, said.amount_minor) == ("tonne", q("10.5"), q(10500), 42000)
    assert await in_stock(wheat, silo) == (q(10500), 42000)
    used = await issue_stock(keeper, warehouse_id=silo.id, lines=[line(wheat, 500)], reason="sweepings")
    assert await moved_by(used) == [(q(-500), -2000)]
    assert used.entry_id is not None
    assert await in_stock(wheat, silo) == (q(10000), 40000)
    assert [await in_books(account) for account in (RAW_MATERIALS, STOCK_ADJUSTMENT, STOCK_USED)] == [40000, -42000, 2000]
    assert (await names_of_events()).count("milling.stock_moved") == 2
    await assert_integrity()


async def test_a_receipt_without_a_value_comes_in_at_the_rate_of_what_is_there() -> None:
    keeper, wheat, silo = a_manager(), await an_item(), await a_warehouse()
    async with nothing_happens():
        with pytest.raises(RateRequired) as refused:
            await receive_stock(keeper, warehouse_id=silo.id, lines=[line(wheat, 1)])
    assert refused.value.field == ("input", "lines", "0")
    await received(keeper, wheat, silo, 10, "4.00")
    assert await moved_by(await receive_stock(keeper, warehouse_id=silo.id, lines=[line(wheat, 5)])) == [(q(5), 2000)]


async def test_a_transfer_moves_exactly_the_same_value_out_and_in() -> None:
    """S12: 20 t at 156,526.00, of which 1,728 kg move."""
    keeper, sugar = a_manager(), await also_in_tonnes(await an_item())
    here, there = await a_warehouse(), await a_warehouse()
    await receive_stock(keeper, warehouse_id=here.id, lines=[line(sugar, 20, "156526.00", unit="tonne")])
    document = await transfer_stock(keeper, from_warehouse_id=here.id, to_warehouse_id=there.id, lines=[line(sugar, "1728")])
    assert await moved_by(document) == [(q(1728), 270_476_93)]
    assert document.value == money("270476.93")
    assert await in_stock(sugar, there) == (q(1728), 270_476_93)
    assert await in_stock(sugar, here) == (q(18272), 3_130_520_00 - 270_476_93)
    assert await in_books(STOCK_IN_TRANSFER) == 0
    assert document.entry_id is None or await in_books(RAW_MATERIALS) == 3_130_520_00
    await assert_integrity()


async def test_uneven_quantities_leave_no_cent_behind() -> None:
    keeper, rice = a_manager(), await an_item(valuation_method=FIFO)
    here, there = await a_warehouse(), await a_warehouse()
    await received(keeper, rice, here, 3, "33.33")
    await receive_stock(keeper, warehouse_id=here.id, lines=[line(rice, 3, value=money("0.02"))])
    for quantity in ("0.333", "1.001", "2.999", "1.667"):
        await transfer_stock(keeper, from_warehouse_id=here.id, to_warehouse_id=there.id, lines=[line(rice, quantity)])
    assert await in_stock(rice, here) == (q(0), 0)
    assert await in_stock(rice, there) == (q(6), 100_01)


async def test_movements_of_one_moment_count_in_the_order_of_booking() -> None:
    """S14: at the same moment 10, then 1: balances 10 and 11; the first is taken back: 1."""
    keeper, wheat, silo = a_manager(), await an_item(valuation_method=FIFO), await a_warehouse()
    first = await received(keeper, wheat, silo, 10, 1, received_at=day(2))
    assert await in_stock(wheat, silo) == (q(10), 1000)
    await received(keeper, wheat, silo, 1, 1, received_at=day(2))
    assert await in_stock(wheat, silo) == (q(11), 1100)
    await cancel_stock_document(keeper, stock_document_id=first.id, reason="counted twice")
    assert await in_stock(wheat, silo) == (q(1), 100)
    await assert_integrity()


@pytest.mark.parametrize(
    ("changes", "used", "left"), [({"valuation_method": FIFO}, 9_055_00, 7_305_00), ({}, 9_202_50, 7_157_50)]
)
async def test_published_valuations_s15(changes: dict[str, Any], used: int, left: int) -> None:
    """300 at 20, 100 at 20.20, 200 at 20.70, 200 at 21; 450 are sold."""
    keeper, item, shop = a_manager(), await an_item(**changes), await a_warehouse()
    lines = [line(item, 300, 20), line(item, 100, "20.20"), line(item, 200, "20.70"), line(item, 200, 21)]
    assert (await receive_stock(keeper, warehouse_id=shop.id, lines=lines)).value == money(16360)
    sold = await issue_stock(keeper, warehouse_id=shop.id, lines=[line(item, 450)])
    assert (sold.value_minor, await in_stock(item, shop)) == (-used, (q(350), left))


@pytest.mark.parametrize(("changes", "used", "left"), [({"valuation_method": FIFO}, 182_00, 40_00), ({}, 185_00, 37_00)])
async def test_published_valuations_s16(changes: dict[str, Any], used: int, left: int) -> None:
    """8 at 4, 20 at 4.50, 20 at 5; 8 and 32 are sold."""
    keeper, item, shop = a_manager(), await an_item(**changes), await a_warehouse()
    for quantity, cost in ((8, "4"), (20, "4.50"), (20, "5")):
        await received(keeper, item, shop, quantity, cost)
    sold = [await issue_stock(keeper, warehouse_id=shop.id, lines=[line(item, quantity)]) for quantity in (8, 32)]
    assert sum(each.value_minor for each in sold) == -used
    assert await in_stock(item, shop) == (q(8), left)


async def test_an_adjustment_says_why() -> None:
    keeper, wheat, silo = a_manager(), await an_item(), await a_warehouse()
    await opened(keeper, wheat, silo, 100, 2)
    said = {"warehouse_id": silo.id, "reason": "rats"}
    less = await adjust_stock(keeper, lines=[line(wheat, -10)], cause=StockCause.DAMAGE, **said)
    more = await adjust_stock(keeper, lines=[line(wheat, 4), line(wheat, 1, 7)], cause=StockCause.FOUND, **said)
    assert (less.cause, less.value_minor, more.value_minor) == (StockCause.DAMAGE, -20_00, 8_00 + 7_00)
    assert await in_books(STOCK_ADJUSTMENT) == 20_00 - 15_00
    assert await in_books(OPENING_STOCK) == -200_00
    async with nothing_happens():
        with pytest.raises(InvalidInput) as refused:
            await adjust_stock(keeper, warehouse_id=silo.id, lines=[line(wheat, -1)], cause=StockCause.OTHER)
    assert refused.value.field == ("input", "reason")


async def test_an_opening_is_told_once() -> None:
    manager, silo = a_manager(), await a_warehouse()
    wheat, bran, flour = await an_item(), await an_item(), await an_item()
    first = await open_stock(
        manager, warehouse_id=silo.id, lines=[line(wheat, 10, 5), line(bran, 3, value=money(1))], opened_at=day(1)
    )
    assert (first.occurred_at, await in_books(OPENING_STOCK)) == (day(1), -51_00)
    async with nothing_happens():
        with pytest.raises(OpeningKnown) as known:
            await open_stock(manager, warehouse_id=silo.id, lines=[line(flour, 1, 1), line(bran, 1, 1)])
        with pytest.raises(DuplicateLine):
            await open_stock(manager, warehouse_id=silo.id, lines=[line(wheat, 1, 1), line(wheat, 1, 1)])
        with pytest.raises(InvalidInput):
            await open_stock(manager, warehouse_id=silo.id, lines=[line(wheat, 1)])
    assert known.value.field == ("input", "lines", "1", "itemId")
    await cancel_stock_document(manager, stock_document_id=first.id, reason="wrong price")
    await open_stock(manager, warehouse_id=silo.id, lines=[line(wheat, 10, 6)])
    assert await in_books(OPENING_STOCK) == -60_00


async def test_taking_a_document_back_is_as_if_it_had_never_been() -> None:
    keeper, wheat = a_manager(), await an_item(valuation_method=FIFO)
    here, there = await a_warehouse(), await a_warehouse()
    dear = await received(keeper, wheat, here, 10, 9)
    await received(keeper, wheat, here, 10, 2)
    moved = await transfer_stock(keeper, from_warehouse_id=here.id, to_warehouse_id=there.id, lines=[line(wheat, 5)])
    assert await in_stock(wheat, there) == (q(5), 45_00)
    await cancel_stock_document(keeper, stock_document_id=dear.id, reason="never came")
    assert await in_stock(wheat, there) == (q(5), 10_00), "the cost of what was moved follows"
    assert await in_stock(wheat, here) == (q(5), 10_00)
    back = await cancel_stock_document(keeper, stock_document_id=moved.id, reason="stayed")
    assert (back.status, back.cancel_reason, back.cancelled_by_id) == (PostedStatus.CANCELLED, "stayed", keeper.id)
    assert [await in_stock(wheat, place) for place in (here, there)] == [(q(10), 20_00), (q(0), 0)]
    await assert_integrity()
    async with nothing_happens():
        with pytest.raises(AlreadyCancelled):
            await cancel_stock_document(keeper, stock_document_id=moved.id, reason="again")


async def test_what_is_gone_cannot_be_taken_back() -> None:
    keeper, wheat, silo = a_manager(), await an_item(), await a_warehouse()
    document = await received(keeper, wheat, silo, 10, 9)
    await issue_stock(keeper, warehouse_id=silo.id, lines=[line(wheat, 4)])
    async with nothing_happens():
        with pytest.raises(InsufficientStock):
            await cancel_stock_document(keeper, stock_document_id=document.id, reason="never came")
        with pytest.raises(InvalidInput):
            await cancel_stock_document(keeper, stock_document_id=document.id, reason=" ")


async def test_one_short_line_and_nothing_of_the_document_happens() -> None:
    keeper, wheat, bran, silo = a_manager(), await an_item("Wheat"), await an_item("Bran"), await a_warehouse()
    await received(keeper, wheat, silo, 10, 9)
    await received(keeper, bran, silo, 1, 9)
    async with nothing_happens():
        with pytest.raises(InsufficientStock) as refused:
            await issue_stock(keeper, warehouse_id=silo.id, lines=[line(wheat, 5), line(bran, "1.001")])
    short = refused.value
    assert (short.requested, short.available, short.item, short.field) == (
        q("1.001"),
        q(1),
        "Bran",
        ("input", "lines", "1"),
    )


async def test_a_back_dated_issue_leaves_enough_for_all_that_followed() -> None:
    keeper, wheat, silo = a_manager(), await an_item(), await a_warehouse()
    await received(keeper, wheat, silo, 10, 9, received_at=day(1))
    await issue_stock(keeper, warehouse_id=silo.id, lines=[line(wheat, 8)], issued_at=day(3))
    async with nothing_happens():
        with pytest.raises(InsufficientStock) as refused:
            await issue_stock(keeper, warehouse_id=silo.id, lines=[line(wheat, 5)], issued_at=day(2))
        with pytest.raises(DomainError) as early:
            await receive_stock(
                keeper, warehouse_id=silo.id, lines=[line(wheat, 5, 1)], received_at=clock.now() + timedelta(hours=1)
            )
    assert refused.value.available == q(2)
    assert early.value.code == "FUTURE_DATE"


async def test_who_may_do_what() -> None:
    branch, other, customer = await a_branch(), await a_branch(), somebody(Role.SELLER)
    manager, keeper, clerk = a_manager(), a_keeper(branch), somebody(Role.SALES_CLERK, branch=branch)
    wheat, mine, theirs = await an_item(), await a_warehouse(branch_id=branch.id), await a_warehouse(branch_id=other.id)
    document = await received(keeper, wheat, mine, 10, 1)
    elsewhere = await received(manager, wheat, theirs, 10, 1)
    across = await transfer_stock(manager, from_warehouse_id=mine.id, to_warehouse_id=theirs.id, lines=[line(wheat, 1)])
    lines = [line(wheat, 1, 1)]
    async with nothing_happens():
        for other in (clerk, customer):
            with pytest.raises(Forbidden):
                await receive_stock(other, warehouse_id=mine.id, lines=lines)
        with pytest.raises(WarehouseNotFound):
            await receive_stock(keeper, warehouse_id=theirs.id, lines=lines)
        with pytest.raises(WarehouseNotFound) as there:
            await transfer_stock(keeper, from_warehouse_id=mine.id, to_warehouse_id=theirs.id, lines=[line(wheat, 1)])
        with pytest.raises(Forbidden):
            await open_stock(keeper, warehouse_id=mine.id, lines=lines)
        with pytest.raises(BackdatingNotAllowed) as early:
            await receive_stock(keeper, warehouse_id=mine.id, lines=lines, received_at=day(1))
        with pytest.raises(Forbidden):
            await cancel_stock_document(keeper, stock_document_id=document.id, reason="mine")
    assert there.value.field == ("input", "toWarehouseId")
    assert early.value.field == ("input", "receivedAt")
    may = narrowed_to(manager, branch)
    async with nothing_happens():
        for other_document in (elsewhere, across):
            with pytest.raises(StockDocumentNotFound):
                await cancel_stock_document(may, stock_document_id=other_document.id, reason="not mine")


async def test_places_and_items_that_are_given_up() -> None:
    keeper, wheat = a_manager(), await an_item()
    closed, here, empty = await a_warehouse(active=False), await a_warehouse(), await a_warehouse()
    old = await an_item(active=False)
    await received(keeper, wheat, here, 10, 1)
    async with nothing_happens():
        with pytest.raises(WarehouseClosed):
            await receive_stock(keeper, warehouse_id=closed.id, lines=[line(wheat, 1, 1)])
        with pytest.raises(WarehouseClosed):
            await transfer_stock(keeper, from_warehouse_id=here.id, to_warehouse_id=closed.id, lines=[line(wheat, 1)])
        with pytest.raises(ItemInactive):
            await receive_stock(keeper, warehouse_id=here.id, lines=[line(old, 1, 1)])
        with pytest.raises(SameWarehouse):
            await transfer_stock(keeper, from_warehouse_id=here.id, to_warehouse_id=here.id, lines=[line(wheat, 1)])
        with pytest.raises(ItemNotInWarehouse):
            await issue_stock(keeper, warehouse_id=empty.id, lines=[line(wheat, 1)])


async def test_a_full_warehouse_takes_nothing_more() -> None:
    keeper, wheat = a_manager(), await an_item()
    small, here = await a_warehouse(capacity_kg=q(100)), await a_warehouse()
    await received(keeper, wheat, small, 95, 1)
    await received(keeper, wheat, here, 50, 1)
    async with nothing_happens():
        with pytest.raises(DomainError) as refused:
            await transfer_stock(keeper, from_warehouse_id=here.id, to_warehouse_id=small.id, lines=[line(wheat, 6)])
    assert refused.value.code == "WAREHOUSE_CAPACITY_EXCEEDED"
    await transfer_stock(keeper, from_warehouse_id=here.id, to_warehouse_id=small.id, lines=[line(wheat, 5)])
    assert await in_stock(wheat, small) == (q(100), 100_00)


_BAD: list[tuple[dict[str, Any], type[DomainError], str]] = [
    ({"quantity": Decimal("NaN")}, InvalidQuantity, "quantity"),
    ({"quantity": Decimal("Infinity")}, InvalidQuantity, "quantity"),
    ({"quantity": Decimal(-1)}, InvalidQuantity, "quantity"),
    ({"quantity": Decimal(0)}, InvalidQuantity, "quantity"),
    ({"quantity": Decimal("1.0001")}, InvalidQuantity, "quantity"),
    ({"quantity": Decimal("0.0004"), "unit": "tonne"}, InvalidQuantity, "quantity"),
    ({"quantity": Decimal("1234567890123456789")}, InvalidQuantity, "quantity"),
    ({"quantity": Decimal("1E+999999")}, InvalidQuantity, "quantity"),
    ({"unit": "furlong"}, UnknownUnit, "unit"),
    ({"unit": "x" * 5000}, UnknownUnit, "unit"),
    ({"value": Money(1, "USD")}, CurrencyMismatch, "value"),
    ({"unit_cost": Money(1, "USD")}, CurrencyMismatch, "unitCost"),
    ({"value": Money(1, "INR"), "unit_cost": Money(1, "INR")}, InvalidInput, "unitCost"),
    ({"quantity": Decimal("999999999999"), "unit_cost": Money(10**15, "INR")}, InvalidInput, "unitCost"),
    ({"note": "x" * 301}, InvalidInput, "note"),
    ({"note": "\x00"}, InvalidInput, "note"),
]


@pytest.mark.parametrize(("said", "refusal", "field"), _BAD)
async def test_bad_lines_are_refused(said: dict[str, Any], refusal: type[DomainError], field: str) -> None:
    keeper, wheat, silo = a_manager(), await also_in_tonnes(await an_item()), await a_warehouse()
    good = line(wheat, 1, None, value=money(1))
    bad = StockLine(**({"item_id": wheat.id, "quantity": Decimal(1)} | said))
    async with nothing_happens():
        with pytest.raises(refusal) as refused:
            await receive_stock(keeper, warehouse_id=silo.id, lines=[good, bad])
    assert refused.value.field == ("input", "lines", "1", field)


async def test_bad_documents_are_refused() -> None:
    keeper, wheat, silo = a_manager(), await an_item(), await a_warehouse()
    await received(keeper, wheat, silo, 1, 1)
    async with nothing_happens():
        for lines in ([], [line(wheat, 1, 1)] * 201):
            with pytest.raises(InvalidInput) as refused:
                await receive_stock(keeper, warehouse_id=silo.id, lines=lines)
            assert refused.value.field == ("input", "lines")
        with pytest.raises(ItemNotFound) as unknown:
            await receive_stock(keeper, warehouse_id=silo.id, lines=[replace(line(wheat, 1, 1), item_id=silo.id)])
        assert unknown.value.field == ("input", "lines", "0", "itemId")
        with pytest.raises(WarehouseNotFound):
            await receive_stock(keeper, warehouse_id=wheat.id, lines=[line(wheat, 1, 1)])
        with pytest.raises(InvalidInput):
            await issue_stock(keeper, warehouse_id=silo.id, lines=[line(wheat, 1, 1)])
        for said in ({"reason": "x" * 501}, {"reference": "x" * 61}, {"reason": "\x00"}):
            with pytest.raises(InvalidInput) as long:
                await receive_stock(keeper, warehouse_id=silo.id, lines=[line(wheat, 1, 1)], **said)
            assert long.value.field == ("input", *said)
        with pytest.raises(StockDocumentNotFound):
            await cancel_stock_document(keeper, stock_document_id=wheat.id, reason="?")


async def test_the_last_bag_goes_once() -> None:
    keeper, wheat, silo = a_manager(), await an_item(), await a_warehouse()
    await received(keeper, wheat, silo, 3, 1)
    acts = [issue_stock(keeper, warehouse_id=silo.id, lines=[line(wheat, 1)]) for _ in range(6)]
    outcomes = await outcomes_of(acts)
    assert sorted(type(each) is StockDocument for each in outcomes) == [False] * 3 + [True] * 3
    assert {each.code for each in outcomes if isinstance(each, DomainError)} == {"INSUFFICIENT_STOCK"}
    assert await in_stock(wheat, silo) == (q(0), 0)


async def test_transfers_both_ways_at_once() -> None:
    keeper, wheat, bran = a_manager(), await an_item(), await an_item()
    places = [await a_warehouse(), await a_warehouse()]
    for place in places:
        await receive_stock(keeper, warehouse_id=place.id, lines=[line(wheat, 20, 1), line(bran, 20, 3)])
    acts = [
        transfer_stock(
            keeper,
            from_warehouse_id=places[turn % 2].id,
            to_warehouse_id=places[1 - turn % 2].id,
            lines=[line(wheat, 1), line(bran, 2)] if turn % 3 else [line(bran, 2), line(wheat, 1)],
        )
        for turn in range(8)
    ]
    assert all(type(each) is StockDocument for each in await outcomes_of(acts))
    assert [await in_stock(wheat, place) for place in places] == [(q(20), 20_00)] * 2
    await assert_integrity()


async def test_two_openings_at_once() -> None:
    manager, wheat, silo = a_manager(), await an_item(), await a_warehouse()
    outcomes = await outcomes_of([opened(manager, wheat, silo, 10, 2) for _ in range(4)])
    assert [type(each) for each in outcomes].count(StockDocument) == 1
    assert {type(each) for each in outcomes} == {StockDocument, OpeningKnown}
    assert await in_stock(wheat, silo) == (q(10), 20_00)


async def test_taken_back_once_although_asked_at_once() -> None:
    keeper, wheat, silo = a_manager(), await an_item(), await a_warehouse()
    document = await received(keeper, wheat, silo, 10, 2)
    acts = [cancel_stock_document(keeper, stock_document_id=document.id, reason="twice") for _ in range(4)]
    assert [type(each) for each in await outcomes_of(acts)].count(AlreadyCancelled) == 3
    assert await in_stock(wheat, silo) == (q(0), 0)
    await assert_integrity()
