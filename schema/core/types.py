"""What a person is told."""

from __future__ import annotations

from datetime import datetime

from domain.notifications import models as notifications
from domain.notifications.models import Channel, Priority
from schema.core import loaders
from schema.kit import ID, Node, Parent, attribute, encode_id, enum_type, field, node_type
from schema.kit.nodes import is_node_type
from schema.kit.scalars import Json

enum_type(
    Priority,
    "How much a notification matters.",
    {
        "CRITICAL": "Wants action now.",
        "HIGH": "Wants action today.",
        "MEDIUM": "Good to know soon.",
        "LOW": "Nice to know.",
    },
    name="NotificationPriority",
)

enum_type(
    Channel,
    "A way by which a notification reaches its recipient.",
    {
        "DATABASE": "It is in the recipient's list, from where `notifications` reads it.",
        "BROADCAST": "It is shown live to whoever follows `notificationReceived`.",
        "MAIL": "By e-mail.",
        "SMS": "By text message.",
    },
    name="NotificationChannel",
)


def global_id_of(kind: str | None, key: object) -> ID | None:
    """The global id of what a domain calls ``api_key``, if clients can fetch such a thing."""
    type_name = "".join(word.capitalize() for word in (kind or "").split("_"))
    return ID(encode_id(type_name, key)) if key is not None and is_node_type(type_name) else None


@node_type(notifications.Notification, loaders.notifications, "One thing that one person is told, and has not expired.")
class Notification(Node):
    kind: str = attribute("The name of the event that was the reason, such as `identity.signed_in`.")
    priority: Priority = attribute("How much it matters.")
    channels: list[Channel] = attribute("By which ways it reached its recipient.")
    title: str = attribute("What it is about, in a few words.")
    body: str = attribute("What happened, in a sentence or two.")
    subject_kind: str | None = attribute("What kind of thing it is about, such as `invoice`.")
    data: Json = attribute("Figures of what happened, as an object of texts.")
    created_at: datetime = attribute("When it happened.")
    expires_at: datetime = attribute("When it is taken away, read or not.")
    read_at: datetime | None = attribute("When the recipient read it; null while unread.")

    @field(ID | None, "The id of what it is about, for `node`; null when that cannot be fetched.", shared=True)
    def subject_id(self, notification: Parent[notifications.Notification]) -> ID | None:
        return global_id_of(notification.subject_kind, notification.subject_id)
