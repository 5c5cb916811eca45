"""What lending announces.

Facts about a loan go to its borrower and to the staff of its branch who may read loans; before it is submitted, to the
borrower and whoever wrote the draft. Each act on a loan is told in one order: the facts that it is (such as
:class:`LoanApproved`), then one :class:`LoanUpdated` with what changed, then one :class:`LoanStatusChanged` if the status is
another one. Every event carries the loan's figures as they stand afterwards, so that hearing it twice is harmless.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from domain.events.event import Event, event
from domain.identity.actor import staff_of
from domain.identity.permissions import Permission
from domain.kit.money import Money
from domain.lending.book_figures import BookChange
from domain.lending.states import (
    CommunicationChannel,
    CommunicationDirection,
    DelinquencyBucket,
    DocumentKind,
    LoanChange,
    LoanStatus,
    PaymentChannel,
    Recommendation,
    RecoveryActionKind,
    RecoveryActionStatus,
    RecoverySubject,
    TransactionKind,
)
from domain.payments.states import Purpose

if TYPE_CHECKING:
    from domain.lending.models import CommunicationLog, Loan, LoanProduct, LoanTransaction, RecoveryAction

LOANS = "loans"
PRODUCTS = "loan_products"
COMMUNICATIONS = "communications"
RECOVERY_ACTIONS = "recovery_actions"
EVERY_BORROWER = f"permission:{Permission.LOAN_APPLY.value}"
EVERY_LENDER = f"permission:{Permission.LOAN_READ.value}"


def loan_topic(loan_id: UUID) -> str:
    return f"loan:{loan_id}"


def loans_of_branch(branch_id: UUID) -> str:
    return f"branch:{branch_id}:loans"


def loans_of_officer(officer_id: UUID) -> str:
    return f"officer:{officer_id}:loans"


@dataclass(frozen=True, kw_only=True)
class LoanFigures:
    """A loan as it stood when something happened to it; the names are those of the loan itself."""

    id: UUID
    number: str
    borrower_id: UUID
    borrower_name: str
    branch_id: UUID
    officer_id: UUID | None
    created_by_id: UUID
    product_id: UUID
    product_name: str
    currency: str
    purpose: str
    status: LoanStatus
    requested_principal: Money
    approved_principal: Money | None
    instalment_count: int
    annual_rate: Decimal
    disbursed_amount: Money
    principal_outstanding: Money
    interest_outstanding: Money
    fee_outstanding: Money
    penalty_outstanding: Money
    outstanding_amount: Money
    paid_amount: Money
    waived_amount: Money
    written_off_amount: Money
    overpaid_amount: Money
    recovered_amount: Money
    past_due_amount: Money
    next_due_on: date | None
    next_due_amount: Money
    maturity_on: date | None
    bucket: DelinquencyBucket
    delinquent_since_on: date | None
    delinquency_paused: bool
    submitted_at: datetime | None
    reviewed_at: datetime | None
    recommendation: Recommendation | None
    kyc_required: bool
    kyc_verified_at: datetime | None
    approved_at: datetime | None
    disbursed_on: date | None
    charged_off_on: date | None
    written_off_on: date | None
    closed_on: date | None
    revision: int
    created_at: datetime
    updated_at: datetime
    pays_purpose: Purpose | None = None
    pays_target_id: UUID | None = None
    pays_title: str = ""

    @property
    def undisbursed_amount(self) -> Money:
        return (self.approved_principal or Money.zero(self.currency)) - self.disbursed_amount

    @property
    def past_due_days(self) -> int:
        """Days past due on the day of the event."""
        if self.status is not LoanStatus.ACTIVE or self.next_due_on is None:
            return 0
        return max(0, (self.updated_at.date() - self.next_due_on).days)

    @property
    def overdue(self) -> bool:
        return self.past_due_days > 0

    @classmethod
    def of(cls, loan: Loan) -> LoanFigures:
        return cls(**{column.name: getattr(loan, column.name) for column in fields(cls)})


@dataclass(frozen=True, kw_only=True)
class _AboutLoan(Event):
    """Something that everybody hears who may see the loan."""

    loan: LoanFigures

    def topics(self) -> Iterable[str]:
        loan = self.loan
        officer = [] if loan.officer_id is None else [loans_of_officer(loan.officer_id)]
        return [loan_topic(loan.id), f"user:{loan.borrower_id}", loans_of_branch(loan.branch_id), *officer, LOANS]

    def audience(self) -> Iterable[str]:
        loan = self.loan
        if loan.submitted_at is None:
            return dict.fromkeys((f"user:{loan.borrower_id}", f"user:{loan.created_by_id}"))
        return [f"user:{loan.borrower_id}", *staff_of(Permission.LOAN_READ, loan.branch_id)]


@event("lending.loan_application_submitted")
@dataclass(frozen=True, kw_only=True)
class LoanApplicationSubmitted(_AboutLoan):
    """A borrower applied for a loan, or an officer did on the borrower's behalf."""

    submitted_by_id: UUID
    on_behalf: bool


