"""What lending refuses."""

from __future__ import annotations

from domain.approvals import errors as approvals
from domain.kit.errors import Conflict, DomainError, InvalidInput, NotFound
from domain.kit.money import Money

LOAN = ("input", "loanId")


class LoanNotFound(NotFound):
    """There is no such loan, or the caller may not know of it."""

    code = "LOAN_NOT_FOUND"
    field = LOAN

    def __init__(self, *, field: tuple[str, ...] | None = None) -> None:
        super().__init__("there is no such loan", field=field)


class LoanProductNotFound(NotFound):
    """There is no such loan product."""

    code = "LOAN_PRODUCT_NOT_FOUND"
    field = ("input", "productId")

    def __init__(self, *, field: tuple[str, ...] | None = None) -> None:
        super().__init__("there is no such loan product", field=field)


class BorrowerNotFound(NotFound):
    """There is no such borrower, or none whom the caller's branch serves."""

    code = "BORROWER_NOT_FOUND"
    field = ("input", "borrowerId")

    def __init__(self) -> None:
        super().__init__("there is no such borrower")


class OfficerNotFound(NotFound):
    """There is no such loan officer at the loan's branch."""

    code = "OFFICER_NOT_FOUND"
    field = ("input", "officerId")

    def __init__(self, *, field: tuple[str, ...] | None = None) -> None:
        super().__init__("there is no such loan officer at this branch", field=field)


class LoanProductTaken(Conflict):
    """Another loan product has this code."""

    code = "LOAN_PRODUCT_TAKEN"
    field = ("input", "code")


class LoanProductChanged(Conflict):
    """The loan product was revised since the caller read it."""

    code = "LOAN_PRODUCT_CHANGED"
    field = ("input", "expectedRevision")


class LoanProductRetired(DomainError):
    """The loan product is not lent any more."""

    code = "LOAN_PRODUCT_RETIRED"
    field = ("input", "productId")


class InvalidProduct(InvalidInput):
    """The terms of the loan product contradict each other or its bounds."""

    code = "INVALID_LOAN_PRODUCT"


class BranchMissing(DomainError):
    """The borrower belongs to no branch, so the application has to name one."""

    code = "BRANCH_MISSING"
    field = ("input", "branchId")


class PrincipalOutOfRange(DomainError):
    """The principal is below or above what the loan product allows."""

    code = "PRINCIPAL_OUT_OF_RANGE"
    field = ("input", "principal")

    def __init__(self, least: Money, most: Money) -> None:
        self.least, self.most = least, most
        super().__init__(f"this product lends from {least} to {most}")


class InstalmentsOutOfRange(DomainError):
    """The number of instalments is below or above what the loan product allows."""

    code = "INSTALMENTS_OUT_OF_RANGE"
    field = ("input", "instalments")

    def __init__(self, least: int, most: int) -> None:
        super().__init__(f"this product is repaid in {least} to {most} instalments")


class RateOutOfRange(DomainError):
    """The yearly rate is below or above what the loan product allows."""

    code = "RATE_OUT_OF_RANGE"
    field = ("input", "annualRate")


class InvalidFirstDueDate(InvalidInput):
    """The first instalment falls due after today and within the time that the product leaves for it."""

    code = "INVALID_FIRST_DUE_DATE"
    field = ("input", "firstDueOn")


class TooManyApplications(DomainError):
    """The borrower has as many applications open as one can have: drafts, and those that wait for a decision."""

    code = "TOO_MANY_APPLICATIONS"
    field = ("input", "borrowerId")


class LoanNotDraft(DomainError):
    """Only a draft can be edited or submitted."""

    code = "LOAN_NOT_DRAFT"
    field = LOAN


class LoanDecided(DomainError):
    """The application is no longer open: it was approved, rejected or withdrawn, or not submitted yet."""

    code = "LOAN_NOT_UNDECIDED"
    field = LOAN


