"""The words that loans and what belongs to them are described with, and which status may follow which."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class LoanStatus(StrEnum):
    """Where a loan stands between its draft and its end. Overdue and charged off are not states but said beside ACTIVE.

    KYC_PENDING: reviewed with a recommendation to approve, the borrower's identity still to be verified. KYC_VERIFIED:
    nothing is missing any more for the decision. ACTIVE: money is paid out and the loan is not over.
    """

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    UNDER_REVIEW = "UNDER_REVIEW"
    KYC_PENDING = "KYC_PENDING"
    KYC_VERIFIED = "KYC_VERIFIED"
    APPROVED = "APPROVED"
    ACTIVE = "ACTIVE"
    OVERPAID = "OVERPAID"
    CLOSED = "CLOSED"
    WRITTEN_OFF = "WRITTEN_OFF"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"


_S = LoanStatus

UNDECIDED: Final = frozenset({_S.SUBMITTED, _S.UNDER_REVIEW, _S.KYC_PENDING, _S.KYC_VERIFIED})
"""An application that staff have and nobody has decided yet."""

PAID_OUT: Final = frozenset({_S.ACTIVE, _S.OVERPAID, _S.CLOSED, _S.WRITTEN_OFF})
"""Money went to the borrower at some time; from here on the figures of the loan follow from its facts."""

TRANSITIONS: Final[dict[LoanStatus, frozenset[LoanStatus]]] = {
    _S.DRAFT: frozenset({_S.SUBMITTED, _S.WITHDRAWN}),
    _S.SUBMITTED: frozenset({_S.UNDER_REVIEW, _S.KYC_PENDING, _S.KYC_VERIFIED, _S.REJECTED, _S.WITHDRAWN}),
    _S.UNDER_REVIEW: frozenset({_S.KYC_PENDING, _S.KYC_VERIFIED, _S.REJECTED, _S.WITHDRAWN}),
    _S.KYC_PENDING: frozenset({_S.UNDER_REVIEW, _S.KYC_VERIFIED, _S.REJECTED, _S.WITHDRAWN}),
    _S.KYC_VERIFIED: frozenset({_S.UNDER_REVIEW, _S.APPROVED, _S.REJECTED, _S.WITHDRAWN}),
    _S.APPROVED: frozenset({_S.ACTIVE, _S.WITHDRAWN}),
    # A payment that is undone, back-dated or charged back moves a loan both ways between these three.
    # A payout that is taken back leaves it approved.
    _S.ACTIVE: frozenset({_S.APPROVED, _S.OVERPAID, _S.CLOSED, _S.WRITTEN_OFF}),
    _S.OVERPAID: frozenset({_S.ACTIVE, _S.CLOSED}),
    _S.CLOSED: frozenset({_S.ACTIVE, _S.OVERPAID}),
    _S.WRITTEN_OFF: frozenset(),
    _S.REJECTED: frozenset(),
    _S.WITHDRAWN: frozenset(),
}


class LoanChange(StrEnum):
    """What happened to a loan, for those who follow it."""

    DRAFTED = "DRAFTED"
    EDITED = "EDITED"
    SUBMITTED = "SUBMITTED"
    DOCUMENTS_ADDED = "DOCUMENTS_ADDED"
    OFFICER_ASSIGNED = "OFFICER_ASSIGNED"
    REVIEWED = "REVIEWED"
    KYC_VERIFIED = "KYC_VERIFIED"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"
    DISBURSED = "DISBURSED"
    DISBURSEMENT_REVERSED = "DISBURSEMENT_REVERSED"
    REPAID = "REPAID"
    REPAYMENT_REVERSED = "REPAYMENT_REVERSED"
    CHARGE_ADDED = "CHARGE_ADDED"
    CHARGE_WAIVED = "CHARGE_WAIVED"
    INTEREST_WAIVED = "INTEREST_WAIVED"
    RATE_CHANGED = "RATE_CHANGED"
    RESCHEDULED = "RESCHEDULED"
    CHARGED_BACK = "CHARGED_BACK"
    CREDIT_REFUNDED = "CREDIT_REFUNDED"
    DELINQUENCY_PAUSED = "DELINQUENCY_PAUSED"
    DELINQUENCY_CHANGED = "DELINQUENCY_CHANGED"
    ADJUSTED = "ADJUSTED"
    CHARGED_OFF = "CHARGED_OFF"
    WRITTEN_OFF = "WRITTEN_OFF"
    RECOVERED = "RECOVERED"
    BROUGHT_UP_TO_DATE = "BROUGHT_UP_TO_DATE"


class Recommendation(StrEnum):
    """What a loan officer's review of an application comes to."""

    APPROVE = "APPROVE"
    REJECT = "REJECT"
    MORE_INFORMATION = "MORE_INFORMATION"


