"""Seven months of lending at two branches, with loans in every state that one can be in, and what was said about them.

Letters and text messages are sent for three days after what they tell of; whatever sends one therefore happened earlier,
so that nobody's mailbox hears of a story.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import count
from typing import Any, Final

from api.demo.books import kes
from api.demo.people import (
    ADMIN,
    BORROWER,
    FOURTH_BORROWER,
    KISUMU,
    MANAGER,
    OFFICER,
    SECOND_BORROWER,
    SECOND_MANAGER,
    SECOND_OFFICER,
    THIRD_BORROWER,
    DemoPerson,
)
from api.demo.products import BIASHARA, DHARURA, ELIMU, OFFERS
from api.demo.stage import Script, Stage
from domain.files.service import store_file
from domain.kit.money import Money
from domain.lending import jobs, service
from domain.lending.application import LoanApplication
from domain.lending.models import Loan, LoanProduct
from domain.lending.service import NewDocument, NewPlan, Note
from domain.lending.states import (
    CommunicationChannel,
    CommunicationDirection,
    DocumentKind,
    PaymentChannel,
    Recommendation,
    RecoveryActionKind,
    RescheduleKind,
)

BEGAN_DAYS_AGO: Final = 210
NIGHTS: Final = range(BEGAN_DAYS_AGO - 11, -1, -14)
"""The nights in which the daily work is done: every other week, last three days ago, and today."""
ID_CARD: Final = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Title(National identity card)>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"

_receipts = count(4_071_316, 7)


def scripts(stage: Stage) -> list[Script]:
    return [
        _products(stage),
        *(_night(stage, days_ago) for days_ago in (*NIGHTS, 0)),
        _a_loan_that_was_closed(stage),
        _a_loan_on_time(stage),
        _a_loan_on_a_new_plan(stage),
        _a_loan_overpaid(stage),
        _a_loan_overdue(stage),
        _a_loan_due_today(stage),
        _a_loan_given_up(stage),
        _applications(stage),
    ]


async def _products(stage: Stage) -> Script:
    """What can be applied for."""
    yield stage.morning(BEGAN_DAYS_AGO)
    for offer in OFFERS:
        await stage.does(ADMIN, service.create_product, offer=offer)


async def _night(stage: Stage, days_ago: int) -> Script:
    """What the worker would have done."""
    yield stage.midnight(days_ago)
    await jobs.new_day.run()
    await jobs.remind.run()


async def _a_loan_that_was_closed(stage: Stage) -> Script:
    yield stage.morning(190)
    loan = await _lend(stage, BORROWER, BIASHARA, 60_000, instalments=6, first_due=165, purpose="A second sewing machine")
    for days_ago in (165, 135, 105):
        yield stage.morning(days_ago)
        await _received(stage, loan, PaymentChannel.MPESA)
    yield stage.morning(88)
    quote = await stage.does(OFFICER, service.payoff_quote, loan_id=loan.id)
    await _received(stage, loan, PaymentChannel.BANK, quote.total)


async def _a_loan_on_time(stage: Stage) -> Script:
    yield stage.morning(80)
    loan = await _lend(stage, BORROWER, BIASHARA, 120_000, instalments=12, first_due=47, purpose="Cloth for school uniforms")
    yield stage.morning(47)
    await _received(stage, loan, PaymentChannel.MPESA)
    yield stage.morning(17)
    await stage.does(BORROWER, service.pay_loan, loan_id=loan.id)


async def _a_loan_on_a_new_plan(stage: Stage) -> Script:
    """School fees, of which only the interest was due at first; the harvest failed and the plan was stretched. This
    month's payment is late again."""
    yield stage.morning(140)
    loan = await _lend(stage, SECOND_BORROWER, ELIMU, 90_000, instalments=8, first_due=110, purpose="Fees for two terms")
    for days_ago in (110, 80):
        yield stage.morning(days_ago)
        await _received(stage, loan, PaymentChannel.CASH)
    yield stage.morning(60)
    plan = NewPlan(
        kind=RescheduleKind.NEW_TERMS, from_on=stage.day(45), extra_instalments=4, annual_rate=Decimal(13), grace_principal=0
    )
    reason = "The maize harvest came late"
    await stage.does(MANAGER, service.request_reschedule, loan_id=loan.id, plan=plan, reason=reason)
    await stage.does(ADMIN, service.reschedule_loan, loan_id=loan.id, comment="She has always paid.")
    yield stage.morning(47)
    await _received(stage, loan, PaymentChannel.MPESA)
    yield stage.morning(8)
    await _said(stage, loan, CommunicationChannel.CALL, "The payment of this month", "Will pay when the harvest is sold.")
    await _step(stage, loan, RecoveryActionKind.PROMISE_TO_PAY, -4, "She named no day yet.")


