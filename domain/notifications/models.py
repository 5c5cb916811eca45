"""What a person is told."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Final

from tortoise import fields
from tortoise.models import Model


class Priority(str, Enum):
    """How much a notification matters: CRITICAL wants action now, LOW is nice to know."""

    CRITICAL = "CRITICAL"
    HIGH = "HIGH"
    MEDIUM = "MEDIUM"
    LOW = "LOW"


class Channel(str, Enum):
    """A way by which a notification reaches its recipient."""

    DATABASE = "DATABASE"
    BROADCAST = "BROADCAST"
    MAIL = "MAIL"
    SMS = "SMS"


ALWAYS: Final = (Channel.DATABASE, Channel.BROADCAST)
"""By these ways every notification goes: into the recipient's list, and live to their screens."""


class Notification(Model):
    """One thing that one person is told. ``kind`` is the name of the event that was the reason."""

    id = fields.UUIDField(primary_key=True)
    recipient_id = fields.UUIDField()
    source_position = fields.BigIntField()
    kind = fields.CharField(max_length=100)
    priority = fields.CharEnumField(Priority, max_length=8)
    title = fields.CharField(max_length=120)
    body = fields.CharField(max_length=1000)
    subject_kind = fields.CharField(max_length=40, null=True)
    subject_id = fields.UUIDField(null=True)
    data: fields.Field[dict[str, str]] = fields.JSONField()
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    read_at = fields.DatetimeField(null=True)

    class Meta:
        table = "notification"

    @property
    def channels(self) -> Sequence[Channel]:
        return ALWAYS


class Inbox(Model):
    """How many notifications somebody has not read."""

    user_id = fields.UUIDField(primary_key=True)
    unread = fields.IntField()

    class Meta:
        table = "notification_inbox"
