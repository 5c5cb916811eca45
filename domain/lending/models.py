"""Loan products, loans, and what belongs to them. The status arrows are also a trigger; sums are also constraints.

Instalments, charges and the money columns of a loan are a projection of its facts: whoever adds or takes back a fact replays
and writes them anew. Facts, transactions and allocations are history: they stay, and can only be reversed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from tortoise import fields
from tortoise.models import Model

from domain.identity.models import EnumArrayField
from domain.kit import clock
from domain.kit.money import Money
from domain.lending import stored
from domain.lending.figures import LoanReckoning
from domain.lending.rules.facts import AnyFact
from domain.lending.rules.state import Components, InstalmentKind
from domain.lending.rules.terms import ChargeTime, LoanTerms
from domain.lending.states import (
    TRANSITIONS,
    CommunicationChannel,
    CommunicationDirection,
    DelinquencyBucket,
    DocumentKind,
    FactKind,
    LoanRequestKind,
    LoanRequestStatus,
    LoanStatus,
    PaymentChannel,
    Recommendation,
    RecoveryActionKind,
    RecoveryActionStatus,
    RecoverySubject,
    TransactionKind,
)


class RateField(fields.DecimalField[Decimal]):
    """A nominal yearly rate in percent, read without the zeros that the column has room for: 9.5, and 10 as 10."""

    skip_to_python_if_native = False

    def to_python_value(self, value: Any) -> Decimal | None:
        return None if value is None else plain_rate(Decimal(value))


def plain_rate(rate: Decimal) -> Decimal:
    return rate.quantize(Decimal(1)) if rate == rate.to_integral_value() else rate.normalize()


def rate_field() -> fields.Field[Decimal]:
    return RateField(max_digits=16, decimal_places=12)


class LoanProduct(Model):
    """What can be lent: bounds, and terms with the usual principal, rate and number of instalments."""

    id = fields.UUIDField(primary_key=True)
    code = fields.CharField(max_length=30)
    revision = fields.IntField()
    name = fields.CharField(max_length=120)
    description = fields.CharField(max_length=2000)
    currency = fields.CharField(max_length=3)
    min_principal_minor = fields.BigIntField()
    max_principal_minor = fields.BigIntField()
    min_instalments = fields.IntField()
    max_instalments = fields.IntField()
    min_annual_rate = rate_field()
    max_annual_rate = rate_field()
    terms: fields.Field[dict[str, Any]] = fields.JSONField()
    requires_kyc = fields.BooleanField()
    required_documents: fields.Field[list[DocumentKind]] = EnumArrayField(DocumentKind)
    active = fields.BooleanField()
    created_by_id = fields.UUIDField()
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()

    class Meta:
        table = "loan_product"

    @property
    def min_principal(self) -> Money:
        return Money(self.min_principal_minor, self.currency)

    @property
    def max_principal(self) -> Money:
        return Money(self.max_principal_minor, self.currency)

    @property
    def usual_terms(self) -> LoanTerms:
        """The terms of a loan about which nothing else is said."""
        return stored.terms_from(self.terms)

    def terms_for(
        self,
        principal: Money,
        *,
        instalments: int | None = None,
        annual_rate: Decimal | None = None,
        first_due_on: date | None = None,
    ) -> LoanTerms:
        """The terms of one loan of this product; what is None is as usual."""
        usual = self.usual_terms
        return replace(
            usual,
            principal=principal,
            instalments=usual.instalments if instalments is None else instalments,
            annual_rate=usual.annual_rate if annual_rate is None else annual_rate,
            first_due_on=first_due_on,
        )


class Loan(LoanReckoning, Model):
    """A loan from its draft to its end; see :mod:`domain.lending.states`."""

    id = fields.UUIDField(primary_key=True)
    number = fields.CharField(max_length=20)
    borrower_id = fields.UUIDField()
    borrower_name = fields.CharField(max_length=120)
    branch_id = fields.UUIDField()
    officer_id = fields.UUIDField(null=True)
    product_id = fields.UUIDField()
    product_revision = fields.IntField()
    product_name = fields.CharField(max_length=120)
    currency = fields.CharField(max_length=3)
    purpose = fields.CharField(max_length=500)
    requested_minor = fields.BigIntField()
    approved_minor = fields.BigIntField(null=True)
    instalment_count = fields.IntField()
    annual_rate = rate_field()
    terms: fields.Field[dict[str, Any]] = fields.JSONField()
    status = fields.CharEnumField(LoanStatus, max_length=12)
    created_by_id = fields.UUIDField()
    submitted_by_id = fields.UUIDField(null=True)
    submitted_at = fields.DatetimeField(null=True)
    recommendation = fields.CharEnumField(Recommendation, max_length=16, null=True)
    review_comment = fields.CharField(max_length=2000, default="")
    reviewed_by_id = fields.UUIDField(null=True)
    reviewed_at = fields.DatetimeField(null=True)
    kyc_required = fields.BooleanField()
    kyc_note = fields.CharField(max_length=500, default="")
    kyc_verified_by_id = fields.UUIDField(null=True)
    kyc_verified_at = fields.DatetimeField(null=True)
    decision_comment = fields.CharField(max_length=2000, default="")
    approved_by_id = fields.UUIDField(null=True)
    approved_at = fields.DatetimeField(null=True)
    rejected_by_id = fields.UUIDField(null=True)
    rejected_at = fields.DatetimeField(null=True)
    withdrawn_by_id = fields.UUIDField(null=True)
    withdrawn_at = fields.DatetimeField(null=True)
    disbursed_minor = fields.BigIntField(default=0)
    disbursed_on = fields.DateField(null=True)
    principal_outstanding_minor = fields.BigIntField(default=0)
    interest_outstanding_minor = fields.BigIntField(default=0)
    fee_outstanding_minor = fields.BigIntField(default=0)
    penalty_outstanding_minor = fields.BigIntField(default=0)
    outstanding_minor = fields.BigIntField(generated=True)
    principal_paid_minor = fields.BigIntField(default=0)
    interest_paid_minor = fields.BigIntField(default=0)
    fee_paid_minor = fields.BigIntField(default=0)
    penalty_paid_minor = fields.BigIntField(default=0)
    waived_minor = fields.BigIntField(default=0)
    written_off_minor = fields.BigIntField(default=0)
    overpaid_minor = fields.BigIntField(default=0)
    refunded_minor = fields.BigIntField(default=0)
    charged_back_minor = fields.BigIntField(default=0)
    recovered_minor = fields.BigIntField(default=0)
    accrued_interest_minor = fields.BigIntField(default=0)
    past_due_minor = fields.BigIntField(default=0)
    next_due_on = fields.DateField(null=True)
    next_due_minor = fields.BigIntField(default=0)
    maturity_on = fields.DateField(null=True)
    delinquent_since_on = fields.DateField(null=True)
    delinquent_days = fields.IntField(default=0)
    delinquency_paused = fields.BooleanField(default=False)
    bucket = fields.CharEnumField(DelinquencyBucket, max_length=11, default=DelinquencyBucket.CURRENT)
    charged_off_on = fields.DateField(null=True)
    written_off_on = fields.DateField(null=True)
    closed_on = fields.DateField(null=True)
    replayed_on = fields.DateField(null=True)
    due_soon_told_on = fields.DateField(null=True)
    overdue_told_on = fields.DateField(null=True)
    revision = fields.IntField(default=1)
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()

    class Meta:
        table = "loan"

    @property
    def agreed_terms(self) -> LoanTerms:
        """What is asked for until the approval, and what was agreed from then on."""
        return stored.terms_from(self.terms)

    def become(self, status: LoanStatus) -> LoanStatus:
        """Move on to another status; returns the one before. Staying where it is is no move."""
        before = self.status
        assert status is before or status in TRANSITIONS[before], f"a loan cannot go from {before} to {status}"
        self.status = status
        return before

    def take_terms(self, terms: LoanTerms) -> None:
        """Ask for a loan on these terms, or agree on them."""
        self.terms = stored.terms_to_json(terms)
        self.instalment_count, self.annual_rate = terms.instalments, plain_rate(terms.annual_rate)


class LoanDocument(Model):
    """A paper of an application; the bytes are a stored file."""

    id = fields.UUIDField(primary_key=True)
    loan_id = fields.UUIDField()
    file_id = fields.UUIDField()
    kind = fields.CharEnumField(DocumentKind, max_length=20)
    file_name = fields.CharField(max_length=255)
    uploaded_by_id = fields.UUIDField()
    uploaded_at = fields.DatetimeField()
    verified_by_id = fields.UUIDField(null=True)
    verified_at = fields.DatetimeField(null=True)

    class Meta:
        table = "loan_document"


class LoanFact(Model):
    """A dated fact of a loan; ``sequence`` is the order of booking. Kept as it is, but can be taken back."""

    id = fields.UUIDField(primary_key=True)
    loan_id = fields.UUIDField()
    sequence = fields.IntField()
    kind = fields.CharEnumField(FactKind, max_length=20)
    happened_on = fields.DateField()
    payload: fields.Field[dict[str, Any]] = fields.JSONField()
    money: fields.Field[dict[str, Any] | None] = fields.JSONField(null=True)
    note = fields.CharField(max_length=500, default="")
    recorded_by_id = fields.UUIDField()
    recorded_at = fields.DatetimeField()
    reversed_by_id = fields.UUIDField(null=True)
    reversed_at = fields.DatetimeField(null=True)
    reversal_reason = fields.CharField(max_length=500, null=True)

    class Meta:
        table = "loan_fact"

    @property
    def fact(self) -> AnyFact:
        """As the engine takes it."""
        return stored.fact_from(self.kind, self.id, self.happened_on, self.sequence, self.payload)


class LoanInstalment(Model):
    """One row of the schedule as it stands; per component due, paid, waived and written off."""

    id = fields.UUIDField(primary_key=True)
    loan_id = fields.UUIDField()
    branch_id = fields.UUIDField()
    currency = fields.CharField(max_length=3)
    number = fields.IntField()
    kind = fields.CharEnumField(InstalmentKind, max_length=12)
    from_on = fields.DateField()
    due_on = fields.DateField()
    principal_minor = fields.BigIntField()
    interest_minor = fields.BigIntField()
    fee_minor = fields.BigIntField()
    penalty_minor = fields.BigIntField()
    principal_paid_minor = fields.BigIntField(default=0)
    interest_paid_minor = fields.BigIntField(default=0)
    fee_paid_minor = fields.BigIntField(default=0)
    penalty_paid_minor = fields.BigIntField(default=0)
    principal_waived_minor = fields.BigIntField(default=0)
    interest_waived_minor = fields.BigIntField(default=0)
    fee_waived_minor = fields.BigIntField(default=0)
    penalty_waived_minor = fields.BigIntField(default=0)
    principal_written_off_minor = fields.BigIntField(default=0)
    interest_written_off_minor = fields.BigIntField(default=0)
    fee_written_off_minor = fields.BigIntField(default=0)
    penalty_written_off_minor = fields.BigIntField(default=0)
    balance_after_minor = fields.BigIntField()
    due_minor = fields.BigIntField(generated=True)
    unpaid_minor = fields.BigIntField(generated=True)
    completed_on = fields.DateField(null=True)
    officer_id = fields.UUIDField(null=True)

    class Meta:
        table = "loan_instalment"

    def _components(self, suffix: str) -> Components:
        parts = ("principal", "interest", "fee", "penalty")
        return Components(*(getattr(self, f"{part}{suffix}_minor") for part in parts))

    @property
    def due(self) -> Components:
        return self._components("")

    @property
    def paid(self) -> Components:
        return self._components("_paid")

    @property
    def waived(self) -> Components:
        return self._components("_waived")

    @property
    def written_off(self) -> Components:
        return self._components("_written_off")

    @property
    def unpaid(self) -> Components:
        return self.due - self.paid - self.waived - self.written_off

    @property
    def principal(self) -> Money:
        return Money(self.principal_minor, self.currency)

    @property
    def interest(self) -> Money:
        return Money(self.interest_minor, self.currency)

    @property
    def fee(self) -> Money:
        return Money(self.fee_minor, self.currency)

    @property
    def penalty(self) -> Money:
        return Money(self.penalty_minor, self.currency)

    @property
    def due_amount(self) -> Money:
        return Money(self.due.total, self.currency)

    @property
    def paid_amount(self) -> Money:
        return Money(self.paid.total, self.currency)

    @property
    def waived_amount(self) -> Money:
        return Money(self.waived.total, self.currency)

    @property
    def written_off_amount(self) -> Money:
        return Money(self.written_off.total, self.currency)

    @property
    def unpaid_amount(self) -> Money:
        return Money(self.unpaid.total, self.currency)

    @property
    def balance_after(self) -> Money:
        return Money(self.balance_after_minor, self.currency)

    def past_due_days_on(self, on: date) -> int:
        return max(0, (on - self.due_on).days) if self.unpaid.total else 0

    @property
    def past_due_days(self) -> int:
        return self.past_due_days_on(clock.today())


class LoanTransaction(Model):
    """A movement on a loan's statement, with the journal entry that books it."""

    id = fields.UUIDField(primary_key=True)
    loan_id = fields.UUIDField()
    branch_id = fields.UUIDField()
    fact_id = fields.UUIDField(null=True)
    kind = fields.CharEnumField(TransactionKind, max_length=18)
    happened_on = fields.DateField()
    currency = fields.CharField(max_length=3)
    amount_minor = fields.BigIntField()
    principal_minor = fields.BigIntField(default=0)
    interest_minor = fields.BigIntField(default=0)
    fee_minor = fields.BigIntField(default=0)
    penalty_minor = fields.BigIntField(default=0)
    overpaid_minor = fields.BigIntField(default=0)
    channel = fields.CharEnumField(PaymentChannel, max_length=6, null=True)
    reference = fields.CharField(max_length=120, default="")
    payer_id = fields.UUIDField(null=True)
    note = fields.CharField(max_length=500, default="")
    entry_id = fields.UUIDField(null=True)
    recorded_by_id = fields.UUIDField()
    recorded_at = fields.DatetimeField()
    reversed_by_id = fields.UUIDField(null=True)
    reversed_at = fields.DatetimeField(null=True)
    reversal_entry_id = fields.UUIDField(null=True)
    replaced_by_id = fields.UUIDField(null=True)
    officer_id = fields.UUIDField(null=True)

    class Meta:
        table = "loan_transaction"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def principal(self) -> Money:
        return Money(self.principal_minor, self.currency)

    @property
    def interest(self) -> Money:
        return Money(self.interest_minor, self.currency)

    @property
    def fee(self) -> Money:
        return Money(self.fee_minor, self.currency)

    @property
    def penalty(self) -> Money:
        return Money(self.penalty_minor, self.currency)

    @property
    def overpaid(self) -> Money:
        return Money(self.overpaid_minor, self.currency)

    @property
    def reversed(self) -> bool:
        return self.reversed_at is not None