async def _a_loan_overpaid(stage: Stage) -> Script:
    yield stage.morning(55)
    loan = await _lend(
        stage,
        SECOND_BORROWER,
        DHARURA,
        6_000,
        instalments=4,
        first_due=48,
        purpose="A hospital bill",
        way=PaymentChannel.CASH,
    )
    for days_ago in (48, 41, 34):
        yield stage.morning(days_ago)
        await _received(stage, loan, PaymentChannel.CASH)
    yield stage.morning(27)
    await _received(stage, loan, PaymentChannel.MPESA, kes(2_000))


async def _a_loan_overdue(stage: Stage) -> Script:
    """Two payments and a half, then only promises: penalties, calls, a visit."""
    yield stage.morning(165)
    loan = await _lend(stage, THIRD_BORROWER, BIASHARA, 80_000, instalments=12, first_due=136, purpose="A boat engine")
    for days_ago in (136, 106):
        yield stage.morning(days_ago)
        await _received(stage, loan, PaymentChannel.CASH)
    yield stage.morning(72)
    await _received(stage, loan, PaymentChannel.MPESA, kes(3_000))
    yield stage.morning(40)
    await _said(stage, loan, CommunicationChannel.CALL, "The engine is broken", "Promises to pay half.", 33, kes(4_000))
    reminder = await _step(stage, loan, RecoveryActionKind.PHONE_CALL, 30, "Ask again after the promise.")
    yield stage.morning(30)
    await _said(stage, loan, CommunicationChannel.SMS, "Reminder of the promise", "No answer.")
    await stage.does(
        SECOND_OFFICER, service.complete_recovery_action, action_id=reminder.id, outcome="Nobody answered, visit needed."
    )
    yield stage.morning(9)
    visit = await _step(stage, loan, RecoveryActionKind.FIELD_VISIT, -5, "See the boat and talk about a new plan.")
    yield stage.morning(6)
    await stage.does(SECOND_OFFICER, service.start_recovery_action, action_id=visit.id)
    await _said(
        stage, loan, CommunicationChannel.VISIT, "At the landing site", "Engine repaired, fishing again.", -6, kes(6_000)
    )


async def _a_loan_due_today(stage: Stage) -> Script:
    yield stage.morning(35)
    loan = await _lend(
        stage, THIRD_BORROWER, DHARURA, 10_000, instalments=8, first_due=28, purpose="New nets", way=PaymentChannel.CASH
    )
    for days_ago in (28, 21, 14, 7):
        yield stage.morning(days_ago)
        await _received(stage, loan, PaymentChannel.CASH)


async def _a_loan_given_up(stage: Stage) -> Script:
    """Charged off, written off, and something of it came back."""
    yield stage.morning(205)
    loan = await _lend(
        stage, FOURTH_BORROWER, DHARURA, 15_000, instalments=8, first_due=198, purpose="Stock", way=PaymentChannel.CASH
    )
    yield stage.morning(198)
    await _received(stage, loan, PaymentChannel.CASH)
    yield stage.morning(150)
    await _said(stage, loan, CommunicationChannel.LETTER, "Demand for all that is due", "The letter came back.")
    yield stage.morning(95)
    await stage.does(SECOND_MANAGER, service.charge_off_loan, loan_id=loan.id, reason="The shop is closed for good")
    yield stage.morning(58)
    reason = "Moved away, nothing left to take"
    await stage.does(SECOND_MANAGER, service.request_write_off, loan_id=loan.id, reason=reason)
    await stage.does(ADMIN, service.write_off_loan, loan_id=loan.id, comment="Agreed.")
    yield stage.morning(26)
    said = {"loan_id": loan.id, "amount": kes(2_500), "channel": PaymentChannel.MPESA, "reference": _receipt()}
    await stage.does(SECOND_OFFICER, service.record_recovery, **said, note="His brother paid a part.")


