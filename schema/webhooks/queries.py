"""Reading webhook endpoints."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.kit.paging import Page, PageRequest
from domain.webhooks import models, queries
from schema.kit import ID, Info, argument, listing, query, read_id
from schema.webhooks.types import WebhookAttempt, WebhookEndpoint


@strawberry.type
class Query:
    @query(
        WebhookEndpoint | None,
        "One webhook endpoint; null when there is none, or it is somebody else's.",
        requires=Permission.EVENTS_READ,
    )
    async def webhook_endpoint(self, info: Info, id: Annotated[ID, argument("Its id.")]) -> object:
        return await info.context.load(queries.webhook_endpoints_by_id, read_id("WebhookEndpoint", id, "id"))

    @listing(WebhookEndpoint, "One's webhook endpoints, the newest first.", requires=Permission.EVENTS_READ)
    async def webhook_endpoints(self, info: Info, page: PageRequest) -> Page[models.WebhookEndpoint]:
        return await queries.webhook_endpoints(info.context.actor, page)

    @listing(
        WebhookAttempt,
        "What was sent to one of one's webhook endpoints, the latest first: what arrived and what did not.",
        requires=Permission.EVENTS_READ,
    )
    async def webhook_attempts(
        self,
        info: Info,
        page: PageRequest,
        endpoint_id: Annotated[ID, argument("The endpoint.")],
        failed_only: Annotated[bool, argument("Only what has not arrived.")] = False,
    ) -> Page[models.WebhookAttempt]:
        key = read_id("WebhookEndpoint", endpoint_id, "endpointId")
        return await queries.webhook_attempts(info.context.actor, page, endpoint_id=key, failed_only=failed_only)
