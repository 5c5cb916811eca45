"""What a sale has cost is the same wherever it is told: on the sale, in its report, on the dashboard and in the books."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.identity.permissions import Role
from domain.kit import clock
from domain.milling.accounts import COST_OF_GOODS_SOLD
from domain.milling.dashboards.board import mill_dashboard
from domain.milling.queries.sales import costs_of
from domain.milling.service.sale_returns import NewSaleReturn, ReturnedLine, create_sale_return
from tests.domain.lending.test_reports import rows_of
from tests.domain.reports.kinds import ask_for, made
from tests.support.happenings import assert_integrity
from tests.support.milling import FIFO, K, in_books, issue, q, receive
from tests.support.people import an_actor
from tests.support.sales import a_sale, a_shop, flour, lines_of, mill_money

pytestmark = pytest.mark.usefixtures("database")


async def test_goods_that_come_back_where_others_are_owed() -> None:
    shop = await a_shop(flour=10, cost=10, valuation_method=FIFO, allow_negative=True)
    sale = await a_sale(shop, flour(shop, 10))
    await receive(shop.flour, shop.warehouse, 10, 30_00)
    await issue(shop.flour, shop.warehouse, 15, kind=K.ISSUE)
    [line] = await lines_of(sale)
    back = NewSaleReturn(lines=[ReturnedLine(line_id=line.id, quantity=q(5))], reason="Damp")
    await create_sale_return(shop.manager, sale_id=sale.id, back=back)
    # Five went out for 3.00 each that were not there; those that come back had cost 1.00, and the rest is variance.
    assert (await costs_of([sale.id]))[sale.id] == mill_money(5)
    assert await in_books(COST_OF_GOODS_SOLD) == 5_00
    manager, today = await an_actor(Role.MILL_MANAGER), clock.today()
    assert (await mill_dashboard(manager)).sales_revenue.today.cost == mill_money(5)
    report = await made(await ask_for(manager, "mill_sales", from_date=today - timedelta(days=1), to_date=today))
    [_, row, *_] = await rows_of(manager, report)
    assert row[7:11] == ["600.00", "300.00", "5.00", "295.00"]
    await assert_integrity()
