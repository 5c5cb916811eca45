"""Bills of suppliers: what is owed, and what goods have cost in the end, before and after they were sold."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.accounting.models import FiscalPeriod
from domain.accounting.service.periods import close_fiscal_period, create_fiscal_year
from domain.identity.actor import SYSTEM
from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.database import fetch
from domain.kit.errors import DomainError, Forbidden, InvalidInput
from domain.kit.money import Money
from domain.ledger.errors import PeriodClosed
from domain.milling.accounts import COST_OF_GOODS_SOLD, NOT_BILLED, RAW_MATERIALS, STOCK_VARIANCE, TRADE_PAYABLES
from domain.milling.errors import BillTaken, BlockedByLaterDocument, FutureDate, PurchaseNotFound, PurchaseNotOpen
from domain.milling.models import Purchase
from domain.milling.queries.purchases import last_purchases
from domain.milling.service.purchase_bills import Bill, BilledLine, bill_purchase, cancel_purchase_bill
from domain.milling.states import PurchaseStatus, ValuationMethod
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


async def test_a_bill_turns_goods_received_into_a_debt() -> None:
    mill, wheat = await a_mill(), await an_item()
    purchase = await billed(mill, await a_purchase(mill, ordered(wheat, 100, 10)), number="INV 17")
    assert (purchase.status, purchase.billed_amount, purchase.due_amount) == (BILLED, shillings(1000), shillings(1000))
    assert purchase.due_on == clock.today() + timedelta(days=14)
    assert (await in_books(NOT_BILLED), await in_books(TRADE_PAYABLES)) == (0, -1000_00)
    assert await in_stock(wheat, mill.warehouse) == (q(100), 1000_00)
    await assert_integrity()


async def test_goods_are_received_and_billed_at_once() -> None:
    mill, wheat = await a_mill(), await an_item()
    bill = Bill(number="INV 18", due_on=clock.today(), lines=[BilledLine(line_no=1, amount=shillings(990))])
    purchase = await a_purchase(mill, ordered(wheat, 100, 10), up_to=BILLED, bill=bill)
    assert (purchase.status, purchase.due_amount, purchase.due_on) == (BILLED, shillings(990), clock.today())
    assert await in_stock(wheat, mill.warehouse) == (q(100), 990_00)
    plain = await a_purchase(mill, up_to=BILLED)
    assert (plain.due_amount, plain.bill_number) == (shillings(1000), None)
    await assert_integrity()


@pytest.mark.parametrize("method", [FIFO, AVERAGE])
@pytest.mark.parametrize("amount", [1100, 900])
async def test_a_bill_at_another_price_before_anything_was_sold(method: ValuationMethod, amount: int) -> None:
    mill, wheat = await a_mill(), await an_item(valuation_method=method)
    purchase = await billed(mill, await a_purchase(mill, ordered(wheat, 100, 10)), amount)
    assert await in_stock(wheat, mill.warehouse) == (q(100), amount * 100)
    assert (await in_books(NOT_BILLED), await in_books(STOCK_VARIANCE)) == (0, 0)
    assert await in_books(TRADE_PAYABLES) == -amount * 100
    last = (await last_purchases(mill.keeper, [wheat.id]))[wheat.id]
    assert last.unit_cost * 100 == amount
    assert (await line_of(purchase)).billed_minor == amount * 100
    await assert_integrity()


@pytest.mark.parametrize("method", [FIFO, AVERAGE])
@pytest.mark.parametrize("amount", [1100, 900])
async def test_a_bill_at_another_price_after_some_was_sold(method: ValuationMethod, amount: int) -> None:
    """The difference is dated at the receipt: what was sold meanwhile has cost more or less, too."""
    mill, wheat = await a_mill(), await an_item(valuation_method=method)
    purchase = await a_purchase(mill, ordered(wheat, 100, 10))
    await issue(wheat, mill.warehouse, 40)
    await billed(mill, purchase, amount)
    assert await in_books(COST_OF_GOODS_SOLD) == amount * 40
    assert await in_stock(wheat, mill.warehouse) == (q(60), amount * 60)
    assert (await in_books(NOT_BILLED), await in_books(STOCK_VARIANCE)) == (0, 0)
    await assert_integrity()


async def test_a_bill_at_another_price_after_all_was_sold() -> None:
    mill, wheat = await a_mill(), await an_item()
    purchase = await a_purchase(mill, ordered(wheat, 3, amount=shillings(100)))
    await issue(wheat, mill.warehouse, 3)
    await billed(mill, purchase, "100.01")
    assert (await in_books(COST_OF_GOODS_SOLD), await in_books(RAW_MATERIALS)) == (100_01, 0)
    await assert_integrity()


@pytest.mark.parametrize("method", [FIFO, AVERAGE])
async def test_what_went_back_before_the_bill_is_not_billed(method: ValuationMethod) -> None:
    """Of 100 at 10.00 20 go back; the other 80 are billed at 11.00, which is then the price of those that went back, too."""
    mill, wheat = await a_mill(), await an_item(valuation_method=method)
    purchase = await a_purchase(mill, ordered(wheat, 100, 10))
    await sent_back(mill, purchase, 20)
    purchase = await billed(mill, purchase, 880)
    assert (purchase.status, purchase.due_amount) == (PurchaseStatus.PART_RETURNED, shillings(880))
    assert await in_stock(wheat, mill.warehouse) == (q(80), 880_00)
    assert (await in_books(NOT_BILLED), await in_books(STOCK_VARIANCE)) == (0, 0)
    await assert_integrity()


async def test_each_line_has_a_price_of_its_own() -> None:
    mill, wheat, maize, bags = await a_mill(), await an_item(), await an_item(), await an_item()
    purchase = await a_purchase(mill, ordered(wheat, 10, 10), ordered(maize, 10, 20), ordered(bags, 7, 1))
    await sent_back(mill, purchase, 7, line_no=3)
    lines = [BilledLine(line_no=2, amount=shillings(210))]
    purchase = await bill_purchase(mill.cashier, purchase_id=purchase.id, bill=Bill(lines=lines))
    assert purchase.billed_amount == shillings(310)
    assert [(await line_of(purchase, number)).billed_minor for number in (1, 2, 3)] == [100_00, 210_00, None]
    await assert_integrity()


async def test_a_bill_is_entered_once() -> None:
    mill = await a_mill()
    first, second = await a_purchase(mill), await a_purchase(mill)
    done = await outcomes_of(billed(mill, first) for _ in range(4))
    assert sorted(type(each).__name__ for each in done) == ["Purchase"] + ["PurchaseNotOpen"] * 3
    await cancel_purchase_bill(mill.cashier, purchase_id=first.id, reason="Number missing")
    await billed(mill, first, number="INV 17")
    async with nothing_happens():
        with pytest.raises(BillTaken):
            await billed(mill, second, number="inv 17")
    await billed(mill, second, number="INV 18")
    await assert_integrity()


async def test_a_bill_is_taken_back_and_the_goods_stay() -> None:
    mill, wheat = await a_mill(), await an_item()
    purchase = await a_purchase(mill, ordered(wheat, 100, 10))
    await issue(wheat, mill.warehouse, 50)
    await sent_back(mill, purchase, 10)
    await billed(mill, purchase, 990)
    async with nothing_happens():
        with pytest.raises(Forbidden):
            await cancel_purchase_bill(mill.keeper, purchase_id=purchase.id, reason="Wrong")
    purchase = await cancel_purchase_bill(mill.cashier, purchase_id=purchase.id, reason="Wrong")
    assert (purchase.status, purchase.billed_amount, purchase.due_on) == (PurchaseStatus.PART_RETURNED, None, None)
    assert (await in_books(NOT_BILLED), await in_books(TRADE_PAYABLES)) == (-900_00, 0)
    assert (await in_books(COST_OF_GOODS_SOLD), await in_stock(wheat, mill.warehouse)) == (500_00, (q(40), 400_00))
    async with nothing_happens():
        with pytest.raises(PurchaseNotOpen):
            await cancel_purchase_bill(mill.cashier, purchase_id=purchase.id, reason="Again")
    await billed(mill, purchase)
    assert (await now(purchase)).due_amount == shillings(900)
    await assert_integrity()


async def test_a_bill_stays_under_what_builds_on_it() -> None:
    mill = await a_mill()
    paid_one, returned_one = [await a_purchase(mill, up_to=BILLED) for _ in range(2)]
    await paid(mill, paid_one, 1)
    await sent_back(mill, returned_one, 1)
    async with nothing_happens():
        for purchase in (paid_one, returned_one):
            with pytest.raises(BlockedByLaterDocument):
                await cancel_purchase_bill(mill.cashier, purchase_id=purchase.id, reason="No")


async def test_a_bill_is_of_an_open_period_whatever_it_changes_before() -> None:
    """The goods came in a month that is closed by now; what they have cost in the end is booked in the first open one."""
    mill, wheat, today = await a_mill(), await an_item(), clock.today()
    came_at = datetime(today.year, today.month, 1, 8, tzinfo=UTC) - timedelta(days=3)
    purchase = await a_purchase(mill, ordered(wheat, 100, 10), received_at=came_at)
    await create_fiscal_year(SYSTEM, starts_on=came_at.date().replace(day=1))
    closed = await FiscalPeriod.get(starts_on=came_at.date().replace(day=1))
    await close_fiscal_period(SYSTEM, period_id=closed.id)
    async with nothing_happens():
        with pytest.raises(PeriodClosed):
            await billed(mill, purchase, 1100, billed_on=came_at.date())
    await billed(mill, purchase, 1100)
    assert await in_stock(wheat, mill.warehouse) == (q(100), 1100_00)
    days = await fetch("select distinct effective_on from journal_entry where kind like 'milling.%' order by 1")
    assert [row["effective_on"] for row in days] == sorted({came_at.date(), today.replace(day=1), today})
    await assert_integrity()


async def a_case(mill: Any, purchase: Purchase, bill: Bill) -> str:
    with pytest.raises(DomainError) as refused:
        await bill_purchase(mill.cashier, purchase_id=purchase.id, bill=bill)
    return refused.value.code


async def test_bills_that_make_no_sense() -> None:
    mill, other = await a_mill(), await a_mill()
    purchase, order, gone = await a_purchase(mill), await a_purchase(mill, up_to=DRAFT), await a_purchase(mill)
    await sent_back(mill, gone, 100)
    today = clock.today()
    one = shillings(1)
    cases = [
        ("FUTURE_DATE", Bill(billed_on=today + timedelta(days=1))),
        ("INVALID_INPUT", Bill(due_on=today - timedelta(days=1))),
        ("INVALID_INPUT", Bill(due_on=today + timedelta(days=1000))),
        ("INVALID_INPUT", Bill(number="x" * 61)),
        ("INVALID_INPUT", Bill(number="a\x00b")),
        ("LINE_NOT_FOUND", Bill(lines=[BilledLine(line_no=9, amount=one)])),
        ("DUPLICATE_LINE", Bill(lines=[BilledLine(line_no=1, amount=one)] * 2)),
        ("INVALID_AMOUNT", Bill(lines=[BilledLine(line_no=1, amount=Money(0, one.currency))])),
        ("INVALID_AMOUNT", Bill(lines=[BilledLine(line_no=1, amount=Money(-1, one.currency))])),
        ("CURRENCY_MISMATCH", Bill(lines=[BilledLine(line_no=1, amount=Money(1, "USD"))])),
    ]
    clerk = somebody(Role.SALES_CLERK, branch=mill.branch)
    async with nothing_happens():
        for code, bill in cases:
            assert await a_case(mill, purchase, bill) == code
        for closed in (order, gone):
            assert await a_case(mill, closed, Bill()) == "PURCHASE_NOT_OPEN"
        with pytest.raises(PurchaseNotFound):
            await bill_purchase(other.cashier, purchase_id=purchase.id, bill=Bill())
        for actor in (clerk, mill.keeper):
            with pytest.raises(Forbidden):
                await bill_purchase(actor, purchase_id=purchase.id, bill=Bill())
        with pytest.raises(FutureDate):
            await billed(mill, purchase, billed_on=today + timedelta(days=2))
        with pytest.raises(InvalidInput, match="not there yet"):
            await billed(mill, purchase, billed_on=date(1969, 12, 31))