@event("lending.loan_documents_added")
@dataclass(frozen=True, kw_only=True)
class LoanDocumentsAdded(_AboutLoan):
    """Papers were added to an application; ``kinds`` says what these show, one for each."""

    document_ids: list[UUID]
    kinds: list[DocumentKind]
    uploaded_by_id: UUID


@event("lending.loan_reviewed")
@dataclass(frozen=True, kw_only=True)
class LoanReviewed(_AboutLoan):
    """A loan officer looked at an application and recommends something; the borrower hears the comment, too."""

    recommendation: Recommendation
    reviewed_by_id: UUID
    comment: str


@event("lending.loan_kyc_verified")
@dataclass(frozen=True, kw_only=True)
class LoanKycVerified(_AboutLoan):
    """The borrower is who the application says."""

    verified_by_id: UUID


@event("lending.loan_approved")
@dataclass(frozen=True, kw_only=True)
class LoanApproved(_AboutLoan):
    """A loan was approved, for ``principal``; its terms are fixed from now on."""

    principal: Money
    approved_by_id: UUID
    comment: str


@event("lending.loan_rejected")
@dataclass(frozen=True, kw_only=True)
class LoanRejected(_AboutLoan):
    """An application was turned down."""

    rejected_by_id: UUID
    reason: str


@event("lending.loan_withdrawn")
@dataclass(frozen=True, kw_only=True)
class LoanWithdrawn(_AboutLoan):
    """An application was taken back before any money was paid out."""

    withdrawn_by_id: UUID
    reason: str


@event("lending.loan_disbursed")
@dataclass(frozen=True, kw_only=True)
class LoanDisbursed(_AboutLoan):
    """Money was paid out to the borrower: all of the loan, or a tranche of it."""

    transaction_id: UUID
    amount: Money
    fees_kept: Money
    channel: PaymentChannel
    reference: str
    disbursed_by_id: UUID
    happened_on: date
    fully_disbursed: bool


@event("lending.loan_disbursement_reversed")
@dataclass(frozen=True, kw_only=True)
class LoanDisbursementReversed(_AboutLoan):
    """A payout was taken back; the loan is as it was before it."""

    transaction_id: UUID
    amount: Money
    happened_on: date
    reason: str
    reversed_by_id: UUID


@event("lending.loan_updated")
@dataclass(frozen=True, kw_only=True)
class LoanUpdated(_AboutLoan):
    """Something about a loan changed; the last word of every act but for the status. ``book`` is what became of its schedule
    and of its statement."""

    change: LoanChange
    previous_status: LoanStatus
    book: BookChange = field(default_factory=BookChange)


@event("lending.loan_status_changed")
@dataclass(frozen=True, kw_only=True)
class LoanStatusChanged(_AboutLoan):
    """A loan went from one status to another."""

    previous_status: LoanStatus
    status: LoanStatus


