"""Sales of the mill that are paid from outside: in parts, once, never more than is owed, taken back whole and in part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.identity.actor import Actor
from domain.identity.models import User
from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.errors import Forbidden, InvalidAmount, InvalidInput
from domain.kit.ids import new_id
from domain.milling import settings
from domain.milling.accounts import MPESA_CLEARING, TRADE_RECEIVABLES
from domain.milling.errors import ChannelNotPossible, SaleNotFound, SaleNotOpen
from domain.milling.models import Customer, Sale
from domain.milling.models import Payment as MillPayment
from domain.milling.service.sale_invoices import invoice_sale
from domain.milling.service.sale_payments import PaidNow, record_sale_payment, refund_sale, reverse_sale_payment
from domain.milling.service.sale_returns import NewSaleReturn, ReturnedLine, create_sale_return
from domain.milling.states import PaymentMethod, SaleStatus
from domain.payments.purposes import candidates, due_by_reference
from domain.payments.purposes.applying import bring_to_purpose
from domain.payments.states import Purpose
from tests.support.collected import (
    application_of,
    asked_for,
    came,
    delivered,
    due_of,
    in_transit,
    kes,
    opened,
    refusal_of,
    taken_back,
)
from tests.support.happenings import assert_integrity, events_so_far, nothing_happens
from tests.support.loans import actor_of
from tests.support.milling import in_books, q
from tests.support.people import a_branch, somebody
from tests.support.sales import CASH, Shop, a_registered_customer, a_sale, a_shop, lines_of, mill_money

pytestmark = pytest.mark.usefixtures("database")

SALE = Purpose.MILL_SALE
OWED = 600


@pytest.fixture(autouse=True)
def shillings() -> Iterator[None]:
    """A mill whose books are in the currency of M-Pesa."""
    before = settings.current()
    settings.configure(replace(before, chosen_currency="KES"))
    yield
    settings.configure(before)


async def a_bakery() -> tuple[Customer, Actor]:
    customer = await a_registered_customer()
    assert customer.user_id is not None
    return customer, actor_of(await User.get(id=customer.user_id))


async def sold(shop: Shop) -> tuple[Sale, Actor]:
    """10 kg of flour for KES 600, delivered to a bakery."""
    customer, baker = await a_bakery()
    return await a_sale(shop, customer=customer), baker


async def status_of(sale: Sale) -> tuple[SaleStatus, int]:
    now = await Sale.get(id=sale.id)
    return now.status, now.balance_minor // 100


async def test_a_customer_pays_in_parts_and_once() -> None:
    shop = await a_shop()
    sale, baker = await sold(shop)
    first = await asked_for(baker, SALE, sale.id, 250)
    assert (first.client_id, first.payee_name, first.branch_id) == (baker.id, shop.branch.name, shop.branch.id)
    receipt = await came(first)
    await delivered()
    assert await status_of(sale) == (SaleStatus.DELIVERED, 350)
    record = await MillPayment.get(id=(await application_of(first)).record_id)
    assert (record.method, record.reference, record.amount, record.collected_payment_id) == (
        PaymentMethod.MPESA, receipt, mill_money(250), first.id,
    )  # fmt: skip
    rest = await asked_for(baker, SALE, sale.id)
    assert rest.amount == kes(350)
    await came(rest)
    await delivered()
    await bring_to_purpose(rest.id)
    assert (await status_of(sale), await in_transit()) == ((SaleStatus.PAID, 0), kes(0))
    assert (await in_books(MPESA_CLEARING), await in_books(TRADE_RECEIVABLES)) == (600_00, 0)
    changes = [each.fact.change for each in await events_so_far() if each.name == "milling.sale_changed"]
    assert changes[-2:] == ["PAID", "PAID"]
    await assert_integrity()


async def test_no_more_than_is_owed_is_taken() -> None:
    shop = await a_shop()
    sale, baker = await sold(shop)
    due = await due_of(baker, SALE, sale.id)
    with pytest.raises(InvalidAmount, match=r"at most KES 600\.00"):
        due.require(kes(601))
    assert due.expected(kes(5000)) == kes(600)
    payment = await opened(due, kes(600))
    await record_sale_payment(shop.cashier, sale_id=sale.id, payment=PaidNow(method=CASH, amount=mill_money(100)))
    receipt = await came(payment)
    await delivered()
    assert (await in_transit(), (await application_of(payment)).refused_code) == (kes(600), "AMOUNT_EXCEEDS_DUE")
    assert await refusal_of(payment) is not None
    await assert_integrity()
    # What is too much goes back, and the rest is taken.
    await taken_back(payment, receipt, kes(100))
    await delivered()
    assert (await status_of(sale), await in_transit()) == ((SaleStatus.PAID, 0), kes(0))
    await assert_integrity()


async def test_taken_back_whole_and_in_part() -> None:
    shop = await a_shop()
    sale, baker = await sold(shop)
    payment = await asked_for(baker, SALE, sale.id)
    receipt = await came(payment)
    await delivered()
    await taken_back(payment, receipt, kes(150))
    await delivered()
    assert await status_of(sale) == (SaleStatus.DELIVERED, 150)
    assert await MillPayment.filter(sale_id=sale.id, reversed_at__isnull=True).count() == 1
    await assert_integrity()
    await taken_back(payment, receipt, kes(450))
    await delivered()
    assert (await status_of(sale), await in_transit()) == ((SaleStatus.DELIVERED, OWED), kes(0))
    await assert_integrity()


async def test_what_was_refunded_cannot_be_taken_back() -> None:
    shop = await a_shop()
    sale, baker = await sold(shop)
    payment = await asked_for(baker, SALE, sale.id)
    receipt = await came(payment)
    await delivered()
    [line] = await lines_of(sale)
    back = NewSaleReturn(reason="wet", lines=[ReturnedLine(line_id=line.id, quantity=q(5))])
    await create_sale_return(shop.manager, sale_id=sale.id, back=back)
    await refund_sale(shop.manager, sale_id=sale.id, payment=PaidNow(method=CASH))
    await taken_back(payment, receipt)
    await delivered()
    application = await application_of(payment)
    assert (application.amount, application.refused_code, await in_transit()) == (
        kes(600), "AMOUNT_EXCEEDS_REFUNDABLE", kes(-600),
    )  # fmt: skip
    await assert_integrity()


async def test_a_payment_counts_from_when_it_was_made() -> None:
    shop = await a_shop()
    sale, baker = await sold(shop)
    payment = await asked_for(baker, SALE, sale.id)
    await came(payment, at=clock.now() - timedelta(days=3))
    await delivered()
    record = await MillPayment.get(id=(await application_of(payment)).record_id)
    assert record.paid_at == (await Sale.get(id=sale.id)).delivered_at, "but not from before the delivery"
    await assert_integrity()


async def test_staff_do_not_reverse_what_came_from_outside() -> None:
    shop = await a_shop()
    sale, baker = await sold(shop)
    payment = await asked_for(baker, SALE, sale.id)
    await came(payment)
    await delivered()
    record_id = (await application_of(payment)).record_id
    assert record_id is not None
    async with nothing_happens():
        with pytest.raises(ChannelNotPossible, match="reversed there"):
            await reverse_sale_payment(shop.manager, payment_id=record_id, reason="by mistake")


async def test_who_may_pay_a_sale_and_how_it_is_found() -> None:
    shop = await a_shop()
    sale, baker = await sold(shop)
    due = await due_of(baker, SALE, sale.id)
    assert (due.amount, due.most, due.account_reference) == (kes(600), kes(600), sale.number)
    for collector in (shop.clerk, shop.cashier, shop.manager):
        assert await due_of(collector, SALE, sale.id) == due
    _, stranger = await a_bakery()
    for actor, sale_id in (
        (stranger, sale.id),
        (somebody(Role.CASHIER, branch=await a_branch()), sale.id),
        (shop.storekeeper, sale.id),
        (baker, new_id()),
    ):
        async with nothing_happens():
            with pytest.raises((SaleNotFound, Forbidden)):
                await due_of(actor, SALE, sale_id)
    confirmed = await a_sale(shop, up_to=SaleStatus.CONFIRMED)
    with pytest.raises(SaleNotOpen):
        await due_of(shop.cashier, SALE, confirmed.id)
    invoiced = await invoice_sale(shop.manager, sale_id=sale.id)
    assert invoiced.invoice_number is not None
    for typed in (sale.number, sale.number.lower(), invoiced.invoice_number.replace("-", "")):
        assert await due_by_reference(typed) == due
    for typed in (confirmed.number, sale.number + "0", "SO", "SX-000001"):
        assert await due_by_reference(typed) is None
    assert await candidates(kes(599), limit=2) == [due]
    counter = await a_sale(shop)
    found = await due_of(shop.cashier, SALE, counter.id)
    assert (found.client_id, found.client_name) == (None, counter.customer_name)
    await record_sale_payment(shop.cashier, sale_id=sale.id, payment=PaidNow(method=CASH))
    with pytest.raises(InvalidInput, match="nothing is owed"):
        await due_of(baker, SALE, sale.id)