class LoanAllocation(Model):
    """What a transaction paid of one instalment."""

    id = fields.UUIDField(primary_key=True)
    transaction_id = fields.UUIDField()
    loan_id = fields.UUIDField()
    instalment_number = fields.IntField()
    principal_minor = fields.BigIntField(default=0)
    interest_minor = fields.BigIntField(default=0)
    fee_minor = fields.BigIntField(default=0)
    penalty_minor = fields.BigIntField(default=0)

    class Meta:
        table = "loan_allocation"


class LoanBooking(Model):
    """What a loan has in the journal; see :mod:`domain.lending.booking`."""

    id = fields.UUIDField(primary_key=True)
    loan_id = fields.UUIDField()
    content = fields.TextField()
    entry_id = fields.UUIDField(null=True)
    transaction_id = fields.UUIDField(null=True)
    booked_at = fields.DatetimeField()
    reversal_entry_id = fields.UUIDField(null=True)
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "loan_booking"


class LoanCharge(Model):
    """A fee or penalty as it stands; ``key`` is the engine's."""

    id = fields.UUIDField(primary_key=True)
    loan_id = fields.UUIDField()
    currency = fields.CharField(max_length=3)
    key = fields.CharField(max_length=120)
    code = fields.CharField(max_length=40)
    title = fields.CharField(max_length=120)
    time = fields.CharEnumField(ChargeTime, max_length=20)
    penalty = fields.BooleanField()
    instalment_number = fields.IntField()
    charged_on = fields.DateField()
    due_on = fields.DateField()
    amount_minor = fields.BigIntField()
    paid_minor = fields.BigIntField(default=0)
    waived_minor = fields.BigIntField(default=0)
    written_off_minor = fields.BigIntField(default=0)

    class Meta:
        table = "loan_charge"

    @property
    def unpaid_minor(self) -> int:
        gone: int = self.paid_minor + self.waived_minor + self.written_off_minor
        return int(self.amount_minor) - gone

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def paid(self) -> Money:
        return Money(self.paid_minor, self.currency)

    @property
    def waived(self) -> Money:
        return Money(self.waived_minor, self.currency)

    @property
    def written_off(self) -> Money:
        return Money(self.written_off_minor, self.currency)

    @property
    def unpaid(self) -> Money:
        return Money(self.unpaid_minor, self.currency)


