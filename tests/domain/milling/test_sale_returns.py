"""Goods that come back: at which cost they go into stock, what is credited or given back, and never more than was sold."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.errors import Forbidden, InvalidInput
from domain.kit.ids import new_id
from domain.ledger.chart import CASH
from domain.milling.accounts import COST_OF_GOODS_SOLD, SALES_RETURNS, TRADE_RECEIVABLES
from domain.milling.errors import (
    AlreadyCancelled,
    BlockedByLaterDocument,
    DuplicateLine,
    ExceedsReturnable,
    InsufficientStock,
    InvalidQuantity,
    LineNotFound,
    SaleNotOpen,
    SaleReturnNotFound,
)
from domain.milling.models import Payment, Sale, SaleReturn
from domain.milling.service.sale_payments import reverse_sale_payment
from domain.milling.service.sale_returns import (
    NewSaleReturn,
    ReturnedLine,
    SaleReturned,
    cancel_sale_return,
    create_sale_return,
)
from domain.milling.service.sales import cancel_sale
from domain.milling.states import PaymentMethod, PostedStatus, SaleStatus
from tests.support.happenings import assert_integrity, events_so_far, nothing_happens
from tests.support.milling import AVERAGE, FIFO, Quantity, in_books, in_stock, q, receive
from tests.support.people import somebody
from tests.support.races import outcomes_of
from tests.support.sales import CASH as BY_CASH
from tests.support.sales import Shop, a_sale, a_shop, flour, lines_of, mill_money

pytestmark = pytest.mark.usefixtures("database")


async def give_back(
    shop: Shop, sale: Sale, *quantities: Quantity, refund: PaymentMethod | None = None, unit: str | None = None, **said: Any
) -> SaleReturned:
    """So much of each line of a sale, in order; None of those that are not named."""
    lines = await lines_of(sale)
    back = [
        ReturnedLine(line_id=line.id, quantity=q(quantity), unit=unit)
        for line, quantity in zip(lines, quantities, strict=False)
    ]
    new = NewSaleReturn(lines=back, reason="Damp", refund_method=refund, **said)
    return await create_sale_return(shop.manager, sale_id=sale.id, back=new)


async def test_under_fifo_goods_come_back_at_what_they_had_cost() -> None:
    shop = await a_shop(valuation_method=FIFO)
    await receive(shop.flour, shop.warehouse, 1_000, 60_000_00)
    sale = await a_sale(shop, flour(shop, 1_500))
    assert await in_books(COST_OF_GOODS_SOLD) == 70_000_00
    back = await give_back(shop, sale, 150)
    assert (back.sale_return.number[:3], back.sale_return.amount) == ("CN-", mill_money(9_000))
    assert (back.sale.status, back.sale.due_amount) == (SaleStatus.PART_RETURNED, mill_money(81_000))
    # A tenth of the 70,000.00 that all of it had cost.
    assert await in_stock(shop.flour, shop.warehouse) == (Decimal(650), 37_000_00)
    await give_back(shop, sale, 1_350)
    assert await in_books(COST_OF_GOODS_SOLD) == 0
    assert await in_stock(shop.flour, shop.warehouse) == (Decimal(2_000), 100_000_00)
    assert await in_books(SALES_RETURNS) == 90_000_00
    assert (await Sale.get(id=sale.id)).status is SaleStatus.RETURNED
    await assert_integrity()


async def test_under_moving_average_they_come_back_at_the_average_of_now() -> None:
    shop = await a_shop(valuation_method=AVERAGE)
    sale = await a_sale(shop, flour(shop, 500))
    await receive(shop.flour, shop.warehouse, 500, 30_000_00)
    await give_back(shop, sale, 100)
    # 500 at 40.00 and 500 at 60.00 make 50.00.
    assert await in_stock(shop.flour, shop.warehouse) == (Decimal(1_100), 55_000_00)
    assert await in_books(COST_OF_GOODS_SOLD) == 15_000_00
    await assert_integrity()


async def test_what_is_owed_is_set_off_and_what_was_paid_is_given_back() -> None:
    shop = await a_shop()
    unpaid = await give_back(shop, await a_sale(shop), 4, refund=BY_CASH)
    assert (unpaid.sale.due_amount, unpaid.sale_return.refunded_amount) == (mill_money(360), mill_money(0))
    paid = await give_back(shop, await a_sale(shop, paid=BY_CASH), 4, refund=BY_CASH)
    assert (paid.sale.due_amount, paid.sale_return.refunded_amount) == (mill_money(0), mill_money(240))
    refund = await Payment.get(sale_return_id=paid.sale_return.id)
    assert (refund.kind, refund.amount) == ("SALE_REFUND", mill_money(240))
    credit = await give_back(shop, await a_sale(shop, paid=BY_CASH), 4)
    assert credit.sale.due_amount == -mill_money(240), "set off against what they buy next"
    assert await in_books(CASH) == 2 * 600_00 - 240_00
    assert await in_books(TRADE_RECEIVABLES) == 360_00 - 240_00
    changes = [logged.fact.change for logged in await events_so_far() if logged.name == "milling.sale_changed"]
    assert changes == ["DELIVERED", "RETURNED", "DELIVERED", "PAID", "RETURNED", "DELIVERED", "PAID", "RETURNED"]
    await assert_integrity()


async def test_a_return_credits_the_discounted_price_to_the_cent() -> None:
    shop = await a_shop()
    sale = await a_sale(shop, flour(shop, 3, unit_price=mill_money("33.33")), paid=BY_CASH)
    credits = [(await give_back(shop, sale, 1)).sale_return.amount_minor for _ in range(3)]
    assert sum(credits) == 99_99 and max(credits) - min(credits) <= 1
    await assert_integrity()


async def test_bags_come_back_as_bags_or_kilograms() -> None:
    shop = await a_shop()
    sale = await a_sale(shop, flour(shop, 3, unit="bag"))
    bag = await give_back(shop, sale, 1)
    assert bag.sale_return.amount == mill_money(3_000)
    await give_back(shop, sale, "0.05", unit="tonne")
    with pytest.raises(ExceedsReturnable) as no:
        await give_back(shop, sale, "50.001", unit="kg")
    assert (no.value.requested, no.value.returnable) == (Decimal("50.001"), 50)
    await give_back(shop, sale, 50, unit="kg")
    assert (await Sale.get(id=sale.id)).status is SaleStatus.RETURNED
    await assert_integrity()


async def test_no_more_comes_back_than_was_sold() -> None:
    shop = await a_shop()
    sale = await a_sale(shop, flour(shop, 10), flour(shop, 5))
    await give_back(shop, sale, 4)
    for quantities in ((7,), (6, 6), (0,), (-1,), ("NaN",)):
        async with nothing_happens():
            with pytest.raises((ExceedsReturnable, InvalidQuantity)):
                await give_back(shop, sale, *quantities)
    [first, _] = await lines_of(sale)

    async def name(*lines: UUID) -> None:
        back = NewSaleReturn(lines=[ReturnedLine(line_id=each, quantity=q(1)) for each in lines], reason="Damp")
        await create_sale_return(shop.manager, sale_id=sale.id, back=back)

    async with nothing_happens():
        with pytest.raises(DuplicateLine):
            await name(first.id, first.id)
        with pytest.raises(LineNotFound):
            await name(new_id())
        with pytest.raises(InvalidInput):
            await name()


async def test_returns_at_once_do_not_exceed_what_was_sold() -> None:
    shop = await a_shop()
    sale = await a_sale(shop, flour(shop, 10))
    outcomes = await outcomes_of(give_back(shop, sale, 6) for _ in range(4))
    assert sum(isinstance(each, SaleReturned) for each in outcomes) == 1
    assert sum(isinstance(each, ExceedsReturnable) for each in outcomes) == 3
    await assert_integrity()


async def test_who_takes_goods_back_and_of_which_sales() -> None:
    shop, other = await a_shop(), await a_shop()
    sale, order = await a_sale(shop), await a_sale(shop, up_to=SaleStatus.CONFIRMED)
    [line] = await lines_of(sale)
    back = NewSaleReturn(lines=[ReturnedLine(line_id=line.id, quantity=q(1))], reason="Damp", refund_method=BY_CASH)
    async with nothing_happens():
        with pytest.raises(SaleNotOpen):
            await give_back(shop, order, 1)
        for by in (shop.clerk, shop.storekeeper, somebody(Role.CASHIER, branch=other.branch)):
            with pytest.raises(Forbidden):
                await create_sale_return(by, sale_id=sale.id, back=back)
        with pytest.raises(InvalidInput, match="after they were delivered"):
            await give_back(shop, sale, 1, returned_at=clock.now() - timedelta(days=1))
        with pytest.raises(InvalidInput):
            await create_sale_return(shop.manager, sale_id=sale.id, back=NewSaleReturn(lines=back.lines, reason=" "))


async def test_a_return_is_taken_out_of_history() -> None:
    shop = await a_shop()
    sale = await a_sale(shop, paid=BY_CASH)
    first, second = await give_back(shop, sale, 4, refund=BY_CASH), await give_back(shop, sale, 2)
    async with nothing_happens():
        with pytest.raises(BlockedByLaterDocument, match="reverse the refund first"):
            await cancel_sale_return(shop.manager, sale_return_id=first.sale_return.id, reason="A slip")
        with pytest.raises(BlockedByLaterDocument):
            await cancel_sale(shop.manager, sale_id=sale.id, reason="A slip")
        with pytest.raises(SaleReturnNotFound):
            await cancel_sale_return(shop.manager, sale_return_id=new_id(), reason="A slip")
    refund = await Payment.get(sale_return_id=first.sale_return.id)
    await reverse_sale_payment(shop.manager, payment_id=refund.id, reason="A slip")
    undone = await cancel_sale_return(shop.manager, sale_return_id=first.sale_return.id, reason="A slip")
    assert (undone.sale.status, undone.sale.due_amount) == (SaleStatus.PART_RETURNED, -mill_money(120))
    again = await cancel_sale_return(shop.manager, sale_return_id=second.sale_return.id, reason="A slip")
    assert (again.sale.status, again.sale.due_amount) == (SaleStatus.PAID, mill_money(0))
    assert (await SaleReturn.get(id=second.sale_return.id)).status is PostedStatus.CANCELLED
    with pytest.raises(AlreadyCancelled):
        await cancel_sale_return(shop.manager, sale_return_id=second.sale_return.id, reason="A slip")
    await assert_integrity()


async def test_goods_that_came_back_and_are_gone_again() -> None:
    shop = await a_shop(flour=10)
    back = await give_back(shop, await a_sale(shop), 10)
    await a_sale(shop)
    async with nothing_happens():
        with pytest.raises(InsufficientStock):
            await cancel_sale_return(shop.manager, sale_return_id=back.sale_return.id, reason="A slip")
