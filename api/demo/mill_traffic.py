"""Simulated days at the demo mill: the shop sells, bran goes to the feed maker, the mill mills, and buys before it runs dry.

What the story left waiting stays for whoever tries the demo: simulated staff only go on with documents of their own.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from decimal import Decimal
from itertools import count
from typing import Any, Final

from api.demo.mill_things import (
    BAKERY,
    BRAN,
    COOPERATIVE,
    FEEDS,
    FLOUR,
    FLOUR_1,
    FLOUR_2,
    FLOUR_50,
    MILLING,
    PACKAGING,
    PACKING,
    PAPER_1,
    PAPER_2,
    SACK_50,
    SHOP,
    SHORTS,
    STORE,
    WHEAT,
    Mill,
    shillings,
)
from api.demo.people import CASHIER, CLERK, STOREKEEPER, DemoPerson, acting, bring_in
from domain.kit import clock
from domain.milling.models import Purchase, Sale, StockBin
from domain.milling.service.production_plans import NewProduction
from domain.milling.service.productions import create_production
from domain.milling.service.purchase_bills import Bill, bill_purchase
from domain.milling.service.purchase_orders import NewPurchase, OrderedLine
from domain.milling.service.purchases import create_purchase
from domain.milling.service.sale_payments import PaidNow, record_sale_payment
from domain.milling.service.sale_terms import NewSale, SoldLine
from domain.milling.service.sales import create_sale
from domain.milling.service.stock_documents import transfer_stock
from domain.milling.service.stock_lines import StockLine
from domain.milling.service.supplier_payments import pay_purchase
from domain.milling.states import PaymentMethod, ProductionStatus, PurchaseStatus

REFERENCE: Final = "Simulated"
SHELVES: Final = {FLOUR_50: 8, FLOUR_2: 120, FLOUR_1: 120}
"""What the shop is filled up to when less than a third of it is left; the store keeps four times as much."""
SUPPLIES: Final = (
    (WHEAT, 2_600, 5_000, 46, COOPERATIVE),
    (SACK_50, 110, 200, 34, PACKAGING),
    (PAPER_2, 700, 1_500, 7, PACKAGING),
    (PAPER_1, 600, 1_500, 5, PACKAGING),
)
"""What is bought when no more than so much is left, how much of it, for what price of one, from whom."""
DEALS: Final = ((BRAN, FEEDS, 320), (SHORTS, FEEDS, 160), (FLOUR_50, BAKERY, 8))
"""What is sold to whom from the store, and less than how much of it at a time."""
LOOSE: Final = 900
RUN: Final = 1_500


class MillTraffic:
    """Acts of one simulated day at the mill; which one comes is for the caller to draw."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._receipts = count(int(clock.now().timestamp()))
        self._mill = Mill()

    @property
    def acts(self) -> list[Callable[[], Awaitable[None]]]:
        return [self._sell, self._sell, self._sell, self._deal, self._work, self._work, self._settle]

    async def _sell(self) -> None:
        """Somebody comes into the shop."""
        mill = await self._the_mill()
        made = self._rng.choice(tuple(SHELVES))
        there = await self._available(SHOP, made)
        wanted = min(there, Decimal(self._rng.randrange(1, 3) if made == FLOUR_50 else self._rng.randrange(2, 25)))
        if wanted <= 0:
            return
        lines = [SoldLine(item_id=mill.item(made), quantity=wanted)]
        sale = await self._does(CLERK, create_sale, sale=NewSale(warehouse_id=mill.place(SHOP), lines=lines))
        await self._take_money(sale, self._rng.choice((PaymentMethod.CASH, PaymentMethod.MPESA)))

    async def _deal(self) -> None:
        """A lorry comes to the store: for bran or shorts, or for flour to bake with."""
        mill = await self._the_mill()
        code, customer, most, unit = self._rng.choice(
            ((BRAN, FEEDS, 8, 40), (SHORTS, FEEDS, 5, 40), (FLOUR_50, BAKERY, 6, 1))
        )
        wanted = Decimal(unit * self._rng.randrange(1, most))
        if await self._available(STORE, code) < wanted:
            return
        lines = [SoldLine(item_id=mill.item(code), quantity=wanted)]
        sold = NewSale(warehouse_id=mill.place(STORE), lines=lines, customer_id=mill.customers[customer].id)
        await self._take_money(await self._does(CLERK, create_sale, sale=sold), PaymentMethod.BANK)

    async def _work(self) -> None:
        """The storekeeper does what is most urgent: buy what runs low, mill, fill bags, carry them into the shop."""
        await self._the_mill()
        for urgent in (self._buy, self._run, self._fill, self._carry):
            if await urgent():
                return

    async def _buy(self) -> bool:
        for code, least, much, price, supplier in SUPPLIES:
            if await self._available(STORE, code) <= least:
                dearer = Decimal(self._rng.randrange(-4, 5)) / 100 * price
                line = OrderedLine(
                    item_id=self._mill.item(code),
                    quantity=Decimal(much),
                    amount=shillings(int(much * (price + dearer))),
                )
                order = NewPurchase(
                    warehouse_id=self._mill.place(STORE),
                    supplier_id=self._mill.suppliers[supplier].id,
                    lines=[line],
                    reference=REFERENCE,
                )
                await self._does(STOREKEEPER, create_purchase, order=order)
                return True
        return False

    async def _run(self) -> bool:
        """Mill wheat to loose flour."""
        if await self._available(STORE, FLOUR) > LOOSE:
            return False
        await self._produce(MILLING, RUN)
        return True

    async def _fill(self) -> bool:
        for made, on_shelf in SHELVES.items():
            if await self._available(STORE, made) < 2 * on_shelf:
                await self._produce(PACKING[made], 2 * on_shelf)
                return True
        return False

    async def _carry(self) -> bool:
        """Fill up the shelves of the shop."""
        mill, lines = self._mill, []
        for made, on_shelf in SHELVES.items():
            there = await self._available(SHOP, made)
            if 3 * there <= on_shelf:
                lines.append(StockLine(item_id=mill.item(made), quantity=on_shelf - there))
        if lines:
            ends = {"from_warehouse_id": mill.place(STORE), "to_warehouse_id": mill.place(SHOP)}
            await self._does(STOREKEEPER, transfer_stock, lines=lines, reference=REFERENCE, **ends)
        return bool(lines)

    async def _settle(self) -> None:
        """The cashier enters the bill of what came, or pays one."""
        billed = await Purchase.filter(reference=REFERENCE, status=PurchaseStatus.BILLED, due_minor__gt=0).first()
        if billed is not None:
            method = self._rng.choice((PaymentMethod.CASH, PaymentMethod.BANK))
            await self._does(CASHIER, pay_purchase, purchase_id=billed.id, method=method)
            return
        came = await Purchase.filter(reference=REFERENCE, status=PurchaseStatus.RECEIVED).first()
        if came is not None:
            bill = Bill(number=f"SIM-{next(self._receipts)}")
            await self._does(CASHIER, bill_purchase, purchase_id=came.id, bill=bill)

    async def _produce(self, recipe: str, quantity: int) -> None:
        bom = self._mill.recipes[recipe]
        wanted = NewProduction(bom_id=bom.id, quantity=Decimal(quantity), warehouse_id=self._mill.place(STORE))
        await self._does(STOREKEEPER, create_production, production=wanted, up_to=ProductionStatus.COMPLETED)

    async def _take_money(self, sale: Sale, method: PaymentMethod) -> None:
        reference = f"SIM{next(self._receipts)}" if method is PaymentMethod.MPESA else ""
        paid = PaidNow(method=method, reference=reference)
        await self._does(CASHIER, record_sale_payment, sale_id=sale.id, payment=paid)

    async def _available(self, place: str, code: str) -> Decimal:
        shelf = await StockBin.get_or_none(warehouse_id=self._mill.place(place), item_id=self._mill.item(code))
        return Decimal(0) if shelf is None else shelf.available

    async def _the_mill(self) -> Mill:
        if not self._mill.items:
            self._mill = await Mill.known()
        return self._mill

    async def _does(self, person: DemoPerson, act: Callable[..., Awaitable[Any]], **said: Any) -> Any:
        actor = await bring_in(person)
        with acting(actor):
            return await act(actor, **said)
