"""What feeds tell of loans."""

from __future__ import annotations

from datetime import date

from domain.lending import events as facts
from domain.lending.states import (
    DelinquencyBucket,
    DocumentKind,
    LoanChange,
    LoanStatus,
    PaymentChannel,
    Recommendation,
    TransactionKind,
)
from schema.kit import ID, LiveEvent, Money, Parent, attribute, encode_id, event_type, field, global_id
from schema.lending.types import Loan


@event_type("A loan was applied for.")
class LoanApplicationSubmitted(LiveEvent):
    loan: Loan = attribute("The loan as it was then.")
    submitted_by_id: ID = global_id("User", "Who handed it in.")
    on_behalf: bool = attribute("Whether staff did it for the borrower.")


@event_type("Papers were added to an application.")
class LoanDocumentsAdded(LiveEvent):
    loan: Loan = attribute("The loan as it was then.")
    kinds: list[DocumentKind] = attribute("What they show, one for each.")
    uploaded_by_id: ID = global_id("User", "Who added them.")


@event_type("An officer looked at an application and recommends something.")
class LoanReviewed(LiveEvent):
    loan: Loan = attribute("The loan as it was then.")
    recommendation: Recommendation = attribute("What.", name="reviewRecommendation")
    reviewed_by_id: ID = global_id("User", "Who.")


@event_type("The borrower is who the application says.")
class LoanKycVerified(LiveEvent):
    loan: Loan = attribute("The loan as it was then.")
    verified_by_id: ID = global_id("User", "Who verified it.")


@event_type("A loan was agreed to; its terms are fixed from now on.")
class LoanApproved(LiveEvent):
    loan: Loan = attribute("The loan as it was then.")
    principal: Money = attribute("How much.", name="approvedAmount")
    approved_by_id: ID = global_id("User", "Who agreed.")
    comment: str = attribute("What was said with it.")


@event_type("An application was turned down.")
class LoanRejected(LiveEvent):
    loan: Loan = attribute("The loan as it was then.")
    rejected_by_id: ID = global_id("User", "Who turned it down.")
    reason: str = attribute("Why.", name="explanation")


@event_type("An application was taken back.")
class LoanWithdrawn(LiveEvent):
    loan: Loan = attribute("The loan as it was then.")
    withdrawn_by_id: ID = global_id("User", "Who took it back.")
    reason: str = attribute("Why.", name="explanation")


@event_type("Money was paid out: all of a loan, or a tranche of it.")
class LoanDisbursed(LiveEvent):
    loan: Loan = attribute("The loan as it was then.")
    transaction_id: ID = global_id("LoanTransaction", "The movement on the statement.")
    amount: Money = attribute("How much.")
    fees_kept: Money = attribute("What was kept back of it for charges at disbursement.")
    channel: PaymentChannel = attribute("How it went.")
    reference: str = attribute("What it is known by.")
    happened_on: date = attribute("The day that it counts from.")
    fully_disbursed: bool = attribute("Whether all that was agreed to is paid out.")


@event_type("Something about a loan changed; the last word of every act but for the status.")
class LoanUpdated(LiveEvent):
    loan: Loan = attribute("The loan as it was then.")
    change: LoanChange = attribute("What happened.")
    previous_status: LoanStatus = attribute("Where it stood before.")


@event_type("A loan went from one status to another.")
class LoanStatusChanged(LiveEvent):
    loan: Loan = attribute("The loan as it was then.")
    previous_status: LoanStatus = attribute("Where it stood before.")
    status: LoanStatus = attribute("Where it stands now.")


