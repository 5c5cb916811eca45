"""Money for fees and in advance, the transactions that the school sees in its books, alerts, and what the school chooses."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from domain.kit.money import MoneyOf
from domain.school.models.kept import Kept
from domain.school.states import FeePaymentKind, FeePaymentMethod, TransactionKind

THE_SETTING: Final = UUID(int=1)


class FeePayment(Model):
    """Money that came for a fee, or went back: signed, and written once. What was wrong is undone by another row."""

    id = fields.UUIDField(primary_key=True)
    serial = fields.BigIntField(generated=True)
    fee_id = fields.UUIDField()
    kind = fields.CharEnumField(FeePaymentKind, max_length=10)
    method = fields.CharEnumField(FeePaymentMethod, max_length=7)
    amount_minor = fields.BigIntField()
    currency = fields.CharField(max_length=3)
    account_code = fields.CharField(max_length=20)
    wallet_owner_id = fields.UUIDField(null=True)
    payer_id = fields.UUIDField(null=True)
    reference = fields.CharField(max_length=60, default="")
    paid_on = fields.DateField()
    receipt_serial = fields.BigIntField(generated=True, null=True)
    receipt_number = fields.CharField(max_length=40, generated=True, null=True)
    receipt: fields.Field[dict[str, Any] | None] = fields.JSONField(null=True)
    payment_id = fields.UUIDField(null=True)
    fact_id = fields.UUIDField(null=True)
    undoes_id = fields.UUIDField(null=True)
    entry_id = fields.UUIDField()
    note = fields.CharField(max_length=300, default="")
    created_by_id = fields.UUIDField()
    created_at = fields.DatetimeField()
    correlation_id = fields.UUIDField()

    class Meta:
        table = "fee_payment"

    amount = MoneyOf("amount_minor")


class StudentAdvance(Model):
    """Money of a student that is for no fee yet: what came, and negative what of it was used or given back."""

    id = fields.UUIDField(primary_key=True)
    serial = fields.BigIntField(generated=True)
    student_id = fields.UUIDField()
    branch_id = fields.UUIDField(null=True)
    currency = fields.CharField(max_length=3)
    amount_minor = fields.BigIntField()
    method = fields.CharEnumField(FeePaymentMethod, max_length=7)
    account_code = fields.CharField(max_length=20)
    wallet_owner_id = fields.UUIDField(null=True)
    reference = fields.CharField(max_length=60, default="")
    paid_on = fields.DateField()
    receipt_serial = fields.BigIntField(generated=True, null=True)
    receipt_number = fields.CharField(max_length=40, generated=True, null=True)
    receipt: fields.Field[dict[str, Any] | None] = fields.JSONField(null=True)
    fee_payment_id = fields.UUIDField(null=True)
    entry_id = fields.UUIDField(null=True)
    undoes_id = fields.UUIDField(null=True)
    note = fields.CharField(max_length=300, default="")
    created_by_id = fields.UUIDField()
    created_at = fields.DatetimeField()
    correlation_id = fields.UUIDField()

    class Meta:
        table = "student_advance"

    amount = MoneyOf("amount_minor")


class SchoolTransaction(Model):
    """Income or an expense: an entry in the books. It is reversed, once, and another may take its place.

    ``shares`` says how much of it each account has. ``description`` was written once, with the names of then.
    """

    id = fields.UUIDField(primary_key=True)
    serial = fields.BigIntField(generated=True)
    reference = fields.CharField(max_length=60)
    kind = fields.CharEnumField(TransactionKind, max_length=7)
    category = fields.CharField(max_length=80)
    description = fields.CharField(max_length=300)
    currency = fields.CharField(max_length=3)
    amount_minor = fields.BigIntField()
    on_date = fields.DateField()
    fee_id = fields.UUIDField(null=True)
    branch_id = fields.UUIDField(null=True)
    method = fields.CharEnumField(FeePaymentMethod, max_length=7, null=True)
    entry_id = fields.UUIDField()
    shares: fields.Field[dict[str, int]] = fields.JSONField()
    reversed_by_entry_id = fields.UUIDField(null=True)
    reversed_at = fields.DatetimeField(null=True)
    reversed_on = fields.DateField(null=True)
    reversed_by_id = fields.UUIDField(null=True)
    revises_id = fields.UUIDField(null=True)
    created_by_id = fields.UUIDField()
    created_at = fields.DatetimeField()
    correlation_id = fields.UUIDField()

    class Meta:
        table = "school_transaction"

    amount = MoneyOf("amount_minor")

    @property
    def live(self) -> bool:
        """Whether it still stands in the books."""
        return self.reversed_at is None


class ArrearsAlert(Model):
    """High arrears of a fee that somebody was told of, until they are high no more. Figures are of when it was raised."""

    id = fields.UUIDField(primary_key=True)
    fee_id = fields.UUIDField()
    currency = fields.CharField(max_length=3)
    arrears_minor = fields.BigIntField()
    threshold_minor = fields.BigIntField()
    raised_at = fields.DatetimeField()
    cleared_at = fields.DatetimeField(null=True)

    class Meta:
        table = "arrears_alert"

    arrears = MoneyOf("arrears_minor")
    threshold = MoneyOf("threshold_minor")


class SchoolSetting(Kept, Model):
    """What the school chooses while it runs, in one row; without it the usual holds. Thresholds are by currency."""

    id = fields.UUIDField(primary_key=True, default=THE_SETTING)
    thresholds: fields.Field[dict[str, int]] = fields.JSONField(default=dict)
    archive_after_days = fields.IntField(default=365)
    updated_at = fields.DatetimeField()
    version = fields.IntField(default=1)

    class Meta:
        table = "school_setting"
