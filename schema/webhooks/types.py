"""Webhook endpoints, and attempts to send to them."""

from __future__ import annotations

from datetime import datetime

from domain.webhooks import models, queries
from domain.webhooks.models import DisabledBecause, EndpointState
from schema.kit import ID, Node, attribute, enum_type, global_id, node_type, object_type, relation

enum_type(
    EndpointState,
    "Whether a webhook endpoint is sent events.",
    {
        "ENABLED": "It is sent what is for it, as it happens.",
        "PAUSED": "Its owner has paused it; what is for it waits in the log.",
        "DISABLED": "The house has given it up, until its owner resumes it.",
    },
    name="WebhookEndpointState",
)

enum_type(
    DisabledBecause,
    "Why the house has given up a webhook endpoint.",
    {
        "FAILING": "It has failed for days.",
        "GONE": "It has answered 410 Gone.",
        "OWNER_LOST_ACCESS": "Its owner may not read events any more.",
    },
    name="WebhookDisabledBecause",
)


@node_type(
    models.WebhookEndpoint,
    queries.webhook_endpoints_by_id,
    "A server that is sent events as they happen, one after another, each signed as the Standard Webhooks specification has "
    "it. What does not arrive is tried again with growing pauses, and holds up what comes after.",
)
class WebhookEndpoint(Node):
    owner_id: ID = global_id("User", "Whose it is: it is sent what they may see.")
    name: str = attribute("What its owner calls it.")
    url: str = attribute("Where messages are posted.")
    domains: list[str] = attribute("It is sent all events of these businesses, such as `ledger`.")
    types: list[str] = attribute(
        "It is sent events of these names, such as `ledger.entry_posted`. All events, when no business is named either."
    )
    state: EndpointState = attribute("Whether it is sent anything.")
    disabled_because: DisabledBecause | None = attribute("Why the house has given it up, when it is `DISABLED`.")
    failures: int = attribute("How often in a row the message at its head has not arrived.")
    failing_since: datetime | None = attribute("When that began.")
    due_at: datetime | None = attribute("When it is tried again; null when nothing has failed.", name="nextAttemptAt")
    last_delivered_at: datetime | None = attribute("When a message last arrived.")
    previous_until: datetime | None = attribute(
        "Until when the secret before the present one signs too.", name="previousSecretUntil"
    )
    created_at: datetime = attribute("When it was made.")

    events_ahead: int | None = relation(
        queries.events_ahead,
        "id",
        "How many events of the log it has not come past yet, for it or not; null when history has changed since.",
        shared=True,
    )


@object_type("One attempt to send one message to a webhook endpoint. Attempts are kept for some weeks.")
class WebhookAttempt:
    message_id: str = attribute("The message's id, in its header `webhook-id`: the same at every attempt.")
    type: str = attribute("What it told: the name of an event, `webhooks.test` or `webhooks.resync_required`.")
    attempted_at: datetime = attribute("When.")
    took_ms: int = attribute("How long it took, in milliseconds.", name="tookMilliseconds")
    delivered: bool = attribute("It has arrived: the server answered with a status from 200 to 299.")
    status: int | None = attribute("The HTTP status of the answer; null when there was none.")
    error: str | None = attribute("Why it has not arrived.")
