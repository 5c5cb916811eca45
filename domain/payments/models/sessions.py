"""Services that people book and pay for."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from domain.kit.money import MoneyOf
from domain.kit.stages import Staged
from domain.payments.states import SESSION_TRANSITIONS, SessionStatus


class ServiceSession(Staged[SessionStatus], Model):
    """A service that a client booked with somebody who is paid for it."""

    id = fields.UUIDField(primary_key=True)
    serial = fields.BigIntField(generated=True)
    number = fields.CharField(max_length=20, generated=True)
    client_id = fields.UUIDField()
    payee_id = fields.UUIDField()
    title = fields.CharField(max_length=120)
    price_minor = fields.BigIntField()
    currency = fields.CharField(max_length=3)
    starts_at = fields.DatetimeField()
    status = fields.CharEnumField(SessionStatus, max_length=9)
    payment_id = fields.UUIDField(null=True)
    created_by = fields.UUIDField()
    created_at = fields.DatetimeField()
    cancelled_at = fields.DatetimeField(null=True)
    version = fields.IntField(default=1)

    transitions = SESSION_TRANSITIONS

    class Meta:
        table = "service_session"

    price = MoneyOf("price_minor")
