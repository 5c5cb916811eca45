"""What webhooks announce, each to the owner of the endpoint."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.events.event import Event, event
from domain.webhooks.models import DisabledBecause, EndpointState


class _OfEndpoint(Event):
    endpoint_id: UUID
    owner_id: UUID

    def topics(self) -> Iterable[str]:
        return (f"webhook_endpoint:{self.endpoint_id}", f"webhook_endpoints:{self.owner_id}", f"user:{self.owner_id}")

    def audience(self) -> Iterable[str]:
        return (f"user:{self.owner_id}",)


@event("webhooks.endpoint_changed")
@dataclass(frozen=True, kw_only=True)
class WebhookEndpointChanged(_OfEndpoint):
    """There is an endpoint, as it is now; None of its state when it was deleted."""

    endpoint_id: UUID
    owner_id: UUID
    endpoint_name: str
    state: EndpointState | None


@event("webhooks.endpoint_failing")
@dataclass(frozen=True, kw_only=True)
class WebhookEndpointFailing(_OfEndpoint):
    """An endpoint does not take what it is sent. What comes after waits, in its order, until it does."""

    endpoint_id: UUID
    owner_id: UUID
    endpoint_name: str
    error: str
    failing_since: datetime
    disabled_at: datetime


@event("webhooks.endpoint_disabled")
@dataclass(frozen=True, kw_only=True)
class WebhookEndpointDisabled(_OfEndpoint):
    """The house sends an endpoint nothing any more, until its owner resumes it."""

    endpoint_id: UUID
    owner_id: UUID
    endpoint_name: str
    because: DisabledBecause
    error: str
