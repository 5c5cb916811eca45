"""The tables of the event log that are read as objects; the log itself is read as rows (see log.py)."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model


class Checkpoint(Model):
    """How far one listener has come in the log."""

    listener = fields.CharField(max_length=100, primary_key=True)
    epoch = fields.BigIntField()
    position = fields.BigIntField()
    updated_at = fields.DatetimeField()

    class Meta:
        table = "event_checkpoint"


class ParkedEvent(Model):
    """An event that a listener could not digest after all its attempts: set aside, visible, retryable."""

    id = fields.BigIntField(primary_key=True)
    listener = fields.CharField(max_length=100)
    position = fields.BigIntField()
    event_name = fields.CharField(max_length=100)
    error = fields.TextField()
    attempts = fields.IntField()
    parked_at = fields.DatetimeField()
    resolved_at = fields.DatetimeField(null=True)

    class Meta:
        table = "parked_event"


class AuditRecord(Model):
    """Who did what, from where: one row for each event, kept when the log's partitions are archived."""

    position = fields.BigIntField(primary_key=True)
    event_name = fields.CharField(max_length=100)
    domain = fields.CharField(max_length=50)
    actor_id = fields.UUIDField(null=True)
    address = fields.CharField(max_length=64, null=True)
    correlation_id = fields.UUIDField()
    occurred_at = fields.DatetimeField()
    payload: fields.Field[dict[str, object]] = fields.JSONField()

    class Meta:
        table = "audit_record"

    @property
    def id(self) -> int:
        return int(self.position)