class DocumentKind(StrEnum):
    """What a document of an application shows."""

    NATIONAL_ID = "NATIONAL_ID"
    PASSPORT = "PASSPORT"
    PHOTO = "PHOTO"
    PROOF_OF_INCOME = "PROOF_OF_INCOME"
    PROOF_OF_ADDRESS = "PROOF_OF_ADDRESS"
    BANK_STATEMENT = "BANK_STATEMENT"
    BUSINESS_LICENCE = "BUSINESS_LICENCE"
    COLLATERAL = "COLLATERAL"
    GUARANTEE = "GUARANTEE"
    SIGNED_AGREEMENT = "SIGNED_AGREEMENT"
    OTHER = "OTHER"


IDENTITY_DOCUMENTS: Final = frozenset({DocumentKind.NATIONAL_ID, DocumentKind.PASSPORT})
"""What shows who the borrower is; verified together with the borrower's identity."""


class FactKind(StrEnum):
    """The kinds of dated facts that a loan's booked state follows from; see :mod:`domain.lending.rules.facts`."""

    DISBURSED = "DISBURSED"
    REPAID = "REPAID"
    RATE_CHANGED = "RATE_CHANGED"
    CHARGE_ADDED = "CHARGE_ADDED"
    CHARGE_WAIVED = "CHARGE_WAIVED"
    INTEREST_WAIVED = "INTEREST_WAIVED"
    CHARGED_BACK = "CHARGED_BACK"
    CREDIT_REFUNDED = "CREDIT_REFUNDED"
    RESCHEDULED = "RESCHEDULED"
    REAGED = "REAGED"
    REAMORTISED = "REAMORTISED"
    DELINQUENCY_PAUSED = "DELINQUENCY_PAUSED"
    CHARGED_OFF = "CHARGED_OFF"
    WRITTEN_OFF = "WRITTEN_OFF"
    RECOVERED = "RECOVERED"


class TransactionKind(StrEnum):
    """What a movement on a loan's statement was.

    ACCRUAL books interest and charges as income when they fall due; FEE_DEDUCTION pays the charges at disbursement; SET_OFF
    uses what was overpaid against a later debt; RESIDUAL_WRITE_OFF gives up a rest within the product's tolerance.
    """

    DISBURSEMENT = "DISBURSEMENT"
    FEE_DEDUCTION = "FEE_DEDUCTION"
    DOWN_PAYMENT = "DOWN_PAYMENT"
    REPAYMENT = "REPAYMENT"
    SET_OFF = "SET_OFF"
    ACCRUAL = "ACCRUAL"
    CHARGE_WAIVER = "CHARGE_WAIVER"
    INTEREST_WAIVER = "INTEREST_WAIVER"
    CHARGE_BACK = "CHARGE_BACK"
    CREDIT_REFUND = "CREDIT_REFUND"
    CHARGE_OFF = "CHARGE_OFF"
    WRITE_OFF = "WRITE_OFF"
    RESIDUAL_WRITE_OFF = "RESIDUAL_WRITE_OFF"
    RECOVERY = "RECOVERY"


