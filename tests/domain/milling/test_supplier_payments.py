"""Paying suppliers, being paid back, and what is owed to whom."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.kit import clock
from domain.kit.errors import DomainError, Forbidden
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.ledger.chart import BANK, CASH
from domain.milling.accounts import MPESA_CLEARING, TRADE_PAYABLES
from domain.milling.errors import BlockedByLaterDocument, MillPaymentNotFound, PaymentReversedAlready, PurchaseNotFound
from domain.milling.models import Payment
from domain.milling.queries.purchases import payables
from domain.milling.service.purchases import cancel_purchase
from domain.milling.service.supplier_payments import pay_purchase, record_supplier_refund, reverse_supplier_payment
from domain.milling.states import PaymentKind, PaymentMethod
from tests.support.happenings import assert_integrity, nothing_happens
from tests.support.milling import in_books
from tests.support.purchases import BILLED, a_mill, a_purchase, billed, now, paid, sent_back, shillings
from tests.support.races import outcomes_of

pytestmark = pytest.mark.usefixtures("database")


async def test_a_supplier_is_paid_in_parts() -> None:
    mill = await a_mill()
    purchase = await a_purchase(mill, up_to=BILLED)
    first = await paid(mill, purchase, "250.50", method=PaymentMethod.MPESA, reference="SKA12", note="Deposit")
    assert (first.amount, first.kind, first.number[:3]) == (shillings("250.50"), PaymentKind.SUPPLIER_PAYMENT, "PY-")
    assert (await now(purchase)).due_amount == shillings("749.50")
    [owed] = await payables(mill.cashier)
    assert (owed.supplier_id, owed.due, owed.overdue, owed.bills) == (
        mill.supplier.id, shillings("749.50"), shillings(0), 1,
    )  # fmt: skip
    await paid(mill, purchase, 49, method=PaymentMethod.CASH)
    await paid(mill, purchase)
    assert (await now(purchase)).due_amount == shillings(0)
    books = [await in_books(account) for account in (MPESA_CLEARING, CASH, BANK, TRADE_PAYABLES)]
    assert books == [-250_50, -49_00, -700_50, 0]
    assert await payables(mill.cashier) == []
    async with nothing_happens():
        with pytest.raises(DomainError) as refused:
            await paid(mill, purchase)
    assert refused.value.code == "AMOUNT_EXCEEDS_DUE"
    await assert_integrity()


async def test_only_one_of_two_pays_all() -> None:
    mill = await a_mill()
    purchase = await a_purchase(mill, up_to=BILLED)
    done = await outcomes_of(paid(mill, purchase, 600) for _ in range(4))
    assert sorted(type(each).__name__ for each in done) == ["ExceedsDue"] * 3 + ["Payment"]
    assert await in_books(BANK) == -600_00
    await assert_integrity()


async def test_what_was_paid_too_much_comes_back() -> None:
    mill = await a_mill()
    purchase = await a_purchase(mill, up_to=BILLED)
    payment = await paid(mill, purchase)
    async with nothing_happens():
        with pytest.raises(DomainError) as refused:
            await record_supplier_refund(mill.cashier, purchase_id=purchase.id, method=PaymentMethod.CASH)
    assert refused.value.code == "AMOUNT_EXCEEDS_REFUNDABLE"
    await sent_back(mill, purchase, 30)
    [owed] = await payables(mill.manager)
    assert owed.due.amount_minor == -300_00
    first = await record_supplier_refund(
        mill.cashier, purchase_id=purchase.id, method=PaymentMethod.CASH, amount=shillings(100)
    )
    await record_supplier_refund(mill.cashier, purchase_id=purchase.id, method=PaymentMethod.BANK)
    assert ((await now(purchase)).due_amount, await in_books(CASH)) == (shillings(0), 100_00)
    async with nothing_happens():
        with pytest.raises(BlockedByLaterDocument):
            await reverse_supplier_payment(mill.manager, payment_id=payment.id, reason="Bounced")
    await reverse_supplier_payment(mill.manager, payment_id=first.payment.id, reason="False coins")
    assert ((await now(purchase)).due_amount.amount_minor, await in_books(CASH)) == (-100_00, 0)
    await assert_integrity()


async def test_a_payment_is_reversed_once() -> None:
    mill = await a_mill()
    purchase = await a_purchase(mill, up_to=BILLED)
    payment = await paid(mill, purchase, 400)
    async with nothing_happens():
        with pytest.raises(Forbidden, match="MILL_BACKDATE"):
            await reverse_supplier_payment(mill.cashier, payment_id=payment.id, reason="Mine")
        with pytest.raises(BlockedByLaterDocument):
            await cancel_purchase(mill.manager, purchase_id=purchase.id, reason="No")
    gone = (await reverse_supplier_payment(mill.manager, payment_id=payment.id, reason="Bounced")).payment
    assert (gone.reversed, gone.reversal_reason, gone.reversed_by_id) == (True, "Bounced", mill.manager.id)
    assert ((await now(purchase)).due_amount, await in_books(BANK)) == (shillings(1000), 0)
    async with nothing_happens():
        with pytest.raises(PaymentReversedAlready):
            await reverse_supplier_payment(mill.manager, payment_id=payment.id, reason="Again")
        with pytest.raises(MillPaymentNotFound):
            await reverse_supplier_payment(mill.manager, payment_id=new_id(), reason="None")
    await assert_integrity()


async def test_a_receipt_of_mobile_money_is_recorded_once() -> None:
    mill = await a_mill()
    purchase = await a_purchase(mill, up_to=BILLED)
    first = await paid(mill, purchase, 100, method=PaymentMethod.MPESA, reference="SKA12")
    async with nothing_happens():
        with pytest.raises(DomainError) as refused:
            await paid(mill, purchase, 100, method=PaymentMethod.MPESA, reference="ska12")
    assert refused.value.code == "PAYMENT_ALREADY_RECORDED"
    await reverse_supplier_payment(mill.manager, payment_id=first.id, reason="Another supplier's")
    await paid(mill, purchase, 100, method=PaymentMethod.MPESA, reference="SKA12")
    assert await Payment.all().count() == 2


async def test_what_is_overdue_is_told() -> None:
    mill, other = await a_mill(), await a_mill()
    long_ago = clock.today() - timedelta(days=90)
    purchase = await a_purchase(mill)
    await billed(mill, purchase, billed_on=long_ago)
    await a_purchase(mill, up_to=BILLED)
    [owed] = await payables(mill.keeper)
    assert (owed.due, owed.overdue, owed.bills) == (shillings(2000), shillings(1000), 2)
    assert owed.next_due_on == long_ago + timedelta(days=14)
    assert await payables(other.keeper) == []


async def test_payments_that_make_no_sense() -> None:
    mill, other = await a_mill(), await a_mill()
    purchase, unbilled = await a_purchase(mill, up_to=BILLED), await a_purchase(mill)
    one = shillings(1)
    cases = [
        ("PURCHASE_NOT_OPEN", unbilled, one, PaymentMethod.CASH, ""),
        ("PURCHASE_NOT_OPEN", unbilled, None, PaymentMethod.CASH, ""),
        ("AMOUNT_EXCEEDS_DUE", purchase, shillings("1000.01"), PaymentMethod.CASH, ""),
        ("INVALID_AMOUNT", purchase, Money(0, one.currency), PaymentMethod.CASH, ""),
        ("INVALID_AMOUNT", purchase, Money(-1, one.currency), PaymentMethod.CASH, ""),
        ("CURRENCY_MISMATCH", purchase, Money(1, "USD"), PaymentMethod.CASH, ""),
        ("AMOUNT_EXCEEDS_PROCEEDS", purchase, one, PaymentMethod.WALLET, ""),
        ("REFERENCE_MISSING", purchase, one, PaymentMethod.MPESA, " "),
        ("INVALID_INPUT", purchase, one, PaymentMethod.BANK, "x" * 61),
    ]
    async with nothing_happens():
        for code, about, amount, method, reference in cases:
            with pytest.raises(DomainError) as refused:
                await pay_purchase(mill.cashier, purchase_id=about.id, amount=amount, method=method, reference=reference)
            assert refused.value.code == code
        with pytest.raises(PurchaseNotFound):
            await paid(other, purchase)
        with pytest.raises(Forbidden):
            await pay_purchase(mill.keeper, purchase_id=purchase.id, method=PaymentMethod.CASH)
        for at, code in ((timedelta(days=1), "FUTURE_DATE"), (timedelta(days=-1), "BACKDATING_NOT_ALLOWED")):
            with pytest.raises(DomainError) as refused:
                await paid(mill, purchase, paid_at=clock.now() + at)
            assert refused.value.code == code
