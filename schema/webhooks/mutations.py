"""Making, changing and ending webhook endpoints."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.webhooks import service
from schema.kit import Answer, Info, Payload, argument, attribute, mutation, payload_type
from schema.webhooks.inputs import (
    CreateWebhookEndpointInput,
    ResumeWebhookEndpointInput,
    UpdateWebhookEndpointInput,
    WebhookEndpointInput,
    read_endpoint,
)
from schema.webhooks.types import WebhookEndpoint

Which = Annotated[WebhookEndpointInput, argument("Which.")]


@payload_type("A webhook endpoint after the change.")
class WebhookEndpointPayload(Payload):
    endpoint: WebhookEndpoint | None = attribute("The endpoint as it is now.")


@payload_type("A webhook endpoint with a new signing secret.")
class WebhookSecretPayload(Payload):
    endpoint: WebhookEndpoint | None = attribute("The endpoint as it is now.")
    secret: str | None = attribute("What the receiver checks signatures with. It is shown now and never again.")


@strawberry.type
class Mutation:
    @mutation(
        WebhookSecretPayload,
        "Have events sent to a server, from the next one on. An API key makes no endpoints.",
        requires=Permission.EVENTS_READ,
    )
    async def create_webhook_endpoint(
        self, info: Info, input: Annotated[CreateWebhookEndpointInput, argument("Where, and which.")]
    ) -> Answer:
        # Not behind an idempotency key: that would keep the secret in the database.
        created = await service.create_webhook_endpoint(
            info.context.actor, name=input.name, url=input.url, domains=input.domains or (), types=input.types or ()
        )
        return Answer(endpoint=created.endpoint, secret=created.secret)

    @mutation(
        WebhookEndpointPayload,
        "Change a webhook endpoint. It goes on from where it was.",
        requires=Permission.EVENTS_READ,
    )
    async def update_webhook_endpoint(
        self, info: Info, input: Annotated[UpdateWebhookEndpointInput, argument("What.")]
    ) -> Answer:
        changed = await service.update_webhook_endpoint(
            info.context.actor,
            endpoint_id=read_endpoint(input.endpoint_id),
            name=input.name,
            url=input.url,
            domains=input.domains,
            types=input.types,
        )
        return Answer(endpoint=changed)

    @mutation(
        WebhookEndpointPayload,
        "Send a webhook endpoint nothing until it is resumed. What happens meanwhile waits in the log.",
        requires=Permission.EVENTS_READ,
    )
    async def pause_webhook_endpoint(self, info: Info, input: Which) -> Answer:
        endpoint_id = read_endpoint(input.endpoint_id)
        return Answer(endpoint=await service.pause_webhook_endpoint(info.context.actor, endpoint_id=endpoint_id))

    @mutation(
        WebhookEndpointPayload,
        "Send to a webhook endpoint again, at once: from where it was, after a message, or only what is still to come.",
        requires=Permission.EVENTS_READ,
    )
    async def resume_webhook_endpoint(
        self, info: Info, input: Annotated[ResumeWebhookEndpointInput, argument("Which, and from where on.")]
    ) -> Answer:
        resumed = await service.resume_webhook_endpoint(
            info.context.actor,
            endpoint_id=read_endpoint(input.endpoint_id),
            after_message_id=input.after_message_id,
            from_now=input.from_now,
        )
        return Answer(endpoint=resumed)

    @mutation(
        WebhookSecretPayload,
        "Give a webhook endpoint a new signing secret. For 24 hours the one before signs beside it.",
        requires=Permission.EVENTS_READ,
    )
    async def rotate_webhook_secret(self, info: Info, input: Which) -> Answer:
        endpoint_id = read_endpoint(input.endpoint_id)
        rotated = await service.rotate_webhook_secret(info.context.actor, endpoint_id=endpoint_id)
        return Answer(endpoint=rotated.endpoint, secret=rotated.secret)

    @mutation(
        WebhookEndpointPayload,
        "Have a message of the type `webhooks.test` sent now; `webhookAttempts` tells how it went.",
        requires=Permission.EVENTS_READ,
    )
    async def test_webhook_endpoint(self, info: Info, input: Which) -> Answer:
        endpoint_id = read_endpoint(input.endpoint_id)
        return Answer(endpoint=await service.test_webhook_endpoint(info.context.actor, endpoint_id=endpoint_id))

    @mutation(
        WebhookEndpointPayload,
        "Send a webhook endpoint nothing more, and forget it with its attempts.",
        requires=Permission.EVENTS_READ,
    )
    async def delete_webhook_endpoint(self, info: Info, input: Which) -> Answer:
        endpoint_id = read_endpoint(input.endpoint_id)
        return Answer(endpoint=await service.delete_webhook_endpoint(info.context.actor, endpoint_id=endpoint_id))
