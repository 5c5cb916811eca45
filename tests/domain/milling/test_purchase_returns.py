"""Goods that go back to suppliers: at which value they leave stock, and what the supplier gives for them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.errors import DomainError, Forbidden
from domain.kit.ids import new_id
from domain.milling.accounts import COST_OF_GOODS_SOLD, NOT_BILLED, RAW_MATERIALS, STOCK_VARIANCE, TRADE_PAYABLES
from domain.milling.errors import (
    AlreadyCancelled,
    BackdatingNotAllowed,
    BlockedByLaterDocument,
    ExceedsReturnable,
    FutureDate,
    InsufficientStock,
    PurchaseNotFound,
    PurchaseReturnNotFound,
)
from domain.milling.models import PurchaseReturn
from domain.milling.service.items import NewItem
from domain.milling.service.landed_cost import add_landed_cost
from domain.milling.service.purchase_orders import OrderedLine
from domain.milling.service.purchase_returns import ReturnedLine, cancel_purchase_return, create_purchase_return
from domain.milling.service.supplier_payments import record_supplier_refund
from domain.milling.states import ItemCategory, PaymentMethod, PostedStatus, PurchaseStatus, ValuationMethod
from tests.support.happenings import assert_integrity, nothing_happens
from tests.support.milling import AVERAGE, FIFO, an_item, in_books, in_stock, issue, q
from tests.support.people import somebody
from tests.support.purchases import (
    BILLED,
    DRAFT,
    a_mill,
    a_purchase,
    billed,
    line_of,
    now,
    ordered,
    paid,
    sent_back,
    shillings,
)
from tests.support.races import outcomes_of

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.parametrize("with_bill", [True, False])
async def test_a_return_under_moving_average_goes_at_the_current_rate(with_bill: bool) -> None:
    """ERPNext #37424: of 10 at 100 and 100 at 10, 100 go out at 18.18; 8 of the dear ones go back.

    At their purchase rate they would take 800 out of 181.82 and leave 2 at -309.09 each.
    """
    mill, wheat = await a_mill(), await an_item(valuation_method=AVERAGE)
    dear = await a_purchase(mill, ordered(wheat, 10, 100))
    await a_purchase(mill, ordered(wheat, 100, 10))
    if with_bill:
        await billed(mill, dear)
    await issue(wheat, mill.warehouse, 100)
    assert await in_stock(wheat, mill.warehouse) == (q(10), 181_82)
    await sent_back(mill, dear, 8)
    assert await in_stock(wheat, mill.warehouse) == (q(2), 36_36)
    assert await in_books(STOCK_VARIANCE) == 145_46 - 800_00
    owed, not_billed = (-200_00, -1000_00) if with_bill else (0, -1200_00)
    assert (await in_books(TRADE_PAYABLES), await in_books(NOT_BILLED)) == (owed, not_billed)
    await assert_integrity()


async def test_a_return_under_fifo_goes_at_the_rate_of_its_receipt() -> None:
    mill, wheat = await a_mill(), await an_item(valuation_method=FIFO)
    await a_purchase(mill, ordered(wheat, 10, 100))
    cheap = await a_purchase(mill, ordered(wheat, 100, 10))
    await issue(wheat, mill.warehouse, 5)
    await sent_back(mill, cheap, 8)
    assert await in_stock(wheat, mill.warehouse) == (q(97), 500_00 + 920_00)
    assert (await in_books(STOCK_VARIANCE), await in_books(NOT_BILLED)) == (0, -1920_00)
    await assert_integrity()


async def test_under_fifo_the_oldest_go_where_the_receipts_own_are_gone() -> None:
    mill, wheat = await a_mill(), await an_item(valuation_method=FIFO)
    dear = await a_purchase(mill, ordered(wheat, 10, 100))
    await a_purchase(mill, ordered(wheat, 100, 10))
    await issue(wheat, mill.warehouse, 8)
    await sent_back(mill, dear, 5)
    assert await in_stock(wheat, mill.warehouse) == (q(97), 970_00)
    assert await in_books(STOCK_VARIANCE) == 2 * 100_00 + 3 * 10_00 - 500_00
    await assert_integrity()


@pytest.mark.parametrize("method", [FIFO, AVERAGE])
async def test_all_of_it_goes_back_in_steps_to_the_cent(method: ValuationMethod) -> None:
    mill, wheat = await a_mill(), await an_item(valuation_method=method)
    purchase = await a_purchase(mill, ordered(wheat, 3, amount=shillings(100)))
    before = [(await sent_back(mill, purchase, 1)).amount for _ in range(2)]
    assert before == [shillings("33.33"), shillings("33.34")]
    assert (await now(purchase)).status is PurchaseStatus.PART_RETURNED
    await billed(mill, purchase, "33.34")
    rest = [(await sent_back(mill, purchase, "0.5")) for _ in range(2)]
    assert [each.credited_amount for each in rest] == [shillings("16.67")] * 2
    after = await now(purchase)
    assert (after.status, after.due_amount) == (PurchaseStatus.RETURNED, shillings(0))
    for account in (RAW_MATERIALS, NOT_BILLED, TRADE_PAYABLES):
        assert await in_books(account) == 0
    async with nothing_happens():
        with pytest.raises(ExceedsReturnable):
            await sent_back(mill, purchase, "0.001")
    await assert_integrity()


async def test_what_the_supplier_does_not_credit_is_variance() -> None:
    """Freight has made the goods dearer; the supplier gives back the price alone."""
    mill, wheat = await a_mill(), await an_item(valuation_method=FIFO)
    purchase = await a_purchase(mill, ordered(wheat, 100, 10), up_to=BILLED)
    await add_landed_cost(mill.cashier, purchase_id=purchase.id, amount=shillings(50), description="Lorry")
    made = await sent_back(mill, purchase, 10)
    assert (made.amount, made.credited_amount) == (shillings(100), shillings(100))
    assert (await in_stock(wheat, mill.warehouse), await in_books(STOCK_VARIANCE)) == ((q(90), 945_00), 5_00)
    assert (await now(purchase)).due_amount == shillings(900)
    await assert_integrity()


async def test_what_a_return_was_worth_may_turn_out_later() -> None:
    """A purchase of the past makes the average cheaper: the return took less out of stock; what the supplier gives stays."""
    mill, wheat = await a_mill(), await an_item(valuation_method=AVERAGE)
    purchase = await a_purchase(mill, ordered(wheat, 10, 20), up_to=BILLED, received_at=clock.now() - timedelta(days=3))
    await sent_back(mill, purchase, 5)
    await a_purchase(mill, ordered(wheat, 10, 10), received_at=clock.now() - timedelta(days=9))
    assert await in_stock(wheat, mill.warehouse) == (q(15), 225_00)
    assert await in_books(STOCK_VARIANCE) == 75_00 - 100_00
    assert (await in_books(TRADE_PAYABLES), await in_books(NOT_BILLED)) == (-100_00, -100_00)
    await assert_integrity()


async def test_a_return_of_the_past_changes_what_was_sold_since() -> None:
    """10 at 10.00 and 10 at 20.00; 10 were sold, but 5 of the cheap ones had gone back before."""
    mill, wheat = await a_mill(), await an_item(valuation_method=FIFO)
    now_at = clock.now()
    cheap = await a_purchase(mill, ordered(wheat, 10, 10), received_at=now_at - timedelta(days=5))
    await a_purchase(mill, ordered(wheat, 10, 20), received_at=now_at - timedelta(days=4))
    await issue(wheat, mill.warehouse, 10, at=now_at - timedelta(days=2))
    lines = [ReturnedLine(line_no=1, quantity=q(5))]

    async def back(days: int) -> PurchaseReturn:
        at = now_at - timedelta(days=days)
        made = await create_purchase_return(
            mill.manager, purchase_id=cheap.id, lines=lines, reason="Weevils", returned_at=at
        )
        return made.purchase_return

    async with nothing_happens():
        with pytest.raises(FutureDate) as refused:
            await back(9)
    assert refused.value.field == ("input", "returnedAt")
    made = await back(3)
    assert made.returned_at == now_at - timedelta(days=3)
    assert await in_books(COST_OF_GOODS_SOLD) == 5 * 10_00 + 5 * 20_00
    assert (await in_stock(wheat, mill.warehouse), await in_books(STOCK_VARIANCE)) == ((q(5), 100_00), 0)
    await assert_integrity()


async def test_no_more_goes_back_than_came_and_is_here() -> None:
    mill, wheat = await a_mill(), await an_item()
    purchase = await a_purchase(mill, ordered(wheat, 100, 10))
    await sent_back(mill, purchase, 30)
    async with nothing_happens():
        with pytest.raises(ExceedsReturnable) as refused:
            await sent_back(mill, purchase, "70.001")
    assert (refused.value.requested, refused.value.returnable) == (q("70.001"), q(70))
    assert refused.value.field == ("input", "lines", "0", "quantity")
    await issue(wheat, mill.warehouse, 60)
    async with nothing_happens():
        with pytest.raises(InsufficientStock) as short:
            await sent_back(mill, purchase, 20)
    assert (short.value.requested, short.value.available) == (q(20), q(10))
    await assert_integrity()


async def test_two_send_the_same_goods_back() -> None:
    mill, wheat = await a_mill(), await an_item()
    purchase = await a_purchase(mill, ordered(wheat, 100, 10))
    await a_purchase(mill, ordered(wheat, 100, 10))
    done = await outcomes_of(sent_back(mill, purchase, 60) for _ in range(4))
    assert sorted(type(each).__name__ for each in done) == ["ExceedsReturnable"] * 3 + ["PurchaseReturn"]
    assert await in_stock(wheat, mill.warehouse) == (q(140), 1400_00)
    await assert_integrity()


async def test_goods_go_back_in_any_unit_of_the_item() -> None:
    mill = await a_mill()
    new = NewItem(code="MAIZE", name="Maize", category=ItemCategory.RAW_MATERIAL, units={"bag": q(90)})
    purchase = await a_purchase(mill, OrderedLine(new_item=new, quantity=q(10), unit="bag", unit_price=shillings(3600)))
    assert (await sent_back(mill, purchase, 1)).amount == shillings(3600)
    assert (await sent_back(mill, purchase, 45, unit="kg")).amount == shillings(1800)
    line = await line_of(purchase)
    assert (line.returned_quantity, line.returned_minor) == (q(135), 5400_00)


async def test_a_return_is_taken_out_of_history() -> None:
    mill, wheat = await a_mill(), await an_item()
    purchase = await a_purchase(mill, ordered(wheat, 100, 10), up_to=BILLED)
    first, second = await sent_back(mill, purchase, 10), await sent_back(mill, purchase, 90)
    assert (await now(purchase)).status is PurchaseStatus.RETURNED
    async with nothing_happens():
        with pytest.raises(Forbidden):
            await cancel_purchase_return(mill.keeper, purchase_return_id=first.id, reason="Came back")
    gone = (await cancel_purchase_return(mill.manager, purchase_return_id=first.id, reason="Came back")).purchase_return
    assert (gone.status, gone.cancel_reason) == (PostedStatus.CANCELLED, "Came back")
    after = await now(purchase)
    assert (after.status, after.due_amount) == (PurchaseStatus.PART_RETURNED, shillings(100))
    await cancel_purchase_return(mill.manager, purchase_return_id=second.id, reason="Came back")
    after = await now(purchase)
    assert (after.status, after.due_amount, after.returned_minor) == (BILLED, shillings(1000), 0)
    assert await in_stock(wheat, mill.warehouse) == (q(100), 1000_00)
    assert await in_books(STOCK_VARIANCE) == 0
    async with nothing_happens():
        with pytest.raises(AlreadyCancelled):
            await cancel_purchase_return(mill.manager, purchase_return_id=second.id, reason="Again")
    await assert_integrity()


async def test_a_return_stays_under_what_builds_on_it() -> None:
    mill = await a_mill()
    before, refunded = await a_purchase(mill), await a_purchase(mill, up_to=BILLED)
    went = await sent_back(mill, before, 1)
    await billed(mill, before)
    await paid(mill, refunded)
    back = await sent_back(mill, refunded, 1)
    await record_supplier_refund(mill.cashier, purchase_id=refunded.id, method=PaymentMethod.CASH)
    async with nothing_happens():
        for made in (went, back):
            with pytest.raises(BlockedByLaterDocument):
                await cancel_purchase_return(mill.manager, purchase_return_id=made.id, reason="No")
    await assert_integrity()


async def test_returns_that_make_no_sense() -> None:
    mill, other = await a_mill(), await a_mill()
    purchase, order = await a_purchase(mill), await a_purchase(mill, up_to=DRAFT)
    one = ReturnedLine(line_no=1, quantity=q(1))
    cases: list[tuple[str, list[ReturnedLine]]] = [
        ("INVALID_INPUT", []),
        ("DUPLICATE_LINE", [one, one]),
        ("LINE_NOT_FOUND", [ReturnedLine(line_no=2, quantity=q(1))]),
        ("INVALID_QUANTITY", [ReturnedLine(line_no=1, quantity=q(0))]),
        ("INVALID_QUANTITY", [ReturnedLine(line_no=1, quantity=q(-1))]),
        ("INVALID_QUANTITY", [ReturnedLine(line_no=1, quantity=q("NaN"))]),
        ("INVALID_QUANTITY", [ReturnedLine(line_no=1, quantity=q(10**19))]),
        ("UNKNOWN_UNIT", [ReturnedLine(line_no=1, quantity=q(1), unit="box")]),
    ]

    async def refusal(purchase_id: Any, lines: list[ReturnedLine], **said: Any) -> str:
        with pytest.raises(DomainError) as refused:
            await create_purchase_return(mill.keeper, **({"purchase_id": purchase_id, "lines": lines, "reason": "x"} | said))
        return refused.value.code

    clerk = somebody(Role.SALES_CLERK, branch=mill.branch)
    async with nothing_happens():
        for code, lines in cases:
            assert await refusal(purchase.id, lines) == code
        assert await refusal(order.id, [one]) == "PURCHASE_NOT_OPEN"
        assert await refusal(purchase.id, [one], reason=" ") == "INVALID_INPUT"
        with pytest.raises(BackdatingNotAllowed):
            await sent_back(mill, purchase, 1, returned_at=clock.now() - timedelta(days=1))
        with pytest.raises(PurchaseNotFound):
            await create_purchase_return(other.keeper, purchase_id=purchase.id, lines=[one], reason="x")
        with pytest.raises(Forbidden):
            await create_purchase_return(clerk, purchase_id=purchase.id, lines=[one], reason="x")
        with pytest.raises(PurchaseReturnNotFound):
            await cancel_purchase_return(mill.manager, purchase_return_id=new_id(), reason="x")
    assert await PurchaseReturn.all().count() == 0
