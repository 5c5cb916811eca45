"""What notifications announce, each to the one whom it is about. ``unread_count`` is how many are unread after the fact."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from domain.events.event import Event, event
from domain.identity.permissions import Permission
from domain.notifications.models import (
    ALWAYS,
    Channel,
    LoanAction,
    MillNotificationType,
    Priority,
    loan_action_of,
    mill_type_of,
)


class _ToRecipient(Event):
    recipient_id: UUID

    def topics(self) -> Iterable[str]:
        return (f"notifications:{self.recipient_id}", f"user:{self.recipient_id}")

    def audience(self) -> Iterable[str]:
        return (f"user:{self.recipient_id}",)


@event("notifications.notification_created")
@dataclass(frozen=True, kw_only=True)
class NotificationCreated(_ToRecipient):
    """Somebody is told something: on their screen now, and in their list until it expires."""

    notification_id: UUID
    recipient_id: UUID
    kind: str
    priority: Priority
    title: str
    body: str
    subject_kind: str | None
    subject_id: UUID | None
    data: dict[str, str]
    created_at: datetime
    expires_at: datetime
    unread_count: int
    # Events of the time before mail and text messages do not say these.
    type: str = ""
    channels: list[Channel] = field(default_factory=lambda: list(ALWAYS))

    @property
    def loan_action(self) -> LoanAction | None:
        return loan_action_of(self.kind)

    @property
    def mill_type(self) -> MillNotificationType | None:
        return mill_type_of(self.kind, self.type)


@event("notifications.notifications_read")
@dataclass(frozen=True, kw_only=True)
class NotificationsRead(_ToRecipient):
    """Somebody has read a notification, or all that they had (``notification_id`` is None)."""

    recipient_id: UUID
    notification_id: UUID | None
    read_at: datetime
    unread_count: int


@event("notifications.notifications_expired")
@dataclass(frozen=True, kw_only=True)
class NotificationsExpired(_ToRecipient):
    """Notifications that nobody had read have grown old and are gone."""

    recipient_id: UUID
    unread_count: int


@event("notifications.preferences_changed")
@dataclass(frozen=True, kw_only=True)
class PreferencesChanged(_ToRecipient):
    """Somebody chose what reaches them out of the house, and when: all their choices as they stand now."""

    recipient_id: UUID
    turned_off: list[str]
    quiet_from: str | None
    quiet_until: str | None
    time_zone: str


@event("notifications.delivery_retried")
@dataclass(frozen=True, kw_only=True)
class DeliveryRetried(Event):
    """An administrator has a message that had failed sent once more."""

    delivery_id: UUID
    recipient_id: UUID
    channel: Channel

    def topics(self) -> Iterable[str]:
        return ("outbox",)

    def audience(self) -> Iterable[str]:
        return (f"permission:{Permission.OUTBOX_MANAGE.value}",)
