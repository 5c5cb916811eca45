"""A sale's invoice: its number and due day, and its way to investors, from the offer to the day on which it is repaid."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from domain.events.event import LoggedEvent
from domain.identity.permissions import Role
from domain.invoice_finance.handlers import list_offered_sale
from domain.invoice_finance.jobs import mark_default, mark_overdue
from domain.invoice_finance.models import Invoice
from domain.invoice_finance.service import (
    InvoiceTerms,
    close_recovery,
    create_invoice,
    record_invoice_payment,
    withdraw_invoice,
)
from domain.invoice_finance.states import InvoiceStatus
from domain.kit import clock
from domain.kit.errors import Forbidden, InvalidInput
from domain.milling.accounts import FINANCE_ADVANCES, FINANCE_COSTS, FINANCE_PROCEEDS, TRADE_RECEIVABLES
from domain.milling.errors import (
    CustomerNotRegistered,
    CustomerRequired,
    MillPaymentNotFound,
    SaleInvoicedAlready,
    SaleNotInvoiced,
    SaleNotOpen,
    SaleOfferedAlready,
    SaleWithInvestors,
)
from domain.milling.handlers import BECAME
from domain.milling.models import Payment
from domain.milling.service.financing import FinanceTerms, offer_sale_for_finance
from domain.milling.service.sale_invoices import invoice_sale
from domain.milling.service.sale_payments import PaidNow, record_sale_payment, reverse_sale_payment
from domain.milling.service.sales import cancel_sale
from domain.milling.states import FinanceStatus, PaymentKind, SaleStatus
from tests.support.happenings import assert_integrity, events_so_far, nothing_happens
from tests.support.milling import in_books
from tests.support.offered_sales import an_offer, everybody_hears
from tests.support.people import a_user, actor_for
from tests.support.races import outcomes_of
from tests.support.sales import (
    CASH,
    a_customer,
    a_registered_customer,
    a_sale,
    a_shop,
    mill_money,
)

pytestmark = pytest.mark.usefixtures("database")


async def test_an_invoice_has_a_number_and_a_due_day() -> None:
    shop = await a_shop()
    one = await invoice_sale(shop.clerk, sale_id=(await a_sale(shop, customer=await a_customer())).id)
    other = await invoice_sale(shop.clerk, sale_id=(await a_sale(shop)).id, due_on=clock.today() + timedelta(days=3))
    [first, second] = [int((each.invoice_number or "").removeprefix("SI-")) for each in (one, other)]
    assert second == first + 1
    assert (one.due_on, other.due_on) == (clock.today() + timedelta(days=30), clock.today() + timedelta(days=3))
    draft, fresh = await a_sale(shop, up_to=SaleStatus.DRAFT), await a_sale(shop)
    async with nothing_happens():
        with pytest.raises(SaleInvoicedAlready):
            await invoice_sale(shop.clerk, sale_id=one.id)
        with pytest.raises(SaleNotOpen):
            await invoice_sale(shop.clerk, sale_id=draft.id)
        with pytest.raises(InvalidInput):
            await invoice_sale(shop.clerk, sale_id=fresh.id, due_on=clock.today() - timedelta(days=1))
    await assert_integrity()


async def test_the_market_lists_it_and_the_mill_hears_of_it() -> None:
    offer = await an_offer(advance_rate=Decimal(80), fee_rate=Decimal("2.5"), recourse=True)
    assert (offer.sale.finance_status, offer.sale.offered_at is not None) == (FinanceStatus.OFFERED, True)
    invoice = await offer.invoice()
    assert (invoice.status, invoice.number, invoice.seller_id) == (
        InvoiceStatus.LISTED, offer.sale.invoice_number, offer.seller.id,
    )  # fmt: skip
    assert (invoice.face_value, invoice.requested_amount) == (mill_money(6_000), mill_money(4_800))
    assert (invoice.due_on, invoice.recourse, invoice.expected_fee) == (offer.sale.due_on, True, mill_money(150))
    assert (await offer.now()).finance_status is FinanceStatus.LISTED
    changes = [logged.fact.change for logged in await events_so_far() if logged.name == "milling.sale_changed"]
    assert changes == ["DELIVERED", "INVOICED", "OFFERED_FOR_FINANCE", "FINANCED"]
    await assert_integrity()


async def test_hearing_the_offer_twice_makes_one_invoice() -> None:
    offer = await an_offer()
    await everybody_hears()
    [logged] = [each for each in await events_so_far() if each.name == "milling.sale_offered"]
    async with nothing_happens():
        await list_offered_sale(logged.fact, logged)
        await outcomes_of(_again(logged) for _ in range(3))
    assert await Invoice.all().count() == 1
    assert (await offer.now()).finance_status is FinanceStatus.LISTED


async def _again(logged: LoggedEvent) -> None:
    await list_offered_sale(logged.fact, logged)


async def test_what_the_market_refuses_is_written_on_the_sale() -> None:
    offer = await an_offer(Role.BORROWER)
    sale = await offer.now()
    assert (sale.finance_status, sale.finance_note) == (
        FinanceStatus.REFUSED, "DEBTOR_NOT_FOUND: there is no such debtor",
    )  # fmt: skip
    assert await Invoice.all().count() == 0
    again = await offer_sale_for_finance(offer.seller, sale_id=sale.id)
    assert again.finance_invoice_id != sale.finance_invoice_id
    await assert_integrity()


async def test_what_the_tables_refuse_is_written_on_the_sale_too() -> None:
    """The same number to the same debtor is financed once: the refusal leaves the announcement in the log."""
    offer = await an_offer()
    sale = offer.sale
    terms = InvoiceTerms(
        number=sale.invoice_number or "",
        debtor_name=sale.customer_name,
        face=mill_money(1),
        due_on=clock.today() + timedelta(days=5),
    )
    await create_invoice(offer.seller, terms=terms)
    refused = await offer.now()
    assert refused.finance_status is FinanceStatus.REFUSED
    assert refused.finance_note.startswith("DUPLICATE_INVOICE: ")
    assert await Invoice.all().count() == 1


async def test_while_investors_have_it_nothing_else_happens() -> None:
    offer = await an_offer()
    for _ in range(2):
        async with nothing_happens():
            with pytest.raises(SaleWithInvestors):
                await record_sale_payment(offer.shop.cashier, sale_id=offer.sale.id, payment=PaidNow(method=CASH))
            with pytest.raises(SaleWithInvestors):
                await cancel_sale(offer.shop.manager, sale_id=offer.sale.id, reason="A mistake")
            with pytest.raises(SaleOfferedAlready):
                await offer_sale_for_finance(offer.seller, sale_id=offer.sale.id)
        await everybody_hears()
    await withdraw_invoice(offer.seller, invoice_id=(await offer.invoice()).id)
    assert (await offer.now()).finance_status is FinanceStatus.ENDED
    paid = await record_sale_payment(offer.shop.cashier, sale_id=offer.sale.id, payment=PaidNow(method=CASH))
    assert paid.sale.status is SaleStatus.PAID
    await assert_integrity()


async def test_a_repaid_invoice_pays_the_sale() -> None:
    offer = await an_offer(advance_rate=Decimal(80), fee_rate=Decimal(2))
    invoice = await offer.fund()
    assert (await offer.now()).finance_status is FinanceStatus.FUNDED
    assert await in_books(TRADE_RECEIVABLES) == 6_000_00, "the customer still owes"
    accountant = await actor_for(await a_user(Role.ACCOUNTANT))
    await record_invoice_payment(accountant, invoice_id=invoice.id, amount=mill_money(1_000))
    assert (await offer.now()).status is SaleStatus.DELIVERED
    await record_invoice_payment(accountant, invoice_id=invoice.id, amount=mill_money(5_000), reference="2")
    sale = await offer.now()
    assert (sale.status, sale.finance_status, sale.paid_amount) == (
        SaleStatus.PAID, FinanceStatus.SETTLED, mill_money(6_000),
    )  # fmt: skip
    books = [await in_books(each) for each in (TRADE_RECEIVABLES, FINANCE_PROCEEDS, FINANCE_ADVANCES, FINANCE_COSTS)]
    assert books == [0, 5_880_00, 0, 120_00], "the seller holds the advance and the rebate; the rest is what it cost"
    payment = await Payment.get(sale_id=sale.id)
    assert (payment.kind, payment.method) == (PaymentKind.SALE_FINANCED, None)
    async with nothing_happens():
        with pytest.raises(MillPaymentNotFound):
            await reverse_sale_payment(offer.shop.manager, payment_id=payment.id, reason="A slip")
    await assert_integrity()


async def test_an_invoice_in_default_pays_what_is_recovered() -> None:
    offer = await an_offer()
    invoice = await offer.fund()
    late = clock.now() + timedelta(days=30 + invoice.grace_days + 2)
    with clock.clock_set_to(late):
        await mark_overdue.run()
        await mark_default.run()
        assert (await offer.now()).finance_status is FinanceStatus.DEFAULTED
        accountant = await actor_for(await a_user(Role.ACCOUNTANT))
        await record_invoice_payment(accountant, invoice_id=invoice.id, amount=mill_money(1_500))
        await close_recovery(accountant, invoice_id=invoice.id)
        sale = await offer.now()
    assert (sale.status, sale.finance_status, sale.due_amount) == (
        SaleStatus.DELIVERED, FinanceStatus.SETTLED, mill_money(4_500),
    )  # fmt: skip
    await assert_integrity()


async def test_what_cannot_be_offered() -> None:
    shop = await a_shop()
    registered = await a_registered_customer()
    fresh = await a_sale(shop, customer=registered)
    walk_in, nobody = await a_sale(shop), await a_sale(shop, customer=await a_customer())
    paid, draft = await a_sale(shop, customer=registered, paid=CASH), await a_sale(shop, up_to=SaleStatus.DRAFT)
    for sale in (walk_in, nobody, paid):
        await invoice_sale(shop.clerk, sale_id=sale.id)
    for sale, kind in (
        (fresh, SaleNotInvoiced),
        (walk_in, CustomerRequired),
        (nobody, CustomerNotRegistered),
        (paid, SaleNotOpen),
        (draft, SaleNotOpen),
    ):
        async with nothing_happens():
            with pytest.raises(kind):
                await offer_sale_for_finance(shop.manager, sale_id=sale.id)
    async with nothing_happens():
        with pytest.raises(Forbidden):
            await offer_sale_for_finance(shop.clerk, sale_id=fresh.id)
        for terms in (
            FinanceTerms(advance_rate=Decimal(0)),
            FinanceTerms(advance_rate=Decimal("100.01")),
            FinanceTerms(advance_rate=Decimal("NaN")),
            FinanceTerms(fee_rate=Decimal("50.01")),
            FinanceTerms(fee_rate=Decimal("0.001")),
            FinanceTerms(fee_rate=Decimal(-1)),
        ):
            with pytest.raises(InvalidInput):
                await offer_sale_for_finance(shop.manager, sale_id=fresh.id, terms=terms)


def test_every_status_of_an_invoice_means_something_for_its_sale() -> None:
    assert set(BECAME) == {status.value for status in InvoiceStatus} - {"DRAFT"}
