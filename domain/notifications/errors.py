"""Refusals of notifications."""

from __future__ import annotations

from domain.kit.errors import NotFound


class NotificationNotFound(NotFound):
    """There is no such notification, it has expired, or it is somebody else's."""

    code = "NOTIFICATION_NOT_FOUND"
    field = ("input", "notificationId")