@event_type("Money for a loan came in and was applied. After a write-off it is a recovery.")
class PaymentProcessed(LiveEvent):
    loan: Loan = attribute("The loan as it was then.")
    transaction_id: ID = global_id("LoanTransaction", "The movement on the statement.")
    kind: TransactionKind = attribute("What it was.")
    amount: Money = attribute("How much.")
    principal: Money = attribute("The principal in it.")
    interest: Money = attribute("The interest in it.")
    fee: Money = attribute("The fees in it.")
    penalty: Money = attribute("The penalties in it.")
    overpaid: Money = attribute("What was more than all that was owed.")
    channel: PaymentChannel = attribute("How it came.")
    reference: str = attribute("What it is known by.")
    happened_on: date = attribute("The day that it counts from.")


@event_type("A payout was taken back; the loan is as it was before it.")
class LoanDisbursementReversed(LiveEvent):
    loan: Loan = attribute("The loan as it was then.")
    transaction_id: ID = global_id("LoanTransaction", "The movement that was taken back.")
    amount: Money = attribute("How much.")
    reason: str = attribute("Why.", name="explanation")


@event_type("A payment was undone: it bounced, or was recorded by mistake. Later payments were applied anew.")
class LoanRepaymentReversed(LiveEvent):
    loan: Loan = attribute("The loan as it was then.")
    transaction_id: ID = global_id("LoanTransaction", "The movement that was undone.")
    amount: Money = attribute("How much.")
    reason: str = attribute("Why.", name="explanation")


@event_type("Instalments still to pay have new dates or amounts.")
class LoanRescheduled(LiveEvent):
    loan: Loan = attribute("The loan as it was then.")
    from_on: date = attribute("From which day on.")
    reason: str = attribute("Why.", name="explanation")


@event_type("The balance was taken off the books; the loan stays active and is still owed.")
class LoanChargedOff(LiveEvent):
    loan: Loan = attribute("The loan as it was then.")
    amount: Money = attribute("How much.")
    reason: str = attribute("Why.", name="explanation")


@event_type("What is unpaid was given up, and the loan is over.")
class LoanWrittenOff(LiveEvent):
    loan: Loan = attribute("The loan as it was then.")
    amount: Money = attribute("How much.")
    reason: str = attribute("Why.", name="explanation")


@event_type("Everything is paid, and the loan is over.")
class LoanClosed(LiveEvent):
    loan: Loan = attribute("The loan as it was then.")
    happened_on: date = attribute("The day of the last payment.")


@event_type("A loan became later or less late.")
class LoanDelinquencyChanged(LiveEvent):
    loan: Loan = attribute("The loan as it was then.")
    previous_bucket: DelinquencyBucket = attribute("How late it was before.")
    bucket: DelinquencyBucket = attribute("How late it is now.")
    past_due_days: int = attribute("Days since the due date of the oldest unpaid instalment.")


@event_type("The next instalment falls due in a few days.")
class InstalmentDueSoon(LiveEvent):
    loan: Loan = attribute("The loan as it was then.")
    due_on: date = attribute("The due date.")
    amount: Money = attribute("What is unpaid of it.")


@event_type("An instalment was not paid in time.")
class InstalmentOverdue(LiveEvent):
    loan: Loan = attribute("The loan as it was then.")
    due_on: date = attribute("The due date.")
    amount: Money = attribute("What is unpaid of it.")


@event_type("A product came into being, was revised, retired or brought back.")
class LoanProductChanged(LiveEvent):
    @field(ID, "The product, for `node`.", shared=True)
    def product_id(self, changed: Parent[facts.LoanProductChanged]) -> ID:
        return ID(encode_id("LoanProduct", changed.product.id))

    @field(str, "Its code.", shared=True)
    def code(self, changed: Parent[facts.LoanProductChanged]) -> str:
        return changed.product.code

    @field(str, "What it is called.", shared=True)
    def name(self, changed: Parent[facts.LoanProductChanged]) -> str:
        return changed.product.name

    @field(int, "Its revision.", shared=True)
    def revision(self, changed: Parent[facts.LoanProductChanged]) -> int:
        return changed.product.revision

    @field(bool, "Whether it can be applied for.", shared=True)
    def active(self, changed: Parent[facts.LoanProductChanged]) -> bool:
        return changed.product.active
