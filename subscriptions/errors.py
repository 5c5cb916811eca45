"""Refusals of delivery: why a feed is not opened, or ends."""

from __future__ import annotations

from domain.kit.errors import DomainError


class InvalidCursor(DomainError):
    """The cursor was not issued by this server, or it was altered."""

    code = "INVALID_CURSOR"
    field = ("after",)


class RealTimeDisabled(DomainError):
    """Live feeds are switched off on this server; queries and mutations work as ever."""

    code = "REAL_TIME_DISABLED"


class ShuttingDown(DomainError):
    """The server is about to stop and opens no new feeds; connect again, to another one."""

    code = "SHUTTING_DOWN"


class TooManyFeeds(DomainError):
    """This connection has as many operations open as it may."""

    code = "TOO_MANY_FEEDS"


class DeliveryFailed(DomainError):
    """An item of the feed could not be prepared; subscribe again with the last cursor."""

    code = "DELIVERY_FAILED"


class RightsChanged(DomainError):
    """Your rights have changed, and with them what this feed shows; subscribe again with the last cursor."""

    code = "RIGHTS_CHANGED"
