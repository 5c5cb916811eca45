"""What goes through several businesses, in the weeks of the demo: each is one story with one id, from the first request to
the books. A loan is paid back in two parts of which one goes back again, a fee is paid late and told of twice, another one
is paid by a loan, and an investor's money becomes flour.

They are left out where the part of the demo is missing that they go through.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Final

from tortoise.expressions import Subquery

from api.demo.books import kes
from api.demo.loans import ID_CARD
from api.demo.mill_things import FLOUR_50, GROWERS, MILLING, RETAILER, STORE, WHEAT, Mill
from api.demo.payment_weeks import A_SECOND, THE_PIN, Weeks, payer_of
from api.demo.people import (
    ADMIN,
    BORROWER,
    CASHIER,
    CLERK,
    CLIENT,
    DEBTOR,
    MANAGER,
    MILLER,
    OFFICER,
    SECOND_CLIENT,
    STOREKEEPER,
    THIRD_INVESTOR,
    DemoPerson,
)
from api.demo.products import ELIMU
from domain.files.service import store_file
from domain.invoice_finance import service as invoices
from domain.invoice_finance.models import Invoice
from domain.invoice_finance.states import InvoiceStatus
from domain.kit import clock
from domain.lending import service as lending
from domain.lending.application import LoanApplication, PaysFor
from domain.lending.models import Loan, LoanProduct
from domain.lending.service import NewDocument
from domain.lending.states import DocumentKind, LoanStatus, PaymentChannel, Recommendation
from domain.milling import settings as mill_settings
from domain.milling.models import Sale
from domain.milling.service.financing import FinanceTerms, offer_sale_for_finance
from domain.milling.service.proceeds import collect_finance_proceeds
from domain.milling.service.production_plans import NewProduction
from domain.milling.service.productions import create_production
from domain.milling.service.purchase_bills import Bill, bill_purchase
from domain.milling.service.purchase_orders import NewPurchase, OrderedLine
from domain.milling.service.purchases import create_purchase
from domain.milling.service.sale_invoices import invoice_sale
from domain.milling.service.sale_terms import NewSale, SoldLine
from domain.milling.service.sales import create_sale
from domain.milling.service.supplier_payments import pay_purchase
from domain.milling.states import PaymentMethod, ProductionStatus
from domain.payments import settings
from domain.payments.provider import CURRENCY
from domain.payments.service.commanding import reverse_payment
from domain.payments.states import DiscrepancyType, MessageKind, Purpose, Resolution
from domain.school.models import SchoolFee, StudentGuardian

OF_A_FEE: Final = 2_000
SOON: Final = timedelta(minutes=3)


async def a_loan_is_paid_in_two_parts(weeks: Weeks) -> None:
    """Less came than was asked for and is let through, the rest follows; then the first goes back, and is owed again."""
    loan = await Loan.filter(borrower_id=weeks.stage.actors[BORROWER].id, status=LoanStatus.ACTIVE).first()
    if loan is None:
        return
    with weeks.stage.one_story():
        first = await weeks.asks(BORROWER, Purpose.LOAN_INSTALMENT, loan, 1_000)
        await weeks.pays(BORROWER, first, amount=kes(900))
        await weeks.is_over()
        note = "She pays the rest today."
        await weeks.resolves(first, DiscrepancyType.AMOUNT_MISMATCH, Resolution.ACCEPTED, note)
        await weeks.pays(BORROWER, await weeks.asks(BORROWER, Purpose.LOAN_INSTALMENT, loan, 100))
        await weeks.is_over()
        await weeks.does(ADMIN, reverse_payment, payment_id=first.id, remarks="It was her sister's money")
        await weeks.goes_by(A_SECOND)
        with clock.clock_set_to(weeks.now):
            result = weeks.mpesa.gives_back(weeks.mpesa.receipt_of(first.reference))
        await weeks.hears(result, kind=MessageKind.REVERSAL_RESULT)
        await weeks.is_over()


async def a_fee_is_paid_late_and_told_of_twice(weeks: Weeks) -> None:
    """The callback comes when the payment was given up, and then once more. She has one receipt, and owes the rest."""
    fee = await _fee_of_a_ward(weeks, CLIENT)
    if fee is None or fee.figures.outstanding <= kes(OF_A_FEE):
        return
    with weeks.stage.one_story():
        payment = await weeks.asks(CLIENT, Purpose.SCHOOL_FEE, fee, OF_A_FEE)
        await weeks.goes_by(A_SECOND)
        with clock.clock_set_to(weeks.now + THE_PIN):
            told = weeks.mpesa.pays(payment.reference, payer=payer_of(CLIENT))
        await weeks.goes_by(settings.current().callback_within + SOON)
        await weeks.hears(told, told)
        await weeks.is_over()
        note = "M-Pesa was slow; she has her receipt."
        await weeks.resolves(payment, DiscrepancyType.LATE_CALLBACK, Resolution.NO_ACTION, note)


async def a_loan_pays_a_fee(weeks: Weeks) -> None:
    """A father borrows what the school asks for. The money never is his, and none of the house's tills has it either."""
    fee = await _fee_of_a_ward(weeks, SECOND_CLIENT)
    product = await LoanProduct.get_or_none(code=ELIMU)
    if fee is None or product is None or not fee.figures.outstanding:
        return
    application = LoanApplication(
        product_id=product.id,
        principal=fee.figures.outstanding,
        purpose="School fees of his son",
        branch_id=weeks.stage.actors[OFFICER].branch_id,
        pays_for=PaysFor(purpose=Purpose.SCHOOL_FEE, target_id=fee.id),
    )
    with weeks.stage.one_story():
        loan = await weeks.does(SECOND_CLIENT, lending.apply_for_loan, application=application)
        paper = await weeks.does(SECOND_CLIENT, store_file, file_name="id-card.pdf", content=ID_CARD)
        documents = [NewDocument(file_id=paper.id, kind=DocumentKind.NATIONAL_ID)]
        await weeks.does(SECOND_CLIENT, lending.add_documents, loan_id=loan.id, documents=documents)
        await weeks.does(OFFICER, lending.review_loan, loan_id=loan.id, recommendation=Recommendation.APPROVE)
        await weeks.does(OFFICER, lending.verify_kyc, loan_id=loan.id)
        await weeks.does(MANAGER, lending.approve_loan, loan_id=loan.id)
        await weeks.does(ADMIN, lending.disburse_loan, loan_id=loan.id, channel=PaymentChannel.DIRECT)


