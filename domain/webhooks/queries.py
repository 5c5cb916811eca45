"""Reading endpoints and attempts: one's own."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

from tortoise.expressions import Q

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.database import fetch
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


_AHEAD: Final = """
select endpoint.id, case when endpoint.epoch = head.epoch then greatest(0, head.position - endpoint.position) end as ahead
from webhook_endpoint endpoint, event_log_head head where endpoint.id = any ($1::uuid[])
"""


async def events_ahead(endpoint_ids: Collection[UUID]) -> dict[UUID, int | None]:
    """How many events of the log each of several endpoints has not come past yet, for it or not; None for one that is of
    another history, or not there any more."""
    found = {row["id"]: row["ahead"] for row in await fetch(_AHEAD, list(endpoint_ids))}
    return {endpoint_id: found.get(endpoint_id) for endpoint_id in endpoint_ids}
