"""What holds of sales is noticed when it does not: each check finds the fault that it is for."""

from __future__ import annotations

import pytest

from domain.kit import database
from domain.kit.checks import recompute
from domain.milling.sale_checks import CHECKS
from domain.milling.service.sale_returns import NewSaleReturn, ReturnedLine, create_sale_return
from domain.milling.states import SaleStatus
from tests.support.happenings import assert_integrity
from tests.support.milling import q
from tests.support.sales import CASH, a_sale, a_shop, lines_of

pytestmark = pytest.mark.usefixtures("database")

# Behind the back of the services, and of the triggers where they would object.
FAULTS = {
    "update mill_sale set paid_minor = 1, refunded_minor = 1 where status = 'DELIVERED'": {"sales_count_their_payments"},
    "update mill_sale set amount_minor = amount_minor + 1 where status = 'DELIVERED'": {
        "receivables_are_due",
        "receivables_are_sales",
        "sales_are_their_lines",
    },
    "update mill_sale_line set returned_quantity = 2 where returned_quantity = 1": {"sales_count_their_returns"},
    "update stock_posting set variance_minor = 1 where quantity < 0": {"cost_of_sales_is_movements"},
    "update stock_reservation set quantity = 9": {"confirmed_sales_hold_back"},
    "update mill_sale_line set movement_id = null where returned_quantity = 0": {"deliveries_are_movements"},
    "update mill_sale set status = 'DELIVERED' where status = 'PAID'": {"paid_sales_owe_nothing"},
    "update mill_payment set method = 'MPESA', reference = 'TC51ABCD2E', collected_payment_id = gen_random_uuid()": {
        "collected_payments_pay_their_sales",
    },
}


async def broken() -> set[str]:
    mine = {check.name for check in CHECKS}
    return {result.check.name for result in await recompute() if not result.holds} & mine


@pytest.mark.parametrize("fault", FAULTS)
async def test_each_fault_is_found(fault: str) -> None:
    shop = await a_shop()
    await a_sale(shop)
    await a_sale(shop, up_to=SaleStatus.CONFIRMED)
    await a_sale(shop, paid=CASH)
    returned = await a_sale(shop)
    [line] = await lines_of(returned)
    back = NewSaleReturn(lines=[ReturnedLine(line_id=line.id, quantity=q(1))], reason="Damp")
    await create_sale_return(shop.manager, sale_id=returned.id, back=back)
    await assert_integrity()
    async with database.connection() as connection, connection.transaction():
        await connection.execute("set local session_replication_role = replica")
        await connection.execute(fault)
    assert await broken() == FAULTS[fault]


def test_every_check_has_a_fault_that_it_finds() -> None:
    assert {name for found in FAULTS.values() for name in found} == {check.name for check in CHECKS}
