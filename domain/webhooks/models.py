"""Endpoints, and every attempt to send them something."""

from __future__ import annotations

from enum import Enum

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model

from domain.kit import clock


class EndpointState(str, Enum):
    """Whether an endpoint is sent events."""

    ENABLED = "ENABLED"
    PAUSED = "PAUSED"
    DISABLED = "DISABLED"


class DisabledBecause(str, Enum):
    """Why the house has stopped sending to an endpoint."""

    FAILING = "FAILING"
    GONE = "GONE"
    OWNER_LOST_ACCESS = "OWNER_LOST_ACCESS"


class WebhookEndpoint(Model):
    """A server that is sent the events its owner may see, those of ``domains`` and ``types``, or all when neither is named.

    ``position`` is that of the last event that it has or that is not for it. The signing secret is not kept: it follows from
    the installation's own and ``secret_generation``; that of the generation before signs too, until ``previous_until``.
    """

    id = fields.UUIDField(primary_key=True)
    owner_id = fields.UUIDField()
    name = fields.CharField(max_length=120)
    url = fields.CharField(max_length=500)
    domains: fields.Field[list[str]] = ArrayField("text", default=list)
    types: fields.Field[list[str]] = ArrayField("text", default=list)
    state = fields.CharEnumField(EndpointState, max_length=8)
    disabled_because = fields.CharEnumField(DisabledBecause, max_length=20, null=True)
    secret_generation = fields.IntField(default=1)
    previous_until = fields.DatetimeField(null=True)
    epoch = fields.BigIntField()
    position = fields.BigIntField()
    failures = fields.IntField(default=0)
    failing_since = fields.DatetimeField(null=True)
    due_at = fields.DatetimeField(null=True)
    lease_id = fields.UUIDField(null=True)
    leased_until = fields.DatetimeField(null=True)
    last_delivered_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "webhook_endpoint"

    @property
    def generations(self) -> list[int]:
        """Of the secrets that sign now, the newest first."""
        newest = self.secret_generation
        overlaps = self.previous_until is not None and self.previous_until > clock.now()
        return [newest, newest - 1] if overlaps else [newest]


class WebhookAttempt(Model):
    """One attempt to send one message. ``status`` is the HTTP status of the answer, if there was one."""

    id = fields.UUIDField(primary_key=True)
    endpoint_id = fields.UUIDField()
    message_id = fields.CharField(max_length=60)
    type = fields.CharField(max_length=100)
    attempted_at = fields.DatetimeField()
    took_ms = fields.IntField()
    delivered = fields.BooleanField()
    status = fields.SmallIntField(null=True)
    error = fields.CharField(max_length=300, null=True)

    class Meta:
        table = "webhook_attempt"