class LoanNotWithdrawable(DomainError):
    """Money was paid out, or the application is over already; it cannot be withdrawn."""

    code = "LOAN_NOT_WITHDRAWABLE"
    field = LOAN


class LoanReviewedAlready(Conflict):
    """The application has a review that recommends to approve it."""

    code = "LOAN_REVIEWED_ALREADY"
    field = LOAN


class LoanNotReviewed(DomainError):
    """The application has no review that recommends to approve it."""

    code = "LOAN_NOT_REVIEWED"
    field = LOAN


class KycNotVerified(DomainError):
    """The borrower's identity is not verified, which this loan product asks for."""

    code = "KYC_NOT_VERIFIED"
    field = LOAN


class KycAlreadyVerified(Conflict):
    """The borrower's identity is verified for this application already."""

    code = "KYC_ALREADY_VERIFIED"
    field = LOAN


class DocumentsMissing(DomainError):
    """The application lacks documents that are needed at this point."""

    code = "LOAN_DOCUMENTS_MISSING"
    field = ("input", "documents")


class TooManyDocuments(DomainError):
    """The application has as many documents as one can have."""

    code = "TOO_MANY_DOCUMENTS"
    field = ("input", "documents")


class MakerIsChecker(approvals.MakerIsChecker):
    """Nobody decides on what they asked for, wrote or reviewed themselves."""

    field = LOAN


class ApprovalExceedsRequest(DomainError):
    """A loan can be approved for less than was asked for, and not for more."""

    code = "APPROVAL_EXCEEDS_REQUEST"
    field = ("input", "principal")

    def __init__(self, requested: Money) -> None:
        super().__init__(f"only {requested} was asked for")


class LoanNotPaidOut(DomainError):
    """The loan is not in a state in which this can be done: nothing was paid out yet, or it is over."""

    code = "LOAN_NOT_PAID_OUT"
    field = LOAN


class LoanWrittenOffAlready(DomainError):
    """The loan is written off: nothing of it can be changed or undone any more, only recoveries are recorded."""

    code = "LOAN_WRITTEN_OFF"
    field = LOAN


class LoanNotDisbursable(DomainError):
    """The loan is not approved, is over, or is charged off; no money is paid out."""

    code = "LOAN_NOT_DISBURSABLE"
    field = LOAN


class DisbursementExceedsApproval(DomainError):
    """More would be paid out than was approved."""

    code = "DISBURSEMENT_EXCEEDS_APPROVAL"
    field = ("input", "amount")

    def __init__(self, left: Money) -> None:
        self.left = left
        super().__init__(f"only {left} of what was approved is not paid out yet")


class FactInTheFuture(InvalidInput):
    """The date is still to come; the books tell of what has happened."""

    code = "DATE_IN_FUTURE"
    field = ("input", "receivedOn")


class InvalidActDate(InvalidInput):
    """The day is one on which this cannot have happened to the loan."""

    code = "INVALID_LOAN_DATE"
    field = ("input", "receivedOn")


class ReceiptAlreadyRecorded(Conflict):
    """A payment with this reference was recorded before; money is recorded once."""

    code = "PAYMENT_ALREADY_RECORDED"
    field = ("input", "reference")


class ReferenceMissing(InvalidInput):
    """Mobile money is recorded with the reference of its receipt."""

    code = "REFERENCE_MISSING"
    field = ("input", "reference")


class ChannelNotPossible(InvalidInput):
    """Money cannot take this way here: nobody records a payment out of somebody else's wallet."""

    code = "CHANNEL_NOT_POSSIBLE"
    field = ("input", "channel")


class DisbursementNotFound(NotFound):
    """There is no such payout of a loan that the caller may know of."""

    code = "DISBURSEMENT_NOT_FOUND"
    field = ("input", "transactionId")

    def __init__(self) -> None:
        super().__init__("there is no such payout")


class DisbursementNotReversible(Conflict):
    """The payout was taken back before, or something has happened with the loan since."""

    code = "DISBURSEMENT_NOT_REVERSIBLE"
    field = ("input", "transactionId")