class LoanDelinquencyPause(Model):
    """Days in which a late loan does not count as delinquent."""

    id = fields.UUIDField(primary_key=True)
    loan_id = fields.UUIDField()
    fact_id = fields.UUIDField()
    starts_on = fields.DateField()
    ends_on = fields.DateField()
    reason = fields.CharField(max_length=500)
    paused_by_id = fields.UUIDField()
    paused_at = fields.DatetimeField()
    cancelled_at = fields.DatetimeField(null=True)

    class Meta:
        table = "loan_delinquency_pause"


class LoanRequest(Model):
    """A write-off or a new plan that one person asks for and another decides."""

    id = fields.UUIDField(primary_key=True)
    loan_id = fields.UUIDField()
    kind = fields.CharEnumField(LoanRequestKind, max_length=10)
    status = fields.CharEnumField(LoanRequestStatus, max_length=9)
    plan: fields.Field[dict[str, Any]] = fields.JSONField()
    reason = fields.CharField(max_length=500)
    requested_by_id = fields.UUIDField()
    requested_at = fields.DatetimeField()
    decided_by_id = fields.UUIDField(null=True)
    decided_at = fields.DatetimeField(null=True)
    comment = fields.CharField(max_length=1000, default="")
    fact_id = fields.UUIDField(null=True)

    class Meta:
        table = "loan_request"