@event("lending.payment_processed")
@dataclass(frozen=True, kw_only=True)
class PaymentProcessed(_AboutLoan):
    """Money for a loan came in and was applied; the parts say to what. After a write-off it is a recovery."""

    transaction_id: UUID
    kind: TransactionKind
    amount: Money
    principal: Money
    interest: Money
    fee: Money
    penalty: Money
    overpaid: Money
    channel: PaymentChannel
    reference: str
    payer_id: UUID | None
    recorded_by_id: UUID
    happened_on: date

    @classmethod
    def of(cls, loan: Loan, transaction: LoanTransaction) -> PaymentProcessed:
        assert transaction.channel is not None, "money has a channel"
        return cls(
            loan=LoanFigures.of(loan),
            transaction_id=transaction.id,
            kind=transaction.kind,
            amount=transaction.amount,
            principal=transaction.principal,
            interest=transaction.interest,
            fee=transaction.fee,
            penalty=transaction.penalty,
            overpaid=transaction.overpaid,
            channel=transaction.channel,
            reference=transaction.reference,
            payer_id=transaction.payer_id,
            recorded_by_id=transaction.recorded_by_id,
            happened_on=transaction.happened_on,
        )


@event("lending.loan_repayment_reversed")
@dataclass(frozen=True, kw_only=True)
class LoanRepaymentReversed(_AboutLoan):
    """A payment was undone: it bounced, or was recorded by mistake. Later payments were applied anew."""

    transaction_id: UUID
    amount: Money
    happened_on: date
    reason: str
    reversed_by_id: UUID


@event("lending.loan_rescheduled")
@dataclass(frozen=True, kw_only=True)
class LoanRescheduled(_AboutLoan):
    """Instalments still to pay have new dates or amounts; paid ones stay as they are."""

    from_on: date
    reason: str
    rescheduled_by_id: UUID


@event("lending.loan_charged_off")
@dataclass(frozen=True, kw_only=True)
class LoanChargedOff(_AboutLoan):
    """The balance was taken off the books; the loan stays active and is still owed."""

    amount: Money
    reason: str
    charged_off_by_id: UUID
    happened_on: date


@event("lending.loan_written_off")
@dataclass(frozen=True, kw_only=True)
class LoanWrittenOff(_AboutLoan):
    """What is unpaid was given up, and the loan is over."""

    amount: Money
    reason: str
    written_off_by_id: UUID
    happened_on: date


@event("lending.loan_closed")
@dataclass(frozen=True, kw_only=True)
class LoanClosed(_AboutLoan):
    """Everything is paid, and the loan is over; a payment undone later opens it again."""

    happened_on: date


@event("lending.loan_delinquency_changed")
@dataclass(frozen=True, kw_only=True)
class LoanDelinquencyChanged(_AboutLoan):
    """A loan became later or less late: it went from one range of past-due days to another."""

    previous_bucket: DelinquencyBucket
    bucket: DelinquencyBucket
    past_due_days: int


@event("lending.instalment_due_soon")
@dataclass(frozen=True, kw_only=True)
class InstalmentDueSoon(_AboutLoan):
    """The next instalment falls due in a few days; told once for each due date."""

    due_on: date
    amount: Money


@event("lending.instalment_overdue")
@dataclass(frozen=True, kw_only=True)
class InstalmentOverdue(_AboutLoan):
    """An instalment is unpaid after its due date; told once for each due date."""

    due_on: date
    amount: Money


@dataclass(frozen=True, kw_only=True)
class LoanProductFigures:
    """A loan product as it stands."""

    id: UUID
    code: str
    revision: int
    name: str
    description: str
    currency: str
    min_principal: Money
    max_principal: Money
    min_instalments: int
    max_instalments: int
    min_annual_rate: Decimal
    max_annual_rate: Decimal
    requires_kyc: bool
    required_documents: list[DocumentKind]
    active: bool

    @classmethod
    def of(cls, product: LoanProduct) -> LoanProductFigures:
        return cls(**{column.name: getattr(product, column.name) for column in fields(cls)})


