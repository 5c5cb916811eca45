"""A loan with its papers, the requests about it and the pauses of its delinquency. The status arrows are also a trigger."""

from __future__ import annotations

from typing import Any

from tortoise import fields
from tortoise.models import Model

from domain.kit.decimals import plain
from domain.kit.money import MoneyOf
from domain.kit.stages import Staged
from domain.lending import stored
from domain.lending.figures import LoanReckoning
from domain.lending.models.products import rate_field
from domain.lending.rules.terms import LoanTerms
from domain.lending.states import (
    TRANSITIONS,
    DelinquencyBucket,
    DocumentKind,
    LoanRequestKind,
    LoanRequestStatus,
    LoanStatus,
    Recommendation,
)
from domain.payments.states import Purpose


class Loan(LoanReckoning, Staged[LoanStatus], Model):
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
    pays_purpose = fields.CharEnumField(Purpose, max_length=20, null=True)
    pays_target_id = fields.UUIDField(null=True)
    pays_title = fields.CharField(max_length=140, default="")
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

    transitions = TRANSITIONS

    class Meta:
        table = "loan"

    @property
    def agreed_terms(self) -> LoanTerms:
        """What is asked for until the approval, and what was agreed from then on."""
        return stored.terms_from(self.terms)

    def take_terms(self, terms: LoanTerms) -> None:
        """Ask for a loan on these terms, or agree on them."""
        self.terms = stored.terms_to_json(terms)
        self.instalment_count, self.annual_rate = terms.instalments, plain(terms.annual_rate)


class LoanDirectPayment(Model):
    """What of a loan went straight to what it is for. ``record_id`` is what the other business knows it by."""

    fact_id = fields.UUIDField(primary_key=True)
    loan_id = fields.UUIDField()
    purpose = fields.CharEnumField(Purpose, max_length=20)
    target_id = fields.UUIDField()
    currency = fields.CharField(max_length=3)
    amount_minor = fields.BigIntField()
    record_id = fields.UUIDField()
    paid_at = fields.DatetimeField()
    undone_at = fields.DatetimeField(null=True)

    class Meta:
        table = "loan_direct_payment"

    amount = MoneyOf("amount_minor")


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
