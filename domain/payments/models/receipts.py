"""Money that came: receipts and whose they are, where their money is, and what became of it."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from domain.kit.money import MoneyOf
from domain.payments.states import Channel, Destination, DisposalKind


class MpesaReceipt(Model):
    """A receipt number that somebody named, and the one payment that it belongs to; an orphan belongs to none."""

    receipt = fields.CharField(primary_key=True, max_length=12)
    payment_id = fields.UUIDField(null=True)
    first_channel = fields.CharEnumField(Channel, max_length=9)
    first_seen_at = fields.DatetimeField()

    class Meta:
        table = "mpesa_receipt"


class PaymentCredit(Model):
    """Money that came with one receipt, or with none that is known yet, less what was taken back."""

    id = fields.UUIDField(primary_key=True)
    payment_id = fields.UUIDField(null=True)
    receipt = fields.CharField(max_length=12, null=True)
    amount_minor = fields.BigIntField()
    reversed_minor = fields.BigIntField(default=0)
    net_minor = fields.BigIntField(generated=True)
    currency = fields.CharField(max_length=3)
    destination = fields.CharEnumField(Destination, max_length=8)
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()

    class Meta:
        table = "payment_credit"

    amount = MoneyOf("amount_minor")
    reversed_amount = MoneyOf("reversed_minor")
    net_amount = MoneyOf("net_minor")


class SuspenseDisposal(Model):
    """What a person took out of suspense without a payment."""

    id = fields.UUIDField(primary_key=True)
    receipt = fields.CharField(max_length=12)
    amount_minor = fields.BigIntField()
    currency = fields.CharField(max_length=3)
    kind = fields.CharEnumField(DisposalKind, max_length=11)
    entry_id = fields.UUIDField()
    discrepancy_id = fields.UUIDField()
    note = fields.CharField(max_length=500)
    disposed_by = fields.UUIDField()
    disposed_at = fields.DatetimeField()

    class Meta:
        table = "suspense_disposal"

    amount = MoneyOf("amount_minor")


class PaymentApplication(Model):
    """What the business that is paid has of a payment now, or why it did not take it.

    ``written_off`` is what the house has brought of that, where the business keeps what was taken back.
    """

    payment_id = fields.UUIDField(primary_key=True)
    amount_minor = fields.BigIntField(default=0)
    written_off_minor = fields.BigIntField(default=0)
    currency = fields.CharField(max_length=3)
    record_id = fields.UUIDField(null=True)
    refused_code = fields.CharField(max_length=60, null=True)
    refused_reason = fields.CharField(max_length=300, null=True)
    tried_at = fields.DatetimeField()
    version = fields.IntField(default=1)

    class Meta:
        table = "payment_application"

    amount = MoneyOf("amount_minor")
    written_off = MoneyOf("written_off_minor")
