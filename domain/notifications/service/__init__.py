"""Telling people, and what they do with what they are told."""

from domain.notifications.service.reading import mark_all_notifications_read, mark_notification_read
from domain.notifications.service.telling import tell

__all__ = ["mark_all_notifications_read", "mark_notification_read", "tell"]
