"""Refusals of webhooks."""

from __future__ import annotations

from domain.kit.errors import DomainError, InvalidInput, NotFound


class WebhookEndpointNotFound(NotFound):
    """There is no such webhook endpoint, or it is not the caller's."""

    code = "WEBHOOK_ENDPOINT_NOT_FOUND"
    field = ("input", "endpointId")


class InvalidWebhookUrl(InvalidInput):
    """The address of a webhook endpoint is an https URL of a host that everybody can reach, without user or fragment."""

    code = "INVALID_WEBHOOK_URL"
    field = ("input", "url")


class UnknownEventType(InvalidInput):
    """There are no events of this name or business."""

    code = "UNKNOWN_EVENT_TYPE"


class TooManyWebhookEndpoints(DomainError):
    """Nobody has more than 10 webhook endpoints at a time."""

    code = "TOO_MANY_WEBHOOK_ENDPOINTS"


class WebhookMessageUnknown(InvalidInput):
    """This is not the id of a message that the log can be read from: it is malformed, of another history, or forgotten."""

    code = "WEBHOOK_MESSAGE_UNKNOWN"
    field = ("input", "afterMessageId")


class WebhookEndpointNotEnabled(DomainError):
    """The endpoint is paused or disabled; resume it first."""

    code = "WEBHOOK_ENDPOINT_NOT_ENABLED"
    field = ("input", "endpointId")
