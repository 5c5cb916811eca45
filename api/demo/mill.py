"""Six weeks of the demo mill: wheat comes in, is milled and filled into bags, and flour and bran are sold; stock is carried,
counted, spilled and spoiled, and runs low. What waits for whoever tries the demo: an order of wheat, an order of flour that
is not delivered yet, an offer, a plan for tomorrow, and an invoice on the investors' market.

The worker tells people of whatever happened in the last days, so that what sends letters happened earlier.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from api.demo.mill_things import (
    BAKERY,
    BRAN,
    COOPERATIVE,
    DEPOT,
    FEEDS,
    FLOUR,
    FLOUR_1,
    FLOUR_2,
    FLOUR_50,
    GROWERS,
    MILLING,
    PACKAGING,
    PACKING,
    PAPER_1,
    PAPER_2,
    RETAILER,
    SACK_50,
    SHOP,
    SHORTS,
    STORE,
    WHEAT,
    Mill,
    shillings,
)
from api.demo.people import CASHIER, CLERK, DEBTOR, MILLER, STOREKEEPER, THIRD_INVESTOR, DemoPerson
from api.demo.stage import Script, Stage
from domain.milling.models import Production, Purchase, Sale, SaleLine
from domain.milling.service import stock_documents as stock
from domain.milling.service.counting import CountLine, count_stock
from domain.milling.service.financing import FinanceTerms, offer_sale_for_finance
from domain.milling.service.landed_cost import add_landed_cost
from domain.milling.service.production_plans import NewProduction
from domain.milling.service.productions import Yielded, complete_production, create_production
from domain.milling.service.purchase_bills import Bill, BilledLine, bill_purchase
from domain.milling.service.purchase_orders import NewPurchase, OrderedLine
from domain.milling.service.purchase_returns import ReturnedLine as SentBack
from domain.milling.service.purchase_returns import create_purchase_return
from domain.milling.service.purchases import create_purchase
from domain.milling.service.recipes import ByProduct
from domain.milling.service.repacking import RepackOutput, repack_stock
from domain.milling.service.sale_invoices import invoice_sale
from domain.milling.service.sale_payments import PaidNow, record_sale_payment
from domain.milling.service.sale_returns import NewSaleReturn, ReturnedLine, create_sale_return
from domain.milling.service.sale_terms import NewSale, SoldLine, TakenOff
from domain.milling.service.sales import Doing, create_sale
from domain.milling.service.stock_lines import StockLine
from domain.milling.service.supplier_payments import pay_purchase
from domain.milling.states import PaymentMethod, ProductionStatus, PurchaseStatus, SaleStatus, StockCause
from domain.wallets import accounts as wallet_accounts
from domain.wallets import settings as wallet_settings
from domain.wallets.service import post_to_wallets, wallet_of

BEGAN_DAYS_AGO: Final = 42
OPENING: Final = (
    (WHEAT, 3_000, 44),
    (SACK_50, 320, 34),
    (PAPER_2, 2_600, 7),
    (PAPER_1, 2_200, 5),
    (FLOUR_50, 20, 3_050),
    (BRAN, 400, 14),
)


def scripts(stage: Stage) -> list[Script]:
    mill = Mill()
    return [_opening(stage, mill), _buying(stage, mill), _milling(stage, mill), _keeping(stage, mill), _selling(stage, mill)]


async def _opening(stage: Stage, mill: Mill) -> Script:
    yield stage.morning(BEGAN_DAYS_AGO)
    await mill.set_up(stage)
    lines = [
        StockLine(item_id=mill.item(code), quantity=Decimal(quantity), unit_cost=shillings(cost))
        for code, quantity, cost in OPENING
    ]
    await stage.does(MILLER, stock.open_stock, warehouse_id=mill.place(STORE), lines=lines, reason="What was there")
    for person in (THIRD_INVESTOR, DEBTOR):
        await _bring_money(stage.actors[person].id)


async def _bring_money(user_id: UUID) -> None:
    """Money for those who may finance the mill's invoices, or pay by wallet, where their other wallets do not do."""
    amount = shillings(400_000)
    if amount.currency != wallet_settings.current().default_currency:
        wallet = await wallet_of(user_id, amount.currency)
        lines = await wallet_accounts.opening_credit(wallet.account_id, amount)
        await post_to_wallets(kind=wallet_accounts.OPENING_CREDIT, description="Demo opening credit", lines=lines)


