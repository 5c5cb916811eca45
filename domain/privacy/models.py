"""Exports and erasures of personal data."""

from __future__ import annotations

from enum import Enum
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model


class PersonKind(str, Enum):
    """As what a person is known here. Whoever can sign in is a user, whatever else they are."""

    USER = "USER"
    STUDENT = "STUDENT"
    TEACHER = "TEACHER"
    CUSTOMER = "CUSTOMER"
    SUPPLIER = "SUPPLIER"


class ExportState(str, Enum):
    """Where an export stands."""

    QUEUED = "QUEUED"
    READY = "READY"
    FAILED = "FAILED"
    EXPIRED = "EXPIRED"


class ErasureState(str, Enum):
    """Where an erasure stands. REFUSED is what the rules said when it was to be done; who asked for it has WITHDRAWN it
    before anybody decided. All but the first and ERASING are final."""

    REQUESTED = "REQUESTED"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"
    ERASING = "ERASING"
    ERASED = "ERASED"
    REFUSED = "REFUSED"


class PersonalDataExport(Model):
    """An archive of what is held of a person. ``reason`` is None when people ask for their own."""

    id = fields.UUIDField(primary_key=True)
    person_kind = fields.CharEnumField(PersonKind, max_length=8)
    person_id = fields.UUIDField()
    requested_by = fields.UUIDField()
    reason = fields.CharField(max_length=500, null=True)
    requested_at = fields.DatetimeField()
    state = fields.CharEnumField(ExportState, max_length=7)
    file_id = fields.UUIDField(null=True)
    size_bytes = fields.BigIntField(null=True)
    records = fields.IntField(null=True)
    error_code = fields.CharField(max_length=60, null=True)
    finished_at = fields.DatetimeField(null=True)
    expires_at = fields.DatetimeField(null=True)

    class Meta:
        table = "personal_data_export"


class PersonalDataErasure(Model):
    """An erasure: asked for, agreed to by another, done. ``rows_changed`` counts rows by table."""

    id = fields.UUIDField(primary_key=True)
    person_kind = fields.CharEnumField(PersonKind, max_length=8)
    person_id = fields.UUIDField()
    requested_by = fields.UUIDField()
    reason = fields.CharField(max_length=500)
    requested_at = fields.DatetimeField()
    state = fields.CharEnumField(ErasureState, max_length=9)
    decided_by = fields.UUIDField(null=True)
    decided_at = fields.DatetimeField(null=True)
    comment = fields.CharField(max_length=1000, null=True)
    refused_code = fields.CharField(max_length=60, null=True)
    pseudonym = fields.CharField(max_length=40, null=True)
    erased_ids: fields.Field[list[UUID]] = ArrayField("uuid", default=list)
    rows_changed: fields.Field[dict[str, Any]] = fields.JSONField(default=dict)
    finished_at = fields.DatetimeField(null=True)

    class Meta:
        table = "personal_data_erasure"