class CommunicationLog(Model):
    """A note of what was said between staff and a borrower."""

    id = fields.UUIDField(primary_key=True)
    loan_id = fields.UUIDField(null=True)
    borrower_id = fields.UUIDField()
    borrower_name = fields.CharField(max_length=120)
    branch_id = fields.UUIDField()
    channel = fields.CharEnumField(CommunicationChannel, max_length=7)
    direction = fields.CharEnumField(CommunicationDirection, max_length=8)
    subject = fields.CharField(max_length=200)
    body = fields.CharField(max_length=4000)
    outcome = fields.CharField(max_length=500, default="")
    promised_on = fields.DateField(null=True)
    promised_minor = fields.BigIntField(null=True)
    currency = fields.CharField(max_length=3, null=True)
    follow_up_on = fields.DateField(null=True)
    spoken_at = fields.DatetimeField()
    logged_by_id = fields.UUIDField()
    logged_by_name = fields.CharField(max_length=120)
    logged_at = fields.DatetimeField()

    class Meta:
        table = "communication_log"

    @property
    def promised_amount(self) -> Money | None:
        return None if self.promised_minor is None or self.currency is None else Money(self.promised_minor, self.currency)


class RecoveryAction(Model):
    """A step to get back what is overdue, of a loan or of an invoice."""

    id = fields.UUIDField(primary_key=True)
    subject_kind = fields.CharEnumField(RecoverySubject, max_length=7)
    subject_id = fields.UUIDField()
    subject_number = fields.CharField(max_length=60)
    loan_id = fields.UUIDField(null=True)
    branch_id = fields.UUIDField(null=True)
    debtor_id = fields.UUIDField(null=True)
    debtor_name = fields.CharField(max_length=120)
    kind = fields.CharEnumField(RecoveryActionKind, max_length=17)
    status = fields.CharEnumField(RecoveryActionStatus, max_length=11)
    note = fields.CharField(max_length=2000)
    assigned_to_id = fields.UUIDField(null=True)
    due_on = fields.DateField()
    currency = fields.CharField(max_length=3)
    overdue_minor = fields.BigIntField()
    promised_minor = fields.BigIntField(null=True)
    recovered_minor = fields.BigIntField(default=0)
    outcome = fields.CharField(max_length=2000, default="")
    created_by_id = fields.UUIDField()
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()
    started_at = fields.DatetimeField(null=True)
    ended_by_id = fields.UUIDField(null=True)
    ended_at = fields.DatetimeField(null=True)
    revision = fields.IntField(default=1)

    class Meta:
        table = "recovery_action"

    @property
    def overdue_amount(self) -> Money:
        return Money(self.overdue_minor, self.currency)

    @property
    def promised_amount(self) -> Money | None:
        return None if self.promised_minor is None else Money(self.promised_minor, self.currency)

    @property
    def recovered_amount(self) -> Money:
        return Money(self.recovered_minor, self.currency)