class RepaymentNotFound(NotFound):
    """There is no such repayment on a loan that the caller may know of."""

    code = "REPAYMENT_NOT_FOUND"
    field = ("input", "transactionId")

    def __init__(self) -> None:
        super().__init__("there is no such repayment")


class RepaymentNotReversible(Conflict):
    """The repayment was undone before, or the bank took it back; it is undone once."""

    code = "REPAYMENT_NOT_REVERSIBLE"
    field = ("input", "transactionId")


class LoanChargeNotFound(NotFound):
    """There is no such charge on this loan."""

    code = "LOAN_CHARGE_NOT_FOUND"
    field = ("input", "chargeId")

    def __init__(self) -> None:
        super().__init__("there is no such charge")


class NothingToWaive(DomainError):
    """Nothing of this is unpaid that could be let go, or less than asked for."""

    code = "NOTHING_TO_WAIVE"


class WaiverNotFound(NotFound):
    """The charge was not let go, so there is nothing to take back."""

    code = "WAIVER_NOT_FOUND"
    field = ("input", "chargeId")


class ExceedsOverpayment(DomainError):
    """More is asked back than was overpaid."""

    code = "AMOUNT_EXCEEDS_OVERPAYMENT"
    field = ("input", "amount")

    def __init__(self, overpaid: Money) -> None:
        self.overpaid = overpaid
        super().__init__(f"only {overpaid} was overpaid")


class ExceedsRepayment(DomainError):
    """More is charged back than the repayment brought."""

    code = "AMOUNT_EXCEEDS_REPAYMENT"
    field = ("input", "amount")

    def __init__(self, left: Money) -> None:
        self.left = left
        super().__init__(f"only {left} of this repayment can be charged back")


class LoanChargedOffAlready(Conflict):
    """The loan is off the books already."""

    code = "LOAN_ALREADY_CHARGED_OFF"
    field = LOAN


class NothingToChargeOff(DomainError):
    """Nothing of the loan is on the books: no principal is owed, and nothing has fallen due."""

    code = "NOTHING_TO_CHARGE_OFF"
    field = LOAN


class LoanNotChargedOff(DomainError):
    """The loan is on the books; there is no charge-off to undo."""

    code = "LOAN_NOT_CHARGED_OFF"
    field = LOAN


class LoanNotWrittenOff(DomainError):
    """Recoveries are recorded for loans that are written off; others are repaid."""

    code = "LOAN_NOT_WRITTEN_OFF"
    field = LOAN


class InvalidReschedule(InvalidInput):
    """The new plan contradicts itself or does not fit the loan."""

    code = "INVALID_RESCHEDULE"


class RequestPending(Conflict):
    """A request of this kind waits for its decision; there is one at a time."""

    code = "LOAN_REQUEST_PENDING"
    field = LOAN


class RequestNotFound(NotFound):
    """There is no such request on a loan that the caller may know of."""

    code = "LOAN_REQUEST_NOT_FOUND"
    field = LOAN

    def __init__(self) -> None:
        super().__init__("there is no such request")


class DelinquencyNotPaused(DomainError):
    """No pause of delinquency holds today or later."""

    code = "DELINQUENCY_NOT_PAUSED"
    field = LOAN


class RecoveryActionNotFound(NotFound):
    """There is no such recovery action, or none that the caller may know of."""

    code = "RECOVERY_ACTION_NOT_FOUND"
    field = ("input", "actionId")

    def __init__(self, *, field: tuple[str, ...] | None = None) -> None:
        super().__init__("there is no such recovery action", field=field)


class RecoveryActionOver(Conflict):
    """The recovery action was completed or cancelled, or begun already where it is to begin."""

    code = "RECOVERY_ACTION_OVER"
    field = ("input", "actionId")


class InvalidPromise(InvalidInput):
    """A promise to pay names an amount and a day that is not past."""

    code = "INVALID_PROMISE_TO_PAY"
    field = ("input", "promisedOn")