@event("lending.loan_product_changed")
@dataclass(frozen=True, kw_only=True)
class LoanProductChanged(Event):
    """A loan product came into being, was revised, retired or brought back."""

    product: LoanProductFigures

    def topics(self) -> Iterable[str]:
        return [PRODUCTS, f"loan_product:{self.product.id}"]

    def audience(self) -> Iterable[str]:
        return [EVERY_BORROWER, EVERY_LENDER]


@event("lending.communication_logged")
@dataclass(frozen=True, kw_only=True)
class CommunicationLogged(Event):
    """Staff noted what was said with a borrower; for the staff of the branch."""

    communication_id: UUID
    loan_id: UUID | None
    borrower_id: UUID
    borrower_name: str
    branch_id: UUID
    channel: CommunicationChannel
    direction: CommunicationDirection
    subject: str
    body: str
    outcome: str
    promised_on: date | None
    promised_amount: Money | None
    follow_up_on: date | None
    spoken_at: datetime
    logged_by_id: UUID
    logged_by_name: str

    @classmethod
    def of(cls, note: CommunicationLog) -> CommunicationLogged:
        own = {column.name: getattr(note, column.name) for column in fields(cls) if column.name != "communication_id"}
        return cls(communication_id=note.id, **own)

    def topics(self) -> Iterable[str]:
        about = [] if self.loan_id is None else [f"{loan_topic(self.loan_id)}:communications"]
        return [
            *about,
            f"borrower:{self.borrower_id}:communications",
            f"branch:{self.branch_id}:communications",
            COMMUNICATIONS,
        ]

    def audience(self) -> Iterable[str]:
        return staff_of(Permission.COLLECTIONS_WORK, self.branch_id)


@dataclass(frozen=True, kw_only=True)
class RecoveryFigures:
    """A recovery action as it stands."""

    id: UUID
    subject_kind: RecoverySubject
    subject_id: UUID
    subject_number: str
    loan_id: UUID | None
    branch_id: UUID | None
    debtor_id: UUID | None
    debtor_name: str
    kind: RecoveryActionKind
    status: RecoveryActionStatus
    note: str
    assigned_to_id: UUID | None
    due_on: date
    overdue_amount: Money
    promised_amount: Money | None
    recovered_amount: Money
    outcome: str
    created_by_id: UUID
    created_at: datetime
    updated_at: datetime
    started_at: datetime | None
    ended_at: datetime | None

    @classmethod
    def of(cls, action: RecoveryAction) -> RecoveryFigures:
        return cls(**{column.name: getattr(action, column.name) for column in fields(cls)})


@dataclass(frozen=True, kw_only=True)
class _AboutRecovery(Event):
    action: RecoveryFigures

    def topics(self) -> Iterable[str]:
        action = self.action
        own = [f"recovery_action:{action.id}", RECOVERY_ACTIONS]
        if action.assigned_to_id is not None:
            own.append(f"officer:{action.assigned_to_id}:recovery_actions")
        if action.loan_id is None:
            return own
        return [*own, f"branch:{action.branch_id}:recovery_actions", f"{loan_topic(action.loan_id)}:recovery_actions"]

    def audience(self) -> Iterable[str]:
        return staff_of(Permission.COLLECTIONS_WORK, self.action.branch_id)


@event("lending.recovery_action_created")
@dataclass(frozen=True, kw_only=True)
class RecoveryActionCreated(_AboutRecovery):
    """A step to get back what is overdue was planned."""


@event("lending.recovery_action_updated")
@dataclass(frozen=True, kw_only=True)
class RecoveryActionUpdated(_AboutRecovery):
    """A recovery action was assigned, begun, completed or cancelled."""

    previous_status: RecoveryActionStatus