async def _fee_of_a_ward(weeks: Weeks, guardian: DemoPerson) -> SchoolFee | None:
    wards = StudentGuardian.filter(user_id=weeks.stage.actors[guardian].id).values("student_id")
    return await SchoolFee.filter(student_id__in=Subquery(wards), currency=CURRENCY, voided_at=None).first()


async def an_investor_pays_for_wheat(weeks: Weeks) -> None:
    """An investor brings money for the invoice of a sale, the mill buys wheat with it and mills it, and the buyer pays."""
    mill = await Mill.known()
    if STORE not in mill.places or mill_settings.current().currency != CURRENCY:
        return
    with weeks.stage.one_story():
        sale = await _sold_on_credit(weeks, mill)
        await weeks.listeners_hear()
        invoice = await Invoice.get(number=sale.invoice_number, status=InvoiceStatus.LISTED)
        investor = weeks.stage.actors[THIRD_INVESTOR]
        await weeks.pays(THIRD_INVESTOR, await weeks.asks(THIRD_INVESTOR, Purpose.WALLET_TOP_UP, investor, 15_000))
        await weeks.is_over()
        said = {"invoice_id": invoice.id, "amount": invoice.requested_amount}
        await weeks.does(THIRD_INVESTOR, invoices.fund_invoice, **said)
        await weeks.listeners_hear()
        await _buy_and_mill(weeks, mill)
        await weeks.pays(DEBTOR, await weeks.asks(DEBTOR, Purpose.INVOICE_SETTLEMENT, invoice))
        await weeks.is_over()
        await weeks.listeners_hear()
        await weeks.does(MILLER, collect_finance_proceeds)


async def _sold_on_credit(weeks: Weeks, mill: Mill) -> Sale:
    sold = NewSale(
        warehouse_id=mill.place(STORE),
        customer_id=mill.customers[RETAILER].id,
        lines=[SoldLine(item_id=mill.item(FLOUR_50), quantity=Decimal(5))],
    )
    sale = await weeks.does(CLERK, create_sale, sale=sold)
    await weeks.does(CLERK, invoice_sale, sale_id=sale.id)
    terms = FinanceTerms(advance_rate=Decimal(80), fee_rate=Decimal(2))
    return await weeks.does(MILLER, offer_sale_for_finance, sale_id=sale.id, terms=terms)


async def _buy_and_mill(weeks: Weeks, mill: Mill) -> None:
    order = NewPurchase(
        warehouse_id=mill.place(STORE),
        supplier_id=mill.suppliers[GROWERS].id,
        lines=[OrderedLine(item_id=mill.item(WHEAT), quantity=Decimal(300), unit_price=kes(46))],
    )
    bought = await weeks.does(STOREKEEPER, create_purchase, order=order)
    await weeks.does(CASHIER, bill_purchase, purchase_id=bought.id, bill=Bill(number="RVG-1240"))
    await weeks.does(MILLER, pay_purchase, purchase_id=bought.id, method=PaymentMethod.WALLET)
    wanted = NewProduction(bom_id=mill.recipes[MILLING].id, quantity=Decimal(225), warehouse_id=mill.place(STORE))
    await weeks.does(STOREKEEPER, create_production, production=wanted, up_to=ProductionStatus.COMPLETED)
