"""Sales live through whatever may happen to them, in any order: after every few acts all invariants hold."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from domain.kit import clock
from domain.kit.errors import DomainError
from domain.milling.models import Customer, Item, Payment, Sale, SaleReturn
from domain.milling.service.sale_invoices import invoice_sale
from domain.milling.service.sale_payments import PaidNow, record_sale_payment, refund_sale, reverse_sale_payment
from domain.milling.service.sale_returns import NewSaleReturn, ReturnedLine, cancel_sale_return, create_sale_return
from domain.milling.service.sale_terms import SoldLine, TakenOff
from domain.milling.service.sales import cancel_sale, confirm_sale, deliver_sale
from domain.milling.states import PostedStatus, SaleStatus
from domain.milling.verification import verify_stock
from tests.support.happenings import assert_integrity
from tests.support.milling import FIFO, an_item, receive, stocked
from tests.support.sales import CASH, Shop, a_customer, a_sale, a_shop, lines_of, mill_money

pytestmark = pytest.mark.usefixtures("database")

FORESEEN = {
    "ALREADY_CANCELLED",
    "AMOUNT_EXCEEDS_DUE",
    "AMOUNT_EXCEEDS_REFUNDABLE",
    "BLOCKED_BY_LATER_DOCUMENT",
    "CREDIT_LIMIT_EXCEEDED",
    "EXCEEDS_RETURNABLE",
    "INSUFFICIENT_STOCK",
    "INVALID_AMOUNT",
    "INVALID_INPUT",
    "PAYMENT_ALREADY_REVERSED",
    "SALE_ALREADY_INVOICED",
    "SALE_NOT_OPEN",
}


class Story:
    """Random acts of the manager on the sales of one shop, some of them of the past."""

    def __init__(self, seed: int, shop: Shop, items: list[Item], customer: Customer) -> None:
        self.random = Random(seed)
        self.shop, self.items, self.customer = shop, items, customer
        self.began_at = clock.now() - timedelta(days=60)

    async def some(self, model: Any, **which: Any) -> Any:
        rows = await model.filter(**which).order_by("id")
        return self.random.choice(rows) if rows else None

    def quantity(self, most: int) -> Decimal:
        return Decimal(self.random.randint(1, most * 1000)).scaleb(-3)

    def at(self) -> datetime:
        return self.began_at + timedelta(hours=self.random.randint(0, 24 * 59))

    async def sell(self) -> None:
        price = mill_money(Decimal(self.random.randint(1, 9_999)).scaleb(-2))
        lines = [
            SoldLine(item_id=item.id, quantity=self.quantity(30), unit_price=price)
            for item in self.random.choices(self.items, k=2)
        ]
        up_to = self.random.choice([SaleStatus.DRAFT, SaleStatus.CONFIRMED, SaleStatus.DELIVERED])
        past = up_to is SaleStatus.DELIVERED and self.random.random() < 0.4
        await a_sale(
            self.shop,
            *lines,
            up_to=up_to,
            customer=self.random.choice([None, self.customer]),
            delivered_at=self.at() if past else None,
            discount=TakenOff(percent=Decimal(self.random.randint(0, 100))) if self.random.random() < 0.3 else None,
        )

    async def act(self, sale: Sale) -> None:
        who, about = self.shop.manager, sale.id
        line = self.random.choice(await lines_of(sale))
        refund = self.random.choice([None, CASH])
        back = NewSaleReturn(
            lines=[ReturnedLine(line_id=line.id, quantity=self.quantity(20))], reason="x", refund_method=refund
        )
        part = None if self.random.random() < 0.5 else mill_money(self.random.randint(1, 400))
        money = PaidNow(method=CASH, amount=part)
        acts: list[Callable[[], Awaitable[object]]] = [
            lambda: confirm_sale(who, sale_id=about),
            lambda: deliver_sale(who, sale_id=about),
            lambda: cancel_sale(who, sale_id=about, reason="x"),
            lambda: invoice_sale(who, sale_id=about),
            lambda: create_sale_return(who, sale_id=about, back=back),
            lambda: create_sale_return(who, sale_id=about, back=back),
            lambda: record_sale_payment(who, sale_id=about, payment=money),
            lambda: record_sale_payment(who, sale_id=about, payment=money),
            lambda: refund_sale(who, sale_id=about, payment=money),
        ]
        await self.random.choice(acts)()

    async def undo(self) -> None:
        who = self.shop.manager
        if self.random.random() < 0.5:
            if found := await self.some(SaleReturn, status=PostedStatus.POSTED):
                await cancel_sale_return(who, sale_return_id=found.id, reason="x")
        elif found := await self.some(Payment, reversed_at=None):
            await reverse_sale_payment(who, payment_id=found.id, reason="x")

    async def step(self) -> None:
        chance = self.random.random()
        try:
            if chance < 0.25:
                await self.sell()
            elif chance < 0.35:
                item, worth = self.random.choice(self.items), self.random.randint(1, 100_000)
                await receive(item, self.shop.warehouse, self.quantity(30), worth, at=self.random.choice([None, self.at()]))
            elif chance < 0.45:
                await self.undo()
            elif (sale := await self.some(Sale)) is not None:
                await self.act(sale)
        except DomainError as refused:
            if refused.code not in FORESEEN:
                raise


@pytest.mark.parametrize("seed", range(2))
async def test_whatever_happens_to_sales(seed: int) -> None:
    shop = await a_shop(flour=0)
    items = [shop.flour, await an_item(valuation_method=FIFO)]
    story = Story(seed, shop, items, await a_customer(credit_limit_minor=5_000_00))
    for item in items:
        await stocked(item, shop.warehouse, 100, 4_000_00, at=story.began_at - timedelta(days=1))
    for count in range(70):
        await story.step()
        if count % 15 == 14:
            await assert_integrity()
    assert await verify_stock() == []
    await assert_integrity()
    assert len({each.status for each in await Sale.all()}) >= 4, "a story goes several ways"
