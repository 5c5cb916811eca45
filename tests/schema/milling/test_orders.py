"""A customer's own orders through the API: read, paid and followed by nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from domain.identity.actor import ANONYMOUS, Actor
from domain.identity.models import User
from domain.identity.permissions import Role
from domain.kit.ids import new_id
from domain.milling.models import Customer, Sale
from domain.milling.states import SaleStatus
from tests.support.graphql import ask, ask_refused, do, do_refused, encode_id, feed_refused, heard, refused_to_strangers
from tests.support.happenings import assert_integrity
from tests.support.hostile import accidents
from tests.support.loan_operations import do_twice
from tests.support.operations import money
from tests.support.people import actor_for, an_actor
from tests.support.races import outcomes_of
from tests.support.sales import a_registered_customer, a_sale, a_shop, flour, mill_money, put_into_wallet
from tests.support.statements import statements
from tests.support.stock_operations import op, valued, worth

pytestmark = pytest.mark.usefixtures("database")

ORDERS, ORDER, PAY, UPDATED = op("MillOrders"), op("MillOrder"), op("PayMillOrder"), op("MillOrderUpdated")


async def a_buyer() -> tuple[Customer, Actor]:
    customer = await a_registered_customer()
    assert customer.user_id is not None
    await put_into_wallet(customer.user_id, 1_000)
    return customer, await actor_for(await User.get(id=customer.user_id))


def order_id(sale: Sale) -> str:
    return encode_id("MillOrder", sale.id)


async def test_strangers_see_and_pay_nothing() -> None:
    shop, (customer, _) = await a_shop(), await a_buyer()
    sale = await a_sale(shop, customer=customer)
    await refused_to_strangers(ORDERS)
    await refused_to_strangers(ORDER, id=order_id(sale))
    await refused_to_strangers(PAY, input={"orderId": order_id(sale)})
    assert await feed_refused(ANONYMOUS, UPDATED) == "UNAUTHENTICATED"
    accountant = await an_actor(Role.ACCOUNTANT)
    assert await ask_refused(accountant, PAY, input={"orderId": order_id(sale)}) == "FORBIDDEN"
    assert await ask_refused(accountant, ORDERS) == "FORBIDDEN"


async def test_nobodys_orders() -> None:
    buyer = await an_actor(Role.GUARDIAN)
    assert (await ask(buyer, ORDERS))["nodes"] == await heard(buyer, UPDATED) == []
    assert await ask(buyer, ORDER, id=encode_id("MillOrder", new_id())) is None


async def test_orders_are_read_and_paid() -> None:
    shop, (customer, buyer) = await a_shop(), await a_buyer()
    offer = await a_sale(shop, customer=customer, up_to=SaleStatus.DRAFT)
    order = await a_sale(shop, customer=customer, up_to=SaleStatus.CONFIRMED)
    sale = await a_sale(shop, flour(shop, 2, unit="bag"), customer=customer, note="Known to pay late")
    assert [each["number"] for each in (await ask(buyer, ORDERS))["nodes"]] == [sale.number, order.number]
    [owed] = (await ask(buyer, ORDERS, unpaid=True))["nodes"]
    assert (owed["status"], owed["amount"], owed["dueAmount"]) == ("DELIVERED", worth("6,000.00"), worth("6,000.00"))
    assert owed["lines"] == [
        {
            "lineNo": 1,
            "itemName": "Maize flour",
            "unit": "bag",
            "quantity": "2",
            "unitPrice": worth("3,000.00"),
            "amount": worth("6,000.00"),
        }
    ]
    assert await ask(buyer, ORDER, id=owed["id"]) == owed
    assert await ask(buyer, ORDER, id=order_id(offer)) is None
    paid = (await do_twice(buyer, PAY, orderId=owed["id"], amount=valued("999.50")))["order"]
    assert (paid["paidAmount"], paid["dueAmount"]) == (worth("999.50"), worth("5,000.50"))
    node = await ask(buyer, "query ($id: ID!) { node(id: $id) { __typename id } }", id=owed["id"])
    assert node == {"__typename": "MillOrder", "id": owed["id"]}
    await assert_integrity()


async def test_one_key_pays_once_however_often_it_is_sent_at_the_same_time() -> None:
    shop, (customer, buyer) = await a_shop(), await a_buyer()
    sale = await a_sale(shop, customer=customer)
    asked = {"orderId": order_id(sale), "amount": valued("100.00"), "idempotencyKey": "flour of may"}
    done = await outcomes_of(ask(buyer, PAY, input=asked) for _ in range(4))
    codes = {each["errors"][0]["code"] if each["errors"] else "done" for each in done}
    assert codes <= {"done", "IN_PROGRESS"} and "done" in codes
    assert (await ask(buyer, ORDER, id=order_id(sale)))["paidAmount"] == worth("100.00")
    other = asked | {"amount": valued("101.00")}
    assert (await do_refused(buyer, PAY, input=other))[0] == "IDEMPOTENCY_KEY_REUSED"


async def test_someone_elses_order() -> None:
    shop, (customer, _), (_, other) = await a_shop(), await a_buyer(), await a_buyer()
    sale = await a_sale(shop, customer=customer)
    for by in (other, shop.manager, shop.clerk):
        assert (await ask(by, ORDERS))["nodes"] == await heard(by, UPDATED) == []
        assert await ask(by, ORDER, id=order_id(sale)) is None
        assert await do_refused(by, PAY, input={"orderId": order_id(sale)}) == ("SALE_NOT_FOUND", ["input", "orderId"])
        assert await feed_refused(by, UPDATED, orderId=order_id(sale)) == "SALE_NOT_FOUND"
    for document in (op("Sales"), op("Customers")):
        assert await ask_refused(other, document) == "FORBIDDEN"


async def test_what_is_no_payment() -> None:
    shop, (customer, buyer) = await a_shop(), await a_buyer()
    sale = await a_sale(shop, customer=customer)
    order = await a_sale(shop, customer=customer, up_to=SaleStatus.CONFIRMED)
    dear = await a_sale(shop, flour(shop, 1, unit_price=mill_money(10_000_000)), customer=customer)
    for about, said, code in (
        (sale, {"amount": valued("600.01")}, "AMOUNT_EXCEEDS_DUE"),
        (sale, {"amount": valued("-1")}, "INVALID_AMOUNT"),
        (sale, {"amount": valued("0")}, "INVALID_AMOUNT"),
        (sale, {"amount": money("1", "USD")}, "CURRENCY_MISMATCH"),
        (dear, {}, "INSUFFICIENT_FUNDS"),
        (order, {}, "SALE_NOT_OPEN"),
    ):
        found: tuple[str, Any] = await do_refused(buyer, PAY, input={"orderId": order_id(about)} | said)
        assert found[0] == code, said
    assert (await do_refused(buyer, PAY, input={"orderId": encode_id("Sale", sale.id)}))[0] == "NOT_FOUND"
    assert await ask_refused(buyer, PAY, input={"orderId": order_id(sale), "amount": valued("NaN")}) == "INVALID_AMOUNT"
    cases: list[Any] = [
        (buyer, "PayMillOrder", {"input": {"orderId": order_id(order), "amount": valued("1.00")}}),
        (buyer, "MillOrder", {"id": order_id(sale)}),
        (buyer, "MillOrders", {"first": 1}),
    ]
    assert await accidents(cases, op) == []


async def test_an_order_is_followed_by_its_customer() -> None:
    shop, (customer, buyer) = await a_shop(), await a_buyer()
    order = await a_sale(shop, customer=customer, up_to=SaleStatus.CONFIRMED)
    await do(shop.clerk, op("DeliverSale"), input={"saleId": encode_id("Sale", order.id)})
    await do(shop.clerk, op("InvoiceSale"), input={"saleId": encode_id("Sale", order.id)})
    await do(buyer, PAY, input={"orderId": order_id(order)})
    other = await a_sale(shop, customer=customer)
    one = await heard(buyer, UPDATED, orderId=order_id(order))
    assert [each["change"] for each in one] == ["CONFIRMED", "DELIVERED", "INVOICED", "PAID"]
    assert [each["order"]["dueAmount"] for each in one] == [worth("0.00"), worth("600.00"), worth("600.00"), worth("0.00")]
    versions = [each["order"]["version"] for each in one]
    assert versions == sorted(set(versions)) and one[-1]["order"]["lines"][0]["itemName"] == "Maize flour"
    every = await heard(buyer, UPDATED)
    assert every[:-1] == one and every[-1]["order"]["number"] == other.number


async def test_ten_orders_are_read_with_as_many_statements_as_one() -> None:
    shop, (customer, buyer) = await a_shop(), await a_buyer()
    counts = []
    for sales in (1, 9):
        for _ in range(sales):
            await a_sale(shop, flour(shop, 2), flour(shop, 1), customer=customer)
        with statements() as seen:
            await ask(buyer, ORDERS)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 3
