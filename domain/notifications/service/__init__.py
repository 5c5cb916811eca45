"""Telling people, what they do with what they are told, and the messages that leave the house."""

from domain.notifications.service.dispatching import dispatch
from domain.notifications.service.outbox import retry_delivery
from domain.notifications.service.preferences import Choice, QuietHours, update_preferences
from domain.notifications.service.reading import mark_all_notifications_read, mark_notification_read
from domain.notifications.service.telling import tell

__all__ = [
    "Choice",
    "QuietHours",
    "dispatch",
    "mark_all_notifications_read",
    "mark_notification_read",
    "retry_delivery",
    "tell",
    "update_preferences",
]
