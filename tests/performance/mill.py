"""The mill over 1,000,000 movements: how long the database takes for its dashboard and for what a seller asks first.

The plans of all statements are kept in ``mill.plans.txt`` beside this file. A dashboard is also measured with changes that
no job has folded into the sums by day yet. Beside that: how long a purchase takes that came before 10,000 later movements
of its bin, all of which are worth something else by it; and how many sales a second go through the public service.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Final

from api.embedded import start_postgres
from api.processes.memory import settle
from domain import rooms
from domain.kit.database import PoolLimits, close_database, execute, fetchval, open_database
from domain.kit.migrations import migrate
from domain.kit.money import Money
from domain.kit.paging import PageRequest
from domain.milling import settings
from domain.milling.dashboards import MillModule, dashboard_module, mill_dashboard
from domain.milling.demand import demand_forecast
from domain.milling.queries.stock import MovementFilter, stock_availability, stock_movements
from domain.milling.service.purchase_orders import NewPurchase, OrderedLine
from domain.milling.service.purchases import create_purchase
from domain.milling.service.sale_terms import NewSale, SoldLine
from domain.milling.service.sales import create_sale
from tests.performance.asking import OPTIONS, asked_of_database
from tests.performance.mill_book import BUSY_ITEM, a_storekeeper, the_manager, write_book
from tests.performance.mill_ids import Kind, Size
from tests.performance.report import Figure
from tests.performance.row_ids import id_of
from tests.support.homes import open_home
from tests.support.people import configure_identity

PLANS: Final = Path(__file__).with_suffix(".plans.txt")
TAIL: Final = 10_000
LATER: Final = 10_000
BACK_DATED_ROUNDS: Final = 3
BACK_DATED_LIMIT_S: Final = 1.0
SELLERS: Final = 8
SALES: Final = 400

PLACE: Final = id_of(Kind.WAREHOUSE, 1)
BUSY: Final = id_of(Kind.ITEM, BUSY_ITEM)
FLOUR: Final = id_of(Kind.ITEM, 100)

CASES: Final[dict[str, Callable[[], Awaitable[object]]]] = {
    "mill dashboard, all branches": lambda: mill_dashboard(the_manager()),
    "mill dashboard, one branch": lambda: mill_dashboard(a_storekeeper()),
    **{
        f"dashboard module {module}": lambda module=module: dashboard_module(the_manager(), module)  # type: ignore[misc]
        for module in MillModule
    },
    "stock availability, one warehouse": lambda: stock_availability(
        a_storekeeper(), item_id=FLOUR, warehouse_id=PLACE, quantity=Decimal(10)
    ),
    "stock availability, everywhere": lambda: stock_availability(the_manager(), item_id=FLOUR, quantity=Decimal(10)),
    "demand forecast, one item": lambda: demand_forecast(the_manager(), item_id=FLOUR),
    "stock movements, a page of one item": lambda: stock_movements(
        the_manager(), PageRequest(first=50), MovementFilter(item_id=BUSY)
    ),
}
WITH_TAIL: Final = ("mill dashboard, all branches", "mill dashboard, one branch")

# Changes as movements and sales leave them ($1 of them): for days of the last two months, in every warehouse.
CHANGES: Final = """
insert into mill_day_change (warehouse_id, measure, incoming, day, item_id, count, quantity, amount_minor)
select warehouse_id, measure, incoming, day, item_id, case when n % 2 = 0 then 1 else -1 end, n, n
from mill_day, generate_series(1, 3) n where day >= current_date - 60 order by random() limit $1
"""

# The moment before the last so many ($3) movements of a bin.
BEFORE: Final = """
select effective_at - interval '1 second' from stock_movement where item_id = $1 and warehouse_id = $2
order by effective_at desc, seq desc offset $3 limit 1
"""


async def measure() -> list[Figure]:
    with open_home() as home:
        server = start_postgres(home / "postgres", options=OPTIONS)
        try:
            rooms.open_all()
            configure_identity()
            await migrate(server.url)
            await open_database(server.url, PoolLimits(min_size=1, max_size=SELLERS, statement_timeout_s=600))
            try:
                return await _measured(Size())
            finally:
                await close_database()
        finally:
            server.stop()


async def _measured(size: Size) -> list[Figure]:
    await write_book(size)
    plans: list[str] = []
    beside = f"{size.movements:,} movements"
    figures = [await asked_of_database(f"{name}, {beside}", case, plans) for name, case in CASES.items()]
    await execute(CHANGES, TAIL)
    await execute("analyze mill_day_change")
    for name in WITH_TAIL:
        figures.append(await asked_of_database(f"{name}, {TAIL:,} changes not folded", CASES[name], plans))
    PLANS.write_text("\n".join(plans))
    await execute("select retake_mill_days()")
    # From here on the house itself computes, as a process that serves.
    settle()
    return [*figures, await _back_dated(), await _sales_per_second()]


async def _back_dated() -> Figure:
    """A purchase of the busy item at another price than ever, before its last 10,000 movements."""
    took = []
    for count in range(BACK_DATED_ROUNDS):
        moment: datetime = await fetchval(BEFORE, BUSY, PLACE, LATER - 1)
        price = Money(4_000 + 100 * count, settings.current().currency)
        order = NewPurchase(
            supplier_id=id_of(Kind.SUPPLIER, 1),
            warehouse_id=PLACE,
            lines=[OrderedLine(item_id=BUSY, quantity=Decimal(50_000), unit_price=price)],
        )
        began = time.perf_counter()
        await create_purchase(the_manager(), order=order, received_at=moment - timedelta(seconds=count))
        took.append(time.perf_counter() - began)
    return Figure.at_most(
        f"s for a purchase under {LATER:,} later movements of its bin", median(took), BACK_DATED_LIMIT_S, "s"
    )


async def _sales_per_second() -> Figure:
    """Sales of one line over the counter, by several sellers at once, of many items in all warehouses."""
    numbers = iter(range(SALES))

    async def sell() -> None:
        for number in numbers:
            sold = SoldLine(item_id=id_of(Kind.ITEM, 62 + number % 99), quantity=Decimal(1))
            place = id_of(Kind.WAREHOUSE, 1 + number % 4)
            await create_sale(the_manager(), sale=NewSale(warehouse_id=place, lines=[sold]))

    began = time.perf_counter()
    await asyncio.gather(*(sell() for _ in range(SELLERS)))
    return Figure.for_the_record(
        f"sales/s through the service, {SELLERS} sellers at once", SALES / (time.perf_counter() - began)
    )
