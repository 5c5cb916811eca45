"""Input that is wrong, in every field of every operation on sales; and what is read of many costs as much as of one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.kit import clock
from domain.milling.models import Payment
from domain.milling.service.sale_invoices import invoice_sale
from domain.milling.service.sale_returns import NewSaleReturn, ReturnedLine, create_sale_return
from domain.milling.states import SaleStatus
from tests.support.graphql import ask, encode_id
from tests.support.happenings import assert_integrity
from tests.support.hostile import accidents, inputs
from tests.support.milling import q
from tests.support.sales import CASH, a_customer, a_registered_customer, a_sale, a_shop, flour, lines_of
from tests.support.statements import statements
from tests.support.stock_operations import op, valued

pytestmark = pytest.mark.usefixtures("database")


async def test_wrong_input_is_refused_and_no_accident() -> None:
    start = clock.now() - timedelta(days=3)
    shop = await a_shop(at=start)
    customer, now = await a_registered_customer(), clock.now().isoformat()
    sale = await a_sale(shop, flour(shop, 100), customer=customer, delivered_at=start + timedelta(days=1))
    await invoice_sale(shop.manager, sale_id=sale.id)
    draft, paid = await a_sale(shop, up_to=SaleStatus.DRAFT), await a_sale(shop, paid=CASH)
    [line], [paid_line] = await lines_of(sale), await lines_of(paid)
    back = NewSaleReturn(lines=[ReturnedLine(line_id=paid_line.id, quantity=q(1))], reason="Damp")
    returned = await create_sale_return(shop.manager, sale_id=paid.id, back=back)
    payment = await Payment.get(sale_id=paid.id)
    about, offer = {"saleId": encode_id("Sale", sale.id)}, {"saleId": encode_id("Sale", draft.id)}
    way = {"method": "MPESA", "amount": valued("1.00"), "reference": "QKJ", "note": "x"}
    place = encode_id("Warehouse", shop.warehouse.id)
    plain: dict[str, Any] = {"itemId": encode_id("Item", shop.flour.id), "quantity": "1"}
    priced = plain | {"unit": "kg", "unitPrice": valued("60.00"), "discount": {"percent": "1"}}
    whole = {"warehouseId": place, "lines": [priced], "discount": {"amount": valued("1.00")}, "payment": way}
    goods = [{"lineId": encode_id("SaleLine", line.id), "quantity": "1", "unit": "kg"}]
    boss = shop.manager
    cases = inputs(
        (boss, "CreateSale", whole | {"deliveredAt": now}),
        (boss, "UpdateSale", offer | {"warehouseId": place, "lines": [plain], "expectedVersion": 7}),
        (boss, "ConfirmSale", offer | {"saleId": encode_id("Sale", paid.id)}),
        (boss, "DeliverSale", {"saleId": encode_id("Sale", paid.id), "payment": way}),
        (boss, "RecordSalePayment", about | {"payment": way | {"amount": valued("9999999.00")}, "paidAt": now}),
        (boss, "RefundSale", about | {"payment": way}),
        (boss, "ReverseSalePayment", {"paymentId": encode_id("MillPayment", payment.id), "reason": "x"}),
        (boss, "CreateSaleReturn", about | {"lines": goods, "reason": "x", "returnedAt": now}),
        (boss, "CancelSaleReturn", {"saleReturnId": encode_id("SaleReturn", returned.sale_return.id), "reason": "x"}),
        (boss, "InvoiceSale", {"saleId": encode_id("Sale", paid.id)}),
        (boss, "OfferSaleForFinance", about | {"advanceRate": "80", "feeRate": "2"}),
        (boss, "CollectFinanceProceeds", {"amount": valued("1.00")}),
        (boss, "CancelSale", offer | {"reason": "x"}),
    )
    cases += [
        (boss, "Sales", {"filter": {"search": "x"}}),
        (boss, "SaleReturns", {"saleId": about["saleId"]}),
        (boss, "Receivables", {"first": 1}),
        (boss, "Sale", {"number": "x"}),
    ]
    assert await accidents(cases, op) == []
    await assert_integrity()


async def test_ten_sales_are_read_with_as_many_statements_as_one() -> None:
    shop = await a_shop()
    document = """{ sales { nodes {
        number cost { amount } grossProfit { amount } customer { name } warehouse { name } branch { name } createdBy { name }
        lines { item { name } amount { amount } } payments { number } returns { lines { item { name } } }
    } } }"""

    async def read() -> int:
        with statements() as seen:
            await ask(shop.manager, document)
        return len(seen)

    counts = []
    for sales in (1, 9):
        for _ in range(sales):
            sale = await a_sale(shop, flour(shop, 2), flour(shop, 1), customer=await a_customer(), paid=CASH)
            [line, _] = await lines_of(sale)
            back = NewSaleReturn(lines=[ReturnedLine(line_id=line.id, quantity=q(1))], reason="Damp")
            await create_sale_return(shop.manager, sale_id=sale.id, back=back)
        counts.append(await read())
    assert counts[0] == counts[1] <= 14
