"""Payments, and the telephones that were asked for them."""

from __future__ import annotations

from typing import Any

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model

from domain.kit.money import MoneyOf
from domain.kit.stages import Staged
from domain.payments.rules.phones import mask
from domain.payments.states import TAKEN, TRANSITIONS, UNDECIDED, PaymentStatus, PromptState, Purpose


class Payment(Staged[PaymentStatus], Model):
    """Money that somebody is to pay for something. The API calls it a session, too."""

    id = fields.UUIDField(primary_key=True)
    serial = fields.BigIntField(generated=True)
    number = fields.CharField(max_length=20, generated=True)
    reference = fields.CharField(max_length=12)
    purpose = fields.CharEnumField(Purpose, max_length=20)
    target_id = fields.UUIDField()
    title = fields.CharField(max_length=140)
    client_id = fields.UUIDField(null=True)
    client_name = fields.CharField(max_length=120)
    payee_id = fields.UUIDField(null=True)
    payee_name = fields.CharField(max_length=120)
    branch_id = fields.UUIDField(null=True)
    amount_minor = fields.BigIntField()
    currency = fields.CharField(max_length=3)
    phone_masked = fields.CharField(max_length=20, null=True)
    status = fields.CharEnumField(PaymentStatus, max_length=18)
    status_at = fields.DatetimeField()
    status_reason = fields.CharField(max_length=200, null=True)
    expires_at = fields.DatetimeField(null=True)
    paid_at = fields.DatetimeField(null=True)
    transaction_id = fields.CharField(max_length=12, null=True)
    purpose_minor = fields.BigIntField(default=0)
    suspense_minor = fields.BigIntField(default=0)
    accepted: Any = ArrayField(element_type="text", default=list)
    checked_at = fields.DatetimeField(null=True)
    created_by = fields.UUIDField(null=True)
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()
    correlation_id = fields.UUIDField()
    version = fields.IntField(default=1)

    transitions = TRANSITIONS

    class Meta:
        table = "payment"

    amount = MoneyOf("amount_minor")
    purpose_amount = MoneyOf("purpose_minor")
    suspense_amount = MoneyOf("suspense_minor")

    @property
    def is_taken(self) -> bool:
        """Whether money came."""
        return self.status in TAKEN

    @property
    def is_undecided(self) -> bool:
        return self.status in UNDECIDED


class PaymentPrompt(Model):
    """A telephone that was asked to pay. The whole number is for the provider alone."""

    id = fields.UUIDField(primary_key=True)
    payment_id = fields.UUIDField()
    attempt_no = fields.SmallIntField()
    phone = fields.CharField(max_length=12)
    amount_minor = fields.BigIntField()
    currency = fields.CharField(max_length=3)
    state = fields.CharEnumField(PromptState, max_length=8)
    checkout_request_id = fields.CharField(max_length=80, null=True)
    merchant_request_id = fields.CharField(max_length=80, null=True)
    requested_by = fields.UUIDField(null=True)
    created_at = fields.DatetimeField()
    asked_at = fields.DatetimeField(null=True)
    accepted_at = fields.DatetimeField(null=True)
    callback_due_at = fields.DatetimeField(null=True)
    expires_at = fields.DatetimeField(null=True)
    error_code = fields.CharField(max_length=40, null=True)
    error_text = fields.CharField(max_length=200, null=True)

    class Meta:
        table = "payment_prompt"

    amount = MoneyOf("amount_minor")

    @property
    def phone_masked(self) -> str:
        return mask(self.phone)

    @property
    def checkout_shown(self) -> str | None:
        """The CheckoutRequestID for people: it ends in the digits of a telephone."""
        return None if self.checkout_request_id is None else shown_checkout(self.checkout_request_id)


def shown_checkout(checkout_request_id: str) -> str:
    """``ws_CO_05032025101530123712345678`` as ``ws_CO_05032025101530123*****678``: it ends in the digits of a telephone."""
    return f"{checkout_request_id[:-9]}*****{checkout_request_id[-3:]}" if len(checkout_request_id) > 12 else "*****"
