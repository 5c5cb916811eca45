"""The tables of the event log that are read as objects; the log itself is read as rows (see log.py)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

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


class Operation(str, Enum):
    """What happened to a row."""

    INSERT = "INSERT"
    UPDATE = "UPDATE"
    DELETE = "DELETE"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A column of a changed row, each side as text; None where there was nothing."""

    field: str
    before: str | None
    after: str | None


class RowChange(Model):
    """One change of one row. Read it with its images annotated: see domain/events/activity.py."""

    id = fields.BigIntField(primary_key=True)
    object_kind = fields.CharField(max_length=60)
    object_id = fields.UUIDField()
    operation = fields.CharEnumField(Operation, max_length=6)
    actor_id = fields.UUIDField(null=True)
    address = fields.CharField(max_length=64, null=True)
    correlation_id = fields.UUIDField(null=True)
    txid = fields.BigIntField()
    began_at = fields.DatetimeField()
    recorded_at = fields.DatetimeField()
    database_user = fields.CharField(max_length=63)

    before_json: str | None
    after_json: str | None

    class Meta:
        table = "row_change"

    @property
    def changes(self) -> list[FieldChange]:
        """The columns that this touched, by name; of a row that came or went, those that held something."""
        before, after = _image(self.before_json), _image(self.after_json)
        return [FieldChange(name, _text(before.get(name)), _text(after.get(name))) for name in _touched(before, after)]


def _touched(before: dict[str, object], after: dict[str, object]) -> Iterator[str]:
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) is not None or after.get(name) is not None:
            yield name


def _image(text: str | None) -> dict[str, object]:
    image: dict[str, object] = {} if text is None else json.loads(text, parse_float=Decimal)
    return image


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return str(value) if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False, default=str)
