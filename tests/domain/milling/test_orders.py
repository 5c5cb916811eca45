"""Orders as customers who are registered users see and pay them: out of their own wallet, out of which nobody else pays."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest
from tortoise.exceptions import IntegrityError

from domain.identity.actor import Actor
from domain.identity.models import User
from domain.identity.permissions import Role
from domain.kit.errors import CurrencyMismatch, DomainError, Forbidden, InvalidAmount
from domain.kit.idempotency import once
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.paging import PageRequest
from domain.ledger.errors import InsufficientFunds
from domain.milling.accounts import TRADE_RECEIVABLES
from domain.milling.errors import ChannelNotPossible, CustomerNotRegistered, ExceedsDue, SaleNotFound, SaleNotOpen
from domain.milling.events import OrderChanged, OrderFigures
from domain.milling.models import Customer, Payment, Sale
from domain.milling.queries.orders import orders, orders_by_id
from domain.milling.service.financing import offer_sale_for_finance
from domain.milling.service.orders import pay_order
from domain.milling.service.partners import upsert_customer
from domain.milling.service.sale_invoices import invoice_sale
from domain.milling.service.sale_payments import PaidNow, record_sale_payment, refund_sale, reverse_sale_payment
from domain.milling.service.sale_returns import NewSaleReturn, ReturnedLine, create_sale_return
from domain.milling.service.sales import Doing, cancel_sale, confirm_sale, create_sale, deliver_sale
from domain.milling.states import PaymentMethod, SaleStatus
from tests.support.happenings import assert_integrity, events_so_far, nothing_happens
from tests.support.invoices import balance
from tests.support.milling import in_books, q
from tests.support.people import actor_for, an_actor
from tests.support.races import outcomes_of
from tests.support.sales import (
    CASH,
    WALLET,
    Shop,
    a_customer,
    a_new_sale,
    a_registered_customer,
    a_sale,
    a_shop,
    flour,
    lines_of,
    mill_money,
    put_into_wallet,
)

pytestmark = pytest.mark.usefixtures("database")


async def the_user_of(customer: Customer) -> Actor:
    return await actor_for(await User.get(id=customer.user_id))


async def a_buyer(wallet: int = 0) -> tuple[Customer, Actor]:
    """A customer who is a registered user, with that much more in the wallet than one is opened with."""
    customer = await a_registered_customer()
    assert customer.user_id is not None
    if wallet:
        await put_into_wallet(customer.user_id, wallet)
    return customer, await the_user_of(customer)


async def pay(by: Actor, sale: Sale, amount: int | str | None = None) -> OrderFigures:
    return await pay_order(by, order_id=sale.id, amount=None if amount is None else mill_money(amount))


async def listed(by: Actor, **which: Any) -> list[str]:
    return [order.number for order in (await orders(by, PageRequest(), **which)).rows]


async def told() -> list[OrderChanged]:
    return [logged.fact for logged in await events_so_far() if logged.name == "milling.order_changed"]


async def some_back(shop: Shop, sale: Sale, quantity: int, refund: PaymentMethod | None = None) -> None:
    [line] = await lines_of(sale)
    lines = [ReturnedLine(line_id=line.id, quantity=q(quantity))]
    back = NewSaleReturn(lines=lines, reason="Damp", refund_method=refund)
    await create_sale_return(shop.manager, sale_id=sale.id, back=back)


async def test_an_order_is_paid_in_parts_and_in_full() -> None:
    shop, (customer, buyer) = await a_shop(), await a_buyer(600)
    sale = await a_sale(shop, customer=customer)
    before = await balance(buyer, sale.currency)
    first = await pay(buyer, sale, "250.50")
    assert (first.status, first.paid_amount, first.due_amount) == (
        SaleStatus.DELIVERED, mill_money("250.50"), mill_money("349.50"),
    )  # fmt: skip
    async with nothing_happens():
        with pytest.raises(ExceedsDue, match=r"349\.50"):
            await pay(buyer, sale, "349.51")
    last = await pay(buyer, sale)
    assert (last.status, last.due_amount, last.lines[0].amount) == (SaleStatus.PAID, mill_money(0), sale.amount)
    assert await balance(buyer, sale.currency) == before - mill_money(600)
    made = await Payment.filter(sale_id=sale.id).order_by("created_at")
    assert {(each.method, each.wallet_owner_id, each.created_by_id, each.branch_id) for each in made} == {
        (WALLET, buyer.id, buyer.id, shop.branch.id)
    }
    assert await in_books(TRADE_RECEIVABLES) == 0
    async with nothing_happens():
        with pytest.raises(InvalidAmount, match="nothing is owed"):
            await pay(buyer, sale)
    await assert_integrity()


async def test_staff_take_nothing_out_of_a_wallet() -> None:
    shop, (customer, buyer) = await a_shop(), await a_buyer(600)
    sale, order = await a_sale(shop, customer=customer), await a_sale(shop, customer=customer, up_to=SaleStatus.CONFIRMED)
    by_wallet = PaidNow(method=WALLET)
    async with nothing_happens():
        for by in (shop.cashier, shop.manager):
            with pytest.raises(DomainError) as refused:
                await record_sale_payment(by, sale_id=sale.id, payment=by_wallet)
            assert (refused.value.code, refused.value.field) == ("CHANNEL_NOT_POSSIBLE", ("input", "payment", "method"))
        with pytest.raises(ChannelNotPossible):
            await create_sale(shop.manager, sale=a_new_sale(shop, customer=customer), doing=Doing(payment=by_wallet))
        with pytest.raises(ChannelNotPossible):
            await deliver_sale(shop.manager, sale_id=order.id, payment=by_wallet)
        with pytest.raises(SaleNotFound):
            await pay(shop.manager, sale)
    assert await balance(buyer, sale.currency) >= mill_money(600)


async def test_what_went_into_a_wallet_is_its_owners() -> None:
    shop, (customer, buyer) = await a_shop(), await a_buyer(600)
    sale = await a_sale(shop, customer=customer)
    before = await balance(buyer, sale.currency)
    await pay(buyer, sale)
    await some_back(shop, sale, 4, refund=WALLET)
    await some_back(shop, sale, 2)
    refund = (await refund_sale(shop.cashier, sale_id=sale.id, payment=PaidNow(method=WALLET))).payment
    assert await balance(buyer, sale.currency) == before - mill_money(240)
    async with nothing_happens():
        with pytest.raises(ChannelNotPossible):
            await reverse_sale_payment(shop.manager, payment_id=refund.id, reason="A slip")
    await assert_integrity()


async def test_the_tables_keep_wallets_for_their_owners() -> None:
    shop, (customer, buyer) = await a_shop(), await a_buyer(600)
    sale = await a_sale(shop, customer=customer)
    await pay(buyer, sale)
    await some_back(shop, sale, 4, refund=WALLET)
    paid, refund = await Payment.filter(sale_id=sale.id).order_by("created_at")
    again = {name: getattr(paid, name) for name in Payment._meta.db_fields - {"serial", "number"}}
    with pytest.raises(IntegrityError, match="mill_payment_wallet_is_paid_from_by_its_owner"):
        await Payment.create(**again | {"id": new_id(), "created_by_id": shop.cashier.id})
    undone = {"reversed_at": refund.paid_at, "reversed_by_id": buyer.id, "reversal_entry_id": refund.entry_id}
    with pytest.raises(IntegrityError, match="mill_payment_wallet_keeps_its_refund"):
        await Payment.filter(id=refund.id).update(**undone)


async def test_a_payment_that_is_reversed_goes_back_into_the_wallet() -> None:
    shop, (customer, buyer) = await a_shop(), await a_buyer(600)
    sale = await a_sale(shop, customer=customer)
    before = await balance(buyer, sale.currency)
    await pay(buyer, sale)
    payment = await Payment.get(sale_id=sale.id)
    await reverse_sale_payment(shop.manager, payment_id=payment.id, reason="Paid twice")
    assert await balance(buyer, sale.currency) == before
    assert [fact.change for fact in await told()] == ["DELIVERED", "PAID", "PAYMENT_REVERSED"]
    await assert_integrity()


async def test_a_refund_needs_a_wallet() -> None:
    shop = await a_shop()
    for sale in (await a_sale(shop, customer=await a_customer(), paid=CASH), await a_sale(shop, paid=CASH)):
        await some_back(shop, sale, 4)
        async with nothing_happens():
            with pytest.raises(CustomerNotRegistered):
                await refund_sale(shop.cashier, sale_id=sale.id, payment=PaidNow(method=WALLET))


async def test_what_is_not_paid() -> None:
    shop, (customer, buyer), (_, other) = await a_shop(), await a_buyer(600), await a_buyer(600)
    sale = await a_sale(shop, customer=customer)
    ordered, offered = [
        await a_sale(shop, customer=customer, up_to=status) for status in (SaleStatus.CONFIRMED, SaleStatus.DRAFT)
    ]
    dear = await a_sale(shop, flour(shop, 1, unit_price=mill_money(10_000_000)), customer=customer)
    accountant = await an_actor(Role.ACCOUNTANT)
    async with nothing_happens():
        with pytest.raises(InsufficientFunds):
            await pay(buyer, dear)
        with pytest.raises(SaleNotOpen) as refused:
            await pay(buyer, ordered)
        assert refused.value.field == ("input", "orderId")
        for by, wanted in ((buyer, offered), (other, sale), (shop.clerk, sale)):
            with pytest.raises(SaleNotFound) as unknown:
                await pay(by, wanted)
            assert unknown.value.field == ("input", "orderId")
        with pytest.raises(SaleNotFound):
            await pay_order(buyer, order_id=new_id())
        with pytest.raises(CurrencyMismatch):
            await pay_order(buyer, order_id=sale.id, amount=Money.of(1, "USD"))
        for amount in (Money(0, sale.currency), Money(-1, sale.currency), Money(10**18, sale.currency)):
            with pytest.raises((InvalidAmount, ExceedsDue)):
                await pay_order(buyer, order_id=sale.id, amount=amount)
        with pytest.raises(Forbidden, match="WALLET_USE"):
            await pay(accountant, sale)


async def test_what_investors_have_is_not_paid_to_the_mill() -> None:
    shop, (customer, buyer) = await a_shop(), await a_buyer(600)
    sale = await a_sale(shop, customer=customer)
    invoiced = await invoice_sale(shop.manager, sale_id=sale.id)
    await offer_sale_for_finance(shop.manager, sale_id=sale.id)
    async with nothing_happens():
        with pytest.raises(DomainError) as refused:
            await pay(buyer, sale)
    assert (refused.value.code, refused.value.field) == ("SALE_WITH_INVESTORS", ("input", "orderId"))
    [fact] = [fact for fact in await told() if fact.change == "OFFERED_FOR_FINANCE"]
    assert (fact.order.with_investors, fact.order.invoice_number) == (True, invoiced.invoice_number)


async def test_the_same_key_and_many_at_once_pay_what_is_due() -> None:
    shop, (customer, buyer) = await a_shop(), await a_buyer(2_000)
    sale = await a_sale(shop, customer=customer)
    asked: dict[str, Any] = {"order_id": sale.id, "amount": mill_money(100)}
    first = await once("flour of may", pay_order, buyer, **asked)
    again = await once("flour of may", pay_order, buyer, **asked)
    assert (again.replayed, again.result) == (True, first.result)
    by_cash = PaidNow(method=CASH, amount=mill_money(250))
    acts = [pay(buyer, sale, 250), record_sale_payment(shop.cashier, sale_id=sale.id, payment=by_cash)]
    acts += [pay(buyer, sale, 250), record_sale_payment(shop.cashier, sale_id=sale.id, payment=by_cash)]
    outcomes = await outcomes_of(acts)
    assert sum(isinstance(each, ExceedsDue) for each in outcomes) == 2
    assert (await Sale.get(id=sale.id)).paid_amount == mill_money(600)
    await assert_integrity()


async def test_only_what_was_agreed_on_is_an_order() -> None:
    shop, (customer, buyer), (_, other) = await a_shop(), await a_buyer(), await a_buyer()
    offer = await a_sale(shop, customer=customer, up_to=SaleStatus.DRAFT)
    await a_sale(shop)
    assert (await listed(buyer), await told()) == ([], [])
    await confirm_sale(shop.clerk, sale_id=offer.id)
    delivered = await a_sale(shop, customer=customer)
    assert await listed(buyer) == [delivered.number, offer.number]
    assert await listed(buyer, unpaid=True) == [delivered.number]
    await cancel_sale(shop.clerk, sale_id=offer.id, reason="A secret of the staff")
    facts = await told()
    assert [(fact.change, fact.order.number) for fact in facts] == [
        ("CONFIRMED", offer.number), ("DELIVERED", delivered.number), ("CANCELLED", offer.number),
    ]  # fmt: skip
    assert {tuple(fact.audience()) for fact in facts} == {(f"user:{buyer.id}",)}
    assert await listed(other) == await listed(shop.manager) == []
    ids = [offer.id, delivered.id]
    assert set(await orders_by_id(buyer, ids)) == set(ids)
    assert await orders_by_id(other, ids) == await orders_by_id(await an_actor(Role.ACCOUNTANT), ids) == {}


async def test_orders_are_seen_by_whoever_is_the_customer_now() -> None:
    shop, (customer, buyer) = await a_shop(), await a_buyer(600)
    sale = await a_sale(shop, customer=customer)
    await upsert_customer(shop.manager, customer_id=customer.id, said={"user_id": None})
    assert await listed(buyer) == []
    async with nothing_happens():
        with pytest.raises(SaleNotFound):
            await pay(buyer, sale)
    successor = await an_actor(Role.DEBTOR)
    await upsert_customer(shop.manager, customer_id=customer.id, said={"user_id": successor.id})
    assert await listed(successor) == [sale.number]


def test_a_customer_is_told_nothing_of_the_mills_own() -> None:
    told = {each.name for each in fields(OrderFigures)}
    assert not told & {"note", "branch_id", "warehouse_id", "created_by_id", "cancel_reason", "finance_note", "customer_id"}
    assert not {name for name in told if "cost" in name or "profit" in name}