async def _buying(stage: Stage, mill: Mill) -> Script:
    """Wheat with its freight; wheat for which the bill asks more than the order said; sacks of which some are torn."""
    yield stage.morning(40)
    first = await _bought(stage, mill, GROWERS, [(WHEAT, 10, "tonne", 45_000)], reference="Delivery note 881")
    yield stage.morning(39)
    freight = {"amount": shillings(18_500), "description": "Lorry from Eldoret"}
    await stage.does(CASHIER, add_landed_cost, purchase_id=first.id, **freight)
    await stage.does(CASHIER, bill_purchase, purchase_id=first.id, bill=Bill(number="RVG-1187"))
    yield stage.morning(30)
    second = await _bought(stage, mill, COOPERATIVE, [(WHEAT, "5.4", "tonne", 46_500)], reference="Delivery note 112")
    yield stage.morning(27)
    await stage.does(CASHIER, pay_purchase, purchase_id=first.id, method=PaymentMethod.BANK, note="Cheque 4007")
    dearer = Bill(number="UG/204", lines=[BilledLine(line_no=1, amount=shillings(255_420))])
    await stage.does(CASHIER, bill_purchase, purchase_id=second.id, bill=dearer)
    third = await _bought(stage, mill, PACKAGING, [(SACK_50, 4, "bundle", 3_350), (PAPER_1, 10, "bundle", 520)])
    yield stage.morning(25)
    torn = [SentBack(line_no=1, quantity=Decimal(60), unit="piece")]
    await stage.does(STOREKEEPER, create_purchase_return, purchase_id=third.id, lines=torn, reason="Torn seams")
    await stage.does(CASHIER, bill_purchase, purchase_id=third.id, bill=Bill(number="KP-5561"))
    yield stage.morning(20)
    part = {"method": PaymentMethod.MPESA, "reference": "SKM7Q2PX41", "amount": shillings(150_000)}
    await stage.does(CASHIER, pay_purchase, purchase_id=second.id, **part)
    yield stage.morning(5)
    order = [(WHEAT, 9, "tonne", 45_800), (PAPER_2, 20, "bundle", 710)]
    await _bought(stage, mill, GROWERS, order, up_to=PurchaseStatus.DRAFT, expected_on=stage.day(-2))


async def _milling(stage: Stage, mill: Mill) -> Script:
    yield stage.morning(37)
    await _milled(stage, mill, 7_500, flour=7_460, bran=1_610, shorts=745)
    yield stage.morning(36)
    for made, quantity in ((FLOUR_50, 70), (FLOUR_2, 1_100), (FLOUR_1, 1_400)):
        await _filled(stage, mill, made, quantity)
    yield stage.morning(28)
    await _milled(stage, mill, 4_500, flour=4_440, bran=980, shorts=430)
    await _filled(stage, mill, FLOUR_50, 75)
    yield stage.morning(16)
    await _filled(stage, mill, FLOUR_2, 500)
    yield stage.morning(4)
    plan = NewProduction(
        bom_id=mill.recipes[MILLING].id, quantity=Decimal(1_500), warehouse_id=mill.place(STORE), planned_on=stage.day(-1)
    )
    await stage.does(STOREKEEPER, create_production, production=plan, up_to=ProductionStatus.PLANNED)


