"""Refusals of the event log."""

from __future__ import annotations

from domain.kit.errors import Conflict, NotFound


class ParkedEventNotFound(NotFound):
    """There is no such parked event, or its listener or the event itself is gone."""

    code = "PARKED_EVENT_NOT_FOUND"
    field = ("input", "parkedEventId")


class ParkedEventResolved(Conflict):
    """The parked event has been heard already."""

    code = "PARKED_EVENT_RESOLVED"
    field = ("input", "parkedEventId")


class ParkedEventFailedAgain(Conflict):
    """The listener could not bear the event this time either."""

    code = "PARKED_EVENT_FAILED_AGAIN"
    field = ("input", "parkedEventId")
