"""Webhook endpoints, live: changed, failing, given up."""

from __future__ import annotations

from datetime import datetime

import strawberry

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.webhooks import events
from domain.webhooks.models import DisabledBecause, EndpointState
from schema.kit import ID, LiveEvent, attribute, event_feed, event_type, global_id


@event_type("A webhook endpoint has changed.")
class WebhookEndpointChanged(LiveEvent):
    endpoint_id: ID = global_id("WebhookEndpoint", "The endpoint.")
    endpoint_name: str = attribute("What its owner calls it.")
    state: EndpointState | None = attribute("Whether it is sent anything; null when it was deleted.")


@event_type("A webhook endpoint does not take what it is sent.")
class WebhookEndpointFailing(LiveEvent):
    endpoint_id: ID = global_id("WebhookEndpoint", "The endpoint.")
    endpoint_name: str = attribute("What its owner calls it.")
    error: str = attribute("What came of the last attempt.")
    failing_since: datetime = attribute("When the first attempt failed.")
    disabled_at: datetime = attribute("When it is given up if it goes on like this.")


@event_type("The house has given up a webhook endpoint.")
class WebhookEndpointDisabled(LiveEvent):
    endpoint_id: ID = global_id("WebhookEndpoint", "The endpoint.")
    endpoint_name: str = attribute("What its owner calls it.")
    because: DisabledBecause = attribute("Why.")
    error: str = attribute("What came of the last attempt.")


@strawberry.type
class Subscription:
    @event_feed(
        "The viewer's webhook endpoints, as they change, fail and are given up.",
        requires=Permission.EVENTS_READ,
        shows={
            events.WebhookEndpointChanged: WebhookEndpointChanged,
            events.WebhookEndpointFailing: WebhookEndpointFailing,
            events.WebhookEndpointDisabled: WebhookEndpointDisabled,
        },
    )
    async def webhook_endpoint_updated(actor: Actor) -> list[str]:
        return [f"webhook_endpoints:{actor.id}"]