async def _keeping(stage: Stage, mill: Mill) -> Script:
    """Goods go to the shop and to Kisumu; packets are missed at a count, a bag is torn, shorts are spilled."""
    yield stage.morning(35)
    await _carried(stage, mill, STOREKEEPER, SHOP, [(FLOUR_50, 12), (FLOUR_2, 240), (FLOUR_1, 480)])
    yield stage.morning(34)
    await _carried(stage, mill, MILLER, DEPOT, [(FLOUR_50, 25), (FLOUR_2, 300), (BRAN, 600)])
    yield stage.morning(24)
    found = CountLine(item_id=mill.item(FLOUR_1), quantity=Decimal(357), expected=Decimal(360), note="Three packets missing")
    await stage.does(STOREKEEPER, count_stock, warehouse_id=mill.place(SHOP), lines=[found], reason="Count of the month")
    yield stage.morning(22)
    torn = [StockLine(item_id=mill.item(FLOUR_50), quantity=Decimal(1))]
    saved = [RepackOutput(item_id=mill.item(FLOUR), quantity=Decimal(46))]
    torn_bag = {"inputs": torn, "outputs": saved, "reason": "A torn bag emptied"}
    await stage.does(STOREKEEPER, repack_stock, warehouse_id=mill.place(STORE), **torn_bag)
    yield stage.morning(19)
    lost = [StockLine(item_id=mill.item(SHORTS), quantity=Decimal("-12.5"))]
    spilled = {"lines": lost, "cause": StockCause.SPILLAGE, "reason": "At the loading bay"}
    await stage.does(STOREKEEPER, stock.adjust_stock, warehouse_id=mill.place(STORE), **spilled)


async def _selling(stage: Stage, mill: Mill) -> Script:
    """On credit, for cash, by M-Pesa; some comes back; one is offered to investors, one ordered, one only asked for."""
    yield stage.morning(33)
    first = await _sold(stage, mill, RETAILER, [(FLOUR_50, 15, "bag"), (FLOUR_2, 30, "bale")])
    await stage.does(CLERK, invoice_sale, sale_id=first.id)
    yield stage.morning(31)
    await _over_the_counter(stage, mill, [(FLOUR_1, 120)], PaidNow(method=PaymentMethod.CASH))
    yield stage.morning(29)
    bran = await _sold(stage, mill, FEEDS, [(BRAN, 15, "bag"), (SHORTS, 8, "bag")])
    await _paid(stage, bran, PaidNow(method=PaymentMethod.MPESA, reference="SKJ3M8XA12"))
    yield stage.morning(26)
    baked = await _sold(stage, mill, BAKERY, [(FLOUR_50, 12, "bag")], discount=TakenOff(percent=Decimal("2.5")))
    yield stage.morning(23)
    await _came_back(stage, baked, 2, "Damp at delivery")
    yield stage.morning(18)
    await _over_the_counter(
        stage, mill, [(FLOUR_2, 96), (FLOUR_50, 2)], PaidNow(method=PaymentMethod.MPESA, reference="SKL9T4VB77")
    )
    await _paid(stage, baked, PaidNow(method=PaymentMethod.BANK))
    yield stage.morning(14)
    paid = PaidNow(method=PaymentMethod.BANK, amount=shillings(60_000), note="On account")
    await _paid(stage, first, paid)
    yield stage.morning(12)
    await _over_the_counter(stage, mill, [(FLOUR_1, 357)], PaidNow(method=PaymentMethod.CASH))
    yield stage.morning(9)
    offered = await _sold(stage, mill, RETAILER, [(FLOUR_50, 30, "bag")])
    await stage.does(CLERK, invoice_sale, sale_id=offered.id)
    terms = FinanceTerms(advance_rate=Decimal(85), fee_rate=Decimal("2.5"))
    await stage.does(MILLER, offer_sale_for_finance, sale_id=offered.id, terms=terms)
    yield stage.morning(5)
    await _sold(stage, mill, FEEDS, [(BRAN, 20, "bag")], up_to=SaleStatus.CONFIRMED, note="Fetched with their own lorry")
    await _sold(stage, mill, BAKERY, [(FLOUR_50, 6, "bag")], up_to=SaleStatus.DRAFT, note="Asks for a price")
    for days_ago, packets in ((3, 36), (2, 24), (1, 30)):
        yield stage.morning(days_ago)
        await _over_the_counter(stage, mill, [(FLOUR_2, packets)], PaidNow(method=PaymentMethod.CASH))


