"""Money for sales: in parts and in full, by every way, given back, and wrong records taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.errors import CurrencyMismatch, Forbidden, InvalidAmount, InvalidInput
from domain.kit.idempotency import once
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.ledger.chart import BANK, CASH
from domain.milling.accounts import MPESA_CLEARING, TRADE_RECEIVABLES
from domain.milling.errors import (
    BackdatingNotAllowed,
    ExceedsDue,
    ExceedsRefundable,
    FutureDate,
    MillPaymentNotFound,
    PaymentReversedAlready,
    ReceiptAlreadyRecorded,
    ReferenceMissing,
    SaleNotFound,
    SaleNotOpen,
)
from domain.milling.models import Payment, Sale
from domain.milling.service.sale_payments import PaidNow, SalePayment, record_sale_payment, refund_sale
from domain.milling.service.sale_payments import reverse_sale_payment as reverse
from domain.milling.service.sale_returns import NewSaleReturn, ReturnedLine, create_sale_return
from domain.milling.states import PaymentMethod, SaleStatus
from tests.support.happenings import assert_integrity, events_so_far, nothing_happens
from tests.support.milling import in_books, q
from tests.support.people import somebody
from tests.support.races import outcomes_of
from tests.support.sales import (
    BANKED,
    MPESA,
    a_sale,
    a_shop,
    lines_of,
    mill_money,
)
from tests.support.sales import CASH as BY_CASH

pytestmark = pytest.mark.usefixtures("database")


def paid(amount: int | str | None = None, method: PaymentMethod = BY_CASH, reference: str = "") -> PaidNow:
    return PaidNow(method=method, amount=None if amount is None else mill_money(amount), reference=reference)


async def pay(by: Any, sale: Sale, amount: int | str | None = None, **how: Any) -> SalePayment:
    return await record_sale_payment(by, sale_id=sale.id, payment=paid(amount, **how))


async def test_in_parts_and_in_full() -> None:
    shop = await a_shop()
    sale = await a_sale(shop)
    first = await pay(shop.cashier, sale, "200.50")
    assert (first.payment.number[:3], first.sale.status, first.sale.due_amount) == (
        "PY-", SaleStatus.DELIVERED, mill_money("399.50"),
    )  # fmt: skip
    async with nothing_happens():
        with pytest.raises(ExceedsDue, match=r"only .* is owed"):
            await pay(shop.cashier, sale, "399.51")
    last = await pay(shop.cashier, sale, method=BANKED)
    assert (last.sale.status, last.payment.amount) == (SaleStatus.PAID, mill_money("399.50"))
    assert (await in_books(CASH), await in_books(BANK), await in_books(TRADE_RECEIVABLES)) == (200_50, 399_50, 0)
    async with nothing_happens():
        with pytest.raises(InvalidAmount, match="nothing is owed"):
            await pay(shop.cashier, sale)
    facts = [logged.fact for logged in await events_so_far() if logged.name == "milling.sale_changed"]
    assert [(fact.change, fact.sale.status) for fact in facts[1:]] == [("PAID", "DELIVERED"), ("PAID", "PAID")]
    await assert_integrity()


async def test_mobile_money_has_a_receipt_that_counts_once() -> None:
    shop = await a_shop()
    one, other = await a_sale(shop), await a_sale(shop)
    async with nothing_happens():
        with pytest.raises(ReferenceMissing):
            await pay(shop.cashier, one, 100, method=MPESA)
    await pay(shop.cashier, one, 100, method=MPESA, reference="QKJ7H2")
    async with nothing_happens():
        with pytest.raises(ReceiptAlreadyRecorded):
            await pay(shop.cashier, other, 100, method=MPESA, reference="qkj7h2")
    assert await in_books(MPESA_CLEARING) == 100_00
    await assert_integrity()


async def test_the_same_key_pays_once() -> None:
    shop = await a_shop()
    sale = await a_sale(shop)
    first = await once("pay it", record_sale_payment, shop.cashier, sale_id=sale.id, payment=paid(100))
    again = await once("pay it", record_sale_payment, shop.cashier, sale_id=sale.id, payment=paid(100))
    assert (again.replayed, again.result.payment.id) == (True, first.result.payment.id)
    assert await in_books(CASH) == 100_00


async def test_payments_at_once_do_not_exceed_what_is_due() -> None:
    shop = await a_shop()
    sale = await a_sale(shop)
    outcomes = await outcomes_of(pay(shop.cashier, sale, 250) for _ in range(6))
    assert sum(isinstance(each, SalePayment) for each in outcomes) == 2
    assert sum(isinstance(each, ExceedsDue) for each in outcomes) == 4
    assert await in_books(CASH) == 500_00
    await assert_integrity()


async def test_what_is_no_payment() -> None:
    shop, other = await a_shop(), await a_shop()
    sale, draft = await a_sale(shop), await a_sale(shop, up_to=SaleStatus.DRAFT)
    foreign = PaidNow(method=BY_CASH, amount=Money.of(1, "USD"))
    negative = PaidNow(method=BY_CASH, amount=Money(-1, sale.currency))
    async with nothing_happens():
        with pytest.raises(SaleNotOpen):
            await pay(shop.cashier, draft, 1)
        with pytest.raises(CurrencyMismatch):
            await record_sale_payment(shop.cashier, sale_id=sale.id, payment=foreign)
        with pytest.raises(InvalidAmount):
            await record_sale_payment(shop.cashier, sale_id=sale.id, payment=negative)
        with pytest.raises(InvalidInput):
            await pay(shop.cashier, sale, 1, reference="x" * 61)
        for by in (other.cashier, somebody(Role.CASHIER)):
            with pytest.raises(SaleNotFound):
                await pay(by, sale, 1)
        with pytest.raises(Forbidden):
            await pay(shop.clerk, sale, 1)
        for at, kind in (
            (clock.now() + timedelta(days=1), FutureDate),
            (clock.now() - timedelta(days=1), InvalidInput),
        ):
            with pytest.raises(kind):
                await record_sale_payment(shop.manager, sale_id=sale.id, payment=paid(1), paid_at=at)
        with pytest.raises(BackdatingNotAllowed):
            await record_sale_payment(shop.cashier, sale_id=sale.id, payment=paid(1), paid_at=sale.delivered_at)


async def test_a_wrong_record_is_taken_back_once() -> None:
    shop = await a_shop()
    sale = await a_sale(shop, paid=BY_CASH)
    payment = await Payment.get(sale_id=sale.id)
    async with nothing_happens():
        with pytest.raises(Forbidden):
            await reverse(shop.cashier, payment_id=payment.id, reason="A slip")
        with pytest.raises(MillPaymentNotFound):
            await reverse(shop.manager, payment_id=new_id(), reason="A slip")
    outcomes = await outcomes_of(reverse(shop.manager, payment_id=payment.id, reason="A slip") for _ in range(3))
    [done] = [each for each in outcomes if isinstance(each, SalePayment)]
    assert sum(isinstance(each, PaymentReversedAlready) for each in outcomes) == 2
    assert (done.sale.status, done.sale.due_amount, done.payment.reversed) == (SaleStatus.DELIVERED, sale.amount, True)
    assert await in_books(CASH) == 0
    await assert_integrity()


async def test_credit_of_a_return_is_paid_out_later() -> None:
    shop = await a_shop()
    sale = await a_sale(shop, paid=BY_CASH)
    [line] = await lines_of(sale)
    part = NewSaleReturn(lines=[ReturnedLine(line_id=line.id, quantity=q(4))], reason="Too much")
    back = await create_sale_return(shop.manager, sale_id=sale.id, back=part)
    assert back.sale.due_amount == -mill_money(240)
    async with nothing_happens():
        with pytest.raises(ExceedsRefundable, match=r"240\.00"):
            await refund_sale(shop.cashier, sale_id=sale.id, payment=paid(241))
    done = await refund_sale(shop.cashier, sale_id=sale.id, payment=paid(200, method=BANKED))
    assert (done.sale.due_amount, done.sale.refunded_amount) == (-mill_money(40), mill_money(200))
    receipt = await Payment.get(sale_id=sale.id, kind="SALE_RECEIPT")
    undone = await reverse(shop.manager, payment_id=done.payment.id, reason="Not collected")
    assert undone.sale.due_amount == -mill_money(240)
    await refund_sale(shop.cashier, sale_id=sale.id, payment=paid())
    async with nothing_happens():
        with pytest.raises(ExceedsRefundable):
            await reverse(shop.manager, payment_id=receipt.id, reason="A slip")
    assert await in_books(TRADE_RECEIVABLES) == 0
    await assert_integrity()
