"""Refusals of notifications."""

from __future__ import annotations

from domain.kit.errors import Conflict, InvalidInput, NotFound


class NotificationNotFound(NotFound):
    """There is no such notification, it has expired, or it is somebody else's."""

    code = "NOTIFICATION_NOT_FOUND"
    field = ("input", "notificationId")


class DeliveryNotFound(NotFound):
    """There is no such message in the outbox."""

    code = "NOTIFICATION_DELIVERY_NOT_FOUND"
    field = ("input", "deliveryId")


class DeliveryNotFailed(Conflict):
    """Only a message that has failed is sent again by hand."""

    code = "NOTIFICATION_DELIVERY_NOT_FAILED"
    field = ("input", "deliveryId")


class NoSuchChoice(InvalidInput):
    """Only mail and text messages can be turned off, each business once."""

    code = "INVALID_NOTIFICATION_CHOICE"
    field = ("input", "choices")


class InvalidQuietHours(InvalidInput):
    """Quiet hours begin and end at different times of day, each such as 22:30."""

    code = "INVALID_QUIET_HOURS"
    field = ("input", "quietHours")


class UnknownTimeZone(InvalidInput):
    """This is no time zone of the IANA database, such as Africa/Nairobi."""

    code = "UNKNOWN_TIME_ZONE"
    field = ("input", "timeZone")