async def _bought(
    stage: Stage,
    mill: Mill,
    supplier: str,
    lines: Iterable[tuple[str, int | str, str, int]],
    *,
    up_to: PurchaseStatus = PurchaseStatus.RECEIVED,
    **said: Any,
) -> Purchase:
    """Lines are an item, how much of it in which unit, and the price of one."""
    order = NewPurchase(
        warehouse_id=mill.place(STORE),
        supplier_id=mill.suppliers[supplier].id,
        lines=[
            OrderedLine(item_id=mill.item(code), quantity=Decimal(quantity), unit=unit, unit_price=shillings(price))
            for code, quantity, unit, price in lines
        ],
        **said,
    )
    return await stage.does(STOREKEEPER, create_purchase, order=order, up_to=up_to)


async def _milled(stage: Stage, mill: Mill, planned: int, *, flour: int, bran: int, shorts: int) -> Production:
    """A run of the mill, from wheat to loose flour: what came out is never quite what was planned."""
    wanted = NewProduction(bom_id=mill.recipes[MILLING].id, quantity=Decimal(planned), warehouse_id=mill.place(STORE))
    run = await stage.does(STOREKEEPER, create_production, production=wanted)
    beside = [ByProduct(item_id=mill.item(code), quantity=Decimal(kg)) for code, kg in ((BRAN, bran), (SHORTS, shorts))]
    yielded = Yielded(quantity=Decimal(flour), by_products=beside)
    return await stage.does(STOREKEEPER, complete_production, production_id=run.id, yielded=yielded)


async def _filled(stage: Stage, mill: Mill, made: str, quantity: int) -> None:
    wanted = NewProduction(bom_id=mill.recipes[PACKING[made]].id, quantity=Decimal(quantity), warehouse_id=mill.place(STORE))
    await stage.does(STOREKEEPER, create_production, production=wanted, up_to=ProductionStatus.COMPLETED)


async def _carried(stage: Stage, mill: Mill, who: DemoPerson, to: str, goods: Iterable[tuple[str, int]]) -> None:
    lines = [StockLine(item_id=mill.item(code), quantity=Decimal(quantity)) for code, quantity in goods]
    ends = {"from_warehouse_id": mill.place(STORE), "to_warehouse_id": mill.place(to)}
    await stage.does(who, stock.transfer_stock, lines=lines, **ends)


async def _sold(
    stage: Stage,
    mill: Mill,
    customer: str,
    goods: Iterable[tuple[str, int, str]],
    *,
    up_to: SaleStatus = SaleStatus.DELIVERED,
    **said: Any,
) -> Sale:
    """From the main store, at the prices of the items."""
    sale = NewSale(
        warehouse_id=mill.place(STORE),
        customer_id=mill.customers[customer].id,
        lines=[SoldLine(item_id=mill.item(code), quantity=Decimal(many), unit=unit) for code, many, unit in goods],
        **said,
    )
    return await stage.does(CLERK, create_sale, sale=sale, doing=Doing(up_to=up_to))


async def _over_the_counter(stage: Stage, mill: Mill, goods: Iterable[tuple[str, int]], paid: PaidNow) -> None:
    """In the shop, to somebody whose name nobody asked; the clerk hands it over and the cashier takes the money."""
    lines = [SoldLine(item_id=mill.item(code), quantity=Decimal(many)) for code, many in goods]
    sale = await stage.does(CLERK, create_sale, sale=NewSale(warehouse_id=mill.place(SHOP), lines=lines))
    await _paid(stage, sale, paid)


async def _paid(stage: Stage, sale: Sale, paid: PaidNow) -> None:
    await stage.does(CASHIER, record_sale_payment, sale_id=sale.id, payment=paid)


async def _came_back(stage: Stage, sale: Sale, quantity: int, reason: str) -> None:
    line = await SaleLine.get(sale_id=sale.id, line_no=1)
    back = NewSaleReturn(lines=[ReturnedLine(line_id=line.id, quantity=Decimal(quantity))], reason=reason)
    await stage.does(CLERK, create_sale_return, sale_id=sale.id, back=back)