async def _applications(stage: Stage) -> Script:
    """One rejected, one approved, one for each desk: to review, to verify, to approve."""
    yield stage.morning(20)
    refused = await _applied(stage, FOURTH_BORROWER, DHARURA, 20_000, "A fresh start")
    await stage.does(SECOND_MANAGER, service.reject_loan, loan_id=refused.id, reason="An earlier loan was written off")
    yield stage.morning(6)
    agreed = await _applied(stage, SECOND_BORROWER, DHARURA, 12_000, "Repairs after the rain")
    await _reviewed(stage, agreed)
    await stage.does(MANAGER, service.approve_loan, loan_id=agreed.id, comment="Paid everything so far.")
    unknown = await _applied(stage, SECOND_BORROWER, ELIMU, 45_000, "Boarding fees")
    await _reviewed(stage, unknown)
    yield stage.morning(5)
    waiting = await _applied(stage, BORROWER, BIASHARA, 200_000, "A shop at the new market")
    card = await stage.does(BORROWER, store_file, file_name="id-card.pdf", content=ID_CARD)
    paper = NewDocument(file_id=card.id, kind=DocumentKind.NATIONAL_ID)
    await stage.does(BORROWER, service.add_documents, loan_id=waiting.id, documents=[paper])
    await _reviewed(stage, waiting)
    await stage.does(OFFICER, service.verify_kyc, loan_id=waiting.id, note="Card seen.")
    yield stage.morning(4)
    await _applied(stage, THIRD_BORROWER, ELIMU, 30_000, "Fees for the last year")
    draft = await stage.does(BORROWER, service.create_application, application=await _asking(DHARURA, 8_000, "A spare part"))
    assert draft.submitted_at is None, "a draft is seen by its writer alone"


async def _lend(
    stage: Stage,
    borrower: DemoPerson,
    code: str,
    amount: int,
    *,
    instalments: int,
    first_due: int,
    purpose: str,
    way: PaymentChannel = PaymentChannel.WALLET,
) -> Loan:
    """All the way from the application to the money, in one busy morning."""
    said = {"instalments": instalments, "first_due_on": stage.day(first_due)}
    loan = await _applied(stage, borrower, code, amount, purpose, **said)
    loan = await _reviewed(stage, loan)
    if loan.kyc_required:
        await stage.does(_officer_of(borrower), service.verify_kyc, loan_id=loan.id)
    await stage.does(SECOND_MANAGER if borrower.branch == KISUMU else MANAGER, service.approve_loan, loan_id=loan.id)
    return (await stage.does(ADMIN, service.disburse_loan, loan_id=loan.id, channel=way)).loan


async def _applied(stage: Stage, borrower: DemoPerson, code: str, amount: int, purpose: str, **said: Any) -> Loan:
    return await stage.does(borrower, service.apply_for_loan, application=await _asking(code, amount, purpose, **said))


async def _asking(code: str, amount: int, purpose: str, **said: Any) -> LoanApplication:
    product = await LoanProduct.get(code=code)
    return LoanApplication(product_id=product.id, principal=kes(amount), purpose=purpose, **said)


async def _reviewed(stage: Stage, loan: Loan) -> Loan:
    favour = Recommendation.APPROVE
    return await stage.does(_officer_for(stage, loan), service.review_loan, loan_id=loan.id, recommendation=favour)


def _officer_of(borrower: DemoPerson) -> DemoPerson:
    return SECOND_OFFICER if borrower.branch == KISUMU else OFFICER


def _officer_for(stage: Stage, loan: Loan) -> DemoPerson:
    return OFFICER if stage.actors[OFFICER].branch_id == loan.branch_id else SECOND_OFFICER


async def _received(stage: Stage, loan: Loan, channel: PaymentChannel, amount: Money | None = None) -> None:
    """A payment of what is next, unless another amount came."""
    if amount is None:
        amount = (await Loan.get(id=loan.id)).next_due_amount
    reference = _receipt() if channel is PaymentChannel.MPESA else ""
    said = {"loan_id": loan.id, "amount": amount, "channel": channel, "reference": reference}
    await stage.does(_officer_for(stage, loan), service.record_loan_repayment, **said)


def _receipt() -> str:
    """Mobile money numbers its receipts."""
    return f"SKD{next(_receipts)}"


async def _said(
    stage: Stage,
    loan: Loan,
    channel: CommunicationChannel,
    subject: str,
    outcome: str,
    promised_for: int | None = None,
    promised: Money | None = None,
) -> None:
    note = Note(
        channel=channel,
        direction=CommunicationDirection.OUTBOUND,
        subject=subject,
        outcome=outcome,
        promised_on=None if promised_for is None else stage.day(promised_for),
        promised_amount=promised,
    )
    await stage.does(_officer_for(stage, loan), service.log_communication, note=note, loan_id=loan.id)


async def _step(stage: Stage, loan: Loan, kind: RecoveryActionKind, due: int, note: str) -> Any:
    said = {"loan_id": loan.id, "kind": kind, "due_on": stage.day(due), "note": note}
    return await stage.does(_officer_for(stage, loan), service.create_recovery_action, **said)