RECEIPTS: Final = frozenset({TransactionKind.DOWN_PAYMENT, TransactionKind.REPAYMENT, TransactionKind.RECOVERY})
"""Money received; a receipt's reference is recorded once."""


class PaymentChannel(StrEnum):
    """How money came or went: a wallet here, the till of a branch, the bank, mobile money, or straight to what the loan is
    for."""

    WALLET = "WALLET"
    CASH = "CASH"
    BANK = "BANK"
    MPESA = "MPESA"
    DIRECT = "DIRECT"


class DelinquencyBucket(StrEnum):
    """How late a loan is, by its past-due days; the ranges are those of the rules."""

    CURRENT = "CURRENT"
    DAYS_1_30 = "DAYS_1_30"
    DAYS_31_60 = "DAYS_31_60"
    DAYS_61_90 = "DAYS_61_90"
    DAYS_91_180 = "DAYS_91_180"
    OVER_180 = "OVER_180"


class LoanRequestKind(StrEnum):
    """What needs a second person's agreement."""

    WRITE_OFF = "WRITE_OFF"
    RESCHEDULE = "RESCHEDULE"


class LoanRequestStatus(StrEnum):
    """PENDING until another person decides, or it is taken back or has become pointless."""

    PENDING = "PENDING"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"


class RescheduleKind(StrEnum):
    """What a new plan does: other terms for rows to come, all that is unpaid over new rows, or arrears over rows to come."""

    NEW_TERMS = "NEW_TERMS"
    REAGE = "REAGE"
    REAMORTISE = "REAMORTISE"


class CommunicationChannel(StrEnum):
    """How staff and a borrower spoke."""

    CALL = "CALL"
    SMS = "SMS"
    EMAIL = "EMAIL"
    CHAT = "CHAT"
    LETTER = "LETTER"
    VISIT = "VISIT"
    MEETING = "MEETING"
    OTHER = "OTHER"


class CommunicationDirection(StrEnum):
    """Who began: OUTBOUND is from us to the borrower."""

    INBOUND = "INBOUND"
    OUTBOUND = "OUTBOUND"


class RecoveryActionKind(StrEnum):
    """A step to get back what is overdue."""

    REMINDER = "REMINDER"
    PHONE_CALL = "PHONE_CALL"
    FIELD_VISIT = "FIELD_VISIT"
    PROMISE_TO_PAY = "PROMISE_TO_PAY"
    DEMAND_LETTER = "DEMAND_LETTER"
    GUARANTOR_CONTACT = "GUARANTOR_CONTACT"
    RESTRUCTURING = "RESTRUCTURING"
    COLLATERAL = "COLLATERAL"
    LEGAL_ACTION = "LEGAL_ACTION"
    EXTERNAL_AGENCY = "EXTERNAL_AGENCY"
    OTHER = "OTHER"


class RecoveryActionStatus(StrEnum):
    """How far a recovery action is."""

    OPEN = "OPEN"
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"


RECOVERY_TRANSITIONS: Final[dict[RecoveryActionStatus, frozenset[RecoveryActionStatus]]] = {
    RecoveryActionStatus.OPEN: frozenset(
        {RecoveryActionStatus.IN_PROGRESS, RecoveryActionStatus.COMPLETED, RecoveryActionStatus.CANCELLED}
    ),
    RecoveryActionStatus.IN_PROGRESS: frozenset({RecoveryActionStatus.COMPLETED, RecoveryActionStatus.CANCELLED}),
    RecoveryActionStatus.COMPLETED: frozenset(),
    RecoveryActionStatus.CANCELLED: frozenset(),
}


class RecoverySubject(StrEnum):
    """What a recovery action is about."""

    LOAN = "LOAN"
    INVOICE = "INVOICE"


class CollectionBucket(StrEnum):
    """Where an unpaid instalment stands on a day; disjoint, and together all that are due within the horizon."""

    DUE_TODAY = "DUE_TODAY"
    OVERDUE = "OVERDUE"
    UPCOMING = "UPCOMING"
