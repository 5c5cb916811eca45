"""What goes through several businesses, in the weeks of the demo: each is one story with one id, from the first request to
the books. A loan is paid back in two parts of which one goes back again, a fee is paid late and told of twice, and another
one is paid by a loan.

They are left out where the part of the demo is missing that they go through.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from tortoise.expressions import Subquery

from api.demo.books import kes
from api.demo.loans import ID_CARD
from api.demo.payment_weeks import A_SECOND, THE_PIN, Weeks, payer_of
from api.demo.people import ADMIN, BORROWER, CLIENT, MANAGER, OFFICER, SECOND_CLIENT, DemoPerson
from api.demo.products import ELIMU
from domain.files.service import store_file
from domain.kit import clock
from domain.lending import service as lending
from domain.lending.application import LoanApplication, PaysFor
from domain.lending.models import Loan, LoanProduct
from domain.lending.service import NewDocument
from domain.lending.states import DocumentKind, LoanStatus, PaymentChannel, Recommendation
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
