"""Reading endpoints and attempts: one's own."""

from __future__ import annotations

from uuid import UUID

from tortoise.expressions import Q

from domain.events import log
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.paging import Page, PageRequest, page_of
from domain.kit.reading import rows_by_id
from domain.webhooks.models import WebhookAttempt, WebhookEndpoint


def _own(actor: Actor) -> Q:
    actor.require(Permission.EVENTS_READ)
    return Q(owner_id=actor.id)


webhook_endpoints_by_id = rows_by_id(WebhookEndpoint, _own)
"""Those of several endpoints that are the actor's."""


async def webhook_endpoints(actor: Actor, page: PageRequest) -> Page[WebhookEndpoint]:
    """The actor's endpoints, the newest first."""
    return await page_of(WebhookEndpoint.filter(_own(actor)), page, "-created_at", "-id")


async def webhook_attempts(
    actor: Actor, page: PageRequest, *, endpoint_id: UUID, failed_only: bool = False
) -> Page[WebhookAttempt]:
    """What was tried at one of the actor's endpoints in the last weeks, the latest first."""
    mine = endpoint_id in await webhook_endpoints_by_id(actor, [endpoint_id])
    found = WebhookAttempt.filter(endpoint_id=endpoint_id) if mine else WebhookAttempt.filter(id__in=[])
    if failed_only:
        found = found.filter(delivered=False)
    return await page_of(found, page, "-attempted_at", "-id")


async def events_ahead(endpoint: WebhookEndpoint) -> int | None:
    """How many events of the log an endpoint has not come past yet, for it or not; None when it is of another history."""
    head = await log.head()
    return None if head.epoch != endpoint.epoch else max(0, head.position - endpoint.position)
