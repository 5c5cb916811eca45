"""What owners send about webhook endpoints."""

from __future__ import annotations

from uuid import UUID

from schema.kit import ID, attribute, input_type, read_id


@input_type("Where to send which events.")
class CreateWebhookEndpointInput:
    name: str = attribute("What to call it, 1 to 120 characters.")
    url: str = attribute("Where to post them, such as `https://example.org/daftari`.")
    domains: list[str] | None = attribute("All events of these businesses, such as `ledger`.", default=None)
    types: list[str] | None = attribute(
        "Events of these names, such as `ledger.entry_posted`. All events, when no business is named either.", default=None
    )


@input_type("What to change of a webhook endpoint. What is left out stays.")
class UpdateWebhookEndpointInput:
    endpoint_id: ID = attribute("The endpoint.")
    name: str | None = attribute("What to call it.", default=None)
    url: str | None = attribute("Where to post.", default=None)
    domains: list[str] | None = attribute("Of which businesses it is sent all events.", default=None)
    types: list[str] | None = attribute("Events of which names it is sent.", default=None)


@input_type("Which webhook endpoint.")
class WebhookEndpointInput:
    endpoint_id: ID = attribute("The endpoint.")


@input_type("Which webhook endpoint to send to again, and from where on.")
class ResumeWebhookEndpointInput:
    endpoint_id: ID = attribute("The endpoint.")
    after_message_id: str | None = attribute(
        "Send again all that came after this message: its `webhook-id`. It reaches back as far as the log is kept.",
        default=None,
    )
    from_now: bool = attribute("Leave out all that has happened until now.", default=False)


def read_endpoint(endpoint_id: ID) -> UUID:
    return read_id("WebhookEndpoint", endpoint_id, "input", "endpointId")
